"""How fast a session is absorbed, against the machine's floor and against other ways of doing it.

    python -m bench.speed [--quick] [--out FILE]

In one run, on one machine, with one model, set of pairs and held-out wordings (speed_case.py):

    machine   what it multiplies and reads in a second, and what the work needs of both
    product   one absorption from given pairs: seconds, recall of the held-out wordings, memory
    paper     SELF-PARAM written straightforwardly: seconds for each presentation of a pair, measured
              on a sample, times as many presentations as the product made
    plain     peft and next-token loss until it recalls what the product recalls, or up to a limit
    replies   the first token of a reply with the model idle and during training
    sessions  many absorptions in one profile, on the tiny model

--quick does it all on the tiny model, which recalls nothing: it shows that every part runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from agent.asking import branches_behind, by_passage
from agent.curriculum import Curriculum
from agent.loading import load
from agent.model import CANDIDATE, Message, Model
from agent.recipe import exactly
from agent.record import pairs_of
from agent.transcript import day_of_session, messages_of
from agent.tree import Branch, pack
from agent.unrelated import unrelated
from bench import shared, speed_case, speed_day, speed_floor, speed_ways
from bench.results import result_path, write_result
from bench.speed_case import ID
from bench.speed_day import RECIPE
from bench.speed_floor import Shape, Work
from bench.speed_ways import Absorbed
from bench.tiny import tiny_model
from storage.profiles import Profile


@dataclass(frozen=True, slots=True)
class Size:
    """How much of everything a run does."""

    facts: int = len(speed_case.FACTS)
    sampled: int = 8  # pairs for the paper's way
    plain_passes: int = 8
    reply_examples: int = 48
    reply_passes: int = 2
    sessions: int = 300
    firsts: int = 5
    filler: int = 600  # sentences of five tokens: a message of 3,000
    side: int = 8000


QUICK = Size(
    facts=1, sampled=2, plain_passes=1, reply_examples=6, reply_passes=3,
    sessions=3, firsts=1, filler=4, side=500,
)  # fmt: skip


def measured(model: Model, size: Size, seed: int) -> dict[str, Any]:
    """All figures of one model."""
    unrelated(model)  # made once for each base, so no part of an absorption
    shape, weights = Shape.of(model), speed_day.model_bytes(model)
    rate = speed_floor.matmul_rate(model, RECIPE.row_tokens)
    machine = {
        "gflops": rate,
        "gigabytes_per_second": speed_floor.read_bandwidth(model, size.side),
        "dtype": str(model.dtype),
    }
    print(machine)
    rows = {ID: speed_case.pairs(size.facts)}
    with shared.filled([speed_case.session()], rows) as profile:
        before = speed_ways.recall_of(model, profile, adapter=None)
        held = speed_day.resident()
        with speed_day.peak() as most:
            absorbed = speed_ways.absorb(model, profile, RECIPE, seed)
        work = needed(model, profile, shape, absorbed)
        product = {
            **told(model, profile, absorbed),
            "recall_before": before,
            "model_mib": weights / 2**20,
            "memory_beyond_model_mib": (most[0] - held) / 2**20,
        }
        print(product)
        paper = speed_ways.paper(model, profile, size.sampled, seed)
        paper |= {
            "how": "seconds for each pair on a sample, times the product's presentations of pairs",
            "presentations": product["presentations"],
            "seconds": paper["seconds_per_pair"] * product["presentations"],
        }
        print(paper)
        plain = speed_ways.plain(model, profile, product["recall"], size.plain_passes, seed)
        plain["abstain"] = speed_ways.recall_of(model, profile, "negative")
        replies = speed_day.replies_meanwhile(
            model, absorbed.plan, size.reply_examples, size.reply_passes, seed
        )
        print(replies)
    long = long_session(model, size.filler, seed)
    print(long)
    model.drop_adapter(CANDIDATE)
    floor = floors(model, shape, work, machine, absorbed)
    return {
        "times_faster_than_paper_recipe": paper["seconds"] / absorbed.seconds,
        "times_faster_than_sft": plain["seconds"] / absorbed.seconds,
        "sft": plain["reached"],
        "share_of_matmul_rate": floor["training_floor_seconds"] / absorbed.figures.seconds,
        "first_token_ratio_during_absorption": replies["first_token_ratio"],
        "machine": machine,
        "floor": floor | {"reply_token_times_floor":
                          replies["seconds_per_token"] / floor["token_floor_seconds"]},
        "product": product,
        "paper": paper,
        "plain": plain,
        "replies": replies,
        "long_session": long,
    }  # fmt: skip


def told(model: Model, profile: Profile, absorbed: Absorbed) -> dict[str, Any]:
    """What one absorption took and brought."""
    pairs = pairs_of(profile, ID, "train")
    own = absorbed.own(model, pairs)
    return {
        "seconds": absorbed.seconds,
        "reading_seconds": absorbed.reading_seconds,
        "training_seconds": absorbed.figures.seconds,
        "pairs": len(pairs),
        "examples": len(absorbed.plan.examples),
        "presentations": sum(absorbed.seen.presented[k] for k in own),
        "steps": absorbed.figures.steps,
        "tokens": absorbed.figures.tokens,
        "recall": speed_ways.recall_of(model, profile),
        "recall_of": len(absorbed.plan.probes),
        "abstain": speed_ways.recall_of(model, profile, "negative"),
        "upper_half": absorbed.figures.upper_half,
    }


# --- the floors ---------------------------------------------------------------------------------


def needed(model: Model, profile: Profile, shape: Shape, absorbed: Absorbed) -> dict[str, float]:
    """The arithmetic of an absorption, part by part, in operations."""
    plan, seen = absorbed.plan, absorbed.seen
    below = shape.layers // 2 if absorbed.figures.upper_half else 0
    above = shape.layers - below
    asked, texts = branches_of_plan(plan)
    lower = Work()
    for tree in [*pack(plan.prefix, [*asked, *plan.probes], 600), *pack([], texts, 600)]:
        lower.add(tree)
    lower.targets = 0  # no logits there
    lora = shape.lora_weights(RECIPE)
    return {
        "teacher": speed_floor.reading_flops(shape, read_by_teacher(model, profile, absorbed),
                                             shape.layers),
        "lower_half": speed_floor.reading_flops(shape, lower, below),
        "probes": speed_floor.reading_flops(shape, seen.probed, above, lora),
        "steps": speed_floor.training_flops(shape, seen.trained, above, RECIPE),
    }  # fmt: skip


def branches_of_plan(plan: Curriculum) -> tuple[list[Branch], list[Branch]]:
    """What stands behind the system line, and what behind nothing."""
    asked = [e.branch for e in plan.examples if not e.plain]
    return asked, [e.branch for e in plan.examples if e.plain]


def read_by_teacher(model: Model, profile: Profile, absorbed: Absorbed) -> Work:
    """The session's passages with its pairs behind them, and what is held to the base."""
    work = Work()

    def noted(teacher: Model, context: list[Message], rows: list[tuple[str, str]]) -> Sequence[int]:
        prefix, branches = branches_behind(teacher, context, rows)
        for tree in pack(prefix, branches, len(prefix) + 500):
            work.add(tree)
        return [0] * len(rows)

    pairs = pairs_of(profile, ID, "train")
    told = [(p.question, p.answer) for p in pairs]
    by_passage(model, messages_of(profile, ID), day_of_session(profile, ID), told, noted)
    prefix, own = absorbed.plan.prefix, absorbed.own(model, pairs)
    held = [e for k, e in enumerate(absorbed.plan.examples) if k not in own]
    alone = [Branch(e.prompt, e.target) for e in held if not e.plain]  # whatever it stands behind
    texts = [e.branch for e in held if e.plain]
    for tree in [*pack(prefix, alone, len(prefix) + 500), *pack([], texts, 500)]:
        work.add(tree)
    return work


