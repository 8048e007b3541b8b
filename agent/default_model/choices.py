"""Teach a base to let what it was told decide which option it suggests.

    loss = -log softmax_o(s * mean log p(option o | what was told, request))[the fitting one]   (rows.py)
           + HOLD_WEIGHT * KL(p_before || p_after) on the answers of lessons (further.py)

From requests that one talk goes with, a base learns which option people like, not to look at what was
told. So here each request has several things that may have been told, and another option fits each of
them: nothing but what is told gives the fitting one away.

    python -m agent.default_model.choices OUT --base FOLDER --start ADAPTER [--minutes M]

Knows dilemmas and written talks; not how a session is absorbed.
"""

import random
from collections.abc import Sequence
from datetime import date, timedelta
from functools import partial

import torch
import typer
from torch import Tensor

from agent.default_model.further import Base, Out, Peak, Start, go_on, open_untaught
from agent.default_model.lessons import Course
from agent.default_model.rows import OPTIONS, Row, collate_rows, lesson_losses
from agent.default_model.typist import Typist, casual
from agent.default_model.written import DATA, Dilemma, Talk, read_chat, read_dilemmas
from agent.evaluate import option_scores
from agent.model import CANDIDATE, Message, Model
from agent.reading import passage, teacher_context
from agent.tree import Branch, pack

PEAK_LEARNING_RATE = 3e-4
AT_ONCE = 8  # requests of a step
FROM_TALKS = 0.2  # of them: those of the written talks, behind the passage that tells
OTHER_TALK = 0.4  # of the others have an exchange before what is told, and as many behind it
LISTED = 0.5  # of them have some of the options before that, as ideas that the assistant had
CARELESS = 0.15
DATED = 0.5
FIRST_DAY, DAYS = date(2023, 1, 1), 1500
HELD_OUT = 10  # every so many dilemmas are not learnt from
TAKEN_UP = (  # only read: what is learnt are the options
    "Good to know.", "I see, thank you for telling me.", "That makes sense.", "Oh, I understand.",
    "Noted, I will keep it in mind.", "That sounds like you.", "Fair enough!", "I can imagine.",
    "All right.", "Understood, that is a sensible way to see it.", "Got it.", "Thanks for sharing that.",
)  # fmt: skip
Talks = Sequence[list[Message]]

IDEAS = (
    "Any ideas?", "What would you suggest?", "What are some good options for me?", "I need some ideas.",
    "What could I take?", "Give me a few suggestions.", "Which ones are there?", "What do people choose?",
)  # fmt: skip
LISTING = (
    "Here are some options: {}", "There are several options to consider. {}", "You could try these: {}",
    "Sure, a few ideas: {}", "Some that people like: {}", "{} All of these are popular.",
)  # fmt: skip


def exchange(told: str, reply: str) -> list[Message]:
    return [{"role": "user", "content": told}, {"role": "assistant", "content": reply}]


def told_before(
    told: str, options: Sequence[str], others: Talks, rng: random.Random
) -> list[Message]:
    """A session in which this was told, alone or among `others`, as the model reads it. What stands
    in the prompt becomes likelier, whether it fits or not, so options may stand there too."""
    text = Typist(rng).write(told) if rng.random() < CARELESS else told
    talk = exchange(text, rng.choice(TAKEN_UP))
    if rng.random() < LISTED:
        talk = [*exchange(rng.choice(IDEAS), listed(options, rng)), *talk]
    if rng.random() < OTHER_TALK:
        talk = [*rng.choice(others)[:2], *talk]
    if rng.random() < OTHER_TALK:
        talk = [*talk, *rng.choice(others)[:2]]
    day = FIRST_DAY + timedelta(rng.randrange(DAYS)) if rng.random() < DATED else None
    return teacher_context(talk, day)


def listed(options: Sequence[str], rng: random.Random) -> str:
    """Two to four of the options as an assistant lists them."""
    some = rng.sample(options, rng.choice((2, 3, 3, 4)))
    apart = rng.choice((" ", "\n"))
    lines = apart.join(f"{n}. {option.rstrip('.')}." for n, option in enumerate(some, start=1))
    return rng.choice(LISTING).format(lines)


def request_row(
    model: Model, context: Sequence[Message], request: str, options: Sequence[str]
) -> Row:
    """A request behind what was told, and its options as replies, the fitting one first."""
    *prefix, last = model.prompt([*context, {"role": "user", "content": request}])
    (tree,) = pack(prefix, [Branch([last], model.answer_ids(o)) for o in options], 10**9)
    return Row(tree, [1.0] * len(tree.labels_N), [[*range(OPTIONS)]])


def dilemma_row(model: Model, dilemma: Dilemma, others: Talks, rng: random.Random) -> Row:
    """A dilemma behind one of the things that may have been told."""
    fit, told = rng.choice(dilemma.told)
    options = [dilemma.options[fit], *(o for k, o in enumerate(dilemma.options) if k != fit)]
    request = casual(dilemma.request, rng)
    return request_row(model, told_before(told, options, others, rng), request, options)


def talk_row(model: Model, talk: Talk, rng: random.Random) -> Row:
    """A request of a written talk, behind the passage that decides it."""
    choice = rng.choice(talk.choices)
    context = teacher_context(passage(talk.messages, max(0, choice.said_in)), talk.day)
    return request_row(model, context, casual(choice.request, rng), choice.options)


def choices_loss(
    dilemmas: Sequence[Dilemma],
    talks: Sequence[Talk],
    others: Talks,
    model: Model,
    rng: random.Random,
) -> Tensor:
    rows = [
        talk_row(model, rng.choice(talks), rng)
        if rng.random() < FROM_TALKS
        else dilemma_row(model, rng.choice(dilemmas), others, rng)
        for _ in range(AT_ONCE)
    ]
    with model.using(CANDIDATE):
        return lesson_losses(model, collate_rows(rows).to(model.device))[1]


@torch.no_grad()
def fitting(dilemmas: Sequence[Dilemma], model: Model, adapter: str) -> float:
    """Share of the things told behind which the option that fits scores best."""
    right = []
    for dilemma in dilemmas:
        for fit, told in dilemma.told:
            context = teacher_context(exchange(told, TAKEN_UP[0]), None)
            scores = option_scores(model, context, dilemma.request, dilemma.options, adapter)
            right.append(scores.index(max(scores)) == fit)
    return sum(right) / len(right)


def teach_choices(
    out: Out,
    base: Base,
    start: Start,
    minutes: float = 40,
    peak: Peak = PEAK_LEARNING_RATE,
    seed: int = 0,
) -> None:
    """Go on teaching the adapter START for `minutes` and write it into OUT."""
    course, dilemmas = Course(), read_dilemmas(DATA / "choices.txt")
    learnt = [d for k, d in enumerate(dilemmas) if k % HELD_OUT]
    talks = [talk for talk in course.written if talk.choices]
    term = partial(choices_loss, learnt, talks, read_chat(DATA / "told.txt"))
    figure = partial(fitting, dilemmas[::HELD_OUT])
    go_on(course, term, figure, out, open_untaught(base), start, minutes, peak, seed)


if __name__ == "__main__":
    typer.run(teach_choices)
