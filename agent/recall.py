"""How well what was learnt is recalled: the newest figure of every fact that still counts.

Taken from the versions, not from the pairs, so that going back to a version goes back to what was
known then. Knows the profile; no model, so that a list of sessions need not load one.
"""

from collections.abc import Collection, Mapping

from storage.pairs import Pair
from storage.profiles import Profile


def fact_key(pair: Pair) -> str:
    return f"{pair.session_id}:{pair.fact}"


def last_recall(profile: Profile) -> dict[str, float]:
    """By `fact_key`, how each fact was recalled when it was last asked on the way to the version
    in use."""
    found: dict[str, float] = {}
    for figures in profile.adapters.way():
        found = figures.get("facts", {}) | found
    return found


def facts_of(pairs: Collection[Pair]) -> set[str]:
    """The facts that these pairs tell."""
    return {fact_key(pair) for pair in pairs if pair.role != "negative"}


def recalled(pairs: Collection[Pair], known: Mapping[str, float]) -> float | None:
    """The share of these pairs' facts that is recalled, by `last_recall`; None when none was asked.
    A corrected one was not asked since: its pairs have no recall."""
    asked = facts_of([pair for pair in pairs if pair.recall is not None])
    shares = [known[key] for key in asked if key in known]
    return sum(shares) / len(shares) if shares else None
