"""Which questions a clause answers, and with what.

"X is Y" and "X does Y", each asked with one piece left out. Knows one clause at a time, names and
pronouns already resolved.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from lemminflect import getInflection

from agent.grammar.among import among
from agent.grammar.angles import angles
from agent.grammar.being import Pair, of_being
from agent.grammar.clauses import Clause
from agent.grammar.jobs import is_job
from agent.grammar.kinds import (
    KINDS,
    is_price,
    when_of,
)
from agent.grammar.moments import of_moment
from agent.grammar.parts import Part
from agent.grammar.pieces import of_event, of_piece
from agent.grammar.reasons import why
from agent.grammar.reverse import from_what
from agent.grammar.traits import traits
from agent.grammar.turning import (
    answer_of,
    asked_for,
    asked_subject,
    denied,
    flip,
    helper_of,
    is_person,
    names_someone,
    question,
)
from agent.grammar.whether import whether
from agent.grammar.words import (
    BE,
    HAVE,
    NUMBERS,
    OWN,
    PREPOSITIONS,
    SPEAKERS,
    TITLES,
    has_form,
    is_plural,
    may_be_noun,
    name_at,
)

_SAYING = frozenset("say think guess suppose believe bet swear wonder".split())
_GROUPS = frozenset("family team band choir class club crew couple".split())
_BODIES = frozenset(  # who gave me a grant: "what gave" is not how one asks
    "council bank garage school hospital clinic company firm agency insurance airline police court "
    "government shop university union vet".split()
)
_ALONE = frozenset("drive smoke drink swim sing dance cook ski fly work cycle read vote".split())


def questions(clause: Clause) -> Iterator[Pair]:
    """All questions that the clause answers."""
    if clause.verb[:1] in (("called",), ("named",)) and clause.subject[0] in ("a", "an"):
        return  # "A fish called Admiral" says who it is, not whom it called
    if clause.is_copula:
        yield from of_being(clause)
    elif clause.verb:
        yield from _of_doing(clause)
    yield from angles(clause)
    for sides in (from_what, why, of_moment, traits, whether):
        yield from sides(clause)
    own, count, *noun = (*clause.subject, "", "")
    if own in OWN and count in NUMBERS and is_plural(clause.subject):  # "my three sisters"
        yield question(f"how many {' '.join(noun)} do I have"), answer_of(clause)


def _of_doing(clause: Clause) -> Iterator[Pair]:
    """Questions about "X does Y"."""
    if clause.verb[0] in ("called", "named") and clause.before[:1] and clause.before[0] in BE:
        if clause.tail:
            yield from _of_name(clause, answer_of(clause))
        return
    if clause.lemma in _SAYING and not clause.negated:
        return  # what follows is another's clause
    if clause.lemma == "get" and clause.tail and has_form(clause.tail[0], "VBN"):
        return  # "got told"
    if "been" in clause.before and has_form(clause.verb[0], "VBN") or "being" in clause.tail[:1]:
        return  # "have been made manager", "hate being alone"
    first = clause.parts[0] if clause.parts else None
    obj = first if first and first.kind == "object" else None
    if clause.negated:
        yield from _refused(clause, obj)
    elif "be" in (clause.lemma, clause.verb[-1]) or (obj and _is_manner(clause, obj)):
        yield from _how_long(clause)
        if clause.verb[:3] == ("used", "to", "be") and obj and is_job(obj.words):
            for who in among(clause.subject):
                yield question(f"{who} {' '.join((*clause.verb, *clause.tail))}"), answer_of(clause)
    elif not (obj and {w.lower() for w in obj.words} & clause.lost):
        for part in clause.parts:
            yield from of_piece(clause, part, obj)
        yield from _of_whole(clause)


def _of_name(clause: Clause, answer: str) -> Iterator[Pair]:
    """ "My twins are called Hugo and Matilde"."""
    subject, be = asked_subject(clause), clause.before[0]
    if clause.tail[0] in PREPOSITIONS:
        return  # "is named after"
    if clause.subject == ("I",):
        yield "What is my name?", answer
        return
    known = is_person(clause.subject) or is_job(clause.subject)
    known = known or clause.subject[-1] in KINDS["person"]
    who = "who" if known or clause.tail[0] in TITLES else "what"
    yield question(f"what {be} {subject} called"), answer
    if clause.tail == name_at((",", *clause.tail), 1):
        yield question(f"{who} is {' '.join(clause.tail)}"), answer


def _is_manner(clause: Clause, obj: Part) -> bool:
    """Not a thing but how: "study best", "feel lonely", "turn white"."""
    last = obj.words[-1]
    if last.endswith(("-handed", "-footed")):
        return True
    if last.isdigit() or clause.lemma in ("feel", "become", "look", "seem", "stay", "sound"):
        return last.isalpha()
    return not may_be_noun(last) and not is_price(obj.words)


def _how_long(clause: Clause) -> Iterator[Pair]:
    """ "I have been a nurse for six years"."""
    rest = " ".join(w for part in clause.parts if part.kind != "time" for w in part.words)
    for part in clause.parts:
        if rest and not of_event(clause, part) and part.kind == "time" and (what := when_of(part)):
            yield asked_for(clause, what, rest), answer_of(clause)


def _refused(clause: Clause, obj: Part | None) -> Iterator[Pair]:
    """ "I do not eat meat", "I never drink"."""
    answer = answer_of(clause)
    if clause.lost & {w.lower() for part in clause.parts[:1] for w in part.words}:
        return  # "does not touch it"
    if not clause.tail and not clause.reason and clause.lemma not in _ALONE:
        return  # "a ham which I can't eat"
    helper = next((w for w in clause.before if w not in ("not", "never")), "") or helper_of(clause)
    subject, verb = asked_subject(clause), " ".join((clause.lemma, *clause.verb[1:]))
    verb = verb if helper not in BE | HAVE else " ".join(clause.verb)
    if any(part.kind == "time" and part.head in ("until", "till") for part in clause.parts):
        so = replace(clause, before=tuple(w for w in clause.before if w not in ("not", "never")))
        yield asked_for(so, "when", " ".join(obj.words) if obj else ""), answer
        return  # of "won't come until May" not "Will it come until May?"
    tail = re.sub(r"(?:^| )any ?(?:more|longer)(?: since .*)?$", "", " ".join(clause.tail))
    yield question(f"{helper} {subject} {verb} {tail}"), denied(answer)
    if clause.reason:
        because = f"{answer.rstrip('.')} {flip(clause.reason)}."
        yield question(f"why {helper} {subject} not {verb} {tail}"), because
        contracted = "can't" if helper == "can" else f"{helper}n't"
        yield question(f"why {contracted} {subject} {verb} {tail}"), because
    if obj and len(clause.parts) == 1 and not _is_manner(clause, obj):
        yield question(f"what {helper} {subject} not {verb}"), answer


def _of_whole(clause: Clause) -> Iterator[Pair]:
    """Why, who, and how many."""
    answer, tail = answer_of(clause), " ".join(clause.tail)
    lower = {w.lower() for w in clause.tail}
    verb = (*clause.before, *clause.verb)
    if clause.before[:1] in (("are",), ("were",), ("have",)):
        verb = ({"are": "is", "were": "was"}.get(verb[0], "has"), *verb[1:])
    elif not clause.before:
        verb = (_for_one(clause), *verb[1:])
    if clause.reason:
        yield asked_for(clause, "why", tail), f"{answer.rstrip('.')} {flip(clause.reason)}."
    if clause.subject[0].isdigit() or clause.subject[0] in NUMBERS - {"one"}:
        many = " ".join((*clause.subject[1:], *clause.before, *clause.verb))
        yield question(f"how many {many} {tail}"), answer
        if not is_person(clause.subject):
            return
    if not clause.tail or lower & clause.lost:
        return
    things = any(part.kind in ("object", "prep") for part in clause.parts)
    if is_person(clause.subject) and clause.subject != ("I",):
        if things and lower - {"me", "us"}:
            first = clause.parts[0]
            alone = first.kind in ("object", "prep") and first.head not in ("me", "us")
            alone = alone and (clause.lemma != "live" or first.kind == "prep")
            for who in ("who", *among(clause.subject)):
                yield question(f"{who} {' '.join(verb)} {tail}"), answer
                if len(clause.parts) > 1 and alone:
                    yield question(f"{who} {' '.join((*verb, *first.words))}"), answer
    elif (
        clause.subject[-1] in _GROUPS or clause.subject in SPEAKERS or names_someone(clause.subject)
    ):
        return
    elif lower & {"me", "us", "my", "our"} or (clause.subject[0] in OWN and _hits(clause)):
        who = "who" if clause.subject[-1] in _BODIES else "what"
        yield question(f"{who} {' '.join(verb)} {tail}"), answer


def _hits(clause: Clause) -> bool:
    """ "flooded the kitchen": what something did to a thing."""
    return clause.parts[0].kind == "object" and clause.parts[0].head == "the"


def _for_one(clause: Clause) -> str:
    """The verb as "who" takes it: "call" of "the kids call me" becomes "calls"."""
    if is_plural(clause.subject) and helper_of(clause) == "do":
        return getInflection(clause.lemma, "VBZ")[0]
    return clause.verb[0]
