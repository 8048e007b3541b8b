"""What is so now answers the question with its "now" and without: "Who is my flatmate now?"

Knows questions and answers alone.
"""

import re
from collections.abc import Iterable, Iterator

Pair = tuple[str, str]
_NOW = re.compile(
    r"\b(?:is|are|am) now\b|\b(?:now|these days|nowadays|from now on|instead)\.$|\bnow (?:because"
    r"|at|in|on|for|with)\b",
    re.I,
)
_ASKS = (
    re.compile(r"(?:who|where|what) (?:is|are) (?:my|our|the|a|an) [\w' -]+\?(?<!called\?)", re.I),
    re.compile(
        r"(?:where|what|who|which \w+) (?:do|does|am|are) (?!.* (?:call|mean)\?)[\w' -]+\?", re.I
    ),
    re.compile(r"(?:how much|when|what time) (?:is|are|do|does) [\w' -]+\?", re.I),
)


def is_now(answer: str) -> bool:
    """Whether a statement says that something is so now, and by that: not as it was."""
    return bool(_NOW.search(answer))


def of_now(pairs: Iterable[Pair]) -> Iterator[Pair]:
    """The plainest questions of what is so now, asked with a "now": one of each kind."""
    done = set[tuple[str, int]]()
    for question, answer in pairs:
        if not is_now(answer) or re.search(r"\b(?:now|new)\b", question):
            continue
        for kind, shape in enumerate(_ASKS):
            if shape.fullmatch(question) and (answer, kind) not in done:
                done.add((answer, kind))
                yield f"{question[:-1]} now?", answer
