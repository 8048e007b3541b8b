"""Cycles: the log of consolidation runs and how far the current one is. Notes: small flags.

Any process can watch or cancel a cycle through these rows. Does not know what a cycle does.
"""

import json
from builtins import list as List  # `Cycles.list` hides the builtin inside the class
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlite_utils import Database

from storage.database import now, transaction
from storage.errors import NotFound, StorageError

ENDS = ("done", "failed", "cancelled", "interrupted")


@dataclass(frozen=True, slots=True)
class Cycle:
    """One run. state: running, done, failed, cancelled or interrupted (killed half-way)."""

    id: int
    state: str
    stage: str
    done: int
    total: int
    session_id: str | None
    started_at: str
    ended_at: str | None
    error: str | None
    pid: int
    detail: dict[str, Any]


_SELECT = """SELECT id, state, stage, done, total, session_id, started_at, ended_at, error, pid,
    detail FROM cycles"""


class Cycles:
    """The cycles of one profile; at most one runs."""

    def __init__(self, db: Callable[[], Database]) -> None:
        self._db = db

    def start(self, pid: int) -> int:
        """Open a cycle that process `pid` runs, and return its id."""
        db = self._db()
        with transaction(db):
            if self._select("WHERE state = 'running'"):
                raise StorageError("A cycle is already running: wait for it or cancel it.")
            added = db.execute("INSERT INTO cycles (started_at, pid) VALUES (?, ?)", (now(), pid))
        return int(added.lastrowid or 0)

    def progress(
        self,
        id: int,
        *,
        stage: str,
        done: int,
        total: int,
        session_id: str | None = None,
        detail: dict[str, Any] | None = None,
    ) -> None:
        """Say where the running cycle stands; without `detail` the last one stays."""
        self._update(
            id,
            "stage = ?, done = ?, total = ?, session_id = ?, detail = coalesce(?, detail)",
            (stage, done, total, session_id, None if detail is None else json.dumps(detail)),
        )

    def finish(self, id: int, state: str, error: str | None = None) -> None:
        """Close the running cycle as done, failed, cancelled or interrupted."""
        if state not in ENDS:
            raise StorageError(f"A cycle cannot end as {state}.")
        self._update(id, "state = ?, error = ?, ended_at = ?", (state, error, now()))

    def latest(self) -> Cycle | None:
        """The cycle started last."""
        return next(iter(self.list(1)), None)

    def list(self, limit: int) -> List[Cycle]:
        """Newest first."""
        return self._select("ORDER BY id DESC LIMIT ?", limit)

    def interrupt(self) -> List[int]:
        """Close what still counts as running and return its ids. For whoever holds the profile's
        lock: such a cycle was killed, or its end could not be written (a full disk)."""
        with transaction(self._db()):
            left = [cycle.id for cycle in self._select("WHERE state = 'running'")]
            for id in left:
                self.finish(id, "interrupted")
        return left

    def cancel_requested(self, id: int) -> bool:
        """Whether somebody asked the cycle to stop."""
        sql = "SELECT cancel_requested FROM cycles WHERE id = ?"
        row = self._db().execute(sql, (id,)).fetchone()
        if row is None:
            raise NotFound(f"There is no cycle {id}.")
        return bool(row[0])

    def request_cancel(self, id: int) -> None:
        """Ask the running cycle to stop at its next safe point."""
        self._update(id, "cancel_requested = 1", ())

    def _update(self, id: int, assignments: str, values: tuple[object, ...]) -> None:
        sql = f"UPDATE cycles SET {assignments} WHERE id = ? AND state = 'running'"
        if not self._db().execute(sql, (*values, id)).rowcount:
            raise StorageError(f"Cycle {id} is not running.")

    def _select(self, rest: str, *values: object) -> List[Cycle]:
        rows = self._db().query(f"{_SELECT} {rest}", values)
        return [Cycle(**{**row, "detail": json.loads(row["detail"])}) for row in rows]


class Notes:
    """A small store of JSON values for flags."""

    def __init__(self, db: Callable[[], Database]) -> None:
        self._db = db

    def get(self, key: str, default: Any = None) -> Any:
        """The value, or `default` when none was set."""
        row = self._db().execute("SELECT value FROM notes WHERE key = ?", (key,)).fetchone()
        return json.loads(row[0]) if row else default

    def set(self, key: str, value: Any) -> None:
        """Store `value`, which must be JSON."""
        self._db().execute("INSERT OR REPLACE INTO notes VALUES (?, ?)", (key, json.dumps(value)))
