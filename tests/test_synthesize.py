"""From a session to pairs: the filters by hand, and the whole with a small writer of its own."""

from collections.abc import Sequence
from datetime import date

import pytest
from tiny import tiny_model

from agent import synthesize as module
from agent.model import Message, Model
from agent.synthesize import (
    ModelWriter,
    answer_logprobs,
    fitting,
    group,
    parse,
    pieces,
    said_so,
    seed_of,
    supported,
    synthesize,
    teacher_context,
    unique,
    well_formed,
)
from agent.text import words

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

    def __init__(self, facts: list[tuple[str, str]], wordings: list[str]) -> None:
        self._facts = facts
        self._wordings = wordings
        self.contexts: list[Sequence[Message]] = []
        self.said: list[str] = []

    def facts(self, context: Sequence[Message], said: Sequence[str]) -> list[tuple[str, str]]:
        self.contexts.append(context)
        self.said += said
        return self._facts

    def reword(self, questions: Sequence[str], count: int) -> list[list[str]]:
        return [self._wordings[:count] for _ in questions]


def test_parse() -> None:
    text = '- What is my cat called? => "Pickle."\nnone\n => x\nWhere? => \n* A  b? => c => d'
    assert parse(text) == [("What is my cat called?", "Pickle."), ("A b?", "c => d")]
    assert parse("none") == parse("") == []


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


def test_group_and_unique() -> None:
    cat = ("What is my cat called?", "Pickle.")
    again = ("Which name has my cat?", "Your cat is Pickle.")
    dog = ("What is my dog called?", "Rex.")
    assert group([cat, dog, again]) == [[cat, again], [dog]]
    assert group([]) == []
    assert unique([cat, ("what is MY cat called", "Biscuit."), dog]) == [cat, dog]


def test_pieces_overlap_and_cover(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE_TOKENS", 100)
    texts = [f"{k}{'x' * (20 + 7 * k % 30)}" for k in range(12)]
    found = pieces(model, [{"role": "user", "content": text} for text in texts])
    said = [[m["content"] for m in piece] for piece in found]
    starts = [texts.index(piece[0]) for piece in said]
    for piece, start in zip(said, starts, strict=True):
        assert piece == texts[start : start + len(piece)]  # whole, in order
        assert sum(len(text) + 5 for text in piece) <= 100
    assert {text for piece in said for text in piece} == set(texts)
    assert len(said) > 2
    for before, after in zip(said, said[1:], strict=False):
        assert len(before) == 1 or set(before) & set(after)


def test_a_message_longer_than_a_piece_loses_its_end(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "PIECE_TOKENS", 50)
    rows = [{"role": "user", "content": text} for text in ("a" * 80, "b", "c" * 200)]
    assert [[len(m["content"]) for m in piece] for piece in pieces(model, rows)][0] == [50]
    assert {m["content"][0] for piece in pieces(model, rows) for m in piece} == {"a", "b", "c"}
    assert pieces(model, []) == []


def test_fitting_keeps_the_users_newest(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "PIECE_TOKENS", 50)
    rows = [
        {"role": role, "content": f"{k}" * 14}
        for k, role in enumerate(["user", "assistant", "user", "assistant", "user"])
    ]
    assert [m["content"][0] for m in fitting(model, rows)] == ["2", "4"]
    assert fitting(model, rows[:2]) == rows[:2]


def test_the_teacher_reads_the_day_and_the_dates() -> None:
    system, user, assistant = teacher_context(SESSION, DAY)
    assert "Friday, March 14, 2025" in system["content"]
    assert user["content"] == "My cat Pickle sees the vet tomorrow (March 15, 2025)."
    assert assistant == SESSION[1]  # the assistant's words stay as they were
    assert teacher_context(SESSION, None)[1:] == SESSION


def test_the_sessions_own_words_are_supported(model: Model) -> None:
    """A random model prefers nothing, so both verdicts are those of the limits."""
    assert supported(model, SESSION, []) == []
    (told,) = answer_logprobs(model, SESSION, [("What?", "Pickle.")])
    assert -8 < told < -3  # about the log of one in 260
    assert supported(model, SESSION, [("What is my cat called?", "Pickle.")]) == [False]


def test_a_session_becomes_pairs(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    # The random judge would refuse all; its limits are opened, its forwards still run.
    monkeypatch.setattr(module, "LEAST_LOGPROB", -100.0)
    monkeypatch.setattr(module, "LEAST_GAIN", -100.0)
    writer = FakeWriter(
        [
            ("What is my cat called?", "Your cat is called Pickle."),
            ("Which name has my cat?", "Pickle."),
            ("Who is my brother?", "Joris."),  # was never said
            ("When does Pickle see the vet?", "Pickle sees the vet on March 15."),
        ],
        [f"{word} is the cat called at the vet?" for word in ("What", "How", "Who", "What")]
        + ["What is Biscuit called?", "Is it raining today?"],
    )
    drafts = synthesize(SESSION, DAY, writer, model)
    assert writer.said == [SESSION[0]["content"]]
    assert "tomorrow (March 15, 2025)" in writer.contexts[0][1]["content"]
    first = [d for d in drafts if d.fact == 0]
    assert [d.question for d in first][:2] == ["What is my cat called?", "Which name has my cat?"]
    assert [d.role for d in first] == ["train"] * (len(first) - 1) + ["probe"]
    assert {d.answer for d in first[2:]} == {"Your cat is called Pickle."}
    assert len({d.question for d in first}) == len(first)
    assert {d.fact for d in drafts} == {0, 1}
    assert not any("Joris" in d.answer for d in drafts)
    # Neither a new name nor another subject is a rewording.
    assert not any("Biscuit" in d.question or "raining" in d.question for d in drafts)


def test_nothing_about_the_user_gives_nothing(model: Model) -> None:
    assert synthesize(SESSION, DAY, FakeWriter([], ["x"]), model) == []
    assert synthesize([], None, FakeWriter([], []), model) == []


def test_the_model_writes_the_same_twice(model: Model) -> None:
    writers = [ModelWriter(model, seed_of("s1")) for _ in range(2)]
    found = [w.reword(["What is my cat called?"], 3) for w in writers]
    assert found[0] == found[1] and [len(rows) for rows in found[0]] == [3]
    assert seed_of("s1") != seed_of("s2")
