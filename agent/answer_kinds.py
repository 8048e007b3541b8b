"""What kind of answer a question wants: an amount, a moment, a place, somebody, a colour.

    fits("Where am I?", "You are in charge of the cake.") is False

Rules of thumb for English, from the words of both. Knows texts alone.
"""

import re

from agent.grammar.jobs import is_job
from agent.grammar.kinds import KINDS
from agent.text import CAPITAL, words
from agent.topics import PEOPLE, PETS


def _any_of(words_and_patterns: str) -> re.Pattern[str]:
    return re.compile(rf"\b(?:{'|'.join(words_and_patterns.split())})\b", re.I)


_COUNT = "one two three four five six seven eight nine ten eleven twelve"
_MONTHS = ("january february march april may june july august september october november december "
           "month")  # fmt: skip
_AMOUNT = _any_of(
    rf"\d.* \w+teen \w+ty hundreds? thousands? half once twice every none no dozens? {_COUNT}"
)
_OFTEN = _any_of(r"times? once twice every each daily weekly monthly yearly always never often "
                 r"rarely seldom sometimes mostly usually \w+days "
                 r"(?:a|per)\s(?:day|week|month|year)")  # fmt: skip
_TIMES = _any_of("times? once twice never")
_MOMENT = _any_of(rf"\d.* \w*days? {_MONTHS} {_COUNT} morning noon evening nights? weeks? years? spring "
                  r"summer autumn winter before after now soon never half quarter when tomorrow tonight "
                  r"christmas easter dawn dusk midnight lunch breakfast dinner always weekends? ago first "
                  r"second third \w+teenth \w+ieth months during since")  # fmt: skip
_CLOCK = _any_of(r"\d{1,2}[:.]\d\d \d{1,2}\s?[ap]\.?m o'clock noon midnight midday half quarter dawn dusk "
                 r"sunrise sunset (?:at|by|until|till|from|around|about|before|after|to|past)\s(?:\d{1,2}|"
                 + "|".join(_COUNT.split()) + ")")  # fmt: skip
_DAY = _any_of(
    r"\d.* \w*days? tomorrow tonight christmas easter weekends? first second third \w+th"
)
_MONTH = _any_of(_MONTHS)
_YEAR = _any_of(r"1[5-9]\d\d 20\d\d years?")
_PLACE = re.compile(r"\b(?:in|at|on|to|from|near|by|into|onto|under|behind|above|below|over|inside|"
                    r"outside|between|through|next|opposite|around|along|off|with|for|here|there|home|abroad|"
                    r"upstairs|downstairs|away|beside|across|past|up|down|out)\b|"
                    rf"[a-z,] {CAPITAL}(?!')\w+")  # fmt: skip
_NO_PLACE = re.compile(rf"\b(?:in|at|on|under|out of) (?:an? |the |my |your |\w+'s? )?"
                       rf"(?:{'|'.join(sorted(KINDS['no_place']))})\b(?: (?:of|with|about|for|to)\b)?",
                       re.I)  # fmt: skip
_SOMEBODY = _any_of("nobody everyone everybody someone somebody people m[ae]n wom[ae]n lady guy boys? "
                    "girls? family team police company both alone yourself crew couple class "
                    "neighbou?rs? club "
                    "group lad relatives? colleagues? friends? students?")  # fmt: skip
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
            if _AMOUNT.search(before) or re.search(r"\ban?\b", before):
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
