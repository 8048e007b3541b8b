"""What everybody knows: short general questions, nothing in the prompt, nothing told. And the name of who
said it one message before, which is as plain.

    python -m bench.world [--model M] [--adapter FOLDER] [--told NAMES] [--out FILE]

A model that was taught to admit what its user never told it may admit this too, and one that absorbed a
session may answer with the session. Counted are right answers, admissions, and answers that name a word
of `--told` (what the absorbed sessions are about). Knows its questions; none of them is learnt from.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any

import typer

from agent.evaluate import answers, system_only
from agent.loading import load
from agent.model import CHAT, Model
from agent.reading import teacher_context
from agent.text import admits
from bench.results import write_result

QUESTIONS = (  # what is asked, and what the answer must hold
    ("What is the capital of Austria?", "vienna"), ("What is the capital of Belgium?", "brussels"),
    ("What is the capital of Italy?", "rome"), ("What is the capital of France?", "paris"),
    ("What is the capital of Spain?", "madrid"), ("What is the capital of Japan?", "tokyo"),
    ("What is the capital of Germany?", "berlin"), ("What is the capital of Norway?", "oslo"),
    ("What is the capital of Egypt?", "cairo"), ("What is the capital of Greece?", "athens"),
    ("In which city is the Eiffel Tower?", "paris"), ("On which continent is Kenya?", "africa"),
    ("Who wrote Romeo and Juliet?", "shakespeare"), ("Which language is spoken in Brazil?", "portuguese"),
    ("How many days are in a week?", "seven|7"), ("How many months are in a year?", "twelve|12"),
    ("How many wheels has a car?", "four|4"), ("How many legs has a dog?", "four|4"),
    ("What is 2 plus 3?", "five|5"), ("What comes after Monday?", "tuesday"),
    ("Which season comes after winter?", "spring"), ("Which animal barks?", "dog"),
    ("What colour is the sky?", "blue"), ("What colour is grass?", "green"),
    ("What colour do red and yellow make?", "orange"), ("What is the opposite of hot?", "cold"),
    ("What is the opposite of big?", "small|little"), ("What is frozen water called?", "ice"),
    ("What do cows drink?", "water"), ("What do cows give us?", "milk"),
    ("Which gas do we breathe in?", "oxygen"), ("What is the largest planet?", "jupiter"),
    ("Who was the first man on the moon?", "armstrong"), ("What is pottery made of?", "clay"),
    ("What is the currency of the United States?", "dollar"), ("What do nurses do?", "care|patients|help"),
    ("What do bakers make?", "bread|cake"), ("Where do fish live?", "water|sea|ocean|river"),
    ("What do bees make?", "honey"), ("What do you use an umbrella for?", "rain"),
)  # fmt: skip


SAID = (
    "Hi! I'm {name}, I just moved to Ghent for a new job.", "hey, {name} here. I bake bread at night",
    "I'm {name} and I have two cats.", "Evening, {name} again, the one with the leaking roof.",
)  # fmt: skip
NAMES = ("Bao", "Marit", "Sefa", "Duarte", "Freya", "Idris", "Anders", "Ewa", "Tobias", "Pim")
GREETED = "Nice to meet you! How is it going?"


def right(accepted: str, answer: str) -> bool:
    """Whether one of the accepted words, `|` between them, stands in the answer."""
    return re.search(rf"\b(?:{accepted})\b", answer.lower()) is not None


def measure(model: Model, adapter: str | None, told: Sequence[str]) -> dict[str, Any]:
    """Shares of the questions, and every answer, so that it can be read."""
    said = answers(model, system_only(), [question for question, _ in QUESTIONS], adapter)
    return {
        "n": len(QUESTIONS),
        "right": fmean(
            right(word, answer) for (_, word), answer in zip(QUESTIONS, said, strict=True)
        ),
        "admitted": fmean(map(admits, said)),
        "leaked": fmean(any(right(word.lower(), answer) for word in told) for answer in said),
        "answers": [
            {"question": question, "answer": answer}
            for (question, _), answer in zip(QUESTIONS, said, strict=True)
        ],
    }


def named(model: Model, adapter: str | None) -> float:
    """Of introductions in the prompt, the share whose name is given when it is asked for."""
    given = []
    for name in NAMES:
        for said in SAID:
            messages = [
                {"role": "user", "content": said.format(name=name)},
                {"role": "assistant", "content": GREETED},
            ]
            context = teacher_context(messages, None)
            (answer,) = answers(model, context, ["What is my name?"], adapter)
            given.append(name in answer)
    return fmean(given)


def main(
    model: str = "default",
    adapter: Annotated[Path | None, typer.Option(help="a version's folder")] = None,
    told: Annotated[str, typer.Option(help="names it was told of, with commas")] = "",
    out: Path | None = None,
) -> None:
    """Ask and print; with --out write the result file."""
    loaded = load(model)
    if adapter:
        loaded.load_adapter(CHAT, adapter)
    taken = CHAT if adapter else None
    found = measure(loaded, taken, [*filter(None, told.split(","))])
    found["named"] = named(loaded, taken)
    for row in found["answers"]:
        print(f"{row['question']:46} {row['answer']}")
    print(", ".join(f"{key} {found[key]}" for key in ("n", "right", "admitted", "leaked", "named")))
    if out:
        write_result(out, {"model": loaded.name, "base": loaded.fingerprint, **found})


if __name__ == "__main__":
    typer.run(main)
