"""The Settings tab: the model, who writes the questions, when learning runs, and the limits of the gate.

Knows the names of the settings and what they mean for a person. Does not know how they are kept.
"""

import os
from typing import Any

import gradio as gr

from agent.config import load_settings
from agent.service import Service
from ui import html
from ui.events import QUIET
from ui.words import PROBLEMS

_MODEL = (
    "default, the folder of a model, or the id of one on the Hugging Face hub, from where it is"
    " fetched. What was learnt belongs to the model that learnt it."
)
_LOCAL = "Nothing leaves this machine: the model here writes the questions about your sessions."
_REMOTE = (
    "What leaves this machine: the text of every session that is learnt is sent to {}."
    " Empty the address to keep everything here."
)


class SettingsTab:
    """Draws the tab with `build`; changes go through `Service.change_settings`."""

    def __init__(self, service: Service) -> None:
        self.service = service

    def build(self, page: gr.Blocks) -> None:
        """Draw the tab and connect it."""
        self._draw_generator()
        self._draw_schedule()
        self._draw_gate()
        with gr.Row(elem_classes="iw-tools"):
            self.save = gr.Button("Save settings", variant="primary", elem_id="settings-save")
        shown = [*self.fields.values(), self.leaving]
        self.save.click(self.saved, [*self.fields.values()], shown, **QUIET)
        page.load(self.values, None, shown, **QUIET)

    def values(self) -> list[Any]:
        """What is kept, which a word of the command line may go before, and the sentence about what
        leaves the machine now."""
        kept = load_settings()
        found = [getattr(kept, name) for name in self.fields]
        address = self.service.settings.qa_base_url
        leaving = _REMOTE.format(address) if address else _LOCAL
        return [*("" if value is None else value for value in found), html.banner(leaving)]

    def saved(self, *values: Any) -> list[Any]:
        """Keep the settings that were changed."""
        kept = load_settings()
        changed = {
            name: self._clean(value)
            for name, value in zip(self.fields, values, strict=True)
            if self._clean(value) != getattr(kept, name)
        }
        if not changed:
            gr.Info("Nothing was changed.")
            return self.values()
        try:
            self.service.change_settings(**changed)
        except PROBLEMS as problem:
            raise gr.Error(self._labelled(str(problem)), print_exception=False) from problem
        gr.Info("The settings are saved.")
        for variable in filter(os.environ.get, (f"INWEIGHT_{name.upper()}" for name in changed)):
            gr.Warning(
                f"{variable} is set in the environment and goes before it at the next start."
            )
        return self.values()

    def _labelled(self, sentence: str) -> str:
        """The sentence with what stands on this page in place of the settings' names."""
        for name, field in self.fields.items():
            sentence = sentence.replace(f"'{name}'", f"“{field.label}”")
        return sentence

    def _clean(self, value: Any) -> Any:
        return (value.strip() or None) if isinstance(value, str) else value

    def _draw_generator(self) -> None:
        gr.HTML("<h2>Model</h2>")
        gr.HTML(html.quiet(f"In use: {self.service.model.name}"), elem_id="model-name")
        model = gr.Textbox(
            label="Model from the next start on",
            info=_MODEL,
            elem_id="setting-model",
        )
        self.fields: dict[str, Any] = {"model": model}
        gr.HTML("<h2>Who writes the questions</h2>")
        self.leaving = gr.HTML(elem_id="settings-leaving", elem_classes="iw-note")
        with gr.Row():
            base_url = gr.Textbox(
                label="Address of an OpenAI-compatible endpoint",
                info="Empty: the model on this machine.",
                value="",
                placeholder="http://127.0.0.1:8001/v1",
                elem_id="setting-qa_base_url",
            )
            its_model = gr.Textbox(
                label="Its model",
                info="The name that the endpoint knows. Its key is read from INWEIGHT_QA_API_KEY.",
                elem_id="setting-qa_model",
            )
        self.fields |= {"qa_base_url": base_url, "qa_model": its_model}

    def _draw_schedule(self) -> None:
        gr.HTML("<h2>When sessions are learnt</h2>")
        with gr.Row():
            self.fields["nightly_at"] = gr.Textbox(
                label="Every night at", info="Like 03:00.", elem_id="setting-nightly_at"
            )
            self.fields["idle_minutes"] = gr.Number(
                label="A chat ends after",
                info="Minutes without a message.",
                minimum=1,
                elem_id="setting-idle_minutes",
            )
            self.fields["absorb_after_sessions"] = gr.Number(
                label="Learn after",
                info="So many ended chats. Imported ones wait for you or the night.",
                minimum=1,
                precision=0,
                elem_id="setting-absorb_after_sessions",
            )
            self.fields["keep_versions"] = gr.Number(
                label="Keep versions",
                info="The newest ones; of older ones every fifth stays.",
                minimum=1,
                precision=0,
                elem_id="setting-keep_versions",
            )

    def _draw_gate(self) -> None:
        gr.HTML("<h2>When a new version is refused</h2>")
        with gr.Row():
            self.fields["max_drift"] = gr.Number(
                label="Drift above",
                info="How far it may move from the bare model on other subjects.",
                minimum=0,
                step=0.01,
                elem_id="setting-max_drift",
            )
            self.fields["min_abstain"] = gr.Number(
                label="Abstention below",
                info="Share, 0 to 1, of untold things it must admit, less what chance explains.",
                minimum=0,
                maximum=1,
                step=0.05,
                elem_id="setting-min_abstain",
            )
