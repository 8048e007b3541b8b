"""What speed is like in daily use: replies during an absorption, the memory that one takes, and the
three-hundredth session beside the first.

Knows the product's loop and service; no other way of training.
"""

import random
import tempfile
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from statistics import median
from typing import Any

import psutil
import torch

from agent.config import load_settings
from agent.curriculum import Curriculum
from agent.distill import distill, lora_config
from agent.evaluate import system_only
from agent.model import CANDIDATE, CHAT, Model
from agent.recipe import RECIPES, exactly
from agent.sampling import Sampling
from agent.service import Service
from bench import integrity, shared
from bench.tiny import tiny_model
from storage.profiles import Profile

RECIPE = RECIPES["inweight"]

# --- replies during an absorption ---------------------------------------------------------------

ASKED = (
    "Good morning, how are you?", "What shall I cook tonight?", "Tell me about the sea.",
    "How do I plant tulips?", "Why do cats purr?", "What is a good name for a boat?",
    "How far away is the moon?", "Which tea keeps me awake?", "Can you tell me a joke?",
)  # fmt: skip
REPLY_TOKENS = 12
SPREAD = 0.6  # of the quiet run's time, over which the questions are asked: all fall inside


@dataclass(frozen=True, slots=True)
class Reply:
    """One chat reply: its text, seconds to its first token and to its end, and its tokens."""

    text: str
    first: float
    whole: float
    tokens: int


def reply(model: Model, question: str) -> Reply:
    """Ask as a fresh chat does, with an adapter of the product's size."""
    times: list[float] = []
    began = time.monotonic()

    def token_made() -> bool:
        times.append(time.monotonic() - began)
        return False

    turns = [*system_only(), {"role": "user", "content": question}]
    grown = [*model.stream(turns, Sampling(REPLY_TOKENS), adapter=CHAT, stopped=token_made)]
    whole = time.monotonic() - began
    return Reply(grown[-1] if grown else "", times[0] if times else whole, whole, len(times))


def replies_meanwhile(
    model: Model, plan: Curriculum, examples: int, passes: int, seed: int
) -> dict[str, Any]:
    """The same replies with the model idle and while `distill` works in another thread, and the
    same training undisturbed and with the replies."""
    recipe = exactly(passes, replace(RECIPE, known=0.0))  # the same work both times

    def learn() -> None:
        distill(model, plan.prefix, plan.examples[:examples], [], recipe, seed=seed)

    model.new_adapter(CHAT, lora_config(model, recipe), seed)
    model.new_adapter(CANDIDATE, lora_config(model, recipe), seed)
    reply(model, ASKED[-1])  # the system line is in the cache from now on
    idle = [reply(model, question) for question in ASKED]
    began = time.monotonic()
    learn()
    quiet_seconds = time.monotonic() - began
    model.new_adapter(CANDIDATE, lora_config(model, recipe), seed)
    busy, busy_seconds = asked_during(model, learn, quiet_seconds * SPREAD, seed)
    model.drop_adapter(CHAT)
    return compared(idle, busy, quiet_seconds, busy_seconds)


def asked_during(
    model: Model, learn: Callable[[], None], over: float, seed: int
) -> tuple[list[Reply], float]:
    """The questions asked at chance times `over` so many seconds while `learn` runs in a thread;
    only replies that were asked for before it ended, and how long it took."""
    rng = random.Random(seed)
    pauses = [rng.random() for _ in ASKED]
    ended: list[float] = []

    def work() -> None:
        learn()
        ended.append(time.monotonic())

    thread = threading.Thread(target=work)
    began = time.monotonic()
    thread.start()
    found = []
    for question, pause in zip(ASKED, pauses, strict=True):
        time.sleep(over * pause / sum(pauses))
        if thread.is_alive():
            found.append(reply(model, question))
    thread.join()
    return found, ended[0] - began


