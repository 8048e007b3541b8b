"""Whatever letter a name begins with, every rule makes the same of it."""

import random
from collections.abc import Callable
from typing import Any

import pytest

from agent.aliases import aliases, in_another_role, is_another, own_names
from agent.answer_kinds import fits
from agent.filters import names_in, tidy
from agent.grammar.endings import endings
from agent.grammar.statements import statements
from agent.negatives import never_told
from agent.overtaken import overtaken
from agent.owners import taken_over
from agent.portrait import portraits
from agent.repairs import repaired
from agent.wordings import wordings
from storage.pairs import Pair

PLAIN = "Emil"
OTHERS = ("Émile", "Łukasz", "Øystein", "Ždeněk", "Άρης", "Дмитрий", "Ấnh")
RULES: list[Callable[[str], Any]] = [
    lambda name: aliases([f"Your brother is called {name}.", f"{name} is your brother."]),
    lambda name: in_another_role(f"Your son is {name}.", {name: "brother"}),
    lambda name: own_names([f"You are called {name}."]),
    lambda name: is_another(f"{name} is your niece.", {name}),
    lambda name: fits("Where do I live?", f"You live near, {name}."),
    lambda name: names_in(f"My brother {name} sings."),
    lambda name: tidy(f"Mr. {name} sings."),
    lambda name: asked_of(f"It is your friend {name}."),
    lambda name: asked_of(f"It is, {name}. You are {name}."),
    lambda name: asked_of(f"It is, {name}. It is in {name}."),
    lambda name: asked_of(f"It is, {name} {name}."),
    lambda name: overtaken(
        [
            pair("Who is my trainer?", f"Your trainer is {name}.", 0),
            pair("Does anybody train me?", f"Your trainer is {name}.", 1),
            pair("Who helps me?", f"{name} is your trainer.", 2),
            pair("How do I run?", f"You train with your trainer {name}.", 3),
        ],
        ["My trainer is Kofi now."],
    ),
    lambda name: taken_over(f"Your daughter is with {name}.", f"I came with Ida. {name} came."),
    lambda name: taken_over("You play chess.", f"{name} plays chess."),
    lambda name: taken_over(f"{name} is a cook.", f"I met {name}. My brother is a cook."),
    lambda name: portraits([pair("Who is my sister?", f"Your sister is {name}.")], "s1"),
    lambda name: repaired(f"My sister is called Anna, sorry, {name}."),
    lambda name: wordings(f"Where does {name} work?", 6, random.Random(1)),
    lambda name: wordings(f"What is {name}'s job?", 6, random.Random(1)),
    lambda name: [(e.kind, e.said) for e in endings(f"{name} moved out.")],
    lambda name: [(e.kind, e.said) for e in endings(f"My cat {name} died.")],
    lambda name: [(e.kind, e.said) for e in endings(f"{name} passed away.")],
    lambda name: [(e.kind, e.said) for e in endings(f"We sold {name}.")],
    lambda name: [
        e.ends("Where does it sleep?", f"{name} sleeps in the dog basket.")
        for e in endings("My dog died.")
    ],
    lambda name: [(e.kind, e.said) for e in endings(f"{name} no longer eats meat.")],
]
TOLD = (
    "We moved to 12 {} Road.",
    "We moved house. We are in {} now.",
    "The {} trip is in May.",
    "{}'s fee went up to 30 euros.",
    "They raised {}'s fee to 30 euros.",
    "{}'s exam was moved to Friday.",
    "{} moved the party to Friday.",
    "My new trainer is {}.",
    "My sister switched schools, she is at {} now.",
    "{} changed her mind, she wants to study law.",
    "{} called, she is in Oslo.",
    "{} no longer wants to sing but she wants to dance.",
    "We renamed our cat {}.",
    "My address is 12 {} Road.",
    "Nuts make my brother {} sick.",
    "My brother {} can not eat nuts.",
    "I go by {} at work.",
    "My favourite singer's {}.",
    "I live at Mr. {}'s.",
    "I go to lunch at {}'s in Porto.",
    "I live with {} and his friend Rui.",
    "My poor {} has a cold.",
    "My aunt is Lund {}. She is 60.",
    "My new trainer is Anna {}.",
    "We moved to 12 Elm {}.",
    "We moved out. We are in {} now.",
    "We had the trip to {} moved to May.",
    "{}'s trip was moved to May.",
    "I live with Ida and her son {}.",
    "I eat at my aunt {}'s in Porto.",
    "I get up at 5 p.m. {} gets up at 6.",
    "I saw it in Jan {}'s house.",
    "My brother {} gets a rash from nuts.",
)


def pair(question: str, answer: str, fact: int = 0) -> Pair:
    rest = ("train", "active", "model", None, None, "", None, None)
    return Pair(fact, "s1", fact, question, answer, *rest)


def asked_of(answer: str) -> list[str]:
    """What is asked of somebody like whom an answer names."""
    return never_told([("Who is it?", answer)], [], 40, random.Random(1))


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("rule", RULES)
def test_a_rule_knows_a_name_by_any_capital(rule: Callable[[str], Any], name: str) -> None:
    assert rule(name) == named(rule(PLAIN), name)


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("text", TOLD)
def test_what_is_told_of_a_name_is_asked_for(text: str, name: str) -> None:
    assert statements(text.format(name)) == named(statements(text.format(PLAIN)), name)


def named(found: Any, name: str) -> Any:
    """What was found, with the name in place of the plain one."""
    if isinstance(found, str):
        return found.replace(PLAIN, name).replace(PLAIN.lower(), name.lower())
    if isinstance(found, dict):
        return {named(key, name): named(value, name) for key, value in found.items()}
    if isinstance(found, list | tuple | set):
        return type(found)(named(one, name) for one in found)
    return found
