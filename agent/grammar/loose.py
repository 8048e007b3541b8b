"""Loose talk about people, said plainly.

    mum's 74                            -> my mum is 74
    everyone calls me Ciru              -> my nickname is Ciru
    my name, Xochitl, is hard to say    -> my name is hard to say. my name is Xochitl
    she runs her own shop               -> she runs a shop
    my girlfriend's Brazilian           -> my girlfriend is Brazilian (and: deaf, pregnant)
    a flat in Graz, third floor         -> a flat in Graz. I live on the third floor
    bought a van, a red Kangoo, for 900 -> bought a van for 900. the van is a red Kangoo
    my aunt and her son Bo are in Ulm   -> my aunt is in Ulm. my aunt's son is Bo
    with my friend Ana, she paints      -> with my friend Ana, my friend Ana paints
    I'm going to Ulm. With my aunt.     -> I'm going to Ulm. I am travelling with my aunt.

Knows neighbouring words.
"""

import re

from lemminflect import getInflection

from agent.grammar.gaps import somebody_at
from agent.grammar.holding import holder
from agent.grammar.kinds import KINDS, kind_of
from agent.grammar.words import (
    AUX,
    LOST,
    NUMBERS,
    OWN,
    SPEAKERS,
    STOPS,
    Words,
    end_of_sentence,
    has_form,
    is_plural,
    lemma_of,
    name_at,
)
from agent.topics import PEOPLE, PETS

_PARENTS = frozenset(
    "mum mom dad mummy mommy daddy grandma grandpa granny grandad granddad nan gran".split()
)
_IS_CALLED = (("is", "called"), ("is", "named"))
_AGES = frozenset("eldest oldest youngest older younger middle other".split())
_KIN = frozenset(
    "children sister brother son daughter twins kids sisters brothers sons daughters boys girls".split()
)
_CLOSED = (*STOPS, ",", "and", "but", "so", "because", "-")
_CALLERS = (("they",), ("people",), ("everyone",), ("everybody",), ("friends",), ("my", "friends"),
            ("most", "people"), ("you", "can"), ("colleagues",), ("my", "colleagues"),
            ("the", "guys"), ("please",), ("just",), ())  # fmt: skip
_GOING = frozenset("going flying travelling traveling driving sailing".split())
_TOGETHER = frozenset("with and for via".split())
_BOTH = {
    "and i moved in together": "I moved in with",
    "and i live together": "I live with",
    "and i got married": "I married",
    "and i got engaged": "I got engaged to",
}
_TASTED = frozenset("stand bear hate love adore like dislike eat detest".split())
_FOODS = ("foods", "food", "fruits", "vegetables", "sweets", "drinks")
_HAD = frozenset("cook make bake eat have play watch read order".split())
_GOES_ON = (("for",), ("from",), ("in",), ("at",), ("off",))
_OF_ONE = {"are": "is", "have": "has", "were": "was"}
_SO = frozenset(
    "diabetic autistic dyslexic asthmatic coeliac deaf blind ill sick dead pregnant broken cracked "
    "leaking smashed cancelled left-handed allergic".split()
)
_HOMES = frozenset("flat apartment house live living moved studio room".split())


def plainly(tokens: Words) -> Words:
    """The words, said plainly."""
    said: list[str] = []
    later: list[str] = []  # sentences of their own
    place = 0
    while place < len(tokens):
        if tokens[place] in STOPS and later:
            said += later
            later = []
        before = said[-1] if said else "."
        if found := _nickname(tokens, place, before):
            size, name = found
            later += (".", "my", "nickname", "is", *name)
            place += size
        elif found := _name_apart(tokens, place):
            size, name = found
            said += tokens[place : place + 2]
            later += (".", "my", "name", "is", *name)
            place += size
        elif eldest := _eldest(tokens, place, before):
            size, words = eldest
            said += words
            place += size
        elif met := _i_met(tokens, place, before):
            said += ("I", "met", *_lowered(tokens[place : place + met]))
            place += met + 3
        elif food := _them(tokens, place):
            said.append(food)
            place += 1
        elif favourite := _that_is_favourite(tokens, place, before):
            size, words = favourite
            said += words
            place += size
        elif hers := _hers_apart(tokens, place):
            size, name = hers
            said += tokens[place : place + size]
            later += (".", *tokens[place : place + size], "is", *name)
            place += size
        elif apart := _kind_apart(tokens, place):
            size, thing = apart
            later += (".", *thing)
            place += size
        elif pair := _couple(tokens, place, before):
            size, first, of_second = pair
            said += first
            later += of_second
            place += size
        elif together := _we_both(tokens, place, before):
            someone, size, said_of = together
            said += (*said_of, *_lowered(tokens[place : place + someone]))
            place += someone + size
        elif size := _along(tokens, place, before):
            said += ("I", "am", "travelling", "with", *tokens[place + 1 : place + 1 + size], ".")
            said += tokens[place : place + 1 + size]
            place += 1 + size
        elif whom := _with_whom(tokens, place):
            said += whom
            place += 1
        elif us := _me_and(tokens, place, before):
            said += (*_lowered(tokens[place + 2 : place + us]), "and", "I")
            place += us
        elif floor := _floor(tokens, place):
            later += (".", "I", "live", "on", "the", floor, "floor")
            place += 3
            if tokens[place : place + 1] == ("no",):  # "no lift"
                later += (".", "there", "is")
                while place < len(tokens) and tokens[place] not in _CLOSED:
                    later.append(tokens[place])
                    place += 1
        elif came := _from_somewhere(tokens, place):
            size, where, name = came
            said += ("called", *name)
            later += (".", *name, "is", "from", *where)
            place += size
        else:
            said += _one(tokens, place, before)
            place += 1
    return (*said, *later)


