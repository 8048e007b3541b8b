"""The Chat tab: one conversation, streamed, with stop, regenerate, edit, and two answers at once.

Knows what is shown and which session it belongs to. Does not know the model or the weights.
"""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import gradio as gr

from agent.service import Service
from ui import html
from ui.session_list import SessionList
from ui.talk import Talk, closable, logged, place, plain, said
from ui.words import PROBLEMS, STATES, many, told

Frame = list[Any]  # one update of `ChatTab.outputs`

_THINKING = "…"
_WELCOME = """### Tell me about yourself
Write as you would to a friend: who is in your life, what you plan, what you like.
Then press **End and learn**. In a new session, ask me about it.
"""
_OFF = "Off the record: nothing in this chat is written down or learnt."
_TRIMMED = (
    "The oldest {} no longer fit into what I can read at once."
    " They stay in the log and are learnt when you end the session."
)


class ChatTab:
    """Draws the tab with `build`; its methods answer what a person does there."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.list = SessionList(service)

    def build(self, page: gr.Blocks) -> None:
        """Draw the tab and connect it."""
        self.session = gr.State(None)  # the open session, or None before its first message
        with gr.Row(elem_id="chat-row"):
            with gr.Column(scale=3, min_width=320):
                self._draw_talk()
            with gr.Column(scale=1, min_width=240):
                self.list.draw()
        self.outputs = [self.chatbot, self.session, self.send, self.stop, self.note]
        self._connect_talk()
        self._connect_sessions(page)

    # What a person does in the conversation

    def say(
        self, text: str, shown: list[Any], session: str | None, off: bool, memory: bool
    ) -> Iterator[Frame]:
        """Send a message; a session begins with its first one."""
        if not text.strip():
            return
        session, talk = self._current(session, off, plain(shown))
        with told():
            if session is None and not off:
                session = self.service.new_session()
        earlier = talk if off else None
        replies = self.service.say(session, text, memory=memory, history=earlier)
        yield from self._grow([*talk, said("user", text)], replies, session, off)

    def again(
        self, event: gr.RetryData, shown: list[Any], session: str | None, off: bool, memory: bool
    ) -> Iterator[Frame]:
        """Have the last reply written anew."""
        talk = plain(shown)
        while talk and talk[-1]["role"] != "user":
            talk.pop()
        if not talk or self._only_reading(session, off):
            return
        if off or session is None:
            text, earlier = talk[-1]["content"], talk[:-1]
            replies = self.service.say(None, text, memory=memory, history=earlier)
        else:
            replies = self.service.regenerate(session, memory=memory)
        yield from self._grow(talk, replies, session, off)

    def edited(
        self, event: gr.EditData, shown: list[Any], session: str | None, off: bool, memory: bool
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
        yield from self._grow([*earlier, said("user", text)], replies, session, off)

    def stopped(self, shown: list[Any], session: str | None, off: bool) -> Frame:
        """What was shown is what is kept."""
        talk = [one for one in plain(shown) if one["content"] != _THINKING]
        return self._frame(talk, session, off, busy=False)

    def settled(self, shown: list[Any], session: str | None, off: bool) -> Talk:
        """What was kept of a stopped reply: it may have grown while the stop was on its way."""
        return plain(shown) if off or session is None else logged(self.service, session)

    def compare(self, text: str, shown: list[Any]) -> Iterator[str]:
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
            for with_memory, without in self.service.compare(talk, text):
                yield html.two_answers(text, with_memory, without)

    # What a person does with sessions

    def end(self, session: str | None, off: bool) -> Frame:
        """End the session, so that it can be learnt."""
        with told():
            ended = session is not None and not off and self.service.end_session(session)
        if ended:
            gr.Info("The session is ended and waits to be learnt: see Sessions.")
        elif not off:
            gr.Info("There is nothing to end yet: write a message first.")
        return self._frame([], None, off, busy=False)

    def fresh(self, session: str | None, off: bool) -> Frame:
        """Begin anew; the session before is ended."""
        with told():
            if session is not None and not off:
                self.service.end_session(session)
        return self._frame([], None, off, busy=False)

    def switched(self, off: bool) -> Frame:
        """Go off the record with an empty chat, or come back to the open session."""
        return self._frame([], None, True, busy=False) if off else self.resume()

    def resume(self) -> Frame:
        """Show the newest open session of this page, as after a reload."""
        open_ones = self.service.profile.sessions.list(states=("open",), limit=20)
        session = next((s.id for s in open_ones if s.source == "chat"), None)
        return self._frame(logged(self.service, session), session, False, busy=False)

    def read(self, chosen: str) -> list[Any]:
        """Open a session of the list: to go on when it is open, else to read it.

        The answer updates `outputs`, the switch off the record and the row for writing.
        """
        with told():
            session = self.service.profile.sessions.get(chosen)
        frame = self._frame(logged(self.service, chosen), chosen, False, busy=False)
        frame[0] = gr.Chatbot(value=frame[0], editable="user" if session.state == "open" else None)
        if session.state != "open":
            frame[1] = None
            frame[4] = html.banner(
                f"You are reading “{session.title}” ({STATES[session.state]})."
                " Press New session to talk again."
            )
        return [*frame, False, gr.Row(visible=session.state == "open")]

    # How it is done

    def _grow(
        self, talk: Talk, replies: Iterator[str], session: str | None, off: bool
    ) -> Iterator[Frame]:
        yield self._frame([*talk, said("assistant", _THINKING)], session, off, busy=True)
        reply = ""
        try:
            with closing(closable(replies)) as growing:  # stop arrives here as GeneratorExit
                for reply in growing:
                    shown = [*talk, said("assistant", reply or _THINKING)]
                    yield [shown, session, gr.skip(), gr.skip(), gr.skip()]
        except PROBLEMS as problem:
            gr.Warning(str(problem))
            talk = talk if off or session is None else logged(self.service, session)
        else:
            talk = [*talk, said("assistant", reply)] if reply else talk
        yield self._frame(talk, session, off, busy=False)

    def _frame(self, talk: Talk, session: str | None, off: bool, *, busy: bool) -> Frame:
        note = html.banner(_OFF) if off else self._trimmed(session)
        return [talk, session, gr.Button(visible=not busy), gr.Button(visible=busy), note]

    def _trimmed(self, session: str | None) -> str:
        gone = self.service.trimmed(session) if session else 0
        return html.banner(_TRIMMED.format(many(gone, "message"))) if gone else ""

    def _current(self, session: str | None, off: bool, talk: Talk) -> tuple[str | None, Talk]:
        """The session to write into: another one when this one was ended elsewhere."""
        if off:
            return None, talk
        if session and self._is_open(session):
            return session, talk
        return None, []

    def _only_reading(self, session: str | None, off: bool) -> bool:
        if reading := session is None and not off:
            gr.Info("This session is ended and only here to be read. Press New session to talk.")
        return reading

    def _is_open(self, session: str) -> bool:
        try:
            return self.service.profile.sessions.get(session).state == "open"
        except PROBLEMS:
            return False  # erased on another page

    # How it looks and what calls what

    def _draw_talk(self) -> None:
        self.note = gr.HTML(elem_id="chat-note", elem_classes="iw-note")
        self.chatbot = gr.Chatbot(
            elem_id="chatbot",
            label="Conversation",
            show_label=False,
            placeholder=_WELCOME,
            editable="user",
            buttons=["copy"],
            layout="bubble",
            allow_tags=False,
            feedback_options=None,
        )
        with gr.Row(elem_classes="iw-tools", elem_id="write-row") as self.write:
            self.box = gr.Textbox(
                elem_id="chat-box",
                label="Message",
                value="",
                placeholder="Write here. Enter sends, Shift and Enter make a new line.",
                show_label=False,
                lines=1,
                max_lines=8,
                autofocus=True,
                scale=5,
                html_attributes=gr.InputHTMLAttributes(autocorrect="off"),
            )
            self.send = gr.Button("Send", variant="primary", elem_id="chat-send", scale=0)
            self.stop = gr.Button(
                "Stop", variant="stop", elem_id="chat-stop", visible=False, scale=0
            )
        self._draw_tools()

    def _draw_tools(self) -> None:
        with gr.Row(elem_classes="iw-tools"):
            self.memory = gr.Checkbox(True, label="With memory", elem_id="with-memory-switch")
            self.off = gr.Checkbox(False, label="Off the record", elem_id="off-the-record")
            self.both = gr.Button("Compare both answers", elem_id="chat-compare")
            self.ending = gr.Button("End and learn", elem_id="chat-end")
            self.new = gr.Button("New session", elem_id="chat-new")
        self.answers = gr.HTML(elem_id="chat-answers", elem_classes="iw-note")

    def _connect_talk(self) -> None:
        given = [self.chatbot, self.session, self.off, self.memory]
        how: dict[str, Any] = {
            "outputs": self.outputs,
            "concurrency_id": "model",
            "concurrency_limit": 4,
            "show_progress": "hidden",
            "api_visibility": "private",
        }
        text = gr.State("")
        sent = gr.on(
            [self.box.submit, self.send.click],
            lambda written: (written, ""),
            self.box,
            [text, self.box],
            show_progress="hidden",
            queue=False,
        )
        runs = [
            sent.then(self.say, [text, *given], **how),
            self.chatbot.retry(self.again, given, **how),
            self.chatbot.edit(self.edited, given, **how),
        ]
        for run in runs:
            run.then(self.list.refresh, self.list.query, self.list.chosen, show_progress="hidden")
        kept = [self.chatbot, self.session, self.off]
        self.stop.click(
            self.stopped, kept, self.outputs, cancels=runs, show_progress="hidden"
        ).then(self.list.refresh, self.list.query, self.list.chosen, show_progress="hidden").then(
            self.settled, kept, self.chatbot, show_progress="hidden"
        )
        self.both.click(self.compare, [self.box, self.chatbot], **{**how, "outputs": self.answers})

    def _connect_sessions(self, page: gr.Blocks) -> None:
        gave = [self.session, self.off]
        for button, step in ((self.ending, self.end), (self.new, self.fresh)):
            self._then_list(button.click(step, gave, self.outputs, show_progress="hidden"))
        self.off.input(self.switched, self.off, self.outputs, show_progress="hidden").then(
            _writable, None, [self.write, self.answers, self.chatbot], show_progress="hidden"
        )
        self.list.chosen.input(
            self.read,
            self.list.chosen,
            [*self.outputs, self.off, self.write],
            show_progress="hidden",
        )
        self._then_list(page.load(self.resume, None, self.outputs, show_progress="hidden"))

    def _then_list(self, step: Any) -> None:
        step.then(
            _writable, None, [self.write, self.answers, self.chatbot], show_progress="hidden"
        ).then(self.list.refresh, self.list.query, self.list.chosen, show_progress="hidden")


def _writable() -> list[Any]:
    return [gr.Row(visible=True), "", gr.Chatbot(editable="user")]
