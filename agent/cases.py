"""`run.py evaluate`: users with sessions and probes from outside, absorbed and asked five ways.

Each user gets a temporary profile. Nothing is drawn: the same report twice. Knows files and the report;
modes.py how each way asks.
"""

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

from agent.config import Settings
from agent.errors import AgentError
from agent.model import Model
from agent.modes import MODES, Probe, about, ask_all, whose_adapter
from agent.service import Service
from storage.imports import read_jsonl
from storage.profiles import Profile


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
                service = services[whose_adapter(mode, user, list(by_user))]
                chosen = about(mode, asked, rows, len(by_user))
                report["answers"] += [
                    {"user": user, "mode": mode, **row}
                    for row in ask_all(model, service, mode, chosen, rows)
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
    answered = ask_all(service.model, service, "weights", asked, rows)
    for probe, answer in zip(asked, answered, strict=True):
        found.setdefault(probe["session"], []).append(answer["score"])
    return {session: round(sum(scores) / len(scores), 4) for session, scores in found.items()}


def _table(rows: Sequence[dict[str, Any]]) -> dict[str, dict[str, dict[str, float]]]:
    cells: dict[str, dict[str, list[float]]] = {}
    for row in rows:
        cells.setdefault(row["mode"], {}).setdefault(row["kind"], []).append(row["score"])
    return {
        mode: {k: {"n": len(v), "score": round(sum(v) / len(v), 4)} for k, v in kinds.items()}
        for mode, kinds in cells.items()
    }
