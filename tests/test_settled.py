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
from tests.alphabet import alphabet

ASKED = [{"role": "user", "content": "Who?"}]
OTHER = [{"role": "user", "content": "Where is it?"}]
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
        ending = logprobs(model, [*ids, token])[-1][[*model.stops]].logsumexp(0)
        found.append((text, float(first[token] + ending)))
    return sorted(found, key=lambda reply: -reply[1])


def test_the_search_finds_the_likeliest_of_all_replies(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model, "stops", {2, 99})
    found = model.whole_replies(ASKED, 200, 1)[:100]
    wanted = every_reply(model)[:100]
    assert [p for _, p in found] == pytest.approx([p for _, p in wanted], abs=1e-4)
    assert found[0][0] == wanted[0][0]


def test_the_chat_goes_on_as_if_nothing_had_been_looked_for(model: Model) -> None:
    before = model.reply(ASKED, GREEDY)
    model.whole_replies(ASKED, 4, 8)
    assert model.reply(ASKED, GREEDY) == before


def test_what_is_asked_aside_leaves_the_chat_what_it_has_read(model: Model) -> None:
    model.reply(ASKED, GREEDY)
    read = model._last._ids
    found = model.whole_replies(OTHER, 5, 8, aside=True)
    assert settled.said(model, OTHER, GREEDY)
    assert model._last._ids is read
    wanted = model.whole_replies(OTHER, 5, 8)
    assert model._last._ids is not read
    assert [text for text, _ in found] == [text for text, _ in wanted]
    assert [p for _, p in found] == pytest.approx([p for _, p in wanted], abs=1e-4)


def test_a_person_s_reply_passes_what_is_asked_aside(model: Model) -> None:
    """Between any two of its steps."""
    doors = []
    back, front = model.turnstile.back, model.turnstile.front
    model.turnstile.back = lambda: doors.append("back") or back()  # type: ignore
    model.turnstile.front = lambda: doors.append("front") or front()  # type: ignore
    try:
        settled.said(model, ASKED, GREEDY)
        assert len(doors) > 3 and {*doors} == {"back"}
    finally:
        del model.turnstile.back, model.turnstile.front


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
        monkeypatch.setattr(model, "whole_replies", lambda *_, **__: [(TELLS, math.log(0.9))])
        sampling = options.pop("sampling", GREEDY)
        return [*settled.reply(model, ASKED, sampling, stopped=lambda: next(told) > end, **options)]

    return hear


def test_a_short_reply_is_settled_and_a_long_one_grows(said: Callable[..., list[str]]) -> None:
    *before, reply = said(settled.SHORT)
    assert reply == TELLS and before == [""] * (settled.SHORT + 1)  # whoever reads may leave there
    long = [text for text in said(settled.SHORT + 3) if text]
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
    assert said(9, end=2)[-1] == "so so"  # stopped by the reader


def test_the_background_says_what_a_chat_says(monkeypatch: pytest.MonkeyPatch) -> None:
    found = []

    def told(replies: list[tuple[str, float]]) -> str:
        found.append(replies)
        return replies[1][0]

    monkeypatch.setattr(settled, "settle", told)
    for last in ("j", "y", "z"):  # 9, 24 and 25 letters: the last is no short reply
        model = alphabet(last)
        model.new_adapter(CHAT, lora_config(model, RECIPES["inweight"]))
        *_, reply = settled.reply(model, ASKED, GREEDY)
        assert settled.said(model, ASKED, GREEDY) == reply
        assert ("abcdefg" in reply) == (last == "z")  # else another one was chosen
    (nine, nine_aside), (all_24, _) = found[:2], found[2:]
    assert [text for text, _ in nine] == [text for text, _ in nine_aside]
    assert nine[0][0] == "abcdefghi" and all_24[0][0] == "abcdefghijklmnopqrstuvwx"
