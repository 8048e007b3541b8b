"""Five ways to ask a user's probes.

    none     fresh adapter          context  base with the probe's session in the prompt (ceiling)
    weights  absorbed, nothing in the prompt   leak  another user's adapter
    chat     absorbed, CHAT_TURNS questions one after another, each behind the answers before it

With an adapter the answers are those of a chat (settled.py). Knows probes, sessions and the service that
absorbed them; not how they are absorbed.
"""

import json
import random
from collections.abc import Sequence
from typing import Any

from agent import settled
from agent.asking import fitting
from agent.dates import day_of
from agent.evaluate import ANSWER, answers, option_scores, score, system_only
from agent.model import CHAT, Message, Model
from agent.reading import teacher_context
from agent.service import Service
from storage.adapters import Version
from storage.errors import NotFound

MODES = ("none", "context", "weights", "leak", "chat")
CHAT_TURNS = 10
Probe = dict[str, Any]


def whose_adapter(mode: str, user: str, users: list[str]) -> str:
    """Whose profile answers: for `leak` the next user's."""
    if mode != "leak" or len(users) == 1:
        return user
    return users[(users.index(user) + 1) % len(users)]


def about(mode: str, probes: list[Probe], rows: Sequence[Any], users: int) -> list[Probe]:
    """With one user the leak is measured by the adapter of the first session, asked about the
    others."""
    if mode != "leak" or users > 1:
        return probes
    return [p for p in probes if p.get("session") not in (None, rows[0]["id"])]


def ask_all(
    model: Model, service: Service, mode: str, probes: Sequence[Probe], rows: Sequence[Any]
) -> list[dict[str, Any]]:
    """Every probe's answer and score; probes with the same context are asked together."""
    adapter = None
    if mode in ("weights", "leak", "chat"):
        kept = [v for v in reversed(service.profile.adapters.list()) if v.state == "kept"]
        usable = [v for v in kept if service.profile.adapters.usable(v)]
        if mode == "leak" and _is_of(service, rows[0]):
            usable = [v for v in usable if v.sessions == [rows[0]["id"]]]
            if not usable:
                return []  # every version knows of what it would be asked
        _use(service, usable[-1] if usable else None)
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
    said = replies(model, context, asked, adapter)
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


def replies(
    model: Model, context: Sequence[Message], questions: Sequence[str], adapter: str | None
) -> list[str]:
    """What a chat replies to each question behind the context: with the adapter in use whole answers
    (settled.py), without one word by word."""
    if adapter is None:
        return answers(model, context, questions, None)
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


def _is_of(service: Service, row: Any) -> bool:
    """Whether the session is one of the profile's own."""
    try:
        service.profile.sessions.get(row["id"])
    except NotFound:
        return False
    return True


def _use(service: Service, version: Version | None) -> None:
    active = service.profile.adapters.active()
    chosen = version.number if version else None
    if chosen != (active.number if active else None):
        service.activate(chosen)
    service.take_over()
