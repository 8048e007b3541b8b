"""The loss by hand, by a slow reference and in its limits; the training loop on a tiny model."""

import math
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from agent.distill import Example, Figures, _up_to_due, distill, lora_config
from agent.errors import Rejected
from agent.halves import Halves
from agent.model import CANDIDATE, CHAT, Model
from agent.recipe import RECIPES, Recipe, exactly
from agent.sampling import Sampling
from agent.soft import Soft, joined, kl_top_k
from agent.tree import Branch, Tree, collate, pack, target_logits
from agent.turnstile import Turnstile
from bench.tiny import tiny_model

RECIPE = exactly(4, replace(RECIPES["inweight"], row_tokens=22, known=0.0, learning_rate=3e-2))
PREFIX = [1, 50, 51, 52]


def random_logits(n: int, v: int, seed: int) -> Tensor:
    return torch.randn(n, v, generator=torch.Generator().manual_seed(seed)) * 3


# --- the loss ----------------------------------------------------------------------------------


def test_kl_by_hand() -> None:
    """Teacher 0.5, 0.25, 0.15, 0.10 with k = 2; student 0.25, 0.25, 0.25, 0.25.

    0.5 ln(0.5/0.25) + 0.25 ln(0.25/0.25) + 0.25 ln(0.25/0.5) = 0.5 ln 2 - 0.25 ln 2 = 0.173287
    """
    soft = Soft.of(torch.tensor([[0.15, 0.5, 0.10, 0.25]]).log(), 2)
    assert soft.ids_NK.tolist() == [[1, 3]]
    assert soft.logps_NK.exp()[0].tolist() == pytest.approx([0.5, 0.25])
    assert soft.logtail_N.exp().tolist() == pytest.approx([0.25])
    assert kl_top_k(torch.zeros(1, 4), soft).tolist() == pytest.approx([0.173287], abs=1e-5)


@pytest.mark.parametrize("seed", range(3))
def test_kl_over_the_whole_vocabulary_equals_the_definition(seed: int) -> None:
    teacher, student = random_logits(5, 11, seed), random_logits(5, 11, seed + 100)
    p, q = teacher.double().softmax(-1), student.double().softmax(-1)
    slow = (p * (p / q).log()).sum(-1).tolist()
    found = kl_top_k(student, Soft.of(teacher, 11))
    assert found.tolist() == pytest.approx(slow, abs=1e-4)
    assert Soft.of(teacher, 50).ids_NK.shape == (5, 11)  # k is at most V


@pytest.mark.parametrize("k", [1, 3, 8])
def test_kl_of_the_same_is_zero_and_less_than_the_whole(k: int) -> None:
    teacher, student = random_logits(6, 9, 1), random_logits(6, 9, 2)
    soft = Soft.of(teacher, k)
    torch.testing.assert_close(kl_top_k(teacher, soft), torch.zeros(6), rtol=0, atol=1e-5)
    whole = kl_top_k(student, Soft.of(teacher, 9))
    assert (kl_top_k(student, soft) <= whole + 1e-4).all()  # lumping events loses distance
    assert (kl_top_k(student, soft) >= 0).all()


@pytest.mark.parametrize("k", [1, 4, 11])
def test_kl_has_the_gradient_of_the_definition(k: int) -> None:
    """In double precision by autograd, more positions than are at hand at once, one of them sure."""
    student, labels = random_logits(19, 11, 5), torch.arange(19) % 11
    student[3, 2] = 60.0
    soft = Soft.of(random_logits(19, 11, 6), k).toward(labels, 0.3)
    fast, slow = student.clone().requires_grad_(), student.double().requires_grad_()
    weight_N = torch.arange(19) + 1.0
    (kl_top_k(fast, soft) * weight_N).sum().backward()
    q_NV = slow.softmax(-1)
    q_NK = q_NV.gather(1, soft.ids_NK)
    rest_N = (1 - q_NK.sum(-1)).clamp_min(1e-7)
    p_NK, tail_N = soft.logps_NK.double().exp(), soft.logtail_N.double().exp()
    loss_N = -(p_NK * q_NK.log()).sum(-1) - tail_N * rest_N.log()  # but for the teacher's entropy
    (loss_N * weight_N).sum().backward()
    assert fast.grad is not None and slow.grad is not None
    torch.testing.assert_close(fast.grad, slow.grad.float(), rtol=1e-3, atol=1e-4)


