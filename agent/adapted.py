"""A network and the LoRA adapters attached to it, switched between two forwards.

Knows torch and peft; no tokenizer, no texts.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from torch import Tensor

from agent.errors import AdapterError
from agent.turnstile import Turnstile


class Adapted:
    """The network, without gradients, and its adapters by name."""

    def __init__(self, network: Any, name: str) -> None:
        self.network = network.eval().requires_grad_(False)
        self.name = name
        self.turnstile = Turnstile()
        self._peft: PeftModel | None = None
        self._in_use: str | None = ""  # as `using` left it; "" after an adapter came
        for layer in network.model.layers:
            layer.register_forward_pre_hook(self._between_layers)

    @property
    def device(self) -> torch.device:
        return torch.device(self.network.device)

    @property
    def dtype(self) -> torch.dtype:
        found: torch.dtype = self.network.dtype
        return found

    @property
    def backbone(self) -> Any:
        """The network below the output matrix."""
        return self.network.model

    def head(self, hidden_ND: Tensor) -> Tensor:
        """The logits, (N, V), scaled and bent as the network itself does it."""
        logits_NV: Tensor = self.network.lm_head(hidden_ND)
        config = self.network.config
        up, down = getattr(config, "logit_scale", None), getattr(config, "logits_scaling", None)
        scale = (up or 1.0) / (down or 1.0)  # Cohere, Granite
        most = getattr(config, "final_logit_softcapping", None)  # Gemma
        logits_NV = logits_NV if scale == 1 else logits_NV * scale
        return torch.tanh(logits_NV / most) * most if most else logits_NV

    def new_adapter(self, name: str, config: LoraConfig, seed: int = 0) -> None:
        """Attach a fresh adapter, which changes nothing until it is trained."""
        self.drop_adapter(name)
        torch.manual_seed(seed)  # LoRA's A is random
        if self._peft is None:
            self._peft = get_peft_model(self.network, config, name, autocast_adapter_dtype=False)
        else:
            self._peft.add_adapter(name, config, autocast_adapter_dtype=False)
        self._in_use = ""
        self.network.eval()

    def load_adapter(self, name: str, folder: Path, *, trainable: bool = False) -> None:
        """Attach the adapter in `folder`. Raises AdapterError when it does not fit this base."""
        self.drop_adapter(name)
        how = {"is_trainable": trainable, "autocast_adapter_dtype": False}
        try:
            with torch.random.fork_rng(devices=[]):  # peft draws weights first; training goes on
                if self._peft is None:
                    self._peft = PeftModel.from_pretrained(self.network, str(folder), name, **how)
                else:
                    self._peft.load_adapter(str(folder), name, **how)
            self._in_use = ""
        except (RuntimeError, ValueError, KeyError, OSError) as error:
            self.drop_adapter(name)
            raise AdapterError(
                f"The adapter in {folder} does not fit {self.name}: {error}"
            ) from error

    def save_adapter(self, name: str, folder: Path) -> None:
        """Write PEFT files (config and safetensors) straight into `folder`."""
        assert self._peft is not None
        self._peft.save_pretrained(str(folder), selected_adapters=[name])
        nested = folder / name
        if nested.is_dir():
            for file in nested.iterdir():
                file.rename(folder / file.name)
            nested.rmdir()
        (folder / "README.md").unlink(missing_ok=True)  # peft's empty model card

    def drop_adapter(self, name: str) -> None:
        if self._peft is not None and name in self._peft.peft_config:
            if len(self._peft.peft_config) == 1:
                self.network = self._peft.unload()
                self.network.requires_grad_(False)
                self._peft = None
            else:
                self._peft.delete_adapter(name)

    def has_adapter(self, name: str) -> bool:
        return self._peft is not None and name in self._peft.peft_config

    @contextmanager
    def dropping_out(self, name: str) -> Iterator[None]:
        """The adapter's own dropout works inside, and nowhere else: not while it is measured."""
        layers = [
            module.lora_dropout[name]
            for module in self.network.modules()
            if name in getattr(module, "lora_dropout", {})
        ]
        for layer in layers:
            layer.train()
        try:
            yield
        finally:
            for layer in layers:
                layer.eval()

    def parameters_of(self, name: str) -> list[torch.nn.Parameter]:
        """The adapter's own weights, in a fixed order."""
        return [p for n, p in self.network.named_parameters() if f".{name}." in n]

    @contextmanager
    def using(self, adapter: str | None) -> Iterator[None]:
        """Run with one adapter, or with the bare base (None, or a name not attached). Not inside
        another `using`: the model stays as the last one set it, since going through all layers costs
        as much as a third of a token."""
        self._use(adapter)
        yield

    def _use(self, adapter: str | None) -> None:
        wanted = adapter if self._peft and adapter in self._peft.peft_config else None
        if self._peft and wanted != self._in_use:
            self._switch_to(self._peft, wanted)
        self._in_use = wanted

    def _between_layers(self, layer: torch.nn.Module, inputs: tuple[Any, ...]) -> None:
        """Background work lets a person's reply pass before every layer, forward and backward."""
        self._let_pass()
        if inputs and inputs[0].requires_grad:
            inputs[0].register_hook(lambda gradient: self._let_pass())

    def _let_pass(self) -> None:
        adapter = self._in_use
        if self.turnstile.let_pass():
            self._use(adapter)

    def _switch_to(self, peft: PeftModel, adapter: str | None) -> None:
        self._in_use = ""  # should it fail half-way
        if adapter is None:
            peft.base_model.disable_adapter_layers()
        else:
            peft.base_model.enable_adapter_layers()
            peft.set_adapter(adapter)
