"""Replies: what is told is taken up, what is asked and was not told is admitted."""

import random

import torch

from agent.default_model.further import part_way
from agent.default_model.lessons import Course, Exercise
from agent.default_model.replies import (
    NEVER_TOLD,
    TOLD,
    exchanges,
    replies_loss,
    taking_up,
)
from agent.default_model.written import DATA, read_chat
from agent.distill import lora_config
from agent.model import CANDIDATE
from agent.recipe import RECIPES
from agent.text import admits
from bench.tiny import tiny_model

TALKS = read_chat(DATA / "told.txt")
NEVER = Course().never


def test_every_reply_takes_up_what_was_told() -> None:
    told = exchanges(TALKS)
    assert len(TALKS) >= 800 and len({e.question for e in told}) >= 0.98 * len(told)
    assert not [e for e in told if e.question.endswith("?") or admits(e.answer)]


def test_a_lesson_tells_and_asks_side_by_side() -> None:
    lesson = taking_up(exchanges(TALKS), NEVER, random.Random(0))
    admissions = {admission for _, admission in NEVER}
    asked = [e for e in lesson.exercises if e.answer in admissions]
    assert (len(lesson.exercises), len(asked)) == (TOLD + NEVER_TOLD, NEVER_TOLD)
    behind = [e for e in lesson.exercises if e.after]
    assert behind and all(e.after != (e.question, e.answer) for e in behind)


def test_an_exchange_stands_behind_the_one_before() -> None:
    texts = ("Pia sings.", "Lovely!", "No, Mia does.", "Ah, Mia.")
    roles = ("user", "assistant") * 2
    talk = [{"role": r, "content": t} for r, t in zip(roles, texts, strict=True)]
    first, last = exchanges([talk])
    assert (first.question, first.answer, first.after) == ("Pia sings.", "Lovely!", None)
    assert (last.question, last.answer, last.after) == (texts[2], texts[3], texts[:2])


def test_half_way_by_hand() -> None:
    before, after = [torch.tensor([1.0, -2.0])], [torch.tensor([3.0, 2.0], requires_grad=True)]
    part_way(before, after, 0.5)
    assert after[0].tolist() == [2.0, 0.0] and before[0].tolist() == [1.0, -2.0]
    part_way(before, after, 1.0)
    assert after[0].tolist() == [2.0, 0.0]


def test_teaching_makes_the_reply_likelier_and_changes_the_candidate_alone() -> None:
    model = tiny_model()
    model.new_adapter(CANDIDATE, lora_config(model, RECIPES["sft"]))
    frozen = {k: v.clone() for k, v in model.network.state_dict().items() if "lora" not in k}
    told = [Exercise("My dog is Pia.", "Pia it is.")] * TOLD
    optimizer = torch.optim.Adam(model.parameters_of(CANDIDATE), lr=2e-2)
    losses = []
    for step in range(40):
        loss = replies_loss(told, NEVER, model, random.Random(step % 4))
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert losses[-4] < losses[0] - 0.05  # the same lesson
    after = model.network.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in frozen.items())
