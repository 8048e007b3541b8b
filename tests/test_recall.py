"""What is recalled now: by the version in use, whatever others measured."""

from pathlib import Path

import pytest

from agent.recall import facts_of, last_recall, recalled
from storage.profiles import Profile


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    """Two facts of s1, learnt in version 1; version 2 forgot one of them and learnt one of s2."""
    profile = Profile(tmp_path, "nora")
    for id, facts in (("s1", (0, 1)), ("s2", (0,))):
        profile.sessions.take([{"id": id, "messages": [{"role": "user", "content": "Hello"}]}])
        rows = [
            {"question": f"Which {role} {fact}?", "answer": "This.", "fact": fact, "role": role}
            for fact in facts
            for role in ("train", "probe", "negative")
        ]
        profile.pairs.add(id, [row | {"origin": "model"} for row in rows])
        probes = [p for p in profile.pairs.of(id) if p.role == "probe"]
        profile.pairs.mark_recall((p.id, 0.0) for p in probes)
    figures = {1: {"s1:0": 1.0, "s1:1": 1.0}, 2: {"s1:0": 0.0, "s2:0": 0.5}}
    for number, facts in figures.items():
        profile.adapters.write(
            number,
            lambda folder: (folder / "weights").touch(),
            state="kept",
            base="tiny",
            sessions=["s1", "s2"][:number],
            figures={"facts": facts, "parent": number - 1 or None},
        )
    return profile


def now(profile: Profile, session: str) -> float | None:
    return recalled(profile.pairs.of(session), last_recall(profile))


def test_it_is_that_of_the_version_in_use(profile: Profile) -> None:
    assert (now(profile, "s1"), now(profile, "s2")) == (None, None)  # the bare model
    profile.adapters.activate(2)
    assert (now(profile, "s1"), now(profile, "s2")) == (0.5, 0.5)
    profile.adapters.activate(1)
    assert (now(profile, "s1"), now(profile, "s2")) == (1.0, None)


def test_a_corrected_fact_was_not_asked_since(profile: Profile) -> None:
    profile.adapters.activate(2)
    wrong = next(p for p in profile.pairs.of("s1") if p.fact == 0 and p.role == "train")
    profile.pairs.edit(wrong.id, wrong.question, "That.")
    assert now(profile, "s1") == 1.0


def test_what_was_never_told_is_no_fact(profile: Profile) -> None:
    assert facts_of(profile.pairs.of("s1")) == {"s1:0", "s1:1"}
    assert recalled([], {}) is None
