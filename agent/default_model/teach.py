"""Teach a small base to read a session, write its pairs, admit what it was not told, recommend.

    loss = -log p(answer | context, question)            on every exercise's answer
         - log softmax_o(s * mean log p(option o))[fit]  on requests with options
         + KL(p_untaught || p_taught)                    on text that the untaught model wrote

A lesson is one tree (agent/tree.py): its session is read once for all its exercises. Only LoRA
weights learn. Runs on two CPU cores in about two hours and on a GPU in minutes; a checkpoint every
few minutes, taken up by itself.

    python -m agent.default_model.teach OUT [--base FOLDER] [--steps N] [--minutes M]
"""

import json
import random
import time
from pathlib import Path
from typing import Annotated

import torch
import typer
from peft import LoraConfig
from rich.progress import Progress, TimeRemainingColumn
from torch import Tensor
from torch.nn.functional import cross_entropy, kl_div, log_softmax

from agent.default_model.data import Course, Lesson
from agent.model import CANDIDATE, Model, Sampling, _open
from agent.optimizer import MasterAdamW
from agent.tree import Branch, Tree, collate, pack, target_logits

RANK = 32
PEAK_LEARNING_RATE = 1.2e-3
LESSONS_PER_STEP = 4
ROW_TOKENS = 720
OPTION_SHARPNESS = 5.0
OPTION_WEIGHT = 0.3
HOLD_WEIGHT = 2.0
HOLD_EVERY = 2  # steps
WARM_UP = 0.03
OPENINGS = (
    "The", "In", "It was", "A", "She", "He", "When", "This", "There are", "One of the", "After",
    "According to", "The city of", "Most people", "During the", "For many years", "Water", "If you",
    "The first", "Scientists", "In the north of", "The book", "An", "They", "To make", "Children",
    "The company", "On the morning of", "Many birds", "Music", "The river", "What", "How to",
    "My", "Although", "From 1920 to", "At the university", "The film", "While", "These",
)  # fmt: skip


def lesson_row(model: Model, lesson: Lesson, rng: random.Random) -> tuple[Tree, list[list[int]]]:
    """The lesson as one row of at most about ROW_TOKENS, and for each request with options the
    numbers of its branches (the fitting one first)."""
    context = lesson.context
    prefix: list[int] = []
    branches: list[Branch] = []
    groups: list[list[int]] = []
    total = 0
    for exercise in rng.sample(lesson.exercises, len(lesson.exercises)):
        start, whole = model.split(context, [{"role": "user", "content": exercise.question}])
        prefix = prefix or whole[:start]
        targets = [model.answer_ids(t) for t in exercise.options or (exercise.answer,)]
        cost = sum(len(whole) - start + len(target) for target in targets)
        if branches and len(prefix) + total + cost > ROW_TOKENS:
            continue
        total += cost
        if exercise.options:
            groups.append(list(range(len(branches), len(branches) + len(targets))))
        branches += [Branch(whole[start:], target) for target in targets]
    (row,) = pack(prefix, branches, 10**9)
    if lesson.replies:
        _learn_replies(model, context, row)
    return row, groups


def _learn_replies(model: Model, context: list[dict[str, str]], row: Tree) -> None:
    """Also take the loss on the context's own assistant messages (owner -1)."""
    for k, message in enumerate(context):
        if message["role"] == "assistant":
            start = len(model.prompt(context[:k]))
            target = model.answer_ids(message["content"])
            if row.ids_T[start : start + len(target)] == target:
                row.sources_N += range(start - 1, start - 1 + len(target))
                row.labels_N += target
                row.owners_N += [-1] * len(target)


def lesson_loss(
    model: Model, lesson: tuple[Tree, list[list[int]]], share: float = 1.0
) -> tuple[Tensor, float]:
    """The first two terms of the loss on one lesson of a batch, and its answers' mean loss alone in
    nats per token. `share`: the part of the batch's answer tokens that are this lesson's."""
    tree, groups = lesson
    batch = collate([tree], model.device)
    logits_NV = target_logits(model.backbone, model.head, batch).float()
    losses_N = cross_entropy(logits_NV, batch.labels_N, reduction="none")
    free_N = torch.ones_like(losses_N, dtype=torch.bool)
    choices = []
    for group in groups:
        places = [batch.owners_N == owner for owner in group]
        means = torch.stack([-losses_N[place].mean() for place in places])
        choices.append(-log_softmax(OPTION_SHARPNESS * means, 0)[0])
        free_N &= ~torch.stack(places).any(0)
    answer = losses_N[free_N].mean()
    loss = answer * share
    if choices:
        loss = loss + OPTION_WEIGHT * torch.stack(choices).sum() / LESSONS_PER_STEP
    return loss, float(answer.detach())


