"""What a session taught: its pairs of question and answer, to be mended, removed or added.

Knows pairs and who may change them. Does not know how they are learnt.
"""

from collections.abc import Mapping
from typing import Any

import gradio as gr

from agent.forgetting import correct
from agent.recall import last_recall, recalled
from agent.service import Service
from storage.pairs import Pair
from ui import html
from ui.confirm import Confirm, confirmed
from ui.cost import forgets, undoing
from ui.events import QUIET
from ui.one_session import learn_word
from ui.words import many, percent, told

_HEADS = ("Question", "Answer", "Written by", "Recalled now", "")


class PairsPanel:
    """The pairs of the session whose id `session` holds."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def draw(self, session: gr.State) -> None:
        """Draw the table and the form, and connect what stays inside."""
        self.session = session
        self.editing = gr.State(None)  # id of the pair in the form, None for a new one
        self.table = html.clickable("pairs-table")
        self.confirm = Confirm("pairs-confirm")
        with gr.Column(elem_id="pair-form"):
            self.heading = gr.Markdown("**Add what it should know**")
            with gr.Row():
                self.question = gr.Textbox(
                    value="", label="Question, as you would ask it", elem_id="pair-question"
                )
                self.answer = gr.Textbox(
                    value="", label="Answer it should give", elem_id="pair-answer"
                )
            with gr.Row(elem_classes="iw-tools"):
                self.save = gr.Button("Save", variant="primary", elem_id="pair-save")
                self.cancel = gr.Button("Clear", elem_id="pair-clear")
        self.form = [self.editing, self.heading, self.question, self.answer]
        self._connect()

    def shown(self, session: str | None) -> str:
        """The table of a session's pairs."""
        pairs = self.service.profile.pairs.of(session) if session else []
        if not pairs:
            return html.empty(
                "Nothing learnt from this session yet",
                "Press Learn now, or add a question and its answer below.",
            )
        facts: dict[int, list[Pair]] = {}
        for pair in pairs:
            facts.setdefault(pair.fact if pair.role != "negative" else -pair.id, []).append(pair)
        known = last_recall(self.service.profile)
        told = [_row(fact, known) for number, fact in facts.items() if number >= 0]
        never = [_row(fact, {}) for number, fact in facts.items() if number < 0]
        shown = html.table(many(len(told), "fact"), _HEADS, told)
        if not never:
            return shown
        about = f"{many(len(never), 'question')} that it was not told the answer to, and says so"
        return shown + html.unfold(about, html.table(about, _HEADS, never))

    def acted(self, event: gr.EventData) -> list[Any]:
        """Edit or remove was pressed: updates of the form and of the confirm step."""
        with told():
            pair = self.service.profile.pairs.get(int(event.id))
        if event.act == "edit":
            filled = [pair.id, "**Correct this pair**", pair.question, pair.answer]
            return [*filled, *self.confirm.close()]
        question = forgets(self.service, pair)
        asked = self.confirm.ask(question, "Yes, forget it", "pair", pair.id)
        return [gr.skip()] * 4 + asked

    def forgotten(self, pending: tuple[str, Any] | None, session: str) -> list[Any]:
        """Forget the pair that was asked about."""
        _, pair = confirmed(pending)
        with undoing(self.service):
            self.service.forget_pairs([pair])
        gr.Info("Forgotten. The weights are rebuilt without it.")
        return [self.shown(session), *self.confirm.close()]

    def saved(self, pair: int | None, question: str, answer: str, session: str) -> list[Any]:
        """Keep the form: a corrected pair, or a new one."""
        question, answer = question.strip(), answer.strip()
        if not (question and answer and session):
            raise gr.Error("Write both a question and its answer.", print_exception=False)
        with told():
            if pair is None:
                self.service.profile.pairs.add_own(session, question, answer)
            else:
                correct(self.service.profile, pair, question, answer)
        word = learn_word(self.service.profile.sessions.get(session))
        gr.Info(f"Saved. Press {word} when you are done: then it takes effect.")
        return [self.shown(session), *self.cleared()]

    def cleared(self) -> list[Any]:
        """An empty form."""
        return [None, "**Add what it should know**", "", ""]

    def _connect(self) -> None:
        self.confirm.focus_after(
            self.table.click(self.acted, None, [*self.form, *self.confirm.outputs], **QUIET),
            "#pair-answer textarea",
        )
        self.confirm.yes.click(
            self.forgotten,
            [self.confirm.pending, self.session],
            [self.table, *self.confirm.outputs],
            **QUIET,
        )
        gr.on(
            [self.save.click, self.answer.submit],
            self.saved,
            [self.editing, self.question, self.answer, self.session],
            [self.table, *self.form],
            **QUIET,
        )
        self.cancel.click(self.cleared, None, self.form, **QUIET)


def _row(fact: list[Pair], known: Mapping[str, float]) -> list[html.Cell]:
    """The fact's first question, its other wordings folded, and how well the held-out one went."""
    first, *others = fact
    wordings = many(len(others), "other wording")
    return [
        html.folded(first.question, wordings, [pair.question for pair in others]),
        html.text(first.answer),
        html.text("you" if first.origin == "user" else "", "nowrap"),
        html.text(percent(recalled(fact, known)), "num"),
        html.acts(first.id, first.question, ("Edit", "edit"), ("Remove", "remove")),
    ]
