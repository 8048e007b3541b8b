"""Who may use the model now: one forward at a time, and a person's chat before background work.

Knows threads, nothing of models.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turnstile:
    """Two doors to one room. `front()` waits only for who is inside; `back()` also lets every
    waiting `front()` pass first, so training gives way between two micro-batches."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._inside = False
        self._front_waiting = 0

    @contextmanager
    def front(self) -> Iterator[None]:
        """Enter as a person's reply."""
        with self._condition:
            self._front_waiting += 1
            try:
                self._condition.wait_for(lambda: not self._inside)
            finally:
                self._front_waiting -= 1
            self._inside = True
        try:
            yield
        finally:
            self._leave()

    @contextmanager
    def back(self) -> Iterator[None]:
        """Enter as background work, for one step."""
        with self._condition:
            self._condition.wait_for(lambda: not self._inside and not self._front_waiting)
            self._inside = True
        try:
            yield
        finally:
            self._leave()

    def _leave(self) -> None:
        with self._condition:
            self._inside = False
            self._condition.notify_all()
