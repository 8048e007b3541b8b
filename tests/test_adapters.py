"""Adapter versions: whole or not at all, whatever dies; checked, activated, pinned, removed."""

import json
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

import storage
from storage import adapters as module
from storage import manifest
from storage.adapters import Adapters, Version
from storage.database import verify
from storage.errors import NotFound, StorageError
from storage.profiles import Profile


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path, "nora")


@pytest.fixture
def adapters(profile: Profile) -> Adapters:
    return profile.adapters


def fill(folder: Path) -> None:
    (folder / "weights").write_bytes(b"1234")
    (folder / "more").mkdir()
    (folder / "more" / "config").write_text("{}")


def write(adapters: Adapters, n: int, state: str = "kept", **rest: str) -> Version:
    return adapters.write(
        n, fill, state=state, base="base", sessions=["a"], figures={"recall": 0.5}, **rest
    )


def folders(adapters: Adapters) -> list[str]:
    return sorted(p.name for p in adapters.folder_of(1).parent.iterdir() if p.is_dir())


def test_a_version_describes_itself(adapters: Adapters) -> None:
    version = write(adapters, 1)
    assert adapters.get(1) == version == adapters.list()[0]
    assert (version.sessions, version.figures, version.pinned) == (["a"], {"recall": 0.5}, False)
    assert folders(adapters) == ["v0001"]
    told = json.loads((adapters.folder_of(1) / "manifest.json").read_text())
    digest = "03ac674216f3e15c761ee1a5e255f067953623c8b388b4459e13f978d7c846f4"  # sha256sum of 1234
    assert told["files"]["weights"] == digest
    assert sorted(told["files"]) == ["more/config", "weights"]
    assert (told["version"], told["base"], told["created_at"]) == (
        1,
        "base",
        version.created_at,
    )


def test_numbers_grow_and_are_not_used_again(adapters: Adapters) -> None:
    assert adapters.next_number() == 1
    for n in (1, 2):
        write(adapters, n)
    adapters.activate(1)
    adapters.withdraw("a")
    assert adapters.next_number() == 3
    assert folders(adapters) == ["v0001"]
    with pytest.raises(StorageError, match="already a version 1"):
        write(adapters, 1)
    adapters.check(1)


def test_a_failed_write_leaves_nothing(adapters: Adapters, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object) -> None:
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        adapters.write(1, fail, state="kept", base="b", sessions=[], figures={})
    with monkeypatch.context() as patch, pytest.raises(OSError, match="disk full"):
        patch.setattr(module, "transaction", fail)  # after the rename, before the row
        write(adapters, 1)
    assert (folders(adapters), adapters.list()) == ([], [])
    assert write(adapters, 1) == adapters.get(1)


CHILD = """
import sys, time
from pathlib import Path
from storage import adapters
from storage.profiles import Profile

def hang(*_):
    print("hanging", flush=True)
    time.sleep(60)

def fill(folder):
    (folder / "weights").write_bytes(b"12")
    if sys.argv[2] == "while filling":
        hang()

store = Profile(Path(sys.argv[1]), "nora").adapters
if sys.argv[2] == "before the row":
    adapters.transaction = hang
store.write(1, fill, state="kept", base="b", sessions=[], figures={})
"""


@pytest.mark.parametrize("moment", ["while filling", "before the row"])
def test_a_killed_write_is_never_listed_and_is_swept(tmp_path: Path, moment: str) -> None:
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, tmp_path, moment],
        cwd=Path(storage.__file__).parents[1],
        stdout=subprocess.PIPE,
    )
    assert child.stdout and child.stdout.readline() == b"hanging\n"
    living = Profile(tmp_path, "nora").adapters
    assert living.list() == []
    assert len(folders(living)) == 1, "a write under way is no leftover"

    child.send_signal(signal.SIGKILL)
    child.communicate()
    assert len(folders(living)) == 1
    swept = Profile(tmp_path, "nora").adapters
    assert (folders(swept), swept.list(), swept.next_number()) == ([], [], 1)
    write(swept, 1)
    swept.check(1)
    again = Profile(tmp_path, "nora").adapters
    assert (folders(again), [v.number for v in again.list()]) == (["v0001"], [1])


