"""Slips of the tongue that a message mends itself, read as they were meant.

    his birthday is the 29th of March, no wait, the 30th   -> his birthday is the 30th of March
    we've choir on Mondays, sorry, Tuesdays                -> we've choir on Tuesdays
    It's at six. No wait, half six.                        -> It's at half six.
    I bought a boat. | Sold it again.                      -> I bought a boat, sold it again.
    I think I broke my toe. | False alarm!                 -> I thought I broke my toe.

Only where what is put right is of the same kind as what it replaces. Knows one text, or two.
"""

import re

from agent.grammar.words import NUMBERS
from agent.text import CAPITAL

_MONTH = (
    "(?:january|february|march|april|may|june|july|august|september|october|november|december|jan|feb|"
    "mar|apr|jun|jul|aug|sept?|oct|nov|dec)"
)
_NUMBER = (
    rf"(?:[£$€]?\d[\d.,:]*\d|[£$€]?\d|(?:{'|'.join(NUMBERS)})(?:[ -](?:{'|'.join(NUMBERS)}))*)"
)
_KINDS = (  # what may be put right, the surest first
    ("date", rf"(?:the )?\d{{1,2}}(?:st|nd|rd|th)(?: (?:of )?{_MONTH})?|{_MONTH} \d{{1,2}}\b"
             rf"|\d{{1,2}} (?:of )?{_MONTH}\b"),
    ("day", r"(?:next |this |last )?(?:mon|tues|wednes|thurs|fri|satur|sun)days?\b|(?:tomorrow|today)\b"),
    ("month", rf"{_MONTH}\b"),
    ("number", rf"(?:(?:half|quarter)(?: past| to)? )?{_NUMBER}(?: ?[ap]m\b)?"
               r"(?: (?:euros?|pounds?|quid|dollars?|kroner|minutes|hours|days|weeks|months|years)\b)?"),
    ("mine", r"(?:my|our|his|her|their) [^,.;!?]+"),
    ("name", rf"(?-i:{CAPITAL}[\w'’-]+)"),
)  # fmt: skip
PUT_RIGHT = (
    r"(?:(?:oh|er|uh|um|ah|ehm?),? )?(?:no,? wait|wait,? no|wait|no,? sorry|sorry,? no|"
    r"sorry,? i meant|sorry|oops|scratch that|correction|make that|i meant|i mean|or rather|"
    r"(?P<no>no))\b\s*(?:[,:–—-]|\.\.\.)?\s+(?:it['’]?s |that['’]?s )?"
)
_SLIP = rf"(?:\s*(?:,|\.\.\.|…|[-–—]|(?P<stop>[.!]))\s*){PUT_RIGHT}"
_MENDED = [
    (kind, re.compile(rf"{_SLIP}(?:(?:on|at|in) )?(?P<right>{shape})(?=\W|$)", re.IGNORECASE))
    for kind, shape in _KINDS
]
_SAID = {kind: re.compile(rf"(?<![\w.,]){shape}", re.IGNORECASE) for kind, shape in _KINDS}
_ALONE = [
    re.compile(rf"{PUT_RIGHT}(?:(?:on|at|in) )?{shape}\W*", re.IGNORECASE) for _, shape in _KINDS
]
_ITS_MONTH = re.compile(rf" (?:of )?{_MONTH}$", re.IGNORECASE)
JOURNEYS = frozenset("it that this trip holiday vacation journey flight visit plan".split())
_TAKEN_BACK = (  # what takes back the sentence before it: "Sold it again", "He cancelled", "It's off"
    re.compile(
        r"(?:(?:i|we)(?: have|['’]ve)? )?(?:had to )?(?:just |already )?(?:(?:sold|returned|cancell?ed) "
        r"(?:it|them)|(?:gave|give|sent|took|take|brought) (?:it|them|him|her) (?:back|away))\b.*",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:he|she|they)(?: has| have|['’]s|['’]ve)? (?:just )?(?:cancell?ed|called it off)"
        r"(?: (?:it|on (?:me|us)|again|today|last minute))*\W*",
        re.IGNORECASE,
    ),
    re.compile(
        r"(?:(?:the|my|our) (?:[\w-]+ )??)?(?P<what>[a-z]+)(?: is|['’]s| was| got| has been)(?: now)? "
        r"(?:off|cancell?ed|called off)(?: (?:now|again|after all))*(?:\W*|,.*)",
        re.IGNORECASE,
    ),
)
_NOT_SO = re.compile(  # what one thought was so
    r"(?:phew|luckily|ok|so|well|and|but|good news)?\W*(?:false alarm\b|"
    r"(?:turns out|luckily|(?:the )?(?:x-?ray|doctor|dr|vet|gp|nurse|dentist|scan|test)s?\b).*"
    r"\b(?:only|just|not|nothing|fine|negative|clear)\b)|"
    r".*\b(?:is|was|are)n['’]t (?:broken|pregnant|covid|cancer)\b",
    re.IGNORECASE,
)
_I_THINK = re.compile(r"\bI think\b(?=[^.!?]*\W*$)", re.IGNORECASE)
_BOUNDS = re.compile(r"[.!?;]\s")


