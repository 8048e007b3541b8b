"""Where somebody is reached, and when they have their day: as it was written.

    "my phone number is 0612 443 210" -> What is my phone number?
    "my address is 12 Rose Lane"      -> What is my address? Where do I live?
    "a card for my birthday on May 9" -> When is my birthday?

Knows the words of a message.
"""

import re
from collections.abc import Iterator

from agent.grammar.words import MONTHS, Words
from agent.text import CAPITAL

Pair = tuple[str, str]
_KIND = r"(?:phone |mobile |home |work |cell |passport |account |room |locker |membership )?"
_NUMBER = re.compile(
    rf"\b(?P<my>[Mm]y|[Oo]ur) (?P<what>{_KIND}(?:number|mobile|phone)) is (?:now )?"
    r"(?P<value>\+? ?[\d(][\d ()/-]*\d)(?P<now> now)?(?= [.,!;]|$| and | but | so )"
)
_ADDRESS = re.compile(
    r"\b(?P<my>[Mm]y|[Oo]ur) (?P<what>(?:home |work |new )?address) is (?:now )?"
    rf"(?P<value>\d[\w-]* {CAPITAL}[^.,;!]*?)(?P<now> now)?(?= [.,!;]|$| and | but )"
)
_MONTH = rf"(?:{'|'.join(month.title() for month in sorted(MONTHS))})"
_BIRTHDAY = re.compile(
    r"\b[Mm]y birthday(?: ,)?(?: which is)? on "
    rf"(?P<day>(?:the )?(?:{_MONTH} \d{{1,2}}|\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {_MONTH}))\b"
)


def reached(tokens: Words) -> Iterator[Pair]:
    """Which number, address or birthday the user has."""
    text = " ".join(tokens)
    for match in _BIRTHDAY.finditer(text):
        for asked in ("When is my birthday?", "What date is my birthday?"):
            yield asked, f"Your birthday is on {match['day']}."
    for shape in (_NUMBER, _ADDRESS):
        for match in shape.finditer(text):
            my, what, value = match["my"].lower(), match["what"], match["value"]
            answer = f"Your {what} is {value}{match['now'] or ''}."
            yield f"What is {my} {what}?", answer
            if shape is _ADDRESS and not what.startswith("work"):
                yield "Where do I live?", answer
                yield "Which street do I live in?", answer
