"""What somebody's relatives are to the user: a sister's daughter is a niece.

    "my sister Derya is a nurse and her daughter Mina turns six"
      What is my sister's daughter called?   => Your sister's daughter is called Mina.
      What is my niece called?               => Your sister's daughter is called Mina.
      Who is Mina?                           => Mina is your sister Derya's daughter.

Knows phrases whose owner is said by name or role (statements.py puts these in for "her").
"""

from collections.abc import Iterator
from pathlib import Path

from agent.grammar.turning import flip
from agent.grammar.words import OWN, Words, name_at
from agent.topics import PEOPLE, PETS

_PLAIN = {"mum": "mother", "mom": "mother", "mama": "mother", "dad": "father", "papa": "father",
          "grandma": "grandmother", "gran": "grandmother", "nan": "grandmother",
          "grandpa": "grandfather", "grandad": "grandfather", "boy": "son", "girl": "daughter",
          "auntie": "aunt"}  # fmt: skip


def read_kin(text: str) -> dict[tuple[str, str], str]:
    """The name for a relative's relative (the format of kin.txt)."""
    found: dict[tuple[str, str], str] = {}
    for line in text.splitlines():
        if line and not line.startswith("#"):
            name, _, listed = line.partition(": ")
            for pair in listed.split(", "):
                whose, _, role = pair.partition(" ")
                found[whose.removesuffix("'s").removesuffix("'"), role] = name
    return found


_KIN = read_kin(Path(__file__).with_name("kin.txt").read_text(encoding="utf-8"))


def kin_of(owner: str, role: str) -> str:
    """ "niece" for a "sister" and her "daughter"; "" where there is no such word."""
    return _KIN.get((_PLAIN.get(owner, owner), _PLAIN.get(role, role)), "")


def relative(subject: Words) -> tuple[Words, Words, str] | None:
    """ "my sister Derya's daughter Mina" as ("my", "sister's", "daughter"), its name, and what she is
    to the user; the name may be missing, and the word ("" then)."""
    owned = next((k for k, w in enumerate(subject) if w.endswith("'s")), 0)
    if not owned or subject[0].lower() not in OWN or len(subject) <= owned + 1:
        return None
    whose, role = subject[1].lower().removesuffix("'s"), subject[owned + 1].lower()
    between, name = subject[2:owned], subject[owned + 2 :]
    named = not name or name_at((",", *name), 1) == name
    alone = all(
        w[0].isupper() for w in (*between, *(subject[owned : owned + 1] if owned > 1 else ()))
    )
    if whose not in PEOPLE or role not in PEOPLE | PETS or not named or not alone:
        return None
    return (subject[0], f"{whose}'s", role), name, kin_of(whose, role)


def of_relative(subject: Words) -> Iterator[tuple[str, str]]:
    """Who the subject of a clause is, where it is somebody's relative with a name."""
    found = relative(subject)
    if not found or not found[1]:
        return
    short, name, kin = " ".join(found[0]), " ".join(found[1]), found[2]
    called = f"Your {flip((short,)).split(' ', 1)[1]} is called {name}."
    whole = flip(subject[: len(subject) - len(found[1])])
    who = "What" if found[0][-1] in PETS else "Who"
    yield f"What is {short} called?", called
    yield f"{who} is {name}?", f"{name} is {whole}."
    if kin:
        yield f"What is {found[0][0]} {kin} called?", called
        yield f"Who is {found[0][0]} {kin}?", called
