"""A session becomes question-answer pairs.

    session --write, read again--> facts --support--> facts kept --reword--> eight wordings or more

Two writers behind one interface: the model itself, or an OpenAI-compatible endpoint. Only what the
user said is a fact. Knows a model and a session's messages; no database, no training.
"""

import hashlib
import random
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Protocol, TypeVar

import torch

from agent import interview, prompts
from agent.model import Message, Model, Sampling
from agent.reading import passage, place_of, sentences, teacher_context, told
from agent.text import admits, agrees, keys, overlap, words
from agent.tree import Branch, collate, pack, target_logits
from agent.wordings import wordings

WORDINGS = 8
FACTS_MOST = 16
MODEL_WORDINGS = 4  # by the writer; the rest by rule, which costs nothing and keeps the meaning
PAIRS_MOST = 4  # questions of a fact that are kept as they were written
WRITE, READ = Sampling(max_tokens=100), Sampling(max_tokens=32)
AT_ONCE = 32  # rows of a batch; more cost memory and gain nothing
REWORDED_AT_ONCE = 96
SESSION_TOKENS = 1400  # of a session that is read whole
MESSAGE_SHOWN = 400  # characters of a message that are quoted when its facts are asked for

# A pair stays when the session makes its answer likely, and likelier than it is without.
LEAST_LOGPROB = -0.7  # mean per token, the session in the prompt
LEAST_GAIN = 0.3  # nats per token that the session adds

T = TypeVar("T")
_TAKES_BACK = re.compile(
    r"\b(?:actually|wait|sorry|correction|instead|i meant|i mean|make that|not any ?more|after all|"
    r"scratch that|changed|moved to|no longer)\b",
    re.IGNORECASE,
)
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
        """Asked of each message, twice, and of each of its sentences, with that passage alone in
        the prompt."""
        whole: list[list[int]] = []  # all in one batch: decoding few rows at a time is slow
        again: list[list[int]] = []
        for place in told(messages, day):
            shown = messages[place]["content"]
            asked = [
                prompts.WRITE_FACTS.format(message=part[:MESSAGE_SHOWN])
                for part in [shown, *sentences(shown)]
            ]
            context = teacher_context(passage(messages, place), day)
            prefix, ends = branches_of(self._model, context, asked)
            whole += [prefix + end for end in ends]
            again += [prefix + ends[0]]
        warm = replace(WRITE, temperature=0.7, seed=self._seed)
        texts = continue_in_parts(self._model, whole, WRITE)
        texts += continue_in_parts(self._model, again, warm)
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

    The judge (the base) tells what the session supports. Costs one generation per sentence of the
    user, a short one per question, and some for each fact.
    """
    messages = [_cut(judge, m) for m in messages]
    said = told(messages, day)
    if not said:
        return []
    by_place: dict[int, list[tuple[str, str]]] = {place: [] for place in said}
    for pair in unique(writer.facts(messages, day)):
        by_place[place_of(*pair, said)].append(pair)
    pairs = read_again(judge, messages, day, by_place)
    kept = [
        pair
        for place, mine in pairs.items()
        for pair in supported(judge, teacher_context(passage(messages, place), day), mine)
    ]
    kept = _corrected(judge, messages, day, kept)
    facts = group(kept)[:FACTS_MOST]
    return _with_wordings(facts, writer, judge, messages, day)


def read_again(
    judge: Model,
    messages: Sequence[Message],
    day: date | None,
    written: Mapping[int, Sequence[tuple[str, str]]],
) -> dict[int, list[tuple[str, str]]]:
    """For each message the written pairs and the interview's questions, with an answer that its
    passage can have told: the written answer where it can, else what the base reads there."""
    sound: dict[int, list[tuple[str, str]]] = {}
    open_: list[tuple[int, str]] = []
    whole: list[list[int]] = []
    said = {place: [*told(passage(messages, place), day).values()] for place in written}
    for place, pairs in written.items():
        sound[place] = [pair for pair in pairs if believable(*pair, said[place])]
        asked = [*(q for q, _ in pairs), *interview.questions([messages[place]["content"]])]
        known = {question for question, _ in sound[place]}
        unread = [question for question in dict.fromkeys(asked) if question not in known]
        context = teacher_context(passage(messages, place), day)
        prefix, ends = branches_of(judge, context, unread)
        open_ += [(place, question) for question in unread]
        whole += [prefix + end for end in ends]
    read = continue_in_parts(judge, whole, READ)
    for (place, question), answer in zip(open_, read, strict=True):
        if believable(question, answer, said[place]):
            sound[place].append((question, answer))
    return sound


def continue_in_parts(model: Model, whole: Sequence[list[int]], sampling: Sampling) -> list[str]:
    """The base's continuation of each row of ids, AT_ONCE rows of like length at a time."""
    order = sorted(range(len(whole)), key=lambda k: len(whole[k]))
    found = [""] * len(whole)
    for start in range(0, len(order), AT_ONCE):
        part = order[start : start + AT_ONCE]
        with model.turnstile.back(), model.using(None):
            texts = model.continue_all([], [whole[k] for k in part], sampling)
        for k, text in zip(part, texts, strict=True):
            found[k] = text
    return found


