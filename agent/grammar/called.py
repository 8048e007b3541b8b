"""What things are called, by a name in commas behind them: "a print shop, Tinta Fresca".

    I work at a print shop, Tinta Fresca  -> I work at a print shop called Tinta Fresca
    my school, St Anne's, is closing      -> my school is closing. my school is called St Anne's
    my friend from work, Ada, is ill      -> my friend Ada is ill. I know Ada from work

Knows neighbouring words; people and pets are of names.py.
"""

from collections.abc import Iterator

from agent.grammar.jobs import is_job
from agent.grammar.kinds import KINDS, kind_of
from agent.grammar.several import listed_at
from agent.grammar.turning import flip
from agent.grammar.words import BE, OWN, PREPOSITIONS, STOPS, Words, is_word, may_be_noun, name_at
from agent.topics import PEOPLE, PETS

Pair = tuple[str, str]
_CLOSED = (",", *STOPS, "and", "but", "-", ")")
_FOLK = frozenset("man woman guy girl boy lady lad eldest oldest youngest".split())
_ELDEST = frozenset("eldest oldest youngest".split())
_AT = ("in", "on", "at", "near")
_APART = frozenset("from in at across down over opposite next on".split())  # "my friend from work"
_HAD = (("have",), ("own",), ("run",), ("work",), ("opened",), ("manage",))
_LONGEST = 4  # words of a thing


def with_called(tokens: Words) -> Words:
    """The words with "called" where only a comma stands."""
    said, later = list[str](), list[str]()
    place = 0
    while place < len(tokens):
        if tokens[place] in STOPS and later:
            said += later
            later = []
        name = name_at(tokens, place + 1) if tokens[place] == "," else ()
        end = place + 1 + len(name)
        apart = bool(name) and _is_apart(tokens, place + 1, end)
        role = _role_end(tokens, place)
        phrase = tokens[role:place]
        if apart and _is_told_of(tokens, role, end) and not _is_part_of(name, phrase):
            said[len(said) - len(phrase) :] = name  # "my mother-in-law, Graça, sings"
            later += _where_from(name, phrase)
            place = end + 1
            continue
        thing = _thing_before(tokens, place) if apart else ()
        apt = bool(thing) and (is_job(thing) or (thing[0] != "the" and _has_names(thing)))
        if thing and thing[0] in ("a", "an") and apt:  # not "I want a coffee, Nora"
            said += ("called", *name)
            place = end
        elif there := _thing_somewhere(tokens, place) if apart and not thing else ():
            later += (".", *there, "is", "called", *name)
            place = end + (tokens[end : end + 1] == (",",))
        elif thing and apt:
            later += (".", *thing, "is", "called", *name)
            place = end + (tokens[end : end + 1] == (",",))
        else:
            said.append(tokens[place])
            place += 1
    return (*said, *later)


def _role_end(tokens: Words, comma: int) -> int:
    """Where "my friend" ends before a comma, also with "from work" between them."""
    for place in range(comma - 2, max(1, comma - 5), -1):
        if not all(map(is_word, tokens[place:comma])):
            break
        if tokens[place] in _APART and tokens[place - 1].lower() in PEOPLE:
            return place
    return comma


def _is_part_of(name: Words, phrase: Words) -> bool:
    """Whether the name says where the place before it lies: "in Perth, Australia"."""
    return phrase[:1] == ("in",) and name[-1].lower() in KINDS["country"]


def _where_from(name: Words, phrase: Words) -> Words:
    """The phrase that stood between somebody and the name, as a sentence of its own."""
    if phrase[:1] == ("from",):
        return (".", "I", "know", *name, *phrase)
    lives = phrase[:1] == ("in",) and name_at((",", *phrase[1:]), 1) == phrase[1:]
    return (".", *name, "lives", *phrase) if lives else ()


def _is_told_of(tokens: Words, place: int, end: int) -> bool:
    """Whether somebody of the user's stands before a place, with the name in commas, and a verb
    behind it."""
    role = place > 1 and tokens[place - 1].lower() in PEOPLE | PETS | KINDS["pet"] | _ELDEST
    mine = role and {w.lower() for w in tokens[max(0, place - 3) : place - 1]} & {
        *OWN,
        "his",
        "her",
    }
    after = tokens[end + 1 : end + 2]
    goes_on = tokens[end : end + 1] == (",",) and after not in ((), ("and",), ("who",))
    return bool(mine) and goes_on and not name_at(tokens, end + 1) and after[0].lower() not in OWN


def _has_names(thing: Words) -> bool:
    """Whether what is of that kind has a name: "a print shop", "a man", not "a coffee"."""
    return bool({thing[-1], " ".join(thing[-2:])} & (KINDS["named"] | _FOLK))


def _is_apart(tokens: Words, start: int, end: int) -> bool:
    """Whether a name ends what it belongs to, and is not the first of several."""
    return (end == len(tokens) or tokens[end] in _CLOSED) and not listed_at(tokens, start)


def _thing_before(tokens: Words, place: int) -> Words:
    """ "a print shop" before `place`; nothing where somebody or a vehicle stands there, or where it is
    said of somebody: "he is a good egg, Leopold", "my car, a Corsa"."""
    for back in range(place - 1, max(-1, place - 1 - _LONGEST), -1):
        word = tokens[back].lower()
        noun = [w.lower() for w in tokens[back + 1 : place]]
        if word in ("a", "an", "the", *OWN):
            said_of = back > 0 and tokens[back - 1].lower() in BE
            someone = {*noun} & (PEOPLE | PETS | KINDS["pet"] | KINDS["person"])
            known = noun and (may_be_noun(noun[-1]) or noun[-1] in KINDS["named"])
            known = known and tokens[place - 1].islower()
            if not known or said_of or someone or kind_of((noun[-1],)) == "vehicle":
                return ()
            return (word, *noun)
        if not is_word(word) or word in PREPOSITIONS:
            return ()
    return ()


def _thing_somewhere(tokens: Words, place: int) -> Words:
    """ "my café" before the place of "I have a café on Mill Street in Ulm, Kiwi": what one has or works
    at there."""
    start = next((k + 1 for k in range(place - 1, -1, -1) if tokens[k] in STOPS), 0)
    mine = (tokens[start], tokens[start + 1 : start + 2]) if start < place else ("", ())
    if mine[0] not in ("I", "We", "we") or mine[1] not in _HAD:
        return ()
    back = place
    while back > start:
        at = next((k for k in range(back - 1, max(start, back - 5), -1) if tokens[k] in _AT), 0)
        if not at or len(name_at((",", *tokens[at + 1 : back]), 1)) != back - at - 1:
            break
        back = at
    thing = _thing_before(tokens, back) if back < place else ()
    named = thing and thing[0] in ("a", "an") and _has_names(thing)
    return ("my", thing[-1]) if named else ()


def thing_named(tokens: Words, start: int, name: str) -> Iterator[Pair]:
    """ "a print shop called Tinta Fresca": what is called so."""
    if tokens[start - 1 : start] not in (("called",), ("named",)) or start < 3:
        return
    thing = _thing_before(tokens, start - 1)
    if thing and thing[0] in ("a", "an"):
        whole = " ".join(("the", *thing[1:]))
        called = f"{flip((whole,)).capitalize()} is called {name}."
        yield f"What is {whole} called?", called
        yield f"What is the name of {whole}?", called
