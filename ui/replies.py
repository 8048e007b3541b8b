"""The replies that grow just now, one on each page, and how each is cut off in order.

A reply that the browser cancels leaves the page in a state in which the next message is dropped; here
the reply itself ends early. Knows pages by their number; nothing of what is said.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

ENDING_SECONDS = 60  # a reply that was not yet begun waits for a training step and its own prompt


@dataclass(slots=True)
class Growing:
    """One reply: whether its person wants no more of it, and whether its last words are out."""

    unwanted: threading.Event = field(default_factory=threading.Event)
    ended: threading.Event = field(default_factory=threading.Event)


class Replies:
    """Thread-safe: pages are answered side by side."""

    def __init__(self) -> None:
        self._growing: dict[str, Growing] = {}

    @contextmanager
    def growing(self, page: str | None) -> Iterator[Growing]:
        """Around a reply, from its first words to its last."""
        mine = Growing()
        if page:
            self._growing[page] = mine
        try:
            yield mine
        finally:
            mine.ended.set()
            if page and self._growing.get(page) is mine:
                del self._growing[page]

    def cut(self, page: str | None) -> None:
        """End the page's reply, if one grows, and wait for its last words."""
        if mine := self._growing.get(page or ""):
            mine.unwanted.set()
            mine.ended.wait(ENDING_SECONDS)
