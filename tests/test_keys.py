"""Keys: questions filed by what they ask, in the layer below the first one that learns."""

import math
import random

import pytest
import torch

from agent.default_model.further import changed
from agent.default_model.keys import TEMPERATURE, found, keys, questions_of, together
from agent.default_model.lessons import Exercise, Lesson
from agent.default_model.rows import collate_rows, lesson_row
from agent.default_model.written import Fact, Talk
from agent.evaluate import system_only
from agent.halves import middle
from agent.model import CANDIDATE, CHAT, Model
from tests.alike import two_alike

AROUND = torch.tensor([[1.0, 0.0], [0.0, 1.0], [-1.0, 0.0], [0.0, -1.0]])


def talk(*facts: tuple[str, ...], unknown: tuple[str, ...] = ()) -> Talk:
    found = [Fact(questions, ("You do.",), 0) for questions in facts]
    return Talk([{"role": "user", "content": "Hi"}], None, found, [(q, "No.") for q in unknown])


TALKS = [
    talk(("Do I sing?", "Am I a singer?", "Singing?"), ("Where am I from?", "My home town?")),
    talk(("Any pets?",), ("Who cooks?", "Who makes dinner?"), unknown=("How tall am I?",)),
]


@pytest.fixture
def model() -> Model:
    return two_alike()


def test_the_loss_by_hand() -> None:
    # Two wordings at a right angle; of the two others one is as near and one is opposite.
    loss = together(AROUND + 5, torch.tensor([0, 0, 1, 2]))
    assert float(loss) == pytest.approx(math.log(2 + math.exp(-1 / TEMPERATURE)), abs=1e-5)


def test_questions_of_nobody_else_make_no_loss() -> None:
    assert float(together(AROUND, torch.tensor([0, 1, 2, 3]))) == 0.0


def test_a_key_is_what_the_first_layer_that_learns_is_given(model: Model) -> None:
    asked = ["Do I sing?", "Where am I from again?"]
    found = keys(model, asked, CHAT)
    layer = model.backbone.layers[middle(model)]
    for question, key in zip(asked, found, strict=True):
        prompt = model.prompt([*system_only(), {"role": "user", "content": question}])
        with torch.no_grad(), model.using(CHAT):
            hidden = model.network(
                input_ids=torch.tensor([prompt]), output_hidden_states=True
            ).hidden_states[middle(model)]
            expected = layer.input_layernorm(hidden)[0, -1].float()
        assert torch.allclose(key, expected, atol=2e-2)


def test_facts_of_one_question_are_left_out_and_never_told_ones_stand_alone() -> None:
    asked, owners = questions_of(TALKS, facts=9, wordings=2, rng=random.Random(0))
    assert len(asked) == 7 and "Any pets?" not in asked
    assert owners.bincount().tolist() == [2, 2, 2, 1] and asked[-1] == "How tall am I?"
    few, _ = questions_of(TALKS, facts=1, wordings=9, rng=random.Random(0))
    assert len([q for q in few if q != "How tall am I?"]) in (2, 3)


def test_teaching_brings_wordings_of_one_fact_together(model: Model) -> None:
    asked, owners = questions_of(TALKS, 9, 9, random.Random(0))
    optimizer = torch.optim.Adam(model.parameters_of(CANDIDATE), lr=1e-2)
    for _ in range(60):
        loss = together(keys(model, asked, CANDIDATE), owners)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert found(TALKS, model, CANDIDATE) > 0.9 > found(TALKS, model, CHAT)


def test_a_model_that_did_not_change_has_no_loss(model: Model) -> None:
    lesson = Lesson(system_only(), [Exercise("Do I sing?", "You sing.")])
    rows = collate_rows([lesson_row(model, lesson, random.Random(0))])
    assert changed(model, rows).item() == pytest.approx(0, abs=1e-6)
    with torch.no_grad():
        for weight in model.parameters_of(CANDIDATE):
            weight.normal_()
    assert changed(model, rows).item() > 0.01
