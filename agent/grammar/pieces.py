"""What is asked to hear one piece of a clause: its object, its time, where, with whom.

Knows one clause, names and pronouns already resolved.
"""

from collections.abc import Iterator
from dataclasses import replace

from agent.grammar.being import Pair
from agent.grammar.clauses import Clause
from agent.grammar.jobs import is_job
from agent.grammar.kinds import (
    is_age,
    is_place,
    is_price,
    kind_of,
    whens,
)
from agent.grammar.parts import SPANS, UPHEAVALS, Part
from agent.grammar.turning import (
    answer_of,
    asked_for,
    asked_subject,
    helper_of,
    is_person,
    names_someone,
    question,
    shortly,
)
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

_VAGUE = frozenset("have do make take go say think know see feel let put come give tell mean keep "
                   "find try stop call get need remember".split())  # fmt: skip
WORN = frozenset("brand new old used second hand second-hand vintage cheap nice lovely".split())
_OF_PEOPLE = frozenset(
    "see meet visit marry phone call date know help miss hug ask invite love".split()
)
_GETTING = frozenset("buy get borrow receive inherit learn hear rent order".split())
_MOTION = frozenset(
    "go move fall travel fly drive come walk cycle run sail return emigrate ride".split()
)
_NO_THINGS = frozenset(
    "best better well hard late early fast most least more less far long half only myself ourselves "
    "me us mine ours hers his yours right nothing something anything everything much halfway "
    "apart lots one other nights shifts mornings evenings weekends full-time part-time".split()
)
_EVENTS = frozenset("trip holiday flight journey vacation honeymoon visit exam wedding race concert "
                    "interview operation match marathon triathlon tournament audition recital "
                    "test".split())  # fmt: skip
_AHEAD_OF = frozenset(("for", "about", "to", "before", "after"))
_TICKETS = frozenset(("ticket", "tickets"))
_ARRANGING = frozenset("plan book cancel organise organize postpone want need".split())
_ROLES = frozenset("work start train serve volunteer act".split())
_EMPTY_ALONE = frozenset("put spend work set use start".split())  # "What do I spend?"
_ANYBODY = frozenset("guy man woman girl boy lady couple family student stranger".split())
_GAINED = frozenset("inherit win owe borrow".split())
_MUCH = (("lot",), ("bit",))  # "I like Ana a lot"
_FOLK = frozenset("lads girls guys boys mates crew team gang class group band club ladies".split())
_CHOOSING = frozenset("choose want like love hate prefer vote".split())  # "a lamp on the desk"
_THINGS_BEHIND = {("on", "spend"), *(("as", lemma) for lemma in _ROLES)}


def of_piece(clause: Clause, part: Part, obj: Part | None) -> Iterator[Pair]:
    """What is asked to hear this piece of the clause."""
    answer = answer_of(clause, part)
    kept = shortly(known_later(obj.words)) if obj else ""
    if part is obj:
        yield from _object(clause, part, answer)
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
        for what, rest in _prepositional(clause, part, kept):
            yield asked_for(clause, what, rest), answer
            there = next((p for p in clause.parts if _completes(clause, p)), None)
            if (
                what == "who" and rest.strip() == "with" and there and there.head == "to"
            ):  # "Who do I go to the gym with?"
                yield asked_for(clause, what, f"{_known_place(there)} with"), answer_of(clause)


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


def _known_place(part: Part) -> str:
    """ "to a gym" as it is called once it is known: "to the gym"."""
    inner = part.words[1:] if part.head == "as" else known_later(part.words[1:])
    return " ".join((part.head, *inner))


def _completes(clause: Clause, part: Part) -> bool:
    """ "as a cook" behind "work", "to Rome" behind "fly"."""
    place = part.words[1:2] and (has_name(part.words[1:]) or part.words[1] in ("a", "the", "my"))
    there = part.head == "to" and clause.lemma in _MOTION and place
    at_work = part.head in ("in", "at") and clause.lemma in {*_ROLES, "live"} and is_place(part)
    at_work = at_work or (part.head == "with" and clause.lemma == "live" and len(part.words) > 1)
    as_what = part.head == "as" and clause.lemma in _ROLES
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
    return any(p.words[-1] in _EVENTS for p in about)


def _has_tickets(clause: Clause) -> bool:
    """ "got tickets for Ghost in Leeds in May": time and place are the show's."""
    return bool({*clause.tail[:3]} & _TICKETS)


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
    if not obj and clause.lemma in _CHOOSING | {"look"}:
        return False  # "I hate Mondays", "I look after my aunt on Mondays"
    return obj is not None or len(clause.verb) > 1 or clause.lemma not in _VAGUE - _MOTION


def _object(clause: Clause, part: Part, answer: str) -> Iterator[Pair]:
    words = part.words
    if clause.lemma == "live" and clause.parts[1:] and clause.parts[1].head in ("away", "down"):
        yield asked_for(clause, "where", ""), answer_of(clause)  # "two streets away"
        return
    behind = next((p for p in clause.parts[1:] if p.kind == "prep" and p.head != "than"), None)
    if behind and behind.head == "to" and words[-1] in _EVENTS | _TICKETS:
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
        if what in ("what", "who") and behind and clause.lemma not in _VAGUE | _EMPTY_ALONE:
            yield asked_for(clause, what, ""), longer  # "What do I brew?" of beer in the garage
    done = any(has_form(word, "VBG") for word in words[2:])  # "hurt my wrist playing golf"
    if (kind := kind_of(words)) and not done and words[0].lower() not in NUMBERS | {"no"}:
        if clause.lemma not in _VAGUE:
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


