"""What people, animals and places are called: "my brother Duarte", "a dog called Rex".

Knows neighbouring words; no clauses.
"""

import re
from collections.abc import Iterator

from agent.grammar.kin import kin_of
from agent.grammar.kinds import KINDS, kind_of
from agent.grammar.parts import MANNER
from agent.grammar.turning import flip
from agent.grammar.words import (
    ADVERBS,
    AUX,
    BE,
    DETERMINERS,
    HAVE,
    LOST,
    NUMBERS,
    OWN,
    PREPOSITIONS,
    STOPS,
    TITLES,
    Words,
    has_form,
    is_plural,
    is_word,
    lemma_of,
    may_be_noun,
    name_at,
    verb_lemmas,
)
from agent.topics import PEOPLE, PETS

Pair = tuple[str, str]
_HAVING = frozenset("have get own keep adopt rescue buy".split())
_LIVING = frozenset(("live with", "work with", "share with", "study with", "train with"))
_BORN = frozenset("baby son daughter boy girl".split())
_BETWEEN = ADVERBS | {",", "and", "but", "so", "oh", "well"}


def names(tokens: Words) -> Iterator[Pair]:
    """Who is who, and what is called what."""
    for place, token in enumerate(tokens):
        if token in TITLES and name_at(tokens, place + 1):
            continue  # "Doctor Lund" is nobody's doctor yet
        if name := name_at(tokens, place):
            end, spoken = place + len(name), " ".join(name)
            yield from _described(tokens, place, end, spoken)
            yield from _is_mine(tokens, place, end, spoken)
            yield from _aged(tokens, end, spoken)
            yield from _place_named(tokens, place, end, spoken)
        elif _may_be_named(tokens, place):
            yield from _noun_named(tokens, place, token.lower())


def _may_be_named(tokens: Words, place: int) -> bool:
    word = tokens[place].lower()
    if word in PEOPLE | PETS | KINDS["pet"] or word.removesuffix("s") in PETS | PEOPLE:
        return True
    mine = place > 0 and tokens[place - 1].lower() in OWN
    return mine and is_word(word) and may_be_noun(word) and word not in PREPOSITIONS | DETERMINERS


def _noun_named(tokens: Words, place: int, noun: str) -> Iterator[Pair]:
    """ "my brother Duarte", "my friends Ana and Liv", "a canary by the name of Tosca"."""
    owner = _owner(tokens, place)
    start = _where_named(tokens, place, noun)
    name = name_at(tokens, start)
    if owner is None or not name or name[-1].endswith("'s"):
        return
    spoken, yours = " ".join(name), flip((owner,))
    if not noun.endswith("s") or noun.endswith("ss"):
        yield from _called(owner, noun, spoken)
    elif both := _list_of_names(tokens, start):
        yield f"What are {owner} {noun} called?", f"{yours.capitalize()} {noun} are called {both}."
        yield f"Who are {both}?", f"{both} are {yours} {noun}."
        if noun.removesuffix("s") in KINDS["pet"] and "'s" not in owner:
            have = "do we have" if owner.startswith("our") else "do I have"
            yield f"Which pets {have}?", f"{yours.capitalize()} {noun} are called {both}."


def _where_named(tokens: Words, place: int, noun: str) -> int:
    """Where the name behind a noun would begin."""
    after = place + 1
    close = bool({noun, noun.removesuffix("s")} & (PEOPLE | PETS | KINDS["pet"]))
    for link in (("called",), ("named",), (",", "called"), (",", "named"),
                 ("by", "the", "name", "of"), ("of", "mine", ","), ("is", "called")):  # fmt: skip
        if tokens[after : after + len(link)] == link:
            return after + len(link)
    if tokens[after : after + 1] == ("is",) and close:
        return after + 1
    mine = place > 0 and tokens[place - 1].lower() in OWN
    listed = close and (mine or _list_of_names(tokens, after + 1))
    return after + 1 if tokens[after : after + 1] == (",",) and listed else after


