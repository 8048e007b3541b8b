"""What the weights know: greedy answers with nothing in the prompt, and how they are scored.

Used by the gate (a cycle's own probes) and by `run.py evaluate` (cases from outside). Knows a model
and texts; no database. Kinds: recall, update, recommend, abstain; and drift from the base.
"""

import re
import string
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

import torch

from agent import prompts
from agent.asking import branches_behind, branches_of, mean_logprobs, plain_branches
from agent.model import Message, Model
from agent.sampling import Sampling
from agent.text import admits
from agent.tree import Branch, collate, pack, target_logits

ANSWER = Sampling(max_tokens=60)
ASKED_AT_ONCE = 24


def system_only() -> list[Message]:
    """The whole prompt of a fresh session."""
    return [{"role": "system", "content": prompts.system()}]


def answers(
    model: Model,
    context: Sequence[Message],
    questions: Sequence[str],
    adapter: str | None,
    sampling: Sampling = ANSWER,
) -> list[str]:
    """A greedy reply to each question behind the same context."""
    found: list[str] = []
    for start in range(0, len(questions), ASKED_AT_ONCE):
        prefix, ends = branches_of(model, context, questions[start : start + ASKED_AT_ONCE])
        found += model.continue_all(prefix, ends, sampling, adapter)
    return found


def option_scores(
    model: Model,
    context: Sequence[Message],
    question: str,
    options: Sequence[str],
    adapter: str | None,
) -> list[float]:
    """Mean log-probability per token of each option as the reply."""
    rows = [(question, option) for option in options]
    return mean_logprobs(model, *branches_behind(model, context, rows), adapter)


def score(probe: Mapping[str, Any], answer: str) -> float:
    """How far an answer meets a probe (the format of the cases): 0 to 1."""
    text = answer.casefold()
    if probe["kind"] == "abstain":
        return float(admits(answer))
    if "gold" in probe:
        golds = probe["gold"] if isinstance(probe["gold"], list) else [probe["gold"]]
        return max(token_f1(answer, gold) for gold in golds)
    groups = probe.get("accept_all") or [probe["accept"]]
    told = all(any(_stands_in(key, text) for key in group) for group in groups)
    stale = any(_stands_in(key, text) for key in probe.get("reject", []))
    return float(told and not stale)


def _stands_in(key: str, text: str) -> bool:
    """Contained in the text; a number not as a part of another number."""
    key = key.casefold()
    if key.isdigit():
        return re.search(rf"(?<![\d.,]){key}(?![\d]|[.,]\d)", text) is not None
    return key in text


def token_f1(answer: str, gold: str) -> float:
    """SQuAD's token F1 (Rajpurkar et al. 2016)."""
    ours, theirs = _squad_tokens(answer), _squad_tokens(gold)
    shared = sum((Counter(ours) & Counter(theirs)).values())
    if not ours or not theirs or not shared:
        return float(ours == theirs)
    precision, recall = shared / len(ours), shared / len(theirs)
    return 2 * precision * recall / (precision + recall)


def _squad_tokens(text: str) -> list[str]:
    text = "".join(c for c in text.lower() if c not in string.punctuation)
    return re.sub(r"\b(a|an|the)\b", " ", text).split()


def drift(model: Model, exchanges: Sequence[tuple[str, str]], adapter: str | None) -> float:
    """Mean KL(base || adapted) over replies of the base's own, in nats per token of a reply.

    What the model expects inside a person's message, which nobody reads from it, does not count.
    """
    return _apart(model, *branches_behind(model, system_only(), exchanges), adapter)


def plain_drift(model: Model, texts: Sequence[str], adapter: str | None) -> float:
    """Mean KL(base || adapted) over texts without any chat around, in nats per token."""
    return _apart(model, [], plain_branches(model, texts), adapter)


@torch.inference_mode()
def _apart(
    model: Model, prefix: Sequence[int], branches: Sequence[Branch], adapter: str | None
) -> float:
    total, count = 0.0, 0
    for row in pack(prefix, branches, len(prefix) + 500) if branches else []:
        batch = collate([row], model.device)
        found = []
        for name in (None, adapter):
            with model.turnstile.back(), model.using(name):
                logits_NV = target_logits(model.backbone, model.head, batch)
                found.append(logits_NV.float().log_softmax(-1))
        base_NV, ours_NV = found
        total += float((base_NV.exp() * (base_NV - ours_NV)).sum())
        count += len(base_NV)
    return total / max(1, count)
