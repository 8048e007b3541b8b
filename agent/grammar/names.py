"""What people, animals and places are called: "my brother Duarte", "a dog called Rex".

Knows neighbouring words; no clauses.
"""

import re
from collections.abc import Iterator, Sequence

from agent.grammar.called import thing_named
from agent.grammar.holding import owner_of
from agent.grammar.kin import kin_of
from agent.grammar.kinds import KINDS
from agent.grammar.parts import MANNER
from agent.grammar.several import listed_at, of_each
from agent.grammar.turning import confirmed, flip
from agent.grammar.undone import is_undone
from agent.grammar.whether import OVER, asked_of
from agent.grammar.words import (
    AUX,
    BE,
    BREAKS,
    DETERMINERS,
    OWN,
    PREPOSITIONS,
    STOPS,
    TITLES,
    Words,
    is_plural,
    is_word,
    lemma_of,
    may_be_noun,
    name_at,
)
from agent.topics import PEOPLE, PETS

Pair = tuple[str, str]
_ALONE = frozenset("twin eldest oldest youngest".split())
BY_AGE = frozenset("little big older younger elder new teenage grown-up".split())
_WHICH_ONE = BY_AGE | {"late", "twin", "only"}


def names(tokens: Words) -> Iterator[Pair]:
    """Who is who, and what is called what."""
    for place, token in enumerate(tokens):
        if token in TITLES and name_at(tokens, place + 1):
            continue  # "Doctor Lund" is nobody's doctor yet
        if (name := name_at(tokens, place)) and name[-1].lower() not in KINDS["nationality"]:
            end, spoken = place + len(name), " ".join(name)
            yield from _described(tokens, place, end, spoken)
            yield from _is_mine(tokens, place, end, spoken)
            yield from _aged(tokens, end, spoken)
            yield from thing_named(tokens, place, spoken)
        elif _may_be_named(tokens, place):
            yield from _noun_named(tokens, place, token.lower())


def _still_so(tokens: Words, end: int, pairs: Iterator[Pair]) -> Iterator[Pair]:
    """The pairs, their answers with the "now" that stands behind the name."""
    closed = (tokens[end + 1 : end + 2] or (".",))[0].lower() in BREAKS | {"and"}
    now = " now" if tokens[end : end + 1] == ("now",) and closed else ""
    for question, answer in pairs:
        yield question, f"{answer.removesuffix('.')}{now}."


def _is_gone(tokens: Words, end: int) -> bool:
    """ "my hamster Peaches died", "a puppy called Miso, we gave him back"."""
    behind = tokens[end : end + 3]
    if is_undone(tokens, end):
        return True
    return bool({*behind[:2]} & {"died", "passed"}) or behind[:2] == ("is", "dead")


def _may_be_named(tokens: Words, place: int) -> bool:
    word = tokens[place].lower()
    if {word, word.removesuffix("s")} & (PEOPLE | PETS | KINDS["pet"]):
        return True
    mine = place > 0 and tokens[place - 1].lower() in OWN
    return mine and is_word(word) and may_be_noun(word) and word not in PREPOSITIONS | DETERMINERS


def _noun_named(tokens: Words, place: int, noun: str) -> Iterator[Pair]:
    """ "my brother Duarte", "my friends Ana and Liv", "a canary by the name of Tosca"."""
    owner = owner_of(tokens, place)
    start = _where_named(tokens, place, noun)
    name = name_at(tokens, start)
    owned = name and name[-1].endswith("'s") and name[0] not in ("St", "Saint")
    owned = owned or _is_nickname(tokens, place)
    owned = owned or (len(name) == 1 and name[0].lower() in KINDS["nationality"])
    if owner is None or not name or owned:
        return
    spoken, yours = " ".join(name), flip((owner,))
    if not is_plural((noun,)) and (not noun.endswith("s") or noun.endswith("ss")):
        gone = asked_of(noun) if _is_gone(tokens, start + len(name)) else []
        given = _called(owner, noun, spoken)
        so = (p for p in given if not gone or not (p[0] in gone or "pet" in p[0].split()))
        yield from _still_so(tokens, start + len(name), so)
        if owner.split()[1:2] and owner.split()[1] in _ALONE:  # "What is my youngest called?"
            yield from _called(owner.split()[0], owner.split()[1], spoken)
        if is_only(owner.split(), noun, tokens):
            alone = _called(owner.split()[0], noun, spoken)
            over = asked_of(noun) if gone or {*owner.split()} & OVER else []
            alone = (pair for pair in alone if pair[0] not in over)
            for question, answer in _still_so(tokens, start + len(name), alone):
                yield question, answer.replace(f"our {noun}", f"our {owner.split()[1]} {noun}")
        if {*tokens} & (KINDS["breed"] | {"dogs"}) == {noun} and owner in OWN:
            yield f"What is {owner} dog called?", f"Your dog is called {spoken}."
    elif (listed := listed_at(tokens, start)) and tokens[place - 2 : place - 1] == ("of",):
        yield from of_each(owner, noun, listed)  # "two of my brothers, Ali and Ben"
    elif listed:
        both = listed.together
        called = f"{yours.capitalize()} {noun} are called {both}."
        yield f"What are {owner} {noun} called?", called
        if owner in OWN:
            for asked in asked_of(noun):
                yield asked, confirmed(called)
        yield f"Who are {both}?", f"{both} are {yours} {noun}."
        if noun.removesuffix("s") in PEOPLE or noun in PEOPLE:
            yield f"Who are {owner} {noun}?", called
        yield f"What are the names of {owner} {noun}?", called
        yield from of_each(owner, noun, listed)
        if noun.removesuffix("s") in KINDS["pet"] and "'s" not in owner:
            have = "do we have" if owner.startswith("our") else "do I have"
            yield f"Which pets {have}?", called


