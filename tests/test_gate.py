"""Which candidates may serve, by their figures alone."""

import math
from dataclasses import replace

import pytest

from agent.config import Settings
from agent.gate import Measured, objection

GOOD = Measured(
    recall_new=0.9,
    recall_old=0.8,
    recall_before=0.85,
    abstain=0.9,
    never=24,
    drift=0.1,
    plain_drift=0.05,
    facts={},
)
SETTINGS = Settings(max_drift=0.3, min_abstain=0.5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({}, ""),
        ({"drift": 0.31}, "drifted 0.310"),
        ({"drift": math.nan}, "drifted nan"),
        ({"plain_drift": 0.11}, "drifted 0.110 nats per token from the base on plain text"),
        ({"plain_drift": math.nan}, "drifted nan"),
        ({"abstain": 9 / 24}, "admits only 38%"),  # one standard error of 24 is 0.10
        ({"abstain": 10 / 24}, ""),
        ({"abstain": 3 / 7, "never": 7}, ""),
        ({"abstain": 2 / 7, "never": 7}, "admits only 29%"),
        ({"abstain": None}, ""),  # nothing was asked
        ({"recall_old": 0.56}, ""),
        ({"recall_old": 0.5}, "recalls 50% of the earlier facts that were asked; of the same ones 85%"),
        ({"recall_old": 0.6, "recall_before": 0.7}, ""),  # the same ones were hardly known before
        ({"recall_old": None}, ""),
        ({"recall_before": None}, ""),
    ],
)  # fmt: skip
def test_objections(change: dict[str, float | None], words: str) -> None:
    found = objection(replace(GOOD, **change), SETTINGS)
    assert words in found
    assert bool(found) == bool(words)
