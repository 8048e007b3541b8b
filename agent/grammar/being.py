"""What "X is Y" answers: how old, how much, where, when, who, what.

Knows one clause, names and pronouns already resolved.
"""

from collections.abc import Iterator
from itertools import takewhile

from lemminflect import getAllLemmas

from agent.grammar.among import among
from agent.grammar.clauses import Clause
from agent.grammar.jobs import is_job, trade_of
from agent.grammar.kinds import KINDS, closer_when, is_age, is_place, is_price, when_of, whens
from agent.grammar.parts import Part, exactly
from agent.grammar.turning import (
    answer_of,
    asked_subject,
    denied,
    flip,
    is_person,
    names_someone,
    question,
)
from agent.grammar.words import (
    DETERMINERS,
    NUMBERS,
    OWN,
    SPEAKERS,
    Words,
    has_form,
    has_name,
    may_be_noun,
    name_at,
)
from agent.topics import PEOPLE, PETS

Pair = tuple[str, str]
_WRITTEN = frozenset("type code pin number password username extension size".split())
_GROUNDS = frozenset("of to with about at for on from in".split())


def of_being(clause: Clause) -> Iterator[Pair]:
    """Questions about "X is Y"."""
    be, subject, answer = clause.before[0], asked_subject(clause), answer_of(clause)
    if not clause.parts or clause.subject == ("there",):
        return
    first, *others = clause.parts
    if clause.negated:
        if first.kind == "object":
            yield question(f"{be} {subject} {' '.join(clause.tail)}"), denied(answer)
        return
    if first.kind == "time" and first.head == "from" and len(first.words) == 2:
        return  # "our house is from 1890"
    if first.kind == "time" and len(exactly(first.words)) == 1 and is_person(clause.subject):
        yield question(f"how old {be} {subject}"), answer  # "my dad is about 80"
    elif first.kind == "time":
        for what in whens(first):
            yield question(f"{what} {be} {subject}"), answer
        for later in takewhile(lambda part: part.kind == "time", others):
            for what in closer_when(later.words):
                yield question(f"{what} {be} {subject}"), answer
    elif first.kind == "to" and clause.subject[0] in OWN:
        yield question(f"what {be} {subject}"), answer  # "my plan is to learn Greek"
    elif first.kind == "prep" and _is_somewhere(clause.parts):
        if clause.subject in SPEAKERS and any(p.head in ("on", "at") for p in others):
            return  # "I'm at the dentist on Friday"
        yield question(f"where {be} {subject}"), answer
    elif first.kind == "prep" and first.head == "from":
        yield question(f"where {be} {subject} from"), answer
    elif first.kind == "object" and (ground := _ground(first.words, others)):
        someone = others and (names_someone(others[0].words[1:]) or "friends" in ground)
        yield question(f"{'who' if someone else 'what'} {be} {subject} {ground}"), answer
    elif first.kind == "object":
        yield from _complement(clause, first.words, answer)
    timed = [p for p in others if p.kind == "time" and when_of(p)]
    times = [p for p in timed if p.head != "from" or not p.words[1].isdigit()]  # not "from 1962"
    about = any(p.kind == "prep" and p.head in ("about", "for") for p in others)
    if times and first.kind != "time" and not is_age(first.words) and not about:
        what = when_of(times[0])
        yield question(f"{what} {be} {subject} {' '.join(first.words)}"), answer


def _is_somewhere(parts: tuple[Part, ...]) -> bool:
    """ "in Porto", "on honeymoon in Porto"."""
    first, *others = parts
    away = first.head == "on" and others and others[0].kind == "prep"
    return is_place(first) or bool(away and is_place(others[0]))


def _ground(words: Words, others: list[Part]) -> str:
    """ "afraid of" in "afraid of dogs", "allergic to" in "allergic to nuts"."""
    if words[0].lower() in DETERMINERS | NUMBERS or words[0][0].isdigit() or words[0] == "due":
        return ""
    if "of" in words[1:3]:
        return " ".join(words[: words.index("of") + 1])
    if not others or others[0].kind != "prep" or has_name(words):
        return ""
    known = others[0].head in _GROUNDS and not is_place(others[0])  # not "new in Aberdeen"
    if known and len(words) <= 2:
        return " ".join((*words, others[0].head))
    return ""


