"""`run.py evaluate`: users with sessions and probes from outside, absorbed and asked five ways.

    none     fresh adapter          context  base with the probe's session in the prompt (ceiling)
    weights  absorbed, nothing in the prompt   leak  another user's adapter
    chat     absorbed, CHAT_TURNS questions one after another, each behind the answers before it

Each user gets a temporary profile. Nothing is drawn: the same report twice. With an adapter the answers
are those of a chat (settled.py).
"""

import json
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from agent import settled
from agent.asking import fitting
from agent.config import Settings
from agent.dates import day_of
from agent.errors import AgentError
from agent.evaluate import ANSWER, answers, option_scores, score, system_only
from agent.model import CHAT, Message, Model
from agent.reading import teacher_context
from agent.service import Service
from storage.imports import read_jsonl
from storage.profiles import Profile

MODES = ("none", "context", "weights", "leak", "chat")
CHAT_TURNS = 10
Probe = dict[str, Any]


def evaluate(
    model: Model,
    settings: Settings,
    folder: Path,
    *,
    users: int | None = None,
    sessions: int | None = None,
    modes: Sequence[str] = MODES,
    kinds: Sequence[str] | None = None,
    forget: int | None = None,
    keep: Path | None = None,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """The report on the cases in `folder` (sessions.jsonl and probes.jsonl).

    `retention`: after each session the recall of all absorbed ones, in the weights. `forget`: at
    the end each user's session of that number (from 1) is forgotten, and all is asked again.
    `keep`: a folder that gets each user's last version.
    """
    by_user = _by_user(folder, users, sessions)
    probes = read_rows(folder / "probes.jsonl")
    report: dict[str, Any] = {
        "cases": folder.name,
        "model": model.name,
        "base": model.fingerprint,
        "settings": settings.model_dump(mode="json", exclude={"qa_api_key", "api_key"}),
        "absorb_seconds": {},
        "pairs": {},
        "answers": [],
        "retention": [],
        "forgotten": [],
    }
    with tempfile.TemporaryDirectory() as scratch:
        services: dict[str, Service] = {}
        for user, rows in by_user.items():
            services[user] = Service(Profile(Path(scratch), f"u{len(services)}"), model, settings)
            if {"weights", "leak", "chat"} & set(modes):
                _absorb(services[user], rows, probes, report, say)
            if keep:
                _keep(services[user].profile, keep / user)
        for user, rows in by_user.items():
            due = _due(probes, user, [r["id"] for r in rows])
            asked = [p for p in due if not kinds or p["kind"] in kinds]
            for mode in modes:
                service = services[_adapter_for(mode, user, list(by_user))]
                chosen = _leak_filter(mode, asked, rows, len(by_user))
                report["answers"] += [
                    {"user": user, "mode": mode, **row}
                    for row in _ask_all(model, service, mode, chosen, rows)
                ]
            if forget:
                gone = rows[forget - 1]["id"]
                before = _recall_by_session(services[user], rows, probes)
                services[user].forget(gone, erase=False)
                services[user].absorb_now()
                after = _recall_by_session(services[user], rows, probes)
                report["forgotten"].append({"session": gone, "before": before, "after": after})
        for service in services.values():
            service.activate(None)
            service.take_over()
            service.profile.close()
    report["modes"] = _table(report["answers"])
    return report


def _by_user(folder: Path, users: int | None, sessions: int | None) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for row in _sessions(folder / "sessions.jsonl"):
        found.setdefault(row["user"], []).append(row)
    if not found:
        raise AgentError(f"{folder}/sessions.jsonl holds no sessions.")
    return {user: rows[:sessions] for user, rows in list(found.items())[:users]}


def _sessions(path: Path) -> list[Any]:
    try:
        return [*read_jsonl(path)]
    except OSError as error:
        raise AgentError(f"{path} could not be read: {error}") from error


def read_rows(path: Path) -> list[dict[str, Any]]:
    """One JSON object per line. Raises AgentError."""
    try:
        return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]
    except (OSError, ValueError) as error:
        raise AgentError(f"{path} could not be read: {error}") from error


