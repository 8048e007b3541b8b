"""The Memory tab: what the weights say they remember, their versions, and taking them with you.

Knows versions and what was remembered. Does not know how remembering or learning works.
"""

from collections.abc import Iterator
from typing import Any

import gradio as gr

from agent.service import Remembered, Service
from storage.adapters import Version
from ui import html, plots
from ui.confirm import Confirm, confirmed
from ui.pairs import correct_pair
from ui.transfer import Transfer
from ui.words import many, told, when

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_REMEMBERED = ("", "I asked it", "It said", "You told it", "")
_VERSIONS = ("Version", "State", "Made", "Sessions", *plots.FIGURES.values(), "")


class MemoryTab:
    """Draws the tab with `build`; its methods answer what a person does there."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.transfer = Transfer(service)

    def build(self, page: gr.Blocks, tab: gr.Tab) -> None:
        """Draw the tab and connect it."""
        self._draw_remembered()
        self._draw_versions()
        self.transfer.draw()
        self._draw_reset()
        self._connect(page, tab)

    # What do you remember?

    def remember(self) -> Iterator[str]:
        """Ask the weights about everything they were taught, a row as each answer comes."""
        found: list[Remembered] = []
        yield html.quiet("Asking the weights…")
        with told():
            for one in self.service.remember():
                found.append(one)
                yield _remembered(found, done=False)
        yield _remembered(found, done=True)

    def acted(self, event: gr.EventData) -> list[Any]:
        """Correct or forget was pressed beside an answer."""
        with told():
            pair = self.service.profile.pairs.get(int(event.id))
        if event.act == "correct":
            form = [gr.Column(visible=True), pair.id, f"**{pair.question}**", pair.answer]
            return [*form, *self.confirm.close()]
        asked = self.confirm.ask(
            f"Forget “{pair.answer}”? It goes now, and the weights are rebuilt without it.",
            "Yes, forget it",
            "pair",
            pair.id,
        )
        return [gr.Column(visible=False), None, "", "", *asked]

    def corrected(self, pair: int | None, answer: str) -> list[Any]:
        """Keep the right answer and have it learnt."""
        if pair is None or not answer.strip():
            raise gr.Error("Write the right answer first.", print_exception=False)
        with told():
            kept = self.service.profile.pairs.get(pair)
            correct_pair(self.service, pair, kept.question, answer.strip())
        gr.Info("Corrected. It takes effect when the session is learnt next.")
        return [gr.Column(visible=False), None, "", ""]

    def ask_name(self, name: str) -> list[Any]:
        """Put the question before everything about a name is forgotten."""
        found = self.service.profile.pairs.mentioning(name) if name.strip() else []
        if not found:
            raise gr.Error("Nothing that was learnt mentions this.", print_exception=False)
        return self.confirm.ask(
            f"Forget {many(len(found), 'pair')} that mention “{name.strip()}”?"
            " They go now, and the weights are rebuilt without them.",
            "Yes, forget them",
            "name",
            name.strip(),
        )

    def forgotten(self, pending: tuple[str, Any] | None) -> list[Any]:
        """Forget what was asked about."""
        act, subject = confirmed(pending)
        with told():
            if act == "name":
                count = self.service.forget_name(subject)
            else:
                self.service.forget_pairs([subject])
                count = 1
        gr.Info(f"{many(count, 'pair')} forgotten. The weights are rebuilt without them.")
        return self.confirm.close()

    # Versions

    def versions(self) -> list[str]:
        """The charts and the table."""
        with told():
            found = self.service.figures()
        if not found:
            hint = "End a session in the Chat tab, then press Absorb all waiting in Sessions."
            return ["", html.empty("No version yet: these are the bare weights", hint)]
        active = self.service.profile.adapters.active()
        number = active.number if active else None
        rows = [_version(version, number) for version in found]
        current = next((n for n, v in enumerate(found) if v.number == number), None)
        table = html.table("Versions", _VERSIONS, rows, current=current)
        return [plots.charts(found), table if active else html.banner(_BARE) + table]

    def version_acted(self, event: gr.EventData) -> list[str]:
        """Use, pin or unpin was pressed beside a version."""
        number = int(event.id)
        with told():
            if event.act == "use":
                self.service.activate(number)
                gr.Info(f"Version {number} is in use.")
            else:
                self.service.pin(number if event.act == "pin" else None)
        return self.versions()

    def bare(self) -> list[str]:
        """Use the bare model; every version stays."""
        with told():
            self.service.activate(None)
        gr.Info("The bare model is in use. Every version is still there.")
        return self.versions()

    def reset(self, typed: str) -> list[Any]:
        """Begin with bare weights; the service checks the typed name."""
        with told():
            self.service.reset(typed.strip())
        gr.Info("The memory is reset.")
        return ["", *self.versions()]

    # How it looks and what calls what

    def _draw_remembered(self) -> None:
        gr.Markdown("### What do you remember?")
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
        self.remembered = html.clickable("remembered")
        self.form_outputs = [self.form, self.editing, self.question, self.answer]

    def _draw_versions(self) -> None:
        gr.Markdown("### Versions")
        self.charts = gr.HTML(elem_id="charts", elem_classes="iw-note")
        self.table = html.clickable("versions-table")
        with gr.Row(elem_classes="iw-tools"):
            self.unuse = gr.Button("Use the bare model", elem_id="use-bare")

    def _draw_reset(self) -> None:
        name = self.service.profile.name
        with gr.Accordion("Reset the memory", open=False, elem_id="reset"):
            gr.HTML(html.quiet("The weights go back to the bare model. Export first if unsure."))
            with gr.Row(elem_classes="iw-tools"):
                self.typed = gr.Textbox(
                    label=f"Type the profile's name, {name}, to reset",
                    value="",
                    elem_id="reset-name",
                )
                self.wipe = gr.Button("Reset", variant="stop", elem_id="reset-do")

    def _connect(self, page: gr.Blocks, tab: gr.Tab) -> None:
        both = [self.charts, self.table]
        for event in (tab.select, page.load, self.transfer.taken.change):
            event(self.versions, None, both, **_QUIET)
        self.ask.click(self.remember, None, self.remembered, concurrency_id="model", **_QUIET)
        self.remembered.click(
            self.acted, None, [*self.form_outputs, *self.confirm.outputs], **_QUIET
        )
        gr.on(
            [self.save.click, self.answer.submit],
            self.corrected,
            [self.editing, self.answer],
            self.form_outputs,
            **_QUIET,
        )
        gr.on(
            [self.forget.click, self.name.submit],
            self.ask_name,
            self.name,
            self.confirm.outputs,
            **_QUIET,
        )
        self.confirm.yes.click(
            self.forgotten, self.confirm.pending, self.confirm.outputs, **_QUIET
        ).then(self.remember, None, self.remembered, concurrency_id="model", **_QUIET)
        self.table.click(self.version_acted, None, both, **_QUIET)
        self.unuse.click(self.bare, None, both, **_QUIET)
        gr.on(
            [self.wipe.click, self.typed.submit],
            self.reset,
            self.typed,
            [self.typed, *both],
            **_QUIET,
        )


_BARE = "The bare model is in use: it remembers nothing until you use a version."


def _remembered(found: list[Remembered], *, done: bool) -> str:
    if not found:
        return html.empty(
            "Nothing was learnt yet", "Tell something in the Chat tab, end the session, absorb it."
        )
    right = sum(one.right for one in found)
    words = f"{right} of {len(found)} right" + ("" if done else ", still asking…")
    rows = [_answer(one) for one in found]
    return html.quiet(words) + html.table("What the weights remember", _REMEMBERED, rows)


def _answer(one: Remembered) -> list[html.Cell]:
    tone, word = ("good", "✓ right") if one.right else ("bad", "✗ wrong")
    return [
        html.Cell(f'<span class="iw-state {tone}">{word}</span>', "nowrap"),
        html.text(one.question),
        html.text(one.answer),
        html.text(one.expected),
        html.acts(one.pair_id, one.question, ("Correct", "correct"), ("Forget", "forget")),
    ]


def _version(version: Version, active: int | None) -> list[html.Cell]:
    used = version.number == active
    marks = " · ".join(w for w, on in (("in use", used), ("pinned", version.pinned)) if on)
    pin = ("Unpin", "unpin") if version.pinned else ("Pin", "pin")
    usable = version.state == "kept" and not used
    offered = [("Use", "use"), pin] if usable else [pin]
    reason = f": {version.reason}" if version.reason else ""
    return [
        html.text(f"{version.number}" + (f" ({marks})" if marks else ""), "nowrap"),
        html.Cell(html.state(version.state).html + html.text(reason).html),
        html.text(when(version.created_at), "nowrap"),
        html.text(len(version.sessions), "num"),
        *(
            html.text(plots.figure_text(key, version.figures.get(key)), "num")
            for key in plots.FIGURES
        ),
        html.acts(version.number, f"version {version.number}", *offered),
    ]
