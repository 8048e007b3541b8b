"""Result files: the figures, and the command, commit, machine, versions and seed that gave them."""

import json
import platform
import subprocess
import sys
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import torch

RESULTS = Path(__file__).parent / "results"
PACKAGES = ("torch", "transformers", "peft", "bm25s")


def result_path(name: str, quick: bool) -> Path:
    """Where a benchmark's figures go unless it is told otherwise."""
    return RESULTS / f"{name}{'-quick' if quick else ''}.json"


def write_result(path: Path, figures: dict[str, Any], seed: int | None = None) -> None:
    """Write `figures` beside what is needed to get them again."""
    path.parent.mkdir(parents=True, exist_ok=True)
    about = {
        "command": command(),
        "commit": commit(),
        "machine": f"{platform.machine()}, {torch.get_num_threads()} threads",
        "device": torch.cuda.get_device_name() if torch.cuda.is_available() else "cpu",
        "versions": {name: found for name in PACKAGES if (found := _version(name))},
        **({} if seed is None else {"seed": seed}),
    }
    path.write_text(json.dumps({"about": about, **figures}, indent=1, ensure_ascii=False) + "\n")


def digest(adapter: Path | None) -> str | None:
    """The start of an adapter's SHA-256: two of one name are told apart by it."""
    if adapter is None:
        return None
    return sha256((adapter / "adapter_model.safetensors").read_bytes()).hexdigest()[:12]


def command() -> str:
    """The command line as typed; of a full path only the last part, the rest is one machine's."""
    script, *words = sys.argv
    told = [Path(word).name if Path(word).is_absolute() else word for word in words]
    return " ".join(["python -m", f"bench.{Path(script).stem}", *told])


def commit() -> str:
    """The commit the figures belong to, with + when the tree has changes."""
    found = subprocess.run(
        ["git", "describe", "--always", "--dirty=+"], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or "unknown"


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None
