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
from agent.grammar.leading import place_before, time_before
from agent.grammar.parts import MANNER, Part, parts_of, time_at
from agent.grammar.subjects import SHARED_VERBS, beside, is_gap, said_of, subjects_at
from agent.grammar.words import (
    ADVERBS,
    AUX,
    BE,
    BREAKS,
    DETERMINERS,
    DO,
    HAVE,
    LOST,
    NUMBERS,
    OWN,
    PREPOSITIONS,
    SPEAKERS,
    STOPS,
    Words,
    end_of_sentence,
    has_form,
    is_name,
    is_plural,
    lemma_of,
    may_be_noun,
    verb_lemmas,
)

PARTICLES = frozenset("away up off out down back".split())
DOUBTS = frozenset(
    "if whether unless or maybe perhaps imagine suppose since when while until till before after as "
    "than".split()
)
CHAINS = frozenset("want plan hope need try learn decide promise start love like have go use wish "
                   "intend offer refuse begin agree get forget".split())  # fmt: skip
_PARTICLE_OF = {"hand": "in", "fill": "in", "check": "in", "plug": "in", "take": "over"}
_GERUND_CHAINS = frozenset("keep start stop love hate like enjoy go finish try".split())
_STATES = frozenset(
    "scared terrified married divorced engaged retired worried interested widowed".split()
)
_DOINGS = frozenset("hobby pastime passion job dream plan goal sport talent joy".split())
_PRONOUNS = frozenset("I i we he she it they you".split())
_NO_THING = PREPOSITIONS | DETERMINERS | BREAKS | ADVERBS | NUMBERS | MANNER | PARTICLES | {"and"}
_TO_WHOM = frozenset("give offer tell teach send show award pay ask promise call name make elect deny "
                     "charge allow hand lend leave".split())  # fmt: skip


@dataclass(frozen=True, slots=True)
class Clause:
    """Who does what. `before`: auxiliaries and "not"; `verb`: the main verb with what it chains to
    ("want to buy"), empty where the auxiliary is all ("am"); `parts`: what follows it."""

    subject: Words
    before: Words
    verb: Words
    parts: tuple[Part, ...]
    reason: Words = ()
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
    def lemma(self) -> str:
        return lemma_of(self.verb[0]) if self.verb else "be"

    @property
    def tail(self) -> Words:
        return tuple(word for part in self.parts for word in part.words)


def clauses(tokens: Words) -> Iterator[Clause]:
    """Every plain clause of a message, from left to right."""
    place = 0
    last: Clause | None = None
    while place < len(tokens):
        found = _clause_at(tokens, place, last)
        start = place
        if found is None:
            if tokens[place] in STOPS:
                last = None
            place += 1
            continue
        clause, place = found
        if when := time_before(tokens, start):  # "On Friday I fly to Lima"
            clause = replace(clause, parts=(*clause.parts, Part("time", when)))
        elif where := place_before(tokens, start):  # "At home we speak Dutch"
            clause = replace(clause, parts=(*clause.parts, Part("prep", where)))
        if reason := reason_at(tokens, place, clause.verb):
            clause = replace(clause, reason=reason)
        if not _ends_in_question(tokens, place):
            yield clause
            if also := _gapped(tokens, place, clause):
                yield also
        last = clause


def _gapped(tokens: Words, place: int, clause: Clause) -> Clause | None:
    """A second object and place of the same verb: "left my hat in the taxi and my keys at the pub"."""
    if not is_gap(tokens, place - len(clause.tail), place):
        return None
    parts = tuple(parts_of(tokens[place + 1 : _end_of_clause(tokens, place + 1)]))
    return replace(clause, parts=parts, reason=())


def _clause_at(tokens: Words, place: int, last: Clause | None) -> tuple[Clause, int] | None:
    """The clause that begins at `place`, and where it ends."""
    before = tokens[place - 1].lower() if place else "."
    if before in DOUBTS or before == "whom" or (before == "which" and tokens[place] != "which"):
        return None
    for subject, start in subjects_at(tokens, place, last.subject if last else None, before):
        if (after := beside(tokens, subject, start)) and _verbs_at(tokens, after, subject):
            start = after
        if group := _verbs_at(tokens, start, subject):
            auxiliaries, verb, after = group
            end = _end_of_clause(tokens, after)
            inside = {w.lower() for w in tokens[after:end] if w != "May"}
            if subject[0] == "there" and verb:
                continue
            if (verb or auxiliaries) and not inside & (AUX - DO):
                return Clause(subject, auxiliaries, verb, tuple(parts_of(tokens[after:end]))), end
    return None


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
            if end and _verbs_at(tokens, end, subject):
                be = "are" if is_plural(subject) else "is"
                yield Clause(
                    subject, (be,), (), (Part("object", said_of(tokens[start + 1 : end - 1])),)
                )


def _verbs_at(tokens: Words, start: int, subject: Words) -> tuple[Words, Words, int] | None:
    """Auxiliaries, main verb, and where the rest begins; None where no finite verb stands."""
    place, before = start, list[str]()
    while place < len(tokens):
        word = tokens[place].lower()
        if word in AUX or word == "never" or (word == "not" and before):
            before.append(word)
        elif word in ("nearly", "almost"):
            return None  # "I nearly died"
        elif word not in ADVERBS:
            break
        place += 1
    word = tokens[place].lower() if place < len(tokens) else ""
    helper = next((w for w in reversed(before) if w in AUX), "")
    if before[:1] == ["have"] and subject not in SPEAKERS and not is_plural(subject):
        return None  # "his wife Rosa have": one of two
    if not _follows(word, helper, subject) or (helper in BE and _is_what(tokens, place, subject)):
        if helper in BE:
            return tuple(before), (), place
        if helper not in HAVE | DO:
            return None
        chained = tokens[place - 1].lower() == helper and tokens[place : place + 1] == ("to",)
        verb, place = _chained(tokens, place - 1) if chained else ((helper,), place)
        return tuple(before[:-1]), verb, place
    after = tokens[place + 1].lower() if place + 1 < len(tokens) else ""
    if word == "been" and after not in _STATES and after and _is_participle(after):
        before.append("been")
        place += 1
    verb, place = _chained(tokens, place)
    return tuple(before), verb, place


