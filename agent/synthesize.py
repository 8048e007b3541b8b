"""A session becomes question-answer pairs.

    session --write, read again--> facts --support--> facts kept --reword--> eight wordings or more

Two writers behind one interface: the model itself, or an OpenAI-compatible endpoint. Only what the
user said is a fact. Knows a model and a session's messages; no database, no training.
"""

import hashlib
import random
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import torch

from agent import interview, prompts
from agent.dates import annotate, full_date
from agent.model import Message, Model, Sampling
from agent.text import admits, agrees, keys, overlap, words
from agent.tree import Branch, collate, pack, target_logits
from agent.wordings import wordings

WORDINGS = 8
FACTS_MOST = 16
MODEL_WORDINGS = 4  # by the writer; the rest by rule, which costs nothing and keeps the meaning
PAIRS_MOST = 4  # questions of a fact that are kept as they were written
SAMPLES = 2
READ = Sampling(max_tokens=32)
READ_AT_ONCE = 48
REWORDED_AT_ONCE = 96
PIECE_TOKENS = 1400
PIECE_OVERLAP = 2  # messages
MESSAGE_SHOWN = 400  # characters of a message that are quoted when its facts are asked for

# A pair stays when the session makes its answer likely, and likelier than it is without.
LEAST_LOGPROB = -0.7  # mean per token, the session in the prompt
LEAST_GAIN = 0.3  # nats per token that the session adds

_TEXT_ITSELF = re.compile(
    r"\b(above|this (?:chat|session|conversation|message)|summar|the text|you said|your (?:reply|answer))",
    re.IGNORECASE,
)
_POINTS_AWAY = re.compile(r"\b(he|she|him|his|her|hers|it|its|they|them|their|that|this)\b", re.I)


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

    def facts(self, context: Sequence[Message], said: Sequence[str]) -> list[tuple[str, str]]:
        """Questions and answers about each of the user's messages `said` in `context`."""

    def reword(self, questions: Sequence[str], count: int) -> list[list[str]]:
        """For each question up to `count` other wordings."""


class ModelWriter:
    """The chat model itself, with the bare base's weights."""

    origin = "model"

    def __init__(self, model: Model, seed: int = 0) -> None:
        self._model = model
        self._seed = seed

    def facts(self, context: Sequence[Message], said: Sequence[str]) -> list[tuple[str, str]]:
        asked = [prompts.WRITE_FACTS.format(message=text[:MESSAGE_SHOWN]) for text in said]
        prefix, ends = branches_of(self._model, context, asked)
        greedy = Sampling(max_tokens=140)
        warm = Sampling(max_tokens=140, temperature=0.7, seed=self._seed)
        with self._model.turnstile.back(), self._model.using(None):
            texts = self._model.continue_all(prefix, ends, greedy)
        with self._model.turnstile.back(), self._model.using(None):
            texts += self._model.continue_all(prefix, ends * SAMPLES, warm)
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
            with self._model.turnstile.back(), self._model.using(None):
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

    The judge (the base) tells what the session supports. Costs two short generations per user
    message and one per fact.
    """
    said = [m["content"] for m in messages if m["role"] == "user"]
    spoken = words(" ".join(annotate(text, day) if day else text for text in said))
    drafts: list[tuple[str, str]] = []
    for piece in pieces(judge, messages):
        context = teacher_context(piece, day)
        mine = [m["content"] for m in piece if m["role"] == "user"]
        written = writer.facts(context, mine)
        drafts += read_again(judge, context, written, interview.questions(mine), spoken)
    sound = [pair for pair in unique(drafts) if well_formed(*pair) and said_so(*pair, spoken)]
    context = teacher_context(fitting(judge, messages), day)
    facts = group(supported(judge, context, sound))[:FACTS_MOST]
    rng = random.Random("\n".join(said))
    return _with_wordings(facts, writer, judge, context, rng)


def read_again(
    judge: Model,
    context: Sequence[Message],
    written: Sequence[tuple[str, str]],
    asked: Sequence[str],
    spoken: set[str],
) -> list[tuple[str, str]]:
    """Every question with what the base answers when the session is in its prompt. It reads better
    than it writes, and what it will teach is what it reads. A written answer stays where the base
    agrees with it, admits that it cannot find it, or answers in words the user never used."""
    answers = dict(unique(written))
    questions = list(dict.fromkeys([*answers, *asked]))
    prefix, ends = branches_of(judge, context, questions)
    done: list[tuple[str, str]] = []
    for start in range(0, len(questions), READ_AT_ONCE):
        with judge.turnstile.back(), judge.using(None):
            told = judge.continue_all(prefix, ends[start : start + READ_AT_ONCE], READ)
        for question, answer in zip(questions[start:], told, strict=False):
            ours = answers.get(question)
            if ours and (
                admits(answer)
                or agrees(question, ours, answer)
                or not said_so(question, answer, spoken)
            ):
                answer = ours
            done.append((question, answer))
    return done


def _with_wordings(
    facts: list[list[tuple[str, str]]],
    writer: Writer,
    judge: Model,
    context: Sequence[Message],
    rng: random.Random,
) -> list[Draft]:
    """Each fact's pairs as written, the writer's rewordings that the session still answers, and
    wordings by rule until there are enough; one wording is held out as the fact's probe."""
    asked = {_plain(q) for fact in facts for q, _ in fact}  # one question, one answer
    reworded = writer.reword([fact[0][0] for fact in facts], MODEL_WORDINGS) if facts else []
    fresh = [
        _new([q for q in texts if _same_ask(fact[0][0], q)], fact[0][1], asked)
        for fact, texts in zip(facts, reworded, strict=True)
    ]
    logprobs = iter(answer_logprobs(judge, context, [pair for found in fresh for pair in found]))
    done: list[Draft] = []
    for number, (fact, found) in enumerate(zip(facts, fresh, strict=True)):
        checked = [pair for pair in found if next(logprobs) > LEAST_LOGPROB]
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
    for question in map(_tidy, questions):
        if _plain(question) not in asked and well_formed(question, answer):
            asked.add(_plain(question))
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


