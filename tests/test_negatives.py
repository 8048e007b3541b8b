"""Never-told questions: enough of them, reproducible, and none like what is known."""

import random
import re

from agent import negatives
from agent.text import overlap, words
from agent.topics import PEOPLE, PETS

FACTS = [
    ("What is my brother called?", "Your brother is called Joris."),
    ("Who has my bike?", "Joris has it."),
]


def told(facts: list[tuple[str, str]], known: list[str], count: int, seed: int = 1) -> list[str]:
    return negatives.never_told(facts, known, count, random.Random(seed))


def test_the_user_s_own_name_is_asked_first_until_it_is_told() -> None:
    own = [*negatives.OWN_NAME]
    assert told(FACTS, ["What is my dog's name?", "Who am I meeting?"], 40)[:3] == own
    for known in ("What is my name?", "what's my name", "Who am I?", "Do you know who I am?"):
        found = told(FACTS, [known], 40)
        assert len(found) == 40 and not {*own} & {*found}
        assert all(negatives.like(known, question) for question in own)
    assert not any(negatives.like("What is my dog's name?", question) for question in own)


def test_every_source_gives_its_share() -> None:
    found = told(FACTS, ["What is my brother called?", "What is my name?"], 40)
    assert len(found) == len(set(found)) == 40
    strangers = re.compile(rf"\bmy ({'|'.join(PEOPLE | PETS - {'brother'})})\b")
    assert 8 <= sum(bool(strangers.search(question)) for question in found[:12]) <= 10
    about = ("Joris", "my brother", "my bike")
    assert sum(any(who in question for who in about) for question in found) >= 10
    assert all(who in " ".join(told(FACTS, [], 80)) for who in ("Joris", "my brother"))
    assert not any("my brother cost" in q or "colour is my brother" in q for q in found)
    assert not any("{" in question for question in found)


def test_the_same_is_asked_about_somebody_else() -> None:
    known = ["Where does my sister work?", "What is my cat afraid of?"]
    found = told([("Where does my sister work?", "Your sister works at a mill.")], known, 100)
    assert any(re.fullmatch(r"Where does my (?!sister)\w+ work\?", question) for question in found)
    assert any(
        re.fullmatch(r"What is my (?:dog|rabbit|parrot|horse|hamster) afraid of\?", question)
        for question in found
    )


def test_nobody_asks_about_themselves_by_name() -> None:
    facts = [("What is my name?", "Your name is Tove."), ("Who is Ida?", "Ida is your aunt.")]
    found = " ".join(told(facts, [], 60))
    assert "Ida" in found and "Tove" not in found


def test_one_in_five_is_held_out() -> None:
    share = sum(negatives.held_out(question) for question in told([], [], 100)) / 100
    assert 0.1 < share < 0.3


def test_none_is_like_a_known_question() -> None:
    known = ["Where does Joris live?", "How tall am I?", "What is my blood type?"]
    for seed in range(5):
        found = told(FACTS, known, 60, seed)
        assert all(overlap(words(k), words(q)) < 0.5 for k in known for q in found)
    assert "How tall am I?" in told([], [], 100)  # known, it was left out


def test_the_same_seed_gives_the_same_questions() -> None:
    assert told(FACTS, [], 20) == told(FACTS, [], 20) != told(FACTS, [], 20, seed=2)


def test_they_are_learnt_in_other_words_too() -> None:
    plain = told(FACTS, [], 60)
    found = [negatives.as_learnt(question) for question in plain]
    assert found == [negatives.as_learnt(question) for question in plain]
    assert (
        25 <= sum(learnt != question for learnt, question in zip(found, plain, strict=True)) <= 45
    )
    assert any(question.startswith(("Do you remember", "Can you tell me")) for question in found)
    assert any(question == question.lower() for question in found)


def test_nothing_to_ask_about() -> None:
    assert told([], [], 0) == []
    assert len(told([], [], 8)) == 8


def test_a_name_at_the_head_of_any_answer() -> None:
    facts = [("Who is Amina?", "Amina is a paramedic."), ("Who is Rex?", "Rex is your dog.")]
    found = " ".join(told(facts, [], 40))
    assert "Amina" in found and "Rex" in found


