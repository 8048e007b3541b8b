"""Result files: the figures, and the command, commit, machine and versions that gave them."""

import json
import platform
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import torch

RESULTS = Path(__file__).parent / "results"


def write_result(path: Path, figures: dict[str, Any]) -> None:
    """Write `figures` beside what is needed to get them again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {
        "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]),
        "commit": commit(),
        "machine": f"{platform.machine()}, {torch.get_num_threads()} threads",
        "device": "cuda" if torch.cuda.is_available() else "cpu",
        "versions": {name: version(name) for name in ("torch", "transformers", "peft")},
    }
    path.write_text(json.dumps({"about": about, **figures}, indent=1, ensure_ascii=False) + "\n")


def commit() -> str:
    """The commit the figures belong to, with + when the tree has changes."""
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "unknown"
