"""Events that are named in passing with their time, as a sentence of their own.

    I swim since my knee operation in March   -> ... my knee operation was in March
    saving for my cousin's wedding in June    -> ... my cousin's wedding is in June

Knows the words of one sentence.
"""

from agent.grammar.parts import time_at
from agent.grammar.words import HAVE, OWN, Words, has_form, is_word, name_at

_EVENTS = frozenset(
    "exam interview wedding funeral operation op surgery party concert race match flight trip "
    "appointment graduation recital marathon audition checkup check-up scan tournament".split()
)
_BOUND = frozenset("since after before until".split())  # a time behind them is the event's
_LOOSE = frozenset("for about to".split())
_NOW = frozenset("am is are will need want going saving training".split())
_NO_MOMENT = frozenset("since for until till every each by from all".split())


def named_in_passing(words: Words) -> Words:
    """What to add behind the sentence: a sentence on each such event, a full stop before it."""
    said: list[str] = []
    for place, word in enumerate(words[:-3]):
        if word.lower() in _BOUND or (word.lower() in _LOOSE and _is_to_come(words[:place])):
            said += _told(words, place)
    return tuple(said)


def _is_to_come(before: Words) -> bool:
    lower = {w.lower() for w in before}
    return bool(lower & _NOW) and not any(has_form(w, "VBD") for w in lower - _NOW - HAVE)


def _told(words: Words, place: int) -> Words:
    start = place + 1
    name = name_at(words, start)
    if words[start].lower() not in OWN and not (name and name[-1].endswith("'s")):
        return ()
    for end in range(start + 2, min(start + 5, len(words))):
        if words[end - 1].lower() in _EVENTS:
            where = 2 if words[end] in ("in", "at") and name_at(words, end + 1) else 0
            behind = end + where
            size = time_at(words, behind) if behind < len(words) else 0
            if not size or words[behind].lower() in _NO_MOMENT:
                return ()
            past = words[place].lower() in ("since", "after") and "will" not in words
            event = (words[start].lower() if words[start].lower() in OWN else words[start],)
            is_ = "was" if past else "is"
            return (".", *event, *words[start + 1 : end], is_, *words[end : behind + size])
        if not is_word(words[end - 1]):
            return ()
    return ()
