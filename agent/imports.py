"""Chats from a file into a profile: look first, then take all or some.

Knows the profile and what to say about it; not the formats, and no model, so that a terminal need
not load one. What a file holds stands in storage/imports.
"""

import zipfile
from collections.abc import Collection
from pathlib import Path
from typing import Any

from agent.errors import AgentError
from agent.text import many
from storage.imports import Incoming, holds_chats, read_sessions
from storage.imports import preview as preview_of
from storage.profiles import Profile


def is_ours(path: Path) -> bool:
    """Whether the file is an adapter or a profile of ours: a zip without chats in it."""
    return zipfile.is_zipfile(path) and not holds_chats(path)


def preview(profile: Profile, path: Path) -> list[Incoming]:
    """What `take` would take, and what is there already."""
    if is_ours(path):
        raise AgentError(
            f"{path.name} holds no chats. An adapter or a profile is imported without a preview."
        )
    rows = _read(path)
    return preview_of(rows, profile.sessions.known(row["id"] for row in rows))


def take(profile: Profile, path: Path, only: Collection[str] | None = None) -> str:
    """Take the sessions of a file, or those of `only`, all or none; a sentence about it. Of an id so
    much will do as no other in the file begins with."""
    rows = _read(path)
    if only is not None:
        whole = {_whole(path, start, [row["id"] for row in rows]) for start in only}
        rows = [row for row in rows if row["id"] in whole]
    taken = profile.sessions.take(rows)
    again = len(rows) - len(taken)
    said = f"{many(len(taken), 'session')} {_were(len(taken))} taken"
    return f"{said}, {again} {_were(again)} there already." if again else f"{said}."


def _whole(path: Path, start: str, ids: Collection[str]) -> str:
    found = [start] if start in ids else [id for id in ids if id.startswith(start)]
    if len(found) == 1:
        return found[0]
    told = f"several sessions {start}…" if found else f"no session {start}"
    raise AgentError(f"{path.name} holds {told}. Nothing was taken.")


def _were(count: int) -> str:
    return "was" if count == 1 else "were"


def _read(path: Path) -> list[dict[str, Any]]:
    if not path.exists():
        raise AgentError(f"There is no file {path}.")
    try:
        return read_sessions(path)
    except OSError as problem:
        raise AgentError(f"{path} cannot be read: {problem.strerror or problem}.") from problem