def _due(probes: Iterable[Probe], user: str, absorbed: Sequence[str]) -> list[Probe]:
    """The user's probes that the absorbed sessions answer, and all never-told ones."""
    return [
        p
        for p in probes
        if p["user"] == user
        and p.get("until") not in absorbed
        and ("session" not in p or p["session"] in absorbed)
    ]


def _absorb(
    service: Service,
    rows: Sequence[Any],
    probes: Sequence[Probe],
    report: dict[str, Any],
    say: Callable[[str], None],
) -> None:
    for number, row in enumerate(rows, start=1):
        service.profile.sessions.take([row])
        began = time.monotonic()
        service.absorb_now()
        session = service.profile.sessions.get(row["id"])
        if session.state == "failed":
            say(f"{row['id']}: {session.error}")
        pairs = service.profile.pairs.of(row["id"])
        report["absorb_seconds"][row["id"]] = round(time.monotonic() - began, 1)
        report["pairs"][row["id"]] = [
            {"question": p.question, "answer": p.answer, "role": p.role, "fact": p.fact}
            for p in pairs
        ]
        report["retention"].append(_recall_by_session(service, rows[:number], probes))
        active = service.profile.adapters.active()
        figures = active.figures if active else {}
        say(
            f"{row['id']}: {session.state}, {len(pairs)} pairs, "
            f"{report['absorb_seconds'][row['id']]} s, "
            + ", ".join(
                f"{k} {figures[k]:.2f}"
                for k in ("recall_new", "recall_old", "abstain", "drift", "plain_drift")
                if figures.get(k) is not None
            )
        )


def _keep(profile: Profile, folder: Path) -> None:
    """Copy the version in use, before a mode takes another one."""
    if active := profile.adapters.active():
        shutil.copytree(profile.adapters.folder_of(active.number), folder, dirs_exist_ok=True)


def _recall_by_session(
    service: Service, rows: Sequence[Any], probes: Sequence[Probe]
) -> dict[str, float]:
    """What the newest version recalls of each session, with nothing in the prompt."""
    due = _due(probes, rows[0]["user"], [row["id"] for row in rows])
    asked = [p for p in due if p["kind"] == "recall" and "session" in p]
    found: dict[str, list[float]] = {}
    answered = _ask_all(service.model, service, "weights", asked, rows)
    for probe, answer in zip(asked, answered, strict=True):
        found.setdefault(probe["session"], []).append(answer["score"])
    return {session: round(sum(scores) / len(scores), 4) for session, scores in found.items()}


def _adapter_for(mode: str, user: str, users: list[str]) -> str:
    """Whose profile answers: for `leak` the next user's."""
    if mode != "leak" or len(users) == 1:
        return user
    return users[(users.index(user) + 1) % len(users)]


def _leak_filter(mode: str, probes: list[Probe], rows: Sequence[Any], users: int) -> list[Probe]:
    """With one user the leak is measured by the adapter of the first session, asked about the
    others."""
    if mode != "leak" or users > 1:
        return probes
    return [p for p in probes if p.get("session") not in (None, rows[0]["id"])]


def _ask_all(
    model: Model, service: Service, mode: str, probes: Sequence[Probe], rows: Sequence[Any]
) -> list[dict[str, Any]]:
    """Every probe's answer and score; probes with the same context are asked together."""
    adapter = None
    if mode in ("weights", "leak", "chat"):
        first = rows[0]["id"]
        own = any(first in version.sessions for version in service.profile.adapters.list())
        _use(service, first_only=mode == "leak" and own)
        adapter = CHAT
    if mode == "chat":
        return _ask_in_chats(model, probes, adapter)
    by_context: dict[str, list[Probe]] = {}
    for probe in probes:
        key = json.dumps(_context_rows(probe, rows)) if mode == "context" else ""
        by_context.setdefault(key, []).append(probe)
    done = []
    for key, group in by_context.items():
        context = _context(model, json.loads(key)) if key else system_only()
        done += _ask(model, context, group, adapter)
    return done


