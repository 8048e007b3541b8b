"""Lessons as padded rows, and their loss.

    loss = -log p(answer | context, question)            on every exercise's answer
         - log softmax_o(s * mean log p(option o))[fit]  on requests with options

A lesson is one tree (agent/tree.py) in one row: its session is read once for all its exercises. Knows
the model and lessons; no optimizer.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, fields

import torch
from torch import Tensor, nn
from torch.nn.functional import cross_entropy, log_softmax

from agent.default_model.lessons import REPLY_WEIGHT, Lesson
from agent.model import Model
from agent.tree import Branch, Tree, pack

ROW_TOKENS = 900
OPTIONS = 4  # of a request
OPTION_SHARPNESS = 5.0


@dataclass(slots=True)
class Row:
    """One lesson of at most about ROW_TOKENS: `weights_N` are its targets' in the loss, `groups` for
    each request with options the numbers of its branches (the fitting one first)."""

    tree: Tree
    weights_N: list[float]
    groups: list[list[int]]


def lesson_row(model: Model, lesson: Lesson, rng: random.Random) -> Row:
    """A lesson's exercises in random order, as many as fit."""
    context = lesson.context
    prefix = model.prompt(context, reply=False)
    branches: list[Branch] = []
    weights: list[float] = []
    groups: list[list[int]] = []
    total = 0
    for exercise in rng.sample(lesson.exercises, len(lesson.exercises)):
        whole = model.prompt([*context, *exercise.turns])
        asked = whole[len(prefix) :]
        targets = [model.answer_ids(t) for t in exercise.options or (exercise.answer,)]
        cost = sum(len(asked) + len(target) for target in targets)
        if branches and len(prefix) + total + cost > ROW_TOKENS:
            continue
        total += cost
        if exercise.options:
            groups.append(list(range(len(branches), len(branches) + len(targets))))
        branches += [Branch(asked, target) for target in targets]
        weights += [exercise.weight for target in targets for _ in target]
    (tree,) = pack(prefix, branches, 10**9)
    row = Row(tree, weights, groups)
    if lesson.replies:
        _learn_replies(model, context, row)
    return row


def _learn_replies(model: Model, context: list[dict[str, str]], row: Row) -> None:
    """Also take the loss on the context's own assistant messages (owner -1)."""
    tree = row.tree
    for k, message in enumerate(context):
        if message["role"] == "assistant":
            start = len(model.prompt(context[:k]))
            target = model.answer_ids(message["content"])
            if tree.ids_T[start : start + len(target)] == target:
                tree.sources_N += range(start - 1, start - 1 + len(target))
                tree.labels_N += target
                tree.owners_N += [-1] * len(target)
                row.weights_N += [REPLY_WEIGHT] * len(target)


@dataclass(slots=True)
class Rows:
    """Lessons as padded rows, one forward for all. `branches_BT`: 0 in the prefix, then the branch's
    number from 1; `places_N`: the targets' sources in the flattened rows; `owners_N`: each target's
    branch, numbered through the batch (-1: a reply of the context); `groups_GO`: the branches of each
    request's options."""

    ids_BT: Tensor
    positions_BT: Tensor
    branches_BT: Tensor
    places_N: Tensor
    labels_N: Tensor
    owners_N: Tensor
    weights_N: Tensor
    groups_GO: Tensor

    def to(self, device: torch.device) -> "Rows":
        return Rows(*(getattr(self, f.name).to(device) for f in fields(self)))


def collate_rows(lessons: Sequence[Row]) -> Rows:
    """The lessons as one batch, its width a multiple of 64."""
    width = -(-max(len(row.tree.ids_T) for row in lessons) // 64) * 64
    ids, positions, branches = (torch.zeros(len(lessons), width, dtype=torch.long) for _ in "123")
    places: list[int] = []
    labels: list[int] = []
    owners: list[int] = []
    groups: list[list[int]] = []
    first = 0
    for k, row in enumerate(lessons):
        tree, size = row.tree, len(row.tree.ids_T)
        ids[k, :size] = torch.tensor(tree.ids_T)
        positions[k, :size] = torch.tensor(tree.positions_T)
        for owner, start, end in tree.spans:
            branches[k, start:end] = owner + 1
        places += [k * width + source for source in tree.sources_N]
        labels += tree.labels_N
        owners += [-1 if owner < 0 else first + owner for owner in tree.owners_N]
        groups += [[first + owner for owner in group] for group in row.groups]
        first += len(tree.spans)

    def whole(values: list[int]) -> Tensor:
        return torch.tensor(values, dtype=torch.long)

    weights_N = torch.tensor([weight for row in lessons for weight in row.weights_N])
    groups_GO = whole([owner for group in groups for owner in group]).reshape(-1, OPTIONS)
    return Rows(
        ids, positions, branches, whole(places), whole(labels), whole(owners), weights_N, groups_GO
    )


def lesson_logits(model: Model, rows: Rows) -> Tensor:
    """(N, V) logits in fp32 at the answers' tokens."""
    return answer_logits(model, rows, lesson_hidden(model.backbone, rows, input_ids=rows.ids_BT))


def lesson_hidden(backbone: nn.Module, rows: Rows, **inputs: Tensor) -> Tensor:
    """(B, T, D) last hidden states of the backbone, or of a part of it, for `input_ids` or
    `inputs_embeds`."""
    order_T = torch.arange(rows.ids_BT.shape[1], device=rows.ids_BT.device)
    same_BTT = rows.branches_BT[:, :, None] == rows.branches_BT[:, None, :]
    seen_BTT = (same_BTT | (rows.branches_BT == 0)[:, None, :]) & (order_T[:, None] >= order_T)
    hidden_BTD: Tensor = backbone(
        **inputs, attention_mask=seen_BTT[:, None], position_ids=rows.positions_BT, use_cache=False
    ).last_hidden_state
    return hidden_BTD


def answer_logits(model: Model, rows: Rows, hidden_BTD: Tensor) -> Tensor:
    logits_NV: Tensor = model.head(hidden_BTD.flatten(0, 1)[rows.places_N]).float()
    return logits_NV


def lesson_losses(model: Model, rows: Rows) -> tuple[Tensor, Tensor]:
    """The first two terms of the loss: weighted mean over the answers' tokens in nats, and the mean
    over the requests with options (0 where there is none)."""
    logits_NV = lesson_logits(model, rows)
    losses_N = cross_entropy(logits_NV, rows.labels_N, reduction="none")
    weights_N = rows.weights_N * ~torch.isin(rows.owners_N, rows.groups_GO)
    answer = (weights_N * losses_N).sum() / weights_N.sum().clamp(min=1)
    if not len(rows.groups_GO):
        return answer, answer.new_zeros(())
    sums_B, counts_B = (
        values.new_zeros(int(rows.owners_N.max()) + 1).index_add(
            0, rows.owners_N.clamp(min=0), values * (rows.owners_N >= 0)
        )
        for values in (losses_N, torch.ones_like(losses_N))
    )
    means_GO = -(sums_B / counts_B)[rows.groups_GO]
    return answer, -log_softmax(OPTION_SHARPNESS * means_GO, -1)[:, 0].mean()
