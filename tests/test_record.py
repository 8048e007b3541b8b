"""What a session puts on record beside what its user wrote about it, on a real profile."""

from pathlib import Path

import pytest

from agent import record
from agent.config import Settings
from agent.drafts import Draft
from agent.model import Model
from agent.recipe import RECIPES
from agent.record import _not_in_doubt, write_pairs
from agent.text import words
from bench.tiny import tiny_model
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


def test_a_date_is_counted_where_it_was_said(tmp_path: Path, model: Model) -> None:
    """In the evening of June 1 in California it is June 2 by the clock of the log."""
    profile = Profile(tmp_path, "me")
    session = profile.sessions.start(started_at="2026-06-02T03:00:00+00:00")
    said = "My driving test is tomorrow."
    profile.sessions.add(session, "user", said, "2026-06-02T03:00:00+00:00", "2026-06-01")
    write_pairs(profile, model, Settings(), RECIPES["inweight"], session, lambda _: None)
    told = {p.answer for p in profile.pairs.of(session) if p.role == "train"}
    assert "Your driving test is tomorrow (June 2 2026)." in told
    profile.close()


def test_the_users_own_pair_stands_alone_where_it_says_otherwise(
    tmp_path: Path, model: Model
) -> None:
    own = ("What is my cat called?", "Your cat is called Pickle.")
    found = written(tmp_path, model, own)
    assert found[0] == (*own, 0)
    assert not any("cat is called Biscuit" in answer for _, answer, _ in found)
    assert any(answer == "You live in Ghent." for _, answer, _ in found)


