"""The list of sessions beside the chat: search, choose, rename.

Knows titles and states. Does not know what choosing does.
"""

from typing import Any

import gradio as gr

from agent.service import Service
from storage.sessions import Session
from ui.events import QUIET
from ui.words import STATES, day, told

_SHOWN = 40
# One after another, so that the words typed last are answered last.
_IN_ORDER: dict[str, Any] = {"concurrency_id": "list", "concurrency_limit": 1, **QUIET}


class SessionList:
    """`chosen` holds the id of the session a person picked; `query` what they look for."""

    def __init__(self, service: Service, current: gr.State) -> None:
        self.service = service
        self.current = current  # id of the session in the chat, marked in the list
        self.query = gr.Textbox(
            label="Find a session", value="", placeholder="Words you used", elem_id="session-search"
        )
        self.chosen = gr.Radio([], label="Sessions", elem_id="session-list", info=_found(1, ""))
        with gr.Accordion("Rename the chosen session", open=False, elem_id="session-rename"):
            self.title = gr.Textbox(label="New title", elem_id="session-title", max_length=60)
            self.rename = gr.Button("Rename", size="sm", elem_id="session-rename-save")
        self.query.change(self.searched, [self.query, self.chosen], self.chosen, **_IN_ORDER)
        self.chosen.change(self.title_of, self.chosen, self.title, **QUIET)
        gr.on(
            [self.rename.click, self.title.submit],
            self.renamed,
            [self.chosen, self.title, self.query],
            self.chosen,
            **QUIET,
        )

    def refresh_after(self, step: Any) -> Any:
        """Read the list anew when `step` is done, with the session in the chat marked."""
        return step.then(self.refresh, [self.query, self.current], self.chosen, **_IN_ORDER)

    def refresh(self, query: str, chosen: str | None = None) -> Any:
        """The newest sessions that hold the words, with the one that is `chosen` marked."""
        listed = self._listed(query)
        return gr.Radio(**listed, value=chosen if _holds(listed, chosen) else None)

    def searched(self, query: str, chosen: str | None) -> Any:
        """The same for other words. What is chosen in it is left alone: a click meanwhile would be taken
        back."""
        listed = self._listed(query)
        kept = chosen is None or _holds(listed, chosen)
        return gr.Radio(**listed) if kept else gr.Radio(**listed, value=None)

    def _listed(self, query: str) -> dict[str, Any]:
        found = self.service.profile.sessions.list(query=query, limit=_SHOWN)
        choices = [(_label(session), session.id) for session in found]
        return {"choices": choices, "info": _found(len(choices), query)}

    def title_of(self, chosen: str | None) -> str:
        """The title, to be changed."""
        with told():
            return self.service.profile.sessions.get(chosen).title if chosen else ""

    def renamed(self, chosen: str | None, title: str, query: str) -> Any:
        """Give the chosen session another title."""
        if not chosen or not title.strip():
            raise gr.Error("Choose a session and write its new title.", print_exception=False)
        with told():
            self.service.profile.sessions.rename(chosen, title.strip())
        return self.refresh(query, chosen)


def _label(session: Session) -> str:
    words = (session.title.strip() or "Untitled", STATES[session.state], day(session.started_at))
    return " · ".join(words)


def _holds(listed: dict[str, Any], chosen: str | None) -> bool:
    return any(chosen == id for _, id in listed["choices"])


def _found(count: int, query: str) -> str:
    if not count:
        return (
            "No session holds these words." if query else "None yet. Your first chat appears here."
        )
    more = f" These are the newest {_SHOWN}: search for older ones." if count == _SHOWN else ""
    return f"Newest first. An open one goes on, others are read.{more}"
