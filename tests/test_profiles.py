"""Profiles: a folder each, found, kept apart, closed and deleted."""

import gc
import threading
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.errors import StorageError
from storage.profiles import Profile


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "a b", "é", "x" * 65, "nora\n"])
def test_a_name_that_could_leave_the_root_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(StorageError, match="cannot name a profile"):
        Profile(tmp_path, name)
    assert list(tmp_path.iterdir()) == []


def test_the_folder_is_made_when_needed_and_private(tmp_path: Path) -> None:
    profile = Profile(tmp_path, "Nora_2-x")
    assert not profile.path.exists()
    profile.sessions.start()
    assert profile.path == tmp_path / "profiles" / "Nora_2-x"
    assert profile.path.stat().st_mode & 0o077 == 0
    assert profile.lock_path.parent == profile.path


def test_a_folder_that_was_there_before_is_private_too(tmp_path: Path) -> None:
    profile = Profile(tmp_path, "nora")
    profile.path.mkdir(mode=0o755, parents=True)
    profile.sessions.start()
    assert profile.path.stat().st_mode & 0o077 == 0


def test_profiles_are_apart_and_last(tmp_path: Path) -> None:
    nora = Profile(tmp_path, "nora")
    id = nora.sessions.start()
    nora.notes.set("seen", True)
    assert Profile(tmp_path, "adam").sessions.count() == 0
    nora.close()
    assert Profile(tmp_path, "nora").sessions.get(id) == nora.sessions.get(id)
    assert nora.notes.get("seen") is True


def test_one_connection_per_thread_gone_with_its_thread(tmp_path: Path) -> None:
    profile = Profile(tmp_path, "nora")
    seen: list[int] = []

    def look() -> None:
        assert profile.db is profile.db
        seen.append(id(profile.db))

    mine = profile.db
    thread = threading.Thread(target=look)
    thread.start()
    thread.join()
    assert seen and seen != [id(mine)]
    gc.collect()
    assert list(profile._connections) == [mine]


def test_close_reaches_the_connections_of_other_threads(tmp_path: Path) -> None:
    profile = Profile(tmp_path, "nora")
    got: list[Database] = []
    opened, closed = threading.Event(), threading.Event()

    def hold() -> None:
        got.append(profile.db)
        opened.set()
        closed.wait(10)
        got.append(profile.db)

    thread = threading.Thread(target=hold)
    thread.start()
    opened.wait(10)
    profile.close()
    closed.set()
    thread.join()
    with pytest.raises(Exception, match="closed database"):
        got[0].execute("SELECT 1")
    assert got[1].execute("SELECT 1").fetchone() == (1,)
