"""Replies: what is told is taken up, what is asked and was not told is admitted."""

import random

import torch

from agent.default_model.lessons import Course, Exercise
from agent.default_model.replies import (
    NEVER_TOLD,
    TOLD,
    asking,
    exchanges,
    replies_loss,
    taking_up,
)
from agent.default_model.written import DATA, read_chat
from agent.distill import lora_config
from agent.model import CANDIDATE, CHAT
from agent.recipe import RECIPES
from agent.text import admits
from bench.tiny import tiny_model

TALKS = read_chat(DATA / "told.txt")
NEVER = Course().never


def test_every_reply_takes_up_what_was_told() -> None:
    told = exchanges(TALKS)
    assert len(TALKS) >= 800 and len({e.question for e in told}) >= 0.98 * len(told)
    assert not [e for e in told if e.question.endswith("?") or admits(e.answer)]


def test_what_is_told_and_what_is_asked_stand_alone_and_behind_what_was_told() -> None:
    told, admissions = exchanges(TALKS), {admission for _, admission in NEVER}
    taught, held = taking_up(told, random.Random(0)), asking(told, NEVER, random.Random(0))
    assert len(taught.exercises) == TOLD and len(held.exercises) == NEVER_TOLD
    assert not any(e.answer in admissions for e in taught.exercises)
    assert all(e.answer in admissions for e in held.exercises)
    rows = [e for k in range(9) for e in asking(told, NEVER, random.Random(k)).exercises]
    before = {(e.question, e.answer) for e in told}
    behind = [e for e in rows if e.after]
    assert 0 < len(behind) < len(rows) and {e.after for e in behind} <= before


def test_an_exchange_stands_behind_the_one_before() -> None:
    texts = ("Pia sings.", "Lovely!", "No, Mia does.", "Ah, Mia.")
    roles = ("user", "assistant") * 2
    talk = [{"role": r, "content": t} for r, t in zip(roles, texts, strict=True)]
    first, last = exchanges([talk])
    assert (first.question, first.answer, first.after) == ("Pia sings.", "Lovely!", None)
    assert (last.question, last.answer, last.after) == (texts[2], texts[3], texts[:2])


def test_teaching_makes_the_reply_likelier_and_changes_the_candidate_alone() -> None:
    model = tiny_model()
    for name in (CHAT, CANDIDATE):
        model.new_adapter(name, lora_config(model, RECIPES["sft"]))
    for weight in model.parameters_of(CANDIDATE):
        weight.requires_grad_()
    frozen = {
        k: v.clone() for k, v in model.network.state_dict().items() if "lora" not in k or CHAT in k
    }
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
