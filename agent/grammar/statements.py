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
from itertools import pairwise

from lemminflect import getInflection

from agent.grammar.among import of_groups
from agent.grammar.angles import CHILDREN
from agent.grammar.being import Pair
from agent.grammar.claimed import claimed
from agent.grammar.clauses import Clause, apposed, clauses
from agent.grammar.endings import of_endings
from agent.grammar.kin import of_relative, relative
from agent.grammar.kinds import is_place, when_of
from agent.grammar.meant import costing, given, name_of, note, placed, resolved, taken_up
from agent.grammar.names import BY_AGE, is_only, names
from agent.grammar.now import of_now
from agent.grammar.parts import Part
from agent.grammar.questions import questions
from agent.grammar.reached import reached
from agent.grammar.reactions import reactions
from agent.grammar.several import of_several
from agent.grammar.terse import spoken_out
from agent.grammar.turning import ANSWER_WORDS, SECOND, as_one, flip, is_person, sentence
from agent.grammar.whether import OVER, asked_of
from agent.grammar.words import (
    LOST,
    SPEAKERS,
    Words,
    has_form,
    is_plural,
    tokens_of,
)
from agent.text import CAPITAL
from agent.topics import PEOPLE

_TOGETHER = frozenset("meet rehearse practise practice train play perform gather".split())
_IS_MINE = re.compile(
    rf"(?P<name>[^\W\d_]\w*(?: {CAPITAL}\w*)*) is (?P<one>one of )?your "
    r"(?P<which>(?:[a-z-]+ )?)(?P<role>[a-z-]+)\."
)
_GOES_ON = frozenset(
    "until till since because when and that if than at of from with for to into".split()
)  # no answer ends so

_WHICH = LOST | {"neither", "none", "either"}  # as subjects: of whom?
_TOLD_TO = ("told you to.", "asked you to.", "wanted you to.")


def statements(text: str) -> list[Pair]:
    """The questions that a message's plain statements answer, with their answers; one answer to a
    question, the first."""
    text = claimed(text)
    tokens = spoken_out(tokens_of(text))
    found: dict[str, str] = {}
    called = [*names(tokens), *of_several(tokens)]
    roles = dict(_roles(called))
    said = [*called, *reached(tokens), *reactions(tokens), *_asked(tokens, roles)]
    said += [*of_endings(text), *of_groups(roles)]
    for question, answer in [*said, *of_now(said)]:
        told_to = " because " in answer and answer.endswith(_TOLD_TO)
        whole = told_to or answer.split()[-1].rstrip(".") not in _GOES_ON
        if whole and len(question.split()) > 2 and len(answer.split()) <= ANSWER_WORDS + 4:
            found.setdefault(question, answer.replace(" can not ", " can't "))
    for question, answer in [*found.items()]:  # "we live in Faro": one of them asks alone as well
        found.setdefault(as_one(question), answer)
    return [*found.items()]


def _roles(called: list[Pair]) -> Iterator[tuple[Words, tuple[Words, bool]]]:
    """What each name is to the user, and whether it is one of several: "Ren" a "little", "son"."""
    for _, answer in called:
        if match := _IS_MINE.fullmatch(answer):
            role = match["role"] if match["role"] in PEOPLE else match["role"].removesuffix("s")
            if role in PEOPLE:
                whole = (*match["which"].split(), role)
                yield tuple(match["name"].split()), (whole, bool(match["one"]))


def _asked(tokens: Words, roles: dict[Words, tuple[Words, bool]]) -> Iterator[Pair]:
    meant: dict[str, Words] = {}
    for clause in (*apposed(tokens), *clauses(tokens)):
        clause = taken_up(resolved(costing(clause, meant), meant), meant)
        clause = given(placed(clause, meant), meant)
        if clause.claimed:
            yield from _of_meeting(clause, meant)
        clause = replace(clause, subject=_plain_relative(clause.subject))
        yield from _relatives(clause, tokens)
        role, several = roles.get(clause.subject, ((), False))
        if role and not several:  # "I have one son, Ren, who lives in Oslo"
            clause = replace(clause, subject=("my", *role, *clause.subject))
        alone = {meant.get(who) for who in ("he", "she")} <= {None, clause.subject}
        note(clause, meant)
        about_assistant = "you" in {w.lower() for w in clause.tail}
        nobody = clause.subject[0].lower() in _WHICH and clause.subject != ("there",)
        unclear = clause.subject[-1] == "one" or (  # "the old one", "bought a hat, cost a fortune"
            clause.subject in SPEAKERS and clause.lemma == "cost"
        )
        unclear = unclear or _is_unclear(clause)
        if about_assistant or nobody or unclear or clause.called_off or not clause.claimed:
            continue
        at_home = (
            clause.lemma in ("live", "move") or clause.verb[-1:] == ("in",) or clause.is_copula
        )
        parts = tuple(p for p in clause.parts if not _bare(p) or at_home)
        own = alone and is_person(clause.subject) and clause.subject not in SPEAKERS
        own = own and all(part.words[-1] != "her" for part in clause.parts)  # "met her"
        own = own and not {("and", "her"), ("and", "his")} & {*pairwise(clause.tail)}
        if own:  # "her job": no he
            for word, other in (("her", "he"), ("his", "she")):
                if word in clause.tail and meant.get(other) == clause.subject:
                    meant.pop(other)
        clause = replace(clause, parts=parts, of_subject=own)  # "for me", "with us" say nothing
        yield from of_relative(clause.subject)
        if clause.subject == ("we",) and "we" in meant and clause.lemma in _TOGETHER | {"call"}:
            yield from questions(_of_group(clause, meant["we"]))
        yield from questions(clause)
        if begun := _begun(clause):
            yield from questions(begun)
        if several:  # not "my brother" where there are two
            of_role = questions(replace(clause, subject=("my", *role, *clause.subject)))
            yield from (pair for pair in of_role if pair[0].startswith("Which of"))
        if is_only(clause.subject[:2], " ".join(clause.subject[2:3]), tokens):
            over = asked_of(clause.subject[2]) if clause.subject[1] in OVER else []
            thing = clause.subject[3:] if clause.subject[2].endswith("'s") else ()
            renamed = _renamed(clause, (clause.subject[0], clause.subject[2], *thing))
            yield from (pair for pair in renamed if pair[0] not in over)
        if (found := relative(clause.subject)) and found[2]:
            yield from _renamed(clause, (found[0][0], found[2]))  # "my niece"
        if found and found[1]:
            yield from _renamed(clause, found[0])  # "my sister's daughter"
        if named := name_of(clause.subject):  # "my brother Duarte" is asked about by name too
            yield from _renamed(clause, named)


