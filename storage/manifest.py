"""A folder that says what it holds: a manifest with the checksum of every file.

Knows files. Does not know what is in them.
"""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"


def seal(folder: Path, told: Mapping[str, Any]) -> None:
    """Add the manifest, which tells `told` and the checksums, and make all in `folder` durable."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sums = {path.relative_to(folder).as_posix(): sha256(path) for path in files}
    text = json.dumps({**told, "files": sums}, indent=2) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8")
    for path in folder.rglob("*"):
        sync(path)
    sync(folder)


def changed(folder: Path) -> list[str]:
    """The files that are not as they were sealed. Raises what reading a broken manifest raises."""
    files = json.loads((folder / MANIFEST).read_bytes())["files"].items()
    return [name for name, digest in files if sha256(folder / name) != digest]


def sync(path: Path) -> None:
    """Wait until a file or folder is on the disk."""
    if path.is_dir() and os.name != "posix":
        return  # elsewhere a folder cannot be opened
    handle = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
