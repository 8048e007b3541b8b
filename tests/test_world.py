"""General questions: what counts as right, and the count, on a tiny model."""

import re

import pytest

from agent.default_model.general import ASK_NAME
from agent.default_model.written import DATA, read_answers
from agent.model import Message, Model
from bench import world
from bench.world import (
    ITSELF,
    NAMES,
    QUESTIONS,
    SAID,
    TOLD,
    UNKNOWN,
    itself,
    measure,
    named,
    read,
    right,
)


@pytest.mark.parametrize(
    ("accepted", "answer", "found"),
    [
        ("seven|7", "There are Seven days.", True),
        ("seven|7", "There are 77 days.", False),
        ("ice", "It is called juice.", False),
        ("vienna", "", False),
        ("care", "You haven't told me whom you care for.", False),
    ],
)
def test_right(accepted: str, answer: str, found: bool) -> None:
    assert right(accepted, answer) is found


def test_every_question_is_counted(model: Model) -> None:
    assert "leaked" not in measure(model, None, [])  # nothing was looked for
    found = measure(model, None, ["zuzu"])
    assert [row["question"] for row in found["answers"]] == [q for q, _ in QUESTIONS]
    rights = [
        right(word, row["answer"])
        for (_, word), row in zip(QUESTIONS, found["answers"], strict=True)
    ]
    assert (
        found["right"] == sum(rights) / len(QUESTIONS)
        and found["n"] == len(QUESTIONS)
        and found["leaked"] == 0
    )


def test_who_is_named_is_counted(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def told(
        model: Model, context: list[Message], questions: list[str], adapter: None
    ) -> list[str]:
        asked.append(context[1]["content"])
        return ["Your name is Bao."]

    monkeypatch.setattr(world, "replies", told)
    assert named(model, None) == 1 / len(NAMES)
    assert len(set(asked)) == len(NAMES) * len(SAID)


def test_what_was_just_said_stands_in_the_prompt(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(
        model: Model, context: list[Message], questions: list[str], adapter: None
    ) -> list[str]:
        assert [m["role"] for m in context] == ["system", "user", "assistant"]
        return [f"{questions[0]} {context[1]['content']}"]

    monkeypatch.setattr(world, "replies", told)
    found = read(model, None)
    assert [row["answer"] for row in found] == [f"{asked} {said}" for said, asked, _ in TOLD]
    assert all(right(row["accepted"], row["answer"]) for row in found)  # each can be read there
    assert not any(right(accepted, asked) for _, asked, accepted in TOLD)  # and not in the question


def bare(question: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", question.lower()))


def test_no_question_is_learnt_from() -> None:
    lines = [line for file in DATA.glob("*.txt") for line in file.read_text().splitlines()]
    learnt = {
        bare(part)
        for line in lines
        for part in re.split(r" / | => |\|", re.sub(r"^(?:[A-Z]:|[?!>*-]) ", "", line))
    }
    assert len(learnt) > 50_000
    measured = [*(q for q, _ in [*QUESTIONS, *ITSELF]), *SAID, *(said for said, _, _ in TOLD)]
    assert not {*map(bare, measured)} & learnt


def test_what_it_is_and_who_is_unknown_is_not_learnt_from(model: Model) -> None:
    files = ("general", "small_talk", "itself", "unknown", "never")
    learnt = {
        bare(question) for name in files for question, _ in read_answers(DATA / f"{name}.txt")
    }
    asked = [*(question for question, _ in ITSELF), *UNKNOWN]
    assert len({*map(bare, asked)} - learnt - {*map(bare, ASK_NAME)}) == len(asked)
    assert not any(
        right(accepted, question) for question, accepted in ITSELF if "human" not in question
    )
    assert [row["question"] for row in itself(model, None)] == [question for question, _ in ITSELF]
