"""Questions that come at a clause from another side, with words that it does not use itself.

    "My avó Lurdes turns 81 on the 3rd of February" -> "When is my avó's birthday?"
    "The man at the station wants 95 euros"         -> "How much does the man ask for?"

The table (angles.txt) says what a clause looks like and what it answers; it sees a clause as its
verb and the pieces behind it, each with its kind: "turn 81 [age] on the 3rd of February [date]".
Knows one clause.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from lemminflect import getInflection, getLemma

from agent.grammar.clauses import Clause
from agent.grammar.jobs import is_job
from agent.grammar.kinds import (
    KINDS,
    closer_when,
    is_age,
    is_place,
    is_price,
    kind_of,
    when_of,
)
from agent.grammar.parts import Part
from agent.grammar.turning import (
    answer_of,
    asked_subject,
    confirmed,
    denied,
    helper_of,
    is_person,
    possessive,
    question,
)
from agent.grammar.words import (
    BE,
    HAVE,
    MODAL,
    NUMBERS,
    OWN,
    SPEAKERS,
    has_form,
    has_name,
    is_plural,
    lemma_of,
)
from agent.text import CAPITALS
from agent.topics import PEOPLE, PETS

Rule = tuple[str, re.Pattern[str], list[str]]
_FILE = Path(__file__).with_name("angles.txt")
_PIECE = r"(?:[^\[\]]+?)"
_SHORT = {  # what the table writes for capitals, the words of a piece, pieces in between, a moment
    "A-Z": CAPITALS,
    "~": _PIECE,
    "@paid ?": r"(?!.*\b(?:spare|free time|hobby|fun|(?:satur|sun)days?|weekends?|evenings?|grand\w+|"
    r"sometimes|charity|class|lessons?|club|(?:to|for) (?:work|my|our|me|us)|today|tomorrow|next|this|"
    r"each other|model|toy|lego|miniature)\b)",
    "@skip ?": rf"(?:{_PIECE} \[[\w ]+\] )*?",
    "@number": "|".join(sorted(NUMBERS)),
    "@country": "|".join(sorted(word.title() for word in KINDS["country"])),
    "@when": rf"{_PIECE} \[(?:clock|date|day|month|year|when)\]",
}
_GOES_ON = frozenset(
    "be live work know play study teach run own".split()
)  # "has lived here for years"
_STILL = frozenset(  # what "is" so; else "my flight was cancelled on Friday" would say when it is
    "booked scheduled planned set born stolen broken cracked smashed jammed blocked flooded stuck torn "
    "lost called named made gone scared terrified frightened".split()
)
_FELT = (("scared",), ("terrified",), ("frightened",))  # that look like verbs
CHILDREN = frozenset(
    "son daughter kid kids child children grandson granddaughter niece nephew twins".split()
)
_HALF = frozenset(("half", "part", *KINDS["nationality"]))  # "half Greek half Lebanese"
_YES, _NO = "Yes: ", "No: "  # before a question that is answered with it
_TO_A_GOAL = (("go", "to", "work"), ("go", "to", "school"))
_ON_THE_WAY = frozenset(("by", "on", "every"))
_WORKING = frozenset("be become work train retrain start use".split())
_MOMENTS = {"what time": "clock", "what date": "date", "which day": "day", "which month": "month",
            "which year": "year"}  # fmt: skip


def read_angles(text: str) -> list[Rule]:
    """Whom a rule is about, what the clause looks like, and its questions (the format of
    angles.txt)."""
    rules: list[Rule] = []
    named: dict[str, str] = {}
    for line in text.splitlines():
        if line.startswith("    "):
            rules[-1][2].append(line.strip())
        elif line and not line.startswith("#"):
            who, _, shape = line.partition(": ")
            if who.startswith("let "):
                name = who.removeprefix("let ")
                named[name] = f"{named[name]}|{shape}" if name in named else shape
                continue
            for name, listed in named.items():
                shape = shape.replace(name, f"(?:{listed})")
            for short, long in _SHORT.items():
                shape = re.sub(short, long.replace("\\", r"\\"), shape)
            same = rules[-1][2] if rules and not rules[-1][2] else []  # shapes one under the other
            rules.append((who, re.compile(shape + r"(?= |$)"), same))
    return rules


_NOW = re.compile(r"\b(?:is|am|do|does|lives)\b")
_THEN = re.compile(r"\b(?:did|was|were|had)\b|\{(?!y\})")  # or a verb of the clause's own time
_LASTS = re.compile(r"\bstill\b|\{(?:is|does)\}")
_RULES = read_angles(_FILE.read_text(encoding="utf-8"))


def angles(clause: Clause) -> Iterator[tuple[str, str]]:
    """The questions of every rule that fits the clause."""
    about = _about(clause)
    if clause.negated:
        about = tuple(f"not {who}" for who in about)
    if not about or any(_is_lost(part, clause) for part in clause.parts):
        return
    seen, words, answer = _seen(clause), _words_for(clause), answer_of(clause)
    whole, over = f"{words['s']} :: {seen}", _is_over(clause)
    for who, shape, templates in _RULES:
        match = who in about and shape.match(whole if "::" in shape.pattern else seen)
        if match:
            filled = {**words, **{k: v or "" for k, v in match.groupdict().items()}}
            filled["base"] = lemma_of(filled.get("v") or clause.lemma)
            filled["ing"] = (getInflection(filled["base"], "VBG") or ("",))[0]
            for template in templates:
                if over and _asks_now(template):
                    continue
                if "{poss}" in template and clause.subject[1:2] == ("of",):
                    continue  # "two of my brothers' job"
                if clause.undone and _LASTS.search(template):  # "quit in 2015, started again"
                    continue
                many = is_plural(tuple(filled.get("x", "").split()) or ("",))
                filled["is_x"] = "are" if many else "is"
                filled["do_x"] = "did" if words["do"] == "did" else "do" if many else "does"
                if all(filled[name] for name in re.findall(r"\{(do|do_i|be|will)\}", template)):
                    yield _asked(template, filled, answer)


def _is_over(clause: Clause) -> bool:
    """ "I had a dog", "my appointment was on Tuesday"; not "was diagnosed", which lasts; and what was
    begun or bought and is undone in the same sentence."""
    was = clause.is_copula and clause.before[:1] in (("was",), ("were",))
    lasts = bool(clause.parts) and clause.parts[0].words[0] in _STILL
    return clause.undone or (was and not lasts) or clause.verb[:1] in (("had",), ("drove",))


def _asks_now(template: str) -> bool:
    ahead = re.split(r"\{(?:x|poss|s)\}", template)[0]
    return bool(_NOW.search(template)) and not _THEN.search(ahead)


def _asked(template: str, filled: dict[str, str], answer: str) -> tuple[str, str]:
    """The template's question, and the answer with its yes or no."""
    bare = template.removeprefix(_YES).removeprefix(_NO).rstrip("?")
    if template.startswith(_NO):
        answer = denied(answer)
    elif template.startswith(_YES):
        answer = confirmed(answer)
    return question(bare.format(**filled)), answer


