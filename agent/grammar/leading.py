"""What a sentence begins with before its subject: a time, a place, somebody.

    On Friday I fly to Lima          -> on Friday
    at home we speak Dutch           -> at home
    with my husband I speak English  -> with my husband

Knows neighbouring words.
"""

from agent.grammar.gaps import somebody_at
from agent.grammar.kinds import is_place
from agent.grammar.parts import Part, time_at
from agent.grammar.words import DAYS, STOPS, Words
from agent.topics import PEOPLE

_NO_PLACES = frozenset(
    "end beginning moment meantime past future time way case contrast addition hand run total that".split()
)


def time_before(tokens: Words, place: int) -> Words:
    """The time that a sentence begins with, where it is all that stands before `place`, or before whom
    it is about: "On Friday Ana and I fly"."""
    if tokens[place - 1 : place + 1] == ("and", "I"):
        start = next((k + 1 for k in range(place - 1, -1, -1) if tokens[k] in STOPS), 0)
        who = start + time_at(tokens, start)
        place = who if who + somebody_at(tokens, who) == place - 1 else place
    first = place
    while first and tokens[first - 1] not in (*STOPS, "and", "but"):
        first -= 1
    words = tokens[first : place - 1 if tokens[place - 1 : place] == (",",) else place]
    whole = words and time_at(words, 0) == len(words)
    if whole and words[0].lower() in DAYS - {"today", "tomorrow", "yesterday", "tonight"}:
        return ("on", *words)
    return (words[0].lower(), *words[1:]) if whole else ()


def place_before(tokens: Words, place: int) -> Words:
    """ "at home", "with my husband" where a sentence or its part begins with it."""
    if tokens[place] not in ("I", "we", "We"):
        return ()
    first = place
    while first and tokens[first - 1] not in (*STOPS, ",", "and", "but") and place - first < 5:
        first -= 1
    words = tokens[first:place]
    if len(words) < 2 or words[0].lower() not in ("at", "in", "with") or _NO_PLACES & {*words}:
        return ()
    part = Part("prep", (words[0].lower(), *words[1:]))
    inner = {w.lower() for w in words[1:]}
    return part.words if is_place(part) or (words[0].lower() == "with" and inner & PEOPLE) else ()
