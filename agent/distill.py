"""The KL loop: what the model knows with a session in its prompt goes into an adapter.

    L = mean over answer tokens t of KL( p_teacher(. | session, q, a_<t) || p_student(. | q, a_<t) )

SELF-PARAM (Wang et al., ICLR 2025), equation 3; unrelated text, on which the student must equal the
base, enters as examples whose teacher is the base without a session (their equation 4).

Takes examples and a model and trains the adapter named CANDIDATE. Knows no database, no network, no
sessions.
"""

import math
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import torch
from peft import LoraConfig
from torch import Tensor

from agent.errors import Rejected
from agent.halves import Halves
from agent.model import CANDIDATE, Model
from agent.optimizer import MasterAdamW
from agent.recipe import Recipe
from agent.soft import Soft, joined, kl_top_k
from agent.tree import Branch, chains, pack

WARM_UP_STEPS = 5
SHORT = 27  # steps
RESTS = 2  # passes
OPENING = 2  # tokens
PLAIN_WEIGHT = 3.0  # of plain text's mean beside that of the questions


@dataclass(frozen=True, slots=True)
class Example:
    """One question as the student sees it: ids behind the system line, the answer's ids, and the
    teacher's distributions over the answer, which no certainty about it is mixed into when they are
    only to be `held`. One that `goes_on` is asked behind the example before it, in one chat. Or
    `plain` text, which stands behind nothing."""

    prompt: list[int]
    target: list[int]
    soft: Soft
    plain: bool = False
    goes_on: bool = False
    held: bool = False

    @property
    def branch(self) -> Branch:
        return Branch(self.prompt, self.target, self.goes_on)

    def wanted(self, answer_mix: float) -> Soft:
        """What the student is to say."""
        return self.soft if self.held else self.soft.toward(torch.tensor(self.target), answer_mix)


@dataclass(slots=True)
class Figures:
    """What a training run did."""

    passes: int = 0
    steps: int = 0
    tokens: int = 0
    seconds: float = 0.0
    train_loss: list[float] = field(default_factory=list)
    probe_loss: list[float] = field(default_factory=list)
    upper_half: bool = False


def lora_config(model: Model, recipe: Recipe) -> LoraConfig:
    """Plain LoRA on the recipe's projections, of the upper half of the layers where it says so."""
    layers = len(model.backbone.layers)
    first = layers // 2 if recipe.upper_half else 0
    return LoraConfig(
        r=recipe.rank,
        lora_alpha=recipe.alpha,
        lora_dropout=recipe.dropout,
        target_modules=list(recipe.targets),
        layers_to_transform=list(range(first, layers)),
        task_type="CAUSAL_LM",
    )


def distill(
    model: Model,
    prefix: Sequence[int],
    examples: Sequence[Example],
    probes: Sequence[Branch],
    recipe: Recipe,
    *,
    seed: int,
    on_step: Callable[[int, int], None] = lambda done, total: None,
) -> Figures:
    """Train CANDIDATE, which must be attached, on `examples`; `probes` are held-out wordings.

    A token's weight is 1, that of an answer's first OPENING tokens `recipe.opening`. There are
    `recipe.passes`, or `passes_short` where one has fewer than SHORT steps.

    An example on whose every token the student is within `recipe.known` nats of the teacher sits
    out the next RESTS passes, unless one behind it in its chat is due: a pass is as long as there is
    something left to learn. Plain text has no part in this: one of them, in turn, stands beside the
    questions of every so many steps, and its mean is added to theirs, PLAIN_WEIGHT times.

    `on_step(done, total)` is called before every step, in hundredths of the whole, and may raise
    to stop. Raises Rejected when the loss is no longer a number.
    """
    figures = Figures()
    began = time.monotonic()
    rng = random.Random(seed)
    torch.manual_seed(seed)  # dropout and noise
    with model.turnstile.back():  # an adapter may be on its way in
        weights = model.parameters_of(CANDIDATE)
    optimizer = MasterAdamW(weights, recipe.learning_rate, recipe.weight_decay)
    plain = [e for e in examples if e.plain]
    examples = [e for e in examples if not e.plain]
    branches = [e.branch for e in examples]
    wanted = [e.wanted(recipe.answer_mix) for e in examples]
    beside = [e.branch for e in plain]
    halves = Halves(model, prefix, [*branches, *probes], recipe, beside)
    figures.upper_half = halves.cut > 0
    resting = [0] * len(examples)  # passes that an example which is known sits out
    short = len(pack(prefix, branches, recipe.row_tokens)) < SHORT
    passes = recipe.passes_short if short else recipe.passes
    for number in range(passes):
        due = [_up_to_due(chain, resting) for chain in chains(branches)]
        due = [chain for chain in due if chain]
        resting = [max(0, left - 1) for left in resting]
        if not due:
            continue
        losses: list[float] = []
        order = [k for chain in rng.sample(due, len(due)) for k in chain]
        rows = pack(prefix, [branches[k] for k in order], recipe.row_tokens)
        for place, row in enumerate(rows):
            progress = (number + place / len(rows)) / passes
            on_step(round(100 * progress), 100)
            owners = [order[owner] for owner, _, _ in row.spans]
            soft = joined([wanted[k] for k in owners], model.device)
            beat, between = divmod(figures.steps, recipe.plain_every)
            turn = beat % len(plain) if plain and not between else None
            with (
                model.turnstile.back(),
                model.using(CANDIDATE),
                model.dropping_out(CANDIDATE),
            ):
                logits_NV = halves.logits(row, owners, turn)
                size = len(soft.logtail_N)
                loss_N = kl_top_k(logits_NV[:size], soft)
                weight_N = _weights([examples[k] for k in owners], recipe.opening, model.device)
                loss = (loss_N * weight_N).sum() / weight_N.sum()
                if turn is not None:
                    held = joined([plain[turn].soft], model.device)
                    apart_N = kl_top_k(logits_NV[size:], held)
                    loss = loss + PLAIN_WEIGHT * apart_N.mean()
                if not torch.isfinite(loss):
                    raise Rejected("The training diverged: the loss is no longer a number.")
                loss.backward()
                warm_up = min(1.0, (figures.steps + 1) / WARM_UP_STEPS)
                norm = optimizer.step(warm_up * max(0.1, 1 - progress))
            if not math.isfinite(norm):
                raise Rejected("The training diverged: a gradient is no longer a number.")
            sizes = [len(examples[k].target) for k in owners]
            for k, part in zip(owners, loss_N.detach().split(sizes), strict=True):
                resting[k] = RESTS if float(part.max()) < recipe.known else 0
            losses.append(float(loss_N.detach().mean()))
            figures.steps += 1
            figures.tokens += len(row.ids_T)
        figures.passes += 1
        figures.train_loss.append(sum(losses) / len(losses))
        if probes:
            figures.probe_loss.append(halves.probe_loss(len(branches), probes))
    figures.seconds = time.monotonic() - began
    return figures


def _up_to_due(chain: Sequence[int], resting: Sequence[int]) -> list[int]:
    """The chain up to the last of its examples that does not rest."""
    due = [place for place, k in enumerate(chain) if resting[k] == 0]
    return [*chain[: due[-1] + 1]] if due else []


def _weights(examples: Sequence[Example], opening: float, device: torch.device) -> Tensor:
    """(N,) of the examples' target tokens."""
    weights = [opening if n < OPENING else 1.0 for e in examples for n in range(len(e.target))]
    return torch.tensor(weights, device=device)
