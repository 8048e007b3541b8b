"""Terse talk said in full: the "I" that was left out, the "is" of "dentist on Friday at nine".

    "been a vegan for ten years"           -> I have been a vegan for ten years
    "moving to Lille in May"               -> I am moving to Lille in May
    "exam on friday"                       -> my exam is on friday
    "380 quid to fix"                      -> the repair costs 380 quid

Only what begins a sentence and can hardly be anything else: "Love my job" is no order, "Tell me" is.
Knows neighbouring words.
"""

from lemminflect import getAllLemmas

from agent.grammar.agenda import one_by_one
from agent.grammar.called import with_called
from agent.grammar.changed import with_changes
from agent.grammar.fragments import pieced
from agent.grammar.gaps import filled
from agent.grammar.introduced import introduced
from agent.grammar.kinds import is_price, kind_of
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
_MY_EVENTS = frozenset("appointment exam interview flight trip holiday operation surgery checkup check-up "
                       "test shift lesson scan viewing audition vacation birthday "
                       "anniversary date dinner lunch brunch".split())  # fmt: skip
_THE_EVENTS = frozenset(
    "wedding party funeral concert match meeting ceremony race gig recital".split()
)
_SEEN = frozenset("dentist doctor vet physio hairdresser therapist midwife optician barber clinic gp "
                  "hygienist solicitor hospital".split())  # fmt: skip
_FAMILY = frozenset("kids children sons daughters boys girls brothers sisters siblings grandchildren "
                    "grandkids nieces nephews cats dogs".split())  # fmt: skip
_PARENTS = frozenset("mum mom mother dad father gran grandma grandad grandpa".split())
_ENDS = (*STOPS, ",", "and", "but", "so", "-")
_LINKS = frozenset("to in at with for from".split())
_REPAIRS = {"fix": "repair", "repair": "repair", "mend": "repair", "replace": "replacement"}


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
        words = ("my", *_lower(words))  # "wife's birthday next Thursday"
    if words[0].lower() in PEOPLE - _NO_ROLES and _is_finite(words[1:2]):
        words = ("my", *_lower(words))  # "Landlord wants 300 more"
    if left_out := _left_out(words):
        return _repaired((*left_out, words[0].lower(), *words[1:]))
    if words[0].lower() in ("favourite", "favorite") and {"is", "are"} & {*words[2:4]}:
        return ("my", *_lower(words))
    return _repaired(_event(words))


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


def _event(words: Words) -> Words:
    """ "dentist this thursday at half nine", "wedding is on 14 june", "my flight to Oslo on friday"."""
    own = words[0].lower() in OWN | {"the"}
    noun = int(own)
    while noun < min(3, len(words)) and words[noun].lower() not in _MY_EVENTS | _THE_EVENTS | _SEEN:
        bare = words[noun].removesuffix("'s") if own else words[noun]
        if not bare.isalpha() or words[noun].lower() in DETERMINERS | AUX | _LINKS:
            return words
        noun += 1
    if noun >= min(3, len(words)) or (noun > own and time_at(words, own)):
        return words
    end, name = noun + 1, words[noun].lower()
    if name in _SEEN and words[end : end + 1] == ("appointment",):
        name, end = "appointment", end + 1
    if words[end : end + 1] == ("is",) and not own:
        return (_whose(name), *_lower(words))
    tail = end
    while tail < len(words) and not time_at(words, tail):
        if words[tail].lower() in ("booked", "scheduled") and time_at(words, tail + 1):
            break
        if not is_word(words[tail]) or words[tail].lower() in AUX or tail - end > 4:
            return words
        tail += 1
    after = tail + (words[tail : tail + 1] in (("booked",), ("scheduled",)))
    while after < len(words) and time_at(words, after):
        after += time_at(words, after)
    goes_on = PREPOSITIONS | {"and", "but", "so"}
    if after < len(words) and is_word(words[after]) and words[after].lower() not in goes_on:
        return words  # "interview on Monday went badly"
    linked = tail == end or words[end].lower() in _LINKS
    if tail >= len(words) or not linked or (words[tail].lower() in ("for", "a") and tail == end):
        return words
    called = ("appointment",) if name in _SEEN else ()
    before = words[:end] if own else (_whose(name), *_lower(words[:end]))
    return (*before, *called, *words[end:tail], "is", *words[tail:])


def _whose(name: str) -> str:
    return "the" if name in _THE_EVENTS else "my"


def _lower(words: Words) -> Words:
    return words if words[0].isupper() and len(words[0]) > 1 else (words[0].lower(), *words[1:])


def _repaired(words: Words) -> Words:
    """ "380 quid to fix" as a sentence of its own."""
    for place in range(len(words) - 1, 1, -1):
        what = _REPAIRS.get(words[place].lower())
        ends = words[place + 1 : place + 2] in ((), (",",), ("it",))
        if what and ends and words[place - 1] == "to":
            first = place - 1
            while first and words[first - 1] != ",":
                first -= 1
            price = words[first : place - 1]
            if price and price[0][-1].isdigit() and len(price) < 3 and is_price(price):
                rest = words[place + 1 :]
                stop = (".",) if first else ()
                return (*words[: max(0, first - 1)], *stop, "the", what, "costs", *price, *rest)
    return words