def test_kl_degenerate() -> None:
    soft = Soft.of(torch.zeros(0, 7), 3)
    assert kl_top_k(torch.zeros(0, 7), soft).shape == (0,)
    # All the mass in the k: a student that agrees there pays nothing, and gradients are finite.
    certain = Soft.of(torch.tensor([[200.0, 0.0, 0.0, 0.0]]), 2)
    logits = torch.tensor([[200.0, 0.0, 0.0, 0.0]], requires_grad=True)
    loss = kl_top_k(logits, certain).sum()
    loss.backward()
    assert abs(loss.item()) < 1e-4
    assert logits.grad is not None and logits.grad.isfinite().all()


def test_kl_refuses_shapes_that_disagree() -> None:
    soft = Soft.of(torch.zeros(3, 7), 2)
    for logits in (torch.zeros(4, 7), torch.zeros(7), torch.zeros(1, 3, 7)):
        with pytest.raises(ValueError, match="logits"):
            kl_top_k(logits, soft)


def test_toward_by_hand() -> None:
    """0.5, 0.25 and a rest of 0.25, mixed with 0.4 of certainty; where the teacher's likeliest is
    another one, the label alone."""
    soft = Soft.of(torch.tensor([[0.15, 0.5, 0.10, 0.25]] * 3).log(), 2)
    mixed = soft.toward(torch.tensor([1, 3, 0]), 0.4)
    assert mixed.ids_NK.tolist() == [[1, 3], [3, 3], [0, 3]]
    expected = [[0.3 + 0.4, 0.15], [1.0, 0.0], [1.0, 0.0]]
    for row, wanted in zip(mixed.logps_NK.exp().tolist(), expected, strict=True):
        assert row == pytest.approx(wanted, abs=1e-6)
    assert mixed.logtail_N.exp().tolist() == pytest.approx([0.15, 0.0, 0.0], abs=1e-6)
    assert soft.toward(torch.tensor([1, 3, 0]), 0) is soft


def test_what_is_held_stays_as_the_teacher_has_it() -> None:
    soft = Soft.of(torch.tensor([[0.25, 0.75]]).log(), 2)
    assert Example([7], [0], soft, held=True).wanted(0.4) is soft
    assert Example([7], [0], soft).wanted(0.4).logps_NK.exp().tolist() == [[1.0, 0.0]]


def test_all_certainty_is_cross_entropy() -> None:
    logits, labels = random_logits(4, 9, 3), torch.tensor([0, 8, 3, 3])
    found = kl_top_k(logits, Soft.of(random_logits(4, 9, 4), 3).toward(labels, 1.0))
    expected = torch.nn.functional.cross_entropy(logits, labels, reduction="none")
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-5)


@settings(deadline=None, max_examples=50)
@given(st.integers(0, 9), st.integers(1, 6), st.integers(6, 40), st.integers(0, 99))
def test_bytes_round_trip(n: int, k: int, v: int, seed: int) -> None:
    soft = Soft.of(random_logits(n, v, seed), k)
    data = soft.to_bytes()
    assert len(data) == 4 + 6 * n * k + 2 * n
    back = Soft.from_bytes(data)
    assert torch.equal(back.ids_NK, soft.ids_NK)
    torch.testing.assert_close(back.logps_NK, soft.logps_NK, rtol=1e-3, atol=1e-3)
    torch.testing.assert_close(back.logtail_N, soft.logtail_N, rtol=1e-3, atol=1e-2)
    assert back.to_bytes() == data


# --- the loop ----------------------------------------------------------------------------------


def examples(model: Model, count: int = 6) -> list[Example]:
    made = []
    for k in range(count):
        prompt, target = [60 + k, 61 + k, 62], [70 + k, 80 - k, 2]
        teacher = torch.full((3, len(model.tokenizer)), 0.0)
        teacher[range(3), target] = 8.0
        made.append(Example(prompt, target, Soft.of(teacher, 8)))
    return made


def train(model: Model, recipe: Recipe = RECIPE, seed: int = 7, probes: int = 0) -> Figures:
    model.new_adapter(CANDIDATE, lora_config(model, recipe))
    held = [Branch([60, 62], [70, 2])] * probes
    return distill(model, PREFIX, examples(model), held, recipe, seed=seed)


