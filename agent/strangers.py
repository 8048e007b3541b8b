"""What strangers tell and ask: what stands in the chat goes before what the weights know.

A student that learns answers and denials with nothing in its prompt comes to give them above any chat,
and answers what everybody knows with what it was told. So in each absorption some of what the default
model was taught to read and to know is held to the base, also what it says of itself: "How old are you?"
is near to what was learnt for "How old am I?". Knows these lists; no profile.
"""

import random
from functools import cache

from agent.asking import branches_behind
from agent.default_model.written import DATA, read_answers, read_written
from agent.evaluate import system_only
from agent.model import Model
from agent.text import keys, words
from agent.tree import Branch

HELD_OUT = 10  # every so many general questions serve to measure
NEVER_EVERY = 4  # one question of so many asks what the message does not tell
Row = tuple[str, str, str, str]


@cache
def _told() -> tuple[list[Row], list[Row]]:
    """(message, reply, question, answer) of what strangers told in so many words, and of what they
    never told."""
    told: list[Row] = []
    never: list[Row] = []
    for talk in read_written(DATA / "written_a.txt"):
        texts = [message["content"] for message in talk.messages]
        never += [(texts[0], texts[1], *pair) for pair in talk.unknown]
        for fact in talk.facts:
            place, answer = fact.said_in, fact.answers[0]
            if 0 <= place < len(texts) - 1:
                told += [
                    (texts[place], texts[place + 1], question, answer)
                    for question in fact.questions
                    if keys(question, answer) <= words(texts[place])
                ]
    return told, never


def told(model: Model, count: int, rng: random.Random) -> list[Branch]:
    """`count` questions behind the system line and a stranger's message, which answers most of
    them."""
    asked, never = _told()
    few = count // NEVER_EVERY
    found: list[Branch] = []
    for *texts, answer in [*rng.sample(asked, count - few), *rng.sample(never, few)]:
        turns = zip(("user", "assistant", "user"), texts, strict=True)
        start, whole = model.split(system_only(), [{"role": r, "content": t} for r, t in turns])
        found.append(Branch(whole[start:], model.answer_ids(answer)))
    return found


def general(model: Model, count: int, rng: random.Random) -> list[Branch]:
    """Up to `count` questions that anybody may ask, behind the system line, half of them about the
    assistant itself."""
    rows: list[tuple[str, str]] = []
    for name, share in (("general.txt", count - count // 2), ("itself.txt", count // 2)):
        learnt = [row for k, row in enumerate(read_answers(DATA / name)) if k % HELD_OUT]
        rows += rng.sample(learnt, min(share, len(learnt)))
    return branches_behind(model, system_only(), rows)[1]
