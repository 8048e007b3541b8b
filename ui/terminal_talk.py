"""`chat` and `ask`: talking in the terminal.

Knows lines in and lines out. Does not know how a reply is made.
"""

import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Annotated, Any

import typer

from agent.config import load_settings
from agent.errors import AgentError
from storage.errors import NotFound
from ui.terminal import (
    FAILURES,
    JsonOption,
    ModelOption,
    ProfileOption,
    examples,
    in_words,
    last,
    note,
    open_service,
    out,
    say,
    session_ids,
    show_json,
    whole_id,
)

commands = typer.Typer()
AGAIN, EDIT = "/again", "/edit "
Talk = list[dict[str, str]]  # role and content, in order
Replies = Iterator[str]  # one reply as it grows


@commands.command(epilog=examples("chat", "chat --session 3f2a", "chat --off"))
def chat(
    profile: ProfileOption = "me",
    model: ModelOption = None,
    session: Annotated[
        str | None, typer.Option(help="go on from this one", autocompletion=session_ids)
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="off the record")] = False,
) -> None:
    """Chat in the terminal; an empty line or Ctrl+D ends the session.

    /again has the last reply written anew, /edit TEXT puts other words in place of your last message.
    """
    if session and off:
        raise AgentError("A session is on the record: leave out --session or --off.")
    before = whole_id(profile, session) if session else None
    service = open_service(profile, load_settings(model=model))
    session_id = (
        service.go_on(before) if before else None if off else service.profile.sessions.start()
    )
    talk: Talk = []  # off the record; else the log has it
    while line := _read_line():
        try:
            if session_id:
                session_id = _going_on(service, session_id)
                logged = service.profile.sessions.messages(session_id)
                talk = [{"role": m.role, "content": m.content} for m in logged]
            if line == EDIT.strip():
                note("Write the other words behind it: /edit TEXT.")
                continue
            if _is_anew(line) and not any(one["role"] == "user" for one in talk):
                note("Nothing was said yet that could be said anew.")
                continue
            talk, replies = _said(service, session_id, talk, line)
            talk.append(_shown(replies))
        except FAILURES as error:  # of this line alone
            note(in_words(error))
    with suppress(NotFound):  # the page dropped it, empty
        if session_id and service.end_session(session_id):
            note("The session is kept; `run.py absorb` learns it.")


@commands.command(
    epilog=examples('ask "Where do I live?"', 'ask --compare --json "Where do I live?"')
)
def ask(
    question: str,
    profile: ProfileOption = "me",
    model: ModelOption = None,
    without_memory: Annotated[
        bool, typer.Option("--without-memory", help="ask the bare base")
    ] = False,
    compare: Annotated[bool, typer.Option("--compare", help="ask with memory and without")] = False,
    as_json: JsonOption = False,
) -> None:
    """Ask one question of the weights, off the record."""
    service = open_service(profile, load_settings(model=model))
    if compare:
        both = last(service.compare([], question))
        told = dict(zip(("with_memory", "without_memory"), both, strict=True))
    else:
        told = {"answer": last(service.say(None, question, memory=not without_memory))}
    if as_json:
        show_json({"question": question, **told})
    elif compare:
        for name, answer in told.items():
            say(f"{name.replace('_', ' ')}: {answer}")
    else:
        say(told["answer"])


def _going_on(service: Any, session_id: str) -> str:
    """The session for the next line: a page that is open ends one in which nothing is said for long."""
    try:
        going_on: str = service.go_on(session_id)
    except NotFound:  # it was empty, and is dropped
        return str(service.profile.sessions.start())
    if going_on != session_id:
        note("The session was ended meanwhile; a new one goes on from it.")
    return going_on


def _is_anew(line: str) -> bool:
    return line == AGAIN or line.startswith(EDIT)


def _said(service: Any, session_id: str | None, talk: Talk, line: str) -> tuple[Talk, Replies]:
    """What was said once the line is, and the replies that grow."""
    cut = len(talk)
    if _is_anew(line):
        cut = max(n for n, one in enumerate(talk) if one["role"] == "user")
    text = talk[cut]["content"] if line == AGAIN else line.removeprefix(EDIT)
    if session_id and line == AGAIN:
        replies = service.regenerate(session_id)
    elif session_id and _is_anew(line):
        replies = service.edit_and_resend(session_id, cut, text)
    else:
        replies = service.say(session_id, text, history=talk[:cut], again=line == AGAIN)
    return [*talk[:cut], {"role": "user", "content": text}], replies


def _shown(replies: Replies) -> dict[str, str]:
    """Print a reply as it grows; the message that it became."""
    reply = ""
    for grown in replies:
        out.print(grown[len(reply) :], end="", markup=False, highlight=False)
        reply = grown
    out.print()
    return {"role": "assistant", "content": reply}


def _read_line() -> str:
    try:
        return input("> " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""
