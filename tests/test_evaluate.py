"""Scores of every kind by hand, options and drift against slow references."""

from typing import Any

import pytest
import torch

from agent.distill import lora_config
from agent.evaluate import (
    answers,
    drift,
    option_scores,
    plain_drift,
    score,
    system_only,
    token_f1,
)
from agent.model import CANDIDATE, Model
from agent.recipe import RECIPES
from bench.tiny import tiny_model


@pytest.fixture(scope="module")
def model() -> Model:
    """A tiny model with an adapter that does something."""
    model = tiny_model()
    model.new_adapter(CANDIDATE, lora_config(model, RECIPES["inweight"]))
    with torch.no_grad():
        for k, weight in enumerate(model.parameters_of(CANDIDATE)):
            torch.manual_seed(k)
            weight.normal_(0, 0.2)
    return model


@pytest.mark.parametrize(
    ("probe", "answer", "expected"),
    [
        ({"kind": "recall", "accept": ["ghent", "gent"]}, "You live in Ghent.", 1),
        ({"kind": "recall", "accept": ["ghent", "gent"]}, "In GENT!", 1),
        ({"kind": "recall", "accept": ["ghent"]}, "In Antwerp.", 0),
        ({"kind": "recall", "accept": ["ghent"]}, "", 0),
        ({"kind": "recall", "accept_all": [["ida"], ["rex", "tom"]]}, "Ida and Tom", 1),
        ({"kind": "recall", "accept_all": [["ida"], ["rex", "tom"]]}, "Ida", 0),
        ({"kind": "update", "accept": ["leeds"], "reject": ["ghent"]}, "Leeds now.", 1),
        ({"kind": "update", "accept": ["leeds"], "reject": ["ghent"]}, "Ghent, now Leeds.", 0),
        ({"kind": "recall", "accept": ["12"]}, "There are 12.", 1),
        ({"kind": "recall", "accept": ["12"]}, "12, I think", 1),
        ({"kind": "recall", "accept": ["12"]}, "May 12.", 1),
        ({"kind": "recall", "accept": ["12"]}, "There are 112.", 0),
        ({"kind": "recall", "accept": ["12"]}, "There are 120.", 0),
        ({"kind": "recall", "accept": ["12"]}, "It is 12.5", 0),
        ({"kind": "recall", "accept": ["12"]}, "It is 3.12", 0),
        ({"kind": "recall", "accept": ["12"]}, "It is 12,000", 0),
        ({"kind": "update", "accept": ["7"], "reject": ["12"]}, "7 of 120", 1),
        ({"kind": "abstain"}, "You haven't told me that.", 1),
        ({"kind": "abstain"}, "It is blue.", 0),
        ({"kind": "recall", "gold": "the blue car"}, "A blue car!", 1),
        ({"kind": "recall", "gold": ["red", "blue car"]}, "A car", 2 / 3),
    ],
)
def test_score(probe: dict[str, Any], answer: str, expected: float) -> None:
    assert score(probe, answer) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("answer", "gold", "expected"),
    [
        ("The cat sat.", "cat sat", 1.0),
        ("cat", "cat sat down here", 2 * 1 * 0.25 / 1.25),
        ("cat cat", "cat", 2 / 3),  # a word counts once
        ("dog", "cat", 0.0),
        ("", "cat", 0.0),
        ("the", "a", 1.0),  # both are empty
    ],
)
def test_token_f1(answer: str, gold: str, expected: float) -> None:
    assert token_f1(answer, gold) == pytest.approx(expected)


TALK = [("How are you?", "Fine, thanks."), ("And the sea?", "Calm."), ("Why?", "No wind.")]


def test_drift_without_an_adapter_is_zero(model: Model) -> None:
    assert drift(model, TALK, None) == 0.0
    assert drift(model, [], CANDIDATE) == 0.0
    assert drift(model, TALK, CANDIDATE) > 1e-4


@torch.no_grad()
def test_drift_against_a_slow_reference(model: Model) -> None:
    """Each exchange alone and whole; only where the reply is written counts."""
    each: list[float] = []
    for question, answer in TALK:
        start = model.prompt([*system_only(), {"role": "user", "content": question}])
        ids = torch.tensor([start + model.answer_ids(answer)])
        found = []
        for adapter in (None, CANDIDATE):
            with model.using(adapter):
                logits = model.network(input_ids=ids).logits[0, len(start) - 1 : -1]
                found.append(logits.double().softmax(-1))
        each += [float((p * (p / q).log()).sum()) for p, q in zip(*found, strict=True)]
    assert drift(model, TALK, CANDIDATE) == pytest.approx(sum(each) / len(each), rel=1e-3)


@torch.no_grad()
def test_plain_drift_against_a_slow_reference(model: Model) -> None:
    texts, each = ["The sea is calm.", "No wind"], []
    for text in texts:
        ids, found = torch.tensor([model.text_ids(text)]), []
        for adapter in (None, CANDIDATE):
            with model.using(adapter):
                found.append(model.network(input_ids=ids).logits[0, :-1].double().softmax(-1))
        each += [float((p * (p / q).log()).sum()) for p, q in zip(*found, strict=True)]
    wanted = sum(each) / len(each)
    assert plain_drift(model, texts, CANDIDATE) == pytest.approx(wanted, rel=1e-3)
    assert plain_drift(model, texts, None) == plain_drift(model, [], CANDIDATE) == 0.0


@torch.no_grad()
def test_option_scores_against_each_alone(model: Model) -> None:
    options = ["Peppers", "Ham and mushrooms, please", "x"]
    found = option_scores(model, system_only(), "Which pizza?", options, CANDIDATE)
    prompt = model.prompt([*system_only(), {"role": "user", "content": "Which pizza?"}])
    for option, value in zip(options, found, strict=True):
        target = model.answer_ids(option)
        with model.using(CANDIDATE):
            logits = model.network(input_ids=torch.tensor([prompt + target])).logits[0]
        logps = logits.log_softmax(-1)[len(prompt) - 1 : -1]
        slow = sum(float(logps[k, token]) for k, token in enumerate(target)) / len(target)
        assert value == pytest.approx(slow, abs=1e-4)


def test_answers_are_those_of_each_alone(model: Model) -> None:
    asked = [f"What is {'my ' * (k % 5)}name {k}?" for k in range(30)]  # more than one batch
    found = answers(model, system_only(), asked, CANDIDATE)
    alone = [answers(model, system_only(), [question], CANDIDATE)[0] for question in asked[::7]]
    assert len(found) == 30
    assert found[::7] == alone
    assert answers(model, system_only(), [], None) == []
