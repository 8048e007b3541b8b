"""Questions behind a context, many at once: their ids, the base's answers, how likely answers are.

Knows a model and a session's messages; not what is asked for what purpose.
"""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TypeVar

import torch

from agent.model import Message, Model
from agent.reading import passage, place_of, teacher_context, told
from agent.sampling import Sampling
from agent.tree import Branch, collate, pack, target_logits

AT_ONCE = 32  # rows of a batch; more cost memory and gain nothing
SESSION_TOKENS = 1400  # of a session that is read whole
TURN_TOKENS = 5  # what a template puts around a message, about
T = TypeVar("T")


def branches_of(
    model: Model, context: Sequence[Message], asked: Iterable[str]
) -> tuple[list[int], list[list[int]]]:
    """The context's ids and, for each question, the ids that follow them."""
    prefix: list[int] = []
    ends = []
    for question in asked:
        start, whole = model.split(context, [{"role": "user", "content": question}])
        prefix = whole[:start]
        ends.append(whole[start:])
    return prefix, ends


def branches_behind(
    model: Model, context: Sequence[Message], pairs: Sequence[tuple[str, str]]
) -> tuple[list[int], list[Branch]]:
    """The context's ids, and each pair behind them as question and target."""
    prefix, ends = branches_of(model, context, [q for q, _ in pairs] or ["?"])
    branches = [
        Branch(end, model.answer_ids(answer)) for end, (_, answer) in zip(ends, pairs, strict=False)
    ]
    return prefix, branches


def plain_branches(model: Model, texts: Sequence[str]) -> list[Branch]:
    """Texts that stand behind nothing: each one's first token is given, the others are targets."""
    rows = [model.text_ids(text) for text in texts]
    return [Branch(ids[:1], ids[1:]) for ids in rows]


def by_passage(
    model: Model,
    messages: Sequence[Message],
    day: date | None,
    pairs: Sequence[tuple[str, str]],
    ask: Callable[[Model, list[Message], list[tuple[str, str]]], Sequence[T]],
) -> list[T]:
    """`ask(model, context, pairs)` for each passage that tells some of `pairs`, the results in the
    pairs' order; for the whole session where no message tells anything (its user may yet have
    written pairs for it)."""
    said = told(messages, day)
    if not said:
        return [*ask(model, teacher_context(messages, day), [*pairs])] if pairs else []
    places = [place_of(*pair, said) for pair in pairs]
    found: dict[int, T] = {}
    for place in sorted(set(places)):
        mine = [k for k, other in enumerate(places) if other == place]
        context = teacher_context(passage(messages, place), day)
        found |= zip(mine, ask(model, context, [pairs[k] for k in mine]), strict=True)
    return [found[k] for k in range(len(pairs))]


def continue_in_parts(model: Model, whole: Sequence[list[int]], sampling: Sampling) -> list[str]:
    """The base's continuation of each row of ids, AT_ONCE rows of like length at a time."""
    order = sorted(range(len(whole)), key=lambda k: len(whole[k]))
    found = [""] * len(whole)
    for start in range(0, len(order), AT_ONCE):
        part = order[start : start + AT_ONCE]
        texts = model.continue_all([], [whole[k] for k in part], sampling)
        for k, text in zip(part, texts, strict=True):
            found[k] = text
    return found


def answer_logprobs(
    model: Model, context: Sequence[Message], pairs: Sequence[tuple[str, str]]
) -> list[float]:
    """Mean log-probability per token of each answer after its question, by the bare base."""
    return mean_logprobs(model, *branches_behind(model, context, pairs), None)


def mean_logprobs(
    model: Model, prefix: Sequence[int], branches: Sequence[Branch], adapter: str | None
) -> list[float]:
    """Mean log-probability per token of each branch's target behind the prefix."""
    sums = [0.0] * len(branches)
    for row in pack(prefix, branches, len(prefix) + 500):
        with model.turnstile.back(), model.using(adapter), torch.inference_mode():
            batch = collate([row], model.device)
            logits_NV = target_logits(model.backbone, model.head, batch).float()
            found_N = logits_NV.log_softmax(-1).gather(1, batch.labels_N[:, None])[:, 0]
        for owner, value in zip(row.owners_N, found_N.tolist(), strict=True):
            sums[owner] += value
    return [total / len(branch.target) for total, branch in zip(sums, branches, strict=True)]


def fitting(model: Model, messages: Sequence[Message]) -> list[Message]:
    """As much of the session as fits in a piece, in order: the user's words before the
    assistant's, and of those the newest."""
    rows = [cut(model, m) for m in messages]
    sizes = [len(model.tokenizer(m["content"])["input_ids"]) + TURN_TOKENS for m in rows]
    while len(rows) > 1 and sum(sizes) > SESSION_TOKENS:
        spoken = next((k for k, m in enumerate(rows) if m["role"] == "assistant"), 0)
        del rows[spoken], sizes[spoken]
    return rows


def cut(model: Model, message: Message) -> Message:
    """A single message longer than a piece loses its end."""
    ids = model.tokenizer(message["content"], add_special_tokens=False)["input_ids"]
    if len(ids) <= SESSION_TOKENS:
        return dict(message)
    return {**message, "content": model.tokenizer.decode(ids[:SESSION_TOKENS])}
