"""Terse talk said in full: the "I" that was left out, (events.py) the "is" of "exam on friday".

    "been a vegan for ten years"           -> I have been a vegan for ten years
    "moving to Lille in May"               -> I am moving to Lille in May

Only what begins a sentence and can hardly be anything else: "Love my job" is no order, "Tell me" is.
Knows neighbouring words.
"""

from lemminflect import getAllLemmas

from agent.grammar.agenda import one_by_one
from agent.grammar.called import with_called
from agent.grammar.changed import with_changes
from agent.grammar.events import event, lowered, repaired
from agent.grammar.fragments import pieced
from agent.grammar.gaps import filled
from agent.grammar.introduced import introduced
from agent.grammar.kinds import kind_of
from agent.grammar.loose import plainly
from agent.grammar.opening import all_opened
from agent.grammar.parts import time_at
from agent.grammar.passing import named_in_passing
from agent.grammar.prices import priced
from agent.grammar.replaced import with_replaced
from agent.grammar.several import told_apart
from agent.grammar.together import each_told
from agent.grammar.words import (
    AUX,
    DAYS,
    DETERMINERS,
    LOST,
    NUMBERS,
    OWN,
    PREPOSITIONS,
    STOPS,
    Words,
    has_form,
    is_word,
    may_be_noun,
    name_at,
    sentences_of,
)
from agent.topics import PEOPLE

_DOING = frozenset("going flying moving travelling traveling driving visiting leaving working living "
                   "learning saving seeing meeting doing getting reading watching training playing "
                   "taking staying expecting studying renovating hosting celebrating "
                   "planning starting sharing".split())  # fmt: skip
_NO_DOING = frozenset(
    "being having nothing something anything everything during including regarding considering following "
    "according depending concerning excluding counting speaking talking thinking seeing missing "
    "losing".split()
)
_ON_THE_WAY = frozenset(
    "going flying travelling traveling staying leaving driving sailing working getting".split()
)
_NO_ROLES = frozenset(  # called so, as by a name
    "mum mom dad mama papa nan nana granny gran grandma grandpa granddad oma opa baby".split()
)
_GONE = frozenset("went was were flew drove travelled traveled visited stayed spent".split())
_STATES = frozenset(
    "allergic afraid scared terrified married engaged pregnant intolerant addicted".split()
)
_TASTES = frozenset("love hate like prefer enjoy".split())
_LIVING = {"live": "in at near with on above".split(), "work": "in at for as from with".split(),
           "want": ["to"], "need": ["to"]}  # fmt: skip
_REFUSED = frozenset("eat drink drive smoke like have stand swim sleep cook speak dance take hear see "
                     "walk run lift wear read ride sing fly bend sit climb".split())  # fmt: skip
_FAMILY = frozenset("kids children sons daughters boys girls brothers sisters siblings grandchildren "
                    "grandkids nieces nephews cats dogs".split())  # fmt: skip
_PARENTS = frozenset("mum mom mother dad father gran grandma grandad grandpa".split())
_ENDS = (*STOPS, ",", "and", "but", "so", "-")


def spoken_out(tokens: Words) -> Words:
    """The words with what terse talk leaves out put in."""
    tokens = with_changes(with_replaced(plainly(each_told(all_opened(_aged(tokens))))))
    tokens = filled(told_apart(with_called(pieced(one_by_one(tokens)))))
    said: list[str] = []
    for words, sign in sentences_of(tokens):
        if words and sign != ("?",):
            words = introduced(_turned_round(words), not any(map(is_word, said)))
            words = priced(_participles(_in_full(words)))
            words = (*words, *named_in_passing(words))
        said += (*words, *sign)
    return tuple(said)


def _aged(tokens: Words) -> Words:
    """ "since I was 7" as a time: since the age of 7."""
    for place in range(len(tokens) - 3):
        when, *i_was = (w.lower() for w in tokens[place : place + 3])
        since = when in ("since", "when") and i_was == ["i", "was"]
        years, after = tokens[place + 3], tokens[place + 4 : place + 5]
        if (
            since
            and (when == "since" or _is_of_mine(tokens, place))
            and (years.isdigit() or years in NUMBERS)
            and after in ((), *((s,) for s in _ENDS))
        ):
            at = when if when == "since" else "at"
            return (*tokens[:place], at, "the", "age", "of", *_aged(tokens[place + 3 :]))
        child = " ".join(tokens[place + 3 : place + 5]) in ("a child", "a kid", "a baby")
        if since and child and when == "since":
            return (*tokens[:place], "since", "childhood", *_aged(tokens[place + 5 :]))
    return tokens


def _is_of_mine(tokens: Words, place: int) -> bool:
    """Whether what was so "when I was 9" is told of me; not "my dad died when I was 9"."""
    ahead = [w.lower() for w in tokens[:place]]
    begin = max((k + 1 for k, w in enumerate(ahead) if w in _ENDS), default=0)
    behind = [w.lower() for w in tokens[place + 4 : place + 6] if w != ","]
    return bool({"i", "we"} & {*(ahead[begin:] or behind[:1])})


