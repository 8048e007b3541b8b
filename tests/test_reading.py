"""The passages of a session, and the day that the teacher reads."""

from datetime import date

import pytest

from agent.answered import answered
from agent.reading import (
    heard,
    only_asks,
    passage,
    place_of,
    points_back,
    sentences,
    teacher_context,
    told,
)

DAY = date(2025, 3, 14)
TALK = [
    {"role": "user", "content": "My cat Pickle sees the vet tomorrow, and I am a little nervous."},
    {"role": "assistant", "content": "Good luck tomorrow!"},
    {"role": "user", "content": "Thanks. At ten."},
    {"role": "assistant", "content": "Ten it is."},
    {"role": "user", "content": "My sister Ida moved to Lyon with her two boys last spring."},
]


def test_the_teacher_reads_the_day_and_the_dates() -> None:
    system, user, assistant, *_ = teacher_context(TALK, DAY)
    assert "Friday, March 14, 2025" in system["content"]
    assert "tomorrow (March 15, 2025)" in user["content"]
    assert assistant == TALK[1]  # the assistant's words stay as they were
    assert teacher_context(TALK, None)[1:] == TALK


def test_a_message_counts_from_its_own_day() -> None:
    """A chat may go on for months; "tomorrow" is the day after it was said."""
    first = {"role": "user", "content": "I start a course today.", "day": "2026-01-05"}
    last = {"role": "user", "content": "My exam is tomorrow.", "day": "2026-03-10"}
    assert told([first, last], DAY) == {
        0: "I start a course today (January 5, 2026).",
        1: "My exam is tomorrow (March 11, 2026).",
    }
    system, user = teacher_context([last], DAY)
    assert "Tuesday, March 10, 2026" in system["content"]
    assert user == {"role": "user", "content": "My exam is tomorrow (March 11, 2026)."}


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("What is my cat called?", True),
        ("Where do I live? And since when?", True),
        ("Is my cat Pickle too fat?", False),  # names the cat
        ("I live in Ghent. Is it far?", False),
        ("Hello", False),
    ],
)
def test_questions_tell_nothing(text: str, asks: bool) -> None:
    assert only_asks(text) is asks
    assert bool(told([{"role": "user", "content": text}], None)) is not asks


def test_told_are_the_users_messages_by_place() -> None:
    assert [*told(TALK, DAY)] == [0, 2, 4]
    assert "March 15, 2025" in told(TALK, DAY)[0]
    assert told(TALK, None)[2] == "Thanks. At ten."


def test_a_pair_belongs_where_its_answer_stands() -> None:
    said = told(TALK, DAY)
    assert place_of("Where does Ida live?", "Ida lives in Lyon.", said) == 4
    assert place_of("When is the vet?", "The vet is on March 15.", said) == 0
    assert place_of("What?", "No.", said) == 4  # nothing shared: the last one


def test_a_passage_is_an_exchange_and_a_short_one_has_the_one_before() -> None:
    assert passage(TALK, 0) == TALK[:2]
    assert passage(TALK, 2) == TALK[:4]
    assert passage(TALK, 4) == TALK[4:]


def test_sentences() -> None:
    assert sentences("I have a cat. She is called Pickle! Yes.") == [
        "I have a cat.",
        "She is called Pickle! Yes.",
    ]
    assert sentences("Only one sentence here.") == sentences("") == []


@pytest.mark.parametrize(
    ("text", "back"),
    [
        ("He is nine and has a dog named Rex at home now.", True),
        ("Yes! She's a nurse at the Royal and works there every night.", True),
        ("and his teacher is called Ana, who lives in the next street over", True),
        ("Ana is here and she is staying with us until the end of May.", False),
        ("The hedge is nine feet tall and needs cutting every spring now.", False),
    ],
)
def test_what_points_back_is_read_with_the_exchange_before(text: str, back: bool) -> None:
    turns = [("user", "My son Haruki"), ("assistant", "Nice."), ("user", text)]
    messages = [{"role": role, "content": content} for role, content in turns]
    assert points_back(text) is back
    assert passage(messages, 2) == (messages if back else messages[2:])


@pytest.mark.parametrize(
    ("before", "message", "found"),
    [
        ("A band! Which drum do you play?", "Bodhran. The others are strict but kind, they say.",
         ("Which drum do I play?", "Bodhran")),
        ("And where are you moving to?", "Utrecht, near the station",
         ("Where am I moving to?", "Utrecht")),
        ("What is your cat called?", "Miso", ("What is my cat called?", "Miso")),
        ("What is your cat called?", "I have no cat", None),  # says it by itself
        ("What is your cat called?", "Not sure yet", None),
        ("What is she called?", "Miso", None),  # whom it means is not in the question
        ("Do you have a cat?", "Miso", None),
        ("What is your cat called? I like cats.", "Miso", None),
        ("What is your cat called?", "Our first ever cat got Miso as her name", None),  # no fragment
    ],
)  # fmt: skip
def test_a_message_answers_the_question_before_it(
    before: str, message: str, found: tuple[str, str] | None
) -> None:
    talk = [
        {"role": "user", "content": "Something about my days in the old town, and about cats."},
        {"role": "assistant", "content": before},
        {"role": "user", "content": message},
    ]
    assert answered(talk, 2) == found
    assert answered(talk[:1], 0) is None
    if found:
        assert passage(talk, 2) == talk
        assert heard(talk, 2, None) == [talk[0]["content"], message, found[0]]


def test_where_no_question_is_answered_only_the_user_is_heard() -> None:
    assert heard(TALK, 4, None) == [TALK[4]["content"]]
