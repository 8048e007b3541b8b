"""Sessions made from kinds of facts: templates told in one talk, some of them changed later in it.

Knows templates and lists of values; no model.
"""

import random
import re
from datetime import date, timedelta

from agent.default_model.written import Choice, Fact, Kind, Talk
from agent.text import words

NOTED = ("Thanks for telling me!", "Good to know.", "I'll go by that, then.", "Right, noted.")
ADMISSIONS = (
    "You haven't told me that yet.",
    "I don't know that, you haven't mentioned it.",
    "You never told me that.",
    "You haven't said anything about that to me.",
    "I don't know. You haven't told me.",
)
SLOT = re.compile(r"\{(\w+'?)\}")


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
