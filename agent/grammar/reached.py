"""Where somebody is reached: numbers and addresses, as they were written.

    "my phone number is 0612 443 210" -> What is my phone number?
    "my address is 12 Rose Lane"      -> What is my address? Where do I live?

Knows the words of a message.
"""

import re
from collections.abc import Iterator

from agent.grammar.words import Words

Pair = tuple[str, str]
_KIND = r"(?:phone |mobile |home |work |cell |passport |account |room |locker |membership )?"
_NUMBER = re.compile(
    rf"\b(?P<my>[Mm]y|[Oo]ur) (?P<what>{_KIND}(?:number|mobile|phone)) is (?:now )?"
    r"(?P<value>\+? ?[\d(][\d ()/-]*\d)(?P<now> now)?(?= [.,!;]|$| and | but | so )"
)
_ADDRESS = re.compile(
    r"\b(?P<my>[Mm]y|[Oo]ur) (?P<what>(?:home |work |new )?address) is (?:now )?"
    r"(?P<value>\d[\w-]* [A-Z][^.,;!]*?)(?P<now> now)?(?= [.,!;]|$| and | but )"
)


def reached(tokens: Words) -> Iterator[Pair]:
    """Which number or address the user has."""
    text = " ".join(tokens)
    for shape in (_NUMBER, _ADDRESS):
        for match in shape.finditer(text):
            my, what, value = match["my"].lower(), match["what"], match["value"]
            answer = f"Your {what} is {value}{match['now'] or ''}."
            yield f"What is {my} {what}?", answer
            if shape is _ADDRESS and not what.startswith("work"):
                yield "Where do I live?", answer
                yield "Which street do I live in?", answer
