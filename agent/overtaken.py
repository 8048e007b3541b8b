"""Which known facts a message's plain words take back or overtake, by rule.

    "I no longer like jazz"         what says so is over
    "my trip to Oslo is in June"    another answer to a question that has one answer only
    "the exam is on Friday now"     the same, more freely: a "now" says that it was otherwise before

Knows pairs and texts; no profile, no model.
"""

import re
from collections.abc import Callable, Sequence

from agent.answer_kinds import fits
from agent.filters import names_in, plain
from agent.grammar.endings import endings
from agent.grammar.now import is_now
from agent.grammar.parts import time_at
from agent.grammar.replaced import is_replaced
from agent.grammar.statements import statements
from agent.grammar.turning import sentence
from agent.grammar.words import BE, DAYS, MONTHS, tokens_of
from agent.text import CAPITAL, agrees, keys
from agent.text import words as words_of
from agent.topics import PEOPLE, PETS
from storage.pairs import Pair

Fact = tuple[str, int]
# Each overtaken fact: the question that has another answer ("" for all), and that answer.
Found = dict[Fact, tuple[str, str]]
# What a friend, a sister or a cat is called: another name is another friend.
_ONE_OF_EACH = frozenset(
    "mother mum mom father dad wife husband partner girlfriend boyfriend boss landlord landlady".split()
)
_ROLES = "|".join(sorted((PEOPLE | PETS) - _ONE_OF_EACH))
_ANOTHER = re.compile(
    rf"\b(?:my|our) (?:\w+ )?(?:{_ROLES})(?:'s)? (?:name|called|named|have)\b"
    rf"|\b(?:who is|name of|i call) (?:my|our) (?:\w+ )?(?:{_ROLES})\b",
    re.IGNORECASE,
)
_CALLED = re.compile(
    r"(?:who|what) (?:is|are) (?:my|our) ((?:[\w-]+ )??(?!called\b)[\w-]+)(?: called)?\?$", re.I
)
# Questions that one answer fits at a time; "What do I love?" has many.
_ONE_ANSWER = re.compile(
    r"\b(?:called|name|job|living|price|address|budget|rent|number)\?$|^how old|^how much (?:is|do)\b"
    r"|\bdo(?:es)? .*\b(?:live|work)\?$|^(?:when|where) (?:is|are|am)\b|\bfavou?rite\b"
    r"|\bwant to (?:be|become)\?$",
    re.IGNORECASE,
)
_ONE_NOW = re.compile(  # where a "now" is said: what else one does one at a time
    r"^(?:when|where|what time|which day|what date) |^how (?:much|many|long|old|often)\b"
    r"|\b(?:drive|ride|work for|work as|study at)\?$|\bschool do(?:es)? .* go to\?$|\b(?:price|cost"
    r"|date) of\b"
    r"|\bgo to school\?$|^which car\b|^who (?:(?:is|are) (?:my|our)|teaches|coaches|trains)\b",
    re.IGNORECASE,
)
# A trade told by its verb ("You tune harps") may be a second one.
_WORK = re.compile(r"\b(?:job|living|work)\?$", re.IGNORECASE)
_SAYS_WORK = re.compile(r"\b(?:am|is|are|was|were|been|work\w*|job|now)\b", re.IGNORECASE)
_JOURNEY = re.compile(
    r"\b(?:trip|flight|holiday|journey|vacation|honeymoon|visit)\b|^when\b.*\b(?:fly|travel|go|leave)\b",
    re.IGNORECASE,
)
_KINDS = (  # what a question asks for, however it is worded
    re.compile(r"\b(?:when|(?:what|which) (?:day|date|month)|(?:date|start) of|by when)\b", re.I),
    re.compile(r"\b(?:(?:what|which) (?:time|hour)|^time of)\b", re.I),
    re.compile(
        r"\b(?:where|whereabouts|which (?:town|city|place|street|school)|home|address|venue)\b",
        re.I,
    ),
    re.compile(r"\bhow (?:much|expensive|costly|high|dear)\b|\bprice\b|\bcost\b", re.I),
    re.compile(r"\bhow (?:often|many|old|long)\b", re.I),
    re.compile(r"\bwho\b|\b(?:called|names?)\b", re.I),
)
_SAME_ASKED = (  # of questions in small letters
    (
        re.compile(r"^how (?:much|expensive) (?:do i pay for|does|do|is|are) (.+?)(?: cost)?$"),
        r"how much \1",
    ),
    (
        re.compile(r"^what time (?:does|do|is|are) (.+?)(?: start| begin| take place)?$"),
        r"what time is \1",
    ),
    (
        re.compile(
            r"^(?:when|how often) (?:do i have|is|are|does|do) (.+?)(?: start| begin| take place)?$"
        ),
        r"when is \1",
    ),
    (re.compile(r"^(where does .+ go) to school$"), r"\1"),
    (re.compile(r"^(when is i (?:fly|go|travel|leave|sail)) (?:to|for) .+$"), r"\1"),
)
# "About the quiz team: we now meet on Fridays" is said of the team without its "now".
_NOW_TOGETHER = re.compile(r"\bwe now (?:meet|rehearse|practi[sc]e|train|play|gather)\b", re.I)
_OF_GROUP = re.compile(r"(?:when|which day|where) does my \w+", re.IGNORECASE)
_HAVE = re.compile(r"\b(?:have|having|got|together|married|single)\b", re.IGNORECASE)
_WHEN, _CLOCK, _WHERE = range(3)
_WHO = len(_KINDS) - 1
_COUPLE = "couple"  # in place of a question: two are none any more
_IS_YOURS = re.compile(rf"(?P<name>{CAPITAL}[\w'. -]*?) is (?P<role>your [\w' -]+?)(?: now)?\.")
_YOURS_IS = re.compile(
    rf"(?P<role>Your [\w' -]+?) is (?:called )?(?P<name>{CAPITAL}[\w'. -]*?)(?: now)?\."
)
_LIVING_WITH = (  # what one does with somebody who is still that
    r"You (?:live|share|rent|train|work|study|go|have|see|take|learn)\b.*\b{role} "
    rf"(?P<name>{CAPITAL}[\w-]+)"
)
_BEFORE_NOUN = r"\b(?:your|the|a|an|our|my) (?:new )?([\w-]+) {noun}\b"
_ROLE_NAME = re.compile(rf"\b(?:{'|'.join(sorted(PEOPLE | PETS))}) ({CAPITAL}[\w-]+)")


