"""The keys and values of the last prompt and its reply, of which the next turn runs only what is new.

Knows token ids and which adapter they were run with. Does not know texts, nor who may run when.
"""

import copy
from typing import Any

import torch
from torch import Tensor
from transformers import DynamicCache


class LastPrompt:
    """One prompt at a time; another one, or another adapter, begins anew."""

    def __init__(self, network: Any) -> None:
        self._network = network
        self._adapter: str | None = None
        self._ids: list[int] = []
        self._cache = DynamicCache(config=network.config)

    def rewind(self, ids: list[int], adapter: str | None) -> list[int]:
        """Keep what `ids` begins with, and return the rest, which is at least one id."""
        shared = 0
        if adapter == self._adapter:
            for ours, theirs in zip(self._ids, ids[:-1], strict=False):
                if ours != theirs:
                    break
                shared += 1
        if shared == 0:
            self._begin_with(adapter)
        elif shared < len(self._ids):
            try:
                self._cache.crop(shared - len(self._ids))
                self._ids = self._ids[:shared]
            except RuntimeError:  # layers that keep a window, or no keys at all, cannot go back
                self._begin_with(adapter)
        return ids[len(self._ids) :]

    @torch.inference_mode()
    def advance(self, feed: list[int]) -> Tensor:
        """Run ids behind what is kept; (V,) logits of the next token."""
        try:
            found = self._network(
                input_ids=torch.tensor([feed], device=self._network.device),
                past_key_values=self._cache,
                use_cache=True,
                logits_to_keep=1,
            )
        except BaseException:  # some layers have the new keys by now, others not
            self._begin_with(None)
            raise
        self._ids = [*self._ids, *feed]
        logits_V: Tensor = found.logits[0, -1]
        return logits_V

    def copy(self) -> DynamicCache:
        """The keys and values as they are, to go on from without changing them."""
        return copy.deepcopy(self._cache)

    def forget(self, adapter: str) -> None:
        """Another adapter has this name from now on, or none."""
        if self._adapter == adapter:
            self._begin_with(None)

    def _begin_with(self, adapter: str | None) -> None:
        self._adapter, self._ids = adapter, []
        self._cache = DynamicCache(config=self._network.config)
