"""Pairs: what a session taught, corrected, overtaken, removed, measured."""

import sqlite3
from pathlib import Path

import pytest

from storage.errors import NotFound, StorageError
from storage.pairs import Pairs
from storage.profiles import Profile


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    profile = Profile(tmp_path, "nora")
    for id, day in (("late", 9), ("early", 2)):
        profile.sessions.start(id=id, started_at=f"2026-03-0{day}T18:00:00+00:00")
    profile.db.execute("UPDATE sessions SET state = 'absorbed'")
    return profile


@pytest.fixture
def pairs(profile: Profile) -> Pairs:
    return profile.pairs


def row(question: str = "Where does Nora live?", **changes: object) -> dict[str, object]:
    rest = {"answer": "In Ghent.", "fact": 0, "role": "train", "origin": "model"}
    return {"question": question, **rest, **changes}


def test_pairs_come_back_as_they_were_added(pairs: Pairs) -> None:
    ids = pairs.add("early", [row(), row("Who lives in Ghent?", role="probe", fact=3)])
    first, second = pairs.of("early")
    assert [first.id, second.id] == ids
    assert (first.question, first.answer, first.fact) == ("Where does Nora live?", "In Ghent.", 0)
    assert (second.role, second.fact, second.state, second.recall) == ("probe", 3, "active", None)
    assert pairs.get(ids[1]) == second


def test_adding_is_all_or_nothing(pairs: Pairs) -> None:
    with pytest.raises(sqlite3.IntegrityError):
        pairs.add("early", [row(), row(role="teacher")])
    with pytest.raises(NotFound, match="no session gone"):
        pairs.add("gone", [row()])
    assert pairs.of("early") == []


def test_what_is_not_there_is_not_found(pairs: Pairs) -> None:
    for act in (lambda: pairs.get(9), lambda: pairs.edit(9, "q"), lambda: pairs.remove(9)):
        with pytest.raises(NotFound, match="There is no pair 9."):
            act()


def test_active_is_of_absorbed_sessions_oldest_first(profile: Profile) -> None:
    pairs = profile.pairs
    late = pairs.add("late", [row(), row(role="negative")])
    early = pairs.add("early", [row(role="probe"), row()])
    assert [p.id for p in pairs.active()] == early + late
    assert [p.id for p in pairs.active(role="train")] == [early[1], late[0]]
    pairs.remove(early[1])
    assert [p.id for p in pairs.active()] == [early[0], *late]
    for state, seen in (("absorbing", True), ("excluded", False), ("ended", False)):
        profile.db.execute("UPDATE sessions SET state = ? WHERE id = 'late'", (state,))
        assert (late[0] in [p.id for p in pairs.active()]) is seen


def test_an_edited_pair_is_the_users_and_its_figures_are_void(pairs: Pairs) -> None:
    edited, other = pairs.add("early", [row(), row(fact=1)])
    pairs.set_targets([(edited, b"old"), (other, b"kept")])
    pairs.mark_recall([(edited, 1.0), (other, 0.5)])
    pairs.edit(edited, answer="In Bruges.")
    pair = pairs.get(edited)
    assert (pair.question, pair.answer) == ("Where does Nora live?", "In Bruges.")
    assert (pair.origin, pair.recall, pair.measured_at) == ("user", None, None)
    assert pairs.targets([edited, other]) == {other: b"kept"}
    assert pairs.get(other).recall == 0.5
    assert pairs.get(other).measured_at is not None


def test_a_new_answer_is_that_of_the_whole_fact(pairs: Pairs) -> None:
    ids = pairs.add(
        "early", [row(), row("Which town?"), row("Who?", fact=1), row("?", role="probe")]
    )
    pairs.edit(ids[0], question="Nora's town?", answer="In Bruges.")
    found = [(p.question, p.answer, p.origin) for p in pairs.of("early")]
    assert found == [
        ("Nora's town?", "In Bruges.", "user"),
        ("Which town?", "In Bruges.", "user"),
        ("Who?", "In Ghent.", "model"),
        ("?", "In Bruges.", "user"),
    ]


def test_an_answer_to_what_was_never_told_is_a_fact_of_its_own(pairs: Pairs) -> None:
    never = {"role": "negative", "fact": -1}
    told, first, second = pairs.add(
        "early", [row(), row("How old?", **never), row("Who?", **never)]
    )
    pairs.edit(first, answer="She is 41.")
    assert (pairs.get(first).role, pairs.get(first).fact) == ("train", 1)
    assert (pairs.get(second).role, pairs.get(second).answer) == ("negative", "In Ghent.")
    assert pairs.get(told).answer == "In Ghent."


def test_retire_leaves_removed_pairs_removed(pairs: Pairs) -> None:
    first, second = pairs.add("early", [row(), row()])
    pairs.remove(second)
    pairs.retire([first, second], "late", "2026-03-09T18:00:00+00:00")
    retired = pairs.of("early", states=["retired"])
    assert [p.id for p in retired] == [first]
    assert (retired[0].retired_by, retired[0].retired_at) == ("late", "2026-03-09T18:00:00+00:00")
    assert [p.id for p in pairs.of("early", states=["removed"])] == [second]
    assert pairs.of("early") == []


