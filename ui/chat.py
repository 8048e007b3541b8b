"""The Chat tab: one conversation, the sessions beside it, and what calls what.

Knows which session is shown and what is done with it. Does not know how a reply grows.
"""

from typing import Any

import gradio as gr

from agent.service import Service
from ui import html
from ui.chat_notes import reading
from ui.chat_parts import ChatParts
from ui.conversation import Conversation, Frame
from ui.events import ANEW, ANSWERED, CUT, FAILED, MODEL, NAMED, QUIET, SEND, WRITE
from ui.session_list import SessionList
from ui.talk import is_open, logged
from ui.words import many, told


class ChatTab:
    """Draws the tab with `build`; its methods answer what a person does there."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.talk = Conversation(service)

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
        self.opened = [
            *self.outputs,
            parts.off,
            parts.write,
            parts.onward,
            self.reading,
            parts.answers,
        ]
        self._connect_talk()
        self._connect_sessions(page, tab)

    def promise(self) -> str:
        """What happens with a person's words, as things are set now."""
        return html.promise(self.service.settings.qa_base_url)

    # What a person does with sessions

    def picked(self, chosen: str, page: gr.Request) -> str:
        """The session that was picked from the list; what grows on this page ends."""
        self.talk.cut(page)
        return chosen

    def end(self, session: str | None, off: bool) -> Frame:
        """End the session and have it learnt."""
        if ended := self._end(session, off):
            with told():
                self.service.absorb([ended])
            gr.Info("Learning begins; the line at the top says how far it is. You can go on.")
        elif not off:
            gr.Info("There is nothing to end yet: write a message first.")
        return self.talk.frame([], None, off, busy=False)

    def fresh(self, session: str | None, off: bool) -> Frame:
        """Begin anew; the session before is ended and waits."""
        if self._end(session, off):
            settings = self.service.settings
            gr.Info(
                f"The session before waits: it is learnt at {settings.nightly_at}, or when"
                f" {many(settings.absorb_after_sessions, 'session')} wait, or now from Sessions."
            )
        return self.talk.frame([], None, off, busy=False)

    def switched(self, off: bool) -> Frame:
        """Go off the record with an empty chat, or come back to the open session."""
        return self.talk.frame([], None, True, busy=False) if off else self.resume()

    def resume(self) -> Frame:
        """Show the newest open session of this page, as after a reload."""
        open_ones = self.service.profile.sessions.list(states=("open",), limit=-1)
        session = next((s.id for s in open_ones if s.source == "chat" and s.messages), None)
        return self.talk.frame(logged(self.service, session), session, False, busy=False)

    def read(self, chosen: str) -> list[Any]:
        """Updates of `opened`: a session of the list, to go on when it is open, else to read it."""
        with told():
            session = self.service.profile.sessions.get(chosen)
        frame = self.talk.frame(logged(self.service, chosen), chosen, False, busy=False)
        frame[0] = gr.Chatbot(value=frame[0], editable="user" if session.state == "open" else None)
        ended = session.state != "open"
        if ended:
            frame[1] = None
            frame[4] = reading(session)
        shown = [gr.Row(visible=not ended), gr.Button(visible=ended)]
        return [*frame, False, *shown, chosen if ended else None, ""]

    def go_on(self, chosen: str) -> list[Any]:
        """Go on with an open session, or from an ended one in a new session; as `read`."""
        with told():
            return self.read(self.service.go_on(chosen))

    # How it is done

    def _end(self, session: str | None, off: bool) -> str | None:
        """The session, if it waits now: ended here, or before since nothing was said in it."""
        if not session or off:
            return None
        if is_open(self.service, session):
            with told():
                self.service.end_session(session)
        return next(
            (s.id for s in self.service.profile.sessions.waiting() if s.id == session), None
        )

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
        run = sent.then(self.talk.say, [text, *given], self.outputs, **MODEL)
        for one in (
            run,
            parts.chatbot.retry(self.talk.again, given, self.outputs, js=ANEW, **MODEL),
            parts.chatbot.edit(self.talk.edited, given, self.outputs, js=ANEW, **MODEL),
        ):
            failed = one.failure(self.talk.failed, given[:3], self.outputs, js=FAILED, **QUIET)
            if one is run:
                back = [text, parts.box, parts.chatbot]
                failed = failed.then(self.talk.unsent, back, parts.box, **QUIET)
            for end in (one, failed):
                self.list.refresh_after(end.then(None, js=ANSWERED))
        parts.stop.click(self.talk.cut, **CUT).then(None, js=WRITE)
        parts.both.click(
            self.talk.compare,
            [parts.box, parts.chatbot, self.session],
            parts.answers,
            **MODEL,
        )

    def _connect_sessions(self, page: gr.Blocks, tab: gr.Tab) -> None:
        parts, gave = self.parts, [self.session, self.parts.off]
        for button, step in ((parts.ending, self.end), (parts.new, self.fresh)):
            done = button.click(self.talk.cut, **CUT).then(step, gave, self.outputs, **QUIET)
            self._then_write(done).then(None, js=WRITE)
        off = parts.off.input(self.talk.cut, **CUT)
        self._then_write(off.then(self.switched, parts.off, self.outputs, **QUIET))
        picked = gr.State(None)  # the list may be read anew, and nothing chosen, before `read`
        read = self.list.chosen.input(
            self.picked, **{**CUT, "inputs": self.list.chosen, "outputs": picked}
        )
        read.then(self.read, picked, self.opened, **QUIET)
        onward = parts.onward.click(self.talk.cut, **CUT)
        onward = onward.then(self.go_on, self.reading, self.opened, **QUIET)
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
