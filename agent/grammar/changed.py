"""What a change leaves so, said plainly: a new day, a new place, a new price, somebody new.

    "we had to push the wedding to the 20th"  -> the wedding is on the 20th now
    "Moved the shop too. Now on Kisumu Road." -> the shop is on Kisumu Road now
    "the landlord put the rent up to 710"     -> the rent is 710 now

Every such sentence says "now", by which agent/overtaken.py knows that it takes the place of another.
Knows the words of a message.
"""

import re
from collections.abc import Callable, Sequence

from agent.grammar.kinds import is_price
from agent.grammar.parts import time_at
from agent.grammar.words import DAYS, MONTHS, NUMBERS, Words, is_word, name_at, sentences_of
from agent.text import CAPITAL
from agent.topics import PEOPLE, PETS

_PUT = r"(?:move|push|put|bring|shift|reschedule|postpone|delay|change|bump|switch)"
_HAS_PUT = (
    r"(?:moved|pushed|put|brought|shifted|rescheduled|postponed|delayed|"
    r"changed|bumped|deferred|switched)"
)
_WAY = r"(?: (?:back|forwards?|off|out|up|again|by (?:a|an|one|two|three|\d+) \w+))*"
_THING = (
    rf"(?P<what>(?:(?:my|our|the|(?-i:{CAPITAL})[\w-]+'s) )?(?!(?:we|i|they|he|she|it|was|is|had|have"
    r"|has|got) )"
    r"(?:[\w'-]+ ){0,2}?[\w'-]+(?: (?:to|in|with|at|of|for) (?:the )?(?:(?:Dr|Mr|Mrs|Ms) )?"
    rf"(?-i:{CAPITAL})[\w'-]+)?)"
)
_BARE = re.compile(
    r"(?!(?:my|our|the|his|her|its|their|an?|this|that) )[a-z]\S* "
)  # "vet appointment"
_DATE_OF = r"(?:(?:the|our|my) (?:date|time|day) (?:of|for) )?"
_HAVING = r"(?:(?:have|has|had|will|must|decided|to|just|finally|also|already) )*"
_SOMEBODY = rf"(?:(?:I|we|they|he|she|the [a-z]+|my [a-z]+|(?-i:{CAPITAL})[\w'-]+) )?"
_PUT_OFF = re.compile(
    rf"^(?P<who>{_SOMEBODY}){_HAVING}(?:{_HAS_PUT}|{_PUT}){_WAY} {_DATE_OF}{_THING}{_WAY}(?: from [\w"
    rf" ]{{3,20}}?)? (?:to|until|till) (?P<rest>.+)$",
    re.I,
)
_WAS_PUT_OFF = re.compile(
    rf"^{_DATE_OF}{_THING}(?: (?:was|is|are|were|got|gets|has|have|had|been|being|just))* {_HAS_PUT}{_WAY}"
    r"(?: from [\w ]{3,20}?)? (?:(?:to|until|till)|, (?:it is|(?:it is |to )?now)|, (?:to|until)|, "
    r"(?:the )?new (?:date|time|day) is) (?P<rest>.+)$",
    re.I,
)
_NEW_DATE = re.compile(
    rf"^{_SOMEBODY}{_HAVING}{_HAS_PUT}{_WAY} {_DATE_OF}{_THING}{_WAY} , (?:(?:it is )?now|(?:the )?new "
    r"(?:date|time|day) is) (?P<rest>.+)$",
    re.I,
)
_BOOKED_ANEW = re.compile(
    rf"^(?P<who>{_SOMEBODY}){_HAVING}rescheduled {_THING} for (?P<rest>.+)$", re.I
)
_DOSE = re.compile(r"\b(?:up|down) to \d+$|\b(?:up|down) to \d+ ")  # an amount, no hour
_INSTEAD = re.compile(r"(?: now)? instead of (?:on |at )?(?P<old>[\w: ]+)$")
_SEEN = frozenset("dentist doctor vet physio hairdresser therapist midwife optician barber clinic "
                  "hospital".split())  # fmt: skip
