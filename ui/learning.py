"""How far learning is, and the buttons that stop it or begin it for many sessions at once.

Knows the service's progress, and which sessions wait or failed. Does not know one session's page.
"""

from typing import Any

import gradio as gr

from agent.service import Service
from ui import html
from ui.events import QUIET
from ui.words import told


class Learning:
    """A bar, drawn above a list of sessions, and buttons, drawn among the tools of the list."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def draw_bar(self) -> None:
        """Draw the bar, and what stops learning while there is any."""
        self.bar = gr.HTML(elem_id="learning", elem_classes="iw-note")
        with gr.Row(elem_classes="iw-tools"):
            self.stop = gr.Button("Cancel learning", visible=False, elem_id="learning-cancel")

    def draw_buttons(self) -> None:
        """Draw what begins it."""
        self.again = gr.Button("Try the failed ones again", visible=False, elem_id="absorb-failed")
        self.all = gr.Button("Learn all waiting", variant="primary", elem_id="absorb-all")

    def connect(self, page: gr.Blocks, tab: gr.Tab) -> list[Any]:
        """Keep it up to date; the steps after which sessions stand elsewhere."""
        shown = [self.bar, self.stop, self.again]
        for event in (gr.Timer(1.5).tick, tab.select, page.load):
            event(self.tick, None, shown, **QUIET)
        self.stop.click(self.cancel, None, None, **QUIET)
        return [
            self.all.click(self.absorb_all, None, None, **QUIET),
            self.again.click(self.absorb_failed, None, None, **QUIET),
        ]

    def tick(self) -> list[Any]:
        """How far learning is, and what may be pressed now."""
        progress = self.service.progress()
        return [
            html.progress_bar(progress),
            gr.Button(visible=progress.running),
            gr.Button(visible=self.service.profile.sessions.count(("failed",)) > 0),
        ]

    def absorb_all(self) -> None:
        """Ask for all waiting sessions to be learnt."""
        if not self.service.profile.sessions.waiting():
            gr.Info("No session waits. End one in the Chat tab, or open one here and learn it.")
            return
        with told():
            self.service.absorb()
        gr.Info("Learning begins. You can go on chatting.")

    def absorb_failed(self) -> None:
        """Ask for all that failed to be learnt after all."""
        failed = self.service.profile.sessions.list(states=("failed",), limit=-1)
        if not failed:
            return  # another page has asked already
        with told():
            self.service.absorb([session.id for session in failed])
        gr.Info("Learning begins. You can go on chatting.")

    def cancel(self) -> None:
        """Stop learning at the next safe point, also of the sessions in line."""
        with told():
            stops = self.service.cancel()
        if stops:
            gr.Info(
                "Learning stops at the next safe point. Nothing is lost: what is not learnt yet"
                f" waits for your word, or for {self.service.settings.nightly_at}."
            )
        else:
            gr.Info("Learning had ended already.")