def test_writers_take_turns(profile: Profile) -> None:
    inside, most = [0], [0]

    def slow(folder: Path) -> None:
        inside[0] += 1
        most[0] = max(most[0], inside[0])
        threading.Event().wait(0.05)
        inside[0] -= 1

    def work(n: int) -> None:
        profile.adapters.write(n, slow, state="kept", base="b", sessions=[], figures={})

    threads = [threading.Thread(target=work, args=(n,)) for n in (1, 2, 3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert ([v.number for v in profile.adapters.list()], most) == ([3, 2, 1], [1])


def test_everything_is_synced_before_the_rename(
    adapters: Adapters, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    sync, rename, row = manifest.sync, Path.rename, Adapters._insert

    def logged_sync(path: Path) -> None:
        events.append(path.name)
        sync(path)

    def logged_rename(self: Path, target: Path) -> Path:
        events.append("rename")
        return rename(self, target)

    def logged_row(self: Adapters, version: Version) -> None:
        events.append("row")
        row(self, version)

    for place in (manifest, module):
        monkeypatch.setattr(place, "sync", logged_sync)
    monkeypatch.setattr(Path, "rename", logged_rename)
    monkeypatch.setattr(Adapters, "_insert", logged_row)
    write(adapters, 1)
    before, after = events[: events.index("rename")], events[events.index("rename") :]
    assert sorted(before[:-1]) == ["config", "manifest.json", "more", "weights"]
    assert before[-1].startswith(".writing-")
    assert after == ["rename", "adapters", "row"]


def test_activate(profile: Profile) -> None:
    adapters = profile.adapters
    write(adapters, 1)
    write(adapters, 2, "rejected", reason="It forgot too much.")
    assert adapters.active() is None
    adapters.activate(1)
    with pytest.raises(StorageError, match="Version 2 was rejected"):
        adapters.activate(2)
    with pytest.raises(NotFound, match="no version 3"):
        adapters.activate(3)
    assert adapters.active() == adapters.get(1)
    assert adapters.get(2).reason == "It forgot too much."
    assert verify(profile.db) == []
    adapters.activate(None)
    assert adapters.active() is None


def test_a_version_without_folder_is_not_activated(adapters: Adapters) -> None:
    write(adapters, 1)
    adapters.folder_of(1).rename(adapters.folder_of(9))
    with pytest.raises(StorageError, match="files of version 1 are gone"):
        adapters.activate(1)
    assert adapters.active() is None


def test_at_most_one_is_pinned(adapters: Adapters) -> None:
    write(adapters, 1)
    write(adapters, 2)
    adapters.pin(1)
    adapters.pin(2)
    assert [(v.number, v.pinned) for v in adapters.list()] == [(2, True), (1, False)]
    with pytest.raises(NotFound):
        adapters.pin(3)
    adapters.pin(None)
    assert not adapters.get(2).pinned


def test_all_up_to_one_are_withdrawn(adapters: Adapters) -> None:
    """Pinned, rejected and imported ones too; the version in use stays, and what came later."""
    for n in (1, 2, 3, 4):
        write(adapters, n, "rejected" if n == 3 else "kept")
    adapters.activate(1)
    adapters.pin(2)
    assert adapters.withdraw_up_to(3) == [3, 2]
    assert [v.number for v in adapters.list() if adapters.usable(v)] == [4, 1]
    assert not any(v.pinned for v in adapters.list())
    adapters.activate(None)
    assert adapters.withdraw_up_to(4) == [4, 1] and folders(adapters) == []


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (lambda folder: (folder / "weights").write_bytes(b"1235"), "damaged: weights"),
        (lambda folder: (folder / "weights").unlink(), "cannot be read"),
        (lambda folder: (folder / "manifest.json").write_text("[]"), "cannot be read"),
        (lambda folder: (folder / "manifest.json").unlink(), "cannot be read"),
    ],
)
def test_check_finds_damage(
    adapters: Adapters, damage: Callable[[Path], object], sentence: str
) -> None:
    write(adapters, 1)
    adapters.check(1)
    damage(adapters.folder_of(1))
    with pytest.raises(StorageError, match=sentence):
        adapters.check(1)


def test_check_of_nothing(adapters: Adapters) -> None:
    with pytest.raises(NotFound):
        adapters.check(1)


def test_versions_come_by_the_page(adapters: Adapters) -> None:
    for n in range(1, 5):
        write(adapters, n, "rejected" if n == 3 else "kept")
    assert (adapters.count(), [v.number for v in adapters.list(2, 1)]) == (4, [3, 2])
    assert adapters.measured(2) == [(2, {"recall": 0.5}), (4, {"recall": 0.5})]


def test_thinning_leaves_what_is_needed(adapters: Adapters) -> None:
    """The active, the pinned, the newest, an imported one and the milestones on the way."""

    def grow(*sessions: str, state: str = "kept") -> int:
        n = adapters.next_number()
        return adapters.write(
            n, fill, state=state, base="base", sessions=sessions, figures={}
        ).number

    imported = grow()
    way = [grow(*"abcdefgh"[:k]) for k in range(1, 9)]
    stray, rejected, newest = grow("a", "z"), grow("a", state="rejected"), grow("a", "y")
    adapters.activate(way[-1])
    adapters.pin(way[2])
    assert adapters.thin(1) == [rejected, stray, *(way[k] for k in (6, 4, 3, 1))]
    there = [v.number for v in adapters.list() if adapters.folder_of(v.number).is_dir()]
    assert there == [newest, way[7], way[5], way[2], way[0], imported]
    assert adapters.count() == 12  # what they were is still told
    assert not adapters.usable(adapters.get(stray)) and adapters.usable(adapters.get(newest))
    with pytest.raises(StorageError, match="gone"):
        adapters.activate(stray)
    assert adapters.thin(1) == []


def test_the_newest_of_the_same_sessions_is_the_milestone(adapters: Adapters) -> None:
    old, new, active = (write(adapters, n) for n in (1, 2, 3))
    adapters.activate(active.number)
    write(adapters, 4)
    adapters.activate(4)
    assert adapters.thin(1) == [3, 2, 1]


def test_what_learnt_a_session_is_withdrawn(adapters: Adapters) -> None:
    """Pinned ones too; the version in use stays, and so does what never learnt it."""
    for n, sessions in enumerate((["a"], ["a", "b"], ["b"], ["a", "c"]), start=1):
        adapters.write(n, fill, state="kept", base="base", sessions=sessions, figures={})
    adapters.pin(2)
    adapters.activate(4)
    assert adapters.withdraw("a") == [2, 1]
    assert [v.number for v in adapters.list() if adapters.usable(v)] == [4, 3]
    assert not any(v.pinned for v in adapters.list())
    assert adapters.withdraw("z") == []
