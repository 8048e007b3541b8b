"""The time a running cycle will still take."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from agent.remaining import seconds_left
from storage.cycles import Cycle

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)


def cycle(began: str, ended: str | None = None, state: str = "done", **detail: Any) -> Cycle:
    day = "2026-03-01T{}:00+00:00"
    until = ended and day.format(ended)
    return Cycle(1, state, "learning", 0, 0, None, day.format(began), until, None, 1, detail)


def test_the_own_pace_counts_once_a_session_is_done() -> None:
    running = cycle("11:30", state="running", sessions_done=1, sessions_total=4)
    left = seconds_left([running, cycle("09:00", "11:00", sessions_total=1)], NOW)
    assert left == pytest.approx(30 * 60 * 2.85 / 1.15)  # half written is 0.15 of a session


def test_the_first_session_takes_as_long_as_one_did_before() -> None:
    running = cycle("11:55", state="running", sessions_done=0, sessions_total=2)
    failed = cycle("10:00", "10:01", state="failed", sessions_total=9)
    earlier = cycle("09:00", "09:30", sessions_done=2, sessions_total=3)  # 10 minutes each
    assert seconds_left([running, failed, earlier], NOW) == 2 * 600 - 300


def test_the_first_learning_ever_is_told_by_its_own_steps() -> None:
    running = cycle("11:50", state="running", sessions_done=0, sessions_total=2)
    half = replace(running, stage="learning", done=30, total=65)
    # 0.3 and 30 / 65 of the next 0.65 make 0.6 of a session in ten minutes; 1.4 are left.
    assert seconds_left([half], NOW) == pytest.approx(1400)
    assert seconds_left([replace(half, stage="writing pairs")], NOW) is None
    at_the_end = replace(half, stage="measuring", detail={"sessions_done": 0, "sessions_total": 1})
    assert seconds_left([at_the_end], NOW) == pytest.approx(600 * 0.05 / 0.95)


@pytest.mark.parametrize("state", ["done", "cancelled"])
def test_nothing_is_said_where_nothing_is_known(state: str) -> None:
    running = cycle("11:00", state="running", sessions_done=0, sessions_total=1)
    quick = cycle("09:00", "09:01", sessions_total=1)
    assert seconds_left([], NOW) is None
    assert seconds_left([running], NOW) is None
    assert seconds_left([running, quick], NOW) is None  # it takes longer than usual
    assert seconds_left([running, cycle("09:00", "09:00")], NOW) is None  # it dealt with none
    assert seconds_left([cycle("11:00", "11:30", state=state)], NOW) is None
