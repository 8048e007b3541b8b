"""The speed benchmark: its arithmetic by hand, its losses against others, and the whole on a tiny model.

No timing is asserted.
"""

import json
import math
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from agent.distill import Example, distill, lora_config
from agent.evaluate import system_only
from agent.model import CANDIDATE, Model
from agent.recipe import Recipe, exactly
from agent.record import pairs_of
from agent.tree import Branch, pack
from bench import shared, speed, speed_case, speed_day, speed_ways
from bench.speed_floor import Shape, Work, bytes_per_token, reading_flops, training_flops
from bench.tiny import tiny_model

RECIPE = Recipe(rank=2, targets=("q_proj", "up_proj"))
SHAPE = Shape(
    layers=3,
    linears={"q_proj": (4, 4), "k_proj": (4, 2), "v_proj": (4, 2), "up_proj": (4, 8)},
    heads=2, head_size=2, kv_heads=1, hidden=4, vocabulary=10,
)  # fmt: skip
ASKED = [("Where do I live?", "In Varberg."), ("What am I called?", "Una.")]


@pytest.fixture
def model() -> Model:
    return tiny_model(2)


# --- the arithmetic -----------------------------------------------------------------------------


def test_operations_of_reading_by_hand() -> None:
    assert SHAPE.layer_weights() == 16 + 8 + 8 + 32
    assert SHAPE.lora_weights(RECIPE) == 2 * (4 + 4) + 2 * (4 + 8)
    one_layer = 2 * 64 * 5 + 4 * 2 * 2 * 9  # five tokens, nine pairs of query and key
    assert reading_flops(SHAPE, Work(5, 9, 0), 1) == one_layer
    assert reading_flops(SHAPE, Work(5, 9, 3), 2) == 2 * one_layer + 2 * 4 * 10 * 3
    assert reading_flops(SHAPE, Work(5, 9, 0), 1, lora=40) == one_layer + 2 * 40 * 5


def test_operations_of_training_by_hand() -> None:
    matrices = 2 * 64 * 5 * 2 - 2 * 32 * 5  # forward and back, but not below q, k, v
    lora, attention, head = 3 * 2 * 40 * 5, 3 * 4 * 2 * 2 * 9, 2 * 2 * 4 * 10 * 3
    assert training_flops(SHAPE, Work(5, 9, 3), 1, RECIPE) == matrices + lora + attention + head


def test_bytes_of_a_token_by_hand() -> None:
    weights = 3 * 64 + 4 * 10 + 4 + 2 * 40  # layers, output matrix, a row of the embedding, LoRA
    cache = 2 * 3 * 1 * 2 * 7
    assert bytes_per_token(SHAPE, 4, 7, 2, RECIPE) == 4 * (weights + cache)


def test_what_a_tree_sees() -> None:
    (tree,) = pack([1, 2], [Branch([5], [6]), Branch([7, 8], [9])], 100)
    # the prefix 1 + 2; behind it 3 + 4, and 3 + 4 + 5
    assert Work().add(tree) == Work(7, 22, 2)


def test_the_shape_of_a_model(model: Model) -> None:
    shape = Shape.of(model)
    weights = shape.layers * shape.layer_weights() + shape.hidden * shape.vocabulary
    norms = shape.hidden * (2 * shape.layers + 1)
    assert 4 * (weights + norms) == speed_day.model_bytes(model)


# --- the ways of training -----------------------------------------------------------------------


def test_every_presentation_is_counted(model: Model) -> None:
    prefix, branches = [1, 2], [Branch([5, 6], [7]), Branch([8], [9, 10])]
    examples = [Example(b.prompt, b.target, shared.certain(b.target)) for b in branches]
    recipe = exactly(3, Recipe(known=0.0))
    model.new_adapter(CANDIDATE, lora_config(model, recipe), 0)
    with speed_ways.watched() as seen:
        figures = distill(model, prefix, examples, branches[:1], recipe, seed=0)
    assert seen.presented == {0: 3, 1: 3}
    assert (seen.trained.tokens, seen.trained.targets) == (figures.tokens, 9)
    assert (seen.probed.tokens, seen.probed.targets) == (3 * 5, 3)


def test_the_session_s_own_pairs_are_told_from_what_is_trained_beside_them(model: Model) -> None:
    """The plan mixes them: who stands where says nothing."""
    with shared.filled([speed_case.session()], {speed_case.ID: speed_case.pairs(2)}) as profile:
        absorbed = speed_ways.absorb(model, profile, exactly(2, replace(RECIPE, known=0.0)), 0)
        pairs = pairs_of(profile, speed_case.ID, "train")
    own = absorbed.own(model, pairs)
    examples = absorbed.plan.examples
    asked = sorted(tuple(examples[k].target) for k in own)
    assert asked == sorted(tuple(model.answer_ids(p.answer)) for p in pairs)
    assert len(own) < len(examples) and own != {*range(len(own))}
    assert {absorbed.seen.presented[k] for k in own} == {2}


def test_padding_changes_no_logits(model: Model) -> None:
    rows = speed_ways.rows_behind(model, [], ASKED)
    together = speed_ways.answer_logits(model, rows)
    alone = torch.cat([speed_ways.answer_logits(model, [row]) for row in rows])
    assert torch.allclose(together, alone, atol=1e-5)
    assert len(together) == sum(len(answer) for _, answer in rows)


def test_the_paper_s_loss_is_nothing_without_a_context(model: Model) -> None:
    model.new_adapter(CANDIDATE, lora_config(model, RECIPE), 0)
    bare = speed_ways.paper_loss(model, system_only(), ASKED)
    told = {"role": "user", "content": "I am Una, from Varberg."}
    shown = speed_ways.paper_loss(model, [*system_only(), told], ASKED)
    assert bare.item() == pytest.approx(0, abs=1e-6) and shown.item() > 1e-6


def test_the_pairs_are_whole() -> None:
    rows = speed_case.pairs()
    roles = [row["role"] for row in rows]
    assert (roles.count("train"), roles.count("probe"), roles.count("negative")) == (80, 20, 24)
    questions = [row["question"] for row in rows]
    assert len({question.casefold() for question in questions}) == len(questions)


# --- the whole ----------------------------------------------------------------------------------


def test_speed_from_end_to_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INWEIGHT_CACHE", str(tmp_path))
    out = tmp_path / "speed.json"
    speed.main(quick=True, out=out)
    found = json.loads(out.read_text())
    for key in (
        "times_faster_than_paper_recipe", "times_faster_than_sft", "share_of_matmul_rate",
        "first_token_ratio_during_absorption", "session_cost_ratio_300_to_1",
    ):  # fmt: skip
        assert math.isfinite(found[key]) and found[key] > 0
    assert found["sft"] in ("reached", "never reached")
    assert found["replies"]["replies_lost"] == 0
    assert all(math.isfinite(number) for number in numbers(found))


def numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = [*value.values()]
    if isinstance(value, list):
        for inner in value:
            yield from numbers(inner)
    elif isinstance(value, float):
        yield value
