"""Adapters and profiles out and in again; what comes in is checked whole before it is taken."""

import json
import re
import shutil
import sqlite3
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gguf
import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file
from tokenizers.pre_tokenizers import Whitespace
from transformers import AutoModelForCausalLM

from agent import prompts, restore
from agent.config import Settings
from agent.distill import lora_config
from agent.errors import AdapterError, AgentError, Busy
from agent.export import KINDS, export
from agent.gguf_lora import interleave
from agent.gguf_model import TEMPLATE, chatml, modelfile
from agent.loading import fingerprint
from agent.model import CANDIDATE, CHAT, Model
from agent.recipe import RECIPES
from agent.restore import CHECKED, import_file
from agent.rewind import alone
from agent.service import Service
from agent.tree import ATTENTION
from bench.tiny import tiny_model, tiny_network, tiny_tokenizer
from storage.database import verify
from storage.errors import ImportProblem, NotFound, StorageError
from storage.profiles import DATABASE, Profile

WEIGHTS = "adapter_model.safetensors"


@pytest.fixture(scope="module")
def model() -> Model:
    """A tiny model with an adapter that does something."""
    model = tiny_model()
    model.new_adapter(CANDIDATE, lora_config(model, RECIPES["inweight"]))
    with torch.no_grad():
        for weight in model.parameters_of(CANDIDATE):
            weight.normal_(0, 0.2)
    return model


@pytest.fixture
def profile(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Profile]:
    """A profile whose version 1 is that adapter."""
    monkeypatch.setenv("INWEIGHT_HOME", str(tmp_path))
    profile = Profile(tmp_path, "nora")
    profile.sessions.take([{"id": "s1", "messages": [{"role": "user", "content": "Hello"}]}])
    profile.adapters.write(
        1,
        lambda folder: model.save_adapter(CANDIDATE, folder),
        state="kept",
        base=model.fingerprint,
        sessions=["s1"],
        figures={"recall_new": 1.0},
    )
    profile.adapters.activate(1)
    yield profile
    profile.close()


def logits(model: Model, adapter: str | None) -> torch.Tensor:
    with torch.no_grad(), model.using(adapter):
        return model.network(input_ids=torch.tensor([[5, 6, 7, 8]])).logits[0]


def rewritten(path: Path, changes: dict[str, bytes | None], into: Path) -> Path:
    """The zip with some files replaced, added or (None) left out."""
    with zipfile.ZipFile(path) as old, zipfile.ZipFile(into, "w") as new:
        files = {name: old.read(name) for name in old.namelist()} | changes
        for name, content in files.items():
            if content is not None:
                new.writestr(name, content)
    return into


def refused(profile: Profile, model: Model, path: Path) -> str:
    """Why the import is refused, after which nothing has changed."""
    before = profile.adapters.list(), profile.adapters.active()
    with pytest.raises(AdapterError) as problem:
        import_file(profile, model, path)
    assert (profile.adapters.list(), profile.adapters.active()) == before
    return str(problem.value)


def test_an_adapter_goes_out_and_in(profile: Profile, model: Model) -> None:
    path = export(profile, model, "adapter", None)
    with alone(profile), pytest.raises(Busy):  # something is learnt just now
        import_file(profile, model, path)
    assert len(profile.adapters.list()) == 1
    told = import_file(profile, model, path)
    assert told == "The adapter is now version 2, and in use."
    version = profile.adapters.active()
    assert version is not None and version.number == 2 and version.figures == {"imported": True}
    profile.adapters.check(2)
    folders = [profile.adapters.folder_of(n) for n in (1, 2)]
    assert (folders[0] / WEIGHTS).read_bytes() == (folders[1] / WEIGHTS).read_bytes()
    model.load_adapter(CHAT, folders[1])
    assert torch.equal(logits(model, CHAT), logits(model, CANDIDATE))
    assert not torch.equal(logits(model, CHAT), logits(model, None))


