"""Ablations: what a later session's never-told questions leave out, the sums, and the command."""

import json
from pathlib import Path
from typing import Any

import pytest

from bench import ablations, shared
from bench.ablations import WAYS, means
from bench.tiny import save_tiny
from tests.small_cases import keep_pairs, pairs, probe, session, write_cases


def never(question: str) -> dict[str, Any]:
    told = {"question": question, "answer": "You haven't told me.", "fact": -1}
    return {**told, "role": "negative", "origin": "model"}


def test_never_told_questions_follow_what_was_told() -> None:
    """Of the second session those that the first one answers are left out; of the first those that
    the second one answers retire."""
    first = [*pairs(0), never("What do otters eat?"), never("How tall am I?")]
    second = [*pairs(1), never("When was the bridge built?"), never("Where do I live?")]
    with shared.filled([], {}) as profile:
        ablations._add(profile, session(0), first, WAYS["product"])
        ablations._add(profile, session(1), second, WAYS["product"])
        left = {pair.question for pair in profile.pairs.active(role="negative")}
    assert left == {"How tall am I?", "Where do I live?"}


def test_without_negatives_there_are_none() -> None:
    with shared.filled([], {}) as profile:
        ablations._add(profile, session(0), [*pairs(0), never("How?")], WAYS["no negatives"])
        assert not profile.pairs.active(role="negative")


def test_means() -> None:
    """Over all questions, not over users; what is kept is a share of what was first recalled."""
    one = {"recall": [1.0, 0.0], "first": [1.0, 1.0], "abstain": []}
    two = {"recall": [0.0], "first": [0.0], "abstain": []}
    assert means([one, two]) == {"recall": 0.3333, "first": 0.6667, "kept": 0.5}


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INWEIGHT_CACHE", str(tmp_path / "cache"))
    model = str(save_tiny(tmp_path / "tiny", 2))
    folder = write_cases(tmp_path / "cases", map(session, range(2)), map(probe, range(2)))
    keep_pairs(model, "cases", {f"s{n}": pairs(n) for n in range(2)})
    out = tmp_path / "ablations.json"
    ablations.main(folder, model=model, out=out, quick=True)
    found = json.loads(out.read_text())
    assert (found["users"], found["sessions"]) == (1, 2)
    assert [*found["ways"]] == ["product", "no replay", "sft"]
    assert all(row["seconds"] > 0 for row in found["ways"].values())