def repaired(text: str) -> str:
    """The text with what it takes back at once left out, and what it means in its place."""
    for kind, shape in _MENDED:
        for match in reversed([*shape.finditer(text)]):
            text = _mended(text, match, kind)
    return _joined(text)


def _joined(text: str) -> str:
    """A sentence that takes back the one before it, behind a comma: "I bought a boat, sold it again." """
    said = ""
    for part in re.split(r"(?<=[.!?])(?=\s)", text):
        if said and _takes_back(said, part.strip()):
            said = f"{said.rstrip(' .!')}, {part.strip()[:1].lower()}{part.strip()[1:]}"
        else:
            said += part
    return said


def with_slip(before: str, text: str) -> str:
    """The message before, as the first sentence of this one mends it: "My son is 6." "Oops, 7." """
    first = re.split(r"(?<=[.!?])\s", text)[0]
    if _takes_back(before, first):
        return (
            f"{before.rstrip(' .!')}, {first[:1].lower()}{first[1:].split(',')[0].rstrip(' .!')}."
        )
    if _NOT_SO.match(first):
        return _I_THINK.sub("I thought", before)
    slips = filter(None, (shape.fullmatch(first) for shape in _ALONE))
    if all(slip["no"] for slip in slips):  # "No, five." may answer what was asked meanwhile
        return before
    both = f"{before.rstrip(' .!')}, {first[:1].lower()}{first[1:]}"
    return mended if (mended := repaired(both)) != both else before


def _takes_back(before: str, first: str) -> bool:
    """Whether a sentence takes back what the message before it says last, or calls it off."""
    bare = re.sub(r"^(?:(?:but|and|well|so|update|sadly|ugh|ok)\b[,:]? )*", "", first, flags=re.I)
    match = next(filter(None, (shape.fullmatch(bare) for shape in _TAKEN_BACK)), None)
    if not match or before.rstrip()[-1:] == "?":
        return False
    what = (match.groupdict().get("what") or "it").lower()
    return what in JOURNEYS or what in _BOUNDS.split(before)[-1].lower()


def _mended(text: str, match: re.Match[str], kind: str) -> str:
    if match["stop"] and re.match(r"\s*[^\s.!?,;]", text[match.end() :]):
        return text  # "Sorry, Anna is calling": a sentence of its own
    if match["no"] and kind not in ("date", "day", "number"):
        return text
    begins = max((m.end() for m in _BOUNDS.finditer(text, 0, match.start())), default=0)
    first = begins + (kind == "name")  # any word may be capitalised there
    slips = [*_SAID[kind].finditer(text, first, match.start())]
    if not slips:
        return text
    slip, right = slips[-1], match["right"]
    if kind == "mine" and slip[0].split()[0].lower() != right.split()[0].lower():
        return text
    month = _ITS_MONTH.search(slip[0])
    if kind == "date" and month and not re.search(_MONTH, right, re.IGNORECASE):
        right += month[0]
    rest = text[slip.end() : match.start()]
    return text[: slip.start()] + right + rest + text[match.end() :]
