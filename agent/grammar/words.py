"""Words of plain English talk: closed lists, forms of verbs, what may be a name.

The forms come from lemminflect's dictionary; careless spelling is written out first (spelling.py).
Knows single words and their neighbours; no clauses.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from lemminflect import getAllLemmas, getInflection

from agent.grammar.jobs import JOB_WORDS
from agent.grammar.spelling import spelt_out
from agent.topics import PEOPLE, PETS

Words = tuple[str, ...]

SPEAKERS = (("I",), ("we",))  # subjects
STOPS = (".", "!", "?", ";")
CLOSED = (*STOPS, ",", "and", "but", "so", "because", "-")  # what ends a piece of a sentence
BE = frozenset("am is are was were".split())
HAVE = frozenset("have has had".split())
DO = frozenset("do does did".split())
MODAL = frozenset("will would can could should must might may shall".split())
AUX = BE | HAVE | DO | MODAL
OWN = frozenset("my our".split())
LOST = frozenset(
    "it they them this that there he she him her his their these those hers theirs".split()
)
DETERMINERS = OWN | frozenset(
    "his her their its the a an this that these those some any no".split()
)
PREPOSITIONS = frozenset(
    "in at on to from with for near by about into onto behind opposite under over after before during "
    "since until till as of through across against without around between next inside outside "
    "towards like than off per beside besides beyond along above below among despite".split()
)
BREAKS = frozenset(
    ', . ! ? ; : - – — " ) ( because but so which who whom that where when while although though if '
    "then unless whether or yet including".split()
)
ADVERBS = frozenset(
    "also just only still always never often usually really now currently actually already mostly "
    "sometimes even both finally recently once probably definitely mainly soon almost nearly "
    "quite so very too secretly simply officially basically originally still".split()
)
MONTHS = frozenset(
    "january february march april may june july august september october november december".split()
)
DAYS = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday mondays tuesdays wednesdays thursdays "
    "fridays saturdays sundays today tomorrow yesterday tonight noon midnight christmas easter "
    "halloween".split()
)
NUMBERS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety "
    "hundred thousand half dozen".split()
)
TITLES = frozenset(
    "Mr Mrs Ms Dr Doctor Prof Professor Frau Herr Pastor Father Sister Brother Sir Captain Old Miss "
    "Mevrouw Mister Pan Pani Don Doña Monsieur Madame Señora Signora Baba Mama Judge Coach St "
    "Saint".split()
)
_MODERN = frozenset(
    "bar pub cafe café cafes euros euro wifi covid airbnb smartphone vegan gluten rehab "
    "kebab cop cops broadband oldest youngest commute tote".split()
)
_MANY = frozenset("in-laws they children people men women twins parents kids grandchildren".split())
_NO_NAME = frozenset("I Ok Okay Oh Hi Hey Hello Yes No Well Thanks Good And But So Then The My Our It "
                     "Sorry Oops Wait Wrong He She We They You This That There Also Now "
                     "Just".split())  # fmt: skip


_DAY_NAMES = frozenset(f"{day}day{s}" for day in ("mon", "tues", "wednes", "thurs", "fri", "satur", "sun")
                       for s in ("", "s"))  # fmt: skip
GIVEN = frozenset(  # first names that are words as well
    "faith grace hope joy rose lily ruby iris hazel olive ivy daisy violet jade amber pearl dawn robin "
    "jay rob bill mark frank jack pat peter nick grant mason drew dean glen heath ray rex gene bob sue "
    "penny carol holly heather jasmine rosemary basil tom harry victor marina melody felicity prudence "
    "mercy verity ken kit miles dot viola wren martin warren wade myrtle poppy sally sandy jimmy bobby "
    "billy mickey earl hector homer mike randy rod will nan pip".split()
)
_OF_ONE = frozenset(
    "is has was wants lives works goes likes loves hates plays studies does needs".split()
)
_BEFORE_MONTH = frozenset("in of since until till by last next this for during early late".split())


def tokens_of(text: str) -> Words:
    """The words and signs of a text, careless spelling and contractions written out."""
    text = text.replace("’", "'")
    typed = re.sub(r"\([^)]*\)", "", text)  # without dates that were written out
    casual = typed == typed.lower()
    found = spelt_out(text)
    if casual:  # nothing is capitalised here: a word that no dictionary has is likely a name
        found = [
            w.capitalize() if len(w) > 3 and w.isalpha() and not is_known(w) else w for w in found
        ]
    return tuple(_dated([*_placed(found)]))


def _placed(words: Sequence[str]) -> Iterator[str]:
    """A word that no dictionary has is a place's name behind "to" or "in", however typed."""
    for before, word in zip(("", *words), words, strict=False):
        name = before in ("to", "in", "near") and word.isalpha() and len(word) > 3
        yield word.capitalize() if name and word.islower() and not is_known(word) else word


