"""AdamW for adapters that are kept in bf16: full-precision copies take the steps.

A bf16 weight cannot hold an update a thousandth of its size; its fp32 master can.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor


class MasterAdamW:
    """AdamW on fp32 masters of `weights`; after each step the weights are the masters, rounded."""

    def __init__(
        self, weights: Sequence[Tensor], learning_rate: float, weight_decay: float = 0.0
    ) -> None:
        self._weights = list(weights)
        self._masters = [w.detach().float().clone() for w in self._weights]
        self._adam = torch.optim.AdamW(
            self._masters,
            lr=learning_rate,
            weight_decay=weight_decay,
            betas=(0.9, 0.98),
            fused=True,
        )
        self._peak = learning_rate

    def step(self, scale: float = 1.0, clip: float = 1.0) -> float:
        """One update at `scale` times the learning rate from the weights' gradients, which are
        cleared. Returns the gradient's norm before it was clipped."""
        for weight, master in zip(self._weights, self._masters, strict=True):
            master.grad = None if weight.grad is None else weight.grad.float()
            weight.grad = None
        norm = float(torch.nn.utils.clip_grad_norm_(self._masters, clip))
        for group in self._adam.param_groups:
            group["lr"] = self._peak * scale
        self._adam.step()
        with torch.no_grad():
            for weight, master in zip(self._weights, self._masters, strict=True):
                weight.copy_(master)
        return norm

    def state_dict(self) -> dict[str, Any]:
        return {"masters": self._masters, "adam": self._adam.state_dict()}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take up a saved state; the weights follow their masters."""
        with torch.no_grad():
            for weight, master, saved in zip(
                self._weights, self._masters, state["masters"], strict=True
            ):
                master.copy_(saved)
                weight.copy_(saved)
        self._adam.load_state_dict(state["adam"])