def _complement(clause: Clause, words: Words, answer: str) -> Iterator[Pair]:
    """Questions about what somebody or something is."""
    be, subject, text = clause.before[0], asked_subject(clause), " ".join(words)
    person = clause.subject == ("I",) or is_person(clause.subject)
    lower = {w.lower() for w in words}
    if name_at((",", *words), 1) == words and not _is_adjective(words[-1]):
        yield from _named(clause, text, person, answer)
    elif (
        is_age(words)
        and not (words[-1] == "years" and clause.parts[1:] and clause.parts[1].kind == "prep")
        and clause.subject != ("we",)
        and (person or words[-1] == "old" or PETS & {*map(str.lower, clause.subject)})
    ):
        yield question(f"how old {be} {subject}"), answer
    elif words[:2] == ("one", "of") and words[2:3] and words[2] in OWN and be == "is":
        pet = {words[-1], words[-1].removesuffix("s")} & (PETS | KINDS["pet"])
        yield question(f"{'what' if pet else 'who'} {be} {subject}"), answer
    elif is_price(words):
        yield question(f"how much {be} {subject}"), answer
    elif words[-1].lower() in KINDS["colour"] and not person and "colour" not in subject:
        yield question(f"what colour {be} {subject}"), answer
        yield question(f"what {be} the colour of {subject}"), answer
    elif words[0].lower() in ("a", "an"):
        yield from _kind_of(clause, words, person, answer)
    elif words[0].lower() == "the" and (person or is_job(words)) and len(words) < 6:
        yield from _by_role(clause, words, answer)
    elif words[0].lower() in OWN and (person or PEOPLE & lower) and clause.subject[0] not in OWN:
        if lower & (PEOPLE | KINDS["person"]) or is_job(words):
            yield question(f"who {'is' if be == 'am' else be} {text}"), answer
            if clause.subject != ("I",):
                yield question(f"who {be} {subject}"), answer
    elif clause.subject[0] in OWN and clause.subject[-1] in _WRITTEN:
        yield question(f"what {be} {subject}"), answer
    elif clause.subject[0] in OWN and not person and words[-1].lower() in KINDS["feeling"]:
        yield question(f"how {be} {subject}"), answer
    elif clause.subject[0] in OWN and not person and not words[0][0].isdigit():
        if words[0] != "due" and may_be_noun(words[-1]) and not has_form(words[-1], "VBN"):
            yield question(f"what {be} {subject}"), answer


def _is_adjective(word: str) -> bool:
    """ "Korean", "Deaf", "Jewish"."""
    listed = word.lower() in KINDS["nationality"] | KINDS["faith"] | {"deaf"}
    return listed or {*getAllLemmas(word.lower())} == {"ADJ"}


def _by_role(clause: Clause, words: Words, answer: str) -> Iterator[Pair]:
    """ "Jerzy is the plumber", "I am the treasurer of the choir"."""
    be, text = clause.before[0], " ".join(clause.tail)
    if len(words) < 2 or words[1].lower().endswith("est") or {"one", "only", "worst"} & {*words}:
        return
    if clause.subject == ("I",):
        yield "What is my role?", answer
        yield question(f"who {'is' if be == 'am' else be} {text}"), answer
    else:
        yield question(f"who {be} {asked_subject(clause)}"), answer
        if len(clause.parts) > 1 or "of" in words or is_job(words):
            yield question(f"who {be} {text}"), answer  # "the boy" may be any


def _named(clause: Clause, name: str, person: bool, answer: str) -> Iterator[Pair]:
    be, subject = clause.before[0], asked_subject(clause)
    if clause.subject == ("I",):
        yield "What is my name?", f"Your name is {name}."
        yield "Who am I?", f"You are {name}."
    elif clause.subject[-1] == "name":
        yield question(f"what {be} {subject}"), answer
        if subject.endswith("'s name"):
            owner = subject.removesuffix("'s name")
            yield question(f"what {be} {owner} called"), answer
    elif person:
        yield question(f"who {be} {subject}"), answer
        yield question(f"what {be} {subject} called"), answer
        yield f"Who is {name}?", f"{name} is {flip(clause.subject)}."
    elif clause.subject[0] in OWN and not PETS & {w.lower() for w in clause.subject}:
        yield question(f"what {be} {subject}"), answer


def _kind_of(clause: Clause, words: Words, person: bool, answer: str) -> Iterator[Pair]:
    """ "a friend from school", "a red canoe"; a job is asked for in angles.py."""
    be, subject, text = clause.before[0], asked_subject(clause), " ".join(words)
    if person and PEOPLE & {w.lower() for w in words} and clause.subject != ("I",):
        yield question(f"who {be} {subject}"), answer
    if person and is_job(words):
        for who in ("who", *among(clause.subject)) if clause.subject != ("I",) else ():
            yield question(f"{who} {be} {text}"), answer
            if len(trade := trade_of(words)) < len(words) - 1:  # of "a long haul pilot"
                one = "an" if trade[0][0].lower() in "aeiou" else "a"
                yield question(f"{who} {be} {one} {' '.join(trade)}"), answer
    elif not person:
        yield question(f"what {be} {subject}"), answer
