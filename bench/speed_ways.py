"""Three ways to bring one session's pairs into the weights, from the same pairs on the same machine.

    product   curriculum and distill, as a cycle runs them
    paper     SELF-PARAM written straightforwardly: two pairs and two unrelated exchanges at a time,
              the teacher reads the session anew for each pair, all padded, logits at every position,
              LoRA on every layer
    plain     peft and a next-token loss on the answers: eight at a time, padded, logits at every
              position, LoRA on all matrices of all layers, AdamW at the product's learning rate

Knows how each trains and what it took; not what the figures are compared for.
"""

import random
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from statistics import fmean
from typing import Any

import torch
from peft import LoraConfig
from torch import Tensor, nn

from agent.curriculum import Curriculum, curriculum
from agent.distill import Figures, distill, lora_config
from agent.evaluate import answers, system_only
from agent.halves import Halves
from agent.model import CANDIDATE, Message, Model
from agent.recipe import RECIPES, Recipe
from agent.record import pairs_of
from agent.text import agrees
from agent.transcript import session_as_read
from agent.tree import Tree
from agent.unrelated import unrelated
from bench.speed_case import ID
from bench.speed_floor import Work
from storage.pairs import Pair
from storage.profiles import Profile

PAPER_BATCH, PLAIN_BATCH = 2, 8
IGNORED = -100  # labels that the loss of transformers leaves out
Row = tuple[list[int], list[int]]  # a prompt and the answer behind it


def recall_of(
    model: Model, profile: Profile, role: str = "probe", adapter: str | None = CANDIDATE
) -> float:
    """Share of the held-out wordings (or of the never-told questions, role "negative") answered
    rightly with nothing in the prompt, as the gate scores it."""
    probes = pairs_of(profile, ID, role)
    told = answers(model, system_only(), [p.question for p in probes], adapter)
    return fmean(agrees(p.question, p.answer, t) for p, t in zip(probes, told, strict=True))


# --- the product --------------------------------------------------------------------------------


@dataclass(slots=True)
class Seen:
    """What the student's passes went through: the training rows, the probes', and how often each
    example was presented."""

    trained: Work = field(default_factory=Work)
    probed: Work = field(default_factory=Work)
    presented: Counter[int] = field(default_factory=Counter)


@contextmanager
def watched() -> Iterator[Seen]:
    """Note every row that `distill` gives to the student inside."""
    seen, plain = Seen(), Halves.logits

    def noting(halves: Halves, row: Tree, owners: Sequence[int], text: int | None = None) -> Tensor:
        if torch.is_grad_enabled():
            seen.trained.add(row)
            seen.presented.update(owners)
        else:
            seen.probed.add(row)
        if text is not None:
            seen.trained.add(halves.plain[text])
        return plain(halves, row, owners, text)

    Halves.logits = noting  # type: ignore[method-assign,assignment]
    try:
        yield seen
    finally:
        Halves.logits = plain  # type: ignore[method-assign]


@dataclass(slots=True)
class Absorbed:
    """One absorption by the product, and what it took."""

    plan: Curriculum
    figures: Figures
    seen: Seen
    reading_seconds: float  # curriculum: the teacher's distributions

    @property
    def seconds(self) -> float:
        return self.reading_seconds + self.figures.seconds

    def own(self, model: Model, pairs: Sequence[Pair]) -> set[int]:
        """Which examples of the plan are these pairs'; the plan has an order of its own."""
        answers = {tuple(model.answer_ids(pair.answer)) for pair in pairs}
        return {k for k, e in enumerate(self.plan.examples) if tuple(e.target) in answers}


def absorb(model: Model, profile: Profile, recipe: Recipe, seed: int) -> Absorbed:
    """The session's pairs into a new CANDIDATE."""
    model.new_adapter(CANDIDATE, lora_config(model, recipe), seed)
    began = time.monotonic()
    plan = curriculum(profile, model, recipe, ID)
    reading = time.monotonic() - began
    with watched() as seen:
        figures = distill(model, plan.prefix, plan.examples, plan.probes, recipe, seed=seed)
    return Absorbed(plan, figures, seen, reading)


# --- the paper's recipe, straightforwardly ------------------------------------------------------


def paper(model: Model, profile: Profile, sample: int, seed: int) -> dict[str, Any]:
    """Seconds for each presentation of a pair, over `sample` pairs."""
    recipe = replace(RECIPES["self-param"], pairs_most=None)
    session = session_as_read(profile, model, ID)
    pairs = [(p.question, p.answer) for p in pairs_of(profile, ID, "train")]
    pairs = random.Random(seed).sample(pairs, min(sample, len(pairs)))
    talk = unrelated(model).train
    model.new_adapter(CANDIDATE, lora_config(model, recipe), seed)
    optimizer = torch.optim.AdamW(
        model.parameters_of(CANDIDATE), recipe.learning_rate, weight_decay=recipe.weight_decay
    )
    losses = []
    began = time.monotonic()
    for start in range(0, len(pairs), PAPER_BATCH):
        told = pairs[start : start + PAPER_BATCH]
        other = [talk[k % len(talk)] for k in range(start, start + len(told))]
        loss = paper_loss(model, session, told) + paper_loss(model, system_only(), other)
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        losses.append(float(loss.detach()))
    seconds = time.monotonic() - began
    return {
        "sampled_pairs": len(pairs),
        "seconds_per_pair": seconds / len(pairs),
        "loss": fmean(losses),
    }