def weights(model: Model, folder: Path) -> bytes:
    model.save_adapter(CANDIDATE, folder)
    return (folder / "adapter_model.safetensors").read_bytes()


def base_weights(model: Model) -> dict[str, Tensor]:
    return {
        name.replace(".base_layer.", "."): weight.clone()
        for name, weight in model.network.state_dict().items()
        if "lora_" not in name
    }


def test_it_learns_and_leaves_the_base_alone() -> None:
    model = tiny_model()
    before = base_weights(model)
    figures = train(model, probes=1)
    assert figures.train_loss == sorted(figures.train_loss, reverse=True)
    assert figures.train_loss[-1] < figures.train_loss[0] - 0.1
    assert figures.probe_loss[-1] < figures.probe_loss[0]
    assert figures.passes == 4 and figures.steps == 8 and figures.upper_half
    after = base_weights(model)
    assert before.keys() == after.keys()
    assert all(torch.equal(before[name], after[name]) for name in before)


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    recipe = replace(RECIPE, dropout=0.1)
    made = []
    for k, seed in enumerate((7, 7, 8)):
        model = tiny_model()
        torch.rand(k)  # whatever was drawn before must not matter
        train(model, recipe, seed)
        made.append(weights(model, tmp_path / str(k)))
    assert made[0] == made[1] != made[2]


@pytest.mark.parametrize("layers", [2, 4, 5])
def test_the_two_parts_are_the_whole(layers: int) -> None:
    model = tiny_model(layers)
    train(model)
    branches = [Branch(e.prompt, e.target) for e in examples(model)]
    halves = Halves(model, PREFIX, branches, RECIPE)
    assert halves.cut == layers // 2
    order = [4, 0, 5, 1]
    (row,) = pack(PREFIX, [branches[k] for k in order], 10**6)
    with torch.no_grad(), model.using(CANDIDATE):
        found = halves.logits(row, order)
        whole = target_logits(model.backbone, model.head, collate([row]))
    torch.testing.assert_close(found, whole, rtol=0, atol=1e-5)
    (single,) = pack(PREFIX, branches[:1], 10**6)
    with torch.no_grad(), model.using(CANDIDATE):
        found = halves.logits(single, [0])
        whole = target_logits(model.backbone, model.head, collate([single]))
    torch.testing.assert_close(found, whole, rtol=0, atol=1e-5)


def test_the_lower_part_runs_with_the_candidate() -> None:
    """An adapter from elsewhere may hold lower layers, and the chat's may be switched on."""
    model = tiny_model()
    train(model, replace(RECIPE, upper_half=False))
    branches = [Branch(e.prompt, e.target) for e in examples(model)]
    (row,) = pack(PREFIX, branches, 10**6)
    with torch.no_grad(), model.using(CANDIDATE):
        whole = target_logits(model.backbone, model.head, collate([row]))
    model.new_adapter("chat", lora_config(model, RECIPE))
    halves = Halves(model, PREFIX, branches, RECIPE)
    with model.using("chat"):  # a reply came between two rows
        pass
    _, halves._hidden = halves._run_lower(PREFIX, branches)
    with torch.no_grad(), model.using(CANDIDATE):
        found = halves.logits(row, range(len(branches)))
    torch.testing.assert_close(found, whole, rtol=0, atol=1e-5)


@pytest.mark.parametrize("upper_half", [True, False])
def test_plain_text_stands_alone_beside_the_questions(upper_half: bool) -> None:
    model, recipe = tiny_model(), replace(RECIPE, upper_half=upper_half)
    train(model, recipe)
    branches = [Branch(e.prompt, e.target) for e in examples(model)]
    plain = [Branch([70], [71, 72, 73]), Branch([80], [81])]
    halves = Halves(model, PREFIX, branches, recipe, plain)
    (row,) = pack(PREFIX, branches[:2], 10**6)
    with torch.no_grad(), model.using(CANDIDATE):
        found = halves.logits(row, [0, 1], 1)
        asked = target_logits(model.backbone, model.head, collate([row]))
        text = model.network(input_ids=torch.tensor([[80, 81]])).logits[0, :1]
    torch.testing.assert_close(found, torch.cat([asked, text]), rtol=0, atol=1e-5)


