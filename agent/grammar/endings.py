"""What a message says has ended: "I no longer like jazz", "I quit smoking", "Tom and I broke up".

Such a sentence tells little that is new and takes back something known. Rules of thumb for English;
knows one message's text and the words of a pair.
"""

import re
from dataclasses import dataclass

from agent.grammar.turning import flip, sentence
from agent.grammar.words import lemma_of, tokens_of
from agent.reading import sentences
from agent.text import has_ended, words

_STOP = r"now|since|because|but|so|and|after|last|yesterday|today"
_UNTIL = rf"(?=\s*(?:\b(?:any ?more|any longer|{_STOP})\b|[,.!?;]|$))"
_MORE = rf"\bany ?(?:more|longer)(?=\s*(?:[,.!?;]|$|\b(?:{_STOP})\b))"  # not "any more tea"
_HABITS = (
    rf"(?:\b(?:i|we) |^)no longer (?P<what>.+?){_UNTIL}",
    rf"(?:\b(?:i|we) |^)(?:do|can) not (?P<what>.+?) {_MORE}",
    rf"\b(?:i|we) am no longer (?P<what>.+?){_UNTIL}",
    rf"\b(?:i|we) am not (?P<what>.+?) {_MORE}",
    rf"\b(?:i|we) (?:have )?(?:just )?(?:stopped|quit) (?P<what>\w+ing\b.*?){_UNTIL}",
    rf"\b(?:i|we) (?:have )?(?:just )?(?:quit|gave up|given up) "
    rf"(?P<what>(?!at|by|in|to|for|with)\w+.*?){_UNTIL}",
)
_COUPLES = (
    r"(?P<what>\w+) and i (?:have |are )?(?:broke up|broken up|split up|separated|divorced)\b",
    rf"\b(?:i|we) (?:have )?(?:broke up|broken up|split up|separated) (?:with|from) (?P<what>.+?){_UNTIL}",
)
_COUPLE = re.compile(
    r"\b(?:boyfriend|girlfriend|partner|husband|wife|fianc[eé]e?|together|married|dating)\b", re.I
)
_MY_JOB = re.compile(
    r"\bmy (?:job|work|workplace|employer|profession)\b|\bdo I (?:do for a living|work)\b", re.I
)
_SAYS_LITTLE = frozenset("want have need do go know think see get feel".split())
_LIKES = frozenset("love enjoy adore favourite favorite prefer".split())


@dataclass(frozen=True, slots=True)
class Ending:
    """What is over, as content words in their plainest form, and the sentence that says so, in the
    second person."""

    what: frozenset[str]
    said: str
    couple: bool

    def ends(self, question: str, answer: str) -> bool:
        """Whether a pair says what is over."""
        if has_ended(answer) or (self.couple and not _COUPLE.search(f"{question} {answer}")):
            return False
        if self.what == {"job"}:
            return bool(_MY_JOB.search(question))
        over = self.what - {"job"}
        return bool(over - _SAYS_LITTLE) and over <= _plainest(answer)


def endings(text: str) -> list[Ending]:
    """Everything that a message says is over for the user."""
    found = []
    for part in sentences(text) or [text]:
        plain = " ".join(tokens_of(part))
        for couple, shapes in ((False, _HABITS), (True, _COUPLES)):
            match = next(filter(None, (re.search(s, plain, re.I) for s in shapes)), None)
            if match:
                told = plain[match.start() :].split(" , ")[0].rstrip(" .!?;")
                said = re.sub(r"\byou am\b", "you are", flip(told.split()))
                found.append(Ending(_plainest(match["what"]), sentence(said), couple))
                break
    return found


def _plainest(text: str) -> frozenset[str]:
    lemmas = {lemma_of(word) for word in words(text)}
    return frozenset("like" if word in _LIKES else word for word in lemmas)
