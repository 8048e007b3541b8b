"""The newest result of each bench as one page: docs/FIGURES.md and its plots.

    python -m bench.report

A section for each file of SECTIONS that is there, its command above it. Knows the files' shapes; measures
nothing.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import typer

from bench.results import RESULTS

NEWEST = "nora-12"  # is measured with the base that ships
DOCS = RESULTS.parent.parent / "docs"
PAGE, PLOTS = DOCS / "FIGURES.md", DOCS / "figures"
HEAD = """# Figures

Written by `python -m bench.report` from the files in `bench/results`, which also hold the versions, the
machine and the seed. Recall and the like are shares of 1; F1 is SQuAD's. Sections were measured at
different commits, some with an earlier default model; each says so. `python -m bench.…` needs `pip install
-e '.[bench]'`; the folders nora, memorybank, prefeval, general and xquad are not part of this repository,
those under `bench` are. Of a single session or life there are few questions: one of 12 is 0.08.
"""
Report = Mapping[str, Any]
Cells = Iterable[Sequence[Any]]


def table(head: Sequence[str], rows: Cells) -> str:
    lines = [list(head), ["---"] * len(head), *([told(cell) for cell in row] for row in rows)]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def told(value: Any) -> str:
    """Figures to three places, large ones without; "" for what was not measured."""
    if isinstance(value, float):
        return f"{value:.0f}" if abs(value) >= 1000 else f"{value:.3f}"
    return "" if value is None else str(value)


def of(cell: Report) -> str:
    return f"{cell['score']:.3f} of {cell['n']}"


def grid(named: Mapping[str, Report], corner: str) -> str:
    """One row for each name, one column for each figure that any of them has."""
    columns = list(dict.fromkeys(key for row in named.values() for key in row))
    return table(
        [corner, *columns], ([name, *map(row.get, columns)] for name, row in named.items())
    )


# --- one function for each kind of file -----------------------------------------------------------


def personal(report: Report) -> str:
    kinds = {
        mode: {kind: of(cell) for kind, cell in cells.items()}
        for mode, cells in report["modes"].items()
    }
    parts = [grid(kinds, "mode")]
    retention: list[dict[str, float]] = report.get("retention", [])
    if retention:
        last = retention[-1]
        first = {id: next(row[id] for row in retention if id in row) for id in last}
        rows = ([number, first[id], last[id]] for number, id in enumerate(last, start=1))
        parts.append(table(["session", "recall when learnt", "at the end"], rows))
        left = sum(last.values()) / sum(first.values())
        parts.append(f"At the end {left:.2f} of the first recall is left.")
    return "\n\n".join(parts)


def injection(report: Report) -> str:
    return "\n\n".join(
        f"{size} at once:\n\n{grid(columns, 'way')}" for size, columns in report["sizes"].items()
    )


def sequential(report: Report) -> str:
    ways = {
        f"{report['recipe']}, {name} unrelated text": {
            key: value for key, value in report[name].items() if key != "f1"
        }
        for name in ("with", "without")
        if name in report
    }
    return grid(ways, "recipe")


def integrity(report: Report) -> str:
    count = len(report["absorptions"])
    series = {key: values for key, values in report.items() if isinstance(values, list)}
    shown = sorted({1, 10, 100, 300, count} & {*range(1, count + 1)})
    rows = ([values[number - 1] for values in series.values()] for number in shown)
    return table(list(series), rows)


def neighbours(report: Report) -> str:
    ways = {
        way: {kind: of(cell) for kind, cell in row["scores"].items()}
        | {"tokens a question": row["tokens"], "seconds": row["seconds"]}
        for way, row in report["ways"].items()
    }
    lost = ", ".join(f"{reason}: {count}" for reason, count in report["lost"].items())
    return (
        f"{grid(ways, 'way')}\n\nOf retrieval's right answers the weights lack {report['weights_lose']} "
        f"({lost}); of theirs it lacks {report['weights_win']}."
    )


def recommend(report: Report) -> str:
    if "modes" in report:
        return personal(report)
    return "\n\n".join(f"{part}:\n\n{grid(report[part], 'mode')}" for part in ("all", "new"))


def by(key: str, corner: str) -> Callable[[Report], str]:
    return lambda report: grid(report[key], corner)


def plain(report: Report) -> str:
    """Whatever stands at the top of the file, one row each."""
    rows = [(k, v) for k, v in report.items() if type(v) in (int, float)]
    return table(["what", "figure"], rows)


def speed(report: Report) -> str:
    """The ratios, and what they compare."""
    paper, plainly, own = report["paper"], report["plain"], report["product"]
    return (
        f"{plain(report)}\n\nThe paper's way: seconds for each presentation of a pair, of "
        f"{paper['sampled_pairs']} sampled, times the {paper['presentations']} presentations of here; "
        f"not at equal recall. Plain fine-tuning: until it recalls what is recalled here "
        f"({told(own['recall'])} of {own['recall_of']}); it then admits {told(plainly['abstain'])} of "
        f"the never-told questions, {told(own['abstain'])} are admitted here. The first of 300 sessions "
        f"has nothing to replay; the last one takes {told(report['sessions']['last_to_tenth'])} times "
        "as long as the tenth."
    )


SECTIONS: dict[str, tuple[str, Callable[[Report], str]]] = {
    "nora-12": ("Twelve sessions absorbed one after another", personal),
    "memorybank-context": ("Reading: users' facts of memorybank", personal),
    "prefeval-context": ("Reading: preferences", personal),
    "coverage-nora": ("What the pairs cover", plain),
    "talks": ("People's own wordings of held-out sessions", by("kinds", "pairs")),
    "general": ("What the base kept", plain),
    "general-1": ("The same with one session absorbed", plain),
    "general-12": ("The same with twelve sessions absorbed", plain),
    "world": ("What everybody knows, asked with nothing told", plain),
    "world-12": ("The same with twelve sessions absorbed", plain),
    "injection": ("Passages into the weights", injection),
    "sequential-inweight": ("One passage after another", sequential),
    "sequential-sft": ("The same by plain fine-tuning on the pairs", sequential),
    "sequential-self-param": ("The same by the paper's recipe", sequential),
    "recommend-inspired": ("Recommendation in dialogues", recommend),
    "recommend-prefeval": ("Recommendation from preferences", recommend),
    "neighbours": ("Retrieval instead of weights", neighbours),
    "ablations": ("Without one part", by("ways", "way")),
    "integrity": ("Absorptions in a row, on a tiny model", integrity),
    "speed": ("Speed", speed),
    "parity": ("The same answers elsewhere", by("places", "place")),
    "views": ("Pages of a large profile, in milliseconds", by("ms", "view")),
}


def source(report: Report, ships: str | None) -> str:
    """The command, the commit, and whether the base was another one than that which ships."""
    about, base = report["about"], report.get("base")
    older = ", an earlier default model" if base and ships and base != ships else ""
    return f"`{about['command']}` (commit {about['commit']}{older})"


def page(results: Path = RESULTS) -> str:
    """The page's text."""
    parts = [HEAD]
    newest = results / f"{NEWEST}.json"
    ships = json.loads(newest.read_text())["base"] if newest.exists() else None
    for name, (title, section) in SECTIONS.items():
        file = results / f"{name}.json"
        if file.exists():
            report = json.loads(file.read_text())
            parts.append(f"## {title}\n\n{source(report, ships)}\n\n{section(report)}\n")
            if (PLOTS / f"{name}.png").exists():
                parts.append(f"![{title}](figures/{name}.png)\n")
    return "\n".join(parts)