# --- the session as the teacher reads it --------------------------------------------------------


def teacher_context(messages: Sequence[Message], day: date | None) -> list[Message]:
    """The system line with the session's day, and its messages with relative dates written out."""
    system = {"role": "system", "content": prompts.system(full_date(day) if day else None)}
    return [
        system,
        *(
            {"role": m["role"], "content": annotate(m["content"], day)}
            if day and m["role"] == "user"
            else {"role": m["role"], "content": m["content"]}
            for m in messages
        ),
    ]


def pieces(model: Model, messages: Sequence[Message]) -> list[list[Message]]:
    """The session in runs of messages that fit, each overlapping the one before it."""
    found: list[list[Message]] = []
    start = 0
    while start < len(messages):
        end = start + 1
        while end < len(messages) and _tokens(model, messages[start : end + 1]) <= PIECE_TOKENS:
            end += 1
        found.append([_cut(model, m) for m in messages[start:end]])
        if end >= len(messages):
            break
        start = max(start + 1, end - PIECE_OVERLAP)
    return found


def fitting(model: Model, messages: Sequence[Message]) -> list[Message]:
    """As much of the session as fits in a piece, in order: the user's words before the
    assistant's, and of those the newest."""
    rows = [_cut(model, m) for m in messages]
    while len(rows) > 1 and _tokens(model, rows) > PIECE_TOKENS:
        spoken = next((k for k, m in enumerate(rows) if m["role"] == "assistant"), 0)
        del rows[spoken]
    return rows


def _cut(model: Model, message: Message) -> Message:
    """A single message longer than a piece loses its end."""
    ids = model.tokenizer(message["content"], add_special_tokens=False)["input_ids"]
    if len(ids) <= PIECE_TOKENS:
        return dict(message)
    return {"role": message["role"], "content": model.tokenizer.decode(ids[:PIECE_TOKENS])}


def _tokens(model: Model, messages: Sequence[Message]) -> int:
    return sum(len(model.tokenizer(m["content"])["input_ids"]) + 5 for m in messages)


def branches_of(
    model: Model, context: Sequence[Message], asked: Iterable[str]
) -> tuple[list[int], list[list[int]]]:
    """The context's ids and, for each question, the ids that follow them."""
    prefix: list[int] = []
    ends = []
    for question in asked:
        start, whole = model.split(context, [{"role": "user", "content": question}])
        prefix = whole[:start]
        ends.append(whole[start:])
    return prefix, ends


# --- what is kept ------------------------------------------------------------------------------


def parse(text: str) -> list[tuple[str, str]]:
    """Lines of "question => answer"; anything else is passed over."""
    rows = (line.partition(prompts.ARROW) for line in text.splitlines())
    return [(_tidy(q), _tidy(a)) for q, arrow, a in rows if arrow and q.strip() and a.strip()]


