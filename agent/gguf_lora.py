"""A LoRA in llama.cpp's own file format, written with the gguf package.

Names and layouts follow llama.cpp's adapter loader: general.type "adapter", adapter.type "lora",
tensors NAME.lora_a (r, in) and NAME.lora_b (out, r); the rows of q and k are reordered as its
llama converter does, from half-split to interleaved rotary pairs.
"""

import json
from pathlib import Path

import gguf
import numpy as np
from safetensors.torch import load_file

from agent.errors import AdapterError
from agent.model import Model

NAMES = {
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}


def write_gguf(model: Model, folder: Path, path: Path) -> Path:
    """Write the PEFT adapter in `folder` as a GGUF LoRA. Llama-shaped bases only."""
    config = model.network.config
    if config.model_type != "llama":
        raise AdapterError(
            f"GGUF export is made for Llama-shaped models; {model.name} is '{config.model_type}'. "
            "Export the merged model and convert it with llama.cpp."
        )
    settings = json.loads((folder / "adapter_config.json").read_text())
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type(gguf.GGUFType.ADAPTER)
    writer.add_string(gguf.Keys.Adapter.TYPE, "lora")
    writer.add_float32(gguf.Keys.Adapter.LORA_ALPHA, float(settings["lora_alpha"]))
    writer.add_name(path.stem)
    for name, tensor in load_file(folder / "adapter_model.safetensors").items():
        layer, part, factor = _parse(name)
        values = tensor.float().numpy()
        if factor == "lora_b" and part in ("self_attn.q_proj", "self_attn.k_proj"):
            heads = config.num_attention_heads
            if part.endswith("k_proj"):
                heads = config.num_key_value_heads
            values = interleave(values, heads)
        writer.add_tensor(f"blk.{layer}.{NAMES[part]}.weight.{factor}", values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    return path


def interleave(rows: np.ndarray, heads: int) -> np.ndarray:
    """(out, r) with each head's two rotary halves -> the same rows in pairs."""
    out, rank = rows.shape
    split = rows.reshape(heads, 2, out // heads // 2, rank)
    return np.ascontiguousarray(split.swapaxes(1, 2).reshape(out, rank))


def _parse(name: str) -> tuple[int, str, str]:
    """("base_model.model.model.layers.3.self_attn.q_proj.lora_A.weight") -> 3, its part, lora_a"""
    inner = name.split(".layers.")[1]
    number, _, rest = inner.partition(".")
    part, _, factor = rest.partition(".lora_")
    return int(number), part, f"lora_{factor[0].lower()}"
