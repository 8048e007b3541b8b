"""Questions that a session may answer, found without a model: what small writers forget to ask.

A fixed list of what people tell about themselves, and shapes filled with the session's own names and
with the things the user calls "my". The base then answers them with the session in its prompt, and
only what it answers from the user's words is kept. Knows English, no model.
"""

import re
from collections.abc import Sequence

from agent.text import words

ABOUT_ME = (
    "What is my name?", "How old am I?", "Where do I live?", "Where am I from?", "What is my job?",
    "Where do I work?", "What do I study?", "What food do I like?",
    "What can't I eat?", "What can't I stand?",
    "What am I afraid of?", "What did I buy?", "How much did I pay?", "What broke?",
    "Where am I going?", "When am I leaving?", "Who am I going with?", "What is my budget?",
    "Which film did I see?", "What is my favourite film?",
    "What time do I have to be there?", "Where am I moving?",
)  # fmt: skip
ABOUT_NAME = ("Who is {}?", "What does {} do?", "Where does {} live?", "What is {}?", "When is {}?")
ABOUT_MINE = (
    "What is my {} called?", "Who is my {}?", "Where is my {}?", "When is my {}?", "What is my {}?",
    "What happened to my {}?",
)  # fmt: skip
NAMES_MOST, THINGS_MOST = 5, 6
_NAME = re.compile(r"(?<![.!?] )(?<!^)\b[A-Z][\w'’-]+(?:(?: (?:of|the|de|la|van))* [A-Z][\w'’-]+)*")
_MINE = re.compile(r"\b[Mm]y ((?:favou?rite |new |old |best )?[a-z]+)")
_NO_NAMES = frozenset(
    "I I'm I've I'd I'll Hi Hey Yes No Not The My It Its He She They And But".split()
)


def questions(said: Sequence[str]) -> list[str]:
    """What may be asked about the user's messages `said`, most specific first."""
    things = _first(
        [thing for text in said for thing in _MINE.findall(text) if words(thing)], THINGS_MOST
    )
    names = _first(
        [name for text in said for name in _NAME.findall(text) if name not in _NO_NAMES], NAMES_MOST
    )
    return [
        *(shape.format(thing) for thing in things for shape in ABOUT_MINE),
        *(shape.format(name) for name in names for shape in ABOUT_NAME),
        *ABOUT_ME,
    ]


def _first(found: Sequence[str], most: int) -> list[str]:
    return list(dict.fromkeys(found))[:most]
