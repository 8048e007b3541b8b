"""Teach a small base to read a session, write its pairs, admit what it was not told, recommend.

    loss = that of the lessons (rows.py) + KL(p_untaught || p_taught) on text that the untaught model wrote

Only LoRA weights learn. Runs on two CPU cores in hours and on a GPU in minutes; a
checkpoint every few minutes, taken up by itself.

    python -m agent.default_model.teach OUT --base FOLDER [--steps N] [--minutes M]
"""

import itertools
import json
import os
import random
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated

import torch
import typer
from peft import LoraConfig
from rich.progress import Progress, TimeRemainingColumn
from torch import Tensor
from torch.nn.functional import kl_div, log_softmax
from torch.utils.data import DataLoader, IterableDataset, get_worker_info

from agent.default_model.lessons import Course, Lesson
from agent.default_model.rows import Rows, collate_rows, lesson_losses, lesson_row
from agent.loading import open_base
from agent.model import CANDIDATE, Model
from agent.optimizer import MasterAdamW
from agent.sampling import Sampling

RANK = 48
PEAK_LEARNING_RATE = 1.5e-3
OPTION_WEIGHT = 0.3
HOLD_WEIGHT = 5.0
HOLD_EVERY = 3  # steps
HOLD_TEXTS, HOLD_TOKENS = 1600, 120
WARM_UP = 0.03
OPENINGS = (
    "The", "In", "It was", "A", "She", "He", "When", "This", "There are", "One of the", "After",
    "According to", "The city of", "Most people", "During the", "For many years", "Water", "If you",
    "The first", "Scientists", "In the north of", "The book", "An", "They", "To make", "Children",
    "The company", "On the morning of", "Many birds", "Music", "The river", "What", "How to",
    "My", "Although", "From 1920 to", "At the university", "The film", "While", "These",
)  # fmt: skip


class Batches(IterableDataset[list[Rows]]):
    """Batches number `first`, `first` + 1, … of the course, each in parts of `at_once` lessons. A
    batch follows from `seed` and its number alone, so that a run can be taken up again and several
    processes can make them."""

    def __init__(
        self, model: Model, course: Course, seed: int, first: int, lessons: int, at_once: int
    ) -> None:
        self._model, self._course = model, course
        self._seed, self._first = seed, first
        self._lessons, self._at_once = lessons, at_once

    def __iter__(self) -> Iterator[list[Rows]]:
        worker = get_worker_info()
        start, step = (worker.id, worker.num_workers) if worker else (0, 1)
        for number in itertools.count(self._first + start, step):
            rng = random.Random(f"{self._seed} {number}")
            lessons = [self._course.lesson(rng) for _ in range(self._lessons)]
            yield _parts(self._model, lessons, self._at_once, rng)


def _parts(model: Model, lessons: Sequence[Lesson], at_once: int, rng: random.Random) -> list[Rows]:
    made = [lesson_row(model, lesson, rng) for lesson in lessons]
    made = [row for row in made if len(row.tree.labels_N) > 4]
    return [collate_rows(made[k : k + at_once]) for k in range(0, len(made), at_once)]


def hold_loss(model: Model, ids_BT: Tensor) -> Tensor:
    """KL(p_untaught || p_taught) over plain text, in nats per token."""

    def logits() -> Tensor:
        hidden = model.backbone(input_ids=ids_BT, use_cache=False).last_hidden_state
        found: Tensor = log_softmax(model.head(hidden).float(), -1).flatten(0, 1)
        return found

    with torch.no_grad(), model.using(None):
        untaught_NV = logits()
    with model.using(CANDIDATE):
        return kl_div(logits(), untaught_NV, reduction="batchmean", log_target=True)


