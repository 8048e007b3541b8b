"""A conversation as gradio's chatbot and the service exchange it.

Knows roles and texts. Does not know sessions.
"""

import threading
from collections.abc import Generator, Iterator, Sequence
from contextlib import closing
from queue import SimpleQueue
from typing import Any, TypeVar

from agent.service import Service

T = TypeVar("T")
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


def place(index: int | tuple[int, int] | list[int]) -> int:
    """Which message an event of the chatbot is about."""
    return index if isinstance(index, int) else index[0]


def pumped(growing: Iterator[T]) -> Generator[T]:
    """What grows, made in a thread of its own.

    A page that was closed leaves behind a generator that nobody asks again; the model would be
    held by it for minutes. Closing this generator stops the making, and waits for its end.
    """
    made: SimpleQueue[tuple[T] | BaseException | None] = SimpleQueue()
    unwanted = threading.Event()

    def make() -> None:
        end: BaseException | None = None
        try:
            with closing(_closable(growing)) as each:
                for one in each:
                    made.put((one,))
                    if unwanted.is_set():
                        break
        except BaseException as problem:  # raised again where the reply is shown
            end = problem
        made.put(end)

    maker = threading.Thread(target=make, daemon=True)
    maker.start()
    try:
        while isinstance(got := made.get(), tuple):
            yield got[0]
        if got is not None:
            raise got
    finally:
        unwanted.set()
        maker.join()


def _closable(growing: Iterator[T]) -> Generator[T]:
    yield from growing


def _text(content: Any) -> str:
    if isinstance(content, str):
        return content
    parts = content if isinstance(content, list) else [content]
    return "".join(str(part.get("text", "")) for part in parts if isinstance(part, dict))
