"""The README's figures are those of the result files."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROW = re.compile(r"^\| .* \| (\d+\.\d{3}) \| ([\w-]+) \|$", re.MULTILINE)


def test_every_figure_stands_in_its_file() -> None:
    rows = ROW.findall((ROOT / "README.md").read_text())
    assert rows
    for figure, name in rows:
        report = json.loads((ROOT / "bench" / "results" / f"{name}.json").read_text())
        cells = [cell for kinds in report.get("modes", {}).values() for cell in kinds.values()]
        plain = [value for value in report.values() if isinstance(value, float)]
        found = {f"{value:.3f}" for value in [*plain, *(cell["score"] for cell in cells)]}
        assert figure in found, (name, figure)
