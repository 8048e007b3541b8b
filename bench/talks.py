"""Human wordings: held-out written sessions absorbed one by one, asked in the words people wrote.

    python -m bench.talks [--talks N] [--pairs own,human] [--model X] [--quick]

The sessions are those of agent/default_model/data that no teaching saw, though now and then one lends a
message to those that hold the student to the base (strangers.py); each is absorbed alone, and of
every fact the wordings behind the first three are asked with nothing in the prompt (`recall`; `denied`:
the share of these that are not owned to), and what was never told (`abstain`).

    own    trained on the pairs that the product writes
    human  trained on the first three human wordings of each fact and the same never-told questions

So `human` shows what generalising brings, and the distance to `own` what the pairs lack.
"""

from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any

import typer

from agent.config import load_settings
from agent.curriculum import curriculum
from agent.default_model.lessons import Course
from agent.default_model.written import Talk
from agent.evaluate import answers, drift, system_only
from agent.loading import load
from agent.model import CANDIDATE, Model
from agent.recipe import RECIPES
from agent.synthesize import seed_of
from agent.text import admits, agrees
from agent.unrelated import unrelated
from bench import shared
from bench.results import result_path, write_result
from bench.shared import Row

TRAINED = 3  # human wordings of a fact; those behind them are asked
FACTS, MESSAGES = 9, 6  # a talk has at least so many
EVERY = 9  # of the talks that do, so that all writers' are among them


def chosen_talks(count: int) -> list[Talk]:
    """Long ones among the held-out sessions, from all files."""
    long = [
        talk
        for talk in Course().held_out_talks
        if talk.day and len(talk.facts) >= FACTS and len(talk.messages) >= MESSAGES
    ]
    return long[3::EVERY][:count]


def session_of(talk: Talk, number: int) -> Row:
    return {
        "id": f"held-{number}",
        "started_at": f"{talk.day}T12:00:00+00:00",
        "messages": talk.messages,
    }


def human_pairs(talk: Talk, own: Sequence[Row]) -> list[Row]:
    """The facts in their writers' wordings, and the never-told questions among `own`."""
    told = [
        {"fact": number, "question": question, "answer": fact.answers[0], "role": "train"}
        for number, fact in enumerate(talk.facts)
        for question in fact.questions[:TRAINED]
    ]
    return [
        *(row | {"origin": "model"} for row in told),
        *(row for row in own if row["role"] == "negative"),
    ]


def absorbed(model: Model, talk: Talk, session: Row, pairs: Sequence[Row]) -> dict[str, Any]:
    """One talk learnt alone; a list for each figure."""
    recipe = RECIPES["inweight"]
    with shared.filled([session], {session["id"]: [*pairs]}) as profile:
        plan = curriculum(profile, model, recipe, session["id"])
        spent = shared.train(
            model, (plan.prefix, plan.examples), recipe, seed=seed_of(session["id"])
        )
    asked = [(q, f.answers[0]) for f in talk.facts for q in f.questions[TRAINED:]]
    told = answers(model, system_only(), [question for question, _ in asked], CANDIDATE)
    never = answers(model, system_only(), [question for question, _ in talk.unknown], CANDIDATE)
    return {
        "recall": [
            agrees(question, answer, found)
            for (question, answer), found in zip(asked, told, strict=True)
        ],
        "denied": [admits(found) for found in told],
        "abstain": [admits(found) for found in never],
        "drift": [drift(model, unrelated(model).measure, CANDIDATE)],
        "seconds": [spent["seconds"]],
        "examples": [len(plan.examples)],
    }


def main(
    talks: int = 6,
    pairs: str = "own,human",
    model: str = "default",
    out: Path | None = None,
    quick: Annotated[bool, typer.Option(help="one talk, human wordings")] = False,
) -> None:
    """Absorb each talk with each kind of pairs; print a row for each kind, write the result file."""
    base, settings = load(model), load_settings(model=model)
    table: dict[str, dict[str, float]] = {}
    for kind in ["human"] if quick else pairs.split(","):
        rows = []
        for number, talk in enumerate(chosen_talks(1 if quick else talks)):
            session = session_of(talk, number)
            written = shared.written_pairs(base, settings, [session], "talks")[session["id"]]
            used = written if kind == "own" else human_pairs(talk, written)
            rows.append(absorbed(base, talk, session, used))
        joined = {key: [value for row in rows for value in row[key]] for key in rows[0]}
        table[kind] = {key: round(fmean(values), 4) for key, values in joined.items()}
        table[kind]["asked"] = len(joined["recall"])
        table[kind]["never told"] = len(joined["abstain"])
        print(f"{kind:6} " + "  ".join(f"{k} {v:.3f}" for k, v in table[kind].items()), flush=True)
    write_result(
        out or result_path("talks", quick),
        {"model": base.name, "base": base.fingerprint, "kinds": table},
    )


if __name__ == "__main__":
    typer.run(main)
