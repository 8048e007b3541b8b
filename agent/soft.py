"""What the teacher says, kept small, and how far the student is from it.

    KL( p_teacher || p_student ) over the teacher's k likeliest tokens and one event for all the rest

k of 20 and more lost nothing in Cartridges (Eyuboglu et al. 2025). Knows distributions and the model that
has them; nothing of training.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor

from agent.model import Model
from agent.tree import Branch, collate, pack, target_logits

LEAST_REST = 1e-7  # of probability, outside the k
POSITIONS = 8  # whose probabilities over the vocabulary are at hand at once


@dataclass(frozen=True, slots=True)
class Soft:
    """Teacher distributions over N target tokens: the k likeliest and what is left.

    ids_NK: token ids; logps_NK: their log-probabilities; logtail_N: log of the remaining mass.
    """

    ids_NK: Tensor
    logps_NK: Tensor
    logtail_N: Tensor

    @classmethod
    def of(cls, logits_NV: Tensor, k: int) -> "Soft":
        logps_NV = logits_NV.float().log_softmax(-1)
        top = logps_NV.topk(min(k, logps_NV.shape[-1]), dim=-1)
        return cls(top.indices, top.values, _rest(top.values))

    def toward(self, labels_N: Tensor, share: float) -> "Soft":
        """This distribution mixed with `share` of certainty about `labels_N`. Where its likeliest is
        another one, certainty alone: the teacher misreads there, or refuses."""
        if share == 0:
            return self
        agreed_N = self.ids_NK[:, 0] == labels_N
        keep_N = torch.where(agreed_N, math.log1p(-share) if share < 1 else -math.inf, -math.inf)
        gain_N = torch.where(agreed_N, math.log(share), 0.0)
        ids_NK, logps_NK = self.ids_NK.clone(), self.logps_NK + keep_N[:, None]
        ids_NK[:, 0] = labels_N
        logps_NK[:, 0] = torch.logaddexp(logps_NK[:, 0], gain_N)
        return Soft(ids_NK, logps_NK, self.logtail_N + keep_N)

    def to_bytes(self) -> bytes:
        """Compact: 6 bytes per kept token and 2 per position."""
        n, k = self.ids_NK.shape
        return b"".join(
            (
                np.array([n, k], dtype=np.uint16).tobytes(),
                self.ids_NK.cpu().numpy().astype(np.uint32).tobytes(),
                self.logps_NK.cpu().numpy().astype(np.float16).tobytes(),
                self.logtail_N.cpu().numpy().astype(np.float16).tobytes(),
            )
        )

    @classmethod
    def from_bytes(cls, data: bytes) -> "Soft":
        n, k = (int(v) for v in np.frombuffer(data, np.uint16, 2))
        ids = np.frombuffer(data, np.uint32, n * k, 4).astype(np.int64).reshape(n, k)
        logps = np.frombuffer(data, np.float16, n * k, 4 + 4 * n * k).reshape(n, k)
        tail = np.frombuffer(data, np.float16, n, 4 + 6 * n * k)
        return cls(
            torch.from_numpy(ids),
            torch.from_numpy(logps.astype(np.float32)),
            torch.from_numpy(tail.astype(np.float32)),
        )


def _rest(logps_NK: Tensor) -> Tensor:
    """log(1 - sum exp), safe where the k hold everything."""
    left = 1 - logps_NK.exp().sum(-1)
    return left.clamp_min(LEAST_REST).log()


def kl_top_k(logits_NV: Tensor, soft: Soft) -> Tensor:
    """(N,) KL(teacher || student) in nats, all that is outside the teacher's k as one event.

    Raises ValueError when the shapes disagree. An empty batch gives an empty result.
    """
    if logits_NV.ndim != 2 or soft.ids_NK.shape[0] != logits_NV.shape[0]:
        raise ValueError(f"logits {tuple(logits_NV.shape)} for targets {tuple(soft.ids_NK.shape)}")
    loss_N: Tensor = _KL.apply(logits_NV, soft.ids_NK, soft.logps_NK, soft.logtail_N)
    return loss_N


class _KL(torch.autograd.Function):
    """Loss and gradient together, a few positions at a time: (N, V) in fp32 would leave the CPU's
    cache and meet memory five times. With q the student's probabilities, S their sum over the k and
    t = p_tail / (1 - S), the gradient is q (sum p - t S), and at the k besides t q - p."""

    @staticmethod
    def forward(
        ctx: Any, logits_NV: Tensor, ids_NK: Tensor, logps_NK: Tensor, logtail_N: Tensor
    ) -> Tensor:
        loss_N = logits_NV.new_empty(len(logits_NV), dtype=torch.float)
        slope_NV = torch.empty_like(logits_NV)
        for start in range(0, len(logits_NV), POSITIONS):
            part = slice(start, start + POSITIONS)
            ids, p, p_tail = ids_NK[part], logps_NK[part].exp(), logtail_N[part].exp()
            logq = logits_NV[part].float().log_softmax(-1)
            logq_k = logq.gather(1, ids)
            q, q_k = logq.exp_(), logq_k.exp()
            left = 1 - q_k.sum(-1)
            safe = left.clamp_min(LEAST_REST)
            # 0 * -inf is 0 here: an event that the teacher rules out costs nothing.
            loss_N[part] = (p * (logps_NK[part].clamp_min(-1e4) - logq_k)).sum(-1)
            loss_N[part] += p_tail * (logtail_N[part].clamp_min(-1e4) - safe.log())
            t = torch.where(left > LEAST_REST, p_tail / safe, 0.0)
            q *= (p.sum(-1) - t * (1 - left))[:, None]
            slope_NV[part] = q.scatter_add_(1, ids, t[:, None] * q_k - p)
        ctx.save_for_backward(slope_NV)
        return loss_N

    @staticmethod
    def backward(ctx: Any, *grads: Tensor) -> tuple[Tensor | None, ...]:
        (slope_NV,) = ctx.saved_tensors
        return slope_NV * grads[0][:, None].to(slope_NV.dtype), None, None, None


@torch.inference_mode()
def soft_targets(
    model: Model, prefix: Sequence[int], branches: Sequence[Branch], k: int, adapter: str | None
) -> list[Soft]:
    """The teacher's distributions over each branch's target, all behind one prefix."""
    found: list[Soft] = []
    for row in pack(prefix, branches, len(prefix) + 500):
        with model.turnstile.back(), model.using(adapter):
            batch = collate([row], model.device)
            soft = Soft.of(target_logits(model.backbone, model.head, batch), k)
        sizes = [len(branches[owner].target) for owner, _, _ in row.spans]
        parts = zip(
            soft.ids_NK.cpu().split(sizes),
            soft.logps_NK.cpu().split(sizes),
            soft.logtail_N.cpu().split(sizes),
            strict=True,
        )
        found += [Soft(ids.clone(), logps.clone(), tail.clone()) for ids, logps, tail in parts]
    return found


def joined(softs: Sequence[Soft], device: torch.device) -> Soft:
    """All their positions as one."""
    return Soft(
        torch.cat([s.ids_NK for s in softs]).to(device),
        torch.cat([s.logps_NK for s in softs]).to(device),
        torch.cat([s.logtail_N for s in softs]).to(device),
    )
