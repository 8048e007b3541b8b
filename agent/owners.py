"""Whose is what a statement tells: a small writer makes the user's own what others have and do.

Rules of thumb for English. Knows texts alone.
"""

import re
from collections.abc import Sequence

from agent.grammar.words import DAYS, MONTHS, lemma_of
from agent.text import CAPITAL, SMALL, words
from agent.topics import PEOPLE, PETS

_ANOTHERS = re.compile(  # what stands before a noun that is not the user's, or no noun at all
    r"\b(?:her|his|their|your|[\w-]+['’]s)(?: \w+)?$"
    r"|\b(?:is|was|are|were|as|be|become|became|i['’]m) an?(?: \w+)?$"
    r"|\b(?:i|we|you|he|she|they|to|can|will|would|must)$",
    re.IGNORECASE,
)
_THEIRS = re.compile(r"\b(?:her|his|their|[\w-]+['’]s)$", re.IGNORECASE)
_OWN = re.compile(r"\b(?:my|our)(?: [\w-]+){0,2}$", re.IGNORECASE)
_DETERMINED = re.compile(r"\b(?:my|our|her|his|their|the|an?)$", re.IGNORECASE)
_HOLDS_MONEY = re.compile(
    r"\bYou (?:have|own|get) (?:an? )?\d[\d,.]* ?(?:euros?|pounds?|dollars?|quid|francs?|€|£|\$)",
    re.IGNORECASE,
)
_HOLDING = re.compile(
    r"\b(?:have|has|had|got|get|own|saved?|won|left|pays? me|earn)\b", re.IGNORECASE
)
_BEING = re.compile(r"You (?:are|will be|want to be(?:come)?) an? (?:\w+ )?(\w+)\.?$")
_AGED = re.compile(r"\bis ([\w-]+) years old\b")
_NO_MEASURE = re.compile(r"\bis an? \d|\bfor (?:19|20)\d\d\b")
_JOINED = re.compile(rf"\b(with|for|by|than) (?:your (?:[\w-]+ ){{1,2}})?({CAPITAL}[\w-]+)")
_IS_A = re.compile(r"\b(?:is|are) an? (?:[\w-]+ )?([a-z-]+)\.?$")
_I_DO_NOT = re.compile(
    r"\b(?:i|we)(?: really| just)? (?:do not|don['’]?t|did not|didn['’]?t|never|no longer|cannot|"
    r"can['’]?t|won['’]?t|will not)(?: really| even| ever)? ([a-z]+)\b",
    re.IGNORECASE,
)
_WORD = re.compile(r"[a-z]+")
_TWICE = re.compile(
    r"\b(?:the|your|an?) ([a-z]+) (?:on|in|at|with|for|from|to|by) (?:the|your|an?) \1\b"
)
_CLAUSES = re.compile(r"[.!?;:,\n]+|\b(?:and|but|so|because|when|while)\b", re.IGNORECASE)
_MY = re.compile(
    r"\s*(?:(?:and|but|so|also|then) )?(?:my|our) ([\w-]+)(?! in[ -]law)", re.IGNORECASE
)
_MYSELF = re.compile(r"\b(?:i|me|we|us|i['’]?m|i['’]?ve|myself)\b", re.IGNORECASE)
_NAME = re.compile(rf"(?:\b[Yy]our [\w-]+ |^(?!Your?\b|Yes\b|No\b))({CAPITAL}[\w-]+)")  # of them
_POINTS_BACK = re.compile(r"\b(?:he|she|it|they|his|her|its|their)\b", re.IGNORECASE)
_SENTENCES = re.compile(r"[.!?\n]+")
_FIRST_PERSON = re.compile(r"\b(?:i|me|my|mine|we|us|our|im|ive)\b", re.IGNORECASE)
_SPEAKER = re.compile(r"\b(?:i|me|we|us|im|ive|mine)\b", re.IGNORECASE)
_THIRD_PERSON = re.compile(
    r"\s*(?:(?i:today|yesterday|tomorrow|now|then|this morning|last night),? )?"
    r"(?:(?i:an?|the|her|his|their|he|she|it|they|everyone|somebody|someone)\b"
    rf"|{CAPITAL}{SMALL}+ [a-z]+s\b)"
)


