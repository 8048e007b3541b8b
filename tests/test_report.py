"""The page of figures is what the result files say."""

import json
import math
from pathlib import Path

from bench.report import PAGE, SECTIONS, draw, grid, matrices, page, told


def test_the_page_is_of_the_present_files() -> None:
    """Written anew by `python -m bench.report` whenever a result file changes."""
    assert PAGE.read_text() == page()


def test_a_grid_by_hand() -> None:
    rows = {"one": {"f1": 0.5, "n": 2}, "two": {"f1": 0.25, "seconds": 1234.5}}
    assert grid(rows, "way").splitlines() == [
        "| way | f1 | n | seconds |",
        "| --- | --- | --- | --- |",
        "| one | 0.500 | 2 |  |",
        "| two | 0.250 |  | 1234 |",
    ]
    assert told(None) == "" and told("x") == "x"


def test_only_what_is_there(tmp_path: Path) -> None:
    empty = page(tmp_path)
    about = {"command": "python -m bench.general", "commit": "abc"}
    report = {"about": about, "model": "m", "base": "f1", "blimp": 0.75}
    (tmp_path / "general.json").write_text(json.dumps(report))
    (tmp_path / "other.json").write_text("{}")  # of no section
    added = page(tmp_path).removeprefix(empty)
    assert added.split("\n\n")[-1].strip().splitlines()[-1] == "| blimp | 0.750 |"
    assert "`python -m bench.general` (commit abc)\n" in added and "general" in SECTIONS
    lived = {"about": about, "base": "f2", "modes": {}, "retention": [], "forgotten": []}
    (tmp_path / "nora-12.json").write_text(json.dumps(lived))
    assert "`python -m bench.general` (commit abc, an earlier default model)\n" in page(tmp_path)


def test_matrices_by_hand(tmp_path: Path) -> None:
    lived = {"retention": [{"1": 0.5}, {"1": 0.25, "2": 1.0}]}
    (rows,) = matrices(lived).values()
    assert rows[1] == [0.25, 1.0] and rows[0][0] == 0.5 and math.isnan(rows[0][1])
    f1 = [[0.0, 0.0], [0.5, 0.0], [0.25, 0.5]]
    report = {"without": {"f1": f1, "newest": 0.5}}
    assert matrices(report) == {"QA-F1, without unrelated text": f1[1:]}  # after the first step on
    assert matrices({"blimp": 0.7}) == matrices({"retention": []}) == {}
    (tmp_path / "sequential-sft.json").write_text(json.dumps(report))
    draw(tmp_path, tmp_path / "plots")
    assert (tmp_path / "plots" / "sequential-sft.png").read_bytes().startswith(b"\x89PNG")
