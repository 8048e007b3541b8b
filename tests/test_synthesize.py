"""From a session to pairs: the filters by hand, and the whole with a small writer of its own."""

from collections.abc import Sequence
from datetime import date

import pytest

from agent import asking
from agent import synthesize as module
from agent.answer_kinds import fits
from agent.asking import answer_logprobs, by_passage, continue_in_parts, fitting
from agent.filters import (
    believable,
    group,
    misplaced,
    parse,
    repeats,
    said_so,
    sensible,
    stands_alone,
    telling_first,
    unique,
    varied,
    well_formed,
)
from agent.grammar.turning import first_person
from agent.model import Message, Model
from agent.sampling import Sampling
from agent.stated import stated
from agent.synthesize import seed_of, supported, synthesize
from agent.text import words
from agent.writer import ASKED, ModelWriter
from bench.tiny import tiny_model

DAY = date(2025, 3, 14)
SESSION = [
    {"role": "user", "content": "My cat Pickle sees the vet tomorrow."},
    {"role": "assistant", "content": "Good luck tomorrow!"},
]


@pytest.fixture(scope="module")
def model() -> Model:
    return tiny_model()


class FakeWriter:
    """Writes what it is given, and remembers what it was asked."""

    origin = "endpoint"

    def __init__(self, facts: list[tuple[str, str]]) -> None:
        self._facts = facts
        self.read: list[tuple[Sequence[Message], date | None]] = []

    def facts(self, messages: Sequence[Message], day: date | None) -> list[tuple[str, str]]:
        self.read.append((messages, day))
        return self._facts


def test_parse() -> None:
    text = '- Your cat is called Pickle.\nnone\n\n"You  live in Lyon."'
    assert parse(text) == ["Your cat is called Pickle.", "You live in Lyon."]
    assert parse("none") == parse("") == []


@pytest.mark.parametrize(
    ("statement", "own"),
    [
        ("Your cat Pickle lives in Lyon.", True),  # to live is anybody's word
        ("Your cat Pickle is a priest.", False),
        ("Your dog Pickle lives in Lyon.", False),
        ("You feed him in Lyon.", False),  # whom?
    ],
)
def test_a_statement_is_made_of_the_users_words(statement: str, own: bool) -> None:
    assert stands_alone(statement, words("I feed my cat pickle, from Lyon")) is own


@pytest.mark.parametrize(
    ("question", "answer", "good"),
    [
        ("What is my cat called?", "Pickle.", True),
        ("Cat called?", "Pickle.", False),  # too short
        ("What is my cat called?", "You never told me.", False),
        ("What is my cat Pickle called?", "Your cat is Pickle.", False),  # gives itself away
        ("What did I say in this chat?", "Pickle.", False),
        ("What is his name?", "Pickle.", False),  # whose?
        ("What is his sister Ida's job?", "Paramedic.", True),
        ("What is my cat called?", "Pickle. " * 50, False),
        ("What is " + "my cat " * 40 + "called?", "Pickle.", False),
    ],
)
def test_well_formed(question: str, answer: str, good: bool) -> None:
    assert well_formed(question, answer) is good


@pytest.mark.parametrize(
    ("answer", "good"),
    [
        ("Your cat is called Pickle.", True),
        ("Your cat is called Biscuit.", False),  # a name that was not said
        ("Pickle sees the vet on March 15.", True),
        ("Pickle sees the vet on March 16.", False),  # a number that was not said
        ("A lovely animal with stripes.", False),
    ],
)
def test_said_so(answer: str, good: bool) -> None:
    said = words("My cat Pickle sees the vet tomorrow (March 15, 2025).")
    assert said_so("What about my cat?", answer, said) is good


@pytest.mark.parametrize(
    ("question", "answer", "good"),
    [
        ("How many times did I fall?", "You fell on Monday.", False),
        ("How many times did I fall?", "You fell twice.", True),
        ("How many cats do I have?", "Your cats were born in 2019.", False),
        ("How many cats do I have?", "You have two black cats.", True),
        ("What time is the train?", "The train is on Monday.", False),
        ("What time is the train?", "The train is at half nine.", True),
        ("What colour is my bike?", "Your bike is fast.", False),
        ("What colour is my bike?", "Your bike is dark green.", True),
        ("Where am I?", "You are in charge of the cake.", False),
        ("Where am I?", "You are at Ida's.", True),
        ("Where am I?", "You are tired.", False),
        ("Who has my key?", "Your key is gone.", False),
        ("Who has my key?", "Ida has your key.", True),
        ("Who has my key?", "Your aunt has your key.", True),
        ("Which month is the fair?", "The fair is on Monday.", False),
        ("Which year did I move?", "You moved in August.", False),
        ("Which day is the fair?", "The fair is in the park.", False),
        ("When is the fair?", "The fair is in the park.", False),
        ("How old is Ida?", "Ida is tall.", False),
    ],
)
def test_a_question_wants_its_kind_of_answer(question: str, answer: str, good: bool) -> None:
    assert fits(question, answer) is good


