"""Appointments that were moved, said by the time that holds now.

    my vet appointment moved from Monday to Thursday -> my vet appointment is now on Thursday
    I moved my therapy to Wednesdays                 -> my therapy is now on Wednesdays

Knows the words of one sentence.
"""

from agent.grammar.parts import time_at
from agent.grammar.words import (
    ADVERBS,
    AUX,
    BREAKS,
    DETERMINERS,
    LOST,
    OWN,
    PREPOSITIONS,
    Words,
    may_be_noun,
)
from agent.topics import PEOPLE

_MOVED = frozenset(
    "moved changed postponed rescheduled shifted pushed delayed brought switched".split()
)
_HELPERS = AUX | ADVERBS | {"been", "got", "they"}
_LONGEST = 5  # words of what was moved


def moved_on(words: Words) -> Words:
    """The sentence with what was moved at its new time."""
    for place, word in enumerate(words):
        if word.lower() in _MOVED and (turned := _turned(words, place)):
            return turned
    return words


def _turned(words: Words, place: int) -> Words:
    after = place + 1
    told = words[after : after + 1] and words[after].lower() in OWN | {"the"}
    thing = _until_time(words, after) if told else ()
    after += len(thing)
    after += words[after : after + 1] in (("back",), ("forward",))
    if words[after : after + 1] == ("from",):
        after += time_at(words, after)
    time = _new_time(words[after + 1 :]) if words[after : after + 1] == ("to",) else ()
    if not time:
        return ()
    start = place
    while start and words[start - 1].lower() in _HELPERS:
        start -= 1
    first = start
    while first and words[first - 1].lower() not in BREAKS | {"and"}:
        first -= 1
    if thing:
        first = first if {w.lower() for w in words[first:start]} <= LOST | {"i", "we"} else start
    else:
        thing = words[first:start]
    if not _may_move(thing):
        return ()
    end = next((k for k, w in enumerate(thing) if w.lower() in PREPOSITIONS), len(thing))
    size = len(time) - (time[0] != words[after + 1])
    rest = words[after + 1 + size :]
    return (*words[:first], *_whose(thing[:end]), "is", "now", *time, *rest, *thing[end:])


def _until_time(words: Words, start: int) -> Words:
    """What was moved, up to "from" or "to"."""
    end = start
    while end < len(words) and words[end].lower() not in ("from", "to", "back", "forward"):
        end += 1
    return words[start:end] if end - start <= _LONGEST else ()


def _may_move(thing: Words) -> bool:
    lower = {w.lower() for w in thing}
    short = 0 < len(thing) <= _LONGEST and not lower & (LOST | {"i", "we", "you"})
    return short and may_be_noun(thing[-1]) and thing[-1].lower() not in PEOPLE


def _whose(thing: Words) -> Words:
    """ "vet appointment" is mine where nothing says whose it is."""
    first = thing[0].lower()
    if first in DETERMINERS or first.endswith("'s"):
        return (first if first in DETERMINERS else thing[0], *thing[1:])
    return ("my", first, *thing[1:])


def _new_time(words: Words) -> Words:
    """The time at the beginning with its preposition."""
    ends = next((k for k, w in enumerate(words) if w.lower() in BREAKS), len(words))
    words = words[:ends]
    for before in ((), ("on",), ("in",), ("at",)):
        told = (*before, *words)
        bare = before or (words and words[0].lower() in ("next", "this", "tomorrow", "tonight"))
        size = time_at(told, 0) if words and bare else 0
        if size > len(before):
            return told[:size]
    return ()
