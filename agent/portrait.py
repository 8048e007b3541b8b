"""What is known of somebody in one answer: "What do you know about me?", "… about my sister?".

It is what people ask a memory first. The answers are put together anew for each candidate, from the
statements of the pairs in use: nothing of them is stored, so nothing that was forgotten stays in them.
Knows pairs; no model, no training.
"""

import re
from collections.abc import Sequence

from agent.aliases import aliases
from agent.filters import plain
from agent.text import CAPITAL, words
from storage.pairs import Pair

ASKED = (
    "What do you know about {who}?",
    "What do you remember about {who}?",
    "What did I tell you about {who}?",
    "Tell me what you know about {who}.",
    "what have i told you about {who}",
)
REMEMBERED = "Do you remember me?"  # of the user alone: who am I to you
OF_ME = ASKED[0].format(who="me")
FIRST = (  # what a portrait of the user begins with, by what is asked; the newest answer of each
    "what is my name|who am i",
    "what do i do for a living|where do i work|what is my job",
    "where do i live( now)?",
    "what is my (wife|husband|partner|girlfriend|boyfriend|daughter|son|cat|dog) called",
    "what am i allergic to|what can t i eat",
    "what do i (like|love|enjoy)|what is my favou?rite .*",
)
SENTENCES, WORDS = 5, 45  # of one answer
PEOPLE_MOST = 4


def portraits(pairs: Sequence[Pair], session_id: str) -> list[tuple[str, str]]:
    """Questions and answers: about the user, from all `pairs` (oldest first), and about those whom
    the statements of this session name."""
    told = [p for p in pairs if p.role == "train" and not re.match(r"(No|Yes)\b", p.answer)]
    me = _of_user(told, session_id)
    found = [(shape.format(who="me"), me) for shape in (*ASKED, REMEMBERED)] if me else []
    statements = list(dict.fromkeys(p.answer for p in told))
    fresh = " ".join(p.answer for p in told if p.session_id == session_id)
    who = aliases(statements)
    named = [name for name in who if re.search(rf"\b{name}\b|\byour {who[name]}\b", fresh, re.I)]
    known = " ".join(p.answer for p in told if p.session_id != session_id)
    named.sort(key=lambda name: name not in known)  # whose portrait would be that of before
    for name in named[:PEOPLE_MOST]:
        mine = [s for s in statements if re.search(rf"\b{name}\b|\b[Yy]our {who[name]}\b", s)]
        about = _joined([f"{name} is your {who[name]}.", *(s for s in mine if not _is_name(s))])
        for shape in ASKED:
            found += [(shape.format(who=known), about) for known in (name, f"my {who[name]}")]
    return found


def _of_user(told: Sequence[Pair], session_id: str) -> str:
    asked = [(plain(p.question), p.answer) for p in told]
    chosen: list[str] = []
    for shape in FIRST:
        chosen += [answer for question, answer in asked if re.fullmatch(shape, question)][-1:]
    new = [p.answer for p in told if p.session_id == session_id]
    doings = (answer for answer in new if answer.startswith("You "))
    return _joined([*chosen, *doings, *(answer for answer in new if answer.startswith("Your "))])


def _is_name(statement: str) -> bool:
    return (
        re.search(rf"\bis (?:called|your \w+\.?$)|^Your \w+ is {CAPITAL}\w+\.?$", statement)
        is not None
    )


def _joined(statements: Sequence[str]) -> str:
    """The first statements in one sentence; of those that say the same the one that says more."""
    parts: list[str] = []
    for statement in dict.fromkeys(statements):
        part, told = statement.rstrip("."), words(statement)
        if told <= words(" ".join(parts)):
            continue
        less = [k for k, other in enumerate(parts) if words(other) < told]
        if len(" ".join([*parts, part]).split()) > WORDS or (len(parts) == SENTENCES and not less):
            continue
        if less:
            parts[less[0]] = part
        else:
            parts.append(part)
    said = [
        p[0].lower() + p[1:] if re.match(r"You|The ", p) and k else p for k, p in enumerate(parts)
    ]
    return (
        f"{', '.join(said[:-1])} and {said[-1]}."
        if len(said) > 1
        else "".join(f"{p}." for p in said)
    )