def taken_over(statement: str, said: str) -> bool:
    """Whether it turns what was said into the user's own ("her daughter Mina", "Gareth is a chef":
    "your daughter", "your chef"), a noun into what they do or the reverse ("I tune pianos": "your
    tune"), what another does into what they do, an amount into money they have, what is told of
    one of theirs into another's, or what is denied, past or told of a name otherwise into what is so."""
    if any(
        _told_of_another_of_theirs(statement, ends.split(said)) for ends in (_SENTENCES, _CLAUSES)
    ):
        return True
    for owner, noun in re.findall(r"\b([Yy]our|the) ([\w-]+)", statement):
        before = _before(noun, said)
        anothers = _THEIRS if owner == "the" else _ANOTHERS
        if before and not any(map(_OWN.search, before)) and all(map(anothers.search, before)):
            return True
    if any(wrong(statement, said) for wrong in _MISREAD):
        return True
    if (being := _BEING.match(statement)) and _said_of_others(being[1], said):
        return True
    if (verb := re.match(r"You ([a-z]+)\b", statement)) and verb[1] != "work":
        before = _before(verb[1], said)
        if before and all(map(_DETERMINED.search, before)):
            return True
        if verb[1] not in ("are", "have") and _told_of_another(statement, _CLAUSES.split(said)):
            return True
        if verb[1] != "have" and _told_of_another(statement, _SENTENCES.split(said)):
            return True
    if _HOLDS_MONEY.search(statement) and not _HOLDING.search(said):
        return True
    return bool(_NO_MEASURE.search(statement))


def _years_apart(statement: str, said: str) -> bool:
    """Whether a span is taken for an age: "Tom is three years old" of "three years since I saw Tom"."""
    if not (match := _AGED.search(statement)):
        return False
    span = rf"\b{match[1]} years (?:since|ago|now|later|in|at|with)\b"
    return bool(re.search(span, said, re.IGNORECASE))


def _joined_otherwise(statement: str, said: str) -> bool:
    """Whether it joins something to a name by a small word that does not join them in what was said: "more
    than Helena" of a pay rise that Helena gave."""
    return any(
        re.search(rf"\b{name}\b", said, re.IGNORECASE)
        and not re.search(rf"\b{link} (?:[\w'’-]+,? ){{0,4}}{name}\b", said, re.IGNORECASE)
        for link, name in _JOINED.findall(statement)
        if name.lower() not in MONTHS | DAYS
    )


def _used_to_be(statement: str, said: str) -> bool:
    """Whether it says that somebody is what they used to be."""
    if not (being := _IS_A.search(statement)):
        return False
    homes = len(re.findall(rf"\b{being[1]}\b", said, re.IGNORECASE))
    past = rf"\bused to be (?:an? )?(?:[\w-]+ )?{being[1]}\b"
    return 0 < homes == len(re.findall(past, said, re.IGNORECASE))


def _denied(statement: str, said: str) -> bool:
    """Whether it says that the user does what they only said they do not do: "I don't drive any more"."""
    verb = re.match(r"You ([a-z]+)\b(?!.*\b(?:not?|never|only)\b|.*n['’]t\b)", statement)
    if not verb or verb[1] in ("are", "have", "do", "can", "will", "were", "had", "did", "could"):
        return False
    told = words(statement) - words(f"{verb[1]} now still")
    homes = [h for h in _WORD.findall(said) if lemma_of(h) == lemma_of(verb[1])]
    nots = [
        part
        for part in _SENTENCES.split(said)
        for n in _I_DO_NOT.findall(part)
        if lemma_of(n) == lemma_of(verb[1]) and told <= words(part)
    ]
    return 0 < len(homes) == len(nots)


def _same_twice(statement: str, said: str) -> bool:
    """Whether it says one thing of itself: "You put the bookcase on the bookcase"."""
    return bool(_TWICE.search(statement))


def _said_of_others(noun: str, said: str) -> bool:
    """Whether "a pilot" is spoken of only where a third person is: "says she will be a pilot"."""
    homes = [p for p in _SENTENCES.split(said) if re.search(rf"\b{re.escape(noun)}\b", p)]
    return bool(homes) and all(
        re.search(r"\b(?:he|she|they)\b", part, re.IGNORECASE) and not _FIRST_PERSON.search(part)
        for part in homes
    )


_MISREAD = (_years_apart, _joined_otherwise, _used_to_be, _denied, _same_twice)


def _before(word: str, said: str) -> list[str]:
    """What stands before each occurrence of a word."""
    found = re.finditer(rf"\b{re.escape(word)}\b", said, re.IGNORECASE)
    return [said[: each.start()].rstrip() for each in found]


def _told_of_another_of_theirs(statement: str, parts: Sequence[str]) -> bool:
    """Whether all parts that tell what "you" or "your dog" have or do speak of "my sister" instead."""
    whose = words(statement) & (PEOPLE | PETS)
    if not whose and not statement.startswith("You "):
        return False
    names = words(" ".join(_NAME.findall(statement)))
    told = words(statement) - whose - names
    homes = [part for part in parts if told and told <= words(part)]
    away = _POINTS_BACK if whose else _MYSELF
    return bool(homes) and all(
        (of := _MY.match(part))
        and of[1].lower() in PEOPLE | PETS
        and not (whose | names) & words(part)
        and not away.search(part)
        for part in homes
    )


def _told_of_another(statement: str, parts: Sequence[str]) -> bool:
    """Whether the part that says it speaks of a third person or thing, and not of the user."""
    told = words(statement)
    part = max(parts, key=lambda part: len(told & words(part)))
    return (
        len(told & words(part)) > 0.6 * len(told)
        and not _SPEAKER.search(part)
        and bool(_THIRD_PERSON.match(part))
    )