def answer_tokens(lesson: tuple[Tree, list[list[int]]]) -> int:
    """Target tokens of the lesson outside its options."""
    tree, groups = lesson
    options = {owner for group in groups for owner in group}
    return sum(owner not in options for owner in tree.owners_N)


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


def hold_texts(model: Model, rows: int, tokens: int) -> list[Tensor]:
    """(tokens,) ids of plain text and chat that the untaught model writes by itself."""
    starts = [model.tokenizer(opening)["input_ids"] for opening in OPENINGS]
    texts: list[Tensor] = []
    for seed in range(rows // len(starts) + 1):
        sampling = Sampling(max_tokens=tokens, temperature=1.0, top_p=1.0, seed=seed)
        made = model.continue_all([], starts, sampling)
        for start, text in zip(OPENINGS, made, strict=True):
            ids = model.tokenizer(f"{start} {text}")["input_ids"][:tokens]
            if len(ids) == tokens:
                texts.append(torch.tensor(ids))
    return texts[:rows]


@torch.no_grad()
def held_out_loss(model: Model, rows: list[tuple[Tree, list[list[int]]]]) -> float:
    with model.using(CANDIDATE):
        losses = [lesson_loss(model, row)[1] for row in rows if len(row[0].labels_N) > 4]
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
    start: Annotated[Path | None, typer.Option(help="an adapter to begin with")] = None,
    peak: Annotated[float, typer.Option(help="peak learning rate")] = PEAK_LEARNING_RATE,
    seed: int = 0,
) -> None:
    """Teach `base` and write the adapter into OUT; goes on from OUT's checkpoint if there is one.

    `start` teaches a finished adapter further, at best with a lower `peak` and another `seed`, so
    that it meets other lessons.
    """
    torch.manual_seed(seed)
    model = _open(str(base), base.name)
    _attach(model, start)
    optimizer = MasterAdamW(model.parameters_of(CANDIDATE), peak)
    course = Course()
    rng = random.Random(seed)
    lessons = course.lessons(seed)
    held_out = [lesson_row(model, lesson, random.Random(1)) for lesson in course.held_out()]
    out.mkdir(parents=True, exist_ok=True)
    texts = _kept_texts(model, out / "hold.pt")
    first, spent = _take_up(optimizer, out / "checkpoint.pt")
    for _ in range(first * LESSONS_PER_STEP):
        next(lessons)
    log = (out / "progress.jsonl").open("a")
    with Progress(*Progress.get_default_columns(), TimeRemainingColumn()) as bar:
        task = bar.add_task("teaching", total=steps, completed=first)
        tokens, saved_at, running = 0, time.monotonic(), []
        drift = torch.zeros(())
        for step in range(first, steps):
            began = time.monotonic()
            progress = max(step / steps, spent / 60 / minutes)
            if progress >= 1:
                break
            rows = [lesson_row(model, next(lessons), rng) for _ in range(LESSONS_PER_STEP)]
            total = sum(map(answer_tokens, rows))
            for row in rows:  # one after another: a batch at once needs 15 GB
                share = answer_tokens(row) / total
                with model.using(CANDIDATE):
                    loss, answer = lesson_loss(model, row, share)
                    loss.backward()
                running.append(answer)
            tokens += sum(len(row.ids_T) for row, _ in rows)
            if step % HOLD_EVERY == 0:
                drift = hold_loss(model, torch.stack(rng.sample(texts, 1)).to(model.device))
                (HOLD_WEIGHT * drift).backward()
            norm = optimizer.step(learning_rate_scale(progress))
            spent += time.monotonic() - began
            bar.update(task, advance=1)
            if step % 20 == 19:
                line = {
                    "step": step + 1,
                    "minutes": round(spent / 60, 2),
                    "progress": round(progress, 3),
                    "loss": round(sum(running) / len(running), 4),
                    "drift": round(float(drift), 4),
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


def _attach(model: Model, start: Path | None) -> None:
    if start:
        model.load_adapter(CANDIDATE, start, trainable=True)
        return
    config = LoraConfig(r=RANK, lora_alpha=RANK, target_modules="all-linear", task_type="CAUSAL_LM")
    model.new_adapter(CANDIDATE, config)


def _kept_texts(model: Model, path: Path) -> list[Tensor]:
    if not path.exists():
        torch.save(hold_texts(model, 240, 120), path)
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
