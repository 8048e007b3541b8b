"""Lessons: a context, the things that are asked after it, and what should be answered.

    Course --lesson(rng)--> Lesson(context, exercises)

Exercises: read, write what a message tells, admit, recommend, chat, ask for a statement. Knows texts;
no model.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from agent import prompts
from agent.dates import annotate
from agent.default_model.kinds import ADMISSIONS, SLOT, make_talk
from agent.default_model.typist import Typist, casual
from agent.default_model.written import (
    DATA,
    Fact,
    Talk,
    read_answers,
    read_chat,
    read_kinds,
    read_lists,
    read_written,
)
from agent.filters import nameless
from agent.reading import passage, place_of, sentences, teacher_context
from agent.text import keys, words

OPEN_WEIGHT = 0.5  # of exercises that many answers fit
REPLY_WEIGHT = 0.3  # of a session's own replies
IN_A_ROW_SHARE = 0.2
NEVER_MOST = 2  # never-told questions about a session; with 3 told things are denied too
PASSAGE_SHARE = 0.3  # of lessons about a session that show one exchange of it alone
OF_ONESELF = re.compile(r"\b(?:i|i['’]?m|my|me|mine|we|our|us)\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Exercise:
    """One question after a lesson's context. With `options`, the fitting one (the first) is to
    become likelier than the others, and `answer` is not used. `weight`: of each of its tokens in
    the loss; less where many answers would do as well. `after`: the exchange that went before."""

    question: str
    answer: str
    options: tuple[str, ...] = ()
    weight: float = 1.0
    after: tuple[str, str] | None = None

    @property
    def turns(self) -> list[dict[str, str]]:
        before = zip(("user", "assistant"), self.after or (), strict=False)
        return [
            *({"role": role, "content": text} for role, text in before),
            {"role": "user", "content": self.question},
        ]


@dataclass(slots=True)
class Lesson:
    """A context and its exercises. `replies` : also learn the context's own assistant messages."""

    context: list[dict[str, str]]
    exercises: list[Exercise]
    replies: bool = False


