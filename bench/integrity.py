"""Integrity over many updates: absorptions in a row, one fact each, through the whole cycle.

    python -m bench.integrity [--count 1000] [--model tiny] [--quick]

By default on a random llama of a few thousand weights, which learns little but takes every step that
a real model takes: the store, the replay, the training, the gate, the versions on disk. What must not
grow with the number of absorptions is the adapter, the time and the memory; what must not fall is
what is known of the newest fact: `recall` (said), `chosen` (likelier than names never told; chance is
0.1) and `gain` (nats per token over the base). The pairs are given, since a random model writes none,
and the gate is open, so that every candidate is taken over.
"""

import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Annotated, Any

import typer

from agent.config import load_settings
from agent.evaluate import answers, option_scores, system_only
from agent.loading import load
from agent.model import CHAT, Model
from agent.service import Service
from agent.text import agrees
from bench import shared
from bench.results import result_path, write_result
from bench.tiny import tiny_model
from storage.profiles import Profile

THINGS = ("cat", "boat", "bike", "street", "band", "café", "horse", "song", "lake", "robot")
SYLLABLES = ("mi", "so", "ra", "tu", "le", "ko", "ba", "ne", "vi", "do")
CHOICES = 10  # names among which the newest must be the likeliest
ASKED = ("What is {} called?", "Which name does {} have?", "Tell me the name of {}.",
         "How is {} named?")  # fmt: skip


def one_fact(number: int) -> tuple[shared.Row, list[shared.Row]]:
    """A session in which one thing gets a name of its own, and its pairs; the last is the probe."""
    thing = f"my {THINGS[number % len(THINGS)]} {number}"
    name = name_of(number)
    session = {
        "id": f"s{number}",
        "started_at": f"2026-01-01T{number // 3600 % 24:02}:{number // 60 % 60:02}:{number % 60:02}+00:00",
        "messages": [{"role": "user", "content": f"The name of {thing} is {name}."}],
    }
    pairs = [
        {"fact": 0, "question": shape.format(thing), "answer": f"{name}.", "origin": "model"}
        | {"role": "probe" if shape == ASKED[-1] else "train"}
        for shape in ASKED
    ]
    return session, pairs


def name_of(number: int) -> str:
    """Four syllables, all names of the first 10,000 numbers different and neighbours unlike."""
    digits = f"{number * 7919 % 10_000:04}"
    return "".join(SYLLABLES[int(digit)] for digit in digits).capitalize()


def absorb(service: Service, number: int) -> dict[str, Any]:
    """Absorb fact `number` and tell what it did to the weights and to the machine."""
    session, pairs = one_fact(number)
    model, profile, id = service.model, service.profile, session["id"]
    shared.add_session(profile, session, {id: pairs})
    began = time.monotonic()
    service.absorb_now()
    seconds = time.monotonic() - began
    service.take_over()
    question = pairs[-1]["question"]
    names = [f"{name_of(n)}." for n in range(number, number + CHOICES)]  # the first is right
    before = option_scores(model, system_only(), question, names[:1], None)
    after = option_scores(model, system_only(), question, names, CHAT)
    (told,) = answers(model, system_only(), [question], CHAT)
    newest = profile.adapters.list()[0]
    return {
        "absorptions": number + 1,
        "state": profile.sessions.get(id).state,
        "recall": float(agrees(question, names[0], told)),
        "chosen": float(max(after) == after[0]),
        "gain": round(after[0] - before[0], 4),
        "drift": newest.figures.get("drift"),
        "seconds": round(seconds, 3),
        "peak_mib": round(peak_memory() / 2**20, 1),
        "adapter_bytes": weight_bytes(profile.adapters.folder_of(newest.number)),
    }


def peak_memory() -> int:
    """The most bytes this process ever held."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit


def weight_bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.glob("*.safetensors"))


def run(model: Model, count: int, say: Any = print) -> list[dict[str, Any]]:
    """`count` absorptions in one profile, one row each."""
    settings = load_settings(max_drift=1e9, min_abstain=0.0)
    rows = []
    with tempfile.TemporaryDirectory() as scratch:
        service = Service(Profile(Path(scratch), "integrity"), model, settings)
        for number in range(count):
            rows.append(absorb(service, number))
            if number % max(1, count // 20) == 0 or number == count - 1:
                say(", ".join(f"{key} {value}" for key, value in rows[-1].items()))
        model.drop_adapter(CHAT)
        model.chat_with = ""
        service.profile.close()
    return rows


def main(
    count: int = 1000,
    model: Annotated[str, typer.Option(help="tiny, or any that the product takes")] = "tiny",
    seed: int = 0,
    out: Path | None = None,
    quick: bool = False,
) -> None:
    """Absorb again and again; print a few rows and write all of them as columns."""
    loaded = tiny_model(seed=seed) if model == "tiny" else load(model)
    rows = run(loaded, 30 if quick else count)
    series = {key: [row[key] for row in rows] for key in rows[0]}
    write_result(out or result_path("integrity", quick), {"model": loaded.name, **series}, seed)


if __name__ == "__main__":
    typer.run(main)
