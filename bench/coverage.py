"""Do the pairs cover what will be asked? No training: pairs are written and held against the probes.

python -m bench.coverage CASES [--rules] [--sessions N] [--out FILE]

A recall probe is covered when one of its accepted answers stands in a pair's answer, and the pair's
question shares a content word with the probe's (a father is a dad) or, where the probe has none ("What
is my name?"), is the same. `supported`: the share of pairs whose answer's keys are the user's own words.
With --rules only what plain statements give, which needs no model.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import typer

from agent.dates import day_of
from agent.evaluate import score
from agent.filters import plain, said_so
from agent.loading import load
from agent.model import Model
from agent.reading import told
from agent.stated import stated
from agent.synthesize import seed_of, synthesize
from agent.text import words
from agent.wordings import one_way
from agent.writer import ModelWriter
from bench.results import write_result

Pair = tuple[str, str]


def pairs_of(session: dict[str, Any], model: Model | None, known: Sequence[str] = ()) -> list[Pair]:
    """The session's pairs, by rule alone where there is no model; `known`: what earlier ones state."""
    messages, day = session["messages"], day_of(session["started_at"])
    if model is None:
        return [pair for pairs in stated(told(messages, day)).values() for pair in pairs]
    drafts = synthesize(messages, day, ModelWriter(model, seed_of(session["id"])), model, known)
    return [(draft.question, draft.answer) for draft in drafts]


def is_covered(probe: dict[str, Any], pairs: list[Pair]) -> bool:
    """Whether some pair asks for what the probe asks, and says an accepted answer."""
    asked = words(one_way(probe["question"]))
    same = plain(probe["question"])
    return any(
        (asked & words(one_way(question)) or plain(question) == same)
        and score(probe | {"reject": []}, answer) > 0
        for question, answer in pairs
    )


def supported(session: dict[str, Any], pairs: list[Pair]) -> int:
    """How many of the pairs say only what the user said."""
    spoken = words(" ".join(told(session["messages"], day_of(session["started_at"])).values()))
    return sum(said_so(question, answer, spoken) for question, answer in pairs)


def main(
    cases: Path,
    rules: bool = False,
    sessions: int | None = None,
    model: str = "default",
    out: Path | None = None,
) -> None:
    """Write the pairs of every session, and print what they cover."""
    judge = None if rules else load(model)
    rows = [json.loads(line) for line in (cases / "sessions.jsonl").open(encoding="utf-8")]
    probes = [json.loads(line) for line in (cases / "probes.jsonl").open(encoding="utf-8")]
    asked = covered = kept = total = 0
    known: dict[str, list[str]] = {}
    for session in rows[:sessions]:
        earlier = known.setdefault(session["user"], [])
        pairs = pairs_of(session, judge, earlier)
        earlier += dict.fromkeys(answer for _, answer in pairs)
        mine = [p for p in probes if p.get("session") == session["id"] and p["kind"] == "recall"]
        asked += len(mine)
        covered += sum(is_covered(probe, pairs) for probe in mine)
        total += len(pairs)
        kept += supported(session, pairs)
        print(f"{session['id']}: {len(pairs)} pairs", flush=True)
    figures = {
        "cases": cases.name,
        "base": judge.fingerprint if judge else None,
        "rules_only": rules,
        "sessions": len(rows[:sessions]),
        "pairs": total,
        "recall_probes": asked,
        "covered": round(covered / max(1, asked), 3),
        "supported": round(kept / max(1, total), 3),
    }
    print(json.dumps(figures, indent=1))
    if out:
        write_result(out, figures)


if __name__ == "__main__":
    typer.run(main)
