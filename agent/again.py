"""Whether one question and answer says again what another says, in whatever words.

"Who is Duarte?" "Duarte is your brother." says what "What is my brother called?" "Your brother is called
Duarte." does; that your sister lives where you do is something else. Knows words; no store, no model.
"""

from agent.grammar.words import lemma_of
from agent.text import most_of, words
from agent.topics import PEOPLE

QA = tuple[str, str]
_SMALL = frozenset("yes now still today currently".split())


def says_again(told: QA, other: QA) -> bool:
    """Whether the other answer brings the keys of the one told, about the same thing and person."""
    asked, answer, own = _content(told[0]), _content(told[1]), _content(other[1])
    wanted, about = answer - asked or answer, asked & answer
    more = own - asked - answer
    of_another = more & PEOPLE or lemma_of(other[1].partition(" ")[0].removesuffix("'s")) in more
    if not own or of_another or not most_of(wanted, own):
        return False
    # One word alone may be shared by chance: where I live is where I work as well.
    return own == answer or len(wanted) > 1 or about <= own | _content(other[0])


def _content(text: str) -> set[str]:
    return {lemma_of(word) for word in words(text)} - _SMALL
