"""How long each view of the page takes with 10,000 sessions and 200,000 messages on record.

    python -m bench.views [--sessions N] [--out bench/results/views.json]

Fills a fresh profile in a temporary folder by bulk inserts, then calls the functions that the tabs
call. A figure is the median of seven calls in milliseconds; beside it stand the slowest, and the least
processor time, which other work on the machine does not stretch. What the model answers is not
measured: the views are timed up to where it is asked.
"""

import json
import random
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Annotated, Any

import gradio as gr
import typer

from agent.config import load_settings
from agent.loading import load
from agent.service import Service
from bench.results import write_result
from storage.database import stamp, transaction
from storage.profiles import Profile
from ui.chat import ChatTab
from ui.learning import Learning
from ui.memory import MemoryTab
from ui.outcome import outcome
from ui.pairs import PairsPanel
from ui.session_list import SessionList
from ui.sessions import PAGE, SessionsTab

TARGET_MS = 300
MESSAGES, PAIRS, VERSIONS = 20, 12, 300  # of a session, of a session, of the profile
CALLS = 7
NEWEST = datetime(2026, 6, 1, tzinfo=UTC)


def main(
    sessions: Annotated[int, typer.Option(min=PAGE + 1)] = 10_000,
    model: str = "default",
    out: Path | None = None,
) -> None:
    """Fill, measure, print a line for each view; with --out write the result file."""
    loaded = load(model)
    with tempfile.TemporaryDirectory() as folder:
        profile = Profile(Path(folder), "me")
        began = time.perf_counter()
        fill(profile, sessions)
        print(f"filled in {time.perf_counter() - began:.0f} s")
        figures = measure(Service(profile, loaded, load_settings()))
        profile.close()
    for name, ms in figures.items():
        over = "" if ms["median"] < TARGET_MS else "  OVER THE TARGET"
        print(
            f"{ms['median']:8.1f} ms  (slowest {ms['slowest']:.1f}, cpu {ms['cpu']:.1f})  {name}{over}"
        )
    if out:
        size = {"sessions": sessions, "messages": sessions * MESSAGES, "pairs": sessions * PAIRS}
        write_result(
            out, {"size": {**size, "versions": VERSIONS}, "target_ms": TARGET_MS, "ms": figures}
        )


def fill(profile: Profile, sessions: int) -> None:
    """A life of `sessions` absorbed sessions, the newest still open, and the last versions."""
    rng = random.Random(0)
    words = _vocabulary(rng)
    with transaction(profile.db):
        _insert(profile, "sessions", _sessions(rng, words, sessions))
        _insert(profile, "messages", _messages(rng, words, sessions))
        _insert(profile, "pairs", _pairs(rng, words, sessions))
        _insert(profile, "versions", _versions(sessions))
        profile.db.execute("UPDATE sessions SET version = ? WHERE state = 'absorbed'", (VERSIONS,))
        profile.db.execute("INSERT INTO pointers VALUES ('active', ?)", (VERSIONS,))
    for n in range(1, VERSIONS + 1):
        profile.adapters.folder_of(n).mkdir(exist_ok=True)


def measure(service: Service) -> dict[str, dict[str, float]]:
    """Of each view: median, slowest call and least processor time, in milliseconds."""
    return {name: _timed(view) for name, view in _views(service)}


