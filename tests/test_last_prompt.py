"""What of a prompt need not be run again, also after a forward that failed half-way."""

import pytest
import torch
from transformers import DynamicCache

from agent.last_prompt import LastPrompt
from bench.tiny import tiny_network

HELLO, LONGER, OTHER = [1, 5, 6, 7], [1, 5, 6, 7, 8, 9], [1, 5, 20, 21]


@pytest.mark.parametrize(
    ("before", "ids", "fed"),
    [
        (HELLO, LONGER, [8, 9]),
        (LONGER, HELLO, [7]),  # one id is always run: it predicts what comes next
        (HELLO, OTHER, [20, 21]),
        (HELLO, [2, 3], [2, 3]),
    ],
)
def test_only_what_is_new_is_run(before: list[int], ids: list[int], fed: list[int]) -> None:
    network = tiny_network()
    last, fresh = LastPrompt(network), LastPrompt(network)
    last.advance(last.rewind(before, None))
    feed = last.rewind(ids, None)
    assert feed == fed
    assert torch.allclose(last.advance(feed), fresh.advance(fresh.rewind(ids, None)), atol=1e-5)


def test_another_adapter_begins_anew() -> None:
    last = LastPrompt(tiny_network())
    last.advance(last.rewind(HELLO, "chat"))
    assert last.rewind(HELLO, None) == HELLO
    last.advance(HELLO)
    last.forget("chat")
    assert last.rewind(HELLO, None) == HELLO[-1:]


def test_layers_that_cannot_go_back_begin_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """As those that keep a window of the last tokens, or no keys at all."""

    def no_way_back(*_: object) -> None:
        raise RuntimeError("cannot crop")

    network = tiny_network()
    last, fresh = LastPrompt(network), LastPrompt(network)
    last.advance(last.rewind(LONGER, None))
    monkeypatch.setattr(DynamicCache, "crop", no_way_back)
    feed = last.rewind(OTHER, None)
    assert feed == OTHER
    assert torch.allclose(last.advance(feed), fresh.advance(OTHER), atol=1e-5)


def test_a_forward_that_failed_leaves_nothing_behind(monkeypatch: pytest.MonkeyPatch) -> None:
    """Half of the layers have the failed ids' keys by then."""

    def out_of_memory(*_: object, **__: object) -> None:
        raise RuntimeError("out of memory")

    network = tiny_network()
    last = LastPrompt(network)
    expected = last.advance(last.rewind(HELLO, None))
    with monkeypatch.context() as patch:
        patch.setattr(network.model.layers[2], "forward", out_of_memory)
        with pytest.raises(RuntimeError):
            last.advance(last.rewind(LONGER, None))
    assert torch.allclose(last.advance(last.rewind(HELLO, None)), expected, atol=1e-5)
