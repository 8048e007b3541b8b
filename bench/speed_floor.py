"""The floors of speed: what this machine multiplies and reads in a second, and what the work needs.

Arithmetic counts two operations per multiplication and addition. It counts what cannot be left out:
frozen weights meet each token once forward and once backward (no gradient of their own), LoRA's
factors three times, the output matrix the answers' positions alone, the attention the keys that a
query sees. Padding, masks, norms and softmax are not counted. Knows a network's shapes and lists of
lengths; no training.
"""

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

import torch
from torch import Tensor, nn

from agent.model import Model
from agent.recipe import ATTENTION, Recipe
from agent.tree import Tree

REPEATS = 5
INPUTS = ATTENTION[:3]  # q, k, v: in the lowest trained layer nothing below asks for their gradient


@dataclass(frozen=True, slots=True)
class Shape:
    """A network as the arithmetic sees it."""

    layers: int
    linears: dict[str, tuple[int, int]]  # of one layer, by name: in, out
    heads: int
    head_size: int
    kv_heads: int
    hidden: int
    vocabulary: int

    @classmethod
    def of(cls, model: Model) -> "Shape":
        """Of a bare model, nothing attached."""
        config = model.network.config
        layer = model.backbone.layers[0]
        return cls(
            layers=config.num_hidden_layers,
            linears={
                name.rpartition(".")[2]: (module.in_features, module.out_features)
                for name, module in layer.named_modules()
                if isinstance(module, nn.Linear)
            },
            heads=config.num_attention_heads,
            head_size=getattr(config, "head_dim", None)
            or config.hidden_size // config.num_attention_heads,
            kv_heads=config.num_key_value_heads,
            hidden=config.hidden_size,
            vocabulary=config.vocab_size,
        )

    def layer_weights(self, names: Iterable[str] | None = None) -> int:
        """Weights of one layer's matrices, or of those named."""
        return sum(a * b for name, (a, b) in self.linears.items() if names is None or name in names)

    def lora_weights(self, recipe: Recipe) -> int:
        """Weights of one layer's LoRA factors."""
        sizes = [pair for name, pair in self.linears.items() if name in recipe.targets]
        return sum(recipe.rank * (a + b) for a, b in sizes)


@dataclass(slots=True)
class Work:
    """Tokens through the layers, the keys that their queries see, and answer positions."""

    tokens: int = 0
    seen: int = 0
    targets: int = 0

    def add(self, tree: Tree) -> "Work":
        """Each chain sees the prefix and, causally, itself."""
        prefix = tree.prefix_length
        self.tokens += len(tree.ids_T)
        self.seen += prefix * (prefix + 1) // 2
        self.seen += sum(length * prefix + length * (length + 1) // 2 for length in tree.lengths)
        self.targets += len(tree.labels_N)
        return self


def reading_flops(shape: Shape, work: Work, layers: int, lora: int = 0) -> float:
    """Forward through `layers` layers, with `lora` weights of LoRA in each, and the head."""
    matrices = 2 * (shape.layer_weights() + lora) * work.tokens
    attention = 4 * shape.heads * shape.head_size * work.seen
    return layers * (matrices + attention) + 2 * shape.hidden * shape.vocabulary * work.targets


def training_flops(shape: Shape, work: Work, layers: int, recipe: Recipe) -> float:
    """Forward and backward where the upper `layers` have LoRA and nothing below learns."""
    lora = shape.lora_weights(recipe)
    forward = reading_flops(shape, work, layers, lora)
    spared = 2 * shape.layer_weights(INPUTS) * work.tokens  # below the lowest nothing learns
    factors = layers * 2 * lora * work.tokens  # their own gradients, beside their inputs'
    both = layers * 4 * shape.heads * shape.head_size * work.seen  # attention: two inputs learn
    return 2 * forward - spared + factors + both


def bytes_per_token(shape: Shape, size: int, context: int, lora_layers: int, recipe: Recipe) -> int:
    """What one reply's token must read: every weight once, and the keys and values so far. `size`
    is a number's bytes. The output matrix is read whole, of the embedding one row."""
    weights = shape.layers * shape.layer_weights() + shape.hidden * (shape.vocabulary + 1)
    weights += lora_layers * shape.lora_weights(recipe)
    cache = 2 * shape.layers * shape.kv_heads * shape.head_size * context
    return size * (weights + cache)


# --- what the machine does ----------------------------------------------------------------------


def matmul_rate(model: Model, tokens: int) -> dict[str, float]:
    """Operations per second of products as in a training step: `tokens` rows through every matrix
    of the model, and back. The model's own weights, so that they come from memory as they do there."""
    linears = [m for m in model.backbone.modules() if isinstance(m, nn.Linear)]
    found: dict[str, float] = {}
    spent, done = 0.0, 0
    for there in sorted({(m.in_features, m.out_features) for m in linears}):
        weights = [m.weight.detach() for m in linears if (m.in_features, m.out_features) == there]
        x, y = (torch.randn(tokens, n, dtype=model.dtype, device=model.device) for n in there)
        for way, work in (("forward", _forward(x, weights)), ("backward", _backward(y, weights))):
            seconds = usual_seconds(work)
            flops = 2 * tokens * there[0] * there[1] * len(weights)
            found[f"{there[0]}x{there[1]} {way}"] = round(flops / seconds / 1e9, 3)
            spent, done = spent + seconds, done + flops
    return {"all": round(done / spent / 1e9, 3), **found}


def _forward(x: Tensor, weights: Sequence[Tensor]) -> Callable[[], Any]:
    return lambda: [x @ weight.T for weight in weights]


def _backward(y: Tensor, weights: Sequence[Tensor]) -> Callable[[], Any]:
    return lambda: [y @ weight for weight in weights]


@torch.inference_mode()
def read_bandwidth(model: Model, side: int) -> float:
    """Gigabytes per second of a product of a matrix of `side` squared and a vector, which is what
    a reply's token is made of."""
    matrix = torch.randn(side, side, dtype=model.dtype, device=model.device)
    vector = matrix[0].clone()
    seconds = usual_seconds(lambda: matrix.mv(vector))
    return round(matrix.numel() * matrix.element_size() / seconds / 1e9, 3)


@torch.inference_mode()
def usual_seconds(work: Callable[[], Any]) -> float:
    """The median of a few, after one that does not count."""
    took = []
    for _ in range(REPEATS + 1):
        began = time.perf_counter()
        work()
        if torch.cuda.is_available():
            torch.cuda.synchronize()
        took.append(time.perf_counter() - began)
    return median(took[1:])