_MONEY = (
    r"(?P<money>[£$€]?\d[\d.,]*(?: (?!now|from|because|and)[a-z]+)?(?: (?:a|per) [a-z]+)?)(?= |$)"
)
_DEAR = re.compile(r"\b(?:rent|price|fee|salary|wage|pay|pension|allowance|deposit)s?\b")
_RAISED = re.compile(
    rf"^(?:.{{0,30}}? )?(?:raised|put|increased|lowered|dropped|cut|reduced|upped)(?: up| down)? "
    rf"(?P<what>(?:the|my|our|(?-i:{CAPITAL})\w+'s) [\w' -]+?)(?: up| down)?(?: from \S+(?: [a-z]+)?)?"
    rf" to {_MONEY}",
    re.I,
)
_WENT_UP = re.compile(
    rf"^(?:so )?(?P<what>(?:the|my|our|(?-i:{CAPITAL})\w+'s) [\w' -]+?) "
    rf"(?:(?:has|have|just|now|was|is|been) )*"
    rf"(?:went|gone|rose|risen|increased|raised|dropped|fell|put|going|cut)(?: up| down)?"
    rf"(?: from \S+(?: [a-z]+)?)? to {_MONEY}",
    re.I,
)
_MOVED_THING = re.compile(
    r"^(?:(?:I|we) )?(?:have )?(?:just |finally |also )?moved (?P<what>(?:my|our|the) (?:[a-z]+ )??"
    r"(?!too\b)[a-z]+)(?: too| as well)? (?:in|on|)to (?P<place>.+)$",
    re.I,
)
_THING_MOVED = re.compile(
    r"^(?P<what>(?:my|our|the) (?:[a-z]+ )??[a-z]+)(?: (?:has|have|just|now|finally|also))* "
    r"(?:moved (?:in|)to|(?:got )?a new (?:address|home|place) (?:,|:|at|in|on)) (?P<place>.+)$",
    re.I,
)
_SPOKEN_OF = re.compile(
    r"\bmoved (?P<what>(?:my|our|the) (?:[a-z]+ )??(?!too\b)[a-z]+)(?: too| as well| again)?$"
    r"|^(?:(?:I|we) )?(?:have )?(?:got )?(?:a )?new (?P<new>[a-z]+)$"
    r"|^(?P<moved>(?:my|our|the) (?:[a-z]+ )??[a-z]+) (?:has |have |just )*moved(?: again| too)?$",
    re.I,
)
_NOW_AT = re.compile(
    r"^(?:(?:it|they|we) (?:is|are) )?(?:now )?(?P<place>(?:in|on|at|near|by|opposite) .+)$", re.I
)
_ON_STREET = re.compile(
    r"(?:Road|Street|Lane|Avenue|Square|Drive|Way|Hill|Row|Terrace|Straße|Strasse)$"
)


def with_changes(tokens: Words) -> Words:
    """The words with what changed said plainly, in place of how it was told or behind it."""
    parts = [*sentences_of(tokens)]
    said = list[str]()
    for place, (words, sign) in enumerate(parts):
        before = " ".join(parts[place - 1][0]) if place else ""
        plain = () if sign == ("?",) or not words else _plain(words, before, tokens)
        said += (*(plain or words), *sign)
    return tuple(said)


def _plain(words: Words, before: str, whole: Words) -> Words:
    text = " ".join(words)
    rules: Sequence[Callable[[str], str]] = (
        _put_off,
        _priced,
        _moved,
        lambda t: _settled(t, before),
        lambda t: _lives(t, " ".join(whole)),
        lambda t: _works(t, " ".join(whole)),
    )
    return _split(next(filter(None, (rule(text) for rule in rules)), ""))