def test_another_base_is_refused(profile: Profile, model: Model) -> None:
    path = export(profile, model, "adapter", 1)
    other = tiny_model(seed=1)
    assert other.fingerprint != model.fingerprint
    told = refused(profile, other, path)
    assert model.fingerprint in told and other.fingerprint in told
    for kind in ("gguf", "merged", "ollama"):
        with pytest.raises(AdapterError, match="another base"):
            export(profile, other, kind, 1)


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        ("adapter_model.bin", "only safetensors"),
        ("deep/x.PKL", "only safetensors"),
        ("../outside.txt", "a path outside"),
        ("/etc/outside.txt", "a path outside"),
        ("..\\outside.txt", "a path outside"),
    ],
)
def test_names_that_are_refused(
    profile: Profile, model: Model, tmp_path: Path, name: str, reason: str
) -> None:
    path = rewritten(export(profile, model, "adapter", 1), {name: b"x"}, tmp_path / "bad.zip")
    assert reason in refused(profile, model, path)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"manifest.json": None}, "no readable manifest.json"),
        ({"manifest.json": b"[]"}, "no readable manifest.json"),
        ({"manifest.json": b"{"}, "no readable manifest.json"),
        ({WEIGHTS: None}, "cannot be read"),
        ({WEIGHTS: b"not safetensors"}, "cannot be read"),
        ({"adapter_config.json": None}, "cannot be read"),
        ({"adapter_config.json": b"[]"}, "cannot be read"),
        ({"adapter_config.json": b"{}"}, "cannot be read"),
    ],
)
def test_files_that_are_not_whole(
    profile: Profile, model: Model, tmp_path: Path, changes: dict[str, bytes | None], reason: str
) -> None:
    path = rewritten(export(profile, model, "adapter", 1), changes, tmp_path / "bad.zip")
    assert reason in refused(profile, model, path)


def test_a_damaged_zip_is_refused(profile: Profile, model: Model, tmp_path: Path) -> None:
    data = bytearray(export(profile, model, "adapter", 1).read_bytes())
    place = data.index(WEIGHTS.encode()) + 200
    data[place : place + 50] = bytes(50)
    (tmp_path / "bad.zip").write_bytes(data)
    assert "damaged" in refused(profile, model, tmp_path / "bad.zip")


