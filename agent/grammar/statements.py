"""Questions and answers out of plain statements, by rule: what a small model writes badly.

    "My brother Duarte works as a nurse in Porto."
      What is my brother called?       => Your brother is called Duarte.
      What does my brother work as?    => Your brother Duarte works as a nurse.
      Where does Duarte work?          => Your brother Duarte works in Porto.

An answer is the statement itself in the second person, so it is true by construction. Heilman and Smith
(2010) made questions from parsed sentences like this; here the sentences are the plain ones that
clauses.py can take apart, and the rest is left to the model. Knows one message's text.
"""

import re
from collections.abc import Iterator
from dataclasses import replace

from lemminflect import getInflection

from agent.grammar.being import Pair
from agent.grammar.clauses import Clause, apposed, clauses
from agent.grammar.kin import of_relative, relative
from agent.grammar.kinds import is_place, when_of
from agent.grammar.names import names
from agent.grammar.parts import Part
from agent.grammar.pieces import WORN, begins_thing
from agent.grammar.questions import questions
from agent.grammar.several import of_several
from agent.grammar.terse import spoken_out
from agent.grammar.turning import ANSWER_WORDS, SECOND, as_one, flip, is_person, sentence
from agent.grammar.words import (
    LOST,
    OWN,
    PREPOSITIONS,
    SPEAKERS,
    Words,
    has_form,
    is_known,
    is_plural,
    name_at,
    tokens_of,
)
from agent.topics import PEOPLE, PETS

_SHE = frozenset("sister mother mum mom wife girlfriend daughter aunt niece grandmother grandma gran "
                 "landlady fiancee".split())  # fmt: skip
_HE = frozenset("brother father dad husband boyfriend son uncle nephew grandfather grandpa landlord "
                "fiance".split())  # fmt: skip
_GROUPS = frozenset("club choir band team group class orchestra course troupe ensemble".split())
_GETTING = frozenset("have buy get adopt own rent order inherit".split())
_TOGETHER = frozenset("meet rehearse practise practice train play perform gather".split())
_GOING = frozenset("move go travel fly drive emigrate return relocate come sail".split())
_JOURNEY = frozenset("trip flight journey holiday visit move train ferry bus ticket".split())
_GOES_ON = frozenset(
    "since because when and that if than at of from with for to into".split()
)  # no answer ends so


def statements(text: str) -> list[Pair]:
    """The questions that a message's plain statements answer, with their answers; one answer to a
    question, the first."""
    tokens = spoken_out(tokens_of(text))
    found: dict[str, str] = {}
    for question, answer in [*names(tokens), *of_several(tokens), *_asked(tokens)]:
        whole = answer.split()[-1].rstrip(".") not in _GOES_ON
        if whole and len(question.split()) > 2 and len(answer.split()) <= ANSWER_WORDS + 4:
            found.setdefault(question, answer)
    for question, answer in [*found.items()]:  # "we live in Faro": one of them asks alone as well
        found.setdefault(as_one(question), answer)
    return [*found.items()]


def _asked(tokens: Words) -> Iterator[Pair]:
    meant: dict[str, Words] = {}
    for clause in (*apposed(tokens), *clauses(tokens)):
        clause = _given(_placed(_resolved(clause, meant), meant), meant)
        _note(clause, meant)
        about_assistant = "you" in {w.lower() for w in clause.tail}
        nobody = clause.subject[0].lower() in LOST and clause.subject != ("there",)
        unclear = clause.subject[-1] == "one" or (  # "the old one", "bought a hat, cost a fortune"
            clause.subject in SPEAKERS and clause.lemma == "cost"
        )
        if about_assistant or nobody or unclear:
            continue
        parts = tuple(p for p in clause.parts if not _bare(p) or clause.lemma in ("live", "move"))
        clause = replace(clause, parts=parts)  # "for me", "with us" say nothing
        yield from of_relative(clause.subject)
        if clause.subject == ("we",) and clause.lemma in _TOGETHER and "we" in meant:
            yield from questions(_of_group(clause, meant["we"]))
        yield from questions(clause)
        if begun := _begun(clause):
            yield from questions(begun)
        if (found := relative(clause.subject)) and found[2]:
            yield from _renamed(clause, (found[0][0], found[2]))  # "my niece"
        if found and found[1]:
            yield from _renamed(clause, found[0])  # "my sister's daughter"
        if named := _name_of(clause.subject):  # "my brother Duarte" is asked about by name too
            yield from _renamed(clause, named)


def _of_group(clause: Clause, group: Words) -> Clause:
    """ "we meet" of "my book club, we meet on Mondays": my book club meets."""
    if clause.before or clause.verb != (clause.lemma,):
        return clause
    return replace(clause, subject=group, verb=getInflection(clause.lemma, "VBZ")[:1])


def _begun(clause: Clause) -> Clause | None:
    """ "have started going to a gym" as what goes on now: am going to a gym."""
    goes_on = clause.lemma in ("start", "begin") and not clause.negated
    times = [part for part in clause.parts if part.kind == "time"]
    dated = any(when_of(p) == "when" and not p.words[-1].endswith("days") for p in times)
    if not goes_on or dated or not has_form(clause.verb[-1], "VBG") or len(clause.verb) != 2:
        return None
    many = clause.subject == ("we",) or is_plural(clause.subject)
    be = "am" if clause.subject == ("I",) else "are" if many else "is"
    return replace(clause, before=(be,), verb=clause.verb[1:])


