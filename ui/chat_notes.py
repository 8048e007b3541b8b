"""What stands above the conversation: whether it is kept, what it goes on from, what no longer fits.

Knows sessions. Does not know what is shown below it.
"""

from agent.service import Service
from storage.sessions import Session
from ui import html
from ui.talk import is_open
from ui.words import STATES, many

_OFF = "Off the record: nothing in this chat is written down or learnt."
_GOES_ON = "This goes on from “{}”: its last words are still before me."
_TRIMMED = (
    "The oldest {} no longer fit into what I can read at once."
    " They stay in the log and are learnt when you end the session."
)
_READING = (
    "You are reading “{}” ({}). Go on from it in a new session, or press New session to begin anew."
)


def above(service: Service, session: str | None, off: bool) -> str:
    """What is to be known of the session in the chat."""
    if off:
        return html.banner(_OFF)
    return _before(service, session) + _trimmed(service, session) if session else ""


def reading(session: Session) -> str:
    """That an ended session is only read."""
    return html.banner(_READING.format(session.title.strip(), STATES[session.state]))


def _before(service: Service, session: str) -> str:
    """What the session goes on from, to be unfolded."""
    sessions = service.profile.sessions
    before = sessions.get(session).continues if is_open(service, session) else None
    if before is None:
        return ""
    said = html.unfold("What was said there", html.transcript(sessions.messages(before)))
    return html.banner(_GOES_ON.format(sessions.get(before).title.strip())) + said


def _trimmed(service: Service, session: str) -> str:
    gone = service.trimmed(session)
    return html.banner(_TRIMMED.format(many(gone, "message"))) if gone else ""