def _one(tokens: Words, place: int, before: str) -> Words:
    """One word as it should stand."""
    word, after = tokens[place], tokens[place + 1 : place + 2]
    lower = word.lower()
    if (
        before in _CLOSED
        and lower.removesuffix("'s") in _PARENTS
        and not name_at(tokens, place + 1)
    ):
        goes_on = after and (
            after[0].lower() in AUX or has_form(after[0], "VBZ") or has_form(after[0], "VBD")
        )
        goes_on = goes_on and not {*tokens[place + 2 : place + 3]} & AUX  # "dad jokes are"
        if goes_on or lower.endswith("'s") or after == ("still",):
            return ("my", lower)
    if before in STOPS and lower == "the" and {*tokens[place + 1 : place + 3]} & PETS:
        noun = 1 if tokens[place + 1] in PETS else 2
        called = tokens[place + 1 + noun : place + 3 + noun] in _IS_CALLED
        whose = _had_by(tokens[:place], tokens[place + noun])
        return whose if called and whose else (word,)
    of_mine = before in _CLOSED and lower == "the" and after and after[0].lower() in _KIN
    if of_mine and {after[0].lower(), after[0].lower() + "s"} & {*tokens[:place]}:
        return ("my",)  # "I have one sister. The sister, Noor, ..."
    if lower in ("his", "her") and after == ("own",):
        owned = tokens[place + 2 : place + 3] or ("s",)
        one = ("an" if owned[0][0].lower() in "aeiou" else "a",)
        return () if is_plural(owned) else one
    if word == "own" and tokens[place - 1 : place] in (("his",), ("her",)):
        return ()
    so = after and after[0].lower() in _SO | KINDS["nationality"] | KINDS["status"] | KINDS["diet"]
    if word.endswith("'s") and so and (tokens[place + 2 : place + 3] or (".",))[0] in _CLOSED:
        return (word.removesuffix("'s"), "is")
    return (word,)


def _had_by(before: Words, pet: str) -> Words:
    """Whose "the dog" is: mine, or theirs of whom was said that they have "a dog"; nothing where it is
    not known who these are."""
    place = next((k for k in range(1, len(before)) if before[k] == pet), 0)
    one = next(
        (k for k in range(place - 1, max(-1, place - 3), -1) if before[k] in ("a", "an")), -1
    )
    return tuple(holder(before, one).split()) if place and one >= 0 else ("my",)


def _nickname(tokens: Words, place: int, before: str) -> tuple[int, Words] | None:
    """The length of "everyone calls me Ciru", and the name."""
    if before not in _CLOSED:
        return None
    for who in _CALLERS:
        verb = place + len(who)
        same = tuple(w.lower() for w in tokens[place:verb]) == who
        calls = (
            tokens[verb : verb + 1]
            and lemma_of(tokens[verb]) == "call"
            and not has_form(tokens[verb], "VBD")
        )
        name = name_at(tokens, verb + 2) if tokens[verb + 1 : verb + 2] == ("me",) else ()
        if same and calls and name and (tokens[verb + 2 + len(name) :][:1] or (".",))[0] in _CLOSED:
            return len(who) + 2 + len(name), name
    return None


def _name_apart(tokens: Words, place: int) -> tuple[int, Words] | None:
    """The length of "my name, Xochitl,", and the name."""
    if tuple(w.lower() for w in tokens[place : place + 3]) != ("my", "name", ","):
        return None
    name = name_at(tokens, place + 3)
    end = place + 3 + len(name)
    return (end - place + (tokens[end : end + 1] == (",",)), name) if name else None


def _me_and(tokens: Words, place: int, before: str) -> int:
    """The length of "me and my boyfriend Bo" where a sentence begins so."""
    begins = before in STOPS and [w.lower() for w in tokens[place : place + 2]] == ["me", "and"]
    size = somebody_at(tokens, place + 2) if begins else 0
    return 2 + size if size else 0


