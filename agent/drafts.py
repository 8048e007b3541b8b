"""A fact's pairs before they are stored: as they were written, and in other wordings.

About six wordings carry a fact to wordings never seen: twice as many took half as long again and
brought nothing more (docs/LOG.md). Knows pairs; no model, no session.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import zip_longest

from agent.filters import names_in, plain, varied, well_formed
from agent.model import Message
from agent.wordings import careless, wordings

WORDINGS, WORDINGS_MOST = 5, 8  # of a fact; more where more is asked of it
WORDINGS_LEAST = 2  # by rule, also of a fact of which much is asked
PAIRS_MOST = 8  # questions of a fact that are kept as they were written


@dataclass(frozen=True, slots=True)
class Draft:
    """One pair before it is stored; pairs of one `fact` say the same thing."""

    fact: int
    question: str
    answer: str
    role: str = "train"


def with_wordings(
    facts: Sequence[Sequence[tuple[str, str]]], messages: Sequence[Message]
) -> list[Draft]:
    """Each fact's pairs as written, and wordings by rule of each of these in turns until there are
    enough, some as they are typed in a hurry; one wording is held out as the fact's probe."""
    rng = random.Random("\n".join(m["content"] for m in messages))
    asked = {plain(q) for fact in facts for q, _ in fact}  # one question, one answer
    done: list[Draft] = []
    for number, fact in enumerate(facts):
        written = varied(fact, PAIRS_MOST)
        others = [
            [(other, answer) for other in wordings(question, WORDINGS, rng)]
            for question, answer in written
        ]
        turns = [pair for turn in zip_longest(*others) for pair in turn if pair]
        mixed = zip_longest(turns, _as_my_own(written))
        fresh = unasked([pair for both in mixed for pair in both if pair], asked)
        wanted = max(WORDINGS, min(WORDINGS_MOST, 3 * len(written))) - len(written)
        more = fresh[: max(WORDINGS_LEAST, wanted) + 1]
        held = more.pop(0) if len(more) > 2 else None
        kept = dict.fromkeys([*written, *more, _small(written)])
        done += [Draft(number, *pair) for pair in kept]
        done += [Draft(number, *held, role="probe")] if held else []
    return done


def _small(written: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """One question in small letters, rather one with a name: to a model "olli" is another word."""
    question, answer = max(written, key=lambda pair: bool(names_in(pair[0])))
    return careless(question)[0], answer


def _as_my_own(written: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """People ask for "my choir" who told of "a choir", and for "My rent?"."""
    return [(other, answer) for question, answer in written for other in careless(question)[1:]]


def unasked(pairs: Sequence[tuple[str, str]], asked: set[str]) -> list[tuple[str, str]]:
    """Those that no fact asks yet; they are noted in `asked`."""
    found = []
    for question, answer in pairs:
        if plain(question) not in asked and well_formed(question, answer):
            asked.add(plain(question))
            found.append((question, answer))
    return found