def paper_loss(
    model: Model, context: Sequence[Message], pairs: Sequence[tuple[str, str]]
) -> Tensor:
    """Mean KL over the answers' tokens from the base with `context` to the student without."""
    shown, alone = rows_behind(model, context, pairs), rows_behind(model, system_only(), pairs)
    with torch.no_grad(), model.using(None):
        teacher_NV = answer_logits(model, shown)
    with model.using(CANDIDATE), model.dropping_out(CANDIDATE):
        student_NV = answer_logits(model, alone)
    return nn.functional.kl_div(
        student_NV.float().log_softmax(-1),
        teacher_NV.float().log_softmax(-1),
        reduction="batchmean",
        log_target=True,
    )


def answer_logits(model: Model, rows: Sequence[Row]) -> Tensor:
    """(N, V): every position's logits are computed, those that predict the answers are taken."""
    ids_BT, mask_BT, labels_BT = padded(model, rows)
    logits_BTV = model.network(input_ids=ids_BT, attention_mask=mask_BT).logits
    found: Tensor = logits_BTV[:, :-1][labels_BT[:, 1:] != IGNORED]
    return found


# --- peft and a next-token loss -----------------------------------------------------------------


def plain(
    model: Model,
    profile: Profile,
    wanted: float,
    passes_most: int,
    seed: int,
    say: Callable[[str], None] = print,
) -> dict[str, Any]:
    """Train until `wanted` of the held-out wordings are known, or `passes_most` passes; the time of
    the measuring is not counted."""
    ours = RECIPES["inweight"]
    config = LoraConfig(
        r=ours.rank,
        lora_alpha=ours.alpha,
        target_modules="all-linear",
        exclude_modules=["lm_head"],
        task_type="CAUSAL_LM",
    )
    model.new_adapter(CANDIDATE, config, seed)
    rows = rows_behind(
        model, system_only(), [(p.question, p.answer) for p in pairs_of(profile, ID, "train")]
    )
    optimizer = torch.optim.AdamW(model.parameters_of(CANDIDATE), ours.learning_rate)
    rng, seconds = random.Random(seed), 0.0
    recall: list[float] = []
    while len(recall) < passes_most and (not recall or recall[-1] < wanted):
        began = time.monotonic()
        loss = plain_pass(model, rng.sample(rows, len(rows)), optimizer)
        seconds += time.monotonic() - began
        recall.append(recall_of(model, profile))
        say(f"plain, pass {len(recall)}: {seconds:.0f} s, loss {loss:.3f}, recall {recall[-1]:.2f}")
    reached = recall[-1] >= wanted
    return {
        "seconds": seconds,
        "passes": len(recall),
        "recall_by_pass": recall,
        "reached": "reached" if reached else "never reached",
        "is_lower_bound": not reached,
    }


def plain_pass(model: Model, rows: Sequence[Row], optimizer: torch.optim.Optimizer) -> float:
    losses = []
    with model.using(CANDIDATE):
        for start in range(0, len(rows), PLAIN_BATCH):
            ids_BT, mask_BT, labels_BT = padded(model, rows[start : start + PLAIN_BATCH])
            loss = model.network(input_ids=ids_BT, attention_mask=mask_BT, labels=labels_BT).loss
            loss.backward()
            optimizer.step()
            optimizer.zero_grad()
            losses.append(float(loss.detach()))
    return fmean(losses)


# --- both ---------------------------------------------------------------------------------------


def rows_behind(
    model: Model, context: Sequence[Message], pairs: Sequence[tuple[str, str]]
) -> list[Row]:
    """Each pair as a whole chat of its own behind the context."""
    return [
        (
            model.prompt([*context, {"role": "user", "content": question}]),
            model.answer_ids(answer),
        )
        for question, answer in pairs
    ]


def padded(model: Model, rows: Sequence[Row]) -> tuple[Tensor, Tensor, Tensor]:
    """Ids, mask and labels, (B, T) each, filled up on the right to the longest row."""
    longest = max(len(prompt) + len(answer) for prompt, answer in rows)
    ids_BT = torch.full((len(rows), longest), model.end_id, device=model.device)
    mask_BT, labels_BT = torch.zeros_like(ids_BT), torch.full_like(ids_BT, IGNORED)
    for k, (prompt, answer) in enumerate(rows):
        end = len(prompt) + len(answer)
        ids_BT[k, :end] = torch.tensor([*prompt, *answer])
        mask_BT[k, :end] = 1
        labels_BT[k, len(prompt) : end] = ids_BT[k, len(prompt) : end]
    return ids_BT, mask_BT, labels_BT
