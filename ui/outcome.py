"""How the newest learning ended, as one sentence.

Knows cycles, states, and what a version was measured to recall. Does not know how that is measured.
"""

from collections.abc import Iterable
from functools import lru_cache

from agent.recall import facts_of
from agent.remaining import PACE_FROM
from storage.adapters import Version
from storage.cycles import Cycle
from storage.errors import NotFound
from storage.profiles import Profile
from storage.sessions import Session
from ui.words import many


def outcome(profile: Profile) -> str:
    """What came of the sessions of the newest cycle that dealt with any; empty while one runs, and when
    it was stopped."""
    recent = profile.cycles.list(PACE_FROM)
    cycle = next((c for c in recent if c.state != "done" or c.detail.get("sessions_total")), None)
    if cycle is None or cycle.state not in ("done", "failed"):
        return ""
    if cycle.error:
        return f"The last learning failed: {cycle.error}"
    count = cycle.detail.get("sessions_total", 0)
    if count > 1:
        return _of_several(profile, cycle.id, cycle.started_at, count)
    return _of_one(profile, cycle)


def _of_one(profile: Profile, cycle: Cycle) -> str:
    try:
        session = profile.sessions.get(cycle.session_id or "")
    except NotFound:
        return ""  # erased since, or there was none
    title = f"“{session.title or 'Untitled'}”"
    if session.state == "nothing_new":
        return f"{title}: nothing new to learn."
    if session.state == "failed":
        return f"{title} was not learnt: {_why(profile, session)} See Sessions."
    if session.version is None:
        return ""  # left out since, or it waits again
    return f"Learnt {title}: {_facts(profile, [profile.adapters.get(session.version)])}."


def _why(profile: Profile, session: Session) -> str:
    """The gate's own sentence when it refused, which is shorter than what stands in Sessions."""
    newest = next(iter(profile.adapters.list(1)), None)
    refused = newest and newest.figures.get("session") == session.id and newest.reason
    return refused or session.error or ""


@lru_cache(maxsize=16)  # a page asks every other second, and a cycle that is over stays as it is
def _of_several(profile: Profile, cycle: int, began: str, count: int) -> str:
    versions = profile.adapters.list(2 * count)  # each session may have had two tries
    learnt = [v for v in versions if v.state == "kept" and v.created_at > began]
    failed = profile.sessions.count(("failed",))
    if not learnt and not failed:
        return f"Nothing new to learn in {many(count, 'session')}."
    told = f": {_facts(profile, learnt)}" if learnt else ""
    rest = "See Sessions for the others." if failed else "Nothing new in the others."
    more = f". {rest}" if len(learnt) < count else "."
    return f"Learnt {len(learnt)} of {many(count, 'session')}{told}{more}"


def _facts(profile: Profile, versions: Iterable[Version]) -> str:
    """How many facts the sessions of these versions tell, and how many were recalled when asked."""
    facts = asked = 0
    right = 0.0
    for version in versions:
        session, figures = version.figures.get("session"), version.figures.get("facts", {})
        told = facts_of(profile.pairs.of(session)) if session else set()
        known = [figures[fact] for fact in told if fact in figures]
        facts, asked, right = facts + len(told), asked + len(known), right + sum(known)
    of = "them" if asked == facts else f"the {asked} asked"
    return f"{many(facts, 'fact')}, {right:.0f} of {of} recalled"
