"""Teach a base to be taught: what an absorption learns in some words is to be recalled in others.

    inner   LoRA as of an absorption learns some wordings of what a life told, for STEPS steps:
            -log p(answer | wording), and KL(p_base || p) where the base is to stay as it is
    outer   loss = -log p_learnt(answer | other wordings)
                 + KL(p_before || p_learnt) on never-told and general questions and on what is told
                 + TEXT_WEIGHT * KL(p_untaught || p) on plain text
                 + HOLD_WEIGHT * KL(p_before || p) on the answers of lessons (further.py)

The inner wordings are by rule, as an absorption's are; the outer ones people wrote. The outer gradient
is taken where the inner steps end and moves the base's adapter alone: first-order MAML (Finn et al., ICML
2017, section 5.2). Many lives learn side by side (pupils.py). Made for a GPU.

    python -m agent.default_model.absorbing OUT --base FOLDER --start ADAPTER [--minutes M]

Knows written sessions and a recipe's numbers; no profile, no pairs of the product's own writing.
"""

import os
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import count
from typing import Annotated

import torch
import typer
from torch import Tensor
from torch.nn.functional import cross_entropy, log_softmax
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from agent.default_model.further import Base, Out, Peak, Start, go_on, open_untaught
from agent.default_model.lessons import Course, Exercise, Lesson
from agent.default_model.lives import Lives
from agent.default_model.pupils import Pupils
from agent.default_model.rows import (
    Rows,
    answer_logits,
    collate_rows,
    lesson_hidden,
    lesson_logits,
    lesson_row,
)
from agent.default_model.teach import hold_loss, kept_texts
from agent.default_model.written import Talk
from agent.distill import OPENING, WARM_UP_STEPS
from agent.evaluate import system_only
from agent.halves import blurred, middle, part
from agent.model import CANDIDATE, CHAT, Model
from agent.optimizer import MasterAdamW
from agent.recipe import RECIPES

PEAK_LEARNING_RATE = 8e-4
STEPS = 20  # of an absorption in small
RECIPE = replace(RECIPES["inweight"], learning_rate=3e-3)  # a third of the steps
IN_A_ROW = 18  # exercises of a life in one step
ASKED_ROWS = 2
TEXT_WEIGHT = 5.0
SHARE = 0.85  # of the way: at its end PIQA loses a point


@dataclass(slots=True)
class Cohort:
    """So many lives as rows, one of each life in every batch."""

    learnt: list[Rows]
    asked: list[Rows]


class Cohorts(IterableDataset[Cohort]):
    """Cohorts of `size` lives; number n follows from the seed and n alone."""

    def __init__(self, model: Model, lives: Lives, size: int, seed: int) -> None:
        self._model, self._lives, self._size, self._seed = model, lives, size, seed

    def __iter__(self) -> Iterator[Cohort]:
        worker = get_worker_info()
        start, step = (worker.id, worker.num_workers) if worker else (0, 1)
        for number in count(start, step):
            rng = random.Random(f"{self._seed} {number}")
            lives = [self._lives.life(rng) for _ in range(self._size)]
            yield Cohort(
                self._rows([life.learnt for life in lives], rng),
                self._rows([life.asked for life in lives], rng, ASKED_ROWS),
            )

    def _rows(
        self, exercises: Sequence[Sequence[Exercise]], rng: random.Random, most: int = 99
    ) -> list[Rows]:
        """As many batches as the longest list needs; shorter ones begin anew."""
        parts = [[one[k : k + IN_A_ROW] for k in range(0, len(one), IN_A_ROW)] for one in exercises]
        return [
            collate_rows(
                [
                    lesson_row(self._model, Lesson(system_only(), [*one[n % len(one)]]), rng)
                    for one in parts
                ]
            )
            for n in range(min(most, max(map(len, parts))))
        ]


def per_life(rows: Rows, losses_N: Tensor, chosen_N: Tensor) -> Tensor:
    """The sum over the lives of their chosen tokens' mean, an answer's first ones weighing more."""
    lives_N = rows.places_N // rows.ids_BT.shape[1]
    early_N = rows.owners_N != rows.owners_N.roll(OPENING)
    weights_N = torch.where(early_N, RECIPE.opening, 1.0) * chosen_N
    sums_B = losses_N.new_zeros(2, len(rows.ids_BT))
    sums_B = sums_B.index_add(1, lives_N, torch.stack([weights_N * losses_N, weights_N]))
    return (sums_B[0] / sums_B[1].clamp(min=1)).sum()


def apart(logits_NV: Tensor, before_NV: Tensor) -> Tensor:
    """(N,) KL(before || these) in nats; `before_NV` are log-probabilities."""
    before_NV = before_NV.float()
    return (before_NV.exp() * (before_NV - log_softmax(logits_NV, -1))).sum(-1)


