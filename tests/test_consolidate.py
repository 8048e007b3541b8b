"""Cycles on a real profile with a tiny model: absorb, reject, cancel, rewind, and die in between."""

import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from agent.config import Settings
from agent.consolidate import Cycle
from agent.curriculum import spread
from agent.errors import AgentError, Busy, Cancelled
from agent.model import CANDIDATE, CHAT, Model
from agent.recall import last_recall
from agent.rewind import alone, forget_all, recover, rewind
from agent.service import Service
from storage.adapters import Adapters
from storage.cycles import Cycle as Row
from storage.database import verify
from storage.errors import StorageError
from storage.profiles import Profile
from tests.alike import quiet_model

ROOT = Path(__file__).parent.parent
OPEN = Settings(max_drift=1000, min_abstain=0)  # the gate lets a random model through


@pytest.fixture(scope="module")
def model(own_cache: None) -> Model:
    return quiet_model()


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    profile = Profile(tmp_path, "nora")
    yield profile
    assert verify(profile.db) == []
    profile.close()


def tell(profile: Profile, *numbers: int, pairs: bool = True) -> None:
    """Sessions s1, s2, … of one message each, with pairs that the user wrote."""
    for n in numbers:
        row = {
            "id": f"s{n}",
            "started_at": f"2026-03-{n:02}T18:00:00+00:00",
            "messages": [{"role": "user", "content": f"Hello, number {n}!"}],
        }
        profile.sessions.take([row])
        rows = [
            {"question": f"What is my cat {n} called?", "role": "train"},
            {"question": f"Which name has cat {n}?", "role": "train"},
            {"question": f"Name of cat {n}?", "role": "probe"},
        ]
        more = {"answer": f"Pickle{n}.", "fact": 0, "origin": "user"}
        profile.pairs.add(f"s{n}", [row | more for row in rows] if pairs else [])


def absorb(profile: Profile, model: Model, settings: Settings = OPEN) -> list[str]:
    return Cycle(profile, model, settings).run()


def weights(profile: Profile, number: int | None = None) -> bytes:
    active = profile.adapters.active()
    assert active is not None
    folder = profile.adapters.folder_of(number or active.number)
    return (folder / "adapter_model.safetensors").read_bytes()


def latest(profile: Profile) -> Row:
    found = profile.cycles.latest()
    assert found is not None
    return found


def state(profile: Profile, session_id: str) -> str:
    return profile.sessions.get(session_id).state


def test_sessions_become_versions(profile: Profile, model: Model) -> None:
    tell(profile, 2, 1)
    assert absorb(profile, model) == ["s1", "s2"]  # oldest first
    first, second = reversed(profile.adapters.list())
    assert (first.sessions, second.sessions) == (["s1"], ["s1", "s2"])
    assert profile.adapters.active() == second
    assert profile.sessions.get("s2").version == 2 and state(profile, "s1") == "absorbed"
    assert second.figures["parent"] == 1 and second.figures["training"]["steps"] > 0
    assert weights(profile, 1) != weights(profile, 2)
    profile.adapters.check(2)
    cycle = latest(profile)
    assert (cycle.state, cycle.pid, cycle.error) == ("done", os.getpid(), None)
    ids = [p.id for p in profile.pairs.of("s1") if p.role == "train"]
    assert set(profile.pairs.targets(ids)) == set(ids)  # kept for replay
    assert all(p.recall is not None for p in profile.pairs.active(role="probe"))
    assert absorb(profile, model) == []


def test_nothing_new(profile: Profile, model: Model) -> None:
    tell(profile, 1, pairs=False)
    assert absorb(profile, model) == ["s1"]
    assert state(profile, "s1") == "nothing_new"
    assert profile.adapters.list() == []


def test_only_the_named_sessions(profile: Profile, model: Model) -> None:
    tell(profile, 1, 2)
    assert Cycle(profile, model, OPEN).run(["s2", "gone"]) == ["s2"]
    assert (state(profile, "s1"), state(profile, "s2")) == ("ended", "absorbed")


