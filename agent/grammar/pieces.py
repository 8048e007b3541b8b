"""What is asked to hear one piece of a clause: its time, what it is to be, and (objects.py, linked.py)
its object, where, with whom.

Knows one clause, names and pronouns already resolved.
"""

from collections.abc import Iterator

from agent.grammar.being import Pair
from agent.grammar.clauses import Clause
from agent.grammar.kinds import is_place, whens
from agent.grammar.linked import CHOOSING, MOTION, ROLES, of_link
from agent.grammar.objects import EVENTS, TICKETS, VAGUE, known_later, of_object
from agent.grammar.parts import UPHEAVALS, Part
from agent.grammar.turning import answer_of, asked_for, asked_subject, helper_of, question, shortly
from agent.grammar.words import has_name, is_plural

_AHEAD_OF = frozenset(("for", "about", "to", "before", "after"))
_ARRANGING = frozenset("plan book cancel organise organize postpone want need".split())


def of_piece(clause: Clause, part: Part, obj: Part | None) -> Iterator[Pair]:
    """What is asked to hear this piece of the clause."""
    answer = answer_of(clause, part)
    kept = shortly(known_later(obj.words)) if obj else ""
    if part is obj:
        yield from of_object(clause, part, answer)
    elif part.kind == "time" and clause.lemma == "cost":
        return  # "costs 90 euros for six evenings"
    elif part.kind == "time" and _says_what(clause, obj) and not of_event(clause, part):
        behind = next((p for p in clause.parts if _completes(clause, p)), None)
        if part.head == "at" and "age" in part.words:
            was = "were" if clause.subject == ("we",) or is_plural(clause.subject) else "was"
            others = " ".join(w for p in clause.parts if p is not part for w in p.words)
            who = asked_subject(clause)
            then = f"{who} {' '.join((*clause.before, *clause.verb))} {others}"
            yield question(f"how old {was} {who} when {then}"), answer_of(clause)
        for what in whens(part):
            if what == "what time" and _may_be_age(clause, part):
                continue
            yield asked_for(clause, what, kept), answer
            if behind and not kept:  # "When am I going to Rome?"
                whole = answer_of(clause)
                yield asked_for(clause, what, _known_place(behind)), whole
    elif part.kind == "to" and not obj and clause.lemma not in ("take", "promote"):
        rest = f"to {part.words[1]}" if len(part.words) > 2 else "to do"
        yield asked_for(clause, "what", rest), answer
    elif part.kind == "prep" and (clause.lemma == "cost" or _at_event(clause, part)):
        return  # "cost us 489 from the shop"
    elif part.kind == "prep" and not {w.lower() for w in part.words} & clause.lost:
        for what, rest in of_link(clause, part, kept):
            yield asked_for(clause, what, rest), answer
            there = next((p for p in clause.parts if _completes(clause, p)), None)
            if (
                what == "who" and rest.strip() == "with" and there and there.head == "to"
            ):  # "Who do I go to the gym with?"
                yield asked_for(clause, what, f"{_known_place(there)} with"), answer_of(clause)


def _known_place(part: Part) -> str:
    """ "to a gym" as it is called once it is known: "to the gym"."""
    inner = part.words[1:] if part.head == "as" else known_later(part.words[1:])
    return " ".join((part.head, *inner))


def _completes(clause: Clause, part: Part) -> bool:
    """ "as a cook" behind "work", "to Rome" behind "fly"."""
    place = part.words[1:2] and (has_name(part.words[1:]) or part.words[1] in ("a", "the", "my"))
    there = part.head == "to" and clause.lemma in MOTION and place
    at_work = part.head in ("in", "at") and clause.lemma in {*ROLES, "live"} and is_place(part)
    at_work = at_work or (part.head == "with" and clause.lemma == "live" and len(part.words) > 1)
    as_what = part.head == "as" and clause.lemma in ROLES
    return part.kind == "prep" and bool(there or at_work or as_what)


def of_event(clause: Clause, part: Part) -> bool:
    """Whether the time is a journey's and not the verb's: "saving for a trip to Lahore in August"."""
    ahead = clause.parts[: clause.parts.index(part)]
    about = [p for p in ahead if p.kind == "prep" and p.head in _AHEAD_OF]
    arranged = clause.lemma in _ARRANGING and not clause.verb[1:]
    about += [p for p in ahead if p.kind == "object" and arranged]
    since = any(p.kind == "time" and p.words[-1] in UPHEAVALS for p in ahead)
    if _has_tickets(clause) or _signs_up(clause) or since:
        return True  # "since my operation in March"
    return any(p.words[-1].lower() in EVENTS for p in about)


def _has_tickets(clause: Clause) -> bool:
    """ "got tickets for Ghost in Leeds in May": time and place are the show's."""
    return bool({*clause.tail[:3]} & TICKETS)


def _at_event(clause: Clause, part: Part) -> bool:
    event = _has_tickets(clause) or _signs_up(clause)
    return event and part.head in ("in", "at", "on")


def _signs_up(clause: Clause) -> bool:
    """ "signed up for a race in Leeds in May": time and place are the race's."""
    up = clause.lemma != "sign" or "up" in (*clause.verb, *clause.tail[:1])
    return up and clause.lemma in ("sign", "enrol", "enroll", "register")


def _may_be_age(clause: Clause, part: Part) -> bool:
    """ "had my first kid at 19", "moved out at 17"."""
    last = part.words[-1]
    bare = len(part.words) == 2 and last.isdigit() and int(last) > 12
    return bare and helper_of(clause) == "did"


def _says_what(clause: Clause, obj: Part | None) -> bool:
    """Whether the verb says what happens without what was cut: not "I put (in for leave)"."""
    if not obj and clause.lemma in CHOOSING | {"look"}:
        return False  # "I hate Mondays", "I look after my aunt on Mondays"
    return obj is not None or len(clause.verb) > 1 or clause.lemma not in VAGUE - MOTION
