"""What one session puts on record: its facts, what they change, and what was never told.

    facts       supported by the session, each in several wordings, one held out (synthesize)
    changes     known facts to which this session gives another answer: the old pairs retire
    negatives   never-told questions with the base's own admission

All of it is stored together or not at all, and follows from the sessions alone. Knows the profile
and the model; no training.
"""

import itertools
import random
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import asdict, replace
from typing import Any

from agent import negatives
from agent.again import says_again
from agent.aliases import aliases, renamed
from agent.changes import changes, known_facts
from agent.config import Settings
from agent.drafts import WORDINGS, Draft
from agent.endpoint import EndpointWriter
from agent.evaluate import answers, system_only
from agent.filters import believable, plain
from agent.model import Model
from agent.overtaken import fact_of, named, of_one_answer
from agent.reading import told
from agent.recipe import Recipe
from agent.sampling import Sampling
from agent.synthesize import seed_of, synthesize
from agent.text import admits, agrees
from agent.transcript import day_of_session, messages_as_read, messages_of, session_as_read
from agent.wordings import wordings
from agent.writer import ModelWriter, Writer
from storage.database import transaction
from storage.pairs import Pair
from storage.profiles import Profile

ADMISSION = Sampling(max_tokens=20)  # an admission is shorter
NEGATIVES_LEAST, NEGATIVES_MOST = 40, 96  # a fifth of them measure the gate


def pairs_of(profile: Profile, session_id: str, role: str) -> list[Pair]:
    """The session's pairs of one role that count."""
    return [p for p in profile.pairs.standing(session_id) if p.role == role]


def write_pairs(
    profile: Profile,
    model: Model,
    settings: Settings,
    recipe: Recipe,
    session_id: str,
    say: Callable[[str], None],
) -> None:
    """Put the session's pairs on record, unless they are there already (from before a kill); what
    its user wrote since then gets its other wordings."""
    mine = profile.pairs.standing(session_id)
    at = profile.sessions.get(session_id).started_at
    if any(p.origin != "user" for p in mine):
        reworded = _reworded(mine, session_id)
        own = [*reworded, *(_draft(p) for p in mine if p.origin == "user")]
        retired = _answered_negatives(profile, session_id, own)
        retired += _otherwise([*known_facts(profile, session_id)[0], *mine], mine)
        with transaction(profile.db):
            profile.pairs.add(session_id, _rows(reworded, ModelWriter.origin))
            profile.pairs.retire(retired, session_id, at)
        return
    say("writing pairs")
    writer = _writer(model, settings, session_id)
    drafts = synthesize(
        messages_of(profile, session_id),
        day_of_session(profile, session_id),
        writer,
        model,
        [pair.answer for pair in profile.pairs.active(role="train")],
    )
    before, later = known_facts(profile, session_id)
    drafts = _not_overtaken(drafts, _of_one_answer(later))
    removed = profile.pairs.removed(session_id)
    drafts = _not_removed(drafts, removed)
    say("comparing with what is known")
    changed = _not_back(changes(profile, model, session_id), removed)
    drafts = _not_in_doubt(drafts, before, changed)
    drafts = [*_beside(drafts, mine), *_reworded(mine, session_id)]
    asked = {d.question for d in drafts}
    used = [d.fact for d in drafts] + [p.fact for p in mine]
    numbers = itertools.count(max(used, default=-1) + 1)
    facts: defaultdict[tuple[str, int], int] = defaultdict(lambda: next(numbers))
    told_anew = [
        Draft(facts[old.session_id, old.fact], old.question, answer)
        for old, answer in changed
        if answer and old.question not in asked
    ]
    drafts += _agreeing(_not_removed(told_anew, removed), mine)
    rows = _rows(drafts, writer.origin)
    own = [*drafts, *map(_draft, mine)]
    if own:
        rows += _negatives(profile, model, recipe, session_id, own)
    retired = [old.id for old, _ in changed] + _answered_negatives(profile, session_id, own)
    retired += _otherwise(before, mine)
    with transaction(profile.db):
        profile.pairs.add(session_id, rows)
        profile.pairs.retire(retired, session_id, at)


