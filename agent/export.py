"""Adapters and profiles as files, out and in.

    adapter   the LoRA for transformers, PEFT and vLLM; it names the base it stands on
    base      that base as a transformers folder, the same for all versions
    gguf      for llama.cpp: the base and, beside it, the LoRA
    merged    base and memory in one transformers folder
    ollama    base and memory in one GGUF, with a Modelfile
    profile   everything: sessions, pairs, versions

Each is one zip. What comes in is checked whole before anything is touched. Knows the profile's
folders and the model; not how adapters are trained, nor (agent/gguf_*) llama.cpp's format.
"""

import hashlib
import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path, PurePosixPath
from typing import Any

import torch
from peft import PeftModel
from safetensors import SafetensorError, safe_open
from transformers import AutoModelForCausalLM

from agent import imports
from agent.errors import AdapterError, AgentError
from agent.gguf_lora import write_lora
from agent.gguf_model import fits, modelfile, write_model
from agent.model import Model
from storage.adapters import Version
from storage.profiles import Profile

KINDS = ("adapter", "base", "gguf", "merged", "ollama", "profile")
MANIFEST = "manifest.json"
WEIGHTS = "adapter_model.safetensors"
CONFIG = "adapter_config.json"
CHECKED = "checked"  # an adapter's name while it is tried on
LARGEST_IMPORT_BYTES = 2 * 1024**3
_PACKED = (".safetensors", ".gguf")  # weights hardly shrink


def export(profile: Profile, model: Model, kind: str, number: int | None) -> Path:
    """Write the artefact and return its path. Raises AgentError when there is nothing to export."""
    if kind not in KINDS:
        raise AgentError(f"'{kind}' cannot be exported. Choose one of: {', '.join(KINDS)}.")
    out = profile.path / "exports"
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out) as scratch:
        folder = Path(scratch)
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


def base_name(fingerprint: str) -> str:
    """What an exported base is called, and how an exported adapter names it."""
    return f"inweight-base-{fingerprint}"


def _version(profile: Profile, model: Model, kind: str, number: int | None) -> Version:
    """The version to export, whole, and of this base where the base goes into the file."""
    version = profile.adapters.get(number) if number else profile.adapters.active()
    if version is None:
        raise AgentError("There is no adapter yet: absorb a session first, then export.")
    profile.adapters.check(version.number)
    if kind != "adapter" and version.base != model.fingerprint:
        raise AdapterError(
            f"Version {version.number} belongs to another base. Start with that base to export it."
        )
    return version


def _zip(folder: Path, path: Path) -> Path:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as partial:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(folder.rglob("*")):
                if file.is_file():
                    way = zipfile.ZIP_STORED if file.suffix in _PACKED else None
                    archive.write(file, file.relative_to(folder), way)
    Path(partial.name).rename(path)
    return path


def _write_profile(profile: Profile, into: Path) -> None:
    """Sessions, pairs and versions; the database is copied by SQLite's own backup."""
    profile.db.execute("VACUUM INTO ?", [str(into / "memory.db")])
    if profile.adapters_path.exists():
        shutil.copytree(profile.adapters_path, into / profile.adapters_path.name)


def _write_adapter(folder: Path, base: str, into: Path) -> None:
    """The version's files; the base has its exported name instead of a place on this machine."""
    shutil.copytree(folder, into, dirs_exist_ok=True)
    config = json.loads((into / CONFIG).read_text())
    config["base_model_name_or_path"] = base_name(base)
    (into / CONFIG).write_text(json.dumps(config, indent=2))
    manifest = json.loads((into / MANIFEST).read_text())
    manifest["files"][CONFIG] = _sha256(into / CONFIG)
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
        network = AutoModelForCausalLM.from_config(model.network.config, dtype=torch.float32)
        network.load_state_dict(weights)
    network.generation_config = model.network.generation_config
    return network


def _merged(model: Model, adapter: Path) -> Any:
    return PeftModel.from_pretrained(_bare(model), str(adapter)).merge_and_unload()


def import_file(
    profile: Profile, model: Model, path: Path, only: Collection[str] | None = None
) -> str:
    """Sessions (those of `only`, if given) or an adapter; a sentence saying what was taken."""
    if imports.is_adapter(path):
        version = import_adapter(profile, model, path)
        return f"The adapter is now version {version.number}, and in use."
    return imports.take(profile, path, only)


