"""What is said in the chat: a reply that grows, another one, other words, and two answers at once.

Knows what is shown and where it is logged. Does not know the components, or what is done with a
session.
"""

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from agent.service import Service
from ui import html
from ui.chat_notes import above
from ui.replies import Replies
from ui.talk import Talk, logged, place, plain, said
from ui.words import PROBLEMS, told

Frame = list[Any]  # updates of the conversation, its session, Send, Stop and the note above

_THINKING = "…"


class Conversation:
    """Its methods answer what a person does; many pages at once."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._replies, self._comparisons = Replies(), Replies()

    def say(
        self,
        text: str,
        shown: list[Any],
        session: str | None,
        off: bool,
        memory: bool,
        page: gr.Request,
    ) -> Iterator[Frame]:
        """Send a message; a session begins with its first one."""
        if not text.strip():
            return
        with told():
            self.service.take_over()  # first, or a session would begin that nothing is said in
            session, talk = self._current(session, off, plain(shown))
            earlier = talk if off else None
            replies = self.service.say(session, text, memory=memory, history=earlier)
        yield from self._grow([*talk, said("user", text)], replies, session, off, page)

    def again(
        self,
        event: gr.RetryData,
        shown: list[Any],
        session: str | None,
        off: bool,
        memory: bool,
        page: gr.Request,
    ) -> Iterator[Frame]:
        """Have the last reply written anew."""
        talk = plain(shown)
        while talk and talk[-1]["role"] != "user":
            talk.pop()
        if not talk or self._only_reading(session, off):
            return
        if self._is_stale(session, off, plain(shown)):
            yield self.frame(logged(self.service, session), session, off, busy=False)
            return
        with told():
            if off or session is None:
                text, earlier = talk[-1]["content"], talk[:-1]
                replies = self.service.say(None, text, memory=memory, history=earlier, again=True)
            else:
                replies = self.service.regenerate(session, memory=memory)
        yield from self._grow(talk, replies, session, off, page)

    def edited(
        self,
        event: gr.EditData,
        shown: list[Any],
        session: str | None,
        off: bool,
        memory: bool,
        page: gr.Request,
    ) -> Iterator[Frame]:
        """Put other words in place of a message; what came after it goes."""
        if self._only_reading(session, off):
            return
        if self._is_stale(session, off, plain(shown)):
            yield self.frame(logged(self.service, session), session, off, busy=False)
            return
        position = place(event.index)
        text, earlier = str(event.value), plain(shown)[:position]
        with told():
            if off or session is None:
                replies = self.service.say(None, text, memory=memory, history=earlier)
            else:
                replies = self.service.edit_and_resend(session, position, text, memory=memory)
        yield from self._grow([*earlier, said("user", text)], replies, session, off, page)

    def failed(self, shown: list[Any], session: str | None, off: bool) -> Frame:
        """What there is after a reply that could not be made."""
        if not off:
            known = session if self.service.profile.sessions.known([session or ""]) else None
            return self.frame(logged(self.service, known), known, off, busy=False)
        talk = plain(shown)
        if talk and talk[-1]["content"] == _THINKING:
            del talk[-2:]
        return self.frame(talk, None, off, busy=False)

    def unsent(self, text: str, written: str, shown: list[Any]) -> Any:
        """The text for the box after an error: what was sent and is nowhere in the conversation.
        Else the box is left alone, for what is being written there meanwhile."""
        in_place = written or said("user", text) in plain(shown)[-2:]  # its reply may be begun
        return gr.skip() if in_place else text

    def cut(self, page: gr.Request) -> None:
        """End what grows on this page; what was made of a reply is kept."""
        for growing in (self._replies, self._comparisons):
            growing.cut(page.session_hash)

    def compare(
        self, text: str, shown: list[Any], session: str | None, page: gr.Request
    ) -> Iterator[str]:
        """Answer a message twice, with and without memory; nothing of it is logged."""
        talk = plain(shown)
        if not text.strip():
            asked = [n for n, one in enumerate(talk) if one["role"] == "user"]
            if not asked:
                gr.Info("Write a question first, then compare the two answers.")
                return
            text, talk = talk[asked[-1]]["content"], talk[: asked[-1]]
        with told(), self._comparisons.growing(page.session_hash) as mine:
            yield html.two_answers(text, _THINKING, "")
            before = self.service.before(session) if session else []
            for with_memory, without in self.service.compare([*before, *talk], text):
                if mine.unwanted.is_set():
                    break
                yield html.two_answers(text, with_memory or _THINKING, without)

    def frame(self, talk: Talk, session: str | None, off: bool, *, busy: bool) -> Frame:
        """The conversation as it is; `busy` while a reply grows."""
        note = above(self.service, session, off)
        return [talk, session, gr.Button(visible=not busy), gr.Button(visible=busy), note]

    # How it is done

    def _grow(
        self,
        talk: Talk,
        replies: Generator[str],
        session: str | None,
        off: bool,
        page: gr.Request,
    ) -> Iterator[Frame]:
        with self._replies.growing(page.session_hash) as mine:
            yield self.frame([*talk, said("assistant", _THINKING)], session, off, busy=True)
            reply = ""
            try:
                with closing(replies) as growing:  # a page that is left arrives as GeneratorExit
                    for reply in growing:
                        shown = [*talk, said("assistant", reply or _THINKING)]
                        yield [shown, session, gr.skip(), gr.skip(), gr.skip()]
                        if mine.unwanted.is_set():
                            break
            except PROBLEMS as problem:
                gr.Warning(str(problem))
                reply = ""
            talk = [*talk, said("assistant", reply)] if reply else talk
            if session is not None and not off:
                talk = logged(self.service, session)
            yield self.frame(talk, session, off, busy=False)

    def _current(self, session: str | None, off: bool, talk: Talk) -> tuple[str | None, Talk]:
        """The session to write into, and what is shown of it: one that was ended meanwhile goes on
        in a new one, and after one that was erased all begins anew."""
        sessions = self.service.profile.sessions
        if off:
            return None, talk
        if not session or not sessions.known([session]):
            return sessions.start(), []
        onward = self.service.go_on(session)
        return onward, talk if onward == session else []

    def _is_stale(self, session: str | None, off: bool, talk: Talk) -> bool:
        """Whether the session went on on another page: what is shown here is not what would be cut."""
        stale = not off and session is not None and len(talk) != len(logged(self.service, session))
        if stale:
            gr.Info("This session went on elsewhere. Here it is as it is now; try again.")
        return stale

    def _only_reading(self, session: str | None, off: bool) -> bool:
        if reading := session is None and not off:
            gr.Info("This session is ended and only here to be read. Press New session to talk.")
        return reading
