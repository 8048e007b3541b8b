"""The rules of thumb on short texts, each with cases by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.text import admits, agrees, keys, overlap, words


def test_content_words() -> None:
    assert words("My sister’s two dogs are called Rex and Ida.") == {
        "sister", "two", "dog", "rex", "ida",
    }  # fmt: skip
    assert words("At 10:30 I paid 1,200.50 for 3 glasses") == {
        "10:30", "paid", "1,200.50", "3", "glasse",
    }  # fmt: skip
    assert words("What is it that you have told me?") == set()


def test_keys_are_what_the_question_lacks() -> None:
    assert keys("What is my cat called?", "Your cat is called Pickle.") == {"pickle"}
    assert keys("Do I drive?", "No, you don't drive.") == {"drive"}  # nothing new: all of them


@pytest.mark.parametrize(
    "answer",
    [
        "You haven't told me that.",
        "You never mentioned a dog.",
        "I don’t know your birthday.",
        "You have not yet said where you work.",
        "I'm not sure.",
        "I have no idea.",
        "That has never come up.",
        "I cannot recall it.",
    ],
)
def test_admissions(answer: str) -> None:
    assert admits(answer)


@pytest.mark.parametrize(
    "answer", ["Your cat is Pickle.", "You told me it is Ghent.", "You know Ida from work.", ""]
)
def test_not_admissions(answer: str) -> None:
    assert not admits(answer)


def test_overlap() -> None:
    assert overlap({"a", "b", "c"}, {"b", "c", "d"}) == 0.5
    assert overlap(set(), set()) == 0.0 == overlap({"a"}, set())


@pytest.mark.parametrize(
    ("expected", "answer", "right"),
    [
        ("Your cat is called Pickle.", "Pickle, your cat!", True),
        ("Your cat is called Pickle.", "Her name is Biscuit.", False),
        ("It is on May 14.", "On May 14, I think.", True),
        ("She is 16 years old.", "She is 16.", True),
        ("She is 16 years old.", "She is 15 years old.", False),
        ("It is on May 14.", "On May 15.", False),  # most words, but not the number
        ("Ida, Rex, Tom, Ann and Bo.", "Ida, Rex and Tom.", True),  # three of five
        ("Ida, Rex, Tom, Ann and Bo.", "Ida and Rex.", False),
        ("You never told me.", "I don't know.", True),
        ("You never told me.", "Pickle.", False),
        ("Pickle.", "You never told me about Pickle.", False),
    ],
)
def test_agrees(expected: str, answer: str, right: bool) -> None:
    assert agrees("What is it?", expected, answer) is right


def test_an_answer_without_content_words_is_not_met_by_any() -> None:
    assert agrees("Do I drive?", "No.", "No.")
    assert not agrees("Do I drive?", "No.", "Yes, every day.")


@given(st.text(), st.text(), st.text())
def test_never_raises_and_agrees_with_itself(question: str, expected: str, answer: str) -> None:
    assert agrees(question, expected, expected)
    assert agrees(question, expected, answer) in (True, False)
    assert 0 <= overlap(words(question), words(answer)) <= 1