def _is_lost(part: Part, clause: Clause) -> bool:
    """ "them", "his car": whose is not known here."""
    return part.kind != "time" and bool({w.lower() for w in part.words} & clause.lost)


def _about(clause: Clause) -> tuple[str, ...]:
    if clause.subject == ("there",):
        return ("there",)
    who = "me" if clause.subject in SPEAKERS else "other" if is_person(clause.subject) else ""
    if not who and PETS & {w.lower() for w in clause.subject} and clause.subject[0] in OWN:
        return ("thing", "any", "anyone", *(("thing so", "anyone so") if _is_so(clause) else ()))
    if not who:
        return ("thing", "any", *(("thing so",) if _is_so(clause) else ()))
    tense = _tense(clause)
    if tense == "now" and CHILDREN & {w.lower() for w in clause.subject}:
        tense = ""  # who sells lemonade, not for a living
    so = ("anyone so", f"{who} so") if _is_so(clause) else ()
    if tense == "then" or clause.before[:1] in (("have",), ("has",)):
        so = (*so, "anyone done")
    return (who, "anyone", "any", f"{who} {tense}", f"anyone {tense}", *so)


def _is_so(clause: Clause) -> bool:
    """What somebody is now: "am a vegan", "have been a vegan"."""
    first = clause.before[:1]
    been = first in (("have",), ("has",)) and clause.verb[:1] == ("been",)
    is_what = clause.is_copula or clause.verb[:1] in _FELT
    return been or (is_what and first in (("am",), ("is",), ("are",)))


