"""When a cycle runs: at night, after enough ended chats, and at once on request.

Imported chats can be hundreds, and hours of work: they wait for the night or a request, and
do not count among those that start a cycle. Nor do those that waited when learning was called off.
APScheduler holds the clock; what has to survive a restart (a request, a cycle begun, the last run)
is kept in the profile's notes. Knows when, not how.
"""

import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler

from agent.config import Settings
from agent.errors import Busy
from storage.cycles import Cycle
from storage.database import stamp, transaction
from storage.profiles import Profile

log = logging.getLogger(__name__)
REQUESTED = "absorb_requested"
BEGUN = "absorb_begun"
LAST_RUN = "last_run_at"
CALLED_OFF = "called_off_at"
PAUSED = "absorb_paused"
LOOK_SECONDS = 5
IMPORTED = "import"  # the source of sessions taken from a file


class Scheduler:
    """Runs `cycle` (which takes session ids or None for all) in one background thread; `mend` closes
    what another process left when it was killed."""

    def __init__(
        self,
        profile: Profile,
        settings: Callable[[], Settings],
        cycle: Callable[[list[str] | None], None],
        mend: Callable[[], None],
    ) -> None:
        self._profile = profile
        self._settings = settings
        self._cycle = cycle
        self._mend = mend
        self._running = threading.Lock()
        self._stopping = False
        self._clock = BackgroundScheduler(timezone=None)

    def start(self) -> None:
        """Look every few seconds whether a cycle is due."""
        self._clock.add_job(
            self.look,
            "interval",
            seconds=LOOK_SECONDS,
            max_instances=2,  # one learns, another looks and goes; with one each look is a warning
            coalesce=True,
            misfire_grace_time=None,
        )
        self._clock.start()

    def stop(self) -> None:
        """Stop this process's cycle at its next step; the next start goes on with it."""
        self._stopping = True
        _cancel(self._profile, lambda cycle: cycle.pid == os.getpid())
        self._clock.shutdown(wait=True)

    def request(self, session_ids: list[str] | None) -> None:
        """Ask for a cycle now; the wish adds to those not yet met, and survives a restart."""
        self._note_request(session_ids)
        self._look_soon()

    def wish(self) -> dict[str, Any] | None:
        """What was asked for and is not done: {"sessions": ids, or None for all that wait}."""
        notes = self._profile.notes
        return _joined(notes.get(BEGUN), notes.get(REQUESTED))

    @contextmanager
    def paused(self) -> Iterator[bool]:
        """Nothing new is learnt inside, and what is being learnt stops at its next step; it is asked for
        again afterwards. Whether there was any."""
        notes = self._profile.notes
        with transaction(self._profile.db):
            if wish := _joined(notes.get(PAUSED), self.wish()):
                notes.set(PAUSED, wish)
                _stop(self._profile)
        try:
            yield wish is not None
        finally:
            self.resume()

    def resume(self) -> None:
        """Ask again for what a pause put off, also one that a kill ended."""
        notes = self._profile.notes
        with transaction(self._profile.db):
            if wish := notes.get(PAUSED):
                notes.set(PAUSED, None)
                self._note_request(wish["sessions"])
        if wish:
            self._look_soon()

    def look(self) -> None:
        """End idle sessions, and run a cycle if one is due. Failures are logged: the clock goes
        on, and the cycle's own record says what happened."""
        if not self._running.acquire(blocking=False):
            return
        try:
            cycle = self._profile.cycles.latest()
            at_work = cycle is not None and cycle.state == "running"
            if at_work or self._profile.sessions.count(["absorbing"]):
                self._mend()
            self._profile.sessions.end_stale(self._settings().idle_minutes)
            due, session_ids = self._take(datetime.now())
            if due:
                self._run(session_ids)
        except Exception:
            log.exception("the scheduled cycle failed")
        finally:
            self._running.release()

    def _run(self, session_ids: list[str] | None) -> None:
        """One cycle. A process that dies or is stopped in it leaves BEGUN, and the next goes on."""
        try:
            self._cycle(session_ids)
        except Busy:  # another process is at it: asked again at the next look
            self._note_request(session_ids)
        except Exception:  # before any session: of itself it is not tried again until the night
            log.exception("the scheduled cycle failed")
            self._profile.notes.set(CALLED_OFF, stamp(datetime.now(UTC)))
        if not self._stopping:
            self._profile.notes.set(BEGUN, None)

    def _look_soon(self) -> None:
        if self._clock.running:
            self._clock.add_job(self.look, misfire_grace_time=None)

    def _note_request(self, session_ids: list[str] | None) -> None:
        notes = self._profile.notes
        with transaction(self._profile.db):
            notes.set(REQUESTED, _joined(notes.get(REQUESTED), {"sessions": session_ids}))

    def _take(self, now: datetime) -> tuple[bool, list[str] | None]:
        """What is due, noted as begun."""
        notes = self._profile.notes
        with transaction(self._profile.db):
            due, session_ids = self._due(now)
            if due:
                notes.set(BEGUN, {"sessions": session_ids})
                notes.set(REQUESTED, None)
                if session_ids is None:  # a wish for some of them is no night for the others
                    notes.set(LAST_RUN, datetime.now(UTC).isoformat())
        return due, session_ids

    def _due(self, now: datetime) -> tuple[bool, list[str] | None]:
        """Whether a cycle should run at local time `now`, and over which sessions."""
        if wish := self.wish():
            return True, wish["sessions"]
        waiting = self._profile.sessions.waiting()
        if self._night_passed(now):
            if (
                not waiting
            ):  # it was a night all the same: what ends later in the day waits for the next
                self._profile.notes.set(LAST_RUN, datetime.now(UTC).isoformat())
            return bool(waiting), None
        if not waiting:
            return False, None
        chats = [session for session in waiting if session.source != IMPORTED]
        called_off, until = self._noted(CALLED_OFF, now), stamp(now.astimezone())
        since = stamp(called_off) if called_off else None
        new = [c for c in chats if since is None or since < (c.ended_at or "") <= until]
        return len(new) >= self._settings().absorb_after_sessions, [chat.id for chat in chats]

    def _night_passed(self, now: datetime) -> bool:
        """Whether the nightly time has come since the last run; a missed one is caught up."""
        hour, minute = (int(part) for part in self._settings().nightly_at.split(":"))
        night = now.replace(hour=hour, minute=minute, second=0, microsecond=0)
        if night > now:
            night -= timedelta(days=1)
        last = self._noted(LAST_RUN, now)
        if last is None:
            self._profile.notes.set(LAST_RUN, datetime.now(UTC).isoformat())
            return False
        return last < night.astimezone()

    def _noted(self, key: str, now: datetime) -> datetime | None:
        """The time in a note; none where it is later than `now`: a clock was ahead that day."""
        noted = self._profile.notes.get(key)
        time = datetime.fromisoformat(noted) if noted else None
        return time if time and time <= now.astimezone() else None


