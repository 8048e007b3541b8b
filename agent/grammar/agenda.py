"""Several dates in one sentence: "Dentist Monday, optician on Friday at nine".

    Dentist Monday, optician on Friday   -> Dentist Monday. optician on Friday
    Monday dentist and Friday optician   -> dentist Monday. optician Friday

Knows the words of one sentence; what "dentist Monday" means is known by terse.py.
"""

from agent.grammar.parts import time_at
from agent.grammar.words import DAYS, OWN, Words, sentences_of

_DATES = frozenset(
    "clinic dentist doctor vet physio hairdresser therapist midwife optician hospital appointment "
    "check-up checkup barber surgery interview exam test lesson class tutorial gp hygienist solicitor "
    "scan viewing flight meeting match party wedding funeral dinner".split()
)
_BEGINNERS = OWN | {"i", "we", "the"}
_LONGEST = 3  # words that say what it is: "blood test"


def one_by_one(tokens: Words) -> Words:
    """The words with each date of a list as a sentence of its own, questions as they are."""
    said: list[str] = []
    for words, sign in sentences_of(tokens):
        said += (*(words if sign == ("?",) else _dates(words) or words), *sign)
    return tuple(said)


def _dates(words: Words) -> Words:
    """The two dates or more that a sentence begins with, and what follows them."""
    said, start = list[str](), 0
    for place, word in enumerate((*words, ",")):
        if word in (",", "and") and start < place:
            if not (date := _date(words[start:place])):
                break
            said += (".", *date)
            start = place + 1
    rest = words[start:]
    return (*said[1:], *([".", *rest] if rest else ())) if said.count(".") > 1 else ()


def _date(piece: Words) -> Words:
    """ "optician on Friday at 9", also of "then Friday optician"; nothing of what is no date."""
    piece = piece[{*piece[:1]} <= {"then", "and"} :]
    ahead = time_at(piece, 0) if piece and piece[0].lower() in DAYS else 0
    piece = (*piece[ahead:], *piece[:ahead])
    start = next((k for k in range(1, len(piece)) if time_at(piece, k)), 0)
    place = start
    while start and place < len(piece) and (size := time_at(piece, place)):
        place += size
    what = [w.lower() for w in piece[:start]]
    known = bool(what) and what[-1] in _DATES and len(what) <= _LONGEST and not {*what} & _BEGINNERS
    return piece if known and (place == len(piece) or piece[place] == "with") else ()