def test_a_rejected_candidate_changes_nothing(profile: Profile, model: Model) -> None:
    tell(profile, 1)
    absorb(profile, model)
    before = weights(profile)
    tell(profile, 2)
    absorb(profile, model, Settings(max_drift=1e-9, min_abstain=0))
    active = profile.adapters.active()
    assert active is not None and active.number == 1 and weights(profile) == before
    session = profile.sessions.get("s2")
    assert session.state == "failed" and session.error is not None
    assert "not taken over, twice" in session.error and "drifted" in session.error
    rejected = [v for v in profile.adapters.list() if v.state == "rejected"]
    assert len(rejected) == 2 and all("drifted" in (v.reason or "") for v in rejected)
    rates = [v.figures["recipe"]["learning_rate"] for v in reversed(rejected)]
    first = active.figures["recipe"]["learning_rate"]
    assert rates == [
        first / 2,
        first / 4,
    ]  # it goes on at half the rate, the second try at a quarter
    profile.sessions.set_state("s2", "ended")  # a person asks again
    absorb(profile, model)
    assert state(profile, "s2") == "absorbed"


def test_a_cancelled_cycle_waits_for_the_next(profile: Profile, model: Model) -> None:
    tell(profile, 1, 2)
    with running(profile, model) as (thread, errors):
        until(lambda: thread_stage(profile) == "learning")
        profile.cycles.request_cancel(latest(profile).id)
        thread.join(30)
    assert isinstance(errors[0], Cancelled)
    assert latest(profile).state == "cancelled"
    assert state(profile, "s1") == state(profile, "s2") == "ended"
    assert profile.adapters.list() == []
    assert absorb(profile, model) == ["s1", "s2"]


class running:
    """A cycle in a thread of its own, slowed so that it can be met."""

    def __init__(self, profile: Profile, model: Model) -> None:
        self._errors: list[BaseException] = []

        def work() -> None:
            try:
                SlowCycle(profile, model, OPEN).run()
            except BaseException as error:
                self._errors.append(error)

        self._thread = threading.Thread(target=work)

    def __enter__(self) -> tuple[threading.Thread, list[BaseException]]:
        self._thread.start()
        return self._thread, self._errors

    def __exit__(self, *_: object) -> None:
        self._thread.join(30)
        assert not self._thread.is_alive()


class SlowCycle(Cycle):
    """Rests wherever it says where it stands."""

    def _say(self, stage: str, done: int = 0, total: int = 0) -> None:
        super()._say(stage, done, total)
        time.sleep(0.05)


def thread_stage(profile: Profile) -> str:
    cycle = profile.cycles.latest()
    return cycle.stage if cycle else ""


