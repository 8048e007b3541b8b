"""A conversation as gradio's chatbot and the service exchange it.

Knows roles and texts, and where they are logged. Does not know what is done with a session.
"""

from collections.abc import Sequence
from typing import Any

from agent.service import Service
from ui.words import PROBLEMS

Talk = list[dict[str, str]]  # role and content, in order


def said(role: str, content: str) -> dict[str, str]:
    """One message."""
    return {"role": role, "content": content}


def plain(shown: Sequence[Any] | None) -> Talk:
    """A chatbot's value as roles and texts; gradio gives content as a text or as parts."""
    return [said(str(one["role"]), _text(one["content"])) for one in shown or []]


def logged(service: Service, session: str | None) -> Talk:
    """What the log holds of a session; nothing for none."""
    messages = service.profile.sessions.messages(session) if session else []
    return [said(m.role, m.content) for m in messages]


def is_open(service: Service, session: str) -> bool:
    """Whether something can be said in it."""
    try:
        return service.profile.sessions.get(session).state == "open"
    except PROBLEMS:
        return False  # erased on another page


def place(index: int | tuple[int, int] | list[int]) -> int:
    """Which message an event of the chatbot is about."""
    return index if isinstance(index, int) else index[0]


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else [content]
    return "".join(str(part.get("text", "")) for part in parts if isinstance(part, dict))
