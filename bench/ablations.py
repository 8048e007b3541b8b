"""Ablations: the recipe without one of its parts, on the same pairs, one session after another.

    python -m bench.ablations CASES [--sessions N] [--users a,b] [--ways product,sft] [--quick]

Every user's first N sessions are absorbed one by one by each way, without a gate; then, with nothing in
the prompt, the user's own probes are asked (`recall`, `abstain`), the held-out wordings of the pairs
(`wordings`), and the drift from the base is measured, on replies and on plain text. `first` and
`wordings first` are asked of each session right after it was learnt; `kept` is what is left of the first
recall at the end. The pairs are written once, as for a first session, and are the same for all ways but
`unsupported`, which takes what the support test would refuse.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any

import typer

from agent import synthesize
from agent.config import Settings, load_settings
from agent.curriculum import curriculum
from agent.evaluate import answers, drift, plain_drift, score, system_only
from agent.loading import load
from agent.model import CANDIDATE, Model
from agent.negatives import like
from agent.recipe import RECIPES, Recipe
from agent.record import pairs_of
from agent.synthesize import seed_of
from agent.text import agrees
from agent.unrelated import unrelated
from bench import shared
from bench.results import result_path, write_result
from bench.shared import Pairs, Row
from storage.profiles import Profile

OURS = RECIPES["inweight"]
WAYS: dict[str, Recipe] = {
    "product": OURS,
    "no negatives": replace(OURS, negatives=0.0),
    "no replay": replace(OURS, replay=0.0),
    "no unrelated talk": replace(OURS, unrelated=0.0),
    "no strangers": replace(OURS, read=0.0, general=0.0),
    "no plain text": replace(OURS, plain=0),
    "unsupported": OURS,
    "ten pairs": replace(OURS, pairs_most=10),
    "sft": replace(OURS, answer_mix=1.0),
    "all layers": replace(OURS, upper_half=False),
    "self-param": RECIPES["self-param"],
}


def live(
    model: Model, sessions: Sequence[Row], probes: Sequence[Row], pairs: Pairs, recipe: Recipe
) -> dict[str, Any]:
    """One user's sessions absorbed one after another, asked after each."""
    first: dict[str, float] = {}
    early: list[float] = []
    seconds: list[float] = []
    with shared.filled([], {}) as profile:
        for number, session in enumerate(sessions):
            _add(profile, session, pairs[session["id"]], recipe)
            plan = curriculum(profile, model, recipe, session["id"])
            spent = shared.train(
                model,
                (plan.prefix, plan.examples),
                recipe,
                seed=seed_of(session["id"]),
                fresh=number == 0,
            )
            seconds.append(spent["seconds"])
            first |= _recall(model, probes, [session])
            early += held_out_wordings(model, profile, [session["id"]])
        last = _recall(model, probes, sessions)
        never = [p for p in probes if p["kind"] == "abstain"]
        figures = {
            "recall": list(last.values()),
            "first": list(first.values()),
            "abstain": list(asked(model, never).values()),
            "wordings first": early,
            "wordings": held_out_wordings(model, profile, [s["id"] for s in sessions]),
            "drift": [drift(model, unrelated(model).measure, CANDIDATE)],
            "plain drift": [plain_drift(model, unrelated(model).plain_measure, CANDIDATE)],
            "seconds": seconds,
        }
    model.drop_adapter(CANDIDATE)
    return figures


def _add(profile: Profile, session: Row, rows: Sequence[Row], recipe: Recipe) -> None:
    """The session and its pairs. Never-told questions were written for a first session: those that
    an earlier session answers are left out, and those that this one answers retire."""
    earlier = profile.pairs.active()
    known = [p.question for p in earlier if p.role != "negative"]
    asked = [row["question"] for row in rows if row["role"] != "negative"]
    kept = [
        row
        for row in rows
        if row["role"] != "negative"
        or (recipe.negatives and not any(like(q, row["question"]) for q in known))
    ]
    shared.add_session(profile, session, {session["id"]: kept})
    profile.sessions.set_state(session["id"], "absorbing")  # its pairs are in use from here on
    answered = [
        p.id for p in earlier if p.role == "negative" and any(like(q, p.question) for q in asked)
    ]
    profile.pairs.retire(answered, session["id"], session["started_at"])


