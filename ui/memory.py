"""The Memory tab: what the weights say they remember, their versions, and taking them with you.

Knows versions and what was remembered. Does not know how remembering or learning works.
"""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from agent.portrait import OF_ME
from agent.remember import Remembered
from agent.service import Service
from ui import html
from ui.confirm import Confirm, confirmed
from ui.cost import corrects, forgets, listed, relearnt, undoing
from ui.events import MODEL, QUIET
from ui.transfer import Transfer
from ui.versions import VersionsPanel
from ui.words import many, told

_REMEMBERED = ("", "I asked it", "It said", "You told it", "")


class MemoryTab:
    """Draws the tab with `build`; its methods answer what a person does there."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.versions = VersionsPanel(service)
        self.transfer = Transfer(service)

    def build(self, page: gr.Blocks, tab: gr.Tab, seen: gr.State) -> None:
        """Draw the tab and connect it; the versions are read anew when `seen` changes."""
        self._draw_remembered()
        self.versions.draw()
        self.transfer.draw()
        self._draw_reset()
        self._connect(page, tab, seen)

    # What do you remember?

    def remember(self) -> Iterator[str]:
        """Ask the weights about everything they were taught, a row as each answer comes."""
        found: list[Remembered] = []
        yield html.quiet("Asking the weights…")
        with told():
            own = self.service.in_own_words()
            for one in self.service.remember():
                found.append(one)
                yield _remembered(own, found, done=False)
        yield _remembered(own, found, done=True)

    def acted(self, event: gr.EventData) -> list[Any]:
        """Correct or forget was pressed beside an answer."""
        with told():
            pair = self.service.profile.pairs.get(int(event.id))
        if event.act == "correct":
            form = [gr.Column(visible=True), pair.id, corrects(self.service, pair), pair.answer]
            return [*form, *self.confirm.close()]
        question = forgets(self.service, pair)
        asked = self.confirm.ask(question, "Yes, forget it", "pair", pair.id)
        return [*self._closed(), *asked]

    def corrected(self, pair: int | None, answer: str) -> list[Any]:
        """Keep the right answer and have it learnt."""
        if pair is None or not answer.strip():
            raise gr.Error("Write the right answer first.", print_exception=False)
        with undoing(self.service):
            kept = self.service.profile.pairs.get(pair)
            self.service.correct(pair, kept.question, answer.strip())
        gr.Info("Corrected. The weights are rebuilt with it now.")
        return self._closed()

    def ask_name(self, name: str) -> list[Any]:
        """Put the question before everything about a name is forgotten."""
        pairs = self.service.profile.pairs
        found = pairs.mentioning(name)
        if not found:
            raise gr.Error("Nothing that was learnt mentions this.", print_exception=False)
        known = [pair for pair in found if pair.role != "negative"]
        # A fact goes whole, so what its other wordings answer is shown too.
        answers = dict.fromkeys(other.answer for pair in known for other in pairs.fact_of(pair))
        return self.confirm.ask(
            f"Forget {many(len(found), 'pair')} that mention “{name.strip()}”?"
            " They go now, and the weights are rebuilt without them."
            + relearnt(self.service, {pair.session_id for pair in found}, kept=True)
            + listed([*answers]),
            "Yes, forget them",
            "name",
            name.strip(),
        )

    def forgotten(self, pending: tuple[str, Any] | None) -> list[Any]:
        """Forget what was asked about."""
        act, subject = confirmed(pending)
        with undoing(self.service):
            if act == "name":
                count = self.service.forget_name(subject)
            else:
                self.service.forget_pairs([subject])
                count = 1
        gr.Info(f"{many(count, 'pair')} forgotten. The weights are rebuilt without them.")
        return self.confirm.close()

    def reset(self, typed: str) -> list[Any]:
        """Begin with bare weights; the service checks the typed name."""
        with undoing(self.service):
            self.service.reset(typed.strip())
        gr.Info("The memory is reset.")
        return ["", "", *self.versions.listed(0)]

    # How it looks and what calls what

    def _closed(self) -> list[Any]:
        """Updates of `form_outputs` that take the form away."""
        return [gr.Column(visible=False), None, "", ""]

    def _draw_remembered(self) -> None:
        gr.HTML("<h2>What do you remember?</h2>")
        with gr.Row(elem_classes="iw-tools"):
            self.ask = gr.Button("Ask the weights", variant="primary", elem_id="remember")
            self.name = gr.Textbox(
                label="Forget everything that mentions",
                value="",
                placeholder="a name",
                elem_id="forget-name",
            )
            self.forget = gr.Button("Forget it", variant="stop", elem_id="forget-name-ask")
        self.confirm = Confirm("memory-confirm")
        with gr.Column(visible=False, elem_id="correct-form") as self.form:
            self.editing = gr.State(None)
            self.question = gr.Markdown()
            self.answer = gr.Textbox(label="The right answer", value="", elem_id="correct-answer")
            with gr.Row(elem_classes="iw-tools"):
                self.save = gr.Button("Save", variant="primary", elem_id="correct-save")
                self.leave = gr.Button("Leave it as it is", elem_id="correct-leave")
        self.remembered = html.clickable("remembered")
        self.form_outputs = [self.form, self.editing, self.question, self.answer]

    def _draw_reset(self) -> None:
        name = self.service.profile.name
        with gr.Accordion("Reset the memory", open=False, elem_id="reset"):
            warning = "The weights go back to the bare model, and no version is left to go back to."
            gr.HTML(html.quiet(f"{warning} Export first if unsure."))
            with gr.Row(elem_classes="iw-tools"):
                self.typed = gr.Textbox(
                    label=f"Type the profile's name, {name}, to reset",
                    value="",
                    elem_id="reset-name",
                )
                self.wipe = gr.Button("Reset", variant="stop", elem_id="reset-do")

    def _connect(self, page: gr.Blocks, tab: gr.Tab, seen: gr.State) -> None:
        shown, number = self.versions.outputs, self.versions.pager.number
        for event in (tab.select, page.load, self.transfer.taken.change, seen.change):
            event(self.versions.listed, number, shown, **QUIET)
        self.ask.click(self.remember, None, self.remembered, **MODEL)
        self.confirm.focus_after(
            self.remembered.click(
                self.acted, None, [*self.form_outputs, *self.confirm.outputs], **QUIET
            ),
            "#correct-answer textarea",
        )
        self.leave.click(self._closed, None, self.form_outputs, **QUIET)
        gr.on(
            [self.save.click, self.answer.submit],
            self.corrected,
            [self.editing, self.answer],
            self.form_outputs,
            **QUIET,
        )
        self.confirm.focus_after(
            gr.on(
                [self.forget.click, self.name.submit],
                self.ask_name,
                self.name,
                self.confirm.outputs,
                **QUIET,
            )
        )
        self.confirm.yes.click(
            self.forgotten, self.confirm.pending, self.confirm.outputs, **QUIET
        ).then(self.remember, None, self.remembered, **MODEL)
        gr.on(
            [self.wipe.click, self.typed.submit],
            self.reset,
            self.typed,
            [self.typed, self.remembered, *shown],
            **QUIET,
        )


def _remembered(own: str | None, found: list[Remembered], *, done: bool) -> str:
    told = "" if own is None else html.quote(OF_ME, own)
    if not found and told:  # an adapter that was taken in
        return told + html.quiet("No questions are on record of what it was taught.")
    if not found:
        return html.empty(
            "Nothing was learnt yet", "Tell something in the Chat tab, then press End and learn."
        )
    right = sum(one.right for one in found)
    words = f"{right} of {len(found)} right" + ("" if done else ", still asking…")
    rows = [_answer(one) for one in found]
    shown = html.table("What the weights remember", _REMEMBERED, rows)
    return told + html.quiet(words) + shown


def _answer(one: Remembered) -> list[html.Cell]:
    tone, word = ("good", "✓ right") if one.right else ("bad", "✗ wrong")
    return [
        html.Cell(f'<span class="iw-state {tone}">{word}</span>', "nowrap"),
        html.text(one.question),
        html.text(one.answer),
        html.text(one.expected),
        html.acts(one.pair_id, one.question, ("Correct", "correct"), ("Forget", "forget")),
    ]
