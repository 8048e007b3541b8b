"""`evaluate` on a small folder of cases: which probes are asked, and the same report twice."""

import json
from pathlib import Path
from typing import Any

import pytest

from agent import modes
from agent.cases import evaluate
from agent.config import Settings
from agent.errors import AgentError
from agent.model import Model
from agent.modes import CHAT_TURNS, MODES
from storage.errors import ImportProblem

OPEN = Settings(max_drift=1000, min_abstain=0)


def session(user: str, number: int, text: str) -> dict[str, Any]:
    return {
        "id": f"{user}-{number}",
        "user": user,
        "started_at": f"2026-03-0{number}T18:00:00",
        "messages": [{"role": "user", "content": text}],
    }


SESSIONS = [
    session("ida", 1, "I live in Ghent."),
    session("ida", 2, "I moved to Leeds."),
    session("bo", 1, "My dog is Rex."),
]
PROBES: list[dict[str, Any]] = [
    {"id": "a", "user": "ida", "kind": "recall", "session": "ida-1", "accept": ["ghent"],
     "question": "Where do I live?", "until": "ida-2"},
    {"id": "b", "user": "ida", "kind": "update", "session": "ida-2", "accept": ["leeds"],
     "reject": ["ghent"], "question": "Where do I live?"},
    {"id": "c", "user": "ida", "kind": "abstain", "question": "What is my dog called?"},
    {"id": "d", "user": "bo", "kind": "recommend", "session": "bo-1", "answer": 1,
     "question": "What do I need?", "options": ["A cat tree", "A leash"]},
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, rows in (("sessions", SESSIONS), ("probes", PROBES)):
        text = "".join(json.dumps(row) + "\n" for row in rows)
        (tmp_path / f"{name}.jsonl").write_text(text)
    return tmp_path


def report(model: Model, folder: Path, **options: Any) -> dict[str, Any]:
    return evaluate(model, OPEN, folder, say=lambda _: None, **options)


def asked(found: dict[str, Any], mode: str) -> set[str]:
    return {row["id"] for row in found["answers"] if row["mode"] == mode}


def test_the_same_report_twice(model: Model, folder: Path) -> None:
    first, second = (report(model, folder) for _ in range(2))
    for found in (first, second):
        assert set(found.pop("absorb_seconds")) == {"ida-1", "ida-2", "bo-1"}
    assert first == second
    assert set(first["modes"]) == set(MODES)
    assert all(asked(first, mode) == {"b", "c", "d"} for mode in MODES)  # a is out of date
    assert json.loads(json.dumps(first)) == first
    assert "api_key" not in json.dumps(first)


def test_fewer_sessions_ask_fewer_probes(model: Model, folder: Path) -> None:
    found = report(model, folder, users=1, sessions=1, modes=["none", "context"])
    assert asked(found, "none") == asked(found, "context") == {"a", "c"}
    assert found["pairs"] == {}  # nothing was absorbed for these two
    found = report(model, folder, modes=["none"], kinds=["abstain"])
    assert asked(found, "none") == {"c"}
    assert found["modes"]["none"]["abstain"]["n"] == 1


def test_what_is_kept_on_the_way_and_after_forgetting(model: Model, folder: Path) -> None:
    more = {"id": "e", "user": "ida", "kind": "recall", "session": "ida-2", "accept": [""],
            "question": "Which city?"}  # fmt: skip
    with (folder / "probes.jsonl").open("a") as file:
        file.write(json.dumps(more) + "\n")
    found = report(model, folder, users=1, modes=["weights"], forget=1)
    assert found["retention"] == [{"ida-1": 0.0}, {"ida-2": 1.0}]  # then a is out of date
    (forgotten,) = found["forgotten"]
    assert forgotten == {"session": "ida-1", "before": {"ida-2": 1.0}, "after": {"ida-2": 1.0}}
    (forgotten,) = report(model, folder, users=1, modes=["weights"], forget=2)["forgotten"]
    assert forgotten["session"] == "ida-2"  # the last one: nothing is left to absorb again


def test_in_a_chat_each_question_stands_behind_the_answers_before_it(
    model: Model, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [{"id": str(k), "user": "ida", "kind": "abstain", "question": f"What is {k}?"}
            for k in range(CHAT_TURNS + 2)]  # fmt: skip
    (folder / "probes.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    heard: list[list[str]] = []

    def told(_: Model, context: list[Any], questions: list[str], adapter: str) -> list[str]:
        heard.append([m["content"] for m in context[1:]])
        return [f"Heard {len(heard)}."] * len(questions)

    monkeypatch.setattr(modes, "replies", told)
    found = report(model, folder, users=1, modes=["chat"])
    chats = heard[-len(rows) :]
    assert [len(chat) for chat in chats] == [*range(0, 2 * CHAT_TURNS, 2), 0, 2]
    asked_first, asked_second = found["answers"][:2]
    assert chats[2] == [
        asked_first["question"], asked_first["answer"],
        asked_second["question"], asked_second["answer"],
    ]  # fmt: skip


def test_the_newest_version_is_kept_whatever_is_asked(model: Model, folder: Path) -> None:
    for _ in range(2):  # the folder may be there
        report(model, folder, users=1, keep=folder / "kept", forget=1)
    kept = json.loads((folder / "kept" / "ida" / "manifest.json").read_text())
    assert kept["sessions"] == ["ida-1", "ida-2"]


def test_files_that_cannot_be_used(model: Model, folder: Path) -> None:
    (folder / "probes.jsonl").write_text("no JSON\n")
    with pytest.raises(AgentError, match="probes.jsonl could not be read"):
        report(model, folder)
    (folder / "probes.jsonl").unlink()
    with pytest.raises(AgentError, match="probes.jsonl could not be read"):
        report(model, folder)
    (folder / "sessions.jsonl").write_text("")
    with pytest.raises(AgentError, match="holds no sessions"):
        report(model, folder)
    (folder / "sessions.jsonl").write_text("no JSON\n")
    with pytest.raises(ImportProblem):
        report(model, folder)
