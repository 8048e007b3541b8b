"""Teach a base to answer what everybody knows again: a short general question asks for nothing told.

    loss = next-token loss on answers to general questions
           + BESIDE_WEIGHT * KL(p_before || p_after) on admissions and on replies to what is told
           + HOLD_WEIGHT * KL(p_before || p_after) on the answers of lessons (further.py)

A base that is taught to admit what its user never told it admits the days of a week too. Never-told
questions and told exchanges stand beside the general ones, alone and behind one another, and keep what
they were: surer admissions could not be undone by an absorption.

    python -m agent.default_model.general OUT --base FOLDER --start ADAPTER [--minutes M]

Knows general questions; not how a session is read or absorbed.
"""

import random
from collections.abc import Sequence
from functools import partial

import torch
import typer
from torch import Tensor

from agent.asking import branches_of
from agent.default_model.further import Base, Out, Peak, Start, changed, go_on
from agent.default_model.lessons import Course, Exercise, Lesson
from agent.default_model.replies import READ, exchanges
from agent.default_model.rows import collate_rows, lesson_losses, lesson_row
from agent.default_model.typist import casual
from agent.default_model.written import DATA, read_answers, read_chat
from agent.evaluate import system_only
from agent.model import CANDIDATE, Model
from agent.text import admits

PEAK_LEARNING_RATE = 3e-4
GENERAL, NEVER_TOLD, TOLD = 12, 6, 4  # of a step
BEHIND_SHARE = 0.4  # of them, behind another exchange
BESIDE_WEIGHT = 5.0
HELD_OUT = 10  # every so many general questions are not learnt from


def drawn(
    asked: Sequence[tuple[str, str]], count: int, others: Sequence[Exercise], rng: random.Random
) -> list[Exercise]:
    """Some questions as people type them, a share behind one of the other exchanges."""
    drawn = []
    for question, answer in rng.sample(asked, count):
        other = rng.choice(others)
        after = (other.question, other.answer) if rng.random() < BEHIND_SHARE else None
        drawn.append(Exercise(casual(question, rng), answer, after=after))
    return drawn


def general_loss(
    general: Sequence[tuple[str, str]],
    told: Sequence[Exercise],
    never: Sequence[tuple[str, str]],
    model: Model,
    rng: random.Random,
) -> Tensor:
    beside = rng.sample(told, TOLD)
    beside += drawn(never, NEVER_TOLD, beside + [Exercise(*rng.choice(general))], rng)
    learnt = drawn(general, GENERAL, beside, rng)
    rows, held = (
        collate_rows([lesson_row(model, Lesson(system_only(), some), rng)]).to(model.device)
        for some in (learnt, beside)
    )
    with model.using(CANDIDATE):
        loss = lesson_losses(model, rows)[0]
    return loss + BESIDE_WEIGHT * changed(model, held)


@torch.no_grad()
def denied(general: Sequence[tuple[str, str]], model: Model, adapter: str) -> float:
    """Of general questions, the share that the reply claims not to have been told."""
    prefix, ends = branches_of(model, system_only(), [question for question, _ in general])
    return sum(map(admits, model.continue_all(prefix, ends, READ, adapter))) / len(general)


def teach_general(
    out: Out,
    base: Base,
    start: Start,
    minutes: float = 30,
    peak: Peak = PEAK_LEARNING_RATE,
    seed: int = 0,
) -> None:
    """Go on teaching the adapter START for `minutes` and write it into OUT."""
    course, general = Course(), read_answers(DATA / "general.txt")
    learnt = [pair for k, pair in enumerate(general) if k % HELD_OUT]
    told = exchanges(read_chat(DATA / "told.txt"))
    term = partial(general_loss, learnt, told, course.never)
    figure = partial(denied, general[::HELD_OUT])
    go_on(course, term, figure, out, base, start, minutes, peak, seed)


if __name__ == "__main__":
    typer.run(teach_general)
