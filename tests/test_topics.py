"""Which answers a question can have got from what was said."""

import pytest

from agent.topics import plausible


@pytest.mark.parametrize(
    ("question", "answer", "good"),
    [
        ("Where do I live?", "You live in Lyon.", True),
        ("Where do I live?", "You live at the bakery.", False),
        ("What is my job?", "You work at the bakery.", True),
        ("What do I eat at dinner?", "The bakery.", False),
        ("How old am I?", "You are 14.", False),
        ("How old is Faith?", "Faith is 14.", True),
        ("Which language do I learn?", "You learn Welsh.", False),
    ],
)
def test_plausible(question: str, answer: str, good: bool) -> None:
    said = ["I moved to Lyon.", "I work at the bakery.", "My girl Faith turned 14."]
    assert plausible(question, answer, said) is good


def test_a_word_of_its_own() -> None:
    said = ["I work at the bakery."]
    asked = "Which loaves am I up early for?"
    assert not plausible(asked, "You work at the bakery.", said, own_most=1)
    assert plausible("Which employer is mine?", "You work at the bakery.", said, own_most=1)
    assert not plausible(
        "Where does my aunt work?", "At the bakery.", said, own_most=1
    )  # whose aunt?


def test_nothing_said() -> None:
    assert not plausible("Where do I live?", "In Lyon.", [])