def test_varied() -> None:
    pairs = [(f"{question}?", "") for question in ("a b c", "a b d", "x y z", "a b e")]
    assert varied(pairs, 2) == [pairs[0], pairs[2]]
    assert varied(pairs, 9) == pairs and varied([], 2) == []


def test_group_and_unique() -> None:
    cat = ("What is my cat called?", "Pickle.")
    again = ("Which name has my cat?", "Your cat is Pickle.")
    dog = ("What is my dog called?", "Rex.")
    assert group([cat, dog, again]) == [[cat, again], [dog]]
    mine, his = (
        ("Where do I live?", "In Lyon."),
        ("Where does my son live?", "Your son is in Lyon."),
    )
    assert group([his, mine]) == [[his], [mine]]  # what is asked of one is no wording for another
    named = [("Where does Ida live?", "Ida lives."), ("Where does my aunt live?", "Ida lives.")]
    assert group(named) == [named]  # the same answer to the same question word
    tuned = [("What do I tune?", "You tune harps."), ("What is my job?", "You tune harps.")]
    assert group(tuned) == [tuned]
    assert group([]) == []
    assert unique([cat, ("what is MY cat called", "Biscuit."), dog]) == [cat, dog]


def test_a_message_longer_than_a_session_may_be_loses_its_end(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "SESSION_TOKENS", 50)
    writer = FakeWriter([])
    synthesize([{"role": "user", "content": "a" * 80}], None, writer, model)
    assert writer.read == [([{"role": "user", "content": "a" * 50}], None)]


def test_fitting_keeps_the_users_newest(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "SESSION_TOKENS", 50)
    rows = [
        {"role": role, "content": f"{k}" * 14}
        for k, role in enumerate(["user", "assistant", "user", "assistant", "user"])
    ]
    assert [m["content"][0] for m in fitting(model, rows)] == ["2", "4"]
    assert fitting(model, rows[:2]) == rows[:2]


def test_the_sessions_own_words_are_supported(model: Model) -> None:
    """A random model prefers nothing, so both verdicts are those of the limits."""
    assert supported(model, SESSION, []) == []
    (told,) = answer_logprobs(model, SESSION, [("What?", "Pickle.")])
    assert -8 < told < -3  # about the log of one in 260
    assert supported(model, SESSION, [("What is my cat called?", "Pickle.")]) == []


