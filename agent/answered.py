"""What a message answers of the question before it: "Which drum do you play?" "Bodhran."

The assistant asks, the user says a word or two, and neither tells by itself what is known then. Knows
texts alone.
"""

import re
from collections.abc import Sequence

from agent.grammar.turning import first_person

Message = dict[str, str]
ANSWER_MOST = 5  # words of a first piece that says nothing without the question
ASKED_MOST = 14  # words of a question
_ENDS = re.compile(r"(?<=[.!?])\s+|\n+")
_ASKS = re.compile(
    r"(?:(?:and|so|but|oh),? )?(?P<asked>(?:(?:in|at|on|for|with|to|from) )?"
    r"(?:what|where|who|when|which|whose|how (?:old|many|much|long|far|often|big|tall))"
    r"(?:['’]s|['’]re)?\b.*\?)$",
    re.IGNORECASE,
)
_ASKS_FOR_TALK = re.compile(
    r"\b(?:think|feel|else|about|happened|mean|say|like (?:that|to)|can i|should|next|it|he|she|him|her|"
    r"they|them|their|his|that|this|these|those|there|here|i|we|today|now)\b",
    re.IGNORECASE,
)
_WHO_ASKS = re.compile(
    r"\b(do|did|are|were|have|had|will|would|can|could|should) you\b", re.IGNORECASE
)
_AS_I = {"are": "am I", "were": "was I"}
_SAYS_NOTHING = re.compile(
    r"(?:no(?:t|pe|ne|body|thing|where)?|yes|yeah|yep|sure|maybe|ok(?:ay)?|well|dunno|idk|ha(?:ha)*|"
    r"lol|thanks?|don['’]?t know|never)\b",
    re.IGNORECASE,
)
_OF_ITS_OWN = re.compile(r"(?:i|i['’]\w+|we|we['’]\w+|he|she|it|they|my|our|you)\b", re.IGNORECASE)


def answered(messages: Sequence[Message], place: int) -> tuple[str, str] | None:
    """The assistant's question that the message at `place` begins by answering, as the user would ask
    it, and the words that answer it; None where there is none, or where it asks with "he" or "it"."""
    if not place or messages[place - 1]["role"] != "assistant":
        return None
    match = _ASKS.match(_ENDS.split(messages[place - 1]["content"].strip())[-1])
    words = re.split(r"(?<=[.!?;,])\s+|\n+", messages[place]["content"].strip())[0].rstrip(".!;,")
    if not match or not 0 < len(words.split()) <= ANSWER_MOST or words.endswith("?"):
        return None
    asked = match["asked"]
    if len(asked.split()) > ASKED_MOST or _ASKS_FOR_TALK.search(asked):
        return None
    if _SAYS_NOTHING.match(words) or _OF_ITS_OWN.match(words):
        return None
    turned = first_person(_WHO_ASKS.sub(lambda m: _AS_I.get(m[1].lower(), f"{m[1]} I"), asked))
    return turned[:1].upper() + turned[1:], words
