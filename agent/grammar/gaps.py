"""What a second half leaves out of what the first one says.

    My brother lives in Leeds and my sister in York  -> ... in Leeds. my sister lives in York
    I have three brothers and one sister             -> ... I have three brothers. I have one sister
    I am selling the car and buying a bike           -> ... the car. I am buying a bike

Knows the words of one sentence.
"""

from itertools import pairwise

from agent.grammar.kinds import KINDS
from agent.grammar.words import (
    BE,
    NUMBERS,
    OWN,
    PREPOSITIONS,
    STOPS,
    Words,
    has_form,
    is_plural,
    is_word,
    lemma_of,
    name_at,
    sentences_of,
)
from agent.topics import PEOPLE, PETS

_LINKS = frozenset("in at to on from for as with".split())
_COUNTS = frozenset("a an one no".split()) | NUMBERS
_PRONOUNS = frozenset("i we he she they".split())
_OF_MANY = {"is": "are", "was": "were"}
_LONGEST = 6  # words of a verb and what stands between it and the place


def filled(tokens: Words) -> Words:
    """Every sentence with its second half in full."""
    said: list[str] = []
    for words, sign in sentences_of(tokens):
        said += (*_going_on(_counted(words) or _gapped(words)), *sign)
    return tuple(said)


def _gapped(words: Words) -> Words:
    """ "my sister in York" with the verb of "my brother lives in Leeds"."""
    if spoken := _languages(words):
        return spoken
    for place, word in enumerate(words):
        second = somebody_at(words, place + 1) if word == "and" else 0
        link = words[place + 1 + second : place + 2 + second]
        if not second or not {*link} & _LINKS:
            continue
        for start in range(place):
            first = somebody_at(words, start)
            begins = start + first
            if not first or (start and words[start - 1] not in (",", "and", "but")):
                continue
            end = next((k for k in range(begins, place) if words[k] == link[0]), 0)
            verb = words[begins:end]
            if 0 < len(verb) <= _LONGEST and all(map(is_word, verb)) and _is_finite(verb):
                whole = words[place + 1 : place + 1 + second]
                if is_plural(whole):  # "my wife is from Spain and my parents from Italy"
                    verb = (_OF_MANY.get(verb[0]) or _bare(verb[0]), *verb[1:])
                return (*words[:place], ".", *whole, *verb, *words[place + 1 + second :])
    return words


def _going_on(words: Words) -> Words:
    """ "I am selling the car and buying a bike": each of them with its "am"."""
    for place in range(3, len(words) - 2):
        if words[place] != "and" or not has_form(words[place + 1], "VBG"):
            continue
        be = next((k for k in range(place - 2, 0, -1) if words[k] in BE), 0)
        begin = next((k + 1 for k in range(be, -1, -1) if words[k] in STOPS), 0)
        subject = words[begin:be]
        known = len(subject) == 1 and subject[0].lower() in _PRONOUNS
        if be and (known or somebody_at(words, begin) == len(subject) > 0):
            if has_form(words[be + 1], "VBG") and not {*STOPS} & {*words[be:place]}:
                rest = _going_on((*subject, words[be], *words[place + 1 :]))
                return (*words[:place], ".", *rest)
    return words


def _languages(words: Words) -> Words:
    """ "I speak Dutch at home, French with my gran and English at work": the verb once more."""
    spoken = [k for k in range(len(words) - 1) if words[k].lower() in KINDS["language"]]
    apart = [k for k in spoken if words[k + 1].lower() in _LINKS]
    if len(apart) < 2 or apart != spoken or {",", "and"} & {*words[: apart[0]]}:
        return ()
    said: list[str] = []
    for start, end in pairwise((*apart, len(words) + 1)):
        said += (*("." for _ in said[:1]), *words[: apart[0]], *words[start : end - 1])
    return tuple(said)


def _bare(verb: str) -> str:
    return lemma_of(verb) if has_form(verb, "VBZ") else verb


def _is_finite(verb: Words) -> bool:
    first = verb[0].lower()
    known = first in ("is", "was") or has_form(first, "VBZ") or has_form(first, "VBD")
    return known and not PREPOSITIONS & {*verb}


def somebody_at(words: Words, place: int) -> int:
    """The length of "my sister Ana", "her husband" or "Ana"; 0 for nobody."""
    if place >= len(words):
        return 0
    if words[place].lower() in OWN | {"his", "her"}:
        role = next((k for k in (1, 2) if {*words[place + k : place + k + 1]} & (PEOPLE | PETS)), 0)
        return role + 1 + len(name_at(words, place + role + 1)) if role else 0
    return len(name_at(words, place))


def _counted(words: Words) -> Words:
    """ "three older brothers and one little sister": each of them had."""
    for place, word in enumerate(words):
        if word != "have" or words[place - 1 : place] not in (("I",), ("we",)) or place > 1:
            continue
        after = words[place + 1 :]
        after = after[: after.index(",")] if "," in after else after  # "and one dog, Canela"
        joint = after.index("and") if "and" in after else 0
        halves = after[:joint], after[joint + 1 :]
        if joint and all(_is_count(half) for half in halves):
            each = [w for half in halves for w in (".", words[place - 1], "have", *half)]
            return (*words[: place + 1], *after, *each, *words[place + 1 + len(after) :])
    return ()


def _is_count(half: Words) -> bool:
    """ "one little sister" and nothing behind it."""
    noun = half[-1].lower() if half else ""
    known = noun in PEOPLE | PETS or noun.removesuffix("s") in PEOPLE | PETS
    counted = len(half) in (2, 3) and (half[0].lower() in _COUNTS or half[0].isdigit())
    return counted and known
