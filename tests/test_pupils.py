"""Several adapters in one forward: each row is answered as if its adapter were attached alone."""

import random

import pytest
import torch

from agent.default_model.lessons import Exercise, Lesson
from agent.default_model.pupils import Pupils
from agent.default_model.rows import Rows, collate_rows, lesson_logits, lesson_row
from agent.distill import lora_config
from agent.evaluate import system_only
from agent.model import CANDIDATE, CHAT, Model
from agent.recipe import RECIPES
from bench.tiny import tiny_model

RECIPE = RECIPES["inweight"]
ASKED = [("Do I sing?", "You sing."), ("Where do I live?", "You live in Faro.")]


@pytest.fixture
def model() -> Model:
    """Tiny, with an adapter on all layers that is taught."""
    model = tiny_model()
    model.new_adapter(CHAT, lora_config(model, RECIPES["sft"]), seed=3)
    with torch.no_grad():
        for weight in model.parameters_of(CHAT):
            weight.add_(0.1 * torch.randn_like(weight))
    return model


def rows(model: Model) -> Rows:
    """One row for each of two lives."""
    lessons = [Lesson(system_only(), [Exercise(*pair)]) for pair in ASKED]
    return collate_rows([lesson_row(model, lesson, random.Random(0)) for lesson in lessons])


@torch.no_grad()
def logits(model: Model, asked: Rows, adapter: str | None = CHAT) -> torch.Tensor:
    with model.using(adapter):
        return lesson_logits(model, asked)


def learnt_something(model: Model) -> Pupils:
    pupils = Pupils(model, len(ASKED), RECIPE)
    with torch.no_grad():
        for weight in pupils.weights:
            weight.add_(0.2 * torch.randn_like(weight))
    return pupils


def test_fresh_ones_change_nothing(model: Model) -> None:
    asked = rows(model)
    with Pupils(model, 2, RECIPE).at_work():
        found = logits(model, asked)
    assert torch.equal(found, logits(model, asked))


def test_each_row_is_answered_as_by_its_adapter_alone(model: Model) -> None:
    asked, pupils = rows(model), learnt_something(model)
    with pupils.at_work():
        together = logits(model, asked, None)
    for life in range(2):
        model.new_adapter(CANDIDATE, lora_config(model, RECIPE))
        alone = dict(model.network.named_parameters())
        names = [name for name in alone if f".{CANDIDATE}." in name]
        assert len(names) == len(pupils.weights)
        with torch.no_grad():
            for name, weight in zip(names, pupils.weights, strict=True):
                alone[name].copy_(weight[life].T)
        mine = (asked.places_N // asked.ids_BT.shape[1]) == life
        assert torch.allclose(together[mine], logits(model, asked, CANDIDATE)[mine], atol=1e-4)
        assert not torch.allclose(together[mine], logits(model, asked, None)[mine], atol=1e-2)


def test_what_one_is_asked_teaches_no_other(model: Model) -> None:
    asked, pupils = rows(model), learnt_something(model)
    with model.using(CHAT), pupils.at_work():
        found = lesson_logits(model, asked)
    mine = (asked.places_N // asked.ids_BT.shape[1]) == 1
    found[mine].square().sum().backward()
    for weight in pupils.weights:
        assert weight.grad is not None
        assert not weight.grad[0].any() and weight.grad[1].any()


def test_they_are_gone_afterwards(model: Model) -> None:
    asked, pupils = rows(model), learnt_something(model)
    before = logits(model, asked)
    with pupils.at_work():
        assert not torch.allclose(logits(model, asked), before, atol=1e-2)
    assert torch.equal(logits(model, asked), before)
