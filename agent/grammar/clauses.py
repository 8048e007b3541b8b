"""English sentences of plain talk, taken apart: who does what, where, when, with whom.

    "My brother Duarte works as a nurse in Porto, and I moved to Bonfim last month"
      my brother Duarte | works | as a nurse | in Porto
      I                 | moved | to Bonfim | last month

No parser: closed lists of small words and a dictionary of verbs' forms. Precision before coverage: what
does not look plain is passed over. Knows text alone.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from lemminflect import getAllLemmas

from agent.grammar.because import reason_at
from agent.grammar.bounds import PRONOUNS, end_of_clause
from agent.grammar.claimed import is_claimed, takes_clause
from agent.grammar.gaps import somebody_at
from agent.grammar.leading import place_before, time_before
from agent.grammar.parts import UPHEAVALS, Part, parts_of
from agent.grammar.subjects import beside, is_gap, said_of, subjects_at
from agent.grammar.undone import DOUBTS, is_called_off, is_undone
from agent.grammar.verbs import verbs_at
from agent.grammar.words import (
    AUX,
    BE,
    DETERMINERS,
    DO,
    LOST,
    NUMBERS,
    OWN,
    PREPOSITIONS,
    STOPS,
    Words,
    end_of_sentence,
    has_form,
    is_name,
    is_plural,
    lemma_of,
    may_be_noun,
)
from agent.topics import PEOPLE

_BOOKED = frozenset("have book plan arrange".split())
_DONE_TO = frozenset(
    "raised scared terrified bred brought diagnosed educated adopted engaged divorced baptised".split()
)


@dataclass(frozen=True, slots=True)
class Clause:
    """Who does what. `before`: auxiliaries and "not"; `verb`: the main verb with what it chains to
    ("want to buy"), empty where the auxiliary is all ("am"); `parts`: what follows it."""

    subject: Words
    before: Words
    verb: Words
    parts: tuple[Part, ...]
    reason: Words = ()
    claimed: bool = (
        True  # whether the user says that it is so; else it tells who was spoken of alone
    )
    undone: bool = False  # taken back further on: "started at KFC, got sacked"
    called_off: bool = False  # a plan: "am meeting Ida on Friday, but she cancelled"
    of_subject: bool = False  # whether "his" and "her" behind the verb are the subject's

    @property
    def negated(self) -> bool:
        return "not" in self.before or "never" in self.before

    @property
    def lost(self) -> frozenset[str]:
        """The words behind the verb of which is not known whom they mean."""
        return LOST - {"his", "her"} if self.of_subject else LOST

    @property
    def is_copula(self) -> bool:
        return not self.verb and len(self.before) > 0 and self.before[0] in BE

    @property
    def is_plan(self) -> bool:
        """Still to come: "am flying on Friday", "my interview is on Monday", "have a date on Friday"."""
        going = self.verb and self.before[:1] and self.before[0] in (*BE, "will")
        if going and (self.before[0] == "will" or has_form(self.verb[0], "VBG")):
            return True
        planned = self.is_copula or (not self.before and self.lemma in _BOOKED)
        return planned and any(part.kind == "time" for part in self.parts)

    @property
    def lemma(self) -> str:
        return lemma_of(self.verb[0]) if self.verb else "be"

    @property
    def tail(self) -> Words:
        return tuple(word for part in self.parts for word in part.words)


def clauses(tokens: Words) -> Iterator[Clause]:
    """Every plain clause of a message, from left to right."""
    place = 0
    last: Clause | None = None
    unclaimed = False  # the clause before
    while place < len(tokens):
        found = _clause_at(tokens, place, last)
        start = place
        if found is None:
            if tokens[place] in STOPS:
                last, unclaimed = None, False
            if tokens[place] == "?" and (somebody := _asked_of(tokens, place)):
                yield Clause(somebody, (), (), (), claimed=False)
            place += 1
            continue
        clause, place = found
        if last and clause.subject == last.subject and tokens[start : start + 1] == clause.verb[:1]:
            clause = _passive(clause, last)
        joined = last is None and unclaimed and tokens[start - 1].lower() in ("and", "or", "that")
        said = is_claimed(tokens, start, clause.subject, (*clause.before, *clause.verb))
        unclaimed = joined or not (said and clause.claimed)
        if unclaimed:
            unclaimed, last = clause.claimed, None
            if not _ends_in_question(tokens, place):
                yield replace(clause, parts=(), claimed=False)
            continue
        if when := time_before(tokens, start):  # "On Friday I fly to Lima"
            clause = replace(clause, parts=(*clause.parts, Part("time", when)))
        elif where := place_before(tokens, start):  # "At home we speak Dutch"
            clause = replace(clause, parts=(*clause.parts, Part("prep", where)))
        if is_undone(tokens, place):
            clause = replace(clause, undone=True)
        spoken = {w.lower() for w in (*clause.subject, *clause.tail)}
        if clause.is_plan and is_called_off(tokens, place, spoken):
            clause = replace(clause, called_off=True)
        if reason := reason_at(tokens, place, clause.verb):
            clause = replace(clause, reason=reason)
        elif clause.negated and clause.parts and clause.parts[-1].words[-1] in UPHEAVALS:
            since = clause.parts[-1]  # "since the accident I can't drive"
            clause = replace(clause, parts=clause.parts[:-1], reason=since.words)
        if not _ends_in_question(tokens, place):
            one_of_two = _is_open(tokens, place) and not clause.negated
            yield replace(clause, parts=(), claimed=False) if one_of_two else clause
            if also := _gapped(tokens, place, clause):
                yield also
        if tokens[start - 1 : start] not in (("who",), ("whom",), ("which",)):
            last = clause  # "my cousin, who I grew up with, became a monk": not I


def _is_open(tokens: Words, end: int) -> bool:
    """Whether one of two is so: "in Leeds or Bradford", not "or I miss the bus"."""
    after = (*tokens[end + 1 : end + 2], ".")[0]
    return tokens[end : end + 1] == ("or",) and after not in PRONOUNS | OWN | {"."}


def _passive(clause: Clause, last: Clause) -> Clause:
    """ "raised in Ulm" behind "I was born in Lodz" with the "was" it shares."""
    shares = last.before[:1] and last.before[0] in BE and not clause.before
    bare = clause.verb[0] in _DONE_TO and clause.parts and clause.parts[0].kind != "object"
    return replace(clause, before=last.before[:1]) if shares and bare else clause


def _gapped(tokens: Words, place: int, clause: Clause) -> Clause | None:
    """A second object and place of the same verb: "left my hat in the taxi and my keys at the pub"."""
    if not is_gap(tokens, place - len(clause.tail), place):
        return None
    parts = tuple(parts_of(tokens[place + 1 : end_of_clause(tokens, place + 1)]))
    return replace(clause, parts=parts, reason=())


def _clause_at(tokens: Words, place: int, last: Clause | None) -> tuple[Clause, int] | None:
    """The clause that begins at `place`, and where it ends."""
    before = tokens[place - 1].lower() if place else "."
    if before in DOUBTS or before == "whom" or (before == "which" and tokens[place] != "which"):
        return None
    if before == "that" and _is_of_noun(tokens, place - 1):
        return None
    ahead = {w.lower() for w in tokens[max(0, place - 4) : place - 1]}
    if before in PEOPLE and {"if", "whether"} & ahead:  # "not sure if my cousin Pim is a nurse"
        return None
    for subject, start in subjects_at(tokens, place, last.subject if last else None, before):
        if (after := beside(tokens, subject, start)) and verbs_at(tokens, after, subject):
            start = after
        if group := verbs_at(tokens, start, subject):
            auxiliaries, verb, after = group
            end = end_of_clause(tokens, after)
            if before == "that" or tokens[place].lower() in ("who", "which"):
                end = _main_verb(tokens, after, end)
            inside = {w.lower() for w in tokens[after:end] if w != "May"}
            if subject[0] == "there" and verb:
                continue
            if _governs(tokens, verb, after, end):
                return Clause(subject, auxiliaries, verb, (), claimed=False), after
            if (verb or auxiliaries) and not inside & (AUX - DO):
                parts = _object_first(tuple(parts_of(tokens[after:end])))
                return Clause(subject, auxiliaries, verb, parts), end
    return None


def _object_first(parts: tuple[Part, ...]) -> tuple[Part, ...]:
    """ "read crime novels mostly" for "read mostly crime novels"."""
    mostly = parts[:1] and parts[0].words in (("mostly",), ("mainly",))
    swapped = mostly and parts[1:2] and parts[1].kind in ("object", "prep")
    return (parts[1], parts[0], *parts[2:]) if swapped else parts


def _is_of_noun(tokens: Words, that: int) -> bool:
    """Whether what follows tells of a thing and lacks its object: "a hut that my aunt left to me"."""
    begin = next((k + 1 for k in range(that - 1, -1, -1) if tokens[k] in (*STOPS, ",")), 0)
    noun = {*getAllLemmas(tokens[that - 1])} == {"NOUN"} or is_name(tokens, that - 1)
    return noun and not any(takes_clause((word.lower(),)) for word in tokens[begin:that])


def _main_verb(tokens: Words, start: int, end: int) -> int:
    """Where the verb of the whole sentence stands behind a clause with "who": "my aunt who lives in
    Ulm plays chess"; `end` where none does."""
    for place in range(start + 1, end - 1):
        word, before = tokens[place], tokens[place - 1].lower()
        noun = before in DETERMINERS | PREPOSITIONS | NUMBERS or not word.islower()
        if not noun and word not in ("called", "named"):
            if has_form(word, "VBZ") or (has_form(word, "VBD") and not may_be_noun(word)):
                return place
    return end


