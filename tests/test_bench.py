"""The experiments: retrieval, scores and matrices by hand, and each command on a tiny model."""

import json
import math
from pathlib import Path
from typing import Any

import pytest
import torch
from torch.nn.functional import cross_entropy

from agent.config import load_settings
from agent.distill import Example
from agent.evaluate import option_scores, system_only
from agent.model import CANDIDATE, Message, Model
from agent.recipe import RECIPES
from agent.soft import kl_top_k
from bench import injection, integrity, neighbours, recommend, results, shared, views
from bench.retrieval import BM25, Dense
from bench.tiny import save_tiny, tiny_model
from tests.small_cases import ASKED, TEXTS, keep_pairs, pairs, probe, session, write_cases


@pytest.fixture(scope="module")
def model() -> Model:
    return tiny_model(2)


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all, so that the unrelated talk is made once."""
    return tmp_path_factory.mktemp("cache")


@pytest.fixture
def tiny_folder(tmp_path: Path, cache: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("INWEIGHT_CACHE", str(cache))
    monkeypatch.setenv("INWEIGHT_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("INWEIGHT_MAX_DRIFT", "1000")
    monkeypatch.setenv("INWEIGHT_MIN_ABSTAIN", "0")
    return str(save_tiny(tmp_path / "tiny", 2))


# --- retrieval ----------------------------------------------------------------------------------


def test_bm25_finds_by_words() -> None:
    index = BM25(TEXTS)
    assert [index.top(question, 1) for question in ASKED] == [[0], [1], [2]]
    assert sorted(index.top(ASKED[1], 9)) == [0, 1, 2]  # no more than there are
    assert len(BM25(["It is so."]).top("Nothing in common?", 1)) == 1


def test_dense_finds_the_text_itself(model: Model) -> None:
    index = Dense(model, TEXTS)
    assert [index.top(text, 1) for text in TEXTS] == [[0], [1], [2]]
    assert Dense(model, TEXTS[:1]).top("Anything?", 3) == [0]


def test_dense_compares_means_of_hidden_states(model: Model) -> None:
    ids = [model.tokenizer(text)["input_ids"] for text in (*TEXTS, ASKED[0])]
    with torch.inference_mode():
        means = [model.backbone(input_ids=torch.tensor([row]))[0][0].mean(0) for row in ids]
    *texts, query = torch.stack(means) - torch.stack(means[:3]).mean(0)
    cosines = [float(torch.cosine_similarity(query, text, dim=0)) for text in texts]
    best = sorted(range(3), key=lambda k: -cosines[k])
    assert Dense(model, TEXTS).top(ASKED[0], 3) == best


# --- training on equal terms --------------------------------------------------------------------


def test_certain_is_the_next_token_loss() -> None:
    torch.manual_seed(0)
    logits_NV, target = torch.randn(4, 9), [3, 0, 8, 3]
    loss_N = kl_top_k(logits_NV, shared.certain(target))
    expected = cross_entropy(logits_NV, torch.tensor(target), reduction="none")
    assert torch.allclose(loss_N, expected, atol=1e-6)


def test_raw_text_is_learnt_from_its_second_token_on(model: Model) -> None:
    prefix, (example,) = shared.next_token_text(model, ["Otters"])
    assert prefix == [] and [*example.prompt, *example.target] == model.answer_ids("Otters")
    assert len(example.prompt) == 1


def test_a_budget_sets_the_passes(model: Model) -> None:
    target = model.answer_ids("abc")
    plan = [1, 2], [Example([5], target, shared.certain(target))]
    recipe = RECIPES["sft"]
    spent = shared.train(model, plan, recipe, seed=0, budget=5.4 * (1 + len(target)))
    assert (spent["passes"], spent["steps"]) == (5, 5)
    assert spent["tokens"] == 5 * (1 + len(target))  # the prefix is not counted
    trained = [p.detach().clone() for p in model.parameters_of(CANDIDATE)]
    shared.train(model, plan, recipe, seed=0, budget=1, fresh=False)
    now = model.parameters_of(CANDIDATE)
    moved = max(float((a - b).abs().max()) for a, b in zip(trained, now, strict=True))
    assert 0 < moved < 3 * recipe.learning_rate  # one step on from where it was
    assert not model.network.training
    model.drop_adapter(CANDIDATE)


# --- injection ----------------------------------------------------------------------------------


def test_the_passage_shown_is_the_one_asked_for(
    model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    def told(
        model: Model, context: list[Message], questions: list[str], adapter: None
    ) -> list[str]:
        return [context[1]["content"]] * len(questions)

    monkeypatch.setattr(injection, "answers", told)
    sessions, probes = [session(n) for n in range(3)], [probe(n) for n in (2, 0, 2)]
    right = injection.ask_each(model, sessions, probes, [2, 0, 2])
    assert [row["holds"] for row in right] == [1, 1, 1]
    # "The comet returns in May." against "May": 1 of 4 words ("the" does not count), all of gold
    assert right[0]["f1"] == pytest.approx(0.4)
    wrong = injection.ask_each(model, sessions, probes, [1, 1, 1])
    assert [row["holds"] for row in wrong] == [0, 0, 0]


def test_covered_asks_the_passage_of_the_probe() -> None:
    written = {"s0": pairs(0), "s1": pairs(2)}
    assert injection.covered([probe(0), probe(1)], written) == 0.5
    held_out = {"s0": [row for row in pairs(0) if row["role"] == "probe"]}
    assert injection.covered([probe(0)], held_out) == 0


def test_what_a_matrix_says() -> None:
    matrix = [[0.1, 0.1, 0.1], [0.8, 0.1, 0.2], [0.6, 0.7, 0.2], [0.4, 0.5, 0.9]]
    assert injection.summary(matrix) == {
        "before": 0.1, "newest": 0.8, "first_then": 0.8, "first_at_the_end": 0.4,
        "lost": round((0.4 + 0.2 + 0.0) / 3, 4),
    }  # fmt: skip


def test_small_sizes_are_repeated(model: Model, monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[list[str]] = []

    def columns(model: Model, group: list[Any], asked: list[Any], *rest: Any) -> dict[str, Any]:
        seen.append([s["id"] for s in group])
        assert [p["session"] for p in asked] == seen[-1]
        rows = [{"f1": float(p["session"] == "s0"), "holds": 0.0} for p in asked]
        return {"none": (rows, {}), "inweight": (rows, {"tokens": 10.0 * len(seen)})}

    monkeypatch.setattr(injection, "columns", columns)
    rows = [session(n) for n in range(3)], [probe(n) for n in range(3)]
    found = injection.batches(model, *rows, {}, size=1, grouped=3, seed=0)
    assert seen == [["s0"], ["s1"], ["s2"]]
    assert found["none"] == {"n": 3, "f1": 0.3333, "holds": 0}
    assert found["inweight"]["tokens"] == 20
    injection.batches(model, *rows, {}, size=2, grouped=1, seed=0)
    assert seen[3:] == [["s0", "s1"]]


def test_injection_from_end_to_end(tmp_path: Path, tiny_folder: str) -> None:
    numbers = range(2)
    folder = write_cases(tmp_path / "xq", map(session, numbers), map(probe, numbers))
    keep_pairs(tiny_folder, "xq", {f"s{n}": pairs(n) for n in numbers})
    out = tmp_path / "out" / "injection.json"
    injection.main(folder, sizes="2", model=tiny_folder, out=out, quick=True)
    found = json.loads(out.read_text())
    assert found["about"]["seed"] == 0 and found["covered"] == 1
    columns = found["sizes"]["1"]
    assert [*columns] == [
        "none", "context", "bm25", "dense", "inweight", "self-param", "FT(S)", "FT(C)",
    ]  # fmt: skip
    assert all(row["n"] == 1 for row in columns.values())
    budget = columns["inweight"]["tokens"]
    assert all(
        columns[name]["tokens"] == pytest.approx(budget, rel=0.2)
        for name in ("self-param", "FT(S)", "FT(C)")
    )


def test_a_sequence_from_end_to_end(tmp_path: Path, tiny_folder: str) -> None:
    numbers = range(2)
    folder = write_cases(tmp_path / "xq", map(session, numbers), map(probe, numbers))
    keep_pairs(tiny_folder, "xq", {f"s{n}": pairs(n) for n in numbers})
    out = tmp_path / "sequential.json"
    injection.main(folder, sequential=2, model=tiny_folder, out=out)
    found = json.loads(out.read_text())
    for way in ("with", "without"):
        assert [len(row) for row in found[way]["f1"]] == [2, 2, 2]  # before, and after each step
    injection.main(folder, sequential=2, recipe="sft", model=tiny_folder, out=out)
    plain = json.loads(out.read_text())
    assert "without" in plain and "with" not in plain  # it has no unrelated text


def test_pairs_are_written_once(model: Model, tiny_folder: str) -> None:
    told: list[str] = []
    rows = [session(0), session(1)]
    settings = load_settings()
    first = shared.written_pairs(model, settings, rows[:1], "once", told.append)
    both = shared.written_pairs(model, settings, rows, "once", told.append)
    assert [*first] == ["s0"] and [*both] == ["s0", "s1"]
    assert [line[:2] for line in told] == ["s0", "s1"]  # the first one only once


# --- integrity ----------------------------------------------------------------------------------


def test_facts_differ() -> None:
    assert len({integrity.name_of(n) for n in range(10_000)}) == 10_000
    one, rows = integrity.one_fact(12)
    answer = rows[0]["answer"].removesuffix(".")
    assert answer in one["messages"][0]["content"]
    assert [row["role"] for row in rows] == ["train", "train", "train", "probe"]
    moments = [integrity.one_fact(n)[0]["started_at"] for n in range(0, 7000, 59)]
    assert moments == sorted(set(moments))  # in this order they are absorbed


def test_absorptions_in_a_row(model: Model, tiny_folder: str) -> None:
    rows = integrity.run(model, 3, say=lambda line: None)
    assert [row["absorptions"] for row in rows] == [1, 2, 3]
    assert {row["state"] for row in rows} == {"absorbed"}
    assert len({row["adapter_bytes"] for row in rows}) == 1 and rows[0]["adapter_bytes"] > 1000
    assert all(row["gain"] != 0 and row["drift"] > 0 and row["peak_mib"] > 50 for row in rows)


# --- neighbours ---------------------------------------------------------------------------------


def test_turns_have_their_dates_written_out() -> None:
    told = {"role": "user", "content": "The vet comes tomorrow."}
    dated = {"started_at": "2026-03-02T18:00:00+00:00", "messages": [told]}
    (turn,) = neighbours.turns([dated])
    assert "March 3" in turn
    assert neighbours.turns([session(0)]) == [TEXTS[0]]
    shown = neighbours.shown(TEXTS, [2, 0])[1]["content"]
    assert TEXTS[1] not in shown and shown.index(TEXTS[0]) < shown.index(TEXTS[2])


def test_overtaken_probes_are_not_asked() -> None:
    sessions = [session(0), session(1)]
    overtaken = probe(0) | {"until": "s1"}
    never = {"id": "n", "user": "u", "kind": "abstain", "question": "Who am I?"}
    rows = [overtaken, probe(1), probe(2), never, probe(1) | {"user": "other"}]
    assert neighbours.due(rows, sessions) == [probe(1), never]
    assert neighbours.due(rows, sessions[:1]) == [overtaken, never]


def test_where_the_weights_lose() -> None:
    def row(id: str, way: str, score: float, written: bool = True) -> dict[str, Any]:
        return {"id": id, "kind": "recall", "way": way, "score": score, "written": written,
                "tokens": 30 if way == "weights" else 90, "seconds": 0.5}  # fmt: skip

    scores = {"a": (1, 0, 1), "b": (1, 0, 0), "c": (0, 1, 0), "d": (0, 0, 1), "e": (0, 0, 0)}
    rows = [
        row(id, way, score, written=id != "c")
        for id, three in scores.items()
        for way, score in zip(("bm25", "dense", "weights"), three, strict=True)
    ]
    assert neighbours.losses(rows) == {
        "weights_lose": 2, "weights_win": 1,
        "lost": {"recall, no pair": 1, "recall, not learnt": 1},
    }  # fmt: skip
    table = neighbours.table(rows)
    assert table["bm25"]["scores"]["recall"] == {"n": 5, "score": 0.4}
    assert (table["weights"]["tokens"], table["dense"]["tokens"]) == (30, 90)


def test_neighbours_from_end_to_end(tmp_path: Path, tiny_folder: str) -> None:
    choice = {"kind": "recommend", "options": ["1887", "May"], "answer": 0}
    probes = [probe(0, accept=["1887"]), probe(0, **choice) | {"id": "r"}]
    folder = write_cases(tmp_path / "life", [session(0), session(1)], probes)
    out = tmp_path / "neighbours.json"
    neighbours.main(folder, model=tiny_folder, out=out, quick=True)
    found = json.loads(out.read_text())
    assert [*found["ways"]] == ["none", "context", "bm25", "dense", "weights"]
    assert found["ways"]["weights"]["tokens"] < found["ways"]["bm25"]["tokens"]
    assert found["ways"]["none"]["scores"]["recommend"]["n"] == 1
    assert len(found["absorb_seconds"]) == 1


# --- recommendation -----------------------------------------------------------------------------

TURN: dict[str, Any] = {
    "id": "t", "context": ["", "Hello!", "I liked Otter Bay.", "What else?", "Comets."],
    "movies": ["Comet Days (film)"],
}  # fmt: skip


def test_a_dialogue_becomes_a_session() -> None:
    messages = recommend.session_of(TURN)["messages"]
    assert [m["role"] for m in messages] == ["assistant", "user", "assistant", "user"]
    assert messages[1]["content"] == "I liked Otter Bay."
    assert recommend.is_new(TURN)
    assert not recommend.is_new({**TURN, "movies": ["Otter Bay (1999 film)"]})


def test_titles_score_as_options_do(model: Model) -> None:
    titles = ["Otter Bay", "Comet", "Up"]
    ours = recommend.title_scores(model, system_only(), titles, None)
    theirs = option_scores(model, system_only(), recommend.QUESTION, titles, None)
    assert ours == pytest.approx(theirs, abs=1e-4)
    assert all(score < 0 and math.isfinite(score) for score in ours)


def test_recall_at() -> None:
    scores = [-float(k) for k in range(12)]  # the first candidate is the best
    assert recommend.recalls(scores, [0]) == {"recall@1": 1, "recall@5": 1, "recall@10": 1}
    assert recommend.recalls(scores, [4, 10]) == {"recall@1": 0, "recall@5": 0.5, "recall@10": 0.5}


def test_a_sample_keeps_the_wanted() -> None:
    names = [f"Film {k}" for k in range(50)] + TURN["movies"]
    chosen = recommend.sampled([TURN], names, 10, seed=0)
    assert len(chosen) == 10 and chosen[-1] == TURN["movies"][0]
    assert chosen == recommend.sampled([TURN], names, 10, seed=0)


def test_recommendation_from_end_to_end(tmp_path: Path, tiny_folder: str) -> None:
    folder = tmp_path / "films"
    folder.mkdir()
    (folder / "turns.jsonl").write_text(json.dumps(TURN))
    (folder / "candidates.json").write_text(json.dumps(["Otter Bay", *TURN["movies"]]))
    out = tmp_path / "recommend.json"
    recommend.main(folder, model=tiny_folder, out=out)
    found = json.loads(out.read_text())
    assert found["candidates"] == 2 and found["all"] == found["new"]
    assert all(found["all"][mode]["recall@5"] == 1 for mode in recommend.MODES)


# --- the page's views ---------------------------------------------------------------------------


def test_every_view_is_timed(tmp_path: Path, tiny_folder: str) -> None:
    views.main(sessions=views.PAGE + 1, model=tiny_folder, out=tmp_path / "views.json")
    found = json.loads((tmp_path / "views.json").read_text())
    assert "open one session" in str(found) and "how learning ended" in str(found)


# --- result files -------------------------------------------------------------------------------


def test_a_result_names_its_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    words = ["/x/bench/injection.py", "/home/me/cases/xq", "../cases/xq", "--seed", "3"]
    monkeypatch.setattr("sys.argv", words)
    results.write_result(tmp_path / "a.json", {"f1": 0.5}, seed=3)
    found = json.loads((tmp_path / "a.json").read_text())
    told = "python -m bench.injection xq ../cases/xq --seed 3"
    assert (found["about"]["command"], found["about"]["seed"], found["f1"]) == (told, 3, 0.5)
    assert {"commit", "machine", "device", "versions"} <= found["about"].keys()
