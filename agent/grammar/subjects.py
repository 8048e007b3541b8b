"""Who or what a clause may be about: "my old friend Ana", "cold drinks", the last one once more.

    "my sister Ana, who lives in Porto" -> my sister Ana

Knows neighbouring words; not whether a verb follows.
"""

from collections.abc import Iterator

from lemminflect import getAllLemmas

from agent.grammar.among import some_of
from agent.grammar.noun_phrases import noun_phrases, things
from agent.grammar.parts import MANNER, SPANS, UPHEAVALS, time_at
from agent.grammar.words import (
    ADVERBS,
    AUX,
    BREAKS,
    DAYS,
    DETERMINERS,
    NUMBERS,
    OWN,
    PREPOSITIONS,
    SPEAKERS,
    STOPS,
    TITLES,
    Words,
    has_form,
    is_known,
    is_plural,
    is_word,
    lemma_of,
    may_be_noun,
    name_at,
    verb_lemmas,
)
from agent.topics import PEOPLE, PETS

SHARED_VERBS = frozenset(
    "live work have own play study teach run drive drink eat like love hate want need go take pay "
    "speak read write share rent start finish fly travel visit wear watch help buy sell make keep grow "
    "major belong attend sit stay coach train cook clean manage lead volunteer retire practise call look "
    "bake knit sew crochet brew mend collect sing dance swim sleep walk climb ride".split()
)
_TRADING = frozenset("buy sell order book borrow pay".split())
_CIRCLES = frozenset(
    "work school college uni university church accounting hr sales marketing reception upstairs "
    "downstairs choir football yoga".split()
)
_ONE = ("a", "an")
_LIKE = frozenset("like as than".split())
_NOT_YET = frozenset(  # it need not exist, or is one of its kind
    "want need look search seek wish hope dream prefer imagine would could should not never no if maybe "
    "perhaps must like think say tell hear read watch see".split()
)
_VAGUE = frozenset("person one thing way time day feeling moment lot bit year week".split())
_WHERE = frozenset("in at on".split())
_MINE, _NOT_MINE = frozenset(("am", "have", "do")), frozenset(("is", "has", "does"))


def subjects_at(
    tokens: Words, place: int, last: Words | None, before: str
) -> Iterator[tuple[Words, int]]:
    """What may be a clause's subject at `place`, and where its verb would begin."""
    token = tokens[place]
    word = token.lower()
    name = name_at(tokens, place)
    inside_name = place > 0 and tokens[place - 1][0].isupper() and tokens[place - 1] != "I"
    if inside_name and name and not is_known(tokens[place - 1]):
        return
    together = token == "I" and _is_with_another(tokens, place)
    if (
        before == "and"
        and last is None
        and not together
        and place > 1
        and tokens[place - 2] not in STOPS
    ):
        return  # one of two: "You and Sara met"
    apart = token in ("I", "we", "he", "she") and not _is_led(tokens, place)
    if apart and _ends_in_noun(tokens, place):
        return  # "the doctor I see", "the earrings she saw"
    if token in ("I", "We", "we"):
        yield ("I",) if token == "I" and not together else ("we",), place + 1
    elif word in ("he", "she", "it", "they"):
        yield (word,), place + 1
    elif word in ("who", "which", "that"):
        if word != "that":
            yield from _subject_before(tokens, place)
        yield from _named_before(tokens, place)
    elif before in PREPOSITIONS:
        return
    elif word in OWN | {"his", "her", "the"} or (name and name[-1].endswith("'s")):
        yield from noun_phrases(tokens, place)
    elif name:
        yield name, place + len(name) + _known_from(tokens, place + len(name))
    elif before in DETERMINERS or before.endswith("'s"):
        return  # "his wife Rosa"
    elif word in PEOPLE | PETS and token not in TITLES and (name := name_at(tokens, place + 1)):
        yield ("my", word, *name), place + 1 + len(name)  # "Wife Chebet is marking papers"
    elif before in STOPS and _is_past(word):
        yield ("I",), place  # "Bought four goats."
    elif before in STOPS and word == "there":
        yield ("there",), place + 1
    elif some := some_of(tokens, place) if before in (*STOPS, "and", "but") else ():
        yield some, place + len(some)
    elif before in STOPS and word in ("a", "an"):
        yield from noun_phrases(tokens, place)
    elif before in STOPS:
        yield from things(tokens, place)
    elif last and before in ("and", ",", "but") and _may_go_on(tokens, place, last, before):
        bought = _is_thing(last) and lemma_of(word) in _TRADING  # "the kettle broke, bought one"
        yield ("I",) if bought else last, place  # "I work at a bank and live in Porto"


