"""What a session puts on record beside what its user wrote about it, on a real profile."""

from pathlib import Path

import pytest
from tiny import tiny_model

from agent.config import Settings
from agent.model import Model
from agent.recipe import RECIPES
from agent.record import write_pairs
from storage.profiles import Profile


@pytest.fixture(scope="module")
def model() -> Model:
    return tiny_model()


def written(folder: Path, model: Model, *own: tuple[str, str]) -> list[tuple[str, str, int]]:
    """Question, answer and fact of all pairs of one told session, its user's own first."""
    profile = Profile(folder, "me")
    message = {"role": "user", "content": "My cat is called Biscuit and I live in Ghent."}
    profile.sessions.take(
        [{"id": "s", "started_at": "2026-03-01T18:00:00+00:00", "messages": [message]}]
    )
    for question, answer in own:
        profile.pairs.add_own("s", question, answer)
    write_pairs(profile, model, Settings(), RECIPES["inweight"], "s", lambda _: None)
    found = [(p.question, p.answer, p.fact) for p in profile.pairs.of("s") if p.role != "negative"]
    profile.close()
    return found


def test_what_is_stated_is_on_record(tmp_path: Path, model: Model) -> None:
    found = {question: answer for question, answer, _ in written(tmp_path, model)}
    assert found["What is my cat called?"] == "Your cat is called Biscuit."
    assert found["Where do I live?"] == "You live in Ghent."


def test_the_users_own_pair_stands_alone_where_it_says_otherwise(
    tmp_path: Path, model: Model
) -> None:
    own = ("What is my cat called?", "Your cat is called Pickle.")
    found = written(tmp_path, model, own)
    assert found[0] == (*own, 0)
    assert not any("cat is called Biscuit" in answer for _, answer, _ in found)
    assert any(answer == "You live in Ghent." for _, answer, _ in found)


def test_no_fact_shares_the_number_of_the_users_own(tmp_path: Path, model: Model) -> None:
    own = ("What is my cat called?", "Your cat is called Biscuit.")
    found = written(tmp_path, model, own)
    assert [question for question, _, _ in found].count(own[0]) == 1
    assert {answer for _, answer, fact in found if fact == 0} == {own[1]}


def test_what_the_user_wrote_once_is_learnt_in_other_words_too(
    tmp_path: Path, model: Model
) -> None:
    own = ("Who mends my roof?", "Marek mends your roof.")
    mine = [question for question, answer, _ in written(tmp_path, model, own) if answer == own[1]]
    assert len(mine) == len(set(mine)) >= 8
