"""What kind of answer a question wants: an amount, a moment, a place, somebody, a colour.

    fits("Where am I?", "You are in charge of the cake.") is False

Rules of thumb for English, from the words of both. Knows texts alone.
"""

import re

from agent.grammar.kinds import KINDS, is_job
from agent.text import words
from agent.topics import PEOPLE, PETS

_NUMBER = re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|\w+teen|\w+ty|eleven|"
                     r"twelve|hundreds?|thousands?|half|once|twice|every|none|no|dozens?|a|an)\b", re.I)  # fmt: skip
_AMOUNT = re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|\w+teen|\w+ty|eleven|"
                     r"twelve|hundreds?|thousands?|half|once|twice|every|none|no|dozens?)\b", re.I)  # fmt: skip
_OFTEN = re.compile(r"\b(?:times?|once|twice|every|each|daily|weekly|monthly|yearly|always|never|often|"
                    r"rarely|seldom|sometimes|mostly|usually|\w+days|(?:a|per) (?:day|week|month|year))\b",
                    re.I)  # fmt: skip
_TIMES = re.compile(r"\b(?:times?|once|twice|never)\b", re.I)
_MOMENT = re.compile(r"\d|day\b|days\b|\b(?:january|february|march|april|may|june|july|august|september|"
                     r"october|november|december|morning|noon|evening|night|week|month|year|spring|"
                     r"summer|autumn|winter|before|after|now|soon|never|half|quarter|one|two|three|four|"
                     r"five|six|seven|eight|nine|ten|eleven|twelve|when|tomorrow|tonight|christmas|easter|"
                     r"dawn|dusk|midnight|lunch|breakfast|dinner|always|weekends?|ago|first|second|third|"
                     r"\w+teenth|\w+ieth)\b", re.I)  # fmt: skip
_CLOCK = re.compile(r"\d{1,2}[:.]\d\d|\b\d{1,2} ?[ap]\.?m\b|o'clock|\b(?:noon|midnight|midday|half|quarter|"
                    r"dawn|dusk|sunrise|sunset)\b|\b(?:at|by|until|till|from|around|about|before|after|to|"
                    r"past) (?:\d{1,2}\b|one\b|two\b|three\b|four\b|five\b|six\b|seven\b|eight\b|nine\b|"
                    r"ten\b|eleven\b|twelve\b)", re.I)  # fmt: skip
_DAY = re.compile(r"\d|day\b|days\b|tomorrow|tonight|christmas|easter|weekend|first|second|third|\w+th\b",
                  re.I)  # fmt: skip
_MONTH = re.compile(r"\b(?:january|february|march|april|may|june|july|august|september|october|november|"
                    r"december|month)\b", re.I)  # fmt: skip
_YEAR = re.compile(r"\b(?:1[5-9]|20)\d\d\b|\byears?\b", re.I)
_PLACE = re.compile(r"\b(?:in|at|on|to|from|near|by|into|onto|under|behind|above|below|over|inside|outside|"
                    r"between|through|next|opposite|around|along|off|with|for|here|there|home|abroad|"
                    r"upstairs|downstairs|away|beside|across|past|up|down|out)\b|[a-z,] [A-Z](?!')\w+", 0)  # fmt: skip
_NO_PLACE = re.compile(rf"\b(?:in|at|on|under|out of) (?:an? |the |my |your |\w+'s? )?(?:{'|'.join(sorted(KINDS['no_place']))})\b"
                       r"(?: (?:of|with|about|for|to)\b)?", re.I)  # fmt: skip
_SOMEBODY = re.compile(r"\b(?:nobody|everyone|everybody|someone|somebody|people|m[ae]n|wom[ae]n|lady|guy|boys?|"
                       r"girls?|family|team|police|company|both|alone|yourself|son|crew|couple|class|"
                       r"neighbou?rs?|club|group|lad|relatives?|colleagues?|friends?|students?)\b", re.I)  # fmt: skip
_RULES = (
    (r"how many times\b", _TIMES),
    (r"how often\b", _OFTEN),
    (r"how (?:much|old|far|long|tall|many)\b|\b(?:budget|price|rent)\b", _AMOUNT),
    (r"(?:at )?(?:what|which) (?:time|hour)\b", _CLOCK),
    (r"(?:on |by )?(?:which|what) (?:day|date)\b", _DAY),
    (r"(?:in )?(?:which|what) month\b", _MONTH),
    (r"(?:in )?(?:which|what) year\b", _YEAR),
    (r"(?:since |until |by )?when\b", _MOMENT),
)  # fmt: skip
_WANTED = [(re.compile(asked, re.I), given) for asked, given in _RULES]
_MANY = re.compile(r"how many (?:of )?(?:[a-z-]+ )*?([a-z-]+) (?:do|does|did|am|are|is|was|were|have|has|"
                   r"had|will|can)\b", re.I)  # fmt: skip
_COLOUR = re.compile(r"(?:in )?(?:what|which) colou?r\b", re.I)
_NEAR = 4  # words between a number and what is counted


def fits(question: str, answer: str) -> bool:
    """Whether the statement holds what the question's first words ask for."""
    if any(asked.match(question) and not given.search(answer) for asked, given in _WANTED):
        return False
    if match := _MANY.match(question):
        return _counts(match[1], answer)
    if _COLOUR.match(question):
        return bool(words(answer) & KINDS["colour"])
    if re.match(r"where\b", question, re.I):
        return bool(_PLACE.search(_NO_PLACE.sub(" ", answer)))
    return not re.match(r"who(?:m|se)?\b", question, re.I) or _names_somebody(question, answer)


def _counts(noun: str, answer: str) -> bool:
    """Whether a number stands before what is counted, where the answer names that."""
    spoken = re.findall(r"[\w.,:'’-]+", answer)
    counted = words(noun)
    for place, word in enumerate(spoken):
        if words(word) & counted:
            before = " ".join(spoken[max(0, place - _NEAR) : place])
            if _NUMBER.search(before):
                return True
    return not counted & words(answer)


def _names_somebody(question: str, answer: str) -> bool:
    """A name, a role, or the user, where the question is not about them."""
    first, *rest = re.findall(r"[\w'’-]+", answer) or [""]
    asked_about_me = re.search(r"\b(?:I|my|me)\b", question)
    named = any(w[0].isupper() and w != "I" for w in rest) or first.lower() not in _STARTS
    known = {w.lower().removesuffix("s") for w in (first, *rest)} & (
        PEOPLE | PETS | KINDS["person"]
    )
    role = any(is_job((w,)) for w in rest)
    return bool(named or known or role or _SOMEBODY.search(answer) or not asked_about_me)


_STARTS = frozenset("you your the a an it there no yes on in at".split())
