"""The Chat tab: one conversation, streamed, with stop, regenerate, edit, and two answers at once.

Knows what is shown and which session it belongs to. Does not know the model or the weights.
"""

from collections.abc import Generator, Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from agent.service import Service
from ui import html
from ui.chat_notes import above, reading
from ui.chat_parts import ChatParts
from ui.events import ANEW, ANSWERED, CUT, MODEL, NAMED, QUIET, SEND, WRITE
from ui.replies import Replies
from ui.session_list import SessionList
from ui.talk import Talk, is_open, logged, place, plain, said
from ui.words import PROBLEMS, many, told

Frame = list[Any]  # one update of `ChatTab.outputs`

_THINKING = "…"


class ChatTab:
    """Draws the tab with `build`; its methods answer what a person does there."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self._replies = Replies()

    def build(self, page: gr.Blocks, tab: gr.Tab) -> None:
        """Draw the tab and connect it."""
        self.session = gr.State(None)  # the open session, or None before its first message
        self.reading = gr.State(None)  # the ended session that is shown
        with gr.Row(elem_id="chat-row"):
            with gr.Column(scale=3, min_width=320):
                self.parts = ChatParts()
            with gr.Column(scale=1, min_width=240):
                self.list = SessionList(self.service, self.session)
        parts = self.parts
        self.outputs = [parts.chatbot, self.session, parts.send, parts.stop, parts.note]
        # What `read` updates.
        self.opened = [*self.outputs, parts.off, parts.write, parts.onward, self.reading]
        self._connect_talk()
        self._connect_sessions(page, tab)

    def promise(self) -> str:
        """What happens with a person's words, as things are set now."""
        return html.promise(self.service.settings.qa_base_url)

    # What a person does in the conversation

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
        session, talk = self._current(session, off, plain(shown))
        with told():
            if session is None and not off:
                session = self.service.profile.sessions.start()
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
        position = place(event.index)
        text, earlier = str(event.value), plain(shown)[:position]
        if off or session is None:
            replies = self.service.say(None, text, memory=memory, history=earlier)
        else:
            replies = self.service.edit_and_resend(session, position, text, memory=memory)
        yield from self._grow([*earlier, said("user", text)], replies, session, off, page)

    def cut(self, page: gr.Request) -> None:
        """End the reply that grows on this page; what was made of it is kept."""
        self._replies.cut(page.session_hash)

    def picked(self, chosen: str, page: gr.Request) -> str:
        """The session that was picked from the list; what grows on this page ends."""
        self.cut(page)
        return chosen

    def compare(self, text: str, shown: list[Any], session: str | None) -> Iterator[str]:
        """Answer a message twice, with and without memory; nothing of it is logged."""
        talk = plain(shown)
        if not text.strip():
            asked = [n for n, one in enumerate(talk) if one["role"] == "user"]
            if not asked:
                gr.Info("Write a question first, then compare the two answers.")
                return
            text, talk = talk[asked[-1]]["content"], talk[: asked[-1]]
        yield html.two_answers(text, _THINKING, "")
        with told():
            before = self.service.before(session) if session else []
            for with_memory, without in self.service.compare([*before, *talk], text):
                yield html.two_answers(text, with_memory, without)

    # What a person does with sessions

    def end(self, session: str | None, off: bool) -> Frame:
        """End the session and have it learnt."""
        if ended := self._end(session, off):
            with told():
                self.service.absorb([ended])
            gr.Info("Learning begins; the line at the top says how far it is. You can go on.")
        elif not off:
            gr.Info("There is nothing to end yet: write a message first.")
        return self._frame([], None, off, busy=False)

    def fresh(self, session: str | None, off: bool) -> Frame:
        """Begin anew; the session before is ended and waits."""
        if self._end(session, off):
            settings = self.service.settings
            gr.Info(
                f"The session before waits: it is learnt at {settings.nightly_at}, or when"
                f" {many(settings.absorb_after_sessions, 'session')} wait, or now from Sessions."
            )
        return self._frame([], None, off, busy=False)

    def switched(self, off: bool) -> Frame:
        """Go off the record with an empty chat, or come back to the open session."""
        return self._frame([], None, True, busy=False) if off else self.resume()

    def resume(self) -> Frame:
        """Show the newest open session of this page, as after a reload."""
        open_ones = self.service.profile.sessions.list(states=("open",), limit=-1)
        session = next((s.id for s in open_ones if s.source == "chat"), None)
        return self._frame(logged(self.service, session), session, False, busy=False)

    def read(self, chosen: str) -> list[Any]:
        """Updates of `opened`: a session of the list, to go on when it is open, else to read it."""
        with told():
            session = self.service.profile.sessions.get(chosen)
        frame = self._frame(logged(self.service, chosen), chosen, False, busy=False)
        frame[0] = gr.Chatbot(value=frame[0], editable="user" if session.state == "open" else None)
        ended = session.state != "open"
        if ended:
            frame[1] = None
            frame[4] = reading(session)
        shown = [gr.Row(visible=not ended), gr.Button(visible=ended)]
        return [*frame, False, *shown, chosen if ended else None]

    def go_on(self, chosen: str) -> list[Any]:
        """Go on with an open session, or from an ended one in a new session; as `read`."""
        with told():
            return self.read(self.service.go_on(chosen))

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
            yield self._frame([*talk, said("assistant", _THINKING)], session, off, busy=True)
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
            yield self._frame(talk, session, off, busy=False)

    def _frame(self, talk: Talk, session: str | None, off: bool, *, busy: bool) -> Frame:
        note = above(self.service, session, off)
        return [talk, session, gr.Button(visible=not busy), gr.Button(visible=busy), note]

    def _end(self, session: str | None, off: bool) -> str | None:
        """The session, if there was anything in it to end."""
        with told():
            return session if session and not off and self.service.end_session(session) else None

    def _current(self, session: str | None, off: bool, talk: Talk) -> tuple[str | None, Talk]:
        """The session to write into: another one when this one was ended elsewhere."""
        if off:
            return None, talk
        if session and is_open(self.service, session):
            return session, talk
        return None, []

    def _only_reading(self, session: str | None, off: bool) -> bool:
        if reading := session is None and not off:
            gr.Info("This session is ended and only here to be read. Press New session to talk.")
        return reading

    # What calls what

    def _connect_talk(self) -> None:
        parts = self.parts
        given = [parts.chatbot, self.session, parts.off, parts.memory]
        text = gr.State("")
        sent = gr.on(
            [parts.box.submit, parts.send.click],
            lambda written: (written, ""),
            parts.box,
            [text, parts.box],
            queue=False,
            js=SEND,
            **QUIET,
        )
        for run in (
            sent.then(self.say, [text, *given], self.outputs, **MODEL),
            parts.chatbot.retry(self.again, given, self.outputs, js=ANEW, **MODEL),
            parts.chatbot.edit(self.edited, given, self.outputs, js=ANEW, **MODEL),
        ):
            self.list.refresh_after(run.then(None, js=ANSWERED))
        parts.stop.click(self.cut, **CUT).then(None, js=WRITE)
        parts.both.click(
            self.compare,
            [parts.box, parts.chatbot, self.session],
            parts.answers,
            **MODEL,
        )

    def _connect_sessions(self, page: gr.Blocks, tab: gr.Tab) -> None:
        parts, gave = self.parts, [self.session, self.parts.off]
        for button, step in ((parts.ending, self.end), (parts.new, self.fresh)):
            done = button.click(self.cut, **CUT).then(step, gave, self.outputs, **QUIET)
            self._then_write(done).then(None, js=WRITE)
        off = parts.off.input(self.cut, **CUT)
        self._then_write(off.then(self.switched, parts.off, self.outputs, **QUIET))
        picked = gr.State(None)  # the list may be read anew, and nothing chosen, before `read`
        read = self.list.chosen.input(
            self.picked, **{**CUT, "inputs": self.list.chosen, "outputs": picked}
        )
        read.then(self.read, picked, self.opened, **QUIET)
        onward = parts.onward.click(self.go_on, self.reading, self.opened, **QUIET)
        self.list.refresh_after(onward.then(None, js=WRITE))
        parts.chatbot.change(None, js=NAMED)
        self._then_write(page.load(self.resume, None, self.outputs, **QUIET))
        for event in (page.load, tab.select):
            event(self.promise, None, parts.promise, **QUIET)
        self.list.refresh_after(tab.select(None, None, None, **QUIET))

    def _then_write(self, step: Any) -> Any:
        parts = self.parts
        shown = [parts.write, parts.onward, parts.answers, parts.chatbot]
        return self.list.refresh_after(step.then(_writable, None, shown, **QUIET))


def _writable() -> list[Any]:
    return [gr.Row(visible=True), gr.Button(visible=False), "", gr.Chatbot(editable="user")]
