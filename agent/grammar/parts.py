"""What follows a verb, piece by piece: objects, places, times.

    "a red bike from Nelson on Saturday" -> a red bike | from Nelson | on Saturday

Knows the words behind one verb; not whose they are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from agent.grammar.words import (
    DAYS,
    DETERMINERS,
    MONTHS,
    NUMBERS,
    PREPOSITIONS,
    Words,
    has_form,
    may_be_noun,
)

MANNER = frozenset(
    "now too again alone together already yet still anymore either though there here home away lately "
    "outside inside instead maybe anyway once twice part-time full-time downstairs upstairs nearby "
    "abroad online".split()
)
SPANS = frozenset(
    "second minute hour day night week weekend month year morning afternoon evening spring summer "
    "autumn winter time season term fortnight decade".split()
)
_TIME_STARTS = frozenset(
    "on in at by since until till before after from for around about every last next this each all the "
    "over during twice once a one two three four five six seven eight nine ten few".split()
)
_AT = frozenset("at in near by from".split())
_ROUGHLY = frozenset("about around roughly nearly almost".split())
_GOING = frozenset("in to at".split())
_GOALS = frozenset(("work", "school"))  # that are verbs as well
_WHOM = frozenset("me us him her them it".split())
_NUMBER = (
    r"(?:\d[\d:.,]*(?:st|nd|rd|th|am|pm)?|\w+teen|first|second|third|"
    r"(?:(?:four|fif|six|seven|eigh|nin|ten|eleven|twelf|\w+teen|\w+tie)th)|"
    r"(?:(?:twen|thir|for|fif|six|seven|eigh|nine)ty-\w+)|" + "|".join(sorted(NUMBERS)) + ")"
)
_UNIT = f"(?:{'|'.join(sorted(SPANS))})s?"
_LATEST = 23.595  # what may be a clock time, written "7.45"
_DAY, _MONTH = "|".join(sorted(DAYS)), "|".join(sorted(MONTHS))
_CHILDHOOD = (
    "childhood|birth|kindergarten|nursery|(?:(?:primary|high) )?school|uni|university|college"
)
UPHEAVALS = frozenset(  # by which one counts: "since the accident"
    "accident operation op surgery stroke divorce fire crash fall split breakup funeral birth injury "
    "illness pandemic lockdown flood burglary chemo".split()
)
_LINKS = "with|in|on|for|from|by|near|and|but|because|every"  # "at nine with Ana"
_ON = "on |by |until |till |since |from |before |after |for |over |during "
_TIMES = [
    re.compile(shape + r"(?= |$)")
    for shape in (
        rf"from (?:the )?{_NUMBER} (?:to|till|until) (?:the )?{_NUMBER}(?: of)? (?:{_MONTH})",
        rf"from (?:{_MONTH}) {_NUMBER} (?:to|till|until) (?:(?:{_MONTH}) )?{_NUMBER}",
        rf"(?:{_ON}|every (?:other |second |third )?|each |last |next |this )+"
        rf"(?:palm |good |easter |ash |whit )?(?:{_DAY})"
        rf"(?: (?:{_UNIT}|(?:the )?{_NUMBER} (?:{_MONTH})|(?:{_MONTH}) {_NUMBER}))?(?: \d{{4}})?",
        rf"(?:{_ON})?(?:the )?{_NUMBER}(?: of)? (?:{_MONTH})(?: \d{{4}})?",
        rf"(?:{_ON}|in |this |last |next )+(?:early |late )?(?:{_MONTH})(?: {_NUMBER})?(?: \d{{4}})?",
        rf"(?:{_MONTH}) {_NUMBER}(?: \d{{4}})?",
        rf"(?:on|by|until) the {_NUMBER}",
        rf"on the (?:first|second|third|fourth|last) (?:{_DAY})(?: of the month)?",
        rf"(?:in|at|on|over|during) the (?:\w+ )?(?:{_UNIT}|end|beginning|start|middle) of "
        rf"(?:next |this |last )?(?:the )?(?:{_MONTH}|{_UNIT})(?: \d{{4}})?",
        r"(?:in|since|until|before|after) (?:1[89]|20)\d\d",
        rf"(?:since|until|till|before|after|by) (?:last|next|this) (?:{_UNIT}|{_MONTH})",
        r"(?:in|since|during|from) the (?:early |mid |late )?"
        r"(?:(?:19|20)?\d0s|(?:twen|thir|for|fif|six|seven|eigh|nine)ties)",
        rf"(?:at|until|till|by|from|since) the (?:end|beginning|start|middle) of "
        rf"(?:(?:the|this|next|last) )?(?:{_UNIT}|{_MONTH})",
        rf"(?:since|after|before) (?:the|my|our|his|her) (?:[a-z]+ )?(?:{'|'.join(sorted(UPHEAVALS))})",
        rf"at the (?:moment|age of {_NUMBER})",
        rf"in (?:about|around) {_NUMBER} {_UNIT}",
        rf"since (?:the age of {_NUMBER}|{_CHILDHOOD})",
        rf"(?:at|until|by|from|since|around|before|after|about) (?:half (?:past )?|quarter (?:past|to) )?"
        rf"{_NUMBER}(?: o'clock| am| pm)?(?: in the \w+)?(?! (?!now\b)\w)",
        rf"(?:at|until|by) (?:half (?:past )?|quarter (?:past|to) )?"
        rf"{_NUMBER}(?: o'clock| am| pm)?(?= (?:{_LINKS})\b)",
        rf"(?:for |in |since |after )?(?:a|the|{_NUMBER}|the last|the past|a few|few)(?: {_NUMBER})?"
        rf" {_UNIT}(?: ago)?",
        rf"(?:on|over|during) the (?:\w+ )?{_UNIT}"
        rf"(?: of (?:the )?(?:{_MONTH} {_NUMBER}|{_NUMBER}(?: {_MONTH})?)(?: \d{{4}})?)?",
        r"(?:on )?(?:christmas|new year's|boxing|mother's|father's|valentine's) (?:eve|day)",
        r"at (?:noon|bedtime|christmas|easter|midnight|night|lunch|breakfast|dinner|dawn|dusk|weekends)",
        rf"(?:every|each|last|next|this|all|twice a|once a|in the|at the|two times a|three times a|per)"
        rf"(?: (?:single|other|second|few|{_NUMBER}))? {_UNIT}",
    )
]


@dataclass(frozen=True, slots=True)
class Part:
    """A piece of what follows the verb. kind: object, prep, time, to, manner."""

    kind: str
    words: Words

    @property
    def head(self) -> str:
        return self.words[0].lower()


def exactly(words: Words) -> Words:
    """ "200 sheep" of "about 200 sheep"; nothing where nothing is rough."""
    counted = words[1:2] and (words[1][0].isdigit() or words[1].lower() in NUMBERS - {"one"})
    return words[1:] if counted and words[0].lower() in _ROUGHLY else ()


def parts_of(words: Words) -> Iterator[Part]:
    """The pieces, from left to right."""
    place = 0
    while place < len(words):
        loose = words[place].lower() in ("up", "down") and not _of_verb(words, place)
        if loose and {*words[place + 1 : place + 2]} & _AT:
            place += 1  # "up at the lake"
        kind, size = _kind_at(words, place)
        yield Part(kind, words[place : place + size])
        place += size


def _kind_at(words: Words, place: int) -> tuple[str, int]:
    """The kind and the length of the piece that begins at `place`."""
    word = words[place].lower()
    if size := time_at(words, place):
        return "time", size
    rest = exactly(words[place:])  # "about 200 sheep", not "about ten minutes from here"
    if rest and not time_at(rest, 0):
        return "object", _kind_at(rest, 0)[1] + 1
    where = word in PREPOSITIONS and words[place + 1 : place + 2]  # "outside the library"
    outside = where and words[place + 1].lower() in DETERMINERS
    if (word in MANNER and not outside) or (word.endswith("ly") and len(word) > 4):
        return "manner", 1
    if word == "to" and _is_goal(words, place + 1):
        return "prep", 2
    if word == "to" and place + 1 < len(words) and words[place + 1].islower():
        if has_form(words[place + 1], "VB"):
            return "to", len(words) - place
    kind = "prep" if word in PREPOSITIONS and (word != "of" or place == 0) else "object"
    end = place + 1
    if word == "about" and end < len(words) and words[end].lower() in DETERMINERS:
        end += 1  # "about the weekend"
    while end < len(words) and not _begins_piece(words, end):
        end += 1
    doing = word == "of" and end > place + 1 and has_form(words[place + 1], "VBG")
    if doing and _is_somewhere(words, end):
        end += _kind_at(words, end)[1]  # "dream of living in Spain"
    return kind, end - place


def _is_somewhere(words: Words, place: int) -> bool:
    """Whether "in Spain", "to the sea" stands there, and no time."""
    return words[place : place + 1] != () and words[place] in _GOING and not time_at(words, place)


def _begins_piece(words: Words, place: int) -> bool:
    word = words[place].lower()
    if words[place - 1].lower() in ("a", "an", "the"):
        return False  # "for the under 21s"
    if word == "home" and words[place - 1].lower() in (
        "at",
        "from",
        "care",
        "nursing",
        "retirement",
        "children's",
    ):
        return False
    if word in ("daily", "weekly", "monthly", "yearly") and place == len(words) - 1:
        return True
    if word.endswith("ly") and len(word) > 4 and place == len(words) - 1 and not may_be_noun(word):
        return True  # "I miss it terribly"
    if word in ("up", "down") and words[place + 1 : place + 2] and words[place + 1] in _AT:
        return not _of_verb(words, place)
    return (word in PREPOSITIONS and word != "of") or word in MANNER or time_at(words, place) > 0


def _is_goal(words: Words, place: int) -> bool:
    """ "to work by tram", "to school every day"; not "to work in a bar"."""
    after = words[place + 1 : place + 3]
    plain = not after or after[0] == "by" or after == ("on", "foot") or time_at(words, place + 1)
    return {*words[place : place + 1]} <= _GOALS and place < len(words) and bool(plain)


def _of_verb(words: Words, place: int) -> bool:
    """Whether this "up" goes with the verb: "picks me up from the station"."""
    return words[place - 1 : place] != () and words[place - 1].lower() in _WHOM


def time_at(words: Words, place: int) -> int:
    """How many words from `place` say when, how long or how often; 0 for none."""
    end = place
    rest = [w.lower() for w in words[place : place + 9]]
    if rest[0] in DAYS:
        inside = place and words[place - 1].lower() in DETERMINERS  # "the Sunday market"
        end = place if inside else place + 1
    elif rest[0] in _TIME_STARTS | MONTHS or rest[0].isdigit():
        found = (shape.match(" ".join(rest)) for shape in _TIMES)
        end = place + max((len(match[0].split()) for match in found if match), default=0)
    while (
        end > place
        and rest[end - place : end - place + 1] in (["and"], ["to"])
        and {*rest[end - place + 1 : end - place + 2]} & DAYS
    ):
        end += 2  # "on Mondays and Thursdays", "Monday to Friday"
    if end > place and _is_no_time(rest[: end - place], words[end : end + 1]):
        return 0
    while end > place and end < len(words) and words[end][0] == "(":
        end += 1  # the real date, written out
    return end - place


def _is_no_time(found: list[str], after: Words) -> bool:
    """A price ("at 29.99"), an age ("seven years old"), what a unit is of ("a night bus")."""
    if re.fullmatch(r"\d+\.\d+", found[-1]) and float(found[-1]) > _LATEST:
        return True
    if re.fullmatch(r"\d+[.,]\d", found[-1]):
        return True  # "came back at 6.4"
    if (
        len(found) == 2
        and found[0] in ("at", "around")
        and found[1].isdigit()
        and int(found[1]) > _LATEST
    ):
        return True  # an age: "learn to drive at 41"
    if not after:
        return False
    next_word = after[0].lower()
    counted = found[0] in ("a", "the", "in", "for") or found[0].isdigit()
    ends_as_unit = found[-1] in SPANS and counted
    floor = found[:2] == ["on", "the"] and found[-1] not in MONTHS  # "on the fourth floor"
    plain = next_word in PREPOSITIONS | MANNER | DAYS | {"and", "ago"} or not next_word.isalpha()
    return next_word == "old" or ((ends_as_unit or floor) and not plain and may_be_noun(next_word))
