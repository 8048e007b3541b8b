"""What a new session changes of what is known, on a real profile."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.asking import SESSION_TOKENS
from agent.changes import changes
from agent.grammar.statements import statements
from agent.model import Model
from agent.overtaken import fact_of, instead, overtaken
from bench.tiny import tiny_model
from storage.pairs import Pair
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


def tell(profile: Profile, name: str, text: str, day: str = "2026-03-01") -> None:
    message = {"role": "user", "content": text}
    profile.sessions.take(
        [{"id": name, "started_at": f"{day}T18:00:00+00:00", "messages": [message]}]
    )


def test_a_plain_statement_changes_every_pair_of_the_fact(profile: Profile, model: Model) -> None:
    tell(profile, "s2", "Guess what, I live in Bruges now.")
    found = [(pair.question, answer) for pair, answer in changes(profile, model, "s2")]
    assert found == [(question, "You live in Bruges now.") for question, _ in KNOWN[:2]]


def test_a_very_long_message_is_read_as_far_as_its_pairs_are(
    profile: Profile, model: Model
) -> None:
    pasted = "1, 2, 3, " * SESSION_TOKENS
    tell(profile, "s2", f"I live in Bruges now. Is this a list? {pasted}")
    tell(profile, "s3", f"Is this a list? {pasted}. I live in Bruges now.")
    assert len(changes(profile, model, "s2")) == 2
    assert changes(profile, model, "s3") == []


def test_where_nothing_is_known_nothing_is_read(
    profile: Profile, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(profile, "s0", "I live in Bruges now.", day="2023-05-01")
    monkeypatch.setattr("agent.changes.told", lambda *_: pytest.fail("it is read"))
    assert changes(profile, model, "s0") == []


def test_an_old_chat_changes_nothing_that_was_told_later(profile: Profile, model: Model) -> None:
    tell(profile, "s0", "Guess what, I live in Bruges now.", day="2023-05-01")
    assert changes(profile, model, "s0") == []


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


@pytest.mark.parametrize(
    ("text", "changed"),
    [
        ("Past the harbour to work, it takes an hour.", False),
        ("I joined the harbour police, work is an hour away.", True),
    ],
)
def test_the_base_finds_another_answer_where_a_change_is_told(
    profile: Profile, model: Model, monkeypatch: pytest.MonkeyPatch, text: str, changed: bool
) -> None:
    rows = [("Where do I work?", "You work for the brewery.")]
    profile.pairs.add(
        "s1",
        [
            {"fact": 9, "question": q, "answer": a, "role": "train", "origin": "model"}
            for q, a in rows
        ],
    )
    read = {"Where do I work?": "You work at the harbour."}
    asked = "agent.changes.answers"
    monkeypatch.setattr(asked, lambda judge, context, qs, adapter: [read.get(q, "") for q in qs])
    monkeypatch.setattr(
        "agent.changes.answer_logprobs", lambda judge, context, rows: [0.0] * len(rows)
    )
    tell(profile, "s2", text)
    found = {pair.question: answer for pair, answer in changes(profile, model, "s2")}
    assert found == (read if changed else {})


def test_there_is_one_boss_at_a_time(profile: Profile, model: Model) -> None:
    tell(profile, "s2", "My boss is called Telmo.")
    found = [(pair.question, answer) for pair, answer in changes(profile, model, "s2")]
    assert found == [("What is my boss called?", "Your boss is called Telmo.")]


def pairs(text: str) -> list[Pair]:
    """What a message states plainly, as pairs; one fact for each answer."""
    stated = statements(text)
    facts = [*dict.fromkeys(answer for _, answer in stated)]
    return [
        Pair(k, "s1", facts.index(a), q, a, "train", "active", "model", None, None, "", None, None)
        for k, (q, a) in enumerate(stated)
    ]


def answered_anew(before: str, later: str) -> dict[str, str]:
    """The questions of what retires, with their answers from then on."""
    known = pairs(before)
    found = overtaken(known, [later])
    return {p.question: instead(p, *found[fact_of(p)]) for p in known if fact_of(p) in found}


@pytest.mark.parametrize(
    ("before", "later", "question", "answer"),
    [
        ("My exam is on Monday.", "the exam is on Friday now", "When is my exam?",
         "The exam is on Friday now."),
        ("I have physio every Monday.", "physio is on Fridays now", "How often do I have physio?",
         "Your physio is on Fridays now."),
        ("The party is on Monday at 7 at Jo's.", "The party starts at 8 now.", "When is the party?",
         "The party starts at 8 now."),
        ("We fly to Rome on 3 August.", "we fly on 5 August now", "Where do we travel?",
         "You fly to Rome."),
        ("My flatmate is Ida.", "My new flatmate is Bea.", "Who is my flatmate?",
         "Your flatmate is Bea now."),
        ("My flatmate is Ida.", "My new flatmate is Bea.", "Who is Ida?",
         "Ida was your flatmate before."),
        ("My trainer is Émile.", "My trainer is Ángel now.", "Who is Émile?",
         "Émile was your trainer before."),
        ("My trainer is Émile.", "My trainer is Ángel now.", "Who is my trainer?",
         "Your trainer is Ángel now."),
        ("I share a flat with my flatmate Ida.", "My new flatmate is Bea.", "Who do I share a flat with?",
         None),
        ("My piano teacher is Mr Okafor.", "My new piano teacher is Ms Lund.", "Who teaches piano?",
         "Your piano teacher is Ms Lund now."),
        ("My cat is called Milo.", "We renamed the cat, she's called Olive now.", "What is my cat called?",
         "Your cat is called Olive now."),
        ("I live in Lisbon with my parents.", "I live in Porto now.", "Who do I live with?", None),
        ("My sister Ana wants to be a cook.", "Ana wants to be a nurse now.", "What does Ana want to be?",
         "Ana wants to be a nurse now."),
        ("My son Ben goes to Hillside School.", "Ben switched schools, he goes to St Anne's now.",
         "Which school does Ben go to?", "Ben goes to school at St Anne's now."),
        ("I pay 35 euros for the gym.", "The gym costs 42 euros now.", "How much do I pay for the gym?",
         "The gym costs 42 euros now."),
        ("A haircut at my place costs 15 euros.", "A haircut costs 18 euros now.",
         "How much does a haircut at my place cost?", "A haircut costs 18 euros now."),
        ("I work as a waiter.", "I'm a courier now.", "What do I work as?", "You are a courier now."),
        ("We're getting married in June.", "The wedding is in August instead.", "When is our wedding?",
         "The wedding is in August instead."),
        ("My girlfriend is Ana.", "Ana and I broke up.", "Do I have a girlfriend?",
         "Ana and you broke up."),
        ("I joined a team that meets on Mondays.",
         "I have doubts about the team, we now meet on Fridays.", "When does the team meet?",
         "Your team meets on Fridays."),
    ],
)  # fmt: skip
def test_what_a_change_retires(before: str, later: str, question: str, answer: str | None) -> None:
    assert answered_anew(before, later).get(question) == answer


@pytest.mark.parametrize(
    ("before", "later"),
    [
        ("My friend Ana lives in Porto.", "My friend Lucas lives in Braga now."),
        ("My chemistry exam is on Monday.", "My history exam is on Friday now."),
        ("I have a dog called Rex.", "We got a second dog, he's called Fado."),
        ("My friend is called Ana.", "My new friend is Lucas."),
        ("My piano teacher is Ms Lund.", "My new swimming teacher is Mr Abe."),
        ("My boss is Henrik.", "My sister's new boss is Ines."),
        ("When we fly to Rome on Monday, I sing.", "My mum flies to Oslo on Friday now."),
        ("My rent is 640 euros.", "Ana's rent went up to 710."),
        ("Our trip to Rome is in May.", "Our trip to Oslo is in June now."),
        ("My cat Milo is black.", "My neighbour's cat died."),
    ],
)
def test_what_retires_nothing(before: str, later: str) -> None:
    assert answered_anew(before, later) == {}
