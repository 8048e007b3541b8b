"""What a thing is like that somebody has or got: its make, its colour, what it is made of, how old.

    I bought a blue Bianchi bike            -> what make, what colour is my bike
    we got a second-hand Yamaha piano       -> is my piano new or second-hand
    my sister drives a red Fiat             -> what colour is my sister's car

Knows one clause; a word that no list has is no trait, beside a name before the noun, which is a make.
"""

from collections.abc import Iterator
from pathlib import Path

from agent.grammar.being import Pair
from agent.grammar.clauses import Clause
from agent.grammar.kinds import KINDS, kind_of, read_kinds
from agent.grammar.turning import (
    answer_of,
    asked_subject,
    confirmed,
    is_person,
    possessive,
    question,
)
from agent.grammar.words import (
    DAYS,
    DETERMINERS,
    MONTHS,
    NUMBERS,
    SPEAKERS,
    Words,
    has_form,
    is_plural,
)

_LISTS = read_kinds(Path(__file__).with_name("traits.txt").read_text(encoding="utf-8"))[1]
_HAVING = frozenset("buy get have own drive ride inherit order adopt use wear".split())
_KEEPING = frozenset("have own drive ride use wear".split())
_DONE = frozenset(("have", "has"))  # "have bought"
_GOODS = ("vehicle", "instrument", "clothes")
_USED = frozenset("second-hand secondhand used vintage antique pre-owned refurbished".split())
_UNUSED = frozenset("new brand-new".split())


def traits(clause: Clause) -> Iterator[Pair]:
    """What can be asked of a thing that is had, by the words before its noun."""
    owner, thing = _owned(clause)
    found = described(thing) if thing else None
    if not found or clause.undone:
        return
    (noun, words), answer = found, answer_of(clause)
    be = "are" if is_plural((noun.split()[-1],)) else "is"
    for asked in _asked(words, noun, f"{owner} {noun}", be):
        yield question(asked), answer
    if owner == "my" and clause.lemma != "order":
        article = "any" if be == "are" else "an" if noun[0] in "aeiou" else "a"
        yield question(f"do I have {article} {noun}"), confirmed(answer)
    if clause.lemma == "give":
        yield question(f"where did I get my {noun}"), answer
        yield question(f"who gave me my {noun}"), answer
    elif owner == "my" and words and clause.lemma in ("buy", "get"):
        yield question(f"which {noun} did I {clause.lemma}"), answer
        yield question(f"what {noun} do I have"), answer


def _owned(clause: Clause) -> tuple[str, Words]:
    """Whose it is from now on, and the thing: "my" and "a blue bike"; nothing where it may be gone."""
    obj = clause.parts[0] if clause.parts else None
    if clause.negated or not obj or obj.kind != "object" or len(clause.verb) != 1:
        return "", ()
    past = has_form(clause.verb[0], "VBD")
    if is_person(clause.subject) and clause.subject not in SPEAKERS:
        if clause.lemma == "give" and past and obj.head == "me":
            return "my", obj.words[1:]
        owner = possessive(tuple(asked_subject(clause).split()))
        now = clause.lemma in _KEEPING and not clause.before and not past
        return (owner, obj.words) if now else ("", ())
    kept = clause.lemma in _HAVING and not (clause.lemma in _KEEPING and past)
    mine = clause.subject in SPEAKERS and (not clause.before or clause.before[0] in _DONE)
    return ("my", obj.words) if mine and kept else ("", ())


def described(words: Words) -> tuple[str, Words] | None:
    """The noun of "a blue Bianchi bike" and what stands before it; None where it is no such thing."""
    if words[0].lower() not in DETERMINERS:
        words = ("some", *words) if is_plural(words) and words[0].isalpha() else words
    first, *inner = words
    if first.lower() not in ("a", "an", "my", "our", "some", "new", "his", "her") or len(inner) < 1:
        return None
    if {"of", "and", *DETERMINERS, *NUMBERS} & {*inner}:  # "my mum a silk scarf"
        return None
    if {inner[-1].lower(), inner[-2].lower() if len(inner) > 1 else ""} & _LISTS["car_make"]:
        make = next(k for k, w in enumerate(inner) if w.lower() in _LISTS["car_make"])
        return "car", tuple(inner[: make + 1])
    noun = inner[-1]
    if not noun.islower() and noun not in ("TV", "PC"):
        return None
    if kind_of((noun,)).removesuffix("s") not in _GOODS and kind_of((noun,)) not in _GOODS:
        if not {noun, noun.removesuffix("s")} & _LISTS["goods"]:
            return None
    return noun, tuple(inner[:-1])


def _asked(words: Words, noun: str, whose: str, be: str) -> Iterator[str]:
    lower = [w.lower() for w in words]
    makes = [w for w in words if _is_make(w)]
    if makes:
        yield f"what make {be} {whose}"
        yield f"what brand {be} {whose}"
    if {*lower} & KINDS["colour"]:
        yield f"what colour {be} {whose}"
    if {*lower} & _LISTS["material"]:
        yield f"what {be} {whose} made of"
    used, hand = {*lower} & _USED, " ".join(lower)
    if used or "second hand" in hand:
        yield f"{be} {whose} new or second-hand"
    elif {*lower} & _UNUSED and makes:
        yield f"{be} {whose} new or second-hand"


def _is_make(word: str) -> bool:
    """A name before the noun: "Bianchi"; not "Italian", "Sunday"."""
    if not word[0].isupper() or word.lower() in MONTHS | DAYS | KINDS["nationality"]:
        return False
    return word.lower() not in KINDS["colour"] | KINDS["language"] | {"christmas", "easter"}
