"""Teach a base to answer what everybody knows again, to make small talk, and to know who says their name.

    loss = next-token loss on answers to general questions, on small talk and on replies to several things
             told at once, alone and behind another exchange, on the name of who introduced
             themselves, on admissions there, and on the admission that nobody has said their name
           + BESIDE_WEIGHT * KL(p_before || p_after) on admissions and on replies to what is told
           + HOLD_WEIGHT * KL(p_before || p_after) on the answers of lessons (further.py)

A base that is taught to admit what its user never told it admits the days of a week too, and the name in
"I'm Ida and I have two cats." Never-told questions and told exchanges stand beside the general ones,
alone and behind one another, and keep what they were: surer admissions could not be undone by an
absorption.

    python -m agent.default_model.general OUT --base FOLDER --start ADAPTER [--minutes M]

Knows general questions, talk and introductions; not how a session is absorbed.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TypeVar

import torch
import typer
from torch import Tensor

from agent.asking import branches_of
from agent.default_model.further import Base, Out, Peak, Start, changed, go_on, open_untaught
from agent.default_model.lessons import OPEN_WEIGHT, Course, Exercise, Lesson
from agent.default_model.replies import READ, exchanges
from agent.default_model.rows import collate_rows, lesson_losses, lesson_row
from agent.default_model.typist import casual
from agent.default_model.written import DATA, read_answers, read_chat
from agent.evaluate import system_only
from agent.model import CANDIDATE, Model
from agent.reading import teacher_context
from agent.text import admits, words

PEAK_LEARNING_RATE = 3e-4
GENERAL, TALK, SEVERAL, NEVER_TOLD, TOLD = 6, 10, 18, 6, 4  # of a step
INTRODUCTIONS = 2  # for one who tells no name: with as many a name just said is denied
BEHIND_SHARE = 0.4  # of them, behind another exchange
BESIDE_WEIGHT = 5.0
HELD_OUT = 10  # every so many rows of each text are not learnt from
GREET = ("Nice to meet you!", "Hello {name}!", "Welcome. How is your day going?", "Good to hear.",
         "A pleasure, {name}. What is on your mind?", "Lovely, tell me more.")  # fmt: skip
ASK_NAME = (
    "What is my name?", "What's my name?", "Do you know my name?", "what am i called", "my name?",
    "Do you remember my name?", "Tell me my name.", "What do people call me?", "whats my name again",
    "Which name did I give you?", "And what is my name?", "Do you still know what I'm called?",
    "Who am I?", "who am i", "Do you know who I am?", "Do you remember me?",
)  # fmt: skip
NAMES_ASKED = 12  # the rest asks who somebody is, which `unknown.txt` has its own admissions for
GIVE_NAME = ("Your name is {name}.", "You are called {name}.")
NO_NAME = "You haven't told me your name."
SAYS_NAME = re.compile(
    r"\bmy (?:full |nick)?name\b|\bcalls? me\b|^(?:hi|hello|hey),? (?:i['’]?m|this is|\w+ here)\b",
    re.IGNORECASE,
)


Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Texts:
    """What is learnt: questions or messages with their answers, introductions ("I'm {name}.") and the
    names for them, exchanges in which `several` things are told; and what is only held."""

    general: Sequence[tuple[str, str]]
    talk: Sequence[tuple[str, str]]
    unknown: Sequence[tuple[str, str]]
    said: Sequence[str]
    names: Sequence[str]
    several: Sequence[Exercise]
    told: Sequence[Exercise]
    never: Sequence[tuple[str, str]]

    @classmethod
    def learnt(cls, course: Course) -> "Texts":
        """The project's own, without what is held out."""

        def rows(name: str) -> list[tuple[str, str]]:
            return kept(read_answers(DATA / name))

        return cls(
            general=rows("general.txt"),
            talk=[*rows("small_talk.txt"), *rows("itself.txt")],
            unknown=rows("unknown.txt"),
            said=kept((DATA / "introductions.txt").read_text().splitlines()),
            names=[*course.lists["man"], *course.lists["woman"]],
            several=exchanges(kept(read_chat(DATA / "several.txt"))),
            told=exchanges(read_chat(DATA / "told.txt")),
            never=course.never,
        )


