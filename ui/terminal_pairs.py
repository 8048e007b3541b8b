"""`pairs`: adding, correcting and forgetting single questions and answers.

Knows pairs by their ids, which `sessions pairs` lists. Does not know how they are learnt.
"""

from typing import Annotated

import typer

from agent.config import load_settings
from agent.errors import AgentError
from agent.forgetting import correct as correct_pair
from agent.forgetting import said_again
from ui.terminal import (
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
    whole_id,
)

commands = group("Single questions and answers: add, correct, forget.")
PairArgument = Annotated[int, typer.Argument(help="a pair's id", show_default=False)]


@commands.command(
    epilog=examples('pairs add 3f2a "What is my kayak called?" "Your kayak is called Otter."')
)
def add(
    session: SessionArgument, question: str, answer: str, profile: ProfileOption = "me"
) -> None:
    """Add a fact to what a session teaches, and print its id."""
    session = whole_id(profile, session)
    say(open_profile(profile).pairs.add_own(session, question, answer))
    note("It takes effect when the session is learnt next: `run.py absorb SESSION`.")


@commands.command(epilog=examples('pairs correct 12 "Your kayak is called Heron."'))
def correct(
    pair: PairArgument,
    answer: str,
    question: Annotated[str | None, typer.Option(help="another question, too")] = None,
    profile: ProfileOption = "me",
) -> None:
    """Put the right answer in place of a pair's."""
    correct_pair(open_profile(profile), pair, question, answer)
    note("It takes effect when the session is learnt next: `run.py absorb SESSION`.")


@commands.command(epilog=examples("pairs forget 12 13", "pairs forget --mentioning Otter"))
def forget(
    pairs: Annotated[list[int] | None, typer.Argument(help="ids of pairs")] = None,
    mentioning: Annotated[str, typer.Option(help="every pair with this name in it")] = "",
    profile: ProfileOption = "me",
    model: ModelOption = None,
    yes: YesOption = False,
) -> None:
    """Take pairs out of the weights for good."""
    opened = open_profile(profile)
    chosen = [opened.pairs.get(id) for id in pairs or []]
    chosen += opened.pairs.mentioning(mentioning)
    found = [*dict.fromkeys(one for pair in chosen for one in (pair, *said_again(opened, pair)))]
    if not found:
        raise AgentError("No pair was named, or nothing that was learnt mentions this.")
    for pair in found:
        note(f"{pair.id}  {pair.question}  {pair.answer}")
    confirmed(f"Forget these {len(found)}? The weights are rebuilt without them.", yes)
    service = open_service(profile, load_settings(model=model))
    service.forget_pairs([pair.id for pair in found])
    note("They are forgotten. `run.py absorb` rebuilds the weights.")