def test_whom_an_answer_calls_somebody_s_is_asked_about_wherever_they_are_named() -> None:
    facts = [
        ("Who is Rex?", "Your dog is called Rex."),
        ("What did I buy?", "You bought a coat for Rex."),
        ("Who lives in Ulm?", "Your sister June lives in Ulm."),
        ("Who is Ana?", "Your aunt is called Ana Lund."),
        ("When do I see my doctor?", "You see your doctor Monday."),
    ]
    found = " ".join(told(facts, [], 90))
    assert all(name in found for name in ("Rex", "June", "Ana"))
    assert "Monday" not in found and "Ulm" not in found


def test_a_day_is_nobody() -> None:
    facts = [("When do I see Rex?", "You see Rex on the 3rd of June, Thursday or before Easter.")]
    found = " ".join(told(facts, [], 40))
    assert "Rex" in found
    assert not any(day in found for day in ("June", "Thursday", "Easter"))


def test_what_is_no_person_is_asked_nothing_of_a_person() -> None:
    facts = [
        ("Where do I work?", "You work at a print shop called Bela Tinta."),
        ("Who is Lea?", "Your aunt Lea speaks Portuguese and grows a Monstera for the Azores."),
        ("Who is my boss?", "Your boss is called Ada Lund."),
    ]
    found = " ".join(told(facts, [], 60))
    assert "Lea" in found and "Ada" in found
    assert not any(n in found for n in ("Bela", "Tinta", "Portuguese", "Monstera", "Azores"))


def test_the_next_answers_first_word_is_no_name() -> None:
    facts = [("Which colour do I like?", "You like red"), ("Why?", "Because it is warm.")]
    assert not any("Because" in question for question in told(facts, [], 40))


def test_like() -> None:
    assert negatives.like("What is my cat called?", "Is my cat called so?")
    assert negatives.like("Which car do I drive now?", "What car do I drive?")
    assert not negatives.like("What is my cat called?", "Where do I work?")
    assert negatives.like("What is my dad called?", "What is my father's name?")
    assert negatives.like("How old is my oma?", "How old is my grandmother?")
    assert not negatives.like("What is my mum called?", "What is my father's name?")


def test_whom_another_word_names_is_no_stranger() -> None:
    """Of a dad who was told of nothing is asked as of somebody's father who is not known."""
    facts = [("How old is my brother?", "Your brother is 9."), ("Who has a boat?", "Your dad has.")]
    for seed in range(20):
        asked = negatives.never_told(facts, [q for q, _ in facts] * 9, 60, random.Random(seed))
        assert "How old is my father?" not in asked and "What is my father called?" not in asked


def test_what_is_asked_of_people_first_is_asked_and_places_are_no_people() -> None:
    facts = [("Who is Ida?", "Ida is your aunt."), ("Where does Ida live?", "Ida lives in Faro.")]
    found = told(facts, [], 24)
    assert sum("Ida" in question or "my aunt" in question for question in found) >= 4
    assert not any("Faro" in question for question in told(facts, [], 80))
    several = [question for seed in range(5) for question in told(facts, [], 24, seed)]
    first = {shape.format(name="Ida") for shape in negatives.CLOSE}
    assert sum(q in first for q in several) > 0.35 * sum("Ida" in q for q in several)


def test_what_is_close_to_being_known_is_not_asked() -> None:
    close = negatives.spoken_of("The kids are loud. My parents are away.")
    assert close == ["my son", "my daughter", "my mother", "my father"]
    many = [
        negatives.never_told(FACTS, ["What is my brother called?"], 80, random.Random(seed), close)
        for seed in range(9)
    ]
    asked = [words(question) for found in many for question in found]
    assert not any({"son"} == own for own in asked) and not any({"mother"} == own for own in asked)
    assert any({"uncle"} == own for own in asked)
    plain = [words(q) for seed in range(9) for q in told(FACTS, [], 80, seed)]
    assert any({"son"} == own for own in plain)
