"""What the default model is taught from: hand-written sessions, kinds of facts, chat, admissions.

Reads the files in `data/` and makes `Lesson`s: a context, the things that are asked after it, and
what should be answered. Formats:

    written_*.txt   # session DAY / U: A: / ? wordings / … => answer / ?! never told => admission
                    ?* request || fitting || other || other || other => reply
    kinds_*.txt     @list: values   ## kind   S: A: statements and replies   Q: … = answer
                    N: never told   C: a later change ({slot'} is the new value)   R: like ?*
    chat.txt        U: / A: examples      never.txt   question => admission

Knows text only, no model.
"""

import random
import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

from agent import prompts
from agent.dates import annotate
from agent.filters import nameless
from agent.reading import TAKES_BACK, passage, place_of, sentences, teacher_context
from agent.text import keys, words

DATA = Path(__file__).parent / "data"
NOTED = ("Thanks for telling me!", "Good to know.", "I'll go by that, then.", "Right, noted.")
OPEN_WEIGHT = 0.5  # of exercises that many answers fit
REPLY_WEIGHT = 0.3  # of a session's own replies
IN_A_ROW_SHARE = 0.2
NEVER_MOST = 2  # never-told questions about a session; with 3 told things are denied too
PASSAGE_SHARE = 0.3  # of lessons about a session that show one exchange of it alone
ADMISSIONS = (
    "You haven't told me that yet.",
    "I don't know that, you haven't mentioned it.",
    "You never told me that.",
    "You haven't said anything about that to me.",
    "I don't know. You haven't told me.",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something the user said in message `said_in` (-1: in several): its wordings and its answers."""

    questions: tuple[str, ...]
    answers: tuple[str, ...]
    said_in: int


@dataclass(frozen=True, slots=True)
class Choice:
    """A request for a suggestion; the first option fits what the user said in `said_in`."""

    request: str
    options: tuple[str, ...]
    reply: str
    said_in: int


@dataclass(slots=True)
class Talk:
    """One session with all that may be asked about it."""

    messages: list[dict[str, str]]
    day: date | None
    facts: list[Fact] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    outdated: set[int] = field(default_factory=set)  # messages that tell what a later one changes


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


# --- reading the files -------------------------------------------------------------------------


def read_written(path: Path) -> list[Talk]:
    """Every hand-written session of one file."""
    talks: list[Talk] = []
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        line = line.strip()
        if line.startswith("# session "):
            talks.append(Talk([], date.fromisoformat(line[10:].strip())))
        elif line[:3] in ("U: ", "A: "):
            role = "user" if line[0] == "U" else "assistant"
            talks[-1].messages.append({"role": role, "content": line[3:].strip()})
        elif line.startswith("?"):
            try:
                _read_question(talks[-1], line)
            except ValueError as error:
                raise ValueError(f"{path.name} line {number}: {error}") from error
    for talk in talks:
        told = {f.said_in for f in talk.facts}
        users = [k for k, m in enumerate(talk.messages) if m["role"] == "user"]
        back = [k for k in users if TAKES_BACK.search(talk.messages[k]["content"])]
        talk.outdated = {k for k in users if k not in told and any(k < later for later in back)}
    return [t for t in talks if t.messages and t.messages[0]["role"] == "user"]


def _read_question(talk: Talk, line: str) -> None:
    question, _, answer = line.partition(" => ")
    if not answer:
        raise ValueError("no ' => '")
    if line.startswith("?!"):
        talk.unknown.append((question[2:].strip(), answer.strip()))
    elif line.startswith("?*"):
        request, *options = (part.strip() for part in question[2:].split("||"))
        said = _said_in(talk, request, answer)
        talk.choices.append(Choice(request, tuple(options), answer.strip(), said))
    else:
        wordings = tuple(w.strip() for w in question[1:].split(" / "))
        said = _said_in(talk, wordings[0], answer)
        talk.facts.append(Fact(wordings, (answer.strip(),), said))


def _said_in(talk: Talk, question: str, answer: str) -> int:
    """The user message that tells a pair (reading.place_of), or -1 where none tells all of it."""
    said = {k: _seen(talk, k) for k, m in enumerate(talk.messages) if m["role"] == "user"}
    place = place_of(question, answer, said)
    own = words(" ".join([talk.messages[place - 1]["content"] if place else "", said[place]]))
    whole = all(words(name) <= own for name in re.findall(r"[A-Z][\w'’-]+", answer))
    return place if whole and keys(question, answer) & own else -1


def _seen(talk: Talk, place: int) -> str:
    content = talk.messages[place]["content"]
    return annotate(content, talk.day) if talk.day else content


@dataclass(slots=True)
class Kind:
    """One kind of fact as templates."""

    name: str
    said: list[str] = field(default_factory=list)
    replies: list[str] = field(default_factory=list)
    blocks: list[tuple[list[str], list[str]]] = field(default_factory=list)
    near: list[str] = field(default_factory=list)
    changes: list[str] = field(default_factory=list)
    choices: list[str] = field(default_factory=list)


def read_kinds(path: Path, lists: dict[str, list[str]]) -> list[Kind]:
    """The kinds of one file; its @lists are added to `lists`."""
    kinds: list[Kind] = []
    for line in path.read_text().splitlines():
        tag, _, text = line.strip().partition(" ")
        if tag.startswith("@"):
            lists[tag[1:].rstrip(":")] = [v.strip() for v in text.split(",") if v.strip()]
        elif tag == "##":
            kinds.append(Kind(text.split()[0]))
        elif tag in ("S:", "A:", "N:", "C:", "R:"):
            kind = kinds[-1]
            room = {
                "S:": kind.said,
                "A:": kind.replies,
                "N:": kind.near,
                "C:": kind.changes,
                "R:": kind.choices,
            }
            room[tag].append(text)
        elif tag == "Q:":
            blocks = kinds[-1].blocks
            if not blocks or blocks[-1][1]:
                blocks.append(([], []))
            blocks[-1][0].append(text)
        elif tag == "=":
            kinds[-1].blocks[-1][1].append(text)
    return [k for k in kinds if k.said and k.blocks and all(b[1] for b in k.blocks)]


def read_lists(path: Path) -> dict[str, list[str]]:
    found = {}
    for line in path.read_text().splitlines():
        if line.startswith("@"):
            name, _, values = line[1:].partition(":")
            found[name] = [v.strip() for v in values.split(",") if v.strip()]
    return found


def read_chat(path: Path) -> list[list[dict[str, str]]]:
    examples = []
    for block in path.read_text().split("\n\n"):
        lines = [line for line in block.splitlines() if line[:3] in ("U: ", "A: ")]
        roles = {"U": "user", "A": "assistant"}
        messages = [{"role": roles[line[0]], "content": line[3:].strip()} for line in lines]
        if messages and messages[-1]["role"] == "assistant":
            examples.append(messages)
    return examples


def read_never(path: Path) -> list[tuple[str, str]]:
    rows = (line.split(" => ") for line in path.read_text().splitlines() if " => " in line)
    return [(row[0].strip(), row[1].strip()) for row in rows]


# --- talks from kinds --------------------------------------------------------------------------


class Slots:
    """Values for the {slots} of one talk: the same slot means the same value within a kind, and
    no value is used twice in a talk."""

    def __init__(self, lists: dict[str, list[str]], rng: random.Random) -> None:
        self._lists, self._rng = lists, rng
        self._used: set[str] = set()

    def fill(self, slot: str) -> str:
        for _ in range(20):
            value = self._draw(slot)
            if value not in self._used:
                break
        self._used.add(value)
        return value

    def _draw(self, slot: str) -> str:
        rng = self._rng
        made = {
            "name": lambda: rng.choice(self._lists[rng.choice(["man", "woman"])]),
            "name2": lambda: rng.choice(self._lists[rng.choice(["man", "woman"])]),
            "date": lambda: f"{rng.choice(self._lists['month'])} {rng.randint(1, 28)}",
            "year": lambda: str(rng.randint(1955, 2030)),
            "time": lambda: self._time(),
            "price": lambda: self._money(rng.randint(3, 400)),
            "bigprice": lambda: self._money(rng.randint(10, 400) * 50),
            "n": lambda: str(rng.randint(2, 12)),
            "nn": lambda: str(rng.randint(13, 99)),
        }
        return made[slot]() if slot in made else rng.choice(self._lists[slot])

    def _time(self) -> str:
        hour, minute = self._rng.randint(1, 12), self._rng.choice(["00", "15", "30", "45", "10"])
        half = self._rng.choice(["am", "pm"])
        return f"{hour} {half}" if minute == "00" else f"{hour}:{minute} {half}"

    def _money(self, amount: int) -> str:
        units = ("{} euros", "{} dollars", "£{}", "{} pounds", "${}", "€{}", "{} kroner", "{} francs",
                 "{} rupees", "{} zloty", "{} pesos", "{} yen")  # fmt: skip
        return self._rng.choice(units).format(f"{amount:,}")


SLOT = re.compile(r"\{(\w+'?)\}")


def make_talk(
    kinds: list[Kind],
    lists: dict[str, list[str]],
    chat: list[list[dict[str, str]]],
    rng: random.Random,
) -> Talk:
    """A session that tells one to five kinds of facts, with chat between them."""
    slots = Slots(lists, rng)
    day = date(2023, 1, 1) + timedelta(days=rng.randint(0, 1400)) if rng.random() < 0.8 else None
    talk = Talk([], day)
    told: list[tuple[Kind, dict[str, str]]] = []
    for kind in rng.sample(kinds, rng.choice([1, 2, 2, 3, 3, 4, 5])):
        values: dict[str, str] = {}
        if told and rng.random() < 0.25:  # two kinds in one message
            merged = (
                talk.messages[-2]["content"] + " " + _write(rng.choice(kind.said), values, slots)
            )
            talk.messages[-2]["content"] = merged
        else:
            if rng.random() < 0.2:
                talk.messages += rng.choice(chat)[:2]
            talk.messages += [
                {"role": "user", "content": _write(rng.choice(kind.said), values, slots)},
                {"role": "assistant", "content": _write(rng.choice(kind.replies), values, slots)},
            ]
        _tell(talk, kind, values, slots, rng)
        told.append((kind, values))
    asked = [words(" ".join(f.questions)) for f in talk.facts]
    for kind, values in told:
        own = words(" ".join(q for b in kind.blocks for q in b[0]))
        for near in kind.near:
            question = _write(near, values, slots)
            others = [a for a in asked if not a <= own]
            if all(len(words(question) & other) < 2 for other in others):
                talk.unknown.append((question, rng.choice(ADMISSIONS)))
    return talk


def _tell(talk: Talk, kind: Kind, values: dict[str, str], slots: Slots, rng: random.Random) -> None:
    """Add the facts of `kind` told in the talk's last user message, perhaps changed at once."""
    first = said_in = len(talk.messages) - 2
    _fill_answers(kind, values, slots)
    changed: set[str] = set()
    if kind.changes and rng.random() < 0.5:
        change = rng.choice(kind.changes)
        talk.messages += [
            {"role": "user", "content": _write(change, values, slots)},
            {"role": "assistant", "content": rng.choice(NOTED)},
        ]
        said_in = len(talk.messages) - 2
        talk.outdated.add(first)
        changed = {slot[:-1] for slot in SLOT.findall(change) if slot.endswith("'")}
        for slot in changed:
            values[slot] = values[f"{slot}'"]
    for questions, answers in kind.blocks:
        anew = bool(changed & {*SLOT.findall(" ".join(answers))})
        # What names the new value can be asked only about the new message.
        asked = [q for q in questions if anew or not changed & {*SLOT.findall(q)}]
        if asked:
            talk.facts.append(
                Fact(
                    tuple(_write(q, values, slots) for q in asked),
                    tuple(_write(a, values, slots) for a in answers),
                    said_in if anew else first,
                )
            )
    for row in kind.choices:
        text, _, reply = row.partition(" => ")
        request, *options = (_write(part.strip(), values, slots) for part in text.split("||"))
        if len(options) == 4 and reply:
            filled = _write(reply.strip(), values, slots)
            talk.choices.append(Choice(request, tuple(options), filled, said_in))


def _fill_answers(kind: Kind, values: dict[str, str], slots: Slots) -> None:
    for questions, answers in kind.blocks:
        for text in [*questions, *answers]:
            _write(text, values, slots)


def _write(text: str, values: dict[str, str], slots: Slots) -> str:
    def value(match: re.Match[str]) -> str:
        slot = match[1]
        if slot not in values:
            values[slot] = slots.fill(slot.rstrip("'"))
        return values[slot]

    return SLOT.sub(value, text)


# --- lessons -----------------------------------------------------------------------------------


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
        self.never = read_never(folder / "never.txt")
        self.written = [t for k, t in enumerate(written) if k % 10]
        self.kinds = [k for n, k in enumerate(kinds) if n % 10]
        self._written_out = written[::10]
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
        return [self.about(talk, rng) for talk in self._written_out + made]

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


OF_ONESELF = re.compile(r"\b(?:i|i['’]?m|my|me|mine|we|our|us)\b", re.IGNORECASE)
SHORTER = {
    "tomorrow": "tmrw", "tonight": "2nite", "with": "w/", "appointment": "appt", "and": "&",
    "you": "u", "years": "yrs", "because": "bc", "people": "ppl", "really": "rly", "please": "pls",
    "about": "abt", "birthday": "bday", "month": "mth", "weeks": "wks", "minutes": "min",
    "thanks": "thx", "going to": "gonna", "want to": "wanna", "before": "b4",
}  # fmt: skip


class Typist:
    """One person's careless way of typing."""

    def __init__(self, rng: random.Random) -> None:
        self._lower = rng.random() < 0.8
        self._bare = rng.random() < 0.6
        self._subjectless = rng.random() < 0.5
        taken = rng.sample(sorted(SHORTER), rng.choice([0, 0, 3, 6, 12]))
        self._short = re.compile(rf"\b({'|'.join(taken)})\b", re.I) if taken else None

    def write(self, text: str) -> str:
        if self._subjectless:  # "I started at the mill" -> "Started at the mill"
            text = re.sub(r"(?:(?<=[.!?] )|^)(?:I am|I'm|I|It is|It's) (\w)", _opened, text)
        if self._short:
            text = self._short.sub(lambda match: SHORTER[match[1].lower()], text)
        if self._lower:
            text = text.lower()
        if self._bare:
            text = re.sub(r"['’]|(?<!\d),|[.!](?=\s|$)", "", text)
        return text


def _opened(match: re.Match[str]) -> str:
    return match[1].upper()


CARRIERS = ("Do you remember: {}", "Hey, {}", "quick question: {}", "Tell me, {}", "{} I forgot.",
            "By the way, {}", "I can't recall, {}")  # fmt: skip


def casual(question: str, rng: random.Random) -> str:
    """Now and then in lower case, without its mark, or behind a few words."""
    draw = rng.random()
    if draw < 0.07:
        return question.lower().rstrip("?")
    if draw < 0.12:
        return question.lower()
    if draw < 0.22:
        carrier = rng.choice(CARRIERS)
        return carrier.format(
            question if carrier.startswith("{}") else question[0].lower() + question[1:]
        )
    return question
