"""Terse talk of what is to come and what a thing costs, as a sentence.

    dentist this thursday at half nine -> my dentist appointment is this thursday at half nine
    wedding is on 14 june              -> the wedding is on 14 june
    380 quid to fix                    -> the repair costs 380 quid

Knows neighbouring words.
"""

from agent.grammar.kinds import is_price
from agent.grammar.parts import time_at
from agent.grammar.words import AUX, DETERMINERS, OWN, PREPOSITIONS, Words, is_word

_MY_EVENTS = frozenset("appointment exam interview flight trip holiday operation surgery checkup check-up "
                       "test shift lesson scan viewing audition vacation birthday "
                       "anniversary date dinner lunch brunch".split())  # fmt: skip
_THE_EVENTS = frozenset(
    "wedding party funeral concert match meeting ceremony race gig recital".split()
)
_SEEN = frozenset("dentist doctor vet physio hairdresser therapist midwife optician barber clinic gp "
                  "hygienist solicitor hospital".split())  # fmt: skip
_LINKS = frozenset("to in at with for from".split())
_REPAIRS = {"fix": "repair", "repair": "repair", "mend": "repair", "replace": "replacement"}


def event(words: Words) -> Words:
    """ "dentist this thursday at half nine", "wedding is on 14 june", "my flight to Oslo on friday"."""
    own = words[0].lower() in OWN | {"the"}
    noun = int(own)
    while noun < min(3, len(words)) and words[noun].lower() not in _MY_EVENTS | _THE_EVENTS | _SEEN:
        bare = words[noun].removesuffix("'s") if own else words[noun]
        if not bare.isalpha() or words[noun].lower() in DETERMINERS | AUX | _LINKS:
            return words
        noun += 1
    if noun >= min(3, len(words)) or (noun > own and time_at(words, own)):
        return words
    end, name = noun + 1, words[noun].lower()
    if name in _SEEN and words[end : end + 1] == ("appointment",):
        name, end = "appointment", end + 1
    if words[end : end + 1] == ("is",) and not own:
        return (_whose(name), *lowered(words))
    tail = end
    while tail < len(words) and not time_at(words, tail):
        if words[tail].lower() in ("booked", "scheduled") and time_at(words, tail + 1):
            break
        if not is_word(words[tail]) or words[tail].lower() in AUX or tail - end > 4:
            return words
        tail += 1
    after = tail + (words[tail : tail + 1] in (("booked",), ("scheduled",)))
    while after < len(words) and time_at(words, after):
        after += time_at(words, after)
    goes_on = PREPOSITIONS | {"and", "but", "so"}
    if after < len(words) and is_word(words[after]) and words[after].lower() not in goes_on:
        return words  # "interview on Monday went badly"
    linked = tail == end or words[end].lower() in _LINKS
    if tail >= len(words) or not linked or (words[tail].lower() in ("for", "a") and tail == end):
        return words
    called = ("appointment",) if name in _SEEN else ()
    before = words[:end] if own else (_whose(name), *lowered(words[:end]))
    return (*before, *called, *words[end:tail], "is", *words[tail:])


def _whose(name: str) -> str:
    return "the" if name in _THE_EVENTS else "my"


def repaired(words: Words) -> Words:
    """ "380 quid to fix" as a sentence of its own."""
    for place in range(len(words) - 1, 1, -1):
        what = _REPAIRS.get(words[place].lower())
        ends = words[place + 1 : place + 2] in ((), (",",), ("it",))
        if what and ends and words[place - 1] == "to":
            first = place - 1
            while first and words[first - 1] != ",":
                first -= 1
            price = words[first : place - 1]
            if price and price[0][-1].isdigit() and len(price) < 3 and is_price(price):
                rest = words[place + 1 :]
                stop = (".",) if first else ()
                return (*words[: max(0, first - 1)], *stop, "the", what, "costs", *price, *rest)
    return words


def lowered(words: Words) -> Words:
    """The words with a small first letter, unless it is one of several capitals."""
    return words if words[0].isupper() and len(words[0]) > 1 else (words[0].lower(), *words[1:])
