"""`chat` and `ask`: talking in the terminal.

Knows lines in and lines out. Does not know how a reply is made.
"""

import sys
from typing import Annotated

import typer

from agent.config import load_settings
from agent.errors import AgentError
from ui.terminal import (
    JsonOption,
    ModelOption,
    ProfileOption,
    examples,
    last,
    note,
    open_service,
    out,
    say,
    session_ids,
    show_json,
)

commands = typer.Typer()


@commands.command(epilog=examples("chat", "chat --session 3f2a", "chat --off"))
def chat(
    profile: ProfileOption = "me",
    model: ModelOption = None,
    session: Annotated[
        str | None, typer.Option(help="go on from this one", autocompletion=session_ids)
    ] = None,
    off: Annotated[bool, typer.Option("--off", help="off the record")] = False,
) -> None:
    """Chat in the terminal; an empty line or Ctrl+D ends the session."""
    if session and off:
        raise AgentError("A session is on the record: leave out --session or --off.")
    service = open_service(profile, load_settings(model=model))
    session_id = service.go_on(session) if session else None if off else service.new_session()
    history: list[dict[str, str]] = []
    while text := _read_line():
        reply = ""
        for grown in service.say(session_id, text, history=history):
            out.print(grown[len(reply) :], end="", markup=False, highlight=False)
            reply = grown
        out.print()
        history += [{"role": "user", "content": text}, {"role": "assistant", "content": reply}]
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


def _read_line() -> str:
    try:
        return input("> " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""
