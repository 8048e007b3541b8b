"""Everyday facts, each in the words people use for it, and what only looks like one."""

import pytest

from agent.grammar.statements import statements


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        # a name in commas behind somebody of somewhere
        ("My friend from work, Ada, is ill.", "What is my friend called?",
         "Your friend is called Ada."),
        ("My friend from work, Ada, is ill.", "Where do I know Ada from?", "You know Ada from work."),
        ("My aunt in Cork, Ada, paints.", "Where does my aunt live?", "Your aunt Ada lives in Cork."),
        ("My aunt in Perth, Australia, paints.", "What is my aunt called?", None),
    ],
)  # fmt: skip
def test_what_is_asked_of_everyday_facts(text: str, question: str, answer: str | None) -> None:
    assert dict(statements(text)).get(question) == answer