def believable(question: str, answer: str, said: Sequence[str]) -> bool:
    """A well-formed pair in the user's own words, to which what they `said` is an answer."""
    spoken = words(" ".join(said))
    return (
        well_formed(question, answer)
        and said_so(question, answer, spoken)
        and interview.plausible(question, answer, said)
    )


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
    with judge.turnstile.back(), judge.using(None):
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
    asked = {_plain(q) for fact in facts for q, _ in fact}  # one question, one answer
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


def by_passage(
    model: Model,
    messages: Sequence[Message],
    day: date | None,
    pairs: Sequence[tuple[str, str]],
    ask: Callable[[Model, list[Message], list[tuple[str, str]]], Sequence[T]],
) -> list[T]:
    """`ask(model, context, pairs)` for each passage that tells some of `pairs`, the results in the
    pairs' order."""
    said = told(messages, day)
    places = [place_of(*pair, said) for pair in pairs]
    found: dict[int, T] = {}
    for place in sorted(set(places)):
        mine = [k for k, other in enumerate(places) if other == place]
        context = teacher_context(passage(messages, place), day)
        found |= zip(mine, ask(model, context, [pairs[k] for k in mine]), strict=True)
    return [found[k] for k in range(len(pairs))]


def fitting(model: Model, messages: Sequence[Message]) -> list[Message]:
    """As much of the session as fits in a piece, in order: the user's words before the
    assistant's, and of those the newest."""
    rows = [_cut(model, m) for m in messages]
    while len(rows) > 1 and _tokens(model, rows) > SESSION_TOKENS:
        spoken = next((k for k, m in enumerate(rows) if m["role"] == "assistant"), 0)
        del rows[spoken]
    return rows


def _cut(model: Model, message: Message) -> Message:
    """A single message longer than a piece loses its end."""
    ids = model.tokenizer(message["content"], add_special_tokens=False)["input_ids"]
    if len(ids) <= SESSION_TOKENS:
        return dict(message)
    return {"role": message["role"], "content": model.tokenizer.decode(ids[:SESSION_TOKENS])}


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


def branches_behind(
    model: Model, context: Sequence[Message], pairs: Sequence[tuple[str, str]]
) -> tuple[list[int], list[Branch]]:
    """The context's ids, and each pair behind them as question and target."""
    prefix, ends = branches_of(model, context, [q for q, _ in pairs] or ["?"])
    branches = [
        Branch(end, model.answer_ids(answer)) for end, (_, answer) in zip(ends, pairs, strict=False)
    ]
    return prefix, branches


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
                     r"summer|autumn|winter|before|after|now|soon|never|half|quarter|one|two|three|four|"
                     r"five|six|seven|eight|nine|ten|eleven|twelve)\b", re.I)  # fmt: skip


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
    return mean_logprobs(model, *branches_behind(model, context, pairs), None)


def mean_logprobs(
    model: Model, prefix: Sequence[int], branches: Sequence[Branch], adapter: str | None
) -> list[float]:
    """Mean log-probability per token of each branch's target behind the prefix."""
    sums = [0.0] * len(branches)
    for row in pack(prefix, branches, len(prefix) + 500):
        with model.turnstile.back(), model.using(adapter), torch.inference_mode():
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
    """Pairs that ask and say the same thing, together, in the order of their first one."""
    facts: list[list[tuple[str, str]]] = []
    for question, answer in pairs:
        for fact in facts:
            alike = overlap(keys(question, answer), keys(*fact[0]))
            asked = overlap(words(question), words(fact[0][0]))
            if alike >= 0.5 and asked >= 0.3:
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
