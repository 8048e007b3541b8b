"""One turn: the current session in the window, a reply, the log.

The prompt is a fixed system line and the session, nothing else but the last words of the session
that it goes on from. When the session outgrows the window its oldest turns leave the prompt, never
the log. A reply is made and logged to its end however slowly it is read, or not at all; closing it
stops it.
"""

import secrets
from bisect import bisect_left
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass

from agent import settled
from agent.config import Settings
from agent.evaluate import system_only
from agent.model import CHAT, Message, Model
from agent.pump import pumped
from agent.sampling import Sampling
from storage.sessions import Message as Logged
from storage.sessions import Sessions

WORDS_BEFORE = 40  # messages of the session gone on from; the window holds no more of most


@dataclass(slots=True)
class Order:
    """How a program wants one reply and, once it is made, how many tokens it took."""

    sampling: Sampling
    adapter: str | None = CHAT
    stopped: bool = False  # set from another thread: the reply ends before its next token
    prompt_tokens: int = 0
    reply_tokens: int = 0

    def count(self) -> bool:
        """Called for every token; True ends the reply."""
        self.reply_tokens += not self.stopped
        return self.stopped


class Chat:
    """Talks with the model and writes down what was said."""

    def __init__(self, model: Model, sessions: Sessions, settings: Callable[[], Settings]) -> None:
        self._model = model
        self._sessions = sessions
        self._settings = settings

    def say(
        self,
        session_id: str,
        text: str,
        *,
        memory: bool,
        again: bool = False,
        order: Order | None = None,
    ) -> Generator[str]:
        """The growing reply to `text`. The message is committed before the first token and the
        reply when it ends, also when the caller closes the generator: what was shown is kept."""
        self._sessions.add(session_id, "user", text)
        return self.answer(session_id, memory=memory, again=again, order=order)

    def answer(
        self, session_id: str, *, memory: bool, again: bool = False, order: Order | None = None
    ) -> Generator[str]:
        """Reply to the session's last message; `again` asks for another reply than before."""
        return pumped(self._answer(session_id, memory, again, order))

    def reply(
        self,
        history: Sequence[Message],
        *,
        memory: bool,
        again: bool = False,
        order: Order | None = None,
    ) -> Generator[str]:
        """The growing reply to `history`; nothing is written. An order overrides the settings."""
        return pumped(self._reply(history, memory, again, order))

    def _answer(
        self, session_id: str, memory: bool, again: bool, order: Order | None
    ) -> Iterator[str]:
        shown, said = "", self._sessions.messages(session_id)
        while said and said[-1].role == "assistant":  # another reply comes in its place
            said.pop()
        try:
            history = [*self.before(session_id), *_rows(said)]
            for shown in self._reply(history, memory, again, order):
                yield shown
        finally:
            if said and shown.strip():
                self._sessions.answer(session_id, said[-1], shown.strip())

    def _reply(
        self, history: Sequence[Message], memory: bool, again: bool, order: Order | None
    ) -> Iterator[str]:
        fitting, _ = self.window(history)
        sampling = Sampling(max_tokens=self._settings().reply_tokens)
        if again:
            sampling = Sampling(sampling.max_tokens, temperature=0.8, seed=secrets.randbits(62))
        messages = [*system_only(), *fitting]
        order = order or Order(sampling)
        order.prompt_tokens = len(self._model.prompt(messages))
        text = ""
        for text in settled.reply(
            self._model,
            messages,
            order.sampling,
            adapter=order.adapter if memory else None,
            stopped=order.count,
        ):
            yield text
        if order.reply_tokens <= settled.SHORT < order.sampling.max_tokens:  # it may be another one
            order.reply_tokens = settled.tokens_of(self._model, text) if text else 0

    def window(self, history: Sequence[Message]) -> tuple[list[Message], int]:
        """The newest messages that fit, and how many older ones do not. The last one always
        stays; the first that stays is the user's."""
        room = self._settings().window_tokens - self._settings().reply_tokens
        rows = [dict(m) for m in history]

        def fits(left: int) -> bool:
            return len(self._model.prompt([*system_only(), *rows[left:]])) <= room

        if len(rows) < 2 or fits(0):
            return rows, 0
        # Halved again and again: a long chat would be tokenized anew for each of its old turns.
        cuts = _cuts(rows)
        left = cuts[min(bisect_left(cuts, True, key=fits), len(cuts) - 1)]
        return rows[left:], left

    def trimmed(self, session_id: str) -> int:
        """How many of the session's oldest messages no longer fit into the window."""
        gone = self.window(self.history(session_id))[1]
        return max(0, gone - len(self.before(session_id)))

    def history(self, session_id: str) -> list[Message]:
        """What the session's next reply has before it."""
        return [*self.before(session_id), *_rows(self._sessions.messages(session_id))]

    def before(self, session_id: str) -> list[Message]:
        """The last words of the session that this one goes on from. Not of those before that one:
        they are in the weights, or out of mind."""
        before = self._sessions.get(session_id).continues
        rows = _rows(self._sessions.messages(before)[-WORDS_BEFORE:]) if before else []
        first = next((n for n, row in enumerate(rows) if row["role"] == "user"), len(rows))
        return rows[first:]


def _cuts(rows: Sequence[Message]) -> list[int]:
    """How many of the oldest messages may be left out: whole turns, and never the last message."""
    cuts = [0]
    while (at := cuts[-1]) < len(rows) - 1:
        turn = at + 2 < len(rows) and rows[at + 1]["role"] == "assistant"
        cuts.append(at + (2 if turn else 1))
    return cuts


def _rows(messages: Sequence[Logged]) -> list[Message]:
    return [{"role": m.role, "content": m.content} for m in messages if m.role != "system"]