def _is_nickname(tokens: Words, place: int) -> bool:
    """ "the kids call my husband Captain", "I wanted to name my son Thor"; not "call my aunt Odile"."""
    who, verb = (*(w.lower() for w in tokens[max(0, place - 3) : place - 1]), "", "")[:2]
    phoned = who in (*STOPS, ",", "to", "i", "we", "and") or who in AUX
    wanted = " ".join(w.lower() for w in tokens[max(0, place - 5) : place - 2])
    meant = wanted.endswith(
        ("wanted to", "was going to", "were going to", "would have", "could have", "should have")
    )
    return lemma_of(verb) in ("call", "nickname", "name") and (meant or not phoned)


def is_only(owner: Sequence[str], noun: str, tokens: Words) -> bool:
    """Whether "my little sister" can be asked for as my sister: no other is spoken of."""
    alone = not {f"{noun}s"} & {*tokens} and tokens.count(noun) == 1
    return len(owner) == 2 and owner[0] in OWN and owner[1] in _WHICH_ONE and alone


def _where_named(tokens: Words, place: int, noun: str) -> int:
    """Where the name behind a noun would begin."""
    after = place + 1
    close = bool({noun, noun.removesuffix("s")} & (PEOPLE | PETS | KINDS["pet"]))
    for link in (("called",), ("named",), (",", "called"), (",", "named"),
                 ("by", "the", "name", "of"), ("of", "mine", ","), ("is", "called"),
                 ("are", "called"), ("are", "named")):  # fmt: skip
        if tokens[after : after + len(link)] == link:
            before = {*tokens[max(0, place - 2) : place - 1]}
            if link[0] in BE and before & PREPOSITIONS:
                return len(tokens)  # "who operated on my hip is called Ida"
            return after + len(link)
    if tokens[after : after + 1] == ("is",) and close:
        return after + 1
    which = place > 1 and tokens[place - 1].lower() in _WHICH_ONE  # "a little brother, Tom"
    mine = place > 0 and tokens[place - 1 - which].lower() in OWN | {"a", "an", "one"}
    listed = close and listed_at(tokens, after + 1)
    if tokens[after : after + 1] in ((":",), ("-",), ("–",), ("are",)) and listed:
        return after + 1
    return (
        after + 1 if tokens[after : after + 1] == (",",) and (listed or close and mine) else after
    )


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
    if not {*owner.split()} & OVER:
        for asked in asked_of(noun):
            yield asked, f"Yes, your {yours.split(' ', 1)[1]} is {name}."
    if pet or noun in PEOPLE | KINDS["person"]:  # else who knows which of both
        yield f"{'What' if pet else 'Who'} is {name}?", f"{name} is {yours}."
    if noun in KINDS["pet"]:
        have = "do we have" if owner.startswith("our") else "do I have"
        yield f"Which pet {have}?", f"{name} is {yours}."
        yield f"What pet {have}?", f"{name} is {yours}."
    if noun in KINDS["breed"]:
        yield f"What breed is {name}?", f"{name} is {yours}."
    if pet:
        yield f"What kind of animal is {name}?", f"{name} is {yours}."


def _is_mine(tokens: Words, start: int, end: int, name: str) -> Iterator[Pair]:
    """ "Pudim is my cat", "Faith is our youngest daughter"."""
    first = start == 0 or tokens[start - 1] in STOPS
    behind = tokens[end + 1 : end + 4]
    if behind[:1] == ("the",) and {*behind[1:2]} & PETS and {*behind[2:]} <= {*STOPS}:
        tokens = (*tokens[: end + 1], "my", *tokens[end + 2 :])  # "Rex is the dog."
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
        where = tokens[start - 1 : start] in (("in",), ("at",), ("near",))
        said = [w.lower() for w in tokens[end + 2 : stop]]
        role = not {*said[:-1]} & PEOPLE and said and may_be_noun(said[-1])
        role = role and not {*said} & (AUX | DETERMINERS | {"says", "said"})
        role = role and not (where and {*said} & PEOPLE)  # "my dad lives in Bath, my mum in Wells"
        if whole and role and said[-1] not in MANNER and 2 <= stop - end - 1 <= 5:
            yield f"Who is {name}?", f"{name} is {flip(tokens[end + 1 : stop])}."
            if (
                len(said) == 1 and said[0] in PEOPLE | PETS and not is_plural((said[0],))
            ):  # "Rex, my dog, barks"
                yield from _called(tokens[end + 1].lower(), said[-1], name)


def _aged(tokens: Words, end: int, name: str) -> Iterator[Pair]:
    """ "Olive, 11, wants to ...", "Olive (11)"."""
    after = tokens[end : end + 3]
    inside = re.fullmatch(r"\((\d{1,2})\)", after[0]) if after else None
    listed = len(after) > 1 and after[0] == "," and re.fullmatch(r"\d{1,2}", after[1])
    if inside or (listed and after[2:] and after[2] in (",", ".", "!", ")")):
        yield f"How old is {name}?", f"{name} is {inside[1] if inside else after[1]}."
