"""What two short texts have in common: content words, keys of an answer, admissions; counts in words,
the letters of names.

English rules of thumb in one place; the named rules that measuring and filtering rest on.
"""

import re

STOP_WORDS = frozenset(
    """
    a an the my mine i me is are was were am do did does done what which who whom whose when
    where why how many much you your yours to of in on at for from with and or but have has
    had be been being it its that this these those there here about can could would should
    will shall may might tell told remember know knew say said mention mentioned call called
    name named we us our by so they them their he she his her him than not no nor if as any
    some into out up off over under go goes going went get gets got i'm i've i'd i'll it's
    you're you've don't didn't doesn't isn't wasn't can't that's what's who's where's please
    hey ok okay just also too very really
    """.split()
)
# Of names, for patterns: Émile, Øystein and Łucja are names as Anna is. One letter of them each.
_LETTERS = [*map(chr, [*range(0x530), *range(0x1E00, 0x1F00)])]  # Latin, Greek and Cyrillic
CAPITALS = "".join(letter for letter in _LETTERS if letter.isupper())  # in a class
CAPITAL = f"[{CAPITALS}]"
SMALL = f"[{''.join(letter for letter in _LETTERS if letter.islower())}]"
WORD = re.compile(r"\d+(?:[.,:]\d+)*|[^\W\d_]+(?:['’-][^\W\d_]+)*")

ADMISSION = re.compile(
    r"\b(?:(?:have|has|had)(?:n['’]t| not| never)|did(?:n['’]t| not)|never|not|hasn['’]t been) "
    r"(?:yet |ever |actually )*(?:told|tell|said|say|mention|mentioned|been told|shared?|given|"
    r"give|talked|spoken|speak|come up|let me know)\b"
    r"|\b(?:do(?:n['’]t| not)|can(?:['’]t|not)|could(?:n['’]t| not)) (?:yet |actually |really )*"
    r"(?:know|say|tell|recall|remember)\b|\bno idea\b|\bnot sure\b",
    re.IGNORECASE,
)
_ENDED = re.compile(
    r"\b(?:no longer|any ?more|any longer|stopped|quit|gave up|given up|broke up|broken up|split up"
    r"|gone off|went off)\b",
    re.IGNORECASE,
)


def is_broken(text: str) -> bool:
    """Whether it holds half of a character, as of a text that was cut inside an emoji."""
    return any("\ud800" <= letter <= "\udfff" for letter in text)


def words(text: str) -> set[str]:
    """Content words: lower case, without a plural's or possessive's s."""
    return {_stem(w) for w in WORD.findall(text.replace("’", "'")) if w.lower() not in STOP_WORDS}


def _stem(word: str) -> str:
    word = word.lower().removesuffix("'s")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def keys(question: str, answer: str) -> set[str]:
    """The words that make the answer an answer: its content words that the question lacks.

    Without such a word ("Do I drive?" "No, you don't drive.") all its content words.
    """
    own = words(answer)
    return own - words(question) or own


def admits(answer: str) -> bool:
    """Whether an answer says that it was not told or does not know. The one rule by which
    `abstain` probes count."""
    return bool(ADMISSION.search(answer))


def has_ended(text: str) -> bool:
    """Whether a text says that something is over ("You no longer like jazz.")."""
    return bool(_ENDED.search(text))


def overlap(first: set[str], second: set[str]) -> float:
    """Jaccard's index; 0 for two empty sets."""
    return len(first & second) / len(first | second) if first or second else 0.0


def agrees(question: str, expected: str, answer: str) -> bool:
    """Whether `answer` brings what `expected` does: most of its keys, and every number among
    them; an admission agrees only with an admission, what is over only with what is over."""
    if admits(expected) or admits(answer):
        return admits(expected) and admits(answer)
    if has_ended(expected) != has_ended(answer):
        return False
    wanted, given = keys(question, expected), words(answer)
    if not wanted:  # nothing but small words, such as "No."
        return {*WORD.findall(expected.lower())} <= {*WORD.findall(answer.lower())}
    if any(word[0].isdigit() for word in wanted):
        wanted -= {"year", "old"}  # "She is 16" says what "She is 16 years old" does
    return most_of(wanted, given)


def most_of(wanted: set[str], given: set[str]) -> bool:
    """Whether all numbers and most other words that are wanted are given."""
    numbers = {word for word in wanted if word[0].isdigit()}
    return numbers <= given and len(wanted & given) >= 0.6 * len(wanted)


def many(count: int, noun: str) -> str:
    """1 message, 2 messages."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"