def _in_full(words: Words) -> Words:
    """One sentence with its subject, or its "is"."""
    if words[0].endswith("'s") and words[0].lower().removesuffix("'s") in PEOPLE:
        words = ("my", *lowered(words))  # "wife's birthday next Thursday"
    if words[0].lower() in PEOPLE - _NO_ROLES and _is_finite(words[1:2]):
        words = ("my", *lowered(words))  # "Landlord wants 300 more"
    if left_out := _left_out(words):
        return repaired((*left_out, words[0].lower(), *words[1:]))
    if words[0].lower() in ("favourite", "favorite") and {"is", "are"} & {*words[2:4]}:
        return ("my", *lowered(words))
    return repaired(event(words))


def _left_out(words: Words) -> Words:
    """What was left out before the first word: "I", "I am", "I have"; nothing where it is in order."""
    first, *rest = [w.lower() for w in (*words[:3], "", "")]
    second = rest[0]
    if second in ("", ",") or name_at((".", *words), 1):
        return ()
    if first == "must" and has_form(second, "VB") and second not in ("be", "have"):
        return ("I",)
    if first == "been":
        return ("I", "have")
    if first == "not" and has_form(second, "VBG"):
        return ("I", "am")
    if first == "born" and second in ("in", "on", "and"):
        return ("I", "was")
    if first in _STATES and second in ("to", "of"):
        return ("I", "am")
    parent, of, many = (*(w.lower() for w in words), "", "", "")[first in ("single", "proud") :][:3]
    if parent in _PARENTS and of == "of" and many in NUMBERS:
        return ("I", "am", "a")
    if first in NUMBERS and second in _FAMILY and rest[1] in ("", ",", ":", "and", "called"):
        return ("I", "have")
    if first == "living" and second not in PREPOSITIONS:
        return ()
    if first in ("says", "thinks", "wants") and second in ("he", "she"):
        return (second,)
    goes_on = has_form(first, "VBG") and second in DETERMINERS and first not in _NO_DOING
    if goes_on and not _has_verb(_until_comma(words[1:])):
        return ("I", "am")  # "Painting the kitchen."
    if first in _DOING and not _has_verb(_until_comma(words[1:])):
        return ("I", "am")
    return ("I",) if _is_mine(words, first, second, rest[1]) else ()


def _is_mine(words: Words, first: str, second: str, third: str) -> bool:
    """Whether the verb that begins a sentence is the user's: no order, no noun."""
    if first == "retired":
        return second in ("in", "at", "from", "after") or time_at(words, 1) > 0
    if first == "am" or (first == "had" and second in ("a", "an", "my", "to")):
        return True
    if first in ("can", "do") and second == "not":
        return third in _REFUSED and len(words) > 3
    if first in _TASTES:
        if second in PREPOSITIONS or (first == "like" and second in DETERMINERS):
            return False
        return second not in LOST | AUX | {"to", "and"} and not second.startswith("you")
    if second in _LIVING.get(first, ()):
        return len(words) > 2
    if (
        first == "have"
        and len(words) > 2
        and (second in NUMBERS or second.isdigit() or second in ("a", "an"))
    ):
        return bool(kind_of(words[2:]) or {w.lower() for w in words[2:]} & PEOPLE)
    if not has_form(first, "VBD") or first in AUX:
        return False
    past = not has_form(first, "VB") or first in ("found", "left")
    if past and second in ("up", "in", "out", "off") and third == "with":
        return True  # "broke up with Sam"
    mine = second in OWN or (second in ("a", "an", "the") and past)
    return mine and "VERB" in getAllLemmas(first)


def _turned_round(words: Words) -> Words:
    """ "Saturday is my exam in Leeds" as "my exam is on Saturday in Leeds"."""
    size = next((k for k, w in enumerate(words[:6]) if w == "is"), 0)
    after = words[size + 1 : size + 2]
    day = words[0].lower() in DAYS - {"today", "tomorrow", "tonight"}
    time = (*(("on",) if day else ()), *words[:size])
    if not size or not after or after[0].lower() not in OWN or time_at(time, 0) != len(time):
        return words
    end = size + 1
    while end < len(words) and is_word(words[end]) and words[end].lower() not in PREPOSITIONS:
        end += 1
    return (
        after[0].lower(),
        *words[size + 2 : end],
        "is",
        time[0].lower(),
        *time[1:],
        *words[end:],
    )


def _is_finite(words: Words) -> bool:
    return bool(words) and (
        words[0] in AUX or any(has_form(words[0], tag) for tag in ("VBZ", "VBD"))
    )


def _until_comma(words: Words) -> Words:
    return words[: words.index(",")] if "," in words else words


def _participles(words: Words) -> Words:
    """ "I fly to Rome, staying with Ana" with its "I am"."""
    lower = [w.lower() for w in words]
    if not {"i", "we", "us"} & {*lower} or _GONE & {*lower}:
        return words
    said: list[str] = []
    for before, word in zip(("", *words), words, strict=False):
        if before == "," and word.lower() in _ON_THE_WAY:
            said[-1:] = [".", "I", "am"]
        said.append(word)
    return tuple(said)


def _has_verb(words: Words) -> bool:
    """Whether a finite verb follows ("Moving house is hard")."""
    for word, after in zip(words, (*words[1:], ""), strict=True):
        bare = not may_be_noun(word.lower()) or after.lower() in DETERMINERS | {"me", "us", "you"}
        if (word.lower() in AUX and word != "May") or (has_form(word, "VBZ") and bare):
            return True
    return False
