"""The versions of the memory: their figures over time, which one is in use, and two side by side.

Knows versions. Does not know how a version is made or what its figures mean for the gate.
"""

from typing import Any

import gradio as gr

from agent.service import Service
from storage.adapters import Version
from ui import html, plots
from ui.comparison import compared
from ui.events import QUIET
from ui.pager import Pager
from ui.words import told, when

PAGE, CHARTED = 20, 60
_HEADS = ("Version", "State", "Made", "Sessions", *plots.FIGURES.values(), "")
_SHOW = "() => document.querySelector('#comparison').scrollIntoView({block: 'nearest'})"
_BARE = "The bare model is in use: it remembers nothing."


class VersionsPanel:
    """`outputs` are the charts, the table, its pager and what needs a version to be of use."""

    def __init__(self, service: Service) -> None:
        self.service = service
        self.pager = Pager("versions", PAGE, "version")

    def draw(self) -> None:
        """Draw it and connect what stays inside."""
        gr.HTML("<h2>Versions</h2>")
        self.charts = gr.HTML(elem_id="charts", elem_classes="iw-note")
        self.table = html.clickable("versions-table")
        self.pager.draw()
        with gr.Row(elem_classes="iw-tools"):
            self.unuse = gr.Button("Use the bare model", visible=False, elem_id="use-bare")
        self._draw_comparison()
        self.outputs = [
            self.charts,
            self.table,
            *self.pager.outputs,
            self.unuse,
            self.comparing,
        ]
        self._connect()

    def _draw_comparison(self) -> None:
        with gr.Column(visible=False) as self.comparing:
            with gr.Row(elem_classes="iw-tools", elem_id="compare-versions"):
                self.first = gr.Number(
                    value=1, label="Compare version", precision=0, minimum=1, elem_id="compare-a"
                )
                self.second = gr.Number(
                    value=2, label="with version", precision=0, minimum=1, elem_id="compare-b"
                )
                self.compare = gr.Button("Compare", elem_id="compare-do")
            self.comparison = gr.HTML(elem_id="comparison", elem_classes="iw-note")

    def listed(self, number: int) -> list[Any]:
        """Updates of `outputs`."""
        adapters = self.service.profile.adapters
        count = adapters.count()
        number = self.pager.within(number, count)
        found = adapters.list(PAGE, number * PAGE)
        active = adapters.active()
        usable = {version.number for version in found if adapters.usable(version)}
        charts = plots.charts(adapters.measured(CHARTED)) if found else ""
        table = _table(found, active, usable, several=count > 1)
        shown = [charts, table, *self.pager.updates(number, count)]
        return [*shown, gr.Button(visible=active is not None), gr.Column(visible=count > 1)]

    def acted(self, event: gr.EventData, page: int) -> list[Any]:
        """One of the buttons beside a version was pressed."""
        number = int(event.id)
        if event.act == "compare":
            first = self._beside(number)
            return [*[gr.skip()] * len(self.outputs), first, number, self.compared(first, number)]
        with told():
            if event.act == "use":
                self.service.activate(number)
                gr.Info(f"Version {number} is in use.")
            else:
                self.service.profile.adapters.pin(number if event.act == "pin" else None)
        return [*self.listed(page), gr.skip(), gr.skip(), gr.skip()]

    def compared(self, first: float | None, second: float | None) -> str:
        """Two versions side by side."""
        if not first or not second:
            raise gr.Error("Write the numbers of two versions.", print_exception=False)
        with told():
            one, other = (self.service.profile.adapters.get(int(n)) for n in (first, second))
        return compared(one, other, self.service.profile.sessions)

    def bare(self) -> list[Any]:
        """Use the bare model; every version stays."""
        with told():
            self.service.activate(None)
        gr.Info("The bare model is in use. Every version is still there.")
        return self.listed(0)

    def _beside(self, number: int) -> int:
        """What to compare a version with: the one it was made from, else its neighbour."""
        adapters = self.service.profile.adapters
        with told():
            parent = adapters.get(number).figures.get("parent")
        others = [version.number for version in adapters.list() if version.number != number]
        return parent if parent in others else min(others, key=lambda n: abs(n - number))

    def _connect(self) -> None:
        both = [self.first, self.second, self.comparison]
        self.pager.connect(self.listed, [self.pager.number], self.outputs)
        self.table.click(self.acted, self.pager.number, [*self.outputs, *both], **QUIET)
        gr.on(
            [self.compare.click, self.first.submit, self.second.submit],
            self.compared,
            [self.first, self.second],
            self.comparison,
            **QUIET,
        )
        self.comparison.change(None, js=_SHOW)
        self.unuse.click(self.bare, None, self.outputs, **QUIET)


def _table(found: list[Version], active: Version | None, usable: set[int], *, several: bool) -> str:
    if not found:
        hint = "Talk in the Chat tab and press End and learn: the first version appears here."
        return html.empty("No version yet: these are the bare weights", hint)
    number = active.number if active else None
    current = next((n for n, v in enumerate(found) if v.number == number), None)
    rows = [_row(version, number, version.number in usable, several) for version in found]
    table = html.table("Versions", _HEADS, rows, current=current)
    return table if active else html.banner(_BARE) + table


def _row(version: Version, active: int | None, usable: bool, several: bool) -> list[html.Cell]:
    used = version.number == active
    marks = " · ".join(w for w, on in (("in use", used), ("pinned", version.pinned)) if on)
    pin = ("Unpin", "unpin") if version.pinned else ("Pin", "pin")
    offered = [] if used or not usable else [("Use", "use")]
    offered += [] if version.state == "kept" and not usable else [pin]
    offered += [("Compare", "compare")] if several else []
    gone = "its files are gone" if not usable else ""
    reason = version.reason or (gone if version.state == "kept" else "")
    return [
        html.text(f"{version.number}" + (f" ({marks})" if marks else ""), "nowrap"),
        html.Cell(html.state(version.state).html + html.text(f": {reason}" if reason else "").html),
        html.text(when(version.created_at), "nowrap"),
        html.text(len(version.sessions), "num"),
        *(
            html.text(plots.figure_text(key, version.figures.get(key)), "num")
            for key in plots.FIGURES
        ),
        html.acts(version.number, f"version {version.number}", *offered),
    ]
