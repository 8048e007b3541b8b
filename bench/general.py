"""General ability: BLiMP, multiple choice, Wikipedia perplexity, of the model with or without an adapter.

    python -m bench.general CASES [--model X] [--adapter FOLDER] [--out FILE] [--quick]

CASES holds blimp.jsonl, choices.jsonl and wiki.txt. Plain text, no chat template: what is measured is
whether teaching or absorbing damaged the language model underneath.
"""

import json
import math
from collections import Counter, defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

import torch
import typer

from agent.loading import load
from agent.model import CHAT, Model
from bench.results import digest, write_result

WINDOW_TOKENS = 512


@torch.inference_mode()
def logprobs(model: Model, texts: Sequence[str]) -> list[tuple[float, int]]:
    """Sum of log-probabilities and number of tokens of each text, its first token given."""
    found = []
    for text in texts:
        ids = torch.tensor([model.tokenizer(text)["input_ids"]], device=model.device)
        logits_TV = model.network(input_ids=ids).logits[0, :-1].float()
        chosen_T = logits_TV.log_softmax(-1).gather(1, ids[0, 1:, None])
        found.append((float(chosen_T.sum()), ids.shape[1] - 1))
    return found


def blimp(model: Model, rows: Sequence[dict[str, Any]]) -> float:
    """Share of pairs whose grammatical sentence is likelier."""
    good = logprobs(model, [row["good"] for row in rows])
    bad = logprobs(model, [row["bad"] for row in rows])
    return sum(g[0] > b[0] for g, b in zip(good, bad, strict=True)) / len(rows)


def choices(model: Model, rows: Sequence[dict[str, Any]]) -> dict[str, float]:
    """Accuracy by task: the choice with the highest log-probability per character."""
    right = defaultdict(list)
    for row in rows:
        stem = f"Question: {row['question']}\nAnswer:"
        (start, _), *ends = logprobs(model, [stem, *(f"{stem} {c}" for c in row["choices"])])
        scores = [(end - start) / len(c) for (end, _), c in zip(ends, row["choices"], strict=True)]
        right[row["task"]].append(scores.index(max(scores)) == row["answer"])
    return {task: sum(marks) / len(marks) for task, marks in right.items()}


def perplexity(model: Model, text: str, windows: int) -> float:
    """exp of the mean loss per token over the text's first windows."""
    ids = model.tokenizer(text)["input_ids"][: windows * WINDOW_TOKENS]
    parts = [ids[k : k + WINDOW_TOKENS] for k in range(0, len(ids), WINDOW_TOKENS)]
    found = logprobs(model, [model.tokenizer.decode(part) for part in parts])
    return math.exp(-sum(total for total, _ in found) / sum(count for _, count in found))


def main(
    cases: Path,
    model: str = "default",
    adapter: Annotated[Path | None, typer.Option(help="a version's folder")] = None,
    out: Path | None = None,
    quick: bool = False,
) -> None:
    """Measure and print; with --out write the result file."""
    loaded = load(model)
    if adapter:
        loaded.load_adapter(CHAT, adapter)
    step = 5 if quick else 1

    def rows(name: str) -> list[dict[str, Any]]:
        lines = (cases / name).read_text().splitlines()
        return [json.loads(line) for line in lines][::step]

    with loaded.using(CHAT if adapter else None):
        pairs, tasks = rows("blimp.jsonl"), rows("choices.jsonl")
        figures = {
            "blimp": blimp(loaded, pairs),
            **choices(loaded, tasks),
            "wiki_perplexity": perplexity(loaded, (cases / "wiki.txt").read_text(), 40 // step),
        }
    for name, value in figures.items():
        print(f"{name:16} {value:.4f}")
    if out:
        n = {"blimp": len(pairs)} | Counter(row["task"] for row in tasks)
        about = {"model": loaded.name, "base": loaded.fingerprint, "adapter": digest(adapter)}
        write_result(out, {**about, "n": n, **figures})


if __name__ == "__main__":
    typer.run(main)
