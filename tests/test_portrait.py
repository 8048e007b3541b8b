"""What is known of somebody in one answer, from the pairs in use."""

from typing import Any

from agent.portrait import portraits
from storage.pairs import Pair

TOLD = [
    ("one", "What is my name?", "Your name is Sefa."),
    ("one", "Where do I live?", "You live in Izmir."),
    ("one", "Who is Derya?", "Derya is your sister."),
    ("one", "What does Derya do?", "Your sister Derya is a nurse."),
    ("one", "Do I drive?", "No, you do not drive."),
    ("two", "Where do I live?", "You live in Ghent."),
    ("two", "What did I buy?", "You bought a piano."),
    ("two", "What did I buy last week?", "You bought a piano last week."),
]


def pairs(rows: list[tuple[str, str, str]]) -> list[Pair]:
    fixed: dict[str, Any] = {
        "state": "active",
        "role": "train",
        "origin": "model",
        "retired_by": None,
        "retired_at": None,
        "created_at": "",
        "recall": None,
        "measured_at": None,
    }
    return [
        Pair(id=k, session_id=s, fact=k, question=q, answer=a, **fixed)
        for k, (s, q, a) in enumerate(rows)
    ]


def told(session_id: str, rows: list[tuple[str, str, str]] = TOLD) -> dict[str, str]:
    return dict(portraits(pairs(rows), session_id))


def test_of_the_user_the_newest_of_each_and_nothing_twice() -> None:
    expected = "Your name is Sefa, you live in Ghent and you bought a piano last week."
    assert told("two")["What do you know about me?"] == expected


def test_of_those_whom_the_session_names_by_name_and_relation() -> None:
    first, second = told("one"), told("two")
    expected = "Your sister Derya is a nurse."
    assert first["What do you know about Derya?"] == expected
    assert first["What do you know about my sister?"] == expected
    assert not any("Derya" in question for question in second)


def test_who_tells_of_others_alone_has_a_portrait() -> None:
    rows = [("one", "Where does my brother live?", "Your brother Duarte lives in Ghent.")]
    assert told("one", rows)["What do you know about me?"] == rows[0][2]


def test_what_is_forgotten_is_not_in_it() -> None:
    left = [row for row in TOLD if "Sefa" not in row[2]]
    assert not any("Sefa" in answer for answer in told("two", left).values())
    assert told("one", []) == {}


def test_whose_portrait_would_be_an_older_one_comes_first() -> None:
    rows = [
        ("one", "Who is Zoe?", "Zoe is your aunt."),
        ("one", "Where is she?", "Zoe lives in Porto."),
    ]
    others = {"Ana": "sister", "Bea": "mother", "Carl": "father", "Dora": "cousin"}
    rows += [("two", f"Who is {name}?", f"{name} is your {role}.") for name, role in others.items()]
    rows += [("two", "Where is she now?", "Zoe lives in Braga.")]
    found = told("two", rows)
    assert "Braga" in found["What do you know about Zoe?"]
    assert sum(f"What do you know about {name}?" in found for name in others) == 3


def test_the_newest_answer_counts_whatever_was_asked_first() -> None:
    rows = [
        ("one", "Where do I live?", "You live in Porto."),
        ("one", "Where do I live now?", "You live in Lisbon."),
        ("two", "Where do I live?", "You live in Braga."),
    ]
    assert told("two", rows)["Do you remember me?"] == "You live in Braga."
