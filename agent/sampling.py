"""How the next token is chosen. Knows logits."""

from dataclasses import dataclass

import torch
from torch import Tensor

COLD = 1e-3  # below it logits overflow
TOP_K = 64  # tokens that may be drawn; a sort of the whole vocabulary costs more than a forward


@dataclass(frozen=True, slots=True)
class Sampling:
    """How the next token is chosen; temperature 0, and what is hardly more, is greedy."""

    max_tokens: int = 200
    temperature: float = 0.0
    top_p: float = 0.95
    seed: int = 0

    @property
    def greedy(self) -> bool:
        return self.temperature < COLD


class Picker:
    """Chooses next tokens from (B, V) logits."""

    def __init__(self, sampling: Sampling, device: torch.device) -> None:
        self._sampling = sampling
        self._generator = torch.Generator(device).manual_seed(sampling.seed)

    def __call__(self, logits_BV: Tensor) -> Tensor:
        if self._sampling.greedy:
            return logits_BV.argmax(-1)
        top_BK = (logits_BV.float() / self._sampling.temperature).topk(TOP_K, sorted=True)
        kept_BK = top_BK.values.softmax(-1)
        kept_BK[kept_BK.cumsum(-1) - kept_BK > self._sampling.top_p] = 0
        drawn_B1 = torch.multinomial(kept_BK, 1, generator=self._generator)
        return top_BK.indices.gather(-1, drawn_B1)[:, 0]
