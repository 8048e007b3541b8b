"""`versions`: the adapter versions, which one is in use, and how two of them differ.

Knows versions and their figures. Does not know how they were made.
"""

from typing import Annotated, Any

import typer

from agent.config import load_settings
from agent.errors import AgentError
from storage.adapters import Version
from ui.terminal import (
    JsonOption,
    ModelOption,
    ProfileOption,
    examples,
    group,
    last,
    open_profile,
    open_service,
    say,
    show,
    show_json,
)

commands = group("The adapter versions: list, use, pin, compare.")
_FIGURES = ("recall_new", "recall_old", "abstain", "drift", "seconds", "pairs")
BASE = "base"


@commands.command("list", epilog=examples("versions list", "versions list --json"))
def list_(profile: ProfileOption = "me", as_json: JsonOption = False) -> None:
    """List the adapter versions with their figures, newest first."""
    store = open_profile(profile).adapters
    active = store.active()
    rows = [
        {"version": v.number, "active": bool(active and active.number == v.number),
         "pinned": v.pinned, "state": v.state, "sessions": len(v.sessions), "reason": v.reason}
        | {key: v.figures.get(key) for key in _FIGURES}
        for v in store.list()
    ]  # fmt: skip
    show(rows, as_json, "There is no version yet: absorb a session first.")


@commands.command(epilog=examples("versions activate 3", "versions activate base"))
def activate(
    version: Annotated[str, typer.Argument(help="its number, or base for no memory")],
    profile: ProfileOption = "me",
    model: ModelOption = None,
) -> None:
    """Use another version from now on; all of them stay."""
    if version == BASE:
        from agent.rewind import alone

        opened = open_profile(profile)
        with alone(opened):
            opened.adapters.activate(None)
        say("The bare base is in use.")
        return
    open_service(profile, load_settings(model=model)).activate(_number(version))
    say(f"Version {version} is in use.")


@commands.command(epilog=examples("versions pin 3"))
def pin(version: int, profile: ProfileOption = "me") -> None:
    """Pin a version, in place of any other."""
    open_profile(profile).adapters.pin(version)


@commands.command(epilog=examples("versions unpin"))
def unpin(profile: ProfileOption = "me") -> None:
    """Take the pin off."""
    open_profile(profile).adapters.pin(None)


@commands.command(
    epilog=examples("versions compare 2 3", 'versions compare 2 3 --ask "Where do I live?"')
)
def compare(
    first: int,
    second: int,
    question: Annotated[str | None, typer.Option("--ask", help="ask both this, too")] = None,
    profile: ProfileOption = "me",
    model: ModelOption = None,
    as_json: JsonOption = False,
) -> None:
    """Put two versions side by side: figures, sessions and, with --ask, answers."""
    store = open_profile(profile).adapters
    both = [_facts(store.get(number)) for number in (first, second)]
    if question:
        for facts, answer in zip(
            both, _answers([first, second], question, profile, model), strict=True
        ):
            facts["answer"] = answer
    if as_json:
        show_json(both)
    else:
        show([{"": key, "first": both[0][key], "second": both[1][key]} for key in both[0]], as_json)


def _facts(version: Version) -> dict[str, Any]:
    figures = {key: version.figures.get(key) for key in _FIGURES}
    return {
        "version": version.number,
        "state": version.state,
        "made": version.created_at,
        **figures,
        "sessions": ", ".join(version.sessions),
    }


def _answers(numbers: list[int], question: str, profile: str, model: str | None) -> list[str]:
    from agent.chat import Order
    from agent.sampling import Sampling

    service = open_service(profile, load_settings(model=model))
    told = []
    for number in numbers:
        order = Order(Sampling(max_tokens=service.settings.reply_tokens), service.attach(number))
        told.append(last(service.say(None, question, order=order)))
    return told


def _number(version: str) -> int:
    try:
        return int(version)
    except ValueError as problem:
        raise AgentError(f"'{version}' is no version: give its number, or {BASE}.") from problem
