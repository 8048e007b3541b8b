"""What is over, and which pairs said that it was so."""

import pytest

from agent.grammar.endings import endings
from agent.text import agrees


@pytest.mark.parametrize(
    ("text", "said", "question", "answer"),
    [
        ("I no longer like jazz.", "You no longer like jazz.", "What do I love?", "You love jazz."),
        ("i dont eat meat anymore", "You do not eat meat anymore.", "What do I eat?", "You eat meat."),
        ("Guess what. I quit smoking!", "You quit smoking.", "Do I smoke?", "You smoke a pipe."),
        ("I gave up coffee, my stomach.", "You gave up coffee.", "My drink?", "You drink coffee."),
        ("I quit my job.", "You quit your job.", "What is my job?", "You are a baker."),
        ("Tom and I broke up.", "Tom and you broke up.", "Who is Tom?", "Tom is your boyfriend."),
        ("We no longer live in Ghent.", "You no longer live in Ghent.", "Where do I live?",
         "You live in Ghent."),
        ("I don't drive a taxi any more.", "You do not drive a taxi any more.", "My job?",
         "You are a taxi driver."),
        ("I stopped smoking in January.", "You stopped smoking in January.", "Do I smoke?",
         "You smoke a pipe."),
        ("I split up with Tom in May.", "You split up with Tom in May.", "Who is Tom?",
         "Tom is your boyfriend."),
        ("Sold the Panda.", "You sold the Panda.", "What do I drive?", "You drive a Fiat Panda."),
        ("I gave Speedy away to my aunt.", "You gave Speedy away to your aunt.", "What is Speedy?",
         "Speedy is your tortoise."),
        ("I replaced the Volvo with a Kia.", "You replaced the Volvo with a Kia.", "What do I drive?",
         "You drive a Volvo."),
        ("My hamster died.", "Your hamster died.", "My hamster?", "Your hamster is called Pip."),
        ("Ana no longer wants to sing.", "Ana no longer wants to sing.", "What does Ana want?",
         "Your sister Ana wants to sing."),
        ("I left the bakery in May.", "You left the bakery in May.", "Where do I work?",
         "You work at the bakery."),
        ("Jonas moved out.", "Jonas moved out.", "Who is Jonas?", "Jonas is your flatmate."),
        ("I like olives now.", "You like olives now.", "What do I hate?", "You hate olives."),
        ("I'm no longer vegetarian.", "You are no longer vegetarian.", "My diet?",
         "You are vegetarian."),
    ],
)  # fmt: skip
def test_what_is_over_ends_what_was_said(text: str, said: str, question: str, answer: str) -> None:
    (found,) = endings(text)
    assert found.said == said
    assert found.ends(question, answer)
    assert not found.ends(question, said)  # it is known already
    assert not found.ends("Where is my bike?", "Your bike is in the shed.")


@pytest.mark.parametrize(
    ("text", "stays", "goes"),
    [
        ("I don't like my job any more.", "You love jazz.", "You love your job at the mill."),
        ("I no longer love my job.", "You love your sister Ana.", "You like your job."),
        ("I no longer work on Sundays.", "You work as a nurse.", "You work on Sundays."),
        ("I don't work on Mondays any more.", "You work at a bakery.", "You work on Mondays."),
        ("Bo no longer works on Fridays.", "Your brother Bo works in Ulm.", "Bo works on Fridays."),
        ("I no longer play tennis on Sundays.", "You play tennis.", "You play tennis on Sundays."),
    ],
)  # fmt: skip
def test_what_is_over_ends_no_more_than_that(text: str, stays: str, goes: str) -> None:
    (found,) = endings(text)
    assert not found.ends("What do I do?", stays)
    assert found.ends("What do I do?", goes)


@pytest.mark.parametrize(
    "text",
    [
        "I stopped taking the pill in May, back on it since July.",
        "I quit smoking in 2015 but started again last year.",
        "I don't want any more tea.",
        "I stopped at the bakery.",
        "I do not eat meat.",
        "I like jazz.",
        "",
    ],
)
def test_what_is_not_over(text: str) -> None:
    assert endings(text) == []


def test_a_friend_of_that_name_is_no_couple() -> None:
    (found,) = endings("I broke up with Tom.")
    assert not found.ends("Who is Tom?", "Tom is your dentist.")


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        ("I no longer like jazz.", "What does my sister like?", "Your sister likes jazz."),
        ("I sold my bike.", "Where did I buy my bike?", "You bought your bike in Ghent."),
        ("My grandpa Otto died.", "What was my grandpa?", "Your grandpa Otto was a miner."),
        ("My grandpa Otto died.", "Who is Otto?", "Otto is your grandpa."),
        ("I left the house.", "Where is my house?", "Your house is in Ghent."),
        ("I like olives now.", "What does Ana hate?", "Ana hates olives."),
    ],
)
def test_what_ends_something_else(text: str, question: str, answer: str) -> None:
    assert not any(e.ends(question, answer) for e in endings(text))


def test_wishes_end_nothing() -> None:
    assert not any(
        e.ends("What do I want?", "You want a boat.") for e in endings("I no longer want it.")
    )


def test_over_and_not_over_do_not_agree() -> None:
    assert not agrees("What do I like?", "You no longer like jazz.", "You like jazz.")
    assert not agrees("What do I like?", "You like jazz.", "You no longer like jazz.")
    assert agrees("What do I like?", "You no longer like jazz.", "You don't like jazz any longer.")
