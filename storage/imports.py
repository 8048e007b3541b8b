"""The import format: one JSON object per line with id, user, started_at and messages.

    {"id": "nora-1", "started_at": "2026-03-02T18:00:00", "messages": [{"role": "user", ...}]}

Knows what a line must look like. Does not know the database.
"""

from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, Field, ValidationError

from storage.database import stamp
from storage.errors import ImportProblem


class _ImportedMessage(BaseModel):
    role: Literal["user", "assistant", "system"]
    content: str


class _ImportedSession(BaseModel):
    id: str = Field(min_length=1)
    user: str = ""
    started_at: datetime | None = None
    messages: list[_ImportedMessage] = Field(min_length=1)


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """Read sessions to import. Every line is checked before the first one is returned.

    Raises ImportProblem for the first bad line. Times become UTC; blank lines are passed over.
    """
    rows: dict[str, dict[str, Any]] = {}
    for number, line in enumerate(path.read_bytes().split(b"\n"), start=1):
        if not line.strip():
            continue
        row = _read_line(number, line)
        if row["id"] in rows:
            raise ImportProblem(number, f"the id {row['id']} was there before")
        rows[row["id"]] = row
    return list(rows.values())


def _read_line(number: int, line: bytes) -> dict[str, Any]:
    try:
        session = _ImportedSession.model_validate_json(line)
        started_at = session.started_at and stamp(session.started_at)
    except ValidationError as problem:
        first = problem.errors()[0]
        place = ".".join(map(str, first["loc"]))
        reason = f"{place}: {first['msg']}" if place else first["msg"]
        raise ImportProblem(number, reason) from problem
    except OverflowError as problem:  # a time that has no counterpart in UTC
        raise ImportProblem(number, "started_at: the time is out of range") from problem
    return {**session.model_dump(), "started_at": started_at}
