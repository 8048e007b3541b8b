"""`absorb`, `progress`, `cancel` and `remember`: learning, watching it, and asking what stuck.

Knows cycles by what they write down of themselves. Does not know what they do.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
from rich.progress import Progress as Bar

from agent.config import load_settings
from agent.portrait import OF_ME
from agent.remaining import PACE_FROM, lasting, seconds_left
from agent.scheduler import call_off
from agent.text import many
from storage.cycles import Cycle
from ui.terminal import (
    EndpointModelOption,
    EndpointOption,
    JsonOption,
    ModelOption,
    ProfileOption,
    RecipeOption,
    examples,
    note,
    notes,
    open_profile,
    open_service,
    say,
    session_ids,
    session_rows,
    show,
    show_json,
    whole_id,
)

commands = typer.Typer()
_LOOK_SECONDS = 0.5


@commands.command(epilog=examples("absorb", "absorb 3f2a --json"))
def absorb(
    session: Annotated[
        list[str] | None,
        typer.Argument(help="ids; all that wait if none", autocompletion=session_ids),
    ] = None,
    profile: ProfileOption = "me",
    model: ModelOption = None,
    qa_base_url: EndpointOption = None,
    qa_model: EndpointModelOption = None,
    recipe: RecipeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Learn the ended sessions now, or those that are named; an open one is ended first."""
    settings = load_settings(model=model, qa_base_url=qa_base_url, qa_model=qa_model, recipe=recipe)
    chosen = [whole_id(profile, id) for id in session] if session else None
    service = open_service(profile, settings)
    for id in chosen or []:
        service.end_session(id)
    began = time.monotonic()
    with progress_bar(service.profile.cycles.list, notes):
        done = service.absorb_now(chosen)
    found = [service.profile.sessions.get(id) for id in done]
    if as_json:
        show_json(session_rows(service.profile, found))
    for one in [] if as_json else found:
        say(f"{one.id}  {one.state}  {one.error or ''}")
    note(
        f"{many(len(done), 'session')} in {time.monotonic() - began:.0f} s"
        if done
        else "No session is waiting."
    )
    if any(one.state == "failed" for one in found):
        raise typer.Exit(1)


@contextmanager
def progress_bar(newest: Callable[[int], Sequence[Cycle]], console: Console) -> Iterator[None]:
    """A bar for the cycle that runs meanwhile, the first of `newest`; none where nobody looks."""
    if not console.is_terminal:
        yield
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
    )
    over = threading.Event()
    with Bar(*columns, console=console, transient=True) as bar:
        task = bar.add_task("beginning", total=None)

        def watch() -> None:
            while not over.wait(_LOOK_SECONDS):
                cycles = newest(PACE_FROM)
                cycle = next(iter(cycles), None)
                if cycle and cycle.state == "running":
                    bar.update(
                        task,
                        description=_words(cycle) + _left(seconds_left(cycles)),
                        completed=cycle.done,
                        total=cycle.total or None,
                    )

        watcher = threading.Thread(target=watch, daemon=True)
        watcher.start()
        try:
            yield
        finally:
            over.set()
            watcher.join()


def _left(seconds: float | None) -> str:
    return f", about {lasting(seconds)} left" if seconds else ""


def _words(cycle: Cycle) -> str:
    session = cycle.detail.get("sessions_done", 0) + 1
    return f"session {session} of {cycle.detail.get('sessions_total', 1)}: {cycle.stage}"


@commands.command(epilog=examples("progress", "progress --json"))
def progress(profile: ProfileOption = "me", as_json: JsonOption = False) -> None:
    """Tell where the learning stands, whichever process does it."""
    cycles = open_profile(profile).cycles.list(PACE_FROM)
    cycle, left = next(iter(cycles), None), seconds_left(cycles)
    if as_json:
        show_json({**asdict(cycle), "seconds_left": left} if cycle else None)
    elif cycle is None:
        note("Nothing was learnt yet.")
    elif cycle.state == "running":
        share = f" {100 * cycle.done // cycle.total} %" if cycle.total else ""
        say(f"running, {_words(cycle)}{share}{_left(left)}")
    else:
        say(f"{cycle.state} at {cycle.ended_at}" + (f": {cycle.error}" if cycle.error else ""))


@commands.command(epilog=examples("cancel"))
def cancel(profile: ProfileOption = "me") -> None:
    """Stop the learning at its next safe point; its session and those in line wait again."""
    if call_off(open_profile(profile)):
        note("The learning stops at its next safe point. Nothing is lost.")
    else:
        note("Nothing is being learnt.")


@commands.command(epilog=examples("remember", "remember --limit 10 --json"))
def remember(
    profile: ProfileOption = "me",
    model: ModelOption = None,
    limit: Annotated[int, typer.Option(help="facts at most, newest sessions first")] = 50,
    as_json: JsonOption = False,
) -> None:
    """Ask the weights one question per fact, and show it beside what they were told."""
    service = open_service(profile, load_settings(model=model))
    found: list[dict[str, Any]] = []
    own = None if as_json else service.in_own_words()
    if own is not None:
        say(f"{OF_ME}  {own}")
    for one in service.remember(limit):
        found.append(asdict(one))
        if not as_json:  # each as it comes: there may be many
            say(f"{'right' if one.right else 'wrong'}  {one.question}  {one.answer}")
    if as_json:
        show(found, as_json)
    if found:
        note(f"{sum(one['right'] for one in found)} of {len(found)} right")
    elif own is not None:  # an adapter that was taken in
        note("No questions are on record of what it was taught.")
    else:
        note("Nothing was learnt yet.")
