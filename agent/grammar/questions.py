"""Which questions a clause answers, and with what.

"X is Y" and "X does Y", each asked with one piece left out. Knows one clause at a time, names and
pronouns already resolved.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from agent.grammar.clauses import Clause
from agent.grammar.parts import Part
from agent.grammar.turning import (
    answer_of,
    asked_for,
    asked_subject,
    denied,
    flip,
    is_person,
    possessive,
    question,
)
from agent.grammar.words import BE, DETERMINERS, NUMBERS, OWN, Words, has_form, has_name, name_at
from agent.topics import PEOPLE

Pair = tuple[str, str]
_VAGUE = frozenset("have do make take go say think know see feel let put come give tell mean keep "
                   "find try stop call get bring need remember".split())  # fmt: skip
_OF_PEOPLE = frozenset(
    "see meet visit marry phone call date know help miss hug ask invite love".split()
)
_GETTING = frozenset("buy get borrow receive inherit learn hear rent order".split())
_MOTION = frozenset(
    "go move travel fly drive come walk cycle run sail return emigrate ride".split()
)
_PLACES = frozenset("in at near behind opposite under outside inside beside on".split())
_BARE_PLACES = frozenset(
    "bed town hospital prison school church college university work court".split()
)
_SAYING = frozenset("say think guess suppose believe bet swear wonder".split())
_JOB = re.compile(r"\w+(?:er|or|ist|ian|ant|ess|man|woman|smith|wright|nurse|cook|chef|clerk|vet|guard|"
                  r"pilot|student|agent|architect|mechanic|attendant|judge|monk|priest|tailor)$|"
                  r"nurse|cook|chef|vet|pilot|student|judge$", re.I)  # fmt: skip
_NOT_JOBS = frozenset(
    "sister brother mother father daughter teenager beginner winner member owner lover partner "
    "believer number matter monster summer letter paper".split()
)
_WORKING = frozenset("teacher doctor dentist trainer coach manager therapist lawyer vet".split())
_COLOURS = frozenset("red blue green yellow orange purple pink brown black white grey gray silver gold "
                     "beige turquoise".split())  # fmt: skip
_MONEY = re.compile(r"[£$€]\d|\b(?:euros?|pounds?|dollars?|quid|kroner|shillings?|francs?|rupees?|yen|"
                    r"bucks|pence|cents?)\b", re.I)  # fmt: skip
LOST = frozenset("it they them this that there he she him her his their these those".split())


def questions(clause: Clause) -> Iterator[Pair]:
    """All questions that the clause answers."""
    if clause.is_copula:
        yield from _of_being(clause)
    elif clause.verb:
        yield from _of_doing(clause)


def _of_being(clause: Clause) -> Iterator[Pair]:
    """Questions about "X is Y"."""
    be, subject, answer = clause.before[0], asked_subject(clause), answer_of(clause)
    if not clause.parts:
        return
    first, *others = clause.parts
    text = " ".join(first.words)
    if clause.negated:
        if first.kind == "object":
            yield question(f"{be} {subject} {' '.join(clause.tail)}"), denied(answer)
    elif first.kind == "time":
        if _when(first):
            yield question(f"when {be} {subject}"), answer
    elif first.kind == "prep" and _is_place(first):
        yield question(f"where {be} {subject}"), answer
    elif first.kind == "prep" and first.head == "from":
        yield question(f"where {be} {subject} from"), answer
    elif first.kind == "object" and (ground := _ground(first.words, others)):
        yield question(f"what {be} {subject} {ground}"), answer
    elif first.kind == "object":
        yield from _complement(clause, first.words, answer)
    if not clause.negated and any(part.kind == "time" for part in others):
        yield question(f"when {be} {subject} {text}"), answer


def _ground(words: Words, others: list[Part]) -> str:
    """ "afraid of" in "afraid of dogs", "allergic to" in "allergic to nuts"."""
    if words[0].lower() in DETERMINERS | NUMBERS or words[0][0].isdigit():
        return ""
    if "of" in words[1:3]:
        return " ".join(words[: words.index("of") + 1])
    if others and others[0].kind == "prep" and len(words) <= 2 and not has_name(words):
        return " ".join((*words, others[0].head))
    return ""


def _complement(clause: Clause, words: Words, answer: str) -> Iterator[Pair]:
    """Questions about what somebody or something is."""
    be, subject, text = clause.before[0], asked_subject(clause), " ".join(words)
    person = clause.subject == ("I",) or is_person(clause.subject)
    first = words[0].lower()
    if name_at((",", *words), 1) == words:
        yield from _named(clause, text, person, answer)
    elif person and _is_age(words):
        yield question(f"how old {be} {subject}"), answer
    elif _MONEY.search(text):
        yield question(f"how much {be} {subject}"), answer
    elif words[-1].lower() in _COLOURS and not person:
        yield question(f"what colour {be} {subject}"), answer
    elif first in ("a", "an"):
        yield from _kind_of(clause, words, person, answer)
    elif first in OWN and person and clause.subject[0] not in OWN:
        yield question(f"who {be} {subject}"), answer
        yield question(f"who {be} {text}"), answer
    elif clause.subject[0] in OWN and not person:
        yield question(f"what {be} {subject}"), answer


def _named(clause: Clause, name: str, person: bool, answer: str) -> Iterator[Pair]:
    be, subject = clause.before[0], asked_subject(clause)
    if clause.subject == ("I",):
        yield "What is my name?", f"Your name is {name}."
        yield "Who am I?", f"You are {name}."
    elif clause.subject[-1] == "name":
        yield question(f"what {be} {subject}"), answer
    elif person:
        yield question(f"who {be} {subject}"), answer
        yield question(f"what {be} {subject} called"), answer
        yield f"Who is {name}?", f"{name} is {flip(clause.subject)}."


def _is_age(words: Words) -> bool:
    first, text = words[0].lower(), " ".join(words)
    if len(words) > 4 or _MONEY.search(text) or words[-1].lower() == "of":
        return False
    if first[0].isdigit():
        return len(words) == 1 or words[1].lower() in ("years", "year", "months", "weeks")
    return first in NUMBERS


def _kind_of(clause: Clause, words: Words, person: bool, answer: str) -> Iterator[Pair]:
    """ "a nurse", "a friend from school", "a red canoe"."""
    be, subject, noun = clause.before[0], asked_subject(clause), words[-1].lower()
    if person and (noun in _WORKING or (_JOB.search(noun) and noun not in _NOT_JOBS | PEOPLE)):
        asked = "do I" if clause.subject == ("I",) else f"does {subject}"
        yield f"What {asked} do for a living?", answer
        yield question(f"what is {possessive(clause.subject)} job"), answer
    elif person and PEOPLE & {w.lower() for w in words}:
        yield question(f"who {be} {subject}"), answer
    else:
        yield question(f"what {be} {subject}"), answer


def _of_doing(clause: Clause) -> Iterator[Pair]:
    """Questions about "X does Y"."""
    if clause.verb[0] in ("called", "named") and clause.before[:1] and clause.before[0] in BE:
        if clause.tail:
            yield from _complement(replace(clause, verb=()), clause.tail, answer_of(clause))
        return
    if clause.lemma in _SAYING and not clause.negated:
        return  # what follows is another's clause
    if clause.lemma == "get" and clause.tail and has_form(clause.tail[0], "VBN"):
        return  # "got told"
    first = clause.parts[0] if clause.parts else None
    obj = first if first and first.kind == "object" else None
    if clause.negated:
        yield from _refused(clause, obj)
    elif not (obj and {w.lower() for w in obj.words} & LOST):
        for part in clause.parts:
            yield from _piece(clause, part, obj)
        yield from _of_whole(clause)


def _refused(clause: Clause, obj: Part | None) -> Iterator[Pair]:
    """ "I do not eat meat", "I never drink"."""
    answer = answer_of(clause)
    first = next((w for w in clause.before if w not in ("not", "never")), "do")
    subject, verb = asked_subject(clause), " ".join((clause.lemma, *clause.verb[1:]))
    yield question(f"{first} {subject} {verb} {' '.join(clause.tail)}"), denied(answer)
    if obj and len(clause.parts) == 1:
        yield question(f"what {first} {subject} not {verb}"), answer


def _of_whole(clause: Clause) -> Iterator[Pair]:
    """Why, and who."""
    answer, tail = answer_of(clause), " ".join(clause.tail)
    if clause.reason:
        yield asked_for(clause, "why", tail), f"{answer.rstrip('.')} {flip(clause.reason)}."
    if is_person(clause.subject) and clause.tail and not clause.before:
        content = {w.lower() for w in clause.tail} - {"me", "us"}
        mine = content and {w.lower() for w in clause.tail} & {"me", "my", "us", "our"}
        if mine or any(has_name(p.words[p.kind == "prep" :]) for p in clause.parts):
            yield question(f"who {' '.join(clause.verb)} {tail}"), answer


def _piece(clause: Clause, part: Part, obj: Part | None) -> Iterator[Pair]:
    """What is asked to hear this piece of the clause."""
    answer = answer_of(clause, part)
    kept = (
        " ".join(("the", *obj.words[1:]) if obj.head in ("a", "an") else obj.words) if obj else ""
    )
    if part is obj:
        yield from _object(clause, part, answer)
    elif part.kind == "time":
        if what := _when(part):
            yield asked_for(clause, what, kept), answer
    elif part.kind == "to" and not obj:
        rest = f"to {part.words[1]}" if len(part.words) > 2 else "to do"
        yield asked_for(clause, "what", rest), answer
    elif part.words == ("for", "a", "living"):
        helper = "do I" if clause.subject == ("I",) else f"does {asked_subject(clause)}"
        yield f"What {helper} do for a living?", answer
        yield question(f"what is {possessive(clause.subject)} job"), answer
    elif part.kind == "prep" and not {w.lower() for w in part.words} & LOST:
        for what, rest in _prepositional(clause, part, kept):
            yield asked_for(clause, what, rest), answer
        if part.head == "for" and kept and clause.subject == ("I",) and _is_price(part):
            yield f"How much did I pay for {kept}?", answer
            yield f"How much was {kept}?", answer
        if part.head == "as" and clause.lemma == "work":
            yield question(f"what is {possessive(clause.subject)} job"), answer


def _object(clause: Clause, part: Part, answer: str) -> Iterator[Pair]:
    words, first = part.words, part.head
    behind = next((p for p in clause.parts[1:] if p.kind == "prep"), None)
    rest = " ".join(behind.words) if behind else ""
    longer = answer_of(replace(clause, parts=(part, behind))) if behind else answer
    if clause.lemma == "turn" and len(words) == 1 and words[0].isdigit():
        yield (
            question(
                f"how old {'am' if clause.subject == ('I',) else 'is'} {asked_subject(clause)}"
            ),
            answer,
        )
        return
    spent = clause.lemma in ("pay", "cost", "spend", "earn") and words[0][-1].isdigit()
    known = clause.lemma in _OF_PEOPLE and has_name(words)
    if spent or _MONEY.search(" ".join(words)):
        yield asked_for(clause, "how much", rest), longer
    elif (first in NUMBERS - {"one"} or first.isdigit()) and len(words) > 1:
        yield asked_for(clause, f"how many {' '.join(words[1:])}", rest), longer
    elif known or PEOPLE & {w.lower() for w in words}:
        yield asked_for(clause, "who", rest), longer
    elif clause.lemma == "have" and clause.subject == ("I",) and first in ("a", "an"):
        yield question(f"do I have {' '.join(words)}"), longer
    elif clause.lemma not in _VAGUE or rest or len(clause.verb) > 1:
        yield asked_for(clause, "what", rest), longer
        if rest and clause.lemma not in _VAGUE:
            yield asked_for(clause, "what", ""), answer


def _prepositional(clause: Clause, part: Part, kept: str) -> Iterator[tuple[str, str]]:
    """The question word, and what follows the verb, for "with Mina", "in Porto", "from Nelson"."""
    head, inner = part.head, part.words[1:]
    price = _is_price(part)
    if not inner or (not price and (inner[0][0].isdigit() or inner[0].lower() in NUMBERS)):
        return
    named, person = has_name(inner), bool(PEOPLE & {w.lower() for w in inner})
    if head == "with" and (person or named):
        yield "who", f"{kept} with"
    elif head == "to" and clause.lemma in _MOTION:
        yield "where", kept
    elif head in ("from", "to", "for") and person:
        yield "who", f"{kept} {head}"
    elif head == "from" and named and clause.lemma in _GETTING:
        yield "who", f"{kept} from"
        yield "where", f"{kept} from"
    elif head == "from" and (named or clause.lemma in ("come", "move", "drive")):
        yield "where", f"{kept} from"
    elif head == "for" and price:
        yield "how much", f"{kept} for"
    elif head in ("for", "about", "of", "as"):
        yield "what", f"{kept} {head}"
    elif head == "by":
        yield "how", kept
    elif _is_place(part):
        yield "where", kept


def _is_place(part: Part) -> bool:
    """ "in Porto", "at the museum", "in bed"; not "in charge"."""
    inner = part.words[1:]
    if part.head not in _PLACES or not inner:
        return False
    first = inner[0]
    return first.lower() in DETERMINERS | _BARE_PLACES or first[0].isupper() or len(inner) > 1


def _is_price(part: Part) -> bool:
    return bool(_MONEY.search(" ".join(part.words)))


def _when(part: Part) -> str:
    if (part.head in NUMBERS or part.head[0].isdigit()) and part.words[-1].lower() != "ago":
        return ""
    if part.head in ("every", "each", "twice", "once"):
        return "how often"
    if part.head == "for":
        return "how long"
    if part.head == "since":
        return "since when"
    return "when"
