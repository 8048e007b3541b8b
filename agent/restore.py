"""What was exported, in again: an adapter as a version, a whole profile into an empty one.

A file is checked whole before anything is touched: names, sizes, checksums, base, shapes, numbers,
and a profile's database row by row. Knows the profile and the model; not how files are written.
"""

import json
import shutil
import zipfile
import zlib
from collections.abc import Collection
from lzma import LZMAError
from pathlib import Path, PurePosixPath
from typing import Any

from safetensors import SafetensorError, safe_open

from agent import imports
from agent.errors import AdapterError
from agent.export import CONFIG, WEIGHTS, scratch
from agent.model import Model
from agent.rewind import alone, recover
from agent.text import many
from storage.adapters import Version
from storage.manifest import MANIFEST, sha256
from storage.profiles import DATABASE, Profile
from storage.restore import check, fill

# What peft would do to the base itself, or beside the weights in the file.
_MORE_THAN_LORA = (
    "layer_replication", "modules_to_save", "loftq_config", "eva_config", "corda_config", "use_dora",
    "use_qalora", "trainable_token_indices", "target_parameters", "megatron_config",
)  # fmt: skip
CHECKED = "checked"  # an adapter's name while it is tried on
SMALL_BYTES, SHRUNK_MOST = 2**28, 20  # weights hardly shrink, and text by less than this


def import_file(
    profile: Profile, model: Model, path: Path, only: Collection[str] | None = None
) -> str:
    """Sessions (those of `only`, if given), an adapter or a profile; a sentence on what was taken."""
    if not imports.is_ours(path):
        return imports.take(profile, path, only)
    with scratch(profile) as made:
        came = Profile(made, "came")
        _unpack(path, came.path)
        if (came.path / DATABASE).exists():
            return _take_profile(profile, model, came)
        version = _take_adapter(profile, model, came.path)
    return f"The adapter is now version {version.number}, and in use."


def _unpack(path: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_names(archive, folder)
            archive.extractall(folder)
    except (zipfile.BadZipFile, zlib.error, LZMAError, EOFError, OSError, RuntimeError) as error:
        raise AdapterError(
            f"The zip is damaged or locked ({error}). Get it anew. Nothing was changed."
        ) from error


def _take_adapter(profile: Profile, model: Model, folder: Path) -> Version:
    """Make it a version in use."""
    _check_adapter(folder, model)

    def fill(target: Path) -> None:
        for name in (WEIGHTS, CONFIG):
            shutil.copy(folder / name, target / name)

    with alone(profile):  # what is being learnt goes on from the version in use
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


def _take_profile(profile: Profile, model: Model, came: Profile) -> str:
    """Fill an empty profile. Versions of other bases come along: they can be used with those."""
    try:
        versions = check(came)
        active = came.adapters.active()
        for version in versions:
            mine = version.base == model.fingerprint and came.adapters.usable(version)
            if version == active or mine:
                _check_adapter(came.adapters.folder_of(version.number), model)
        with alone(profile):
            fill(profile, came)
            recover(profile)
    finally:
        came.close()
    used = f"version {active.number} is in use" if active else "the bare model is in use"
    return f"The profile was taken in: {many(profile.sessions.count(), 'session')}, and {used}."


def _check_adapter(folder: Path, model: Model) -> None:
    """Whether it is whole and fits this base."""
    manifest = _read_manifest(folder)
    if manifest["base"] != model.fingerprint:
        raise AdapterError(
            f"This adapter was made for another base (its fingerprint is {manifest['base']}; "
            f"{model.name} has {model.fingerprint}). Start with --model and the base it was "
            "made for. Nothing was changed."
        )
    _check_weights(folder, model)
    _check_whole(folder, manifest, model)


def _check_names(archive: zipfile.ZipFile, folder: Path) -> None:
    """No path outside, no pickle, no bomb."""
    for entry in archive.infolist():
        parts = PurePosixPath(entry.filename.replace("\\", "/"))
        if parts.is_absolute() or ".." in parts.parts:
            raise AdapterError(f"The zip holds a path outside itself: {entry.filename}.")
        if parts.suffix.lower() in (".bin", ".pt", ".pth", ".pkl", ".pickle"):
            raise AdapterError(f"The zip holds {entry.filename}: only safetensors are taken.")
    unpacked = sum(entry.file_size for entry in archive.infolist())
    packed = sum(entry.compress_size for entry in archive.infolist())
    if unpacked > max(SMALL_BYTES, SHRUNK_MOST * packed):
        raise AdapterError("The zip grows more than ours do when unpacked and was not opened.")
    if unpacked > (free := shutil.disk_usage(folder).free):
        raise AdapterError(
            f"The zip needs {unpacked >> 20} MB to be unpacked, and {free >> 20} MB are free. Make "
            "room, then try again. Nothing was changed."
        )


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
        config = json.loads((folder / CONFIG).read_text())
        rank = int(config["r"])
        more = [name for name in _MORE_THAN_LORA if config.get(name)]
        with safe_open(folder / WEIGHTS, "pt") as weights:
            shapes = {name: tuple(weights.get_slice(name).get_shape()) for name in weights.keys()}
    except (OSError, ArithmeticError, ValueError, KeyError, TypeError, SafetensorError) as error:
        raise AdapterError(f"The adapter's files cannot be read: {error}") from error
    if more or not isinstance(config.get("init_lora_weights", True), bool):
        told = ", ".join(more) or "init_lora_weights"
        raise AdapterError(f"{CONFIG} asks for more than LoRA ({told}). Nothing was changed.")
    with model.turnstile.front():  # an adapter may be on its way in
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
        name for name in (WEIGHTS, CONFIG) if manifest["files"].get(name) != sha256(folder / name)
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
