"""A session becomes question-answer pairs.

    session --write, read again--> facts --support--> facts kept --reword--> eight wordings or more

Two writers behind one interface: the model itself, or an OpenAI-compatible endpoint. Only what the
user said is a fact. Knows a model and a session's messages; no database, no training.
"""

import hashlib
import random
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import zip_longest
from typing import Protocol

from agent import interview, prompts
from agent.asking import (
    answer_logprobs,
    branches_of,
    by_passage,
    continue_in_parts,
    cut,
    fitting,
)
from agent.filters import (
    believable,
    group,
    misplaced,
    parse,
    plain,
    said_so,
    tidy,
    unique,
    well_formed,
)
from agent.grammar.statements import statements
from agent.model import Message, Model, Sampling
from agent.reading import passage, place_of, sentences, teacher_context, told
from agent.text import admits, agrees, words
from agent.wordings import wordings

WORDINGS = 8
FACTS_MOST = 16
MODEL_WORDINGS = 4  # by the writer; the rest by rule, which costs nothing and keeps the meaning
PAIRS_MOST = 4  # questions of a fact that are kept as they were written
WRITE, READ = Sampling(max_tokens=100), Sampling(max_tokens=32)
REWORDED_AT_ONCE = 96
MESSAGE_SHOWN = 400  # characters of a message that are quoted when its facts are asked for

# A pair stays when the session makes its answer likely, and likelier than it is without.
LEAST_LOGPROB = -0.7  # mean per token, the session in the prompt
LEAST_GAIN = 0.3  # nats per token that the session adds

