"""A tiny model that says the alphabet, so that a test knows what it will say."""

from string import ascii_lowercase

import torch

from agent.model import Model
from bench.tiny import tiny_model


def alphabet(last: str = "") -> Model:
    """Each letter's logit is the letter before it. It goes on and on, or is sure of itself and ends
    before `last`."""
    model = tiny_model()
    embedded = model.network.lm_head.weight.detach().clone()
    newline, *letters = (model.tokenizer(c)["input_ids"][0] for c in "\n" + ascii_lowercase)
    head = torch.zeros_like(embedded)
    head[letters] = embedded[letters[-1:] + letters[:-1]]
    head[letters[0]] += embedded[newline]  # the prompt's last token
    head *= 40 if last else 1
    model.network.lm_head.weight = torch.nn.Parameter(head, requires_grad=False)
    model.stops |= {letters[ascii_lowercase.index(last)]} if last else set()
    return model
