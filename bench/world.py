"""What everybody knows: short general questions, nothing in the prompt, nothing told. What it is itself,
and who it talks with, whom it does not know yet. And what stands in the chat: the name of who said it one
message before, and other things said there.

    python -m bench.world [--model M] [--adapter FOLDER] [--told NAMES] [--out FILE]

A model that was taught to admit what its user never told it may admit this too, and one that absorbed a
session may answer with the session, also where the chat says otherwise by now. With an adapter the
answers are those of a chat (settled.py). Counted are answers that hold an accepted word and admit nothing,
which a wrong one may do too, so all are printed; admissions; and, with `--told`, answers that name one of
its words (what the absorbed sessions are about). Whom it does not know is asked without an adapter alone.
Knows its questions; none of them is learnt from but "What is my name?".
"""

import re
from collections.abc import Sequence
from pathlib import Path
from statistics import fmean
from typing import Annotated, Any

import typer

from agent.evaluate import system_only
from agent.loading import load
from agent.model import CHAT, Model
from agent.modes import replies
from agent.reading import teacher_context
from agent.text import admits
from bench.results import digest, write_result

QUESTIONS = (  # what is asked, and what the answer must hold
    ("What is the capital of Austria?", "vienna"), ("What is the capital of Belgium?", "brussels"),
    ("What is the capital of Italy?", "rome"), ("Which country is Lima in?", "peru"),
    ("What is the capital of Spain?", "madrid"), ("What is the capital of Japan?", "tokyo"),
    ("What is the capital of Germany?", "berlin"), ("What is the capital of Norway?", "oslo"),
    ("What is the capital of Egypt?", "cairo"), ("What is the capital of Greece?", "athens"),
    ("In which city is the Eiffel Tower?", "paris"), ("On which continent is Kenya?", "africa"),
    ("Who wrote Frankenstein?", "shelley"), ("Which language is spoken in Brazil?", "portuguese"),
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
TOLD = (  # what is said, what is asked behind it, and what the answer must hold
    ("Big news: we moved to Bergen last week.", "Where do I live?", "bergen"),
    ("I started as a nurse at the children's hospital on Monday.", "What is my job?", "nurse"),
    ("We got a new cat, she is called Tiger.", "What is my new cat called?", "tiger"),
    ("My sister is called Olga now, she changed her name.", "What is my sister's name?", "olga"),
    ("I turned 52 yesterday!", "How old am I?", "52|fifty-two"),
    ("My favourite food is moussaka these days.", "What is my favourite food?", "moussaka"),
    ("I sold the car and bought a green scooter.", "What did I buy?", "scooter"),
    ("My new boss is called Henrike.", "What is my boss called?", "henrike"),
    ("The dentist moved my appointment to 3 May.", "When is my dentist appointment?", "may"),
    ("My girlfriend Paula and I got engaged.", "Who is my girlfriend?", "paula"),
    ("I am allergic to kiwi, found out today.", "What am I allergic to?", "kiwi"),
    ("I play the tuba in the village band now.", "What instrument do I play?", "tuba"),
    ("We are going to Madeira in June.", "Where are we going in June?", "madeira"),
    ("My brother Tomas lives in Riga now.", "Where does my brother live?", "riga"),
    ("I take the tram to work since this week.", "How do I get to work?", "tram"),
    ("My mum's birthday is on 9 August.", "When is my mum's birthday?", "august"),
    ("I'm learning Finnish.", "What language am I learning?", "finnish"),
    ("My rent is 940 euros from now on.", "How much is my rent?", "940"),
    ("I hate coriander.", "What food do I hate?", "coriander"),
    ("My daughter is called Filippa.", "What is my daughter's name?", "filippa"),
    ("I run on Sundays with Kofi.", "Who do I run with?", "kofi"),
    ("My bike was stolen at the station.", "What was stolen?", "bike"),
    ("I study geology in Trondheim.", "What do I study?", "geology"),
    ("My dog Bamse is ill.", "Which pet is ill?", "bamse|dog"),
    ("My husband Leif is a baker.", "What does my husband do?", "baker|bakes"),
    ("my flat is on the fifth floor", "Which floor do I live on?", "fifth"),
    ("I have two godsons.", "How many godsons do I have?", "two|2"),
    ("The wedding is in Valencia.", "Where is the wedding?", "valencia"),
    ("My neighbour Ota broke his leg.", "Who broke his leg?", "ota"),
    ("I lost my keys in the park.", "Where did I lose my keys?", "park"),
    ("I no longer drink coffee, only tea.", "What do I drink?", "tea"),
    ("My exam is on Thursday.", "When is my exam?", "thursday"),
    ("My best friend moved to Quito.", "Where does my best friend live?", "quito"),
    ("My doctor is Dr Amari.", "Who is my doctor?", "amari"),
    ("I work from home on Fridays.", "When do I work from home?", "fridays?"),
    ("I'm reading Middlemarch.", "What am I reading?", "middlemarch"),
    ("My phone is three years old.", "How old is my phone?", "three|3"),
    ("My aunt sent me a clock.", "What did my aunt send me?", "clock"),
    ("I want to learn to weld this year.", "What do I want to learn?", "weld"),
    ("we painted the attic yellow", "What colour is the attic?", "yellow"),
)
ITSELF = (
    ("Hello there, who are you?", "inweight|program|assistant|model"),
    ("Which name should I use for you?", "inweight"),
    ("Are you a human or a machine?", "program|machine|not human"),
    ("Is somebody typing these replies?", "no|program|nobody"),
    ("How many years old are you?", "no age|program|none|not"),
    ("Which country do you live in?", "machine|program|no"), ("Who built you?", "inweight"),
    ("What is your job?", "program|chat|talk|remember"),
    ("Do you have brothers or sisters?", "no|none|program"), ("Do you have a cat?", "no|none|program"),
    ("Do you need to sleep at night?", "no|not|never|program"),
    ("What do you eat for lunch?", "not|nothing|no|never"),
    ("Can you look something up online?", "no|not|offline|cannot"),
    ("Can other people read our chat?", "no|machine|nobody"),
    ("Will you remember what I say?", "yes|learn"),
    ("In what way do you remember things?", "learn|weights|session"),
    ("Are you a girl?", "no|neither|program|none"), ("Do you feel pain?", "no|not|program"),
    ("What sort of creature are you?", "program|model|assistant|ai"),
    ("Is your name Sam?", "no|inweight"),
)  # fmt: skip
UNKNOWN = (  # asked by somebody who has told nothing
    "And what would my name be?", "Do you happen to know my name?", "Can you work out who I am?",
    "Do we know each other?", "What name do I go by?", "Have I ever introduced myself?",
    "Please say what I am called.", "You still remember me, right?",
    "Who is it that you are talking to?", "So, what have I said about myself?",
)  # fmt: skip
COUNTED = ("n", "right", "admitted", "leaked", "itself", "unknown", "named", "read")  # where asked
TAKEN_UP = "Thanks for telling me. How do you feel about it?"


def right(accepted: str, answer: str) -> bool:
    """Whether one of the accepted words, `|` between them, stands in the answer, and it admits nothing."""
    return holds(accepted, answer) and not admits(answer)


def holds(accepted: str, answer: str) -> bool:
    return re.search(rf"\b(?:{accepted})\b", answer.lower()) is not None


def measure(model: Model, adapter: str | None, told: Sequence[str]) -> dict[str, Any]:
    """Shares of the questions, and every answer, so that it can be read."""
    said = replies(model, system_only(), [question for question, _ in QUESTIONS], adapter)
    leaked = fmean(any(holds(word.lower(), answer) for word in told) for answer in said)
    return ({"leaked": leaked} if told else {}) | {
        "n": len(QUESTIONS),
        "right": fmean(
            right(word, answer) for (_, word), answer in zip(QUESTIONS, said, strict=True)
        ),
        "admitted": fmean(map(admits, said)),
        "answers": [
            {"question": question, "answer": answer}
            for (question, _), answer in zip(QUESTIONS, said, strict=True)
        ],
    }


def itself(model: Model, adapter: str | None) -> list[dict[str, str]]:
    """What it says of itself: question, what the answer must hold, answer."""
    said = replies(model, system_only(), [question for question, _ in ITSELF], adapter)
    return [
        {"question": question, "accepted": accepted, "answer": answer}
        for (question, accepted), answer in zip(ITSELF, said, strict=True)
    ]


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
            (answer,) = replies(model, context, ["What is my name?"], adapter)
            given.append(name in answer)
    return fmean(given)


def read(model: Model, adapter: str | None) -> list[dict[str, str]]:
    """What is answered behind each of TOLD: question, what the answer must hold, answer."""
    found = []
    for said, question, accepted in TOLD:
        messages = [
            {"role": "user", "content": said},
            {"role": "assistant", "content": TAKEN_UP},
        ]
        (answer,) = replies(model, [*system_only(), *messages], [question], adapter)
        found.append({"question": question, "accepted": accepted, "answer": answer})
    return found


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
    found |= {"answers_read": read(loaded, taken), "answers_itself": itself(loaded, taken)}
    for key in ("read", "itself"):
        rows = found[f"answers_{key}"]
        found[key] = fmean(right(row["accepted"], row["answer"]) for row in rows)
    if taken is None:
        said = replies(loaded, system_only(), UNKNOWN, None)
        found["unknown"] = fmean(map(admits, said))
        rows = [{"question": q, "answer": answer} for q, answer in zip(UNKNOWN, said, strict=True)]
        found["answers_unknown"] = rows
    for key in ("answers", "answers_read", "answers_itself", "answers_unknown"):
        for row in found.get(key, []):
            print(f"{row['question']:46} {row['answer']}")
    print(", ".join(f"{key} {found[key]}" for key in COUNTED if key in found))
    if out:
        about = {"model": loaded.name, "base": loaded.fingerprint, "adapter": digest(adapter)}
        write_result(out, {**about, **found})


if __name__ == "__main__":
    typer.run(main)
