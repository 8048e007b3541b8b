"""Cycles and notes: one at a time, watched, cancelled, and closed when they were cut off."""

import os
from pathlib import Path

import pytest

from storage.cycles import Cycles
from storage.errors import NotFound, StorageError
from storage.profiles import Profile


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path, "nora")


@pytest.fixture
def cycles(profile: Profile) -> Cycles:
    return profile.cycles


def test_a_cycle_from_start_to_end(profile: Profile) -> None:
    cycles, session = profile.cycles, profile.sessions.start()
    assert cycles.latest() is None
    id = cycles.start(os.getpid())
    cycles.progress(id, stage="pairs", done=1, total=4, session_id=session, detail={"loss": 0.5})
    cycles.progress(id, stage="distil", done=2, total=4)
    cycle = cycles.latest()
    assert cycle is not None
    assert (cycle.state, cycle.stage, cycle.done, cycle.total) == ("running", "distil", 2, 4)
    assert (cycle.session_id, cycle.detail, cycle.pid) == (None, {"loss": 0.5}, os.getpid())
    assert cycle.ended_at is None
    cycles.finish(id, "failed", "The disk is full.")
    cycle = cycles.latest()
    assert cycle is not None
    assert (cycle.state, cycle.error) == ("failed", "The disk is full.")
    assert cycle.ended_at is not None


def test_one_runs_at_a_time(cycles: Cycles) -> None:
    first = cycles.start(os.getpid())
    with pytest.raises(StorageError, match="already running"):
        cycles.start(os.getpid())
    cycles.finish(first, "done")
    second = cycles.start(os.getpid())
    assert [c.id for c in cycles.list(9)] == [second, first]
    assert [c.id for c in cycles.list(1)] == [second]


def test_an_ended_cycle_is_not_written(cycles: Cycles) -> None:
    id = cycles.start(os.getpid())
    with pytest.raises(StorageError, match="cannot end as running"):
        cycles.finish(id, "running")
    cycles.finish(id, "done")
    for act in (
        lambda: cycles.progress(id, stage="x", done=1, total=1),
        lambda: cycles.finish(id, "failed"),
        lambda: cycles.request_cancel(id),
    ):
        with pytest.raises(StorageError, match="is not running"):
            act()
    cycle = cycles.latest()
    assert cycle is not None and cycle.state == "done"


def test_cancel_is_seen_by_who_asks(cycles: Cycles) -> None:
    id = cycles.start(os.getpid())
    assert cycles.cancel_requested(id) is False
    cycles.request_cancel(id)
    assert cycles.cancel_requested(id) is True
    with pytest.raises(NotFound):
        cycles.cancel_requested(99)


def test_what_was_left_running_is_interrupted(cycles: Cycles) -> None:
    id = cycles.start(os.getpid())
    assert cycles.interrupt() == [id]
    cycle = cycles.latest()
    assert cycle is not None and cycle.state == "interrupted" and cycle.ended_at
    assert cycles.interrupt() == []
    assert cycles.start(os.getpid()) == id + 1  # nothing is in its way


def test_notes_keep_json(profile: Profile) -> None:
    notes = profile.notes
    assert (notes.get("flag"), notes.get("flag", 7)) == (None, 7)
    for value in (True, None, {"at": ["é", 1.5]}):
        notes.set("flag", value)
        assert notes.get("flag", 7) == value
    with pytest.raises(TypeError):
        notes.set("flag", object())
    assert notes.get("flag") == {"at": ["é", 1.5]}
