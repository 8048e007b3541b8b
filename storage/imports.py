"""Sessions to import: which file holds them, whose format it is, and what is wrong with it.

Our own format is one JSON object per line with id, user, started_at and messages:

    {"id": "nora-1", "started_at": "2026-03-02T18:00:00", "messages": [{"role": "user", ...}]}

A line, or a member of a JSON list, may also be a conversation of another program (storage/foreign).
Everything is checked before anything is returned. Does not know the database.
"""

import hashlib
import json
import re
import zipfile
import zlib
from codecs import BOM_UTF8
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from lzma import LZMAError
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError
from pydantic_core import from_json

from storage.database import stamp
from storage.errors import ImportProblem, StorageError
from storage.foreign import chatgpt, open_webui, sharegpt

TITLE_LENGTH = 60
_LARGEST_BYTES = 2 * 1024**3
_CHATS = re.compile(r"(?:[^/]+/)*conversations(-\d+)?\.json")  # ChatGPT numbers the parts of many
_SHAPES = {
    "mapping": chatgpt,
    "chat": open_webui,
    "history": open_webui,
    "conversations": sharegpt,
}


class _ImportedMessage(BaseModel):
    role: Literal["user", "assistant", "system"]
    content: str


class _ImportedSession(BaseModel):
    id: str = Field(min_length=1)
    user: str = ""
    started_at: datetime | None = None
    messages: list[_ImportedMessage] = Field(min_length=1)


@dataclass(frozen=True, slots=True)
class Incoming:
    """A session that could be taken; `known` when it is there already."""

    id: str
    title: str
    started_at: str | None
    messages: int
    known: bool


def read_sessions(path: Path) -> list[dict[str, Any]]:
    """The sessions of a file: JSON lines, one JSON document, or ChatGPT's zip.

    Raises ImportProblem for the first one that is malformed. Times become UTC.
    """
    if zipfile.is_zipfile(path):
        documents = _unzipped(path)
    else:
        raw = path.read_bytes().removeprefix(BOM_UTF8)
        if raw.startswith(b"PK"):
            raise _damaged(path, "its end is missing")
        if _is_lines(raw):
            return read_jsonl(path)
        documents = [_document(path.name, raw)]
    items = chain.from_iterable(d if isinstance(d, list) else [d] for d in documents)
    return _rows("Conversation", enumerate(items, start=1))


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The sessions of a file of JSON lines; blank lines are passed over."""
    raw = path.read_bytes().removeprefix(BOM_UTF8)  # of an editor on Windows
    lines = enumerate(raw.split(b"\n"), start=1)
    return _rows("Line", ((n, _line(n, line)) for n, line in lines if line.strip()))


def holds_chats(path: Path) -> bool:
    """Whether a zip is an export of chats rather than of anything else."""
    try:
        with zipfile.ZipFile(path) as archive:
            return any(map(_CHATS.fullmatch, archive.namelist()))
    except (zipfile.BadZipFile, NotImplementedError):
        return False


def preview(rows: Iterable[Mapping[str, Any]], known: Collection[str]) -> list[Incoming]:
    """What taking `rows` would take, when the ids `known` are there already."""
    return [
        Incoming(r["id"], title_of(r), r["started_at"], len(r["messages"]), r["id"] in known)
        for r in rows
    ]


def title_of(row: Mapping[str, Any]) -> str:
    """The title it came with, or the start of what the person said first."""
    said = (m["content"] for m in row["messages"] if m["role"] == "user")
    return shortened(row.get("title") or next(said, ""))


def shortened(text: str) -> str:
    """A text as a title: on one line, and cut between two words where there are two."""
    line = " ".join(text.split())
    if len(line) <= TITLE_LENGTH:
        return line
    words, space, _ = line[:TITLE_LENGTH].rpartition(" ")
    return (words if space else line[: TITLE_LENGTH - 1]) + "…"


def _is_lines(raw: bytes) -> bool:
    """Whether the first line is a JSON object of its own."""
    first = raw.lstrip().partition(b"\n")[0]
    try:
        return isinstance(_decoded(first), dict)
    except ValueError:
        return False


def _line(number: int, line: bytes) -> Any:
    try:
        return _decoded(line)
    except ValueError as problem:
        raise ImportProblem(number, f"Invalid JSON: {problem}") from problem


def _document(name: str, raw: bytes) -> Any:
    try:
        return _decoded(raw)
    except ValueError as problem:
        raise StorageError(f"{name} is not valid JSON: {problem}. Nothing was taken.") from problem


def _unzipped(path: Path) -> list[Any]:
    try:
        with zipfile.ZipFile(path) as archive:
            files = [i for i in archive.infolist() if _CHATS.fullmatch(i.filename)]
            if sum(file.file_size for file in files) > _LARGEST_BYTES:
                raise StorageError(f"The chats in {path.name} are too large to import.")
            files.sort(key=lambda file: file.filename)
            return [_document(file.filename, archive.read(file)) for file in files]
    except (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, OSError, RuntimeError) as problem:
        raise _damaged(path, problem) from problem


def _damaged(path: Path, why: object) -> StorageError:
    return StorageError(
        f"{path.name} is damaged or locked ({why}). Get it anew. Nothing was taken."
    )


def _decoded(raw: bytes) -> Any:
    """JSON; of a text that was cut inside an emoji the half is replaced."""
    try:
        return from_json(raw)
    except ValueError:
        if b"\\ud" not in raw.lower():
            raise
    try:
        whole = json.dumps(json.loads(raw), ensure_ascii=False)
    except RecursionError as problem:
        raise ValueError("it is nested too deeply") from problem
    return from_json(whole.encode("utf-8", "replace"))


def _rows(unit: str, items: Iterable[tuple[int, Any]]) -> list[dict[str, Any]]:
    rows: dict[str, dict[str, Any]] = {}
    for number, item in items:
        row = _row(unit, number, item)
        if row is None:
            continue
        if row["id"] is None:  # named after its words: the same words are the same session
            row["id"] = _fingerprint(row)
        elif row["id"] in rows:
            raise ImportProblem(number, f"the id {row['id']} was there before", unit)
        rows[row["id"]] = row
    return list(rows.values())


def _row(unit: str, number: int, item: Any) -> dict[str, Any] | None:
    """The row of an item, if the person said anything in it."""
    try:
        if not isinstance(item, dict):
            raise ValueError("it is not a JSON object")
        reader = next((read for key, read in _SHAPES.items() if key in item), _own)
        return reader(item)
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise ImportProblem(number, f"{place}: {first['msg']}", unit) from problem
    except ValueError as problem:
        raise ImportProblem(number, str(problem), unit) from problem


def _own(item: Mapping[str, Any]) -> dict[str, Any]:
    session = _ImportedSession.model_validate(item)
    began = session.started_at
    try:
        started_at = began and stamp(began)
    except OverflowError as problem:  # a time that has no counterpart in UTC
        raise ValueError("started_at: the time is out of range") from problem
    day = began and began.date().isoformat()  # as it was where it was written down
    return {**session.model_dump(), "started_at": started_at, "day": day}


def _fingerprint(row: Mapping[str, Any]) -> str:
    told = json.dumps([row["title"], row["messages"]], sort_keys=True)
    return "import-" + hashlib.sha256(told.encode()).hexdigest()[:16]
