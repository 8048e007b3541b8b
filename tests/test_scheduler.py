"""When a cycle runs: on a real profile, with a cycle that only writes down that it was called."""

import os
import threading
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from agent import scheduler as module
from agent.config import Settings
from agent.errors import Busy
from agent.scheduler import CALLED_OFF, LAST_RUN, REQUESTED, Scheduler, call_off
from storage.cycles import Cycle
from storage.profiles import Profile


class Called:
    """The cycle's stand-in."""

    def __init__(self, profile: Profile) -> None:
        self.with_ids: list[list[str] | None] = []
        self.profile = profile
        self.then: Callable[[], None] = lambda: None
        self.mended = 0

    def __call__(self, ids: list[str] | None) -> None:
        self.with_ids.append(ids)
        self.then()

    def mend(self) -> None:
        self.mended += 1


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path, "nora")


@pytest.fixture
def cycle(profile: Profile) -> Called:
    return Called(profile)


@pytest.fixture
def scheduler(profile: Profile, cycle: Called) -> Scheduler:
    settings = Settings(nightly_at="03:00", absorb_after_sessions=3, idle_minutes=10)
    return Scheduler(profile, lambda: settings, cycle, cycle.mend)


def wait(profile: Profile, *ids: str) -> None:
    for id in ids:
        profile.sessions.start(id=id)
        profile.sessions.add(id, "user", "Hello")
        profile.sessions.end(id)


def take(profile: Profile, count: int) -> None:
    said = [{"role": "user", "content": "Hello"}]
    profile.sessions.take([{"id": f"old{k}", "messages": said} for k in range(count)])


def ago(**past: float) -> str:
    return (datetime.now().astimezone() - timedelta(**past)).isoformat()


def night_in(hours: float) -> str:
    return f"{datetime.now() + timedelta(hours=hours):%H:%M}"


def test_nothing_waits(scheduler: Scheduler, cycle: Called, profile: Profile) -> None:
    profile.notes.set(LAST_RUN, ago(days=9))
    scheduler.look()
    assert cycle.with_ids == []


def test_enough_sessions(scheduler: Scheduler, cycle: Called, profile: Profile) -> None:
    profile.notes.set(LAST_RUN, ago(seconds=1))
    wait(profile, "s1", "s2")
    scheduler.look()
    assert cycle.with_ids == []
    wait(profile, "s3")
    scheduler.look()
    assert cycle.with_ids == [["s1", "s2", "s3"]]


def test_a_missed_night_is_caught_up_after_a_wish_for_some(profile: Profile, cycle: Called) -> None:
    settings = Settings(nightly_at=night_in(-1), absorb_after_sessions=9)
    scheduler = Scheduler(profile, lambda: settings, cycle, cycle.mend)
    profile.notes.set(LAST_RUN, ago(hours=9))
    take(profile, 9)
    scheduler.request(["s1"])
    scheduler.look()
    scheduler.look()
    assert cycle.with_ids == [["s1"], None]


def test_imported_chats_wait_for_the_night_or_the_word(
    scheduler: Scheduler, cycle: Called, profile: Profile
) -> None:
    profile.notes.set(LAST_RUN, ago(seconds=1))
    take(profile, 9)
    scheduler.look()
    assert cycle.with_ids == []
    wait(profile, "s1", "s2", "s3")
    scheduler.look()
    assert cycle.with_ids == [["s1", "s2", "s3"]]  # and none of the others
    profile.notes.set(LAST_RUN, ago(days=2))
    scheduler.look()
    scheduler.request(None)
    scheduler.look()
    assert cycle.with_ids[1:] == [None, None]


@pytest.mark.parametrize(
    ("night", "last_hours_ago", "runs"),
    [
        (-1, 2, True),  # the time came an hour ago, the last run was before it
        (-1, 0.5, False),
        (1, 2, False),  # it is still to come
        (1, 30, True),  # missed: caught up
    ],
)
def test_the_night(
    profile: Profile, cycle: Called, night: float, last_hours_ago: float, runs: bool
) -> None:
    settings = Settings(nightly_at=night_in(night), absorb_after_sessions=9)
    profile.notes.set(LAST_RUN, ago(hours=last_hours_ago))
    wait(profile, "s1")
    Scheduler(profile, lambda: settings, cycle, cycle.mend).look()
    assert cycle.with_ids == [None] * runs


