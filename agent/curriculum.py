"""What a candidate is trained on: a session's pairs, earlier pairs again, the base itself.

Knows the profile's pairs and the model; not the training loop, not the gate.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent import strangers
from agent.asking import branches_behind, by_passage, plain_branches
from agent.distill import Example
from agent.evaluate import system_only
from agent.grammar.turning import first_person
from agent.model import Message, Model
from agent.negatives import as_learnt, held_out
from agent.portrait import portraits
from agent.recall import last_recall
from agent.recipe import Recipe
from agent.record import pairs_of
from agent.soft import Soft, soft_targets
from agent.synthesize import seed_of
from agent.transcript import day_of_session, messages_as_read
from agent.tree import Branch
from agent.unrelated import unrelated
from storage.pairs import Pair
from storage.profiles import Profile

CHAT_MOST = 5  # questions one behind another
NEVER_SHARE = 0.35  # of what is replayed: never-told questions
REPLAY_LEAST, REPLAY_MOST = 48, 400  # earlier pairs; also after a session that told little, or much


@dataclass(slots=True)
class Curriculum:
    """The student's prefix (the system line), what it learns, and the held-out wordings."""

    prefix: list[int]
    examples: list[Example]
    probes: list[Branch]


def curriculum(profile: Profile, model: Model, recipe: Recipe, session_id: str) -> Curriculum:
    """Everything for one session's training. The teacher's distributions over the session's pairs
    are computed here once, and stored for replay."""
    rng = random.Random(seed_of(session_id))
    own = _own(profile, model, recipe, session_id, rng)
    wanted = int(len(own) * recipe.replay)
    count = min(max(REPLAY_LEAST, wanted), REPLAY_MOST) if recipe.replay else 0
    replayed = _replayed(profile, model, session_id, count, rng)
    seen = _portraits(profile, model, recipe, session_id)
    size = len(own) + len(replayed)
    held = _held_to_base(profile, model, recipe, session_id, size, rng)
    probes = pairs_of(profile, session_id, "probe")
    prefix, branches = student(model, [(p.question, p.answer) for p in probes])
    known = strangers.general(model, int(size * recipe.general), rng)
    held += _like_the_base(model, recipe, prefix, known, held=True)
    asked = in_chats([*own, *replayed, *held], between(model), recipe.behind, rng)
    said = strangers.told(model, int(size * recipe.read), rng)
    read = _like_the_base(model, recipe, prefix, said, held=True)
    return Curriculum(prefix, [*asked, *seen, *read, *_plain(model, recipe, rng)], branches)


def student(model: Model, pairs: Sequence[tuple[str, str]]) -> tuple[list[int], list[Branch]]:
    """The system line's ids, and the pairs behind it."""
    return branches_behind(model, system_only(), pairs)


def in_chats(
    examples: Sequence[Example], gap: Sequence[int] | None, share: float, rng: random.Random
) -> list[Example]:
    """The examples in a new order, a `share` of them behind the one before: people ask several things
    in a row, and who learnt each alone takes an answer above for what was told.

    `gap`: the ids between an answer's end and the next message; None where the template shows what
    was answered otherwise than it is generated, and nothing can stand behind it.
    """
    found: list[Example] = []
    length = 0
    for example in rng.sample(examples, len(examples)):
        goes_on = 0 < length < CHAT_MOST and gap is not None and rng.random() < share
        length = length + 1 if goes_on else 1
        prompt = [*(gap or []), *example.prompt] if goes_on else example.prompt
        found.append(replace(example, prompt=prompt, goes_on=goes_on))
    return found


def between(model: Model) -> list[int] | None:
    """See `in_chats`."""
    asked = [("Who?", "Nobody."), ("When?", "Never.")]
    prefix, (first, second) = student(model, asked)
    turns = [{"role": role, "content": text} for pair in asked
             for role, text in zip(("user", "assistant"), pair, strict=True)]  # fmt: skip
    whole = model.prompt([*system_only(), *turns[:-1]])
    start = [*prefix, *first.prompt, *first.target]
    gap = whole[len(start) : len(whole) - len(second.prompt)]
    return gap if whole == [*start, *gap, *second.prompt] else None


def _own(
    profile: Profile, model: Model, recipe: Recipe, session_id: str, rng: random.Random
) -> list[Example]:
    """The session's train pairs, taught by the base with the passage that tells each in its
    prompt."""
    pairs = pairs_of(profile, session_id, "train")
    if recipe.pairs_most:
        pairs = rng.sample(pairs, min(len(pairs), recipe.pairs_most))
    asked = [(p.question, p.answer) for p in pairs]
    messages = messages_as_read(profile, model, session_id)
    day = day_of_session(profile, session_id)

    def taught(teacher: Model, context: list[Message], rows: list[tuple[str, str]]) -> list[Soft]:
        return soft_targets(teacher, *branches_behind(teacher, context, rows), recipe.top_k, None)

    softs = by_passage(model, messages, day, asked, taught)
    profile.pairs.set_targets((p.id, soft.to_bytes()) for p, soft in zip(pairs, softs, strict=True))
    _, alone = student(model, asked)
    return [Example(b.prompt, b.target, soft) for b, soft in zip(alone, softs, strict=True)]


