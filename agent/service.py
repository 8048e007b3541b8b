"""All that the browser, the terminal and the API may ask of one profile.

Wires chat, consolidation, schedule and stores for one profile and one model; adds no behaviour of
its own beyond order and checks. Every failure is an AgentError or StorageError with a sentence.
"""

import logging
from collections.abc import Collection, Generator, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from agent import export as exporting
from agent import imports, loading, restore
from agent.chat import Chat, Order
from agent.config import Settings, load_settings, save_settings
from agent.consolidate import Cycle
from agent.errors import AgentError, Busy, Cancelled
from agent.forgetting import Forgetting
from agent.model import Message, Model
from agent.remaining import PACE_FROM, Progress, pace, progress
from agent.remember import Remembered, in_own_words, remembered
from agent.rewind import alone, finish_reset, forget_all, recover, way_back
from agent.scheduler import Scheduler, call_off
from agent.text import is_broken
from agent.versions import Versions
from storage.imports import Incoming
from storage.profiles import Profile

log = logging.getLogger(__name__)


class Service:
    """One profile in use."""

    def __init__(self, profile: Profile, model: Model, settings: Settings) -> None:
        self.profile = profile
        self.model = model
        self.settings = settings
        self.scheduler = Scheduler(profile, lambda: self.settings, self._cycle, self._mend)
        self._chat = Chat(model, profile.sessions, lambda: self.settings)
        self._versions = Versions(profile, model)
        self._forgetting = Forgetting(profile, self.scheduler)
        self._mend()
        self.scheduler.resume()
        try:
            finish_reset(profile)
            self._forgetting.finish()
            exporting.sweep(profile)
        except OSError:  # no reason not to start; the next one tries again
            log.exception("what is to be gone could not be removed")
        self.profile.sessions.end_stale(self.settings.idle_minutes)

    def _mend(self) -> None:
        """Close the cycle that a kill left, here or in another process."""
        with suppress(Busy):  # another process is absorbing right now
            with alone(self.profile):
                recover(self.profile)

    # --- talking -----------------------------------------------------------------------------

    def say(
        self,
        session_id: str | None,
        text: str,
        *,
        memory: bool = True,
        history: list[Message] | None = None,
        again: bool = False,
        order: Order | None = None,
    ) -> Generator[str]:
        """The growing reply. With a session id both sides are logged; without (off the record)
        `history` is the context and nothing is written. `again` asks for another reply than
        before, `order` is a program's own wishes."""
        self._check(text)
        if session_id is not None:
            return self._chat.say(session_id, text, memory=memory, again=again, order=order)
        turns = [*(history or []), {"role": "user", "content": text}]
        return self._chat.reply(turns, memory=memory, again=again, order=order)

    def _check(self, text: str) -> None:
        """Raise before anything is changed when there can be no reply."""
        if not text.strip():
            raise AgentError("There is nothing to answer: the message is empty.")
        if is_broken(text):
            raise AgentError("The message holds bytes that are no text. Write it in UTF-8.")
        room = self.settings.window_tokens - self.settings.reply_tokens
        if len(self.model.prompt([{"role": "user", "content": text}])) > room:
            raise AgentError(
                f"The message is longer than the {room} tokens that can be read at once. Send it in "
                "parts, or set INWEIGHT_WINDOW_TOKENS higher."
            )
        self.take_over()

    def regenerate(self, session_id: str, *, memory: bool = True) -> Generator[str]:
        """Another reply in place of the session's last one."""
        if not self.profile.sessions.messages(session_id):
            raise AgentError("There is no reply yet that could be made again.")
        self.take_over()
        return self._chat.answer(session_id, memory=memory, again=True)

    def edit_and_resend(
        self, session_id: str, position: int, text: str, *, memory: bool = True
    ) -> Generator[str]:
        """Put `text` in place of the user's message at `position`; what came after is dropped."""
        self._check(text)
        self.profile.sessions.drop_after(session_id, position - 1)
        return self.say(session_id, text, memory=memory)

    def compare(self, history: list[Message], text: str) -> Iterator[tuple[str, str]]:
        """Growing answers to the same message with and without the memory; nothing is logged."""
        self._check(text)
        turns = [*history, {"role": "user", "content": text}]
        remembered = ""
        for remembered in self._chat.reply(turns, memory=True):
            yield remembered, ""
        for bare in self._chat.reply(turns, memory=False):
            yield remembered, bare

    def trimmed(self, session_id: str) -> int:
        """How many of the session's oldest messages no longer fit into the window."""
        return self._chat.trimmed(session_id)

    def before(self, session_id: str) -> list[Message]:
        """The last words of the session that this one goes on from; nothing for most."""
        return self._chat.before(session_id)

    def go_on(self, session_id: str, *, source: str = "chat") -> str:
        """The session to go on in: itself when it is open, else a new one under its title that
        has its last words in the prompt."""
        before = self.profile.sessions.get(session_id)
        if before.state == "open":
            return session_id
        return self.profile.sessions.start(title=before.title, source=source, continues=session_id)

    def end_session(self, session_id: str) -> bool:
        """End it, so that it can be absorbed; an empty one is dropped. False: nothing to end."""
        return self.profile.sessions.end(session_id)

    def take_over(self) -> None:
        """Chat with the version that is active now."""
        self._versions.take_over()

    def attach(self, number: int) -> str:
        """Make a kept version ready beside the active one; the name of its adapter."""
        return self._versions.attach(number)

    # --- absorbing ---------------------------------------------------------------------------

    def absorb(self, session_ids: list[str] | None = None) -> None:
        """Ask the scheduler for a cycle over these sessions, or all that wait; returns at once."""
        self.scheduler.request(self._made_ready(session_ids))

    def absorb_now(self, session_ids: list[str] | None = None) -> list[str]:
        """Run such a cycle in this thread and return the sessions it dealt with."""
        due = self._made_ready(session_ids)
        return Cycle(self.profile, self.model, self.settings).run(due)

    def _made_ready(self, session_ids: list[str] | None) -> list[str] | None:
        """These sessions, which wait again if they were dealt with before, and those that wait with
        them."""
        due = session_ids and [*session_ids]
        for session_id in session_ids or []:
            state = self.profile.sessions.get(session_id).state
            if state in ("failed", "nothing_new"):
                self.profile.sessions.set_state(session_id, "ended")
            elif state == "absorbed" and due:  # its pairs were mended: learn it again
                due += self._forgetting.undo(session_id)
        return due

    def _cycle(self, session_ids: list[str] | None) -> None:
        try:  # a cycle taken up after a kill has sessions that are absorbed by now: they stay so
            Cycle(self.profile, self.model, self.settings).run(session_ids)
        except Cancelled:
            log.info("the cycle was stopped on request")

    def is_due(self, session_id: str) -> bool:
        """Whether the session is being absorbed, or waits for a cycle that was asked for."""
        state, wish = self.profile.sessions.get(session_id).state, self.scheduler.wish()
        asked = wish is not None and (wish["sessions"] is None or session_id in wish["sessions"])
        return state == "absorbing" or (state == "ended" and asked)

    def standing(self) -> str:
        """Another text whenever a session moved on: what was read before is stale then."""
        cycle = self.profile.cycles.latest()
        where = (cycle.id, cycle.state, cycle.session_id) if cycle else None
        return f"{where} {self.scheduler.wish()}"

    def cancel(self) -> bool:
        """Stop learning at its next step; its session and those in line wait again. False: there
        was nothing to stop."""
        return call_off(self.profile)

    def progress(self) -> Progress:
        """Where the newest cycle stands."""
        return progress(self.profile.cycles.list(PACE_FROM))

    def learnt_again(self, session_ids: Collection[str], *, kept: bool) -> tuple[int, float | None]:
        """How many sessions are to be learnt again when these leave the weights, they too when they
        are `kept`; and the seconds that this takes, None where no pace is known."""
        undone = {id for one in session_ids for id in way_back(self.profile, one)[1]}
        again = len(undone if kept else undone.difference(session_ids))
        usual = pace(self.profile.cycles.list(PACE_FROM))
        return again, usual and usual * again

    def exclude(self, session_id: str) -> None:
        """Keep a session's text but never learn from it; one that is learnt is forgotten."""
        self.forget(session_id, erase=False)

    def include(self, session_id: str) -> None:
        """Let a session that was left out wait again."""
        self.profile.sessions.include(session_id)

    # --- forgetting --------------------------------------------------------------------------

    def forget(self, session_id: str, *, erase: bool) -> None:
        """Take a session out of the weights: back to the version before it, and the later ones
        are absorbed anew; the files of every version that learnt it go. Its text is kept
        (excluded) or erased."""
        self._forgetting.session(session_id, erase=erase)

    def forget_pairs(self, ids: Sequence[int]) -> None:
        """Take pairs, with all that says the same again, out of the record and out of all weights
        that learnt their sessions."""
        self._forgetting.facts(ids)

    def forget_name(self, text: str) -> int:
        """Forget every pair that mentions `text`; returns how many."""
        return self._forgetting.name(text)

    def correct(self, pair: int, question: str, answer: str) -> None:
        """Put the right answer in place of a pair's, and have its session learnt again."""
        self._forgetting.correct(pair, question, answer)

    # --- looking and mending -----------------------------------------------------------------

    def remember(self, limit: int = 50) -> Iterator[Remembered]:
        """Ask the weights one question per known fact, newest sessions first."""
        self.take_over()
        yield from remembered(self.profile, self.model, limit)

    def in_own_words(self) -> str | None:
        """What the weights answer when they are asked about the user at large; None before
        anything was learnt."""
        self.take_over()
        return in_own_words(self.model) if self.profile.adapters.active() else None

    def activate(self, version: int | None) -> None:
        """Roll back or forward; None is the bare base."""
        with alone(self.profile):  # what is being learnt goes on from the version in use
            self._versions.activate(version)

    def reset(self, confirm: str) -> None:
        """Forget everything that was learnt; the sessions stay, and wait to be absorbed again
        only when the person asks for it. Learning that is going on is stopped first."""
        if confirm != self.profile.name:
            raise AgentError(
                f"To reset, type the profile's name, '{self.profile.name}'. Nothing was changed."
            )
        forget_all(self.profile)
        self.profile.clear_transfers()

    def export(self, kind: str, version: int | None = None) -> Path:
        """Write an artefact of a version (the active one) and return its path."""
        return exporting.export(self.profile, self.model, kind, version)

    def preview(self, path: Path) -> list[Incoming]:
        """The sessions that importing the file would take, and those that are there already."""
        return imports.preview(self.profile, path)

    def import_file(self, path: Path, only: Collection[str] | None = None) -> str:
        """Take in sessions (all, or those of `only`), an adapter or, into an empty profile, another
        one; says what was taken."""
        before = self.profile.sessions.count()
        said = restore.import_file(self.profile, self.model, path, only)
        if imports.is_ours(path) or self.profile.sessions.count() == before:
            return said
        return (
            f"{said} They wait in Sessions, and are learnt when you say so, or at"
            f" {self.settings.nightly_at}."
        )

    def change_settings(self, **values: Any) -> None:
        """Save settings; they hold from the next use on, the model from the next start."""
        if values.get("model"):
            loading.check(values["model"])  # or the next start would fail
        save_settings(values)
        told = load_settings(**values)
        self.settings = self.settings.model_copy(
            update={name: getattr(told, name) for name in values}
        )