def test_a_session_becomes_pairs(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    # The random judge would refuse all; its limits are opened, its forwards still run.
    monkeypatch.setattr(module, "LEAST_LOGPROB", -100.0)
    monkeypatch.setattr(module, "LEAST_GAIN", -100.0)
    writer = FakeWriter(
        [
            ("What is my cat called?", "Your cat is called Pickle."),
            ("Which name has my cat?", "Pickle."),
            ("Who is my brother?", "Joris."),  # was never said
            ("What is my dog called?", "Pickle."),  # no dog was told of
            ("What hairy guest lies on my sofa?", "Pickle."),  # four words of its own
            ("When does Pickle see the vet?", "Pickle sees the vet on March 15."),
        ]
    )
    drafts = synthesize(SESSION, DAY, writer, model)
    assert writer.read == [(SESSION, DAY)]
    first = [d for d in drafts if d.fact == 0]
    assert first[0].question == "What is my cat called?"
    assert "Which name has my cat?" in [d.question for d in first]
    assert [d.role for d in first] == ["train"] * (len(first) - 1) + ["probe"]
    one = {"Your cat is called Pickle.", "Pickle.", "Yes, your cat is Pickle."}
    assert {d.answer for d in first} == one
    assert len({d.question for d in first}) == len(first)
    asked = {d.question for d in drafts}
    assert "When does Pickle see the vet?" in asked  # the writer's
    assert "What is Pickle?" in asked  # stated
    assert not any("dog" in question or "sofa" in question for question in asked)
    assert not any("Joris" in d.answer for d in drafts)


@pytest.mark.parametrize("room", [0, 1])
def test_what_is_stated_plainly_goes_before_what_was_written(
    model: Model, monkeypatch: pytest.MonkeyPatch, room: int
) -> None:
    monkeypatch.setattr(module, "LEAST_LOGPROB", -100.0)
    monkeypatch.setattr(module, "LEAST_GAIN", -100.0)
    said = {0: "Oh well, the blue door.", 2: "My cat is called Pickle. I live in Lyon."}
    talk = [{"role": "user", "content": text} for text in said.values()]
    talk.insert(1, {"role": "assistant", "content": "I see."})
    monkeypatch.setattr(module, "FACTS_MOST", 2 + room)  # the cat's name, and Lyon
    drafts = synthesize(
        talk, DAY, FakeWriter([("What colour is the door?", "The door is blue.")]), model
    )
    found = {d.answer for d in drafts}
    assert ("The door is blue." in found) == bool(room)
    assert "You live in Lyon." in found and "Pickle is your cat." not in found


TALK = [
    {"role": "user", "content": "My cat Pickle sees the vet on Monday."},
    {"role": "assistant", "content": "Poor Pickle!"},
    {"role": "user", "content": "And my sister Ida moved to Lyon with her two boys last spring."},
    {"role": "assistant", "content": "Lyon is lovely."},
    {"role": "user", "content": "Sorry, I meant Tuesday for the vet, not the day that I said."},
]


@pytest.mark.parametrize(
    ("question", "answer", "good"),
    [
        ("Where does my sister live?", "Your sister lives in Lyon.", True),
        ("Where do I live?", "You live in a print shop.", False),  # nothing said of living
        ("Where do I work?", "You work at a print shop.", True),
        ("What do I eat for breakfast?", "You eat a print shop.", False),  # a thing of its own
        ("How old am I?", "You are 14.", False),  # the age of somebody else
    ],
)
def test_believable(question: str, answer: str, good: bool) -> None:
    said = ["I work at a print shop.", "My sister Ida moved to Lyon. Her son is 14."]
    assert believable(question, answer, said) is good


def test_each_pair_is_asked_behind_its_own_passage(model: Model) -> None:
    pairs = [("Where is Ida?", "In Lyon."), ("Who is Pickle?", "Your cat."), ("Ida?", "Lyon.")]
    seen = []

    def ask(_: Model, context: list[Message], rows: list[tuple[str, str]]) -> list[str]:
        seen.append([m["content"] for m in context[1:]])
        return [answer for _, answer in rows]

    assert by_passage(model, TALK, None, pairs, ask) == ["In Lyon.", "Your cat.", "Lyon."]
    told = [m["content"] for m in TALK]
    assert seen == [told[0:2], told[2:4]]
    assert by_passage(model, TALK, None, [], ask) == []
    only = [{"role": "user", "content": "Where is Ida?"}]
    assert by_passage(model, only, None, pairs[:2], ask) == ["In Lyon.", "Your cat."]
    assert seen[2:] == [["Where is Ida?"]]
    assert by_passage(model, only, None, [], ask) == []


class Reads:
    """A judge that reads a fixed answer; the rest is the tiny model."""

    def __init__(self, model: Model, answer: str) -> None:
        self._model, self._answer = model, answer

    def __getattr__(self, name: str) -> object:
        return getattr(self._model, name)

    def continue_all(self, _: object, prompts: Sequence[object], __: object) -> list[str]:
        return [self._answer for _ in prompts]


@pytest.mark.parametrize(
    ("statement", "own"),
    [
        ("You sold your bike to Ida.", "I sold my bike to Ida."),
        ("Your boss told you that you are late.", "My boss told me that I am late."),
        ("Ida, your aunt, lives with you.", "Ida, my aunt, lives with me."),
        ("Ida drives you to the test.", "Ida drives me to the test."),
        ("Boats make you sick.", "Boats make me sick."),
        ("Ida calls you Tulle.", "Ida calls me Tulle."),
        ("Ida and you are late.", "Ida and I are late."),
    ],
)
def test_a_statement_as_the_user_would_say_it(statement: str, own: str) -> None:
    assert first_person(statement) == own


@pytest.mark.parametrize(
    ("read", "kept"),
    [
        ("Pickle sees the vet on Tuesday.", "Pickle sees the vet on Tuesday."),
        ("Pickle sees the vet on Monday.", "Pickle sees the vet on Monday."),
        ("You never told me that.", "Pickle sees the vet on Monday."),
        ("Pickle sees the vet in Lyon.", "Pickle sees the vet on Monday."),  # not from the last one
    ],
)
def test_a_later_message_takes_something_back(model: Model, read: str, kept: str) -> None:
    pairs = [("When does Pickle see the vet?", "Pickle sees the vet on Monday.")]
    found = module._corrected(Reads(model, read), TALK, None, pairs)  # type: ignore[arg-type]
    assert found == [(pairs[0][0], kept)]


def test_rows_are_continued_in_the_order_they_came(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [model.prompt([{"role": "user", "content": "x" * n}]) for n in (30, 4, 17, 9)]
    alone = [continue_in_parts(model, [row], Sampling(max_tokens=6))[0] for row in rows]
    monkeypatch.setattr(asking, "AT_ONCE", 2)
    assert continue_in_parts(model, rows, Sampling(max_tokens=6)) == alone
    assert continue_in_parts(model, [], Sampling()) == []


def test_plain_statements_need_no_writer(model: Model) -> None:
    drafts = synthesize(SESSION, DAY, FakeWriter([]), model)
    assert ("What is my cat called?", "Your cat is called Pickle.") in {
        (d.question, d.answer) for d in drafts
    }


def test_whom_earlier_sessions_told_of_is_known(model: Model) -> None:
    messages = [{"role": "user", "content": "Biscuit had a cold, he swallowed a button too."}]

    def asked(known: list[str]) -> set[str]:
        return {d.question for d in synthesize(messages, None, FakeWriter([]), model, known)}

    found = asked(["Your dog is called Biscuit."])
    assert "What did my dog swallow?" in found - asked([])
    assert "What is my dog called?" not in found  # that is the earlier session's


def test_what_is_taken_back_is_not_stated() -> None:
    said = {0: "The vet is on Monday. I live in Faro.", 2: "Sorry, the vet is on Tuesday."}
    found = stated(said)
    assert ("When is the vet?", "The vet is on Tuesday.") in found[2]
    assert "Where do I live?" in dict(found[0]) and "When is the vet?" not in dict(found[0])


@pytest.mark.parametrize(
    ("question", "answer", "wrong"),
    [
        ("What is my school called?", "Your school is called Matilde.", True),
        ("Who do I live with?", "You live with Matilde.", True),  # says share, not live
        ("Who shares with me?", "You share with Matilde.", False),
        ("What is my cat called?", "Your cat is called Pudim.", False),  # stated nowhere
    ],
)
def test_misplaced(question: str, answer: str, wrong: bool) -> None:
    stated = [("Who do I share with?", "You share with Matilde.")]
    assert misplaced(question, answer, stated) is wrong


@pytest.mark.parametrize(
    ("question", "good"),
    [
        ("Which station do I tune?", False),  # no station was spoken of
        ("Which instrument do I tune?", True),
        ("Which pianos do I tune?", True),
        ("Which city do I tune pianos in?", True),
        ("What do I do for ferry?", False),
        ("What do I do for a living?", True),
    ],
)
def test_only_what_was_spoken_of_is_asked_for(question: str, good: bool) -> None:
    said = ["I tune pianos in Izmir, that is my work."]
    assert sensible(question, "You tune pianos in Izmir.", said) is good
    assert well_formed(question, "You tune pianos in Izmir.") or "ferry" in question
    assert not sensible("Where is my tune?", "Your tune is in Izmir.", said)
    assert sensible("Where are my pianos?", "Your pianos are in Izmir.", said)
    assert not well_formed("What do I do for ferry?", "You go to Izmir.")


def test_nobody_is_asked_about_whom_only_the_assistant_named(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "LEAST_LOGPROB", -100.0)
    monkeypatch.setattr(module, "LEAST_GAIN", -100.0)
    talk = [
        {"role": "user", "content": "My son Haruki built a robot from milk cartons."},
        {"role": "assistant", "content": "Mr Milk is a fine name for it."},
        {
            "role": "user",
            "content": "Well, yesterday in the garden he planted beans for the kitchen.",
        },
    ]
    asked = ("What did Haruki plant?", "What did Mr Milk plant?")
    pairs = [(question, "Beans for the kitchen.") for question in asked]
    found = {draft.question for draft in synthesize(talk, None, FakeWriter(pairs), model)}
    assert asked[0] in found and asked[1] not in found  # he was named a message before


def test_nothing_about_the_user_gives_nothing(model: Model) -> None:
    asked = [{"role": "user", "content": "How do I descale a kettle?"}]
    assert synthesize(asked, DAY, FakeWriter([]), model) == []
    assert synthesize([], None, FakeWriter([]), model) == []


def test_the_model_writes_the_same_twice(model: Model) -> None:
    writers = [ModelWriter(model, seed_of("s1")) for _ in range(2)]
    assert writers[0].facts(SESSION, DAY) == writers[1].facts(SESSION, DAY)
    asked = [w._asked(["Your dog is called Biscuit."]) for w in writers]
    assert asked[0] == asked[1] and 1 < len(asked[0][0]) <= ASKED
    assert seed_of("s1") != seed_of("s2")


@pytest.mark.parametrize(
    ("line", "again"),
    [
        ("You live on Uganda Road.", True),
        ("You own a shop.", True),
        ("You go.", True),
        ("You own two shops on Uganda Road.", False),  # a number more
        ("You sell bread.", False),
    ],
)
def test_a_line_repeats_a_statement_when_it_has_no_word_of_its_own(line: str, again: bool) -> None:
    assert repeats(line, ["You like tea.", "You own a shop on Uganda Road."]) is again
    assert not repeats(line, [])


class Listening(ModelWriter):
    """Two given lines for each message; notes what it is asked questions for."""

    asked_for: list[str]

    def _statements(self, messages: Sequence[Message], day: date | None) -> dict[int, list[str]]:
        return {0: ["You live on Uganda Road.", "You sell bread."]}

    def _asked(self, lines: Sequence[str]) -> list[list[str]]:
        self.asked_for = [*lines]
        return [[] for _ in lines]


def test_plain_statements_are_asked_for_and_not_their_repetitions(model: Model) -> None:
    writer = Listening(model)
    writer.facts([{"role": "user", "content": "I own a shop on Uganda Road, with bread."}], DAY)
    assert not any(line.startswith(("Yes", "No,")) for line in writer.asked_for)
    assert any(line.startswith("You own a shop on Uganda Road") for line in writer.asked_for)
    assert "You sell bread." in writer.asked_for
    assert "You live on Uganda Road." not in writer.asked_for
    writer.facts([{"role": "user", "content": "My friend Noah plays the cello."}], DAY)
    assert any(line.startswith("Noah ") for line in writer.asked_for)  # no "No"


def test_another_name_does_not_ask_what_another_fact_answers() -> None:
    facts = [
        [("Who is my brother?", "Your brother is Duarte.")],
        [("Who is Duarte?", "Duarte is your brother."), ("Where does Duarte live?", "In Ghent.")],
    ]
    found = module._renamed(facts, {"Duarte": "brother"})
    assert [q for fact in found for q, _ in fact] == [
        "Who is my brother?",
        "Who is Duarte?",
        "Where does Duarte live?",
        "Where does my brother live?",
    ]


def test_a_message_that_points_back_is_read_with_the_two_before_it() -> None:
    said = {
        0: "My son Haruki built a robot.",
        2: "He is nine. I am proud.",
        4: "his teacher is called Ana",
        6: "She is nice.",
    }
    found = {k: {answer for _, answer in pairs} for k, pairs in stated(said).items()}
    assert "Your son Haruki is nine." in found[2] and "You are proud." in found[2]
    assert not found[2] & found[0]  # each message's own alone
    assert "Your son Haruki's teacher is called Ana." in found[4]
    assert stated({2: "He is nine."}) == {2: []}


def test_a_message_that_points_back_may_take_something_back() -> None:
    said = {
        0: "I live in Faro. My sister Ana is nine.",
        2: "She says hi. Actually I live in Porto.",
    }
    assert ("Where do I live?", "You live in Porto.") in stated(said)[2]


def test_what_only_says_again_comes_last() -> None:
    told = (
        "You moved to Aarhus.",
        "You moved in August.",
        "You moved to Aarhus in August.",
        "Sanne sings.",
    )
    facts = [[(f"Question {k}?", answer)] for k, answer in enumerate(told)]
    assert [k[0][1] for k in telling_first(facts)] == [told[0], told[1], told[3], told[2]]
    assert telling_first([]) == []


def test_who_and_what_was_spoken_of_in_the_message_before() -> None:
    """Also behind a sentence that names nobody; not where somebody is named first."""
    son = {0: "My son Bo is eight.", 2: "I really do hope so. He swims on Mondays."}
    assert ("When does my son swim?", "Your son Bo swims on Mondays.") in stated(son)[2]
    other = {0: "My son Bo is eight.", 2: "Ana called. He swims on Mondays."}
    assert not any("Bo" in answer for _, answer in stated(other)[2])
    cost = {0: "We booked a flight to Ulm.", 2: "It costs 90 euros."}
    assert ("What does the flight cost?", "The flight costs 90 euros.") in stated(cost)[2]
