"""Measure, then promote: what a candidate knows with nothing in the prompt, and whether it may serve.

Asked word by word, which denies more than a chat does (settled.py), of the base and the candidate alike.
Knows the profile's probes and the model; not how the candidate came about.
"""

import math
import random
from collections.abc import Sequence
from dataclasses import dataclass

from agent.config import Settings
from agent.evaluate import answers, drift, plain_drift, system_only
from agent.model import Model
from agent.negatives import held_out
from agent.recall import fact_key, last_recall
from agent.record import pairs_of
from agent.synthesize import seed_of
from agent.text import agrees
from agent.unrelated import unrelated
from storage.profiles import Profile

PROBES_NEW, PROBES_OLD, PROBES_NEVER = 24, 24, 24
LOSS_OF_OLD = 0.3  # of the earlier facts; of 24 asked, chance alone moves the share by 0.1 or more
OLD_LEAST = 8  # fewer earlier probes than this say nothing
PLAIN_SHARE = (
    1 / 3
)  # of the drift allowed; 0.1 nats make the perplexity of plain text a tenth worse


@dataclass(frozen=True, slots=True)
class Measured:
    """What a candidate knows, each a share from 0 to 1; drift in nats per token."""

    recall_new: float
    recall_old: float | None  # of earlier facts that were asked before
    recall_before: float | None  # of the same ones, when each was last asked
    abstain: float | None
    never: int  # never-told questions that were asked
    drift: float  # on replies
    plain_drift: float  # on text without a chat
    facts: dict[str, float]  # what was asked of each fact, by `fact_key`


def measure(profile: Profile, model: Model, session_id: str, adapter: str | None) -> Measured:
    """Ask what no training pair asked in those words. Notes each probe's recall on the way."""
    rng = random.Random(seed_of(session_id))
    probes = profile.pairs.active(role="probe")
    new = [p for p in probes if p.session_id == session_id][:PROBES_NEW]
    new = new or pairs_of(profile, session_id, "train")[:PROBES_NEW]
    old = [p for p in probes if p.session_id != session_id]
    old = rng.sample(old, min(len(old), PROBES_OLD))
    never = [p for p in profile.pairs.active(role="negative") if held_out(p.question)]
    never = rng.sample(never, min(len(never), PROBES_NEVER))
    asked = [*new, *old, *never]
    told = answers(model, system_only(), [p.question for p in asked], adapter)
    right = [float(agrees(p.question, p.answer, t)) for p, t in zip(asked, told, strict=True)]
    profile.pairs.mark_recall(zip((p.id for p in asked), right, strict=True))
    first, second = len(new), len(new) + len(old)
    facts = {fact_key(p): r for p, r in zip(asked[:second], right, strict=False)}
    known = last_recall(profile)
    compared = [
        (known[fact_key(p)], now)
        for p, now in zip(old, right[first:second], strict=True)
        if fact_key(p) in known
    ]
    enough = len(compared) >= OLD_LEAST
    held = unrelated(model)
    return Measured(
        recall_new=_mean(right[:first]) or 0.0,
        recall_old=_mean([now for _, now in compared]) if enough else None,
        recall_before=_mean([before for before, _ in compared]) if enough else None,
        abstain=_mean(right[second:]),
        never=len(never),
        drift=drift(model, held.measure, adapter),
        plain_drift=plain_drift(model, held.plain_measure, adapter),
        facts=facts,
    )


def objection(measured: Measured, settings: Settings) -> str:
    """Why a candidate may not be promoted; empty when it may."""
    if not measured.drift <= settings.max_drift:  # also when it is not a number
        return (
            f"It drifted {measured.drift:.3f} nats per token from the base on unrelated talk; "
            f"the limit is {settings.max_drift:.3f}."
        )
    if not measured.plain_drift <= settings.max_drift * PLAIN_SHARE:
        return (
            f"It drifted {measured.plain_drift:.3f} nats per token from the base on plain text; "
            f"the limit is {settings.max_drift * PLAIN_SHARE:.3f}."
        )
    limit = settings.min_abstain
    by_chance = math.sqrt(limit * (1 - limit) / max(1, measured.never))  # after little was told
    if measured.abstain is not None and measured.abstain < limit - by_chance:
        return (
            f"It admits only {measured.abstain:.0%} of what it was never told; "
            f"the limit is {limit:.0%}."
        )
    recalled, held = measured.recall_old, measured.recall_before
    if held is not None and recalled is not None and recalled < held - LOSS_OF_OLD:
        return (
            f"It recalls {recalled:.0%} of the earlier facts that were asked; of the same ones "
            f"{held:.0%} were known before."
        )
    return ""


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None
