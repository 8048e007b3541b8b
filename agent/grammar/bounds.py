"""Where a clause ends.

Knows neighbouring words, subjects and verbs.
"""

import re

from agent.grammar.parts import time_at
from agent.grammar.subjects import SHARED_VERBS, has_object, is_gap, subjects_at
from agent.grammar.verbs import verbs_at
from agent.grammar.words import (
    ADVERBS,
    AUX,
    BREAKS,
    OWN,
    Words,
    has_form,
    is_name,
    lemma_of,
    may_be_noun,
)

PRONOUNS = frozenset("I i we he she it they you".split())


def end_of_clause(tokens: Words, start: int) -> int:
    """The place behind the last word of what begins at `start`, the verb."""
    for place in range(start, len(tokens)):
        word = tokens[place].lower()
        if word == "," and _is_in_numbers(tokens, place):
            continue  # "are 3, 6 and 11"
        if word in BREAKS or (word == "and" and _begins_something(tokens, place + 1)):
            return place
        if word == "and" and is_gap(tokens, start, place):
            return place
        if place > start and tokens[place] in ("I", "we", "he", "she"):
            if verbs_at(tokens, place + 1, (tokens[place],)):
                return place  # a new clause without a comma
    return len(tokens)


def _is_in_numbers(tokens: Words, place: int) -> bool:
    """Whether a comma stands in a list of ages: "3, 6 and 11"."""
    listed = re.match(r"(?:\d+ , )+\d+ and \d+(?= years old|$| \W)", " ".join(tokens[place - 1 :]))
    return listed is not None


def _begins_something(tokens: Words, place: int) -> bool:
    """Whether a clause or a second verb follows an "and"."""
    if place >= len(tokens):
        return True
    if (after := place + time_at(tokens, place)) > place and tokens[after : after + 1]:
        place = after if tokens[after] in PRONOUNS else place  # "and in 2020 he moved"
    word = tokens[place].lower()
    if word in PRONOUNS | {"then", "there", "now"}:
        return True
    if has_form(word, "VBD") and not may_be_noun(word):
        return True
    if has_form(word, "VBZ") and tokens[place + 1 : place + 2] == ("to",):
        return True  # "is 88 and refuses to move"
    if (
        lemma_of(word) in SHARED_VERBS
        or word in AUX
        or word in ADVERBS
        or has_object(tokens, place)
    ):
        return True
    if is_name(tokens, place) and "who" in tokens[place + 1 : place + 3]:
        return True  # "Lena who sings and Marek who paints"
    if word in OWN | {"the", "his", "her"} or is_name(tokens, place):
        starts = subjects_at(tokens, place, ("it",), "and")
        return any(
            verbs_at(tokens, start, subject) or "who" in tokens[start : start + 2]
            for subject, start in starts
        )
    return False
