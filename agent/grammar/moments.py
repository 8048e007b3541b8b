"""What is asked from a moment: "What is on Thursday?", "What do I do on Tuesdays?"

    My driving test is on 3 May      -> what is on 3 May, what happens on 3 May
    I've got the dentist on Thursday -> what do I have on Thursday
    We're flying to Lima on Friday   -> what am I doing on Friday, what are my plans for Friday
    I swim on Tuesdays               -> what do I do on Tuesdays

Knows one clause, names and pronouns already resolved; not what else there is on that day.
"""

import re
from collections.abc import Iterator

from agent.grammar.being import Pair
from agent.grammar.clauses import Clause
from agent.grammar.kinds import closer_when, when_of
from agent.grammar.parts import Part
from agent.grammar.pieces import of_event
from agent.grammar.turning import answer_of, helper_of, is_person, question, shortly
from agent.grammar.words import BE, DAYS, HAVE, MODAL, MONTHS, SPEAKERS, has_form, is_plural

EVENTS = frozenset(
    "appointment exam test interview meeting flight trip wedding operation surgery party concert gig "
    "match race funeral rehearsal recital audition viewing scan checkup check-up lesson class course "
    "shift date dinner lunch brunch graduation festival fair show ceremony christening birthday "
    "anniversary deadline holiday visit dentist doctor vet physio hairdresser therapist optician "
    "barber mot inspection delivery play game tournament training reunion hearing workshop barbecue "
    "picnic premiere practice lessons classes yoga pilates choir breakfast opening performance "
    "marathon driving-test".split()
)
_NO_DOINGS = frozenset(  # what is no plan and no habit of that day
    "be have get know want need like love hate prefer think feel hope live own cost mean seem look "
    "expect turn wait remember forget start stop begin finish find lose die break miss hear see".split()
)
_LEARNING = frozenset("taking having doing learning attending teaching playing".split())
_ONCE_A_DAY = frozenset("today tomorrow yesterday tonight noon midnight christmas easter".split())
_SPANS = re.compile(r"\b(?:weekend|morning|afternoon|evening|night)s?$")
_DATED = re.compile(r"\(([A-Z][a-z]+ \d+)(?:,? \d{4})?\)")  # "next Friday (May 8, 2026)"
_NOT_THEN = frozenset(
    ("from", "since", "until", "till", "by", "before", "after", "around", "about")
)
_TAKEN_BACK = frozenset("wait rather instead actually sorry".split())  # "June 3 rather than 20 May"
_MOTION = frozenset(("go", "come"))
_BY_TIMETABLE = frozenset("go fly leave travel move start meet drive sail arrive".split())
_NOT_LATER = frozenset(  # what means another day weeks later
    "last yesterday today tomorrow tonight next this".split()
)
_VAGUE = frozenset("week weeks year and last first second third fourth fifth".split())
_WHOLE = frozenset("fly leave move retire marry travel".split())  # say enough alone
_MONTH_NAMES = frozenset(month.capitalize() for month in MONTHS)


def of_moment(clause: Clause) -> Iterator[Pair]:
    """What there is, or is done, at the clause's moments."""
    lost = {w.lower() for w in clause.tail} & (clause.lost | _TAKEN_BACK)
    if clause.negated or lost or clause.subject == ("there",):
        return
    for part in clause.parts:
        if part.kind != "time" or part.head in _NOT_THEN or of_event(clause, part):
            continue
        if moment := _weekly(part):
            yield from _each_time(clause, moment)
        elif moment := _once(part):
            yield from _that_day(clause, part, moment)


def _weekly(part: Part) -> str:
    """ "on Tuesdays" of "on Tuesdays", "every Tuesday", "every other weekend"."""
    words = [w.lower() for w in part.words]
    if words[-1].rstrip("s") not in DAYS and not _SPANS.search(words[-1]):
        return ""
    if words[0] in ("every", "each"):
        each = len(words) == 2 and words[1] in DAYS and words[1] not in _ONCE_A_DAY
        return f"on {part.words[1]}s" if each else " ".join(part.words)
    named = words[0] == "on" and words[-1].endswith("days")
    spans = words[0] in ("on", "at", "in") and _SPANS.search(words[-1]) and words[-1][-1] == "s"
    return " ".join(part.words) if (named or spans) and "and" not in words else ""


def _once(part: Part) -> str:
    """ "on 3 May", "on Thursday", "in September"; the date where it is written out."""
    if when_of(part) != "when" or part.head == "at" or _weekly(part):
        return ""
    if dated := _DATED.search(" ".join(part.words)):
        return f"on {dated[1]}"
    if part.words[-1][0] == "(" or part.head in _NOT_LATER or "ago" in part.words:
        return ""
    words = [*part.words]
    for k, word in enumerate(words):  # "on Thursday at ten": the day alone
        if k and word.lower() == "at":
            words = words[:k]
            break
    asked = closer_when(tuple(words))
    known = {"which day", "what date", "which month"} & {*asked} or re.fullmatch(
        r"on the \d+(?:st|nd|rd|th)", " ".join(words)
    )
    vague = {w.lower() for w in words} & _VAGUE
    if not known or vague:
        return ""
    if words[0].lower() in ("for", "over", "during"):
        return ""
    bare = words[0].lower() not in ("on", "in")
    return " ".join(("on", *words) if bare else words)


