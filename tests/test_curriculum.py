"""What a candidate learns and what is kept from it, with a tiny model on a real profile."""

import random
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from agent import strangers
from agent.asking import SESSION_TOKENS
from agent.curriculum import CHAT_MOST, between, curriculum, in_chats, student
from agent.default_model.written import DATA, read_answers
from agent.distill import Example
from agent.evaluate import system_only
from agent.model import Model
from agent.negatives import as_learnt, held_out
from agent.recipe import RECIPES
from agent.soft import Soft, soft_targets
from agent.tree import chains
from agent.unrelated import OPENINGS, unrelated
from storage.profiles import Profile

NEVER = [f"What is my cousin number {n} called?" for n in range(20)]


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    """Two sessions that told a pair each, and were asked what they never told."""
    profile = Profile(tmp_path, "nora")
    for n, asked in enumerate((NEVER[:10], NEVER[10:]), start=1):
        row = {
            "id": f"s{n}",
            "started_at": f"2026-03-{n:02}T18:00:00+00:00",
            "messages": [{"role": "user", "content": "My cat is called Pickle."}],
        }
        profile.sessions.take([row])
        rows = [{"question": f"Which cat {n}?", "answer": "Pickle.", "fact": 0, "role": "train"}]
        rows += [
            {"question": q, "answer": "No idea.", "fact": -1, "role": "negative"} for q in asked
        ]
        profile.pairs.add(f"s{n}", [row | {"origin": "model"} for row in rows])
    yield profile
    profile.close()


def test_plain_text_is_the_base_s_own(profile: Profile, model: Model) -> None:
    profile.sessions.set_state("s1", "absorbing")
    recipe = replace(RECIPES["inweight"], plain=5)
    plain = [e for e in curriculum(profile, model, recipe, "s1").examples if e.plain]
    assert len({(*e.prompt, *e.target) for e in plain}) == 5
    told = unrelated(model)
    for example in plain:
        ids = [*example.prompt, *example.target]
        assert ids in [model.text_ids(text) for text in told.plain_train]
        with torch.no_grad():
            logits = model.network(input_ids=torch.tensor([ids])).logits[0, :-1]
        wanted = Soft.of(logits, recipe.top_k)
        torch.testing.assert_close(example.soft.logps_NK, wanted.logps_NK, rtol=0, atol=1e-4)
    none = curriculum(profile, model, replace(recipe, plain=0), "s1").examples
    assert none and not any(e.plain for e in none)


