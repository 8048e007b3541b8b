"""What the commands of the terminal share: options, opening a profile, printing.

Knows plain rows and consoles. Does not know any command. The model is loaded only by a command that
cannot do without it, since that takes seconds.
"""

import json
import sqlite3
import sys
from collections import deque
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Column, Table

from agent.config import Settings, data_root
from agent.errors import AgentError
from agent.recall import facts_of, last_recall, recalled
from storage.errors import StorageError
from storage.profiles import Profile
from storage.sessions import Session

FAILURES = (AgentError, StorageError, OSError, sqlite3.Error)  # that a person can act on
WIDE = 10_000  # columns; a pipe cuts nothing
out = Console(width=None if sys.stdout.isatty() else WIDE, emoji=False)
notes = Console(stderr=True, emoji=False)


def group(help: str) -> typer.Typer:
    """Commands under one word; the word alone shows them."""
    return typer.Typer(help=help, no_args_is_help=True)


def examples(*lines: str) -> str:
    """What stands under a command's help."""
    return "\n\n".join(["Examples:", *(f"run.py {escape(line)}" for line in lines)])


def in_words(error: Exception) -> str:
    """A failure as one sentence: ours as they are, the disk's and the database's with what to do."""
    if isinstance(error, AgentError | StorageError):
        return str(error)
    return (
        f"The disk or the database refused: {error}. See that {data_root()} can be written and that"
        " there is room, then try again."
    )


def open_profile(name: str) -> Profile:
    """The profile without a model."""
    return Profile(data_root(), name)


def whole_id(profile: str, session: str) -> str:
    """The session's whole id, of which so much was typed that no other begins with it."""
    return open_profile(profile).sessions.whole_id(session)


def open_service(profile: str, settings: Settings) -> Any:
    """The model loaded and the profile opened; torch is imported only here."""
    from agent.loading import load
    from agent.service import Service

    return Service(open_profile(profile), load(settings.model), settings)


def session_ids(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Ids to complete to, each with its session's title."""
    found = open_profile(context.params.get("profile") or "me").sessions.list(limit=200)
    return [(s.id, s.title) for s in found if s.id.startswith(incomplete)]


ProfileOption = Annotated[str, typer.Option("--profile", help="whose memory")]
ModelOption = Annotated[str | None, typer.Option("--model", help="default, a hub id or a folder")]
RecipeOption = Annotated[str | None, typer.Option(help="inweight, self-param or sft")]
EndpointOption = Annotated[str | None, typer.Option(help="endpoint that writes pairs")]
EndpointModelOption = Annotated[str | None, typer.Option(help="its model")]
JsonOption = Annotated[bool, typer.Option("--json", help="for scripts")]
YesOption = Annotated[bool, typer.Option("--yes", help="do not ask")]
SessionArgument = Annotated[
    str, typer.Argument(help="the session's id", autocompletion=session_ids, show_default=False)
]


def say(text: object) -> None:
    """Print a line of the answer, as it is."""
    out.print(_harmless(text), markup=False, highlight=False, soft_wrap=True)


def note(text: object) -> None:
    """Print a line for the person watching, which a pipe does not get."""
    notes.print(_harmless(text), markup=False, highlight=False)


def last(growing: Iterable[Any]) -> Any:
    """What a reply has grown to when it is whole; nothing for one that stayed empty."""
    return next(iter(deque(growing, maxlen=1)), "")


def show(rows: Sequence[dict[str, Any]], as_json: bool, empty: str = "") -> None:
    """Rows of the same keys as a table, or as JSON."""
    if as_json:
        show_json(rows)
    elif not rows:
        note(empty)
    else:
        heads = (Column(key, no_wrap=key == "id") for key in rows[0])
        table = Table(*heads, box=box.SIMPLE)
        for row in rows:
            table.add_row(*map(_cell, row.values()))
        out.print(table)


def show_json(value: Any) -> None:
    """Any value as JSON, on standard output alone."""
    print(json.dumps(value, ensure_ascii=False, indent=1))


def confirmed(question: str, yes: bool) -> None:
    """Ask before something is destroyed; no is an error, so that a script notices."""
    if not (yes or typer.confirm(question)):
        raise AgentError("Nothing was changed.")


def session_rows(profile: Profile, found: Iterable[Session]) -> list[dict[str, Any]]:
    """Sessions as rows."""
    known = last_recall(profile)
    return [
        {"id": s.id, "started": s.started_at, "state": s.state, "messages": s.messages,
         "facts": len(facts_of(pairs)), "recalled": recalled(pairs, known),
         "title": s.title, "error": s.error}
        for s in found
        for pairs in (profile.pairs.of(s.id),)
    ]  # fmt: skip


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return f"{value:.3f}" if isinstance(value, float) else escape(_harmless(value))


def _harmless(text: object) -> str:
    """Without what a terminal would obey: a file that was taken in may hold anything."""
    return "".join(letter for letter in str(text) if letter in "\n\t" or letter.isprintable())
