"""One profile is one SQLite file; this module opens it and owns its schema.

Sessions hold messages. A session that was absorbed left pairs behind, and names the adapter
version that learned them. Versions are rows here and folders in `adapters/` beside the file.
Cycles log the work. These invariants hold after every transaction, and `verify` re-checks them:

- the positions of a session's messages run from 0 to n-1;
- an absorbed session names a kept version, or none after a reset;
- at most one cycle is running;
- the active version is kept and its folder exists;
- no row points at a row that is gone: every pair has its session.

It does not know what sessions, pairs or versions mean: the stores beside it do.
"""

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import MAXYEAR, MINYEAR, UTC, datetime
from pathlib import Path
from time import monotonic, sleep

from sqlite_utils import Database, Migrations

ADAPTERS_FOLDER = "adapters"
WAIT_S = 60  # for others who write: thousands of imported chats are one transaction

migrations = Migrations("inweight")  # append only: a released migration never changes


@migrations()
def sessions_and_messages(db: Database) -> None:
    # `number` is a real rowid, stable under VACUUM, which the search index needs.
    db.execute("""CREATE TABLE sessions (
        number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL, state TEXT NOT NULL, source TEXT NOT NULL,
        started_at TEXT NOT NULL, ended_at TEXT, error TEXT,
        version INTEGER REFERENCES versions(number) ON DELETE SET NULL)""")
    db.execute("CREATE INDEX sessions_by_time ON sessions(started_at)")
    db.execute("CREATE INDEX sessions_by_state ON sessions(state, started_at)")
    db.execute("""CREATE TABLE messages (
        number INTEGER PRIMARY KEY,
        session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
        position INTEGER NOT NULL, role TEXT NOT NULL, content TEXT NOT NULL,
        created_at TEXT NOT NULL, UNIQUE (session_id, position))""")
    db.table("sessions").enable_fts(["title"], create_triggers=True)
    db.table("messages").enable_fts(["content"], create_triggers=True)


@migrations()
def pairs_and_targets(db: Database) -> None:
    db.execute("""CREATE TABLE pairs (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        session_id TEXT NOT NULL REFERENCES sessions(id) ON DELETE CASCADE,
        fact INTEGER NOT NULL, question TEXT NOT NULL, answer TEXT NOT NULL,
        role TEXT NOT NULL CHECK (role IN ('train', 'probe', 'negative')),
        state TEXT NOT NULL DEFAULT 'active' CHECK (state IN ('active', 'retired', 'removed')),
        origin TEXT NOT NULL CHECK (origin IN ('model', 'endpoint', 'user')),
        retired_by TEXT REFERENCES sessions(id) ON DELETE SET NULL, retired_at TEXT,
        created_at TEXT NOT NULL, recall REAL, measured_at TEXT)""")
    db.execute("CREATE INDEX pairs_by_session ON pairs(session_id, state)")
    db.execute("CREATE INDEX pairs_by_retirer ON pairs(retired_by)")
    db.execute("""CREATE TABLE pair_targets (
        pair_id INTEGER PRIMARY KEY REFERENCES pairs(id) ON DELETE CASCADE,
        data BLOB NOT NULL)""")


@migrations()
def versions_and_pointers(db: Database) -> None:
    # AUTOINCREMENT: a number once used never names other weights, in caches either.
    db.execute("""CREATE TABLE versions (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        state TEXT NOT NULL CHECK (state IN ('kept', 'rejected')),
        created_at TEXT NOT NULL, reason TEXT, base TEXT NOT NULL,
        figures TEXT NOT NULL, sessions TEXT NOT NULL)""")
    db.execute("""CREATE TABLE pointers (
        name TEXT PRIMARY KEY CHECK (name IN ('active', 'pinned')),
        version INTEGER NOT NULL REFERENCES versions(number))""")


@migrations()
def cycles_and_notes(db: Database) -> None:
    db.execute("""CREATE TABLE cycles (
        id INTEGER PRIMARY KEY AUTOINCREMENT, state TEXT NOT NULL DEFAULT 'running',
        stage TEXT NOT NULL DEFAULT '', done INTEGER NOT NULL DEFAULT 0,
        total INTEGER NOT NULL DEFAULT 0,
        session_id TEXT REFERENCES sessions(id) ON DELETE SET NULL,
        started_at TEXT NOT NULL, ended_at TEXT, error TEXT, pid INTEGER NOT NULL,
        detail TEXT NOT NULL DEFAULT '{}', cancel_requested INTEGER NOT NULL DEFAULT 0)""")
    db.execute("CREATE UNIQUE INDEX one_running ON cycles(state) WHERE state = 'running'")
    db.execute("CREATE INDEX cycles_by_session ON cycles(session_id)")
    db.execute("CREATE TABLE notes (key TEXT PRIMARY KEY, value TEXT NOT NULL)")


@migrations()
def search_while_typing(db: Database) -> None:
    # The last word of a search is a beginning: an index of beginnings finds "t" as fast as a word.
    db.execute("DROP TABLE messages_fts")
    db.execute("""CREATE VIRTUAL TABLE messages_fts USING FTS5 (
        content, content="messages", prefix='1 2 3')""")
    db.execute("INSERT INTO messages_fts (messages_fts) VALUES ('rebuild')")


@migrations()
def sessions_that_go_on(db: Database) -> None:
    db.execute("""ALTER TABLE sessions ADD COLUMN
        continues TEXT REFERENCES sessions(id) ON DELETE SET NULL""")
    db.execute("CREATE INDEX sessions_by_before ON sessions(continues)")


