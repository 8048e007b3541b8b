"""What a person wants gone or put right, whatever else says it and whatever is learnt meanwhile."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.config import Settings
from agent.errors import Busy
from agent.forgetting import correct, said_again
from agent.model import Model
from agent.recipe import RECIPES
from agent.record import write_pairs
from agent.rewind import alone, unwrite
from agent.service import Service
from storage.database import verify
from storage.profiles import Profile
from tests.alike import quiet_model

OPEN = Settings(max_drift=1000, min_abstain=0)  # the gate lets a random model through


@pytest.fixture(scope="module")
def model(own_cache: None) -> Model:
    return quiet_model()


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    profile = Profile(tmp_path, "me")
    yield profile
    assert verify(profile.db) == []
    profile.close()


def tell(profile: Profile, model: Model, id: str, day: int, *texts: str) -> None:
    """A session that stands as learnt."""
    messages = [{"role": "user", "content": text} for text in texts]
    profile.sessions.take(
        [{"id": id, "started_at": f"2026-03-{day:02}T18:00:00+00:00", "messages": messages}]
    )
    profile.sessions.set_state(id, "absorbing")
    written_anew(profile, model, id)
    profile.sessions.set_state(id, "absorbed")


def written_anew(profile: Profile, model: Model, id: str) -> None:
    write_pairs(profile, model, OPEN, RECIPES["inweight"], id, lambda _: None)


def told(profile: Profile) -> set[str]:
    return {p.answer for p in profile.pairs.active(role="train")}


def pair_that_asks(profile: Profile, session: str, question: str) -> int:
    return next(p.id for p in profile.pairs.of(session) if p.question == question)


def test_a_corrected_name_is_nowhere_as_it_was(profile: Profile, model: Model) -> None:
    tell(profile, model, "s", 1, "My brother is called Duarte.", "I live in Porto.")
    assert sum("Duarte" in answer for answer in told(profile)) > 1
    id = pair_that_asks(profile, "s", "What is my brother called?")
    correct(profile, id, None, "Your brother is called Danilo.")
    assert "Your brother is called Danilo." in told(profile)
    assert "You live in Porto." in told(profile)
    assert not any("Duarte" in answer for answer in told(profile))


def test_what_a_longer_answer_still_says_stays(profile: Profile, model: Model) -> None:
    tell(profile, model, "s", 1, "My brother is called Duarte.")
    id = pair_that_asks(profile, "s", "What is my brother called?")
    fact = profile.pairs.get(id).fact
    others = [p for p in profile.pairs.of("s") if p.fact != fact]
    correct(profile, id, None, "Your brother is called Duarte Silva.")
    assert others and [p for p in profile.pairs.of("s") if p.fact != fact] == others


def test_a_question_put_otherwise_replaces_nothing(profile: Profile, model: Model) -> None:
    tell(profile, model, "s", 1, "My brother is called Duarte.")
    before = told(profile)
    id = pair_that_asks(profile, "s", "What is my brother called?")
    correct(profile, id, "How do people call my brother?", None)
    assert told(profile) == before


def test_what_is_forgotten_is_forgotten_wherever_it_was_said(
    profile: Profile, model: Model
) -> None:
    tell(profile, model, "a", 1, "I live in Porto.", "My sister Rita lives in Porto.")
    tell(profile, model, "b", 2, "I live in Porto.", "My cat is called Biscuit.")
    id = pair_that_asks(profile, "b", "Where do I live?")
    assert {p.session_id for p in said_again(profile, profile.pairs.get(id))} == {"a", "b"}
    Service(profile, model, OPEN).forget_pairs([id])
    left = {p.answer for s in "ab" for p in profile.pairs.of(s) if p.role == "train"}
    assert not any(answer.startswith("You live") for answer in left)
    for session in "ab":
        unwrite(profile, session)
        written_anew(profile, model, session)
    left = {p.answer for s in "ab" for p in profile.pairs.of(s) if p.role == "train"}
    assert not any(answer.startswith("You live") for answer in left)
    assert {"Your sister Rita lives in Porto.", "Your cat is called Biscuit."} <= left


def test_what_a_change_would_teach_anew_stays_forgotten(profile: Profile, model: Model) -> None:
    """The new answer to an old question is written apart from the session's own pairs."""
    tell(profile, model, "a", 1, "I live in Lisbon.", "My brother Duarte works in Porto.")
    tell(profile, model, "b", 2, "I live in Porto now.", "My cat is called Biscuit.")
    service = Service(profile, model, OPEN)
    assert any("You live in Porto" in answer for answer in told(profile))
    service.forget_name("Porto")
    for session in "ab":
        unwrite(profile, session)  # as whenever what is known before it is another thing
        written_anew(profile, model, session)
        profile.sessions.set_state(session, "absorbing")
        profile.sessions.set_state(session, "absorbed")
    assert "Your cat is called Biscuit." in told(profile)
    assert not any("Porto" in answer for answer in told(profile))


