"""A LoRA in llama.cpp's own file format, written with the gguf package.

Names and layouts follow llama.cpp's adapter loader: general.type "adapter", adapter.type "lora",
tensors NAME.lora_a (r, in) and NAME.lora_b (out, r); the rows of q and k are reordered as its
llama converter does, from half-split to interleaved rotary pairs.
"""

import json
from pathlib import Path
from typing import Any

import gguf
import numpy as np
from safetensors.torch import load_file


def write_lora(config: Any, folder: Path, path: Path) -> None:
    """Write the PEFT adapter in `folder` for a Llama-shaped base with this config."""
    settings = json.loads((folder / "adapter_config.json").read_text())
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, float(settings["lora_alpha"]))
    writer.add_name(path.stem)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, config.num_hidden_layers)
    for key, tensor in load_file(folder / "adapter_model.safetensors").items():
        layer, _, factor = key.removeprefix("base_model.model.").partition(".lora_")
        values = tensor.float().numpy()
        if factor[0] == "B":
            values = interleave(values, heads_of(layer, config))
        writer.add_tensor(f"{names.get_name(layer)}.weight.lora_{factor[0].lower()}", values)
    finish(writer)


def heads_of(layer: str, config: Any) -> int:
    """How many heads turn in this layer's rows: 0 where none do."""
    if layer.endswith("q_proj"):
        return int(config.num_attention_heads)
    return int(config.num_key_value_heads) if layer.endswith("k_proj") else 0


def interleave(rows: np.ndarray, heads: int) -> np.ndarray:
    """(out, n) with each head's two rotary halves -> the same rows in pairs."""
    if not heads:
        return rows
    out, width = rows.shape
    split = rows.reshape(heads, 2, out // heads // 2, width)
    return np.ascontiguousarray(split.swapaxes(1, 2).reshape(out, width))


def finish(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
