"""The embedded default model: where it comes from (`fetch`), how it was taught (`data`, `teach`)."""
