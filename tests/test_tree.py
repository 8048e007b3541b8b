"""Trees: each branch as if it stood alone behind its prefix, in the order it was given."""

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from agent.model import Model
from agent.tree import Branch, Tree, collate, forward, pack, target_logits
from bench.tiny import tiny_model

PREFIX = [5, 6, 7, 8, 9]
BRANCHES = [
    Branch([10, 11], [12, 13, 14]),
    Branch([15], [16]),
    Branch([17, 18, 19, 20], []),
    Branch([21, 22, 23], [24, 25, 26, 27]),
]


@pytest.fixture(scope="module")
def model() -> Model:
    return tiny_model()


def alone(model: Model, prefix: list[int], branch: Branch) -> Tensor:
    """(N, V) by the plain causal network, one branch at a time."""
    ids = [*prefix, *branch.prompt, *branch.target]
    logits_TV = model.network(input_ids=torch.tensor([ids])).logits[0]
    first = len(prefix) + len(branch.prompt) - 1
    return logits_TV[first : first + len(branch.target)]


@pytest.mark.parametrize("prefix", [PREFIX, []])
@pytest.mark.parametrize("tree_tokens", [10**6, 14, 1])
@pytest.mark.parametrize("group_tokens", [256, 8, 1])
@torch.inference_mode()
def test_branches_are_as_if_alone(
    model: Model,
    prefix: list[int],
    tree_tokens: int,
    group_tokens: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("agent.tree.GROUP_TOKENS", group_tokens)
    trees = pack(prefix, BRANCHES, tree_tokens)
    found = target_logits(model.backbone, model.head, collate(trees))
    expected = torch.cat([alone(model, prefix, branch) for branch in BRANCHES])
    torch.testing.assert_close(found, expected, rtol=1e-4, atol=1e-5)


@pytest.mark.parametrize("tree_tokens", [10**6, 14, 1])
@pytest.mark.parametrize("group_tokens", [256, 1])
@torch.inference_mode()
def test_a_branch_that_goes_on_is_as_if_behind_the_one_before(
    model: Model, tree_tokens: int, group_tokens: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("agent.tree.GROUP_TOKENS", group_tokens)
    first, second, third, fourth = BRANCHES
    chain = [first, replace(second, goes_on=True), replace(fourth, goes_on=True)]
    branches = [third, *chain, second]
    trees = pack(PREFIX, branches, tree_tokens)
    assert all(1 not in tree.owners_N or {1, 2, 3} <= {*tree.owners_N} for tree in trees)
    found = target_logits(model.backbone, model.head, collate(trees))
    before: list[int] = []
    expected = []
    for branch in chain:
        expected.append(alone(model, PREFIX + before, branch))
        before += branch.prompt + branch.target
    expected.append(alone(model, PREFIX, second))
    torch.testing.assert_close(found, torch.cat(expected), rtol=1e-4, atol=1e-5)


@torch.inference_mode()
def test_the_prefix_sees_nothing_of_its_branches(model: Model) -> None:
    (tree,) = pack(PREFIX, BRANCHES, 10**6)
    found = forward(model.backbone, collate([tree]))[: len(PREFIX)]
    bare = model.backbone(input_ids=torch.tensor([PREFIX])).last_hidden_state[0]
    torch.testing.assert_close(found, bare, rtol=1e-4, atol=1e-5)


def test_rows_by_hand() -> None:
    first, second = pack([5, 6], BRANCHES[:2] + BRANCHES[3:], 9)
    assert first == Tree(
        ids_T=[5, 6, 10, 11, 12, 13, 14, 15, 16],
        prefix_length=2,
        positions_T=[0, 1, 2, 3, 4, 5, 6, 2, 3],
        sources_N=[3, 4, 5, 7],
        labels_N=[12, 13, 14, 16],
        owners_N=[0, 0, 0, 1],
        spans=[(0, 2, 7), (1, 7, 9)],
        lengths=[5, 2],
    )
    assert second.owners_N == [2] * 4
    batch = collate([first, second])
    assert batch.sources_N.tolist() == [3, 4, 5, 7, 13, 14, 15, 16]  # shifted by the first tree
    assert batch.labels_N.tolist() == [12, 13, 14, 16, 24, 25, 26, 27]


def test_a_branch_too_long_gets_its_own_tree() -> None:
    trees = pack(PREFIX, [BRANCHES[1], BRANCHES[3], BRANCHES[1]], 8)
    assert [[owner for owner, _, _ in tree.spans] for tree in trees] == [[0], [1], [2]]
    assert pack(PREFIX, [], 8) == []


def test_a_branch_needs_a_prompt() -> None:
    with pytest.raises(ValueError, match="needs a prompt"):
        Branch([], [1])
