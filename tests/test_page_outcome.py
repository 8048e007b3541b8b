"""How the newest learning ended, in a sentence, and what learning again would take."""

from pathlib import Path

import pytest

from agent.config import load_settings
from agent.model import Model
from agent.service import Service
from storage.profiles import Profile
from ui.cost import relearnt
from ui.outcome import outcome


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path, "me")


def tell(profile: Profile, id: str, facts: int = 0) -> None:
    """A session that is being learnt, with so many facts on record."""
    profile.sessions.take([{"id": id, "messages": [{"role": "user", "content": f"I am {id}."}]}])
    profile.sessions.set_state(id, "absorbing")
    rows = [{"question": f"Q{n}?", "answer": "A.", "fact": n} for n in range(facts)]
    profile.pairs.add(id, [row | {"role": "train", "origin": "model"} for row in rows])


def learn(profile: Profile, id: str, recalled: list[float]) -> None:
    """It is learnt in a version of its own, which recalled its facts so."""
    number, before = profile.adapters.next_number(), profile.adapters.active()
    profile.adapters.write(
        number,
        lambda folder: (folder / "weights").touch(),
        state="kept",
        base="tiny",
        sessions=[*(before.sessions if before else []), id],
        figures={"session": id, "facts": {f"{id}:{n}": r for n, r in enumerate(recalled)}},
    )
    profile.adapters.activate(number)
    profile.sessions.set_state(id, "absorbed", version=number)


def cycle(profile: Profile, last: str | None, total: int = 1) -> int:
    """A cycle that runs, and where it stands."""
    id = profile.cycles.start(1)
    if last:
        detail = {"sessions_done": total - 1, "sessions_total": total}
        profile.cycles.progress(
            id, stage="learning", done=1, total=1, session_id=last, detail=detail
        )
    return id


def test_what_was_learnt_is_told_with_what_is_recalled(profile: Profile) -> None:
    assert outcome(profile) == ""
    tell(profile, "anna", facts=3)
    id = cycle(profile, "anna")
    learn(profile, "anna", [1.0, 1.0, 0.0])
    assert outcome(profile) == ""  # it runs
    profile.cycles.finish(id, "done")
    assert outcome(profile) == "Learnt “I am anna.”: 3 facts, 2 of them recalled."
    profile.sessions.set_state("anna", "excluded")
    assert outcome(profile) == ""
    profile.sessions.erase("anna")
    assert outcome(profile) == ""


def test_what_was_not_asked_counts_as_neither(profile: Profile) -> None:
    tell(profile, "anna", facts=3)
    id = cycle(profile, "anna")
    learn(profile, "anna", [1.0, 0.0])
    profile.cycles.finish(id, "done")
    assert outcome(profile) == "Learnt “I am anna.”: 3 facts, 1 of the 2 asked recalled."


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("nothing_new", "“I am anna.”: nothing new to learn."),
        ("failed", "“I am anna.” was not learnt: It drifted. See Sessions."),
    ],
)
def test_what_was_not_learnt_is_told_too(profile: Profile, state: str, said: str) -> None:
    tell(profile, "anna")
    id = cycle(profile, "anna")
    profile.sessions.set_state("anna", state, error="It drifted." if state == "failed" else None)
    profile.cycles.finish(id, "done")
    assert outcome(profile) == said


def test_what_the_gate_refused_is_told_in_its_words(profile: Profile) -> None:
    tell(profile, "anna")
    id = cycle(profile, "anna")
    profile.adapters.write(
        1,
        lambda folder: (folder / "weights").touch(),
        state="rejected",
        base="tiny",
        sessions=["anna"],
        figures={"session": "anna"},
        reason="It drifted.",
    )
    profile.sessions.set_state("anna", "failed", error="Not taken over, twice: It drifted.")
    profile.cycles.finish(id, "done")
    assert outcome(profile) == "“I am anna.” was not learnt: It drifted. See Sessions."


@pytest.mark.parametrize(
    ("state", "rest"),
    [("failed", "See Sessions for the others."), ("nothing_new", "Nothing new in the others.")],
)
def test_several_are_told_together(profile: Profile, state: str, rest: str) -> None:
    tell(profile, "before", facts=5)
    learn(profile, "before", [1.0] * 5)
    tell(profile, "carl")
    id = cycle(profile, "carl", total=3)
    profile.db.execute("UPDATE versions SET created_at = '2026-03-01T10:00:00+00:00'")
    profile.db.execute("UPDATE cycles SET started_at = '2026-03-01T10:00:00+00:00'")
    for name in ("anna", "bert"):
        tell(profile, name, facts=2)
        learn(profile, name, [1.0, 0.0])
    profile.sessions.set_state("carl", state, error="It drifted." if state == "failed" else None)
    profile.cycles.finish(id, "done")
    assert outcome(profile) == f"Learnt 2 of 3 sessions: 4 facts, 2 of them recalled. {rest}"


def test_several_with_nothing_new(profile: Profile) -> None:
    tell(profile, "anna")
    tell(profile, "bert")
    id = cycle(profile, "bert", total=2)
    for name in ("anna", "bert"):
        profile.sessions.set_state(name, "nothing_new")
    profile.cycles.finish(id, "done")
    assert outcome(profile) == "Nothing new to learn in 2 sessions."
    profile.cycles.finish(cycle(profile, None), "done")  # which found nothing to do
    assert outcome(profile) == "Nothing new to learn in 2 sessions."


def test_a_cycle_that_broke_off_says_why(profile: Profile) -> None:
    profile.cycles.finish(cycle(profile, None), "failed", "The disk is full.")
    assert outcome(profile) == "The last learning failed: The disk is full."
    profile.cycles.finish(cycle(profile, None), "cancelled")
    assert outcome(profile) == ""


def test_a_question_names_what_is_learnt_again(profile: Profile, model: Model) -> None:
    service = Service(profile, model, load_settings())
    for name in ("anna", "bert", "carl"):
        tell(profile, name)
        learn(profile, name, [])
    assert relearnt(service, ["carl"], kept=False) == ""
    assert relearnt(service, ["carl"], kept=True) == " 1 session is learnt again."
    assert relearnt(service, ["bert"], kept=False) == " 1 session is learnt again."
    assert relearnt(service, ["bert", "anna"], kept=True) == " 3 sessions are learnt again."
    id = cycle(profile, "carl", total=2)
    profile.cycles.finish(id, "done")
    hour = "UPDATE cycles SET started_at = '2026-03-01T10:00:00+00:00', ended_at = ?"
    profile.db.execute(hour, ("2026-03-01T10:10:00+00:00",))
    assert relearnt(service, ["anna"], kept=False) == " 2 sessions are learnt again, about 10 min."
