"""How far a cycle is and how long it will still take, from its own pace and that of the one before.

Knows the rows of the cycles alone, so the estimate is the same after a reload or a restart, and in
every process. Does not know what a cycle does.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from storage.cycles import Cycle

PACE_FROM = 20  # cycles to look at: the newest may have failed, or found nothing to learn
WRITTEN, MEASURED = 0.3, 0.95  # of a session's time: its pairs are written, it is being measured


@dataclass(frozen=True, slots=True)
class Progress:
    """Where the newest cycle stands; `done` of `total` steps of its stage."""

    running: bool
    stage: str = ""
    done: int = 0
    total: int = 0
    seconds_left: float | None = None
    session_id: str | None = None
    error: str | None = None
    sessions_done: int = 0
    sessions_total: int = 0


def progress(cycles: Sequence[Cycle]) -> Progress:
    """Where the first of `cycles`, given newest first, stands."""
    if not cycles:
        return Progress(running=False)
    cycle = cycles[0]
    return Progress(
        running=cycle.state == "running",
        stage=cycle.stage,
        done=cycle.done,
        total=cycle.total,
        seconds_left=seconds_left(cycles),
        session_id=cycle.session_id,
        error=cycle.error,
        **cycle.detail,
    )


def seconds_left(cycles: Sequence[Cycle], now: datetime | None = None) -> float | None:
    """The estimate for the first of `cycles`, given newest first; None when there is none.

    A session whose pairs are being written counts as half written. Before the first one is learning,
    the pace is that of the newest earlier cycle which ended well.
    """
    if not cycles or cycles[0].state != "running":
        return None
    done, total = _counted(cycles[0])
    took = _seconds(cycles[0], now or datetime.now(UTC))
    within = _learnt(cycles[0])
    if done or within:
        share = done + (within or WRITTEN / 2)
        return took / share * (total - share)
    usual = pace(cycles[1:])
    left = usual * total - took if usual else 0
    return left if left > 0 else None


def pace(cycles: Sequence[Cycle]) -> float | None:
    """Seconds that a session took in the newest of `cycles` which ended well, given newest first."""
    for cycle in cycles:
        dealt_with = _counted(cycle)[1]
        if cycle.state == "done" and cycle.ended_at and dealt_with:
            return _seconds(cycle, datetime.fromisoformat(cycle.ended_at)) / dealt_with
    return None


def lasting(seconds: float | None) -> str:
    """A duration in words: 40 s, 3 min, 1.5 h."""
    if seconds is None:
        return ""
    if seconds < 90:
        return f"{seconds:.0f} s"
    if seconds < 5400:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h"


def _counted(cycle: Cycle) -> tuple[int, int]:
    """Sessions done, and sessions in all."""
    return cycle.detail.get("sessions_done", 0), cycle.detail.get("sessions_total", 0)


def _learnt(cycle: Cycle) -> float:
    """The share of the session in work that is done, from its first step of learning on; else 0."""
    if cycle.stage in ("measuring", "writing the version"):
        return MEASURED
    if cycle.stage != "learning" or not cycle.done:
        return 0.0
    return WRITTEN + (MEASURED - WRITTEN) * cycle.done / cycle.total


def _seconds(cycle: Cycle, until: datetime) -> float:
    return (until - datetime.fromisoformat(cycle.started_at)).total_seconds()
