"""Teaching that goes on from a finished adapter."""

import random
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from torch import Tensor

from agent.default_model.further import WEIGHTS, go_on
from agent.default_model.lessons import Course, Exercise, Lesson
from agent.distill import lora_config
from agent.evaluate import system_only
from agent.model import CANDIDATE, CHAT, Model
from agent.recipe import RECIPES
from bench.tiny import tiny_model


class OneLesson(Course):
    """A course of a single lesson."""

    def __init__(self) -> None:
        pass

    def lesson(self, rng: random.Random) -> Lesson:
        return Lesson(system_only(), [Exercise("Do I sing?", "You sing.")])


def weights(model: Model, adapter: str) -> list[Tensor]:
    return [weight.detach().bfloat16() for weight in model.parameters_of(adapter)]


@pytest.mark.parametrize("share", [0.0, 1.0])
def test_it_goes_its_share_of_the_way(share: float, tmp_path: Path) -> None:
    model = tiny_model()
    model.new_adapter(CHAT, lora_config(model, RECIPES["sft"]))
    model.save_adapter(CHAT, tmp_path / "start")

    def term(model: Model, rng: random.Random) -> Tensor:
        return torch.stack([w.square().sum() for w in model.parameters_of(CANDIDATE)]).sum()

    asked: list[str] = []

    def figure(model: Model, adapter: str) -> float:
        asked.append(adapter)
        return 0.0

    out, start = tmp_path / "out", tmp_path / "start"
    go_on(OneLesson(), term, figure, out, tiny_model(), start, 0.02, 1e-2, 0, share)
    assert asked == [CHAT, CANDIDATE]
    assert {w.dtype for w in load_file(out / WEIGHTS).values()} == {torch.bfloat16}
    model.drop_adapter(CHAT)
    model.load_adapter(CHAT, start)
    model.load_adapter(CANDIDATE, out)
    pairs = list(zip(weights(model, CHAT), weights(model, CANDIDATE), strict=True))
    assert all(torch.equal(old, new) for old, new in pairs) == (share == 0)
