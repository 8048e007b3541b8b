"""Scraps that go with the sentence before them: a price, a person, a reason, a time.

    Sold the bike. 85 pounds. To a pastor.  -> Sold the bike for 85 pounds to a pastor.
    Can't take ibuprofen. Ulcers.           -> Can not take ibuprofen because of ulcers.
    Knee bad again. Left one.               -> my left knee is bad again.
    Clinic on Friday, 2 pm. Dr Noor.        -> Clinic on Friday at 2pm with Dr Noor.
    My knee will be cut. 6 May.             -> My knee will be cut on 6 May.
    Bike stolen Sunday night.               -> my bike was stolen Sunday night.
    Started pottery, wednesdays at 7        -> Started pottery. pottery is on Wednesdays at 7.

A scrap is one by its first words and its length, and by what stands before it. Knows neighbouring words.
"""

from itertools import pairwise

from agent.grammar.kinds import KINDS, is_price
from agent.grammar.parts import parts_of, time_at
from agent.grammar.words import (
    DAYS,
    DETERMINERS,
    LOST,
    MONTHS,
    NUMBERS,
    OWN,
    TITLES,
    Words,
    has_form,
    is_known,
    is_word,
    lemma_of,
    may_be_noun,
    name_at,
    sentences_of,
    verb_lemmas,
)

_TRADED = {"sell": ("for", "to"), "buy": ("for", "from"), "rent": ("for", "from", "to"),
           "borrow": ("from",), "get": ("for", "from"), "lend": ("to",), "give": ("to",)}  # fmt: skip
_BEGUN = frozenset("start begin join do take".split())
_SICK = frozenset(
    "bad sore swollen stiff broken hurts aches worse better itchy numb bruised".split()
)
_SEEN = frozenset("clinic dentist doctor vet physio hairdresser therapist midwife optician hospital "
                  "appointment check-up checkup barber surgery interview".split())  # fmt: skip
_TESTED = frozenset("exam test lesson class tutorial quiz oral".split())
_TEACHER = frozenset("teacher instructor coach trainer tutor".split())
_BARRED = frozenset(
    "take eat drink have run lift drive work smoke swim fly wear donate give use sleep".split()
)
_BEFALLEN = frozenset("stolen cancelled canceled delayed postponed towed hacked damaged".split())
_BEGINNERS = frozenset("i we my our the".split())
_COMING = frozenset(
    "moving flying travelling leaving going starting getting having marrying".split()
)
_AGAIN = frozenset("again today now still lately".split())


def pieced(tokens: Words) -> Words:
    """The words with each scrap put where it belongs."""
    said = list[Words]()
    for words, sign in sentences_of(tokens):
        whole = _joined(said[-1][:-1], words) if said and said[-1][-1:] == (".",) else ()
        if whole and sign != ("?",):
            said[-1] = (*whole, *(sign or (".",)))
        else:
            said.append((*(words if sign == ("?",) else _pieces_put(words)), *sign))
    return tuple(word for sentence in said for word in sentence)


def _joined(before: Words, scrap: Words) -> Words:
    """Both as one sentence, or nothing."""
    if not before or not scrap or not all(map(is_word, scrap)) or len(scrap) > 5:
        return ()
    lower = tuple(w.lower() for w in scrap)
    if added := _of_trade(before, scrap):
        return (*before, *added)
    if _is_ahead(before) and (moment := _when(scrap)):
        bare = moment[0][0].isdigit() or moment[0].lower() in MONTHS
        return (*before, *(("on",) if bare else ()), *moment)
    if _is_barred(before) and _may_be_reason(scrap):
        return (*before, "because", "of", *lower)
    if lower in (
        ("left", "one"),
        ("right", "one"),
        ("the", "left", "one"),
        ("the", "right", "one"),
    ):
        part = next((k for k, w in enumerate(before) if w.lower() in KINDS["body_part"]), 0)
        return (*before[:part], lower[-2], *before[part:]) if part else ()
    named = scrap[lower[0] == "with" :]
    if before[:1] and {w.lower() for w in before[:3]} & _SEEN and _has_time(before):
        if name_at((",", *named), 1) == named or (named and named[0] in TITLES and len(named) == 2):
            return (*before, "with", *named)
    return ()