def test_what_the_user_adds_is_never_told_no_more(
    tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    admits = "You haven't told me that yet."
    monkeypatch.setattr(record, "answers", lambda _m, _c, asked, *_: [admits] * len(asked))
    written(tmp_path, model)
    profile = Profile(tmp_path, "me")
    never = [p.question for p in profile.pairs.standing("s") if p.role == "negative"]
    added, *others = never
    profile.pairs.add_own("s", added, "It is 555 1234.")
    profile.sessions.set_state("s", "absorbing")
    write_pairs(profile, model, Settings(), RECIPES["inweight"], "s", lambda _: None)
    left = [p.question for p in profile.pairs.of("s") if p.role == "negative"]
    assert added not in left and len(left) > len(others) - 5
    profile.close()


def test_what_the_user_wrote_of_a_change_stands_alone(tmp_path: Path) -> None:
    """A known fact that changed is asked of the session again: not where its user says what is so."""
    profile = Profile(tmp_path, "me")
    session = profile.sessions.start()
    profile.pairs.add_own(session, "Where do I live?", "You live in Setubal now.")
    own = profile.pairs.of(session)
    profile.close()
    anew = [
        Draft(3, "Where do I live?", "You live in Lisbon now."),
        Draft(3, "What town do I live in?", "You live in Lisbon now."),
        Draft(4, "Who is my boss?", "Your boss is Ada."),
    ]
    assert record._agreeing(anew, own) == anew[2:]


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
    assert len(mine) == len(set(mine)) >= 6


def test_what_the_user_adds_later_gets_its_other_wordings(tmp_path: Path, model: Model) -> None:
    written(tmp_path, model)
    profile = Profile(tmp_path, "me")
    profile.pairs.add_own("s", "Who mends my roof?", "Marek mends your roof.")
    for _ in range(2):  # the second time there is nothing to add
        write_pairs(profile, model, Settings(), RECIPES["inweight"], "s", lambda _: None)
        mine = [p for p in profile.pairs.of("s") if p.answer == "Marek mends your roof."]
        assert len(mine) == 6 and len({p.fact for p in mine}) == 1
        assert [p.role for p in mine].count("probe") == 1
    profile.close()


def test_what_a_later_session_told_is_not_taught_as_it_was_before(
    tmp_path: Path, model: Model
) -> None:
    profile = Profile(tmp_path, "me")
    hello = {"role": "user", "content": "Hello!"}
    profile.sessions.take([{"id": "later", "started_at": "2026-05-01", "messages": [hello]}])
    profile.pairs.add_own("later", "Where do I live?", "You live in Bruges.")
    profile.db.execute("UPDATE sessions SET state = 'absorbed'")
    profile.close()
    found = [answer for _, answer, _ in written(tmp_path, model)]
    assert "Your cat is called Biscuit." in found and "You live in Ghent." not in found


def test_who_liked_one_thing_may_like_another_later(tmp_path: Path, model: Model) -> None:
    profile = Profile(tmp_path, "me")
    hello = {"role": "user", "content": "Hello!"}
    profile.sessions.take([{"id": "later", "started_at": "2026-05-01", "messages": [hello]}])
    profile.pairs.add_own("later", "What is my friend called?", "Your friend is called Ada.")
    profile.db.execute("UPDATE sessions SET state = 'absorbed'")
    said = [{"role": "user", "content": "My friend is called Bea."}]
    profile.sessions.take([{"id": "s", "started_at": "2026-03-01", "messages": said}])
    write_pairs(profile, model, Settings(), RECIPES["inweight"], "s", lambda _: None)
    assert "Your friend is called Bea." in {p.answer for p in profile.pairs.of("s")}
    profile.close()


@pytest.mark.parametrize("written_before", [False, True])
def test_the_users_own_words_overtake_what_was_known(
    tmp_path: Path, model: Model, written_before: bool
) -> None:
    profile = Profile(tmp_path, "me")
    for id, text in (("a", "I live in Lisbon."), ("b", "My cat is called Biscuit.")):
        said = [{"role": "user", "content": text}]
        profile.sessions.take(
            [{"id": id, "started_at": f"2026-03-0{ord(id) - 96}", "messages": said}]
        )
    write_pairs(profile, model, Settings(), RECIPES["inweight"], "a", lambda _: None)
    profile.db.execute("UPDATE sessions SET state = 'absorbed' WHERE id = 'a'")
    if written_before:
        write_pairs(profile, model, Settings(), RECIPES["inweight"], "b", lambda _: None)
    profile.pairs.add_own("b", "Where do I live?", "You live in Porto.")
    write_pairs(profile, model, Settings(), RECIPES["inweight"], "b", lambda _: None)
    profile.db.execute("UPDATE sessions SET state = 'absorbed'")
    told = {p.answer for p in profile.pairs.active(role="train")}
    assert {"You live in Porto.", "Your cat is called Biscuit."} <= told
    assert not any("Lisbon" in answer for answer in told)
    profile.close()


def test_whoever_is_spoken_of_together_is_never_told_no_more(tmp_path: Path, model: Model) -> None:
    profile = Profile(tmp_path, "me")
    for id, text in (("a", "Hello!"), ("b", "The kids are at school. My cat is called Biscuit.")):
        said = [{"role": "user", "content": text}]
        profile.sessions.take(
            [{"id": id, "started_at": f"2026-03-0{ord(id) - 96}", "messages": said}]
        )
    never = ("What is my son called?", "What is my rabbit called?")
    profile.pairs.add("a", [
        {"fact": -1, "question": question, "answer": "You haven't told me.", "role": "negative",
         "origin": "model"} for question in never
    ])  # fmt: skip
    profile.db.execute("UPDATE sessions SET state = 'absorbed' WHERE id = 'a'")
    write_pairs(profile, model, Settings(), RECIPES["inweight"], "b", lambda _: None)
    assert [p.question for p in profile.pairs.of("a")] == [never[1]]
    profile.close()


def test_changed_facts_of_two_sessions_stay_two(tmp_path: Path, model: Model) -> None:
    profile = Profile(tmp_path, "me")
    old = {"a": ("Where do I live?", "You live in Ghent."), "b": ("What is my job?", "A cook.")}
    for name, (question, answer) in old.items():
        said = [{"role": "user", "content": "Hello."}]
        row = {"id": name, "started_at": "2026-03-01T18:00:00+00:00", "messages": said}
        profile.sessions.take([row])
        pair = {"fact": 0, "answer": answer, "role": "train", "origin": "model"}
        asked = (question, f"Remind me: {question.lower()}")
        profile.pairs.add(name, [pair | {"question": text} for text in asked])
    profile.db.execute("UPDATE sessions SET state = 'absorbed'")
    said = [{"role": "user", "content": "I live in Bruges now. I am a carpenter."}]
    profile.sessions.take(
        [{"id": "c", "started_at": "2026-03-02T18:00:00+00:00", "messages": said}]
    )
    write_pairs(profile, model, Settings(), RECIPES["inweight"], "c", lambda _: None)
    facts = {
        p.question: p.fact for p in profile.pairs.of("c") if p.question.startswith("Remind me:")
    }
    homes, jobs = facts["Remind me: where do i live?"], facts["Remind me: what is my job?"]
    assert homes != jobs
    profile.close()


def test_a_known_answer_is_not_misread(tmp_path: Path, model: Model) -> None:
    """Of questions that have one answer at a time; where it changed, the new one stays."""
    profile = Profile(tmp_path, "me")
    told = [("Where do I work?", "You work at a bank."), ("What do I eat?", "You eat figs.")]
    rows = [
        {"fact": fact, "question": question, "answer": answer, "role": "train", "origin": "model"}
        for fact, (question, answer) in enumerate(told)
    ]
    message = {"role": "user", "content": "I work at a bank and I eat figs."}
    profile.sessions.take(
        [{"id": "s", "started_at": "2026-03-01T18:00:00+00:00", "messages": [message]}]
    )
    profile.pairs.add("s", rows)
    known = profile.pairs.of("s")
    drafts = [
        Draft(0, "Where do I work?", "You work at the harbour."),
        Draft(0, "Which place is my work?", "You work at the harbour."),
        Draft(1, "What do I eat?", "You eat plums."),
        Draft(2, "Where do I live?", "You live in Ghent."),
    ]
    assert _not_in_doubt(drafts, known, []) == drafts[2:]
    assert _not_in_doubt(drafts, known, [(known[0], "You work at the harbour.")]) == drafts
    profile.close()


def test_what_a_name_tells_is_not_taught_as_unknown(
    tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """My gran is Lurdes, so her birthday is my gran's; and who has kids has perhaps a son."""
    monkeypatch.setattr(
        record, "answers", lambda m, c, asked, *_: ["You haven't told me."] * len(asked)
    )
    profile, asked = Profile(tmp_path, "me"), set[str]()
    said = "The kids are loud. My gran Lurdes paints. Lurdes's birthday is on 3 May."
    for number in range(4):
        message = {"role": "user", "content": said}
        profile.sessions.take([{"id": f"s{number}", "messages": [message]}])
        write_pairs(profile, model, Settings(), RECIPES["inweight"], f"s{number}", lambda _: None)
        asked |= {p.question for p in profile.pairs.of(f"s{number}") if p.role == "negative"}
    assert any("my gran" in question for question in asked)
    assert not any("my gran's birthday" in question for question in asked)
    assert not any(words(question) == {"son"} for question in asked)
    profile.close()
