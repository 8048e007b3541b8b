"""Who somebody is of whom something is told, asked with a part of it and in other tenses.

    Dad's going to pick me up from the station -> who will pick me up from the station
    My boss Helena is retiring in December     -> who is retiring
    Noor hates cilantro and olives             -> who hates olives
    The boiler costs 940 euros                 -> what costs 940 euros

Knows one clause, names and pronouns already resolved; questions.py asks with the whole of it.
"""

from collections.abc import Iterator

from lemminflect import getInflection

from agent.grammar.being import Pair
from agent.grammar.clauses import Clause
from agent.grammar.kinds import is_price
from agent.grammar.turning import answer_of, is_person, question
from agent.grammar.words import BE, SPEAKERS, Words, has_form, is_plural, name_at

ALONE = frozenset("snore drive smoke drink swim sing dance cook ski bake knit paint climb".split())
_TASTES = frozenset("love like hate adore dislike detest enjoy collect speak play".split())


def from_what(clause: Clause) -> Iterator[Pair]:
    """Who or what it is, asked from what is said of them."""
    if clause.subject in SPEAKERS or clause.subject == ("there",):
        return
    if clause.negated:
        yield from _who_not(clause)
    elif is_person(clause.subject):
        yield from _who_is(clause)
        yield from _who_will(clause)
        yield from _who_alone(clause)
        yield from _who_of_several(clause)
    elif clause.lemma == "cost" and clause.parts and is_price(clause.parts[0].words):
        past = has_form(clause.verb[0], "VBD") and clause.verb[0] == "cost" and not is_plural(
            clause.subject
        )  # fmt: skip
        verb = "cost" if past or clause.before else "costs"
        if not clause.before and clause.parts[0].head not in ("me", "us"):
            yield question(f"what {verb} {' '.join(clause.parts[0].words)}"), answer_of(clause)


def _who_will(clause: Clause) -> Iterator[Pair]:
    """ "is going to pick me up", asked in the other ways to speak of what will be."""
    if clause.before not in (("is",), ("are",)) or clause.verb[:2] != ("going", "to"):
        return
    if clause.lost & {w.lower() for w in clause.tail} or not clause.verb[2:]:
        return
    verb, answer = clause.verb[2:], answer_of(clause)
    first = _first(clause)
    going = getInflection(verb[0], "VBG")
    yield question(f"who will {' '.join((*verb, *first))}"), answer
    if first and going and verb[0] != "be":
        yield question(f"who is {' '.join((going[0], *verb[1:], *first))}"), answer


def _who_not(clause: Clause) -> Iterator[Pair]:
    """ "can't stand loud music": who can't."""
    obj = clause.parts[0] if clause.parts else None
    helper = clause.before[0] if clause.before[1:] == ("not",) else ""
    short = {"can": "can't", "does": "doesn't", "do": "doesn't"}.get(helper)
    if not short or not is_person(clause.subject) or not clause.verb:
        return
    lost = {w.lower() for w in clause.tail} & clause.lost
    if (
        lost
        or clause.verb[1:]
        or (obj and obj.kind != "object")
        or not (obj or clause.lemma in ALONE)
    ):
        return
    what = " ".join(obj.words) if obj else ""
    yield question(f"who {short} {clause.lemma} {what}"), answer_of(clause)


def _who_is(clause: Clause) -> Iterator[Pair]:
    """ "is from Osaka": who."""
    first = clause.parts[0] if clause.parts else None
    named = first and first.words[1:] and name_at((",", *first.words[1:]), 1) == first.words[1:]
    if clause.is_copula and clause.before[0] in ("is", "are") and first and named:
        if first.kind == "prep" and first.head in ("from", "in"):
            yield question(f"who is {' '.join(first.words)}"), answer_of(clause)


def _first(clause: Clause) -> Words:
    """The object, or the first piece, with which "who" asks."""
    return clause.parts[0].words if clause.parts and clause.parts[0].kind != "time" else ()


def _who_alone(clause: Clause) -> Iterator[Pair]:
    """ "is retiring in December": who is."""
    going = clause.before[:1] and clause.before[0] in BE and clause.verb
    doing = going and has_form(clause.verb[0], "VBG")
    times = [part for part in clause.parts if part.kind == "time"]
    if not doing or clause.verb[1:] or not times or len(times) < len(clause.parts):
        return
    verb = "is" if clause.before[0] in ("is", "are") else "was"
    yield question(f"who {verb} {clause.verb[0]}"), answer_of(clause)
    yield question(f"who {verb} {clause.verb[0]} {' '.join(times[0].words)}"), answer_of(clause)


def _who_of_several(clause: Clause) -> Iterator[Pair]:
    """ "hates cilantro and olives": who hates the one, who the other."""
    obj = clause.parts[0] if clause.parts else None
    if clause.lemma not in _TASTES or clause.before or not obj or obj.kind != "object":
        return
    words = obj.words
    if len(words) != 3 or words[1] != "and":
        return
    verb = (
        getInflection(clause.lemma, "VBZ")[0] if clause.verb == (clause.lemma,) else clause.verb[0]
    )
    for one in (words[0], words[2]):
        yield question(f"who {verb} {one}"), answer_of(clause)
