"""Why something is done and what for, by "so that", "to" and "for" behind it.

    I'm learning Greek so I can talk to my mother-in-law -> why am I learning Greek
    I moved to Leeds to study law                        -> why did I move to Leeds
    I take metformin for my diabetes                     -> why do I take metformin

Knows one clause; a "because" is asked for in questions.py.
"""

from collections.abc import Iterator

from agent.grammar.because import ON_PURPOSE
from agent.grammar.being import Pair
from agent.grammar.clauses import Clause
from agent.grammar.kinds import is_price
from agent.grammar.objects import known_later
from agent.grammar.parts import SPANS, Part
from agent.grammar.turning import answer_of, asked_for, flip, names_someone
from agent.grammar.words import NUMBERS, Words, has_name

_FOR_A_CAUSE = frozenset(
    "take wear use save go travel fly train study learn practise practice practising make bake knit "
    "sew build grow keep collect drink avoid see visit".split()
)
_OF_THE_NOUN = frozenset(  # "time to rest", "a chance to go"
    "time chance way plan decision offer permission money place reason right promise ticket tickets "
    "invitation appointment need wish ability turn effort opportunity attempt".split()
)
_NO_CAUSE = frozenset(
    "lunch dinner breakfast free rent myself sale life ages example now good".split()
)
_VAGUE = frozenset("get take have make go come see keep use".split())


def why(clause: Clause) -> Iterator[Pair]:
    """The reason or purpose that stands behind the verb."""
    if clause.negated or not clause.verb or clause.is_copula:
        return
    if clause.reason:
        yield from _because(clause)
        return
    lost = {w.lower() for w in clause.tail} & clause.lost
    last = clause.parts[-1] if clause.parts else None
    if not last or lost or len(clause.parts) < (1 if clause.lemma == "save" else 2):
        return
    purpose = last.kind == "to" and len(last.words) > 2 and _acts_to(clause, last)
    cause = last.kind == "prep" and last.head == "for" and _is_cause(clause, last.words[1:])
    if purpose or cause:
        rest = " ".join(_said(clause.parts[:-1]))
        if rest or clause.lemma not in _VAGUE:
            yield asked_for(clause, "why", rest), answer_of(clause)


def _said(parts: tuple[Part, ...]) -> Words:
    """The pieces between verb and purpose as they are called once they are known."""
    kept = [p for p in parts if p.kind != "time"]
    return tuple(
        word for p in kept for word in (known_later(p.words) if p.kind == "object" else p.words)
    )


def _because(clause: Clause) -> Iterator[Pair]:
    """Asked with the first piece alone: "why did I quit my job (at the bank)"."""
    if len(clause.parts) < 2 or {w.lower() for w in clause.tail} & clause.lost:
        return
    first = clause.parts[0]
    if first.kind != "object":
        return
    answer = f"{answer_of(clause).rstrip('.')} {flip(clause.reason)}."
    yield asked_for(clause, "why", " ".join(_said((first,)))), answer


def _acts_to(clause: Clause, last: Part) -> bool:
    """Whether the "to" is a purpose, and no part of a noun or of the verb before it."""
    before = clause.parts[-2].words[-1].lower() if len(clause.parts) > 1 else ""
    lemma = clause.verb[-1] if clause.verb[1:] else clause.lemma
    doing = lemma in ON_PURPOSE or clause.lemma in ON_PURPOSE
    no_verb = last.words[1] in ("be", "have") and lemma not in ("move", "come", "quit", "leave")
    return doing and before not in _OF_THE_NOUN and not no_verb


def _is_cause(clause: Clause, inner: Words) -> bool:
    """ "for my diabetes", "for the marathon"; not "for ten years", "for Ana", "for 40 euros"."""
    if not inner or is_price(inner) or has_name(inner) or names_someone(inner):
        return False
    lower = [w.lower() for w in inner]
    counted = lower[0][0].isdigit() or {*lower} & NUMBERS or lower[-1].removesuffix("s") in SPANS
    return not counted and clause.lemma in _FOR_A_CAUSE and not {*lower} & _NO_CAUSE