def _ask_in_chats(
    model: Model, probes: Sequence[Probe], adapter: str | None
) -> list[dict[str, Any]]:
    """The probes in a fixed random order, so that what was told and what was not are mixed."""
    order = random.Random(0).sample(probes, len(probes))
    done = []
    for start in range(0, len(order), CHAT_TURNS):
        context = system_only()
        for probe in order[start : start + CHAT_TURNS]:
            (row,) = _ask(model, context, [probe], adapter)
            done.append(row)
            context += [
                {"role": "user", "content": row["question"]},
                {"role": "assistant", "content": row["answer"]},
            ]
    return done


def _ask(
    model: Model, context: list[Message], probes: Sequence[Probe], adapter: str | None
) -> list[dict[str, Any]]:
    spoken = [p for p in probes if p["kind"] != "recommend"]
    asked = [p["question"] for p in spoken]
    said = _as_in_chat(model, context, asked) if adapter else answers(model, context, asked, None)
    told = dict(zip((p["id"] for p in spoken), said, strict=True))
    rows = []
    for probe in probes:
        row = {key: probe[key] for key in ("id", "kind", "question")}
        if probe["kind"] == "recommend":
            scores = option_scores(model, context, probe["question"], probe["options"], adapter)
            best = max(range(len(scores)), key=scores.__getitem__)
            row |= {"answer": probe["options"][best], "score": float(best == probe["answer"])}
        else:
            row |= {"answer": told[probe["id"]], "score": score(probe, told[probe["id"]])}
        rows.append(row)
    return rows


def _as_in_chat(model: Model, context: list[Message], questions: Sequence[str]) -> list[str]:
    """The replies of a chat with the adapter in use."""
    asked = ([*context, {"role": "user", "content": question}] for question in questions)
    return [settled.said(model, turns, ANSWER) for turns in asked]


def _context_rows(probe: Probe, rows: Sequence[Any]) -> list[Any]:
    """The probe's session; for a never-told question the user's first one; where a probe names
    none, those sessions of the user in which an accepted answer stands."""
    if "session" in probe:
        return [r for r in rows if r["id"] == probe["session"]]
    if probe["kind"] == "abstain":
        return list(rows[:1])
    return [r for r in rows if _holds_answer(r, probe)] or list(rows)


def _context(model: Model, chosen: Sequence[Any]) -> list[Message]:
    """Sessions as the teacher reads them, dated where there is one."""
    day = day_of(chosen[0].get("started_at")) if len(chosen) == 1 else None
    messages = [m for row in chosen for m in row["messages"]]
    return teacher_context(fitting(model, messages), day)


def _holds_answer(row: Any, probe: Probe) -> bool:
    text = " ".join(m["content"] for m in row["messages"]).casefold()
    groups = probe.get("accept_all") or [probe.get("accept", [])]
    return any(key.casefold() in text for group in groups for key in group)


def _use(service: Service, *, first_only: bool) -> None:
    adapters = service.profile.adapters
    kept = [v for v in reversed(adapters.list()) if v.state == "kept" and adapters.usable(v)]
    chosen = (kept[0] if first_only else kept[-1]).number if kept else None
    active = service.profile.adapters.active()
    if chosen != (active.number if active else None):
        service.activate(chosen)
    service.take_over()


def _table(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, dict[str, float]]]:
    cells: dict[str, dict[str, list[float]]] = {}
    for row in rows:
        cells.setdefault(row["mode"], {}).setdefault(row["kind"], []).append(row["score"])
    return {
        mode: {k: {"n": len(v), "score": round(sum(v) / len(v), 4)} for k, v in kinds.items()}
        for mode, kinds in cells.items()
    }
