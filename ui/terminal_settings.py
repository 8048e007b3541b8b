"""`settings`: the dials that are kept, shown and set.

Knows their names and values. Does not know what they do; that stands in agent/config.
"""

import os
from typing import Annotated

import typer

from agent.config import SAVED, load_settings, save_settings
from agent.errors import AgentError
from ui.terminal import JsonOption, examples, group, note, say, show, show_json

commands = group("The settings that are kept: show and set.")


def _names(incomplete: str) -> list[str]:
    return sorted(name for name in SAVED if name.startswith(incomplete))


@commands.command("show", epilog=examples("settings show", "settings show --json"))
def show_(as_json: JsonOption = False) -> None:
    """Print every setting that can be set, and its value now."""
    found = load_settings().model_dump(include=SAVED)
    if as_json:
        show_json(found)
    else:
        show([{"setting": name, "value": found[name]} for name in sorted(found)], as_json)


@commands.command(
    "set", epilog=examples("settings set nightly_at 02:30", 'settings set qa_base_url ""')
)
def set_(
    name: Annotated[str, typer.Argument(autocompletion=_names)],
    value: Annotated[str, typer.Argument(help="empty: the default")],
) -> None:
    """Keep a setting. A program that runs already takes it over at its next start."""
    if name not in SAVED:
        raise AgentError(
            f"There is no setting {name}. These can be set: {', '.join(sorted(SAVED))}."
        )
    told = getattr(load_settings(**{name: value}), name) if value else None
    save_settings({name: told})
    say(f"{name} = {getattr(load_settings(), name)}")
    if f"INWEIGHT_{name.upper()}" in os.environ:
        note(f"INWEIGHT_{name.upper()} is set in the environment and goes before it.")
