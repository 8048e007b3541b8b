"""What is said of two at once, or of none of them, said of each.

    my husband and I are teachers       -> ... my husband is a teacher. I am a teacher
    my wife and I both work at Ikea     -> ... my wife works at Ikea. I work at Ikea
    my mum and dad live in Ulm          -> ... my mum lives in Ulm. my dad lives in Ulm
    neither of my parents can drive     -> my parents can not drive
    I have ADHD, and so does my son     -> I have ADHD. my son has ADHD

Knows the words of one sentence.
"""

from itertools import takewhile

from lemminflect import getInflection, getLemma

from agent.grammar.gaps import somebody_at
from agent.grammar.jobs import is_job
from agent.grammar.kinds import KINDS
from agent.grammar.words import (
    AUX,
    CLOSED,
    OWN,
    PREPOSITIONS,
    Words,
    has_form,
    is_plural,
    is_word,
    lemma_of,
    name_at,
    sentences_of,
)
from agent.topics import PEOPLE

_SO_EACH = frozenset(  # not "married": to each other
    "single widowed retired unemployed deaf blind left-handed autistic coeliac diabetic asthmatic "
    "dyslexic teetotal".split()
)
_FEELING = frozenset("allergic afraid scared terrified".split())
_OF_ONE = {"am": "is", "have": "has", "do": "does", "are": "is", "were": "was"}
_EACH_OTHER = frozenset(  # what two do or are to each other
    "meet marry split share fight argue separate divorce fall date hug kiss agree look get be "
    "swap".split()
)
_ONE_ANOTHER = frozenset("each other together apart twins siblings cousins friends married divorced "
                         "separated engaged couple same different close".split())  # fmt: skip
_PARENTS = ({"mum", "dad"}, {"mom", "dad"}, {"mother", "father"}, {"mam", "dad"}, {"mama", "papa"})
_ALL_OF = (("both", "of"), ("all", "of"))
_NONE_OF = (("neither", "of"), ("none", "of"))


def each_told(tokens: Words) -> Words:
    """The words with each of two spoken of alone, questions as they are."""
    said: list[str] = []
    for words, sign in sentences_of(tokens):
        said += (*(words if sign == ("?",) or not words else _each(words)), *sign)
    return tuple(said)


def _each(words: Words) -> Words:
    words = _of_all(words)
    return _so_does(words) or _are_both(words) or _both_do(words) or _two_do(words) or words


def _of_all(words: Words) -> Words:
    """ "my parents" for "both of my parents", and "neither of my parents can" turned round."""
    first = tuple(w.lower() for w in words[:3])
    verb = next((k for k in (4, 5) if is_plural(words[k - 1 : k] or ("",))), 0)
    if first[2:] not in (("my",), ("our",)) or not verb or verb >= len(words):
        return words
    if first[:2] in _ALL_OF:
        return (first[2], *words[3:])
    if first[:2] not in _NONE_OF:
        return words
    who, said = (first[2], *words[3:verb]), words[verb].lower()
    if said in AUX:
        many = {"is": "are", "was": "were", "has": "have", "does": "do"}.get(said, said)
        return (*who, many, "not", *words[verb + 1 :])
    past = has_form(said, "VBD") and lemma_of(said) != said
    return (*who, "did" if past else "do", "not", lemma_of(said), *words[verb + 1 :])


def _and_i(words: Words) -> int:
    """The length of "my husband Bo" where a sentence begins "my husband Bo and I"."""
    size = somebody_at(words, 0)
    return size if size and words[size : size + 2] == ("and", "I") else 0


def _are_both(words: Words) -> Words:
    """ "are teachers", "are both vegan", "are from Ghana" of somebody and me, or of us both."""
    size = _and_i(words)
    we = words[:3] in (("We", "are", "both"), ("we", "are", "both"))
    place = 2 if we else size + 2
    if not (size or we) or words[place - we : place + 1 - we] != ("are",):
        return ()
    place += 0 if we else 1
    place += words[place : place + 1] == ("both",)
    end = next((k for k in range(place, len(words)) if not is_word(words[k])), len(words))
    what = _as_one(words[place:end])
    someone = (*_lowered(words[:size]), "is", *what, ".") if size else ()
    return (*words, ".", *someone, "I", "am", *what) if what else ()