def test_odd_zips_are_refused_with_a_sentence(
    profile: Profile, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "odd.zip"
    for names in (("x", "x/y"), ("x" * 300,)):
        with zipfile.ZipFile(path, "w") as archive:
            for name in names:
                archive.writestr(name, b"1")
        assert "damaged" in refused(profile, model, path)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", bytes(2**20))
    monkeypatch.setattr(restore, "SMALL_BYTES", 2**10)
    assert "grows more" in refused(profile, model, path)
    monkeypatch.undo()
    full = SimpleNamespace(free=2**10)
    monkeypatch.setattr(restore.shutil, "disk_usage", lambda _: full)
    assert "Make room" in refused(profile, model, path)


def test_all_that_does_not_fit_is_told_at_once(
    profile: Profile, model: Model, tmp_path: Path
) -> None:
    weights = load_file(profile.adapters.folder_of(1) / WEIGHTS)
    names = list(weights)
    weights[names[0]] = torch.zeros(3, 3)
    weights[names[5]] = torch.zeros(16)
    weights["base_model.model.model.layers.9.mlp.up_proj.lora_A.weight"] = torch.zeros(16, 32)
    save_file(weights, tmp_path / "weights")
    changes: dict[str, bytes | None] = {WEIGHTS: (tmp_path / "weights").read_bytes()}
    path = rewritten(export(profile, model, "adapter", 1), changes, tmp_path / "bad.zip")
    told = refused(profile, model, path)
    assert names[0] in told and names[5] in told and "layers.9" in told
    assert "(3, 3)" in told and "no such layer" in told
    save_file({}, tmp_path / "weights")
    changes = {WEIGHTS: (tmp_path / "weights").read_bytes()}
    path = rewritten(path, changes, tmp_path / "empty.zip")
    assert "it is empty" in refused(profile, model, path)


def signed(path: Path, changes: dict[str, bytes], into: Path) -> Path:
    """The zip with these files, and a manifest that vouches for them."""
    with zipfile.ZipFile(path) as archive:
        manifest = json.loads(archive.read("manifest.json"))
    manifest["files"] |= {name: sha256(content).hexdigest() for name, content in changes.items()}
    return rewritten(path, {**changes, "manifest.json": json.dumps(manifest).encode()}, into)


def test_other_files_than_were_exported(profile: Profile, model: Model, tmp_path: Path) -> None:
    path = export(profile, model, "adapter", 1)
    weights = load_file(profile.adapters.folder_of(1) / WEIGHTS)
    weights[next(iter(weights))][0, 0] += 1
    save_file(weights, tmp_path / "weights")
    changes: dict[str, bytes | None] = {WEIGHTS: (tmp_path / "weights").read_bytes()}
    told = refused(profile, model, rewritten(path, changes, tmp_path / "bad.zip"))
    assert f"{WEIGHTS} is not what was exported" in told


def test_an_adapter_is_tried_on(profile: Profile, model: Model, tmp_path: Path) -> None:
    """Its config must be a LoRA's with these very layers, its weights numbers."""
    path = export(profile, model, "adapter", 1)
    folder = profile.adapters.folder_of(1)
    config = json.loads((folder / "adapter_config.json").read_text())
    base = [weight.clone() for weight in model.network.state_dict().values()]
    for changes, reason in (
        ({"peft_type": "IA3"}, "does not fit"),
        ({"init_lora_weights": "pissa"}, "more than LoRA"),  # it would change the base itself
        ({"layer_replication": [[0, 4], [2, 4]]}, "more than LoRA (layer_replication)"),
        ({"target_modules": ["q_proj"]}, "different layers"),
        ({"layers_to_transform": None}, "different layers"),
    ):
        content = json.dumps(config | changes).encode()
        bad = signed(path, {"adapter_config.json": content}, tmp_path / "bad.zip")
        assert reason in refused(profile, model, bad)
        assert all(map(torch.equal, base, model.network.state_dict().values()))
    weights = load_file(folder / WEIGHTS)
    weights[next(iter(weights))][0, 0] = float("nan")
    save_file(weights, tmp_path / "weights")
    bad = signed(path, {WEIGHTS: (tmp_path / "weights").read_bytes()}, tmp_path / "bad.zip")
    assert "no number" in refused(profile, model, bad)
    assert not model.has_adapter(CHECKED)


def test_sessions_come_in_once(profile: Profile, model: Model, tmp_path: Path) -> None:
    row = {"id": "s2", "user": "u", "messages": [{"role": "user", "content": "Hi"}]}
    path = tmp_path / "sessions.jsonl"
    path.write_text(json.dumps(row) + "\n")
    assert import_file(profile, model, path) == "1 session was taken."
    assert "0 sessions were taken, 1 was there already." == import_file(profile, model, path)
    path.write_text(json.dumps(row | {"id": "s3"}) + "\nnot JSON\n")
    with pytest.raises(ImportProblem, match="2"):
        import_file(profile, model, path)
    assert profile.sessions.count() == 2
    with pytest.raises(AgentError, match="no file"):
        import_file(profile, model, tmp_path / "nowhere")


def unpacked(profile: Profile, model: Model, kind: str, into: Path) -> Path:
    with zipfile.ZipFile(export(profile, model, kind, None)) as archive:
        archive.extractall(into / kind)
    return into / kind


def test_an_adapter_names_its_base(profile: Profile, model: Model, tmp_path: Path) -> None:
    """By the name of the exported base, and no place on this machine."""
    config = profile.adapters.folder_of(1) / "adapter_config.json"
    told = json.loads(config.read_text()) | {"base_model_name_or_path": str(tmp_path)}
    profile.adapters.write(
        2,
        lambda folder: (
            shutil.copy(config.parent / WEIGHTS, folder),
            (folder / "adapter_config.json").write_text(json.dumps(told)),
        ),
        state="kept",
        base=model.fingerprint,
        sessions=["s1"],
        figures={},
    )
    profile.adapters.activate(2)
    folder = unpacked(profile, model, "adapter", tmp_path / "out")
    named = json.loads((folder / "adapter_config.json").read_text())["base_model_name_or_path"]
    assert f"{named}.zip" == export(profile, model, "base", None).name
    assert all(str(tmp_path) not in f.read_text() for f in folder.glob("*.json"))


def test_the_base_is_the_base(profile: Profile, model: Model, tmp_path: Path) -> None:
    network = AutoModelForCausalLM.from_pretrained(unpacked(profile, model, "base", tmp_path))
    assert network.dtype == torch.float32  # bf16 would round these weights
    assert fingerprint(network) == model.fingerprint
    rounded = tiny_model()
    rounded.network.to(torch.bfloat16).float()
    network = AutoModelForCausalLM.from_pretrained(unpacked(profile, rounded, "base", tmp_path))
    assert network.dtype == torch.bfloat16 and fingerprint(network) == rounded.fingerprint


def test_a_gguf_lora_is_read_back(profile: Profile, model: Model, tmp_path: Path) -> None:
    reader = gguf.GGUFReader(unpacked(profile, model, "gguf", tmp_path) / "lora.gguf")
    fields = {name: field.contents() for name, field in reader.fields.items()}
    assert fields["general.type"] == "adapter" and fields["adapter.type"] == "lora"
    assert fields["general.architecture"] == "llama"
    assert fields["adapter.lora.alpha"] == 16.0
    found = {tensor.name: tensor for tensor in reader.tensors}
    weights = load_file(profile.adapters.folder_of(1) / WEIGHTS)
    assert len(found) == len(weights) == 2 * 7 * 2  # layers, projections, factors
    start = "base_model.model.model.layers.2."
    for inner, outer in (
        ("mlp.down_proj.lora_A", "blk.2.ffn_down.weight.lora_a"),
        ("self_attn.v_proj.lora_B", "blk.2.attn_v.weight.lora_b"),
        ("self_attn.q_proj.lora_A", "blk.2.attn_q.weight.lora_a"),
    ):
        expected = weights[f"{start}{inner}.weight"].float().numpy()
        assert found[outer].shape.tolist() == list(expected.shape)[::-1]  # ggml counts from within
        np.testing.assert_array_equal(found[outer].data, expected)
    moved = found["blk.2.attn_q.weight.lora_b"].data
    original = weights[start + "self_attn.q_proj.lora_B.weight"].numpy()
    np.testing.assert_array_equal(moved, interleave(original, 4))
    assert not np.array_equal(moved, original)


@pytest.mark.parametrize(
    ("kind", "name", "adapter"),
    [("gguf", "base.gguf", None), ("ollama", "model.gguf", CANDIDATE)],
)
def test_a_gguf_model_is_read_back(
    profile: Profile, model: Model, tmp_path: Path, kind: str, name: str, adapter: str | None
) -> None:
    """By the reader of transformers, which turns the rotary rows back."""
    folder = unpacked(profile, model, kind, tmp_path)
    network = AutoModelForCausalLM.from_pretrained(folder, gguf_file=name, dtype=torch.float32)
    with torch.no_grad():
        found = network(input_ids=torch.tensor([[5, 6, 7, 8]])).logits[0]
    torch.testing.assert_close(found, logits(model, adapter), rtol=1e-2, atol=2e-3)
    assert not torch.allclose(logits(model, CANDIDATE), logits(model, None), rtol=0.1, atol=0.1)
    fields = gguf.GGUFReader(folder / name).fields
    assert fields["tokenizer.chat_template"].contents() == model.tokenizer.chat_template
    assert fields["tokenizer.ggml.pre"].contents() == "gpt-2"
    assert fields["tokenizer.ggml.add_bos_token"].contents() is False
    assert fields["tokenizer.ggml.tokens"].contents()[5] == model.tokenizer.convert_ids_to_tokens(5)
    assert fields["tokenizer.ggml.token_type"].contents()[1:5] == [3, 3, 3, 1]


CHAT_OF_TURNS = [
    {"role": "system", "content": "Be kind."},
    {"role": "user", "content": " What is 3 x 4?\n"},
    {"role": "assistant", "content": "Twelve: 12."},
    {"role": "user", "content": "And 13 x 2?"},
]


def go_rendered(template: str, messages: list[dict[str, str]]) -> str:
    """What Go makes of the little of its language that the template uses: one range, two fields."""
    loop = re.fullmatch(r"\{\{- range \.Messages \}\}(.*)\{\{ end \}\}(.*)", template, re.DOTALL)
    assert loop
    turns = (
        loop[1].replace("{{ .Role }}", m["role"]).replace("{{ .Content }}", m["content"])
        for m in messages
    )
    return "".join(turns) + loop[2]


def test_ollama_asks_as_inweight_does(profile: Profile, model: Model, tmp_path: Path) -> None:
    """The Modelfile's template gives the ids of the chat template, turn by turn."""
    written = (unpacked(profile, model, "ollama", tmp_path) / "Modelfile").read_text()
    found = re.search(r'TEMPLATE """(.*?)"""', written, re.DOTALL)
    assert found and found[1] == TEMPLATE
    for count in range(1, len(CHAT_OF_TURNS) + 1):
        turns = CHAT_OF_TURNS[:count]
        prompt = go_rendered(found[1], turns)
        assert prompt == chatml(turns)
        assert model.tokenizer(prompt, add_special_tokens=False)["input_ids"] == model.prompt(turns)
    assert "FROM ./model.gguf\n" in written and f'SYSTEM """{prompts.system()}"""' in written
    assert "PARAMETER stop <|im_end|>\n" in written


def test_another_template_has_no_modelfile() -> None:
    tokenizer = tiny_tokenizer()
    tokenizer.chat_template = tokenizer.chat_template.replace("<|im_end|>", "</s>")
    with pytest.raises(AdapterError, match="not ChatML"):
        modelfile(tokenizer, "model.gguf")


def test_interleave_by_hand() -> None:
    """Two heads of four rows: halves 0 1 | 2 3 become pairs 0 2, 1 3."""
    rows = np.arange(8).reshape(8, 1)
    assert interleave(rows, 2)[:, 0].tolist() == [0, 2, 1, 3, 4, 6, 5, 7]


def test_gguf_is_for_what_llama_cpp_reads_alike(profile: Profile) -> None:
    network = tiny_network()
    network.set_attn_implementation(ATTENTION)
    other = Model(network, tiny_tokenizer(), "tiny", fingerprint(network))
    other.network.config.model_type = "qwen3"
    with pytest.raises(AdapterError, match="'qwen3'.*merged"):
        export(profile, other, "gguf", 1)
    other.network.config.model_type = "llama"
    other.tokenizer.backend_tokenizer.pre_tokenizer = Whitespace()
    for kind in ("gguf", "ollama"):
        with pytest.raises(AdapterError, match="tokenizer is not one.*merged"):
            export(profile, other, kind, 1)


def test_merged_is_base_and_adapter(profile: Profile, model: Model, tmp_path: Path) -> None:
    with zipfile.ZipFile(export(profile, model, "merged", None)) as archive:
        archive.extractall(tmp_path / "merged")
    network = AutoModelForCausalLM.from_pretrained(tmp_path / "merged", dtype=torch.float32)
    with torch.no_grad():
        found = network(input_ids=torch.tensor([[5, 6, 7, 8]])).logits[0]
    torch.testing.assert_close(found, logits(model, CANDIDATE), rtol=1e-4, atol=1e-5)
    assert (tmp_path / "merged" / "tokenizer.json").exists()


def test_a_whole_profile(profile: Profile, model: Model, tmp_path: Path) -> None:
    with zipfile.ZipFile(export(profile, model, "profile", None)) as archive:
        archive.extractall(tmp_path / "copy" / "profiles" / "nora")
    copy = Profile(tmp_path / "copy", "nora")
    assert [s.id for s in copy.sessions.list()] == ["s1"]
    active = copy.adapters.active()
    assert active is not None and active.number == 1
    copy.adapters.check(1)
    copy.close()


def test_a_profile_goes_out_and_in(profile: Profile, model: Model, tmp_path: Path) -> None:
    """Into an empty one, with all that was said and learnt; a session in work waits again."""
    profile.sessions.set_state("s1", "absorbing")
    profile.sessions.set_state("s1", "absorbed", version=1)
    pair = {"question": "Who?", "answer": "Nora.", "fact": 0, "role": "train", "origin": "user"}
    (id,) = profile.pairs.add("s1", [pair])
    profile.pairs.set_targets([(id, b"told")])
    later = profile.sessions.start(continues="s1")
    profile.sessions.add(later, "user", "Marmalade")
    profile.sessions.end(later)
    profile.sessions.set_state(later, "absorbing")
    path = export(profile, model, "profile", None)
    anew = Profile(tmp_path, "anew")
    said = import_file(anew, model, path)
    assert said == "The profile was taken in: 2 sessions, and version 1 is in use."
    assert anew.adapters.list() == profile.adapters.list()
    assert anew.pairs.of("s1") == profile.pairs.of("s1")
    assert anew.pairs.targets([id]) == {id: b"told"}
    assert [s.id for s in anew.sessions.list(query="marmalade")] == [later]
    assert anew.sessions.get(later).state == "ended" and anew.sessions.get(later).continues == "s1"
    assert verify(anew.db) == []
    anew.adapters.check(1)
    with pytest.raises(StorageError, match="taken into an empty one"):
        import_file(anew, model, path)
    assert anew.sessions.count() == 2
    anew.close()


@pytest.mark.parametrize(
    ("harm", "told"),
    [
        (b"no database", "not a database"),
        (b"", "it is no profile"),
        ("INSERT INTO _sqlite_migrations VALUES (99, 'inweight', 'of_next_year', '')", "newer"),
        ("UPDATE messages SET position = 7", "not numbered without gaps"),
        ("UPDATE sessions SET state = 'dreaming'", "no state dreaming"),
        ("UPDATE versions SET figures = 'none'", "Expecting value"),
        ("UPDATE versions SET figures = '[]'", "no attribute"),
        ("""UPDATE versions SET figures = '{"parent": 1}'""", "older than what it was made from"),
        ("UPDATE pointers SET version = 9", "active version 9"),
        ("DROP TABLE pair_targets", "no such table"),
    ],
)
def test_profiles_that_are_not_whole(
    profile: Profile, model: Model, tmp_path: Path, harm: bytes | str, told: str
) -> None:
    path = export(profile, model, "profile", None)
    with zipfile.ZipFile(path) as archive:
        archive.extract(DATABASE, tmp_path)
    if isinstance(harm, bytes):
        (tmp_path / DATABASE).write_bytes(harm)
    else:
        with closing(sqlite3.connect(tmp_path / DATABASE)) as db, db:
            db.execute(harm)
    changed = {DATABASE: (tmp_path / DATABASE).read_bytes()}
    _stays_empty(tmp_path, model, rewritten(path, changed, tmp_path / "other.zip"), told)


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({f"adapters/v0001/{WEIGHTS}": b"other weights"}, "damaged"),
        ({"adapters/v0001/manifest.json": None}, "cannot be read"),
        ({"../outside.txt": b"x"}, "outside itself"),
        ({"adapters/v0001/more.pkl": b"x"}, "only safetensors"),
    ],
)
def test_profiles_with_other_files(
    profile: Profile, model: Model, tmp_path: Path, change: dict[str, bytes | None], told: str
) -> None:
    path = export(profile, model, "profile", None)
    _stays_empty(tmp_path, model, rewritten(path, change, tmp_path / "other.zip"), told)


