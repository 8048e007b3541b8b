"""The file itself: migrations, locking, rollback, and an auditor that finds what is broken."""

import sqlite3
import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from sqlite_utils import Database

from storage.database import connect, migrations, now, stamp, transaction, verify
from storage.profiles import Profile
from storage.sessions import Sessions


@pytest.fixture
def db(tmp_path: Path) -> Database:
    return connect(tmp_path / "memory.db")


def test_connection_settings(db: Database) -> None:
    settings = ("journal_mode", "foreign_keys", "busy_timeout", "secure_delete")
    values = [db.execute(f"PRAGMA {name}").fetchone()[0] for name in settings]
    assert values == ["wal", 1, 60_000, 1]


def test_migrations_apply_once_and_in_order(tmp_path: Path) -> None:
    connect(tmp_path / "memory.db").close()
    applied = [m.name for m in migrations.applied(connect(tmp_path / "memory.db"))]
    assert applied == [
        "sessions_and_messages",
        "pairs_and_targets",
        "versions_and_pointers",
        "cycles_and_notes",
        "search_while_typing",
        "sessions_that_go_on",
        "days_of_messages",
    ]


def test_eight_threads_open_a_new_file_at_once(tmp_path: Path) -> None:
    problems = in_threads(8, lambda _: connect(tmp_path / "memory.db").close())
    assert problems == []


def test_who_opens_a_new_file_waits_for_others_in_it(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "memory.db", check_same_thread=False)
    other.execute("CREATE TABLE something (id)")
    other.execute("BEGIN IMMEDIATE")
    done = threading.Timer(0.3, other.commit)
    done.start()
    connect(tmp_path / "memory.db").close()  # SQLite itself would not wait here
    done.join()


def test_read_then_write_from_four_threads_never_finds_the_database_locked(tmp_path: Path) -> None:
    profile = Profile(tmp_path, "nora")
    session = profile.sessions.start()

    def talk(thread: int) -> None:
        for turn in range(50):
            profile.sessions.add(session, "user", f"{thread}.{turn}")  # counts, then inserts

    assert in_threads(4, talk) == []
    assert [m.position for m in profile.sessions.messages(session)] == list(range(200))
    assert verify(profile.db) == []


def test_transaction_rolls_back_alone_and_nested(db: Database) -> None:
    sessions = Sessions(lambda: db)
    with pytest.raises(ZeroDivisionError), transaction(db):
        sessions.start(id="gone")
        raise ZeroDivisionError
    with transaction(db):
        sessions.start(id="outer")
        with pytest.raises(ZeroDivisionError), transaction(db):
            sessions.start(id="inner")
            raise ZeroDivisionError
    assert [s.id for s in sessions.list()] == ["outer"]
    assert not db.conn.in_transaction


def test_a_failed_commit_leaves_no_transaction_open(db: Database) -> None:
    db.execute("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
    db.execute("CREATE TABLE child (id REFERENCES parent(id) DEFERRABLE INITIALLY DEFERRED)")
    with pytest.raises(sqlite3.IntegrityError), transaction(db):
        db.execute("INSERT INTO child VALUES (7)")  # found out at COMMIT only
    assert not db.conn.in_transaction


def test_times_are_utc_text_with_seconds() -> None:
    assert stamp(datetime.fromisoformat("2026-03-02T18:00:00")) == "2026-03-02T18:00:00+00:00"
    assert stamp(datetime.fromisoformat("2026-03-02T18:00:00+02:00")) == "2026-03-02T16:00:00+00:00"
    assert now() == stamp(datetime.fromisoformat(now()))


VERSION = "INSERT INTO versions VALUES (1, '{}', '', NULL, 'base', '{{}}', '[]')"
CYCLE = "INSERT INTO cycles (started_at, pid) VALUES ('', 1)"


@pytest.mark.parametrize(
    ("damage", "sentence"),
    [
        (["DELETE FROM messages WHERE position = 0"], "not numbered without gaps"),
        (["UPDATE sessions SET state = 'absorbed', version = 9"], "version 9, which is not kept"),
        (
            [VERSION.format("rejected"), "UPDATE sessions SET state = 'absorbed', version = 1"],
            "version 1, which is not kept",
        ),
        (["DROP INDEX one_running", CYCLE, CYCLE], "2 cycles are marked as running"),
        (
            [VERSION.format("rejected"), "INSERT INTO pointers VALUES ('active', 1)"],
            "active version 1 is not kept",
        ),
        (
            [VERSION.format("kept"), "INSERT INTO pointers VALUES ('active', 1)"],
            "folder of the active version 1 is missing",
        ),
        (["DELETE FROM sessions"], "Row 1 of pairs points at a row of sessions that is gone"),
    ],
)
def test_verify_names_each_broken_invariant(
    tmp_path: Path, damage: list[str], sentence: str
) -> None:
    profile = Profile(tmp_path, "nora")
    session = profile.sessions.start()
    for text in ("one", "two"):
        profile.sessions.add(session, "user", text)
    row = {"question": "q", "answer": "a", "fact": 0, "role": "train", "origin": "model"}
    profile.pairs.add(session, [row])
    assert verify(profile.db) == []

    profile.db.execute("PRAGMA foreign_keys = OFF")
    for statement in damage:
        profile.db.execute(statement)
    assert any(sentence in found for found in verify(profile.db))


def in_threads(count: int, work: Callable[[int], None]) -> list[Exception]:
    """Run `work(index)` in threads that start together; return what they raised."""
    problems: list[Exception] = []
    together = threading.Barrier(count)

    def run(index: int) -> None:
        together.wait()
        try:
            work(index)
        except Exception as problem:
            problems.append(problem)

    threads = [threading.Thread(target=run, args=(index,)) for index in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return problems