def _tense(clause: Clause) -> str:
    """ "now": what somebody does again and again ("I tune pianos"); "then": what is past; or ""."""
    if clause.negated and clause.before[0] in ("do", "does", "can", "never"):
        return "now"
    if clause.before:
        return "then" if clause.before[0] in ("was", "were") else ""
    return {"did": "then"}.get(helper_of(clause), "now") if clause.verb else ""


def _seen(clause: Clause) -> str:
    """The clause as the rules see it, without its subject: what is going to be done as if it were
    done, what goes on behind a "be"."""
    verb = (clause.lemma, *clause.verb[1:])
    if verb in _TO_A_GOAL and (not clause.parts or clause.parts[0].head in _ON_THE_WAY):
        verb = (*verb, "[place]")  # "go to work by tram"; not "go to work at Bosch"
    elif verb[:2] == ("go", "to"):
        verb = verb[2:] or verb
    going = clause.before[:1] and clause.before[0] in BE and clause.verb[1:2] != ("to",)
    if clause.verb and has_form(clause.verb[0], "VBN") and not has_form(clause.verb[0], "VBG"):
        going = going and (_about(clause)[0] != "thing" or clause.verb[0] in _STILL)
    works = clause.is_copula or "be" in verb or verb[0] in _WORKING
    said = " ".join(("be", *clause.verb)) if going and clause.verb else " ".join(verb)
    seen = " ".join([said, *(f"{' '.join(p.words)} [{_kind(p, works)}]" for p in clause.parts)])
    return seen.replace("[age]", "[number]") if clause.subject == ("we",) else seen  # "we're five"


def _kind(part: Part, works: bool) -> str:
    """What the table calls a piece; `works`: behind the verb stands what somebody is or does."""
    words = part.words[part.kind == "prep" :]
    if part.kind == "time":
        closer = (_MOMENTS[what] for what in closer_when(part.words) if what in _MOMENTS)
        return next(closer, when_of(part) or "span")
    if not words or part.kind in ("to", "manner"):
        return part.kind
    if is_price(words):
        return "money"
    one = getLemma(words[-1], upos="NOUN")[0] if is_plural(words[-1:]) else words[-1]
    if (
        works
        and is_job((*words[:-1], one))
        and words[0].lower() in ("a", "an", "all", "both", words[-1])
    ):
        return "job"
    if PEOPLE & {w.lower() for w in words}:
        return "person"
    if part.kind == "prep" and is_place(part):
        return "place"
    if (
        works
        and words[-1].lower() in KINDS["nationality"]
        and {*map(str.lower, words[:-1])} <= _HALF
    ):
        return "nationality"
    if works and words[0].lower() in KINDS["nationality"] and words[1:2] == ("and",):
        return "nationality"  # "Belgian and a new dad"
    if is_age(words):
        return "age"
    if words[0][0].isdigit() or words[0].lower() in NUMBERS:
        return "number"
    last = words[-1].lower()
    if {last, last.removesuffix("s")} & KINDS["handmade"]:
        return "handmade"
    return kind_of(words) or ("name" if has_name(words) else "thing")


def _words_for(clause: Clause) -> dict[str, str]:
    """What the questions put in for {s}, {poss}, {do} ..."""
    subject, me = asked_subject(clause), clause.subject in SPEAKERS
    many = is_plural(clause.subject)
    past = bool(clause.verb and not clause.before and helper_of(clause) == "did")
    past = past or clause.before[:1] in (("was",), ("were",))
    first = clause.before[0] if clause.before else ""
    do = ""
    if first in MODAL or clause.verb[1:2] == ("to",) and first in BE:
        do = "will" if first not in MODAL else first
    elif first in HAVE and clause.lemma in _GOES_ON:
        do = "do" if me or many else "does"
    elif first in HAVE or past:
        do = "did"
    elif not first or not clause.verb or (clause.negated and first not in ("did", *BE)):
        do = "do" if me or many else "does"
    now = "am" if clause.subject == ("I",) else "are" if me or many else "is"
    then = "were" if many or clause.subject == ("we",) else "was"
    return {
        "s": subject,
        "me": {"I": "me", "we": "us"}.get(subject, subject),
        "poss": possessive(tuple(subject.split())),
        "do": do,
        "do_now": do or ("do" if me or many else "does"),
        "does": "do" if me or many else "does",
        "do_i": "do" if do == "does" else do,
        "work": "work" if me or many else "works",
        "is": now,
        "be": "" if first in MODAL else then if past else now,
        "will": "" if past else "will",
        "was": "was" if past else "is",
        "have": "have" if me or many else "has",
    }