def floors(
    model: Model, shape: Shape, work: dict[str, float], machine: dict[str, Any], absorbed: Absorbed
) -> dict[str, Any]:
    """The least seconds that this machine needs for the absorption and for a reply's token."""
    rate = machine["gflops"]["all"] * 1e9
    training = sum(flops for part, flops in work.items() if part != "teacher")
    layers = shape.layers - (shape.layers // 2 if absorbed.figures.upper_half else 0)
    size = model.dtype.itemsize
    token = speed_floor.bytes_per_token(shape, size, len(absorbed.plan.prefix), layers, RECIPE)
    return {
        "gflop": {part: flops / 1e9 for part, flops in work.items()},
        "absorption_floor_seconds": sum(work.values()) / rate,
        "absorption_times_floor": absorbed.seconds * rate / sum(work.values()),
        "training_floor_seconds": training / rate,
        "token_bytes": token,
        "token_floor_seconds": token / (machine["gigabytes_per_second"] * 1e9),
    }


def long_session(model: Model, filler: int, seed: int) -> dict[str, Any]:
    """What an absorption takes beyond the model when a message is very long; one fact, one pass."""
    session, held = speed_case.session(filler), speed_day.resident()
    with shared.filled([session], {ID: speed_case.pairs(1)}) as profile:
        with speed_day.peak() as most:
            speed_ways.absorb(model, profile, exactly(1, RECIPE), seed)
    text = " ".join(message["content"] for message in session["messages"])
    return {
        "tokens": len(model.tokenizer(text)["input_ids"]),
        "memory_beyond_model_mib": (most[0] - held) / 2**20,
    }


# --- the command --------------------------------------------------------------------------------


def rounded(value: Any) -> Any:
    """Floats to four digits, inside and out."""
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return float(f"{value:.4g}") if isinstance(value, float) else value


def main(
    model: str = "default", seed: int = 0, out: Path | None = None, quick: bool = False
) -> None:
    """Measure everything in one run and write the result file."""
    size = QUICK if quick else Size()
    loaded = tiny_model(seed=seed) if quick else load(model)
    found = measured(loaded, size, seed)
    sessions = speed_day.many_sessions(size.sessions, size.firsts, seed)
    figures = {
        "model": loaded.name,
        "base": loaded.fingerprint,
        "session_cost_ratio_300_to_1": sessions["last_to_first"],
        **found,
        "sessions": sessions,
    }
    write_result(out or result_path("speed", quick), rounded(figures), seed)


if __name__ == "__main__":
    typer.run(main)
