"""How things are said on the page: states, dates, durations, figures, and errors.

Knows plain values and the errors meant for people. Does not know any component's place.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

import gradio as gr

from agent.errors import AgentError
from agent.remaining import lasting as lasting
from agent.text import many as many
from storage.errors import StorageError

PROMISE = (
    "While you talk, your words stay in this chat and its log. When you end it, what you told is"
    " learnt into a small file of weights on this machine. Later answers come from these weights:"
    " nothing is looked up."
)
STAYS = "Nothing leaves this machine."
LEAVES = "The text of a session that is learnt is sent to {} (see Settings)."

PROBLEMS = (AgentError, StorageError)

STATES = {
    "open": "open",
    "ended": "waiting",
    "absorbing": "learning",
    "absorbed": "learnt",
    "nothing_new": "nothing new",
    "failed": "failed",
    "excluded": "left out",
}


@contextmanager
def told() -> Iterator[None]:
    """Say an error that is meant for people on the page instead of raising it as it is."""
    try:
        yield
    except PROBLEMS as problem:
        raise gr.Error(str(problem), print_exception=False) from problem


def when(at: str | None) -> str:
    """A stored UTC time as a person writes it, in this machine's time zone."""
    if not at:
        return ""
    return f"{datetime.fromisoformat(at).astimezone():%d %b %Y, %H:%M}"


def day(at: str) -> str:
    """The day of a stored UTC time: today, 3 Mar, or 3 Mar 2025 when it was in another year."""
    local, today = datetime.fromisoformat(at).astimezone(), datetime.now().astimezone()
    if local.date() == today.date():
        return f"today {local:%H:%M}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local.day} {local:%b}{year}"


def percent(share: float | None) -> str:
    """A share from 0 to 1 as a percentage; nothing when it was not measured."""
    return "" if share is None else f"{share:.0%}"
