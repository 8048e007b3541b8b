"""People beside the user or beside one another, said plainly.

    my girlfriend Noor and I live together -> I live with my girlfriend Noor
    my wife Nadia and I met in Ulm         -> I met my wife Nadia in Ulm
    me and my boyfriend Bo run a bar       -> my boyfriend Bo and I run a bar
    I'm going to Ulm. With my aunt.        -> I'm going to Ulm. I am travelling with my aunt.
    with my friend Ana, she paints         -> with my friend Ana, my friend Ana paints
    my aunt and her son Bo are in Ulm      -> my aunt is in Ulm. my aunt's son is Bo

Knows neighbouring words.
"""

import re

from lemminflect import getInflection

from agent.grammar.gaps import somebody_at
from agent.grammar.words import CLOSED, OWN, STOPS, Words, has_form, name_at

# How many words are said otherwise, what stands in their place, and what behind the sentence.
Reworded = tuple[int, Words, Words]

_GOING = frozenset("going flying travelling traveling driving sailing".split())
_TOGETHER = frozenset("with and for via".split())
_BOTH = {
    "and i moved in together": "I moved in with",
    "and i live together": "I live with",
    "and i got married": "I married",
    "and i got engaged": "I got engaged to",
}
_OF_ONE = {"are": "is", "have": "has", "were": "was"}


def sentence_start(tokens: Words, place: int) -> int:
    """Where the sentence begins that the word before `place` belongs to."""
    return next((k for k in range(place - 1, 0, -1) if tokens[k - 1] in STOPS), 0)


def _lowered(words: Words) -> Words:
    return (words[0].lower(), *words[1:]) if words[0].lower() in OWN else words


def me_and(tokens: Words, place: int, before: str) -> Reworded | None:
    """ "me and my boyfriend Bo" where a sentence begins so."""
    begins = before in STOPS and [w.lower() for w in tokens[place : place + 2]] == ["me", "and"]
    size = somebody_at(tokens, place + 2) if begins else 0
    someone = tokens[place + 2 : place + 2 + size]
    return (2 + size, (*_lowered(someone), "and", "I"), ()) if size else None


def along(tokens: Words, place: int, before: str) -> Reworded | None:
    """ "With my aunt" where a sentence begins so and the one before goes somewhere."""
    if before not in STOPS or tokens[place] != "With":
        return None
    first = sentence_start(tokens, place - 1)
    going = tokens[first : first + 2] in (("I", "am"), ("we", "are"), ("We", "are"))
    size = somebody_at(tokens, place + 1) if going and {*tokens[first:place]} & _GOING else 0
    told = tokens[place : place + 1 + size]
    whole = ("I", "am", "travelling", "with", *told[1:], ".", *told)
    return (1 + size, whole, ()) if size else None


def with_whom(tokens: Words, place: int, before: str) -> Reworded | None:
    """ "she" right behind the comma of "With my friend Ana, she paints" or "Vera from school, she
    paints", where the sentence has no verb before it."""
    if tokens[place].lower() not in ("he", "she") or tokens[place - 1 : place] != (",",):
        return None
    first = sentence_start(tokens, place)
    first += tokens[first].lower() in _TOGETHER
    size = somebody_at(tokens, first) or len(name_at(tokens, first))
    behind = tokens[first + size : place - 1]
    alone = (
        not behind and tokens[first].lower() in OWN
    )  # "Ghent, he's a baker" may answer where he lives
    apart = alone or (behind[:1] == ("from",) and len(behind) < 4)
    known = size and first + size < place and apart
    return (1, tokens[first : first + size], ()) if known else None


def i_met(tokens: Words, place: int, before: str) -> Reworded | None:
    """ "my wife Nadia and I met" where a sentence begins so."""
    size = somebody_at(tokens, place) if before in STOPS else 0
    met = tuple(w.lower() for w in tokens[place + size : place + size + 3]) == ("and", "i", "met")
    someone = tokens[place : place + size]
    return (size + 3, ("I", "met", *_lowered(someone)), ()) if size and met else None


def we_both(tokens: Words, place: int, before: str) -> Reworded | None:
    """ "my girlfriend Noor and I live together" where a sentence begins so."""
    size = somebody_at(tokens, place) if before in STOPS else 0
    behind = " ".join(w.lower() for w in tokens[place + size : place + size + 5])
    for both, alone in _BOTH.items():
        if size and re.match(rf"{both}(?= |$)", behind):
            whom = _lowered(tokens[place : place + size])
            return size + len(both.split()), (*alone.split(), *whom), ()
    return None


def couple(tokens: Words, place: int, before: str) -> Reworded | None:
    """ "my sister and her husband Paul are": the words for her alone, and who he is."""
    pronoun = tokens[place].lower() in ("he", "she")
    first = (1 if pronoun else somebody_at(tokens, place)) if before in CLOSED else 0
    whose = place + first + 1
    mine = pronoun or tokens[place].lower() in OWN
    if not first or tokens[whose - 1 : whose] != ("and",) or not mine:
        return None
    if tokens[whose : whose + 1] not in (("her",), ("his",)) and not pronoun:
        return None
    end = whose + somebody_at(tokens, whose)
    verb = tokens[end] if whose < end < len(tokens) else ""
    finite = has_form(verb, "VB") or has_form(verb, "VBD") or verb in _OF_ONE
    if end == whose or not verb.isalpha() or not finite:
        return None
    one = _OF_ONE.get(verb) or (verb if has_form(verb, "VBD") else getInflection(verb, "VBZ")[0])
    owner = tokens[place : place + first]
    role, name = tokens[whose + 1], tokens[whose + 2 : end]
    named = name and not pronoun
    is_called = (".", *owner[:-1], f"{owner[-1]}'s", role, "is", *name) if named else ()
    return end + 1 - place, (*owner, one), is_called
