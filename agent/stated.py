"""What a session's messages state plainly, as question-answer pairs by rule.

Knows the messages' texts and their order; no model.
"""

import re
from collections.abc import Mapping, Sequence

from agent.filters import plain
from agent.grammar.jobs import JOB_WORDS
from agent.grammar.objects import ANYBODY
from agent.grammar.statements import statements
from agent.grammar.words import DETERMINERS, is_name, tokens_of
from agent.overtaken import of_one_answer, of_several
from agent.reading import TAKES_BACK
from agent.text import agrees
from agent.topics import PEOPLE, PETS

_COSTS = re.compile(
    r"(?:[^.!?]*[.!?] )?(?:it|they|that)(?:['’]s|['’]ll| is| will| would)? (?:be |cost)",
    re.IGNORECASE,
)

_NOW = re.compile(r"\bnow\b", re.IGNORECASE)


def stated(said: Mapping[int, str]) -> dict[int, list[tuple[str, str]]]:
    """What each message states plainly; where a message takes something back, or says what is so now, not
    what an earlier one answered to the same question."""
    found: dict[int, list[tuple[str, str]]] = {}
    before: list[str] = []
    for place, text in said.items():
        own = _statements_behind("\n".join(before), text)
        before = [*before[-1:], text]
        over = (
            _overtaken(own, [pair for old in found.values() for pair in old])
            if _NOW.search(text)
            else ()
        )
        found = {k: [p for p in old if p[1] not in over] for k, old in found.items()}
        if TAKES_BACK.search(text):
            again = {plain(question) for question, _ in own}
            found = {k: [p for p in old if plain(p[0]) not in again] for k, old in found.items()}
        found[place] = own
    return found


def _overtaken(own: Sequence[tuple[str, str]], earlier: Sequence[tuple[str, str]]) -> set[str]:
    """The earlier answers to whose question, which has one answer at a time, a "now" gives another: "My
    exam is now on Monday." """
    said = {plain(q): answer for q, answer in own if of_one_answer(q) and not of_several(q)}
    asked = ((q, answer, said.get(plain(q))) for q, answer in earlier)
    return {old for q, old, new in asked if new is not None and not agrees(q, old, new)}


def _speaks_on(text: str) -> bool:
    """Whether a message says "he" or "she" before it names anybody, or what "it" costs before all else."""
    tokens = tokens_of(text)
    if _COSTS.match(text):
        return True
    for place, token in enumerate(tokens):
        if token.lower() in ("he", "she", "him", "her", "his"):
            return True
        job = token.lower() in JOB_WORDS and {*tokens[max(0, place - 2) : place]} & DETERMINERS
        if job or token.lower() in PEOPLE | PETS | ANYBODY or is_name(tokens, place):
            return False
    return False


def _statements_behind(before: str, text: str) -> list[tuple[str, str]]:
    """What a message states plainly, "he" and "she" meaning whom the two before it spoke of."""
    if not (before and _speaks_on(text)):
        return statements(text)
    own, known = statements(text), statements(before)
    asked = {question for question, _ in [*own, *known]}
    return [*own, *(pair for pair in statements(f"{before}\n{text}") if pair[0] not in asked)]