def test_noise_blurs_questions_while_learning_and_nothing_else() -> None:
    model, recipe = tiny_model(), replace(RECIPE, noise=0.3)
    train(model, recipe)
    branches = [Branch(e.prompt, e.target) for e in examples(model)]
    halves = Halves(model, PREFIX, branches, recipe, [Branch([80], [81])])
    (row,) = pack(PREFIX, branches[:2], 10**6)

    def logits() -> tuple[Tensor, Tensor]:
        with model.using(CANDIDATE):
            found = halves.logits(row, [0, 1], 0).detach()
        return found[:-1], found[-1:]

    with torch.no_grad():
        asked, text = logits()
        torch.testing.assert_close(logits()[0], asked, rtol=0, atol=0)
    blurred, beside = logits()
    torch.testing.assert_close(beside, text, rtol=0, atol=1e-5)
    assert (blurred - asked).abs().max() > 1e-3
    wide_TD = torch.randn(400, 300) * torch.tensor([1.0, 5.0]).repeat(200)[:, None]
    off_T = (halves._blurred(wide_TD) - wide_TD).std(-1)  # of each token's own spread
    torch.testing.assert_close(
        off_T.view(-1, 2).mean(0), torch.tensor([0.3, 1.5]), rtol=0.02, atol=0
    )


def test_a_question_has_another_answer_behind_an_exchange() -> None:
    """Alone it has the third's answer, behind the first the second's: by position alone none could."""
    model = tiny_model()
    recipe = exactly(60, replace(RECIPE, noise=0.0, row_tokens=64, learning_rate=1e-2))
    first, second, third = examples(model, 3)
    second = replace(second, prompt=third.prompt, goes_on=True)
    model.new_adapter(CANDIDATE, lora_config(model, RECIPE))
    distill(model, PREFIX, [first, second, third], [], recipe, seed=7)

    def said(before: list[int], asked: Example) -> list[int]:
        ids = [*PREFIX, *before, *asked.prompt, *asked.target]
        with torch.no_grad(), model.using(CANDIDATE):
            logits = model.network(input_ids=torch.tensor([ids])).logits[0, -4:-1]
        found: list[int] = logits.argmax(-1).tolist()
        return found

    assert said([*first.prompt, *first.target], second) == second.target
    assert said([], third) == third.target


def test_a_chat_goes_up_to_what_is_due() -> None:
    resting = [0, 2, 1, 0, 1]
    assert _up_to_due([0, 1, 2], resting) == [0]
    assert _up_to_due([2, 3, 1], resting) == [2, 3]  # what is due needs what stands before it
    assert _up_to_due([1, 2, 4], resting) == []


def test_plain_text_is_held() -> None:
    """What the pairs do to it without, and with it beside them; it takes no steps and no rests."""
    model, recipe = tiny_model(), exactly(8, replace(RECIPE, learning_rate=1e-2))
    text = torch.tensor([[70, 80, 90, 100, 110, 120, 130, 140]])
    ids = text[0].tolist()
    base = model.network(input_ids=text).logits[0, :-1].detach()
    held = Example(ids[:1], ids[1:], Soft.of(base, 260), plain=True)
    apart, steps = [], []
    for plain in ([], [held]):
        model.new_adapter(CANDIDATE, lora_config(model, RECIPE))
        rows = [*plain, *examples(model)]
        figures = distill(model, PREFIX, rows, [], recipe, seed=7)
        with torch.no_grad(), model.using(CANDIDATE):
            now = model.network(input_ids=text).logits[0, :-1]
        apart.append(float(kl_top_k(now, Soft.of(base, 260)).mean()))
        steps.append((figures.passes, figures.steps))
    assert apart[1] < apart[0] / 2
    assert steps[0] == steps[1]


def test_plain_texts_take_turns_beside_every_so_many_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    model, logits = tiny_model(), Halves.logits
    beside: list[int | None] = []

    def noted(halves: Halves, row: Tree, owners: list[int], plain: int | None = None) -> Tensor:
        if torch.is_grad_enabled():
            beside.append(plain)
        return logits(halves, row, owners, plain)

    monkeypatch.setattr(Halves, "logits", noted)
    soft = Soft.of(random_logits(1, 260, 0), 4)
    texts = [Example([70 + k], [80], soft, plain=True) for k in range(2)]
    model.new_adapter(CANDIDATE, lora_config(model, RECIPE))
    distill(model, PREFIX, [*texts, *examples(model)], [], replace(RECIPE, plain_every=3), seed=7)
    turns = [0, None, None, 1, None, None] * 9
    assert len(beside) > 7 and beside == turns[: len(beside)]