def compared(
    idle: Sequence[Reply], busy: Sequence[Reply], quiet_seconds: float, busy_seconds: float
) -> dict[str, Any]:
    """`lost` replies are those that differ from the one the idle model gave."""
    first_idle, first_busy = (median(r.first for r in rows) for rows in (idle, busy))
    own = sum(reply.whole - reply.first + first_idle for reply in busy)
    later = [(r.whole - r.first) / (r.tokens - 1) for r in idle if r.tokens > 1]
    return {
        "first_token_seconds_idle": first_idle,
        "first_token_seconds_busy": first_busy,
        "first_token_seconds_busy_most": max(r.first for r in busy),
        "first_token_ratio": first_busy / first_idle,
        "replies": len(busy),
        "replies_lost": sum(a.text != b.text for a, b in zip(idle, busy, strict=False)),
        "seconds_per_token": median(later) if later else first_idle,
        "training_seconds_quiet": quiet_seconds,
        "training_seconds_busy": busy_seconds,
        "replies_own_seconds": own,
        "training_longer_beyond_replies": busy_seconds - quiet_seconds - own,
    }


# --- memory -------------------------------------------------------------------------------------

LOOKED_EVERY = 0.02  # seconds


def resident() -> int:
    """Bytes that this process holds now."""
    found: int = psutil.Process().memory_info().rss
    return found


@contextmanager
def peak() -> Iterator[list[int]]:
    """The most bytes held inside, as the list's one item, looked at again and again: the system's
    own peak is that of the whole process and never falls."""
    most, done = [resident()], threading.Event()

    def look() -> None:
        while not done.wait(LOOKED_EVERY):
            most[0] = max(most[0], resident())

    thread = threading.Thread(target=look)
    thread.start()
    try:
        yield most
    finally:
        done.set()
        thread.join()


def model_bytes(model: Model) -> int:
    """The base's weights, those that are shared once."""
    return sum(p.numel() * p.element_size() for p in model.network.parameters())


# --- session after session ----------------------------------------------------------------------

FACTS_EACH = 4
AROUND = 5  # sessions whose median stands for one


def many_sessions(
    count: int, firsts: int, seed: int, say: Callable[[str], None] = print
) -> dict[str, Any]:
    """Seconds of the 1st, 10th, 100th and last of `count` absorptions in one profile, on the tiny
    model; the first is the median of `firsts` in profiles of their own, after one that does not
    count. The first has nothing to replay and no earlier fact to be asked; the tenth has."""
    model, threads = tiny_model(seed=seed), torch.get_num_threads()
    torch.set_num_threads(1)  # on so small a model several wait for each other
    first = [seconds_each(model, 1)[0] for _ in range(firsts + 1)][1:]
    took = seconds_each(model, count, say)
    torch.set_num_threads(threads)
    marks = [k for k in (10, 100) if k < count] + [count]
    found = {1: median(first)} | {k: around(took, k) for k in marks}
    return {
        "sessions": count,
        "pairs_each": FACTS_EACH * len(integrity.ASKED),
        "seconds": {str(k): seconds for k, seconds in found.items()},
        "last_to_first": found[count] / found[1],
        "last_to_tenth": found[count] / around(took, min(10, count)),
    }


def around(took: Sequence[float], number: int) -> float:
    """The median of the absorptions next to number `number`, counted from 1."""
    last = min(len(took), number + AROUND // 2)
    return median(took[max(0, last - AROUND) : last])


def seconds_each(
    model: Model, count: int, say: Callable[[str], None] = lambda line: None
) -> list[float]:
    """How long each of `count` absorptions took in a new profile, gate and version included."""
    settings = load_settings(max_drift=1e9, min_abstain=0.0)
    took = []
    with tempfile.TemporaryDirectory() as scratch:
        service = Service(Profile(Path(scratch), "speed"), model, settings)
        for number in range(count):
            session, pairs = facts_of(number)
            shared.add_session(service.profile, session, {session["id"]: pairs})
            began = time.monotonic()
            service.absorb_now()
            took.append(time.monotonic() - began)
            if number % 50 == 49:
                say(f"session {number + 1}: {took[-1]:.2f} s")
        service.profile.close()
    model.drop_adapter(CANDIDATE)
    return took


def facts_of(number: int) -> tuple[shared.Row, list[shared.Row]]:
    """Session `number`, which tells FACTS_EACH new facts, and its pairs."""
    first = number * FACTS_EACH
    told = [integrity.one_fact(k) for k in range(first, first + FACTS_EACH)]
    session = told[0][0] | {"messages": [m for row, _ in told for m in row["messages"]]}
    pairs = [pair | {"fact": k} for k, (_, rows) in enumerate(told) for pair in rows]
    return session, pairs
