"""A whole Llama-shaped model in llama.cpp's file format, and the Modelfile that Ollama reads with it.

Weights in f16, norms in f32, the tokenizer and chat template beside them. What llama.cpp would read
otherwise than transformers is refused, since a memory answers only to the very ids it was trained on.
Knows a network and a tokenizer; no adapters (agent/gguf_lora) and no profiles.
"""

import json
from pathlib import Path
from typing import Any

import gguf

from agent import prompts
from agent.errors import AdapterError
from agent.gguf_lora import finish, heads_of, interleave

# By what the tokenizer splits text at before it merges: llama.cpp's name for it.
_BYTES = {"type": "ByteLevel", "add_prefix_space": False, "trim_offsets": True, "use_regex": True}
_PRE = (("gpt-2", [_BYTES]), ("smollm", [{"type": "Digits", "individual_digits": True}, _BYTES]))

# ChatML, which Ollama fills in; it writes the system line where a chat brings none.
TEMPLATE = """\
{{- range .Messages }}<|im_start|>{{ .Role }}
{{ .Content }}<|im_end|>
{{ end }}<|im_start|>assistant
"""
_CHECKED = [
    {"role": "system", "content": "S"},
    {"role": "user", "content": "U"},
    {"role": "assistant", "content": "A"},
    {"role": "user", "content": "V"},
]


def fits(network: Any, tokenizer: Any) -> None:
    """Raise AdapterError unless llama.cpp reads this base as transformers does."""
    config = network.config
    rope = getattr(config, "rope_parameters", None) or {}
    whole = "Export the merged model and convert it with llama.cpp."
    if config.model_type != "llama" or rope.get("rope_type", "default") != "default":
        raise AdapterError(
            f"GGUF export is made for plain Llama-shaped models, not for '{config.model_type}' "
            f"with this rotary embedding. {whole}"
        )
    if not _pre(_spelt(tokenizer)):
        raise AdapterError(f"This base's tokenizer is not one that GGUF export knows. {whole}")


def write_model(network: Any, tokenizer: Any, path: Path) -> None:
    """Write the network, whose weights are plain (no adapter attached)."""
    fits(network, tokenizer)
    writer = gguf.GGUFWriter(path, "llama")
    writer.add_type(gguf.GGUFType.MODEL)
    writer.add_name(path.stem)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_F16)
    _shape(writer, network.config)
    _vocabulary(writer, tokenizer, network.config.vocab_size)
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.LLAMA, network.config.num_hidden_layers)
    for key, weight in network.state_dict().items():
        if key == "lm_head.weight" and network.config.tie_word_embeddings:
            continue
        name = names.get_name(key, try_suffixes=(".weight",))
        if name is None:
            raise AdapterError(f"GGUF export knows no layer '{key}'. Export the merged model.")
        values = weight.float().cpu().numpy()
        if values.ndim == 2:
            layer = key.removesuffix(".weight")
            values = interleave(values, heads_of(layer, network.config)).astype("float16")
        writer.add_tensor(name, values)
    finish(writer)


def modelfile(tokenizer: Any, name: str) -> str:
    """What `ollama create` reads beside the model file `name`."""
    seen = tokenizer.apply_chat_template(_CHECKED, tokenize=False, add_generation_prompt=True)
    if seen != chatml(_CHECKED):
        raise AdapterError(
            "This base's chat template is not ChatML, and Ollama would not ask as Inweight does. "
            "Export 'gguf' and use llama.cpp, which reads the template in the file."
        )
    return (
        f'FROM ./{name}\nTEMPLATE """{TEMPLATE}"""\nSYSTEM """{prompts.system()}"""\n'
        "PARAMETER temperature 0\nPARAMETER repeat_penalty 1\n"
        f"PARAMETER stop {tokenizer.eos_token}\n"
    )


def chatml(messages: list[dict[str, str]]) -> str:
    """What TEMPLATE makes of these messages."""
    turns = (f"<|im_start|>{m['role']}\n{m['content']}<|im_end|>\n" for m in messages)
    return "".join(turns) + "<|im_start|>assistant\n"


def _shape(writer: gguf.GGUFWriter, config: Any) -> None:
    width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_key_length(width)
    writer.add_value_length(width)
    writer.add_rope_dimension_count(width)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_vocab_size(config.vocab_size)


def _vocabulary(writer: gguf.GGUFWriter, tokenizer: Any, size: int) -> None:
    """The tokens with their kinds; the merges; which tokens begin and end."""
    spelt = _spelt(tokenizer)
    added = {token["id"]: token for token in spelt["added_tokens"]}
    tokens = {id: text for text, id in tokenizer.get_vocab().items()}
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(_pre(spelt))
    writer.add_token_list([tokens.get(id, f"[PAD{id}]") for id in range(size)])
    writer.add_token_types([_kind(added.get(id), id in tokens) for id in range(size)])
    writer.add_token_merges([" ".join(pair) for pair in spelt["model"]["merges"]])
    for add, id in (
        (writer.add_bos_token_id, tokenizer.bos_token_id),
        (writer.add_eos_token_id, tokenizer.eos_token_id),
        (writer.add_unk_token_id, tokenizer.unk_token_id),
        (writer.add_pad_token_id, tokenizer.pad_token_id),
    ):
        if id is not None:
            add(id)
    writer.add_add_bos_token(False)  # the chat template opens the prompt
    writer.add_add_space_prefix(False)
    writer.add_chat_template(tokenizer.chat_template)


def _kind(added: dict[str, Any] | None, used: bool) -> gguf.TokenType:
    if added:
        return gguf.TokenType.CONTROL if added["special"] else gguf.TokenType.USER_DEFINED
    return gguf.TokenType.NORMAL if used else gguf.TokenType.UNUSED


def _spelt(tokenizer: Any) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(tokenizer.backend_tokenizer.to_str())
    return found


def _pre(spelt: dict[str, Any]) -> str:
    """llama.cpp's name for how the tokenizer splits text; empty when it has none here."""
    split = spelt["pre_tokenizer"] or {}
    steps = split.get("pretokenizers", [split])
    plain = spelt["model"]["type"] == "BPE" and spelt["normalizer"] is None
    return next((name for name, known in _PRE if plain and steps == known), "")
