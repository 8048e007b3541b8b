"""The neighbours of a memory in weights: texts looked up and put in the prompt, BM25 and dense.

Knows texts and questions; what is found and how it is shown is the experiments' business.
"""

from collections.abc import Sequence
from typing import Protocol

import torch
from torch.nn.functional import normalize

from agent.model import Model


class Retriever(Protocol):
    """Finds the texts nearest to a question."""

    def top(self, question: str, k: int) -> list[int]:
        """Numbers of the `k` nearest texts, best first."""


class BM25:
    """Lexical retrieval by bm25s with its defaults and English stop words."""

    def __init__(self, texts: Sequence[str]) -> None:
        import bm25s  # only the benchmarks need it

        self._size = len(texts)
        self._tokens = lambda rows: bm25s.tokenize(rows, stopwords="en", show_progress=False)
        self._index = bm25s.BM25()
        self._index.index(self._tokens(list(texts)), show_progress=False)

    def top(self, question: str, k: int) -> list[int]:
        k = min(k, self._size)
        found, _ = self._index.retrieve(self._tokens([question]), k=k, show_progress=False)
        return [int(n) for n in found[0]]


class Dense:
    """Cosine of mean-pooled last hidden states of the base itself, which was not trained to
    retrieve; the mean of the texts is taken off, since raw hidden states all point one way."""

    def __init__(self, model: Model, texts: Sequence[str]) -> None:
        self._model = model
        raw_ND = torch.stack([self._pooled(text) for text in texts])
        self._mean_D = raw_ND.mean(0)
        self._texts_ND = normalize(raw_ND - self._mean_D, dim=-1)

    def top(self, question: str, k: int) -> list[int]:
        query_D = normalize(self._pooled(question) - self._mean_D, dim=-1)
        scores_N = self._texts_ND @ query_D
        return scores_N.topk(min(k, len(scores_N))).indices.tolist()

    @torch.inference_mode()
    def _pooled(self, text: str) -> torch.Tensor:
        ids = torch.tensor([self._model.tokenizer(text)["input_ids"]], device=self._model.device)
        with self._model.using(None):
            hidden_1TD = self._model.backbone(input_ids=ids).last_hidden_state
        pooled_D: torch.Tensor = hidden_1TD[0].float().mean(0)
        return pooled_D
