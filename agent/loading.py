"""A base from its place into memory: the embedded default, a folder, or the hub.

Knows where models come from and what the hardware likes; not what they are used for.
"""

import hashlib
from typing import Any

import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from agent.config import DEFAULT_MODEL
from agent.errors import ModelError
from agent.model import Model
from agent.tree import ATTENTION


def load(name: str = DEFAULT_MODEL) -> Model:
    """The embedded default, a local folder, or a hub id. Raises ModelError with what to do."""
    if name == DEFAULT_MODEL:
        from agent.default_model.fetch import ensure  # fetching is only for those who need it

        folder = ensure()
        return open_base(str(folder), f"inweight-default-{folder.name}")
    return open_base(name, name)


def check(name: str) -> None:
    """Raise ModelError unless there is such a model; its weights are not read yet."""
    if name == DEFAULT_MODEL:
        return
    try:
        AutoConfig.from_pretrained(name)
    except (OSError, ValueError, KeyError) as error:
        raise _not_loaded(name, error) from error


def open_base(source: str, name: str) -> Model:
    """The model in a folder or of a hub id, known by `name`. Raises ModelError."""
    device = best_device()
    try:
        tokenizer = AutoTokenizer.from_pretrained(source)
        network = AutoModelForCausalLM.from_pretrained(
            source, dtype=best_dtype(device), attn_implementation=ATTENTION
        )
    except (OSError, ValueError, KeyError) as error:
        raise _not_loaded(source, error) from error
    return Model(network.to(device), tokenizer, name, fingerprint(network))


def fingerprint(network: Any) -> str:
    """A hash that tells one base from another: the name, the shape and a sample of every weight."""
    digest = hashlib.sha256()
    for key, weight in network.named_parameters():
        sample = weight.detach().flatten()[:: max(1, weight.numel() // 64)][:64].float().cpu()
        digest.update(f"{key}{tuple(weight.shape)}".encode())
        digest.update(sample.bfloat16().view(torch.int16).numpy().tobytes())
    return digest.hexdigest()[:16]


def best_device() -> torch.device:
    if torch.cuda.is_available():
        return torch.device("cuda")
    return torch.device("mps" if torch.backends.mps.is_available() else "cpu")


def best_dtype(device: torch.device) -> torch.dtype:
    """bf16 where the hardware multiplies it; elsewhere on the CPU fp32 is faster."""
    if device.type == "cpu" and not torch.cpu._is_avx512_bf16_supported():
        return torch.float32
    return torch.bfloat16


def _not_loaded(source: str, error: Exception) -> ModelError:
    return ModelError(
        f"The model '{source}' could not be loaded. It must be a folder with a transformers "
        f"model, or the id of one on the hub that can be reached. ({_first_line(error)})"
    )


def _first_line(error: Exception) -> str:
    return str(error).strip().split("\n")[0]