def _portraits(profile: Profile, model: Model, recipe: Recipe, session_id: str) -> list[Example]:
    """What is known of the user and of those the session names, all in one answer, taught by the
    base that was just told it."""
    rows = portraits(profile.pairs.active(), session_id) if recipe.portraits else []
    found: list[Example] = []
    for told in dict.fromkeys(answer for _, answer in rows):
        context = [*system_only(), {"role": "user", "content": first_person(told)}]
        asked = [(question, answer) for question, answer in rows if answer == told]
        softs = soft_targets(model, *branches_behind(model, context, asked), recipe.top_k, None)
        _, branches = student(model, asked)
        found += [Example(b.prompt, b.target, s) for b, s in zip(branches, softs, strict=True)]
    return found


def _replayed(
    profile: Profile, model: Model, session_id: str, count: int, rng: random.Random
) -> list[Example]:
    """Up to `count` earlier pairs and negatives with their stored targets."""
    earlier = [p for p in profile.pairs.active() if p.session_id != session_id]
    negative = [p for p in earlier if p.role == "negative" and not held_out(p.question)]
    told = [p for p in earlier if p.role == "train"]
    chosen = spread(negative, int(count * NEVER_SHARE), {}, rng)
    chosen += spread(told, count - len(chosen), last_recall(profile), rng)
    stored = profile.pairs.targets([p.id for p in chosen])
    chosen = [p for p in chosen if p.id in stored]
    _, branches = student(model, [(_asked(p), p.answer) for p in chosen])
    return [
        Example(b.prompt, b.target, Soft.from_bytes(stored[p.id]))
        for p, b in zip(chosen, branches, strict=True)
    ]


def _asked(pair: Pair) -> str:
    return as_learnt(pair.question) if pair.role == "negative" else pair.question


def spread(
    pairs: Sequence[Pair],
    count: int,
    recall: dict[str, float],
    rng: random.Random,
) -> list[Pair]:
    """`count` pairs: every fact once before any fact twice, badly recalled facts first, a fact
    never measured in the middle; negatives count as facts of their own."""
    facts: dict[tuple[str, int, str], list[Pair]] = {}
    for pair in pairs:
        own = pair.question if pair.role == "negative" else ""
        facts.setdefault((pair.session_id, pair.fact, own), []).append(pair)
    order = list(facts)
    rng.shuffle(order)
    order.sort(key=lambda key: recall.get(f"{key[0]}:{key[1]}", 0.5))
    for group in facts.values():
        rng.shuffle(group)
    chosen: list[Pair] = []
    while len(chosen) < count and any(facts.values()):
        for key in order:
            if facts[key] and len(chosen) < count:
                chosen.append(facts[key].pop())
    return chosen


def _held_to_base(
    profile: Profile,
    model: Model,
    recipe: Recipe,
    session_id: str,
    size: int,
    rng: random.Random,
) -> list[Example]:
    """Negatives of this session (their targets are stored for replay) and unrelated talk, both
    with the base's own distributions."""
    never = pairs_of(profile, session_id, "negative") if recipe.negatives else []
    never = [p for p in never if not held_out(p.question)]
    talk = unrelated(model).train
    talk = rng.sample(talk, min(len(talk), int(size * recipe.unrelated)))
    rows = [(_asked(p), p.answer) for p in never] + talk
    if not rows:
        return []
    found = _like_the_base(model, recipe, *student(model, rows))
    profile.pairs.set_targets(
        (p.id, example.soft.to_bytes()) for p, example in zip(never, found, strict=False)
    )
    return found


def _like_the_base(
    model: Model,
    recipe: Recipe,
    prefix: Sequence[int],
    branches: Sequence[Branch],
    *,
    held: bool = False,
) -> list[Example]:
    """With the base's own distributions behind the same words; `held`: see Example."""
    softs = soft_targets(model, prefix, branches, recipe.top_k, None)
    return [
        Example(b.prompt, b.target, soft, held=held)
        for b, soft in zip(branches, softs, strict=True)
    ]


def _plain(model: Model, recipe: Recipe, rng: random.Random) -> list[Example]:
    """Plain text with the base's own distributions: chat alone would not hold the rest of what the
    base can do."""
    if not recipe.plain:
        return []
    texts = unrelated(model).plain_train
    branches = plain_branches(model, rng.sample(texts, min(len(texts), recipe.plain)))
    softs = soft_targets(model, [], branches, recipe.top_k, None)
    return [
        Example(b.prompt, b.target, soft, plain=True)
        for b, soft in zip(branches, softs, strict=True)
    ]
