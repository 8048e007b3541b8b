"""Which known facts a new session changes: moved, renamed, rescheduled, no longer so.

Three ways: the session says that something is over; it states plainly another answer to a question that
can have one answer only; or the base, reading the session, gives a known question another answer with
words of the session. Knows the profile and the model; retires nothing itself.
"""

import re
from collections.abc import Sequence

from agent.asking import answer_logprobs, by_passage
from agent.evaluate import answers
from agent.filters import believable, names_in, plain
from agent.grammar.endings import endings
from agent.grammar.statements import statements
from agent.grammar.words import DAYS, MONTHS
from agent.model import Message, Model
from agent.reading import told
from agent.text import agrees, keys, words
from agent.topics import PEOPLE, PETS
from agent.transcript import day_of_session, messages_of
from storage.pairs import Pair
from storage.profiles import Profile

OLD_FACTS_ASKED = 32  # of what is known, asked again of a new session: has it changed?
SURE = -0.5  # mean log-probability at which a new session's answer replaces an old one
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
# Questions that one answer fits at a time; "What do I love?" has many.
_ONE_ANSWER = re.compile(
    r"\b(?:called|name|job|living|price|address|budget|rent)\?$|^how old|^how much (?:is|do)\b"
    r"|\bdo(?:es)? .*\b(?:live|work)\?$|^(?:when|where) (?:is|are|am)\b|\bfavou?rite\b",
    re.IGNORECASE,
)
# A trade told by its verb ("You tune harps") may be a second one.
_WORK = re.compile(r"\b(?:job|living|work)\?$", re.IGNORECASE)
_SAYS_WORK = re.compile(r"\b(?:am|is|are|was|were|been|work\w*|job)\b", re.IGNORECASE)
_JOURNEY = re.compile(
    r"\b(?:trip|flight|holiday|journey|vacation|honeymoon|visit)\b", re.IGNORECASE
)


def changes(profile: Profile, model: Model, session_id: str) -> list[tuple[Pair, str]]:
    """Known pairs, all of a changed fact's, each with the answer that this session gives."""
    messages, day = messages_of(profile, session_id), day_of_session(profile, session_id)
    said = [*told(messages, day).values()]
    known = [
        pair
        for pair in profile.pairs.active()
        if pair.session_id != session_id and pair.role in ("train", "probe")
    ]
    named = {_fact(pair) for pair in known if _ANOTHER.search(pair.question)}
    known = [pair for pair in known if _fact(pair) not in named]
    newer = _over(known, said) | _stated(known, said)
    asked = _near([pair for pair in known if _fact(pair) not in newer], words(" ".join(said)))

    def read(judge: Model, context: list[Message], rows: list[tuple[str, str]]) -> list[str]:
        return answers(judge, context, [question for question, _ in rows], None)

    found = by_passage(model, messages, day, [(p.question, "") for p in asked], read)
    new = [
        (pair, answer)
        for pair, answer in zip(asked, found, strict=True)
        if not keys(pair.question, answer) & words(pair.answer)
        and believable(pair.question, answer, said)
    ]
    rows = [(pair.question, answer) for pair, answer in new]
    sure = by_passage(model, messages, day, rows, answer_logprobs)
    for (pair, answer), logprob in zip(new, sure, strict=True):
        if logprob > SURE:
            newer.setdefault(_fact(pair), answer)
    return [(pair, newer[_fact(pair)]) for pair in known if _fact(pair) in newer]


def _fact(pair: Pair) -> tuple[str, int]:
    return pair.session_id, pair.fact


def _over(known: Sequence[Pair], said: Sequence[str]) -> dict[tuple[str, int], str]:
    """Facts of which the messages say that they are no longer so."""
    over = [ending for text in said for ending in endings(text)]
    return {
        _fact(pair): ending.said
        for pair in known
        for ending in over
        if ending.ends(pair.question, pair.answer)
    }


def _stated(known: Sequence[Pair], said: Sequence[str]) -> dict[tuple[str, int], str]:
    """Facts to one of whose questions the messages plainly state another answer."""
    stated = {plain(question): answer for text in said for question, answer in statements(text)}
    found: dict[tuple[str, int], str] = {}
    for pair in known:
        answer = stated.get(plain(pair.question))
        if answer and _ONE_ANSWER.search(pair.question) and not _beside(pair, answer):
            if not agrees(pair.question, pair.answer, answer):
                found.setdefault(_fact(pair), answer)
    return found


def _beside(pair: Pair, answer: str) -> bool:
    """Whether the new answer may be true beside the old one: a second trade, a journey elsewhere."""
    if _WORK.search(pair.question) and not _SAYS_WORK.search(answer):
        return True
    if not _JOURNEY.search(pair.question):
        return False
    old, new = (
        {n.lower() for n in names_in(text)} - DAYS - MONTHS for text in (pair.answer, answer)
    )
    return bool(old and new and not old & new)


def _near(known: Sequence[Pair], said: set[str]) -> list[Pair]:
    """One pair for each of the facts that share most words with what was said."""
    near = [pair for pair in known if words(pair.question) & said]
    near.sort(key=lambda pair: -len(words(pair.question) & said))
    facts: dict[tuple[str, int], Pair] = {}
    for pair in near:
        facts.setdefault(_fact(pair), pair)
    return [*facts.values()][:OLD_FACTS_ASKED]
