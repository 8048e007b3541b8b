"""The ways storage says no. Each message is a whole sentence that a person can act on."""


class StorageError(Exception):
    """Something stored does not allow what was asked."""


class NotFound(StorageError):
    """What was asked for is not stored."""


class ImportProblem(StorageError):
    """A line or conversation of an import file cannot be taken; `line` is its number, from 1."""

    def __init__(self, line: int, reason: str, unit: str = "Line") -> None:
        super().__init__(f"{unit} {line} cannot be imported: {reason}. Nothing was taken.")
        self.line = line
