"""How people type: in lower case, without marks, in short forms, behind a few words of talk.

Knows texts.
"""

import random
import re

SHORTER = {
    "tomorrow": "tmrw", "tonight": "2nite", "with": "w/", "appointment": "appt", "and": "&",
    "you": "u", "years": "yrs", "because": "bc", "people": "ppl", "really": "rly", "please": "pls",
    "about": "abt", "birthday": "bday", "month": "mth", "weeks": "wks", "minutes": "min",
    "thanks": "thx", "going to": "gonna", "want to": "wanna", "before": "b4",
}  # fmt: skip


class Typist:
    """One person's careless way of typing."""

    def __init__(self, rng: random.Random) -> None:
        self._lower = rng.random() < 0.8
        self._bare = rng.random() < 0.6
        self._subjectless = rng.random() < 0.5
        taken = rng.sample(sorted(SHORTER), rng.choice([0, 0, 3, 6, 12]))
        self._short = re.compile(rf"\b({'|'.join(taken)})\b", re.I) if taken else None

    def write(self, text: str) -> str:
        if self._subjectless:  # "I started at the mill" -> "Started at the mill"
            text = re.sub(r"(?:(?<=[.!?] )|^)(?:I am|I'm|I|It is|It's) (\w)", _opened, text)
        if self._short:
            text = self._short.sub(lambda match: SHORTER[match[1].lower()], text)
        if self._lower:
            text = text.lower()
        if self._bare:
            text = re.sub(r"['’]|(?<!\d),|[.!](?=\s|$)", "", text)
        return text


def _opened(match: re.Match[str]) -> str:
    return match[1].upper()


CARRIERS = ("Do you remember: {}", "Hey, {}", "quick question: {}", "Tell me, {}", "{} I forgot.",
            "By the way, {}", "I can't recall, {}")  # fmt: skip


def casual(question: str, rng: random.Random) -> str:
    """Now and then in lower case, without its mark, or behind a few words."""
    draw = rng.random()
    if draw < 0.07:
        return question.lower().rstrip("?")
    if draw < 0.12:
        return question.lower()
    if draw < 0.22:
        carrier = rng.choice(CARRIERS)
        return carrier.format(
            question if carrier.startswith("{}") else question[0].lower() + question[1:]
        )
    return question