def _as_one(what: Words) -> Words:
    """ "a teacher" of "teachers", "vegan", "from Ghana"; nothing of what two are to each other."""
    last = what[-1].lower() if what else ""
    if what[:1] == ("from",) and name_at((",", *what[1:]), 1) == what[1:]:
        return what
    if what[1:2] in (("to",), ("of",)) and what[0] in _FEELING:
        return what
    if len(what) == 1 and last in _SO_EACH | KINDS["diet"] | KINDS["nationality"] | KINDS["faith"]:
        return what
    if not what or len(what) > 3 or not is_plural((last,)) or PREPOSITIONS & {*what}:
        return ()
    one = (*what[:-1], getLemma(last, upos="NOUN")[0])
    return ("an" if one[0][0].lower() in "aeiou" else "a", *one) if is_job(one) else ()


def _both_do(words: Words) -> Words:
    """ "my wife and I both work at Ikea"."""
    size = _and_i(words)
    verb = words[size + 3 : size + 4]
    if not size or words[size + 2 : size + 3] != ("both",) or not verb:
        return ()
    rest = words[size + 4 :]
    does = _third(verb[0])
    each = (*_lowered(words[:size]), does, *rest, ".", "I", verb[0], *rest)
    return (*words, ".", *each) if does else ()


def _two_do(words: Words) -> Words:
    """ "my mum and dad live in Ulm", "my brother Tom and his wife are in Ulm"."""
    first = _lowered(words[: somebody_at(words, 0)])
    start = len(first) + 1
    if words[len(first) : start] != ("and",) or not first or is_plural(first[:2]):
        return ()
    second, place = _second(words, first, start)
    place += words[place : place + 1] == ("both",)
    end = next((k for k in range(place, len(words)) if words[k] in CLOSED), len(words))
    verb, rest = words[place : place + 1], words[place + 1 : end]
    rest = rest[1:] if rest[:1] == ("both",) else rest
    if not second or not verb or {w.lower() for w in rest} & _ONE_ANOTHER:
        return ()
    if verb[0] not in ("are", "were"):
        apart = lemma_of(verb[0]) not in _EACH_OTHER
    else:  # not "are teachers"
        what = tuple(takewhile(lambda word: word not in PREPOSITIONS, rest))
        apart = not what or not is_plural(what)
    if not apart:
        return ()
    does = _third(verb[0])
    whole = {first[-1], second[-1]} in _PARENTS
    both = ("my", "parents", verb[0], *rest, ".") if whole else ()
    each = (*first, does, *rest, ".", *second, does, *rest)
    return (*words, ".", *both, *each) if does else ()


def _second(words: Words, first: Words, start: int) -> tuple[Words, int]:
    """The other of the two as one would say it alone, and where the verb begins."""
    word = words[start].lower() if start < len(words) else ""
    if size := somebody_at(words, start):
        return _lowered(words[start : start + size]), start + size
    if word in PEOPLE and not is_plural(first):
        return ("my", word), start + 1
    role = words[start + 1 : start + 2]
    if word in ("his", "her") and {*role} & PEOPLE:
        return (*first[:-1], f"{first[-1]}'s", *role), start + 2
    return (), start


def _so_does(words: Words) -> Words:
    """ "I have ADHD, and so does my son": my son has ADHD."""
    so = next((k for k in range(2, len(words) - 2) if words[k] == "so"), 0)
    if words[0] != "I" or not so or words[so + 1] not in ("does", "do", "is", "are"):
        return ()
    start = so + 2 + (words[so + 2] == "both")
    size = somebody_at(words, start)
    end = next((k for k in range(2, so) if words[k] in (",", "and")), 0)
    if not size or not end or start + size < len(words) or words[1] == "and":
        return ()
    whole = words[start:]
    verb = words[1] if is_plural(whole) and words[1] != "am" else _third(words[1])
    verb = "are" if is_plural(whole) and words[1] == "am" else verb
    return (*words[:end], ".", *whole, verb, *words[2:end]) if verb else ()


def _third(verb: str) -> str:
    """The verb of "I" as he or she takes it."""
    lower = verb.lower()
    if lower in AUX or has_form(lower, "VBD"):
        return _OF_ONE.get(lower, lower)
    return getInflection(lower, "VBZ")[0] if has_form(lower, "VBP") else ""


def _lowered(words: Words) -> Words:
    return (words[0].lower(), *words[1:]) if words and words[0].lower() in OWN else words
