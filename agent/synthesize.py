"""A session becomes question-answer pairs.

    session --rules, writer--> pairs --support--> facts --rules--> eight wordings of each or more

Two writers behind one interface: the model itself (writer.py), or an OpenAI-compatible endpoint. Only
what the user said is a fact. Knows a model and a session's messages; no database, no training.
"""

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import zip_longest

from agent import prompts
from agent.aliases import (
    aliases,
    in_another_role,
    introduced,
    is_another,
    own_names,
    renamed,
    says_only,
)
from agent.asking import answer_logprobs, branches_of, cut, fitting
from agent.drafts import Draft, unasked, with_wordings
from agent.filters import (
    group,
    misplaced,
    names_known,
    plain,
    said_so,
    sensible,
    telling_first,
    unique,
)
from agent.model import Message, Model
from agent.reading import TAKES_BACK, heard, passage, place_of, teacher_context, told
from agent.stated import stated
from agent.text import agrees, words
from agent.writer import READ, Writer

FACTS_MOST = 24

# A pair stays when the session makes its answer likely, and likelier than it is without.
LEAST_LOGPROB = -0.7  # mean per token, the session in the prompt
LEAST_GAIN = 0.3  # nats per token that the session adds


def synthesize(
    messages: Sequence[Message],
    day: date | None,
    writer: Writer,
    judge: Model,
    known: Sequence[str] = (),
) -> list[Draft]:
    """All pairs of one session: every supported fact in WORDINGS wordings or more, one of them
    held out as a probe. Empty when the session holds nothing about the user.

    The judge (the base) tells what the session supports; statements of earlier sessions that are
    `known` tell who is who. Costs one generation per sentence of the user, a short one per
    question, and some for each fact.
    """
    before = aliases(known)
    messages = [_introducing(cut(judge, m), before) for m in messages]
    said = told(messages, day)
    if not said:
        return []
    plainly = stated(said)
    surely = [answer for pairs in plainly.values() for _, answer in pairs]
    roles = aliases([*known, *surely])
    me = own_names([*known, *surely])
    by_place: dict[int, list[tuple[str, str]]] = {place: [] for place in said}
    for pair in unique(writer.facts(messages, day)):
        by_place[place_of(*pair, said)].append(pair)
    found: list[list[tuple[str, str]]] = []
    for place, written in by_place.items():
        shot = passage(messages, place)
        spoken = heard(messages, place, day)
        mine = [
            (question, answer)
            for question, answer in written
            if names_known(question, said.values())  # of another message as well
            and sensible(question, answer, spoken)
            and said_so(question, answer, words(" ".join(spoken)))
            and not misplaced(question, answer, plainly[place])
            and not is_another(answer, me)
            and not in_another_role(answer, roles)
        ]
        context = teacher_context(shot, day)
        found.append(supported(judge, context, mine))
    # What is stated plainly is surer, and is kept before all else.
    kept = unique([*_in_turns([*plainly.values()]), *_in_turns(found)])
    kept = [pair for pair in kept if not says_only(pair[1], before)]
    kept = _corrected(judge, messages, day, kept)
    facts = group(kept)
    sure = {question for pairs in plainly.values() for question, _ in pairs}
    surer = [fact for fact in facts if fact[0][0] in sure]
    others = [fact for fact in facts if fact[0][0] not in sure]
    facts = telling_first([*surer, *others])[:FACTS_MOST]
    who = aliases([*known, *(answer for fact in facts for _, answer in fact)])
    return with_wordings(_renamed(facts, who), messages)


def _introducing(message: Message, known: dict[str, str]) -> Message:
    if message["role"] != "user":
        return message
    return {**message, "content": introduced(message["content"], known)}


def _in_turns(found: Sequence[Sequence[tuple[str, str]]]) -> Iterator[tuple[str, str]]:
    """So that a session with too many facts loses some of every message, not the last."""
    return (pair for turn in zip_longest(*found) for pair in turn if pair)


def _renamed(
    facts: Sequence[Sequence[tuple[str, str]]], who: dict[str, str]
) -> list[list[tuple[str, str]]]:
    """The facts' pairs, also asked by name of whom they ask by relation, and the reverse; no
    question that another fact answers."""
    asked = {plain(question) for fact in facts for question, _ in fact}
    return [
        [*fact, *unasked([(q, a) for ask, a in fact for q in renamed(ask, who)], asked)]
        for fact in facts
    ]


def _corrected(
    judge: Model,
    messages: Sequence[Message],
    day: date | None,
    pairs: Sequence[tuple[str, str]],
) -> list[tuple[str, str]]:
    """The pairs, where a later message takes something back with what the whole session says."""
    said = told(messages, day)
    last = max((k for k, text in said.items() if TAKES_BACK.search(text)), default=-1)
    early = [pair for pair in pairs if place_of(*pair, said) < last]
    if not early:
        return list(pairs)
    context = teacher_context(fitting(judge, messages), day)
    prefix, ends = branches_of(judge, context, [q for q, _ in early])
    read = judge.continue_all(prefix, ends, READ)
    after = [said[last]]
    newer = {
        question: answer
        for (question, old), answer in zip(early, read, strict=True)
        if not agrees(question, old, answer)
        and said_so(question, answer, words(" ".join(after)) | words(question))
    }
    return [(question, newer.get(question, answer)) for question, answer in pairs]


def supported(
    judge: Model, context: Sequence[Message], pairs: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """The pairs whose answer the session makes likely, and likelier than no session does."""
    told = answer_logprobs(judge, context, pairs)
    likely = [(pair, logprob) for pair, logprob in zip(pairs, told, strict=True)
              if logprob > LEAST_LOGPROB]  # fmt: skip
    bare = [{"role": "system", "content": prompts.system()}]
    untold = answer_logprobs(judge, bare, [pair for pair, _ in likely])
    return [
        pair
        for (pair, logprob), without in zip(likely, untold, strict=True)
        if logprob - without > LEAST_GAIN
    ]


def seed_of(session_id: str) -> int:
    """A seed that depends on the session alone, so that its pairs can be made again."""
    return int.from_bytes(hashlib.sha256(session_id.encode()).digest()[:4], "big")
