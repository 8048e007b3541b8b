"""The turnstile: one inside at a time, and a front() before every waiting back()."""

import threading
import time

import pytest

from agent.sampling import Sampling
from agent.turnstile import Turnstile
from bench.tiny import tiny_model


def wait_until(true: object) -> None:
    deadline = time.monotonic() + 5
    while not true():  # type: ignore[operator]
        assert time.monotonic() < deadline
        time.sleep(0.002)


def test_a_front_goes_before_waiting_backs() -> None:
    turnstile, order, inside = Turnstile(), [], threading.Event()
    let_go = threading.Event()

    def back(name: str) -> None:
        with turnstile.back():
            order.append(name)
            if name == "first":
                inside.set()
                let_go.wait(5)

    def front() -> None:
        with turnstile.front():
            order.append("front")

    threads = [threading.Thread(target=back, args=("first",))]
    threads[0].start()
    assert inside.wait(5)
    threads += [threading.Thread(target=back, args=(f"back {k}",)) for k in range(3)]
    for thread in threads[1:]:
        thread.start()
    wait_until(lambda: len(turnstile._condition._waiters) == 3)  # they came before the front
    threads.append(threading.Thread(target=front))
    threads[-1].start()
    wait_until(lambda: turnstile._front_waiting == 1)
    let_go.set()
    for thread in threads:
        thread.join(5)
    assert order[:2] == ["first", "front"]
    assert sorted(order[2:]) == ["back 0", "back 1", "back 2"]


def test_one_inside_at_a_time() -> None:
    turnstile, inside, most = Turnstile(), [], []

    def work(door: str) -> None:
        for _ in range(20):
            with getattr(turnstile, door)():
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.0002)
                inside.pop()

    threads = [threading.Thread(target=work, args=(door,)) for door in ("front", "back") * 3]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert len(most) == 120 and max(most) == 1


def test_who_works_lets_pass_who_waits_in_front() -> None:
    turnstile, order = Turnstile(), []

    def front() -> None:
        with turnstile.front():
            order.append("front")
            assert not turnstile.let_pass()  # a front lets nobody through

    thread = threading.Thread(target=front)
    with turnstile.back():
        assert not turnstile.let_pass()  # nobody waits
        thread.start()
        wait_until(lambda: turnstile._front_waiting == 1)
        assert not order
        assert turnstile.let_pass()
        order.append("back again")
    thread.join(5)
    assert order == ["front", "back again"]
    with turnstile.front():
        pass


@pytest.mark.parametrize("door", ["front", "back"])
def test_an_error_inside_opens_the_door(door: str) -> None:
    turnstile = Turnstile()
    with pytest.raises(KeyError), getattr(turnstile, door)():
        raise KeyError
    with turnstile.back():
        pass


def test_a_reply_passes_between_two_tokens_of_background_writing() -> None:
    model = tiny_model()
    model.stops = set()  # writes to the end
    written = threading.Event()

    def write() -> None:
        model.continue_all([], [[1, 2, 3]] * 4, Sampling(max_tokens=200))
        written.set()

    writer = threading.Thread(target=write)
    writer.start()
    for _ in range(3):
        time.sleep(0.02)
        with model.turnstile.front():
            assert not written.is_set()
    writer.join(60)
    assert written.is_set()
