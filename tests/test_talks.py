"""Human wordings of held-out sessions: which are trained and which asked, and the command."""

import json
from pathlib import Path

import pytest

from agent.default_model.lessons import Course
from agent.default_model.written import Fact, Talk
from bench import shared, talks
from bench.talks import FACTS, chosen_talks, human_pairs, session_of
from bench.tiny import save_tiny


def test_talks_are_long_and_were_never_taught() -> None:
    chosen = chosen_talks(6)
    assert len(chosen) == 6 and all(len(talk.facts) >= FACTS for talk in chosen)
    taught = [talk.messages for talk in Course().written]
    assert not any(talk.messages in taught for talk in chosen)


def test_the_first_three_wordings_are_trained() -> None:
    talk = Talk(
        [], None, [Fact(("A?", "B?", "C?", "D?"), ("Yes.",), 0), Fact(("E?",), ("No.",), 0)]
    )
    never = {"question": "F?", "answer": "You never said.", "role": "negative", "fact": -1}
    told = {"question": "G?", "answer": "Told.", "role": "train", "fact": 0}
    rows = human_pairs(talk, [told, never])
    assert [(row["question"], row["fact"]) for row in rows] == [
        ("A?", 0), ("B?", 0), ("C?", 0), ("E?", 1), ("F?", -1)]  # fmt: skip


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INWEIGHT_CACHE", str(tmp_path / "cache"))
    model = str(save_tiny(tmp_path / "tiny", 2))
    monkeypatch.setattr(shared, "_write", lambda *_: [])
    talks.main(model=model, out=tmp_path / "talks.json", quick=True)
    found = json.loads((tmp_path / "talks.json").read_text())["kinds"]["human"]
    (talk,) = chosen_talks(1)
    assert found["asked"] == sum(len(fact.questions[3:]) for fact in talk.facts)
    assert found["examples"] >= sum(len(fact.questions[:3]) for fact in talk.facts)
    assert 0 <= found["recall"] <= 1 and session_of(talk, 0)["started_at"].startswith("20")