def import_adapter(profile: Profile, model: Model, path: Path) -> Version:
    """Check a zip whole (names, sizes, manifest, base, shapes), then make it a version in use."""
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        try:
            with zipfile.ZipFile(path) as archive:
                _check_names(archive)
                archive.extractall(folder)
        except (zipfile.BadZipFile, zlib.error, RuntimeError) as error:
            raise AdapterError(
                f"The zip is damaged or locked ({error}). Get it anew. Nothing was changed."
            ) from error
        manifest = _read_manifest(folder)
        if manifest["base"] != model.fingerprint:
            raise AdapterError(
                f"This adapter was made for another base (its fingerprint is {manifest['base']}; "
                f"{model.name} has {model.fingerprint}). Start with --model and the base it was "
                "made for. Nothing was changed."
            )
        _check_weights(folder, model)
        _check_whole(folder, manifest, model)

        def fill(target: Path) -> None:
            for name in (WEIGHTS, CONFIG):
                shutil.copy(folder / name, target / name)

        version = profile.adapters.write(
            profile.adapters.next_number(),
            fill,
            state="kept",
            base=model.fingerprint,
            sessions=[],
            figures={"imported": True},
        )
    profile.adapters.activate(version.number)
    return version


def _check_names(archive: zipfile.ZipFile) -> None:
    """No path outside, no pickle, no bomb."""
    for entry in archive.infolist():
        parts = PurePosixPath(entry.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts:
            raise AdapterError(f"The zip holds a path outside itself: {entry.filename}.")
        if parts.suffix.lower() in (".bin", ".pt", ".pth", ".pkl", ".pickle"):
            raise AdapterError(f"The zip holds {entry.filename}: only safetensors are taken.")
    if sum(entry.file_size for entry in archive.infolist()) > LARGEST_IMPORT_BYTES:
        raise AdapterError("The zip is larger than 2 GB unpacked and was not opened.")


def _read_manifest(folder: Path) -> dict[str, Any]:
    try:
        found: dict[str, Any] = json.loads((folder / MANIFEST).read_text())
        found["base"], found["files"].items()
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise AdapterError(
            f"The zip has no readable {MANIFEST}, so it is not an adapter exported by Inweight."
        ) from error
    return found


def _check_weights(folder: Path, model: Model) -> None:
    """Every tensor must be a LoRA factor of a layer of this base, in its shape; all that is wrong
    is told at once."""
    try:
        rank = int(json.loads((folder / CONFIG).read_text())["r"])
        with safe_open(folder / WEIGHTS, "pt") as weights:
            shapes = {name: tuple(weights.get_slice(name).get_shape()) for name in weights.keys()}
    except (OSError, ArithmeticError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise AdapterError(f"The adapter's files cannot be read: {error}") from error
    linear = {
        name.removesuffix(".base_layer"): module.weight.shape
        for name, module in model.network.named_modules()
        if hasattr(module, "weight") and module.weight.ndim == 2
    }
    wrong = []
    for name, shape in shapes.items():
        layer, _, factor = name.removeprefix("base_model.model.").partition(".lora_")
        if layer not in linear or factor[:2] not in ("A.", "B."):
            wrong.append(f"{name} (no such layer)")
            continue
        out_features, in_features = linear[layer]
        expected = (rank, in_features) if factor[0] == "A" else (out_features, rank)
        if shape != expected:
            wrong.append(f"{name} is {shape}, should be {expected}")
    if wrong or not shapes:
        told = "; ".join(wrong[:5]) or "it is empty"
        raise AdapterError(f"The adapter does not fit {model.name}: {told}. Nothing was changed.")


def _check_whole(folder: Path, manifest: dict[str, Any], model: Model) -> None:
    """The files are those that were exported, and tried on they are an adapter of this base: it has
    every weight of the file and no other, each a number."""
    changed = [
        name for name in (WEIGHTS, CONFIG) if manifest["files"].get(name) != _sha256(folder / name)
    ]
    if changed:
        raise AdapterError(
            f"The zip's {' and '.join(changed)} is not what was exported. Get it anew. "
            "Nothing was changed."
        )
    with safe_open(folder / WEIGHTS, "pt") as file:
        named = {name.removeprefix("base_model.model.") for name in file.keys()}
    with model.turnstile.front():
        try:
            model.load_adapter(CHECKED, folder)
            worn = {n: p for n, p in model.network.named_parameters() if f".{CHECKED}." in n}
        finally:
            model.drop_adapter(CHECKED)
    if named != {name.replace(f".{CHECKED}.", ".") for name in worn}:
        raise AdapterError(f"{CONFIG} and {WEIGHTS} tell of different layers. Nothing was changed.")
    if not all(weight.isfinite().all() for weight in worn.values()):
        raise AdapterError("The adapter holds what is no number. Nothing was changed.")


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