@migrations()
def days_of_messages(db: Database) -> None:
    # Where it was said: "tomorrow" is another date in Lima than in Tokyo. Older messages have none.
    db.execute("ALTER TABLE messages ADD COLUMN day TEXT")


def connect(path: Path | str) -> Database:
    """Open the database at `path`, made and migrated at need. One connection per thread."""
    # check_same_thread is off only so that a profile can close the connections of all threads.
    db = Database(sqlite3.connect(path, timeout=WAIT_S, check_same_thread=False))
    _write_ahead(db)
    db.execute("PRAGMA foreign_keys = ON")
    db.execute("PRAGMA secure_delete = ON")  # what is erased is overwritten, not just unlinked
    db.conn.create_function("mentions", 3, _mentions, deterministic=True)
    if migrations.pending(db):
        with transaction(db):  # migrations.apply alone begins deferred: two openers could collide
            migrations.apply(db)
    return db


def _write_ahead(db: Database) -> None:
    """Readers and a writer side by side. SQLite waits for others everywhere but in this switch, so
    that two who open a new file at once would collide."""
    give_up = monotonic() + WAIT_S
    while True:
        try:
            db.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError as error:
            busy = error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY  # of any kind
            if not busy or monotonic() > give_up:
                raise
            sleep(0.01)


def _mentions(question: str, answer: str, folded: str) -> bool:
    """Whether either text holds what is given in folded letters, as words of its own, or with a
    plural's s: "ana" is in no "banana". SQLite folds ASCII alone."""
    return any(_holds(text.casefold(), folded) for text in (question, answer))


def _holds(text: str, sought: str) -> bool:
    if sought not in text:  # most have nothing of it, and to look for whole words is slow
        return False
    before = r"(?<!\w)" if re.match(r"\w", sought) else ""
    after = r"s?(?!\w)" if re.search(r"\w$", sought) else ""
    return re.search(before + re.escape(sought) + after, text) is not None


@contextmanager
def transaction(db: Database) -> Iterator[None]:
    """All or nothing. Takes the write lock at once, so what is read inside stays true.

    Inside another transaction it is a savepoint of that one.
    """
    if db.conn.in_transaction:
        with db.atomic():
            yield
        return
    db.execute("BEGIN IMMEDIATE")
    try:
        yield
        db.execute("COMMIT")
    except BaseException:
        db.rollback()
        raise


def now() -> str:
    """The time as it is stored: ISO 8601, UTC, seconds."""
    return stamp(datetime.now(UTC))


def local_day(moment: str | None = None) -> str:
    """The day that a stored time, or now, was here: 2026-03-14."""
    time = datetime.fromisoformat(moment) if moment else datetime.now(UTC)
    return time.astimezone().date().isoformat()


def stamp(time: datetime) -> str:
    """`time` as it is stored; a time without a zone is taken as UTC. Raises OverflowError for one that
    some time zones have no date for."""
    aware = (time if time.tzinfo else time.replace(tzinfo=UTC)).astimezone(UTC)
    if not MINYEAR < aware.year < MAXYEAR:
        raise OverflowError("the year is out of range")
    return aware.isoformat(timespec="seconds")


def version_name(number: int) -> str:
    """The folder name of an adapter version: 7 → v0007."""
    return f"v{number:04d}"


def scrub(db: Database) -> None:
    """Take deleted text out of the search index and the write-ahead log as well."""
    for table in ("sessions", "messages"):
        db.table(table).optimize()
    if not db.conn.in_transaction:
        db.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()


def verify(db: Database) -> list[str]:
    """Re-check the invariants above. Returns sentences; an empty list means sound."""
    return [*_positions(db), *_absorbed(db), *_running(db), *_active(db), *_dangling(db)]


def _positions(db: Database) -> Iterator[str]:
    for (session,) in db.execute("""SELECT session_id FROM messages GROUP BY session_id
            HAVING min(position) != 0 OR max(position) != count(*) - 1
            OR count(DISTINCT position) != count(*)"""):
        yield f"The messages of session {session} are not numbered without gaps."


def _absorbed(db: Database) -> Iterator[str]:
    for session, version in db.execute("""SELECT id, version FROM sessions
            WHERE state = 'absorbed' AND version IS NOT NULL
            AND version NOT IN (SELECT number FROM versions WHERE state = 'kept')"""):
        yield f"Session {session} was absorbed into version {version}, which is not kept."


def _running(db: Database) -> Iterator[str]:
    (count,) = db.execute("SELECT count(*) FROM cycles WHERE state = 'running'").fetchone()
    if count > 1:
        yield f"{count} cycles are marked as running; there can be one."


def _active(db: Database) -> Iterator[str]:
    file = db.execute("PRAGMA database_list").fetchone()[2]
    for number, state in db.execute("""SELECT p.version, v.state FROM pointers p
            LEFT JOIN versions v ON v.number = p.version WHERE p.name = 'active'"""):
        if state != "kept":
            yield f"The active version {number} is not kept."
        if not (Path(file).parent / ADAPTERS_FOLDER / version_name(number)).is_dir():
            yield f"The folder of the active version {number} is missing."


def _dangling(db: Database) -> Iterator[str]:
    for table, row, parent, _ in db.execute("PRAGMA foreign_key_check"):
        yield f"Row {row} of {table} points at a row of {parent} that is gone."
