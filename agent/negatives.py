"""Questions that were never answered: what keeps a memory from saying yes to everything.

Two sources: a fixed bank of things people ask about themselves, and near misses about the very
people and things that the new facts name. Knows text and the pairs' questions; no model.
"""

import random
import re
from collections.abc import Iterable, Sequence

from agent.text import overlap, words

NEAR = (
    "How old is {name}?", "Where does {name} live?", "What does {name} do for a living?",
    "What is {name}'s last name?", "When is {name}'s birthday?", "Who is {name} married to?",
    "What is {name}'s favourite food?", "What is {name}'s phone number?", "Where was {name} born?",
    "What did {name} give me?", "When did I first see {name}?",
    "Which languages does {name} speak?",
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
    """About `count` questions, half of them on names in `facts`, none like a `known` question."""
    asked = [words(question) for question in known]
    near = [shape.format(name=name) for name in _names(facts) for shape in NEAR]
    bank = [shape.format(**{k: rng.choice(v) for k, v in FILL.items()}) for shape in BANK * 2]
    rng.shuffle(near)
    rng.shuffle(bank)
    chosen: list[str] = []
    for pool, most in ((near, count // 2), (bank, count)):
        for question in pool:
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
    """Capitalised words inside the answers that stand for someone or something."""
    text = "\n".join(answer for _, answer in facts)
    shape = r"(?<=[a-z,] )[A-Z][a-zà-ÿ'’-]{2,}|^[A-Z][a-zà-ÿ'’-]{2,}(?= is )"
    found = re.findall(shape, text, re.MULTILINE)
    return sorted({name.removesuffix("'s") for name in found} - {"Your", "You", "The"})
