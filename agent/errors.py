"""The named failures of the agent. `str(error)` is a full sentence: what happened, and what to do."""


class AgentError(Exception):
    """Anything that a person should read rather than a traceback."""


class ModelError(AgentError):
    """The base model cannot be found, fetched, loaded or used."""


class EndpointError(AgentError):
    """The pair-writing endpoint is out of reach, or answers what cannot be used."""


class AdapterError(AgentError):
    """An adapter does not fit this base, or its files are not whole."""


class Busy(AgentError):
    """Another process holds what this one needs."""


class Rejected(AgentError):
    """A trained candidate is worse than the gate allows; the reason is in the text."""


class Cancelled(AgentError):
    """The work was stopped on request, between two steps."""
