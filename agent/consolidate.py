"""One cycle: every ended session becomes pairs, is distilled, measured, and promoted or rejected.

    ended → absorbing → pairs written, old facts retired, negatives drawn → candidate trained
          → measured with nothing in the prompt → gate → new version, absorbed

One session at a time and one version each, so a kill costs at most the session in work. All that
shapes a version (pairs, seeds, order) follows from the sessions alone, not from clocks or row
numbers; that is what lets `forget` rewind to before a session and go on without it, with the result
that it would have had. Knows the profile, the model and the settings; no UI.
"""

import logging
import os
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import Any

from filelock import FileLock, Timeout

from agent import negatives
from agent.config import Settings
from agent.dates import day_of
from agent.distill import Example, Figures, Soft, distill, lora_config, soft_targets
from agent.endpoint import EndpointWriter
from agent.errors import AgentError, Busy, Cancelled, Rejected
from agent.evaluate import answers, drift, system_only
from agent.model import CANDIDATE, Message, Model
from agent.recipe import RECIPES, Recipe, gentler
from agent.synthesize import (
    Draft,
    ModelWriter,
    Writer,
    _branches,
    answer_logprobs,
    fitting,
    said_so,
    seed_of,
    synthesize,
    teacher_context,
)
from agent.text import admits, agrees, keys, overlap, words
from agent.tree import Branch
from agent.unrelated import Unrelated, unrelated
from storage.pairs import Pair
from storage.profiles import Profile

log = logging.getLogger(__name__)

OLD_FACTS_ASKED = 32  # of what is known, asked again of a new session: has it changed?
SURE = -0.5  # mean log-probability at which a new session's answer replaces an old one
PROBES_NEW, PROBES_OLD, PROBES_NEVER = 24, 24, 12
LOSS_OF_OLD = 0.2  # share of the earlier facts that a candidate may lose at most
UNRELATED_BEFORE = 0.3  # share of questions that are trained behind an unrelated turn


@dataclass(frozen=True, slots=True)
class Measured:
    """What a candidate knows, each a share from 0 to 1; drift in nats per token."""

    recall_new: float
    recall_old: float | None
    abstain: float | None
    drift: float


