"""Sessions: the log of what was said, and where each session stands on its way into the weights.

Knows messages, states, the legal moves between them, and search. Does not know how a session is
absorbed.
"""

import json
import re
import secrets
from builtins import list as List  # `Sessions.list` hides the builtin inside the class
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlite_utils import Database

from storage.database import local_day, now, scrub, stamp, transaction
from storage.errors import NotFound, StorageError
from storage.imports import shortened, title_of

MOVES = {
    "open": {"ended", "excluded"},
    "ended": {"absorbing", "excluded"},
    "absorbing": {"absorbed", "nothing_new", "failed", "ended"},
    "absorbed": {"absorbed", "ended", "excluded"},  # to itself: a rebuild names another version
    "nothing_new": {"ended", "excluded"},
    "failed": {"absorbing", "ended", "excluded"},
    "excluded": {"ended"},
}
STATES = tuple(MOVES)


@dataclass(frozen=True, slots=True)
class Message:
    """One thing said. Positions of a session run from 0. `day`: the date where it was said; an old
    message has none."""

    position: int
    role: str
    content: str
    created_at: str
    day: str | None


@dataclass(frozen=True, slots=True)
class Session:
    """A session without its text; `messages` is how many there are. `continues` is the session
    whose last words are in its prompt."""

    id: str
    title: str
    state: str
    source: str
    started_at: str
    ended_at: str | None
    last_message_at: str | None
    messages: int
    error: str | None
    version: int | None
    continues: str | None


_SELECT = """SELECT id, title, state, source, started_at, ended_at,
    (SELECT created_at FROM messages WHERE session_id = s.id
        ORDER BY position DESC LIMIT 1) AS last_message_at,
    (SELECT count(*) FROM messages WHERE session_id = s.id) AS messages,
    error, version, continues FROM sessions s"""


