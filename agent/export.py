"""Adapters and profiles as files, out and in.

adapter: PEFT zip with its manifest · merged: a transformers folder, zipped · gguf: a LoRA for
llama.cpp and Ollama · profile: everything, zipped. What comes in is checked whole before anything is
touched. Knows the profile's folders and the model; not how adapters are trained.
"""

import json
import shutil
import tempfile
import zipfile
import zlib
from collections.abc import Collection
from pathlib import Path, PurePosixPath

from safetensors import SafetensorError, safe_open

from agent import imports
from agent.errors import AdapterError, AgentError
from agent.gguf_lora import write_gguf
from agent.model import Model
from storage.adapters import Version
from storage.profiles import Profile

KINDS = ("adapter", "gguf", "merged", "profile")
MANIFEST = "manifest.json"
WEIGHTS = "adapter_model.safetensors"
CONFIG = "adapter_config.json"
LARGEST_IMPORT_BYTES = 2 * 1024**3


def export(profile: Profile, model: Model, kind: str, number: int | None) -> Path:
    """Write the artefact and return its path. Raises AgentError when there is nothing to export."""
    if kind not in KINDS:
        raise AgentError(f"'{kind}' cannot be exported. Choose one of: {', '.join(KINDS)}.")
    out = profile.path / "exports"
    out.mkdir(parents=True, exist_ok=True)
    if kind == "profile":
        return _export_profile(profile, out)
    version = profile.adapters.get(number) if number else profile.adapters.active()
    if version is None:
        raise AgentError("There is no adapter yet: absorb a session first, then export.")
    profile.adapters.check(version.number)
    folder = profile.adapters.folder_of(version.number)
    stem = f"inweight-{profile.name}-v{version.number}"
    if kind == "adapter":
        return _zip(folder, out / f"{stem}.zip")
    if version.base != model.fingerprint:
        raise AdapterError(
            f"Version {version.number} belongs to another base. Start with that base to export it."
        )
    if kind == "gguf":
        return write_gguf(model, folder, out / f"{stem}.gguf")
    return _export_merged(model, folder, out / f"{stem}-merged.zip")


def _zip(folder: Path, path: Path) -> Path:
    with tempfile.NamedTemporaryFile(dir=path.parent, delete=False) as partial:
        with zipfile.ZipFile(partial, "w", zipfile.ZIP_DEFLATED) as archive:
            for file in sorted(folder.rglob("*")):
                if file.is_file():
                    archive.write(file, file.relative_to(folder))
    Path(partial.name).rename(path)
    return path


def _export_profile(profile: Profile, out: Path) -> Path:
    """Sessions, pairs and versions; the database is copied by SQLite's own backup."""
    with tempfile.TemporaryDirectory(dir=out) as scratch:
        copy = Path(scratch) / profile.name
        copy.mkdir()
        profile.db.execute("VACUUM INTO ?", [str(copy / "memory.db")])
        if profile.adapters_path.exists():
            shutil.copytree(profile.adapters_path, copy / profile.adapters_path.name)
        return _zip(copy, out / f"inweight-{profile.name}-profile.zip")


def _export_merged(model: Model, folder: Path, path: Path) -> Path:
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    with tempfile.TemporaryDirectory(dir=path.parent) as scratch:
        with model.turnstile.front(), model.using(None):
            bare = {
                name.replace(".base_layer.", "."): weight
                for name, weight in model.network.state_dict().items()
                if ".lora_" not in name
            }
            network = AutoModelForCausalLM.from_config(model.network.config, dtype=model.dtype)
            network.load_state_dict(bare)
        merged = PeftModel.from_pretrained(network, str(folder)).merge_and_unload()
        merged.save_pretrained(scratch)
        model.tokenizer.save_pretrained(scratch)
        return _zip(Path(scratch), path)


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


def _read_manifest(folder: Path) -> dict[str, str]:
    try:
        found: dict[str, str] = json.loads((folder / MANIFEST).read_text())
        found["base"]
    except (OSError, ValueError, KeyError, TypeError) as error:
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
    except (OSError, ValueError, KeyError, TypeError, SafetensorError) as error:
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
