"""What a message names: the phrases that a question may ask for.

Runs of content words (RAKE, Rose et al. 2010), cut at small words and marks. Knows texts alone.
"""

import re
from collections.abc import Sequence

from agent.grammar.words import may_be_noun
from agent.text import STOP_WORDS, WORD, keys, most_of, words

PHRASES_MOST = 12  # of a message
WORDS_MOST = 5  # of a phrase
PLAIN_MOST = 12  # words of an answer that gives away each of its phrases
_TOKEN = re.compile(rf"{WORD.pattern}|[^\w\s]")
_SMALL = STOP_WORDS | frozenset(
    """
    never always already again still even only then now maybe because while though too got make makes
    like want wants think thinks feel need needs gave give took take thing things lot bit way yes no
    again anyway except each every all both either
    """.split()
)


def phrases(text: str) -> list[str]:
    """The phrases of a message, in order: names, numbers and nouns with what stands around them."""
    found: list[str] = []
    run: list[str] = []
    tokens = _TOKEN.findall(text.replace("’", "'"))
    for token, after in zip([*tokens, "."], [*tokens[1:], ".", "."], strict=False):
        inside = token.lower() == "of" and run and after.lower() not in _SMALL
        if inside or (token[0].isalnum() and token.lower() not in _SMALL and "n't" not in token):
            run.append(token)
            continue
        if run and _names_something(run):
            found.append(" ".join(run[:WORDS_MOST]))
        run = []
    return list(dict.fromkeys(found))[:PHRASES_MOST]


def _names_something(run: Sequence[str]) -> bool:
    return len(run) > 1 or run[0][0].isupper() or run[0][0].isdigit() or may_be_noun(run[0])


def asked_for(phrase: str, pairs: Sequence[tuple[str, str]]) -> bool:
    """Whether the short answer of some pair gives the phrase away."""
    wanted = words(phrase)
    return any(
        wanted <= keys(question, answer)
        for question, answer in pairs
        if len(answer.split()) <= PLAIN_MOST
    )


def holds(phrase: str, answer: str) -> bool:
    """Whether an answer brings the phrase: all its numbers and most of its words."""
    return most_of(words(phrase), words(answer))
