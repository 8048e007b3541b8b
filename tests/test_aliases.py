"""What is asked of "my brother" is asked of Duarte, and the reverse."""

import pytest

from agent.aliases import (
    aliases,
    in_another_role,
    introduced,
    is_another,
    own_names,
    renamed,
    says_only,
)

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
    assert aliases(["Your brother is called Émile."]) == {"Émile": "brother"}


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


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Pickle had a cold.", "My cat Pickle had a cold."),
        ("Poor thing! Pickle's vet is kind.", "Poor thing! My cat Pickle's vet is kind."),
        ("Pickle slept. Pickle ate.", "My cat Pickle slept. Pickle ate."),
        ("I ate a pickle. my Pickle is ill", "I ate a pickle. my Pickle is ill"),
        ("Pickle, come here!", "Pickle, come here!"),
        ("Pickles are sour.", "Pickles are sour."),
    ],
)
def test_who_is_known_is_introduced_again(text: str, told: str) -> None:
    assert introduced(text, {"Pickle": "cat"}) == told


@pytest.mark.parametrize(
    ("answer", "only"),
    [
        ("Your cat is called Pickle.", True),
        ("Yes, your cat is Pickle.", True),
        ("Pickle is your cat.", True),
        ("Your cat Pickle is ill.", False),
        ("Your dog is called Pickle.", False),
        ("Your cat is called Mo.", False),
        ("Yes.", False),
    ],
)
def test_what_is_known_is_not_told_again(answer: str, only: bool) -> None:
    assert says_only(answer, {"Pickle": "cat"}) == only


def test_a_title_is_nobody_s_name() -> None:
    assert aliases(["Your neighbour Mr Berg has a boat."]) == {"Mr Berg": "neighbour"}


def test_the_user_s_own_name_is_nobody_else_s() -> None:
    me = own_names(["You are tired.", "Your name is Ada Lund."])
    assert me == {"Ada", "Lund"}
    assert is_another("Ada Lund is your niece.", me)
    assert is_another("Your niece is called Ada.", me)
    assert not is_another("Your niece is called Ruth.", me)
    assert not is_another("Your name is Ada Lund.", me)
    assert is_another("You are Tiago.", me)
    assert not is_another("You are Greek.", me)
    assert not is_another("You are Tiago.", set())


@pytest.mark.parametrize(
    ("answer", "wrong"),
    [
        ("Your girlfriend is called Ada.", True),
        ("Ada is your cat.", True),
        ("Your daughter is called Ada.", False),
        ("Ada is your friend.", False),  # one may be both
        ("Your son is called Bo.", False),
        ("Your papa is called Wim.", False),
    ],
)
def test_nobody_gets_another_role(answer: str, wrong: bool) -> None:
    assert in_another_role(answer, {"Ada": "daughter", "Wim": "dad"}) is wrong