# --- plots ----------------------------------------------------------------------------------------


def draw(results: Path, plots: Path) -> None:
    """Heat maps of what each session or passage left behind, and the long run's lines."""
    import matplotlib

    matplotlib.use("agg")
    plots.mkdir(parents=True, exist_ok=True)
    for file in sorted(results.glob("*.json")):
        report = json.loads(file.read_text())
        if file.stem not in SECTIONS:
            continue
        if maps := matrices(report):
            _heat(maps, plots / f"{file.stem}.png")
        elif file.stem == "integrity":
            _lines(report, plots / "integrity.png")


def matrices(report: Report) -> dict[str, list[list[float]]]:
    """By title, what a file has on every session or passage (columns) after each step (rows)."""
    if report.get("retention"):
        ids = [*report["retention"][-1]]
        rows = [[row[id] for id in ids if id in row] for row in report["retention"]]
        return {"recall": [row + [math.nan] * (len(rows) - len(row)) for row in rows]}
    ways = {name: report[name] for name in ("with", "without") if "f1" in report.get(name, {})}
    return {f"QA-F1, {name} unrelated text": way["f1"][1:] for name, way in ways.items()}


def _heat(maps: Mapping[str, Sequence[Sequence[float]]], path: Path) -> None:
    from matplotlib import pyplot

    figure, axes = pyplot.subplots(
        1, len(maps), figsize=(5 * len(maps), 4.2), squeeze=False, layout="constrained"
    )
    most = max(v for rows in maps.values() for row in rows for v in row if not math.isnan(v))
    for axis, (title, rows) in zip(axes[0], maps.items(), strict=True):
        end = len(rows) + 0.5
        image = axis.imshow(rows, vmin=0, vmax=most, extent=(0.5, end, end, 0.5))
        axis.set(title=title, xlabel="session or passage", ylabel="after step")
        figure.colorbar(image, ax=axis)
    figure.savefig(path, dpi=120)
    pyplot.close(figure)


def _lines(report: Report, path: Path) -> None:
    from matplotlib import pyplot

    keys = ("seconds", "peak_mib", "drift", "gain")
    figure, axes = pyplot.subplots(1, len(keys), figsize=(12, 2.6), layout="constrained")
    for axis, key in zip(axes, keys, strict=True):
        axis.plot(report["absorptions"], report[key], linewidth=0.7)
        axis.set(title=key, xlabel="absorptions", ylim=(0, None))
    figure.savefig(path, dpi=120)
    pyplot.close(figure)


def main() -> None:
    """Draw the plots, then write the page that shows them."""
    draw(RESULTS, PLOTS)
    PAGE.write_text(page())
    print(PAGE)


if __name__ == "__main__":
    typer.run(main)
