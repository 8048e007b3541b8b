"""Lives to practise absorptions on: what is learnt of some written sessions, and what is asked afterwards.

    sessions --facts, wordings by rule--> learnt, beside never-told questions and other talk
             --human wordings--> asked, beside others of these

Knows texts; no model.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass, replace

from agent.default_model.kinds import ADMISSIONS
from agent.default_model.lessons import Course, Exercise
from agent.default_model.replies import exchanges
from agent.default_model.typist import casual
from agent.default_model.written import DATA, Fact, Talk, read_answers, read_chat
from agent.drafts import with_wordings
from agent.filters import varied
from agent.grammar.statements import statements
from agent.grammar.turning import first_person
from agent.negatives import held_out, like, never_told
from agent.text import agrees

TALKS, FACTS = 2, 6  # of a life; facts of a talk
LEARNT, OTHERS = 5, 3  # wordings of a fact
ASKED_AS_WELL = 0.5  # share of facts of which one human wording is learnt too
NEVER_SHARE, STAY_SHARE = 0.4, 0.15  # of what is learnt: never told, and other talk of two sorts
NEAR_ASKED = 2  # never-told questions of a written session that are asked, not learnt
BEHIND_SHARE = 0.25  # of questions, behind another exchange
BEHIND_OWN = 0.7  # of these, behind one about what was told


@dataclass(frozen=True, slots=True)
class Told:
    """One fact as an absorption meets it: the wordings that are learnt, and others."""

    learnt: tuple[str, ...]
    others: tuple[str, ...]
    answer: str


@dataclass(slots=True)
class Life:
    """What is learnt and what is asked afterwards; a weight of 0 marks what is to stay as it is."""

    learnt: list[Exercise]
    asked: list[Exercise]


def told_in(fact: Fact, rng: random.Random) -> Told:
    """The fact's answer asked by rule, now and then in one human wording; the other human ones."""
    answer = fact.answers[0]
    ruled = [q for q, a in varied(statements(first_person(answer)), LEARNT) if agrees(q, answer, a)]
    human = rng.sample(fact.questions, len(fact.questions))
    asked = human[: 1 if not ruled or rng.random() < ASKED_AS_WELL else 0]
    pairs = [(question, answer) for question in [*ruled, *asked]]
    drafts = with_wordings([pairs], [{"role": "user", "content": answer}])
    learnt = rng.sample(drafts, min(len(drafts), LEARNT))
    seen = {draft.question for draft in learnt}
    others = tuple(q for q in human if q not in seen and q not in asked)
    return Told(tuple(draft.question for draft in learnt), others, answer)


class Lives:
    """Lives drawn without end from some written sessions."""

    def __init__(self, talks: Sequence[Talk], course: Course) -> None:
        self._talks = talks
        self._never = course.never
        self._general = read_answers(DATA / "general.txt")
        self._stay = exchanges([*read_chat(DATA / "told.txt"), *course.chat])

    def life(self, rng: random.Random) -> Life:
        """Some sessions' facts, none of which answers what another one asks."""
        talks = rng.sample(self._talks, TALKS)
        facts: list[Fact] = []
        for talk in talks:
            kept = [f for f in talk.facts if not _clashes(f.questions, facts)]
            facts += rng.sample(kept, min(len(kept), FACTS))
        told = [told_in(fact, rng) for fact in facts]
        learnt = [(q, fact.answer) for fact in told for q in fact.learnt]
        asked = [(q, f.answer) for f in told for q in f.others[:OTHERS]]
        known = [q for fact in facts for q in fact.questions] + [q for q, _ in learnt]
        never = never_told(learnt, known, int(NEVER_SHARE * len(learnt)) + 4, rng)
        near = [q for talk in talks for q, _ in talk.unknown if not any(like(q, k) for k in known)]
        rng.shuffle(near)
        return Life(
            self._beside(learnt, [q for q in never if not held_out(q)] + near[NEAR_ASKED:], rng),
            self._beside(asked, [q for q in never if held_out(q)] + near[:NEAR_ASKED] * 2, rng),
        )

    def _beside(
        self, pairs: Sequence[tuple[str, str]], never: Sequence[str], rng: random.Random
    ) -> list[Exercise]:
        """The pairs, the never-told questions and other talk, in random order."""
        own = [Exercise(casual(q, rng), answer) for q, answer in pairs]
        size = int(STAY_SHARE * len(own)) + 2
        other = [replace(one, weight=0.0) for one in rng.sample(self._stay, size)]
        other += [Exercise(q, a, weight=0.0) for q, a in rng.sample(self._general, size)]
        other += [Exercise(casual(q, rng), rng.choice(ADMISSIONS), weight=0.0) for q in never]
        made = []
        for exercise in [*own, *other]:
            before = rng.choice(own if rng.random() < BEHIND_OWN else other)
            behind = not exercise.after and before.question != exercise.question
            if behind and rng.random() < BEHIND_SHARE:
                exercise = replace(exercise, after=(before.question, before.answer))
            made.append(exercise)
        return rng.sample(made, len(made))


def _clashes(questions: Sequence[str], facts: Sequence[Fact]) -> bool:
    return any(like(q, other) for f in facts for other in f.questions for q in questions)
