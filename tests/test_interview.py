"""What is asked of a session without a model, and which answers it can have given."""

import pytest

from agent.interview import plausible, questions


def test_questions_follow_what_was_said() -> None:
    found = questions(["My sister Ida is a nurse and moved to Lyon.", "I saw my dentist."])
    assert "What is my sister called?" in found and "What does Ida do?" in found
    assert "Where does Ida live?" in found and "What is my dentist called?" in found
    assert "What is my budget?" not in found and "Which film did I see?" not in found
    assert len(found) == len(set(found))


def test_a_name_that_begins_a_sentence() -> None:
    assert "How old is Faith?" in questions(["Children are loud. Faith is 14."])
    assert not any("There" in q for q in questions(["There is snow. This is it."]))


def test_an_event_is_asked_when_and_a_pet_its_name() -> None:
    found = questions(["my exam is near and my cat is ill and my lamp fell"])
    assert "When is my exam?" in found and "What is my cat called?" in found
    assert "What happened to my lamp?" in found and "What is my lamp called?" not in found


@pytest.mark.parametrize(
    ("question", "answer", "good"),
    [
        ("Where do I live?", "You live in Lyon.", True),
        ("Where do I live?", "You live at the bakery.", False),
        ("What is my job?", "You work at the bakery.", True),
        ("What do I eat at dinner?", "The bakery.", False),
        ("How old am I?", "You are 14.", False),
        ("How old is Faith?", "Faith is 14.", True),
        ("Which language do I learn?", "You learn Welsh.", False),
    ],
)
def test_plausible(question: str, answer: str, good: bool) -> None:
    said = ["I moved to Lyon.", "I work at the bakery.", "My girl Faith turned 14."]
    assert plausible(question, answer, said) is good


def test_nothing_said() -> None:
    assert questions([]) == []
    assert not plausible("Where do I live?", "In Lyon.", [])
