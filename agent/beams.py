"""The likeliest whole replies: a beam search by the probability of the whole and not by token.

Knows token ids and a step of some network; no texts.
"""

import math
from collections.abc import Callable, Sequence

import torch
from torch import Tensor

Step = Callable[[Tensor, Tensor], Tensor]


def likeliest(
    first_V: Tensor, step: Step, stops: Sequence[int], width: int, most: int
) -> list[tuple[list[int], float]]:
    """Up to `width` rows of 1 to `most` ids that one of `stops` ends, with their log-probabilities,
    likeliest first.

    `first_V`: the logits behind the prompt. `step(rows_B, ids_B)`: goes on from these rows of the
    step before with these ids, and gives the logits behind them, (B, V).
    """
    logits_BV = first_V[None]
    score_B1 = torch.zeros(1, 1, device=first_V.device)
    rows: list[list[int]] = [[]]
    done: list[tuple[list[int], float]] = []
    for made in range(most + 1):
        logprobs_BV = score_B1 + logits_BV.float().log_softmax(-1)
        ends_B = logprobs_BV[:, [*stops]].logsumexp(-1)
        if made:
            done += zip(rows, ends_B.tolist(), strict=True)
            done = sorted(done, key=lambda reply: -reply[1])[:width]
        logprobs_BV[:, [*stops]] = -math.inf
        best = logprobs_BV.flatten().topk(min(width, logprobs_BV.numel()))
        if made == most or (len(done) == width and float(best.values[0]) <= done[-1][1]):
            break  # what goes on only becomes less likely
        size = logprobs_BV.shape[1]
        rows_B, ids_B = best.indices // size, best.indices % size
        rows = [[*rows[place // size], place % size] for place in best.indices.tolist()]
        score_B1 = best.values[:, None]
        logits_BV = step(rows_B, ids_B)
    return done