def _views(service: Service) -> Iterator[tuple[str, Callable[[], Any]]]:
    chat, sessions, memory = ChatTab(service), SessionsTab(service), MemoryTab(service)
    versions, pairs = memory.versions, PairsPanel(service)
    with gr.Blocks():  # the list draws itself when it is made
        beside = SessionList(service, gr.State(None))
    count = service.profile.sessions.count()
    newest, middle = _id(count - 1), _id(count // 2)
    yield "chat: take up the open session", chat.resume
    yield "chat: read a session", lambda: chat.read(middle)
    yield "session list", lambda: beside.refresh("", newest)
    yield "session list: a word of nearly every session", lambda: beside.refresh("tomorrow")
    yield "session list: one letter typed", lambda: beside.refresh("t")
    yield "session list: a rare word", lambda: beside.refresh("unheardof")
    yield "sessions table", lambda: sessions.listed("", "", 0, None)
    yield "sessions table: last page", lambda: sessions.listed("", "", 10**6, None)
    yield "sessions table: one state", lambda: sessions.listed("", "absorbed", 0, None)
    yield (
        "sessions table: search and state",
        lambda: sessions.listed("tomorrow", "absorbed", 3, None),
    )
    yield "open one session", lambda: sessions.detail(middle)
    yield "pairs of a session", lambda: pairs.shown(middle)
    yield "memory: charts and versions", lambda: versions.listed(0)
    yield "memory: two versions side by side", lambda: versions.compared(VERSIONS, 1)
    yield "memory: what to ask the weights", lambda: service.profile.pairs.newest_facts(50)
    yield "memory: what mentions a name", lambda: service.profile.pairs.mentioning("unheardof")
    yield "progress", Learning(service).tick
    yield "how learning ended", lambda: outcome(service.profile)


def _timed(view: Callable[[], Any]) -> dict[str, float]:
    took, worked = [], []
    for _ in range(CALLS):
        began, cpu = time.perf_counter(), time.process_time()
        view()
        took.append(1000 * (time.perf_counter() - began))
        worked.append(1000 * (time.process_time() - cpu))
    figures = {"median": statistics.median(took), "slowest": max(took)}
    return {name: round(ms, 1) for name, ms in (figures | {"cpu": min(worked)}).items()}


def _insert(profile: Profile, table: str, rows: Iterator[dict[str, Any]]) -> None:
    first = next(rows)
    names = ", ".join(first)
    marks = ", ".join(f":{name}" for name in first)
    sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"
    profile.db.conn.execute(sql, first)
    profile.db.conn.executemany(sql, rows)


def _sessions(rng: random.Random, words: list[str], count: int) -> Iterator[dict[str, Any]]:
    for n in range(count):
        at = _at(n, count)
        state = "open" if n == count - 1 else "absorbed"
        yield {
            "id": _id(n),
            "title": _sentence(rng, words, 7),
            "state": state,
            "source": "chat",
            "started_at": at,
            "ended_at": None if state == "open" else at,
        }


def _messages(rng: random.Random, words: list[str], count: int) -> Iterator[dict[str, Any]]:
    for n in range(count):
        for position in range(MESSAGES):
            yield {
                "session_id": _id(n),
                "position": position,
                "role": ("user", "assistant")[position % 2],
                "content": _sentence(rng, words, rng.randint(5, 40)),
                "created_at": _at(n, count),
            }


def _pairs(rng: random.Random, words: list[str], count: int) -> Iterator[dict[str, Any]]:
    for n in range(count - 1):
        for k in range(PAIRS):
            yield {
                "session_id": _id(n),
                "fact": k // 3,
                "question": _sentence(rng, words, 7) + "?",
                "answer": _sentence(rng, words, 9),
                "role": ("train", "train", "probe")[k % 3],
                "origin": "model",
                "created_at": _at(n, count),
                "recall": 0.5,
            }


def _versions(count: int) -> Iterator[dict[str, Any]]:
    """The newest versions, each of which names every session it holds."""
    figures = {"recall_new": 0.7, "recall_old": 0.6, "abstain": 0.8, "drift": 0.1, "seconds": 120.0}
    for n in range(VERSIONS):
        yield {
            "state": "rejected" if n % 10 == 5 else "kept",
            "created_at": _at(n, VERSIONS),
            "reason": "Recall fell." if n % 10 == 5 else None,
            "base": "bench",
            "figures": json.dumps({**figures, **_learnt(n, count)}),
            "sessions": json.dumps([_id(k) for k in range(count - VERSIONS + n)]),
        }


def _learnt(n: int, count: int) -> dict[str, Any]:
    """What a version was made from, and how 48 facts of its newest sessions were recalled."""
    facts = {f"{_id(count - VERSIONS + n - k // 2)}:{k % 2}": 0.5 for k in range(48)}
    return {"parent": n or None, "facts": facts, "training": {"losses": [0.1] * 100}}


def _vocabulary(rng: random.Random) -> list[str]:
    """Made-up words, the early ones far more frequent, as in a language."""
    syllables = [a + b for a in "bdfgklmnprstvz" for b in "aeiou"]
    made = {"".join(rng.choices(syllables, k=rng.randint(2, 4))) for _ in range(8000)}
    ranked = sorted(made)
    rng.shuffle(ranked)
    return [word for k, word in enumerate(ranked, start=1) for _ in range(max(1, 2000 // k))]


def _sentence(rng: random.Random, words: list[str], length: int) -> str:
    return " ".join(["tomorrow", *rng.choices(words, k=length)])


def _id(n: int) -> str:
    return f"{n:016x}"


def _at(n: int, count: int) -> str:
    return stamp(NEWEST - timedelta(hours=count - n))


if __name__ == "__main__":
    typer.run(main)
