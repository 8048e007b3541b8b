"""Three sessions, what is asked of each, and its pairs: cases for the tests of the experiments."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from agent.config import cache_root
from agent.loading import load
from bench import shared

TEXTS = ["The bridge was built in 1887.", "Otters eat crabs and fish.", "The comet returns in May."]
GOLDS = ["1887", "crabs and fish", "May"]
ASKED = ["When was the bridge built?", "What do otters eat?", "When does the comet return?"]


def session(number: int) -> dict[str, Any]:
    said = {"role": "user", "content": TEXTS[number]}
    heard = {"role": "assistant", "content": "I see."}
    return {"id": f"s{number}", "user": "u", "started_at": None, "messages": [said, heard]}


def probe(number: int, **more: Any) -> dict[str, Any]:
    common = {"id": f"p{number}", "user": "u", "session": f"s{number}", "kind": "recall"}
    return {**common, "question": ASKED[number], **(more or {"gold": [GOLDS[number]]})}


def pairs(number: int) -> list[dict[str, Any]]:
    row = {"fact": 0, "question": ASKED[number], "answer": f"{GOLDS[number]}.", "origin": "model"}
    reworded = {"question": f"Tell me: {ASKED[number]}", "role": "probe"}
    return [{**row, "role": "train"}, {**row, **reworded}]


def write_cases(folder: Path, sessions: Iterable[Any], probes: Iterable[Any]) -> Path:
    folder.mkdir()
    for name, rows in (("sessions", sessions), ("probes", probes)):
        lines = "\n".join(json.dumps(row) for row in rows)
        (folder / f"{name}.jsonl").write_text(lines)
    return folder


def keep_pairs(model: str, cases: str, kept: shared.Pairs) -> None:
    """As if they had been written by an earlier run."""
    path = cache_root() / "bench" / f"pairs-{cases}-{load(model).fingerprint}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(kept))
