"""Recommendation: which of the candidates the model would name, before and after absorbing.

    python -m bench.recommend CASES [--turns N] [--seed 0] [--quick]

A folder with turns.jsonl and candidates.json (INSPIRED as in SELF-PARAM): each dialogue before a
recommendation is one session, even turns the user's. All candidates are ranked by the mean
log-probability per token of their title, without the bracket that tells films from books, as the
reply; recall@k is the share of the turn's movies among the first k. `new` leaves out the turns whose
movie was already named in the dialogue, where naming it again is no recommendation.

A folder with sessions.jsonl and probes.jsonl (PrefEval): each probe's options are ranked the same way.

    none  the base as it is     context  the dialogue in the prompt     weights  it was absorbed
"""

import json
import random
import tempfile
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import torch
import typer

from agent.cases import evaluate, read_rows
from agent.config import Settings, load_settings
from agent.evaluate import system_only
from agent.loading import load
from agent.model import CHAT, Message, Model
from agent.service import Service
from agent.tree import Branch, collate, pack, target_logits
from bench import shared
from bench.results import result_path, write_result
from bench.shared import Row
from storage.profiles import Profile

QUESTION = "Which movie would you recommend to me?"
CUTS = (1, 5, 10)
MODES = ("none", "context", "weights")


def session_of(turn: Row) -> Row:
    """A turn's dialogue as a session; empty utterances, such as an unspoken opening, left out."""
    roles = ("user", "assistant")
    messages = [
        {"role": roles[k % 2], "content": text} for k, text in enumerate(turn["context"]) if text
    ]
    return {"id": turn["id"], "user": turn["id"], "messages": messages}


def title(candidate: str) -> str:
    return candidate.split(" (")[0]


def title_scores(
    model: Model, context: Sequence[Message], titles: Sequence[str], adapter: str | None
) -> list[float]:
    """Mean log-probability per token of each title as the reply to QUESTION. The same as
    `option_scores`, but the question is read once per thousand titles, not with every one."""
    *prefix, last = model.prompt([*context, {"role": "user", "content": QUESTION}])
    branches = [Branch([last], model.answer_ids(text)) for text in titles]
    sums = [0.0] * len(branches)
    for row in pack(prefix, branches, len(prefix) + 600):
        with model.turnstile.back(), model.using(adapter), torch.inference_mode():
            batch = collate([row], model.device)
            logps_NV = target_logits(model.backbone, model.head, batch).float().log_softmax(-1)
            chosen_N = logps_NV.gather(1, batch.labels_N[:, None])[:, 0]
        for owner, value in zip(row.owners_N, chosen_N.tolist(), strict=True):
            sums[owner] += value
    return [total / len(b.target) for total, b in zip(sums, branches, strict=True)]


def recalls(scores: Sequence[float], wanted: Sequence[int]) -> dict[str, float]:
    """Share of the `wanted` numbers among the best 1, 5 and 10; equal scores in given order."""
    order = sorted(range(len(scores)), key=lambda k: -scores[k])
    return {f"recall@{cut}": sum(k in order[:cut] for k in wanted) / len(wanted) for cut in CUTS}


def is_new(turn: Row) -> bool:
    told = " ".join(turn["context"]).casefold()
    return not any(title(movie).casefold() in told for movie in turn["movies"])


def dialogues(
    model: Model, settings: Settings, turns: Sequence[Row], candidates: Sequence[str]
) -> dict[str, Any]:
    """Recall of each mode over all turns and over the new ones."""
    titles = [title(c) for c in candidates]
    bare = title_scores(model, system_only(), titles, None)  # the same for every turn
    found: dict[str, list[dict[str, float]]] = {mode: [] for mode in MODES}
    for turn in turns:
        wanted = [candidates.index(movie) for movie in turn["movies"]]
        session = session_of(turn)
        seen = shared.in_prompt(model, session)
        for mode, scores in (
            ("none", bare),
            ("context", title_scores(model, seen, titles, None)),
            ("weights", absorbed_scores(model, settings, session, titles)),
        ):
            found[mode].append(recalls(scores, wanted))
        print(f"{turn['id']}: " + ", ".join(f"{m} {found[m][-1]['recall@10']}" for m in MODES))
    fresh = [is_new(turn) for turn in turns]
    new = {
        mode: [r for r, ok in zip(rows, fresh, strict=True) if ok] for mode, rows in found.items()
    }
    return {"all": averages(found), "new": averages(new)}


def absorbed_scores(
    model: Model, settings: Settings, session: Row, titles: Sequence[str]
) -> list[float]:
    """The titles' scores after the session was absorbed into a memory of its own; the base's,
    where the cycle took nothing over."""
    with tempfile.TemporaryDirectory() as scratch:
        service = Service(Profile(Path(scratch), "dialogue"), model, settings)
        service.profile.sessions.take([session])
        service.absorb_now()
        service.take_over()
        scores = title_scores(model, system_only(), titles, CHAT)
        model.drop_adapter(CHAT)
        model.chat_with = ""
        service.profile.close()
    return scores


def averages(found: dict[str, list[dict[str, float]]]) -> dict[str, dict[str, float]]:
    return {
        mode: {
            "n": len(rows),
            **{key: round(fmean(row[key] for row in rows), 4) for key in (rows[0] if rows else ())},
        }
        for mode, rows in found.items()
    }


def sampled(turns: Sequence[Row], candidates: Sequence[str], count: int, seed: int) -> list[str]:
    """The turns' own movies and as many others as make up `count`, in the list's order."""
    own = {movie for turn in turns for movie in turn["movies"]}
    others = [c for c in candidates if c not in own]
    chosen = own | set(
        random.Random(seed).sample(others, max(0, min(len(others), count - len(own))))
    )
    return [c for c in candidates if c in chosen]


def main(
    cases: Path,
    turns: int | None = None,
    model: str = "default",
    seed: int = 0,
    out: Path | None = None,
    quick: bool = False,
) -> None:
    """Rank before and after absorbing; print a line for each mode and write the result file."""
    loaded, settings = load(model), load_settings(model=model)
    figures: dict[str, Any]
    if (cases / "turns.jsonl").exists():
        rows = read_rows(cases / "turns.jsonl")[: 1 if quick else turns]
        candidates = json.loads((cases / "candidates.json").read_text())
        if quick:
            candidates = sampled(rows, candidates, 100, seed)
        figures = dialogues(loaded, settings, rows, candidates) | {"candidates": len(candidates)}
    else:
        report = evaluate(
            loaded, settings, cases,
            users=1 if quick else turns, modes=MODES, kinds=["recommend"],
        )  # fmt: skip
        figures = {"modes": report["modes"], "absorb_seconds": [*report["absorb_seconds"].values()]}
    print(json.dumps(figures, indent=1))
    about = {"cases": cases.name, "model": loaded.name, "base": loaded.fingerprint}
    write_result(out or result_path(f"recommend-{cases.name}", quick), about | figures, seed)


if __name__ == "__main__":
    typer.run(main)
