"""What a new session changes of what is known, on a real profile."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tiny import tiny_model

from agent.changes import changes
from agent.model import Model
from storage.profiles import Profile

KNOWN = [
    ("Where do I live?", "You live in Ghent."),
    ("Which town is my home?", "You live in Ghent."),
    ("What do I love?", "You love Bach."),
    ("What is my friend called?", "Your friend is called Ruy."),
    ("What is my boss called?", "Your boss is called Ines."),
    ("What is my job?", "You are a cook."),
    ("When is my trip?", "Your trip to Oslo is in March."),
]


@pytest.fixture(scope="module")
def model() -> Model:
    return tiny_model()


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    profile = Profile(tmp_path, "me")
    tell(profile, "s1", "I live in Ghent. I love Bach. My friend Ruy sings. My boss Ines paints.")
    rows = [
        {"fact": fact, "question": question, "answer": answer, "role": "train", "origin": "model"}
        for fact, (question, answer) in zip((0, 0, 1, 2, 3, 4, 5), KNOWN, strict=True)
    ]
    profile.pairs.add("s1", rows)
    profile.db.execute("UPDATE sessions SET state = 'absorbed'")
    yield profile
    profile.close()


def tell(profile: Profile, name: str, text: str) -> None:
    message = {"role": "user", "content": text}
    profile.sessions.take(
        [{"id": name, "started_at": "2026-03-01T18:00:00+00:00", "messages": [message]}]
    )


def test_a_plain_statement_changes_every_pair_of_the_fact(profile: Profile, model: Model) -> None:
    tell(profile, "s2", "Guess what, I live in Bruges now.")
    found = [(pair.question, answer) for pair, answer in changes(profile, model, "s2")]
    assert found == [(question, "You live in Bruges now.") for question, _ in KNOWN[:2]]


@pytest.mark.parametrize(
    "text",
    [
        "I live in Ghent, as you know.",  # the same
        "I love Mina.",  # one may love both
        "My sister lives in Bruges.",  # somebody else
        "I clean offices at night.",  # one may have two trades
        "My trip to Rome is in June.",  # another trip
        "I moved to Lille in 2010.",  # and maybe on since
        "My friend Ana dances.",  # one may have two
        "",
    ],
)
def test_what_changes_nothing(profile: Profile, model: Model, text: str) -> None:
    tell(profile, "s2", text or "Hello!")
    assert changes(profile, model, "s2") == []


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("I'm a welder now.", "What is my job?", "You are a welder now."),
        ("My trip to Oslo is in June.", "When is my trip?", "Your trip to Oslo is in June."),
        ("I have moved to Lille.", "Where do I live?", "You have moved to Lille."),
    ],
)
def test_a_new_job_a_new_time_a_new_home(
    profile: Profile, model: Model, text: str, question: str, answer: str
) -> None:
    tell(profile, "s2", text)
    found = {pair.question: new for pair, new in changes(profile, model, "s2")}
    assert found.get(question) == answer


def test_there_is_one_boss_at_a_time(profile: Profile, model: Model) -> None:
    tell(profile, "s2", "My boss is called Telmo.")
    found = [(pair.question, answer) for pair, answer in changes(profile, model, "s2")]
    assert found == [("What is my boss called?", "Your boss is called Telmo.")]
