"""What says again what was told, and what says something else."""

import pytest

from agent.again import says_again

BROTHER = ("What is my brother called?", "Your brother is called Duarte.")
HOME = ("Where do I live?", "You live in Porto now.")
BIKE = ("What did I buy?", "You bought a red bike for 300 euros.")


@pytest.mark.parametrize(
    ("told", "question", "answer"),
    [
        (BROTHER, "Who is Duarte?", "Duarte is your brother."),
        (BROTHER, "Do I have any siblings?", "Yes, your brother is Duarte."),
        (BROTHER, "Where does my brother work?", "Your brother Duarte works in Braga."),
        (("Who is Duarte?", "Duarte is your brother."), *BROTHER),
        (("Do I have any siblings?", "Yes, your brother is Duarte."), *BROTHER),
        (HOME, "Do I live in Porto?", "Yes, you live in Porto."),
        (HOME, "Which city do I live in?", "You are living in Porto."),
        (HOME, "Since when have I lived in Porto?", "You live in Porto now."),
        (BIKE, "How much did I pay for the bike?", "You paid 300 euros for a red bike."),
        (
            ("When is my exam?", "Your exam is on June 30."),
            "What is on June 30?",
            "Your exam in Leeds is on June 30.",
        ),
    ],
)
def test_the_same_in_other_words(told: tuple[str, str], question: str, answer: str) -> None:
    assert says_again(told, (question, answer))


@pytest.mark.parametrize(
    ("told", "question", "answer"),
    [
        (HOME, "Where does my sister live?", "Your sister Rita lives in Porto."),
        (HOME, "Where does Rita live?", "Rita lives in Porto."),
        (HOME, "Where do I work?", "You work in Porto."),
        (HOME, "Where did I live?", "You lived in Lisbon."),
        (BROTHER, "What is my sister called?", "Your sister is called Rita."),
        (BROTHER, "How old is my brother?", "Your brother is 31."),
        (BIKE, "What did I sell?", "You sold a blue car for 300 euros."),
        (("Do I smoke?", "No."), "Do I drink?", "No."),
        (("When is my exam?", "Your exam is on June 30."), "When do I fly?", "You fly on June 30."),
        (
            ("Where do I live?", "You live in New York."),
            "Where do I work?",
            "You work in New York.",
        ),
        (
            ("What did the kettle cost?", "The kettle cost 30 euros."),
            "What did the lamp cost?",
            "The lamp cost 30 euros.",
        ),
    ],
)
def test_something_else(told: tuple[str, str], question: str, answer: str) -> None:
    assert not says_again(told, (question, answer))
