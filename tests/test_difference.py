"""What one teaching brought is added to an adapter that was taught other things since."""

from pathlib import Path

import torch
from safetensors.torch import load_file

from agent.default_model.difference import add_difference, added
from agent.default_model.further import WEIGHTS
from agent.distill import lora_config
from agent.model import CHAT
from agent.recipe import RECIPES
from bench.tiny import tiny_model


def test_added_by_hand() -> None:
    start, before, after = ({"a": torch.tensor([x], dtype=torch.bfloat16)} for x in (1.0, 2.0, 5.0))
    moved = added(start, before, after, 0.5)
    assert moved["a"].tolist() == [2.5] and moved["a"].dtype == torch.bfloat16
    assert added(start, before, after, 0.0)["a"].tolist() == [1.0]


def test_an_adapter_written_so_can_be_loaded(tmp_path: Path) -> None:
    model = tiny_model()
    for seed, name in enumerate(("before", "after")):
        model.new_adapter(CHAT, lora_config(model, RECIPES["sft"]), seed)
        model.save_adapter(CHAT, tmp_path / name)
        model.drop_adapter(CHAT)
    ends = (tmp_path / "before", tmp_path / "after")
    add_difference(tmp_path / "out", ends[0], *ends, times=1.0)
    model.load_adapter(CHAT, tmp_path / "out")
    found, expected = load_file(tmp_path / "out" / WEIGHTS), load_file(ends[1] / WEIGHTS)
    assert all(torch.allclose(found[name], expected[name], atol=1e-2) for name in expected)
    assert any(not torch.equal(found[name], load_file(ends[0] / WEIGHTS)[name]) for name in found)