class Course:
    """Everything read once, and lessons drawn from it without end.

    A tenth of the hand-written sessions and of the kinds are held out: `held_out()` are lessons
    on those alone.
    """

    def __init__(self, folder: Path = DATA) -> None:
        written = [t for path in sorted(folder.glob("written_*.txt")) for t in read_written(path)]
        self.lists = read_lists(folder / "lists.txt")
        kinds = [k for p in sorted(folder.glob("kinds_*.txt")) for k in read_kinds(p, self.lists)]
        self.chat = read_chat(folder / "chat.txt")
        self.never = read_answers(folder / "never.txt")
        self.written = [t for k, t in enumerate(written) if k % 10]
        self.kinds = [k for n, k in enumerate(kinds) if n % 10]
        self.held_out_talks = written[::10]
        self._kinds_out = kinds[::10]
        self.wordings = [f.questions for t in self.written for f in t.facts] + [
            tuple(q) for k in self.kinds for q, _ in k.blocks if not SLOT.search(" ".join(q))
        ]

    def lesson(self, rng: random.Random) -> Lesson:
        """One of every sort, in the shares that teaching uses."""
        draw = rng.random()
        if draw < 0.08:
            return self._plain(rng)
        if draw < 0.13:
            return self._nothing_told(rng)
        if draw < 0.26:
            return self._asking(rng)
        if draw < 0.6:
            return self.about(
                self._careless(rng.choice(self.written), rng, 0.15), rng, replies=True
            )
        talk = make_talk(self.kinds, self.lists, self.chat, rng)
        return self.about(self._careless(talk, rng, 0.3), rng)

    def _careless(self, talk: Talk, rng: random.Random, share: float) -> Talk:
        """Now and then the talk of somebody who types without care."""
        if rng.random() >= share:
            return talk
        typist = Typist(rng)
        messages = [
            m if m["role"] == "assistant" else {**m, "content": typist.write(m["content"])}
            for m in talk.messages
        ]
        return replace(talk, messages=messages)

    def held_out(self, seed: int = 1) -> list[Lesson]:
        """Lessons on sessions and kinds that no other lesson shows."""
        rng = random.Random(seed)
        made = [make_talk(self._kinds_out, self.lists, self.chat, rng) for _ in range(20)]
        return [self.about(talk, rng) for talk in self.held_out_talks + made]

    def about(self, talk: Talk, rng: random.Random, *, replies: bool = False) -> Lesson:
        """Read, write pairs, admit and recommend after one session, or after one passage of it."""
        if len(talk.messages) > 3 and rng.random() < PASSAGE_SHARE:
            talk = _one_passage(talk, rng)
        dated = talk.day if talk.day and rng.random() < 0.85 else None
        needs_day = any(long_date_in(f.answers[0], talk.day) for f in talk.facts)
        dated = talk.day if needs_day else dated
        context = teacher_context(talk.messages, dated)
        done: list[Exercise] = []
        for fact in talk.facts:
            for question in rng.sample(fact.questions, min(len(fact.questions), 2)):
                done.append(Exercise(casual(question, rng), rng.choice(fact.answers)))
        done = rng.sample(done, min(len(done), 12))
        for question, admission in rng.sample(talk.unknown, min(len(talk.unknown), NEVER_MOST)):
            done.append(Exercise(casual(question, rng), admission))
        if rng.random() < 0.5:
            done += self._unrelated_admission(talk, rng)
        done = _in_a_row(done, rng)
        done += self._writing(talk, dated, rng)
        for choice in talk.choices:
            done.append(Exercise(choice.request, "", choice.options))
            done.append(Exercise(choice.request, choice.reply))
            shuffled = rng.sample(choice.options, len(choice.options))
            listed = f"{choice.request} {', '.join(shuffled[:-1])} or {shuffled[-1]}?"
            done.append(Exercise(listed, choice.reply))
        return Lesson(context, done, replies=replies)

    def _writing(self, talk: Talk, dated: date | None, rng: random.Random) -> list[Exercise]:
        """For each of up to two messages all that it tells, and for one of its sentences."""
        places = [
            k for k, m in enumerate(talk.messages) if m["role"] == "user" and k not in talk.outdated
        ]
        done = []
        for place in rng.sample(places, min(len(places), 2)):
            message = talk.messages[place]["content"]
            facts = [f for f in talk.facts if f.said_in == place]
            written = [(message, facts)]
            if parts := sentences(message):
                said = dict(enumerate(parts))
                homes = [place_of(f.questions[0], f.answers[0], said) for f in facts]
                part = rng.randrange(len(parts))
                mine = [f for f, home in zip(facts, homes, strict=True) if home == part]
                written.append((parts[part], mine))
            for text, told in written:
                if told or _tells_nothing(text):
                    shown = annotate(text, dated) if dated else text
                    lines = dict.fromkeys(filter(None, (_named(f, rng) for f in told)))
                    answer = "\n".join(lines) or prompts.NOTHING
                    done.append(Exercise(prompts.WRITE_FACTS.format(message=shown), answer))
        return done

    def _unrelated_admission(self, talk: Talk, rng: random.Random) -> list[Exercise]:
        """A never-told question, from the bank or from another session, that shares no content word
        with this one."""
        seen = words(" ".join([m["content"] for m in talk.messages]))
        for facts in talk.facts:
            seen |= words(" ".join(facts.questions))
        others = [(rng.choice(q), rng.choice(ADMISSIONS)) for q in rng.sample(self.wordings, 5)]
        bank = rng.sample(self.never, 5)
        for question, admission in bank + others if rng.random() < 0.5 else others + bank:
            if not words(question) & seen:
                return [Exercise(casual(question, rng), admission)]
        return []

    def _plain(self, rng: random.Random) -> Lesson:
        """Chat, with nothing remembered in it."""
        exercises = []
        for messages in rng.sample(self.chat, 6):
            if len(messages) == 2:
                exercises.append(Exercise(messages[0]["content"], messages[1]["content"]))
        longer = [m for m in self.chat if len(m) > 2]
        if not exercises or rng.random() < 0.3:
            messages = rng.choice(longer)
            context = teacher_context(messages[:-2], None)
            return Lesson(context, [Exercise(messages[-2]["content"], messages[-1]["content"])])
        return Lesson(teacher_context([], None), exercises)

    def _nothing_told(self, rng: random.Random) -> Lesson:
        """Personal questions with no session above, or after unrelated chat."""
        before = rng.choice(self.chat)[:2] if rng.random() < 0.5 else []
        exercises = [Exercise(casual(q, rng), a) for q, a in rng.sample(self.never, 5)]
        for wordings in rng.sample(self.wordings, 4):
            exercises.append(Exercise(casual(rng.choice(wordings), rng), rng.choice(ADMISSIONS)))
        known = [f for t in rng.sample(self.written, 2) for f in t.facts if _named(f, rng)]
        told = [Exercise(rng.choice(f.questions), f.answers[0]) for f in known]
        return Lesson(teacher_context(before, None), _in_a_row(exercises, rng, told))

    def _asking(self, rng: random.Random) -> Lesson:
        """From what is known to what may be asked."""
        exercises: list[Exercise] = []
        while len(exercises) < 16:
            talk = rng.choice(self.written)
            if rng.random() < 0.3:
                talk = make_talk(self.kinds, self.lists, self.chat, rng)
            for fact in rng.sample(talk.facts, min(len(talk.facts), 3)):
                question = prompts.ASK_FOR.format(answer=rng.choice(fact.answers))
                exercises.append(Exercise(question, rng.choice(fact.questions), weight=OPEN_WEIGHT))
        return Lesson(teacher_context([], None), exercises)


