"""The embedded default model: where it comes from (`fetch`), and how it was taught (`data`, `teach`)."""