def _governs(tokens: Words, verb: Words, after: int, end: int) -> bool:
    """Whether what is said or known, right behind the verb or behind whom it is told to, is a clause."""
    if not takes_clause(verb):
        return False
    told = after < end < len(tokens) and tokens[end] in PRONOUNS | {"that"}
    told = told or tokens[after : after + 1] in (("that",), ("how",))
    starts = subjects_at(tokens, after, None, "that") if after < len(tokens) else ()
    return told or any(verbs_at(tokens, start, subject) for subject, start in starts)


def apposed(tokens: Words) -> Iterator[Clause]:
    """What stands in commas behind somebody or something of the user's, as a clause of its own: "my car,
    the old Corsa, failed" says that my car is an old Corsa."""
    for place, token in enumerate(tokens):
        if token.lower() not in OWN or (
            place and tokens[place - 1] not in (*STOPS, ",", "and", "but")
        ):
            continue
        for subject, start in subjects_at(tokens, place, None, "."):
            end = beside(tokens, subject, start)
            if end and verbs_at(tokens, end, subject):
                be = "are" if is_plural(subject) else "is"
                yield Clause(
                    subject, (be,), (), (Part("object", said_of(tokens[start + 1 : end - 1])),)
                )


def _asked_of(tokens: Words, end: int) -> Words:
    """Whom a question speaks of, where it is one alone: "what can I give my son?" """
    begin = next((k + 1 for k in range(end - 1, -1, -1) if tokens[k] in STOPS), 0)
    mine = [k for k in range(begin, end) if tokens[k].lower() in OWN and somebody_at(tokens, k)]
    if len(mine) != 1:
        return ()
    words = tokens[mine[0] : mine[0] + somebody_at(tokens, mine[0])]
    return () if any(word.endswith("'s") for word in words) else (words[0].lower(), *words[1:])


def _ends_in_question(tokens: Words, place: int) -> bool:
    end = end_of_sentence(tokens, place)
    return end < len(tokens) and tokens[end] == "?"
