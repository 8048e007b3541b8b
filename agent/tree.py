"""Many continuations of one prefix in one forward: how a session is read once for all its pairs.

A tree is a prefix followed by branches. Every branch sees the prefix and itself, never its
neighbours, and its positions go on from the prefix's end, so each branch is computed as if it stood
alone behind the prefix; but one that goes on from the branch before it sees that one too. Trees are
laid end to end in one sequence, so nothing is padded, and the attention is computed tree by tree and a
few branches at a time: its cost grows with the sequence, not with its square.

The same trees serve the teacher (prefix: the session), the student (prefix: the system line),
teaching, and the scoring of options. Knows tensors, not what the texts mean.

Suffixes name shapes: _T tokens of a sequence, _N target positions, _V vocabulary, _D hidden size,
_H heads, _G heads of keys and values (H is a multiple of G), _P tokens of a tree's prefix, _L of some
of its chains.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface, AttentionMaskInterface
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.masking_utils import sdpa_mask

ATTENTION = "tree"
GROUP_TOKENS = 256  # chains that are computed at once, each with a mask for the others


@dataclass(frozen=True, slots=True)
class Branch:
    """What follows the prefix: `prompt` is only read, `target` is what the loss is taken on. One that
    `goes_on` stands behind the branch before it, as the next exchange of a chat."""

    prompt: list[int]
    target: list[int]
    goes_on: bool = False

    def __post_init__(self) -> None:
        if not self.prompt:
            raise ValueError("a branch needs a prompt: its last token predicts the first target")

    def __len__(self) -> int:
        return len(self.prompt) + len(self.target)


@dataclass(slots=True)
class Tree:
    """One prefix and its branches as a run of tokens. `sources_N` are the positions whose logits
    predict `labels_N`; `owners_N` is the branch (its index in the caller's list) of each. `lengths` are
    those of its chains: a branch and what goes on from it."""

    ids_T: list[int]
    prefix_length: int
    positions_T: list[int] = field(default_factory=list)
    sources_N: list[int] = field(default_factory=list)
    labels_N: list[int] = field(default_factory=list)
    owners_N: list[int] = field(default_factory=list)
    spans: list[tuple[int, int, int]] = field(default_factory=list)  # (branch, start, end)
    lengths: list[int] = field(default_factory=list)

    def grow(self, owner: int, branch: Branch) -> None:
        start = len(self.ids_T)
        self.ids_T += branch.prompt + branch.target
        if not branch.goes_on:
            self.lengths.append(0)
        first = self.prefix_length + self.lengths[-1]
        self.positions_T += range(first, first + len(branch))
        self.lengths[-1] += len(branch)
        first = start + len(branch.prompt) - 1
        self.sources_N += range(first, first + len(branch.target))
        self.labels_N += branch.target
        self.owners_N += [owner] * len(branch.target)
        self.spans.append((owner, start, len(self.ids_T)))


def chains(branches: Sequence[Branch]) -> list[list[int]]:
    """The numbers of the branches, each together with those that go on from it."""
    found: list[list[int]] = []
    for number, branch in enumerate(branches):
        if not branch.goes_on:
            found.append([])
        found[-1].append(number)
    return found


def pack(prefix: Sequence[int], branches: Sequence[Branch], tree_tokens: int) -> list[Tree]:
    """Hang `branches` in order on copies of `prefix`, as many to a tree as fit; chains stay whole.

    A chain longer than the room gets a tree of its own. Order is kept, so the trees' targets
    taken one after another are the branches' targets one after another.
    """
    trees: list[Tree] = []
    for chain in chains(branches):
        size = sum(len(branches[owner]) for owner in chain)
        if not trees or len(trees[-1].ids_T) + size > tree_tokens:
            trees.append(Tree([*prefix], len(prefix), list(range(len(prefix)))))
        for owner in chain:
            trees[-1].grow(owner, branches[owner])
    return trees


@dataclass(slots=True)
class Place:
    """A tree's part of a sequence: so many tokens of prefix, then its chains, a few at a time:
    for each group of them which of its tokens see which (_LL)."""

    prefix_length: int
    groups: list[Tensor]


@dataclass(slots=True)
class Batch:
    """Trees end to end as tensors; the leading 1 is the batch dimension that models expect."""

    ids_1T: Tensor
    positions_1T: Tensor
    places: list[Place]
    sources_N: Tensor
    labels_N: Tensor


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
        [_place(tree, device) for tree in trees],
        tensor(
            [s + start for tree, start in zip(trees, starts, strict=True) for s in tree.sources_N]
        ),
        tensor([label for tree in trees for label in tree.labels_N]),
    )


def _place(tree: Tree, device: torch.device | str) -> Place:
    groups: list[list[int]] = []
    for length in tree.lengths:
        if not groups or sum(groups[-1]) + length > GROUP_TOKENS:
            groups.append([])
        groups[-1].append(length)
    return Place(tree.prefix_length, [_seen(lengths, device) for lengths in groups])


def _seen(lengths: Sequence[int], device: torch.device | str) -> Tensor:
    """(L, L): each token sees itself and what comes before it in its own chain."""
    sizes = torch.tensor(lengths, device=device)
    owner_L = torch.arange(len(lengths), device=device).repeat_interleave(sizes)
    return (owner_L[:, None] == owner_L).tril()


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


def target_logits(backbone: nn.Module, head: Callable[[Tensor], Tensor], batch: Batch) -> Tensor:
    """(N, V) logits at the target positions; only those meet the output matrix."""
    return head(forward(backbone, batch)[batch.sources_N])


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
    scale = scaling or query_1HTD.shape[-1] ** -0.5
    sizes = [place.prefix_length + sum(map(len, place.groups)) for place in trees]
    queries, keys, values = (t_1HTD[0].split(sizes, 1) for t_1HTD in (query_1HTD, key, value))
    found = [
        _one_tree(q, k, v, place, scale)
        for q, k, v, place in zip(queries, keys, values, trees, strict=True)
    ]
    return torch.cat(found)[None], None


def _one_tree(
    query_HTD: Tensor, key_GTD: Tensor, value_GTD: Tensor, place: Place, scale: float
) -> Tensor:
    """(T, H, D): the prefix sees itself, each chain the prefix and itself."""
    sizes = [place.prefix_length, *map(len, place.groups)]
    (q0, *queries), (k0, *keys), (v0, *values) = (
        t.split(sizes, 1) for t in (query_HTD, key_GTD, value_GTD)
    )
    pieces = []
    if place.prefix_length:
        seen_1HPD = scaled_dot_product_attention(
            q0[None], k0[None], v0[None], is_causal=True, scale=scale, enable_gqa=True
        )
        pieces.append(seen_1HPD[0])
    for q, k, v, seen_LL in zip(queries, keys, values, place.groups, strict=True):
        k, v = torch.cat([k0, k], dim=1), torch.cat([v0, v], dim=1)
        pieces.append(_behind_prefix(q, k, v, seen_LL, scale))
    return torch.cat(pieces, dim=1).transpose(0, 1)


def _behind_prefix(
    query_HLD: Tensor, keys: Tensor, values: Tensor, seen: Tensor, scale: float
) -> Tensor:
    """(H, L, D) attention of some chains to P + L keys: all of the prefix, and of each other what
    `seen` (L, L) allows. Written out, with the query heads that share keys stacked: on a CPU this
    is twice as fast at such sizes as the fused kernel."""
    heads, length, size = query_HLD.shape
    shared = heads // len(keys)
    visible = nn.functional.pad(seen, (keys.shape[1] - length, 0), value=True).repeat(shared, 1)
    barred = torch.zeros(visible.shape, dtype=keys.dtype, device=keys.device)
    barred = barred.masked_fill(~visible, -1e9).expand(len(keys), -1, -1)
    query = query_HLD.reshape(len(keys), shared * length, size)
    scores = torch.baddbmm(barred, query, keys.transpose(1, 2), alpha=scale)
    return (scores.softmax(-1) @ values).view(heads, length, size)


AttentionInterface.register(ATTENTION, tree_attention)
AttentionMaskInterface.register(ATTENTION, sdpa_mask)
