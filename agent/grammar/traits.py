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
from agent.grammar.words import DAYS, DETERMINERS, MONTHS, SPEAKERS, Words, has_form, is_plural

_LISTS = read_kinds(Path(__file__).with_name("traits.txt").read_text(encoding="utf-8"))[1]
_HAVING = frozenset("buy get have own drive ride inherit order adopt use wear".split())
_KEEPING = frozenset("have own drive ride use wear".split())
_DONE = frozenset(("have", "has"))  # "have bought"
_GOODS = ("vehicle", "instrument", "clothes")
_USED = frozenset("second-hand secondhand used vintage antique pre-owned refurbished".split())
_UNUSED = frozenset("new brand-new".split())


def traits(clause: Clause) -> Iterator[Pair]:
    """What can be asked of a thing that is had, by the words before its noun."""
    obj = clause.parts[0] if clause.parts else None
    mine = clause.subject in SPEAKERS
    had = clause.lemma in _HAVING and len(clause.verb) == 1 and not clause.negated
    if not had or not obj or obj.kind != "object" or not (mine or is_person(clause.subject)):
        return
    if clause.before and clause.before[0] not in _DONE:
        return
    owned = clause.lemma in _KEEPING
    if owned and has_form(clause.verb[0], "VBD"):
        return  # "I had a red bike": it may be gone
    found = described(obj.words)
    if not found or not (mine or owned):
        return
    noun, words = found
    whose = f"{possessive(tuple(asked_subject(clause).split()))} {noun}"
    if clause.subject == ("we",):
        whose = f"my {noun}"
    answer = answer_of(clause)
    be = "are" if is_plural((noun.split()[-1],)) else "is"
    for asked in _asked(words, noun, whose, be):
        yield question(asked), answer
    if mine and clause.lemma != "order":
        article = "any" if be == "are" else "an" if noun[0] in "aeiou" else "a"
        yield question(f"do I have {article} {noun}"), confirmed(answer)
    if mine and words and clause.lemma in ("buy", "get"):
        yield question(f"which {noun} did I {clause.lemma}"), answer
        yield question(f"what {noun} do I have"), answer


def described(words: Words) -> tuple[str, Words] | None:
    """The noun of "a blue Bianchi bike" and what stands before it; None where it is no such thing."""
    first, *inner = (
        words if words[0].lower() in DETERMINERS or not is_plural(words) else ("some", *words)
    )
    if first.lower() not in ("a", "an", "my", "our", "some", "new", "his", "her") or len(inner) < 1:
        return None
    if "of" in inner or "and" in inner:
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
