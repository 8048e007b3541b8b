"""MasterAdamW: torch's AdamW where weights are fp32, and more than it where they are bf16."""

import copy

import torch

from agent.optimizer import MasterAdamW


def gradients(count: int, shape: tuple[int, ...]) -> list[torch.Tensor]:
    generator = torch.Generator().manual_seed(3)
    return [torch.randn(shape, generator=generator) for _ in range(count)]


def test_fp32_equals_torch() -> None:
    start = torch.linspace(-1, 1, 12).reshape(3, 4)
    ours, theirs = start.clone().requires_grad_(), start.clone().requires_grad_()
    optimizer = MasterAdamW([ours], 0.01, weight_decay=0.1)
    reference = torch.optim.AdamW([theirs], lr=0.01, weight_decay=0.1, betas=(0.9, 0.98))
    for k, gradient in enumerate(gradients(6, (3, 4))):
        scale = 1 / (k + 1)
        ours.grad, theirs.grad = gradient.clone(), gradient.clone()
        norm = optimizer.step(scale, clip=1.0)
        assert abs(norm - float(gradient.norm())) < 1e-5  # before clipping
        torch.nn.utils.clip_grad_norm_([theirs], 1.0)
        reference.param_groups[0]["lr"] = 0.01 * scale
        reference.step()
        assert ours.grad is None
        torch.testing.assert_close(ours, theirs, rtol=0, atol=0)


def test_bf16_weights_follow_updates_that_plain_adamw_loses() -> None:
    start = torch.ones(4, dtype=torch.bfloat16)  # the next bf16 below 1 is 0.996
    ours, theirs = start.clone().requires_grad_(), start.clone().requires_grad_()
    optimizer = MasterAdamW([ours], 1e-4)
    plain = torch.optim.AdamW([theirs], lr=1e-4, weight_decay=0.0, betas=(0.9, 0.98))
    for _ in range(100):
        ours.grad, theirs.grad = torch.ones_like(start), torch.ones_like(start)
        optimizer.step()
        plain.step()
    assert torch.equal(theirs.detach(), start)  # every step was rounded away
    assert ours.dtype == torch.bfloat16
    torch.testing.assert_close(ours.detach().float(), torch.full((4,), 0.99), rtol=0, atol=3e-3)


def test_a_weight_without_gradient_stays() -> None:
    used, unused = torch.ones(2).requires_grad_(), torch.ones(2).requires_grad_()
    optimizer = MasterAdamW([used, unused], 0.1)
    used.grad = torch.ones(2)
    optimizer.step()
    assert torch.equal(unused.detach(), torch.ones(2)) and not torch.equal(used, unused)


def test_a_saved_state_goes_on_the_same() -> None:
    first, second = torch.ones(3).requires_grad_(), torch.zeros(3).requires_grad_()
    one, two = MasterAdamW([first], 0.1), MasterAdamW([second], 0.1)
    steps = gradients(4, (3,))
    for k, gradient in enumerate(steps):
        if k == 2:
            two.load_state_dict(copy.deepcopy(one.state_dict()))
        first.grad = gradient.clone()
        one.step()
        if k >= 2:
            second.grad = gradient.clone()
            two.step()
    assert torch.equal(first, second)
