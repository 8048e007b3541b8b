"""A profile is a folder: one SQLite file and the adapter versions made from it.

Knows where things lie and hands out the stores. Does not know what the stores do.
"""

import re
import shutil
import threading
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from weakref import WeakSet

from sqlite_utils import Database

from storage.adapters import Adapters
from storage.cycles import Cycles, Notes
from storage.database import ADAPTERS_FOLDER, connect
from storage.errors import StorageError
from storage.pairs import Pairs
from storage.sessions import Sessions

DATABASE = "memory.db"
_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Profile:
    """One person's memory. The folder `root/profiles/name` is made when first needed."""

    def __init__(self, root: Path, name: str) -> None:
        if not _NAME.fullmatch(name):
            raise StorageError(
                f"{name!r} cannot name a profile: use 1 to 64 letters, digits, '-' or '_'."
            )
        self.name = name
        self.path = root / "profiles" / name
        self.adapters_path = self.path / ADAPTERS_FOLDER
        self.transfers_path = self.path / "transfers"  # files on their way through the page
        self.sessions = Sessions(lambda: self.db)
        self.pairs = Pairs(lambda: self.db)
        self.cycles = Cycles(lambda: self.db)
        self.notes = Notes(lambda: self.db)
        self._local = threading.local()
        # Weak, so that the connection of a finished thread goes with its thread.
        self._connections: WeakSet[Database] = WeakSet()
        self._connecting = threading.Lock()

    @property
    def db(self) -> Database:
        """The calling thread's own connection."""
        found: Database | None = getattr(self._local, "db", None)
        if found is None:
            with self._connecting:
                found = self._local.db = connect(self._folder() / DATABASE)
                self._connections.add(found)
        return found

    @cached_property
    def adapters(self) -> Adapters:
        """The adapter versions; made at first use because that sweeps the folder."""
        self._folder()
        return Adapters(lambda: self.db, self.adapters_path)

    @property
    def lock_path(self) -> Path:
        """A file for a lock that only one process at a time may hold."""
        return self._folder() / "lock"

    def clear_transfers(self) -> None:
        """Remove what came in through the page and still lies there: it holds what is to be gone."""
        for left in self.transfers_path.glob("*"):
            if left.is_dir():
                shutil.rmtree(left)
            else:
                left.unlink(missing_ok=True)

    def close(self) -> None:
        """Close the connections of all threads; the next use opens new ones."""
        with self._connecting:
            for db in tuple(self._connections):
                db.close()
            self._connections.clear()
            self._local = threading.local()

    def _folder(self) -> Path:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        if self.path.stat().st_mode & 0o077:  # made by something else than this
            with suppress(PermissionError):  # it is another one's
                self.path.chmod(0o700)
        return self.path
