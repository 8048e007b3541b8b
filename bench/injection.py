"""Knowledge injection: passages into the weights, questions with nothing in the prompt, QA-F1.

    python -m bench.injection CASES [--sizes 1,20,100] [--sequential N] [--quick]

Each column answers the same questions about the same passages:

    none        the base as it is            context     the passage in the prompt: the ceiling
    FT(C)       next-token loss on the raw passages
    FT(S)       next-token loss on the pairs
    self-param  KL on the pairs, the paper's numbers
    inweight    KL on the pairs, the product's numbers, its never-told questions and unrelated talk
    bm25, dense the nearest passage looked up and put in the prompt

The pairs are written once and are the same for all columns. `inweight` trains by its recipe; the other
columns pass over theirs as often as comes nearest to the tokens that it trained on. Small sizes are
repeated over groups of passages, so that size 1 is no verdict on a single passage.

With --sequential N: N steps of one passage each by the recipe, replay included, every passage asked
after every step, with unrelated text and without (where the recipe has any).
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any

import typer

from agent.config import load_settings
from agent.errors import AgentError
from agent.evaluate import answers, score, system_only
from agent.loading import load
from agent.model import CANDIDATE, Message, Model
from agent.recipe import RECIPES, Recipe
from bench import shared
from bench.results import result_path, write_result
from bench.retrieval import BM25, Dense, Retriever
from bench.shared import Pairs, Row

GROUPED = 2  # passages that the groups of a small size make up together; half an hour each
THINNED = 4  # --quick trains on every fourth pair
Scores = list[dict[str, float]]


def ask(
    model: Model, context: Sequence[Message], probes: Sequence[Row], adapter: str | None
) -> Scores:
    """Token F1 of each answer, and whether a gold answer stands in it: chat models answer in
    sentences, which F1 holds against them."""
    told = answers(model, context, [p["question"] for p in probes], adapter)
    return [
        {"f1": score(probe, answer), "holds": float(holds(probe, answer))}
        for probe, answer in zip(probes, told, strict=True)
    ]


def holds(probe: Row, answer: str) -> bool:
    return any(gold.casefold() in answer.casefold() for gold in probe["gold"])


def ask_each(
    model: Model, sessions: Sequence[Row], probes: Sequence[Row], shown: Sequence[int]
) -> Scores:
    """Ask the base with session number `shown[k]` in the prompt of probe k; the same scores,
    though in another order."""
    behind = defaultdict(list)
    for probe, number in zip(probes, shown, strict=True):
        behind[number].append(probe)
    found: Scores = []
    for number, group in behind.items():
        found += ask(model, shared.in_prompt(model, sessions[number]), group, None)
    return found


def looked_up(retriever: Retriever, probes: Sequence[Row]) -> list[int]:
    return [retriever.top(p["question"], 1)[0] for p in probes]


def columns(
    model: Model, sessions: Sequence[Row], probes: Sequence[Row], pairs: Pairs, seed: int
) -> dict[str, tuple[Scores, dict[str, float]]]:
    """Every column's scores for these passages, and what its training took."""
    ids = [s["id"] for s in sessions]
    texts = [shared.spoken(s) for s in sessions]
    own = [ids.index(p["session"]) for p in probes]
    bm25, dense = BM25(texts), Dense(model, texts)
    found: dict[str, tuple[Scores, dict[str, float]]] = {
        "none": (ask(model, system_only(), probes, None), {}),
        "context": (ask_each(model, sessions, probes, own), {}),
        "bm25": (ask_each(model, sessions, probes, looked_up(bm25, probes)), {}),
        "dense": (ask_each(model, sessions, probes, looked_up(dense, probes)), {}),
    }
    with shared.filled(sessions, pairs) as profile:
        ours = replace(RECIPES["inweight"], replay=0.0)
        paper = replace(RECIPES["self-param"], pairs_most=None)
        plain = RECIPES["sft"]
        budget: float | None = None
        for name, recipe, plan in (
            ("inweight", ours, shared.distilled(profile, model, ids, ours)),
            ("self-param", paper, shared.distilled(profile, model, ids, paper)),
            ("FT(S)", plain, shared.next_token_pairs(profile, model, ids)),
            ("FT(C)", plain, shared.next_token_text(model, texts)),
        ):
            spent = shared.train(model, plan, recipe, seed=seed, budget=budget)
            budget = budget or spent["tokens"]
            found[name] = (ask(model, system_only(), probes, CANDIDATE), spent)
    model.drop_adapter(CANDIDATE)
    return found


