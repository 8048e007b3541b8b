"""Tiny models: with two adapters that are alike, as it was and as it is taught; one that says nothing."""

import torch

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


def quiet_model() -> Model:
    """A tiny model that ends every reply at once, so that no time goes into writing nonsense."""
    model = tiny_model(2)
    head = model.network.lm_head.weight.detach().clone()
    head[model.end_id] = 9 * head[model.tokenizer("\n")["input_ids"][0]]
    model.network.lm_head.weight = torch.nn.Parameter(head, requires_grad=False)
    model.fingerprint = "quiet"
    return model
