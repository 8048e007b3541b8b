"""Teaching that goes on from a finished adapter: one more thing is learnt, the rest is held.

    loss = sum of term(model, rng) + HOLD_WEIGHT * KL(p_before || p_after) on the answers of lessons
    weights = before + share * (after - before)

Between the two ends lie weights that do the new thing nearly as well and lose less of the old ones
(WiSE-FT, Wortsman et al., CVPR 2022). Only LoRA weights learn. Knows lessons and how teaching passes; not
what the term is.
"""

import random
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated

import torch
import typer
from rich.progress import Progress, TimeRemainingColumn
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn.functional import kl_div, log_softmax

from agent.default_model.lessons import Course
from agent.default_model.rows import Rows, collate_rows, lesson_logits, lesson_row
from agent.default_model.teach import learning_rate_scale
from agent.loading import open_base
from agent.model import CANDIDATE, CHAT, Model
from agent.optimizer import MasterAdamW

WEIGHTS = "adapter_model.safetensors"
HOLD_WEIGHT = 5.0
HOLD_EXERCISES = 12  # of a lesson; with six every other step general questions cost reading
# A loss, or its parts, each of which is let go when its gradient is there.
Term = Callable[[Model, random.Random], Tensor | Iterable[Tensor]]
Figure = Callable[[Model, str], float]
Out = Annotated[Path, typer.Argument(help="where the adapter goes")]
Base = Annotated[Path, typer.Option(help="folder of the untaught model")]
Start = Annotated[Path, typer.Option(help="the taught adapter that it goes on from")]
Peak = Annotated[float, typer.Option(help="peak learning rate")]


def open_untaught(base: Path) -> Model:
    return open_base(str(base), base.name)


def go_on(
    course: Course,
    term: Term,
    figure: Figure,
    out: Path,
    model: Model,
    start: Path,
    minutes: float,
    peak: float,
    seed: int,
    share: float = 1.0,
    lessons: int = 1,
) -> None:
    """Teach the adapter `start` of the untaught `model` the term for so many minutes, `lessons` held in
    each step, go back to `share` of the way, and write it into `out`; print `figure(model, adapter)`
    before and after."""
    model.load_adapter(CHAT, start)
    model.load_adapter(CANDIDATE, start, trainable=True)
    optimizer = MasterAdamW(model.parameters_of(CANDIDATE), peak)
    rng = random.Random(seed)
    print(f"before: {figure(model, CHAT):.3f}", flush=True)
    began = time.monotonic()
    with Progress(*Progress.get_default_columns(), TimeRemainingColumn()) as bar:
        task = bar.add_task("teaching", total=1.0)
        step = 0
        while (progress := (time.monotonic() - began) / 60 / minutes) < 1:
            parts = term(model, rng)
            for part in [parts] if isinstance(parts, Tensor) else parts:
                part.backward()
            (HOLD_WEIGHT * changed(model, _held(model, course, lessons, rng))).backward()
            optimizer.step(learning_rate_scale(progress))
            step += 1
            bar.update(task, completed=progress)
    part_way(model.parameters_of(CHAT), model.parameters_of(CANDIDATE), share)
    model.save_adapter(CANDIDATE, out)
    as_it_ships(out)
    after = figure(model, CANDIDATE)
    print(f"after {step} steps: {after:.3f}; the adapter is in {out}")


def as_it_ships(folder: Path) -> None:
    """Round an adapter's file to bf16, as its base is: a CPU teaches in fp32, twice the size."""
    weights = {name: weight.bfloat16() for name, weight in load_file(folder / WEIGHTS).items()}
    save_file(weights, folder / WEIGHTS, metadata={"format": "pt"})


@torch.no_grad()
def part_way(before: Sequence[Tensor], after: Sequence[Tensor], share: float) -> None:
    """Move the weights `after` back to `share` of their way from those `before`."""
    for old, new in zip(before, after, strict=True):
        new.copy_(torch.lerp(old.float(), new.float(), share))


def changed(model: Model, rows: Rows) -> Tensor:
    """KL(p_before || p_after) over the answers' tokens; CHAT is the adapter before."""
    with torch.no_grad(), model.using(CHAT):
        before_NV = log_softmax(lesson_logits(model, rows), -1)
    with model.using(CANDIDATE):
        after_NV = log_softmax(lesson_logits(model, rows), -1)
    return kl_div(after_NV, before_NV, reduction="batchmean", log_target=True)


def _held(model: Model, course: Course, count: int, rng: random.Random) -> Rows:
    rows = []
    for _ in range(count):
        lesson = course.lesson(rng)
        lesson.exercises = rng.sample(lesson.exercises, min(HOLD_EXERCISES, len(lesson.exercises)))
        rows.append(lesson_row(model, lesson, rng))
    return collate_rows(rows).to(model.device)
