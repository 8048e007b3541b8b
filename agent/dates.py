"""What "tomorrow" meant: relative dates in a session, written out from the session's own day.

Small models copy dates well and reckon with them badly, so the reckoning is done here, and the
teacher reads "tomorrow (March 15, 2025)". Knows the calendar and English, no models.
"""

import re
from collections.abc import Callable
from datetime import date, datetime, timedelta

WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
NUMBERS = {
    word: k
    for k, word in enumerate("a two three four five six seven eight nine ten".split(), start=1)
} | {"one": 1, "an": 1}
UNITS_DAYS = {"day": 1, "week": 7, "fortnight": 14}
COUNT = rf"(\d{{1,2}}|{'|'.join(NUMBERS)})"


def day_of(moment: str | None) -> date | None:
    """The day of an ISO 8601 time, or None."""
    return datetime.fromisoformat(moment).date() if moment else None


def long_date(day: date) -> str:
    """March 15, 2025"""
    return f"{day:%B} {day.day}, {day.year}"


def full_date(day: date) -> str:
    """Saturday, March 15, 2025"""
    return f"{day:%A}, {long_date(day)}"


def annotate(text: str, day: date) -> str:
    """`text` with each relative date followed by the real one in brackets."""

    def write(match: re.Match[str]) -> str:
        meant = _meaning(match.group(0).lower(), day)
        return f"{match.group(0)} ({meant})" if meant else match.group(0)

    return _RELATIVE.sub(write, text)


def _meaning(phrase: str, day: date) -> str | None:
    for pattern, resolve in _RULES:
        if match := re.fullmatch(pattern, phrase):
            try:
                return resolve(match, day)
            except (OverflowError, ValueError):  # a year that the calendar does not have
                return None
    return None


def _shift(days: int) -> Callable[[re.Match[str], date], str]:
    return lambda _, day: long_date(day + timedelta(days=days))


def _count(word: str) -> int:
    return int(word) if word.isdigit() else NUMBERS[word]


def _away(sign: int) -> Callable[[re.Match[str], date], str]:
    def resolve(match: re.Match[str], day: date) -> str:
        days = _count(match[1]) * UNITS_DAYS[match[2]]
        return long_date(day + timedelta(days=sign * days))

    return resolve


def _weekday(match: re.Match[str], day: date) -> str:
    ahead = (WEEKDAYS.index(match[2]) - day.weekday()) % 7
    if match[1] == "last":
        return long_date(day - timedelta(days=(-ahead) % 7 or 7))
    return long_date(day + timedelta(days=ahead or 7))


def _in_week(match: re.Match[str], day: date) -> str:
    """ "Wednesday of next week", "next week on Wednesday"."""
    which, name = (match[1], match[2]) if match[1] in ("next", "last") else (match[2], match[1])
    start = day + timedelta(days=(7 if which == "next" else -7) - day.weekday())
    return long_date(start + timedelta(days=WEEKDAYS.index(name)))


def _period(match: re.Match[str], day: date) -> str:
    sign = -1 if match[1] == "last" else 1
    if match[2] == "week":
        start = day + timedelta(days=7 * sign - day.weekday())
        return f"the week of {long_date(start)}"
    if match[2] == "year":
        return str(day.year + sign)
    month = day.year * 12 + day.month - 1 + sign
    return f"{date(month // 12, month % 12 + 1, 1):%B %Y}"


_RULES: list[tuple[str, Callable[[re.Match[str], date], str]]] = [
    (r"the day after tomorrow", _shift(2)),
    (r"the day before yesterday", _shift(-2)),
    (r"tomorrow(?: (?:morning|afternoon|evening|night))?", _shift(1)),
    (r"(?:yesterday|last night)(?: (?:morning|afternoon|evening))?", _shift(-1)),
    (r"today|tonight|this (?:morning|afternoon|evening)", _shift(0)),
    (rf"in {COUNT} (day|week|fortnight)s?", _away(1)),
    (rf"{COUNT} (day|week|fortnight)s? ago", _away(-1)),
    (rf"(next|last|this coming) ({'|'.join(WEEKDAYS)})", _weekday),
    (rf"(next|last) week,? (?:on )?({'|'.join(WEEKDAYS)})", _in_week),
    (rf"({'|'.join(WEEKDAYS)})(?: of|,)? (next|last) week", _in_week),
    (r"(next|last) (week|month|year)", _period),
]
_RELATIVE = re.compile(
    r"(?<!\d[.,])\b(?:" + "|".join(f"(?:{p})" for p, _ in _RULES) + r")\b", re.IGNORECASE
)
