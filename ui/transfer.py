"""Taking the memory with you: export to a file, import from one.

Knows the kinds of export by name. Does not know what is in the files.
"""

from pathlib import Path
from typing import Any

import gradio as gr

from agent.service import Service
from ui import html
from ui.words import told

_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_KINDS = [
    ("Adapter for transformers and PEFT (zip)", "adapter"),
    ("Adapter for llama.cpp and Ollama (GGUF)", "gguf"),
    ("Whole model with the memory in it (safetensors)", "merged"),
    ("Everything: sessions, pairs, versions", "profile"),
]


class Transfer:
    """The export and import of the Memory tab. `taken` changes when something was imported."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def draw(self) -> None:
        """Draw both and connect them."""
        gr.Markdown("### Take it with you")
        self.taken = gr.State(0)
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
        with gr.Row(elem_classes="iw-tools"):
            self.upload = gr.UploadButton("Import a file", elem_id="import-file")
            self.sentence = gr.HTML(
                html.quiet("An adapter (zip), or chats as JSON lines."), elem_id="import-said"
            )
        self.write.click(self.exported, [self.kind, self.version], self.file, **_QUIET)
        self.kind.change(lambda: gr.DownloadButton(visible=False), None, self.file, **_QUIET)
        self.upload.upload(
            self.imported, [self.upload, self.taken], [self.sentence, self.taken], **_QUIET
        )

    def exported(self, kind: str, version: float | None) -> Any:
        """Write the file, then offer it."""
        with told():
            path = self.service.export(kind, int(version) if version else None)
        gr.Info(f"Written: {path}")
        return gr.DownloadButton(f"Download {path.name}", value=path, visible=True)

    def imported(self, uploaded: str, taken: int) -> list[Any]:
        """Take what the file holds; the service checks it whole first."""
        with told():
            said = self.service.import_file(Path(uploaded))
        return [html.banner(said), taken + 1]
