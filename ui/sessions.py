"""The Sessions tab: every session, where it stands on its way into the weights, and its text.

Knows sessions and what may be done with them. Does not know how they are learnt.
"""

from collections.abc import Mapping
from typing import Any

import gradio as gr

from agent.recall import facts_of, last_recall, recalled
from agent.service import Service
from storage.sessions import Session
from ui import html
from ui.chat import ChatTab
from ui.confirm import Confirm, confirmed
from ui.events import QUIET
from ui.one_session import about, learn_button
from ui.pager import Pager
from ui.pairs import PairsPanel
from ui.words import STATES, percent, told, when

PAGE = 20
_HEADS = ("Session", "State", "Date", "Messages", "Facts", "Recalled now")
_FILTERS = [("All states", ""), *((word, state) for state, word in STATES.items())]
# For eyes and keyboard alike: the next Tab goes on inside the session.
_SHOW = """() => {
  document.querySelector('#session-detail').scrollIntoView({block: 'start'});
  document.querySelector('#session-about h2').focus({preventScroll: true});
}"""


class SessionsTab:
    """Draws the tab with `build`; its methods answer what a person does there."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.pairs = PairsPanel(service)
        self.pager = Pager("sessions", PAGE, "session")

    def build(self, page: gr.Blocks, tab: gr.Tab, tabs: gr.Tabs, chat: ChatTab) -> None:
        """Draw the tab and connect it; a session goes on in `chat`, a tab of `tabs`."""
        self.chosen, self.seen = gr.State(None), gr.State("")
        self._draw_learning()
        self._draw_table()
        self._draw_detail()
        self._connect(page, tab)
        self.go_on.click(chat.go_on, self.chosen, chat.opened, **QUIET).then(
            lambda: gr.Tabs(selected="chat"), None, tabs, **QUIET
        )

    # The table

    def listed(self, query: str, state: str, number: int, chosen: str | None) -> list[Any]:
        """The table and its pager."""
        states = (state,) if state else None
        sessions = self.service.profile.sessions

        def page(number: int) -> tuple[list[Session], int]:
            return sessions.page(states=states, query=query, limit=PAGE, offset=number * PAGE)

        found, count = page(max(0, number))
        if not found and number > 0:  # there are fewer by now
            number = self.pager.within(number, sessions.count(states, query))
            found, count = page(number)
        shown = self._table(found, query or state, chosen)
        return [shown, *self.pager.updates(number, count)]

    def _table(self, found: list[Session], filtered: str, chosen: str | None) -> str:
        if not found and filtered:
            return html.empty("No session fits", "Try other words, or show all states.")
        if not found:
            return html.empty(
                "No sessions yet", "Talk in the Chat tab and press End and learn: it appears here."
            )
        known = last_recall(self.service.profile)
        rows = [self._row(session, known) for session in found]
        current = next((n for n, session in enumerate(found) if session.id == chosen), None)
        return html.table("Sessions", _HEADS, rows, current=current)

    def _row(self, session: Session, known: Mapping[str, float]) -> list[html.Cell]:
        pairs = self.service.profile.pairs.of(session.id)
        return [
            html.link(session.title or "Untitled", "open", session.id),
            html.state(session.state),
            html.text(when(session.started_at), "nowrap"),
            html.text(session.messages, "num"),
            html.text(len(facts_of(pairs)) or "", "num"),
            html.text(percent(recalled(pairs, known)), "num"),
        ]

    # One session

    def opened(self, event: gr.EventData) -> list[Any]:
        """A title was pressed."""
        return self.detail(str(event.id))

    def detail(self, chosen: str | None) -> list[Any]:
        """Updates of `detail_outputs`: the session, or nothing when none is chosen."""
        if chosen is None:
            return [None, gr.Column(visible=False), *([gr.skip()] * 7)]
        with told():
            session = self.service.profile.sessions.get(chosen)
            messages = self.service.profile.sessions.messages(chosen)
        left_out = session.state == "excluded"
        return [
            chosen,
            gr.Column(visible=True),
            about(session),
            html.transcript(messages),
            gr.Button("Take in again" if left_out else "Leave out"),
            learn_button(session, due=self.service.is_due(chosen)),
            self.pairs.shown(chosen),
            gr.Button("Go on in Chat" if session.state == "open" else "Go on in a new session"),
            session.title,
        ]

    def moved_on(self, chosen: str | None) -> list[Any]:
        """The same when it was acted upon or learning moves on; a title being written stays."""
        return [*self.detail(chosen)[:-1], gr.skip()]

    def renamed(self, chosen: str, title: str) -> None:
        """Give the session another title."""
        if not title.strip():
            raise gr.Error("Write the new title first.", print_exception=False)
        with told():
            self.service.profile.sessions.rename(chosen, title.strip())

    def absorb(self, chosen: str) -> None:
        """Ask for one session to be learnt; an open one is ended first."""
        with told():
            if self.service.profile.sessions.get(chosen).state == "open":
                self.service.end_session(chosen)
            self.service.absorb([chosen])
        gr.Info("Learning begins. You can go on chatting.")

    def absorb_all(self) -> None:
        """Ask for all waiting sessions to be learnt."""
        if not self.service.profile.sessions.waiting():
            gr.Info("No session waits. End one in the Chat tab, or open one here and learn it.")
            return
        with told():
            self.service.absorb()
        gr.Info("Learning begins. You can go on chatting.")

    def leave_out(self, chosen: str) -> None:
        """Leave a session out of the memory, or take it in again."""
        with told():
            excluded = self.service.profile.sessions.get(chosen).state == "excluded"
            (self.service.include if excluded else self.service.exclude)(chosen)

    def ask_forget(self, chosen: str) -> list[Any]:
        """Put the question before forgetting."""
        return self.confirm.ask(
            f"Forget what “{self._title(chosen)}” taught? Its pairs go now and the weights are"
            " rebuilt without it. The text stays.",
            "Yes, forget it",
            "forget",
            chosen,
        )

    def ask_erase(self, chosen: str) -> list[Any]:
        """Put the question before erasing."""
        return self.confirm.ask(
            f"Erase “{self._title(chosen)}”? Its text and its pairs go for good and the weights"
            " are rebuilt without it. This cannot be undone.",
            "Yes, erase it for good",
            "erase",
            chosen,
        )

    def forgotten(self, pending: tuple[str, Any] | None) -> list[Any]:
        """Forget or erase the session that was asked about."""
        act, chosen = confirmed(pending)
        with told():
            self.service.forget(chosen, erase=act == "erase")
        gr.Info("Erased." if act == "erase" else "Forgotten.")
        shown = self.detail(None if act == "erase" else chosen)
        return [*self.confirm.close(), *shown]

    def _title(self, chosen: str) -> str:
        with told():
            return self.service.profile.sessions.get(chosen).title or "Untitled"

    # Progress

    def tick(self, seen: str) -> list[Any]:
        """How far learning is; the last output changes when the table should be read again."""
        progress, now = self.service.progress(), self.service.standing()
        return [
            html.progress_bar(progress),
            gr.Button(visible=progress.running),
            gr.skip() if now == seen else now,
        ]

    def cancel(self) -> None:
        """Stop learning at the next safe point, also of the sessions in line."""
        with told():
            stops = self.service.cancel()
        if stops:
            gr.Info(
                "Learning stops at the next safe point. Nothing is lost: what is not learnt yet"
                f" waits for your word, or for {self.service.settings.nightly_at}."
            )
        else:
            gr.Info("Learning had ended already.")

    # How it looks and what calls what

    def _draw_learning(self) -> None:
        self.progress = gr.HTML(elem_id="learning", elem_classes="iw-note")
        with gr.Row(elem_classes="iw-tools"):
            self.stop = gr.Button("Cancel learning", visible=False, elem_id="learning-cancel")
        self.timer = gr.Timer(1.5)

    def _draw_table(self) -> None:
        with gr.Row(elem_classes="iw-tools"):
            self.query = gr.Textbox(label="Search", value="", elem_id="sessions-search", scale=3)
            self.state = gr.Dropdown(
                _FILTERS, value="", label="State", elem_id="sessions-state", scale=1
            )
            self.all = gr.Button("Learn all waiting", variant="primary", elem_id="absorb-all")
        self.table = html.clickable("sessions-table")
        self.pager.draw()

    def _draw_detail(self) -> None:
        with gr.Column(visible=False, elem_id="session-detail") as self.panel:
            self.about = gr.HTML(elem_id="session-about")
            with gr.Row(elem_classes="iw-tools"):
                self.now = gr.Button("Learn now", variant="primary", elem_id="absorb-now")
                self.go_on = gr.Button("Go on in Chat", elem_id="session-go-on")
                self.leave = gr.Button("Leave out", elem_id="session-exclude")
                self.forget = gr.Button("Forget", variant="stop", elem_id="session-forget")
                self.erase = gr.Button("Erase", variant="stop", elem_id="session-erase")
            self.confirm = Confirm("session-confirm")
            with gr.Row(elem_classes="iw-tools"):
                self.title = gr.Textbox(label="Title", elem_id="session-new-title", max_length=60)
                self.rename = gr.Button("Rename", elem_id="session-new-title-save")
            with gr.Accordion("What was said", open=True):
                self.said = gr.HTML(elem_id="session-transcript")
            with gr.Accordion("What it taught", open=True):
                self.pairs.draw(self.chosen)
        self.detail_outputs = [
            self.chosen,
            self.panel,
            self.about,
            self.said,
            self.leave,
            self.now,
            self.pairs.table,
            self.go_on,
            self.title,
        ]

    def _connect(self, page: gr.Blocks, tab: gr.Tab) -> None:
        look = [self.query, self.state, self.pager.number, self.chosen]
        shown = [self.table, *self.pager.outputs]
        for event in (tab.select, page.load, self.seen.change, self.chosen.change):
            event(self.listed, look, shown, **QUIET)
        for change in (self.query.change, self.state.change):
            change(lambda: 0, None, self.pager.number, **QUIET).then(
                self.listed, look, shown, **QUIET
            )
        self.pager.connect(self.listed, look, shown)
        self.table.click(self.opened, None, self.detail_outputs, **QUIET).then(None, js=_SHOW)
        self.seen.change(self.moved_on, self.chosen, self.detail_outputs, **QUIET)
        self._connect_acts(look, shown)
        learning = [self.progress, self.stop, self.seen]
        self.timer.tick(self.tick, self.seen, learning, **QUIET)
        for event in (tab.select, page.load):
            event(self.tick, self.seen, learning, **QUIET)
        self.stop.click(self.cancel, None, None, **QUIET)

    def _connect_acts(self, look: list[Any], shown: list[Any]) -> None:
        steps = [
            self.now.click(self.absorb, self.chosen, None, **QUIET),
            self.all.click(self.absorb_all, None, None, **QUIET),
            self.leave.click(self.leave_out, self.chosen, None, **QUIET),
            gr.on(
                [self.rename.click, self.title.submit],
                self.renamed,
                [self.chosen, self.title],
                None,
                **QUIET,
            ),
        ]
        for step in steps:
            step.then(self.listed, look, shown, **QUIET).then(
                self.moved_on, self.chosen, self.detail_outputs, **QUIET
            )
        for button, ask in ((self.forget, self.ask_forget), (self.erase, self.ask_erase)):
            self.confirm.focus_after(button.click(ask, self.chosen, self.confirm.outputs, **QUIET))
        self.confirm.yes.click(
            self.forgotten,
            self.confirm.pending,
            [*self.confirm.outputs, *self.detail_outputs],
            **QUIET,
        ).then(self.listed, look, shown, **QUIET)
