"""The network in two halves, so that what does not learn is run once and not in every pass.

Knows the network's layers and trees of ids; no targets, no optimizer.
"""

import copy
from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor, nn

from agent.model import CANDIDATE, Model
from agent.recipe import Recipe
from agent.tree import Batch, Branch, Tree, collate, forward, pack, target_logits


class Halves:
    """The network in two parts: below `cut` nothing learns, so that part is run once for each
    branch and its hidden states are kept; each pass runs only the layers above. While learning, the
    states of a question and its answer are blurred by `recipe.noise`, so that questions near it get that
    answer (as NEFTune, Jain et al., ICLR 2024, does to embeddings); plain text is not.

    Where the two parts do not give the whole's result (some architectures scale their inputs or
    alternate masks by layer number), cut is 0 and every pass runs all layers, without noise.
    """

    def __init__(
        self,
        model: Model,
        prefix: Sequence[int],
        branches: Sequence[Branch],
        recipe: Recipe,
        plain: Sequence[Branch] = (),
    ) -> None:
        """`plain` stand behind nothing, `branches` behind the prefix."""
        self._model = model
        self._prefix = prefix
        self._noise = recipe.noise
        self.cut = middle(model) if recipe.upper_half else 0
        if self.cut:
            self._lower = part(model.backbone, slice(0, self.cut), last=False)
            self._upper = part(model.backbone, slice(self.cut, None), last=True)
            if branches and not self._exact(pack(prefix, branches[:1], 10**9)[0]):
                self.cut = 0
        self.plain = [pack([], [branch], 10**9)[0] for branch in plain]
        if self.cut:
            self._prefix_hidden, self._hidden = self._run_lower(prefix, branches)
            _, self._hidden_plain = self._run_lower([], plain)

    def logits(self, row: Tree, owners: Sequence[int], plain: int | None = None) -> Tensor:
        """(N, V) logits at the row's targets, then at those of one plain text; `owners` and `plain` are
        numbers in the lists that this object was made with."""
        beside = [] if plain is None else [self.plain[plain]]
        batch = collate([row, *beside], self._model.device)
        if not self.cut:
            return target_logits(self._model.backbone, self._model.head, batch)
        asked_TD = self._blurred(torch.cat([self._hidden[k] for k in owners]))
        parts = [self._prefix_hidden, asked_TD]
        parts += [] if plain is None else [self._hidden_plain[plain]]
        return self._above(torch.cat(parts), batch)

    def _blurred(self, hidden_TD: Tensor) -> Tensor:
        learning = self._noise and torch.is_grad_enabled()
        return blurred(hidden_TD, self._noise) if learning else hidden_TD

    def _above(self, hidden_TD: Tensor, batch: Batch) -> Tensor:
        top_TD = forward(self._upper, batch, inputs_embeds=hidden_TD[None])
        logits_NV: Tensor = self._model.head(top_TD[batch.sources_N])
        return logits_NV

    @torch.no_grad()
    def probe_loss(self, first: int, probes: Sequence[Branch]) -> float:
        """Mean loss per answer token of the probes, whose branches begin at number `first`."""
        total, count = 0.0, 0
        for row in pack(self._prefix, probes, 600):
            with self._model.turnstile.back(), self._model.using(CANDIDATE):
                logits_NV = self.logits(row, [first + owner for owner, _, _ in row.spans])
            labels_N = torch.tensor(row.labels_N, device=logits_NV.device)
            total += float(nn.functional.cross_entropy(logits_NV.float(), labels_N) * len(labels_N))
            count += len(labels_N)
        return total / max(1, count)

    @torch.no_grad()
    def _run_lower(
        self, prefix: Sequence[int], branches: Sequence[Branch]
    ) -> tuple[Tensor, list[Tensor]]:
        """Hidden states below the cut, of the prefix and of each branch."""
        first = torch.empty(0)
        kept: list[Tensor] = []
        for row in pack(prefix, branches, 600):
            with self._model.turnstile.back(), self._model.using(CANDIDATE):
                hidden_TD = forward(self._lower, collate([row], self._model.device))
            first = hidden_TD[: len(prefix)].clone()
            kept += [hidden_TD[start:end].clone() for _, start, end in row.spans]
        return first, kept

    @torch.no_grad()
    def _exact(self, row: Tree) -> bool:
        batch = collate([row], self._model.device)
        with self._model.turnstile.back(), self._model.using(CANDIDATE):
            whole = target_logits(self._model.backbone, self._model.head, batch)
            return torch.equal(whole, self._above(forward(self._lower, batch), batch))


def blurred(hidden_TD: Tensor, noise: float) -> Tensor:
    """Each token's states with `noise` times their spread added."""
    spread_T1 = hidden_TD.float().std(-1, keepdim=True).to(hidden_TD.dtype)
    return hidden_TD + noise * spread_T1 * torch.randn_like(hidden_TD)


def middle(model: Model) -> int:
    """The number of the first layer that learns."""
    return len(model.backbone.layers) // 2


def lower_half(model: Model) -> nn.Module:
    """The layers below the middle, with the middle's own norm at the end: what it gives is what the
    first layer that learns is given."""
    lower = part(model.backbone, slice(0, middle(model)), last=False)
    lower._modules["norm"] = model.backbone.layers[middle(model)].input_layernorm
    return lower


def part(backbone: nn.Module, layers: slice, *, last: bool) -> nn.Module:
    """The backbone with some of its layers, sharing their weights; the last part keeps the norm."""
    part = copy.copy(backbone)
    part._modules = dict(backbone._modules)
    all_layers: Any = backbone.get_submodule("layers")
    part._modules["layers"] = all_layers[layers]
    if not last:
        part._modules["norm"] = nn.Identity()
    return part
