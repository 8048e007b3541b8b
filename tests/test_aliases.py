"""What is asked of "my brother" is asked of Duarte, and the reverse."""

import pytest

from agent.aliases import aliases, renamed

TOLD = [
    "Duarte is your brother.",
    "Your dog is called Radi.",
    "Your sister Ana lives in Porto.",
    "Your cousin is called Rui.",
    "Your cousin is Filipa.",
    "Your brother Duarte's girlfriend Solange is from Lyon.",
    "Your print shop is called Tinta.",
]


def test_who_is_who() -> None:
    """Two cousins are told apart by their names alone; a shop is nobody."""
    assert aliases(TOLD) == {"Duarte": "brother", "Radi": "dog", "Ana": "sister"}


@pytest.mark.parametrize(
    ("question", "others"),
    [
        ("What does Duarte do for a living?", ["What does my brother do for a living?"]),
        ("Where does my sister live?", ["Where does Ana live?"]),
        ("Duarte's job?", ["My brother's job?"]),
        ("Is Duarte my brother?", []),
        ("What is my brother called?", []),
        ("Where do I live?", []),
    ],
)
def test_renamed(question: str, others: list[str]) -> None:
    assert renamed(question, aliases(TOLD)) == others