def test_what_a_session_overtook_that_failed_can_be_overtaken_again(profile: Profile) -> None:
    pairs = profile.pairs
    (old,) = pairs.add("early", [row()])
    profile.sessions.start(id="third")
    pairs.retire([old], "late", "2026-03-09")
    pairs.retire([old], "third", "2026-03-10")
    assert pairs.standing("early") == [] and pairs.get(old).retired_by == "late"
    profile.db.execute("UPDATE sessions SET state = 'failed' WHERE id = 'late'")
    assert [p.id for p in pairs.standing("early")] == [old]
    pairs.retire([old], "third", "2026-03-10")
    assert pairs.standing("early") == [] and pairs.get(old).retired_by == "third"


def test_what_was_overtaken_in_another_version_stands_in_the_one_in_use(profile: Profile) -> None:
    pairs, adapters = profile.pairs, profile.adapters
    (old,) = pairs.add("early", [row()])
    (new,) = pairs.add("late", [row(answer="In Bruges.")])
    pairs.retire([old], "late", "2026-03-09")
    assert [p.id for p in pairs.active()] == [new]
    for number, sessions in ((1, ["early"]), (2, ["early", "late"])):
        adapters.write(
            number, lambda _: None, state="kept", base="b", sessions=sessions, figures={}
        )
    adapters.activate(1)
    assert [p.id for p in pairs.active()] == [p.id for p in pairs.standing("early")] == [old]
    assert [p.id for p in pairs.newest_facts(9)] == [old]
    adapters.activate(2)
    assert [p.id for p in pairs.active()] == [new] and pairs.standing("early") == []


def test_clear_keeps_what_the_user_wrote(pairs: Pairs) -> None:
    kept, edited, *_ = pairs.add("early", [row(origin="user"), row(), row(origin="endpoint")])
    pairs.edit(edited, question="Which town is Nora's?")
    other = pairs.add("late", [row()])
    pairs.clear("early")
    assert [p.id for p in pairs.of("early")] == [kept, edited]
    assert [p.id for p in pairs.of("late")] == other


def test_nothing_is_corrected_while_it_is_learnt(profile: Profile) -> None:
    pairs = profile.pairs
    (id,) = pairs.add("early", [row()])
    profile.db.execute("UPDATE sessions SET state = 'absorbing' WHERE id = 'early'")
    with pytest.raises(StorageError, match="being learnt"):
        pairs.edit(id, answer="In Bruges.")
    with pytest.raises(StorageError, match="being learnt"):
        pairs.add_own("early", "Who?", "Pickle.")
    assert [p.answer for p in pairs.of("early")] == ["In Ghent."]


def test_targets_are_replaced_and_go_with_their_pair(profile: Profile) -> None:
    pairs = profile.pairs
    (id,) = pairs.add("early", [row()])
    pairs.set_targets([(id, b"one")])
    pairs.set_targets([(id, b"two\x00")])
    assert pairs.targets([id, 99]) == {id: b"two\x00"}
    with pytest.raises(sqlite3.IntegrityError):
        pairs.set_targets([(id, b"three"), (99, b"nobody's")])
    assert pairs.targets(range(40_000)) == {id: b"two\x00"}
    pairs.clear("early")
    assert profile.db.table("pair_targets").count == 0


def test_mentioning_knows_letters_but_no_wildcards(pairs: Pairs) -> None:
    emile, percent = pairs.add("early", [row("Who is ÉMILE?"), row(answer="50% of it")])
    pairs.add("early", [row()])
    assert [p.id for p in pairs.mentioning("émile")] == [emile]
    assert [p.id for p in pairs.mentioning("50% OF")] == [percent]
    assert pairs.mentioning("5_%") == pairs.mentioning(" ") == []
    pairs.retire([emile], "late", "2026-03-09T18:00:00+00:00")
    pairs.remove(percent)
    assert [p.id for p in pairs.mentioning("Émile")] == [emile]
    assert pairs.mentioning("50%") == []


def test_a_name_is_not_sought_inside_other_words(pairs: Pairs) -> None:
    answers = [
        "Your sister is called Ana.",
        "It is Ana's.",
        "You like bananas.",
        "Tom is your manager.",
    ]
    ids = pairs.add("early", [row(answer=answer, fact=n) for n, answer in enumerate(answers)])
    assert [p.id for p in pairs.mentioning(" ana ")] == ids[:2]
    pairs.add("early", [row(answer="You met Eliáš.", fact=5)])
    assert pairs.mentioning("Eliá") == pairs.mentioning("liáš") == []
    assert [p.answer for p in pairs.mentioning("banana")] == ["You like bananas."]


def test_the_newest_facts_come_once_each(profile: Profile, pairs: Pairs) -> None:
    """As `active` has them, newest first, without what was never told."""
    pairs.add("early", [row(), row("Which town?"), row("Who?", fact=1), row("?", role="negative")])
    pairs.add("late", [row("Where now?", fact=4), row("And where?", fact=5)])
    gone = pairs.add("late", [row("Where not?", fact=6)])
    pairs.remove(gone[0])
    found = [(pair.session_id, pair.fact) for pair in pairs.newest_facts(9)]
    assert found == [("late", 5), ("late", 4), ("early", 1), ("early", 0)]
    asked = ["And where?", "Where now?", "Who?", "Where does Nora live?"]  # each fact's first
    assert [p.question for p in pairs.newest_facts(4)] == asked
    profile.db.execute("UPDATE sessions SET state = 'excluded' WHERE id = 'late'")
    assert [p.question for p in pairs.newest_facts(1)] == ["Who?"]