def _known_from(tokens: Words, place: int) -> int:
    """The length of "from accounting" behind a name, which is no place that somebody comes from."""
    inner = tokens[place + 1 : place + 2]
    return 2 if tokens[place : place + 1] == ("from",) and inner and inner[0] in _CIRCLES else 0


def _is_with_another(tokens: Words, place: int) -> bool:
    """ "Nora and I are", "my boyfriend Bo and I moved" where a sentence begins so."""
    if tokens[place + 1 : place + 2] in (("are",), ("were",)):
        return True
    first = place
    while first and tokens[first - 1] not in (*STOPS, ","):
        first -= 1
    first += time_at(tokens, first)  # "On Sundays my dad and I"
    words = tokens[first : place - 1]
    role = words[:1] and words[0].lower() in OWN and bool({w.lower() for w in words} & PEOPLE)
    named = bool(words) and name_at((",", *words), 1) == words
    return tokens[place - 1 : place] == ("and",) and len(words) < 5 and bool(role or named)


def _is_led(tokens: Words, place: int) -> bool:
    """Whether a sentence begins "for my birthday", "as a teacher", and goes on at `place`; what is so
    without something may not be so with it."""
    first = next((k + 1 for k in range(place - 1, -1, -1) if tokens[k] in (*STOPS, ",")), 0)
    words = [w.lower() for w in tokens[first:place]]
    link, whose, *rest = (*words[words[:1] == ["because"] or words[:1] == ["ever"] :], "", "")
    led = whose in OWN or (link, whose) in (("as", "a"), ("as", "an"))
    if link in ("since", "after") and words[-1] in UPHEAVALS:
        led = tokens[place + 1 : place + 2] != ("had",)  # "since the accident I had, I limp"
    small = PREPOSITIONS | DETERMINERS | BREAKS
    return link in PREPOSITIONS - {"without"} and led and len(words) < 6 and not small & {*rest}


def _ends_in_noun(tokens: Words, place: int) -> bool:
    """Whether a thing, and no time, stands right before a place."""
    before = tokens[place - 1] if place else "."
    whose = place > 1 and tokens[place - 2].lower() in DETERMINERS
    if not before.islower() or (verb_lemmas(before) and not whose):
        return False
    if before in SPANS | {"moment", "end"} | DAYS | BREAKS | ADVERBS:
        return False
    known = "NOUN" in getAllLemmas(before) and before.removesuffix("s") not in SPANS
    return known and before not in PREPOSITIONS | NUMBERS | MANNER


def _subject_before(tokens: Words, place: int) -> Iterator[tuple[Words, int]]:
    """The person before a "who": "my sister Ana, who lives in Porto"."""
    end = place - 1 if place and tokens[place - 1] == "," else place
    for first in range(max(0, end - 4), end):
        words = tokens[first:end]
        name = name_at(tokens, first)
        if first and tokens[first - 1].lower() in PREPOSITIONS:
            continue  # "the man at Marco Zero, who"
        if words[0].lower() in OWN and all(map(is_word, words)):
            if PEOPLE & {w.lower() for w in words}:
                yield (words[0].lower(), *words[1:]), place + 1
                return
        elif name and first + len(name) == end:
            yield name, place + 1
            return


def _named_before(tokens: Words, place: int) -> Iterator[tuple[Words, int]]:
    """What is spoken of for the first time: "I joined a choir that meets on Mondays", the choir."""
    first = next((k for k in range(place - 2, max(0, place - 5), -1) if tokens[k] in _ONE), 0)
    words = tokens[first + 1 : place]
    begin = max((k + 1 for k in range(first) if tokens[k] in STOPS), default=0)
    ahead = {lemma_of(w.lower()) for w in tokens[begin:first]}
    if not first or ahead & _NOT_YET or not {"i", "we", "my", "our", "have"} & ahead:
        return
    verb = tokens[first - 1].lower()
    led = verb in PREPOSITIONS - _LIKE or (verb_lemmas(verb) and lemma_of(verb) not in ("be", "do"))
    plain = all(is_word(w) and w.islower() for w in words) and may_be_noun(words[-1])
    if led and plain and words[-1] not in _VAGUE:
        yield ("the", *words), place + 1


