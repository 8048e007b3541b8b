"""What undoing takes with it and what it costs: the answers that go as well, the sessions that are learnt
again and for how long, as sentences.

Knows the service's count and pace. Does not know why something is undone.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

import gradio as gr

from agent.forgetting import said_again
from agent.service import Service
from storage.pairs import Pair
from ui.words import lasting, many, told

SHOWN = 12  # answers in one question


@contextmanager
def undoing(service: Service) -> Iterator[None]:
    """Around what is undone: says why it takes a while, and turns failures into sentences."""
    if service.progress().running:
        gr.Info("Learning is stopped first, at its next safe point.")
    with told():
        yield


def forgets(service: Service, pair: Pair) -> str:
    """The question whether a fact is to be forgotten."""
    also = said_again(service.profile, pair)
    sessions = {pair.session_id, *(other.session_id for other in also)}
    asked = f"Forget “{pair.answer}”? It goes now, and the weights are rebuilt without it."
    others = _others(pair, also, " What says the same goes too:")
    return asked + relearnt(service, sessions, kept=True) + others


def corrects(service: Service, pair: Pair) -> str:
    """What stands above the right answer that is to be written."""
    also = [p for p in said_again(service.profile, pair) if p.origin != "user"]
    cost = relearnt(service, [pair.session_id], kept=True)
    return f"**{pair.question}**{cost}" + _others(
        pair, also, " Where it says otherwise, this goes:"
    )


def listed(answers: Sequence[str]) -> str:
    """The first of them as a list in Markdown, and how many more there are."""
    more = len(answers) - SHOWN
    lines = [*answers[:SHOWN], *([f"and {more} more"] if more > 0 else [])]
    return "\n\n" + "\n".join(f"- {line}" for line in lines)


def _others(pair: Pair, also: Collection[Pair], heading: str) -> str:
    """The other answers among these, if there are any."""
    others = [a for a in dict.fromkeys(p.answer for p in also) if a != pair.answer]
    return heading + listed(others) if others else ""


def relearnt(service: Service, sessions: Collection[str], *, kept: bool) -> str:
    """To be put behind a question whether `sessions` should leave the weights; `kept`: they are
    learnt again themselves. Empty when nothing is."""
    count, seconds = service.learnt_again(sessions, kept=kept)
    if not count:
        return ""
    about = f", about {lasting(seconds)}" if seconds else ""
    return f" {many(count, 'session')} {'is' if count == 1 else 'are'} learnt again{about}."
