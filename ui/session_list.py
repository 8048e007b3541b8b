"""The list of sessions beside the chat: search, choose, rename.

Knows titles and states. Does not know what choosing does.
"""

from typing import Any

import gradio as gr

from agent.service import Service
from ui.words import STATES, told

_SHOWN = 40


class SessionList:
    """`chosen` holds the id of the session a person picked; `query` what they look for."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def draw(self) -> None:
        """Draw the list and connect what stays inside it."""
        self.query = gr.Textbox(
            label="Find a session", value="", placeholder="Words you used", elem_id="session-search"
        )
        self.chosen = gr.Radio(
            [], label="Sessions", elem_id="session-list", info="Newest first; choose one to read."
        )
        with gr.Accordion("Rename", open=False, elem_id="session-rename"):
            self.title = gr.Textbox(label="New title", elem_id="session-title", max_length=60)
            self.rename = gr.Button("Rename", size="sm", elem_id="session-rename-save")
        self.query.change(self.refresh, self.query, self.chosen, show_progress="hidden")
        self.chosen.input(self.title_of, self.chosen, self.title, show_progress="hidden")
        gr.on(
            [self.rename.click, self.title.submit],
            self.renamed,
            [self.chosen, self.title, self.query],
            self.chosen,
            show_progress="hidden",
        )

    def refresh(self, query: str, chosen: str | None = None) -> Any:
        """The newest sessions that hold the words."""
        found = self.service.profile.sessions.list(query=query, limit=_SHOWN)
        choices = [(f"{s.title or 'Untitled'} · {STATES[s.state]}", s.id) for s in found]
        known = chosen if any(chosen == id for _, id in choices) else None
        info = "Newest first; choose one to read." if choices else _nothing(query)
        return gr.Radio(choices=choices, value=known, info=info)

    def title_of(self, chosen: str) -> str:
        """The title, to be changed."""
        with told():
            return self.service.profile.sessions.get(chosen).title

    def renamed(self, chosen: str | None, title: str, query: str) -> Any:
        """Give the chosen session another title."""
        if not chosen or not title.strip():
            raise gr.Error("Choose a session and write its new title.", print_exception=False)
        with told():
            self.service.profile.sessions.rename(chosen, title.strip())
        return self.refresh(query, chosen)


def _nothing(query: str) -> str:
    return "No session holds these words." if query else "None yet. Your first chat appears here."