def _rows(drafts: Sequence[Draft], origin: str) -> list[dict[str, Any]]:
    return [asdict(draft) | {"origin": origin} for draft in drafts]


def _writer(model: Model, settings: Settings, session_id: str) -> Writer:
    if settings.qa_base_url:
        return EndpointWriter(settings)
    return ModelWriter(model, seed_of(session_id))


def _not_overtaken(drafts: Sequence[Draft], later: Sequence[Pair]) -> list[Draft]:
    """The drafts without the facts to which a later session gives another answer."""
    old = _contradicting(drafts, later)
    return [draft for draft in drafts if draft.fact not in old]


def _not_in_doubt(
    drafts: Sequence[Draft], before: Sequence[Pair], changed: Sequence[tuple[Pair, str]]
) -> list[Draft]:
    """The drafts without the facts that give another answer to a known question that has one at a
    time: what the session does not tell as a change was misread."""
    gone = {old.id for old, _ in changed}
    return _not_overtaken(drafts, [p for p in _of_one_answer(before) if p.id not in gone])


def _of_one_answer(pairs: Sequence[Pair]) -> list[Pair]:
    """Those whose question has one answer at a time: who likes folk may like techno too."""
    several = named(pairs)
    return [p for p in pairs if fact_of(p) not in several and of_one_answer(p.question)]


def _contradicting(drafts: Sequence[Draft], pairs: Sequence[Pair]) -> set[int]:
    """The facts of the drafts that answer a question of the pairs otherwise."""
    said = {plain(pair.question): pair.answer for pair in pairs}
    asked = ((draft, said.get(plain(draft.question))) for draft in drafts)
    return {
        draft.fact
        for draft, answer in asked
        if answer is not None and not agrees(draft.question, answer, draft.answer)
    }


def _otherwise(known: Sequence[Pair], own: Sequence[Pair]) -> list[int]:
    """Known pairs that the user did not write, of facts to which the user's own words, where one answer
    fits, give another."""
    told = [pair for pair in known if pair.origin != "user" and pair.role != "negative"]
    written = _of_one_answer([pair for pair in own if pair.origin == "user"])
    said = {plain(pair.question): pair.answer for pair in written}
    asked = ((pair, said.get(plain(pair.question))) for pair in told)
    wrong = {
        fact_of(pair)
        for pair, answer in asked
        if answer is not None and not agrees(pair.question, answer, pair.answer)
    }
    return [pair.id for pair in told if fact_of(pair) in wrong]


def _beside(drafts: Sequence[Draft], own: Sequence[Pair]) -> list[Draft]:
    """The drafts that agree with the user's own pairs, facts numbered after theirs."""
    first = max((pair.fact for pair in own), default=-1) + 1
    return [replace(draft, fact=draft.fact + first) for draft in _agreeing(drafts, own)]


def _agreeing(drafts: Sequence[Draft], own: Sequence[Pair]) -> list[Draft]:
    """The drafts that ask nothing which the user's own pairs ask, and none of a fact to which these
    give another answer."""
    said = {plain(pair.question) for pair in own}
    wrong = _contradicting(drafts, own)
    return [d for d in drafts if d.fact not in wrong and plain(d.question) not in said]


def _draft(pair: Pair) -> Draft:
    return Draft(pair.fact, pair.question, pair.answer, pair.role)


