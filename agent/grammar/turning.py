"""A clause said in other ways: as a question with one piece left out, as an answer in the second person.

    my brother | bought | a red bike | from Nelson
      -> "What did my brother buy from Nelson?"   "Your brother bought a red bike from Nelson."

Knows one clause; not which questions are worth asking.
"""

import re
from collections.abc import Sequence

from agent.grammar.clauses import Clause
from agent.grammar.jobs import is_job
from agent.grammar.parts import Part
from agent.grammar.words import (
    ADVERBS,
    AUX,
    GIVEN,
    NUMBERS,
    OWN,
    PREPOSITIONS,
    SPEAKERS,
    TITLES,
    Words,
    has_form,
    has_name,
    is_known,
    is_plural,
    lemma_of,
    may_be_noun,
    name_at,
    verb_lemmas,
)
from agent.topics import PEOPLE, PETS

ANSWER_WORDS = 16
SECOND = {"i": "you", "me": "you", "my": "your", "mine": "yours", "myself": "yourself", "we": "you",
          "us": "you", "our": "your", "ours": "yours", "ourselves": "yourselves"}  # fmt: skip
_BEFORE_MINE = frozenset(
    "of is was are were like than not be".split()
)  # else a pit: "the salt mine"
_ELDEST = frozenset("eldest oldest youngest".split())
_FOLK = frozenset(("boy", "girl", "lad", "lass"))
_PLACES = frozenset(("in", "at", "near", "into", "to"))
_SAME = frozenset(
    "put cut hit let set bet hurt quit shut split".split()
)  # in the past as in the present


def asked_for(clause: Clause, what: str, rest: str) -> str:
    """The clause turned into a question: auxiliary, subject, verb, and `rest`."""
    subject = asked_subject(clause)
    if any(word in AUX for word in clause.before):
        first, *others = clause.before
        return question(f"{what} {first} {subject} {' '.join((*others, *clause.verb))} {rest}")
    base = " ".join((clause.lemma, *clause.verb[1:]))
    return question(f"{what} {helper_of(clause)} {subject} {base} {rest}")


def helper_of(clause: Clause) -> str:
    """ "do", "does" or "did": what a question takes where the verb stands alone."""
    verb = clause.verb[0]
    if (has_form(verb, "VBD") and lemma_of(verb) != verb) or verb in _SAME:
        return "did"
    if clause.subject in SPEAKERS or is_plural(clause.subject):
        return "do"
    return "does" if has_form(verb, "VBZ") else "did"


def answer_of(clause: Clause, asked: Part | None = None) -> str:
    """The clause in the second person: its object and the piece that is asked for, or all of it
    but the last pieces of a long one."""
    before = clause.before
    if clause.subject in SPEAKERS and before:
        before = ({"am": "are", "was": "were"}.get(before[0], before[0]), *before[1:])
    parts = list(clause.parts)
    if asked:
        behind = parts[parts.index(asked) + 1 :][:1]
        house = [
            p for p in behind if p.kind == "prep" and {p.head, asked.head} <= _PLACES
        ]  # "in a house in Ghent"
        times = [p for p in parts if p.kind == asked.kind == "time"]  # "on Monday at nine"
        kept = (asked, *house, *times)
        parts = [p for p in parts if p in kept or p.kind in ("object", "manner", "to")]
    while len(parts) > 1 and sum(len(p.words) for p in parts) > ANSWER_WORDS:
        parts.pop()
    tail = [w for p in parts for w in p.words]
    return sentence(flip((*clause.subject, *before, *clause.verb, *tail)))


def flip(words: Sequence[str]) -> str:
    """First person to second."""
    flat = " ".join(words).split()
    mines = {k for k, w in enumerate(flat) if w == "mine" and k and flat[k - 1] not in _BEFORE_MINE}
    said = " ".join(w if k in mines else SECOND.get(w.lower(), w) for k, w in enumerate(flat))
    return re.sub(r"\byou (am|was)\b", lambda m: "you are" if m[1] == "am" else "you were", said)


FIRST = {"you": "I", "your": "my", "yours": "mine", "yourself": "myself", "you're": "I'm",
         "you've": "I've", "you'll": "I'll", "you'd": "I'd"}  # fmt: skip
_BEFORE_ME = frozenset(
    "for to with at by from of than behind beside near about on without between make makes "
    "made let lets help helps".split()
)
_SAYING = frozenset("say think know hope wish believe mean guess see hear feel".split())
_LINKS = frozenset("and but or because that if when so while until where what as which who".split())


def first_person(statement: str) -> str:
    """A statement to the user as the user would say it: "You sold your bike." "I sold my bike." """
    words = statement.split()
    bare = [word.rstrip(".,!?;:") for word in words]
    turned = []
    for k, word in enumerate(words):
        other = FIRST.get(bare[k].lower(), bare[k])
        if bare[k].lower() == "you" and _is_object(words, bare, k):
            other = "me"
        start = other[:1].upper() if k == 0 else other[:1]
        turned.append(start + other[1:] + word[len(bare[k]) :])
    return re.sub(r"(?<!and )\bI (are|were)\b", _am, " ".join(turned))


