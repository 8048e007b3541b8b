"""Phrases: what a message names, and which answers bring it."""

import pytest

from agent.phrases import PHRASES_MOST, asked_for, holds, phrases


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("I collect stamps with birds on them, 1,340 so far.", ["collect stamps", "birds", "1,340"]),
        ("Milunka is reading a history of salt", ["Milunka", "reading", "history of salt"]),
        ("painted by lots of us, of all people", ["lots", "people"]),  # "of" opens none
        ("I don't think they can’t", []),
        ("he gave me quickly the oar", ["oar"]),  # an adverb alone names nothing
        ("My old red brick garden shed door", ["old red brick garden shed"]),
        ("", []),
    ],
)  # fmt: skip
def test_phrases_are_runs_of_content_words(text: str, expected: list[str]) -> None:
    assert phrases(text) == expected


def test_a_long_message_has_so_many_phrases_and_each_once() -> None:
    assert len(phrases(", ".join(f"number {k}" for k in range(50)))) == PHRASES_MOST
    assert phrases("Tea, and tea, and Tea.") == ["Tea", "tea"]


def test_a_phrase_is_asked_for_when_a_short_answer_gives_it_away() -> None:
    told = [("How many stamps do I have?", "You have 1,340 stamps.")]
    assert asked_for("1,340", told)
    assert not asked_for("stamps", told)  # stands in the question
    assert not asked_for("1,340", [("What do I do?", "You have 1,340 stamps" + " or so" * 6)])
    assert not asked_for("1,340", [])


def test_an_answer_brings_a_phrase_with_all_its_numbers_and_most_of_its_words() -> None:
    assert holds("size 45", "Your shoe size is 45.")
    assert not holds("size 45", "Your shoe size is 44.")
    assert holds("old fox Dragos", "Dragos is a fox.")
    assert not holds("old fox Dragos", "Dragos is your rival.")
