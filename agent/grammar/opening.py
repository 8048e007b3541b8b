"""Small words before what a sentence says: "plus", "oh and", "haha yes", "happy stuff:".

    "plus dentist this thursday"  -> dentist this thursday
    "good news: I got the job"    -> I got the job

Only where they can hardly be part of it: "plus 20 degrees", "well done", "so am I" stay as they are.
Knows neighbouring words.
"""

from agent.grammar.words import (
    AUX,
    DETERMINERS,
    LOST,
    SPEAKERS,
    Words,
    has_form,
    is_name,
    sentences_of,
)

_ALWAYS = frozenset(
    "plus anyway anyways anyhow also oh ah aha yeah yep yup yes hey hi hello ok okay alright hmm hm mm "
    "eh wow yay sigh argh gosh damn besides btw ugh haha and but meh whew phew sooo soo nope".split()
)
_BEFORE_SUBJECTS = frozenset(
    "well so then right no look listen now first lastly basically honestly actually".split()
)
_PHRASES = (
    "you know", "guess what", "turns out", "mind you", "in other news", "first of all", "oh well",
    "to be honest", "and yes", "good news", "bad news", "fun fact", "long story short", "thing is",
    "the thing is", "on top of that", "speaking of which", "what else", "let me see", "and yeah",
)  # fmt: skip
_SPLIT = tuple(tuple(phrase.split()) for phrase in _PHRASES)
_HEADS = frozenset("stuff news fact update thing note bit part story ps".split())
_LONGEST_HEAD = 4  # words before a colon


def all_opened(tokens: Words) -> Words:
    """Every sentence without them, questions as they are."""
    said: list[str] = []
    for words, sign in sentences_of(tokens):
        said += (*(words if sign == ("?",) else opened(words)), *sign)
    return tuple(said)


def opened(words: Words) -> Words:
    """The words of a sentence without the small ones that it begins with."""
    while words:
        size = _heading(words) or _small(words)
        if not size or words[size : size + 1] and words[size].lower() in AUX:
            break
        words = words[size:]
    return words


def _heading(words: Words) -> int:
    """The length of "happy stuff :"."""
    head = words[:_LONGEST_HEAD]
    end = head.index(":") if ":" in head else 0
    return end + 1 if end and words[end - 1].lower() in _HEADS else 0


def _small(words: Words) -> int:
    lower = tuple(w.lower() for w in words[:4])
    if lower[0] in (",", "-", "–", "—", ":"):
        return 1
    for phrase in _SPLIT:
        if lower[: len(phrase)] == phrase:
            return len(phrase)
    after = lower[1] if len(lower) > 1 else ""
    if lower[0] in _ALWAYS:
        return 0 if after[:1].isdigit() or after in ("size", "one") else 1
    if lower[0] in ("just", "finally") and after and has_form(after, "VBD"):
        return 1  # "Just adopted a kitten"
    subject = words[1:2] in SPEAKERS or after in LOST | DETERMINERS - {"no", "any"}
    told = after in (",", *_ALWAYS) or subject or (after and is_name(words, 1))
    return int(lower[0] in _BEFORE_SUBJECTS and bool(told))
