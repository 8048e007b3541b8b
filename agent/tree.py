"""Many continuations of one prefix in one forward: how a session is read once for all its pairs.

A tree is a prefix followed by branches. Every branch sees the prefix and itself, never its
neighbours, and its positions go on from the prefix's end, so each branch is computed as if it stood
alone behind the prefix. Trees are laid end to end in one sequence, so nothing is padded outside the
attention, and the attention is computed tree by tree and branch by branch: its cost grows with the
branches' own lengths, not with the square of the sequence.

The same trees serve the teacher (prefix: the session), the student (prefix: the system line),
teaching, and the scoring of options. Knows tensors, not what the texts mean.

Suffixes name shapes: _T tokens of a sequence, _N target positions, _V vocabulary, _D hidden size,
_H heads, _B branches of a tree, _L tokens of its longest branch, _P of its prefix.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

ATTENTION = "tree"


@dataclass(frozen=True, slots=True)
class Branch:
    """What follows the prefix: `prompt` is only read, `target` is what the loss is taken on."""

    prompt: list[int]
    target: list[int]

    def __post_init__(self) -> None:
        if not self.prompt:
            raise ValueError("a branch needs a prompt: its last token predicts the first target")

    def __len__(self) -> int:
        return len(self.prompt) + len(self.target)


@dataclass(slots=True)
class Tree:
    """One prefix and its branches as a run of tokens. `sources_N` are the positions whose logits
    predict `labels_N`; `owners_N` is the branch (its index in the caller's list) of each."""

    ids_T: list[int]
    prefix_length: int
    positions_T: list[int] = field(default_factory=list)
    sources_N: list[int] = field(default_factory=list)
    labels_N: list[int] = field(default_factory=list)
    owners_N: list[int] = field(default_factory=list)
    spans: list[tuple[int, int, int]] = field(default_factory=list)  # (branch, start, end)

    def grow(self, owner: int, branch: Branch) -> None:
        start = len(self.ids_T)
        self.ids_T += branch.prompt + branch.target
        self.positions_T += range(self.prefix_length, self.prefix_length + len(branch))
        first = start + len(branch.prompt) - 1
        self.sources_N += range(first, first + len(branch.target))
        self.labels_N += branch.target
        self.owners_N += [owner] * len(branch.target)
        self.spans.append((owner, start, len(self.ids_T)))


def pack(prefix: Sequence[int], branches: Sequence[Branch], tree_tokens: int) -> list[Tree]:
    """Hang `branches` in order on copies of `prefix`, as many to a tree as fit.

    A branch longer than the room gets a tree of its own. Order is kept, so the trees' targets
    taken one after another are the branches' targets one after another.
    """
    trees: list[Tree] = []
    for owner, branch in enumerate(branches):
        if not trees or len(trees[-1].ids_T) + len(branch) > tree_tokens:
            trees.append(Tree([*prefix], len(prefix), list(range(len(prefix)))))
        trees[-1].grow(owner, branch)
    return trees


@dataclass(slots=True)
class Place:
    """Where a tree lies in a sequence: its prefix is the slice `prefix`, and row b of `index_BL`
    holds the positions of branch b, padded where `real_BL` is False."""

    prefix: slice
    index_BL: Tensor
    real_BL: Tensor


@dataclass(slots=True)
class Batch:
    """Trees end to end as tensors; the leading 1 is the batch dimension that models expect."""

    ids_1T: Tensor
    positions_1T: Tensor
    places: list[Place]
    sources_N: Tensor
    labels_N: Tensor
    owners_N: Tensor
    trees_N: Tensor  # which of the trees each target belongs to


def collate(trees: Sequence[Tree], device: torch.device | str = "cpu") -> Batch:
    """The trees as one sequence."""
    starts, total = [], 0
    for tree in trees:
        starts.append(total)
        total += len(tree.ids_T)

    def tensor(rows: list[int]) -> Tensor:
        return torch.tensor(rows, dtype=torch.long, device=device)

    return Batch(
        tensor([i for tree in trees for i in tree.ids_T])[None],
        tensor([p for tree in trees for p in tree.positions_T])[None],
        [_place(tree, start, device) for tree, start in zip(trees, starts, strict=True)],
        tensor(
            [s + start for tree, start in zip(trees, starts, strict=True) for s in tree.sources_N]
        ),
        tensor([label for tree in trees for label in tree.labels_N]),
        tensor([owner for tree in trees for owner in tree.owners_N]),
        tensor([k for k, tree in enumerate(trees) for _ in tree.labels_N]),
    )


def _place(tree: Tree, start: int, device: torch.device | str) -> Place:
    prefix = slice(start, start + tree.prefix_length)
    longest = max((end - first for _, first, end in tree.spans), default=0)
    index = torch.zeros(len(tree.spans), longest, dtype=torch.long)
    real = torch.zeros(len(tree.spans), longest, dtype=torch.bool)
    for b, (_, first, end) in enumerate(tree.spans):
        index[b, : end - first] = torch.arange(start + first, start + end)
        real[b, : end - first] = True
    return Place(prefix, index.to(device), real.to(device))


def forward(backbone: nn.Module, batch: Batch, **inputs: Tensor) -> Tensor:
    """(T, D) last hidden states; `inputs` may give `inputs_embeds` in place of the ids."""
    hidden_1TD = backbone(
        **(inputs or {"input_ids": batch.ids_1T}),
        attention_mask=torch.ones(1, 1, 1, 1, dtype=torch.bool, device=batch.ids_1T.device),
        position_ids=batch.positions_1T,
        use_cache=False,
        trees=batch.places,
    ).last_hidden_state
    hidden_TD: Tensor = hidden_1TD[0]
    return hidden_TD


def target_logits(backbone: nn.Module, head: nn.Module, batch: Batch) -> Tensor:
    """(N, V) logits at the target positions; only those meet the output matrix."""
    logits_NV: Tensor = head(forward(backbone, batch)[batch.sources_N])
    return logits_NV


def tree_attention(
    module: nn.Module,
    query_1HTD: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    trees: list[Place] | None = None,
    scaling: float | None = None,
    **options: Any,
) -> tuple[Tensor, None]:
    """Attention for transformers' interface: tree by tree where `trees` are given, else plain."""
    if trees is None:
        return sdpa_attention_forward(
            module, query_1HTD, key, value, attention_mask, scaling=scaling, **options
        )
    query = query_1HTD[0]
    groups = query.shape[0] // key.shape[1]
    key, value = key[0].repeat_interleave(groups, 0), value[0].repeat_interleave(groups, 0)
    out = torch.empty_like(query)
    pieces: list[tuple[Tensor | slice, Tensor]] = []
    for place in trees:
        if place.prefix.stop > place.prefix.start:
            q, k, v = (t[:, place.prefix][None] for t in (query, key, value))
            found = scaled_dot_product_attention(q, k, v, is_causal=True, scale=scaling)
            pieces.append((place.prefix, found[0]))
        if place.index_BL.numel():
            pieces.append(_branches(query, key, value, place, scaling))
    for where, found in pieces:
        out[:, where] = found
    return out.transpose(0, 1)[None], None


def _branches(
    query: Tensor, key: Tensor, value: Tensor, place: Place, scaling: float | None
) -> tuple[Tensor, Tensor]:
    """Positions, and what the tree's branches see there: (H, M, D) for the M real tokens."""
    index_BL, real_BL = place.index_BL, place.real_BL
    branches, longest = index_BL.shape

    def own(t_HTD: Tensor) -> Tensor:
        return t_HTD[:, index_BL.flatten()].unflatten(1, (branches, longest)).transpose(0, 1)

    def with_prefix(t_HTD: Tensor) -> Tensor:
        prefix = t_HTD[:, place.prefix][None].expand(branches, -1, -1, -1)
        return torch.cat([prefix, own(t_HTD)], dim=2)

    prefix_length = place.prefix.stop - place.prefix.start
    causal_LL = torch.ones(longest, longest, dtype=torch.bool, device=query.device).tril()
    mask = nn.functional.pad(causal_LL, (prefix_length, 0), value=True)
    found_BHLD = scaled_dot_product_attention(
        own(query), with_prefix(key), with_prefix(value), attn_mask=mask, scale=scaling
    )
    return index_BL[real_BL], found_BHLD.transpose(0, 1)[:, real_BL]


AttentionInterface.register(ATTENTION, tree_attention)
AttentionMaskInterface.register(ATTENTION, sdpa_mask)