def _is_ahead(words: Words) -> bool:
    """ "My knee will be cut", "moving to Lille": still to come, and not said when."""
    lower = [w.lower() for w in words]
    coming = "will" in lower or has_form(lower[0], "VBG") and lower[0] in _COMING
    coming = coming or any(
        be in ("am", "is", "are") and verb in _COMING for be, verb in pairwise(lower)
    )
    return coming and "not" not in lower and "," not in lower and not _has_time(words)


def _of_trade(before: Words, scrap: Words) -> Words:
    """ "for 85,000 shillings", "to a pastor" behind what was sold or bought."""
    first = before[before[0] == "I" :][:1]
    links = _TRADED.get(lemma_of(first[0]), ()) if first and has_form(first[0], "VBD") else ()
    head = scrap[0].lower()
    if "for" in links and "for" not in before and (price := scrap[head == "for" :]):
        if (
            is_price(price)
            and price[-1] != "each"
            and (price[0][-1].isdigit() or price[0].lower() in NUMBERS)
        ):
            return ("for", *price)
    if head in links and head != "for" and head not in before:
        inner = scrap[1:]
        someone = inner and (inner[0].lower() in DETERMINERS - LOST or name_at((",", *inner), 1))
        return (head, *inner) if someone else ()
    return ()


def _is_barred(words: Words) -> bool:
    """ "Can not take ibuprofen": what somebody must leave alone."""
    place = words.index("not") if "not" in words else 0
    after = words[place + 1 : place + 2]
    barred = bool(after) and after[0].lower() in _BARRED and "because" not in words
    return barred and words[place - 1].lower() in ("can", "do") and "," not in words


def _may_be_reason(scrap: Words) -> bool:
    """ "Ulcers", "bad stomach", "too much sugar": things, in few words."""
    last = scrap[-1].lower()
    if len(scrap) > 3 or not last.isalpha() or last in _AGAIN:
        return False
    ill = last.removesuffix("s") in KINDS["illness"] | KINDS["ailment"]
    return ill or last in ("allergy", "allergies", "religion", "pregnancy")


def _has_time(words: Words) -> bool:
    return any(time_at(words, place) for place in range(len(words)))


# One sentence in pieces


def _pieces_put(words: Words) -> Words:
    if not words:
        return words
    if found := _sick(words) or _happened(words):
        return found
    words = _tails_joined(_with_at(words))
    pieces = _between_commas(words)
    if len(pieces) < 2:
        return words
    first, *others = pieces
    if _is_event(first):
        return _event(first, others)
    started = first[first[0] == "I" :]
    verb = lemma_of(started[0]) if started and has_form(started[0], "VBD") else ""
    if verb in _TRADED:
        whole = first
        for piece in others:
            whole = (*whole, *added) if (added := _of_trade(whole, piece)) else ()
            if not whole:
                return words
        return whole
    if verb in _BEGUN and 1 < len(started) < 5 and all(map(is_word, started)):
        return _course(first, started[1:], others) or words
    return words


def _between_commas(words: Words) -> list[Words]:
    found, start = list[Words](), 0
    for place, word in enumerate((*words, ",")):
        if word == "," and place > start:
            found.append(words[start:place])
            start = place + 1
    return found


def _sick(words: Words) -> Words:
    """ "Knee bad again" -> my knee is bad again."""
    lower = [w.lower() for w in words]
    side = int(lower[0] in ("left", "right"))
    part = lower[side] if len(lower) > side + 1 else ""
    rest = lower[side + 1 :]
    if part not in KINDS["body_part"] or rest[0] not in _SICK or len(rest) > 3:
        return ()
    verb = () if rest[0] in ("hurts", "aches") else ("is",)
    return ("my", *lower[: side + 1], *verb, *rest) if {*rest[1:]} <= _AGAIN else ()


def _happened(words: Words) -> Words:
    """ "Bike stolen Sunday night", "My flight cancelled" with its "was"."""
    own = words[0].lower() in OWN
    thing = [w.lower() for w in words[own : own + 2]]
    size = next((k for k, w in enumerate(thing) if w in _BEFALLEN), 0) + own
    noun = words[size - 1].lower() if size > own else ""
    rest = words[size + 1 :]
    if not noun or not may_be_noun(noun) or noun in LOST or (rest and not time_at(rest, 0)):
        return ()
    return ("my", *(w.lower() for w in words[own:size]), "was", *words[size:])


