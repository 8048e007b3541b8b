"""What one session puts on record: its facts, what they change, and what was never told.

    facts       supported by the session, each in several wordings, one held out (synthesize)
    changes     known facts to which this session gives another answer: the old pairs retire
    negatives   never-told questions with the base's own admission

All of it is stored together or not at all, and follows from the sessions alone. Knows the profile
and the model; no training.
"""

import random
from collections.abc import Callable, Sequence
from dataclasses import asdict
from datetime import date
from typing import Any

from agent import negatives
from agent.asking import answer_logprobs, by_passage, fitting
from agent.config import Settings
from agent.dates import day_of
from agent.endpoint import EndpointWriter
from agent.evaluate import answers, system_only
from agent.filters import believable
from agent.model import Message, Model
from agent.reading import teacher_context, told
from agent.recipe import Recipe
from agent.synthesize import Draft, ModelWriter, Writer, seed_of, synthesize
from agent.text import admits, keys, overlap, words
from storage.database import transaction
from storage.pairs import Pair
from storage.profiles import Profile

OLD_FACTS_ASKED = 32  # of what is known, asked again of a new session: has it changed?
SURE = -0.5  # mean log-probability at which a new session's answer replaces an old one
NEGATIVES_LEAST, NEGATIVES_MOST = 24, 40


def pairs_of(profile: Profile, session_id: str, role: str) -> list[Pair]:
    """The session's active pairs of one role."""
    return [p for p in profile.pairs.of(session_id) if p.role == role]


def messages_of(profile: Profile, session_id: str) -> list[Message]:
    found = profile.sessions.messages(session_id)
    return [{"role": m.role, "content": m.content} for m in found]


def session_as_read(profile: Profile, model: Model, session_id: str) -> list[Message]:
    """The session as the teacher has it in its prompt."""
    return teacher_context(
        fitting(model, messages_of(profile, session_id)), day_of_session(profile, session_id)
    )


def day_of_session(profile: Profile, session_id: str) -> date | None:
    return day_of(profile.sessions.get(session_id).started_at)


def write_pairs(
    profile: Profile,
    model: Model,
    settings: Settings,
    recipe: Recipe,
    session_id: str,
    say: Callable[[str], None],
) -> None:
    """Put the session's pairs on record, unless they are there already (from before a kill)."""
    if any(p.origin != "user" for p in profile.pairs.of(session_id)):
        return
    say("writing pairs")
    writer = _writer(model, settings, session_id)
    drafts = synthesize(
        messages_of(profile, session_id), day_of_session(profile, session_id), writer, model
    )
    removed = profile.pairs.of(session_id, states=("removed",))
    drafts = [d for d in drafts if not any(_same_fact(d, old) for old in removed)]
    say("comparing with what is known")
    changes = _changes(profile, model, session_id)
    number = max((d.fact for d in drafts), default=-1) + 1
    asked = {d.question for d in drafts}
    drafts += [
        Draft(number + old.fact, old.question, answer)
        for old, answer in changes
        if old.question not in asked
    ]
    rows = [asdict(draft) | {"origin": writer.origin} for draft in drafts]
    own = [d for d in drafts] + [
        Draft(p.fact, p.question, p.answer) for p in profile.pairs.of(session_id)
    ]
    if own:
        rows += _negatives(profile, model, recipe, session_id, own)
    retired = [old.id for old, _ in changes] + _answered_negatives(profile, own)
    with transaction(profile.db):
        profile.pairs.add(session_id, rows)
        profile.pairs.retire(retired, session_id, profile.sessions.get(session_id).started_at)


def _writer(model: Model, settings: Settings, session_id: str) -> Writer:
    if settings.qa_base_url:
        return EndpointWriter(settings)
    return ModelWriter(model, seed_of(session_id))


def _same_fact(draft: Draft, removed: Pair) -> bool:
    """Whether a newly written pair says again what the user removed."""
    same = overlap(keys(draft.question, draft.answer), keys(removed.question, removed.answer))
    return same >= 0.5


def _changes(profile: Profile, model: Model, session_id: str) -> list[tuple[Pair, str]]:
    """Known pairs to which this session, read by the base, gives another answer.

    Of the known facts only those are asked that share words with the session, one question each.
    """
    messages, day = messages_of(profile, session_id), day_of_session(profile, session_id)
    said = [*told(messages, day).values()]
    asked = _near(profile, session_id, words(" ".join(said)))

    def read(judge: Model, context: list[Message], rows: list[tuple[str, str]]) -> list[str]:
        return answers(judge, context, [question for question, _ in rows], None)

    found = by_passage(model, messages, day, [(p.question, "") for p in asked], read)
    new = [
        (pair, answer)
        for pair, answer in zip(asked, found, strict=True)
        if not keys(pair.question, answer) & words(pair.answer)
        and believable(pair.question, answer, said)
    ]
    rows = [(pair.question, answer) for pair, answer in new]
    sure = by_passage(model, messages, day, rows, answer_logprobs)
    return [
        (old, answer)
        for (pair, answer), logprob in zip(new, sure, strict=True)
        if logprob > SURE
        for old in profile.pairs.of(pair.session_id)
        if old.fact == pair.fact and old.role in ("train", "probe")
    ]


def _near(profile: Profile, session_id: str, said: set[str]) -> list[Pair]:
    """One pair for each of the known facts that share most words with what was said."""
    known = [
        p
        for p in profile.pairs.active()
        if p.session_id != session_id and p.role in ("train", "probe")
    ]
    near = [p for p in known if words(p.question) & said]
    near.sort(key=lambda p: -len(words(p.question) & said))
    facts: dict[tuple[str, int], Pair] = {}
    for pair in near:
        facts.setdefault((pair.session_id, pair.fact), pair)
    return list(facts.values())[:OLD_FACTS_ASKED]


def _answered_negatives(profile: Profile, drafts: Sequence[Draft]) -> list[int]:
    """Earlier "never told" questions that these facts now answer."""
    asked = {d.question for d in drafts}
    return [
        p.id
        for p in profile.pairs.active(role="negative")
        if any(negatives.like(question, p.question) for question in asked)
    ]


def _negatives(
    profile: Profile, model: Model, recipe: Recipe, session_id: str, drafts: Sequence[Draft]
) -> list[dict[str, Any]]:
    """Never-told questions with the base's own admission, where it does admit: with nothing in the
    prompt, and with the session (another wording of a fact must not be taught as unknown)."""
    known = [d.question for d in drafts]
    known += [p.question for p in profile.pairs.active() if p.role != "negative"]
    facts = [(d.question, d.answer) for d in drafts if d.role == "train"]
    wanted = int(len(drafts) * recipe.negatives)
    wanted = min(max(NEGATIVES_LEAST, wanted), NEGATIVES_MOST)
    rng = random.Random(seed_of(session_id))
    questions = negatives.never_told(facts, known, wanted, rng)
    context = session_as_read(profile, model, session_id)
    unsaid = [
        question
        for question, answer in zip(
            questions, answers(model, context, questions, None), strict=True
        )
        if admits(answer)
    ]
    told = answers(model, system_only(), unsaid, None)
    return [
        {"fact": -1, "question": q, "answer": a, "role": "negative", "origin": "model"}
        for q, a in zip(unsaid, told, strict=True)
        if admits(a)
    ]
