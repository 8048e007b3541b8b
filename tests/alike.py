"""A tiny model with two adapters that are alike: as it was, and as it is taught."""

from agent.distill import lora_config
from agent.model import CANDIDATE, CHAT, Model
from agent.recipe import RECIPES
from bench.tiny import tiny_model


def two_alike() -> Model:
    model = tiny_model()
    for name in (CHAT, CANDIDATE):
        model.new_adapter(name, lora_config(model, RECIPES["sft"]))
    for weight in model.parameters_of(CANDIDATE):
        weight.requires_grad_()
    return model