class Cycle:
    """One run over the waiting sessions of a profile."""

    def __init__(self, profile: Profile, model: Model, settings: Settings) -> None:
        self._profile = profile
        self._model = model
        self._settings = settings
        self._recipe = RECIPES[settings.recipe]
        self._id = 0
        self._done = 0
        self._total = 0
        self._session: str | None = None

    def run(self, session_ids: Sequence[str] | None = None) -> list[str]:
        """Absorb the waiting sessions (or those of `session_ids` among them), oldest first.

        Returns the ids of the sessions that were dealt with. A session that fails is marked with
        the reason and the next one goes on. Raises Busy when another process is at it.
        """
        with alone(self._profile):
            recover(self._profile)
            self._id = self._profile.cycles.start(os.getpid())
            try:
                done = self._absorb_all(session_ids)
            except Cancelled:
                self._profile.cycles.finish(self._id, "cancelled")
                raise
            except BaseException as error:
                self._profile.cycles.finish(self._id, "failed", str(error) or repr(error))
                raise
            self._profile.cycles.finish(self._id, "done")
            return done

    def _absorb_all(self, session_ids: Sequence[str] | None) -> list[str]:
        done: list[str] = []
        while True:
            waiting = [
                s.id
                for s in self._profile.sessions.waiting()
                if s.id not in done and (session_ids is None or s.id in session_ids)
            ]
            if not waiting:
                return done
            self._done, self._total = len(done), len(done) + len(waiting)
            self._session = waiting[0]
            self._absorb_one(waiting[0])
            done.append(waiting[0])

    def _absorb_one(self, session_id: str) -> None:
        sessions = self._profile.sessions
        sessions.set_state(session_id, "absorbing")
        try:
            self._write_pairs(session_id)
            if not self._pairs(session_id, "train"):
                sessions.set_state(session_id, "nothing_new")
                return
            self._train(session_id)
        except Cancelled:
            sessions.set_state(session_id, "ended")
            raise
        except AgentError as error:
            sessions.set_state(session_id, "failed", error=str(error))
        except Exception as error:
            log.exception("session %s failed", session_id)
            sessions.set_state(
                session_id, "failed", error=f"Something unforeseen went wrong: {error!r}"
            )

    def _pairs(self, session_id: str, role: str) -> list[Pair]:
        return [p for p in self._profile.pairs.of(session_id) if p.role == role]

    def _say(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Write down where the cycle stands; the one place where it can be stopped."""
        cycles = self._profile.cycles
        detail = {"sessions_done": self._done, "sessions_total": self._total}
        cycles.progress(
            self._id,
            stage=stage,
            done=done,
            total=total,
            session_id=self._session,
            detail=detail,
        )
        if cycles.cancel_requested(self._id):
            raise Cancelled("The absorption was stopped; the session waits for the next one.")

    # --- pairs -------------------------------------------------------------------------------

    def _write_pairs(self, session_id: str) -> None:
        """Facts, changes to what was known, and negatives: stored together or not at all."""
        pairs = self._profile.pairs
        if any(p.origin != "user" for p in pairs.of(session_id)):
            return  # written before a kill, or kept from an earlier absorption
        self._say("writing pairs")
        messages = self._messages(session_id)
        day = day_of(self._profile.sessions.get(session_id).started_at)
        writer = self._writer(session_id)
        drafts = synthesize(messages, day, writer, self._model)
        gone = pairs.of(session_id, states=("removed",))
        drafts = [d for d in drafts if not any(_same_fact(d, old) for old in gone)]
        self._say("comparing with what is known")
        context = teacher_context(fitting(self._model, messages), day)
        said = words(" ".join(m["content"] for m in context if m["role"] == "user"))
        changes = self._changes(session_id, context, said)
        number = max((d.fact for d in drafts), default=-1)
        known = {d.question for d in drafts}
        for old, answer in changes:
            if old.question not in known:
                drafts.append(Draft(number + 1 + old.fact, old.question, answer))
        rows = [asdict(draft) | {"origin": writer.origin} for draft in drafts]
        if drafts:
            rows += self._negatives(session_id, drafts)
        retired = [old.id for old, _ in changes] + self._answered_negatives(drafts)
        pairs.add(session_id, rows)
        if retired:
            at = self._profile.sessions.get(session_id).started_at
            pairs.retire(retired, session_id, at)

    def _messages(self, session_id: str) -> list[Message]:
        found = self._profile.sessions.messages(session_id)
        return [{"role": m.role, "content": m.content} for m in found]

    def _writer(self, session_id: str) -> Writer:
        if self._settings.qa_base_url:
            return EndpointWriter(self._settings)
        return ModelWriter(self._model, seed_of(session_id))

    def _changes(
        self, session_id: str, context: Sequence[Message], said: set[str]
    ) -> list[tuple[Pair, str]]:
        """Known pairs to which this session, read by the base, gives another answer.

        Of the known facts only those are asked that share words with the session.
        """
        known = [
            p
            for p in self._profile.pairs.active()
            if p.session_id != session_id and p.role in ("train", "probe")
        ]
        near = [p for p in known if words(p.question) & said]
        near.sort(key=lambda p: -len(words(p.question) & said))
        facts: dict[tuple[str, int], list[Pair]] = {}
        for pair in near:
            facts.setdefault((pair.session_id, pair.fact), []).append(pair)
        asked = [group[0] for group in list(facts.values())[:OLD_FACTS_ASKED]]
        found = answers(self._model, context, [p.question for p in asked], None) if asked else []
        new = [
            (pair, answer)
            for pair, answer in zip(asked, found, strict=True)
            if not admits(answer)
            and not keys(pair.question, answer) & words(pair.answer)
            and said_so(pair.question, answer, said)
        ]
        sure = answer_logprobs(self._model, context, [(p.question, a) for p, a in new])
        return [
            (old, answer)
            for (pair, answer), logprob in zip(new, sure, strict=True)
            if logprob > SURE
            for old in self._profile.pairs.of(pair.session_id)
            if old.fact == pair.fact and old.role in ("train", "probe")
        ]

    def _answered_negatives(self, drafts: Sequence[Draft]) -> list[int]:
        """Earlier "never told" questions that these facts now answer."""
        asked = {d.question for d in drafts}
        return [
            p.id
            for p in self._profile.pairs.active(role="negative")
            if any(negatives.like(question, p.question) for question in asked)
        ]

    def _negatives(self, session_id: str, drafts: Sequence[Draft]) -> list[dict[str, Any]]:
        """Never-told questions with the base's own admission, where it does admit."""
        rng = random.Random(seed_of(session_id))
        known = [d.question for d in drafts]
        known += [p.question for p in self._profile.pairs.active() if p.role != "negative"]
        facts = [(d.question, d.answer) for d in drafts if d.role == "train"]
        wanted = max(8, int(len(drafts) * self._recipe.negatives))
        questions = negatives.never_told(facts, known, wanted, rng)
        told = answers(self._model, system_only(), questions, None)
        return [
            {"fact": -1, "question": q, "answer": a, "role": "negative", "origin": "model"}
            for q, a in zip(questions, told, strict=True)
            if admits(a)
        ]

    # --- training ----------------------------------------------------------------------------

    def _train(self, session_id: str) -> None:
        """Distil, measure, and promote; one gentler retry; a rejected candidate is kept aside."""
        before = self._profile.adapters.active()
        reason = ""
        for recipe in (self._recipe, gentler(self._recipe)):
            began = time.monotonic()
            self._attach(before.number if before else None, recipe)
            try:
                figures = self._distil(session_id, recipe)
                self._say("measuring")
                measured = self._measure(session_id, CANDIDATE)
                reason = self._objection(measured, session_id)
            except Rejected as error:
                figures, measured, reason = Figures(), None, str(error)
            seconds = time.monotonic() - began
            self._keep(session_id, recipe, figures, measured, reason, seconds)
            if not reason:
                return
            log.warning("candidate rejected: %s", reason)
        raise Rejected(
            f"What was learnt from this session was not taken over, twice: {reason} "
            "The chat stays on the version before it."
        )

    def _attach(self, number: int | None, recipe: Recipe) -> None:
        with self._model.turnstile.back():
            if number is None:
                self._model.new_adapter(CANDIDATE, lora_config(self._model, recipe))
            else:
                folder = self._profile.adapters.folder_of(number)
                self._model.load_adapter(CANDIDATE, folder, trainable=True)

    def _distil(self, session_id: str, recipe: Recipe) -> Figures:
        rng = random.Random(seed_of(session_id))
        self._say("reading the session")
        examples = self._new_examples(session_id, recipe, rng)
        size = len(examples)
        examples += self._replayed(session_id, int(size * recipe.replay), recipe, rng)
        around = unrelated(self._model)
        examples += self._held_to_base(session_id, around, size, recipe, rng)
        prefix, probes = self._student(
            [(p.question, p.answer) for p in self._pairs(session_id, "probe")]
        )
        return distill(
            self._model,
            prefix,
            examples,
            probes,
            recipe,
            seed=seed_of(session_id),
            on_step=lambda done, total: self._say("learning", done, total),
        )

    def _student(self, pairs: Sequence[tuple[str, str]]) -> tuple[list[int], list[Branch]]:
        """The system line's ids, and the pairs behind it."""
        prefix, ends = _branches(self._model, system_only(), [q for q, _ in pairs] or ["?"])
        branches = [
            Branch(end, self._model.answer_ids(answer))
            for end, (_, answer) in zip(ends, pairs, strict=False)
        ]
        return prefix, branches

    def _new_examples(self, session_id: str, recipe: Recipe, rng: random.Random) -> list[Example]:
        """The session's train pairs with the teacher's distributions, which are stored."""
        pairs = self._pairs(session_id, "train")
        if recipe.pairs_most:
            pairs = rng.sample(pairs, min(len(pairs), recipe.pairs_most))
        day = day_of(self._profile.sessions.get(session_id).started_at)
        context = teacher_context(fitting(self._model, self._messages(session_id)), day)
        prefix, ends = _branches(self._model, context, [p.question for p in pairs])
        branches = [
            Branch(end, self._model.answer_ids(p.answer))
            for end, p in zip(ends, pairs, strict=True)
        ]
        softs = soft_targets(self._model, prefix, branches, recipe.top_k, None)
        self._profile.pairs.set_targets(
            (p.id, soft.to_bytes()) for p, soft in zip(pairs, softs, strict=True)
        )
        _, students = self._student([(p.question, p.answer) for p in pairs])
        students = [self._behind_talk(b, rng) for b in students]
        return [Example(b.prompt, b.target, soft) for b, soft in zip(students, softs, strict=True)]

    def _behind_talk(self, branch: Branch, rng: random.Random) -> Branch:
        """Now and then an unrelated exchange stands before the question."""
        if rng.random() >= UNRELATED_BEFORE:
            return branch
        question, answer = rng.choice(unrelated(self._model).train)
        turns = [
            {"role": "user", "content": question},
            {"role": "assistant", "content": answer},
        ]
        start, _ = self._model.split(system_only(), [{"role": "user", "content": "?"}])
        talk = self._model.prompt([*system_only(), *turns], reply=False)[start:]
        return Branch([*talk, *branch.prompt], branch.target)

    def _replayed(
        self, session_id: str, count: int, recipe: Recipe, rng: random.Random
    ) -> list[Example]:
        """Up to `count` earlier pairs with their stored targets: one wording of every fact in
        turn, those recalled worst at the last measurement first."""
        earlier = [
            p
            for p in self._profile.pairs.active()
            if p.session_id != session_id and p.role != "probe"
        ]
        chosen = _spread(earlier, count, self._recall_of_facts(earlier), rng)
        stored = self._profile.pairs.targets([p.id for p in chosen])
        chosen = [p for p in chosen if p.id in stored]
        _, students = self._student([(p.question, p.answer) for p in chosen])
        return [
            Example(b.prompt, b.target, Soft.from_bytes(stored[p.id]))
            for p, b in zip(chosen, students, strict=True)
        ]

    def _recall_of_facts(self, earlier: Sequence[Pair]) -> dict[tuple[str, int], float]:
        recalls: dict[tuple[str, int], float] = {}
        for pair in self._profile.pairs.active(role="probe"):
            if pair.recall is not None:
                recalls[pair.session_id, pair.fact] = pair.recall
        return recalls

    def _held_to_base(
        self,
        session_id: str,
        around: Unrelated,
        size: int,
        recipe: Recipe,
        rng: random.Random,
    ) -> list[Example]:
        """Negatives of this session (their targets are stored for replay) and unrelated talk,
        both with the base's own distributions."""
        never = self._pairs(session_id, "negative")[: int(size * recipe.negatives) or None]
        if not recipe.negatives:
            never = []
        wanted = int(size * recipe.unrelated)
        talk = [around.train[k % len(around.train)] for k in rng.sample(range(10_000), wanted)]
        talk = list(dict.fromkeys(talk))
        rows = [(p.question, p.answer) for p in never] + talk
        if not rows:
            return []
        prefix, branches = self._student(rows)
        softs = soft_targets(self._model, prefix, branches, recipe.top_k, None)
        self._profile.pairs.set_targets(
            (p.id, soft.to_bytes()) for p, soft in zip(never, softs, strict=False)
        )
        return [Example(b.prompt, b.target, soft) for b, soft in zip(branches, softs, strict=True)]

    # --- measuring ---------------------------------------------------------------------------

    def _measure(self, session_id: str, adapter: str | None) -> Measured:
        """Ask the candidate, with nothing in the prompt, what no training pair asked that way."""
        rng = random.Random(seed_of(session_id))
        probes = self._profile.pairs.active(role="probe")
        new = [p for p in probes if p.session_id == session_id][:PROBES_NEW]
        new = new or self._pairs(session_id, "train")[:PROBES_NEW]
        old = [p for p in probes if p.session_id != session_id]
        old = rng.sample(old, min(len(old), PROBES_OLD))
        never = self._profile.pairs.active(role="negative")
        never = rng.sample(never, min(len(never), PROBES_NEVER))
        asked = [*new, *old, *never]
        told = answers(self._model, system_only(), [p.question for p in asked], adapter)
        right = [float(agrees(p.question, p.answer, t)) for p, t in zip(asked, told, strict=True)]
        self._profile.pairs.mark_recall(zip((p.id for p in asked), right, strict=True))
        first, second = len(new), len(new) + len(old)
        return Measured(
            recall_new=_mean(right[:first]) or 0.0,
            recall_old=_mean(right[first:second]),
            abstain=_mean(right[second:]),
            drift=drift(self._model, unrelated(self._model).measure, adapter),
        )

    def _objection(self, measured: Measured, session_id: str) -> str:
        """Why a candidate may not be promoted; empty when it may."""
        settings = self._settings
        before = self._profile.adapters.active()
        held = before.figures.get("recall_old") if before else None
        if not measured.drift <= settings.max_drift:
            return (
                f"It drifted {measured.drift:.3f} nats per token from the base on unrelated talk; "
                f"the limit is {settings.max_drift:.3f}."
            )
        if measured.abstain is not None and measured.abstain < settings.min_abstain:
            return (
                f"It admits only {measured.abstain:.0%} of what it was never told; "
                f"the limit is {settings.min_abstain:.0%}."
            )
        if None not in (held, measured.recall_old) and measured.recall_old < held - LOSS_OF_OLD:
            return (
                f"It recalls {measured.recall_old:.0%} of the earlier facts, "
                f"the version before it {held:.0%}."
            )
        return ""

    def _keep(
        self,
        session_id: str,
        recipe: Recipe,
        figures: Figures,
        measured: Measured | None,
        reason: str,
        seconds: float,
    ) -> None:
        """Write the candidate whole; a good one becomes active and its session absorbed."""
        profile = self._profile
        self._say("writing the version")
        before = profile.adapters.active()
        known = [*(before.sessions if before else []), session_id]
        all_figures = {
            **(asdict(measured) if measured else {}),
            "seconds": round(seconds, 1),
            "pairs": len(self._pairs(session_id, "train")),
            "training": asdict(figures),
            "recipe": asdict(recipe),
            "parent": before.number if before else None,
            "session": session_id,
        }
        version = profile.adapters.write(
            profile.adapters.next_number(),
            lambda folder: self._model.save_adapter(CANDIDATE, folder),
            state="rejected" if reason else "kept",
            base=self._model.fingerprint,
            sessions=known,
            figures=all_figures,
            reason=reason or None,
        )
        if not reason:
            profile.adapters.activate(version.number)
            profile.sessions.set_state(session_id, "absorbed", version=version.number)


def _same_fact(draft: Draft, removed: Pair) -> bool:
    """Whether a newly written pair says again what the user removed."""
    same = overlap(keys(draft.question, draft.answer), keys(removed.question, removed.answer))
    return same >= 0.5


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None


def _spread(
    pairs: Sequence[Pair],
    count: int,
    recall: dict[tuple[str, int], float],
    rng: random.Random,
) -> list[Pair]:
    """`count` pairs: every fact once before any fact twice, badly recalled facts first, a fact
    never measured before one that is known; negatives count as facts of their own."""
    facts: dict[tuple[str, int, str], list[Pair]] = {}
    for pair in pairs:
        own = pair.question if pair.role == "negative" else ""
        facts.setdefault((pair.session_id, pair.fact, own), []).append(pair)
    order = list(facts)
    rng.shuffle(order)
    order.sort(key=lambda key: recall.get(key[:2], 0.5))
    for group in facts.values():
        rng.shuffle(group)
    chosen: list[Pair] = []
    while len(chosen) < count and any(facts.values()):
        for key in order:
            if facts[key] and len(chosen) < count:
                chosen.append(facts[key].pop())
    return chosen


@contextmanager
def alone(profile: Profile) -> Iterator[None]:
    """Hold the profile for oneself, or raise Busy."""
    lock = FileLock(profile.lock_path)
    try:
        lock.acquire(timeout=0)
    except Timeout as error:
        raise Busy(
            f"The profile '{profile.name}' is being worked on by another process. "
            "Wait for it to end, or stop it."
        ) from error
    try:
        yield
    finally:
        lock.release()


def recover(profile: Profile) -> None:
    """After a kill: close dead cycles and let their sessions wait again."""
    profile.cycles.interrupt_dead()
    for session in profile.sessions.list(states=["absorbing"], limit=1000):
        profile.sessions.set_state(session.id, "ended")


def rewind(profile: Profile, session_id: str, *, keep_pairs: bool = False) -> list[str]:
    """Undo the absorption of a session and of all that came after it.

    The adapter goes back to the last version before it; the later sessions wait to be absorbed
    again, so the next cycle ends where it would have ended had the session never been absorbed.
    `keep_pairs` leaves the session's own pairs as they are. Returns the later sessions' ids.
    """
    adapters, sessions = profile.adapters, profile.sessions
    chain = [v for v in reversed(adapters.list()) if v.state == "kept"]
    active = adapters.active()
    order = active.sessions if active else []
    if session_id not in order:
        return []
    place = order.index(session_id)
    before = [v for v in chain if v.sessions == order[:place]]
    adapters.activate(before[-1].number if before else None)
    undone = order[place:] if before or place == 0 else order
    for later in reversed(undone):
        profile.pairs.restore(later)
        if later != session_id or not keep_pairs:
            profile.pairs.clear(later)
        sessions.set_state(later, "ended")
    return [later for later in undone if later != session_id]


def forget_all(profile: Profile) -> None:
    """Back to the bare base; what was absorbed is excluded until the person takes it in again."""
    with alone(profile):
        profile.adapters.activate(None)
        for session in profile.sessions.list(states=["absorbed"], limit=1_000_000):
            profile.pairs.clear(session.id)
            profile.sessions.set_state(session.id, "excluded")
