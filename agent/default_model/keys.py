"""Teach a base to know a question by what it asks, whatever its words.

    loss = -mean over i, over p of i's fact:  log softmax_j(cos(z_i, z_j) / TEMPERATURE)[p]
           + HOLD_WEIGHT * KL(p_before || p_after)     on the answers of lessons (further.py)

z_i is what the layer where an absorption begins to learn (halves.py) is given at the token that opens
the reply to question i, asked alone. Of the small base it hardly told one question of a session from
another there, so an absorption learnt wordings instead of questions. The first term is supervised
contrastive learning (Khosla et al., NeurIPS 2020): wordings of one fact together, other facts of the
same sessions and never-told questions apart. The second keeps what the model reads and says.

    python -m agent.default_model.keys OUT --base FOLDER --start ADAPTER [--minutes M]

Only LoRA weights learn. Knows written sessions and lessons; not how a session is absorbed.
"""

import random
from collections.abc import Sequence
from functools import partial

import torch
import typer
from torch import Tensor
from torch.nn.functional import log_softmax, normalize

from agent.asking import branches_behind
from agent.default_model.further import Base, Out, Peak, Start, go_on, open_untaught
from agent.default_model.lessons import Course
from agent.default_model.typist import casual
from agent.default_model.written import Talk
from agent.evaluate import system_only
from agent.halves import lower_half
from agent.model import CANDIDATE, Model
from agent.tree import Branch, collate, forward, pack

TEMPERATURE = 0.07
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
def found(talks: Sequence[Talk], model: Model, adapter: str) -> float:
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


def teach_keys(
    out: Out,
    base: Base,
    start: Start,
    minutes: float = 30,
    peak: Peak = PEAK_LEARNING_RATE,
    seed: int = 0,
) -> None:
    """Go on teaching the adapter START for `minutes` and write it into OUT."""
    course = Course()

    def term(model: Model, rng: random.Random) -> Tensor:
        asked, owners_Q = questions_of(rng.sample(course.written, TALKS), FACTS, WORDINGS, rng)
        asked = [casual(question, rng) for question in asked]
        return together(keys(model, asked, CANDIDATE), owners_Q.to(model.device))

    figure = partial(found, course.held_out_talks)
    go_on(course, term, figure, out, open_untaught(base), start, minutes, peak, seed)


if __name__ == "__main__":
    typer.run(teach_keys)
