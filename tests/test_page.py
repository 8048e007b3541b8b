"""The page without a browser: what it shows first, and what of it a program may call."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from agent.config import load_settings
from agent.model import Model
from agent.service import Service
from storage.profiles import Profile
from ui.app import build
from ui.chat import ChatTab


@pytest.fixture
def service(tmp_path: Path, model: Model) -> Iterator[Service]:
    profile = Profile(tmp_path, "me")
    yield Service(profile, model, load_settings())
    profile.close()


def test_gradio_offers_no_event_to_programs(service: Service) -> None:
    """They have /api, which checks who asks and what for."""
    events = build(service).config["dependencies"]
    assert len(events) > 50
    assert {event["api_visibility"] for event in events} == {"private"}


def test_a_reply_need_not_wait_for_all_that_is_remembered(service: Service) -> None:
    """Asking the weights about every fact takes minutes; gradio takes the lowest limit of an id."""
    asking = [fn for fn in build(service).fns.values() if fn.concurrency_id == "model"]
    assert len(asking) > 4 and {fn.concurrency_limit for fn in asking} == {4}


def test_the_open_chat_is_found_behind_many_of_programs(service: Service) -> None:
    sessions = service.profile.sessions
    ours = sessions.start(started_at="2026-03-01T10:00:00+00:00")
    for n in range(30):
        sessions.start(source="api", started_at=f"2026-03-02T10:00:{n:02}+00:00")
    assert ChatTab(service).resume()[1] == ours
