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
from ui.cost import relearnt, undoing
from ui.events import CUT, QUIET
from ui.learning import Learning
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
        self.learning = Learning(service)
        self.pairs = PairsPanel(service)
        self.pager = Pager("sessions", PAGE, "session")

    def build(
        self, page: gr.Blocks, tab: gr.Tab, tabs: gr.Tabs, chat: ChatTab, seen: gr.State
    ) -> None:
        """Draw the tab and connect it; a session goes on in `chat`, a tab of `tabs`, and is read
        anew when `seen` changes."""
        self.chosen = gr.State(None)
        self.learning.draw_bar()
        self._draw_table()
        self._draw_detail()
        self._connect(page, tab, seen)
        self.go_on.click(chat.talk.cut, **CUT).then(
            chat.go_on, self.chosen, chat.opened, **QUIET
        ).then(lambda: gr.Tabs(selected="chat"), None, tabs, **QUIET)

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
        """A title was pressed: nothing written and nothing asked about another session stays."""
        asked = [*self.pairs.cleared(), *self.pairs.confirm.close(), *self.confirm.close()]
        return [*self.detail(str(event.id)), *asked]

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
        """The same when it was acted upon or learning moves on; a title being written stays. What was
        erased elsewhere goes."""
        known = self.service.profile.sessions.known([chosen or ""])
        return [*self.detail(chosen if known else None)[:-1], gr.skip()]

    def renamed(self, chosen: str, title: str) -> None:
        """Give the session another title."""
        if not title.strip():
            raise gr.Error("Write the new title first.", print_exception=False)
        with told():
            self.service.profile.sessions.rename(chosen, title.strip())

    def absorb(self, chosen: str) -> list[Any]:
        """Have one session learnt, or put the question before others are learnt again with it."""
        if self.service.learnt_again([chosen], kept=False)[0]:
            return self.confirm.ask(
                f"Learn “{self._title(chosen)}” again, and with it those learnt after it?"
                + relearnt(self.service, [chosen], kept=True),
                "Yes, learn them again",
                "learn",
                chosen,
            )
        self._absorb(chosen)
        return self.confirm.close()

    def _absorb(self, chosen: str) -> None:
        with told():
            if self.service.profile.sessions.get(chosen).state == "open":
                self.service.end_session(chosen)
            self.service.absorb([chosen])
        gr.Info("Learning begins. You can go on chatting.")

    def leave_out(self, chosen: str) -> list[Any]:
        """Leave a session out of the memory, or take it in again; one that is learnt is forgotten."""
        with told():
            state = self.service.profile.sessions.get(chosen).state
            if state == "absorbed":
                return self.ask_forget(chosen)
            (self.service.include if state == "excluded" else self.service.exclude)(chosen)
        return self.confirm.close()

    def ask_forget(self, chosen: str) -> list[Any]:
        """Put the question before forgetting."""
        return self.confirm.ask(
            f"Forget what “{self._title(chosen)}” taught? Its pairs go now and the weights are"
            " rebuilt without it. The text stays." + relearnt(self.service, [chosen], kept=False),
            "Yes, forget it",
            "forget",
            chosen,
        )

    def ask_erase(self, chosen: str) -> list[Any]:
        """Put the question before erasing."""
        return self.confirm.ask(
            f"Erase “{self._title(chosen)}”? Its text and its pairs go for good and the weights"
            " are rebuilt without it. This cannot be undone."
            + relearnt(self.service, [chosen], kept=False),
            "Yes, erase it for good",
            "erase",
            chosen,
        )

    def agreed(self, pending: tuple[str, Any] | None) -> list[Any]:
        """Forget, erase or learn again the session that was asked about."""
        act, chosen = confirmed(pending)
        if act == "learn":
            self._absorb(chosen)
        else:
            with undoing(self.service):
                self.service.forget(chosen, erase=act == "erase")
            gr.Info("Erased." if act == "erase" else "Forgotten.")
        shown = self.detail(None if act == "erase" else chosen)
        return [*self.confirm.close(), *shown]

    def _title(self, chosen: str) -> str:
        with told():
            return self.service.profile.sessions.get(chosen).title or "Untitled"

    # How it looks and what calls what

    def _draw_table(self) -> None:
        with gr.Row(elem_classes="iw-tools"):
            self.query = gr.Textbox(label="Search", value="", elem_id="sessions-search", scale=3)
            self.state = gr.Dropdown(
                _FILTERS, value="", label="State", elem_id="sessions-state", scale=1
            )
            self.learning.draw_buttons()
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

    def _connect(self, page: gr.Blocks, tab: gr.Tab, seen: gr.State) -> None:
        look = [self.query, self.state, self.pager.number, self.chosen]
        shown = [self.table, *self.pager.outputs]
        for event in (tab.select, page.load, seen.change, self.chosen.change):
            event(self.listed, look, shown, **QUIET)
        for change in (self.query.change, self.state.change):
            change(lambda: 0, None, self.pager.number, **QUIET).then(
                self.listed, look, shown, **QUIET
            )
        self.pager.connect(self.listed, look, shown)
        asked = [*self.pairs.form, *self.pairs.confirm.outputs, *self.confirm.outputs]
        opened = [*self.detail_outputs, *asked]
        self.table.click(self.opened, None, opened, **QUIET).then(None, js=_SHOW)
        seen.change(self.moved_on, self.chosen, self.detail_outputs, **QUIET)
        self._connect_acts(self.learning.connect(page, tab), look, shown)

    def _connect_acts(self, begun: list[Any], look: list[Any], shown: list[Any]) -> None:
        confirm = self.confirm
        asking = [
            button.click(act, self.chosen, confirm.outputs, **QUIET)
            for button, act in (
                (self.now, self.absorb),
                (self.leave, self.leave_out),
                (self.forget, self.ask_forget),
                (self.erase, self.ask_erase),
            )
        ]
        for step in asking:
            confirm.focus_after(step)
        steps = [
            *begun,
            *asking[:2],
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
        confirm.yes.click(
            self.agreed,
            confirm.pending,
            [*confirm.outputs, *self.detail_outputs],
            **QUIET,
        ).then(self.listed, look, shown, **QUIET)
