"""What a statement may not make the user's own."""

import pytest

from agent.owners import taken_over

SAID = (
    "My sister Derya is a nurse and her daughter Mina turns six. I tune pianos, my rent is 540 euros. "
    "Gareth is a chef. A kid was sick all over the back seat. I have a dog, and our new kitchen cost "
    "9,000 euros. My mother's neighbour paints. I work with my brother."
)


@pytest.mark.parametrize(
    ("statement", "wrong"),
    [
        ("Your daughter is called Mina.", True),
        ("Your sister is called Derya.", False),
        ("Your sister's daughter is called Mina.", False),
        ("Gareth is your chef.", True),
        ("Your tune is in Izmir.", True),
        ("You tune pianos.", False),
        ("You rent 540 euros.", True),
        ("Your rent is 540 euros.", False),
        ("You have 540 euros.", False),  # "have" is said of something else: not to be told apart
        ("You were sick all over the back seat.", True),
        ("You work with your brother.", False),
        ("Your dog is called Biscuit.", False),
        ("Your kitchen is new.", False),
        ("Your neighbour paints.", True),
        ("Your rent is a 540.", True),
        ("You have been together for 2026.", True),
    ],
)
def test_taken_over(statement: str, wrong: bool) -> None:
    assert taken_over(statement, SAID) is wrong


def test_what_a_stranger_did_is_not_what_the_user_did() -> None:
    said = "Today a tourist left a violin on my tram, and I took it to the lost property office."
    assert taken_over("You left a violin on your tram.", said)
    assert not taken_over("You took the violin to the lost property office.", said)


@pytest.mark.parametrize(
    ("statement", "said", "wrong"),
    [
        ("You get 9 euros more than Ada.", "My boss Ada asked me. I get 9 euros more.", True),
        ("You play with Ada.", "I play with my niece, Ada.", False),
        ("You play with Ada.", "Ada watches me play.", True),
        ("You leave for May.", "I leave in May.", False),  # a month is nobody
        ("Ada is a baker.", "Ada is 24 and used to be a baker.", True),
        ("Ada is a baker.", "I used to be a baker, now Ada is a baker.", False),
        ("You drive line 8 now.", "I don't drive line 8 any more.", True),
        ("You drink tea.", "Tea. I don't drink coffee.", False),
        ("You drive a van.", "I don't drive to work. I drive a van on Sundays.", False),
        ("You never drive.", "I never drive.", False),
        ("You put the lamp on the lamp.", "I put the lamp on the shelf.", True),
    ],
)
def test_what_is_read_otherwise_than_it_was_said(statement: str, said: str, wrong: bool) -> None:
    assert taken_over(statement, said) is wrong


def test_an_amount_is_no_money_in_the_hand() -> None:
    assert taken_over("You have 380 pounds.", "The car costs me 380 pounds to fix.")
    assert not taken_over("You have 380 pounds.", "I saved 380 pounds.")


@pytest.mark.parametrize(
    ("statement", "said", "wrong"),
    [
        ("You sit on the right.", "u have to sit on her right", True),
        ("You sit on the bench.", "I sit on the bench, her bench", False),
        ("Your dog is called Rex.", "Ida's dog bit my dog Rex.", False),
        ("Your work is hard.", "My work is hard, I work nights.", False),
        ("You are due July 12.", "Ta. It's a boy, due July 12. I'm a planner.", True),
        ("You are taking it to Rome.", "She's taking it, in May, to Rome. As I said.", True),
        ("You are taking it to Rome.", "She says I'm taking it, in May, to Rome.", False),
        ("You are a museum guard.", "kiln day job: museum guard. room 14", False),
    ],
)
def test_whose_things_are(statement: str, said: str, wrong: bool) -> None:
    assert taken_over(statement, said) is wrong


@pytest.mark.parametrize(
    ("statement", "said", "wrong"),
    [
        ("Your dog is allergic to walnuts.", "My sister Marit is allergic to walnuts.", True),
        ("Your dog Biscuit is allergic to walnuts.", "My sister is allergic to walnuts.", True),
        (
            "Your sister Marit is allergic to walnuts.",
            "My sister Marit is allergic to walnuts.",
            False,
        ),
        ("Your dog is allergic to walnuts.", "My sister says he is allergic to walnuts.", False),
        ("Your dog is allergic to walnuts.", "Allergic to walnuts, the poor thing.", False),
        ("Your dog hates rain.", "My sister and my dog hates rain.", False),
        ("Your dog hates rain.", "My brother hates rain. So does my dog, it hates rain.", False),
        ("You are allergic to walnuts.", "My sister is allergic to walnuts.", True),
        ("You are allergic to walnuts.", "My sister and I are allergic to walnuts.", False),
        ("You have a sister in Ghent.", "My sister lives in Ghent.", False),
        ("Your dog lives in Ghent.", "My cat is Pia and my brother lives in Ghent.", True),
        ("Your brother lives in Ghent.", "My cat is Pia and my brother lives in Ghent.", False),
        ("Your husband Yaw is on the rig.", "My hubby Yaw is on the rig.", False),
        ("You are a pilot.", "She says she will be a pilot.", True),
        ("You are a pilot.", "She says I am a pilot.", False),
        ("Tom is three years old.", "Tom is home. Three years since I saw him.", True),
        ("Tom is three years old.", "Tom is three.", False),
        ("You went to a farm.", "Went to a farm with my nephew.", False),
    ],
)
def test_whom_of_theirs_it_is_told_of(statement: str, said: str, wrong: bool) -> None:
    assert taken_over(statement, f"I have a dog called Biscuit.\n{said}") == wrong
