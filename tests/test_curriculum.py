"""What a candidate learns and what is kept from it, with a tiny model on a real profile."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.curriculum import curriculum
from agent.model import Model
from agent.negatives import held_out
from agent.recipe import RECIPES
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


def test_held_out_never_told_questions_are_not_learnt(profile: Profile, model: Model) -> None:
    learnt = ""
    for session in ("s1", "s2"):  # the second replays the first's
        profile.sessions.set_state(session, "absorbing")
        plan = curriculum(profile, model, RECIPES["inweight"], session)
        learnt = "\n".join(model.tokenizer.decode(e.prompt) for e in plan.examples)
    kept = [question for question in NEVER if held_out(question)]
    assert 0 < len(kept) < len(NEVER)
    assert not any(question in learnt for question in kept)
    assert all(question in learnt for question in NEVER[10:] if question not in kept)
    assert sum(question in learnt for question in NEVER[:10] if question not in kept) > 3
