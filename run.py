"""The command line and the wiring; nothing else wires.

python run.py                          the browser, and absorption in the background
python run.py chat | ask "…"           talk in the terminal
python run.py absorb | sessions | adapters | export | import | reset | evaluate
"""

import json
import logging
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

# Set before the libraries are imported: nothing is reported to anybody.
os.environ.setdefault("GRADIO_ANALYTICS_ENABLED", "False")
os.environ.setdefault("HF_HUB_DISABLE_TELEMETRY", "1")
os.environ.setdefault("TRANSFORMERS_VERBOSITY", "error")
os.environ.setdefault("HF_HUB_DISABLE_PROGRESS_BARS", "1")

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from agent.config import Settings, data_root, load_settings
from agent.errors import AgentError
from storage.errors import StorageError
from storage.profiles import Profile

app = typer.Typer(
    help="A chat agent whose memory of you lives in its weights.",
    no_args_is_help=False,
    pretty_exceptions_enable=False,
)
out = Console()
notes = Console(stderr=True)
ProfileOption = Annotated[str, typer.Option("--profile", help="whose memory")]
ModelOption = Annotated[str | None, typer.Option("--model", help="default, a hub id or a folder")]
JsonOption = Annotated[bool, typer.Option("--json", help="for scripts")]


def open_service(profile: str, settings: Settings) -> Any:
    """The model loaded and the profile opened; torch is imported only here."""
    from agent.model import load
    from agent.service import Service

    return Service(Profile(data_root(), profile), load(settings.model), settings)


@contextmanager
def told_plainly() -> Iterator[None]:
    """Failures that a person can act on become one sentence and exit code 1."""
    try:
        yield
    except (AgentError, StorageError) as error:
        notes.print(str(error), style="red", highlight=False, markup=False)
        raise typer.Exit(1) from error
    except KeyboardInterrupt:
        notes.print("Stopped.")
        raise typer.Exit(130) from None


@app.callback(invoke_without_command=True)
def serve(
    context: typer.Context,
    profile: ProfileOption = "me",
    model: ModelOption = None,
    port: Annotated[int, typer.Option(help="on 127.0.0.1")] = 7860,
    qa_base_url: Annotated[str | None, typer.Option(help="endpoint that writes pairs")] = None,
    qa_model: Annotated[str | None, typer.Option(help="its model")] = None,
    recipe: Annotated[str | None, typer.Option(help="inweight, self-param or sft")] = None,
) -> None:
    """Serve the browser page and absorb in the background."""
    if context.invoked_subcommand:
        return
    with told_plainly():
        import uvicorn

        from agent.api import create_api
        from ui.app import mount

        settings = load_settings(
            model=model, qa_base_url=qa_base_url, qa_model=qa_model, recipe=recipe
        )
        service = open_service(profile, settings)
        service.scheduler.start()
        notes.print(f"Inweight is at http://127.0.0.1:{port} (stop with Ctrl+C)")
        try:
            uvicorn.run(
                mount(create_api(service), service),
                host="127.0.0.1",
                port=port,
                log_level="warning",
            )
        finally:
            service.cancel()
            service.scheduler.stop()


@app.command()
def chat(profile: ProfileOption = "me", model: ModelOption = None, off: bool = False) -> None:
    """Chat in the terminal; an empty line or Ctrl+D ends the session. --off: off the record."""
    with told_plainly():
        service = open_service(profile, load_settings(model=model))
        session_id = None if off else service.new_session()
        history: list[dict[str, str]] = []
        while text := _read_line():
            reply = ""
            for grown in service.say(session_id, text, history=history):
                out.print(grown[len(reply) :], end="", markup=False, highlight=False)
                reply = grown
            out.print()
            history += [
                {"role": "user", "content": text},
                {"role": "assistant", "content": reply},
            ]
        if session_id and service.end_session(session_id):
            notes.print("The session is kept; `run.py absorb` learns it.")


def _read_line() -> str:
    try:
        return input("> " if sys.stdin.isatty() else "").strip()
    except EOFError:
        return ""


@app.command()
def ask(
    question: str,
    profile: ProfileOption = "me",
    model: ModelOption = None,
    without_memory: Annotated[bool, typer.Option(help="ask the bare base")] = False,
) -> None:
    """Ask one question of the weights, off the record."""
    with told_plainly():
        service = open_service(profile, load_settings(model=model))
        grown = list(service.say(None, question, memory=not without_memory))
        out.print(grown[-1] if grown else "", markup=False, highlight=False)


@app.command()
def sessions(
    profile: ProfileOption = "me", search: str = "", limit: int = 50, as_json: JsonOption = False
) -> None:
    """List the sessions, newest first."""
    with told_plainly():
        found = Profile(data_root(), profile).sessions.list(query=search, limit=limit)
        rows = [
            {"id": s.id, "started": s.started_at, "state": s.state, "messages": s.messages,
             "title": s.title, "error": s.error}
            for s in found
        ]  # fmt: skip
        _show(rows, as_json, "There are no sessions yet. Start with `run.py` or `run.py chat`.")


