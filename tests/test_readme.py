"""The README's figures are those of the result files."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROW = re.compile(r"^\| .* \| (\d\.\d{3}) \| ([\w-]+) \|$", re.MULTILINE)


def test_every_figure_stands_in_its_file() -> None:
    rows = ROW.findall((ROOT / "README.md").read_text())
    assert rows
    for figure, name in rows:
        modes = json.loads((ROOT / "bench" / "results" / f"{name}.json").read_text())["modes"]
        found = {f"{cell['score']:.3f}" for kinds in modes.values() for cell in kinds.values()}
        assert figure in found, (name, figure)