def test_a_night_without_anything_to_learn_is_no_missed_one(
    profile: Profile, cycle: Called
) -> None:
    settings = Settings(nightly_at=night_in(-1), absorb_after_sessions=9)
    profile.notes.set(LAST_RUN, ago(hours=30))
    scheduler = Scheduler(profile, lambda: settings, cycle, cycle.mend)
    scheduler.look()
    wait(profile, "s1")  # it ends in the day, and waits for the next night
    scheduler.look()
    assert cycle.with_ids == []


def test_the_first_start_waits_for_the_night(
    scheduler: Scheduler, cycle: Called, profile: Profile
) -> None:
    wait(profile, "s1")
    scheduler.look()
    assert cycle.with_ids == []
    assert profile.notes.get(LAST_RUN)


def test_what_a_clock_noted_that_was_ahead_stops_nothing(
    scheduler: Scheduler, cycle: Called, profile: Profile
) -> None:
    for note in (LAST_RUN, CALLED_OFF):
        profile.notes.set(note, ago(days=-999))
    wait(profile, "s1", "s2")
    scheduler.look()
    assert cycle.with_ids == [] and profile.notes.get(LAST_RUN) < ago(days=-1)  # mended
    wait(profile, "s3")
    scheduler.look()
    assert cycle.with_ids == [["s1", "s2", "s3"]]


def test_chats_that_ended_when_the_clock_was_ahead_are_called_off_too(
    scheduler: Scheduler, cycle: Called, profile: Profile
) -> None:
    profile.notes.set(LAST_RUN, ago(seconds=1))
    wait(profile, "s1", "s2", "s3")
    profile.db.execute("UPDATE sessions SET ended_at = ?", [ago(days=-999)])
    call_off(profile)
    scheduler.look()
    assert cycle.with_ids == []


def test_a_request(scheduler: Scheduler, cycle: Called) -> None:
    scheduler.request(["s1"])
    scheduler.look()
    scheduler.look()
    assert cycle.with_ids == [["s1"]]  # once


def test_requests_add_up(scheduler: Scheduler, cycle: Called) -> None:
    scheduler.request(["s1"])
    scheduler.request(["s2", "s1"])
    scheduler.look()
    scheduler.request(None)  # everything
    scheduler.request(["s3"])
    scheduler.look()
    assert cycle.with_ids == [["s1", "s2"], None]


def test_a_request_outlives_its_process(
    scheduler: Scheduler, cycle: Called, profile: Profile
) -> None:
    scheduler.request(["s1"])

    def die() -> None:
        raise SystemExit  # no Exception: nothing after it is cleaned up, as at a kill

    cycle.then = die
    with pytest.raises(SystemExit):
        scheduler.look()
    later = Called(profile)
    Scheduler(profile, Settings, later, later.mend).look()
    assert later.with_ids == [["s1"]]


def test_a_request_during_a_cycle_is_not_lost(scheduler: Scheduler, cycle: Called) -> None:
    cycle.then = lambda: cycle.with_ids[1:] or scheduler.request(["s2"])  # type: ignore[func-returns-value]
    scheduler.request(["s1"])
    scheduler.look()
    scheduler.look()
    scheduler.look()
    assert cycle.with_ids == [["s1"], ["s2"]]


def test_a_failure_stops_nothing(scheduler: Scheduler, cycle: Called) -> None:
    def fail() -> None:
        cycle.then = lambda: None
        raise OSError("disk full")

    cycle.then = fail
    scheduler.request(["s1"])
    scheduler.look()  # logged
    scheduler.look()  # not tried for ever
    scheduler.request(["s2"])
    scheduler.look()
    assert cycle.with_ids == [["s1"], ["s2"]]


def test_while_another_process_is_at_it_the_request_stays(
    scheduler: Scheduler, cycle: Called
) -> None:
    def busy() -> None:
        cycle.then = lambda: None
        raise Busy("The profile is being worked on.")

    cycle.then = busy
    scheduler.request(["s1"])
    for _ in range(3):
        scheduler.look()
    assert cycle.with_ids == [["s1"], ["s1"]]


def test_idle_sessions_end(scheduler: Scheduler, profile: Profile) -> None:
    old = profile.sessions.start(started_at="2025-03-14T12:00:00+00:00")
    profile.sessions.add(old, "user", "Hello", "2025-03-14T12:00:00+00:00")
    new = profile.sessions.start()
    profile.sessions.add(new, "user", "Hello")
    scheduler.look()
    assert profile.sessions.get(old).state == "ended"
    assert profile.sessions.get(new).state == "open"


