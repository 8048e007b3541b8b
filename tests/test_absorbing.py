"""A base that is taught to be taught: lives learn side by side, and other wordings move the base."""

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest
import torch
from torch import Tensor

from agent.default_model import absorbing, lives
from agent.default_model.absorbing import (
    Cohort,
    Cohorts,
    asked_loss,
    learn,
    per_life,
    recalled,
    terms,
)
from agent.default_model.lessons import Course, Exercise, Lesson
from agent.default_model.lives import Lives, told_in
from agent.default_model.rows import Rows, collate_rows, lesson_row
from agent.default_model.written import Fact, Talk
from agent.evaluate import system_only
from agent.model import CANDIDATE, CHAT, Model
from agent.negatives import like
from agent.recipe import RECIPES
from agent.text import admits
from bench.tiny import tiny_model
from tests.alike import two_alike

LEARNT = [
    Exercise("Do I sing?", "You sing."),
    Exercise("Any goats?", "I was not told.", weight=0.0),
]
ASKED = [
    Exercise("Am I a singer?", "You sing."),
    Exercise("Any bees?", "I was not told.", weight=0.0),
]


@pytest.fixture(scope="module")
def course() -> Course:
    return Course()


@pytest.fixture
def model() -> Model:
    return two_alike()


def rows(model: Model, *lives: Sequence[Exercise]) -> Rows:
    made = [Lesson(system_only(), [*exercises]) for exercises in lives]
    return collate_rows([lesson_row(model, lesson, random.Random(0)) for lesson in made])


def values(model: Model, adapter: str) -> list[Tensor]:
    return [weight.detach().clone() for weight in model.parameters_of(adapter)]


def test_what_is_learnt_is_not_asked() -> None:
    fact = Fact(("Where do I live?", "My town?", "Which place is home?"), ("You live in Faro.",), 0)
    seen = set()
    for seed in range(20):
        told = told_in(fact, random.Random(seed))
        assert told.learnt and not set(told.learnt) & set(told.others)
        assert set(told.others) <= set(fact.questions) and told.answer == "You live in Faro."
        seen |= {*told.learnt} & {*fact.questions}
    assert seen > {"Where do I live?"}  # by rule, and now and then a human one


def test_of_two_sessions_that_answer_the_same_one_counts(course: Course) -> None:
    talks = [
        Talk([], None, [Fact(("Where do I work?", "My work place?"), (answer,), 0)])
        for answer in ("You work at a bank.", "You work at a zoo.")
    ]
    life = Lives(talks, course).life(random.Random(0))
    assert len({e.answer for e in life.learnt if e.weight}) == 1


def test_what_is_never_told_is_not_answered_by_a_fact(
    course: Course, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lives, "casual", lambda question, rng: question)
    drawn = Lives(course.held_out_talks, course)
    for seed in range(3):
        life = drawn.life(random.Random(seed))
        told = {e.answer for e in life.learnt if e.weight}
        asked = {e.answer for e in life.asked if e.weight}
        assert asked <= told and len(told) > lives.FACTS
        never = [e.question for e in life.learnt + life.asked if not e.weight and admits(e.answer)]
        known = [e.question for e in life.learnt if e.weight]
        assert len(never) > 10
        assert not [(n, k) for n in never for k in known if like(n, k)]


def test_the_loss_of_a_life_by_hand(model: Model) -> None:
    made = rows(model, ASKED[:1], ASKED[:1])
    length = len(made.labels_N) // 2
    losses = torch.zeros(2 * length)
    losses[0], losses[length + 2] = 1.0, 1.0  # one life's first token, the other's third
    weight = RECIPES["inweight"].opening
    total = 2 * weight + length - 2
    found = per_life(made, losses, torch.ones(2 * length, dtype=torch.bool))
    assert float(found) == pytest.approx((weight + 1) / total)
    none = torch.zeros(2 * length, dtype=torch.bool)
    assert float(per_life(made, losses, none)) == 0.0


def test_lives_learn_and_the_base_does_not(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(absorbing, "STEPS", 60)
    monkeypatch.setattr(absorbing, "RECIPE", replace(absorbing.RECIPE, learning_rate=2e-2))
    before = values(model, CANDIDATE)
    made = rows(model, LEARNT, [Exercise("Do I sing?", "You dance."), LEARNT[1]])
    pupils = learn(model, [made], seed=0)
    assert all(map(torch.equal, before, values(model, CANDIDATE)))
    assert all(weight.requires_grad for weight in model.parameters_of(CANDIDATE))
    told = Cohort([made], [made])
    fresh = absorbing.Pupils(model, 2, RECIPES["inweight"])
    with torch.no_grad():
        start, end = (float(asked_loss(model, who, made)) for who in (fresh, pupils))
    assert end < start - 0.2  # frozen random embeddings allow no more
    assert 0.0 <= recalled(told, model, CANDIDATE) <= 1.0


def test_what_is_asked_moves_the_base_and_not_the_lives(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(absorbing, "STEPS", 2)
    cohort = Cohort([rows(model, LEARNT, LEARNT)], [rows(model, ASKED, ASKED)] * 2)
    texts = [torch.tensor(model.text_ids("The sea is wide and blue"))] * 3
    optimizer = torch.optim.Adam(model.parameters_of(CANDIDATE), lr=1e-2)
    untaught = values(model, CHAT)
    totals = []
    for _ in range(12):
        parts = []
        for part in terms(iter([cohort]), texts, model, random.Random(0)):
            part.backward()
            parts.append(float(part.detach()))
        assert len(parts) == 3
        assert all(weight.grad is not None for weight in model.parameters_of(CANDIDATE))
        optimizer.step()
        optimizer.zero_grad()
        totals.append(sum(parts[1:]))
    assert totals[-1] < totals[0] - 0.3
    assert all(map(torch.equal, untaught, values(model, CHAT)))


def test_what_is_to_stay_is_compared_with_before(model: Model) -> None:
    made = rows(model, [ASKED[1]])
    fresh = absorbing.Pupils(model, 1, RECIPES["inweight"])
    assert float(asked_loss(model, fresh, made)) == pytest.approx(0.0, abs=1e-5)
    with torch.no_grad():
        for weight in fresh.weights:
            weight.add_(0.2 * torch.randn_like(weight))
    assert float(asked_loss(model, fresh, made)) > 0.005
    with torch.no_grad():
        for weight in fresh.weights:
            weight.zero_()
        for weight in model.parameters_of(CANDIDATE):
            weight.add_(0.2 * torch.randn_like(weight))
    assert float(asked_loss(model, fresh, made)) > 0.005


def test_a_cohort_follows_from_its_number(course: Course) -> None:
    model = tiny_model()
    first, again = (
        next(iter(Cohorts(model, Lives(course.held_out_talks, course), 2, seed=5))) for _ in "12"
    )
    assert torch.equal(first.asked[0].ids_BT, again.asked[0].ids_BT)
    assert len(first.asked) == absorbing.ASKED_ROWS and len(first.learnt) > 3
    assert all(len(rows.ids_BT) == 2 for rows in first.learnt)
