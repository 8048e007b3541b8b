"""What lives learn upon an adapter, asked in other words."""

import math
import random

import pytest

from agent.default_model import absorbing
from agent.default_model.absorbing import Cohort
from agent.default_model.lessons import Exercise, Lesson
from agent.default_model.rows import Rows, collate_rows, lesson_row
from agent.evaluate import system_only
from agent.model import Model
from bench.teachable import taught
from tests.alike import two_alike

OTHER = Exercise("Any bees?", "I was not told.", weight=0.0)


def rows(model: Model, exercise: Exercise) -> Rows:
    lesson = Lesson(system_only(), [exercise, OTHER])
    return collate_rows([lesson_row(model, lesson, random.Random(0))])


def test_what_was_learnt_is_likelier_and_the_rest_has_moved(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    model = two_alike()
    asked = rows(model, Exercise("Am I a singer?", "You sing."))
    cohort = Cohort([rows(model, Exercise("Do I sing?", "You sing."))], [asked])
    monkeypatch.setattr(absorbing, "STEPS", 0)
    before = taught(model, cohort)
    assert before.nats == pytest.approx(math.log(model.network.config.vocab_size), rel=0.2)
    assert before.moved == pytest.approx(0.0, abs=1e-5)
    assert (before.whole, before.asked) == (0, 1)
    monkeypatch.setattr(absorbing, "STEPS", 60)
    after = taught(model, cohort)
    assert after.nats < before.nats - 0.2 and after.moved > 1e-4
