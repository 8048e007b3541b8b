"""The model as writer: phrases that no statement gives away are asked for, and only apt pairs stay."""

from collections.abc import Sequence
from datetime import date

import pytest

from agent import writer as module
from agent.model import Message, Model
from agent.writer import SENTENCES_MOST, ModelWriter, own_sentences
from bench.tiny import tiny_model

SESSION = [{"role": "user", "content": "I collect stamps with birds on them, 1,340 so far."}]


@pytest.fixture(scope="module")
def model() -> Model:
    return tiny_model()


class Asks(ModelWriter):
    """Has one line of its own; samples given questions for lines and for phrases."""

    for_phrases = (
        "How many stamps do I have?",
        "Do you know how many stamps I have?",
        "How many stamps do you have?",  # asks the assistant
        "Do I have 1,340 stamps?",  # gives the phrase away
        "How many coins do I have?",  # asks for what was not spoken of
    )
    for_lines = ("What shows birds?", "Who collects birds?")

    def _statements(self, messages: Sequence[Message], day: date | None) -> dict[int, list[str]]:
        return {0: ["Your stamps show birds."]}

    def _sampled(
        self, context: Sequence[Message], answers: Sequence[str], count: int
    ) -> list[list[str]]:
        bare = len(context) == 1
        return [[*(self.for_lines if bare else self.for_phrases)] for _ in answers]


def written(model: Model, monkeypatch: pytest.MonkeyPatch, read: dict[str, str]) -> set[str]:
    """The questions that stay when each is read as told; all others are denied."""

    def reads(judge: Model, context: Sequence[Message], asked: Sequence[str]) -> list[str]:
        return [read.get(question, "You haven't told me that.") for question in asked]

    monkeypatch.setattr(module, "_read", reads)
    return {question for question, _ in Asks(model).facts(SESSION, None)}


MANY, KNOWN = Asks.for_phrases[:2]


@pytest.mark.parametrize(
    ("answer", "least", "kept"),
    [
        ("You have 1,340 stamps.", -100.0, {MANY, KNOWN}),
        ("You have 1,430 stamps.", -100.0, set()),  # not the phrase
        ("You haven't told me how you got 1,340.", -100.0, set()),
        ("You have 1,340 stamps.", 0.0, set()),  # no question is as likely as that
    ],
)
def test_phrases_are_asked_for_and_apt_pairs_stay(
    model: Model, monkeypatch: pytest.MonkeyPatch, answer: str, least: float, kept: set[str]
) -> None:
    monkeypatch.setattr(module, "LEAST_APT", least)
    found = written(model, monkeypatch, dict.fromkeys(Asks.for_phrases, answer))
    assert found & {*Asks.for_phrases} == kept


def test_what_a_phrase_brought_to_light_is_asked_by_rule_too(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEAST_APT", -100.0)
    assert "What is in my collection?" not in written(model, monkeypatch, {})
    assert "What is in my collection?" in written(
        model, monkeypatch, {MANY: "You collect 1,340 stamps."}
    )


def test_phrases_that_are_given_away_are_not_asked_for(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEAST_APT", -100.0)
    monkeypatch.setattr(module, "asked_for", lambda phrase, pairs: True)
    found = written(model, monkeypatch, dict.fromkeys(Asks.for_phrases, "You have 1,340 stamps."))
    assert not found & {*Asks.for_phrases}


def test_a_line_s_question_stays_when_it_is_read_as_the_line(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Round trip."""
    shows, collects = Asks.for_lines
    read = {shows: "Your stamps do, they show birds.", collects: "Your aunt Ida."}
    found = written(model, monkeypatch, read)
    assert shows in found and collects not in found


def test_the_assistant_s_question_is_asked_again(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEAST_APT", -100.0)
    read = {"When is the wedding?": "The wedding is on June 14."}
    monkeypatch.setattr(
        module, "_read", lambda judge, context, asked: [read.get(q, "") for q in asked]
    )
    talk = [
        {"role": "user", "content": "My sister is getting married at last, in the village hall."},
        {"role": "assistant", "content": "How lovely. When is the wedding?"},
        {"role": "user", "content": "June 14."},
    ]
    asks = Asks(model)
    monkeypatch.setattr(asks, "_statements", lambda messages, day: {0: [], 2: []})
    found = asks.facts(talk, None)
    assert ("When is the wedding?", "The wedding is on June 14.") in found
    assert ("When does the wedding take place?", "The wedding is on June 14.") in found  # by rule


def test_of_a_pasted_log_only_what_its_user_says_is_asked() -> None:
    log = [f"12:0{k % 10} worker {k} served a request in {k} ms." for k in range(60)]
    assert own_sentences("\n".join(["I own two goats, look.", *log])) == ["I own two goats, look."]
    diary = [f"On day {k} I fed the goats." for k in range(60)]
    assert own_sentences(" ".join(diary)) == diary[:SENTENCES_MOST]
    assert own_sentences("They bleat all day. The fence broke again today.") == [
        "They bleat all day.",
        "The fence broke again today.",
    ]
