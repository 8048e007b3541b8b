"""A session becomes question-answer pairs.

    session --write--> facts --support--> facts kept --reword--> eight wordings or more of each

Two writers behind one interface: the model itself, or an OpenAI-compatible endpoint. Only what the
user said is a fact. Knows a model and a session's messages; no database, no training.
"""

import hashlib
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol

import torch

from agent import prompts
from agent.dates import annotate, full_date
from agent.model import Message, Model, Sampling
from agent.text import admits, keys, overlap, words
from agent.tree import Branch, collate, pack, target_logits

WORDINGS = 8
FACTS_MOST = 24
SAMPLES = 3
PIECE_TOKENS = 1400
PIECE_OVERLAP = 2  # messages
MESSAGE_SHOWN = 400  # characters of a message that are quoted when its facts are asked for

# A pair stays when the session makes its answer likely, and likelier than it is without.
LEAST_LOGPROB = -1.2  # mean per token, the session in the prompt
LEAST_GAIN = 0.15  # nats per token that the session adds

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
        greedy = Sampling(max_tokens=220)
        warm = Sampling(max_tokens=220, temperature=0.7, seed=self._seed)
        with self._model.turnstile.back(), self._model.using(None):
            texts = self._model.continue_all(prefix, ends, greedy)
        with self._model.turnstile.back(), self._model.using(None):
            texts += self._model.continue_all(prefix, ends * SAMPLES, warm)
        return [pair for text in texts for pair in parse(text)]

    def reword(self, questions: Sequence[str], count: int) -> list[list[str]]:
        system = [{"role": "system", "content": prompts.system()}]
        asked = [prompts.REWORD.format(question=q) for q in questions]
        prefix, ends = branches_of(self._model, system, asked)
        found: list[list[str]] = []
        for k, end in enumerate(ends):
            sampling = Sampling(max_tokens=40, temperature=1.0, seed=self._seed + k)
            with self._model.turnstile.back(), self._model.using(None):
                found.append(self._model.continue_all(prefix, [end] * count, sampling))
        return found


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
    drafts: list[tuple[str, str]] = []
    for piece in pieces(judge, messages):
        context = teacher_context(piece, day)
        said = [m["content"] for m in piece if m["role"] == "user"]
        drafts += writer.facts(context, said)
    user_words = words(
        " ".join(
            annotate(m["content"], day) if day else m["content"]
            for m in messages
            if m["role"] == "user"
        )
    )
    sound = [pair for pair in unique(drafts) if well_formed(*pair) and said_so(*pair, user_words)]
    context = teacher_context(fitting(judge, messages), day)
    kept = [pair for pair, ok in zip(sound, supported(judge, context, sound), strict=True) if ok]
    facts = group(kept)[:FACTS_MOST]
    return _with_wordings(facts, writer, judge, context)


def _with_wordings(
    facts: list[list[tuple[str, str]]],
    writer: Writer,
    judge: Model,
    context: Sequence[Message],
) -> list[Draft]:
    """Each fact's pairs, reworded and checked; the last checked wording becomes its probe."""
    heads = [fact[0][0] for fact in facts]
    reworded = writer.reword(heads, WORDINGS * 2) if heads else []
    done: list[Draft] = []
    for number, (fact, others) in enumerate(zip(facts, reworded, strict=True)):
        answer = fact[0][1]
        asked = {_plain(q) for q, _ in fact}
        fresh: list[tuple[str, str]] = []
        for question in others:
            question = _tidy(question)
            same = _plain(question) in asked or not _same_ask(fact[0][0], question)
            if not same and well_formed(question, answer):
                asked.add(_plain(question))
                fresh.append((question, answer))
        checked = [
            pair for pair, ok in zip(fresh, supported(judge, context, fresh), strict=True) if ok
        ][: WORDINGS + 1]
        held = checked.pop() if len(checked) > 2 else None
        done += [Draft(number, question, text) for question, text in [*fact, *checked]]
        done += [Draft(number, *held, role="probe")] if held else []
    return done


def _same_ask(question: str, other: str) -> bool:
    """A rewording may not lose every content word of what it rewords, nor bring a new name."""
    new = {w for w in re.findall(r"(?<!^)\b[A-Z][\w'’-]+", other) if w != "I"}
    return bool(words(question) & words(other)) and all(w in question for w in new)


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
    return bool(words(answer) - words(question))


def said_so(question: str, answer: str, user_words: set[str]) -> bool:
    """Whether the answer's keys are the user's own words: all numbers and names, most others."""
    wanted = keys(question, answer)
    exact = {w for w in wanted if w[0].isdigit()} | {n.lower() for n in _names(answer)}
    stems = {w for name in exact for w in words(name)}
    return stems <= user_words | words(question) and len(wanted & user_words) >= 0.6 * len(wanted)


def _names(text: str) -> set[str]:
    """Capitalised words that do not begin a sentence."""
    return {w for w in re.findall(r"(?<=[a-z,;'\"] )[A-Z][\w'’-]+", text) if w not in ("I", "I'm")}


def supported(
    judge: Model, context: Sequence[Message], pairs: Sequence[tuple[str, str]]
) -> list[bool]:
    """Whether the session makes each answer likely, and likelier than no session does."""
    if not pairs:
        return []
    bare = [{"role": "system", "content": prompts.system()}]
    told = answer_logprobs(judge, context, pairs)
    untold = answer_logprobs(judge, bare, pairs)
    return [
        with_it > LEAST_LOGPROB and with_it - without > LEAST_GAIN
        for with_it, without in zip(told, untold, strict=True)
    ]


def answer_logprobs(
    model: Model, context: Sequence[Message], pairs: Sequence[tuple[str, str]]
) -> list[float]:
    """Mean log-probability per token of each answer after its question, by the bare base."""
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
            same_answer = overlap(keys(question, answer), keys(*fact[0])) >= 0.5
            if same_answer and overlap(words(question), words(fact[0][0])) >= 0.3:
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
