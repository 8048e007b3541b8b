"""Short replies as whole answers: the search against all that could be said, and what is chosen when."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import pytest
import torch

from agent import settled
from agent.distill import lora_config
from agent.model import CHAT, Model
from agent.recipe import RECIPES
from agent.sampling import Sampling
from bench.tiny import tiny_model

ASKED = [{"role": "user", "content": "Who?"}]
GREEDY = Sampling(max_tokens=40)
ADMITS, TELLS, ALSO_TELLS = "You haven't told me that yet.", "Rex is your dog.", "Your dog is Rex."


@pytest.fixture(scope="module")
def model() -> Model:
    """A tiny one that wrote a random adapter into its chat."""
    model = tiny_model()
    model.new_adapter(CHAT, lora_config(model, RECIPES["inweight"]), seed=1)
    torch.manual_seed(2)
    for weight in model.parameters_of(CHAT):
        weight.data.normal_(std=0.3)
    return model


def logprobs(model: Model, ids: list[int]) -> torch.Tensor:
    with torch.no_grad(), model.using(CHAT):
        found: torch.Tensor = model.network(input_ids=torch.tensor([ids])).logits[0]
    return found.double().log_softmax(-1)


def every_reply(model: Model) -> list[tuple[str, float]]:
    """All replies of one token, by the plain network, one after another."""
    ids = model.prompt(ASKED)
    first = logprobs(model, ids)[-1]
    found = []
    for token in range(len(first)):
        text = model.tokenizer.decode([token], skip_special_tokens=True).strip()
        if token in model.stops or not text:
            continue
        ending = logprobs(model, [*ids, token])[-1]
        found += [(text, float(first[token] + ending[stop])) for stop in model.stops]
    return sorted(found, key=lambda reply: -reply[1])


def test_the_search_finds_the_likeliest_of_all_replies(model: Model) -> None:
    found = model.whole_replies(ASKED, 200, 2)[:100]
    wanted = every_reply(model)[:100]
    assert [p for _, p in found] == pytest.approx([p for _, p in wanted], abs=1e-4)
    assert found[0][0] == wanted[0][0]


def test_the_chat_goes_on_as_if_nothing_had_been_looked_for(model: Model) -> None:
    before = model.reply(ASKED, GREEDY)
    model.whole_replies(ASKED, 4, 8)
    assert model.reply(ASKED, GREEDY) == before


@pytest.mark.parametrize(
    ("found", "chosen"),
    [
        ([(ADMITS, 0.3), (TELLS, 0.2), (ALSO_TELLS, 0.15)], TELLS),  # 0.35 tell
        ([(TELLS, 0.3), (ADMITS, 0.2), ("I don't know.", 0.15)], ADMITS),
        ([(TELLS, 0.3)], TELLS),
        ([(TELLS, 0.1), (ADMITS, 0.09)], ""),  # less than a fifth: there is no one answer
        ([], ""),
    ],
)
def test_the_heavier_side_s_likeliest(found: list[tuple[str, float]], chosen: str) -> None:
    assert settled.settle([(text, math.log(p)) for text, p in found]) == chosen


@pytest.fixture
def said(model: Model, monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[str]]:
    """What a chat hears where the model would say so many words, and likelier another whole reply."""

    def hear(words: int, *, end: int = 10**9, **options: Any) -> list[str]:
        def stream(*_: Any, stopped: Callable[[], bool], **__: Any) -> Iterator[str]:
            for number in range(1, words + 1):
                if stopped():
                    return
                yield " ".join(["so"] * number)

        told = iter(range(1, 10**9))
        monkeypatch.setattr(model, "stream", stream)
        monkeypatch.setattr(model, "whole_replies", lambda *_: [(TELLS, math.log(0.9))])
        sampling = options.pop("sampling", GREEDY)
        return [*settled.reply(model, ASKED, sampling, stopped=lambda: next(told) > end, **options)]

    return hear


def test_a_short_reply_is_settled_and_a_long_one_grows(said: Callable[..., list[str]]) -> None:
    assert said(settled.SHORT) == [TELLS]
    long = said(settled.SHORT + 3)
    assert [len(text.split()) for text in long] == [settled.SHORT + n for n in (1, 2, 3)]
    assert said(0) == []


def test_what_is_drawn_cut_or_said_without_an_adapter_stays(
    said: Callable[..., list[str]],
) -> None:
    grown = ["so", "so so"]
    assert said(2, adapter=None) == grown
    assert said(2, adapter="another") == grown
    assert said(2, sampling=Sampling(40, temperature=0.8)) == grown
    assert said(2, sampling=Sampling(settled.SHORT)) == grown  # it may be cut short by its limit
    assert said(9, end=2) == ["so so"]  # stopped by the reader