def fact_of(pair: Pair) -> Fact:
    return pair.session_id, pair.fact


def of_one_answer(question: str) -> bool:
    """Whether one answer fits the question at a time."""
    return bool(_ONE_ANSWER.search(question))


def of_several(question: str) -> bool:
    """Whether it asks what somebody is called of whom there may be several: no other name is another
    answer."""
    return bool(_ANOTHER.search(question))


def named(known: Sequence[Pair]) -> set[Fact]:
    """The facts of the pairs that ask so."""
    return {fact_of(pair) for pair in known if of_several(pair.question)}


def overtaken(known: Sequence[Pair], said: Sequence[str]) -> Found:
    """The facts that the messages overtake, by the plain words of these."""
    safe = named(known)
    free = [pair for pair in known if fact_of(pair) not in safe]
    found = _over(known, said) | _now_so(known, said) | _stated(free, said)
    return found | {k: v for k, v in _others(known, found).items() if k not in found}


def instead(pair: Pair, asked: str, answer: str) -> str:
    """What a pair's question is answered with from now on: the new answer where it asks for that, who
    somebody was, or nothing."""
    being = _IS_YOURS.fullmatch(pair.answer)
    spoken = (
        being and being["name"] not in answer and being["name"].lower() in pair.question.lower()
    )
    if asked and being and spoken and is_replaced(being["role"]):
        return f"{being['name']} was {being['role']} before."
    if asked == _COUPLE:
        return answer if _kind(pair.question) == _WHO or _HAVE.search(pair.question) else ""
    if not asked or _kind(pair.question) == _kind(asked):
        return answer
    if {_kind(pair.question), _kind(asked)} == {_WHEN, _CLOCK} and fits(pair.question, answer):
        closer = re.search(r"\b(?:day|date|month)\b", pair.question)
        return answer if not closer or _kind(asked) == _WHEN else ""
    return _without_time(pair) if _kind(asked) in (_WHEN, _CLOCK) else ""


def _without_time(pair: Pair) -> str:
    """What is left of an answer whose time has changed: "You fly to Madeira." """
    words, kept, place = tokens_of(pair.answer.rstrip(".")), list[str](), 0
    while place < len(words):
        size = time_at(words, place)
        kept += words[place : place + 1] if not size else ()
        place += size or 1
    answer = sentence(" ".join(kept))
    whole = len(kept) > 2 and len(kept) < len(words) and kept[-1] not in BE
    told = keys(pair.question, answer) - words_of(pair.question)
    return (
        answer
        if whole and told and _kind(pair.question) == _WHERE and fits(pair.question, answer)
        else ""
    )


def _kind(question: str) -> int:
    """What a question asks for, by the first words that say so; -1 where none do."""
    found = [(m.start(), k) for k, shape in enumerate(_KINDS) if (m := shape.search(question))]
    return min(found)[1] if found else -1


def _over(known: Sequence[Pair], said: Sequence[str]) -> Found:
    """Facts of which the messages say that they are no longer so."""
    over = [ending for text in said for ending in endings(text)]
    return {
        fact_of(pair): (_COUPLE if ending.kind == "couple" else "", ending.said)
        for pair in known
        for ending in over
        if ending.ends(pair.question, pair.answer)
    }


