"""Who somebody says they are, piece by piece: "I'm Imke, 67, a retired teacher from Bremen".

    I am Imke, 67, a retired teacher from Bremen -> I am Imke. I am 67. I am a retired teacher from Bremen
    Tom, 34, plumber from Hull                   -> I am Tom. I am 34. I am a plumber from Hull

Knows the words of one sentence.
"""

from agent.grammar.jobs import is_job
from agent.grammar.words import (
    NUMBERS,
    PREPOSITIONS,
    SPEAKERS,
    Words,
    has_form,
    is_known,
    is_word,
    name_at,
)

_YEARS = range(10, 111)  # what may be an age without a word that says so
_PLACED = ("in", "at", "for", "from", "near", "with", "by")
_FROM = frozenset("from living based born working married retired originally".split())
_LONGEST = 10  # words
_STATES = frozenset("married single divorced widowed retired vegan vegetarian engaged".split())
_KIDS = frozenset("kids children sons daughters cats dogs grandchildren brothers sisters".split())
_PARENTS = frozenset("mum mom mother dad father parent grandmother grandfather".split())


def introduced(words: Words, first: bool) -> Words:
    """The sentence with what it says of the user one by one; `first`: a message begins with it."""
    if tuple(w.lower() for w in words[:3]) == ("my", "name", "is") and "," in words[3:6]:
        words = ("I", "am", *words[3:])
    mine = tuple(w.lower() for w in words[:2]) == ("i", "am")
    pieces = _pieces(words[2:] if mine else words)
    if len(pieces) < 2:
        return words
    if mine and len(pieces[0]) == 1 and _kind(pieces[1]) and not is_known(pieces[0][0]):
        pieces[0] = (pieces[0][0].capitalize(),)  # "im bao, 24"
    begins, then = _kind(pieces[0]), _kind(pieces[1])
    alone = first and (then == "age" if begins == "name" else begins == "age" and bool(then))
    if not (begins and (mine or alone)):
        return words
    if not mine and not all(map(_kind, pieces)):
        return words  # "Tom, 34, plumber, wants to marry me"
    said: list[str] = []
    while pieces and (kind := _kind(pieces[0])):
        bare = kind in ("job", "parent") and pieces[0][0].lower() not in ("a", "an", "the")
        article = ("an" if pieces[0][0][0].lower() in "aeiou" else "a",) if bare else ()
        verb = "have" if kind == "kids" else "was" if pieces[0][0].lower() == "born" else "am"
        said += (*("." for _ in said[:1]), "I", verb, *article, *pieces[0])
        pieces = pieces[1:]
    if len(said) < 5 or said.count(".") == 0:
        return words
    rest = [w for piece in pieces for w in (",", *piece)][1:]
    if rest[:1] == ["and"] and rest[1:] and has_form(rest[1], "VB"):
        rest[0] = "I"  # "I'm a nurse, 34, and live in Hull"
    return (*said, *([".", *rest] if rest else ()))


def _pieces(words: Words) -> list[Words]:
    """What stands between commas, before a "but I", and before an "and" that begins a last piece."""
    found, start = list[Words](), 0
    for place, word in enumerate((*words, ",")):
        on = word in ("but", "and") and words[place + 1 : place + 2] in SPEAKERS
        if word == "," or on:
            found.append(words[start:place])
            start = place + 1
    last = found[-1]
    if last[:1] == ("and",) and _kind(last[1:]):
        found[-1] = last[1:]
    return found


def _kind(piece: Words) -> str:
    """ "name", "age", "job", "place", "state", "kids", "parent", or ""."""
    lower = [w.lower() for w in piece]
    if not piece or len(piece) > _LONGEST or not all(map(is_word, piece)) or lower[0] == "not":
        return ""
    if name := name_at((",", *piece), 1):
        rest = lower[len(name) :]
        return "name" if not rest or rest[0] in ("from", "in") else ""
    if lower[0].isdigit() and int(lower[0]) in _YEARS and (not lower[1:] or lower[-1] == "old"):
        return "age"
    if lower[0] in _STATES and len(piece) == 1:
        return "state"
    if lower[0] in NUMBERS | {"no"} and len(piece) == 2 and lower[1] in _KIDS:
        return "kids"
    if {*lower[:2]} & _PARENTS and "of" in lower[1:3] and len(piece) < 5:
        return "parent"
    end = next((k for k, w in enumerate(lower) if w in PREPOSITIONS), len(piece))
    behind = lower[end] if end < len(piece) else "in"
    if end and is_job(piece[:end]) and behind in _PLACED and end < 6:
        return "job"
    return "place" if lower[0] in _FROM and len(piece) > 1 else ""