def _dated(words: Sequence[str]) -> Iterator[str]:
    """The words with days and months written as names, "may" and "march" where they are months."""
    for before, word in zip(("", *words), words, strict=False):
        sure = (
            word not in ("may", "march") or before.lower() in _BEFORE_MONTH or before[:1].isdigit()
        )
        yield word.capitalize() if word in MONTHS | _DAY_NAMES and sure else word


_SMALL = frozenset("every upon toward versus yeah nope hiya".split())


@cache
def verb_lemmas(word: str) -> Words:
    return tuple(getAllLemmas(word.lower(), upos="VERB").get("VERB", ()))


def lemma_of(word: str) -> str:
    found = verb_lemmas(word)
    return found[0] if found else word.lower()


@cache
def has_form(word: str, tag: str) -> bool:
    """Whether the word is that form of a verb (Penn Treebank tags)."""
    word = word.lower()
    if tag in ("VBD", "VBN") and word.endswith("ed") and verb_lemmas(word):
        return True  # "knitted" beside "knit"
    return any(word in getInflection(lemma, tag) for lemma in verb_lemmas(word))


@cache
def is_known(word: str) -> bool:
    """Whether the dictionary has the word; one that it lacks is likely a name."""
    small = word.lower() in NUMBERS | PREPOSITIONS | BREAKS | PEOPLE | PETS | _SMALL
    return small or word.lower() in _MODERN | JOB_WORDS or bool(getAllLemmas(word.lower()))


@cache
def may_be_noun(word: str) -> bool:
    listed = (
        word.lower() in PEOPLE | PETS | _MODERN | JOB_WORDS
    )  # "vet" is a verb alone in the dictionary
    return listed or word[0].isupper() or "NOUN" in getAllLemmas(word.lower()) or not is_known(word)


def is_word(token: str) -> bool:
    return token[0].isalnum() or token[0] in "£$€"


@cache
def is_plural(words: Words) -> bool:
    """Several: "my twins", "25 people"; not "my boss"."""
    last = words[-1].lower()
    if words[:2] == ("one", "of"):
        return False
    if last in _MANY or (last.endswith("s") and last[:-1] in PEOPLE | PETS):
        return True
    nouns = getAllLemmas(last, upos="NOUN").get("NOUN", ())
    return last.endswith("s") and last == words[-1] and bool(nouns) and last not in nouns


def is_name(words: Sequence[str], place: int) -> bool:
    """Capitalised, and not just because a sentence begins."""
    word = words[place]
    if not word[0].isalpha() or word in _NO_NAME or word.lower() in MONTHS | DAYS | DETERMINERS:
        return False
    first = place == 0 or words[place - 1] in STOPS
    return word[0].isupper() and (not first or not is_known(word) or _begins_name(words, place))


def _begins_name(words: Sequence[str], place: int) -> bool:
    """Whether a sentence begins with a name of known words: "Doctor Lund", "Paws Inn", "Faith wants"."""
    word, after = words[place].lower(), words[place + 1 : place + 2]
    if word in GIVEN and after and (after[0] in _OF_ONE or has_form(after[0], "VBD")):
        return True
    if not after or not after[0][0].isupper() or after[0] in _NO_NAME:
        return False
    if after[0].lower() in MONTHS | DAYS or word in PEOPLE | PETS | ADVERBS | AUX | PREPOSITIONS:
        return words[place] in TITLES
    noun = "NOUN" in getAllLemmas(word) and word not in BREAKS | NUMBERS
    return words[place] in TITLES or (noun and not has_form(word, "VBD"))


def name_at(words: Sequence[str], place: int) -> Words:
    """The name that begins at `place`, of at most three words, a "&" apart, or nothing."""
    end = place
    while end < len(words) and end - place < 3 and is_name(words, end):
        both = words[end + 1 : end + 2] == ("&",) and end + 2 < len(words)
        end += 3 if both and is_name(words, end + 2) else 1  # "Salt & Rum"
    return tuple(words[place:end])


def has_name(words: Sequence[str]) -> bool:
    """Whether a phrase begins with a name."""
    return bool(name_at((",", *words), 1))


def end_of_sentence(tokens: Words, start: int) -> int:
    """The place of the sign that ends the sentence, or the end of all."""
    end = start
    while end < len(tokens) and tokens[end] not in STOPS:
        end += 1
    return end


def sentences_of(tokens: Words) -> Iterator[tuple[Words, Words]]:
    """Each sentence's words and the sign that ends it, or nothing."""
    start = 0
    while start < len(tokens):
        end = end_of_sentence(tokens, start)
        yield tokens[start:end], tokens[end : end + 1]
        start = end + 1