def _sentence_start(tokens: Words, place: int) -> int:
    """Where the sentence begins that the word before `place` belongs to."""
    return next((k for k in range(place - 1, 0, -1) if tokens[k - 1] in STOPS), 0)


def _along(tokens: Words, place: int, before: str) -> int:
    """The length of "my aunt" where a sentence begins "With my aunt" and the one before goes somewhere."""
    if before not in STOPS or tokens[place] != "With":
        return 0
    first = _sentence_start(tokens, place - 1)
    going = tokens[first : first + 2] in (("I", "am"), ("we", "are"), ("We", "are"))
    return somebody_at(tokens, place + 1) if going and {*tokens[first:place]} & _GOING else 0


def _with_whom(tokens: Words, place: int) -> Words:
    """Who "she" is right behind the comma of "With my friend Ana, she paints" or "Vera from school, she
    paints", where the sentence has no verb before it."""
    if tokens[place].lower() not in ("he", "she") or tokens[place - 1 : place] != (",",):
        return ()
    first = _sentence_start(tokens, place)
    first += tokens[first].lower() in _TOGETHER
    size = somebody_at(tokens, first) or len(name_at(tokens, first))
    behind = tokens[first + size : place - 1]
    alone = (
        not behind and tokens[first].lower() in OWN
    )  # "Ghent, he's a baker" may answer where he lives
    apart = alone or (behind[:1] == ("from",) and len(behind) < 4)
    return tokens[first : first + size] if size and first + size < place and apart else ()


def _lowered(words: Words) -> Words:
    return (words[0].lower(), *words[1:]) if words[0].lower() in OWN else words


def _i_met(tokens: Words, place: int, before: str) -> int:
    """The length of whom "my wife Nadia and I met" is about where a sentence begins so."""
    size = somebody_at(tokens, place) if before in STOPS else 0
    met = tuple(w.lower() for w in tokens[place + size : place + size + 3]) == ("and", "i", "met")
    return size if met else 0


def _we_both(tokens: Words, place: int, before: str) -> tuple[int, int, Words] | None:
    """The lengths of "my girlfriend Noor" and of "and I live together" where a sentence begins so, and
    how it begins then: "I live with"."""
    someone = somebody_at(tokens, place) if before in STOPS else 0
    behind = " ".join(w.lower() for w in tokens[place + someone : place + someone + 5])
    for both, alone in _BOTH.items():
        if someone and re.match(rf"{both}(?= |$)", behind):
            return someone, len(both.split()), tuple(alone.split())
    return None


def _them(tokens: Words, place: int) -> str:
    """The food that "I can't stand them" is about."""
    if tokens[place] != "them" or not place or lemma_of(tokens[place - 1]) not in _TASTED:
        return ""
    for word in reversed(tokens[max(0, place - 10) : place]):
        if kind_of((word,)) in _FOODS and is_plural((word,)):
            return word
    return ""


def _that_is_favourite(tokens: Words, place: int, before: str) -> tuple[int, Words] | None:
    """The length of "that is my favourite food" behind "I'm cooking mussels with fries", and the words
    that say what is."""
    that = tuple(w.lower() for w in tokens[place : place + 4])
    if before not in _CLOSED or that[:2] not in (("that", "is"), ("it", "is"), ("they", "are")):
        return None
    if that[2:3] != ("my",) or that[3:4] not in (("favourite",), ("favorite",)):
        return None
    end = next((k for k in range(place, len(tokens)) if tokens[k] in _CLOSED), len(tokens))
    start = _sentence_start(tokens, place - 1) if place else 0
    verb = next((k for k in range(start, place) if lemma_of(tokens[k]) in _HAD), 0)
    thing = tokens[verb + 1 : place - 1] if verb else ()
    if not 0 < len(thing) < 6 or {*thing} & {*_CLOSED, *STOPS} or thing[0] in LOST:
        return None
    return end - place, (*tokens[place + 2 : end], "is", *thing)


def _hers_apart(tokens: Words, place: int) -> tuple[int, Words] | None:
    """The length of "her science teacher" before ", Mrs Patel", and the name."""
    if tokens[place] not in ("his", "her"):
        return None
    role = next((k for k in (1, 2) if {*tokens[place + k : place + k + 1]} & PEOPLE), 0)
    comma = place + role + 1
    name = name_at(tokens, comma + 1) if role and tokens[comma : comma + 1] == (",",) else ()
    closed = (tokens[comma + 1 + len(name) :][:1] or (".",))[0] in _CLOSED
    return (role + 1, name) if name and closed else None


