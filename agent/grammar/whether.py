"""What is asked for yes or no: "Do I have a brother?", "Am I married?", "Do I have any pets?"

    My brother Duarte works in Porto  -> do I have a brother: Yes, your brother Duarte works in Porto.
    My wife works at Siemens          -> am I married
    We've been to Japan twice         -> have I been to Japan

Knows one clause, names and pronouns already resolved; what is asked of single verbs stands in
angles.txt.
"""

from collections.abc import Iterator

from agent.grammar.being import Pair
from agent.grammar.clauses import Clause
from agent.grammar.kinds import KINDS
from agent.grammar.reverse import ALONE
from agent.grammar.turning import (
    answer_of,
    asked_subject,
    confirmed,
    helper_of,
    is_person,
    question,
)
from agent.grammar.words import HAVE, OWN, SPEAKERS, has_form, has_name, is_plural, name_at
from agent.topics import PETS

_ASKED_OF = {  # whom one may have or not, and what they are together
    **dict.fromkeys(("brother", "sister", "siblings"), "siblings"),
    **dict.fromkeys(("son", "daughter", "kids", "children"), "children"),
    **dict.fromkeys(("grandson", "granddaughter", "grandchildren", "grandkids"), "grandchildren"),
    **dict.fromkeys(("brothers", "sisters", "sons", "daughters"), ""),
    **dict.fromkeys(("niece", "nephew", "cousin", "aunt", "uncle", "flatmate", "roommate",
                     "housemate", "lodger", "girlfriend", "boyfriend", "partner"), ""),
}  # fmt: skip
_SPOUSES = frozenset(("wife", "husband"))
OVER = frozenset("late ex former old".split())
_TOLD = frozenset("was were had would could might".split())
_SAYING = frozenset("say think tell call mean reckon ask die pass use leave".split())


def whether(clause: Clause) -> Iterator[Pair]:
    """The yes-or-no questions that the clause answers with yes."""
    yield from _have_i(clause)
    yield from _been_to(clause)
    yield from _does(clause)


def _have_i(clause: Clause) -> Iterator[Pair]:
    """Whom and what the user has, by "my brother", "my wife", "my cat" as a subject."""
    first, *rest = (w.lower() for w in clause.subject)
    if first not in OWN or not rest or clause.before[:1] and clause.before[0] in _TOLD:
        return
    if any(w.endswith("'s") for w in clause.subject) or {*rest} & OVER:
        return
    lost = {w.lower() for w in clause.tail} & clause.lost
    if lost or clause.verb and clause.lemma in _SAYING:
        return
    if name_at((",", *clause.subject), len(clause.subject)):
        return  # names.py says by name who it is
    if not clause.parts and clause.lemma not in ALONE:
        return  # "your wife goes"
    yield from ((asked, confirmed(answer_of(clause))) for asked in asked_of(rest[-1]))


def asked_of(role: str) -> list[str]:
    """The questions whether one has somebody or some animal of that role."""
    article = "an" if role[0] in "aeiou" else "a"
    if role in _SPOUSES:
        return ["Am I married?", f"Do I have a {role}?"]
    if role in _ASKED_OF:
        one = f"Do I have {'any' if is_plural((role,)) else article} {role}?"
        many = [f"Do I have any {_ASKED_OF[role]}?"] if _ASKED_OF[role] else []
        return list(dict.fromkeys([one, *many]))
    if role == "twins":
        return ["Do I have any children?"]
    if role in PETS | KINDS["pet"]:
        return [f"Do I have {article} {role}?", "Do I have any pets?"]
    if role.endswith("s") and role[:-1] in PETS | KINDS["pet"]:
        return [f"Do I have any {role}?", "Do I have any pets?"]
    return []


def _does(clause: Clause) -> Iterator[Pair]:
    """ "My husband cooks": does he."""
    alone = not clause.parts or clause.parts[0].kind != "object"
    plain = clause.verb == clause.verb[:1] != () and not clause.before and not clause.negated
    doing = clause.lemma in ALONE and clause.lemma != "drink"  # "the tea I drink"
    somebody = clause.subject in SPEAKERS or is_person(clause.subject)
    if plain and alone and doing and somebody and (helper := helper_of(clause)) != "did":
        does = f"{helper} {asked_subject(clause)} {clause.lemma}"
        yield question(does), confirmed(answer_of(clause))


def _been_to(clause: Clause) -> Iterator[Pair]:
    """ "have been to Japan twice"."""
    first = clause.parts[0] if clause.parts else None
    been = clause.verb == ("been",) and clause.before[:1] and clause.before[0] in HAVE
    went = clause.lemma in ("go", "travel", "fly") and not clause.before
    went = went and len(clause.verb) == 1 and has_form(clause.verb[0], "VBD")
    if not (been or went) or clause.negated or clause.subject not in SPEAKERS:
        return
    place = first is not None and first.kind == "prep" and first.head in ("to", "in")
    if not place or first is None or not has_name(first.words[1:]):
        return
    there = " ".join(first.words[1:])
    yield question(f"have I been to {there}"), confirmed(answer_of(clause))
    if been and {"once", "twice", "times"} & {w.lower() for w in clause.tail}:
        yield question(f"how often have I been to {there}"), answer_of(clause)
        yield question(f"how many times have I been to {there}"), answer_of(clause)
