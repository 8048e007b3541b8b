"""Phrases of a noun, to be spoken about: "my old friend Ana", "the smell of the sea", "cold drinks".

Knows neighbouring words; not whether a verb follows.
"""

from collections.abc import Iterator

from lemminflect import getAllLemmas

from agent.grammar.kinds import KINDS
from agent.grammar.words import (
    ADVERBS,
    AUX,
    BREAKS,
    DAYS,
    DETERMINERS,
    LOST,
    NUMBERS,
    PREPOSITIONS,
    Words,
    has_form,
    is_plural,
    is_word,
    may_be_noun,
    name_at,
    verb_lemmas,
)
from agent.topics import PEOPLE

_NO_SUBJECTS = LOST | frozenset(
    "ours mine yours thanks yes no ok hello hi hey please sorry wow oh i we you something someone "
    "somebody nobody everyone everybody everything nothing anybody anything".split()
)
_BEGIN_OTHERS = ADVERBS | AUX | PREPOSITIONS | DETERMINERS | BREAKS | _NO_SUBJECTS
_JOINS = frozenset("and or i we you whose".split())
_SAYS = frozenset("says said thinks thought claims believes".split())
_NOUN_LINKS = frozenset("of with for in at on from about to".split())


def noun_phrases(tokens: Words, place: int) -> Iterator[tuple[Words, int]]:
    """ "my old friend", "my old friend Ana": of two to four words, and with the name behind them."""
    first = tokens[place].lower() if tokens[place].lower() in DETERMINERS else tokens[place]
    for size in (2, 3, 4):
        words = tokens[place : place + size]
        if len(words) < size or not all(map(is_word, words)):
            return
        inner = {w.lower() for w in words[1:]}
        if words[-1].endswith("'s"):
            continue
        if _is_saying(words):
            return
        small = AUX | PREPOSITIONS | LOST | _JOINS | BREAKS
        if may_be_noun(words[-1]) and words[-1].lower() not in NUMBERS and not inner & small:
            yield (first, *words[1:]), place + size
            says = words[-2].lower() in PEOPLE and has_form(
                words[-1], "VBZ"
            )  # "my mum says Leo sings"
            if (name := name_at(tokens, place + size)) and not says:
                yield (first, *words[1:], *name), place + size + len(name)
            yield from _longer(tokens, (first, *words[1:]), place + size)


def _is_saying(words: Words) -> bool:
    """ "the vet says", "my dad cooks", "my sister married": a verb has begun."""
    last, role = words[-1].lower(), words[-2].lower() in PEOPLE and words[-1].lower() not in PEOPLE
    if len(words) < 3 or not words[-1].islower():
        return False
    past = has_form(last, "VBD") and "NOUN" not in getAllLemmas(last)
    return last in _SAYS or (role and (past or has_form(last, "VBZ")))


def _longer(tokens: Words, words: Words, place: int) -> Iterator[tuple[Words, int]]:
    """ "my appointment with Dr Amsel", "the smell of the sea"."""
    link = tokens[place].lower() if place < len(tokens) else ""
    if link not in _NOUN_LINKS:
        return
    if name := name_at(tokens, place + 1):
        yield (*words, link, *name), place + 1 + len(name)
    for size in (1, 2, 3):
        inner = tokens[place + 1 : place + 1 + size]
        small = {w.lower() for w in inner[1:]} & (AUX | PREPOSITIONS | DETERMINERS)
        if len(inner) == size and all(map(is_word, inner)) and not small:
            if may_be_noun(inner[-1]) and inner[-1].lower() not in PREPOSITIONS | DETERMINERS:
                yield (*words, link, *inner), place + 1 + size


def things(tokens: Words, place: int) -> Iterator[tuple[Words, int]]:
    """Things that a sentence begins with: "Cold drinks", "25 people", "Wool", "Career day"."""
    if tokens[place + 1 : place + 3] in (("is", "my"), ("was", "my")) and is_word(tokens[place]):
        yield (tokens[place],), place + 1  # "Hazel is my niece": a name that is a word as well
    for size in (3, 2, 1):
        words = tokens[place : place + size]
        if len(words) < size or not all(map(is_word, words)):
            continue
        inner = {w.lower() for w in words}
        last = words[-1].lower()
        noun = (
            last.isalpha()
            and may_be_noun(last)
            and (not verb_lemmas(last) or (size > 1 and last in KINDS["named"] | {"evening"}))
            and last not in ADVERBS | DAYS | BREAKS
        )
        whole = all(w.islower() and not has_form(w, "VBZ") for w in words[1:-1])
        whole = whole and (size == 1 or words[-1].islower()) and last not in NUMBERS
        if whole and (is_plural(words) or noun) and not inner & _BEGIN_OTHERS:
            alone = size == 1 and not is_plural(words)  # maybe a name: "Nan loves horses"
            yield words if alone else (words[0].lower(), *words[1:]), place + size
