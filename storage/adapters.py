"""Adapter versions: folders of weights that describe themselves, and which one is in use.

Knows folders, manifests and checksums, and that a version exists only when its row does. Does not
know what is in the files. A write fills a hidden folder, seals it, renames it and then commits the
row; whatever a crash leaves before that last step is swept by the next start. Of a version that was
thinned out the row stays, since what was measured on the way counts for the versions after it.
"""

import json
import shutil
import tempfile
from builtins import list as List  # `Adapters.list` hides the builtin inside the class
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from sqlite_utils import Database

from storage.database import now, transaction, version_name
from storage.errors import NotFound, StorageError
from storage.manifest import changed, seal, sync

MILESTONE = 5  # of the older versions every fifth stays


@dataclass(frozen=True, slots=True)
class Version:
    """One adapter. state: kept or rejected, and then `reason` says why."""

    number: int
    state: str
    created_at: str
    reason: str | None
    base: str
    figures: dict[str, Any]
    sessions: list[str]
    pinned: bool


_SELECT = """SELECT number, state, created_at, reason, base, figures, sessions, EXISTS (
    SELECT 1 FROM pointers WHERE name = 'pinned' AND version = number) AS pinned FROM versions"""


class Adapters:
    """The adapter versions of one profile, in `folder`."""

    def __init__(self, db: Callable[[], Database], folder: Path) -> None:
        self._db = db
        self._folder = folder
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            with self.writing(timeout=0):
                self._sweep()
        except Timeout:
            pass  # somebody is writing just now, so that folder is no leftover

    def next_number(self) -> int:
        """The number for a new version; numbers of removed versions are not used again."""
        sql = "SELECT seq FROM sqlite_sequence WHERE name = 'versions'"
        row = self._db().execute(sql).fetchone()
        return int(row[0]) + 1 if row else 1

    def folder_of(self, n: int) -> Path:
        """Where version `n` lies, or would lie."""
        return self._folder / version_name(n)

    def write(
        self,
        n: int,
        fill: Callable[[Path], None],
        *,
        state: str,
        base: str,
        sessions: Sequence[str],
        figures: Mapping[str, Any],
        reason: str | None = None,
    ) -> Version:
        """Make version `n` of the files that `fill` writes into the folder it is given.

        The version is there wholly or not at all, also when the power goes.
        """
        with self.writing():
            if self._select("WHERE number = ?", n):
                raise StorageError(f"There is already a version {n}.")
            version = Version(
                n, state, now(), reason, base, dict(figures), [*sessions], pinned=False
            )
            folder = Path(tempfile.mkdtemp(prefix=".writing-", dir=self._folder))
            try:
                fill(folder)
                seal(folder, _told(version))
                folder = folder.rename(self.folder_of(n))
                sync(self._folder)
                self._insert(version)
            except BaseException:
                shutil.rmtree(folder, ignore_errors=True)
                raise
        return version

    def active(self) -> Version | None:
        """The version in use; None is the bare base."""
        sql = "WHERE number = (SELECT version FROM pointers WHERE name = 'active')"
        return next(iter(self._select(sql)), None)

    def activate(self, n: int | None) -> None:
        """Use version `n` from now on, or the bare base."""
        with transaction(self._db()):
            if n is not None and self.get(n).state != "kept":
                raise StorageError(f"Version {n} was rejected and cannot be used.")
            if n is not None and not self.folder_of(n).is_dir():
                raise StorageError(f"The files of version {n} are gone: use another version.")
            self._point("active", n)

    def list(self, limit: int = -1, offset: int = 0) -> List[Version]:
        """The versions, newest first; all of them without a limit."""
        return self._select("ORDER BY number DESC LIMIT ? OFFSET ?", limit, offset)

    def usable(self, version: Version) -> bool:
        """Whether it was kept and its files are still there."""
        return version.state == "kept" and self.folder_of(version.number).is_dir()

    def count(self) -> int:
        """How many versions there are."""
        return int(self._db().execute("SELECT count(*) FROM versions").fetchone()[0])

    def measured(self, limit: int) -> List[tuple[int, dict[str, Any]]]:
        """Number and figures of the newest kept versions, oldest first; not what they hold, which
        grows with every session."""
        rows = self._db().execute(
            "SELECT number, figures FROM versions WHERE state = 'kept'"
            " ORDER BY number DESC LIMIT ?",
            (limit,),
        )
        return [(number, json.loads(figures)) for number, figures in reversed(rows.fetchall())]

    def way(self) -> Iterator[dict[str, Any]]:
        """The figures of the version in use, then of the one it was made from, and so on."""
        rows = dict(self._db().execute("SELECT number, figures FROM versions").fetchall())
        sql = "SELECT version FROM pointers WHERE name = 'active'"
        n = next((n for (n,) in self._db().execute(sql).fetchall()), 0)
        while n in rows:
            figures = json.loads(rows[n])
            yield figures
            n = figures.get("parent") or 0

    def get(self, n: int) -> Version:
        """The version, or NotFound."""
        found = self._select("WHERE number = ?", n)
        if not found:
            raise NotFound(f"There is no version {n}.")
        return found[0]

    def pin(self, n: int | None) -> None:
        """Pin version `n` in place of any other, or none."""
        with transaction(self._db()):
            if n is not None:
                self.get(n)
            self._point("pinned", n)

    def check(self, n: int) -> None:
        """Raise StorageError unless every file of version `n` is as it was written."""
        self.get(n)
        try:
            broken = changed(self.folder_of(n))
        except (OSError, ValueError, LookupError, TypeError, AttributeError) as problem:
            raise StorageError(f"Version {n} cannot be read: {problem}.") from problem
        if broken:
            raise StorageError(f"Version {n} is damaged: {', '.join(broken)} changed.")

    def thin(self, newest: int) -> List[int]:
        """Remove the files of old versions and return their numbers.

        There stay the active and the pinned one, the `newest`, what was imported, and every fifth
        of those that the active one grew from. Forgetting goes back to the last version before a
        session and learns the later ones again: from every fifth it learns at most four more than
        it must, and ends at the same weights.
        """

        def old() -> List[Version]:
            rows = self._db().execute("SELECT version FROM pointers").fetchall()
            stay = {n for (n,) in rows} | self._milestones()
            return [v for v in self.list()[newest:] if v.sessions and v.number not in stay]

        return self._clear(old)

    def withdraw(self, session_id: str) -> List[int]:
        """Remove the files of every version that learnt the session, pinned or not, but the one in
        use, and return their numbers."""
        return self._withdraw(lambda version: session_id in version.sessions)

    def withdraw_up_to(self, last: int) -> List[int]:
        """The same for every version up to the `last`, whatever it learnt, imported ones too."""
        return self._withdraw(lambda version: version.number <= last)

    def _withdraw(self, goes: Callable[[Version], bool]) -> List[int]:
        def going() -> List[Version]:
            active = self.active()
            used = active.number if active else None
            return [v for v in self.list() if goes(v) and v.number != used]

        gone = self._clear(going)
        if any(v.pinned for v in self.list() if v.number in gone):
            self.pin(None)
        return gone

    def _clear(self, which: Callable[[], List[Version]]) -> List[int]:
        """Remove the files of versions; their rows stay."""
        with self.writing():
            with transaction(self._db()):  # nobody can use one of them meanwhile
                gone = [v.number for v in which() if self.folder_of(v.number).is_dir()]
                for n in gone:  # hidden first: half a folder would look like a damaged version
                    self.folder_of(n).rename(self._folder / f".thinned-{n}")
            for n in gone:
                shutil.rmtree(self._folder / f".thinned-{n}")
        return gone

    def _milestones(self) -> set[int]:
        """On the way to the active version the first, the sixth and so on; of those with the same
        sessions the newest, which was made of the pairs as they are now."""
        active = self.active()
        way = active.sessions if active else []
        newest = {
            len(v.sessions): v.number
            for v in reversed(self.list())
            if v.state == "kept" and v.sessions == way[: len(v.sessions)]
        }
        return {n for length, n in newest.items() if length % MILESTONE == 1}

    def writing(self, timeout: float = -1) -> FileLock:
        """Held by who changes the folder."""
        # The kernel lets go of it when its holder dies, which a noted pid would not tell.
        return FileLock(self._folder / ".lock", timeout=timeout)

    def _sweep(self) -> None:
        listed = {version_name(v.number) for v in self.list()}
        for path in self._folder.iterdir():
            if path.is_dir() and path.name not in listed:
                shutil.rmtree(path)

    def _insert(self, version: Version) -> None:
        db = self._db()
        with transaction(db):
            db.execute(
                "INSERT INTO versions (number, state, created_at, reason, base, figures, sessions)"
                " VALUES (?, ?, ?, ?, ?, ?, ?)",
                (
                    version.number,
                    version.state,
                    version.created_at,
                    version.reason,
                    version.base,
                    json.dumps(version.figures),
                    json.dumps(version.sessions),
                ),
            )

    def _point(self, name: str, n: int | None) -> None:
        if n is None:
            self._db().execute("DELETE FROM pointers WHERE name = ?", (name,))
        else:
            self._db().execute("INSERT OR REPLACE INTO pointers VALUES (?, ?)", (name, n))

    def _select(self, rest: str, *values: object) -> List[Version]:
        return [_version(row) for row in self._db().query(f"{_SELECT} {rest}", values)]


def _version(row: dict[str, Any]) -> Version:
    lists = {key: json.loads(row[key]) for key in ("figures", "sessions")}
    return Version(**{**row, **lists, "pinned": bool(row["pinned"])})


def _told(version: Version) -> dict[str, Any]:
    """What the folder says of itself."""
    return {
        "version": version.number,
        "base": version.base,
        "sessions": version.sessions,
        "figures": version.figures,
        "created_at": version.created_at,
    }