def _list_of_names(tokens: Words, place: int) -> str:
    """ "Pim and Pom", "Ana, Bo and Cy"; "" for less than two."""
    found, end = list[str](), place
    while name := name_at(tokens, end):
        found.append(" ".join(name))
        end += len(name)
        if tokens[end : end + 1] == ("and",) and (last := name_at(tokens, end + 1)):
            return f"{', '.join(found)} and {' '.join(last)}"
        if tokens[end : end + 1] != (",",):
            break
        end += 1
    return ""


def _owner(tokens: Words, place: int) -> str | None:
    """The words before the noun that say whose it is: "my", "my older", "a" (also mine); None where
    it is somebody else's."""
    words: list[str] = []
    for back in range(place - 1, max(-1, place - 4), -1):
        word = tokens[back].lower()
        if word in OWN:
            return " ".join([word, *words])
        if word in ("his", "her", "their", "your", "the") or word.endswith("'s"):
            return None
        if word in ("a", "an") or (word in NUMBERS and word != "one"):
            who = holder(tokens, back)  # "two cats, Pim and Pom"
            return " ".join([who, *words]) if who else None
        if not is_word(word) or word in DETERMINERS:
            break
        words.insert(0, word)
    return "my"


def holder(tokens: Words, place: int) -> str:
    """Whose "a dog" at `place` is, by the verb before it: "my" behind "I have", "my sister's" behind
    "my sister has", else "" ("I met a dog"). Where a sentence begins with it ("A canary called Tosca"),
    mine."""
    start = place
    while start and tokens[start - 1] not in STOPS:
        start -= 1
    before = [k for k in range(start, place) if tokens[k].lower() not in _BETWEEN]
    if not before:
        return "my"
    verb = next((k for k in reversed(before) if _is_verb(tokens, k)), -1)
    word = tokens[verb].lower() if verb >= 0 else ""
    if not ({word, lemma_of(word)} & _HAVING or " ".join(tokens[verb - 1 : verb + 1]) in _LIVING):
        return ""
    if word == "had" and tokens[place + 1].lower() not in _BORN:
        return ""  # it may be dead by now
    subject = verb - (word == "with")
    while subject > start and tokens[subject - 1].lower() in ADVERBS | AUX:
        subject -= 1
    whose = tokens[start:subject]
    if not whose or whose[-1] in ("I", "We", "we") or whose[-1] in (",", "and", "but"):
        return _shared(tokens, start, subject, verb)
    for size in (2, 3):  # "my sister has", "my sister Ana has"
        role = whose[-size:][:2]
        known = len(role) == 2 and role[0].lower() in OWN and role[1].lower() in PEOPLE
        if known and not is_plural(role) and (size == 2 or name_at(whose, len(whose) - 1)):
            return f"{role[0].lower()} {role[1].lower()}'s"
    return ""


def _shared(tokens: Words, start: int, subject: int, verb: int) -> str:
    """ "my" where it is the user who has it, also by a verb before: "I live here and have"."""
    if has_form(tokens[verb], "VBZ"):
        return ""
    before = tokens[start:subject]
    spoken = [w for w in before if w in ("I", "We", "we")]
    others = {w.lower() for w in before} & (LOST | {"you"})
    close = before and before[-1] in spoken
    if close:
        return "our" if before[-1] in ("We", "we") else "my"
    return "my" if not before or (spoken and not others) else ""


def _is_verb(tokens: Words, place: int) -> bool:
    word = tokens[place].lower()
    if word == "with" or word in HAVE or (lemma_of(word) in _HAVING and verb_lemmas(word)):
        return True
    if word in AUX or word in PREPOSITIONS or name_at(tokens, place):
        return word in BE
    finite = has_form(word, "VBD") or has_form(word, "VBZ") or has_form(word, "VBG")
    behind = tokens[place - 1].lower() in ("i", "we", "and", "to") if place else False
    return (finite and not may_be_noun(word)) or (behind and has_form(word, "VB"))


