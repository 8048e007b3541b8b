"""`export`, `import` and `reset`: taking the memory with you, chats in, and beginning anew.

Knows the kinds of files by name. Does not know what is in them.
"""

from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Literal

import typer

from agent import imports
from agent.config import load_settings
from agent.errors import AgentError
from ui.terminal import (
    JsonOption,
    ModelOption,
    ProfileOption,
    examples,
    note,
    open_profile,
    open_service,
    say,
    show,
)

commands = typer.Typer()
Kind = Literal["adapter", "base", "gguf", "merged", "ollama", "profile"]


@commands.command(epilog=examples("export", "export ollama --version 3", "export profile"))
def export(
    kind: Annotated[Kind, typer.Argument(help="what to write")] = "adapter",
    version: Annotated[int | None, typer.Option(help="the one in use if none")] = None,
    profile: ProfileOption = "me",
    model: ModelOption = None,
) -> None:
    """Write an artefact and print its path."""
    service = open_service(profile, load_settings(model=model))
    say(service.export(kind, version))


@commands.command(
    "import",
    epilog=examples(
        "import conversations.json --preview",
        "import chatgpt.zip --only chatgpt-6f1c --only chatgpt-82aa",
        "import inweight-me-v3.zip",
        "import inweight-me-profile.zip --profile anew",
    ),
)
def import_(
    file: Path,
    preview: Annotated[bool, typer.Option("--preview", help="only show what it holds")] = False,
    only: Annotated[list[str] | None, typer.Option(help="take this session; repeatable")] = None,
    profile: ProfileOption = "me",
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Take in chats (ChatGPT, Open WebUI, ShareGPT, JSON lines), an exported adapter or a profile."""
    opened = open_profile(profile)
    if preview:
        rows = [asdict(one) for one in imports.preview(opened, file)]
        show(rows, as_json, "There are no chats in it.")
    elif imports.is_ours(file) and not only:
        say(open_service(profile, load_settings(model=model)).import_file(file))
    else:
        before = opened.sessions.count()
        say(imports.take(opened, file, only))
        if opened.sessions.count() > before:
            note("They wait: `run.py absorb` learns them now, the page at night.")


@commands.command(epilog=examples("reset", "reset --yes me"))
def reset(
    profile: ProfileOption = "me",
    yes: Annotated[str, typer.Option("--yes", help="the profile's name, to skip asking")] = "",
) -> None:
    """Forget all that was learnt; the sessions' text stays."""
    confirm = yes or typer.prompt(f"Type '{profile}' to forget all that was learnt")
    if confirm != profile:
        raise AgentError("That is not the profile's name. Nothing was changed.")
    from agent.rewind import forget_all

    forget_all(open_profile(profile))
    say("All that was learnt is forgotten. The sessions are kept, excluded.")
