"""Taking the memory with you: export to a file, import from one.

Knows the kinds of export by name, and chats that could be taken. Does not know what is in the files.
"""

from contextlib import ExitStack
from pathlib import Path
from typing import Any

import gradio as gr

from agent.imports import is_ours
from agent.service import Service
from storage.imports import Incoming
from ui import html
from ui.events import QUIET
from ui.words import many, told, when

_KINDS = [
    ("Adapter for transformers, PEFT and vLLM", "adapter"),
    ("The base that adapters stand on", "base"),
    ("Base and adapter for llama.cpp (GGUF)", "gguf"),
    ("Whole model with the memory in it for Ollama (GGUF)", "ollama"),
    ("Whole model with the memory in it (safetensors)", "merged"),
    ("Everything: sessions, pairs, versions", "profile"),
]
_HEADS = ["Take", "Title", "Date", "Messages", "", "Id"]
_HINT = (
    "An adapter or, on a new page, a whole profile (zip), or chats: of ChatGPT (zip or JSON),"
    " Open WebUI, ShareGPT or JSON lines."
)


class Transfer:
    """The export and import of the Memory tab. `taken` changes when something was imported."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def draw(self) -> None:
        """Draw both and connect them."""
        gr.Markdown("### Take it with you")
        self.taken, self.path = gr.State(0), gr.State("")
        self._draw_export()
        with gr.Row(elem_classes="iw-tools"):
            self.upload = gr.UploadButton("Import a file", elem_id="import-file")
            self.sentence = gr.HTML(html.quiet(_HINT), elem_id="import-said")
        self._draw_choice()
        self._connect()

    def exported(self, kind: str, version: float | None) -> Any:
        """Write the file, then offer it."""
        with told():
            path = self.service.export(kind, int(version) if version else None)
        gr.Info(f"Written: {path}")
        return gr.DownloadButton(f"Download {path.name}", value=path, visible=True)

    def uploaded(self, path: str, before: str, taken: int) -> list[Any]:
        """Take an adapter or a profile at once; of chats show first what would be taken. What is taken
        or refused goes, and what was shown `before` goes when another is."""
        with told(), ExitStack() as last:
            last.callback(self._drop, path)
            if is_ours(Path(path)):
                said = self.service.import_file(Path(path))
                shown = [html.banner(said), taken + 1, *self._closed()]
            else:
                found = self.service.preview(Path(path))
                shown = [_offered(found), taken, path, gr.Column(visible=True), [*map(_row, found)]]
                last.pop_all()  # it is read again when some are chosen
        if before != path:
            self._drop(before)
        return shown

    def chosen(self, path: str, rows: list[list[Any]], taken: int) -> list[Any]:
        """Take the sessions that are ticked; the service checks the file whole first."""
        only = [str(row[-1]) for row in rows if row[0]]
        if not only:
            raise gr.Error("Tick the sessions to take.", print_exception=False)
        with told():
            said = self.service.import_file(Path(path), only)
        self._drop(path)
        return [html.banner(said), taken + 1, *self._closed()]

    def left(self, path: str) -> list[Any]:
        """Take nothing."""
        self._drop(path)
        return [html.quiet(_HINT), *self._closed()]

    def ticked(self, rows: list[list[Any]]) -> list[Any]:
        """None where some are ticked, else all: also those that the search hides are taken."""
        tick = not any(row[0] for row in rows)
        return [[[tick, *row[1:]] for row in rows], gr.Button("Tick none" if tick else "Tick all")]

    def _drop(self, path: str) -> None:
        """Remove an upload, and no file that lies elsewhere."""
        file = Path(path).resolve()
        if file.is_relative_to(self.service.profile.transfers_path.resolve()):
            file.unlink(missing_ok=True)

    def _closed(self) -> list[Any]:
        return ["", gr.Column(visible=False), []]

    def _draw_export(self) -> None:
        with gr.Row(elem_classes="iw-tools"):
            self.kind = gr.Dropdown(
                _KINDS, value="adapter", label="Export", elem_id="export-kind", scale=3
            )
            self.version = gr.Number(
                label="Version", info="0: the one in use.", precision=0, minimum=0, value=0
            )
            self.write = gr.Button("Write the file", elem_id="export-write")
            self.file = gr.DownloadButton(
                "Download", visible=False, variant="primary", elem_id="export-download"
            )

    def _draw_choice(self) -> None:
        with gr.Column(visible=False, elem_id="import-choice") as self.choice:
            self.rows = gr.Dataframe(
                headers=_HEADS,
                datatype=["bool", "str", "str", "number", "str", "str"],
                type="array",
                static_columns=[1, 2, 3, 4, 5],
                interactive=True,
                show_search="search",
                wrap=True,
                max_height=420,
                elem_id="import-rows",
            )
            with gr.Row(elem_classes="iw-tools"):
                self.take = gr.Button("Take the ticked", variant="primary", elem_id="import-take")
                self.ticks = gr.Button("Tick none", elem_id="import-ticks")
                self.leave = gr.Button("Take nothing", elem_id="import-leave")

    def _connect(self) -> None:
        self.write.click(self.exported, [self.kind, self.version], self.file, **QUIET)
        self.kind.change(lambda: gr.DownloadButton(visible=False), None, self.file, **QUIET)
        open_ = [self.path, self.choice, self.rows]
        said = [self.sentence, self.taken, *open_]
        shown = [self.upload, self.path, self.taken]
        self.upload.upload(self.uploaded, shown, said, **QUIET)
        self.take.click(self.chosen, [self.path, self.rows, self.taken], said, **QUIET)
        self.ticks.click(self.ticked, self.rows, [self.rows, self.ticks], **QUIET)
        self.leave.click(self.left, self.path, [self.sentence, *open_], **QUIET)


def _offered(found: list[Incoming]) -> str:
    new = sum(not one.known for one in found)
    count = many(len(found), "session")
    return html.quiet(f"{count} in the file, {new} of them new. Nothing is taken yet.")


def _row(one: Incoming) -> list[Any]:
    """A session in the table; a new one is ticked."""
    there = "there already" if one.known else ""
    return [not one.known, one.title, when(one.started_at), one.messages, there, one.id]
