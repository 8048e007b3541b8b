"""A short reply is the likeliest whole answer, not the one that began likeliest.

Word by word a small model says "You haven't told me" wherever no other single beginning is likelier,
though together they may be: what is known can be said in many ways, a denial in few. So a reply that
turns out short is looked for again among whole answers: those that admit against those that tell, by
the probability of all that were found, and of the heavier side the likeliest. Where the few that were
found are not much of it, there is no one answer, and the reply stays.

Long replies and drawn ones grow as ever, and so does all that is said without an adapter. Knows a
model and texts; no session.
"""

import math
from collections.abc import Callable, Iterator, Sequence

from agent.model import CHAT, Message, Model
from agent.sampling import Sampling
from agent.text import admits

SHORT = 24  # tokens; what people are told of themselves is rarely longer
WIDTH = 5  # answers that are looked for
LEAST = 0.2  # of the probability; of what has many good replies five hold less


def reply(
    model: Model,
    messages: Sequence[Message],
    sampling: Sampling,
    *,
    adapter: str | None = CHAT,
    stopped: Callable[[], bool] = lambda: False,
) -> Iterator[str]:
    """`Model.stream`, but a reply of up to SHORT tokens comes at once and may be another one. Until
    it is known whether it is short, each token is "": whoever reads may leave there."""
    made, ended = 0, True

    def cut() -> bool:
        nonlocal made, ended
        ended = not stopped()
        made += ended
        return not ended

    grown = model.stream(messages, sampling, adapter=adapter, stopped=cut)
    known = adapter is not None and model.has_adapter(adapter)
    if known and sampling.greedy and sampling.max_tokens > SHORT:
        draft = ""
        for text in grown:
            draft = text
            if made > SHORT:
                break
            yield ""
        if draft and ended and made <= SHORT:
            found = model.whole_replies(messages, WIDTH, SHORT, adapter)
            yield ""
            draft = settle(found) or draft
        if draft:
            yield draft
    yield from grown


def said(model: Model, messages: Sequence[Message], sampling: Sampling) -> str:
    """The whole reply of a chat with the adapter in use to greedy `sampling`, made in the
    background."""
    (draft,) = model.continue_all([], [model.prompt(messages)], sampling, CHAT)
    if not draft or tokens_of(model, draft) > SHORT:
        return draft
    return settle(model.whole_replies(messages, WIDTH, SHORT, CHAT, aside=True)) or draft


def tokens_of(model: Model, text: str) -> int:
    """How many tokens a reply has, without the one that ends it."""
    return len(model.answer_ids(text)) - 1


def settle(found: Sequence[tuple[str, float]]) -> str:
    """Of replies and their log-probabilities, likeliest first: the likeliest that tells something,
    or the likeliest that admits, whichever kind has more probability; "" where both have little."""
    sides: dict[bool, float] = {True: 0.0, False: 0.0}
    for text, logprob in found:
        sides[admits(text)] += math.exp(logprob)
    if sum(sides.values()) < LEAST:
        return ""
    heavier = sides[True] > sides[False]
    return next(text for text, _ in found if admits(text) == heavier)
