"""Which known facts a new session changes: moved, renamed, rescheduled, no longer so.

Three ways: the session says that something is over; it states plainly another answer to a question that
can have one answer only (both in overtaken.py); or the base, reading a message that tells of some
change, gives a known question another answer in the message's words. Knows the profile and the model;
retires nothing itself.
"""

import re
from collections.abc import Sequence
from itertools import groupby

from agent.asking import answer_logprobs, by_passage
from agent.evaluate import answers
from agent.filters import believable
from agent.model import Message, Model
from agent.overtaken import fact_of, instead, named, overtaken
from agent.reading import place_of, told
from agent.text import keys, words
from agent.transcript import day_of_session, messages_as_read
from storage.pairs import Pair
from storage.profiles import Profile

OLD_FACTS_ASKED = 32  # of what is known, asked again of a new session: has it changed?
SURE = -0.5  # mean log-probability at which a new session's answer replaces an old one
# Without such a word another answer is a misreading: "Past the brewery to work" is no new job.
_CHANGED = re.compile(
    r"\b(?:now|new|no longer|any ?more|instead|used to|after all|turns? out|make that|brought forward|"
    r"these days|nowadays|actually|sorry|correction|since|until|earlier|later|got|lost|left|quit|sold|"
    r"(?:chang|mov|relocat|switch|swap|start|beg[aiu]n|leav|stop|finish|becom|became|turn|renam|replac|"
    r"resched|postpon|push|delay|cancel|retir|divorc|marr|adopt|promot|fired|broke|split|bought|join)\w*|"
    r"not \w+ but)\b",
    re.IGNORECASE,
)


def changes(profile: Profile, model: Model, session_id: str) -> list[tuple[Pair, str]]:
    """Known pairs of no later session, all of a changed fact's, each with the answer that this session
    gives, "" where it gives none to that very question."""
    before, _ = known_facts(profile, session_id)
    if not before:
        return []
    messages = messages_as_read(profile, model, session_id)
    day = day_of_session(profile, session_id)
    by_place = told(messages, day)
    said = [*by_place.values()]
    newer = overtaken(before, said)
    left = named(before) | {*newer}
    asked = _near([pair for pair in before if fact_of(pair) not in left], words(" ".join(said)))

    def read(judge: Model, context: list[Message], rows: list[tuple[str, str]]) -> list[str]:
        return answers(judge, context, [question for question, _ in rows], None)

    found = by_passage(model, messages, day, [(p.question, "") for p in asked], read)
    new = [
        (pair, answer)
        for pair, answer in zip(asked, found, strict=True)
        if not keys(pair.question, answer) & words(pair.answer)
        and believable(pair.question, answer, said)
        and _CHANGED.search(by_place[place_of(pair.question, answer, by_place)])
    ]
    rows = [(pair.question, answer) for pair, answer in new]
    sure = by_passage(model, messages, day, rows, answer_logprobs)
    for (pair, answer), logprob in zip(new, sure, strict=True):
        if logprob > SURE:
            newer.setdefault(fact_of(pair), ("", answer))
    return [
        (pair, instead(pair, *newer[fact_of(pair)])) for pair in before if fact_of(pair) in newer
    ]


def known_facts(profile: Profile, session_id: str) -> tuple[list[Pair], list[Pair]]:
    """The pairs of what other sessions told: of those that began no later than this one, and of later
    ones, since old chats may be imported when newer ones are learnt already."""
    began = profile.sessions.get(session_id).started_at
    before: list[Pair] = []
    later: list[Pair] = []
    for other, pairs in groupby(profile.pairs.active(), key=lambda pair: pair.session_id):
        known = [pair for pair in pairs if pair.role != "negative"]
        if other != session_id:
            (later if profile.sessions.get(other).started_at > began else before).extend(known)
    return before, later


def _near(known: Sequence[Pair], said: set[str]) -> list[Pair]:
    """One pair for each of the facts that share most words with what was said."""
    near = [pair for pair in known if words(pair.question) & said]
    near.sort(key=lambda pair: -len(words(pair.question) & said))
    facts: dict[tuple[str, int], Pair] = {}
    for pair in near:
        facts.setdefault(fact_of(pair), pair)
    return [*facts.values()][:OLD_FACTS_ASKED]