_TAKES_BACK = re.compile(
    r"\b(?:actually|wait|sorry|correction|instead|i meant|i mean|make that|not any ?more|after all|"
    r"scratch that|changed|moved to|no longer)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Draft:
    """One pair before it is stored; pairs of one `fact` say the same thing."""

    fact: int
    question: str
    answer: str
    role: str = "train"


class Writer(Protocol):
    """Who writes the pairs."""

    origin: str

    def facts(self, messages: Sequence[Message], day: date | None) -> list[tuple[str, str]]:
        """Questions and answers about all that the user told in a session of that day."""

    def reword(self, questions: Sequence[str], count: int) -> list[list[str]]:
        """For each question up to `count` other wordings."""


class ModelWriter:
    """The chat model itself, with the bare base's weights."""

    origin = "model"

    def __init__(self, model: Model, seed: int = 0) -> None:
        self._model = model
        self._seed = seed

    def facts(self, messages: Sequence[Message], day: date | None) -> list[tuple[str, str]]:
        """Asked of each message, and of each of its sentences that no rule can take apart, with
        that passage alone in the prompt."""
        whole: list[list[int]] = []  # all in one batch: decoding few rows at a time is slow
        for place in told(messages, day):
            shown = messages[place]["content"]
            asked = [
                prompts.WRITE_FACTS.format(message=part[:MESSAGE_SHOWN])
                for part in [shown, *(s for s in sentences(shown) if not statements(s))]
            ]
            context = teacher_context(passage(messages, place), day)
            prefix, ends = branches_of(self._model, context, asked)
            whole += [prefix + end for end in ends]
        texts = continue_in_parts(self._model, whole, WRITE)
        return [pair for text in texts for pair in parse(text)]

    def reword(self, questions: Sequence[str], count: int) -> list[list[str]]:
        system = [{"role": "system", "content": prompts.system()}]
        asked = [prompts.REWORD.format(question=q) for q in questions]
        prefix, ends = branches_of(self._model, system, asked)
        rows = [end for end in ends for _ in range(count)]
        texts: list[str] = []
        for start in range(0, len(rows), REWORDED_AT_ONCE):
            part = rows[start : start + REWORDED_AT_ONCE]
            sampling = Sampling(24, temperature=0.8, top_p=0.9, seed=self._seed + start)
            texts += self._model.continue_all(prefix, part, sampling)
        return [texts[k * count : (k + 1) * count] for k in range(len(ends))]


def synthesize(
    messages: Sequence[Message],
    day: date | None,
    writer: Writer,
    judge: Model,
) -> list[Draft]:
    """All pairs of one session: every supported fact in WORDINGS wordings or more, one of them
    held out as a probe. Empty when the session holds nothing about the user.

    The judge (the base) tells what the session supports. Costs one generation per sentence of the
    user, a short one per question, and some for each fact.
    """
    messages = [cut(judge, m) for m in messages]
    said = told(messages, day)
    if not said:
        return []
    stated = _stated(said)
    by_place: dict[int, list[tuple[str, str]]] = {place: [] for place in said}
    for pair in unique(writer.facts(messages, day)):
        by_place[place_of(*pair, said)].append(pair)
    pairs = read_again(judge, messages, day, by_place, stated)
    found = []
    for place, mine in pairs.items():
        mine = [pair for pair in mine if not misplaced(*pair, stated[place])]
        context = teacher_context(passage(messages, place), day)
        found.append([*stated[place], *supported(judge, context, mine)])
    # In turns, so that a session with too many facts loses some of every message, not the last.
    kept = unique(pair for turn in zip_longest(*found) for pair in turn if pair)
    kept = _corrected(judge, messages, day, kept)
    facts = group(kept)[:FACTS_MOST]
    return _with_wordings(facts, writer, judge, messages, day)


def _stated(said: Mapping[int, str]) -> dict[int, list[tuple[str, str]]]:
    """What each message states plainly; where a message takes something back, not what an earlier
    one answered to the same question."""
    found: dict[int, list[tuple[str, str]]] = {}
    for place, text in said.items():
        own = statements(text)
        if _TAKES_BACK.search(text):
            again = {plain(question) for question, _ in own}
            found = {k: [p for p in old if plain(p[0]) not in again] for k, old in found.items()}
        found[place] = own
    return found


def read_again(
    judge: Model,
    messages: Sequence[Message],
    day: date | None,
    written: Mapping[int, Sequence[tuple[str, str]]],
    stated: Mapping[int, Sequence[tuple[str, str]]],
) -> dict[int, list[tuple[str, str]]]:
    """For each message the written pairs and the interview's questions, with an answer that its
    passage can have told: the written answer where it can, else what the base reads there. What is
    stated plainly is not asked again."""
    sound: dict[int, list[tuple[str, str]]] = {}
    open_: list[tuple[int, str]] = []
    whole: list[list[int]] = []
    said = {place: [*told(passage(messages, place), day).values()] for place in written}
    for place, pairs in written.items():
        sound[place] = [pair for pair in pairs if believable(*pair, said[place])]
        asked = [*(q for q, _ in pairs), *interview.questions([messages[place]["content"]])]
        known = {plain(question) for question, _ in [*sound[place], *stated[place]]}
        unread = [question for question in dict.fromkeys(asked) if plain(question) not in known]
        context = teacher_context(passage(messages, place), day)
        prefix, ends = branches_of(judge, context, unread)
        open_ += [(place, question) for question in unread]
        whole += [prefix + end for end in ends]
    read = continue_in_parts(judge, whole, READ)
    for (place, question), answer in zip(open_, read, strict=True):
        if believable(question, answer, said[place]):
            sound[place].append((question, answer))
    return sound


def _corrected(
    judge: Model,
    messages: Sequence[Message],
    day: date | None,
    pairs: Sequence[tuple[str, str]],
) -> list[tuple[str, str]]:
    """The pairs, where a later message takes something back with what the whole session says."""
    said = told(messages, day)
    last = max((k for k, text in said.items() if _TAKES_BACK.search(text)), default=-1)
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


def _with_wordings(
    facts: list[list[tuple[str, str]]],
    writer: Writer,
    judge: Model,
    messages: Sequence[Message],
    day: date | None,
) -> list[Draft]:
    """Each fact's pairs as written, the writer's rewordings that the session still answers, and
    wordings by rule until there are enough; one wording is held out as the fact's probe."""
    rng = random.Random("\n".join(m["content"] for m in messages))
    asked = {plain(q) for fact in facts for q, _ in fact}  # one question, one answer
    reworded = writer.reword([fact[0][0] for fact in facts], MODEL_WORDINGS) if facts else []
    fresh = [
        _new([q for q in texts if _same_ask(fact[0][0], q)], fact[0][1], asked)
        for fact, texts in zip(facts, reworded, strict=True)
    ]
    flat = [pair for found in fresh for pair in found]
    likely = dict(zip(flat, by_passage(judge, messages, day, flat, answer_logprobs), strict=True))
    done: list[Draft] = []
    for number, (fact, found) in enumerate(zip(facts, fresh, strict=True)):
        checked = [pair for pair in found if likely[pair] > LEAST_LOGPROB]
        written = fact[:PAIRS_MOST]
        missing = WORDINGS + 1 - len(written) - len(checked)
        question, answer = fact[0]
        checked += _new(wordings(question, max(2, missing), rng), answer, asked)
        held = checked.pop(0) if len(checked) > 2 else None
        done += [Draft(number, *pair) for pair in [*written, *checked]]
        done += [Draft(number, *held, role="probe")] if held else []
    return done


def _new(questions: Sequence[str], answer: str, asked: set[str]) -> list[tuple[str, str]]:
    """Those of a fact's questions that no fact asks yet; they are noted in `asked`."""
    found = []
    for question in map(tidy, questions):
        if plain(question) not in asked and well_formed(question, answer):
            asked.add(plain(question))
            found.append((question, answer))
    return found


def _same_ask(question: str, other: str) -> bool:
    """A rewording is a question, keeps half of the content words of what it rewords, and brings
    one new one at most, and no new name."""
    if not other.endswith("?") or admits(other):
        return False
    ours = words(question)
    new = {w for w in re.findall(r"(?<!^)\b[A-Z][\w'’-]+", other) if w != "I"}
    theirs = words(other)
    kept = len(ours & theirs) >= 0.5 * len(ours) and len(theirs - ours) <= 1
    return kept and all(w in question for w in new)


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
