"""A session becomes question-answer pairs.

    session --rules, writer--> pairs --support--> facts --rules--> eight wordings of each or more

Two writers behind one interface: the model itself, or an OpenAI-compatible endpoint. Only what the
user said is a fact. Knows a model and a session's messages; no database, no training.
"""

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import zip_longest
from typing import Protocol

from agent import prompts
from agent.aliases import aliases, renamed
from agent.asking import (
    answer_logprobs,
    branches_of,
    continue_in_parts,
    cut,
    fitting,
)
from agent.drafts import PAIRS_MOST, Draft, unasked, with_wordings
from agent.filters import (
    group,
    misplaced,
    parse,
    plain,
    repeats,
    said_so,
    sensible,
    stands_alone,
    telling_first,
    tidy,
    unique,
    varied,
)
from agent.grammar.statements import statements
from agent.grammar.turning import first_person
from agent.model import Message, Model
from agent.owners import taken_over
from agent.reading import (
    TAKES_BACK,
    passage,
    place_of,
    points_back,
    sentences,
    teacher_context,
    told,
)
from agent.sampling import Sampling
from agent.text import agrees, words

FACTS_MOST = 24
WRITE, READ = Sampling(max_tokens=120), Sampling(max_tokens=24)
ASKED = 8  # questions sampled for each thing told
AT_ONCE = 96  # rows of short texts behind one prefix
MESSAGE_SHOWN = 400  # characters of a message that are quoted when its facts are asked for

# A pair stays when the session makes its answer likely, and likelier than it is without.
LEAST_LOGPROB = -0.7  # mean per token, the session in the prompt
LEAST_GAIN = 0.3  # nats per token that the session adds


class Writer(Protocol):
    """Who writes the pairs."""

    origin: str

    def facts(self, messages: Sequence[Message], day: date | None) -> list[tuple[str, str]]:
        """Questions and answers about all that the user told in a session of that day; several
        questions for each answer."""


class ModelWriter:
    """The chat model itself, with the bare base's weights.

    First it writes what a message tells, one statement a line, then what may be asked to hear it, or
    to hear what the message states plainly. A small model that begins with the question asks in
    general ("What is my job?") and bends the answer to it.
    """

    origin = "model"

    def __init__(self, model: Model, seed: int = 0) -> None:
        self._model = model
        self._seed = seed

    def facts(self, messages: Sequence[Message], day: date | None) -> list[tuple[str, str]]:
        found: list[tuple[str, str]] = []
        plainly = _stated(told(messages, day))
        for place, lines in self._statements(messages, day).items():
            shot = passage(messages, place)
            spoken = [*told(shot, day).values()]
            stated = [a for _, a in plainly[place] if not re.match(r"(?:Yes|No)\b", a)]
            lines = [line for line in lines if not repeats(line, stated)]
            asked_for = [*dict.fromkeys([*stated, *lines])]
            sampled = [
                (tidy(question), line)
                for line, texts in zip(asked_for, self._asked(asked_for), strict=True)
                for question in texts
                if sensible(tidy(question), line, spoken)
            ]
            for line in lines:
                found += varied(statements(first_person(line)), PAIRS_MOST)
            found += answered(self._model, teacher_context(shot, day), sampled)
        return found

    def _statements(self, messages: Sequence[Message], day: date | None) -> dict[int, list[str]]:
        """What each message tells, asked twice of the whole and of each of its sentences, with its
        passage alone in the prompt; only what is said in the user's words."""
        whole: list[list[int]] = []  # all in one batch: decoding few rows at a time is slow
        homes: list[int] = []
        spoken: dict[int, str] = {}
        for place, shown in told(messages, day).items():
            shot = passage(messages, place)
            asked = [
                prompts.WRITE_FACTS.format(message=part[:MESSAGE_SHOWN])
                for part in [shown, *sentences(shown)]
            ]
            prefix, ends = branches_of(self._model, teacher_context(shot, day), asked)
            whole += [prefix + end for end in ends]
            homes += [place] * len(ends)
            spoken[place] = " ".join([shown, *(m["content"] for m in shot)])
        found: dict[int, list[str]] = {place: [] for place in spoken}
        for sampling in (WRITE, replace(WRITE, temperature=0.7, seed=self._seed)):
            texts = continue_in_parts(self._model, whole, sampling)
            for place, text in zip(homes, texts, strict=True):
                own = words(spoken[place])
                fresh = (
                    line
                    for line in parse(text)
                    if stands_alone(line, own) and not taken_over(line, spoken[place])
                )
                found[place] += (line for line in fresh if line not in found[place])
        return found

    def _asked(self, lines: Sequence[str]) -> list[list[str]]:
        """Questions that each line may answer, sampled with nothing in the prompt."""
        system = [{"role": "system", "content": prompts.system()}]
        asked = [prompts.ASK_FOR.format(answer=line) for line in lines]
        prefix, ends = branches_of(self._model, system, asked)
        rows = [end for end in ends for _ in range(ASKED)]
        texts: list[str] = []
        for start in range(0, len(rows), AT_ONCE):
            sampling = Sampling(24, temperature=0.7, top_p=0.9, seed=self._seed + start)
            texts += self._model.continue_all(prefix, rows[start : start + AT_ONCE], sampling)
        return [list(dict.fromkeys(texts[k * ASKED : (k + 1) * ASKED])) for k in range(len(ends))]