def _split(text: str) -> Words:
    return tuple(re.findall(r"\([^)]*\)|\S+", text))


# When


def _put_off(text: str) -> str:
    """ "the wedding is on the 20th now" for "we had to push the wedding to the 20th"."""
    if (match := _INSTEAD.search(text)) and _moment(_split(match["old"])):
        return f"{text[: match.start()]} now"
    for shape in (_NEW_DATE, _PUT_OFF, _BOOKED_ANEW, _WAS_PUT_OFF):
        match = shape.match(text)
        when = _moment(_split(match["rest"])) if match else None
        if not match or not when or _DOSE.search(text[: match.start("rest") + 4]):
            continue
        what = match["what"]
        who = match.groupdict().get("who", "").strip().removeprefix("the ").removeprefix("The ")
        if what.lower() in ("us", "me", "it") and who.lower() in _SEEN:
            what = f"my {who} appointment"
        if _is_someone(what) or what.lower() in _NOBODY:
            continue
        if _BARE.match(what):
            what = f"my {what}"
        what, behind, whom = what.partition(" for ")  # asked for without it: "my vet appointment"
        return f"{_to_place(what)} is {when[0]} now{behind}{whom} {when[1]}".strip()
    return ""


def _is_someone(what: str) -> bool:
    """ "my brother", "my brother Tom"; not "the baby shower", "my sister's party", "the vet"."""
    words, someone = what.split(), (PEOPLE | PETS) - _SEEN
    named = words[-1][0].isupper() and {w.lower() for w in words} & someone
    return words[-1].lower() in someone or bool(named)


def _to_place(what: str) -> str:
    """ "my holiday in Crete" for "the Crete holiday"."""
    match = re.fullmatch(
        rf"(?:the|my|our) ({CAPITAL}[\w-]+) (trip|holiday|flight|journey|vacation|visit)", what
    )
    if not match or match[1].lower() in MONTHS | DAYS:
        return what
    return f"my {match[2]} {'in' if match[2] in ('holiday', 'vacation') else 'to'} {match[1]}"


_NOBODY = frozenset("i we they he she it us me them in on up out".split())


def _moment(words: Words) -> tuple[str, str] | None:
    """ "on the 20th of June" of "the 20th of June because ...", and what follows."""
    words = words[words[:1] == ("now",) :]
    if not words:
        return None
    timed = (*_lead(words), *words)
    place = 0
    while place < len(timed) and (size := time_at(timed, place)):
        place += size
        while place < len(timed) and timed[place][0] == "(":
            place += 1
    rest = timed[place + (timed[place : place + 1] == ("now",)) :]
    if not place or (
        rest and is_word(rest[0]) and rest[0] not in ("because", "as", "and", "instead")
    ):
        return None
    return " ".join(timed[:place]), " ".join(rest[rest[:1] == ("instead",) :])


def _lead(words: Words) -> Words:
    """The "on", "at" or "in" that a bare moment lacks."""
    first, after = words[0].lower(), words[1].lower() if len(words) > 1 else ""
    if first in DAYS or after in MONTHS or re.fullmatch(r"\d+(?:st|nd|rd|th)", first):
        return ("on",) if first not in ("tomorrow", "today", "tonight", "noon") else ()
    if first == "the" and re.fullmatch(r"\d+(?:st|nd|rd|th)|[a-z]+th|first|second|third", after):
        return ("on",)
    if first in MONTHS:
        return ("on",) if after[:1].isdigit() and len(after) < 5 else ("in",)
    clock = re.fullmatch(r"\d{1,2}(?:[:.]\d\d)?(?:[ap]m)?|half|quarter|noon", first)
    return ("at",) if clock or first in NUMBERS else ()


# How much