def _is_unclear(clause: Clause) -> bool:
    """Whether nobody knows later what was meant: "I like the green one", "my aunt is one too", "I was
    there", "she put me on it"."""
    first = clause.parts[0] if clause.parts else Part("object", ("",))
    if clause.is_copula:
        age = first.words == ("one",) and CHILDREN & {*clause.subject}
        one = first.words in (("one",), ("the", "one")) and not age
        return one or first.head == "there"
    things = [part.words for part in clause.parts if part.kind == "object"]
    if any(words[-1] in ("one", "ones") and words[:2] != ("a", "new") for words in things):
        return True
    there = clause.lemma == "live" and first.head == "there"
    told = [p for p in clause.parts if p.kind != "time" and p.words not in (("me",), ("us",))]
    lost = bool(told) and told[0].kind == "prep" and {*told[0].words[1:]} <= LOST and _bare(told[0])
    return lost or (there and not any(map(is_place, clause.parts)))


def _plain_relative(subject: Words) -> Words:
    """ "my brother's new girlfriend Ada" as one asks for her: without the "new"."""
    place = next((k for k, word in enumerate(subject) if word.endswith("'s")), len(subject)) + 1
    role = {*subject[place + 1 : place + 2]} & PEOPLE
    return subject[:place] + subject[place + 1 :] if role and subject[place] in BY_AGE else subject


def _relatives(clause: Clause, tokens: Words) -> Iterator[Pair]:
    """What a relative's relative is called whom the message names by "his" or "her"."""
    told = " ".join(tokens)
    found = [clause.subject]
    if is_person(clause.subject) and clause.subject not in SPEAKERS:
        owner = (*clause.subject[:-1], f"{clause.subject[-1]}'s")
        found += [
            _plain_relative((*owner, *part.words[1:]))
            for part in clause.parts
            if part.kind == "object" and part.head in ("his", "her") and {*part.words[1:3]} & PEOPLE
        ]
    for whole in found:
        if any(w.endswith("'s") for w in whole[1:-1]) and " ".join(whole) not in told:
            yield from names(whole)


def _of_group(clause: Clause, group: Words) -> Clause:
    """ "we meet" of "my book club, we meet on Mondays": my book club meets."""
    if clause.before == ("are",) and clause.verb == ("called",):
        return replace(clause, subject=group, before=("is",))
    if clause.before or clause.verb != (clause.lemma,):
        return clause
    return replace(clause, subject=group, verb=getInflection(clause.lemma, "VBZ")[:1])


def _begun(clause: Clause) -> Clause | None:
    """ "have started going to a gym" as what goes on now: am going to a gym."""
    goes_on = clause.lemma in ("start", "begin") and not (clause.negated or clause.undone)
    times = [part for part in clause.parts if part.kind == "time"]
    dated = any(when_of(p) == "when" and not p.words[-1].endswith("days") for p in times)
    if not goes_on or dated or not has_form(clause.verb[-1], "VBG") or len(clause.verb) != 2:
        return None
    many = clause.subject == ("we",) or is_plural(clause.subject)
    be = "am" if clause.subject == ("I",) else "are" if many else "is"
    return replace(clause, before=(be,), verb=clause.verb[1:])


def _of_meeting(clause: Clause, meant: dict[str, Words]) -> Iterator[Pair]:
    """ "My husband is from Ibadan. We met in Accra": whom I met."""
    whom = {meant[pronoun] for pronoun in ("he", "she") if pronoun in meant}
    each_other = Part("object", ("each", "other"))
    parts = tuple(part for part in clause.parts if part != each_other)
    met = clause.subject == ("we",) and clause.lemma in ("meet", "know") and len(whom) == 1
    if not met or any(part.kind == "object" or part.head == "with" for part in parts):
        return
    whole = whom.pop()
    name = name_of(whole)
    for called in filter(None, (whole[: len(whole) - len(name)], name)):
        of_one = replace(clause, subject=("I",), parts=(Part("object", called), *parts))
        for question, answer in questions(of_one):
            yield question, answer.replace(flip(called), flip(whole), 1)


def _renamed(clause: Clause, subject: Words) -> Iterator[Pair]:
    """The questions with another name for whom the clause is about; the answers say the whole one."""
    short, whole = sentence(flip(subject))[:-1], sentence(flip(clause.subject))[:-1]
    small = f"{whole[0].lower()}{whole[1:]}" if whole.startswith("Your ") else whole
    for question, answer in questions(replace(clause, subject=subject)):
        named = re.sub(rf"^{re.escape(short)}(?= )", whole, answer)
        yield question, re.sub(rf"^(Yes|No), {re.escape(short)}(?= )", rf"\1, {small}", named)


def _bare(part: Part) -> bool:
    inner = {w.lower() for w in part.words[1:]}
    return part.kind == "prep" and bool(inner) and inner <= {*SECOND, *LOST}