def well_formed(question: str, answer: str) -> bool:
    """Asks by name, not for the text itself, and does not give the answer away."""
    if len(question) > 200 or len(answer) > 300 or len(question.split()) < 3:
        return False
    if _TEXT_ITSELF.search(question) or admits(answer):
        return False
    if _POINTS_AWAY.search(question) and not _names(question) and len(words(question)) < 2:
        return False
    return fits(question, answer) and bool(words(answer) - words(question))


_AMOUNT = re.compile(r"how (?:much|many|old|far|long|tall|often)\b|\b(?:budget|price|rent)\b", re.I)
_TIME = re.compile(r"(?:when|what time|which day|what day|what date|which date)\b", re.I)
_NUMBER = re.compile(r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|\w+teen|\w+ty|"
                     r"hundreds?|thousands?|half|once|twice|every|none|no)\b", re.I)  # fmt: skip
_MOMENT = re.compile(r"\d|day\b|\b(?:january|february|march|april|may|june|july|august|september|"
                     r"october|november|december|morning|noon|evening|night|week|month|year|spring|"
                     r"summer|autumn|winter|before|after|now|soon|never)\b", re.I)  # fmt: skip


def fits(question: str, answer: str) -> bool:
    """An amount is asked for and given, a time is asked for and given."""
    if _AMOUNT.match(question) and not _NUMBER.search(answer):
        return False
    return not _TIME.match(question) or bool(_MOMENT.search(answer))


def said_so(question: str, answer: str, user_words: set[str]) -> bool:
    """Whether the answer's keys are the user's own words: all numbers and names, most others."""
    wanted = keys(question, answer)
    exact = {w for w in wanted if w[0].isdigit()} | {n.lower() for n in _names(answer)}
    stems = {w for name in exact for w in words(name)}
    known = len(wanted & user_words) >= 0.6 * len(wanted)
    return bool(wanted) and known and stems <= user_words | words(question)


def _names(text: str) -> set[str]:
    """Capitalised words that do not begin a sentence."""
    return {w for w in re.findall(r"(?<=[a-z,;'\"] )[A-Z][\w'’-]+", text) if w not in ("I", "I'm")}


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


def answer_logprobs(
    model: Model, context: Sequence[Message], pairs: Sequence[tuple[str, str]]
) -> list[float]:
    """Mean log-probability per token of each answer after its question, by the bare base."""
    if not pairs:
        return []
    prefix, ends = branches_of(model, context, [q for q, _ in pairs])
    branches = [
        Branch(end, model.answer_ids(answer)) for end, (_, answer) in zip(ends, pairs, strict=True)
    ]
    sums = [0.0] * len(branches)
    for row in pack(prefix, branches, len(prefix) + 500):
        with model.turnstile.back(), model.using(None), torch.inference_mode():
            batch = collate([row], model.device)
            logits_NV = target_logits(model.backbone, model.head, batch).float()
            found_N = logits_NV.log_softmax(-1).gather(1, batch.labels_N[:, None])[:, 0]
        for owner, value in zip(row.owners_N, found_N.tolist(), strict=True):
            sums[owner] += value
    return [total / len(branch.target) for total, branch in zip(sums, branches, strict=True)]


def unique(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """First of every question, however it is spelt."""
    found: dict[str, tuple[str, str]] = {}
    for question, answer in pairs:
        found.setdefault(_plain(question), (question, answer))
    return list(found.values())


def group(pairs: Sequence[tuple[str, str]]) -> list[list[tuple[str, str]]]:
    """Pairs that say the same thing, together, in the order of their first one."""
    facts: list[list[tuple[str, str]]] = []
    for question, answer in pairs:
        for fact in facts:
            alike = overlap(keys(question, answer), keys(*fact[0]))
            if alike >= 0.8 or alike >= 0.5 and overlap(words(question), words(fact[0][0])) >= 0.3:
                fact.append((question, answer))
                break
        else:
            facts.append([(question, answer)])
    return facts


def _plain(question: str) -> str:
    return " ".join(re.findall(r"\w+", question.lower()))


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip().strip('"-•* ').strip()


def seed_of(session_id: str) -> int:
    """A seed that depends on the session alone, so that its pairs can be made again."""
    return int.from_bytes(hashlib.sha256(session_id.encode()).digest()[:4], "big")
