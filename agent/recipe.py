"""How a session is distilled: the numbers, in one place, each with its reason.

`inweight` is the product's own. `self-param` is the paper's (SELF-PARAM, ICLR 2025, section 4.1);
`sft` is next-token training on the same pairs, the baseline that the paper calls FT(S).
"""

from dataclasses import dataclass, replace

ATTENTION = ("q_proj", "k_proj", "v_proj", "o_proj")
MLP = ("gate_proj", "up_proj", "down_proj")


@dataclass(frozen=True, slots=True)
class Recipe:
    """Every number that shapes one absorption. Ratios are to the session's own pairs; `unrelated`,
    `read` and `general` to these and the replayed ones."""

    name: str = "inweight"
    rank: int = 16  # vLLM's default limit
    alpha: int = 16
    dropout: float = 0.0
    targets: tuple[str, ...] = ATTENTION + MLP
    learning_rate: float = 2e-3  # with 1e-3 trained questions were denied
    going_on: float = 0.5  # of the rate, for an adapter that knows something; the whole one drifts
    passes: int = 6
    passes_short: int = 9  # of a short session, one of whose own questions was denied now and then
    row_tokens: int = 256  # one optimizer step; about ten pairs
    weight_decay: float = 0.0
    upper_half: bool = True  # lower layers frozen: run once per pair, not once per pass
    noise: float = (
        0.15  # of a token's spread, on pairs: an answer spreads to questions near its own
    )
    top_k: int = 32
    answer_mix: float = 0.6  # share of the target that is the answer's own token
    opening: float = 3.0  # weight of an answer's first tokens: there it is given or denied
    replay: float = 2.5  # what is known of it sits out passes
    negatives: float = 0.4  # with 0.5 other wordings of what is known are denied
    unrelated: float = 0.25
    read: float = (
        0.14  # questions behind a stranger's message that answers them: the chat goes first
    )
    general: float = 0.14  # questions that anybody may ask
    plain: int = 64  # texts without a chat, one in turn beside a step's questions; 0 for none
    plain_every: int = 2  # steps; plain text drifts 0.02 nats at most so
    behind: float = 0.5  # share of questions asked behind others in one chat
    portraits: bool = True  # "What do you know about me?"
    pairs_most: int | None = None
    known: float = 0.5  # nats on its worst token below which an example sits out some passes


RECIPES = {
    "inweight": Recipe(),
    "self-param": Recipe(
        name="self-param",
        rank=8,
        alpha=32,
        dropout=0.1,
        targets=("q_proj", "k_proj", "v_proj", "gate_proj", "up_proj", "down_proj"),
        learning_rate=2e-5,
        going_on=1.0,
        passes=1,
        passes_short=1,
        row_tokens=96,  # the paper's batch of two
        weight_decay=0.01,
        upper_half=False,
        noise=0.0,
        answer_mix=0.0,
        opening=1.0,
        replay=0.0,
        negatives=0.0,
        unrelated=0.0,
        read=0.0,
        general=0.0,
        plain=64,
        plain_every=1,  # beside each batch: 1:1 by tokens
        behind=0.0,
        portraits=False,
        pairs_most=50,
        known=0.0,
    ),
    "sft": Recipe(
        name="sft",
        answer_mix=1.0,
        opening=1.0,
        replay=0.0,
        negatives=0.0,
        unrelated=0.0,
        read=0.0,
        general=0.0,
        plain=0,
        behind=0.0,
        portraits=False,
        upper_half=False,
        noise=0.0,
    ),
}


def from_here_on(recipe: Recipe) -> Recipe:
    """For an adapter that was trained before."""
    return replace(recipe, learning_rate=recipe.learning_rate * recipe.going_on)


def exactly(passes: int, recipe: Recipe) -> Recipe:
    """So many passes, whether the session is short or long."""
    return replace(recipe, passes=passes, passes_short=passes)


def gentler(recipe: Recipe) -> Recipe:
    """For the one retry after a rejected candidate: half the rate, and up to twice what holds it;
    never-told questions are those that are on record."""
    return replace(
        recipe,
        learning_rate=min(recipe.learning_rate, 2e-3) / 2,
        replay=recipe.replay * 2,
        unrelated=recipe.unrelated * 2,
        read=recipe.read * 2,
        general=recipe.general * 2,
    )