def hold_texts(model: Model) -> list[Tensor]:
    """(HOLD_TOKENS,) ids of plain text that the untaught model writes by itself."""
    openings = OPENINGS * 8
    starts = [model.tokenizer(opening)["input_ids"] for opening in openings]
    texts: list[Tensor] = []
    for seed in range(HOLD_TEXTS // len(starts) + 1):
        sampling = Sampling(max_tokens=HOLD_TOKENS, temperature=1.0, top_p=1.0, seed=seed)
        made = model.continue_all([], starts, sampling)
        for start, text in zip(openings, made, strict=True):
            ids = model.tokenizer(f"{start} {text}")["input_ids"][:HOLD_TOKENS]
            if len(ids) == HOLD_TOKENS:
                texts.append(torch.tensor(ids))
    return texts[:HOLD_TEXTS]


@torch.no_grad()
def held_out_loss(model: Model, batches: Sequence[Rows]) -> float:
    with model.using(CANDIDATE):
        losses = [float(lesson_losses(model, rows.to(model.device))[0]) for rows in batches]
    return sum(losses) / len(losses)


def learning_rate_scale(progress: float) -> float:
    """Linear warm-up, then a straight line to a twentieth."""
    if progress < WARM_UP:
        return progress / WARM_UP + 0.01
    return max(0.05, 1 - (progress - WARM_UP) / (1 - WARM_UP))


def teach(
    out: Annotated[Path, typer.Argument(help="where the adapter and its checkpoint go")],
    base: Annotated[Path, typer.Option(help="folder of the untaught model")],
    steps: int = 1100,
    minutes: Annotated[float, typer.Option(help="end by then, at the schedule's end")] = 1e9,
    lessons: Annotated[int, typer.Option(help="lessons a step; 64 suit a large GPU")] = 4,
    start: Annotated[Path | None, typer.Option(help="an adapter to begin with")] = None,
    peak: Annotated[float, typer.Option(help="peak learning rate")] = PEAK_LEARNING_RATE,
    seed: int = 0,
) -> None:
    """Teach `base` and write the adapter into OUT; goes on from OUT's checkpoint if there is one.

    `start` teaches a finished adapter further, at best with a lower `peak` and another `seed`, so
    that it meets other lessons.
    """
    torch.manual_seed(seed)
    model = open_base(str(base), base.name)
    _attach(model, start)
    optimizer = MasterAdamW(model.parameters_of(CANDIDATE), peak)
    course = Course()
    rng = random.Random(seed)
    gpu = model.device.type == "cuda"
    at_once = lessons if gpu else 1  # four at once need 15 GB
    held_out = _parts(model, course.held_out(), at_once, random.Random(1))
    out.mkdir(parents=True, exist_ok=True)
    texts = kept_texts(model, out / "hold.pt")
    first, spent = _take_up(optimizer, out / "checkpoint.pt")
    made = Batches(model, course, seed, first, lessons, at_once)
    # On a GPU making the lessons takes longer than learning them.
    workers = max(1, (os.cpu_count() or 1) - 2) if gpu else 0
    batches = DataLoader(made, batch_size=None, num_workers=workers)
    log = (out / "progress.jsonl").open("a")
    with Progress(*Progress.get_default_columns(), TimeRemainingColumn()) as bar:
        task = bar.add_task("teaching", total=1.0)
        tokens, running, drift = 0, [], torch.zeros(())
        saved_at = last = time.monotonic()
        for step, parts in zip(range(first, steps), batches, strict=False):
            progress = max(step / steps, spent / 60 / minutes)
            if progress >= 1:
                break
            running.append(_learn(model, parts))
            if step % HOLD_EVERY == 0:
                held = torch.stack(rng.sample(texts, max(1, lessons // 2))).to(model.device)
                drift = hold_loss(model, held)
                (HOLD_WEIGHT * drift).backward()
            norm = optimizer.step(learning_rate_scale(progress))
            tokens += sum(int((rows.positions_BT > 0).sum()) for rows in parts)
            spent, last = spent + time.monotonic() - last, time.monotonic()
            bar.update(task, completed=progress)
            if step % 20 == 19:
                line = {
                    "step": step + 1,
                    "minutes": round(spent / 60, 2),
                    "progress": round(progress, 3),
                    "loss": round(sum(running) / len(running), 4),
                    "drift": round(float(drift.detach()), 4),
                    "norm": round(norm, 3),
                    "tokens": tokens,
                }
                if step % 100 == 99:
                    line["held_out"] = round(held_out_loss(model, held_out), 4)
                log.write(json.dumps(line) + "\n")
                log.flush()
                running = []
            if time.monotonic() - saved_at > 240:
                _save(model, optimizer, step + 1, spent, out)
                saved_at = time.monotonic()
    _save(model, optimizer, steps, spent, out)
    print(f"held-out loss {held_out_loss(model, held_out):.4f}; the adapter is in {out}")


def _learn(model: Model, parts: Sequence[Rows]) -> float:
    """Gradients of one batch; its answers' mean loss."""
    total = sum(len(rows.labels_N) for rows in parts)
    mean = 0.0
    for rows in parts:
        share = len(rows.labels_N) / total
        with model.using(CANDIDATE):
            answer, choice = lesson_losses(model, rows.to(model.device))
            (share * answer + OPTION_WEIGHT / len(parts) * choice).backward()
        mean += share * float(answer.detach())
    return mean


def _attach(model: Model, start: Path | None) -> None:
    if start:
        model.load_adapter(CANDIDATE, start, trainable=True)
        return
    config = LoraConfig(r=RANK, lora_alpha=RANK, target_modules="all-linear", task_type="CAUSAL_LM")
    model.new_adapter(CANDIDATE, config)


def kept_texts(model: Model, path: Path) -> list[Tensor]:
    if not path.exists():
        torch.save(hold_texts(model), path)
    texts: list[Tensor] = torch.load(path)
    return texts


def _take_up(optimizer: MasterAdamW, path: Path) -> tuple[int, float]:
    if not path.exists():
        return 0, 0.0
    state = torch.load(path)
    optimizer.load_state_dict(state["optimizer"])
    return state["step"], state["spent"]


def _save(model: Model, optimizer: MasterAdamW, step: int, spent: float, out: Path) -> None:
    model.save_adapter(CANDIDATE, out)
    partial = out / "checkpoint.partial"
    torch.save({"optimizer": optimizer.state_dict(), "step": step, "spent": spent}, partial)
    partial.replace(out / "checkpoint.pt")


if __name__ == "__main__":
    typer.run(teach)
