#!/usr/bin/env python3
"""The command line and the wiring: the browser's server here, the terminal's commands in ui.

python run.py                    the browser, and absorption in the background
python run.py chat | ask "…"     talk in the terminal; --help lists every command
"""

import json
import logging
import os
import socket
import sys
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

# Set before the libraries are imported: nothing is reported to anybody.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")
warnings.filterwarnings("ignore", category=FutureWarning)  # the libraries' notes to developers

import typer
from filelock import FileLock, Timeout
from rich.table import Table

from agent.config import load_settings
from agent.errors import AgentError
from ui import (
    terminal_learning,
    terminal_pairs,
    terminal_sessions,
    terminal_settings,
    terminal_talk,
    terminal_transfer,
    terminal_versions,
)
from ui.terminal import (
    FAILURES,
    EndpointModelOption,
    EndpointOption,
    ModelOption,
    ProfileOption,
    RecipeOption,
    examples,
    in_words,
    note,
    notes,
    open_profile,
    open_service,
    out,
)

SERVING = "serving"  # a file in the profile's folder, locked while it is served
LAST_SECONDS = 5  # for a reply under way; an open page would hold the program for ever
app = typer.Typer(
    help="A chat agent whose memory of you lives in its weights.", pretty_exceptions_enable=False
)
app.add_typer(terminal_talk.commands)
app.add_typer(terminal_learning.commands)
app.add_typer(terminal_sessions.commands, name="sessions")
app.add_typer(terminal_pairs.commands, name="pairs")
app.add_typer(terminal_versions.commands, name="versions")
app.add_typer(terminal_settings.commands, name="settings")
app.add_typer(terminal_transfer.commands)


@app.callback(
    invoke_without_command=True, epilog=examples("--port 8080", "--help", "sessions --help")
)
def serve(
    context: typer.Context,
    profile: ProfileOption = "me",
    model: ModelOption = None,
    port: Annotated[int, typer.Option(help="on 127.0.0.1")] = 7860,
    qa_base_url: EndpointOption = None,
    qa_model: EndpointModelOption = None,
    recipe: RecipeOption = None,
) -> None:
    """Serve the browser page and absorb in the background, unless a command is given."""
    if command := context.invoked_subcommand:
        _refuse_before(context, command)
        return
    import uvicorn

    from agent.api import create_api
    from ui.app import mount

    settings = load_settings(model=model, qa_base_url=qa_base_url, qa_model=qa_model, recipe=recipe)
    with _listening(port) as listening, _serving(profile):
        service = open_service(profile, settings)
        service.scheduler.start()
        try:
            config = uvicorn.Config(
                mount(create_api(service), service),
                log_level="warning",
                timeout_graceful_shutdown=LAST_SECONDS,
            )
            address = f"http://127.0.0.1:{listening.getsockname()[1]}"
            note(f"Inweight is at {address} (stop with Ctrl+C)")
            with suppress(KeyboardInterrupt):  # raised once more when all is closed
                uvicorn.Server(config).run(sockets=[listening])
        finally:
            service.scheduler.stop()


def _listening(port: int) -> socket.socket:
    """The port, taken before anything is changed: who has it may be this program on this profile."""
    try:
        return socket.create_server(("127.0.0.1", port))
    except OverflowError as error:
        raise AgentError(f"There is no port {port}: choose one from 1 to 65535.") from error
    except OSError as error:
        raise AgentError(
            f"Port {port} cannot be used: {os.strerror(error.errno or 0)}. Perhaps Inweight runs "
            "there already; --port chooses another one."
        ) from error


@contextmanager
def _serving(profile: str) -> Iterator[None]:
    """The profile, served by one program alone: two would clear each other's files on the way."""
    lock = FileLock(open_profile(profile).lock_path.with_name(SERVING), timeout=0)
    try:
        with lock:
            yield
    except Timeout as error:
        raise AgentError(
            f"Inweight serves the profile '{profile}' already, on another port: open that page, or "
            "stop it first."
        ) from error


def _refuse_before(context: typer.Context, command: str) -> None:
    """What stands before a command would be dropped: `--profile anna chat` would talk to another."""
    for name in context.params:
        source = context.get_parameter_source(name)
        if source and source.name == "COMMANDLINE":
            option = f"--{name.replace('_', '-')}"
            raise AgentError(f"Put {option} behind the command: run.py {command} … {option} …")


@app.command(epilog=examples("evaluate cases --users 1 --modes none,weights --out report.json"))
def evaluate(
    cases: Path,
    users: int | None = None,
    sessions: int | None = None,
    modes: str = "none,context,weights,leak,chat",
    kinds: str | None = None,
    report: Annotated[Path | None, typer.Option("--out", help="write the report here")] = None,
    model: ModelOption = None,
    recipe: RecipeOption = None,
) -> None:
    """Absorb the users in CASES one session after another and ask their probes five ways."""
    from agent import cases as measuring
    from agent.loading import load

    if report:
        report.parent.mkdir(parents=True, exist_ok=True)
    settings = load_settings(model=model, recipe=recipe)
    found = measuring.evaluate(
        load(settings.model),
        settings,
        cases,
        users=users,
        sessions=sessions,
        modes=modes.split(","),
        kinds=kinds.split(",") if kinds else None,
        say=note,
    )
    if report:
        report.write_text(json.dumps(found, indent=1, ensure_ascii=False))
    _print_modes(found["modes"])


def _print_modes(modes: dict[str, dict[str, dict[str, float]]]) -> None:
    table = Table("kind", "n", *modes)
    kinds = dict.fromkeys(kind for cells in modes.values() for kind in cells)
    for kind in kinds:
        cells = [modes[mode].get(kind) for mode in modes]
        count = max(cell["n"] for cell in cells if cell)
        table.add_row(kind, str(count), *(f"{c['score']:.3f}" if c else "" for c in cells))
    out.print(table)


def main() -> None:
    """Run a command; failures that a person can act on become one sentence and exit code 1."""
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    try:
        app()
    except FAILURES as error:
        notes.print(in_words(error), style="red", highlight=False, markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
