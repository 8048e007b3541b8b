"""Teach a base to know a question by what it asks, whatever its words.

    loss = -mean over i, over p of i's fact:  log softmax_j(cos(z_i, z_j) / TEMPERATURE)[p]
           + HOLD_WEIGHT * KL(p_before || p_after)     on the answers of lessons

z_i is what the layer where an absorption begins to learn (halves.py) is given at the token that opens
the reply to question i, asked alone. Of the small base it hardly told one question of a session from
another there, so an absorption learnt wordings instead of questions. The first term is supervised
contrastive learning (Khosla et al., NeurIPS 2020): wordings of one fact together, other facts of the
same sessions and never-told questions apart. The second keeps what the model reads and says.

    python -m agent.default_model.keys OUT --base FOLDER --start ADAPTER [--minutes M]

Only LoRA weights learn. Knows written sessions and lessons; not how a session is absorbed.
"""

import random
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.progress import Progress, TimeRemainingColumn
from torch import Tensor
from torch.nn.functional import kl_div, log_softmax, normalize

from agent.asking import branches_behind
from agent.default_model.lessons import Course
from agent.default_model.rows import Rows, collate_rows, lesson_logits, lesson_row
from agent.default_model.teach import learning_rate_scale
from agent.default_model.typist import casual
from agent.default_model.written import Talk
from agent.evaluate import system_only
from agent.halves import lower_half
from agent.loading import open_base
from agent.model import CANDIDATE, CHAT, Model
from agent.optimizer import MasterAdamW
from agent.tree import Branch, collate, forward, pack

TEMPERATURE = 0.07
HOLD_WEIGHT = 5.0
HOLD_EVERY = 2  # steps
HOLD_EXERCISES = 6  # of a lesson
TALKS, FACTS, WORDINGS = 5, 32, 3  # of a step
NEVER_TOLD = 2  # of a talk: questions that belong to no fact
PEAK_LEARNING_RATE = 5e-4


def questions_of(
    talks: Sequence[Talk], facts: int, wordings: int, rng: random.Random
) -> tuple[list[str], Tensor]:
    """Up to `wordings` of each of up to `facts` facts, and never-told questions; and (Q,) whose they
    are: one number for each fact, one for each never-told question."""
    asked: list[str] = []
    owners: list[int] = []
    left = facts
    for talk in talks:
        several = [f for f in talk.facts if len(f.questions) > 1]
        groups = [f.questions for f in rng.sample(several, min(len(several), left))]
        left -= len(groups)
        for group in [*groups, *([q] for q, _ in talk.unknown[:NEVER_TOLD])]:
            chosen = rng.sample(group, min(len(group), wordings))
            owners += [owners[-1] + 1 if owners else 0] * len(chosen)
            asked += chosen
    return asked, torch.tensor(owners)


def keys(model: Model, questions: Sequence[str], adapter: str) -> Tensor:
    """(Q, D) what the first layer that learns is given where the reply to each question opens."""
    prefix, branches = branches_behind(model, system_only(), [(q, "…") for q in questions])
    opened = [Branch(branch.prompt, branch.target[:1]) for branch in branches]
    batch = collate(pack(prefix, opened, 10**9), model.device)
    with model.using(adapter):
        keys_QD: Tensor = forward(lower_half(model), batch)[batch.sources_N].float()
    return keys_QD


def together(keys_QD: Tensor, owners_Q: Tensor) -> Tensor:
    """The first term of the loss; every owner of a single question is only somebody else's other."""
    same_QQ = owners_Q[:, None] == owners_Q
    alone_QQ = torch.eye(len(owners_Q), dtype=torch.bool, device=keys_QD.device)
    around_QD = normalize(keys_QD - keys_QD.mean(0), dim=1)
    likely_QQ = (around_QD @ around_QD.T / TEMPERATURE).masked_fill(alone_QQ, -1e9)
    other_QQ = (same_QQ & ~alone_QQ).float()
    counts_Q = other_QQ.sum(1)
    sums_Q = (log_softmax(likely_QQ, 1) * other_QQ).sum(1)
    return -(sums_Q / counts_Q.clamp(min=1)).sum() / (counts_Q > 0).sum().clamp(min=1)


@torch.no_grad()
def found(model: Model, talks: Sequence[Talk], adapter: str) -> float:
    """Of all wordings of the talks' facts, the share whose nearest other question of the same talk
    asks for the same fact."""
    right = total = 0
    for talk in talks:
        asked, owners_Q = questions_of([talk], len(talk.facts), 99, random.Random(0))
        around_QD = keys(model, asked, adapter)
        around_QD = normalize(around_QD - around_QD.mean(0), dim=1)
        near_QQ = (around_QD @ around_QD.T).fill_diagonal_(-2)
        several_Q = torch.bincount(owners_Q)[owners_Q] > 1
        right += int((owners_Q[near_QQ.argmax(1)] == owners_Q)[several_Q].sum())
        total += int(several_Q.sum())
    return right / total


def changed(model: Model, rows: Rows) -> Tensor:
    """KL(p_before || p_after) over the answers' tokens; CHAT is the adapter before."""
    with torch.no_grad(), model.using(CHAT):
        before_NV = log_softmax(lesson_logits(model, rows), -1)
    with model.using(CANDIDATE):
        after_NV = log_softmax(lesson_logits(model, rows), -1)
    return kl_div(after_NV, before_NV, reduction="batchmean", log_target=True)


def _held(model: Model, course: Course, rng: random.Random) -> Rows:
    lesson = course.lesson(rng)
    lesson.exercises = rng.sample(lesson.exercises, min(HOLD_EXERCISES, len(lesson.exercises)))
    return collate_rows([lesson_row(model, lesson, rng)]).to(model.device)


def teach_keys(
    out: Annotated[Path, typer.Argument(help="where the adapter goes")],
    base: Annotated[Path, typer.Option(help="folder of the untaught model")],
    start: Annotated[Path, typer.Option(help="the taught adapter that it goes on from")],
    minutes: float = 30,
    peak: Annotated[float, typer.Option(help="peak learning rate")] = PEAK_LEARNING_RATE,
    seed: int = 0,
) -> None:
    """Go on teaching the adapter START for `minutes` and write it into OUT."""
    model = open_base(str(base), base.name)
    model.load_adapter(CHAT, start)
    model.load_adapter(CANDIDATE, start, trainable=True)
    optimizer = MasterAdamW(model.parameters_of(CANDIDATE), peak)
    course, rng = Course(), random.Random(seed)
    print(f"nearest question is the same fact's: {found(model, course.held_out_talks, CHAT):.3f}")
    began = time.monotonic()
    with Progress(*Progress.get_default_columns(), TimeRemainingColumn()) as bar:
        task = bar.add_task("teaching", total=1.0)
        step = 0
        while (progress := (time.monotonic() - began) / 60 / minutes) < 1:
            asked, owners_Q = questions_of(rng.sample(course.written, TALKS), FACTS, WORDINGS, rng)
            asked = [casual(question, rng) for question in asked]
            together(keys(model, asked, CANDIDATE), owners_Q.to(model.device)).backward()
            if step % HOLD_EVERY == 0:
                (HOLD_WEIGHT * changed(model, _held(model, course, rng))).backward()
            optimizer.step(learning_rate_scale(progress))
            step += 1
            bar.update(task, completed=progress)
    model.save_adapter(CANDIDATE, out)
    after = found(model, course.held_out_talks, CANDIDATE)
    print(f"after {step} steps: {after:.3f}; the adapter is in {out}")


if __name__ == "__main__":
    typer.run(teach_keys)