def test_the_teacher_reads_the_beginning_of_a_very_long_message(
    profile: Profile, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[int] = []

    def noted(teacher: Model, prefix: list[int], *rest: Any) -> list[Soft]:
        read.append(len(prefix))
        return soft_targets(teacher, prefix, *rest)

    monkeypatch.setattr("agent.curriculum.soft_targets", noted)
    pasted = "My cat is called Pickle. " + "1, 2, 3, " * SESSION_TOKENS
    long = {"id": "s3", "messages": [{"role": "user", "content": pasted}]}
    profile.sessions.take([long])
    row = {"question": "Which cat?", "answer": "Pickle.", "fact": 0, "role": "train"}
    profile.pairs.add("s3", [row | {"origin": "model"}])
    profile.sessions.set_state("s3", "absorbing")
    curriculum(profile, model, RECIPES["inweight"], "s3")
    assert SESSION_TOKENS < max(read) < SESSION_TOKENS + 200


def test_what_measures_is_not_learnt(model: Model) -> None:
    told = unrelated(model)
    assert told.measure and told.plain_measure
    assert not {p for p, _ in told.train} & {p for p, _ in told.measure}
    openings = {o for o in OPENINGS if any(t.startswith(f"{o} ") for t in told.plain_measure)}
    assert len(openings) == len(told.plain_measure)
    assert not any(t.startswith(f"{o} ") for o in openings for t in told.plain_train)
    assert unrelated(model) == told  # the second time out of the cache


def test_held_out_never_told_questions_are_not_learnt(profile: Profile, model: Model) -> None:
    learnt = ""
    for session in ("s1", "s2"):  # the second replays the first's
        profile.sessions.set_state(session, "absorbing")
        plan = curriculum(profile, model, RECIPES["inweight"], session)
        learnt = "\n".join(model.tokenizer.decode(e.prompt) for e in plan.examples)
    kept = [question for question in NEVER if held_out(question)]
    assert 0 < len(kept) < len(NEVER)
    assert not any(as_learnt(question) in learnt or question in learnt for question in kept)
    told = [as_learnt(question) for question in NEVER]
    assert sum(question not in NEVER for question in told) > 8  # in other words
    assert all(as_learnt(q) in learnt for q in NEVER[10:] if q not in kept)
    assert sum(as_learnt(q) in learnt for q in NEVER[:10] if q not in kept) > 3


def test_a_never_told_question_comes_back_as_it_was_learnt(profile: Profile, model: Model) -> None:
    """Its stored target is the base's behind those words."""
    plans = []
    for session in ("s1", "s2"):
        profile.sessions.set_state(session, "absorbing")
        recipe = replace(RECIPES["inweight"], behind=0.0)
        plans.append(curriculum(profile, model, recipe, session).examples)
    first, second = ({tuple(e.prompt): e.soft for e in plan if not e.plain} for plan in plans)
    again = [
        prompt
        for prompt in first.keys() & second.keys()
        if "cousin" in model.tokenizer.decode([*prompt]).lower()
    ]
    assert len(again) > 3
    for prompt in again:
        torch.testing.assert_close(
            first[prompt].logps_NK, second[prompt].logps_NK, rtol=0, atol=0.01
        )


def asked(model: Model, count: int) -> list[Example]:
    pairs = [(f"Where is house {n}?", f"In street {n}.") for n in range(count)]
    soft = Soft.of(torch.zeros(1, 9), 3)
    return [Example(b.prompt, b.target, soft) for b in student(model, pairs)[1]]


def test_questions_in_a_chat_are_what_the_template_makes_of_it(model: Model) -> None:
    alone = asked(model, 60)
    found = in_chats(alone, between(model), 0.6, random.Random(3))
    number_of = {tuple(e.target): n for n, e in enumerate(alone)}
    assert sorted(number_of[tuple(e.target)] for e in found) == [*range(60)]
    prefix, _ = student(model, [])
    chats = chains([e.branch for e in found])
    assert {len(chat) for chat in chats} == {*range(1, CHAT_MOST + 1)}
    for chat in chats:
        numbers = [number_of[tuple(found[k].target)] for k in chat]
        turns = [
            {"role": role, "content": text}
            for n in numbers
            for role, text in (("user", f"Where is house {n}?"), ("assistant", f"In street {n}."))
        ]
        ids = [i for k in chat for i in (*found[k].prompt, *found[k].target)]
        whole = model.prompt([*system_only(), *turns], reply=False)
        assert whole[: len(prefix) + len(ids)] == [*prefix, *ids]


def test_half_of_the_questions_stand_behind_others(model: Model) -> None:
    alone = asked(model, 400)
    gap = between(model)
    assert 150 < sum(e.goes_on for e in in_chats(alone, gap, 0.5, random.Random(3))) < 210
    for share, between_them in ((0.0, gap), (0.5, None)):
        found = in_chats(alone, between_them, share, random.Random(3))
        assert found != alone and sorted(e.prompt for e in found) == sorted(e.prompt for e in alone)
        assert not any(e.goes_on for e in found)


def test_a_template_that_rewrites_what_was_answered_has_no_chats(model: Model) -> None:
    tokenizer = model.tokenizer
    told = tokenizer.chat_template
    try:
        tokenizer.chat_template = told.replace("message['content']", "message['content'] | upper")
        assert tokenizer.chat_template != told
        assert between(model) is None
    finally:
        tokenizer.chat_template = told


@pytest.mark.parametrize(
    ("change", "stands"),
    [
        # as Qwen3: what the last reply was opened with is not shown once the user goes on
        (("{% if add_generation_prompt %}<|im_start|>assistant\n",
          "{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n\n</think>\n\n"), False),
        # as Gemma: the line of the system stands in the user's first message
        (("{% for message in messages %}", "{% if messages[0]['role'] == 'system' %}"
          "{{ raise_exception('no system') }}{% endif %}{% for message in messages %}"), True),
    ],
)  # fmt: skip
def test_a_chat_is_the_template_s_or_there_is_none(
    change: tuple[str, str], stands: bool, model: Model
) -> None:
    tokenizer = model.tokenizer
    told = tokenizer.chat_template
    try:
        tokenizer.chat_template = told.replace(*change)
        assert tokenizer.chat_template != told
        gap = between(model)
        assert (gap is not None) == stands
        if gap is not None:
            prefix, (one, two) = student(model, [("Who?", "Bo."), ("When?", "Now.")])
            turns = [*system_only(), *({"role": r, "content": c} for r, c in
                     (("user", "Who?"), ("assistant", "Bo."), ("user", "When?")))]  # fmt: skip
            assert model.prompt(turns) == [*prefix, *one.prompt, *one.target, *gap, *two.prompt]
    finally:
        tokenizer.chat_template = told


def test_what_was_never_told_and_what_is_replayed_stands_in_chats_too(
    profile: Profile, model: Model
) -> None:
    for session in ("s1", "s2"):
        profile.sessions.set_state(session, "absorbing")
        plan = curriculum(profile, model, RECIPES["inweight"], session)
    behind = "\n".join(model.tokenizer.decode(e.prompt) for e in plan.examples if e.goes_on)
    assert any(as_learnt(question) in behind for question in NEVER[:10])  # replayed
    assert any(as_learnt(question) in behind for question in NEVER[10:])


def test_what_strangers_tell_and_everybody_knows_is_the_base_s(
    profile: Profile, model: Model
) -> None:
    """Each behind its very words, with the distributions that the base has there."""
    profile.sessions.set_state("s1", "absorbing")
    bare = replace(RECIPES["inweight"], unrelated=0.0, portraits=False, plain=0, behind=0.0)
    recipe = replace(bare, read=8.0, general=6.0)  # to the one pair
    plan = curriculum(profile, model, recipe, "s1")
    without = curriculum(profile, model, replace(recipe, read=0.0, general=0.0), "s1").examples
    added = {(*e.prompt, *e.target): e for e in plan.examples}
    for example in without:
        added.pop((*example.prompt, *example.target), None)
    turns = [model.tokenizer.decode(e.prompt).count("user\n") for e in added.values()]
    assert sorted(turns) == [1] * 6 + [2] * 8
    assert all(e.held for e in added.values()) and not any(e.held for e in without)
    for ids, example in added.items():
        with torch.no_grad():
            whole = torch.tensor([[*plan.prefix, *ids]])
            logits = model.network(input_ids=whole).logits[0, -len(example.target) - 1 : -1]
        wanted = Soft.of(logits, recipe.top_k)
        torch.testing.assert_close(example.soft.logps_NK, wanted.logps_NK, rtol=0, atol=1e-4)


def test_general_questions_that_measure_are_not_learnt(model: Model) -> None:
    every = strangers.general(model, 560, random.Random(0))
    general, itself = (
        read_answers(DATA / name)[:: strangers.HELD_OUT] for name in ("general.txt", "itself.txt")
    )
    asked = {model.tokenizer.decode(branch.prompt) for branch in every}
    for rows in (general, itself):
        assert len(rows) > 30 and not any(f"\n{q}\n" in prompt for q, _ in rows for prompt in asked)
    assert sum("\nWhat are you" in prompt or "are you" in prompt for prompt in asked) > 20
