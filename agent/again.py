"""Whether one question and answer says again what another says, in whatever words.

"Who is Duarte?" "Duarte is your brother." says what "What is my brother called?" "Your brother is called
Duarte." does; that your sister lives where you do is something else. Knows words; no store, no model.
"""

import re

from agent.grammar.words import DAYS, MONTHS, NUMBERS, lemma_of
from agent.text import CAPITAL, most_of, words
from agent.topics import PEOPLE

QA = tuple[str, str]
_SMALL = frozenset("yes now still today currently".split())
_UNITS = (
    "euro dollar pound cent kilo gram mile metre meter minute hour day week month year percent am pm"
).split()
_MEASURES = DAYS | MONTHS | NUMBERS | {*_UNITS}
_NAMED = re.compile(rf"{CAPITAL}[\w'’-]*")


def says_again(told: QA, other: QA) -> bool:
    """Whether the other answer brings the keys of the one told, about the same thing and person."""
    asked, answer, own = _content(told[0]), _content(told[1]), _content(other[1])
    wanted, about = answer - asked or answer, asked & answer
    more = own - asked - answer
    of_another = more & PEOPLE or lemma_of(other[1].partition(" ")[0].removesuffix("'s")) in more
    if not own or of_another or not most_of(wanted, own):
        return False
    # Chance may share one word, or a date, a price or a name: where I live is where I work as well.
    telling = len(wanted) > 1 and wanted - _by_chance(told[1])
    return own == answer or bool(telling) or about <= own | _content(other[0])


def _by_chance(answer: str) -> set[str]:
    """The words of an answer that other things have as well: names, numbers, what is counted in."""
    measured = {w for w in _content(answer) if w in _MEASURES or w[0].isdigit()}
    return measured | _content(" ".join(_NAMED.findall(answer)))


def _content(text: str) -> set[str]:
    return {lemma_of(word) for word in words(text)} - _SMALL
