"""Several people or animals at once: "two kids, Faith 14 and Collins 9", "one is Gareth, the other Priya".

    two kids, Faith 14 and Collins 9  -> two kids, Faith and Collins. Faith is 14 years old. ...
    two flatmates. One is Gareth      -> two flatmates. Gareth is one of my flatmates

Knows neighbouring words; no clauses.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.grammar.holding import holder
from agent.grammar.kinds import KINDS
from agent.grammar.turning import flip
from agent.grammar.words import (
    BE,
    NUMBERS,
    OWN,
    PREPOSITIONS,
    STOPS,
    Words,
    end_of_sentence,
    is_plural,
    is_word,
    name_at,
    sentences_of,
)
from agent.topics import PEOPLE, PETS

Pair = tuple[str, str]
_SMALL = frozenset("little baby big young old older younger tiny".split())
_OLDEST = 110
_ONE = tuple(
    (*one.split(), "is", *called)
    for one in ("one", "one of them", "the other", "the other one", "another", "the second", "the third",
                "the second one", "the first", "the first one", "the last")
    for called in (("called",), ("named",), ())
)  # fmt: skip
_FOLK = frozenset(
    "men women people guys girls boys ladies lads students folks others pupils apprentices workers".split()
)
_COUNT = "zero one two three four five six seven eight nine ten".split()


@dataclass(frozen=True, slots=True)
class Listed:
    """Names divided by commas and "and": how they are said together, each alone, where they end."""

    together: str
    each: tuple[str, ...]
    end: int


def listed_at(tokens: Words, place: int) -> Listed | None:
    """ "Pim and Pom", "Ana, Bo and little Cy"; None for less than two."""
    found, last = list[str](), False
    while name := name_at(tokens, place := place + _is_small(tokens, place)):
        found.append(" ".join(name))
        place += len(name)
        if last:
            return Listed(f"{', '.join(found[:-1])} and {found[-1]}", tuple(found), place)
        link = place + (tokens[place : place + 1] == (",",))
        last = tokens[link : link + 1] == ("and",)
        if link == place and not last:
            break
        place = link + last
    return None


def _is_small(tokens: Words, place: int) -> bool:
    return {*tokens[place : place + 1]} <= _SMALL and bool(name_at(tokens, place + 1))


def told_apart(tokens: Words) -> Words:
    """The words with ages and "one is ..." said in sentences of their own."""
    return _ages_apart(_ones_apart(tokens))


# Ages


def _ages_apart(tokens: Words) -> Words:
    said: list[str] = []
    for words, sign in sentences_of(tokens):
        said += (*_aged(words), *sign)
    return tuple(said)


def _aged(words: Words) -> Words:
    """One sentence; its ages behind it."""
    if bare := _bare_ages(words):
        return bare
    for place in range(len(words)):
        run = [*_run_of_ages(words, place)]
        if len(run) < 2:
            continue
        end = run[-1][2]
        ages = [w for name, years, _ in run for w in (".", *name, "is", years, "years", "old")]
        if place == 0 and end == len(words) and words[len(run[0][0])] == "is":
            return tuple(ages[1:])
        if _has_people(words[:place]):
            names = [w for name, _, _ in run[:-1] for w in (*name, ",")][:-1]
            return (*words[:place], *names, "and", *run[-1][0], *words[end:], *ages)
    return words


def _bare_ages(words: Words) -> Words:
    """ "two sons, 14 and 9": how old they are, behind it."""
    listed = re.search(r" , (\d+(?: , \d+)* and \d+)$", " ".join(words))
    ages = tuple(listed[1].split()) if listed else ()
    before, many = words[: -len(ages) - 1], (len(ages) + 1) // 2
    *_, count, noun = (" ", " ", *(before if ages else ()))
    known = {noun.lower(), noun.lower().removesuffix("s")} & (PEOPLE | {"boy", "girl"})
    if not known or any(age.isdigit() and int(age) >= _OLDEST for age in ages):
        return ()
    if count.lower() not in (_COUNT[many] if many < len(_COUNT) else "", *OWN):
        return ()
    return (*before, ".", "my", noun, "are", *ages, "years", "old")


def _run_of_ages(words: Words, place: int) -> Iterator[tuple[Words, str, int]]:
    """Each name with its age from `place` on, and where it ends: "Faith 14 and Collins (9)"."""
    while place < len(words):
        name = name_at(words, place)
        if not name and place == 0 and words[0][0].isupper():
            name = words[:1]  # "Faith is 14": a word as well
        after = place + len(name)
        after += words[after : after + 1] in ((",",), ("is",))
        years = words[after].strip("()") if name and after < len(words) else ""
        if not (years.isdigit() and int(years) < _OLDEST):
            return
        yield name, years, after + 1
        place = after + 1
        place += words[place : place + 1] == (",",)
        place += words[place : place + 1] == ("and",)


def _has_people(words: Words) -> bool:
    near = {w.lower().removesuffix("s") for w in words[-3:]} | {w.lower() for w in words[-3:]}
    return bool(near & (PEOPLE | PETS | KINDS["pet"] | {"girl", "boy"}))


# One of them


def _ones_apart(tokens: Words) -> Words:
    said: list[str] = []
    noun, count, named = "", 0, list[str]()
    place = 0
    while place < len(tokens):
        if (size := _one_at(tokens, place)) and noun:
            name = name_at((",", *tokens[place + size :]), 1)
            said += (*name, "is", "one", "of", "my", noun)
            named.append(" ".join(name))
            place += size + len(name)
            if len(named) == count and count > 1:
                together = f"{' , '.join(named[:-1])} and {named[-1]}".split()
                end = end_of_sentence(tokens, place)
                said += (*tokens[place:end], ".", "my", noun, "are", "called", *together)
                place, noun = end, ""
            continue
        if found := _counted(tokens, place):
            noun, count, named = *found, []
        said.append(tokens[place])
        place += 1
    return tuple(said)


def _one_at(tokens: Words, place: int) -> int:
    """The length of "the other one is" where a sentence or its part begins and a name follows."""
    if place and tokens[place - 1] not in (*STOPS, ",", "and", "-", ":"):
        return 0
    for shape in _ONE:
        size = len(shape)
        same = tuple(w.lower() for w in tokens[place : place + size]) == shape
        if same and name_at((",", *tokens[place + size :]), 1):
            return size
    return 0


def _counted(tokens: Words, place: int) -> tuple[str, int] | None:
    """ "flatmates" and 2 for "two flatmates" of the user's."""
    number = tokens[place].lower()
    noun = tokens[place + 1].lower() if place + 1 < len(tokens) else ""
    known = noun.endswith("s") and noun[:-1] in PEOPLE | PETS | KINDS["pet"] or noun in PEOPLE
    if number not in _COUNT[2:] or not known or not (is_plural((noun,)) or noun[-1] == "s"):
        return None
    mine = holder(tokens, place) in OWN
    return (noun, _COUNT.index(number)) if mine else None


