"""Which adapter versions the model has at hand, and which of them the chat uses.

Knows the profile's versions and the model's adapters, and that a version fits one base only. Does
not know how a version is made or what is said with it.
"""

import threading

from agent.errors import AdapterError
from agent.model import CHAT, Model
from storage.adapters import Version
from storage.errors import NotFound
from storage.profiles import Profile


class Versions:
    """The versions of one profile on one model."""

    def __init__(self, profile: Profile, model: Model) -> None:
        self._profile = profile
        self._model = model
        self._loading = threading.Lock()
        self._attached: dict[int, str] = {}  # adapters of kept versions, beside the one in use

    def take_over(self) -> None:
        """Chat with the version that is active now."""
        with self._loading:
            self._drop_what_is_gone()
            active = self._profile.adapters.active()
            wanted = f"{self._profile.path}#{active.number}" if active else ""
            if wanted == self._model.chat_with:
                return
            if active is None:
                self._drop(CHAT)
            else:
                self._model.chat_with = ""  # should the loading fail
                self._load(CHAT, active)
            self._model.chat_with = wanted

    def attach(self, number: int) -> str:
        """Make a kept version ready beside the active one; the name of its adapter, attached
        as long as it can be used. Raises NotFound for one that cannot be used, too."""
        adapters = self._profile.adapters
        version = adapters.get(number)
        if not adapters.usable(version):
            raise NotFound(f"Version {number} was rejected or thinned out and cannot be used.")
        name = f"kept-{self._profile.name}-{number}"
        with self._loading:
            if number not in self._attached:
                self._load(name, version)
                self._attached[number] = name
        return name

    def _drop_what_is_gone(self) -> None:
        """Versions that were thinned out or forgotten do not stay in memory either."""
        adapters = self._profile.adapters
        for number in [n for n in self._attached if not adapters.usable(adapters.get(n))]:
            self._drop(self._attached.pop(number))

    def activate(self, number: int | None) -> None:
        """Roll back or forward; None is the bare base."""
        if number is not None:
            check(self._profile, self._model, self._profile.adapters.get(number))
        self._profile.adapters.activate(number)

    def _load(self, name: str, version: Version) -> None:
        try:
            check(self._profile, self._model, version)
            with self._model.turnstile.front():
                self._model.load_adapter(name, self._profile.adapters.folder_of(version.number))
        except BaseException:
            self._drop(name)  # or what had the name before would go on answering
            raise

    def _drop(self, name: str) -> None:
        with self._model.turnstile.front():
            self._model.drop_adapter(name)


def check(profile: Profile, model: Model, version: Version) -> None:
    """Raise AdapterError when the version stands on another base, StorageError when it is damaged."""
    if version.base != model.fingerprint:
        raise AdapterError(
            f"Version {version.number} was made for another base model than "
            f"{model.name}. Start with the model it was made for, or reset the memory."
        )
    profile.adapters.check(version.number)
