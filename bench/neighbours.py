"""The neighbours: a retrieval memory against the weights, on lives in the format of the cases.

    python -m bench.neighbours LIVES [--k 5] [--users N] [--sessions N] [--quick]

    none     the base as it is                     context  the probe's own session in the prompt
    bm25     the k logged user turns nearest to the question, by words, in the prompt
    dense    the same by mean-pooled hidden states of the base itself
    weights  every session absorbed, nothing in the prompt

Turns are logged with their relative dates written out, as the product's teacher reads them, and are
shown to the base in a session of their own. Every question is asked alone and timed, lookup included.
Where retrieval answers and the weights do not, the reason is told: no pair ever held the answer
("no pair"), or one did and it was not learnt ("not learnt").
"""

import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import typer

from agent.config import Settings, load_settings
from agent.dates import annotate, day_of
from agent.evaluate import answers, option_scores, score, system_only
from agent.loading import load
from agent.model import CHAT, Message, Model
from agent.service import Service
from bench import shared
from bench.results import result_path, write_result
from bench.retrieval import BM25, Dense, Retriever
from bench.shared import Row
from storage.profiles import Profile

LOOKED_UP = ("bm25", "dense")
Contexts = dict[str, Callable[[Row], list[Message]]]


def turns(sessions: Sequence[Row]) -> list[str]:
    """All that the user said, one entry for each message, dates written out."""
    found = []
    for session in sessions:
        day = day_of(session.get("started_at"))
        said = [m["content"] for m in session["messages"] if m["role"] == "user"]
        found += [annotate(text, day) if day else text for text in said]
    return found


def shown(texts: Sequence[str], numbers: Sequence[int]) -> list[Message]:
    """A prompt that holds the turns found, in the order in which they were said."""
    told = "\n".join(texts[n] for n in sorted(numbers))
    return [
        *system_only(),
        {"role": "user", "content": f"What I told you before:\n{told}"},
        {"role": "assistant", "content": "I remember it."},
    ]


def due(probes: Sequence[Row], sessions: Sequence[Row]) -> list[Row]:
    """The user's probes that these sessions answer, without those that a later one overtook."""
    user, ids = sessions[0]["user"], {s["id"] for s in sessions}
    return [
        p
        for p in probes
        if p["user"] == user and p.get("until") not in ids and p.get("session", "") in {"", *ids}
    ]


def contexts(model: Model, sessions: Sequence[Row], k: int) -> Contexts:
    """What each way puts in the prompt of a probe."""
    log = turns(sessions)
    by_id = {s["id"]: s for s in sessions}

    def looked_up(retriever: Retriever) -> Callable[[Row], list[Message]]:
        return lambda probe: shown(log, retriever.top(probe["question"], k))

    def own(probe: Row) -> list[Message]:
        chosen = by_id.get(probe.get("session", ""), sessions[0])
        return shared.in_prompt(model, chosen)

    return {
        "none": lambda probe: system_only(),
        "context": own,
        "bm25": looked_up(BM25(log)),
        "dense": looked_up(Dense(model, log)),
        "weights": lambda probe: system_only(),
    }


def ask(
    model: Model, find: Callable[[Row], list[Message]], probe: Row, adapter: str | None
) -> dict[str, Any]:
    """One probe alone: its score, the prompt's tokens, the seconds from question to answer."""
    began = time.monotonic()
    context = find(probe)
    if probe["kind"] == "recommend":
        scores = option_scores(model, context, probe["question"], probe["options"], adapter)
        right = float(max(scores) == scores[probe["answer"]])
    else:
        right = score(probe, answers(model, context, [probe["question"]], adapter)[0])
    seconds = time.monotonic() - began
    asked = [*context, {"role": "user", "content": probe["question"]}]
    return {"score": right, "tokens": len(model.prompt(asked)), "seconds": seconds}


