"""Who may use the model now: one forward at a time, and a person's chat before background work.

Knows threads, nothing of models.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turnstile:
    """Two doors to one room. `front()` waits only for who is inside; `back()` also lets every
    waiting `front()` pass first, and so does who came by it whenever they call `let_pass()`."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._inside = False
        self._front_waiting = 0
        self._at_work: int | None = None  # the thread that came in by the back

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
            self._come_in()
        try:
            yield
        finally:
            self._at_work = None
            self._leave()

    def let_pass(self) -> bool:
        """Let those through who wait at the front, and tell whether there were any. Who did not
        come in by the back lets nobody through."""
        if not self._front_waiting or self._at_work != threading.get_ident():
            return False
        with self._condition:
            self._leave()
            self._come_in()
        return True

    def _come_in(self) -> None:
        self._condition.wait_for(lambda: not self._inside and not self._front_waiting)
        self._inside, self._at_work = True, threading.get_ident()

    def _leave(self) -> None:
        with self._condition:
            self._inside = False
            self._condition.notify_all()