class Sessions:
    """The sessions of one profile."""

    def __init__(self, db: Callable[[], Database]) -> None:
        self._db = db

    def start(
        self,
        *,
        id: str | None = None,
        source: str = "chat",
        started_at: str | None = None,
        title: str = "",
        continues: str | None = None,
    ) -> str:
        """Open a session and return its id."""
        db, id = self._db(), id or secrets.token_hex(8)
        with transaction(db):
            if self._state(id) is not None:
                raise StorageError(f"There is already a session {id}.")
            db.execute(
                "INSERT INTO sessions (id, title, state, source, started_at, continues)"
                " VALUES (?, ?, 'open', ?, ?, ?)",
                (id, title, source, started_at or now(), continues),
            )
        return id

    def add(
        self,
        session_id: str,
        role: str,
        content: str,
        created_at: str | None = None,
        day: str | None = None,
    ) -> int:
        """Append a message to an open session and return its position. `day`: that of this machine's
        time zone where none is given.

        The first user message gives an untitled session its title.
        """
        with transaction(self._db()):
            self._require_open(session_id)
            return self._append(session_id, role, content, created_at, day)

    def answer(self, session_id: str, said: Message, content: str) -> None:
        """Log the reply right behind what was `said`, in place of an earlier reply to it, where that
        still stands, however much was said meanwhile. Also in a session that was ended, but in none
        that is being learnt."""
        with transaction(self._db()):
            messages = self.messages(session_id)
            same = [m for m in messages if replace(said, position=m.position) == m]
            if self._state(session_id) not in ("open", "ended") or not same:
                return
            at = (said if said in same else same[-1]).position  # an earlier reply moved it on
            later = messages[at + 1 :]
            while later and later[0].role == "assistant":
                later.pop(0)
            self._delete_after(session_id, at)
            self._append(session_id, "assistant", content)
            for m in later:  # said while the reply was made
                self._append(session_id, m.role, m.content, m.created_at, m.day)

    def drop_after(self, session_id: str, position: int) -> None:
        """Drop the messages after `position` from an open session; -1 drops all."""
        db = self._db()
        with transaction(db):
            self._require_open(session_id)
            before = self._first_words(session_id)
            self._delete_after(session_id, position)
            if self._first_words(session_id) != before:  # what was dropped is no title either
                db.execute(
                    "UPDATE sessions SET title = '' WHERE id = ? AND title = ?",
                    (session_id, before),
                )

    def end(self, session_id: str) -> bool:
        """End an open session: True. An empty one is deleted, one not open left alone: False."""
        db = self._db()
        with transaction(db):
            session = self.get(session_id)
            if session.state != "open":
                return False
            if not session.messages:
                db.execute("DELETE FROM sessions WHERE id = ?", (session_id,))
                return False
            self.set_state(session_id, "ended")
        return True

    def end_stale(self, idle_minutes: float) -> List[str]:
        """End the open sessions in which nothing was said for so long; return their ids."""
        cutoff = stamp(datetime.now(UTC) - timedelta(minutes=idle_minutes))
        with transaction(self._db()):
            open_ones = self._select("WHERE state = 'open' ORDER BY started_at, number")
            stale = [s.id for s in open_ones if (s.last_message_at or s.started_at) <= cutoff]
            return [id for id in stale if self.end(id)]

    def get(self, id: str) -> Session:
        """The session, or NotFound."""
        found = self._select("WHERE id = ?", id)
        if not found:
            raise NotFound(f"There is no session {id}.")
        return found[0]

    def whole_id(self, start: str) -> str:
        """The id that is this, or the only one that begins so; NotFound, or StorageError for several."""
        if self._state(start) is not None:
            return start
        rows = self._db().execute("SELECT id FROM sessions WHERE instr(id, ?) = 1", (start,))
        found = [str(row[0]) for row in rows] if start else []  # a variable that was never set
        if len(found) > 1:
            raise StorageError(f"{len(found)} sessions begin with {start}: type more of the id.")
        if not found:
            raise NotFound(f"There is no session {start}.")
        return found[0]

    def messages(self, id: str) -> List[Message]:
        """What was said, in order."""
        rows = self._db().query(
            "SELECT position, role, content, created_at, day FROM messages"
            " WHERE session_id = ? ORDER BY position",
            (id,),
        )
        return [Message(**row) for row in rows]

    def list(
        self,
        *,
        states: Collection[str] | None = None,
        query: str = "",
        limit: int = 50,
        offset: int = 0,
    ) -> List[Session]:
        """Newest first; `query` is any text a person may type, sought in titles and messages. A
        limit of -1 is none."""
        return self.page(states=states, query=query, limit=limit, offset=offset)[0]

    def page(
        self, *, states: Collection[str] | None, query: str, limit: int, offset: int
    ) -> tuple[List[Session], int]:
        """What `list` gives and what `count` gives, with one search for both; the count is 0
        beyond the last page."""
        where, values = _filter(states, query)
        order = "ORDER BY started_at DESC, number DESC"
        # Cut first, so that messages are counted for the page's sessions alone.
        sql = f"SELECT number, count(*) OVER () FROM sessions s {where} {order} LIMIT ? OFFSET ?"
        cut = self._db().execute(sql, (*values, limit, offset)).fetchall()
        numbers = json.dumps([number for number, _ in cut])
        inside = "WHERE number IN (SELECT value FROM json_each(?))"
        return self._select(f"{inside} {order}", numbers), cut[0][1] if cut else 0

    def count(self, states: Collection[str] | None = None, query: str = "") -> int:
        """How many sessions `list` would find without a limit."""
        where, values = _filter(states, query)
        row = self._db().execute(f"SELECT count(*) FROM sessions s {where}", values).fetchone()
        return int(row[0])

    def waiting(self) -> List[Session]:
        """The sessions to absorb, oldest first."""
        return self._select("WHERE state = 'ended' ORDER BY started_at, number")

    def set_state(
        self, id: str, state: str, *, error: str | None = None, version: int | None = None
    ) -> None:
        """Move a session on; `error` and `version` replace what stood there."""
        db = self._db()
        with transaction(db):
            current = self.get(id).state
            if state not in MOVES[current]:
                raise StorageError(f"Session {id} is {current} and cannot become {state}.")
            db.execute(
                "UPDATE sessions SET state = ?, error = ?, version = ?,"
                " ended_at = coalesce(ended_at, ?) WHERE id = ?",
                (state, error, version, now(), id),
            )

    def include(self, id: str) -> None:
        """Let a session that was left out wait again. Raises StorageError for another one."""
        with transaction(self._db()):
            state = self.get(id).state
            if state != "excluded":
                raise StorageError(f"Session {id} is not left out: it is {state}.")
            self.set_state(id, "ended")

    def rename(self, id: str, title: str) -> None:
        """Give a session another title."""
        renamed = self._db().execute("UPDATE sessions SET title = ? WHERE id = ?", (title, id))
        if not renamed.rowcount:
            raise NotFound(f"There is no session {id}.")

    def erase(self, id: str) -> None:
        """Remove a session, its messages and its pairs, from the file's free pages too."""
        db = self._db()
        with transaction(db):
            # Who went on from it has taken over its title, or its first words before it was renamed.
            taken = (self.get(id).title, self._first_words(id))
            same = self._select("WHERE title IN (?, ?) AND id != ?", *taken, id)
            for other in (s.id for s in same if s.title != self._first_words(s.id)):
                self.rename(other, "")
            db.execute("DELETE FROM sessions WHERE id = ?", (id,))
        scrub(db)

    def take(self, rows: Iterable[Mapping[str, Any]]) -> List[str]:
        """Import rows of `read_jsonl` as ended sessions, all or none; return the new ids."""
        taken = []
        with transaction(self._db()):
            for row in rows:
                if self._state(row["id"]) is None:
                    self._take_one(row)
                    taken.append(row["id"])
        return taken

    def known(self, ids: Iterable[str]) -> set[str]:
        """Those of `ids` that name a session."""
        return {id for id in ids if self._state(id) is not None}

    def _take_one(self, row: Mapping[str, Any]) -> None:
        started_at = row.get("started_at") or now()
        self.start(id=row["id"], source="import", started_at=started_at, title=title_of(row))
        for message in row["messages"]:
            said_at = message.get("created_at") or started_at
            self.add(row["id"], message["role"], message["content"], said_at, row.get("day"))
        self._db().execute(
            "UPDATE sessions SET state = 'ended', ended_at = started_at WHERE id = ?", (row["id"],)
        )

    def _select(self, rest: str, *values: object) -> List[Session]:
        return [Session(**row) for row in self._db().query(f"{_SELECT} {rest}", values)]

    def _state(self, id: str) -> str | None:
        row = self._db().execute("SELECT state FROM sessions WHERE id = ?", (id,)).fetchone()
        return row and str(row[0])

    def _append(
        self,
        session_id: str,
        role: str,
        content: str,
        created_at: str | None = None,
        day: str | None = None,
    ) -> int:
        db = self._db()
        (position,) = db.execute(
            "SELECT count(*) FROM messages WHERE session_id = ?", (session_id,)
        ).fetchone()
        db.execute(
            "INSERT INTO messages (session_id, position, role, content, created_at, day)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                session_id,
                position,
                role,
                content,
                created_at or now(),
                day or local_day(created_at),
            ),
        )
        if role == "user":
            db.execute(
                "UPDATE sessions SET title = ? WHERE id = ? AND title = ''",
                (shortened(content), session_id),
            )
        return int(position)

    def _delete_after(self, session_id: str, position: int) -> None:
        self._db().execute(
            "DELETE FROM messages WHERE session_id = ? AND position > ?", (session_id, position)
        )

    def _first_words(self, id: str) -> str:
        """The title that the session gives itself."""
        first = next((m.content for m in self.messages(id) if m.role == "user"), "")
        return shortened(first)

    def _require_open(self, id: str) -> None:
        state = self._state(id)
        if state is None:
            raise NotFound(f"There is no session {id}.")
        if state != "open":
            raise StorageError(f"Session {id} is {state}: start a new one to go on.")


def _filter(states: Collection[str] | None, query: str) -> tuple[str, List[str]]:
    """The WHERE clause and its values."""
    clauses, values = [], []
    if states is not None:
        clauses.append("state IN (SELECT value FROM json_each(?))")
        values.append(json.dumps(list(states)))
    if query.strip():
        clauses.append("""(s.number IN (SELECT rowid FROM sessions_fts WHERE sessions_fts MATCH ?)
            OR s.id IN (SELECT m.session_id FROM messages_fts f
            JOIN messages m ON m.number = f.rowid WHERE messages_fts MATCH ?))""")
        values += [_match(query)] * 2
    return ("WHERE " + " AND ".join(clauses) if clauses else ""), values


def _match(query: str) -> str:
    """FTS5 syntax for a person's words: each one quoted, the last perhaps still being typed."""
    words = re.findall(r"\w+", query)
    return " ".join(f'"{word}"' for word in words) + "*" if words else '""'