def test_the_clock_looks_by_itself_and_at_once_on_request(
    scheduler: Scheduler, cycle: Called, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LOOK_SECONDS", 3600)
    scheduler.start()
    try:
        scheduler.request(None)
        deadline = time.monotonic() + 10
        while not cycle.with_ids:
            assert time.monotonic() < deadline
            time.sleep(0.01)
    finally:
        scheduler.stop()
    assert cycle.with_ids == [None]


def test_called_off(scheduler: Scheduler, cycle: Called, profile: Profile) -> None:
    """Neither a request nor the number of chats that wait begins it again; new chats do."""
    profile.notes.set(LAST_RUN, ago(seconds=1))
    wait(profile, "s1", "s2", "s3")
    cycle.then = lambda: scheduler.request(["s3"]) or call_off(profile)  # type: ignore[func-returns-value]
    scheduler.look()
    cycle.then = lambda: None
    scheduler.look()
    assert cycle.with_ids == [["s1", "s2", "s3"]]
    profile.notes.set(CALLED_OFF, "2025-03-14T12:00:00+00:00")  # long before they ended
    scheduler.look()
    assert len(cycle.with_ids) == 2
    assert not call_off(profile)
    scheduler.request(["s1"])
    assert call_off(profile)
    assert scheduler.wish() is None


def test_what_a_pause_puts_off_is_asked_for_again(scheduler: Scheduler, profile: Profile) -> None:
    with scheduler.paused() as stopping:
        assert not stopping
    scheduler.request(["s1"])
    killed = scheduler.paused()
    assert killed.__enter__() and scheduler.wish() is None
    scheduler.request(["s2"])
    scheduler.resume()  # the next start
    assert scheduler.wish() == {"sessions": ["s2", "s1"]}
    with scheduler.paused() as stopping:
        assert stopping and call_off(profile)
    assert scheduler.wish() is None


def test_a_program_that_is_stopped_goes_on_at_its_next_start(
    scheduler: Scheduler, cycle: Called, profile: Profile
) -> None:
    def stop() -> None:
        number = profile.cycles.start(os.getpid())
        threading.Thread(target=scheduler.stop).start()
        while not profile.cycles.cancel_requested(number):
            time.sleep(0.01)
        profile.cycles.finish(number, "cancelled")

    cycle.then = stop
    scheduler.request(["s1"])
    scheduler.start()
    while scheduler._clock.running:
        time.sleep(0.01)
    later = Called(profile)
    Scheduler(profile, Settings, later, later.mend).look()
    assert (cycle.with_ids, later.with_ids) == ([["s1"]], [["s1"]])


@pytest.mark.parametrize("stops", ["call_off", "stop"])
def test_a_cycle_that_ends_just_then_is_no_failure(
    scheduler: Scheduler, profile: Profile, monkeypatch: pytest.MonkeyPatch, stops: str
) -> None:
    number, look = profile.cycles.start(os.getpid()), profile.cycles.latest
    ends = threading.Thread(target=profile.cycles.finish, args=(number, "done"))

    def latest() -> Cycle | None:
        found = look()
        ends.start()
        ends.join(0.5)  # long enough, unless it has to wait
        return found

    monkeypatch.setattr(profile.cycles, "latest", latest)
    scheduler._clock.start()
    assert call_off(profile) if stops == "call_off" else scheduler.stop() is None  # type: ignore[func-returns-value]
    ends.join()


def test_a_request_is_kept_in_the_profile(scheduler: Scheduler, profile: Profile) -> None:
    scheduler.request(["s1"])
    assert profile.notes.get(REQUESTED) == {"sessions": ["s1"]}


def test_what_another_process_left_is_mended(
    scheduler: Scheduler, cycle: Called, profile: Profile
) -> None:
    scheduler.look()
    assert cycle.mended == 0
    wait(profile, "s1")
    profile.sessions.set_state("s1", "absorbing")
    scheduler.look()
    assert cycle.mended == 1
    profile.sessions.set_state("s1", "ended")
    profile.cycles.start(1)
    scheduler.look()
    assert cycle.mended == 2


def test_what_fails_before_its_first_session_is_not_begun_again_and_again(
    scheduler: Scheduler, cycle: Called, profile: Profile
) -> None:
    def fail() -> None:
        raise ValueError("another base")

    profile.notes.set(LAST_RUN, ago(seconds=1))
    cycle.then = fail
    wait(profile, "s1", "s2", "s3")
    scheduler.look()
    scheduler.look()
    assert len(cycle.with_ids) == 1
    scheduler.request(None)  # a word is a word
    scheduler.look()
    assert len(cycle.with_ids) == 2