def _kind_apart(tokens: Words, place: int) -> tuple[int, Words] | None:
    """The length of ", a white Berlingo," behind "bought a van", and what the van is."""
    last = place - 1 - (tokens[place - 1 : place] == ("too",))
    noun = tokens[last] if last > 0 and tokens[place] == "," else ""
    told = {"a", "an", "the"} & {*tokens[max(0, last - 2) : last]}
    if not noun or not told or tokens[place + 1 : place + 2] not in (("a",), ("an",)):
        return None
    one = next((k + 1 for k in range(place + 2, place + 6) if tokens[k : k + 1] == ("one",)), 0)
    end = next((k for k in range(place + 3, place + 6) if tokens[k : k + 1] == (",",)), 0) or one
    comma = tokens[end : end + 1] == (",",)
    if not end or tokens[end + comma : end + comma + 1] not in _GOES_ON or noun in PEOPLE | PETS:
        return None
    return end + comma - place, ("the", noun, "is", *tokens[place + 1 : end])


def _couple(tokens: Words, place: int, before: str) -> tuple[int, Words, Words] | None:
    """The length of "my sister and her husband Paul are", the words for her alone, and who he is."""
    pronoun = tokens[place].lower() in ("he", "she")
    first = (1 if pronoun else somebody_at(tokens, place)) if before in _CLOSED else 0
    whose = place + first + 1
    mine = pronoun or tokens[place].lower() in OWN
    if not first or tokens[whose - 1 : whose] != ("and",) or not mine:
        return None
    if tokens[whose : whose + 1] not in (("her",), ("his",)) and not pronoun:
        return None
    end = whose + somebody_at(tokens, whose)
    verb = tokens[end] if whose < end < len(tokens) else ""
    if (
        end == whose
        or not verb.isalpha()
        or not (has_form(verb, "VB") or has_form(verb, "VBD") or verb in _OF_ONE)
    ):
        return None
    one = _OF_ONE.get(verb) or (verb if has_form(verb, "VBD") else getInflection(verb, "VBZ")[0])
    owner = tokens[place : place + first]
    role, name = tokens[whose + 1], tokens[whose + 2 : end]
    named = name and not pronoun
    is_called = (".", *owner[:-1], f"{owner[-1]}'s", role, "is", *name) if named else ()
    return end + 1 - place, (*owner, one), is_called


def _eldest(tokens: Words, place: int, before: str) -> tuple[int, Words] | None:
    """The length of "the eldest, Farida," behind "three sisters", and "my eldest sister Farida"."""
    the, which, *rest = (*(w.lower() for w in tokens[place : place + 3]), "", "", "")[:3]
    noun = next((tokens[k] for k in range(place - 1, 0, -1) if _are_mine(tokens, k)), "")
    if before not in _CLOSED or the not in ("the", "my") or which not in _AGES or not noun:
        return None
    end = place + 2 + (rest == ["one"])
    name = name_at((",", *tokens[end + 1 :]), 1) if tokens[end : end + 1] == (",",) else ()
    if name:
        end += 1 + len(name)
        end += tokens[end : end + 1] == (",",)
    elif tokens[end : end + 1] in ((",",), ()) or tokens[end].lower() in _KIN:
        return None
    one = "child" if noun == "kids" or noun == "children" else noun.removesuffix("s")
    return end - place, ("my", which, one, *name)


def _are_mine(tokens: Words, place: int) -> bool:
    """Whether several of the user's stand at a place: "my sisters", "I have two sons"."""
    near = range(max(0, place - 2), place)
    mine = any(
        tokens[k].lower() in OWN or (tokens[k] in NUMBERS and holder(tokens, k) in OWN)
        for k in near
    )
    return tokens[place] in _KIN and is_plural((tokens[place],)) and mine


def _from_somewhere(tokens: Words, place: int) -> tuple[int, Words, Words] | None:
    """The length of "from Cork called Fionn", the place and the name."""
    where = name_at(tokens, place + 1) if tokens[place] == "from" else ()
    end = place + 1 + len(where)
    name = name_at(tokens, end + 1) if tokens[end : end + 1] in (("called",), ("named",)) else ()
    return (end + 1 + len(name) - place, where, name) if where and name else None


def _floor(tokens: Words, place: int) -> str:
    """ "third" for ", third floor" behind the home of the user."""
    comma, which, floor = (*tokens[place : place + 3], "", "", "")[:3]
    ordinal = which.endswith(("th", "st", "nd", "rd", "ground", "first", "second", "third", "top"))
    if comma != "," or floor != "floor" or not ordinal or tokens[place + 3 : place + 4] == ("of",):
        return ""
    first = place
    while first and tokens[first - 1] not in STOPS:
        first -= 1
    ahead = tokens[first:place]
    mine = any((w,) in SPEAKERS for w in ahead)
    return which if mine and _HOMES & {*ahead} and place < end_of_sentence(tokens, first) else ""