@app.command()
def absorb(
    session: Annotated[list[str] | None, typer.Argument(help="ids; all that wait if none")] = None,
    profile: ProfileOption = "me",
    model: ModelOption = None,
    qa_base_url: Annotated[str | None, typer.Option(help="endpoint that writes pairs")] = None,
    qa_model: Annotated[str | None, typer.Option(help="its model")] = None,
    recipe: Annotated[str | None, typer.Option(help="inweight, self-param or sft")] = None,
) -> None:
    """Learn the ended sessions now."""
    with told_plainly():
        settings = load_settings(
            model=model, qa_base_url=qa_base_url, qa_model=qa_model, recipe=recipe
        )
        service = open_service(profile, settings)
        began = time.monotonic()
        done = service.absorb_now(session or None)
        if not done:
            notes.print("No session is waiting.")
        for id in done:
            found = service.profile.sessions.get(id)
            out.print(f"{id}  {found.state}  {found.error or ''}", highlight=False, markup=False)
        if done:
            notes.print(f"{len(done)} sessions in {time.monotonic() - began:.0f} s")
        if any(service.profile.sessions.get(id).state == "failed" for id in done):
            raise typer.Exit(1)


@app.command()
def adapters(profile: ProfileOption = "me", as_json: JsonOption = False) -> None:
    """List the adapter versions with their figures."""
    with told_plainly():
        store = Profile(data_root(), profile).adapters
        active = store.active()
        shown = ("recall_new", "recall_old", "abstain", "drift", "seconds", "pairs")
        rows = [
            {"version": v.number, "active": bool(active and active.number == v.number),
             "state": v.state, "sessions": len(v.sessions), "reason": v.reason}
            | {k: v.figures.get(k) for k in shown}
            for v in store.list()
        ]  # fmt: skip
        _show(rows, as_json, "There is no adapter yet: absorb a session first.")


@app.command()
def export(
    kind: Annotated[str, typer.Argument(help="adapter, gguf, merged or profile")] = "adapter",
    version: int | None = None,
    profile: ProfileOption = "me",
    model: ModelOption = None,
) -> None:
    """Write an artefact and print its path."""
    with told_plainly():
        service = open_service(profile, load_settings(model=model))
        out.print(str(service.export(kind, version)), soft_wrap=True, highlight=False)


@app.command("import")
def import_(file: Path, profile: ProfileOption = "me", model: ModelOption = None) -> None:
    """Take in sessions (JSONL) or an exported adapter (zip)."""
    with told_plainly():
        if file.suffix == ".jsonl":  # no model is needed for sessions
            from storage.sessions import read_jsonl

            store = Profile(data_root(), profile).sessions
            if not file.exists():
                raise AgentError(f"There is no file {file}.")
            rows = read_jsonl(file)
            taken = store.take(rows)
            out.print(f"{len(taken)} of {len(rows)} sessions were taken.")
            return
        service = open_service(profile, load_settings(model=model))
        out.print(service.import_file(file))


@app.command()
def reset(
    profile: ProfileOption = "me",
    yes: Annotated[str, typer.Option("--yes", help="the profile's name, to skip asking")] = "",
) -> None:
    """Forget all that was learnt; the sessions' text stays."""
    with told_plainly():
        confirm = yes or typer.prompt(f"Type '{profile}' to forget all that was learnt")
        if confirm != profile:
            raise AgentError("That is not the profile's name. Nothing was changed.")
        found = Profile(data_root(), profile)
        from agent.consolidate import forget_all

        forget_all(found)
        out.print("All that was learnt is forgotten. The sessions are kept, excluded.")


@app.command()
def evaluate(
    cases: Path,
    users: int | None = None,
    sessions: int | None = None,
    modes: str = "none,context,weights,leak",
    kinds: str | None = None,
    report: Annotated[Path | None, typer.Option("--out", help="write the report here")] = None,
    model: ModelOption = None,
    recipe: Annotated[str | None, typer.Option(help="inweight, self-param or sft")] = None,
) -> None:
    """Absorb the users in CASES one session after another and ask their probes four ways."""
    with told_plainly():
        from agent import cases as measuring
        from agent.model import load

        settings = load_settings(model=model, recipe=recipe)
        found = measuring.evaluate(
            load(settings.model),
            settings,
            cases,
            users=users,
            sessions=sessions,
            modes=modes.split(","),
            kinds=kinds.split(",") if kinds else None,
            say=lambda text: notes.print(text, highlight=False),
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


def _show(rows: list[dict[str, Any]], as_json: bool, empty: str) -> None:
    if as_json:
        print(json.dumps(rows, ensure_ascii=False, indent=1))
    elif not rows:
        notes.print(empty)
    else:
        table = Table(*rows[0])
        for row in rows:
            table.add_row(*("" if v is None else _cell(v) for v in row.values()))
        out.print(table)


def _cell(value: Any) -> str:
    return f"{value:.3f}" if isinstance(value, float) else escape(str(value))


if __name__ == "__main__":
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    app()
