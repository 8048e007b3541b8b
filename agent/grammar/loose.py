"""Loose talk, said plainly.

    mum's 74                            -> my mum is 74
    everyone calls me Ciru              -> my nickname is Ciru
    my name, Xochitl, is hard to say    -> my name is hard to say. my name is Xochitl
    she runs her own shop               -> she runs a shop
    my girlfriend's Brazilian           -> my girlfriend is Brazilian (and: deaf, pregnant)
    a flat in Graz, third floor         -> a flat in Graz. I live on the third floor
    bought a van, a red Kangoo, for 900 -> bought a van for 900. the van is a red Kangoo

Knows neighbouring words; company.py has people beside one another.
"""

from agent.grammar.company import (
    Reworded,
    along,
    couple,
    i_met,
    me_and,
    sentence_start,
    we_both,
    with_whom,
)
from agent.grammar.holding import holder
from agent.grammar.kinds import KINDS, kind_of
from agent.grammar.words import (
    AUX,
    CLOSED,
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
_CALLERS = (("they",), ("people",), ("everyone",), ("everybody",), ("friends",), ("my", "friends"),
            ("most", "people"), ("you", "can"), ("colleagues",), ("my", "colleagues"),
            ("the", "guys"), ("please",), ("just",), ())  # fmt: skip
_TASTED = frozenset("stand bear hate love adore like dislike eat detest".split())
_FOODS = ("foods", "food", "fruits", "vegetables", "sweets", "drinks")
_HAD = frozenset("cook make bake eat have play watch read order".split())
_GOES_ON = (("for",), ("from",), ("in",), ("at",), ("off",))
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
        size, here, behind = _reworded(tokens, place, said[-1] if said else ".")
        said += here
        later += behind
        place += size
    return (*said, *later)


def _reworded(tokens: Words, place: int, before: str) -> Reworded:
    """What is said of the words at a place by the first rule that knows them; `before` is the word
    that was said last."""
    for rule in (_nickname, _name_apart, _eldest, i_met, _them, _that_is_favourite, _hers_apart,
                 _kind_apart, couple, we_both, along, with_whom, me_and, _floor,
                 _from_somewhere):  # fmt: skip
        if found := rule(tokens, place, before):
            return found
    return 1, _one(tokens, place, before), ()


def _one(tokens: Words, place: int, before: str) -> Words:
    """One word as it should stand."""
    word, after = tokens[place], tokens[place + 1 : place + 2]
    lower = word.lower()
    if before in CLOSED and lower.removesuffix("'s") in _PARENTS and not name_at(tokens, place + 1):
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
    of_mine = before in CLOSED and lower == "the" and after and after[0].lower() in _KIN
    if of_mine and {after[0].lower(), after[0].lower() + "s"} & {*tokens[:place]}:
        return ("my",)  # "I have one sister. The sister, Noor, ..."
    if lower in ("his", "her") and after == ("own",):
        owned = tokens[place + 2 : place + 3] or ("s",)
        one = ("an" if owned[0][0].lower() in "aeiou" else "a",)
        return () if is_plural(owned) else one
    if word == "own" and tokens[place - 1 : place] in (("his",), ("her",)):
        return ()
    so = after and after[0].lower() in _SO | KINDS["nationality"] | KINDS["status"] | KINDS["diet"]
    if word.endswith("'s") and so and (tokens[place + 2 : place + 3] or (".",))[0] in CLOSED:
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


def _nickname(tokens: Words, place: int, before: str) -> Reworded | None:
    """ "everyone calls me Ciru"."""
    if before not in CLOSED:
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
        if same and calls and name and (tokens[verb + 2 + len(name) :][:1] or (".",))[0] in CLOSED:
            return len(who) + 2 + len(name), (), (".", "my", "nickname", "is", *name)
    return None


def _name_apart(tokens: Words, place: int, before: str) -> Reworded | None:
    """ "my name, Xochitl,"."""
    if tuple(w.lower() for w in tokens[place : place + 3]) != ("my", "name", ","):
        return None
    name = name_at(tokens, place + 3)
    end = place + 3 + len(name)
    size = end - place + (tokens[end : end + 1] == (",",))
    told = (".", "my", "name", "is", *name)
    return (size, tokens[place : place + 2], told) if name else None


def _them(tokens: Words, place: int, before: str) -> Reworded | None:
    """The food that "I can't stand them" is about."""
    if tokens[place] != "them" or not place or lemma_of(tokens[place - 1]) not in _TASTED:
        return None
    for word in reversed(tokens[max(0, place - 10) : place]):
        if kind_of((word,)) in _FOODS and is_plural((word,)):
            return 1, (word,), ()
    return None


def _that_is_favourite(tokens: Words, place: int, before: str) -> Reworded | None:
    """ "that is my favourite food" behind "I'm cooking mussels with fries": what is."""
    that = tuple(w.lower() for w in tokens[place : place + 4])
    if before not in CLOSED or that[:2] not in (("that", "is"), ("it", "is"), ("they", "are")):
        return None
    if that[2:3] != ("my",) or that[3:4] not in (("favourite",), ("favorite",)):
        return None
    end = next((k for k in range(place, len(tokens)) if tokens[k] in CLOSED), len(tokens))
    start = sentence_start(tokens, place - 1) if place else 0
    verb = next((k for k in range(start, place) if lemma_of(tokens[k]) in _HAD), 0)
    thing = tokens[verb + 1 : place - 1] if verb else ()
    if not 0 < len(thing) < 6 or {*thing} & {*CLOSED, *STOPS} or thing[0] in LOST:
        return None
    return end - place, (*tokens[place + 2 : end], "is", *thing), ()


def _hers_apart(tokens: Words, place: int, before: str) -> Reworded | None:
    """ "her science teacher" before ", Mrs Patel", and what she is called."""
    if tokens[place] not in ("his", "her"):
        return None
    role = next((k for k in (1, 2) if {*tokens[place + k : place + k + 1]} & PEOPLE), 0)
    comma = place + role + 1
    name = name_at(tokens, comma + 1) if role and tokens[comma : comma + 1] == (",",) else ()
    closed = (tokens[comma + 1 + len(name) :][:1] or (".",))[0] in CLOSED
    hers = tokens[place:comma]
    return (role + 1, hers, (".", *hers, "is", *name)) if name and closed else None


def _kind_apart(tokens: Words, place: int, before: str) -> Reworded | None:
    """ ", a white Berlingo," behind "bought a van": what the van is."""
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
    return end + comma - place, (), (".", "the", noun, "is", *tokens[place + 1 : end])


def _eldest(tokens: Words, place: int, before: str) -> Reworded | None:
    """ "the eldest, Farida," behind "three sisters": "my eldest sister Farida"."""
    the, which, *rest = (*(w.lower() for w in tokens[place : place + 3]), "", "", "")[:3]
    if before not in CLOSED or the not in ("the", "my") or which not in _AGES:
        return None
    noun = next((tokens[k] for k in range(place - 1, 0, -1) if _are_mine(tokens, k)), "")
    if not noun:
        return None
    end = place + 2 + (rest == ["one"])
    name = name_at((",", *tokens[end + 1 :]), 1) if tokens[end : end + 1] == (",",) else ()
    if name:
        end += 1 + len(name)
        end += tokens[end : end + 1] == (",",)
    elif tokens[end : end + 1] in ((",",), ()) or tokens[end].lower() in _KIN:
        return None
    one = "child" if noun == "kids" or noun == "children" else noun.removesuffix("s")
    return end - place, ("my", which, one, *name), ()


def _are_mine(tokens: Words, place: int) -> bool:
    """Whether several of the user's stand at a place: "my sisters", "I have two sons"."""
    near = range(max(0, place - 2), place)
    mine = any(
        tokens[k].lower() in OWN or (tokens[k] in NUMBERS and holder(tokens, k) in OWN)
        for k in near
    )
    return tokens[place] in _KIN and is_plural((tokens[place],)) and mine


def _from_somewhere(tokens: Words, place: int, before: str) -> Reworded | None:
    """ "from Cork called Fionn"."""
    where = name_at(tokens, place + 1) if tokens[place] == "from" else ()
    end = place + 1 + len(where)
    name = name_at(tokens, end + 1) if tokens[end : end + 1] in (("called",), ("named",)) else ()
    size, told = end + 1 + len(name) - place, (".", *name, "is", "from", *where)
    return (size, ("called", *name), told) if where and name else None


def _floor(tokens: Words, place: int, before: str) -> Reworded | None:
    """ ", third floor" behind the home of the user, and the "no lift" behind it."""
    comma, which, floor = (*tokens[place : place + 3], "", "", "")[:3]
    ordinal = which.endswith(("th", "st", "nd", "rd", "ground", "first", "second", "third", "top"))
    if comma != "," or floor != "floor" or not ordinal or tokens[place + 3 : place + 4] == ("of",):
        return None
    first = place
    while first and tokens[first - 1] not in STOPS:
        first -= 1
    ahead = tokens[first:place]
    mine = any((w,) in SPEAKERS for w in ahead)
    if not mine or not _HOMES & {*ahead} or place >= end_of_sentence(tokens, first):
        return None
    end = place + 3
    if tokens[end : end + 1] == ("no",):
        end = next((k for k in range(end, len(tokens)) if tokens[k] in CLOSED), len(tokens))
    lacks = (".", "there", "is", *tokens[place + 3 : end]) if end > place + 3 else ()
    return end - place, (), (".", "I", "live", "on", "the", which, "floor", *lacks)