def beside(tokens: Words, subject: Words, start: int) -> int:
    """Where a clause goes on behind ", a nurse," or ", the old Corsa,"; 0 where no such thing stands."""
    small = tokens[start + 1].lower() if start + 1 < len(tokens) else ""
    if (
        subject[0] not in OWN
        or tokens[start : start + 1] != (",",)
        or small not in ("a", "an", "the")
    ):
        return 0
    for end in range(start + 3, min(start + 7, len(tokens))):
        word = tokens[end]
        if word == ",":
            return end + 1 if may_be_noun(tokens[end - 1]) and tokens[end - 1] != "one" else 0
        if not word[0].isalpha() or word.lower() in AUX | PREPOSITIONS | DETERMINERS | {"and", "i"}:
            return 0
    return 0


def is_gap(tokens: Words, start: int, place: int) -> bool:
    """Whether an "and" stands between two things that are each in their place, or for their end."""
    first = tokens[place + 1 : place + 2]
    if tokens[place : place + 1] != ("and",):
        return False
    if {*tokens[place + 2 : place + 3]} & _WHERE and not verb_lemmas(first[0]):
        return bool({*tokens[start + 1 : start + 2]} & _WHERE)  # "takes A at noon and B at night"
    if not {*first} <= {*OWN, *_ONE}:
        return False
    if tokens[start - 1] in ("have", "has", "had", "got") and {*tokens[start:place]} & _WHERE:
        return True  # "have an exam on Monday and a talk with Bo"
    some = OWN if {*first} <= OWN else {*_ONE, *NUMBERS}
    begin = next((k for k in range(start, place) if tokens[k].lower() in some), place)
    ahead, behind = tokens[begin:place], tokens[place + 2 : place + 6]
    return any({*ahead} & links and {*behind} & links for links in (_WHERE, {"for"}))


def said_of(words: Words) -> Words:
    """ "the old Corsa" as one of many: "an old Corsa"."""
    if words[0].lower() != "the" or not words[-1][0].isupper():
        return (words[0].lower(), *words[1:])
    return ("an" if words[1][0].lower() in "aeiou" else "a", *words[1:])


def _is_past(word: str) -> bool:
    """Surely the past of a verb: "bought"; not "put", "distracted", "was"."""
    only = set(getAllLemmas(word)) == {"VERB"}
    return only and word not in AUX and has_form(word, "VBD") and not has_form(word, "VB")


def _is_thing(subject: Words) -> bool:
    known = {w.lower() for w in subject} & (PEOPLE | PETS)
    return subject[0].lower() in DETERMINERS and not known and subject[-1].islower()


def _may_go_on(tokens: Words, place: int, subject: Words, before: str) -> bool:
    """Whether a second verb of the same subject can begin here, also behind "only" or "still"."""
    place += before == "and" and tokens[place].lower() in ADVERBS
    word = tokens[place].lower() if place < len(tokens) else ""
    if word in AUX:
        if is_plural(subject) and word in _NOT_MINE | {"was"}:
            return False
        return word not in (_NOT_MINE if subject in SPEAKERS else _MINE)
    if word == "like":
        return before != ","  # "an accountant, like Pim"
    if has_form(word, "VBD") or lemma_of(word) in SHARED_VERBS:
        return True
    tag = "VBP" if subject in SPEAKERS or is_plural(subject) else "VBZ"
    return before == "and" and has_form(word, tag) and has_object(tokens, place)


def has_object(tokens: Words, place: int) -> bool:
    """Whether a verb with its object stands at `place`: "see my kids"."""
    word, after = tokens[place].lower(), tokens[place + 1 : place + 2]
    finite = word not in PREPOSITIONS and (has_form(word, "VBP") or has_form(word, "VBZ"))
    whom = bool(after) and after[0].lower() in DETERMINERS | {"me", "us"}
    other = tokens[place + 2 : place + 3] == ("other",)  # "the other day"
    return finite and whom and not other and not time_at(tokens, place + 1)