def call_off(profile: Profile) -> bool:
    """Stop the running cycle at its next step, and forget what else was asked for: all its
    sessions wait for the night or another word. False: nothing ran and nothing was asked for."""
    with transaction(profile.db):
        profile.notes.set(CALLED_OFF, stamp(datetime.now(UTC)))
        put_off = profile.notes.get(PAUSED) is not None
        profile.notes.set(PAUSED, None)
        return _stop(profile) or put_off


def _stop(profile: Profile) -> bool:
    """The running cycle ends at its next step, and nothing else is asked for; whether anything was."""
    notes = profile.notes
    asked = notes.get(REQUESTED) is not None
    notes.set(REQUESTED, None)
    notes.set(BEGUN, None)
    return _cancel(profile, lambda cycle: True) or asked


def _cancel(profile: Profile, ours: Callable[[Cycle], bool]) -> bool:
    """Ask the running cycle to stop, if there is one and it is `ours`."""
    with transaction(profile.db):  # it cannot end between the look and the word
        cycle = profile.cycles.latest()
        if found := cycle is not None and cycle.state == "running" and ours(cycle):
            profile.cycles.request_cancel(cycle.id)
    return found


def _joined(first: dict[str, Any] | None, second: dict[str, Any] | None) -> dict[str, Any] | None:
    """Two wishes as one; None among the sessions means all that wait."""
    if first is None or second is None:
        return first or second
    if first["sessions"] is None or second["sessions"] is None:
        return {"sessions": None}
    return {"sessions": [*dict.fromkeys(first["sessions"] + second["sessions"])]}
