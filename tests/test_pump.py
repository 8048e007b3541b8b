"""What grows in a thread of its own: whole, stopped, left alone, failing."""

import threading
from collections.abc import Iterator

import pytest

from agent.errors import ModelError
from agent.pump import pumped

MODEL = threading.Lock()


def reply(words: int, said: list[int]) -> Iterator[int]:
    """Holds the model from its first word to its last, as a real one does."""
    with MODEL:
        for word in range(words):
            said.append(word)
            yield word


def test_all_of_it_comes_in_order() -> None:
    assert list(pumped(reply(50, []))) == list(range(50))


def test_a_reply_that_nobody_takes_does_not_hold_the_model() -> None:
    said: list[int] = []
    left = pumped(reply(1000, said))
    assert next(left) == 0  # the page is closed now, and `left` is never asked again
    assert MODEL.acquire(timeout=30)
    MODEL.release()
    assert len(said) == 1000


def test_closing_it_ends_the_making() -> None:
    paused = threading.Event()

    def slow() -> Iterator[str]:
        with MODEL:
            yield "one"
            assert paused.wait(30)
            yield "two"
            raise AssertionError("nobody wants a third")

    taken = pumped(slow())
    assert next(taken) == "one"
    threading.Timer(0.2, paused.set).start()
    taken.close()
    assert not MODEL.locked()


def test_a_failure_is_raised_where_the_reply_is_shown() -> None:
    def failing() -> Iterator[str]:
        yield "one"
        raise ModelError("The model is gone.")

    taken = pumped(failing())
    assert next(taken) == "one"
    with pytest.raises(ModelError, match="gone"):
        next(taken)
