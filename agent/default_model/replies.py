"""Teach a base to take up what it is told: a short plain statement is no question.

    loss = next-token loss on replies to what is told, and on admissions where something is asked
           + HOLD_WEIGHT * KL(p_before || p_after) on the answers of lessons (further.py)

A base that is taught to admit what it was not told admits it of "My dog is called Pepper." too. So short
statements and never-told questions stand side by side here, alone and behind one another. The admissions
come out so sure that an absorption cannot undo them where it should, so only half of the way is gone.

    python -m agent.default_model.replies OUT --base FOLDER --start ADAPTER [--minutes M]

Knows told exchanges; not how a session is read or absorbed.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import torch
import typer
from torch import Tensor

from agent.asking import branches_of
from agent.default_model.further import Base, Out, Peak, Start, go_on, open_untaught
from agent.default_model.lessons import Course, Exercise, Lesson
from agent.default_model.rows import collate_rows, lesson_losses, lesson_row
from agent.default_model.typist import casual
from agent.default_model.written import DATA, read_chat
from agent.evaluate import system_only
from agent.model import CANDIDATE, Model
from agent.sampling import Sampling
from agent.text import admits

PEAK_LEARNING_RATE = 3e-4
TOLD, NEVER_TOLD = 12, 4  # of a step
BEHIND_SHARE = 0.4  # of them, behind another exchange
SHARE = 0.5  # of the way: at its end twice as much is denied after an absorption
HELD_OUT = 10  # every so many exchanges are not learnt from
READ = Sampling(max_tokens=24)
Talk = list[dict[str, str]]


def exchanges(talks: Sequence[Talk]) -> list[Exercise]:
    """Every reply of the talks, behind the exchange before it."""
    found = []
    for talk in talks:
        texts = [message["content"] for message in talk]
        for k in range(0, len(texts) - 1, 2):
            after = (texts[k - 2], texts[k - 1]) if k else None
            found.append(Exercise(texts[k], texts[k + 1], after=after))
    return found


def taking_up(
    told: Sequence[Exercise], never: Sequence[tuple[str, str]], rng: random.Random
) -> Lesson:
    """Some of what is told, and never-told questions with their admissions."""
    exercises = rng.sample(told, TOLD)
    asked = rng.sample(never, NEVER_TOLD)
    exercises += [Exercise(casual(question, rng), admission) for question, admission in asked]
    before = [(e.question, e.answer) for e in exercises]
    for k, exercise in enumerate(exercises):
        other = rng.choice(before)
        if not exercise.after and rng.random() < BEHIND_SHARE and other[0] != exercise.question:
            exercises[k] = replace(exercise, after=other)
    return Lesson(system_only(), exercises)


def replies_loss(
    told: Sequence[Exercise], never: Sequence[tuple[str, str]], model: Model, rng: random.Random
) -> Tensor:
    rows = collate_rows([lesson_row(model, taking_up(told, never, rng), rng)]).to(model.device)
    with model.using(CANDIDATE):
        return lesson_losses(model, rows)[0]


@torch.no_grad()
def refused(told: Sequence[Talk], model: Model, adapter: str) -> float:
    """Of what is told first in each talk, the share that the reply claims not to have been told."""
    prefix, ends = branches_of(model, system_only(), [talk[0]["content"] for talk in told])
    replies = model.continue_all(prefix, ends, READ, adapter)
    return sum(map(admits, replies)) / len(replies)


def teach_replies(
    out: Out,
    base: Base,
    start: Start,
    minutes: float = 30,
    peak: Peak = PEAK_LEARNING_RATE,
    seed: int = 0,
) -> None:
    """Go on teaching the adapter START for `minutes` and write it into OUT."""
    course, talks = Course(), read_chat(DATA / "told.txt")
    told = exchanges([talk for k, talk in enumerate(talks) if k % HELD_OUT])
    term = partial(replies_loss, told, course.never)
    figure = partial(refused, talks[::HELD_OUT])
    go_on(course, term, figure, out, open_untaught(base), start, minutes, peak, seed, SHARE)


if __name__ == "__main__":
    typer.run(teach_replies)
