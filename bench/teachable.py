"""How well an adapter of the default model can be taught: lives of held-out sessions learn upon it.

python -m bench.teachable BASE ADAPTER... [--cohorts N]

As in agent/default_model/absorbing.py two lives learn some wordings of what they told, side by side, and
are asked for it in other people's words. Printed are the nats per token of these answers, the share that
comes out whole, and how far (nats) the answers moved that were to stay. One cohort takes four minutes of a
core and 5 GB. All adapters meet the same lives; it differs from life to life more than between adapters.
"""

from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from statistics import fmean
from typing import Annotated

import torch
import typer
from torch.nn.functional import cross_entropy, log_softmax

from agent.default_model.absorbing import Cohort, Cohorts, apart, learn, whole_answers
from agent.default_model.further import open_untaught
from agent.default_model.lessons import Course
from agent.default_model.lives import Lives
from agent.default_model.rows import lesson_logits
from agent.model import CANDIDATE, CHAT, Model

LIVES = 2


@dataclass(slots=True)
class Taught:
    """What a cohort answers once it has learnt: nats per token in other wordings, how many of these
    answers come out whole, and nats that the others moved."""

    nats: float
    whole: int
    asked: int
    moved: float


@torch.no_grad()
def taught(model: Model, cohort: Cohort) -> Taught:
    """CANDIDATE and CHAT must hold the same adapter."""
    with torch.enable_grad():
        pupils = learn(model, [rows.to(model.device) for rows in cohort.learnt], seed=0)
    nats, moved = [], []
    whole = asked = 0
    for rows in (one.to(model.device) for one in cohort.asked):
        with model.using(CHAT):
            before_NV = log_softmax(lesson_logits(model, rows), -1)
        with model.using(CANDIDATE), pupils.at_work():
            logits_NV = lesson_logits(model, rows)
        own_N = rows.weights_N > 0
        right, total = whole_answers(rows, logits_NV)
        whole, asked = whole + right, asked + total
        nats.append(float(cross_entropy(logits_NV[own_N], rows.labels_N[own_N])))
        moved.append(float(apart(logits_NV[~own_N], before_NV[~own_N]).mean()))
    return Taught(fmean(nats), whole, asked, fmean(moved))


def main(
    base: Annotated[Path, typer.Argument(help="folder of the untaught model")],
    adapters: list[Path],
    cohorts: int = 1,
) -> None:
    """Print a line for each adapter."""
    model, course = open_untaught(base), Course()
    drawn = [*islice(Cohorts(model, Lives(course.held_out_talks, course), LIVES, 1), cohorts)]
    for folder in adapters:
        for name in (CANDIDATE, CHAT):
            model.drop_adapter(name)
        model.load_adapter(CHAT, folder)
        model.load_adapter(CANDIDATE, folder, trainable=True)
        found = [taught(model, cohort) for cohort in drawn]
        print(
            f"{folder.name}: {fmean(one.nats for one in found):.3f} nats in other wordings, "
            f"{sum(one.whole for one in found)} of {sum(one.asked for one in found)} whole, "
            f"others moved {fmean(one.moved for one in found):.3f} nats",
            flush=True,
        )


if __name__ == "__main__":
    typer.run(main)
