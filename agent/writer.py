"""Who writes a session's pairs: the chat model itself; agent/endpoint.py has another.

    message --model--> statements, one a line --rules, model--> questions
            --rules--> phrases --model--> questions --model--> answers

Knows a model and a session's messages; no database, no training.
"""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Protocol

from agent import prompts
from agent.answered import answered
from agent.asking import branches_behind, branches_of, continue_in_parts, mean_logprobs
from agent.drafts import PAIRS_MOST
from agent.filters import believable, parse, repeats, sensible, stands_alone, tidy, varied
from agent.grammar.statements import statements
from agent.grammar.turning import first_person
from agent.model import Message, Model
from agent.owners import taken_over
from agent.phrases import asked_for, holds, phrases
from agent.reading import heard, passage, sentences, teacher_context, told
from agent.sampling import Sampling
from agent.stated import stated
from agent.text import admits, agrees, words

WRITE, READ = Sampling(max_tokens=120), Sampling(max_tokens=24)
ASKED = 8  # questions sampled for each thing told
FOR_PHRASE = 6  # for each phrase that nothing told gives away
LEAST_APT = -1.0  # mean log-probability per token of a phrase's question, given its answer alone
AT_ONCE = 96  # rows of short texts behind one prefix
SENTENCES_MOST = 24  # of a message, each asked for what it tells
MESSAGE_SHOWN = 400  # characters of a message that are quoted when its facts are asked for
_TO_THE_USER = re.compile(r"\byou(?:r|rs|rself)?\b", re.IGNORECASE)
_OF_ME = re.compile(r"\b(?:i|me|my|mine|we|us|our)\b", re.IGNORECASE)
_BARE: list[Message] = [{"role": "system", "content": prompts.system()}]
_POLITE = re.compile(r"\b(?:do|can|could) you (?:know|remember|recall|tell)\b", re.IGNORECASE)


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
        said = told(messages, day)
        plainly = stated(said)
        for place, lines in self._statements(messages, day).items():
            shot = passage(messages, place)
            context, spoken = teacher_context(shot, day), heard(messages, place, day)
            own = [a for _, a in plainly[place] if not re.match(r"(?:Yes|No)\b", a)]
            lines = [line for line in lines if not repeats(line, own)]
            ruled = _ruled(lines)
            missing = [p for p in phrases(said[place]) if not asked_for(p, plainly[place] + ruled)]
            asked_of = [*dict.fromkeys([*own, *lines])]
            sampled = [
                (tidy(question), line)
                for line, texts in zip(asked_of, self._asked(asked_of), strict=True)
                for question in texts
                if sensible(tidy(question), line, spoken)
            ]
            named = self._asked_for_phrases(context, missing)
            named |= [back] if (back := answered(messages, place)) else []
            questions = [*dict.fromkeys([*(question for question, _ in sampled), *named])]
            read = dict(zip(questions, _read(self._model, context, questions), strict=True))
            apt = self._apt([(q, read[q]) for q in named if brings(named[q], q, read[q], spoken)])
            more = dict.fromkeys(answer for _, answer in apt if answer not in asked_of)
            found += [*ruled, *apt, *_ruled([*more])]
            # Of what a small model asks about a statement half is beside the point; asking back finds
            # it (round-trip consistency, Alberti et al. 2019).
            found += [pair for pair in sampled if agrees(*pair, read[pair[0]])]
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
                for part in [shown, *own_sentences(shown)]
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
        return self._sampled(_BARE, lines, ASKED)

    def _sampled(
        self, context: Sequence[Message], answers: Sequence[str], count: int
    ) -> list[list[str]]:
        """Up to `count` different questions for each answer."""
        asked = [prompts.ASK_FOR.format(answer=answer) for answer in answers]
        prefix, ends = branches_of(self._model, context, asked)
        rows = [end for end in ends for _ in range(count)]
        texts: list[str] = []
        for start in range(0, len(rows), AT_ONCE):
            sampling = Sampling(24, temperature=0.7, top_p=0.9, seed=self._seed + start)
            texts += self._model.continue_all(prefix, rows[start : start + AT_ONCE], sampling)
        return [list(dict.fromkeys(texts[k * count : (k + 1) * count])) for k in range(len(ends))]

    def _asked_for_phrases(
        self, context: Sequence[Message], missing: Sequence[str]
    ) -> dict[str, str]:
        """Questions sampled with the passage in the prompt, each with the phrase that it is to bring
        (answer-aware question generation, kept by round trip; PAQ, Lewis et al. 2021)."""
        texts = self._sampled(context, missing, FOR_PHRASE)
        return {
            tidy(text): phrase
            for phrase, mine in zip(missing, texts, strict=True)
            for text in mine
            if not _TO_THE_USER.search(_POLITE.sub("", text)) and not holds(phrase, text)
        }

    def _apt(self, pairs: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
        """The pairs whose answer alone makes their question likely: of what is asked for phrases half
        is nonsense that reading answers all the same."""
        if not pairs:
            return []
        asked = [(prompts.ASK_FOR.format(answer=answer), question) for question, answer in pairs]
        likely = mean_logprobs(self._model, *branches_behind(self._model, _BARE, asked), None)
        return [pair for pair, logprob in zip(pairs, likely, strict=True) if logprob > LEAST_APT]


def own_sentences(text: str) -> list[str]:
    """A message's sentences; of a long one, as a pasted log is, those in which the user speaks."""
    parts = sentences(text)
    if len(parts) <= SENTENCES_MOST:
        return parts
    return [part for part in parts if _OF_ME.search(part)][:SENTENCES_MOST]


def brings(phrase: str, question: str, answer: str, spoken: Sequence[str]) -> bool:
    """Whether what was read in answer to a phrase's question brings the phrase, in the user's words."""
    return holds(phrase, answer) and not admits(answer) and believable(question, answer, spoken)


def _ruled(lines: Sequence[str]) -> list[tuple[str, str]]:
    """What rules ask about each line."""
    return [pair for line in lines for pair in varied(statements(first_person(line)), PAIRS_MOST)]


def _read(judge: Model, context: Sequence[Message], questions: Sequence[str]) -> list[str]:
    """The judge's answer to each question, the context in its prompt."""
    prefix, ends = branches_of(judge, context, questions)
    return [
        tidy(text)
        for start in range(0, len(ends), AT_ONCE)
        for text in judge.continue_all(prefix, ends[start : start + AT_ONCE], READ)
    ]
