"""Which verb a clause has: its auxiliaries, the main verb, and the verbs that it chains to.

    am not going to learn to swim   -> am not | going to learn to swim
    has passed away                 -> has | passed away

Knows the words behind a subject.
"""

from lemminflect import getAllLemmas

from agent.grammar.parts import MANNER, time_at
from agent.grammar.words import (
    ADVERBS,
    AUX,
    BE,
    BREAKS,
    DETERMINERS,
    DO,
    HAVE,
    NUMBERS,
    PREPOSITIONS,
    SPEAKERS,
    Words,
    has_form,
    is_name,
    is_plural,
    lemma_of,
    may_be_noun,
    verb_lemmas,
)

PARTICLES = frozenset("away up off out down back".split())
CHAINS = frozenset("want plan hope need try learn decide promise start love like have go use wish "
                   "intend offer refuse begin agree get forget".split())  # fmt: skip
_PARTICLE_OF = {"hand": "in", "fill": "in", "check": "in", "plug": "in", "take": "over"}
_GERUND_CHAINS = frozenset("keep start stop love hate like enjoy go finish try".split())
_STATES = frozenset(
    "scared terrified married divorced engaged retired worried interested widowed".split()
)
_DOINGS = frozenset(
    "hobby pastime passion job dream plan goal sport talent joy fear weakness vice strength".split()
)
_NO_THING = PREPOSITIONS | DETERMINERS | BREAKS | ADVERBS | NUMBERS | MANNER | PARTICLES | {"and"}
_TO_WHOM = frozenset("give offer tell teach send show award pay ask promise call name make elect deny "
                     "charge allow hand lend leave".split())  # fmt: skip


def verbs_at(tokens: Words, start: int, subject: Words) -> tuple[Words, Words, int] | None:
    """Auxiliaries, main verb, and where the rest begins; None where no finite verb stands."""
    place, before = start, list[str]()
    while place < len(tokens):
        word = tokens[place].lower()
        if word in AUX or word == "never" or (word == "not" and before):
            before.append(word)
        elif word in ("nearly", "almost"):
            return None  # "I nearly died"
        elif word not in ADVERBS:
            break
        place += 1
    word = tokens[place].lower() if place < len(tokens) else ""
    helper = next((w for w in reversed(before) if w in AUX), "")
    if before[:1] == ["have"] and subject not in SPEAKERS and not is_plural(subject):
        return None  # "his wife Rosa have": one of two
    if before[:1] in (["are"], ["were"]) and is_name(("i", *subject), len(subject)):
        if subject[0].lower() != "the" and "and" not in subject and not subject[-1].endswith("s"):
            return None  # "Ana and Bo, who are six": of two
    if not _follows(word, helper, subject) or (helper in BE and _is_what(tokens, place, subject)):
        if helper in BE:
            return tuple(before), (), place
        if helper not in HAVE | DO:
            return None
        chained = tokens[place - 1].lower() == helper and tokens[place : place + 1] == ("to",)
        verb, place = _chained(tokens, place - 1) if chained else ((helper,), place)
        return tuple(before[:-1]), verb, place
    after = tokens[place + 1].lower() if place + 1 < len(tokens) else ""
    if not before and _is_noun_before(word, after):
        return None
    if word == "been" and after not in _STATES and after and _is_participle(after):
        before.append("been")
        place += 1
    verb, place = _chained(tokens, place)
    return tuple(before), verb, place


def _follows(word: str, helper: str, subject: Words) -> bool:
    """Whether the word is a main verb as it must be behind its auxiliary, or alone."""
    if helper in HAVE:
        known = has_form(word, "VBN") or word == "been"
        return known and word not in DETERMINERS | NUMBERS
    if helper in BE:
        return word not in PREPOSITIONS and _is_participle(word)
    if helper:
        return has_form(word, "VB") or word == "be"
    tag = "VBP" if subject in SPEAKERS or is_plural(subject) else "VBZ"
    finite = has_form(word, tag) or has_form(word, "VBD")
    return word.isalpha() and finite and _is_no_preposition(word, subject)


def _is_noun_before(word: str, after: str) -> bool:
    """ "guests" of "my Airbnb guests broke it"."""
    past = has_form(after, "VBD") and not has_form(after, "VBN") and not may_be_noun(after)
    return past and may_be_noun(word)


def _is_what(tokens: Words, place: int, subject: Words) -> bool:
    """Whether behind "is" no verb begins but what it is: "my favourite dish is stuffed peppers", "my
    hobby is baking cakes"; not "I was given flowers"."""
    word, after = tokens[place].lower(), tokens[place + 1 : place + 2]
    if tokens[place : place + 1] and is_name(tokens, place):
        return True  # "my solo is Amazing Grace"
    if after in (("me",), ("us",)):
        return False  # "my job is killing me"
    if subject[-1].lower() in _DOINGS or "favourite" in subject or "favorite" in subject:
        return True
    if has_form(word, "VBG") or {*verb_lemmas(word)} & _TO_WHOM or word == "born" or not after:
        return False
    if not after[0].islower() or time_at(tokens, place + 1) or after[0] in _NO_THING:
        return False
    kinds = getAllLemmas(after[0])
    return "NOUN" in kinds and not {"ADJ", "ADV"} & {*kinds}


def _is_no_preposition(word: str, subject: Words) -> bool:
    """Also "like" where somebody may do it: "I like cats", not "tastes like soap"."""
    return word not in PREPOSITIONS or (word == "like" and subject in SPEAKERS)


def _is_participle(word: str) -> bool:
    adjective = "ADJ" in getAllLemmas(word) and not word.endswith("ed")
    return word == "born" or has_form(word, "VBG") or (has_form(word, "VBN") and not adjective)


def _chained(tokens: Words, place: int) -> tuple[Words, int]:
    """The main verb and the infinitives it chains to: "want to buy", "am going to learn to swim"."""
    end = place + 1
    verb = lemma_of(tokens[place])
    while (
        end + 1 < len(tokens)
        and tokens[end].lower() == "to"
        and verb in CHAINS
        and (has_form(tokens[end + 1], "VB") or tokens[end + 1] == "be")
    ):
        verb = tokens[end + 1].lower()
        end += 2
    if verb == "grow" and tokens[end : end + 1] == ("up",):
        end += 1 + (tokens[end + 1 : end + 2] != () and has_form(tokens[end + 1], "VBG"))
    if verb in _GERUND_CHAINS and end + 1 < len(tokens) and has_form(tokens[end], "VBG"):
        goes_on = tokens[end + 1].lower() not in BREAKS | {"and"} and tokens[end] != "being"
        end += goes_on  # "keeps bringing"; not "likes fishing and silence"
    if tokens[end : end + 1] == (_PARTICLE_OF.get(verb),):
        end += 1  # "hand in my thesis"
    if verb == "move" and tokens[end : end + 2] in (("in", "with"), ("in", "together")):
        end += 1
    if end < len(tokens) and tokens[end].lower() in PARTICLES:
        end += 1  # "passed away"
    if verb == "move" and tokens[end : end + 2] == ("in", "with"):
        end += 1
    return tuple(word.lower() for word in tokens[place:end]), end