def kept(rows: Sequence[Row]) -> list[Row]:
    """Those that are learnt from."""
    return [row for k, row in enumerate(rows) if k % HELD_OUT]


def drawn(
    asked: Sequence[tuple[str, str]], count: int, others: Sequence[Exercise], rng: random.Random
) -> list[Exercise]:
    """Some questions as people type them, a share behind one of the other exchanges."""
    found = []
    for question, answer in rng.sample(asked, count):
        other = rng.choice(others)
        after = (other.question, other.answer) if rng.random() < BEHIND_SHARE else None
        found.append(Exercise(casual(question, rng), answer, after=after))
    return found


def introduction(texts: Texts, rng: random.Random) -> Lesson:
    """Somebody says their name; asked are the name, what everybody knows and what was never told."""
    name, other = rng.sample(texts.names, 2)
    said, greeting = rng.choice(texts.said), rng.choice(GREET)
    messages = [
        {"role": role, "content": text.format(name=name, other=other)}
        for role, text in (("user", said), ("assistant", greeting))
    ]
    seen = words(messages[0]["content"])
    untold = [pair for pair in rng.sample(texts.never, 8) if not words(pair[0]) & seen][:2]
    asked = [
        (question, rng.choice(GIVE_NAME).format(name=name)) for question in rng.sample(ASK_NAME, 3)
    ]
    rest = [*untold, *rng.sample(texts.general, 3)]
    exercises = [Exercise(*pair) for pair in asked]
    exercises += [Exercise(casual(question, rng), answer) for question, answer in rest]
    return Lesson(teacher_context(messages, None), exercises)


def unnamed(texts: Texts, rng: random.Random) -> Lesson:
    """Somebody tells something, or nothing yet, but not their name; asked are the name and who they
    are. Who learns names from introductions alone makes one up."""
    if rng.random() < BEHIND_SHARE:
        said = rng.choice([one for one in texts.told if not SAYS_NAME.search(one.question)])
        turns = zip(("user", "assistant"), (said.question, said.answer), strict=True)
        context = teacher_context([{"role": r, "content": text} for r, text in turns], None)
        asked = []
    else:
        context, asked = system_only(), rng.sample(texts.unknown, 6)
    asked += [(question, NO_NAME) for question in rng.sample(ASK_NAME[:NAMES_ASKED], 4)]
    return Lesson(context, [Exercise(casual(question, rng), answer) for question, answer in asked])


def general_loss(texts: Texts, model: Model, rng: random.Random) -> Tensor:
    beside = rng.sample(texts.told, TOLD)
    beside += drawn(texts.never, NEVER_TOLD, [*beside, Exercise(*rng.choice(texts.general))], rng)
    small = drawn(texts.talk, TALK, beside, rng)
    small = [replace(exercise, weight=OPEN_WEIGHT) for exercise in small]
    asked = drawn(texts.general, GENERAL, beside, rng)
    named = [introduction(texts, rng) for _ in range(INTRODUCTIONS)]
    lessons = (
        [
            Lesson(system_only(), [*asked, *small]),
            Lesson(system_only(), rng.sample(texts.several, SEVERAL)),
        ],
        [*named, unnamed(texts, rng)],
        [Lesson(system_only(), beside)],
    )
    *rows, held = [
        collate_rows([lesson_row(model, one, rng) for one in some]).to(model.device)
        for some in lessons
    ]
    with model.using(CANDIDATE):
        loss = sum(lesson_losses(model, row)[0] for row in rows)
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
    course = Course()
    term = partial(general_loss, Texts.learnt(course))
    figure = partial(denied, read_answers(DATA / "general.txt")[::HELD_OUT])
    go_on(course, term, figure, out, open_untaught(base), start, minutes, peak, seed)


if __name__ == "__main__":
    typer.run(teach_general)