def _stated(known: Sequence[Pair], said: Sequence[str]) -> Found:
    """Facts to one of whose questions the messages plainly state another answer."""
    stated = {plain(question): answer for text in said for question, answer in statements(text)}
    return _answered_otherwise(known, stated, _ONE_ANSWER, plain)


def _now_so(known: Sequence[Pair], said: Sequence[str]) -> Found:
    """The same of what is so now: "the exam" is then "my exam", and a new coach takes the old one's
    place."""
    stated = {
        loosely(question): answer
        for text in said
        for question, answer in statements(text)
        if is_now(answer) or (_NOW_TOGETHER.search(text) and _OF_GROUP.match(question))
    }
    safe = named(known)
    kept = [pair for pair in known if fact_of(pair) not in safe or _may_be_replaced(pair, stated)]
    one = re.compile(f"{_ONE_ANSWER.pattern}|{_ONE_NOW.pattern}", re.IGNORECASE)
    return _answered_otherwise(kept, stated, one, loosely)


def _may_be_replaced(pair: Pair, stated: dict[str, str]) -> bool:
    """Whether another name of the same role says that somebody else is it now, or was renamed."""
    role = _CALLED.match(pair.question)
    answer = stated.get(loosely(pair.question), "")
    return role is not None and bool(answer) and (is_replaced(role[1]) or "is called" in answer)


def _answered_otherwise(
    known: Sequence[Pair],
    stated: dict[str, str],
    one: re.Pattern[str],
    spelt: Callable[[str], str],
) -> Found:
    """Facts to one of whose questions another answer is stated."""
    found: Found = {}
    for pair in known:
        answer = stated.get(spelt(pair.question))
        if answer and one.search(pair.question) and not _beside(pair, answer):
            if not agrees(pair.question, pair.answer, answer):
                found.setdefault(fact_of(pair), (pair.question, answer))
    return found


def _others(known: Sequence[Pair], found: Found) -> Found:
    """Facts that say of somebody what another is now: "Kofi is your trainer"."""
    others: Found = {}
    for question, answer in found.values():
        role = _CALLED.match(question)
        if role and (is_replaced(role[1]) or "is called" in answer):
            for pair in known:
                name = _in_role(pair.answer, f"your {role[1].lower()}")
                if name and name not in answer:
                    others.setdefault(fact_of(pair), (question, answer))
    return others


def _in_role(answer: str, role: str) -> str:
    """Who an answer says is that: "Kofi" of "Kofi is your trainer"; "" where it says nothing so."""
    for shape in (_IS_YOURS, _YOURS_IS):
        if (match := shape.fullmatch(answer)) and match["role"].lower() == role:
            return match["name"]
    match = re.match(_LIVING_WITH.format(role=re.escape(role)), answer)
    return match["name"] if match else ""


def loosely(question: str) -> str:
    """A question without what differs between two ways to speak of the same: whose it is, "now"."""
    bare = re.sub(r"\b(?:now|still|currently|new|these days)\b", "", plain(question))
    bare = re.sub(r"\bat (?:my|our|the) (?:place|shop|salon|stall|studio)\b", "", bare)
    bare = re.sub(r"\b(?:my|our|the|an?)\b", "", re.sub(r"\bwe\b", "i", bare))
    bare = " ".join(bare.replace("are i", "am i").split())
    for shape, short in _SAME_ASKED:
        bare = shape.sub(short, bare)
    return bare


def _beside(pair: Pair, answer: str) -> bool:
    """Whether the new answer may be true beside the old one: a second trade, a journey elsewhere, the
    exam in another subject, another friend."""
    if _WORK.search(pair.question) and not _SAYS_WORK.search(answer):
        return True
    if _of_another_kind(pair, answer) or _of_another(pair, answer):
        return True
    if not _JOURNEY.search(pair.question):
        return False
    old, new = (
        {n.lower() for n in names_in(text)} - DAYS - MONTHS for text in (pair.answer, answer)
    )
    return bool(old and new and not old & new)


def _of_another_kind(pair: Pair, answer: str) -> bool:
    """ "your history exam" is not "your chemistry exam"."""
    asked = re.search(r"\b(?:is|are) (?:my|our|the) ([\w-]+)\?$", pair.question, re.I)
    if not asked:
        return False
    shape = _BEFORE_NOUN.format(noun=re.escape(asked[1]))
    old, new = (re.search(shape, text, re.I) for text in (pair.answer, answer))
    return bool(old and new and old[1].lower() != new[1].lower())


def _of_another(pair: Pair, answer: str) -> bool:
    """Another friend of that sort: "your friend Lucas" and "your friend Ana"."""
    old, new = _ROLE_NAME.search(pair.answer), _ROLE_NAME.search(answer)
    return bool(old and new and old[0].split()[0] == new[0].split()[0] and old[1] != new[1])
