"""General questions are answered, names given as they were told, and the rest is held where it was."""

import random
import re
from dataclasses import replace

import pytest
import torch

from agent.default_model import general
from agent.default_model.further import changed
from agent.default_model.lessons import Course, Exercise
from agent.default_model.rows import Rows
from agent.default_model.written import DATA, read_answers, read_chat
from agent.model import CANDIDATE, CHAT, Model
from agent.text import admits, words
from bench.world import QUESTIONS, SAID
from tests.alike import two_alike

ASKED = read_answers(DATA / "general.txt")
TALK = [*read_answers(DATA / "small_talk.txt"), *read_answers(DATA / "itself.txt")]
UNKNOWN = read_answers(DATA / "unknown.txt")
TEXTS = general.Texts.learnt(Course())
OWN = re.compile(r"\b(?:my|mine|our|(?:am|did|was|have) i)\b", re.IGNORECASE)


def bare(question: str) -> str:
    return " ".join(re.findall(r"[a-z0-9]+", question.lower()))


def test_the_questions_ask_for_nothing_told_and_none_is_measured() -> None:
    asked = {bare(question) for question, _ in ASKED}
    assert len(asked) == len(ASKED) >= 600
    assert not [q for q, a in ASKED if OWN.search(q) or admits(a)]
    assert not asked & {bare(question) for question, _ in QUESTIONS}
    said = {bare(message) for message, _ in TALK}
    assert len(said) == len(TALK) >= 1000 and not asked & said
    assert not [reply for _, reply in TALK if admits(reply) or len(reply) > 200]
    who = {bare(question) for question, _ in UNKNOWN}
    assert len(who) == len(UNKNOWN) >= 80 and not who & (asked | said)
    assert all(admits(admission) for _, admission in UNKNOWN)


def test_introductions_say_one_name_and_who_else_is_meant() -> None:
    said = (DATA / "introductions.txt").read_text().splitlines()
    assert len({*map(bare, said)}) == len(said) >= 170
    assert all(line.count("{name}") == 1 and line.count("{other}") <= 1 for line in said)
    assert not {*map(bare, said)} & {*map(bare, SAID)}


def test_several_things_told_at_once_are_taken_up() -> None:
    talks = read_chat(DATA / "several.txt")
    first = {bare(talk[0]["content"]) for talk in talks}
    assert len(first) == len(talks) >= 500
    assert not first & {bare(talk[0]["content"]) for talk in read_chat(DATA / "told.txt")}
    replies = [message["content"] for talk in talks for message in talk[1::2]]
    assert not [reply for reply in replies if admits(reply) or len(reply.split()) > 30]
    learnt = {e.question for e in TEXTS.several}
    assert learnt and talks[0][0]["content"] not in learnt  # held out


def test_some_stand_behind_another_exchange() -> None:
    others = [Exercise("My dog is Pia.", "Pia it is.")]
    found = general.drawn(ASKED, general.GENERAL, others, random.Random(0))
    assert len({e.answer for e in found}) == general.GENERAL
    behind = [e for e in found if e.after]
    assert 0 < len(behind) < general.GENERAL and {e.after for e in behind} == {
        ("My dog is Pia.", "Pia it is.")
    }


def test_an_introduction_is_asked_for_the_name_and_for_nothing_else_of_it() -> None:
    texts = replace(TEXTS, names=["Ida", "Bao"])
    admissions = {admission for _, admission in texts.never}
    for seed in range(40):
        lesson = general.introduction(texts, random.Random(seed))
        said = lesson.context[1]["content"]
        (name,) = {n for n in texts.names for e in lesson.exercises if n in e.answer}
        named = [e for e in lesson.exercises if name in e.answer]
        untold = [e for e in lesson.exercises if e.answer in admissions]
        assert name in said and "{" not in said and len(named) == 3 and len(untold) in (1, 2)
        assert not [e for e in untold if words(e.question) & words(said)]


def test_who_told_no_name_is_told_so() -> None:
    own = [
        e
        for e in TEXTS.told
        if re.search(r"meet you, Bogdan|Hello Ilse|Hi Tariq|Hi Dina|Sina it", e.answer)
    ]
    assert len(own) == 6 and all(general.SAYS_NAME.search(e.question) for e in own)
    admissions = {admission for _, admission in UNKNOWN}
    behind = 0
    for seed in range(40):
        lesson = general.unnamed(TEXTS, random.Random(seed))
        names = [e for e in lesson.exercises if e.answer == general.NO_NAME]
        rest = [e for e in lesson.exercises if e.answer in admissions]
        assert len(names) == 4 and len(names) + len(rest) == len(lesson.exercises)
        assert (len(lesson.context) == 1) == bool(
            rest
        )  # who told something may not be told: nothing
        behind += len(lesson.context) > 1
    assert 0 < behind < 40


def taught(weight: float, monkeypatch: pytest.MonkeyPatch) -> tuple[list[float], list[float]]:
    """The loss of the answers and what the rest has moved, step by step."""
    moved: list[float] = []

    def watched(model: Model, rows: Rows) -> torch.Tensor:
        loss = changed(model, rows)
        moved.append(loss.item())
        return loss

    monkeypatch.setattr(general, "changed", watched)
    monkeypatch.setattr(general, "BESIDE_WEIGHT", weight)
    texts = replace(
        TEXTS,
        general=[("How many days are in a week?", "Seven.")] * general.GENERAL,
        names=["Ida", "Bao"],
    )
    model = two_alike()
    optimizer = torch.optim.Adam(model.parameters_of(CANDIDATE), lr=2e-2)
    losses = []
    for step in range(37):
        rng = random.Random(step % 4)
        loss = general.general_loss(texts, model, rng)
        losses.append(loss.item() - weight * moved[-1])
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return losses, moved


def test_teaching_makes_the_answer_likelier_and_holds_the_rest(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    losses, free = taught(0.0, monkeypatch)
    _, held = taught(100.0, monkeypatch)
    assert losses[-1] < losses[0] - 0.2  # the same draw
    assert free[0] == pytest.approx(0, abs=1e-5)
    assert held[-1] < 0.7 * free[-1]


def test_what_is_denied_is_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    told = iter([["Seven.", "You haven't told me that yet.", "I don't know that.", "Blue."]])
    monkeypatch.setattr(Model, "continue_all", lambda *_: next(told))
    assert general.denied(ASKED[:4], two_alike(), CHAT) == 0.5