def _each_time(clause: Clause, moment: str) -> Iterator[Pair]:
    """What is done again and again at that time."""
    if not clause.verb:
        return
    goes_on = clause.before in (("am",), ("are",), ("is",)) and clause.verb[-1] in _LEARNING
    if clause.verb[1:2] == ("to",) or (clause.before and not goes_on):
        return
    doing = clause.lemma not in _NO_DOINGS or (
        clause.lemma == "have"
        and clause.parts[0].kind == "object"
        and _is_event(clause.parts[0].words)
    )
    helper = "do" if clause.subject in SPEAKERS or is_plural(clause.subject) else "does"
    says = len(clause.parts) > 1 or clause.lemma not in _MOTION  # not "I go on Sundays"
    if not doing or not says or (not goes_on and helper_of(clause) == "did"):
        return
    if clause.subject in SPEAKERS or is_person(clause.subject):
        who = shortly(clause.subject)
        yield question(f"what {helper} {who} do {moment}"), answer_of(clause)


def _that_day(clause: Clause, part: Part, moment: str) -> Iterator[Pair]:
    """What there is, or will be done, on that day."""
    set_for = clause.verb in (("booked",), ("scheduled",), ("planned",)) and clause.before
    if clause.is_copula or set_for:
        yield from _there_is(clause, part, moment)
    elif clause.lemma == "have" and clause.subject in SPEAKERS and not clause.before:
        obj, answer = clause.parts[0], answer_of(clause)
        if obj.kind == "object" and _is_event(obj.words) and helper_of(clause) != "did":
            yield question(f"what do I have {moment}"), answer
            yield question(f"what are my plans for {_bare(moment)}"), answer
            if moment.startswith("on "):
                yield question(f"what is {moment}"), answer
            yield from _that_month(moment, answer)
    elif _is_ahead(clause, part):
        yield from _planned(clause, moment)


def _there_is(clause: Clause, part: Part, moment: str) -> Iterator[Pair]:
    """ "My driving test is on 3 May"."""
    if clause.before[0] in ("was", "were") or not _is_event(clause.subject):
        return
    if clause.parts[0] is not part and clause.parts[0].kind == "object":
        return
    answer = answer_of(clause)
    yield question(f"what is {moment}"), answer
    yield question(f"what happens {moment}"), answer
    if len(clause.subject) > 2 and clause.subject[-1] in ("birthday", "anniversary"):
        yield question(f"whose {clause.subject[-1]} is {moment}"), answer  # "my mum's birthday"
    elif clause.subject[-1] != "birthday":
        yield question(f"what do I have {moment}"), answer
        yield from _that_month(moment, answer)


def _planned(clause: Clause, moment: str) -> Iterator[Pair]:
    """ "We're flying to Lima on Friday"; nothing of "I'll call on Friday": whom?"""
    last, answer = clause.verb[-1], answer_of(clause)
    says = len(clause.parts) > 1 or last in _WHOLE or len(clause.verb) > 3
    if last in _NO_DOINGS - {"see", "get", "start"} or not says:
        return
    mine = clause.subject in SPEAKERS
    if last == "expecting" or not mine:
        yield question(f"what happens {moment}"), answer
    else:
        yield question(f"what am I doing {moment}"), answer
    if last != "expecting" and (mine or {"me", "us"} & {*clause.tail}):
        yield question(f"what are my plans for {_bare(moment)}"), answer
    if mine and last in ("seeing", "see", "meeting", "meet"):
        yield question(f"what do I have {moment}"), answer


def _that_month(moment: str, answer: str) -> Iterator[Pair]:
    """ "on 3 May": in May."""
    named = [word for word in moment.split() if word in _MONTH_NAMES]
    if named and not moment.startswith("in "):
        yield question(f"what do I have in {named[0]}"), answer


def _bare(moment: str) -> str:
    return re.sub(r"^(?:on|in) ", "", moment)


def _is_event(words: tuple[str, ...]) -> bool:
    """ "my driving test", "an appointment with Ana"."""
    return bool({w.lower() for w in words} & EVENTS)


def _is_ahead(clause: Clause, part: Part) -> bool:
    """Whether it will be done: "am going to", "will", "am flying", "we fly to Rome in May"."""
    first = clause.before[:1]
    if first and first[0] in HAVE | {"was", "were", "would", "could", "should", "might"}:
        return False
    if first and first[0] in MODAL:
        return first[0] == "will"
    if first and first[0] in BE:
        return bool(clause.verb) and has_form(clause.verb[0], "VBG")
    plain = bool(clause.verb) and clause.lemma in _BY_TIMETABLE and helper_of(clause) != "did"
    return plain and part.head in ("on", "in", "next", "this")
