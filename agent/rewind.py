"""Going back: to before a session, or to the bare base; and what a kill left.

The pairs, seeds and order of a version follow from its sessions alone, so what is learnt after going
back is what there would have been. Knows the profile's versions and sessions; no model.
"""

from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager

from filelock import FileLock, Timeout

from agent.errors import Busy
from agent.scheduler import call_off
from agent.stated import stated
from storage.adapters import Adapters, Version
from storage.database import transaction
from storage.profiles import Profile

RESET = "reset"  # note: the last version whose files are still to go
STOPPING_SECONDS = 120  # a cycle stops at its next step; the longest is the writing of pairs


@contextmanager
def alone(profile: Profile, wait_seconds: float = 0) -> Iterator[None]:
    """Hold the profile for oneself, or raise Busy."""
    lock = FileLock(profile.lock_path)
    try:
        lock.acquire(timeout=wait_seconds)
    except Timeout as error:
        raise Busy(
            f"The memory of '{profile.name}' is being worked on: something is learnt or forgotten "
            "just now, here or in another process. Wait for its end, or cancel it, then try again."
        ) from error
    try:
        yield
    finally:
        lock.release()


def recover(profile: Profile) -> None:
    """After a kill, for whoever is `alone`: close what was left running and let its session wait
    again. A session whose version was already in use is absorbed."""
    profile.cycles.interrupt()
    active = profile.adapters.active()
    for session in profile.sessions.list(states=["absorbing"], limit=-1):
        if active and session.id in active.sessions:
            profile.sessions.set_state(session.id, "absorbed", version=active.number)
        else:
            profile.sessions.set_state(session.id, "ended")


def rewind(profile: Profile, session_id: str, *, keep: Collection[str] = ()) -> list[str]:
    """Undo the absorption of a session and of all that came after it.

    The adapter goes back to the last version before it that is still there; the sessions after that
    one wait to be absorbed again, so the next cycle ends where it would have ended had the session
    never been absorbed. The sessions of `keep` keep their pairs as they are. Returns the ids of the
    other sessions that wait now.
    """
    before, undone = way_back(profile, session_id)
    with transaction(profile.db):
        if undone:
            profile.adapters.activate(before.number if before else None)
        elif session_id in keep and profile.sessions.get(session_id).state == "absorbed":
            undone = [session_id]  # of a version that is not in use
        for later in undone:
            if profile.sessions.get(later).state != "ended":
                profile.sessions.set_state(later, "ended")
        undone += _told_before(profile) if undone else []
        if session_id not in keep:
            unwrite(profile, session_id)
        unwrite_waiting(profile, keep)
    return [later for later in undone if later != session_id]


def _told_before(profile: Profile) -> list[str]:
    """Let the sessions wait again in which nothing was new though they state something: what had told
    it may be what is undone."""
    found = []
    for session in profile.sessions.list(states=["nothing_new"], limit=-1):
        messages = profile.sessions.messages(session.id)
        if any(stated({0: m.content})[0] for m in messages if m.role == "user"):
            profile.sessions.set_state(session.id, "ended")
            found.append(session.id)
    return found


def unwrite(profile: Profile, session_id: str) -> None:
    """Take back what was made of a session, and what it overtook."""
    profile.pairs.restore(session_id)
    profile.pairs.clear(session_id)


def unwrite_waiting(profile: Profile, keep: Collection[str] = ()) -> None:
    """The pairs of sessions that wait, or failed, rest on what was known when they were written:
    once that is another thing they are written anew."""
    for session in profile.sessions.list(states=["ended", "failed"], limit=-1):
        if session.id not in keep:
            unwrite(profile, session.id)


def way_back(profile: Profile, session_id: str) -> tuple[Version | None, list[str]]:
    """The version that undoing a session goes back to, and the sessions that leave the weights
    then, itself among them; none when the version in use does not hold it."""
    active = profile.adapters.active()
    order = active.sessions if active else []
    if session_id not in order:
        return active, []
    before = _before(profile.adapters, active, order[: order.index(session_id)])
    undone = order[len(before.sessions) :] if before else order
    return before, [*dict.fromkeys(undone)]


def _before(adapters: Adapters, active: Version | None, way: Sequence[str]) -> Version | None:
    """The last version on the way that can be gone back to; None is the bare base."""
    versions = {v.number: v for v in adapters.list()}
    start = active
    while start and start.sessions:  # an imported adapter has none, and is where its life began
        start = versions.get(start.figures.get("parent") or 0)
    on_it = [
        v
        for v in versions.values()
        if v.sessions == [*way[: len(v.sessions)]] and adapters.usable(v)
        if v.sessions or v is start
    ]
    return max(on_it, key=lambda v: (len(v.sessions), v.number), default=None)


def forget_all(profile: Profile) -> None:
    """Back to the bare base, no version's files are left; what was absorbed is excluded until the
    person takes it in again. Learning that is going on is stopped first."""
    call_off(profile)
    with alone(profile, STOPPING_SECONDS):
        recover(profile)  # or what a kill left half learnt would keep its pairs
        adapters = profile.adapters
        with transaction(profile.db):  # or a kill would leave sessions as learnt that are not
            adapters.pin(None)
            adapters.activate(None)
            for session in profile.sessions.list(states=["absorbed"], limit=-1):
                unwrite(profile, session.id)
                profile.sessions.set_state(session.id, "excluded")
            unwrite_waiting(profile)
            profile.notes.set(RESET, adapters.next_number() - 1)
        finish_reset(profile)


def finish_reset(profile: Profile) -> None:
    """Remove the files that a reset was to remove; what was learnt since stays."""
    last = profile.notes.get(RESET)
    if last is None:
        return
    profile.adapters.withdraw_up_to(last)
    with transaction(profile.db):
        if profile.notes.get(RESET) == last:  # and there was no other reset meanwhile
            profile.notes.set(RESET, None)