def long_date_in(answer: str, day: date | None) -> bool:
    """Whether an answer needs the session's own day to be given."""
    return bool(day) and bool(re.search(r"\b(19|20)\d\d\b", answer))


def _in_a_row(
    exercises: list[Exercise], rng: random.Random, others: Sequence[Exercise] = ()
) -> list[Exercise]:
    """Some of them behind another exchange, since people ask several things in a row and a small
    model repeats its last answer."""
    before = [*exercises, *others]
    done = []
    for exercise in exercises:
        other = rng.choice(before)
        if rng.random() < IN_A_ROW_SHARE and other.question != exercise.question:
            exercise = replace(exercise, after=(other.question, other.answer))
        done.append(exercise)
    return done


def _tells_nothing(text: str) -> bool:
    """A question or a word or two; other talk that no fact was written for may tell one yet."""
    return not OF_ONESELF.search(text) and (text.endswith("?") or len(text.split()) < 4)


def _named(fact: Fact, rng: random.Random) -> str | None:
    """One of its answers that says by itself what it is about, if there is one."""
    plain = [answer for answer in fact.answers if not nameless(answer)]
    return rng.choice(plain) if plain else None


def _one_passage(talk: Talk, rng: random.Random) -> Talk:
    """One message's exchange alone. What the rest of the session told was, here, never told; a
    question stays out where the passage might answer it all the same."""
    homes = [f.said_in for f in talk.facts if f.said_in not in {-1, *talk.outdated}] or [0]
    place = rng.choice(homes)
    messages = passage(talk.messages, place)
    shift = next(k for k, m in enumerate(talk.messages) if m == messages[0])
    seen = words(" ".join(m["content"] for m in messages))
    facts = [replace(f, said_in=place - shift) for f in talk.facts if f.said_in == place]
    elsewhere = [
        (rng.choice(f.questions), rng.choice(ADMISSIONS))
        for f in talk.facts
        if f.said_in != place and not keys(f.questions[0], f.answers[0]) & seen
    ]
    choices = [replace(c, said_in=place - shift) for c in talk.choices if c.said_in == place]
    return Talk(messages, talk.day, facts, [*talk.unknown, *elsewhere], choices)
