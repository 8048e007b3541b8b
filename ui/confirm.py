"""A visible step before anything is destroyed.

What is about to happen is kept on the server, so that nothing is destroyed by a request that
skipped the question. Does not know what is destroyed.
"""

from html import escape
from typing import Any

import gradio as gr

from ui import html
from ui.events import QUIET


class Confirm:
    """A question with two buttons. `pending` holds what was asked about, as (act, subject)."""

    def __init__(self, elem_id: str) -> None:
        self.pending = gr.State(None)
        self._no = f"#{elem_id}-no"
        with gr.Column(visible=False, elem_id=elem_id, elem_classes="iw-confirm") as self.box:
            self.question = gr.Markdown()
            with gr.Row(elem_classes="iw-tools"):
                self.yes = gr.Button("Yes", variant="stop", elem_id=f"{elem_id}-yes")
                self.no = gr.Button("No, keep everything", elem_id=f"{elem_id}-no")
        self.outputs = [self.box, self.question, self.yes, self.pending]
        self.no.click(self.close, None, self.outputs, queue=False, **QUIET)

    def focus_after(self, asked: Any, *others: str) -> None:
        """Bring the keyboard to the question, on the answer that destroys nothing; when nothing is
        asked, to the first of `others` that is there."""
        asked.then(None, js=html.focus(self._no, *others))

    def ask(self, question: str, yes: str, act: str, subject: Any) -> list[Any]:
        """Updates of `outputs` that put the question."""
        shown = escape(question, quote=False)  # a title may hold anything
        return [gr.Column(visible=True), shown, gr.Button(yes), (act, subject)]

    def close(self) -> list[Any]:
        """Updates of `outputs` that take the question away."""
        return [gr.Column(visible=False), "", gr.Button("Yes"), None]


def confirmed(pending: tuple[str, Any] | None) -> tuple[str, Any]:
    """What the person said yes to; gr.Error when nothing was asked."""
    if pending is None:
        raise gr.Error("Nothing was waiting for your yes: choose again.", print_exception=False)
    return pending