def _follows(word: str, helper: str, subject: Words) -> bool:
    """Whether the word is a main verb as it must be behind its auxiliary, or alone."""
    if helper in HAVE:
        known = has_form(word, "VBN") or word == "been"
        return known and word not in DETERMINERS | NUMBERS
    if helper in BE:
        return word not in PREPOSITIONS and _is_participle(word)
    if helper:
        return has_form(word, "VB") or word == "be"
    tag = "VBP" if subject in SPEAKERS or is_plural(subject) else "VBZ"
    finite = has_form(word, tag) or has_form(word, "VBD")
    return word.isalpha() and finite and _is_no_preposition(word, subject)


def _is_what(tokens: Words, place: int, subject: Words) -> bool:
    """Whether behind "is" no verb begins but what it is: "my favourite dish is stuffed peppers", "my
    hobby is baking cakes"; not "I was given flowers"."""
    word, after = tokens[place].lower(), tokens[place + 1 : place + 2]
    if tokens[place : place + 1] and is_name(tokens, place):
        return True  # "my solo is Amazing Grace"
    if subject[-1].lower() in _DOINGS or "favourite" in subject or "favorite" in subject:
        return True
    if has_form(word, "VBG") or {*verb_lemmas(word)} & _TO_WHOM or word == "born" or not after:
        return False
    if not after[0].islower() or time_at(tokens, place + 1) or after[0] in _NO_THING:
        return False
    kinds = getAllLemmas(after[0])
    return "NOUN" in kinds and not {"ADJ", "ADV"} & {*kinds}


def _is_no_preposition(word: str, subject: Words) -> bool:
    """Also "like" where somebody may do it: "I like cats", not "tastes like soap"."""
    return word not in PREPOSITIONS or (word == "like" and subject in SPEAKERS)


def _is_participle(word: str) -> bool:
    adjective = "ADJ" in getAllLemmas(word) and not word.endswith("ed")
    return word == "born" or has_form(word, "VBG") or (has_form(word, "VBN") and not adjective)


def _chained(tokens: Words, place: int) -> tuple[Words, int]:
    """The main verb and the infinitives it chains to: "want to buy", "am going to learn to swim"."""
    end = place + 1
    verb = lemma_of(tokens[place])
    while (
        end + 1 < len(tokens)
        and tokens[end].lower() == "to"
        and verb in CHAINS
        and (has_form(tokens[end + 1], "VB") or tokens[end + 1] == "be")
    ):
        verb = tokens[end + 1].lower()
        end += 2
    if verb == "grow" and tokens[end : end + 1] == ("up",):
        end += 1 + (tokens[end + 1 : end + 2] != () and has_form(tokens[end + 1], "VBG"))
    if verb in _GERUND_CHAINS and end + 1 < len(tokens) and has_form(tokens[end], "VBG"):
        goes_on = tokens[end + 1].lower() not in BREAKS | {"and"} and tokens[end] != "being"
        end += goes_on  # "keeps bringing"; not "likes fishing and silence"
    if tokens[end : end + 1] == (_PARTICLE_OF.get(verb),):
        end += 1  # "hand in my thesis"
    if verb == "move" and tokens[end : end + 2] in (("in", "with"), ("in", "together")):
        end += 1
    if end < len(tokens) and tokens[end].lower() in PARTICLES:
        end += 1  # "passed away"
    if verb == "move" and tokens[end : end + 2] == ("in", "with"):
        end += 1
    return tuple(word.lower() for word in tokens[place:end]), end


def _end_of_clause(tokens: Words, start: int) -> int:
    for place in range(start, len(tokens)):
        word = tokens[place].lower()
        if word in BREAKS or (word == "and" and _begins_something(tokens, place + 1)):
            return place
        if word == "and" and is_gap(tokens, start, place):
            return place
        if place > start and tokens[place] in ("I", "we", "he", "she"):
            if _verbs_at(tokens, place + 1, (tokens[place],)):
                return place  # a new clause without a comma
    return len(tokens)


def _begins_something(tokens: Words, place: int) -> bool:
    """Whether a clause or a second verb follows an "and"."""
    if place >= len(tokens):
        return True
    if (after := place + time_at(tokens, place)) > place and tokens[after : after + 1]:
        place = after if tokens[after] in _PRONOUNS else place  # "and in 2020 he moved"
    word = tokens[place].lower()
    if word in _PRONOUNS | {"then", "there", "now"}:
        return True
    if has_form(word, "VBD") and not may_be_noun(word):
        return True
    if lemma_of(word) in SHARED_VERBS or word in AUX or word in ADVERBS:
        return True
    if is_name(tokens, place) and "who" in tokens[place + 1 : place + 3]:
        return True  # "Lena who sings and Marek who paints"
    if word in OWN | {"the", "his", "her"} or is_name(tokens, place):
        starts = subjects_at(tokens, place, ("it",), "and")
        return any(
            _verbs_at(tokens, start, subject) or "who" in tokens[start : start + 2]
            for subject, start in starts
        )
    return False


def _ends_in_question(tokens: Words, place: int) -> bool:
    end = end_of_sentence(tokens, place)
    return end < len(tokens) and tokens[end] == "?"
