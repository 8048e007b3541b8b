"""Many absorptions at once: a LoRA for each of several lives, side by side in one forward.

Row k of a batch meets the k-th LoRA alone, of the layers, the projections and the rank that an absorption
has. Knows a model and rows of tokens; not what is asked or learnt.
"""

import math
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from agent.halves import middle
from agent.model import Model
from agent.recipe import Recipe


class Pupils:
    """`weights` are theirs in a fixed order: (lives, inputs, rank) and (lives, rank, outputs) of every
    projection. Fresh ones change nothing until they are trained."""

    def __init__(self, model: Model, lives: int, recipe: Recipe) -> None:
        self._model = model
        self._scale = recipe.alpha / recipe.rank
        self._pairs: list[tuple[nn.Module, Tensor, Tensor]] = []
        for layer in model.backbone.layers[middle(model) :]:
            for name, module in layer.named_modules():
                if name.rpartition(".")[2] in recipe.targets:
                    plain = getattr(module, "base_layer", module)  # inside peft's, or alone
                    bound = 1 / math.sqrt(plain.in_features)  # as peft draws A
                    down = torch.empty(lives, plain.in_features, recipe.rank).uniform_(
                        -bound, bound
                    )
                    up = torch.zeros(lives, recipe.rank, plain.out_features)
                    self._pairs.append((module, *(self._own(w) for w in (down, up))))
        self.weights = [weight for _, *pair in self._pairs for weight in pair]

    def _own(self, weight: Tensor) -> Tensor:
        return weight.to(self._model.device, self._model.dtype).requires_grad_()

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Inside, every forward is theirs."""
        with ExitStack() as hooks:
            for module, down, up in self._pairs:
                handle = module.register_forward_hook(partial(self._add, down, up))
                hooks.callback(handle.remove)
            yield

    def _add(
        self, down: Tensor, up: Tensor, module: nn.Module, inputs: Any, made: Tensor
    ) -> Tensor:
        return torch.baddbmm(made, inputs[0] @ down, up, alpha=self._scale)
