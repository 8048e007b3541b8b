"""Newer and older: one page of a long list at a time.

Knows numbers of pages. Does not know what is listed.
"""

from collections.abc import Callable
from typing import Any

import gradio as gr

from ui import html
from ui.events import QUIET
from ui.words import many


class Pager:
    """Two buttons and the words between; `number` holds the page, 0 the newest."""

    def __init__(self, elem_id: str, size: int, noun: str) -> None:
        self._id, self.size, self._noun = elem_id, size, noun

    def draw(self) -> None:
        """Draw it under its list."""
        self.number = gr.State(0)
        with gr.Row(elem_classes="iw-tools"):
            self.words = gr.HTML(elem_id=f"{self._id}-count")
            self.newer = gr.Button("Newer", size="sm", elem_id=f"{self._id}-newer", visible=False)
            self.older = gr.Button("Older", size="sm", elem_id=f"{self._id}-older", visible=False)
        self.outputs = [self.number, self.words, self.newer, self.older]

    def within(self, number: int, count: int) -> int:
        """The page nearest to `number` that there is."""
        return max(0, min(number, (count - 1) // self.size))

    def updates(self, number: int, count: int) -> list[Any]:
        """Updates of `outputs` for page `number` of `count` rows."""
        first, last = number * self.size + 1, min(count, (number + 1) * self.size)
        words = f"{first} to {last} of {count}" if count > self.size else ""
        return [
            number,
            html.quiet(words or (many(count, self._noun) if count else "")),
            gr.Button(visible=count > self.size, interactive=number > 0),
            gr.Button(visible=count > self.size, interactive=last < count),
        ]

    def connect(self, listed: Callable[..., Any], given: list[Any], shown: list[Any]) -> None:
        """Show another page with `listed` when a button is pressed."""
        for button, step in ((self.newer, -1), (self.older, 1)):
            button.click(lambda n, by=step: n + by, self.number, self.number, **QUIET).then(
                listed, given, shown, **QUIET
            )