def test_only_the_upper_half_learns() -> None:
    model = tiny_model()
    train(model)
    layers = {
        name.split(".layers.")[1][0]
        for name, p in model.network.named_parameters()
        if f"lora_B.{CANDIDATE}" in name and p.abs().sum() > 0
    }
    assert layers == {"2", "3"}


def test_what_is_known_sits_out_two_passes() -> None:
    """All examples are within 100 nats at once: passes 1 and 4 see them, 2 and 3 do not."""
    every, known = (train(tiny_model(), replace(RECIPE, known=k)) for k in (0.0, 100.0))
    assert every.passes == 4 and known.passes == 2
    assert known.steps * 2 == every.steps


def test_a_short_session_is_gone_through_more_often() -> None:
    """Six examples are few; two hundred, with a step for two of them, are not."""
    recipe = replace(RECIPE, passes=1, passes_short=2)
    model = tiny_model()
    model.new_adapter(CANDIDATE, lora_config(model, recipe))
    found = [
        distill(model, PREFIX, examples(model) * times, [], recipe, seed=7).passes
        for times in (1, 33)
    ]
    assert found == [2, 1]


def test_the_first_tokens_of_an_answer_weigh_more() -> None:
    def apart(opening: float) -> Tensor:
        """(3,) mean KL left at each token of the answers."""
        model = tiny_model()
        train(model, exactly(1, replace(RECIPE, opening=opening)))
        rows = examples(model)
        (tree,) = pack(PREFIX, [Branch(e.prompt, e.target) for e in rows], 10**6)
        with torch.no_grad(), model.using(CANDIDATE):
            logits_NV = target_logits(model.backbone, model.head, collate([tree]))
        soft = joined([e.soft for e in rows], torch.device("cpu"))
        return kl_top_k(logits_NV, soft).view(-1, 3).mean(0)

    first, second, third = apart(10.0) - apart(1.0)
    assert first < 0 and second < 0 < third


def test_a_step_can_stop_it() -> None:
    model = tiny_model()
    model.new_adapter(CANDIDATE, lora_config(model, RECIPE))
    seen = []

    def on_step(done: int, total: int) -> None:
        seen.append((done, total))
        if done >= 38:
            raise KeyError

    with pytest.raises(KeyError):
        distill(model, PREFIX, examples(model), [], RECIPE, seed=1, on_step=on_step)
    assert seen == [(0, 100), (12, 100), (25, 100), (38, 100)]
    with model.turnstile.front():  # nobody is left inside
        pass


class Visited(Turnstile):
    """Before every layer of the background's work somebody is replied to, with another adapter."""

    def __init__(self, model: Model) -> None:
        super().__init__()
        self._model, self.visits = model, 0

    def let_pass(self) -> bool:
        if self._at_work is None:
            return False
        self._at_work = None
        self._leave()
        self._model.reply([{"role": "user", "content": "Hello"}], Sampling(max_tokens=2))
        with self._condition:
            self._come_in()
        self.visits += 1
        return True


def test_replies_between_layers_change_nothing(tmp_path: Path) -> None:
    made = []
    for name in ("alone", "visited"):
        model = tiny_model()
        model.new_adapter(CHAT, lora_config(model, RECIPE), seed=5)
        if name == "visited":
            model.turnstile = visited = Visited(model)
        figures = train(model)
        made.append(weights(model, tmp_path / name))
    assert made[0] == made[1]
    assert visited.visits > 2 * figures.steps  # forward and backward


def test_not_a_number_is_rejected() -> None:
    model = tiny_model()
    model.new_adapter(CANDIDATE, lora_config(model, RECIPE))
    rows = examples(model)
    rows[2].soft.logps_NK[1, 0] = math.nan
    with pytest.raises(Rejected, match="no longer a number"):
        distill(model, PREFIX, rows, [], RECIPE, seed=1)


def test_no_examples() -> None:
    model = tiny_model()
    model.new_adapter(CANDIDATE, lora_config(model, RECIPE))
    assert distill(model, PREFIX, [], [], RECIPE, seed=1).steps == 0