def _renamed(clause: Clause, subject: Words) -> Iterator[Pair]:
    """The questions with another name for whom the clause is about; the answers say the whole one."""
    short, whole = sentence(flip(subject))[:-1], sentence(flip(clause.subject))[:-1]
    for question, answer in questions(replace(clause, subject=subject)):
        yield question, re.sub(rf"^{re.escape(short)}(?= )", whole, answer)


def _bare(part: Part) -> bool:
    inner = {w.lower() for w in part.words[1:]}
    return part.kind == "prep" and bool(inner) and inner <= {*SECOND, *LOST}


def _name_of(subject: Words) -> Words:
    """The name in "my brother Duarte"."""
    if subject[0] not in OWN or PREPOSITIONS & {*subject}:
        return ()
    found = (name_at(subject, k) for k in range(2, len(subject)))
    return next((name for name in found if name and not name[-1].endswith("'s")), ())


def _resolved(clause: Clause, meant: dict[str, Words]) -> Clause:
    """The clause with "he", "she" and "it" said by name, as subject."""
    first = clause.subject[0].lower()
    if first in ("he", "she", "it") and first in meant:
        return replace(clause, subject=meant[first])
    if first in ("his", "her") and (owner := meant.get("he" if first == "his" else "she")):
        return replace(clause, subject=(*owner[:-1], f"{owner[-1]}'s", *clause.subject[1:]))
    return clause


def _given(clause: Clause, meant: dict[str, Words]) -> Clause:
    """The clause with "her" said by name, as in "I give her the room", where it can be one alone."""
    parts = []
    for part in clause.parts:
        pronoun = {"her": "she", "him": "he"}.get(part.head, "") if part.kind == "object" else ""
        sure = pronoun in meant and f"other {pronoun}" not in meant
        if sure and (len(part.words) == 1 or begins_thing(part.words[1])):
            part = Part("object", (*meant[pronoun], *part.words[1:]))
        parts.append(part)
    return replace(clause, parts=tuple(parts))


def _placed(clause: Clause, meant: dict[str, Words]) -> Clause:
    """The clause with "there" said by the place that was named last; "here" only where it is a home."""
    known = {"there": meant.get("there", ()), "here": meant.get("here", ())}
    parts = []
    for part in clause.parts:
        place = known.get(part.head, ()) if len(part.words) == 1 else ()
        parts.append(Part("prep", ("in", *place)) if place else part)
    return replace(clause, parts=tuple(parts))


def _note_place(clause: Clause, meant: dict[str, Words]) -> None:
    for before, part in zip((None, *clause.parts), clause.parts, strict=False):
        name = name_at((",", *part.words[1:]), 1)
        if part.kind != "prep" or not name or name != part.words[1:] or name[-1].endswith("'s"):
            continue
        going = clause.lemma in _GOING or (before and _JOURNEY & {w.lower() for w in before.words})
        if (part.head in ("in", "near") and is_place(part)) or (part.head == "to" and going):
            meant["there"] = name
            home = clause.subject in SPEAKERS and clause.lemma in ("move", "live", "settle")
            meant["here"] = name if home else ()
        elif part.head == "from" and clause.lemma in ("be", "come") and len(clause.parts) == 1:
            meant["there"] = name


def _note(clause: Clause, meant: dict[str, Words]) -> None:
    """Remember whom the next pronoun means: the last subject, or somebody whose sex is known."""
    _note_place(clause, meant)
    _mean(clause.subject, meant, subject=True)
    owner = clause.subject[1] if clause.subject[0] in OWN else ""
    if owner.endswith("'s") and not is_person(clause.subject):
        # "my daughter's play is on Friday, she is the wolf"
        _mean((clause.subject[0], owner.removesuffix("'s")), meant, subject=False)
    for part in clause.parts:
        _note_group(part, meant)
        if part.kind == "object" or part.head == "with":
            words = part.words[part.kind == "prep" :]
            if clause.subject in SPEAKERS and clause.lemma in _GETTING and words[0] in ("a", "an"):
                rest = (w for w in words[1:] if w not in ("called", "named", *WORN))
                words = ("my", *rest)  # "I have a sister, she lives in Ghent"
            _mean(words, meant, subject=False)


def _note_group(part: Part, meant: dict[str, Words]) -> None:
    """ "for my book club, we meet on Mondays": who meets."""
    words = part.words[part.kind == "prep" :]
    if 1 < len(words) < 5 and words[0] in (*OWN, "a", "the") and words[-1] in _GROUPS:
        meant["we"] = ("my", *words[1:])


def _mean(words: Words, meant: dict[str, Words], *, subject: bool) -> None:
    first = words[0].lower() if words else ""
    if first in ("his", "her") and (owner := meant.get("he" if first == "his" else "she")):
        words = (*owner[:-1], f"{owner[-1]}'s", *words[1:])
    lower = {w.lower() for w in words}
    if not words or lower & LOST or first in ("i", "we"):
        return
    role = next((w for w in reversed(words) if w.lower() in PEOPLE | PETS), "")
    named = name_at((",", *words), 1) == words and not any(map(is_known, words))
    someone = bool(role) or (is_person(words) if subject else named)
    for pronoun, others in (("he", _SHE), ("she", _HE)):
        sure = subject or role in _SHE | _HE or pronoun not in meant
        if someone and role not in others and meant.get(pronoun, words) != words:
            meant[f"other {pronoun}"] = words
        if someone and sure and role not in others:
            meant[pronoun] = words
    thing = not someone and len(words) <= 4 and (first in OWN or (subject and first == "the"))
    if lower & PETS or thing:
        meant["it"] = words
