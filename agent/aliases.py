"""Who is who: "my brother" and "Duarte" are one, so what is asked of the one is asked of the other.

A session says either, its user asks with either. Knows the statements of facts; no model.
"""

import re
from collections import Counter
from collections.abc import Iterable

from agent.grammar.kinds import KINDS
from agent.grammar.words import TITLES, is_known
from agent.text import CAPITAL, words
from agent.topics import FAMILY, PEOPLE, PETS
from agent.wordings import one_way

_NAME = rf"((?:(?:{'|'.join(sorted(TITLES))})\.? )?{CAPITAL}[\w-]+)"  # "Mr" alone is nobody's name
_CALLED = re.compile(rf"^Your ([\w-]+) is (?:called )?{_NAME}\.?$")
_IS = re.compile(rf"^{_NAME} is your ([\w-]+)\.?$")
_ASKS_NAME = re.compile(r"\b(?:called|names?)\b")
_NAMES = rf"{CAPITAL}[\w-]+(?: {CAPITAL}[\w-]+)*"
_MY_NAME = re.compile(rf"^(?:Your name is|You are called|You are) ({_NAMES})\.?$")
_SOMEBODY = re.compile(
    rf"^(?:(?P<who>{_NAMES}) is your ([\w-]+)|Your ([\w-]+) is (?:called )?(?P<name>{_NAMES}))\b"
)
_APPOSED = re.compile(rf"\b[Yy]our ([\w-]+) {_NAME}\b")


def aliases(statements: Iterable[str]) -> dict[str, str]:
    """The relation of each name ("Duarte": "brother"), where neither stands for another as well."""
    found = {pair for text in statements for pair in _pairs(text) if pair[1] in PEOPLE | PETS}
    names = Counter(name for name, _ in found)
    relations = Counter(relation for _, relation in found)
    return {n: r for n, r in sorted(found) if names[n] == 1 and relations[r] == 1}


def _pairs(statement: str) -> list[tuple[str, str]]:
    if called := _CALLED.match(statement):
        return [(called[2], called[1])]
    if being := _IS.match(statement):
        return [(being[1], being[2])]
    return [(name, relation) for relation, name in _APPOSED.findall(statement)]


def own_names(statements: Iterable[str]) -> set[str]:
    """What the user is called."""
    found = (match for text in statements if (match := _MY_NAME.match(text)))
    return {name for match in found for name in match[1].split()}


def is_another(answer: str, own: set[str]) -> bool:
    """Whether an answer makes the user's own name somebody else's ("Ada is your niece" of an Ada whom
    her niece told to write), or another's the user's."""
    if own and (mine := _MY_NAME.match(answer)):
        called = mine[1].split()
        common = any(is_known(w) or w.lower() in KINDS["nationality"] for w in called)
        return not own & {*called} and not common  # "You are Greek"
    match = _SOMEBODY.match(answer)
    who = match["who"] or match["name"] if match and {*match.groups()} & PEOPLE else ""
    return bool(own & {*who.split()})


def in_another_role(answer: str, known: dict[str, str]) -> bool:
    """Whether an answer makes a relative or a pet that is known by name another one: "Your girlfriend is
    called Ada" of an Ada who is the daughter."""
    return any(
        name in known
        and {known[name], relation} <= FAMILY | PETS
        and one_way(known[name]) != one_way(relation)
        for name, relation in _pairs(answer)
    )


def introduced(text: str, known: dict[str, str]) -> str:
    """The text with whom a sentence begins with introduced again: "Biscuit had a cold" of a dog that was
    told of earlier is a biscuit to whom does not know him."""
    for name, relation in known.items():
        begins = rf"(^|[.!?\n] ?)({re.escape(name)})(?=(?:['’]s)? [a-z])"
        text = re.sub(begins, rf"\1My {relation} \2", text, count=1)
    return text


def says_only(answer: str, known: dict[str, str]) -> bool:
    """Whether an answer tells who somebody is and nothing that is not known."""
    own = words(answer) - words("yes called name")
    return bool(own) and any(own <= words(f"{relation} {name}") for name, relation in known.items())


def renamed(question: str, known: dict[str, str]) -> list[str]:
    """The question with the relation in place of the name, or the name in place of the relation;
    nothing where it has both, or none, or asks for the name itself."""
    found: list[str] = []
    if _ASKS_NAME.search(question):
        return found
    for name, relation in known.items():
        by_name = re.search(rf"\b{re.escape(name)}\b", question)
        by_relation = re.search(rf"\b[Mm]y {relation}\b", question)
        if by_name and not by_relation:
            found.append(re.sub(rf"\b{re.escape(name)}\b", f"my {relation}", question))
        if by_relation and not by_name:
            found.append(re.sub(rf"\b[Mm]y {relation}\b", name, question))
    return [text[0].upper() + text[1:] for text in found]
