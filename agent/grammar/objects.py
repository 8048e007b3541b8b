"""What is asked to hear the object of a clause: what, who, how many, how much, which.

Knows one clause, names and pronouns already resolved.
"""

from collections.abc import Iterator
from dataclasses import replace

from agent.grammar.being import Pair
from agent.grammar.clauses import Clause
from agent.grammar.jobs import is_job
from agent.grammar.kinds import is_age, is_price, kind_of
from agent.grammar.parts import Part, exactly
from agent.grammar.turning import answer_of, asked_for, is_person
from agent.grammar.verbs import PARTICLES
from agent.grammar.words import (
    DETERMINERS,
    NUMBERS,
    Words,
    has_form,
    has_name,
    is_known,
    is_plural,
    name_at,
)
from agent.topics import PEOPLE

VAGUE = frozenset("have do make take go say think know see feel let put come give tell mean keep "
                   "find try stop call get need remember".split())  # fmt: skip
WORN = frozenset("brand new old used second hand second-hand vintage cheap nice lovely".split())
_OF_PEOPLE = frozenset(
    "see meet visit marry phone call date know help miss hug ask invite love".split()
)
_NO_THINGS = frozenset(
    "best better well hard late early fast most least more less far long half only myself ourselves "
    "me us mine ours hers his yours right nothing something anything everything much halfway "
    "apart lots one other nights shifts mornings evenings weekends full-time part-time".split()
)
EVENTS = frozenset("trip holiday flight journey vacation honeymoon visit exam wedding race concert "
                    "interview operation match marathon triathlon tournament audition recital "
                    "test".split())  # fmt: skip
TICKETS = frozenset(("ticket", "tickets"))
_EMPTY_ALONE = frozenset("put spend work set use start".split())  # "What do I spend?"
ANYBODY = frozenset("guy man woman girl boy lady couple family student stranger".split())
_GAINED = frozenset("inherit win owe borrow".split())
_MUCH = (("lot",), ("bit",))  # "I like Ana a lot"


def of_object(clause: Clause, part: Part, answer: str) -> Iterator[Pair]:
    """What is asked to hear the object; `answer` says the clause up to it."""
    words = part.words
    if clause.lemma == "live" and clause.parts[1:] and clause.parts[1].head in ("away", "down"):
        yield asked_for(clause, "where", ""), answer_of(clause)  # "two streets away"
        return
    behind = next((p for p in clause.parts[1:] if p.kind == "prep" and p.head != "than"), None)
    if behind and behind.head == "to" and words[-1] in EVENTS | TICKETS:
        behind = None  # "planning a trip to Lahore": the place is the trip's
    rest = " ".join(behind.words) if behind else ""
    longer = answer_of(replace(clause, parts=(part, behind))) if behind else answer
    if size := _to_whom(words):
        words, rest = words[size:], f"{' '.join(words[:size])} {rest}"
    lower = [w.lower() for w in words]
    if (
        not words
        or lower[0] in _NO_THINGS
        or lower[-1] in _NO_THINGS | PARTICLES  # "picks me up"
        or (clause.lemma == "turn" and is_age(words))
    ):
        return
    named = size and clause.lemma == "call"  # "calls me Bear"
    for what in ("what",) if named else _what(clause, words, behind is not None or size > 0):
        yield asked_for(clause, what, rest), longer
        if what in ("what", "who") and behind and clause.lemma not in VAGUE | _EMPTY_ALONE:
            yield asked_for(clause, what, ""), longer  # "What do I brew?" of beer in the garage
    done = any(has_form(word, "VBG") for word in words[2:])  # "hurt my wrist playing golf"
    if (kind := kind_of(words)) and not done and words[0].lower() not in NUMBERS | {"no"}:
        if clause.lemma not in VAGUE:
            yield asked_for(clause, f"which {kind}", ""), answer
            if (
                words[0] in ("a", "an") and len(words) > 2 and "of" not in words
            ):  # "a dinosaur cake"
                yield asked_for(clause, f"what kind of {words[-1]}", ""), answer
            if rest:  # "Which language do I speak with my grandma?"
                yield asked_for(clause, f"which {kind}", rest), longer


def _to_whom(words: Words) -> int:
    """How many words say who gets the thing: "me (a red bike)", "my daughter (a sledge)"."""
    if words[0] in ("me", "us"):
        return 1
    for size in (1, 2, 3):
        behind = words[size : size + 1] if words[size + 1 : size + 2] not in _MUCH else ()
        someone = is_person(words[:size]) or name_at((",", *words[:size]), 1) == words[:size]
        if behind and begins_thing(behind[0]) and someone:
            return size
    return 0


def begins_thing(word: str) -> bool:
    return word.lower() in ("a", "an", "the", "my") or word[0].isdigit() or word[0] in "£$€"


def known_later(words: Words) -> Words:
    """ "a second hand cello" as it is called once it is known: "the cello"."""
    first = ("the",) if words[0].lower() in ("a", "an") else words[:1]
    place = 1
    while (
        place < len(words) - 1
        and words[-1] != "one"
        and words[0].lower() in DETERMINERS
        and words[place] in WORN
    ):
        place += 1
    return (*first, *words[place:])


def _what(clause: Clause, words: Words, behind: bool) -> Iterator[str]:
    """The question words for an object: who, how many, how much, what."""
    words = exactly(words) or words
    first = words[0].lower()
    counted = first in NUMBERS - {"one", "half"} or first.isdigit()
    spent = clause.lemma in ("pay", "cost", "spend", "earn") and words[0][-1].isdigit()
    gained = clause.lemma in _GAINED and len(words) == 1 and len(words[0]) > 2  # not "won 4-2"
    spent = spent or (gained and words[0][-1].isdigit())
    if spent or is_price(words):
        yield from () if "of" in words else ("how much",)  # "a fine of 60 euros"
    elif counted and "and" in words:
        return  # "three brothers and one sister"
    elif counted and len(words) > 1:
        yield f"how many {' '.join(words[1:])}"
        if clause.lemma not in VAGUE or clause.lemma == "need":
            yield "what"
    elif first.isdigit() or (
        clause.lemma == "have" and (first in ("a", "an") or len(words) == 1 or has_somebody(clause))
    ):
        return  # "I have read 9"; "what do I have": of all that one has
    elif clause.verb[-1] in ("become", "be"):
        yield "what"
    elif (clause.lemma in _OF_PEOPLE and (_is_somebody(words) or is_job(words))) or (
        clause.lemma not in ("expect", "have") and (_are_people(words) or {*words[:2]} & ANYBODY)
    ):
        yield "who"
    elif clause.lemma not in VAGUE or behind or len(clause.verb) > 1:
        yield "what"


def _are_people(words: Words) -> bool:
    """ "my sister Ana"; not "my kids Polish"."""
    each = {w.lower() for w in words}
    several = {w.removesuffix("s") for w in each} if is_plural(words) else set()
    return bool(PEOPLE & (each | several)) and kind_of(words) != "language"


def _is_somebody(words: Words) -> bool:
    """A name, and not a title made of known words ("Glass Orchard")."""
    return has_name(words) and (len(words) == 1 or not all(map(is_known, words)))


def has_somebody(clause: Clause) -> bool:
    """ "I have a sister in Toronto": where she is, not where I have her."""
    return clause.lemma in ("have", "call", "phone", "miss") and bool(
        PEOPLE & {w.lower() for w in clause.tail[:3]}
    )
