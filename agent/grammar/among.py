"""Which of several somebody is, to be asked for from the other side: "Which of my sisters is a nurse?"

    my sister Derya is a nurse  -> which of my sisters, which of my siblings, who in my family
    my flatmate Marek is a cook -> which of my flatmates
    two of my sisters are cooks -> which of my sisters

Knows phrases alone.
"""

from collections.abc import Iterator

from lemminflect import getInflection

from agent.grammar.words import NUMBERS, OWN, Words, is_plural
from agent.topics import PEOPLE

_SIBLINGS = frozenset("brother sister half-brother half-sister stepbrother stepsister twin".split())
_CHILDREN = frozenset("son daughter child kid stepson stepdaughter twin baby toddler".split())
_COMMON = frozenset(  # of whom somebody may have several
    "aunt uncle cousin niece nephew friend neighbour neighbor colleague coworker teacher flatmate "
    "roommate housemate lodger tenant doctor grandson granddaughter grandchild godson goddaughter "
    "brother-in-law sister-in-law mate client pupil apprentice classmate teammate bandmate penpal".split()
)
_NO_KIN = frozenset(
    "friend neighbour neighbor boss colleague coworker teacher doctor dentist flatmate roommate landlord "
    "landlady trainer coach mate manager therapist lawyer vet housemate lodger tenant physio hairdresser "
    "plumber electrician apprentice assistant supervisor guest client pupil tutor instructor deputy ex "
    "ex-husband ex-wife ex-boyfriend ex-girlfriend leader mentor babysitter nanny classmate teammate "
    "bandmate penpal optician "
    "partner girlfriend boyfriend".split()
)


def among(subject: Words) -> list[str]:
    """Who is asked for: "which of my sisters", "who in my family"; nothing for nobody of the user's."""
    if subject[1:2] == ("of",):  # "two of my brothers"
        return [f"which of {' '.join(subject[2:])}"] if subject[0] != "one" else []
    owned = any(w.endswith("'s") for w in subject)
    role = next((w.lower() for w in reversed(subject[1:]) if w.lower() in PEOPLE), "")
    if subject[0] not in OWN or owned or not role or is_plural((role,)):
        return []
    groups = [(_SIBLINGS, "siblings"), (_CHILDREN, "kids")]
    many = [word for known, word in groups if role in known]
    if role in _COMMON or (
        role in _SIBLINGS | _CHILDREN and role not in ("baby", "toddler", "twin")
    ):
        many = [_plural(role), *many]
    found = [f"which of {subject[0]} {noun}" for noun in dict.fromkeys(many)]
    return found if role in _NO_KIN else [*found, f"who in {subject[0]} family"]


def of_groups(roles: dict[Words, tuple[Words, bool]]) -> Iterator[tuple[str, str]]:
    """What a son and a daughter are called together, each told of alone."""
    for group, words in ((_CHILDREN, ("kids", "children")), (_SIBLINGS, ("siblings",))):
        alone = ((name, role[-1]) for name, (role, several) in roles.items() if not several)
        found = [(name, role) for name, role in alone if role in group]
        if len({role for _, role in found}) > 1:
            told = " and ".join(f"your {role} is called {' '.join(name)}" for name, role in found)
            for word in words:
                yield f"What are my {word} called?", f"{told[0].upper()}{told[1:]}."


def some_of(tokens: Words, place: int) -> Words:
    """ "two of my brothers", "one of my old colleagues"."""
    count, link, whose = (*(w.lower() for w in tokens[place : place + 3]), "", "", "")[:3]
    if count not in NUMBERS | {"some", "most"} or link != "of" or whose not in OWN:
        return ()
    size = next((k for k in (1, 2) if is_plural(tokens[place + 2 + k : place + 3 + k] or ("",))), 0)
    words = tokens[place + 3 : place + 3 + size]
    someone = size and {words[-1].lower(), words[-1].lower().removesuffix("s")} & PEOPLE
    return (count, link, whose, *words) if someone else ()


def _plural(role: str) -> str:
    """ "sisters-in-law", "children"."""
    first, *rest = role.split("-in-")
    plural = "children" if first == "child" else getInflection(first, "NNS")[0]
    return "-in-".join((plural, *rest))
