"""A profile that was exported, into an empty one.

Rows are copied table by table into this program's own schema, so whatever else the file holds
(triggers, views, other tables) stays behind. What learning wrote about itself is not taken: cycles
and notes belong to the machine they ran on. Does not know what the versions' files hold.
"""

import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from sqlite_utils import Database

from storage.adapters import Version
from storage.database import migrations, transaction, verify
from storage.errors import StorageError
from storage.profiles import DATABASE, Profile
from storage.sessions import STATES

TABLES = ("versions", "sessions", "messages", "pairs", "pair_targets", "pointers")


def check(came: Profile) -> list[Version]:
    """The versions of a profile from outside whose files are there. Raises StorageError unless it
    is sound; one of an older program is brought up to date."""
    try:
        _check_file(came.path / DATABASE)
        problems = [*verify(came.db), *_impossible(came)]
        versions = [v for v in came.adapters.list() if came.adapters.folder_of(v.number).is_dir()]
    except (sqlite3.Error, ValueError, TypeError, AttributeError) as problem:
        raise StorageError(_refused(str(problem))) from problem
    if problems:
        raise StorageError(_refused("; ".join(problems)))
    for version in versions:
        came.adapters.check(version.number)
    return versions


def fill(profile: Profile, came: Profile) -> None:
    """Copy all of `came`, which was checked, into `profile`; all or nothing."""
    if profile.sessions.count() or profile.adapters.count():
        raise StorageError(
            f"The profile '{profile.name}' is in use, and a whole profile is taken into an empty "
            "one: run.py --profile NAME serves another, run.py import FILE --profile NAME fills "
            "it. Nothing was changed."
        )
    adapters, db = profile.adapters, profile.db
    folders = {v.number: came.adapters.folder_of(v.number) for v in came.adapters.list()}
    came.close()
    db.execute("ATTACH ? AS came", [str(came.path / DATABASE)])
    try:
        with adapters.writing(), transaction(db):
            _copy_rows(db)
            for number, folder in folders.items():
                if folder.is_dir():
                    shutil.copytree(folder, adapters.folder_of(number))
    except BaseException as problem:
        for number in folders:
            shutil.rmtree(adapters.folder_of(number), ignore_errors=True)
        if isinstance(problem, sqlite3.Error):
            raise StorageError(_refused(str(problem))) from problem
        raise
    finally:
        db.execute("DETACH came")


def _copy_rows(db: Database) -> None:
    db.execute("PRAGMA defer_foreign_keys = ON")  # until the commit: rows name later ones
    for table in TABLES:
        found = db.execute("SELECT name FROM pragma_table_info(?, 'main')", [table])
        columns = ", ".join(name for (name,) in found.fetchall())
        db.execute(f"INSERT INTO main.{table} ({columns}) SELECT {columns} FROM came.{table}")


def _check_file(path: Path) -> None:
    """Before anything is changed in it: a sound file of this program, not of a later one."""
    with closing(sqlite3.connect(path)) as db:
        (sound,) = db.execute("PRAGMA integrity_check(1)").fetchone()
        applied = {one.name for one in migrations.applied(Database(db))}
    if sound != "ok" or not applied:
        raise StorageError(_refused("it is damaged" if sound != "ok" else "it is no profile"))
    if applied - {one.name for one in migrations.pending(Database(memory=True))}:
        raise StorageError(_refused("a newer Inweight made it; bring this one up to date"))


def _impossible(came: Profile) -> Iterator[str]:
    """What would lead this program astray: states that it does not know, and parents in a ring."""
    for (state,) in came.db.execute("SELECT DISTINCT state FROM sessions ORDER BY state"):
        if state not in STATES:
            yield f"there is no state {state}"
    for version in came.adapters.list():
        if (version.figures.get("parent") or 0) >= version.number:
            yield f"version {version.number} is older than what it was made from"


def _refused(reason: str) -> str:
    return f"The profile in this file cannot be taken in: {reason}. Nothing was changed."
