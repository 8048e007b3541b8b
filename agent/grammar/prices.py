"""What things cost, said in a few words behind them or without an article.

    booked the ferry, 84 euros each  -> booked the ferry. the ferry cost 84 euros each
    gym is 35 a month, rent 640      -> the gym costs 35 a month. my rent is 640

Knows the words of one sentence.
"""

from agent.grammar.kinds import KINDS, is_price
from agent.grammar.parts import MANNER
from agent.grammar.words import (
    DETERMINERS,
    LOST,
    OWN,
    PREPOSITIONS,
    Words,
    is_plural,
    is_word,
)
from agent.topics import PEOPLE

_GOT = frozenset("booked bought got ordered reserved booking buying ordering getting".split())
_HOMES = frozenset("flat apartment house studio room bedsit cottage bungalow".split())
_MOVED = frozenset("moved renting rent found moving got have".split())
_FEES = frozenset("rent salary deposit budget pension wage allowance".split())  # "is", not "costs"
_RATES = frozenset("each a per altogether total cash in".split())
_LONGEST = 6  # words of a price


def priced(words: Words) -> Words:
    """The sentence with its prices as sentences."""
    said: list[str] = []
    start = 0
    for place, word in enumerate((*words, ",")):
        if word in (",", "and") and place >= start:
            piece = words[start:place]
            cost = _cost(words[:start], piece) or _bare(piece)
            if cost and said:
                said[-1:] = ["."]  # instead of the comma
            said += cost or piece
            if place < len(words):
                said.append("." if cost else word)
            start = place + 1
    return tuple(said)


def _is_amount(piece: Words) -> bool:
    """ "84 euros each", "35 a month", "£40"; not "35" alone."""
    if not piece or len(piece) > _LONGEST or not piece[0][-1].isdigit() or not is_word(piece[-1]):
        return False
    rate = len(piece) > 1 and piece[1].lower() in _RATES
    return is_price(piece) and (piece[0][0] in "£$€" or len(piece) > 1) or rate


def _cost(before: Words, piece: Words) -> Words:
    """A price behind what was bought."""
    if not _is_amount(piece):
        return ()
    let = any(w == "rent" and {*before[k + 1 : k + 2]} & {*OWN} for k, w in enumerate(before))
    if (
        not let
        and {*before} & _HOMES
        and {*before} & _MOVED
        and {"month", "week", "monthly"} & {*piece}
    ):
        return ("my", "rent", "is", *piece)
    verb = next((k for k in reversed(range(len(before))) if before[k].lower() in _GOT), -1)
    thing: list[str] = []
    for word in before[verb + 1 :] if verb >= 0 else ():
        if not is_word(word) or word.lower() in PREPOSITIONS | MANNER | {"and"}:
            break
        thing.append(word)
    first = thing[0].lower() if thing else ""
    bare = thing[first in DETERMINERS :]
    if not bare or len(bare) > 4 or first in LOST or bare[-1] == "one":
        return ()
    return ((first if first in OWN else "the"), *bare, "cost", *piece)


def _bare(piece: Words) -> Words:
    """ "gym is 35", "the car insurance is 62 a month"."""
    lower = [w.lower() for w in piece]
    place = next((k for k, w in enumerate(lower) if w in ("is", "costs", "cost", "was")), 0)
    short = next((k for k, w in enumerate(piece) if w[-1].isdigit()), 0)
    if not place and 0 < short < 4 and lower[short - 1] in _FEES:  # "rent 640"
        return _bare((*piece[:short], "is", *piece[short:]))
    amount = piece[place + 1 :]
    noun = lower[place - 1] if 0 < place < 5 else ""
    known = noun in KINDS["paid"] or noun.removesuffix("s") in KINDS["paid"] or noun in _FEES
    if not known or not amount or {*lower[:place]} & (PEOPLE | PREPOSITIONS | LOST):
        return ()
    bare = len(amount) == 1 and amount[0].replace(",", "").isdigit() and len(amount[0]) > 1
    if not (bare or _is_amount(amount)):
        return ()
    own = lower[0] in DETERMINERS
    if noun in _FEES:
        return (*(() if own else ("my",)), *lower[:place], lower[place], *amount)
    verb = lower[place] if lower[place].startswith("cost") else ""
    many = is_plural((noun,))
    verb = verb or ("cost" if lower[place] == "was" or many else "costs")
    return (*(() if own else ("the",)), *lower[:place], verb, *amount)