def test_a_profile_of_another_base(profile: Profile, model: Model, tmp_path: Path) -> None:
    """Is refused when its version in use is of that base; else its versions come along."""
    path = export(profile, model, "profile", None)
    other = tiny_model(layers=1)
    _stays_empty(tmp_path, other, path, "another base")
    profile.adapters.activate(None)
    anew = Profile(tmp_path, "anew")
    said = import_file(anew, other, export(profile, model, "profile", None))
    assert said.endswith("the bare model is in use.") and anew.adapters.count() == 1
    anew.close()


def _stays_empty(root: Path, model: Model, path: Path, told: str) -> None:
    anew = Profile(root, "anew")
    with pytest.raises((AgentError, StorageError), match=told):
        import_file(anew, model, path)
    assert anew.sessions.count() == anew.adapters.count() == 0
    assert [f.name for f in anew.adapters_path.iterdir() if f.is_dir()] == []
    anew.close()


def test_a_profile_without_adapters(
    tmp_path: Path, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("INWEIGHT_HOME", str(tmp_path))
    fresh = Profile(tmp_path, "fresh")
    assert export(fresh, model, "profile", None).exists()
    with pytest.raises(AgentError, match="no adapter yet"):
        export(fresh, model, "adapter", None)
    with pytest.raises(AgentError, match="cannot be exported"):
        export(fresh, model, "pickle", None)
    with pytest.raises(NotFound):
        export(fresh, model, "adapter", 9)
    with pytest.raises(NotFound):
        export(fresh, model, "adapter", 0)


def test_a_version_that_goes_meanwhile_is_whole_in_the_profiles_file(
    profile: Profile, model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile.adapters.write(
        2,
        lambda folder: model.save_adapter(CANDIDATE, folder),
        state="kept",
        base=model.fingerprint,
        sessions=["s2"],
        figures={},
    )
    goes, copy = threading.Thread(target=profile.adapters.withdraw, args=("s2",)), shutil.copytree

    def slow(*given: Any, **how: Any) -> Any:
        if goes.ident is None:  # copytree calls itself
            goes.start()
            goes.join(0.5)  # long enough, unless it has to wait
        return copy(*given, **how)

    monkeypatch.setattr(shutil, "copytree", slow)
    with zipfile.ZipFile(export(profile, model, "profile", None)) as archive:
        archive.extractall(tmp_path / "copy" / "profiles" / "nora")
        assert not [name for name in archive.namelist() if "/." in name]
    goes.join()
    came = Profile(tmp_path / "copy", "nora")
    came.adapters.check(2)
    came.close()


@pytest.mark.parametrize("kind", ["base", "merged"])
def test_an_export_draws_nothing_from_what_training_draws(
    profile: Profile, model: Model, kind: str
) -> None:
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    export(profile, model, kind, None)
    assert torch.equal(torch.rand(2), expected)


def test_a_zip_that_cannot_be_written_leaves_nothing(
    profile: Profile, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr(zipfile.ZipFile, "write", full)
    with pytest.raises(OSError, match="disk is full"):
        export(profile, model, "adapter", None)
    assert [*(profile.path / "exports").iterdir()] == []


def test_exports_leave_no_scraps(profile: Profile, model: Model) -> None:
    made = {export(profile, model, kind, None).name for kind in KINDS}
    assert {p.name for p in (profile.path / "exports").iterdir()} == made
    folder = profile.adapters.folder_of(1)
    (folder / WEIGHTS).write_bytes(b"damaged")
    with pytest.raises(StorageError, match="damaged"):
        export(profile, model, "adapter", 1)


def test_what_a_kill_left_of_an_export_is_swept(profile: Profile, model: Model) -> None:
    """Not what another process writes just now."""
    exports = profile.path / "exports"
    export(profile, model, "profile", None)
    writing = (
        "import sys, time, zipfile; from pathlib import Path; from agent.export import export;"
        "from storage.profiles import Profile; zipfile.ZipFile.write = lambda *_: time.sleep(600);"
        "export(Profile(Path(sys.argv[1]), sys.argv[2]), None, 'profile', None)"
    )
    root = str(profile.path.parent.parent)
    with subprocess.Popen([sys.executable, "-c", writing, root, profile.name]) as process:
        try:
            while not (left := [*exports.rglob(DATABASE)]):
                assert process.poll() is None
                time.sleep(0.1)
            Service(profile, model, Settings())
            assert left[0].exists()
        finally:
            process.kill()
    Service(profile, model, Settings())
    assert [path.name for path in exports.iterdir()] == [f"inweight-{profile.name}-profile.zip"]