def one_life(
    model: Model, settings: Settings, sessions: Sequence[Row], probes: Sequence[Row], k: int
) -> tuple[list[Row], list[float]]:
    """A row for each probe and way, and the seconds that each absorption took."""
    with tempfile.TemporaryDirectory() as scratch:
        service = Service(Profile(Path(scratch), "life"), model, settings)
        spent = [absorb(service, session) for session in sessions]
        service.take_over()
        written = " \n".join(p.answer for p in service.profile.pairs.active())
        rows = [
            {"id": p["id"], "kind": p["kind"], "way": way, "written": stands_in(p, written)}
            | ask(model, find, p, CHAT if way == "weights" else None)
            for way, find in contexts(model, sessions, k).items()
            for p in due(probes, sessions)
        ]
        model.drop_adapter(CHAT)
        model.chat_with = ""
        service.profile.close()
    return rows, spent


def absorb(service: Service, session: Row) -> float:
    service.profile.sessions.take([session])
    began = time.monotonic()
    service.absorb_now()
    print(f"{session['id']}: {service.profile.sessions.get(session['id']).state}")
    return round(time.monotonic() - began, 1)


def stands_in(probe: Row, written: str) -> bool:
    """Whether the pairs held what the probe asks for; what is never told needs no pair."""
    return "accept" not in probe and "accept_all" not in probe or score(probe, written) > 0


def table(rows: Sequence[Row]) -> dict[str, dict[str, Any]]:
    """For each way the mean score by kind, prompt tokens and seconds per question."""
    ways: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        ways[row["way"]].append(row)
    return {
        way: {
            "scores": by_kind(found),
            "tokens": round(fmean(r["tokens"] for r in found), 1),
            "seconds": round(fmean(r["seconds"] for r in found), 3),
        }
        for way, found in ways.items()
    }


def by_kind(rows: Sequence[Row]) -> dict[str, dict[str, float]]:
    kinds: dict[str, list[float]] = defaultdict(list)
    for row in rows:
        kinds[row["kind"]].append(row["score"])
    return {
        kind: {"n": len(found), "score": round(fmean(found), 4)} for kind, found in kinds.items()
    }


def losses(rows: Sequence[Row]) -> dict[str, Any]:
    """Probes that one of the retrievers answers better than the weights, by kind and reason, and
    how many there are the other way round."""
    scores = {(r["id"], r["way"]): r["score"] for r in rows}
    lost, won = [], 0
    for row in (r for r in rows if r["way"] == "weights"):
        best = max(scores[row["id"], way] for way in LOOKED_UP)
        lost += [row] if best > row["score"] else []
        won += best < row["score"]
    reasons = Counter(f"{r['kind']}, {_why(r)}" for r in lost)
    return {"weights_lose": len(lost), "weights_win": won, "lost": dict(sorted(reasons.items()))}


def _why(row: Row) -> str:
    if row["kind"] == "abstain":
        return "invented"
    return "not learnt" if row["written"] else "no pair"


def main(
    lives: Path,
    k: int = 5,
    users: int | None = None,
    sessions: int | None = None,
    model: str = "default",
    out: Path | None = None,
    quick: bool = False,
) -> None:
    """Absorb the lives, ask five ways, print the table and where the weights lose."""
    loaded, settings = load(model), load_settings(model=model)
    told, probes = shared.read_cases(lives)
    by_user: dict[str, list[Row]] = defaultdict(list)
    for session in told:
        by_user[session["user"]].append(session)
    rows: list[Row] = []
    spent: list[float] = []
    for life in [*by_user.values()][: 1 if quick else users]:
        found, seconds = one_life(loaded, settings, life[: 1 if quick else sessions], probes, k)
        rows, spent = rows + found, spent + seconds
    ways = table(rows)
    for way, row in ways.items():
        cells = (
            f"{kind} {cell['score']:.3f} of {cell['n']}" for kind, cell in row["scores"].items()
        )
        print(f"{way:8} {row['tokens']:6.0f} tokens {row['seconds']:6.2f} s  " + ", ".join(cells))
    lost = losses(rows)
    print(f"the weights lose {lost['weights_lose']} and win {lost['weights_win']} questions")
    print("\n".join(f"  lost: {reason}: {count}" for reason, count in lost["lost"].items()))
    about = {"cases": lives.name, "model": loaded.name, "base": loaded.fingerprint, "k": k}
    figures = {**about, "ways": ways, **lost, "absorb_seconds": spent}
    write_result(out or result_path("neighbours", quick), figures)


if __name__ == "__main__":
    typer.run(main)
