"""The README's figures are those of the result files, and of one base."""

import json
import re
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
README = (ROOT / "README.md").read_text()
ROW = re.compile(r"^\| (.*) \| (\d+\.\d{3}) \| ([\w-]+), ([\w.-]+) \|$", re.MULTILINE)
OLDER = re.compile(r"^Measured with an older default model: (.*)\.$", re.MULTILINE)


def report(name: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((ROOT / "bench" / "results" / f"{name}.json").read_text())
    return found


def test_every_figure_stands_in_its_place() -> None:
    rows = ROW.findall(README)
    assert len(rows) > 10
    for what, figure, name, key in rows:
        mode, _, kind = key.partition(".")
        value = report(name)["modes"][mode][kind]["score"] if kind else report(name)[key]
        assert figure == f"{value:.3f}", (what, name, key)


def test_what_another_base_gave_is_said() -> None:
    named = {*re.findall(r"`([\w-]+)`", "".join(OLDER.findall(README)))}
    used = {*re.findall(r"`(?:bench/results/)?([\w-]+)\.json`", README)}
    used |= {name for _, _, name, _ in ROW.findall(README)}
    newest = report("world")["base"]
    older = {name for name in used if report(name).get("base") != newest}
    assert older == named
