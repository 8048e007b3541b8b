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
from agent.grammar.words import BE, DAYS, HAVE, MODAL, MONTHS, SPEAKERS, has_form

_EVENTS = frozenset(
    "appointment exam test interview meeting flight trip wedding operation surgery party concert gig "
    "match race funeral rehearsal recital audition viewing scan checkup check-up lesson class course "
    "shift date dinner lunch brunch graduation festival fair show ceremony christening birthday "
    "anniversary deadline holiday visit dentist doctor vet physio hairdresser therapist optician "
    "barber mot inspection delivery play game tournament training reunion hearing workshop "
    "barbecue picnic premiere opening performance marathon driving-test".split()
)
_NO_DOINGS = frozenset(  # what is no plan and no habit of that day
    "be have get know want need like love hate prefer think feel hope live own cost mean seem look "
    "turn wait remember forget start stop begin finish find lose die break miss hear see".split()
)
_ONCE_A_DAY = frozenset("today tomorrow yesterday tonight noon midnight christmas easter".split())
_SPANS = re.compile(r"\b(?:weekend|morning|afternoon|evening|night)s?$")
_DATED = re.compile(r"\(([A-Z][a-z]+ \d+)(?:,? \d{4})?\)")  # "next Friday (May 8, 2026)"
_NOT_THEN = frozenset(
    ("from", "since", "until", "till", "by", "before", "after", "around", "about")
)


def of_moment(clause: Clause) -> Iterator[Pair]:
    """What there is, or is done, at the clause's moments."""
    lost = {w.lower() for w in clause.tail} & clause.lost
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
    named = words[-1] in DAYS and words[-1].endswith("days")
    plain = words[0] == "on" and named and "and" not in words
    return " ".join(part.words) if plain else ""


def _once(part: Part) -> str:
    """ "on 3 May", "on Thursday", "in September"; the date where it is written out."""
    if when_of(part) != "when" or part.head == "at" or part.words[-1].endswith("days"):
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
    bare = words[0].lower() not in ("on", "in")
    return " ".join(("on", *words) if bare else words)


def _each_time(clause: Clause, moment: str) -> Iterator[Pair]:
    """What is done again and again at that time."""
    if clause.before or not clause.verb:
        return
    doing = clause.lemma not in _NO_DOINGS or clause.tail[:1] in (("lunch",), ("dinner",))
    if not doing or helper_of(clause) == "did" or (clause.verb[1:2] == ("to",)):
        return
    helper = helper_of(clause)
    if clause.subject in SPEAKERS or is_person(clause.subject):
        who = shortly(clause.subject)
        yield question(f"what {helper} {who} do {moment}"), answer_of(clause)


def _that_day(clause: Clause, part: Part, moment: str) -> Iterator[Pair]:
    """What there is, or will be done, on that day."""
    answer = answer_of(clause)
    on = moment.split()[0] == "on"
    month = moment.split()[-1] in _MONTH_NAMES and moment.split()[0] == "in"
    set_for = clause.verb in (("booked",), ("scheduled",), ("planned",)) and clause.before
    if clause.is_copula or set_for:
        if clause.before[0] in ("was", "were") or not _is_event(clause.subject):
            return
        if clause.parts[0] is not part and clause.parts[0].kind == "object":
            return
        yield question(f"what is {moment}"), answer
        yield question(f"what happens {moment}"), answer
        if clause.subject[-1] == "birthday":
            if len(clause.subject) > 2:  # "my mum's birthday"
                yield question(f"whose birthday is {moment}"), answer
        elif on or month:
            yield question(f"what do I have {moment}"), answer
            yield from _that_month(moment, answer)
    elif clause.lemma == "have" and clause.subject in SPEAKERS and not clause.before:
        obj = clause.parts[0]
        if obj.kind == "object" and _is_event(obj.words) and helper_of(clause) != "did":
            yield question(f"what do I have {moment}"), answer
            yield question(f"what is {moment}"), answer
            yield question(f"what are my plans for {_bare(moment)}"), answer
            yield from _that_month(moment, answer)
    elif _is_ahead(clause, part) and (clause.verb[-1] not in _NO_DOINGS - {"see", "get", "start"}):
        says = len(clause.parts) > 1 or clause.verb[-1] in _WHOLE or len(clause.verb) > 3
        if not says:
            return  # "I'll call tomorrow": whom?
        if clause.subject in SPEAKERS:
            yield question(f"what am I doing {moment}"), answer
            yield question(f"what are my plans for {_bare(moment)}"), answer
            return
        yield question(f"what happens {moment}"), answer
        if {"me", "us"} & {*clause.tail}:
            yield question(f"what are my plans for {_bare(moment)}"), answer


_BY_TIMETABLE = frozenset("go fly leave travel move start meet drive sail arrive".split())
_NOT_LATER = frozenset(  # what means another day weeks later
    "last yesterday today tomorrow tonight next this".split()
)
_VAGUE = frozenset("week weeks year and last first second third fourth fifth".split())
_WHOLE = frozenset("fly leave move retire marry travel".split())  # say enough alone
_MONTH_NAMES = frozenset(month.capitalize() for month in MONTHS)


def _that_month(moment: str, answer: str) -> Iterator[Pair]:
    """ "on 3 May": in May."""
    named = [word for word in moment.split() if word in _MONTH_NAMES]
    if named and not moment.startswith("in "):
        yield question(f"what do I have in {named[0]}"), answer


def _bare(moment: str) -> str:
    return re.sub(r"^(?:on|in) ", "", moment)


def _is_event(words: tuple[str, ...]) -> bool:
    """ "my driving test", "an appointment with Ana"."""
    return bool({w.lower() for w in words} & _EVENTS)


def _is_ahead(clause: Clause, part: Part) -> bool:
    """Whether it will be done: "am going to", "will", "am flying", "we fly to Rome in May"."""
    first = clause.before[:1]
    if first and first[0] in HAVE | {"was", "were", "would", "could", "should", "might"}:
        return False
    if first and first[0] in MODAL:
        return first[0] == "will"
    if first and first[0] in BE:
        return bool(clause.verb) and has_form(clause.verb[0], "VBG")
    return (
        bool(clause.verb)
        and helper_of(clause) != "did"
        and part.head in ("on", "in", "next", "this")
    )
