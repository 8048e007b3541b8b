"""What is asked to hear where, with whom, from whom, what for: a piece that a preposition begins.

Knows one clause, names and pronouns already resolved.
"""

from collections.abc import Iterator

from agent.grammar.clauses import Clause
from agent.grammar.kinds import is_place, is_price, kind_of
from agent.grammar.objects import ANYBODY, has_somebody
from agent.grammar.parts import SPANS, Part
from agent.grammar.turning import names_someone
from agent.grammar.words import DETERMINERS, NUMBERS, has_form, has_name

_GETTING = frozenset("buy get borrow receive inherit learn hear rent order".split())
MOTION = frozenset(
    "go move fall travel fly drive come walk cycle run sail return emigrate ride".split()
)
ROLES = frozenset("work start train serve volunteer act".split())
_FOLK = frozenset("lads girls guys boys mates crew team gang class group band club ladies".split())
CHOOSING = frozenset("choose want like love hate prefer vote".split())  # "a lamp on the desk"
_THINGS_BEHIND = {("on", "spend"), *(("as", lemma) for lemma in ROLES)}
_BESIDE = frozenset("river sea lake coast canal station park window harbour church beach".split())


def of_link(clause: Clause, part: Part, kept: str) -> Iterator[tuple[str, str]]:
    """The question word, and what follows the verb, for "with Mina", "in Porto", "from Nelson"."""
    head, inner = part.head, part.words[1:]
    price = is_price(part.words)
    if not inner or (not price and (inner[0][0].isdigit() or inner[0].lower() in NUMBERS)):
        return
    named, person = has_name(inner), names_someone(inner)
    ahead = {p.head for p in clause.parts[: clause.parts.index(part)]}
    of_thing = head == "for" and "for" in ahead  # "looking for a ring for my wife"
    if clause.lemma == "diagnose" or inner[-1] == "time" or of_thing:
        return  # "diagnosed with ADHD", "voted for the first time"
    if head == "with" and (person or named or _FOLK & {w.lower() for w in inner}):
        yield "who", f"{kept} with"
    elif head == "to" and inner[-1].lower().removesuffix("s") in SPANS:
        return  # "moved to nights"
    elif head == "to" and "from" in ahead and inner[0].islower() and inner[0] not in DETERMINERS:
        return  # "went from blonde to brunette"
    elif head in ("to", "into", "onto", "through") and clause.lemma in MOTION and not price:
        yield "where", kept
    elif head == "for" and named and clause.lemma in ("leave", "head"):
        yield "where", f"{kept} for"
    elif head == "from" and kind_of(inner) == "language":
        yield "which language", f"{kept} from"
    elif head in ("from", "to", "for") and person:
        yield "who", f"{kept} {head}"
    elif head == "from" and named and clause.lemma in _GETTING:
        yield "who", f"{kept} from"
        yield "where", f"{kept} from"
    elif head == "from" and _behind_somebody(clause, part):
        return  # "living with a guy from Cork"
    elif head == "from" and "family" in inner:
        return  # "come from a family of bakers"
    elif head == "from" and (named or clause.lemma in ("come", "move", "drive")):
        yield "where", f"{kept} from"
    elif head == "from" and clause.before[:1] and has_form(inner[0], "VBG"):
        yield "what", f"{kept} from"
    elif head == "for" and price:
        yield "how much", f"{kept} for"
    elif head in ("for", "about", "of") or (head, clause.lemma) in _THINGS_BEHIND:
        yield "what", f"{kept} {head}"
    elif head == "by" and _is_passive(clause):
        yield "who" if named or person else "what", f"{kept} by"
    elif head == "by" and (named or person):
        return  # who wrote the book that is read
    elif (
        head == "by"
        and clause.lemma not in ("live", "take")
        and inner[0].lower() not in SPANS | {"choice", "now", "far"}
        and not {*inner[-1:]} & _BESIDE
    ):
        yield "how", kept
    elif _is_of_thing(clause, part) or (clause.lemma == "spend" and not kept):
        return  # "spent in Chile": what?
    elif person or {*inner[:3]} & ANYBODY or inner[0][0] in "£$€":
        return  # "a crush on a guy", "sold at $1.92 a pound"
    elif (
        is_place(part)
        and clause.lemma not in CHOOSING | {"come", "tell"}
        and not has_somebody(clause)
    ):
        yield "where", kept


def _behind_somebody(clause: Clause, part: Part) -> bool:
    """Whether the piece before is "with somebody", "to a man", who may be from there."""
    place = clause.parts.index(part)
    before = clause.parts[place - 1] if place else part
    someone = before.words[-1] in ANYBODY and before.head in ("to", "for", "by")
    return before.head == "with" or someone


def _is_of_thing(clause: Clause, part: Part) -> bool:
    """Whether the piece belongs to the thing before it: "for a deposit on a flat"."""
    place = clause.parts.index(part)
    before = clause.parts[place - 1] if place else part
    alone = before.head in ("for", "with") and not names_someone(before.words[1:])
    return part.head == "on" and alone and not has_name(before.words[1:])


def _is_passive(clause: Clause) -> bool:
    """ "was tuned", of what is past."""
    past = clause.before[:1] in (("was",), ("were",))
    return bool(past and clause.verb) and has_form(clause.verb[0], "VBN")
