"""Other wordings by rule: the meaning stays, the number is what was asked for."""

import random

import pytest

from agent import wordings as wordings_module
from agent.wordings import wordings


def made(question: str, count: int = 8) -> list[str]:
    return wordings(question, count, random.Random(1))


@pytest.mark.parametrize(
    ("question", "other"),
    [
        ("What is my cat called?", "What is my cat's name?"),
        ("What's my dog's name?", "What is my dog called?"),
        ("How old is Ida?", "What is Ida's age?"),
        ("When is the mediation?", "On which date is the mediation?"),
        ("What does Ida do?", "What does Ida do for a living?"),
        ("How much did I pay for the bike?", "What did the bike cost?"),
        ("Where is my sister?", "Where did I say my sister is?"),
        ("What is my favorite film?", "Which film do I like best?"),
        ("Why am I tired?", "For what reason am I tired?"),
        ("When is the baby due?", "What is the due date?"),
        ("Who is moving in with me?", "Which person is moving in with me?"),
        ("Where was my bike stolen?", "At what place was my bike stolen?"),
        ("What did I get for the kayak?", "How much did the kayak bring me?"),
        ("How long do we stay in Osaka?", "How long will we be in Osaka?"),
        ("How do I get to Graz?", "By what means do I travel to Graz?"),
        ("What kind of music do I hate?", "Which music do I dislike?"),
        ("Which music do I like?", "What is my taste in music?"),
        ("When does my book club meet?", "When are the meetings of my book club?"),
        ("What time is my dentist appointment?", "What time do I have to be at the dentist?"),
        ("When is my clinic appointment?", "When do I have to be at the clinic?"),
        ("How much is my rent?", "What do I have to pay for rent?"),
        ("What is my share of the rent?", "How much of the rent do I pay?"),
        ("How much does the repair cost?", "What does the repair cost?"),
        ("Where does my grandma live?", "Where does my grandma live, which town?"),
        ("Where do I live?", "Whereabouts do I live?"),
        ("Which of my sisters is a nurse?", "Which sister of mine is a nurse?"),
        ("Who in my family is a nurse?", "Which of my relatives is a nurse?"),
        ("What are my plans for Friday?", "What do I have planned for Friday?"),
        ("What do I have on 3 May?", "Is there anything in my diary on 3 May?"),
        ("What should I avoid eating?", "Anything I should avoid eating?"),
        ("What should I not cook for Ana?", "What must I not serve Ana?"),
        ("What is wrong with my car?", "What is up with my car?"),
        ("Do I have any children?", "Do I have children?"),
        ("Who will pick me up?", "Who is going to pick me up?"),
    ],
)
def test_a_rule_gives_the_same_in_other_words(question: str, other: str) -> None:
    assert other in wordings_module._by_rule(question.rstrip("?"))
    assert {*made(question)} & {*wordings_module._by_rule(question.rstrip("?"))}


def test_as_many_as_asked_all_different_and_none_the_question() -> None:
    for question in ("What is my cat called?", "Can my aunt swim?", "Who is Joris?"):
        for count in (1, 3, 8):
            found = made(question, count)
            assert len(found) == len(set(found)) == count
            assert question not in found


def test_a_question_without_a_rule_is_carried_by_talk() -> None:
    found = made("Can my aunt swim?", 6)
    assert all("my aunt" in wording and " swim" in wording for wording in found)


def test_names_and_i_keep_their_capitals_but_where_typed() -> None:
    found = made("I told you which film?") + made("Who is Joris?")
    small = [wording for wording in found if "joris" in wording or " i told" in wording]
    assert len(small) <= 2 and all(w == w.lower() and "?" not in w for w in small)


def test_one_wording_is_typed_in_small_letters() -> None:
    for question in ("Where does my aunt live?", "What is Joris's job?", "How much is the rent?"):
        typed = [w for w in made(question) if w == w.lower() and w[-1] != "?"]
        others = {w.lower().rstrip("?") for w in made(question) if w not in typed}
        assert typed and not others & {*typed}
    assert wordings_module._typed("What is Joris's job?") == "whats joriss job"


def test_the_long_way_round() -> None:
    around = wordings_module._is_it_that
    assert around("What did I lose", "what I lost") == ["What is it that I lost?"]
    assert around("What is my job", "what my job is") == []


def test_a_name_with_hyphens_is_one_word() -> None:
    assert wordings_module._indirect("How old is my half-brother") == "how old my half-brother is"


def test_the_flight_is_mine_but_not_the_party_i_went_to() -> None:
    assert "When is my flight?" in made("When is the flight?", 12)
    assert not any("at my party" in w for w in made("What did I lose at the party?", 12))
    assert not any("my name of" in w for w in made("What is the name of the choir?", 12))


def test_the_same_seed_gives_the_same() -> None:
    assert made("Who is Joris?") == made("Who is Joris?")


@pytest.mark.parametrize(
    ("question", "inside"),
    [
        ("Where does my brother work", "where my brother works"),
        ("What did I buy", "what I bought"),
        ("What is the print shop called", "what the print shop is called"),
        ("When is my cousin's wedding", "when my cousin's wedding is"),
        ("Who am I going with", "who I am going with"),
        ("When does the removal van come", ""),  # where the subject ends is not plain
        ("Do I drive", ""),
        ("What did my sewing club make", ""),
        ("Who is Ana Lund", "who Ana Lund is"),
        ("What is killing me", "what is killing me"),
        ("Who is cooking pasta", "who is cooking pasta"),
    ],
)
def test_a_question_inside_another_sentence(question: str, inside: str) -> None:
    assert wordings_module._indirect(question) == inside


def test_a_word_is_said_otherwise() -> None:
    others = wordings_module._by_synonym("Where does my mother live")
    assert "Where does my mum live?" in others and "Where does my mom live?" in others
    assert wordings_module._by_synonym("Do I own a flat") == []  # "an apartment"
    assert not any("mum" in o for o in wordings_module._by_synonym("my mother-in-law"))
    assert "When is my grandmother's birthday?" in wordings_module._by_synonym(
        "When is my avó's birthday"
    )
    assert not any("avó" in o for o in wordings_module._by_synonym("Who is my grandmother"))
    assert "What is my cat afraid of?" in wordings_module._by_synonym("What is my kitten afraid of")


def test_only_what_stands_alone_is_asked_tersely() -> None:
    assert "My job?" in made("What is my job?", 12)
    assert not any(o.startswith("My ") for o in made("What is my place on the tram?", 12))
    assert not any("got me is" in o for o in made("What is the first thing that got me?", 12))


def test_the_table_of_synonyms() -> None:
    read = wordings_module.read_synonyms(
        "# comment\nverb: buy | purchase\nnoun: flat | apartment\nkin: oma > gran"
    )
    assert read == {
        "buy": ["purchase"],
        "purchase": ["buy"],
        "flat": ["apartment"],
        "apartment": ["flat"],
        "oma": ["gran"],
    }