def _called(owner: str, noun: str, name: str) -> Iterator[Pair]:
    mine = f"{owner} {noun}"
    called, pet = f"{flip((mine,)).capitalize()} is called {name}.", noun in PETS | KINDS["pet"]
    if owner.endswith("'s"):  # "my sister has a dog called Rex"
        yield f"What is {mine} called?", called
        yield f"{'What' if pet else 'Who'} is {name}?", f"{name} is {flip((mine,))}."
        if kin := kin_of(owner.split()[-1].removesuffix("'s"), noun):
            yield f"What is {owner.split()[0]} {kin} called?", called
            yield f"Who is {owner.split()[0]} {kin}?", called
        return
    yours = flip((mine,))
    yield f"What is {mine} called?", f"Your {yours.split(' ', 1)[1]} is called {name}."
    if noun in PEOPLE:
        yield f"Who is {mine}?", f"Your {yours.split(' ', 1)[1]} is {name}."
    if pet or noun in PEOPLE | KINDS["person"]:  # else who knows which of both
        yield f"{'What' if pet else 'Who'} is {name}?", f"{name} is {yours}."
    if noun in KINDS["pet"]:
        have = "do we have" if owner.startswith("our") else "do I have"
        yield f"Which pet {have}?", f"{name} is {yours}."
        yield f"What pet {have}?", f"{name} is {yours}."
    if pet:
        yield f"What kind of animal is {name}?", f"{name} is {yours}."


def _is_mine(tokens: Words, start: int, end: int, name: str) -> Iterator[Pair]:
    """ "Pudim is my cat", "Faith is our youngest daughter"."""
    first = start == 0 or tokens[start - 1] in STOPS
    if not first or tokens[end : end + 1] != ("is",) or not {*tokens[end + 1 : end + 2]} & OWN:
        return
    for place in (end + 2, end + 3):
        if {*tokens[place : place + 1]} & (PEOPLE | PETS) and not name_at(tokens, place + 1):
            yield from _called(" ".join(tokens[end + 1 : place]), tokens[place], name)
            return


def _described(tokens: Words, start: int, end: int, name: str) -> Iterator[Pair]:
    """ "Mrs Eastwood, my old teacher"."""
    after = tokens[end : end + 2]
    if len(after) == 2 and after[0] == "," and after[1].lower() in OWN:
        stop = end + 2
        while stop < len(tokens) and is_word(tokens[stop]) and tokens[stop] not in PREPOSITIONS:
            stop += 1
        whole = start == 0 or not name_at(tokens, start - 1)
        said = [w.lower() for w in tokens[end + 2 : stop]]
        role = not {*said[:-1]} & PEOPLE and said and may_be_noun(said[-1])
        if whole and role and said[-1] not in MANNER and 2 <= stop - end - 1 <= 5:
            yield f"Who is {name}?", f"{name} is {flip(tokens[end + 1 : stop])}."


def _aged(tokens: Words, end: int, name: str) -> Iterator[Pair]:
    """ "Olive, 11, wants to ...", "Olive (11)"."""
    after = tokens[end : end + 3]
    inside = re.fullmatch(r"\((\d{1,2})\)", after[0]) if after else None
    listed = len(after) > 1 and after[0] == "," and re.fullmatch(r"\d{1,2}", after[1])
    if inside or (listed and after[2:] and after[2] in (",", ".", "!", ")")):
        yield f"How old is {name}?", f"{name} is {inside[1] if inside else after[1]}."


def _place_named(tokens: Words, start: int, end: int, name: str) -> Iterator[Pair]:
    """ "a print shop, Tinta Fresca": what a thing is called."""
    closed = end == len(tokens) or tokens[end] in (",", ".", "!", ";", "and")
    if start < 3 or tokens[start - 1] != "," or not closed:
        return
    for back in range(start - 2, max(-1, start - 6), -1):
        word = tokens[back].lower()
        noun = [w.lower() for w in tokens[back + 1 : start - 1]]
        if word in ("a", "an", "the", *OWN):
            said_of = tokens[back - 1].lower() in BE  # "he is a good egg, Leopold"
            said_of = said_of or bool(
                noun and kind_of((noun[-1],)) == "vehicle"
            )  # "my car, a Corsa"
            if noun and not said_of and not {*noun} & PEOPLE and may_be_noun(noun[-1]):
                thing = " ".join((word if word in OWN else "the", *noun))
                yield f"What is {thing} called?", f"{flip((thing,)).capitalize()} is called {name}."
            return
        if not is_word(word) or word in PREPOSITIONS:
            return