def _priced(text: str) -> str:
    """ "the rent is 710 now" for "the landlord put the rent up to 710"."""
    for shape in (_RAISED, _WENT_UP):
        if match := shape.match(text):
            what, money = match["what"], match["money"]
            if not (is_price(_split(money)) or (_DEAR.search(what) and money[-1].isdigit())):
                continue
            rest = text[match.end() :].removeprefix(" now")
            thing = re.fullmatch(r"(?:the|my|our) price (?:of|for) (.+)", what, re.I)
            told = f"{thing[1]} costs {money}" if thing else f"{what} is {money}"
            return f"{told} now{rest}"
    return ""


# Where


def _moved(text: str) -> str:
    """ "our office is on Mill Lane now" for "our office has moved to Mill Lane"."""
    for shape in (_MOVED_THING, _THING_MOVED):
        match = shape.match(text)
        if match and not {w.lower() for w in match["what"].split()} & (PEOPLE | PETS):
            if place := _place(_split(match["place"])):
                return f"{match['what']} is {place} now"
    return ""


def _place(words: Words) -> str:
    """ "on Mill Lane", "in Peckham", "at 4 Station Road"; nothing where no name is all there is."""
    words = words[: len(words) - (words[-1:] == ("now",))]
    numbered = words[0].isdigit() if words else False
    named = words[numbered or words[:1] == ("the",) :]
    if not named or name_at((",", *named), 1) != named:
        return ""
    link = "at" if numbered else "on" if _ON_STREET.search(named[-1]) else "in"
    return f"{link} {' '.join(words)}"


def _settled(text: str, before: str) -> str:
    """ "Now on Kisumu Road" behind "Moved the shop too"."""
    about, match = _SPOKEN_OF.search(before), _NOW_AT.match(text)
    if not about or not match:
        return ""
    place = match["place"].removesuffix(" now")
    what = about["what"] or about["moved"] or f"my {about['new']}"
    return f"{what} is {place} now" if name_at((",", *place.split()[1:]), 1) else ""


_MOVED_TO = re.compile(
    rf"\b(?P<who>I|[Ww]e) (?:have )?(?:just |finally )?moved to (?P<place>\d+\w? (?-i:{CAPITAL})[\w'-]+"
    rf"(?: (?-i:{CAPITAL})[\w'-]+)*)"
)


def _lives(text: str, whole: str) -> str:
    """ "we are in Antwerp now" where the user moved; "at 3 Elm Street" is where one lives then."""
    if (match := _MOVED_TO.search(text)) and not re.search(
        r"\b(?:19|20)\d\d\b|\bago\b|\bwhen\b", text
    ):
        return f"{text} . my address is {match['place']} now"
    if not re.search(
        r"\b(?:I|we) (?:have )?(?:just |finally )?moved(?: house| out| again)?"
        r"(?! (?:the|my|our|her|his))\b",
        whole,
        re.I,
    ):
        return ""
    match = re.search(
        rf"\b(I|we) (?:am|are) (?:now )?in (?P<town>{CAPITAL}[\w'-]+(?: {CAPITAL}[\w'-]+)*)(?: now)?$",
        text,
    )
    return f"{text[: match.start()]}{match[1]} live in {match['town']} now" if match else ""


_STARTED = re.compile(
    r"^(?P<who>I |we |)(?:have )?(?:just )?started (?:working |a (?:new )?job )?(?P<place>(?:at|with|for) "
    r"(?:(?:the|a|an) )?[\w' ]+?)(?= (?:in|on|last|this|since|a|two|three|now|and|but|so|because)\b|$| ,)",
    re.I,
)
_LEFT_WORK = re.compile(
    r"\b(?:left|quit|new job|changed jobs?|switched jobs?|old job|resigned|handed in)\b", re.I
)


def _works(text: str, whole: str) -> str:
    """ "I work at the hospital now" for "I started at the hospital" where another work is left."""
    match = _STARTED.match(text)
    if not match or not _LEFT_WORK.search(whole):
        return ""
    return f"I work {match['place'].lower() if match['place'].islower() else match['place']} now . {text}"
