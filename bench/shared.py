"""What the experiments share: cases, pairs written once, training without a gate.

Rests on the product's own parts (pairs by `record`, examples by `curriculum`, the loop by `distill`),
so that an experiment measures the product and nothing like it. Knows no experiment.
"""

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import torch

from agent.asking import fitting
from agent.cases import read_rows
from agent.config import Settings, cache_root
from agent.curriculum import curriculum, student
from agent.dates import day_of
from agent.distill import Example, distill, lora_config
from agent.errors import AgentError
from agent.model import CANDIDATE, Message, Model
from agent.reading import teacher_context
from agent.recipe import RECIPES, Recipe, exactly, from_here_on
from agent.record import pairs_of, write_pairs
from agent.soft import Soft
from storage.imports import read_jsonl
from storage.profiles import Profile

Row = dict[str, Any]  # a session or a probe in the format of the cases
Pairs = dict[str, list[Row]]  # rows for the store, by session


# --- cases --------------------------------------------------------------------------------------


def read_cases(folder: Path) -> tuple[list[Row], list[Row]]:
    """The sessions and the probes of a folder of cases, in order."""
    sessions, probes = read_jsonl(folder / "sessions.jsonl"), read_rows(folder / "probes.jsonl")
    if not sessions or not probes:
        raise AgentError(f"{folder} holds no sessions, or no probes. Name a folder of cases.")
    return sessions, probes


def in_prompt(model: Model, session: Row) -> list[Message]:
    """The session as the teacher has it in its prompt, behind the system line."""
    day = day_of(session.get("started_at"))
    return teacher_context(fitting(model, session["messages"]), day)


def spoken(session: Row) -> str:
    """What the user said."""
    return "\n".join(m["content"] for m in session["messages"] if m["role"] == "user")


# --- pairs --------------------------------------------------------------------------------------


def written_pairs(
    model: Model,
    settings: Settings,
    sessions: Iterable[Row],
    cases: str,
    say: Callable[[str], None] = print,
) -> Pairs:
    """Every session's pairs, as the product writes them for a first session. They are kept in the
    cache, by base and cases; delete the file to have them written again."""
    path = cache_root() / "bench" / f"pairs-{cases}-{model.fingerprint}.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    kept: Pairs = json.loads(path.read_text()) if path.exists() else {}
    for session in sessions:
        if session["id"] not in kept:
            kept[session["id"]] = _write(model, settings, session)
            path.write_text(json.dumps(kept, ensure_ascii=False))
            say(f"{session['id']}: {len(kept[session['id']])} pairs")
    return kept


def _write(model: Model, settings: Settings, session: Row) -> list[Row]:
    with filled([session], {}) as profile:
        recipe = RECIPES["inweight"]
        write_pairs(profile, model, settings, recipe, session["id"], lambda stage: None)
        names = ("fact", "question", "answer", "role", "origin")
        return [{n: getattr(p, n) for n in names} for p in profile.pairs.of(session["id"])]


@contextmanager
def filled(sessions: Sequence[Row], pairs: Pairs) -> Iterator[Profile]:
    """A profile for the time being in which these sessions are being learnt, with what `pairs` has on
    them."""
    with tempfile.TemporaryDirectory() as scratch:
        profile = Profile(Path(scratch), "bench")
        try:
            for session in sessions:
                add_session(profile, session, pairs)
                profile.sessions.set_state(
                    session["id"], "absorbing"
                )  # else its pairs do not count
            yield profile
        finally:
            profile.close()


def add_session(profile: Profile, session: Row, pairs: Pairs) -> None:
    profile.sessions.take([session])
    profile.pairs.add(session["id"], pairs.get(session["id"], []))


# --- training -----------------------------------------------------------------------------------


def distilled(
    profile: Profile, model: Model, ids: Sequence[str], recipe: Recipe
) -> tuple[list[int], list[Example]]:
    """The student's prefix, and what the recipe trains on for these sessions together."""
    plans = [curriculum(profile, model, recipe, id) for id in ids]
    return plans[0].prefix, [example for plan in plans for example in plan.examples]


def next_token_pairs(
    profile: Profile, model: Model, ids: Sequence[str]
) -> tuple[list[int], list[Example]]:
    """FT(S): the answers of the same pairs, without a teacher."""
    pairs = [(p.question, p.answer) for id in ids for p in pairs_of(profile, id, "train")]
    prefix, branches = student(model, pairs)
    return prefix, [Example(b.prompt, b.target, certain(b.target)) for b in branches]


def next_token_text(model: Model, texts: Sequence[str]) -> tuple[list[int], list[Example]]:
    """FT(C): the texts themselves, without a chat around them."""
    rows = [model.answer_ids(text) for text in texts]
    return [], [Example(ids[:1], ids[1:], certain(ids[1:])) for ids in rows]


def certain(target: Sequence[int]) -> Soft:
    """All the mass on the target itself: with it, KL is the next-token loss."""
    ids_N1 = torch.tensor(target, dtype=torch.long)[:, None]
    return Soft(ids_N1, torch.zeros(ids_N1.shape), torch.full((len(target),), -torch.inf))


def train(
    model: Model,
    plan: tuple[list[int], list[Example]],
    recipe: Recipe,
    *,
    seed: int,
    budget: float | None = None,
    fresh: bool = True,
) -> dict[str, float]:
    """Train CANDIDATE, a new one if `fresh`, without a gate; tell what it took. With a `budget` of
    tokens as many whole passes as come nearest to it, and nothing known sits out. Tokens are those of
    the questions and answers, the prefix that they share and plain text aside."""
    prefix, examples = plan
    if budget is not None:
        per_pass = sum(len(e.prompt) + len(e.target) for e in examples if not e.plain)
        passes = max(1, round(budget / max(1, per_pass)))
        recipe = exactly(passes, replace(recipe, known=0.0))
    if fresh:
        model.new_adapter(CANDIDATE, lora_config(model, recipe), seed)
    else:
        recipe = from_here_on(recipe)
    figures = distill(model, prefix, examples, [], recipe, seed=seed)
    return {
        "passes": figures.passes,
        "steps": figures.steps,
        "tokens": figures.tokens - figures.steps * len(prefix),
        "seconds": round(figures.seconds, 1),
    }
