"""Parity: what an exported memory answers elsewhere, beside what it answers here, all of it word by word.

python -m bench.parity HOME [--model NAME] [--llama PYTHON] [--out FILE]

The first session of bench/lives is absorbed once into a profile in HOME, which later runs use again. Its
held-out wordings and never-told questions are asked here and, by the programs that docs/SERVING.md
gives to people, in fresh processes with nothing but the exported files: transformers and PEFT, and
llama.cpp where PYTHON has `xllamacpp` or `llama_cpp`. Greedy, fp32 (llama.cpp: f16 weights).
"""

import json
import re
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from agent.config import load_settings
from agent.consolidate import Cycle
from agent.errors import AgentError
from agent.evaluate import answers, system_only
from agent.export import export
from agent.loading import load
from agent.model import CHAT, Model
from agent.record import pairs_of
from agent.text import agrees
from bench.results import result_path, write_result
from bench.shared import read_cases
from storage.adapters import Version
from storage.pairs import Pair
from storage.profiles import Profile

ROOT = Path(__file__).resolve().parent.parent
NEVER = 12
LLAMAS = ("xllamacpp", "llama_cpp")  # compiled already; from its sources


def script(library: str) -> str:
    """The program in docs/SERVING.md that imports `library`."""
    blocks = re.findall(r"```python\n(.*?)```", (ROOT / "docs" / "SERVING.md").read_text(), re.S)
    return next(block for block in blocks if re.search(rf"^(from|import) {library}\b", block, re.M))


def unpacked(profile: Profile, model: Model, kind: str, version: Version, into: Path) -> Path:
    """The export, as whoever takes it has it."""
    with zipfile.ZipFile(export(profile, model, kind, version.number)) as archive:
        archive.extractall(into / kind)
    return into / kind


def elsewhere(
    python: str, library: str, files: Sequence[Path], questions: Sequence[str]
) -> list[str]:
    """The answers of a fresh process, which has the program, the files and the questions alone."""
    done = subprocess.run(
        [python, "-c", script(library), *map(str, files)],
        input="\n".join(questions),
        capture_output=True,
        text=True,
        cwd=files[0].parent,
        check=False,
    )
    if done.returncode:
        raise AgentError(f"The program with {library} failed: {done.stderr.strip()[-400:]}")
    return [json.loads(line) for line in done.stdout.splitlines()]


def llama_of(python: str) -> str | None:
    """The first library with llama.cpp in it that `python` has."""
    for library in LLAMAS:
        done = subprocess.run([python, "-c", f"import {library}"], capture_output=True, check=False)
        if done.returncode == 0:
            return library
    return None


def questions_of(profile: Profile, version: Version) -> list[Pair]:
    """The held-out wordings of what the version learnt, and some never-told questions."""
    probes = [p for id in version.sessions for p in pairs_of(profile, id, "probe")]
    never = [p for id in version.sessions for p in pairs_of(profile, id, "negative")]
    return probes + never[:NEVER]


def compare(profile: Profile, model: Model, version: Version, llama: str) -> dict[str, Any]:
    """Per place: recall, never-told questions admitted, and the share of answers that are equal to
    the product's, each over the same questions."""
    asked = questions_of(profile, version)
    questions = [pair.question for pair in asked]
    model.load_adapter(CHAT, profile.adapters.folder_of(version.number))
    model.network.float()
    own = answers(model, system_only(), questions, CHAT)
    with tempfile.TemporaryDirectory() as scratch:

        def files(kind: str) -> Path:
            return unpacked(profile, model, kind, version, Path(scratch))

        told = {"inweight": own}
        pair = [files("base"), files("adapter")]
        told["transformers and PEFT"] = elsewhere(sys.executable, "peft", pair, questions)
        if library := llama_of(llama):
            gguf = files("gguf")
            pair = [gguf / "base.gguf", gguf / "lora.gguf"]
            told["llama.cpp, base and LoRA"] = elsewhere(llama, library, pair, questions)
            whole = [files("ollama") / "model.gguf"]
            told["llama.cpp, merged"] = elsewhere(llama, library, whole, questions)
    return {place: _figures(asked, found, own) for place, found in told.items()}


def _figures(asked: Sequence[Pair], told: Sequence[str], own: Sequence[str]) -> dict[str, Any]:
    right = [
        (pair.role, agrees(pair.question, pair.answer, answer))
        for pair, answer in zip(asked, told, strict=True)
    ]
    same = [ours == theirs for ours, theirs in zip(own, told, strict=True)]
    return {
        "recall": _mean([ok for role, ok in right if role == "probe"]),
        "admits": _mean([ok for role, ok in right if role == "negative"]),
        "same_answers": _mean(same),
    }


def _mean(values: Sequence[bool]) -> float | None:
    return round(sum(values) / len(values), 4) if values else None


def main(
    home: Path,
    model: str = "default",
    llama: str = sys.executable,
    out: Path | None = None,
) -> None:
    """Absorb once, export, ask everywhere, print and write the figures."""
    settings, loaded = load_settings(model=model), load(model)
    profile = Profile(home, "parity")
    session = read_cases(ROOT / "bench" / "lives")[0][0]
    profile.sessions.take([session])
    if not profile.adapters.list():
        Cycle(profile, loaded, settings).run([session["id"]])
    version = profile.adapters.list()[0]
    places = compare(profile, loaded, version, llama)
    for place, cell in places.items():
        print(f"{place:26} " + ", ".join(f"{name} {value}" for name, value in cell.items()))
    roles = [pair.role for pair in questions_of(profile, version)]
    asked = {"probe": roles.count("probe"), "never told": roles.count("negative")}
    about = {"model": loaded.name, "base": loaded.fingerprint, "session": session["id"]}
    write_result(
        out or result_path("parity", False),
        {**about, "questions": asked, "places": places},
    )


if __name__ == "__main__":
    typer.run(main)
