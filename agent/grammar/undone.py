"""What the rest of a sentence takes back: "started at KFC, got sacked", "meeting Ida, but she cancelled".

Knows the words behind a clause.
"""

import re

from agent.grammar.words import Words, end_of_sentence
from agent.repairs import JOURNEYS

DOUBTS = frozenset(
    "if whether unless or maybe perhaps imagine suppose since when while until till before after as "
    "than".split()
)
_UNDONE = re.compile(
    r"\b(?:gave up|given up|dropped out|(?:got|was|been) (?:sacked|fired|laid off)|"
    r"fell (?:apart|through)|never (?:arrived|came|happened)|started again|relapsed|"
    r"(?:cancelled|canceled|quit|returned|sold)(?: (?:it|them|him|her)\b|(?= ?[,.!;]|$))|"
    r"which i (?:sold|returned|lost)|(?:gave|give|sent|took|brought) (?:it|them|him|her) (?:back|away))"
)
_CALLED_OFF = re.compile(  # right behind a plan
    r"(?:, )?(?:but |and )?"
    r"(?:(?:i|we|he|she|they) (?:has |have |just )*(?:cancelled|canceled|called it off)|"
    r"(?:(?:the|my|our) (?:\w+ )?)?(?P<what>\w+) (?:is|was|got|has been) "
    r"(?:off|cancelled|canceled|called off))(?= ?[,.!;]|$| now| again| after| it| on me)"
)


def is_undone(tokens: Words, end: int) -> bool:
    """Whether the rest of the sentence takes the clause back; not "after I was fired"."""
    rest = [word.lower() for word in tokens[end : end_of_sentence(tokens, end)]]
    undone = _UNDONE.search(" ".join(rest))
    return undone is not None and not DOUBTS & {tokens[end - 1].lower(), *rest[:1]}


def is_called_off(tokens: Words, end: int, spoken: set[str]) -> bool:
    """Whether what was spoken of, or the whole of it, is called off right behind; not something else."""
    rest = [word.lower() for word in tokens[end : end_of_sentence(tokens, end)]]
    match = _CALLED_OFF.match(" ".join(rest))
    return match is not None and (match["what"] is None or match["what"] in JOURNEYS | spoken)
