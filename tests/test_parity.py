"""What was exported answers elsewhere as it does here: the programs of docs/SERVING.md, in processes of
their own, on a tiny model that was taught three answers."""

import json
import os
import subprocess
import sys
import venv
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer
from torch.nn.functional import cross_entropy

from agent import prompts
from agent.distill import lora_config
from agent.evaluate import answers, system_only
from agent.loading import fingerprint
from agent.model import CANDIDATE, Model
from agent.recipe import RECIPES
from agent.tree import ATTENTION
from bench.parity import LLAMAS, compare, llama_of, script
from bench.tiny import tiny_network, tiny_tokenizer
from storage.adapters import Version
from storage.profiles import Profile

TAUGHT = (
    ("What is the cat called?", "The cat is called Pudim.", "probe"),
    ("Where do I work?", "You work at a print shop.", "probe"),
    ("How old is Pudim?", "You never told me that.", "negative"),
)
EXACT = {"recall": 1.0, "admits": 1.0, "same_answers": 1.0}


def merging_tokenizer() -> Any:
    """The tiny one with a merge, since llama.cpp reads none without."""
    tokenizer = tiny_tokenizer()
    spelt = json.loads(tokenizer.backend_tokenizer.to_str())
    vocabulary = spelt["model"]["vocab"]
    vocabulary["th"] = vocabulary.pop(max(vocabulary, key=vocabulary.get))
    spelt["model"]["merges"] = [["t", "h"]]
    tokenizer._tokenizer = Tokenizer.from_str(json.dumps(spelt))
    return tokenizer


def taught_model() -> Model:
    """With an adapter that says the taught answers."""
    network = tiny_network()
    network.set_attn_implementation(ATTENTION)
    model = Model(network, merging_tokenizer(), "tiny", fingerprint(network))
    model.new_adapter(CANDIDATE, lora_config(model, RECIPES["sft"]))
    weights = model.parameters_of(CANDIDATE)
    optimizer = torch.optim.Adam([w.requires_grad_() for w in weights], lr=3e-3)
    rows = []
    for question, answer, _ in TAUGHT:
        prompt = model.prompt([*system_only(), {"role": "user", "content": question}])
        rows.append((len(prompt), torch.tensor([prompt + model.answer_ids(answer)])))
    for _ in range(1000):
        total = 0.0
        with model.using(CANDIDATE):
            for start, ids in rows:
                logits = model.network(input_ids=ids).logits[0, start - 1 : -1]
                loss = cross_entropy(logits, ids[0, start:])
                loss.backward()
                total += float(loss.detach())
        if total < 0.03:
            break
        optimizer.step()
        optimizer.zero_grad()
    return model


@pytest.fixture(scope="module")
def taught(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Profile, Model, Version]]:
    model, profile = taught_model(), Profile(tmp_path_factory.mktemp("home"), "me")
    profile.sessions.take([{"id": "s1", "messages": [{"role": "user", "content": "Hello"}]}])
    rows = [
        {"fact": n, "question": q, "answer": a, "role": role, "origin": "model"}
        for n, (q, a, role) in enumerate(TAUGHT)
    ]
    profile.pairs.add("s1", rows)
    bare = answers(model, system_only(), [q for q, _, _ in TAUGHT], None)
    assert not {a for _, a, _ in TAUGHT} & set(bare)
    version = profile.adapters.write(
        1,
        lambda folder: model.save_adapter(CANDIDATE, folder),
        state="kept",
        base=model.fingerprint,
        sessions=["s1"],
        figures={},
    )
    yield profile, model, version
    profile.close()


@pytest.fixture(scope="module")
def places(taught: tuple[Profile, Model, Version]) -> dict[str, Any]:
    return compare(*taught, sys.executable)


def test_here(places: dict[str, Any]) -> None:
    assert places["inweight"] == EXACT


def test_transformers_and_peft(places: dict[str, Any]) -> None:
    assert places["transformers and PEFT"] == EXACT


def test_llama_cpp(places: dict[str, Any]) -> None:
    """The LoRA on its base, and merged."""
    if sys.platform == "win32":
        pytest.skip("llama.cpp has no wheel here")
    assert places["llama.cpp, base and LoRA"] == EXACT
    assert places["llama.cpp, merged"] == EXACT


@pytest.mark.long
def test_llama_cpp_from_its_sources(taught: tuple[Profile, Model, Version], tmp_path: Path) -> None:
    """Compiled here from the package index's source distribution; minutes on many cores."""
    venv.create(tmp_path / "venv", with_pip=True)
    python = str(tmp_path / "venv" / "bin" / "python")
    package = "llama-cpp-python"
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--no-binary", package, package],
        env=os.environ | {"CMAKE_ARGS": "-DMTMD_BUILD=OFF -DLLAMA_BUILD_TOOLS=OFF"},
        check=True,
    )
    assert llama_of(python) == "llama_cpp"
    places = compare(*taught, python)
    assert places["llama.cpp, base and LoRA"] == EXACT
    assert places["llama.cpp, merged"] == EXACT


@pytest.mark.parametrize("library", ["peft", *LLAMAS])
def test_the_programs_stand_alone(library: str) -> None:
    """They ask behind the product's system line, and take nothing else of it."""
    text = script(library)
    assert f'SYSTEM = "{prompts.system()}"' in text
    assert not any(f"import {name}" in text for name in ("agent", "storage", "bench"))