def _is_event(first: Words) -> bool:
    lower = {w.lower() for w in first[:3]}
    return bool(lower & (_SEEN | _TESTED)) and _has_time(first) and len(first) < 9


def _event(first: Words, others: list[Words]) -> Words:
    """ "exam on friday, chemistry", "clinic on friday, 2pm, dr noor"."""
    left = list[Words]()
    for piece in others:
        lower = piece[0].lower()
        if len(piece) == 1 and _is_clock(lower):
            first = (*first, "at", *piece)
        elif time_at(piece, 0) == len(piece):
            first = (*first, *piece)
        elif len(piece) == 1 and lower in KINDS["subject"] | KINDS["language"]:
            noun = next((k for k, w in enumerate(first) if w.lower() in _TESTED), -1)
            if noun < 0:
                left.append(piece)
            else:
                first = (*first[:noun], piece[0], first[noun].lower(), *first[noun + 1 :])
        elif name_at((",", *piece), 1) == piece and {w.lower() for w in first[:3]} & _SEEN:
            first = (*first, "with", *piece)
        else:
            left.append(piece)
    return (*first, *(w for piece in left for w in (",", *piece)))


def _tails_joined(words: Words) -> Words:
    """ "I swim, every morning at the lido", "I climb twice a week, mondays, with Rafi" in one piece."""
    pieces = _between_commas(words)
    said, goes_on = list[str](), False
    for piece in pieces:
        tail = _tail(piece) if goes_on else ()
        said += tail or (*([","] if said else []), *piece)
        goes_on = bool(tail) or (piece[0].lower() in _BEGINNERS and all(map(is_word, piece)))
    return tuple(said) if len(said) and words[-1:] != (",",) and words[0] != "," else words


def _tail(piece: Words) -> Words:
    """The piece as it goes on behind a clause, where it says when, where or with whom alone."""
    head = piece[0].lower()
    if piece[:2] == ("me", "and") and piece[2:]:
        piece = ("with", *piece[2:])  # "we hike in May, me and my sister"
    elif head in DAYS and head[-1] == "s":
        piece = ("on", *piece)
    elif head in NUMBERS or head.isdigit():
        piece = ("for", *piece)  # "two weeks"
    return piece if _is_tail(piece) else ()


def _is_tail(piece: Words) -> bool:
    """Nothing but times, places and company."""
    if not (time_at(piece, 0) or piece[0].lower() in ("at", "in", "on", "with")):
        return False
    return all(
        part.kind == "time" or (part.kind == "prep" and len(part.words) > 1)
        for part in parts_of(piece)
    )


def _with_at(words: Words) -> Words:
    """ "Friday 2pm" as "Friday at 2pm"."""
    said: list[str] = []
    for before, word in zip(("", *words), words, strict=False):
        said += ("at", word) if before.lower() in DAYS and _is_clock(word) else (word,)
    return tuple(said)


def _is_clock(word: str) -> bool:
    return word[0].isdigit() and (word.endswith(("am", "pm")) or ":" in word)


def _course(first: Words, what: Words, others: list[Words]) -> Words:
    """ "Started pottery, wednesdays at 7, 60 euros a month, the teacher is Anselmo"."""
    if not may_be_noun(what[-1]) or what[0].lower() in LOST | {"to"} or has_form(what[0], "VBN"):
        return ()
    bare = what[what[0].lower() in DETERMINERS :]
    thing = (*(("the",) if len(bare) < len(what) else ()), *bare)
    said = [*first]
    for piece in others:
        lower = [w.lower() for w in piece]
        if told := _when(piece):
            said += (".", *thing, "is", *told)
        elif is_price(piece) and piece[0][-1].isdigit() and len(piece) < 6:
            said += (".", *thing, "costs", *piece)
        elif _TEACHER & {*lower[:2]} and "is" in lower[1:3]:
            after = lower.index("is")
            who = piece[after + 1 :]
            if len(who) == 1 and not is_known(who[0]):
                who = (who[0].capitalize(),)
            said += (".", "the", *bare, lower[after - 1], "is", *who)
        else:
            return ()
    return tuple(said)


def _when(piece: Words) -> Words:
    """ "wednesdays at 7" with its "on"."""
    told = ("on", *piece) if piece[0].lower() in DAYS and not verb_lemmas(piece[0]) else piece
    place = 0
    while place < len(told) and (size := time_at(told, place)):
        place += size
    return told if place == len(told) else ()
