"""Plain statements become questions and answers: by hand, sentence by sentence."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from agent.grammar.clauses import clauses
from agent.grammar.parts import parts_of, time_at
from agent.grammar.statements import statements
from agent.grammar.turning import ANSWER_WORDS
from agent.grammar.words import has_form, lemma_of, tokens_of

DUARTE = "My brother Duarte works as a nurse in Porto."


@pytest.mark.parametrize(
    ("text", "question", "answer"),
    [
        (DUARTE, "What is my brother called?", "Your brother is called Duarte."),
        (DUARTE, "Who is Duarte?", "Duarte is your brother."),
        (DUARTE, "Where does my brother work?", "Your brother Duarte works in Porto."),
        (DUARTE, "What does Duarte work as?", "Your brother Duarte works as a nurse."),
        ("I moved to Ghent last month.", "Where did I move?", "You moved to Ghent."),
        ("I moved to Ghent last month.", "When did I move?", "You moved last month."),
        ("I'm a carpenter.", "What do I do for a living?", "You are a carpenter."),
        ("i dont drive", "Do I drive?", "No, you do not drive."),
        ("I never eat meat.", "What do I not eat?", "You never eat meat."),
        ("Im allergic to walnuts.", "What am I allergic to?", "You are allergic to walnuts."),
        ("I'm afraid of heights.", "What am I afraid of?", "You are afraid of heights."),
        ("My rent is 640 euros.", "How much is my rent?", "Your rent is 640 euros."),
        ("Our daughter Olive, 11, swims.", "How old is Olive?", "Olive is 11."),
        ("I am 58 years old.", "How old am I?", "You are 58 years old."),
        ("On Friday I fly to Oslo.", "When do I fly?", "You fly on Friday."),
        ("Next week, my sister moves.", "When does my sister move?", "Your sister moves next week."),
        ("I mend harps for a living.", "What is my job?", "You mend harps for a living."),
        ("I keep 12 hives.", "How many hives do I keep?", "You keep 12 hives."),
        ("Bought a canoe from Nelson.", "Who did I buy the canoe from?",
         "You bought a canoe from Nelson."),
        ("We have a dog called Rex.", "What is my dog called?", "Your dog is called Rex."),
        ("I work at a bakery, Zum Ofen.", "What is the bakery called?",
         "The bakery is called Zum Ofen."),
        ("My sister Ana, who lives in Faro, paints.", "Where does my sister live?",
         "Your sister Ana lives in Faro."),
        ("Ines is my boss.", "Who is Ines?", "Ines is your boss."),
        ("I fly to Oslo with Mina on Friday.", "Who do I fly with?", "You fly with Mina."),
        ("I want to buy a harp.", "What do I want to buy?", "You want to buy a harp."),
        ("My friends Ana and Liv sing.", "What are my friends called?",
         "Your friends are called Ana and Liv."),
        ("I moved because I hated the noise.", "Why did I move?",
         "You moved because you hated the noise."),
    ],
)  # fmt: skip
def test_a_statement_answers_a_question(text: str, question: str, answer: str) -> None:
    assert dict(statements(text)).get(question) == answer


@pytest.mark.parametrize(
    ("text", "pronoun_answer"),
    [
        ("My aunt Odile bakes. She lives in Ghent.", "Your aunt Odile lives in Ghent."),
        ("My brother came with his girlfriend Ida, shes from Lyon.",
         "Your brother's girlfriend Ida is from Lyon."),
        ("My aunt met my uncle. He lives in Ghent.", "Your uncle lives in Ghent."),
        ("The sofa is new. It costs 300 euros.", "The sofa costs 300 euros."),
    ],
)  # fmt: skip
def test_pronouns_mean_who_was_spoken_of(text: str, pronoun_answer: str) -> None:
    assert pronoun_answer in [answer for _, answer in statements(text)]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "How are you?",
        "Where do I work?",
        "If I lived in Rome, imagine!",
        "He lives in Rome.",  # who?
        "Thanks, that helps!",
        "When I was 19 it rained.",
        "I told you.",
    ],
)
def test_what_states_nothing_plainly_is_passed_over(text: str) -> None:
    assert statements(text) == []


def test_names_in_lower_case_are_read_where_nothing_is_capitalised() -> None:
    assert ("What is my cat called?", "Your cat is called Pudim.") in statements(
        "my cat pudim sits"
    )
    assert not any(
        "Tattoo" in answer for _, answer in statements("My bird tattoo itches, Ana says")
    )


def test_one_question_has_one_answer() -> None:
    found = statements("I live in Ghent. I live in Bruges.")
    assert [answer for question, answer in found if question == "Where do I live?"] == [
        "You live in Ghent."
    ]


@pytest.mark.parametrize(
    ("text", "size"),
    [
        ("on the third of May", 5),
        ("next Saturday (March 8, 2025)", 3),
        ("for two years", 3),
        ("every day", 2),
        ("in March", 2),
        ("at nine", 2),
        ("in Porto", 0),
        ("the dog", 0),
        ("at nine hotels", 0),
    ],
)
def test_times(text: str, size: int) -> None:
    assert time_at(tokens_of(text), 0) == size


def test_pieces_behind_a_verb() -> None:
    found = [
        (p.kind, " ".join(p.words)) for p in parts_of(tokens_of("a red bike from Nelson on Monday"))
    ]
    assert found == [("object", "a red bike"), ("prep", "from Nelson"), ("time", "on Monday")]


def test_clauses_share_a_subject_and_end_at_the_next() -> None:
    found = [
        (c.subject, c.verb)
        for c in clauses(tokens_of("I work at a bank and live in Faro but we paint"))
    ]
    assert found == [(("I",), ("work",)), (("I",), ("live",)), (("we",), ("paint",))]


def test_forms() -> None:
    assert (lemma_of("bought"), lemma_of("teaches"), lemma_of("zzz")) == ("buy", "teach", "zzz")
    assert has_form("sold", "VBD") and not has_form("sold", "VB") and not has_form("zzz", "VB")


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet=st.sampled_from("I my we is was a the to in ,.!?'\n()0-9éZx "), max_size=80)
)
def test_any_text_is_taken(text: str) -> None:
    for question, answer in statements(text):
        assert question.endswith("?") and len(answer.split()) <= ANSWER_WORDS + 4
