"""Whose something is by the words before it: "my dog", "I have a dog", "my sister has a dog".

Knows neighbouring words; no clauses.
"""

from agent.grammar.words import (
    ADVERBS,
    AUX,
    BE,
    DETERMINERS,
    HAVE,
    LOST,
    NUMBERS,
    OWN,
    PREPOSITIONS,
    STOPS,
    Words,
    has_form,
    is_plural,
    is_word,
    lemma_of,
    may_be_noun,
    name_at,
    verb_lemmas,
)
from agent.topics import PEOPLE

_HAVING = frozenset("have get own keep adopt rescue buy".split())
_LIVING = frozenset(("live with", "work with", "share with", "study with", "train with"))
_BORN = frozenset("baby son daughter boy girl".split())
_CALLED = frozenset(("called", "named"))
_BETWEEN = ADVERBS | {",", "and", "but", "so", "oh", "well"}


def owner_of(tokens: Words, place: int) -> str | None:
    """The words before the noun that say whose it is: "my", "my older", "a" (also mine); None where
    it is somebody else's."""
    words: list[str] = []
    for back in range(place - 1, max(-1, place - 4), -1):
        word = tokens[back].lower()
        if word in OWN:
            return " ".join([word, *words])
        if back == place - 1 and _is_named_owner(tokens, back):
            return tokens[back]  # "Ruth's nephew Tom"
        if word in ("his", "her", "their", "your", "the") or word.endswith("'s"):
            return None
        if word in ("a", "an") or word in NUMBERS:
            who = holder(tokens, back)  # "two cats, Pim and Pom"
            return " ".join([who, *words]) if who else None
        if not is_word(word) or word in DETERMINERS:
            break
        words.insert(0, word)
    return "my"


def _is_named_owner(tokens: Words, place: int) -> bool:
    """ "Ruth's" before a relative; not "my sister Ruth's", of whom kin.py knows."""
    known = {w.lower() for w in tokens[max(0, place - 2) : place]} & {*OWN, *PEOPLE}
    alone = not known and not (place and name_at(tokens, place - 1))
    whose = tokens[place].removesuffix("'s")
    named = whose != tokens[place] and whose.lower() not in PEOPLE and name_at(tokens, place)
    return bool(alone and named and tokens[place + 1].lower() in PEOPLE)


def holder(tokens: Words, place: int) -> str:
    """Whose "a dog" at `place` is, by the verb before it: "my" behind "I have", "my sister's" behind
    "my sister has", else "" ("I met a dog"). Where a sentence begins with it ("A canary called Tosca"),
    mine."""
    start = place
    while start and tokens[start - 1] not in STOPS:
        start -= 1
    before = [k for k in range(start, place) if tokens[k].lower() not in _BETWEEN | _CALLED]
    if not before:
        return "my"
    verb = next((k for k in reversed(before) if _is_verb(tokens, k)), -1)
    word = tokens[verb].lower() if verb >= 0 else ""
    having = bool({word, lemma_of(word)} & _HAVING)
    known = having or " ".join(tokens[verb - 1 : verb + 1]) in _LIVING
    if not known and word == "with":  # "I live in Leeds with two flatmates"
        verb = next((k for k in range(start, verb) if f"{tokens[k]} with" in _LIVING), -1)
        word, known = tokens[verb], verb >= 0
    if not known:
        return ""
    if word == "had" and tokens[place + 1].lower() not in _BORN:
        return ""  # it may be dead by now
    subject = verb - (word == "with")
    while subject > start and tokens[subject - 1].lower() in ADVERBS | AUX:
        subject -= 1
    whose = tokens[start:subject]
    if not whose or whose[-1] in ("I", "We", "we") or whose[-1] in (",", "and", "but"):
        return _shared(tokens, start, subject, verb)
    for size in (2, 3):  # "my sister has", "my sister Ana has"
        role = whose[-size:][:2]
        known = len(role) == 2 and role[0].lower() in OWN and role[1].lower() in PEOPLE
        if known and not is_plural(role) and (size == 2 or name_at(whose, len(whose) - 1)):
            return f"{role[0].lower()} {role[1].lower()}'s"
    return ""


def _shared(tokens: Words, start: int, subject: int, verb: int) -> str:
    """ "my" where it is the user who has it, also by a verb before: "I live here and have"."""
    if has_form(tokens[verb], "VBZ"):
        return ""
    before = tokens[start:subject]
    spoken = [w for w in before if w in ("I", "We", "we")]
    others = {w.lower() for w in before} & (LOST | {"you"})
    close = before and before[-1] in spoken
    if close:
        return "our" if before[-1] in ("We", "we") else "my"
    return "my" if not before or (spoken and not others) else ""


def _is_verb(tokens: Words, place: int) -> bool:
    word = tokens[place].lower()
    if word == "with" or word in HAVE or (lemma_of(word) in _HAVING and verb_lemmas(word)):
        return True
    if word in AUX or word in PREPOSITIONS or name_at(tokens, place):
        return word in BE
    finite = has_form(word, "VBD") or has_form(word, "VBZ") or has_form(word, "VBG")
    behind = tokens[place - 1].lower() in ("i", "we", "and", "to") if place else False
    return (finite and not may_be_noun(word)) or (behind and has_form(word, "VB"))
