"""Taking out of the weights what a person wants gone, and putting a right answer in.

What is gone leaves the record first; then the adapter goes back to a version that never held it, and
what was learnt since is learnt again. Knows the profile's stores and what the scheduler was asked for; no
model.
"""

from collections.abc import Collection, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress

from agent.again import says_again
from agent.rewind import STOPPING_SECONDS, alone, recover, rewind, unwrite
from agent.scheduler import Scheduler
from agent.text import words
from storage.database import transaction
from storage.errors import NotFound
from storage.pairs import Pair
from storage.profiles import Profile

FORGETTING = "forgetting"  # note: what was begun and is not done


class Forgetting:
    """Forgets and corrects in one profile."""

    def __init__(self, profile: Profile, scheduler: Scheduler) -> None:
        self._profile = profile
        self._scheduler = scheduler

    def session(self, session_id: str, *, erase: bool) -> None:
        """Take a session out of the weights; its text is kept (excluded) or erased."""
        sessions = self._profile.sessions
        with self._alone(), transaction(self._profile.db):  # or the night would learn it again
            self._undo(session_id)
            self._profile.pairs.clear(session_id)
            if sessions.get(session_id).state != "excluded":
                sessions.set_state(session_id, "excluded")
            self._note([session_id], erase=erase)
        self.finish()

    def facts(self, ids: Sequence[int]) -> None:
        """Take pairs, with all that says the same again, out of the record and out of all weights
        that learnt their sessions."""
        chosen = [self._profile.pairs.get(id) for id in ids]
        self._remove([pair for one in chosen for pair in [one, *said_again(self._profile, one)]])

    def name(self, text: str) -> int:
        """Forget every pair that mentions `text`, with its fact's other wordings; returns how many
        mention it."""
        found = self._profile.pairs.mentioning(text)
        self._remove([pair for one in found for pair in self._profile.pairs.fact_of(one)])
        return len(found)

    def correct(self, id: int, question: str, answer: str) -> None:
        """Put the right answer in place of a pair's and ask for its session to be learnt again, with
        all others that said the wrong one."""
        with self._alone(), transaction(self._profile.db):
            correct(self._profile, id, question, answer)
            self._learn_again(self._profile.pairs.get(id).session_id)

    def undo(self, session_id: str) -> list[str]:
        """Let a session be learnt again as its pairs are now, with all others of which something was
        removed meanwhile; the sessions to be learnt."""
        with self._alone(), transaction(self._profile.db):
            return self._learn_again(session_id)

    def finish(self) -> None:
        """Remove the files that hold what was forgotten, and the text of what was erased; also what a
        kill left."""
        notes, sessions = self._profile.notes, self._profile.sessions
        while noted := notes.get(FORGETTING):
            told = noted[0]
            self._withdraw(told["sessions"])
            for session_id in told["sessions"] if told["erase"] else ():
                with suppress(NotFound):  # it is erased already
                    sessions.erase(session_id)
            if told["erase"]:
                self._profile.clear_transfers()
            with transaction(self._profile.db):
                left = [other for other in notes.get(FORGETTING) or [] if other != told]
                notes.set(FORGETTING, left or None)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Hold the profile for oneself. What the scheduler has learnt meanwhile stops at its next step,
        and is asked for again. Raises Busy where somebody else holds it."""
        with self._scheduler.paused() as stopping:
            with alone(self._profile, STOPPING_SECONDS if stopping else 0):
                recover(self._profile)
                yield

    def _remove(self, pairs: Iterable[Pair]) -> None:
        pairs = dict.fromkeys(pairs)
        sessions = dict.fromkeys(pair.session_id for pair in pairs)
        with self._alone(), transaction(self._profile.db):
            for pair in pairs:  # first, since rewinding clears the later sessions' other pairs
                self._profile.pairs.remove(pair.id)
            for session_id in sessions:
                self._undo(session_id, keep=sessions)
            self._note(sessions, erase=False)
        self.finish()

    def _learn_again(self, session_id: str) -> list[str]:
        keep = [session_id, *(s for s in self._profile.pairs.outdated() if s != session_id)]
        again = [waiting for one in keep for waiting in self._undo(one, keep=keep)]
        return [*dict.fromkeys(again)]

    def _undo(self, session_id: str, *, keep: Collection[str] = ()) -> list[str]:
        """Take a session out of the version in use; the sessions to be learnt again, of which the
        scheduler knows: itself too when it is one of those that `keep` their pairs."""
        later = rewind(self._profile, session_id, keep=keep)
        again = [*later, session_id] if session_id in keep else later
        if again:
            self._scheduler.request(again)
        return again

    def _note(self, session_ids: Collection[str], *, erase: bool) -> None:
        """So that what is left to do is done also after a kill."""
        notes = self._profile.notes
        told = {"sessions": [*session_ids], "erase": erase}
        notes.set(FORGETTING, [*(notes.get(FORGETTING) or []), told])

    def _withdraw(self, session_ids: Iterable[str]) -> None:
        """Remove the files of every version that learnt one of these sessions; who was learnt in no
        version that is left waits to be learnt again."""
        adapters, sessions = self._profile.adapters, self._profile.sessions
        gone = [n for session_id in session_ids for n in adapters.withdraw(session_id)]
        if not gone:
            return
        left = {id for v in adapters.list() if adapters.usable(v) for id in v.sessions}
        lost = [s.id for s in sessions.list(states=["absorbed"], limit=-1) if s.id not in left]
        with transaction(self._profile.db):
            for session_id in lost:
                unwrite(self._profile, session_id)
                sessions.set_state(session_id, "ended")
        if lost:
            self._scheduler.request(lost)


def said_again(profile: Profile, pair: Pair) -> list[Pair]:
    """The other pairs of a pair's fact, and all others, of any session, that say the same."""
    same = [other for other in profile.pairs.fact_of(pair) if other != pair]
    if pair.role == "negative":
        return same
    told, known = (pair.question, pair.answer), {pair, *same}
    others = [*profile.pairs.of(pair.session_id), *profile.pairs.active()]
    return same + [
        other
        for other in dict.fromkeys(others)
        if other not in known
        and other.role != "negative"
        and says_again(told, (other.question, other.answer))
    ]


def correct(profile: Profile, id: int, question: str | None, answer: str | None) -> None:
    """Put the user's words in place of a pair's; what else says the same goes where it says a word that
    the right answer lacks. It takes effect when the session is learnt again."""
    with transaction(profile.db):
        pair = profile.pairs.get(id)
        fact = profile.pairs.fact_of(pair)
        again = [p for p in said_again(profile, pair) if p not in fact and p.origin != "user"]
        wrong = words(pair.answer) - words(pair.answer if answer is None else answer)
        profile.pairs.edit(id, question, answer)
        for other in again:
            if words(other.answer) & wrong:
                profile.pairs.remove(other.id)
