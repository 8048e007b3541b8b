"""Personal memory: `run.py evaluate`, keeping the figures and none of the cases' text.

python -m bench.personal CASES [--sessions N] [--modes none,context,weights,leak,chat]
                         [--forget K] [--keep FOLDER] [--out FILE]

`retention` holds the recall of each absorbed session after each further one; with --forget the K-th is
forgotten at the end, and `forgotten` holds what is recalled before and after.
"""

from pathlib import Path
from typing import Annotated

import typer

from agent.cases import evaluate
from agent.config import load_settings
from agent.loading import load
from bench.results import result_path, write_result


def main(
    cases: Path,
    sessions: int | None = None,
    modes: str = "none,context,weights,leak,chat",
    model: str = "default",
    forget: int | None = None,
    keep: Annotated[Path | None, typer.Option(help="gets each user's last version")] = None,
    out: Path | None = None,
) -> None:
    """Absorb, ask, print a line for each mode and what was missed, and write the result file."""
    settings = load_settings(model=model)
    report = evaluate(
        load(model),
        settings,
        cases,
        sessions=sessions,
        modes=modes.split(","),
        forget=forget,
        keep=keep,
    )
    for mode, kinds in report["modes"].items():
        cells = (f"{kind} {cell['score']:.3f} of {cell['n']}" for kind, cell in kinds.items())
        print(f"{mode:8} " + ", ".join(cells))
    for row in report["answers"]:
        if row["score"] < 1 and row["mode"] in ("context", "weights", "chat"):
            print(f"  {row['mode']}: {row['question']}  {row['answer']}")
    seconds = [*report["absorb_seconds"].values()]
    pairs = [len(rows) for rows in report["pairs"].values()]
    if seconds:
        print(f"absorbing one session: {sum(seconds) / len(seconds):.0f} s")
    kept = {
        key: report[key] for key in ("cases", "model", "base", "modes", "retention", "forgotten")
    }
    out = out or result_path(f"{cases.name}-{sessions}" if sessions else cases.name, quick=False)
    write_result(out, {**kept, "absorb_seconds": seconds, "pairs": pairs})


if __name__ == "__main__":
    typer.run(main)