def learn(model: Model, rows: Sequence[Rows], seed: int) -> Pupils:
    """What the lives of `rows` make of the base, each by itself. As in an absorption (halves.py) the
    lower half is run once, and what it makes of a question and its answer is blurred."""
    torch.manual_seed(seed)
    lower = part(model.backbone, slice(0, middle(model)), last=False)
    upper = part(model.backbone, slice(middle(model), None), last=True)

    def logits(k: int, hidden_BTD: Tensor) -> Tensor:
        return answer_logits(
            model, rows[k], lesson_hidden(upper, rows[k], inputs_embeds=hidden_BTD)
        )

    taught = model.parameters_of(CANDIDATE)
    for weight in taught:
        weight.requires_grad_(False)
    with torch.no_grad(), model.using(CANDIDATE):
        below = [lesson_hidden(lower, one, input_ids=one.ids_BT) for one in rows]
        base = [log_softmax(logits(k, hidden)[_stays(rows[k])], -1).bfloat16()
                for k, hidden in enumerate(below)]  # fmt: skip
    pupils = Pupils(model, len(rows[0].ids_BT), RECIPE)
    optimizer = MasterAdamW(pupils.weights, RECIPE.learning_rate)
    for step in range(STEPS):
        k = step % len(rows)
        asked_BT1 = rows[k].branches_BT[..., None] > 0
        hidden_BTD = torch.where(asked_BT1, blurred(below[k], RECIPE.noise), below[k])
        with model.using(CANDIDATE), pupils.at_work():
            logits_NV = logits(k, hidden_BTD)
        losses_N = cross_entropy(logits_NV, rows[k].labels_N, reduction="none")
        held_N = _stays(rows[k])
        losses_N = losses_N.masked_scatter(held_N, apart(logits_NV[held_N], base[k]))
        per_life(rows[k], losses_N, torch.ones_like(held_N)).backward()
        optimizer.step(min(1.0, (step + 1) / WARM_UP_STEPS) * max(0.1, 1 - step / STEPS), 1e9)
    for weight in taught:
        weight.requires_grad_()
    for own in pupils.weights:
        own.requires_grad_(False)
    return pupils


def _stays(rows: Rows) -> Tensor:
    return rows.weights_N == 0


def asked_loss(model: Model, pupils: Pupils, rows: Rows) -> Tensor:
    """The outer loss of one batch, a mean over its lives."""
    held_N = _stays(rows)
    with torch.no_grad(), model.using(CHAT):
        before_NV = log_softmax(lesson_logits(model, rows)[held_N], -1)
    with model.using(CANDIDATE), pupils.at_work():
        logits_NV = lesson_logits(model, rows)
    losses_N = cross_entropy(logits_NV, rows.labels_N, reduction="none")
    losses_N = losses_N.masked_scatter(held_N, apart(logits_NV[held_N], before_NV))
    own, held = (per_life(rows, losses_N, chosen_N) for chosen_N in (~held_N, held_N))
    return (own + held) / len(rows.ids_BT)


def terms(
    cohorts: Iterator[Cohort], texts: Sequence[Tensor], model: Model, rng: random.Random
) -> Iterator[Tensor]:
    """What one cohort adds to the loss, in parts: on plain text, and after its inner steps."""
    made = next(cohorts)
    lives = len(made.asked[0].ids_BT)
    some = torch.stack(rng.sample(texts, min(lives, len(texts)))).to(model.device)
    yield TEXT_WEIGHT * hold_loss(model, some)
    pupils = learn(model, [rows.to(model.device) for rows in made.learnt], rng.randrange(2**31))
    for rows in made.asked:
        yield asked_loss(model, pupils, rows.to(model.device)) / len(made.asked)


def recalled(cohort: Cohort, model: Model, adapter: str) -> float:
    """Of the other wordings in lives that learnt upon the adapter that is taught, the share whose whole
    answer is the likeliest token by token. Before anything is taught `adapter` is the same."""
    pupils = learn(model, [rows.to(model.device) for rows in cohort.learnt], seed=0)
    right = total = 0
    for rows in (one.to(model.device) for one in cohort.asked):
        with torch.no_grad(), model.using(adapter), pupils.at_work():
            whole, asked = whole_answers(rows, lesson_logits(model, rows))
        right, total = right + whole, total + asked
    return right / total


def whole_answers(rows: Rows, logits_NV: Tensor) -> tuple[int, int]:
    """Of the answers to what was told, how many are the likeliest token by token; and how many there are
    in all."""
    own_N = ~_stays(rows)
    missed_N = logits_NV.argmax(-1) != rows.labels_N
    asked = len(torch.unique(rows.owners_N[own_N]))
    return asked - len(torch.unique(rows.owners_N[own_N & missed_N])), asked


def teach_absorbing(
    out: Out,
    base: Base,
    start: Start,
    minutes: float = 30,
    peak: Peak = PEAK_LEARNING_RATE,
    lives: Annotated[int, typer.Option(help="that learn side by side; 48 suit a large GPU")] = 2,
    seed: int = 0,
) -> None:
    """Go on teaching the adapter START for `minutes` and write it into OUT."""
    model = open_untaught(base)
    course = Course()
    workers = max(1, (os.cpu_count() or 1) - 2) if model.device.type == "cuda" else 0

    def drawn(talks: Sequence[Talk], seed: int) -> Iterator[Cohort]:
        made = Cohorts(model, Lives(talks, course), lives, seed)
        return iter(DataLoader(made, batch_size=None, num_workers=workers))

    out.mkdir(parents=True, exist_ok=True)
    texts = kept_texts(model, out / "hold.pt")
    figure = partial(recalled, next(drawn(course.held_out_talks, 1)))
    term = partial(terms, drawn(course.written, seed), texts)
    lessons = max(1, lives // 2)
    go_on(course, term, figure, out, model, start, minutes, peak, seed, SHARE, lessons)


if __name__ == "__main__":
    typer.run(teach_absorbing)
