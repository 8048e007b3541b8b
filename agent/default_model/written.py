"""What the default model is taught from, as it stands in `data/`: hand-written sessions, kinds of facts,
chat, admissions, general questions, dilemmas.

    written_*.txt   # session DAY / U: A: / ? wordings / … => answer / ?! never told => admission
                    ?* request || fitting || other || other || other => reply
    kinds_*.txt     @list: values   ## kind   S: A: statements and replies   Q: … = answer
                    N: never told   C: a later change ({slot'} is the new value)   R: like ?*
    chat.txt        U: / A: examples
    never.txt, general.txt, small_talk.txt, itself.txt, unknown.txt
                    question => answer
    choices.txt     ? request || option || … (four)   N told: option number N fits

Knows the files; no model.
"""

import re
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from agent.dates import annotate
from agent.reading import TAKES_BACK, place_of
from agent.text import keys, words

DATA = Path(__file__).parent / "data"


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


@dataclass(frozen=True, slots=True)
class Dilemma:
    """A request with options, and what may have been told: each time the number of the one option
    that fits, and the user's words."""

    request: str
    options: tuple[str, ...]
    told: tuple[tuple[int, str], ...]


@dataclass(slots=True)
class Talk:
    """One session with all that may be asked about it."""

    messages: list[dict[str, str]]
    day: date | None
    facts: list[Fact] = field(default_factory=list)
    unknown: list[tuple[str, str]] = field(default_factory=list)
    choices: list[Choice] = field(default_factory=list)
    outdated: set[int] = field(default_factory=set)  # messages that tell what a later one changes


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


def read_answers(path: Path) -> list[tuple[str, str]]:
    rows = (line.split(" => ") for line in path.read_text().splitlines() if " => " in line)
    return [(row[0].strip(), row[1].strip()) for row in rows]


def read_dilemmas(path: Path) -> list[Dilemma]:
    found = []
    for block in path.read_text().strip().split("\n\n"):
        head, *rows = block.splitlines()
        request, *options = head.removeprefix("? ").split(" || ")
        told = tuple((int(row[0]) - 1, row[2:].strip()) for row in rows)
        found.append(Dilemma(request, tuple(options), told))
    return found
