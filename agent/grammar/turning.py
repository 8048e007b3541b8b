"""A clause said in other ways: as a question with one piece left out, as an answer in the second person.

    my brother | bought | a red bike | from Nelson
      -> "What did my brother buy from Nelson?"   "Your brother bought a red bike from Nelson."

Knows one clause; not which questions are worth asking.
"""

import re
from collections.abc import Sequence

from agent.grammar.clauses import Clause
from agent.grammar.parts import Part
from agent.grammar.words import OWN, Words, has_form, has_name, lemma_of, name_at
from agent.topics import PEOPLE

ANSWER_WORDS = 16
SECOND = {"i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "we": "you",
          "us": "you", "our": "your", "ours": "yours", "ourselves": "yourselves"}  # fmt: skip
_PLACES = frozenset(("in", "at", "near"))
_SAME = frozenset("put cut hit let set bet hurt quit shut".split())  # in the past as in the present


def asked_for(clause: Clause, what: str, rest: str) -> str:
    """The clause turned into a question: auxiliary, subject, verb, and `rest`."""
    subject = asked_subject(clause)
    if clause.before:
        first, *others = clause.before
        return question(f"{what} {first} {subject} {' '.join((*others, *clause.verb))} {rest}")
    verb = clause.verb[0]
    if (has_form(verb, "VBD") and lemma_of(verb) != verb) or verb in _SAME:
        helper = "did"
    elif clause.subject in (("I",), ("we",)):
        helper = "do"
    else:
        helper = "does" if has_form(verb, "VBZ") else "did"
    base = " ".join((lemma_of(verb), *clause.verb[1:]))
    return question(f"{what} {helper} {subject} {base} {rest}")


def answer_of(clause: Clause, asked: Part | None = None) -> str:
    """The clause in the second person: its object and the piece that is asked for, or all of it
    but the last pieces of a long one."""
    before = clause.before
    if clause.subject in (("I",), ("we",)) and before:
        before = ({"am": "are", "was": "were"}.get(before[0], before[0]), *before[1:])
    parts = list(clause.parts)
    if asked:
        behind = parts[parts.index(asked) + 1 :][:1]
        house = [p for p in behind if {p.head, asked.head} <= _PLACES]  # "in a house in Ghent"
        parts = [p for p in parts if p in (asked, *house) or p.kind in ("object", "manner", "to")]
    while len(parts) > 1 and sum(len(p.words) for p in parts) > ANSWER_WORDS:
        parts.pop()
    tail = [w for p in parts for w in p.words]
    return sentence(flip((*clause.subject, *before, *clause.verb, *tail)))


def flip(words: Sequence[str]) -> str:
    """First person to second."""
    return " ".join(SECOND.get(w.lower(), w) for w in " ".join(words).split())


FIRST = {"you": "I", "your": "my", "yours": "mine", "yourself": "myself", "you're": "I'm",
         "you've": "I've", "you'll": "I'll", "you'd": "I'd"}  # fmt: skip
_BEFORE_ME = frozenset(
    "for to with at by from of than behind beside near gave told taught owes".split()
)


def first_person(statement: str) -> str:
    """A statement to the user as the user would say it: "You sold your bike." "I sold my bike." """
    words = statement.split()
    turned = []
    for k, word in enumerate(words):
        bare = word.rstrip(".,!?;:")
        other = FIRST.get(bare.lower(), bare)
        if bare.lower() == "you" and k and words[k - 1].lower() in _BEFORE_ME:
            other = "me"
        start = other[0].upper() if k == 0 else other[0]
        turned.append(start + other[1:] + word[len(bare) :])
    return re.sub(r"\bI (are|were)\b", _am, " ".join(turned))


def _am(match: re.Match[str]) -> str:
    return "I am" if match[1] == "are" else "I was"


def asked_subject(clause: Clause) -> str:
    """How a question calls the subject: somebody of the user's by what they are to them."""
    words = clause.subject
    if words[0] in OWN and len(words) > 2 and name_at(words, len(words) - 1):
        bare = (w for k, w in enumerate(words) if w.endswith("'s") or not (k and name_at(words, k)))
        return " ".join(bare)
    return " ".join(words)


def is_person(words: Words) -> bool:
    known = bool(PEOPLE & {w.lower() for w in words})
    return known or (words[0][0].isupper() and words[0] != "I" and has_name(words))


def possessive(words: Words) -> str:
    return "my" if words == ("I",) else "our" if words == ("we",) else f"{' '.join(words)}'s"


def question(text: str) -> str:
    text = " ".join(text.split())
    return f"{text[0].upper()}{text[1:]}?"


def sentence(text: str) -> str:
    text = re.sub(r" ([,.])", r"\1", " ".join(text.split()))
    return f"{text[0].upper()}{text[1:]}."


def denied(answer: str) -> str:
    """The answer to a yes-or-no question."""
    return f"No, {answer[0].lower()}{answer[1:]}" if answer.startswith("You") else f"No, {answer}"
