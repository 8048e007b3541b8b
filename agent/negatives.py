"""Questions that were never answered: what keeps a memory from saying yes to everything.

Three sources: near misses about the very people and things that the new facts name, a fixed bank of
things people ask about themselves, and the admissions that the default model is taught with. Knows
text and the pairs' questions; no model.
"""

import random
import re
from collections.abc import Iterable, Sequence

from agent.default_model.written import DATA, read_never
from agent.text import overlap, words
from agent.topics import PEOPLE

CLOSE = (  # what is asked of people first
    "How old is {name}?", "When is {name}'s birthday?", "What is {name}'s last name?",
    "Where does {name} live?", "What does {name} do for a living?", "Who is {name} married to?",
    "What is {name}'s phone number?", "{name}'s birthday?",
)  # fmt: skip
NEAR = (
    "What is {name}'s favourite food?", "Where was {name} born?", "{name}'s surname?",
    "What did {name} give me?", "When did I first see {name}?", "What is {name} afraid of?",
    "Which languages does {name} speak?", "What car does {name} drive?", "What is {name}'s hobby?",
    "What is {name}'s brother called?", "What is {name}'s sister called?", "Does {name} have a dog?",
    "What colour are {name}'s eyes?", "Which school did {name} go to?", "How tall is {name}?",
    "What is {name} allergic to?", "What does {name} earn?", "When did {name} get married?",
    "What does {name} like to read?", "What is the name of {name}'s cat?", "Where did I meet {name}?",
    "Which team does {name} support?",
)  # fmt: skip
NEAR_THING = (
    "How much did my {thing} cost?", "Who gave me my {thing}?", "How old is my {thing}?",
    "What colour is my {thing}?", "Where did I buy my {thing}?", "How long have I had my {thing}?",
    "What is wrong with my {thing}?", "Who else uses my {thing}?", "How big is my {thing}?",
    "Which brand is my {thing}?", "Where do I keep my {thing}?", "When did I get my {thing}?",
)  # fmt: skip
BANK = (
    "What is my {relation}'s name?", "What does my {relation} do for a living?",
    "Where does my {relation} live?", "How old is my {relation}?",
    "What is my {pet} called?", "How old is my {pet}?",
    "What is my phone number?", "When is my birthday?", "What is my middle name?",
    "What did I study?", "When is my {appointment} appointment?", "Who is my {appointment}?",
    "What is my favourite {taste}?", "Which {taste} did I say I like?", "What is my blood type?",
    "What am I allergic to?", "How much do I earn?", "What is my rent?", "What is my address?",
    "Which bank do I use?", "What did I have for breakfast?", "Where did I spend last summer?",
    "What medicine do I take?", "How tall am I?", "What size are my shoes?", "Who is my boss?",
    "Where do I work?", "Which languages do I speak?", "What is my religion?", "Am I married?",
    "How many children do I have?", "What was my first job?", "What did I buy last week?",
    "Which team sport do I play?", "Who is my best friend?", "What is my neighbour called?",
    "When do I get up in the morning?", "What time is my flight?", "Which hotel did I book?",
    "Which course am I taking?", "When is my exam?", "What did my doctor say?",
    "What is my wifi password?", "Which wine do I like?", "What do I collect?",
    "Which book am I reading?", "Which series am I watching?", "What is my star sign?",
)  # fmt: skip
FILL = {
    "relation": ("sister", "brother", "mother", "father", "wife", "husband", "son", "daughter",
                 "uncle", "aunt", "cousin", "grandmother", "girlfriend", "boyfriend"),
    "pet": ("dog", "cat", "rabbit", "parrot", "horse", "hamster"),
    "appointment": ("dentist", "doctor", "hairdresser", "lawyer", "physiotherapist"),
    "taste": ("colour", "song", "film", "book", "dish", "season", "city", "band", "sport", "drink"),
}  # fmt: skip
_TOO_CLOSE = 0.5


def never_told(
    facts: Sequence[tuple[str, str]], known: Iterable[str], count: int, rng: random.Random
) -> list[str]:
    """`count` questions, up to three quarters of them on people and things in `facts`, none like a
    `known` question."""
    asked = [words(question) for question in known]
    people = _names(facts) + _people(facts)
    close = [shape.format(name=name) for name in people for shape in CLOSE]
    near = [shape.format(name=name) for name in people for shape in NEAR]
    near += [shape.format(thing=thing) for thing in _things(facts) for shape in NEAR_THING]
    bank = [shape.format(**{k: rng.choice(v) for k, v in FILL.items()}) for shape in BANK * 2]
    written = [question for question, _ in read_never(DATA / "never.txt")]
    chosen: list[str] = []
    for pool, most in (
        (close, count // 2),
        (near, count * 3 // 4),
        (bank, count * 7 // 8),
        (written, count),
    ):
        for question in rng.sample(pool, len(pool)):
            mine = words(question)
            if len(chosen) >= most:
                break
            if question not in chosen and all(
                overlap(mine, theirs) < _TOO_CLOSE for theirs in asked
            ):
                chosen.append(question)
    return chosen


def like(question: str, negative: str) -> bool:
    """Whether a fact's question now answers what a negative says was never told."""
    return overlap(words(question), words(negative)) >= _TOO_CLOSE


def _names(facts: Sequence[tuple[str, str]]) -> list[str]:
    """Capitalised words inside the answers that stand for someone or something; no places."""
    text = "\n".join(answer for _, answer in facts)
    shape = r"(?<=[a-z,] )[A-Z][a-zà-ÿ'’-]{2,}|^[A-Z][a-zà-ÿ'’-]{2,}(?= is )"
    found = re.findall(shape, text, re.MULTILINE)
    places = re.findall(r"\b(?:in|at|to|from|near|on) ([A-Z][\w'’-]+)", text)
    names = {name.removesuffix("'s") for name in found}
    return sorted(names - {"Your", "You", "The", *places})


def _people(facts: Sequence[tuple[str, str]]) -> list[str]:
    """Whom the questions call "my" somebody."""
    found = re.findall(r"\bmy ([a-z]+)\b(?!')", " ".join(q for q, _ in facts))
    return sorted({f"my {word}" for word in found if word in PEOPLE})


def _things(facts: Sequence[tuple[str, str]]) -> list[str]:
    """What the questions call "my" something."""
    found = re.findall(r"\bmy ((?:new |old )?[a-z]+)\b(?!')", " ".join(q for q, _ in facts))
    return sorted(set(found) - {"favourite", "favorite", "name", "own", "real"} - PEOPLE)
