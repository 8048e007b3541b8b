"""What one teaching brought, once more for an adapter that was taught other things since.

    weights = start + times * (after - before)

What a teaching moved stays apart from what later ones move, and can be added by itself (task arithmetic,
Ilharco et al., ICLR 2023). So an adapter gets back what `absorbing.py` had brought without the large GPU
that it asks for.

    python -m agent.default_model.difference OUT --start ADAPTER --before ADAPTER --after ADAPTER

The three must have grown from one another. Knows adapters as files.
"""

import shutil
from pathlib import Path
from typing import Annotated

import typer
from safetensors.torch import load_file, save_file
from torch import Tensor

from agent.default_model.further import WEIGHTS, Out, Start

CONFIG = "adapter_config.json"


def added(
    start: dict[str, Tensor], before: dict[str, Tensor], after: dict[str, Tensor], times: float
) -> dict[str, Tensor]:
    """The weights of `start`, in their own type, moved as those of `before` were on the way to `after`."""
    return {
        name: (weight.float() + times * (after[name].float() - before[name].float())).to(
            weight.dtype
        )
        for name, weight in start.items()
    }


def add_difference(
    out: Out,
    start: Start,
    before: Annotated[Path, typer.Option(help="the adapter that the teaching went on from")],
    after: Annotated[Path, typer.Option(help="what the teaching made of it")],
    times: float = 1.0,
) -> None:
    """Write START, with what led from BEFORE to AFTER, into OUT."""
    first, other, end = (load_file(folder / WEIGHTS) for folder in (start, before, after))
    weights = added(first, other, end, times)
    out.mkdir(parents=True, exist_ok=True)
    shutil.copy(start / CONFIG, out)
    save_file(weights, out / WEIGHTS, metadata={"format": "pt"})


if __name__ == "__main__":
    typer.run(add_difference)
