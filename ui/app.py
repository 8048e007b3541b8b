"""The page as a whole: its head, its four tabs, and how it is mounted on the HTTP server.

Knows the tabs and gradio's switches. Does not know what happens inside a tab.
"""

import os
import shutil

# Read by gradio when it is imported: nothing is reported to anybody.
os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import gradio as gr
from fastapi import FastAPI

from agent.service import Service
from ui import html
from ui.chat import ChatTab
from ui.events import QUIET
from ui.memory import MemoryTab
from ui.outcome import outcome
from ui.sessions import SessionsTab
from ui.settings import SettingsTab
from ui.theme import HEAD, theme

_HEADER = '<header class="iw-head"><h1>In<span>weight</span></h1></header>'
_DAY = 24 * 3600


def build(service: Service) -> gr.Blocks:
    """The page over one service."""
    _keep_transfers_private(service)
    page = gr.Blocks(
        title="Inweight", analytics_enabled=False, fill_width=True, delete_cache=(_DAY, _DAY)
    )
    with page:
        with gr.Row(elem_id="head"):
            gr.HTML(_HEADER)
            seen = _draw_activity(service)
        with gr.Tabs(elem_id="tabs") as tabs:
            chat = ChatTab(service)
            with gr.Tab("Chat", id="chat", elem_id="tab-chat") as talk:
                chat.build(page, talk)
            with gr.Tab("Sessions", id="sessions", elem_id="tab-sessions") as sessions:
                SessionsTab(service).build(page, sessions, tabs, chat, seen)
            with gr.Tab("Memory", id="memory", elem_id="tab-memory") as memory:
                MemoryTab(service).build(page, memory, seen)
            with gr.Tab("Settings", id="settings", elem_id="tab-settings"):
                SettingsTab(service).build(page)
    return page


def mount(
    api: FastAPI, service: Service, *, path: str = "/", allowed_paths: Sequence[Path] = ()
) -> FastAPI:
    """Put the page on `api`, after every other route of it.

    Files may be downloaded from the profile's folder of exports and from `allowed_paths`.
    """
    page = build(service)
    page.queue(max_size=64)
    exports = [service.profile.path / "exports", *allowed_paths]
    mounted: FastAPI = gr.mount_gradio_app(
        api,
        page,
        path=path,
        theme=theme(),
        css_paths=Path(__file__).with_name("style.css"),
        head=HEAD,
        allowed_paths=[str(folder) for folder in exports],
        footer_links=[],
        run_history=False,
        enable_monitoring=False,
        ssr_mode=False,
        pwa=False,
        mcp_server=False,
    )
    return mounted


def _draw_activity(service: Service) -> gr.State:
    """One quiet line under the head, on every tab: how far learning is, or how it ended. What it
    returns changes whenever a session moved on: lists that were read before are stale then."""
    line, seen = gr.HTML(elem_id="activity", elem_classes="iw-quiet"), gr.State("")

    def look(before: str) -> list[Any]:
        now = service.standing()
        words = html.doing(service.progress()) or outcome(service.profile)
        return [html.quiet(words), gr.skip() if now == before else now]

    gr.Timer(2).tick(look, seen, [line, seen], **QUIET)  # queued, or nobody is told of a change
    return seen


def _keep_transfers_private(service: Service) -> None:
    """Uploads pass through the profile's folder, not through a shared /tmp; downloads come from where
    they lie, not from a copy that would outlive them."""
    folder = service.profile.transfers_path
    shutil.rmtree(folder, ignore_errors=True)  # what a kill left: gradio deletes only its own
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    os.environ["GRADIO_TEMP_DIR"] = str(folder)
    gr.set_static_paths([service.profile.path / "exports"])
