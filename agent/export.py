"""Adapters and profiles as files.

    adapter   the LoRA for transformers, PEFT and vLLM; it names the base it stands on
    base      that base as a transformers folder, the same for all versions
    gguf      for llama.cpp: the base and, beside it, the LoRA
    merged    base and memory in one transformers folder
    ollama    base and memory in one GGUF, with a Modelfile
    profile   everything: sessions, pairs, versions

Each is one zip; agent/restore takes adapters and profiles in again. Knows the profile's folders and
the model; not how adapters are trained, nor (agent/gguf_*) llama.cpp's format.
"""

import json
import shutil
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import torch
from filelock import FileLock, Timeout
from peft import PeftModel
from transformers import AutoModelForCausalLM

from agent.errors import AdapterError, AgentError
from agent.gguf_lora import write_lora
from agent.gguf_model import fits, modelfile, write_model
from agent.model import Model
from storage.adapters import Version
from storage.manifest import MANIFEST, sha256
from storage.profiles import DATABASE, Profile

KINDS = ("adapter", "base", "gguf", "merged", "ollama", "profile")
WEIGHTS = "adapter_model.safetensors"
CONFIG = "adapter_config.json"
SCRATCH, LOCK = ".exporting-", "lock"  # a folder for what is being written
_PACKED = (".safetensors", ".gguf")  # weights hardly shrink


def export(profile: Profile, model: Model, kind: str, number: int | None) -> Path:
    """Write the artefact and return its path. Raises AgentError when there is nothing to export."""
    if kind not in KINDS:
        raise AgentError(f"'{kind}' cannot be exported. Choose one of: {', '.join(KINDS)}.")
    out = profile.path / "exports"
    with scratch(profile) as made:
        folder = made / "files"
        folder.mkdir()
        if kind == "profile":
            _write_profile(profile, folder)
            return _zip(folder, out / f"inweight-{profile.name}-profile.zip")
        if kind == "base":
            _write_base(model, folder)
            return _zip(folder, out / f"{base_name(model.fingerprint)}.zip")
        version = _version(profile, model, kind, number)
        stem = f"inweight-{profile.name}-v{version.number}"
        adapter = profile.adapters.folder_of(version.number)
        if kind == "adapter":
            _write_adapter(adapter, version.base, folder)
            return _zip(folder, out / f"{stem}.zip")
        write = {"gguf": _write_gguf, "merged": _write_merged, "ollama": _write_ollama}[kind]
        write(model, adapter, folder)
        return _zip(folder, out / f"{stem}-{kind}.zip")


@contextmanager
def scratch(profile: Profile) -> Iterator[Path]:
    """A folder for what is on its way out or in; what a kill leaves of it goes at the next start."""
    out = profile.path / "exports"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=SCRATCH, dir=out) as made, FileLock(Path(made) / LOCK):
        yield Path(made)


def sweep(profile: Profile) -> None:
    """Remove what a kill left of an export; one that is written just now is locked."""
    for left in (profile.path / "exports").glob(f"{SCRATCH}*"):
        with suppress(Timeout), FileLock(left / LOCK, timeout=0):
            shutil.rmtree(left)


def base_name(fingerprint: str) -> str:
    """What an exported base is called, and how an exported adapter names it."""
    return f"inweight-base-{fingerprint}"


def _version(profile: Profile, model: Model, kind: str, number: int | None) -> Version:
    """The version to export, whole, and of this base where the base goes into the file."""
    version = profile.adapters.active() if number is None else profile.adapters.get(number)
    if version is None:
        raise AgentError("There is no adapter yet: absorb a session first, then export.")
    profile.adapters.check(version.number)
    if kind != "adapter" and version.base != model.fingerprint:
        raise AdapterError(
            f"Version {version.number} belongs to another base. Start with that base to export it."
        )
    return version


def _zip(folder: Path, path: Path) -> Path:
    """The folder as a zip at `path`; made beside the folder first, with which half a zip goes."""
    made = folder.with_suffix(".zip")
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            if file.is_file():
                way = zipfile.ZIP_STORED if file.suffix in _PACKED else None
                archive.write(file, file.relative_to(folder), way)
    return made.rename(path)


def _write_profile(profile: Profile, into: Path) -> None:
    """Sessions, pairs and versions; the database is copied by SQLite's own backup."""
    with profile.adapters.writing():  # rows and folders of the same moment
        profile.db.execute("VACUUM INTO ?", [str(into / DATABASE)])
        hidden = shutil.ignore_patterns(".*")  # the lock, and what a kill left half written
        shutil.copytree(profile.adapters_path, into / profile.adapters_path.name, ignore=hidden)


def _write_adapter(folder: Path, base: str, into: Path) -> None:
    """The version's files; the base has its exported name instead of a place on this machine."""
    shutil.copytree(folder, into, dirs_exist_ok=True)
    config = json.loads((into / CONFIG).read_text())
    config["base_model_name_or_path"] = base_name(base)
    (into / CONFIG).write_text(json.dumps(config, indent=2))
    manifest = json.loads((into / MANIFEST).read_text())
    manifest["files"][CONFIG] = sha256(into / CONFIG)
    (into / MANIFEST).write_text(json.dumps(manifest, indent=2))


def _write_base(model: Model, into: Path) -> None:
    """In bf16 where that loses nothing, as the default model's file is."""
    network = _bare(model)
    if all(torch.equal(w.bfloat16().float(), w) for w in network.parameters()):
        network.to(torch.bfloat16)
    network.save_pretrained(into)
    model.tokenizer.save_pretrained(into)


def _write_merged(model: Model, adapter: Path, into: Path) -> None:
    _merged(model, adapter).save_pretrained(into)
    model.tokenizer.save_pretrained(into)


def _write_gguf(model: Model, adapter: Path, into: Path) -> None:
    write_model(_bare(model), model.tokenizer, into / "base.gguf")
    write_lora(model.network.config, adapter, into / "lora.gguf")


def _write_ollama(model: Model, adapter: Path, into: Path) -> None:
    fits(model.network, model.tokenizer)
    (into / "Modelfile").write_text(modelfile(model.tokenizer, "model.gguf"))
    write_model(_merged(model, adapter), model.tokenizer, into / "model.gguf")


def _bare(model: Model) -> Any:
    """A copy of the base with no adapter attached, in fp32 so that merging rounds nothing away."""
    with model.turnstile.front():
        weights = {
            name.replace(".base_layer.", "."): weight
            for name, weight in model.network.state_dict().items()
            if ".lora_" not in name
        }
        with torch.random.fork_rng(devices=[]):  # weights are drawn first; training goes on
            network = AutoModelForCausalLM.from_config(model.network.config, dtype=torch.float32)
        network.load_state_dict(weights)
    network.generation_config = model.network.generation_config
    return network


def _merged(model: Model, adapter: Path) -> Any:
    network = _bare(model)
    with model.turnstile.front(), torch.random.fork_rng(devices=[]):
        return PeftModel.from_pretrained(network, str(adapter)).merge_and_unload()
