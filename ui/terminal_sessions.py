"""`sessions`: what was said, where it stands, and taking it out again.

Knows sessions and what may be done with them. Does not know how they are learnt.
"""

from dataclasses import asdict
from typing import Annotated, Any

import typer

from agent.config import load_settings
from agent.errors import AgentError
from agent.text import many
from storage.database import local_day
from storage.pairs import Pair
from storage.sessions import STATES
from ui.terminal import (
    JsonOption,
    ModelOption,
    ProfileOption,
    SessionArgument,
    YesOption,
    confirmed,
    examples,
    group,
    note,
    open_profile,
    open_service,
    say,
    session_rows,
    show,
    show_json,
    whole_id,
)

commands = group("The sessions: list, read, leave out, forget, erase.")


@commands.command(
    "list", epilog=examples("sessions list --search kayak", "sessions list --state failed --json")
)
def list_(
    profile: ProfileOption = "me",
    search: Annotated[str, typer.Option(help="words in title or messages")] = "",
    state: Annotated[list[str] | None, typer.Option(help="only these; may be repeated")] = None,
    limit: int = 50,
    as_json: JsonOption = False,
) -> None:
    """List the sessions, newest first."""
    if other := {*(state or ())} - {*STATES}:
        raise AgentError(f"There is no state '{min(other)}'. Choose of {', '.join(STATES)}.")
    opened = open_profile(profile)
    found = opened.sessions.list(states=state, query=search, limit=limit)
    rows = session_rows(opened, found)
    if not as_json:
        rows = [_brief(row) for row in rows]
    show(rows, as_json, "No session is found. Start one with `run.py chat`.")


@commands.command("show", epilog=examples("sessions show 3f2a"))
def show_(
    session: SessionArgument, profile: ProfileOption = "me", as_json: JsonOption = False
) -> None:
    """Print what was said in a session."""
    sessions, session = open_profile(profile).sessions, whole_id(profile, session)
    found, messages = sessions.get(session), sessions.messages(session)
    if as_json:
        show_json({**asdict(found), "messages": [asdict(message) for message in messages]})
        return
    note(
        f"{found.title} ({found.state}, {found.started_at})"
        + (f": {found.error}" if found.error else "")
    )
    for message in messages:
        say(f"{message.role}: {message.content}")


@commands.command(epilog=examples("sessions pairs 3f2a", "sessions pairs 3f2a --all --json"))
def pairs(
    session: SessionArgument,
    profile: ProfileOption = "me",
    all_: Annotated[bool, typer.Option("--all", help="retired and removed ones too")] = False,
    as_json: JsonOption = False,
) -> None:
    """List the questions and answers that a session taught."""
    opened, session = open_profile(profile), whole_id(profile, session)
    states = ("active", "retired", "removed") if all_ else ("active",)
    found = opened.pairs.of(session, states=states)
    rows = [asdict(pair) for pair in found] if as_json else [_row(pair) for pair in found]
    show(rows, as_json, "Nothing was learnt from this session.")


@commands.command(epilog=examples('sessions rename 3f2a "The kayak"'))
def rename(session: SessionArgument, title: str, profile: ProfileOption = "me") -> None:
    """Give a session another title."""
    open_profile(profile).sessions.rename(whole_id(profile, session), title)


@commands.command(epilog=examples("sessions end 3f2a"))
def end(session: SessionArgument, profile: ProfileOption = "me") -> None:
    """End an open session, so that it can be learnt."""
    session = whole_id(profile, session)
    if not open_profile(profile).sessions.end(session):
        raise AgentError(f"Session {session} was not open, or nothing was said in it.")


@commands.command(epilog=examples("sessions exclude 3f2a"))
def exclude(
    session: SessionArgument, profile: ProfileOption = "me", model: ModelOption = None
) -> None:
    """Leave a session out: its text stays, and what it taught is forgotten."""
    session = whole_id(profile, session)
    service = open_service(profile, load_settings(model=model))
    service.exclude(session)
    _say_waiting(service)


@commands.command(epilog=examples("sessions include 3f2a"))
def include(session: SessionArgument, profile: ProfileOption = "me") -> None:
    """Take a session in again that was left out."""
    open_profile(profile).sessions.include(whole_id(profile, session))


@commands.command(epilog=examples("sessions forget 3f2a", "sessions forget 3f2a --yes"))
def forget(
    session: SessionArgument,
    profile: ProfileOption = "me",
    model: ModelOption = None,
    yes: YesOption = False,
) -> None:
    """Take what a session taught out of the weights; its text stays, left out."""
    _forget(session, profile, model, yes, erase=False)


@commands.command(epilog=examples("sessions erase 3f2a"))
def erase(
    session: SessionArgument,
    profile: ProfileOption = "me",
    model: ModelOption = None,
    yes: YesOption = False,
) -> None:
    """Forget a session and erase its text for good."""
    _forget(session, profile, model, yes, erase=True)


def _forget(session: str, profile: str, model: str | None, yes: bool, *, erase: bool) -> None:
    session = whole_id(profile, session)
    title = open_profile(profile).sessions.get(session).title
    what = "text and pairs go for good" if erase else "pairs go"
    confirmed(f"{'Erase' if erase else 'Forget'} “{title}”? Its {what}.", yes)
    service = open_service(profile, load_settings(model=model))
    service.forget(session, erase=erase)
    _say_waiting(service)


def _say_waiting(service: Any) -> None:
    """Sessions learnt after the one that went wait to be learnt again."""
    if waiting := len(service.profile.sessions.waiting()):
        note(f"{many(waiting, 'session')} to be learnt again: `run.py absorb`.")


def _brief(session: dict[str, Any]) -> dict[str, Any]:
    """What of a session fits into a line of a terminal."""
    keys = ("id", "started", "state", "facts", "recalled", "title")
    return {key: session[key] for key in keys} | {"started": local_day(session["started"])}


def _row(pair: Pair) -> dict[str, Any]:
    keys = ("id", "question", "answer", "role", "state", "origin", "recall")
    return {key: getattr(pair, key) for key in keys}
