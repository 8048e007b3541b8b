"""What undoing costs: how many sessions are learnt again, and for how long, as a sentence.

Knows the service's count and pace. Does not know what is undone, or why.
"""

from collections.abc import Collection

from agent.service import Service
from ui.words import lasting, many


def relearnt(service: Service, sessions: Collection[str], *, kept: bool) -> str:
    """To be put behind a question whether `sessions` should leave the weights; `kept`: they are
    learnt again themselves. Empty when nothing is."""
    count, seconds = service.learnt_again(sessions, kept=kept)
    if not count:
        return ""
    about = f", about {lasting(seconds)}" if seconds else ""
    return f" {many(count, 'session')} {'is' if count == 1 else 'are'} learnt again{about}."
