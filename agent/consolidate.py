"""One cycle: every ended session becomes pairs, is distilled, measured, and promoted or rejected.

    ended → absorbing → pairs on record → candidate trained → measured → gate → version, absorbed

One session at a time and one version each, so a kill costs at most the session in work. All that
shapes a version (pairs, seeds, order) follows from the sessions alone, not from clocks or row
numbers; that is what lets rewind.py go back to before a session and on without it, to the result
that there would have been. Knows the profile, the model and the settings; no UI.
"""

import logging
import os
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from agent.config import Settings
from agent.curriculum import curriculum
from agent.distill import Figures, distill, lora_config
from agent.errors import AgentError, Cancelled, Rejected
from agent.gate import Measured, measure, objection
from agent.model import CANDIDATE, Model
from agent.recipe import RECIPES, Recipe, from_here_on, gentler
from agent.record import pairs_of, write_pairs
from agent.rewind import alone, recover, unwrite_waiting
from agent.synthesize import seed_of
from agent.versions import check
from storage.adapters import Version
from storage.database import transaction
from storage.profiles import Profile

log = logging.getLogger(__name__)


class Cycle:
    """One run over the waiting sessions of a profile."""

    def __init__(self, profile: Profile, model: Model, settings: Settings) -> None:
        self._profile = profile
        self._model = model
        self._settings = settings
        self._recipe = RECIPES[settings.recipe]
        self._id = 0
        self._done = 0
        self._total = 0
        self._session: str | None = None

    def run(self, session_ids: Sequence[str] | None = None) -> list[str]:
        """Absorb the waiting sessions (or those of `session_ids` among them), oldest first.

        Returns the ids of the sessions that were dealt with. A session that fails is marked with
        the reason and the next one goes on. Raises Busy when another process is at it, Cancelled
        when the cycle was stopped.
        """
        with alone(self._profile):
            recover(self._profile)
            self._id = self._profile.cycles.start(os.getpid())
            try:
                if active := self._profile.adapters.active():
                    check(self._profile, self._model, active)  # it would be learnt upon
                done = self._absorb_all(session_ids)
            except (Cancelled, KeyboardInterrupt, SystemExit):
                self._profile.cycles.finish(self._id, "cancelled")
                raise
            except BaseException as error:
                self._profile.cycles.finish(self._id, "failed", str(error) or repr(error))
                raise
            finally:
                with self._model.turnstile.back():
                    self._model.drop_adapter(CANDIDATE)
            self._profile.cycles.finish(self._id, "done")
            return done

    def _absorb_all(self, session_ids: Sequence[str] | None) -> list[str]:
        done: list[str] = []
        while True:
            waiting = [
                s.id
                for s in self._profile.sessions.waiting()
                if s.id not in done and (session_ids is None or s.id in session_ids)
            ]
            if not waiting:
                return done
            self._done, self._total = len(done), len(done) + len(waiting)
            self._session = waiting[0]
            self._absorb_one(waiting[0])
            done.append(waiting[0])
            self._thin()

    def _thin(self) -> None:
        try:
            self._profile.adapters.thin(self._settings.keep_versions)
        except OSError:  # the session is learnt all the same, and the next one tries again
            log.exception("old versions could not be removed")

    def _absorb_one(self, session_id: str) -> None:
        sessions = self._profile.sessions
        sessions.set_state(session_id, "absorbing")
        try:
            write_pairs(
                self._profile, self._model, self._settings, self._recipe, session_id, self._say
            )
            if not pairs_of(self._profile, session_id, "train"):
                sessions.set_state(session_id, "nothing_new")
                return
            self._train(session_id)
        except (Cancelled, KeyboardInterrupt, SystemExit):
            if sessions.get(session_id).state == "absorbing":  # else its version is in use already
                sessions.set_state(session_id, "ended")
            raise
        except AgentError as error:
            sessions.set_state(session_id, "failed", error=str(error))
        except Exception as error:
            log.exception("session %s failed", session_id)
            sessions.set_state(
                session_id, "failed", error=f"Something unforeseen went wrong: {error!r}"
            )

    def _say(self, stage: str, done: int = 0, total: int = 0) -> None:
        """Write down where the cycle stands; the one place where it can be stopped."""
        cycles = self._profile.cycles
        cycles.progress(
            self._id,
            stage=stage,
            done=done,
            total=total,
            session_id=self._session,
            detail={"sessions_done": self._done, "sessions_total": self._total},
        )
        if cycles.cancel_requested(self._id):
            raise Cancelled("The absorption was stopped; the session waits for the next one.")

    def _train(self, session_id: str) -> None:
        """Distil, measure, and promote; one gentler retry; a rejected candidate is kept aside."""
        before = self._profile.adapters.active()
        reason = ""
        usual = from_here_on(self._recipe) if before else self._recipe
        for recipe in (usual, gentler(usual)):
            began = time.monotonic()
            measured: Measured | None = None
            figures = Figures()
            try:
                figures = self._distil(session_id, recipe, before)
                self._say("measuring")
                measured = measure(self._profile, self._model, session_id, CANDIDATE)
                reason = objection(measured, self._settings)
            except Rejected as error:
                reason = str(error)
            seconds = time.monotonic() - began
            self._keep(session_id, recipe, before, figures, measured, reason, seconds)
            if not reason:
                return
            log.warning("candidate rejected: %s", reason)
        raise Rejected(
            f"What was learnt from this session was not taken over, twice: {reason} "
            "The chat stays on the version before it."
        )

    def _distil(self, session_id: str, recipe: Recipe, before: Version | None) -> Figures:
        self._say("reading the session")
        with self._model.turnstile.back():
            if before is None:
                self._model.new_adapter(
                    CANDIDATE, lora_config(self._model, recipe), seed_of(session_id)
                )
            else:
                folder = self._profile.adapters.folder_of(before.number)
                self._model.load_adapter(CANDIDATE, folder, trainable=True)
        plan = curriculum(self._profile, self._model, recipe, session_id)
        return distill(
            self._model,
            plan.prefix,
            plan.examples,
            plan.probes,
            recipe,
            seed=seed_of(session_id),
            on_step=lambda done, total: self._say("learning", done, total),
        )

    def _save(self, folder: Path) -> None:
        with self._model.turnstile.back():  # an adapter may be on its way in
            self._model.save_adapter(CANDIDATE, folder)

    def _keep(
        self,
        session_id: str,
        recipe: Recipe,
        before: Version | None,
        figures: Figures,
        measured: Measured | None,
        reason: str,
        seconds: float,
    ) -> None:
        """Write the candidate whole; a good one becomes active and its session absorbed."""
        self._say("writing the version")
        profile = self._profile
        told: dict[str, Any] = {
            **(asdict(measured) if measured else {}),
            "seconds": round(seconds, 1),
            "pairs": len(pairs_of(profile, session_id, "train")),
            "training": asdict(figures),
            "recipe": asdict(recipe),
            "parent": before.number if before else None,
            "session": session_id,
        }
        version = profile.adapters.write(
            profile.adapters.next_number(),
            self._save,
            state="rejected" if reason else "kept",
            base=self._model.fingerprint,
            sessions=[*dict.fromkeys([*(before.sessions if before else []), session_id])],
            figures=told,
            reason=reason or None,
        )
        if not reason:
            with transaction(profile.db):
                profile.adapters.activate(version.number)
                profile.sessions.set_state(session_id, "absorbed", version=version.number)
                unwrite_waiting(profile)
