"""What the weights say when they are asked, with nothing in the prompt, about what they were taught.

Knows the profile's pairs, and the model with the version in use attached. Does not know how
remembering is measured for the gate.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from agent import settled
from agent.evaluate import ANSWER, system_only
from agent.model import Model
from agent.portrait import OF_ME
from agent.text import agrees
from storage.profiles import Profile


@dataclass(frozen=True, slots=True)
class Remembered:
    """A question asked of the weights alone, beside what the session taught. `since` is the version
    that learnt it."""

    pair_id: int
    session_id: str
    question: str
    expected: str
    answer: str
    right: bool
    since: int | None


def remembered(profile: Profile, model: Model, limit: int) -> Iterator[Remembered]:
    """One question per known fact, newest sessions first, each as it is answered."""
    for pair in profile.pairs.newest_facts(limit):
        yield Remembered(
            pair_id=pair.id,
            session_id=pair.session_id,
            question=pair.question,
            expected=pair.answer,
            answer=(told := _asked(model, pair.question)),
            right=agrees(pair.question, pair.answer, told),
            since=profile.sessions.get(pair.session_id).version,
        )


def in_own_words(model: Model) -> str:
    """What is known of the user at large."""
    return _asked(model, OF_ME)


def _asked(model: Model, question: str) -> str:
    return settled.said(model, [*system_only(), {"role": "user", "content": question}], ANSWER)