def _reworded(own: Sequence[Pair], session_id: str) -> list[Draft]:
    """Other wordings of the facts that the user wrote down in one, the last held out: one wording
    alone is hardly remembered."""
    rng = random.Random(seed_of(session_id))
    facts: dict[int, list[Pair]] = {}
    for pair in own:
        facts.setdefault(pair.fact, []).append(pair)
    single = [pairs[0] for pairs in facts.values() if len(pairs) == 1 and pairs[0].role == "train"]
    single = [pair for pair in single if pair.origin == "user"]
    drafts: list[Draft] = []
    for pair in single:
        asked = wordings(pair.question, WORDINGS, rng)
        drafts += [Draft(pair.fact, question, pair.answer) for question in asked[:-1]]
        drafts += [Draft(pair.fact, held, pair.answer, role="probe") for held in asked[-1:]]
    return drafts


def _not_removed(drafts: Sequence[Draft], removed: Sequence[Pair]) -> list[Draft]:
    """The drafts that say nothing again which the user removed."""
    gone = {(old.question, old.answer) for old in removed}
    return [d for d in drafts if not any(says_again(old, (d.question, d.answer)) for old in gone)]


def _not_back(
    changed: Sequence[tuple[Pair, str]], removed: Sequence[Pair]
) -> list[tuple[Pair, str]]:
    """The changes without those of facts to which the session gives an answer that the user
    removed."""
    gone = {(old.question, old.answer) for old in removed}
    back = {
        fact_of(pair)
        for pair, answer in changed
        if any(says_again(old, (pair.question, answer)) for old in gone)
    }
    return [(pair, answer) for pair, answer in changed if fact_of(pair) not in back]


def _answered_negatives(profile: Profile, session_id: str, drafts: Sequence[Draft]) -> list[int]:
    """Earlier "never told" questions that these facts now answer, or about those of whom this session
    speaks together."""
    who = aliases(d.answer for d in drafts)
    asked = {d.question for d in drafts}
    asked |= {other for question in asked for other in renamed(question, who)}
    asked |= {*negatives.spoken_of(_said(profile, session_id))} if drafts else set()
    earlier = profile.pairs.active(role="negative")
    answered = negatives.answered(asked, [pair.question for pair in earlier])
    return [pair.id for pair in earlier if pair.question in answered]


def _said(profile: Profile, session_id: str) -> str:
    """What the user said in a session."""
    return " ".join(m["content"] for m in messages_of(profile, session_id) if m["role"] == "user")


def _negatives(
    profile: Profile, model: Model, recipe: Recipe, session_id: str, drafts: Sequence[Draft]
) -> list[dict[str, Any]]:
    """Never-told questions with the base's own admission, where it does admit with nothing in the
    prompt, and where the session gives no answer that it can have told (another wording of a fact
    must not be taught as unknown). An answer that the session cannot have told is a misreading, and
    just what the student would invent."""
    earlier = [p for p in profile.pairs.active() if p.role != "negative"]
    known = [d.question for d in drafts] + [p.question for p in earlier]
    who = aliases([d.answer for d in drafts] + [p.answer for p in earlier])
    close = [other for question in known for other in renamed(question, who)]
    for one in {session_id, *(p.session_id for p in earlier)}:
        close += negatives.spoken_of(_said(profile, one))
    facts = [(d.question, d.answer) for d in drafts if d.role == "train"]
    wanted = int(len(drafts) * recipe.negatives)
    wanted = min(max(NEGATIVES_LEAST, wanted), NEGATIVES_MOST)
    rng = random.Random(seed_of(session_id))
    questions = negatives.never_told(facts, known, wanted, rng, close)
    messages = messages_as_read(profile, model, session_id)
    said = [*told(messages, day_of_session(profile, session_id)).values()]
    context = session_as_read(profile, model, session_id)
    read = answers(model, context, questions, None, ADMISSION)
    unsaid = [
        question
        for question, answer in zip(questions, read, strict=True)
        if admits(answer) or not believable(question, answer, said)
    ]
    bare = answers(model, system_only(), unsaid, None, ADMISSION)
    return [
        {"fact": -1, "question": q, "answer": a, "role": "negative", "origin": "model"}
        for q, a in zip(unsaid, bare, strict=True)
        if admits(a)
    ]
