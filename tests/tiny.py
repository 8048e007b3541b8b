"""The tiny model of the benchmarks, which is the tests' too."""

from bench.tiny import save_tiny, tiny_model, tiny_network, tiny_tokenizer

__all__ = ["save_tiny", "tiny_model", "tiny_network", "tiny_tokenizer"]