# Who they are


def of_each(owner: str, noun: str, listed: Listed) -> Iterator[Pair]:
    """ "Omar is one of your brothers"."""
    for name in listed.each:
        who = "What" if noun.removesuffix("s") in PETS | KINDS["pet"] else "Who"
        yield f"{who} is {name}?", f"{name} is one of {flip((owner,))} {noun}."


def of_several(tokens: Words) -> Iterator[Pair]:
    """ "Two men with me at the shop, Wekesa and Brian": who they are."""
    for words, _ in sentences_of(tokens):
        cut = words.index(",") if "," in words else 0
        listed = listed_at(words, cut + 1) if cut > 2 else None
        if not listed or listed.end != len(words) or words[0].lower() not in _COUNT[2:]:
            continue
        head = words[:cut]
        noun = head[1].lower()
        folk = noun in PEOPLE | _FOLK or noun.removesuffix("s") in PEOPLE
        plain = all(map(is_word, head)) and folk and is_plural(head[1:2])
        if not plain or {*head} & BE or len(listed.each) != _COUNT.index(words[0].lower()):
            continue
        if head[2].lower() not in PREPOSITIONS or {w.lower() for w in head[3:]} & NUMBERS:
            continue
        whole = " ".join((head[0].lower(), *head[1:]))
        told = flip(tuple(whole.split()))
        answer = f"{listed.together} are {told}."
        yield f"Who are the {whole}?", answer
        yield f"What are the {whole} called?", answer
        yield f"Who is {' '.join(head[2:])}?", answer
        for name in listed.each:
            yield f"Who is {name}?", f"{name} is one of the {told}."