def batches(
    model: Model,
    sessions: Sequence[Row],
    probes: Sequence[Row],
    pairs: Pairs,
    size: int,
    grouped: int,
    seed: int,
) -> dict[str, dict[str, float]]:
    """Each column's means over all questions, for one size of batch."""
    scores: dict[str, Scores] = defaultdict(list)
    spent: dict[str, list[dict[str, float]]] = defaultdict(list)
    for start in range(0, size * max(1, grouped // size), size):
        group = sessions[start : start + size]
        asked = about(probes, group)
        for name, (found, figures) in columns(model, group, asked, pairs, seed).items():
            scores[name] += found
            spent[name].append(figures)
            print(f"  {size} from {start}: {name} {means(found)}", flush=True)
    return {name: means(rows) | cost(spent[name]) for name, rows in scores.items()}


def about(probes: Sequence[Row], sessions: Sequence[Row]) -> list[Row]:
    ids = {s["id"] for s in sessions}
    return [p for p in probes if p["session"] in ids]


def means(rows: Scores) -> dict[str, float]:
    return {
        "n": len(rows),
        **{key: round(fmean(row[key] for row in rows), 4) for key in ("f1", "holds")},
    }


def cost(spent: Sequence[dict[str, float]]) -> dict[str, float]:
    """What training one group took, in the mean; nothing for columns that do not train."""
    return {key: round(fmean(row[key] for row in spent), 1) for key in spent[0]}


def covered(probes: Sequence[Row], pairs: Pairs) -> float:
    """Share of the questions whose gold answer stands in an answer of the passage's pairs: no
    column that trains on pairs can be expected to know more."""
    written = {
        id: "\n".join(p["answer"] for p in rows if p["role"] == "train")
        for id, rows in pairs.items()
    }
    return fmean(holds(p, written.get(p["session"], "")) for p in probes)


# --- one passage after the other ----------------------------------------------------------------


def sequence(
    model: Model,
    sessions: Sequence[Row],
    probes: Sequence[Row],
    pairs: Pairs,
    recipe: Recipe,
    seed: int,
) -> list[list[float]]:
    """Mean F1 by step and passage; row 0 is before the first step."""
    by_passage = [about(probes, [s]) for s in sessions]
    model.drop_adapter(CANDIDATE)
    matrix = [asked_all(model, by_passage)]
    with shared.filled([], pairs) as profile:
        for step, session in enumerate(sessions):
            shared.add_session(profile, session, pairs)
            profile.sessions.set_state(session["id"], "absorbing")
            plan = shared.distilled(profile, model, [session["id"]], recipe)
            shared.train(model, plan, recipe, seed=seed, fresh=step == 0)
            profile.sessions.set_state(session["id"], "absorbed")  # from now on it is replayed
            matrix.append(asked_all(model, by_passage))
    model.drop_adapter(CANDIDATE)
    return matrix


def asked_all(model: Model, by_passage: Sequence[Sequence[Row]]) -> list[float]:
    found = iter(ask(model, system_only(), [p for rows in by_passage for p in rows], CANDIDATE))
    return [round(fmean(next(found)["f1"] for _ in rows), 4) for rows in by_passage]


def summary(matrix: Sequence[Sequence[float]]) -> dict[str, float]:
    """What a matrix of steps and passages says: passages just injected, the first one then and at
    the end, and what all lost on average from their own step to the last."""
    own = [matrix[k + 1][k] for k in range(len(matrix) - 1)]
    last = matrix[-1]
    return {
        "before": round(fmean(matrix[0]), 4),
        "newest": round(fmean(own), 4),
        "first_then": own[0],
        "first_at_the_end": last[0],
        "lost": round(fmean(then - now for then, now in zip(own, last, strict=True)), 4),
    }


# --- the command --------------------------------------------------------------------------------


def main(
    cases: Path,
    sizes: str = "1,20,100",
    sequential: Annotated[int, typer.Option(help="steps; 0: single and batch instead")] = 0,
    recipe: Annotated[str, typer.Option(help="of the sequence")] = "inweight",
    model: str = "default",
    seed: int = 0,
    out: Path | None = None,
    quick: bool = False,
) -> None:
    """Inject and ask; print a line for each column or step, and write the result file."""
    if recipe not in RECIPES:
        raise AgentError(f"There is no recipe '{recipe}'. Choose one of {', '.join(RECIPES)}.")
    loaded, settings = load(model), load_settings(model=model)
    sessions, probes = shared.read_cases(cases)
    wanted = [1] if quick else [int(size) for size in sizes.split(",")]
    grouped = 1 if quick else GROUPED
    steps = min(sequential, 2) if quick else sequential
    used = sessions[: steps or max(*wanted, grouped)]
    probes = about(probes, used)
    pairs = shared.written_pairs(loaded, settings, used, cases.name)
    if quick:
        pairs = {id: rows[::THINNED] for id, rows in pairs.items()}
    figures: dict[str, Any] = {
        "cases": cases.name,
        "model": loaded.name,
        "base": loaded.fingerprint,
        "covered": round(covered(probes, pairs), 4),
    }
    out = out or result_path(f"sequential-{recipe}" if steps else "injection", quick)
    if steps:
        figures |= {"recipe": recipe, **both_ways(loaded, used, probes, pairs, recipe, seed)}
    else:
        figures["sizes"] = {}
        for size in wanted:
            found = batches(loaded, used, probes, pairs, size, grouped, seed)
            figures["sizes"][size] = found
            for name, row in found.items():
                print(f"{size:4} {name:11} " + ", ".join(f"{k} {v}" for k, v in row.items()))
    write_result(out, figures, seed)


def both_ways(
    model: Model,
    sessions: Sequence[Row],
    probes: Sequence[Row],
    pairs: Pairs,
    recipe: str,
    seed: int,
) -> dict[str, Any]:
    """The sequence with unrelated text, if the recipe has any, and without, by step and passage, and
    what they say."""
    ways = {"without": replace(RECIPES[recipe], unrelated=0.0, plain=0)}
    if ways["without"] != RECIPES[recipe]:
        ways = {"with": RECIPES[recipe]} | ways
    found = {}
    for name, chosen in ways.items():
        matrix = sequence(model, sessions, probes, pairs, chosen, seed)
        found[name] = {"f1": matrix, **summary(matrix)}
        print(f"{name:8} " + ", ".join(f"{k} {v}" for k, v in summary(matrix).items()))
    return found


if __name__ == "__main__":
    typer.run(main)