def _what(clause: Clause, words: Words, behind: bool) -> Iterator[str]:
    """The question words for an object: who, how many, how much, what."""
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
        if clause.lemma not in _VAGUE or clause.lemma == "need":
            yield "what"
    elif first.isdigit() or (
        clause.lemma == "have"
        and (first in ("a", "an") or len(words) == 1 or _has_somebody(clause))
    ):
        return  # "I have read 9"; "what do I have": of all that one has
    elif clause.verb[-1] in ("become", "be"):
        yield "what"
    elif (clause.lemma in _OF_PEOPLE and (_is_somebody(words) or is_job(words))) or (
        clause.lemma not in ("expect", "have") and (_are_people(words) or {*words[:2]} & _ANYBODY)
    ):
        yield "who"
    elif clause.lemma not in _VAGUE or behind or len(clause.verb) > 1:
        yield "what"


def _are_people(words: Words) -> bool:
    """ "my sister Ana"; not "my kids Polish"."""
    each = {w.lower() for w in words}
    several = {w.removesuffix("s") for w in each} if is_plural(words) else set()
    return bool(PEOPLE & (each | several)) and kind_of(words) != "language"


def _is_somebody(words: Words) -> bool:
    """A name, and not a title made of known words ("Glass Orchard")."""
    return has_name(words) and (len(words) == 1 or not all(map(is_known, words)))


def _has_somebody(clause: Clause) -> bool:
    """ "I have a sister in Toronto": where she is, not where I have her."""
    return clause.lemma in ("have", "call", "phone", "miss") and bool(
        PEOPLE & {w.lower() for w in clause.tail[:3]}
    )


def _behind_somebody(clause: Clause, part: Part) -> bool:
    """Whether the piece before is "with somebody", "to a man", who may be from there."""
    place = clause.parts.index(part)
    before = clause.parts[place - 1] if place else part
    someone = before.words[-1] in _ANYBODY and before.head in ("to", "for", "by")
    return before.head == "with" or someone


def _is_of_thing(clause: Clause, part: Part) -> bool:
    """Whether the piece belongs to the thing before it: "for a deposit on a flat"."""
    place = clause.parts.index(part)
    before = clause.parts[place - 1] if place else part
    alone = before.head in ("for", "with") and not names_someone(before.words[1:])
    return part.head == "on" and alone and not has_name(before.words[1:])


def _prepositional(clause: Clause, part: Part, kept: str) -> Iterator[tuple[str, str]]:
    """The question word, and what follows the verb, for "with Mina", "in Porto", "from Nelson"."""
    head, inner = part.head, part.words[1:]
    price = is_price(part.words)
    if not inner or (not price and (inner[0][0].isdigit() or inner[0].lower() in NUMBERS)):
        return
    named, person = has_name(inner), names_someone(inner)
    ahead = {p.head for p in clause.parts[: clause.parts.index(part)]}
    of_thing = head == "for" and "for" in ahead  # "looking for a ring for my wife"
    if clause.lemma == "diagnose" or inner[-1] == "time" or of_thing:
        return  # "diagnosed with ADHD", "voted for the first time"
    if head == "with" and (person or named or _FOLK & {w.lower() for w in inner}):
        yield "who", f"{kept} with"
    elif head == "to" and inner[-1].lower().removesuffix("s") in SPANS:
        return  # "moved to nights"
    elif head == "to" and "from" in ahead and inner[0].islower() and inner[0] not in DETERMINERS:
        return  # "went from blonde to brunette"
    elif head in ("to", "into", "onto", "through") and clause.lemma in _MOTION and not price:
        yield "where", kept
    elif head == "for" and named and clause.lemma in ("leave", "head"):
        yield "where", f"{kept} for"
    elif head == "from" and kind_of(inner) == "language":
        yield "which language", f"{kept} from"
    elif head in ("from", "to", "for") and person:
        yield "who", f"{kept} {head}"
    elif head == "from" and named and clause.lemma in _GETTING:
        yield "who", f"{kept} from"
        yield "where", f"{kept} from"
    elif head == "from" and _behind_somebody(clause, part):
        return  # "living with a guy from Cork"
    elif head == "from" and "family" in inner:
        return  # "come from a family of bakers"
    elif head == "from" and (named or clause.lemma in ("come", "move", "drive")):
        yield "where", f"{kept} from"
    elif head == "from" and clause.before[:1] and has_form(inner[0], "VBG"):
        yield "what", f"{kept} from"
    elif head == "for" and price:
        yield "how much", f"{kept} for"
    elif head in ("for", "about", "of") or (head, clause.lemma) in _THINGS_BEHIND:
        yield "what", f"{kept} {head}"
    elif head == "by" and _is_passive(clause):
        yield "who" if named or person else "what", f"{kept} by"
    elif head == "by" and (named or person):
        return  # who wrote the book that is read
    elif (
        head == "by"
        and clause.lemma not in ("live", "take")
        and inner[0].lower() not in SPANS | {"choice", "now", "far"}
    ):
        yield "how", kept
    elif _is_of_thing(clause, part) or (clause.lemma == "spend" and not kept):
        return  # "spent in Chile": what?
    elif person or {*inner[:3]} & _ANYBODY:
        return  # "a crush on a guy"
    elif (
        is_place(part)
        and clause.lemma not in _CHOOSING | {"come", "tell"}
        and not _has_somebody(clause)
    ):
        yield "where", kept


def _is_passive(clause: Clause) -> bool:
    """ "was tuned", of what is past."""
    past = clause.before[:1] in (("was",), ("were",))
    return bool(past and clause.verb) and has_form(clause.verb[0], "VBN")
