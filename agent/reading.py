"""A session as the teacher reads it: dated, whole or only the passage that tells something.

A small model mixes up what is told in different messages, so a fact is written, read and taught with
the one exchange in the prompt that tells it. Knows messages and dates; no model.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from agent import prompts
from agent.answered import answered
from agent.dates import annotate, full_date
from agent.grammar.names import names
from agent.grammar.words import tokens_of
from agent.repairs import repaired, with_slip
from agent.text import keys, words

Message = dict[str, str]
SHORT = 8  # words; a shorter message is read with the exchange before it
TAKES_BACK = re.compile(
    r"\b(?:actually|wait|sorry|correction|instead|i meant|i mean|make that|not any ?more|after all|"
    r"scratch that|changed|moved to|no longer)\b",
    re.IGNORECASE,
)
_BACK = re.compile(r"(?:[a-z']+[,.!]? ){0,2}(?:he|she|his|her)\b", re.IGNORECASE)


def teacher_context(messages: Sequence[Message], day: date | None) -> list[Message]:
    """The system line with the session's day, and its messages with relative dates written out. A
    message that has a `day` of its own was said on that one."""
    began = _said_on(messages[0], day) if messages else day
    system = {"role": "system", "content": prompts.system(full_date(began) if began else None)}
    return [
        system,
        *(
            {"role": m["role"], "content": _read(m["content"], _said_on(m, day))}
            if m["role"] == "user"
            else {"role": m["role"], "content": m["content"]}
            for m in messages
        ),
    ]


def told(messages: Sequence[Message], day: date | None) -> dict[int, str]:
    """The user's messages that may tell something, by their place, as they were meant, with relative
    dates written out."""
    said = [(place, m) for place, m in enumerate(messages) if m["role"] == "user"]
    after = [m["content"] for _, m in said[1:]] + [""]
    return {
        place: _read(with_slip(m["content"], next_), _said_on(m, day))
        for (place, m), next_ in zip(said, after, strict=False)
        if not only_asks(m["content"])
    }


def _said_on(message: Message, day: date | None) -> date | None:
    """The message's own day, or its session's."""
    return date.fromisoformat(message["day"]) if "day" in message else day


def _read(text: str, day: date | None) -> str:
    """As it was meant, with its dates written out."""
    meant = repaired(text)
    return annotate(meant, day) if day else meant


def only_asks(text: str) -> bool:
    """Whether a message is nothing but questions, and names nobody ("my cat Rex") in them."""
    asked = [part for part in re.split(r"(?<=[.!?])\s+", text.strip()) if part]
    return all(part.endswith("?") for part in asked) and not [*names(tokens_of(text))]


def place_of(question: str, answer: str, said: Mapping[int, str]) -> int:
    """The place of the message that shares most with a pair, its answer's keys counted first; the
    later one when two tie."""
    wanted, asked = keys(question, answer), words(question)

    def shared(place: int) -> tuple[int, int, int]:
        own = words(said[place])
        return len(wanted & own), len(asked & own), place

    return max(said, key=shared)


def points_back(text: str) -> bool:
    """Whether a message begins with somebody named before it ("He is nine.")."""
    return _BACK.match(text) is not None


def passage(messages: Sequence[Message], place: int) -> list[Message]:
    """The exchange around the user's message at `place`; a short message says little without the
    exchange before it, nor one that points back to it or answers its question, so it is then there
    as well."""
    start, text = place, messages[place]["content"]
    leans = len(text.split()) < SHORT or points_back(text) or answered(messages, place)
    if leans and place >= 2:
        start = place - 2 if messages[place - 2]["role"] == "user" else place
    end = place + 1
    if end < len(messages) and messages[end]["role"] == "assistant":
        end += 1
    return [dict(m) for m in messages[start:end]]


def heard(messages: Sequence[Message], place: int, day: date | None) -> list[str]:
    """What the user says in the passage of a message, and the question that the message answers."""
    texts = [*told(passage(messages, place), day).values()]
    back = answered(messages, place)
    return [*texts, back[0]] if back else texts


def sentences(text: str) -> list[str]:
    """The sentences of a message that holds several, else none; a very short one goes with the one
    before."""
    parts: list[str] = []
    for part in re.split(r"(?<=[.!?;])\s+|\n+", text):
        if parts and len(part.split()) < 4:
            parts[-1] += f" {part}"
        elif part.strip():
            parts.append(part.strip())
    return parts if len(parts) > 1 else []
