"""What kind of thing words name: a place, a price, a moment, a pet, an instrument.

Closed lists (kinds.txt) and endings; a word that no list has is of no kind. Knows words and pieces
of a clause alone.
"""

import re
from pathlib import Path

from lemminflect import getLemma

from agent.grammar.parts import SPANS, Part, exactly
from agent.grammar.words import DAYS, DETERMINERS, MONTHS, NUMBERS, Words

_FILE = Path(__file__).with_name("kinds.txt")
_PLACES = frozenset(
    "in at near behind opposite under outside inside beside on above below over by".split()
)
_BARE_PLACES = frozenset(
    "home bed town hospital prison school church college university work court".split()
)
_MONEY = re.compile(r"[£$€]\d|\b(?:euros?|pounds?|dollars?|quid|kroner|shillings?|francs?|rupees?|yen|"
                    r"bucks|pence|cents?|reais|pesos|zloty|dirhams?|crowns|krona|kronor|naira)\b",
                    re.I)  # fmt: skip
_CLOCK = re.compile(r"\b(?:at|by|until|till|before|after|from) (?:about |around |half |quarter |past |"
                    r"to )*(?:\d{1,2}(?:[:.]\d\d)?|one|two|three|four|five|six|seven|eight|nine|ten|"
                    r"eleven|twelve|noon|midnight)(?: ?[ap]\.?m\.?| o'clock)?(?= in the |$)",
                    re.I)  # fmt: skip
_ORDINAL = re.compile(r"\d|first|second|third|\w+th$")
_YEAR = re.compile(r"(?:1[89]|20)\d\d")


def read_kinds(text: str) -> tuple[dict[str, str], dict[str, frozenset[str]]]:
    """The kind to ask for a word by, and the words of every kind (the format of kinds.txt)."""
    asked: dict[str, str] = {}
    kinds: dict[str, frozenset[str]] = {}
    above, _, below = text.partition("-----\n")
    for part in (above, below):
        for line in part.splitlines():
            if line and not line.startswith("#"):
                kind, _, listed = line.partition(": ")
                kinds[kind] = frozenset(word.replace("_", " ") for word in listed.split())
                asked |= dict.fromkeys(kinds[kind], kind) if part is above else {}
    return asked, kinds


_ASKED, KINDS = read_kinds(_FILE.read_text(encoding="utf-8"))


def kind_of(words: Words) -> str:
    """What the thing is one of: "pet" for "a black cat", "pets" for "two cats"; "" for unknown."""
    last = words[-1].lower()
    singular = getLemma(last, upos="NOUN")[0] if last.isalpha() else last
    for word in (" ".join(words[-2:]).lower(), last, singular):
        if (kind := _ASKED.get(word)) and (kind != "colour" or len(words) == 1):
            many = last != singular and kind not in ("clothes", "food")
            plural = f"{kind.removesuffix('y')}ies" if kind[-1] == "y" else f"{kind}s"
            return plural if many else kind
    return ""


def is_place(part: Part) -> bool:
    """ "in Porto", "at the museum", "in bed"; not "in charge", "in a hurry", "at her wits' end"."""
    inner = part.words[1:]
    if part.head not in _PLACES or not inner or inner[-1].lower() in SPANS | DAYS:
        return False
    if kind_of(inner) in ("language", "languages", "medicine", "medicines", "instrument"):
        return False  # "reads in Japanese", "on insulin", "on the harp"
    if part.head == "in" and inner[0] not in DETERMINERS and kind_of(inner) == "subject":
        return False  # "an exam in chemistry"
    lower = {w.lower() for w in inner}
    if lower & KINDS["no_place"] or (part.head in ("in", "on") and lower & KINDS["body"]):
        return bool(lower & _BARE_PLACES) and not lower & {"coma", "wheelchair"}
    first = inner[0]
    listed = first.lower() in DETERMINERS | _BARE_PLACES
    if part.head == "on":
        return listed or first[0].isupper()  # "on warehouse losses" is a topic
    numbered = first[0].isdigit() and len(inner) > 1 and inner[1][0].isupper()
    if numbered:  # "at 9 Hill Road"
        return inner[1].lower() not in MONTHS | DAYS
    return listed or first[0].isupper() or (len(inner) > 1 and not first[0].isdigit())


def is_price(words: Words) -> bool:
    many = len(words) > 1 and words[-1].lower() in ("hundred", "thousand", "grand")
    return many or bool(_MONEY.search(" ".join(words)))


def is_age(words: Words) -> bool:
    """ "81", "seven", "58 years old", "14 and 9 years old"."""
    words = exactly(words) or words
    first = words[0].lower().split("-")[0]  # "sixty-four"
    if re.fullmatch(r"\d+(?: , \d+)* and \d+(?: years old)?", " ".join(words)):
        return True  # "3, 6 and 11"
    if len(words) > 5 or is_price(words) or words[-1].lower() == "of":
        return False
    if first[0].isdigit():
        return first.isdigit() and (
            len(words) == 1
            or words[1].lower() in ("years", "year", "months", "weeks")
            or words[-2:] == ("years", "old")
        )
    halves = words[1:] == ("and", "a", "half")
    return first in NUMBERS and (
        len(words) == 1 or halves or words[-1].lower() in ("old", "years", "months")
    )


def when_of(part: Part) -> str:
    """The question word for a time: how often, how long, since when; "" where it is an amount."""
    dated = {w.lower() for w in part.words} & (MONTHS | DAYS | {"ago"})
    if (part.head in NUMBERS or part.head[0].isdigit()) and not dated:
        return ""
    if part.head in ("every", "each", "twice", "once"):
        return "how often"
    if part.head == "for" and not dated:
        return "how long"
    if part.head == "after" and part.words[-1].lower().removesuffix("s") in SPANS and not dated:
        return ""  # "after 12 years in a bank"
    if part.head in ("since", "until", "till", "by"):
        return {"since": "since when", "by": "by when"}.get(part.head, "until when")
    return "when" if dated or part.head not in ("a", "an", "the", "all") else ""


def closer_when(words: Words) -> list[str]:
    """The closer question words for a moment: "at half nine" is a time, "on Friday" a day."""
    lower = [w.lower() for w in words if w[0] != "("]
    if lower[0] == "from" and {"to", "till", "until"} & {*lower}:
        return []  # "from 3 to 9 May" is no moment
    text = " ".join(lower)
    found = ["what time"] if _CLOCK.search(text) else []
    named = [w for w in lower if w not in MONTHS and not _YEAR.fullmatch(w)]
    if {*lower} & MONTHS and {*lower} & SPANS:
        found += ["which month"]  # "in the second week of June"
    elif {*lower} & MONTHS and any(_ORDINAL.match(w) for w in named):
        found += ["what date", "which day"]
    elif {*lower} & MONTHS:
        found += ["which month"]
    elif {w.rstrip("s") for w in lower} & DAYS - {"noon", "midnight"}:
        found += ["which day"]
    elif _YEAR.fullmatch(lower[-1]) and len(lower) == 2:
        found += ["which year"]
    return found


def whens(part: Part) -> list[str]:
    """ "when", and what else asks for that very moment: "what time", "which day"."""
    what = when_of(part)
    if what == "by when":
        return [what, "when"]
    times = {*DAYS, "morning", "afternoon", "evening", "night", "weekend"}
    if what == "how often" and part.head in ("every", "each") and part.words[-1].lower() in times:
        return [what, "when"]
    exact = what == "when" and part.head not in ("before", "after", "around", "about")
    return [what, *closer_when(part.words)] if exact else [what] if what else []