def _recall(model: Model, probes: Sequence[Row], sessions: Sequence[Row]) -> dict[str, float]:
    ids = {s["id"] for s in sessions}
    due = [
        p
        for p in probes
        if p["kind"] == "recall" and p.get("session") in ids and p.get("until") not in ids
    ]
    return asked(model, due)


def asked(model: Model, probes: Sequence[Row]) -> dict[str, float]:
    """The score of each probe by id, with nothing in the prompt."""
    told = answers(model, system_only(), [p["question"] for p in probes], CANDIDATE)
    return {p["id"]: score(p, answer) for p, answer in zip(probes, told, strict=True)}


def held_out_wordings(model: Model, profile: Profile, ids: Sequence[str]) -> list[float]:
    probes = [pair for id in ids for pair in pairs_of(profile, id, "probe")]
    told = answers(model, system_only(), [p.question for p in probes], CANDIDATE)
    return [float(agrees(p.question, p.answer, t)) for p, t in zip(probes, told, strict=True)]


@contextmanager
def unsupported() -> Iterator[None]:
    """Pairs written inside are kept whether or not the session makes their answer likely."""
    before = synthesize.LEAST_LOGPROB, synthesize.LEAST_GAIN
    synthesize.LEAST_LOGPROB = synthesize.LEAST_GAIN = float("-inf")
    try:
        yield
    finally:
        synthesize.LEAST_LOGPROB, synthesize.LEAST_GAIN = before


def pairs_for(
    way: str, model: Model, settings: Settings, sessions: Sequence[Row], cases: str
) -> Pairs:
    if way != "unsupported":
        return shared.written_pairs(model, settings, sessions, cases)
    with unsupported():
        return shared.written_pairs(model, settings, sessions, f"{cases}-unsupported")


def means(rows: Sequence[dict[str, list[float]]]) -> dict[str, float]:
    """Over all questions of all users; `kept` is the share of the first recall at the end."""
    joined = {key: [value for row in rows for value in row[key]] for key in rows[0]}
    found = {key: round(fmean(values), 4) for key, values in joined.items() if values}
    first = sum(joined["first"])
    return found | ({"kept": round(sum(joined["recall"]) / first, 4)} if first else {})


def main(
    cases: Path,
    sessions: int = 4,
    users: str = "",
    ways: str = ",".join(WAYS),
    model: str = "default",
    out: Path | None = None,
    quick: Annotated[bool, typer.Option(help="two sessions of one user, three ways")] = False,
) -> None:
    """Absorb every user's sessions by each way; print a row each and write the result file."""
    told, probes = shared.read_cases(cases)
    names = list(dict.fromkeys(s["user"] for s in told))
    names = [name for name in names if not users or name in users.split(",")]
    chosen = ways.split(",")
    if quick:
        names, sessions, chosen = names[:1], 2, ["product", "no replay", "sft"]
    base, settings = load(model), load_settings(model=model)
    table: dict[str, dict[str, float]] = {}
    for way in chosen:
        rows = []
        for name in names:
            life = [s for s in told if s["user"] == name][:sessions]
            mine = [p for p in probes if p["user"] == name]
            pairs = pairs_for(way, base, settings, life, cases.name)
            rows.append(live(base, life, mine, pairs, WAYS[way]))
        table[way] = means(rows)
        print(f"{way:14} " + "  ".join(f"{k} {v:.3f}" for k, v in table[way].items()), flush=True)
    write_result(
        out or result_path("ablations", quick),
        {
            "cases": cases.name,
            "model": base.name,
            "base": base.fingerprint,
            "users": len(names),
            "sessions": sessions,
            "ways": table,
        },
    )


if __name__ == "__main__":
    typer.run(main)