def test_a_correction_does_not_wait_for_what_is_learnt(profile: Profile, model: Model) -> None:
    for n in (1, 2):
        hello = {"role": "user", "content": f"Hello, number {n}!"}
        profile.sessions.take([{"id": f"s{n}", "started_at": f"2026-03-0{n}", "messages": [hello]}])
        profile.pairs.add_own(f"s{n}", f"What is my cat {n} called?", f"Pickle{n}.")
    service = Service(profile, model, OPEN)
    service.absorb_now(["s1"])
    service.scheduler.start()
    try:
        service.absorb(["s2"])
        give_up = time.monotonic() + 60
        while profile.sessions.get("s2").state != "absorbing":
            assert time.monotonic() < give_up
            time.sleep(0.01)
        id = profile.pairs.of("s1")[0].id
        service.correct(id, "What is my cat 1 called?", "Otter.")
        while [profile.sessions.get(s).state for s in ("s1", "s2")] != ["absorbed", "absorbed"]:
            assert time.monotonic() < give_up
            time.sleep(0.05)
    finally:
        service.scheduler.stop()
    active = profile.adapters.active()
    assert active and active.sessions == ["s1", "s2"]
    assert told(profile) >= {"Otter."} and "Pickle1." not in told(profile)


def test_nothing_is_half_corrected(profile: Profile, model: Model) -> None:
    """Somebody else holds the profile: nothing is changed, and the page says so."""
    tell(profile, model, "s", 1, "My brother is called Duarte.")
    before = profile.pairs.of("s")
    service = Service(profile, model, OPEN)
    with alone(profile), pytest.raises(Busy):
        service.correct(before[0].id, before[0].question, "Your brother is called Danilo.")
    assert profile.pairs.of("s") == before and service.scheduler.wish() is None


def test_what_was_forgotten_is_not_learnt_from_a_session_that_waited(
    profile: Profile, model: Model
) -> None:
    tell(profile, model, "a", 1, "I live in Porto.", "My cat is called Biscuit.")
    said = [{"role": "user", "content": "I live in Porto. My sister is called Rita."}]
    profile.sessions.take([{"id": "b", "started_at": "2026-03-02", "messages": said}])
    Service(profile, model, OPEN).forget_pairs([pair_that_asks(profile, "a", "Where do I live?")])
    later = [{"role": "user", "content": "I live in Porto."}]
    profile.sessions.take([{"id": "c", "started_at": "2099-03-03", "messages": later}])
    for session in "bc":
        written_anew(profile, model, session)
    left = {s: {p.answer for p in profile.pairs.of(s)} for s in "bc"}
    assert "Your sister is called Rita." in left["b"]
    assert "You live in Porto." not in left["b"]
    assert "You live in Porto." in left["c"]  # said again since


def test_a_correction_is_not_overtaken_by_what_it_corrects(profile: Profile, model: Model) -> None:
    tell(profile, model, "a", 1, "My sister lives in Porto.")
    tell(profile, model, "b", 2, "My sister lives in Porto.", "My cat is called Biscuit.")
    right = "Your sister lives in Braga."
    correct(profile, pair_that_asks(profile, "a", "Where does my sister live?"), None, right)
    unwrite(profile, "b")
    written_anew(profile, model, "b")
    assert {right, "Your cat is called Biscuit."} <= told(profile)
    assert not any("Porto" in answer for answer in told(profile))


def test_who_else_said_what_was_wrong_is_learnt_again(profile: Profile, model: Model) -> None:
    """The first session was learnt with the name: the version gone back to would have it."""
    told_of = {
        "s1": ("What is my brother called?", "Your brother is called Duarte."),
        "s2": ("Who is Duarte?", "Duarte is your brother."),
    }
    service = Service(profile, model, OPEN)
    for n, (id, pair) in enumerate(told_of.items(), 1):
        hello = {"role": "user", "content": f"Hello, number {n}!"}
        profile.sessions.take([{"id": id, "started_at": f"2026-03-0{n}", "messages": [hello]}])
        profile.pairs.add_own(id, *pair)
        service.absorb_now([id])
        profile.db.execute("UPDATE pairs SET origin = 'model' WHERE session_id = 's1'")
    wrong = pair_that_asks(profile, "s2", "Who is Duarte?")
    service.correct(wrong, "Who is Danilo?", "Danilo is your brother.")
    wish = service.scheduler.wish()
    assert wish and sorted(wish["sessions"]) == ["s1", "s2"]
    assert profile.adapters.active() is None


def test_what_another_session_said_too_is_learnt_from_it_then(
    profile: Profile, model: Model
) -> None:
    for n, text in ((1, "Hello!"), (2, "My brother is called Duarte."), (3, "Thanks.")):
        said = [{"role": "user", "content": text}]
        profile.sessions.take([{"id": f"s{n}", "started_at": f"2026-03-0{n}", "messages": said}])
    profile.pairs.add_own("s1", "Who is Duarte?", "Duarte is your brother.")
    service = Service(profile, model, OPEN)
    service.absorb_now(["s1"])
    for id in ("s2", "s3"):
        profile.sessions.set_state(id, "absorbing")
        profile.sessions.set_state(id, "nothing_new")
    service.forget("s1", erase=False)
    assert [profile.sessions.get(id).state for id in ("s2", "s3")] == ["ended", "nothing_new"]
    assert service.scheduler.wish() == {"sessions": ["s2"]}


def test_a_kill_while_something_is_forgotten_loses_no_wish(profile: Profile, model: Model) -> None:
    service = Service(profile, model, OPEN)
    service.scheduler.request(["s1"])
    killed = service.scheduler.paused()
    assert killed.__enter__() and service.scheduler.wish() is None
    assert Service(profile, model, OPEN).scheduler.wish() == {"sessions": ["s1"]}
