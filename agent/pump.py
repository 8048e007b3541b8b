"""What grows, made in a thread of its own, so that whoever reads it slowly holds up nobody.

A reply holds the model from its first word to its last. If its reader set the pace, a page that was
closed or a program that stopped reading would keep the model from everybody else. Knows threads;
nothing of models or logs.
"""

import threading
from collections.abc import Generator, Iterator
from contextlib import closing
from queue import SimpleQueue
from typing import TypeVar

T = TypeVar("T")


def pumped(growing: Iterator[T]) -> Generator[T]:
    """The items of `growing`, which is run to its end also when nobody asks for them.

    Closing this generator stops the making at its next item, and waits for its end.
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
        except BaseException as problem:  # raised again where it is read
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