def answered(
    judge: Model, context: Sequence[Message], pairs: Sequence[tuple[str, str]]
) -> list[tuple[str, str]]:
    """The pairs whose question the judge, with the context in its prompt, answers as they do. Of
    what a small model asks about a statement half is beside the point; asking back finds it
    (round-trip consistency, Alberti et al. 2019)."""
    prefix, ends = branches_of(judge, context, [question for question, _ in pairs])
    read = [
        text
        for start in range(0, len(ends), AT_ONCE)
        for text in judge.continue_all(prefix, ends[start : start + AT_ONCE], READ)
    ]
    return [pair for pair, answer in zip(pairs, read, strict=True) if agrees(*pair, answer)]


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
    messages = [cut(judge, m) for m in messages]
    said = told(messages, day)
    if not said:
        return []
    stated = _stated(said)
    by_place: dict[int, list[tuple[str, str]]] = {place: [] for place in said}
    for pair in unique(writer.facts(messages, day)):
        by_place[place_of(*pair, said)].append(pair)
    found: list[list[tuple[str, str]]] = []
    for place, written in by_place.items():
        shot = passage(messages, place)
        spoken = [*told(shot, day).values()]
        mine = [
            (question, answer)
            for question, answer in written
            if sensible(question, answer, spoken)
            and said_so(question, answer, words(" ".join(spoken)))
            and not misplaced(question, answer, stated[place])
        ]
        context = teacher_context(shot, day)
        found.append(supported(judge, context, mine))
    # What is stated plainly is surer, and is kept before all else.
    kept = unique([*_in_turns([*stated.values()]), *_in_turns(found)])
    kept = _corrected(judge, messages, day, kept)
    facts = group(kept)
    plainly = {question for pairs in stated.values() for question, _ in pairs}
    surer = [fact for fact in facts if fact[0][0] in plainly]
    others = [fact for fact in facts if fact[0][0] not in plainly]
    facts = [*telling_first(surer), *telling_first(others)][:FACTS_MOST]
    who = aliases([*known, *(answer for fact in facts for _, answer in fact)])
    return with_wordings(_renamed(facts, who), messages)


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


def _stated(said: Mapping[int, str]) -> dict[int, list[tuple[str, str]]]:
    """What each message states plainly; where a message takes something back, not what an earlier
    one answered to the same question."""
    found: dict[int, list[tuple[str, str]]] = {}
    before: list[str] = []
    for place, text in said.items():
        own = _statements_behind("\n".join(before), text)
        before = [*before[-1:], text]
        if TAKES_BACK.search(text):
            again = {plain(question) for question, _ in own}
            found = {k: [p for p in old if plain(p[0]) not in again] for k, old in found.items()}
        found[place] = own
    return found


def _statements_behind(before: str, text: str) -> list[tuple[str, str]]:
    """What a message states plainly, "he" and "she" meaning whom the two before it spoke of."""
    if not (before and points_back(text)):
        return statements(text)
    own, known = statements(text), statements(before)
    asked = {question for question, _ in [*own, *known]}
    return [*own, *(pair for pair in statements(f"{before}\n{text}") if pair[0] not in asked)]


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