def _is_object(words: Sequence[str], bare: Sequence[str], place: int) -> bool:
    """Whether this "you" is "me": behind a verb or a preposition ("drives you to work"), or where
    no verb follows."""
    if not place or words[place - 1] != bare[place - 1]:
        return False
    before = bare[place - 1].lower()
    after = [w.lower() for w in bare[place + 1 : place + 3]]
    if before in _BEFORE_ME or before in _LINKS or words[place] != bare[place]:
        return before not in _LINKS
    if verb_lemmas(before) and not may_be_noun(before):
        return lemma_of(before) not in _SAYING
    if bare[place + 1][:1].isupper():
        return True  # "calls you Nurse Betty"
    ahead = after[1:] if after[0] in ADVERBS else after[:1]
    return not any(w in AUX or has_form(w, "VBP") or has_form(w, "VBD") for w in ahead)


def _am(match: re.Match[str]) -> str:
    return "I am" if match[1] == "are" else "I was"


def asked_subject(clause: Clause) -> str:
    """How a question calls the subject."""
    return shortly(clause.subject)


def shortly(words: Words) -> str:
    """How a question calls somebody of the user's: by what they are to them, without the name."""
    words = tuple(w for w in words if w != "late")  # my late wife is my wife to whom asks
    if words[0] in OWN and {*words[1:2]} & NUMBERS and is_plural(words):
        words = (words[0], *words[2:])  # "my three sisters"
    if PREPOSITIONS & {*words}:
        return " ".join(words)  # "my appointment with Ana"
    if words[0] in OWN and len(words) > 2 and name_at(words, len(words) - 1):
        bare = (w for k, w in enumerate(words) if w.endswith("'s") or not (k and name_at(words, k)))
        short = " ".join(bare)
        return short if " " in short and not short.endswith("'s") else " ".join(words)
    return " ".join(words)


def is_person(words: Words) -> bool:
    """Somebody: by the noun, or by a name that no thing of that kind has."""
    many = {words[-1].lower().removesuffix("s")} if is_plural(words) else set()
    lower = {w.lower() for w in words} | (many & PEOPLE)
    owned = any(w.endswith("'s") for w in words[:-1])  # "Ana's phone"
    if words[0] in OWN and words[1:2] and words[-1] in _ELDEST:
        return True  # "my youngest"
    if words[1:2] == ("of",) and words[2:3] and words[2] in OWN:
        return is_person(words[2:])  # "two of my brothers"
    if PREPOSITIONS & lower or words[-1].endswith("'s") or words == ("I",) or PETS & lower:
        return False
    if owned:  # "my brother's wife", "my brother's wife Ida"
        behind = max(k for k, w in enumerate(words) if w.endswith("'s")) + 1
        role = words[behind].lower() in PEOPLE | _FOLK and name_at((",", *words[behind + 1 :]), 1)
        return words[-1].lower() in PEOPLE or bool(role)
    if len(words) == 1 and is_known(words[0]):
        given = words[0].lower() in GIVEN and words[0][0].isupper()  # "Wool": who knows
        return given or words[0].lower() in PEOPLE or is_job((words[0].lower(),))
    if all(map(is_known, words)) and words[0][0].isupper() and words[0] not in TITLES:
        return bool(PEOPLE & lower)  # "Paws Inn"
    if PEOPLE & lower and words[-1].islower() and words[-1] not in PEOPLE and not many & PEOPLE:
        return False  # "my dentist appointment"
    named = words[0] in OWN and len(words) > 2 and name_at(words, len(words) - 1)
    return bool(PEOPLE & lower or named or (words[0][0].isupper() and has_name(words)))


def names_someone(words: Words) -> bool:
    """ "my aunt Odile", "my boss's wife"; not "my aunt's bike"."""
    lower = {w.lower() for w in words} | {w.lower().removesuffix("s") for w in words}
    owned = any(w.endswith("'s") for w in words)
    return words[-1].lower() in PEOPLE if owned else bool(PEOPLE & lower)


def possessive(words: Words) -> str:
    if words in SPEAKERS:
        return "my" if words == ("I",) else "our"
    return f"{' '.join(words)}'" if is_plural(words) else f"{' '.join(words)}'s"


def question(text: str) -> str:
    text = " ".join(text.replace("’", "'").split())
    return f"{text[0].upper()}{text[1:]}?"


_ONE = {"we": "I", "our": "my", "us": "me", "ours": "mine", "ourselves": "myself"}


def as_one(question: str) -> str:
    """A question of several as one of them asks it: "Where are we flying?" "Where am I flying?" """
    alone = re.sub(
        r"\b([Aa])re we(?: all| both)?\b", lambda m: "Am I" if m[1] == "A" else "am I", question
    )
    alone = re.sub(r"\b([Ww])ere we\b", r"\1as I", alone)
    return re.sub(r"\b(?:we|our|us|ours|ourselves)\b", lambda m: _ONE[m[0]], alone)


def sentence(text: str) -> str:
    text = re.sub(r" ([,.])", r"\1", " ".join(text.replace("’", "'").split()))
    return f"{text[0].upper()}{text[1:]}."


def denied(answer: str) -> str:
    """The answer to a yes-or-no question."""
    some = answer.split()[1:2] == ["of"]  # "Two of your brothers"
    small = some or answer.startswith(("You", "The ", "A ", "An "))
    return f"No, {answer[0].lower()}{answer[1:]}" if small else f"No, {answer}"


def confirmed(answer: str) -> str:
    """The answer to a yes-or-no question, where it is so."""
    return f"Yes, {denied(answer).removeprefix('No, ')}"