def until(true: Callable[[], Any], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def test_a_reset_stops_the_learning_that_goes_on(profile: Profile, model: Model) -> None:
    tell(profile, 1)
    absorb(profile, model)
    tell(profile, 2)
    service = Service(profile, model, OPEN)
    with running(profile, model):
        until(lambda: state(profile, "s2") == "absorbing")
        service.reset("nora")
    assert profile.adapters.active() is None
    assert (state(profile, "s1"), state(profile, "s2")) == ("excluded", "ended")


def test_who_looks_seldom_sees_that_something_went_on(profile: Profile, model: Model) -> None:
    """Though all is as it was the last time: a cycle came and went, or one was asked for."""
    service = Service(profile, model, OPEN)
    seen = [service.standing()]
    for _ in range(2):
        absorb(profile, model)
        seen.append(service.standing())
    service.scheduler.request(["s1"])
    seen.append(service.standing())
    assert len(set(seen)) == len(seen)


def test_one_process_at_a_time(profile: Profile, model: Model) -> None:
    tell(profile, 1)
    with alone(profile), pytest.raises(Busy, match="'nora' is being worked on"):
        Cycle(Profile(profile.path.parent.parent, "nora"), model, OPEN).run()
    assert profile.cycles.latest() is None
    assert absorb(profile, model) == ["s1"]


def test_what_goes_wrong_is_told_and_the_next_goes_on(profile: Profile, model: Model) -> None:
    tell(profile, 1, 2)
    profile.db.execute(
        "CREATE TRIGGER full BEFORE INSERT ON pair_targets WHEN NEW.pair_id < 3"
        " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    )
    assert absorb(profile, model) == ["s1", "s2"]
    failed = profile.sessions.get("s1")
    assert failed.state == "failed" and "the disk is full" in (failed.error or "")
    assert state(profile, "s2") == "absorbed"


def test_a_cycle_whose_end_could_not_be_written_is_in_nobodys_way(
    profile: Profile, model: Model
) -> None:
    tell(profile, 1)
    profile.db.execute(
        "CREATE TRIGGER full BEFORE UPDATE ON cycles WHEN NEW.state != 'running'"
        " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    )
    with pytest.raises(sqlite3.Error, match="the disk is full"):
        absorb(profile, model)
    profile.db.execute("DROP TRIGGER full")
    tell(profile, 2)
    assert absorb(profile, model) == ["s2"]  # in the same process
    assert [c.state for c in profile.cycles.list(9)] == ["done", "interrupted"]


def test_a_version_in_use_and_its_session_change_together(profile: Profile, model: Model) -> None:
    tell(profile, 1)
    profile.db.execute(
        "CREATE TRIGGER full BEFORE UPDATE ON sessions WHEN NEW.state = 'absorbed'"
        " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    )
    absorb(profile, model)
    assert state(profile, "s1") == "failed"
    assert profile.adapters.active() is None


# --- rewinding ---------------------------------------------------------------------------------


def test_rewound_is_as_if_never_said(profile: Profile, model: Model, tmp_path: Path) -> None:
    tell(profile, 1, 2, 3)
    absorb(profile, model)
    with_it = weights(profile)
    assert rewind(profile, "s2") == ["s3"]
    profile.sessions.set_state("s2", "excluded")
    active = profile.adapters.active()
    assert active is not None and active.sessions == ["s1"]
    assert [state(profile, s) for s in ("s1", "s2", "s3")] == ["absorbed", "excluded", "ended"]
    assert absorb(profile, model) == ["s3"]

    never = Profile(tmp_path / "other", "nora")
    tell(never, 1, 3)
    absorb(never, model)
    assert weights(profile) == weights(never) != with_it
    assert [v.sessions for v in never.adapters.list()] == [["s1", "s3"], ["s1"]]
    never.close()


def test_old_versions_are_thinned_out_and_forgetting_stays_exact(
    profile: Profile, model: Model, tmp_path: Path
) -> None:
    tell(profile, *range(1, 9))
    absorb(profile, model, OPEN.model_copy(update={"keep_versions": 1}))
    there = [v.number for v in profile.adapters.list() if profile.adapters.usable(v)]
    assert there == [8, 6, 1]  # the newest, and every fifth
    assert len(last_recall(profile)) == 8  # of those that are gone, too
    assert rewind(profile, "s3") == ["s2", "s4", "s5", "s6", "s7", "s8"]
    profile.sessions.set_state("s3", "excluded")
    assert absorb(profile, model) == ["s2", "s4", "s5", "s6", "s7", "s8"]

    never = Profile(tmp_path / "other", "nora")
    tell(never, 1, 2, *range(4, 9))
    absorb(never, model)
    assert weights(profile) == weights(never)
    never.close()


def test_recall_is_that_of_the_versions_on_the_way(profile: Profile, model: Model) -> None:
    """What a version that was gone back from had measured counts no more."""
    tell(profile, 1, 2)
    absorb(profile, model)
    second, first = (v.figures["facts"] for v in profile.adapters.list())
    assert last_recall(profile) == first | second and len(second) == 2
    probes = profile.pairs.active(role="probe")
    rejected = ((p.id, 1.0 - second[f"{p.session_id}:0"]) for p in probes)
    profile.pairs.mark_recall(rejected)
    assert last_recall(profile) == first | second
    rewind(profile, "s2")
    assert last_recall(profile) == first
    rewind(profile, "s1")
    assert last_recall(profile) == {}


def test_badly_recalled_facts_are_replayed_first(profile: Profile, model: Model) -> None:
    tell(profile, 1, 2, 3)
    pairs = [p for n in (1, 2, 3) for p in profile.pairs.of(f"s{n}") if p.role == "train"]
    recall = {"s1:0": 1.0, "s2:0": 0.0}  # s3 was never asked
    chosen = spread(pairs, 4, recall, random.Random(1))
    assert [p.session_id for p in chosen] == ["s2", "s3", "s1", "s2"]
    assert spread(pairs, 0, {}, random.Random(1)) == spread([], 4, {}, random.Random(1)) == []


def test_no_version_that_learnt_a_forgotten_session_is_left(profile: Profile, model: Model) -> None:
    tell(profile, 1, 2, 3)
    absorb(profile, model)
    service = Service(profile, model, OPEN)
    service.forget("s2", erase=False)
    there = [v.sessions for v in profile.adapters.list() if profile.adapters.usable(v)]
    assert there == [["s1"]]


def test_rewinding_the_first_is_the_bare_base(profile: Profile, model: Model) -> None:
    tell(profile, 1, 2)
    absorb(profile, model)
    assert rewind(profile, "s1") == ["s2"]
    assert profile.adapters.active() is None
    assert state(profile, "s1") == state(profile, "s2") == "ended"
    assert rewind(profile, "s1") == []  # it is not in the weights any more


def test_rewinding_the_first_goes_back_to_what_was_imported(profile: Profile, model: Model) -> None:
    """And not to an adapter that was imported but is not where this life began."""
    tell(profile, 1)
    absorb(profile, model)
    start = write_imported(profile, model)
    profile.adapters.activate(start)
    tell(profile, 2, 3)
    absorb(profile, model)
    write_imported(profile, model)
    rewind(profile, "s2")
    active = profile.adapters.active()
    assert active
    assert active.number == start
    assert state(profile, "s2") == state(profile, "s3") == "ended"


_SEAL = shutil.ignore_patterns("manifest.json")


def write_imported(profile: Profile, model: Model) -> int:
    """A version as an import leaves it: its adapter's sessions are not known here."""
    folder = profile.adapters.folder_of(1)
    version = profile.adapters.write(
        profile.adapters.next_number(),
        lambda new: shutil.copytree(folder, new, dirs_exist_ok=True, ignore=_SEAL),
        state="kept",
        base=model.fingerprint,
        sessions=[],
        figures={"imported": True},
    )
    return version.number


def test_rewinding_takes_back_retirements(profile: Profile, model: Model) -> None:
    tell(profile, 1, 2)
    absorb(profile, model)
    old = profile.pairs.of("s1")[0]
    profile.pairs.retire([old.id], "s2", "2026-03-02")
    rewind(profile, "s2")
    assert profile.pairs.get(old.id).state == "active"


def test_learning_again_keeps_what_was_overtaken(profile: Profile, model: Model) -> None:
    tell(profile, 1, 2)
    absorb(profile, model)
    old = [p.id for p in profile.pairs.of("s1")]
    profile.pairs.retire(old, "s2", None)
    rewind(profile, "s2", keep=["s2"])
    assert profile.pairs.of("s1") == []  # s2 still says otherwise
    rewind(profile, "s1")
    absorb(profile, model)
    assert state(profile, "s2") == "absorbed"


def test_a_session_of_a_version_not_in_use(profile: Profile, model: Model) -> None:
    """It counts for nothing, can be learnt again, and takes back what it had overtaken."""
    tell(profile, 1, 2)
    absorb(profile, model)
    profile.pairs.retire([p.id for p in profile.pairs.of("s1")], "s2", None)
    service = Service(profile, model, OPEN)
    service.activate(1)
    assert state(profile, "s2") == "absorbed"
    assert {p.session_id for p in profile.pairs.active()} == {"s1"}  # overtaken in the other one
    service.absorb_now(["s2"])
    active = profile.adapters.active()
    assert active and active.sessions == ["s1", "s2"] and active.number == 3
    assert {p.session_id for p in profile.pairs.active()} == {"s2"}
    service.activate(1)
    service.exclude("s2")
    assert {p.session_id for p in profile.pairs.active()} == {"s1"}


def test_no_other_version_is_taken_while_something_is_learnt(
    profile: Profile, model: Model
) -> None:
    tell(profile, 1)
    absorb(profile, model)
    service = Service(profile, model, OPEN)
    with alone(profile), pytest.raises(Busy):
        service.activate(None)
    assert profile.adapters.active() is not None


def test_an_edit_that_cannot_be_answered_drops_nothing(profile: Profile, model: Model) -> None:
    service = Service(profile, model, OPEN)
    profile.sessions.start(id="s1")
    list(service.say("s1", "Hello"))
    before = profile.sessions.messages("s1")
    with pytest.raises(AgentError):
        service.edit_and_resend("s1", 0, " ")
    assert profile.sessions.messages("s1") == before


def test_a_rewind_that_fails_leaves_all_as_it_was(profile: Profile, model: Model) -> None:
    tell(profile, 1, 2)
    absorb(profile, model)
    profile.db.execute(
        "CREATE TRIGGER full BEFORE UPDATE ON sessions WHEN NEW.id = 's1'"
        " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    )
    with pytest.raises(sqlite3.IntegrityError):
        rewind(profile, "s1")
    active = profile.adapters.active()
    assert active is not None and active.number == 2
    assert state(profile, "s2") == "absorbed"


def test_pairs_of_two_sessions_are_forgotten_together(profile: Profile, model: Model) -> None:
    tell(profile, 1, 2)
    made = {"question": "Who?", "answer": "Pickle.", "fact": 1, "role": "train", "origin": "model"}
    ids = []
    for session in ("s1", "s2"):
        ids += profile.pairs.add(session, [made])
        Cycle(profile, model, OPEN).run([session])
    Service(profile, model, OPEN).forget_pairs(ids)
    assert [profile.pairs.get(id).state for id in ids] == ["removed", "removed"]
    assert profile.adapters.active() is None
    assert state(profile, "s1") == state(profile, "s2") == "ended"


def test_what_a_session_overtook_that_was_not_learnt_still_counts(
    profile: Profile, model: Model
) -> None:
    tell(profile, 1, 2)
    Cycle(profile, model, OPEN).run(["s1"])
    profile.pairs.retire([p.id for p in profile.pairs.of("s1")], "s2", None)
    absorb(profile, model, Settings(max_drift=1e-9, min_abstain=0))  # the gate refuses it
    assert state(profile, "s2") == "failed"
    assert {p.session_id for p in profile.pairs.active()} == {"s1"}
    Service(profile, model, OPEN).absorb_now(["s2"])
    assert {p.session_id for p in profile.pairs.active()} == {"s2"}


# --- what waits, and what a kill or an older version brings ------------------------------------

MADE = {"question": "Where is Kofi's home?", "answer": "Kofi lives in Porto.", "fact": 1,
        "role": "train", "origin": "model"}  # fmt: skip


def kofi(profile: Profile) -> list[str]:
    """The sessions in whose pairs he stands."""
    return [pair.session_id for pair in profile.pairs.mentioning("Kofi")]


@pytest.mark.parametrize("failed", [True, False])
def test_what_waits_forgets_with_it(profile: Profile, model: Model, failed: bool) -> None:
    """Its pairs were written when he was known."""
    tell(profile, 1, 2)
    absorb(profile, model)
    tell(profile, 3)
    profile.pairs.add("s3", [MADE])
    if failed:
        absorb(profile, model, Settings(max_drift=1e-9, min_abstain=0))
    Service(profile, model, OPEN).forget("s2", erase=True)
    assert kofi(profile) == [] and len(profile.pairs.of("s3")) == 3  # the user's own are theirs


def test_what_is_learnt_in_no_version_that_is_left_is_written_anew(
    profile: Profile, model: Model
) -> None:
    tell(profile, 1, 2, 3)
    profile.pairs.add("s3", [MADE])
    Cycle(profile, model, OPEN).run(["s1"])
    profile.pairs.add("s3", [MADE])
    absorb(profile, model)
    profile.pairs.add("s3", [MADE])
    service = Service(profile, model, OPEN)
    service.activate(1)
    service.forget("s2", erase=False)
    assert state(profile, "s3") == "ended" and kofi(profile) == []


def test_what_waits_is_written_when_it_is_learnt(profile: Profile, model: Model) -> None:
    """What was learnt before it meanwhile is known then."""
    tell(profile, 1, 2)
    profile.pairs.add("s2", [MADE])
    Cycle(profile, model, OPEN).run(["s1"])
    assert kofi(profile) == []


def test_a_reset_gives_back_what_was_overtaken(profile: Profile, model: Model) -> None:
    tell(profile, 1, 2)
    absorb(profile, model)
    profile.pairs.retire([p.id for p in profile.pairs.of("s1")], "s2", None)
    tell(profile, 3)
    profile.pairs.add("s3", [MADE])
    forget_all(profile)
    assert len(profile.pairs.of("s1")) == 3 and kofi(profile) == []


def test_a_version_is_taken_that_holds_what_waits(profile: Profile, model: Model) -> None:
    tell(profile, 1, 2, 3)
    absorb(profile, model)
    rewind(profile, "s2", keep=["s2"])  # learn again, called off
    service = Service(profile, model, OPEN)
    service.activate(3)
    absorb(profile, model)
    active = profile.adapters.active()
    assert active and active.sessions == ["s1", "s2", "s3"]
    service.activate(3)
    profile.sessions.set_state("s3", "ended")
    service.forget("s2", erase=True)
    active = profile.adapters.active()
    assert active and active.sessions == ["s1"] and state(profile, "s3") == "ended"


@contextmanager
def killed_in(monkeypatch: pytest.MonkeyPatch, where: object, step: str) -> Iterator[None]:
    """What is done inside ends at that step of it."""

    def die(*_: Any) -> None:
        raise SystemExit

    with monkeypatch.context() as patch:
        patch.setattr(where, step, die)
        with pytest.raises(SystemExit):
            yield


@pytest.mark.parametrize("step", ["_withdraw", "finish"])
def test_forgetting_goes_on_after_a_kill(
    profile: Profile, model: Model, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    tell(profile, 1, 2)
    absorb(profile, model)
    service = Service(profile, model, OPEN)

    with killed_in(monkeypatch, service._forgetting, step):
        service.forget("s2", erase=True)
    assert profile.sessions.known(["s2"]) and profile.adapters.usable(profile.adapters.get(2))
    Service(profile, model, OPEN)
    assert not profile.sessions.known(["s2"])
    assert not profile.adapters.usable(profile.adapters.get(2))


@pytest.mark.parametrize(("where", "step"), [(Path, "rename"), (shutil, "rmtree")])
def test_a_reset_goes_on_after_a_kill(
    profile: Profile, model: Model, monkeypatch: pytest.MonkeyPatch, where: object, step: str
) -> None:
    tell(profile, 1, 2)
    absorb(profile, model)
    service = Service(profile, model, OPEN)

    with killed_in(monkeypatch, where, step):
        service.reset("nora")
    again = Profile(profile.path.parent.parent, "nora")
    assert again.adapters.active() is None
    assert state(again, "s1") == state(again, "s2") == "excluded"
    Service(again, model, OPEN)
    assert not [path for path in again.adapters_path.iterdir() if path.is_dir()]
    again.close()


def test_what_is_learnt_before_a_reset_is_finished_stays(
    profile: Profile, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(profile, 1)
    absorb(profile, model)
    service = Service(profile, model, OPEN)

    def full(*_: Any) -> None:
        raise OSError("the disk is read only")

    with monkeypatch.context() as patch:
        patch.setattr(Path, "rename", full)
        with pytest.raises(OSError):
            service.reset("nora")
        Service(profile, model, OPEN)  # starts all the same
    tell(profile, 2, 3)
    absorb(profile, model)
    Service(profile, model, OPEN)
    there = [v.sessions for v in profile.adapters.list() if profile.adapters.usable(v)]
    assert (there, state(profile, "s1")) == ([["s2", "s3"], ["s2"]], "excluded")


@pytest.mark.parametrize("end", [KeyboardInterrupt, SystemExit])
@pytest.mark.parametrize(("in_use", "left"), [(False, "ended"), (True, "absorbed")])
def test_what_is_broken_off_waits_unless_its_version_is_in_use(
    profile: Profile,
    model: Model,
    monkeypatch: pytest.MonkeyPatch,
    end: type[BaseException],
    in_use: bool,
    left: str,
) -> None:
    tell(profile, 1)
    keep = Cycle._keep

    def broken_off(cycle: Cycle, *told: Any) -> None:
        if in_use:
            keep(cycle, *told)
        raise end

    monkeypatch.setattr(Cycle, "_keep", broken_off)
    with pytest.raises(end):
        absorb(profile, model)
    assert state(profile, "s1") == left
    cycle = profile.cycles.latest()
    assert cycle and (cycle.state, cycle.error) == ("cancelled", None)


def test_a_version_that_cannot_be_loaded_is_not_in_use(
    profile: Profile, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    tell(profile, 1, 2)
    absorb(profile, model)
    service = Service(profile, model, OPEN)
    service.activate(1)
    service.take_over()

    def full(name: str, folder: Path, **_: Any) -> None:
        model.drop_adapter(name)
        raise MemoryError

    with monkeypatch.context() as patch:
        patch.setattr(model, "load_adapter", full)
        service.activate(2)
        with pytest.raises(MemoryError):
            service.take_over()
    service.activate(1)
    service.take_over()
    assert model.has_adapter(CHAT)


def test_what_was_erased_answers_no_more_though_the_version_before_is_damaged(
    profile: Profile, model: Model
) -> None:
    tell(profile, 1, 2)
    absorb(profile, model)
    service = Service(profile, model, OPEN)
    service.take_over()
    config = profile.adapters.folder_of(1) / "adapter_config.json"
    config.write_text(config.read_text() + " ")
    service.forget("s2", erase=True)
    with pytest.raises(StorageError, match="damaged"):
        service.take_over()
    assert not model.has_adapter(CHAT)
    service.reset("nora")
    list(service.say(None, "Hello"))
    assert not model.has_adapter(CHAT)


def test_nothing_is_learnt_upon_another_base(profile: Profile, model: Model) -> None:
    tell(profile, 1)
    absorb(profile, model)
    tell(profile, 2)
    other = quiet_model()
    other.fingerprint = "another"
    with pytest.raises(AgentError, match="another base"):
        absorb(profile, other)
    assert (state(profile, "s2"), latest(profile).state) == ("ended", "failed")
    assert len(profile.adapters.list()) == 1


def test_learning_one_again_learns_the_later_ones_too(profile: Profile, model: Model) -> None:
    tell(profile, 1, 2, 3)
    absorb(profile, model)
    assert Service(profile, model, OPEN).absorb_now(["s2"]) == ["s2", "s3"]
    active = profile.adapters.active()
    assert active and active.sessions == ["s1", "s2", "s3"]


@pytest.mark.parametrize("used", [None, 1])
def test_who_is_in_no_version_any_more_waits(
    profile: Profile, model: Model, used: int | None
) -> None:
    tell(profile, 1, 2, 3)
    absorb(profile, model)
    service = Service(profile, model, OPEN)
    service.activate(used)
    service.forget("s1", erase=False)
    assert [state(profile, s) for s in ("s1", "s2", "s3")] == ["excluded", "ended", "ended"]
    wish = service.scheduler.wish()
    assert wish and sorted(wish["sessions"]) == ["s2", "s3"]


def test_leaving_out_is_forgetting(profile: Profile, model: Model) -> None:
    tell(profile, 1, 2)
    absorb(profile, model)
    service = Service(profile, model, OPEN)
    service.exclude("s2")
    service.forget("s2", erase=False)  # once more does no harm
    there = [v.sessions for v in profile.adapters.list() if profile.adapters.usable(v)]
    assert (there, state(profile, "s2")) == ([["s1"]], "excluded")
    service.include("s2")
    with pytest.raises(StorageError, match="not left out"):
        service.include("s2")


def test_forgetting_is_one_step(profile: Profile, model: Model) -> None:
    tell(profile, 1)
    absorb(profile, model)
    profile.db.execute(
        "CREATE TRIGGER full BEFORE UPDATE ON sessions WHEN NEW.state = 'excluded'"
        " BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
    )
    with pytest.raises(sqlite3.IntegrityError):
        Service(profile, model, OPEN).forget("s1", erase=True)
    assert state(profile, "s1") == "absorbed" and profile.adapters.active() is not None


def test_no_adapter_stays_that_cannot_be_used(profile: Profile, model: Model) -> None:
    tell(profile, 1, 2)
    absorb(profile, model)
    assert not model.has_adapter(CANDIDATE)
    service = Service(profile, model, OPEN)
    kept = service.attach(1)
    assert model.has_adapter(kept)
    service.forget("s1", erase=False)
    service.take_over()
    assert not model.has_adapter(kept)


def test_old_versions_that_cannot_be_removed_stop_nothing(
    profile: Profile, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(Adapters, "thin", full)
    tell(profile, 1, 2)
    assert absorb(profile, model) == ["s1", "s2"]
    assert state(profile, "s2") == "absorbed"


def test_forget_all(profile: Profile, model: Model) -> None:
    tell(profile, 1, 2)
    absorb(profile, model)
    write_imported(profile, model)
    tell(profile, 3)
    numbers = [version.number for version in profile.adapters.list()]
    assert all(profile.adapters.folder_of(n).is_dir() for n in numbers) and numbers
    forget_all(profile)
    assert profile.adapters.active() is None
    assert not any(profile.adapters.folder_of(n).is_dir() for n in numbers)
    states = [state(profile, s) for s in ("s1", "s2", "s3")]
    assert states == ["excluded", "excluded", "ended"]
    assert profile.sessions.messages("s1")


def test_a_reset_takes_what_a_kill_left_half_learnt(profile: Profile, model: Model) -> None:
    tell(profile, 1, pairs=False)
    made = {"question": "Who?", "answer": "Pickle.", "fact": 1, "role": "train", "origin": "model"}
    profile.pairs.add("s1", [made])
    profile.sessions.set_state("s1", "absorbing")
    forget_all(profile)
    assert state(profile, "s1") == "ended" and profile.pairs.of("s1") == []


# --- dying -------------------------------------------------------------------------------------

CHILD = """
import sys
from pathlib import Path
from tests.test_consolidate import OPEN, Profile, SlowCycle, quiet_model
SlowCycle(Profile(Path(sys.argv[1]), "nora"), quiet_model(), OPEN).run()
"""


@pytest.mark.parametrize("stage", ["reading the session", "learning", "writing the version"])
def test_killed_and_started_again(
    profile: Profile, model: Model, tmp_path: Path, stage: str
) -> None:
    tell(profile, 1)
    absorb(profile, model)
    tell(profile, 2, 3)
    said = [profile.sessions.messages(f"s{n}") for n in (1, 2, 3)]
    log = (tmp_path / "child.log").open("w")
    child = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(tmp_path)],
        env=os.environ | {"PYTHONPATH": str(ROOT), "OMP_NUM_THREADS": "1"},
        stdout=log,
        stderr=log,
    )
    try:
        until(lambda: latest(profile).pid == child.pid and latest(profile).stage == stage)
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert latest(profile).state == "running"
    assert state(profile, "s2") == "absorbing"

    again = Profile(tmp_path, "nora")
    recover(again)
    assert latest(again).state == "interrupted"
    assert verify(again.db) == []
    assert absorb(again, model) == ["s2", "s3"]
    assert [state(again, f"s{n}") for n in (1, 2, 3)] == ["absorbed"] * 3
    assert [again.sessions.messages(f"s{n}") for n in (1, 2, 3)] == said
    active = again.adapters.active()
    assert active is not None and active.sessions == ["s1", "s2", "s3"]
    assert not [p for p in again.adapters_path.iterdir() if p.name.startswith(".writing")]

    whole = Profile(tmp_path / "whole", "nora")
    tell(whole, 1, 2, 3)
    absorb(whole, model)
    assert weights(again) == weights(whole)  # as if nothing had happened
    again.close()
    whole.close()


def test_killed_after_the_version_was_in_use(profile: Profile, model: Model) -> None:
    tell(profile, 1)
    absorb(profile, model)
    profile.db.execute("UPDATE sessions SET state = 'absorbing', version = NULL")
    recover(profile)
    session = profile.sessions.get("s1")
    assert (session.state, session.version) == ("absorbed", 1)
    assert absorb(profile, model) == []
