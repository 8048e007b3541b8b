"""The page without a browser: what it shows first, and what of it a program may call."""

import threading
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import gradio as gr
import pytest

from agent.config import load_settings
from agent.model import Model
from agent.service import Service
from storage.profiles import Profile
from ui.app import build
from ui.chat import ChatTab
from ui.talk import said


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
    sessions.add(ours, "user", "Hello")
    for n in range(30):
        sessions.start(source="api", started_at=f"2026-03-02T10:00:{n:02}+00:00")
    sessions.start()  # by the terminal's chat, in which nothing was said yet
    assert ChatTab(service).resume()[1] == ours


def sent(tab: ChatTab, text: str, session: str | None) -> list[Any]:
    """The page's last update when `text` was answered."""
    page = SimpleNamespace(session_hash="page")
    return [*tab.talk.say(text, [], session, False, True, page)][-1]


def test_the_box_gets_back_only_what_is_nowhere_else(service: Service) -> None:
    """After an error; else what is typed meanwhile would be overwritten."""
    unsent, shown = ChatTab(service).talk.unsent, [said("user", "I have two cats.")]
    assert unsent("I have two cats.", "", []) == "I have two cats."
    assert unsent("I have two cats.", "", shown) == gr.skip()
    assert unsent("I have two cats.", "And a dog.", []) == gr.skip()
    begun = [*shown, said("assistant", "Two")]
    assert unsent("I have two cats.", "", begun) == gr.skip()


def test_a_conversation_goes_on_after_its_session_ended_by_itself(service: Service) -> None:
    """As it does when nothing was said for a quarter of an hour; an erased one begins anew."""
    tab, sessions = ChatTab(service), service.profile.sessions
    first = sent(tab, "I have two cats.", None)[1]
    sessions.end_stale(0)
    talk, second, _, _, note = sent(tab, "And the second one?", first)
    assert sessions.get(second).continues == first
    assert "goes on from “I have two cats.”" in note
    assert service.before(second)[0]["content"] == "I have two cats."
    assert talk[0]["content"] == "And the second one?"
    sessions.end(second)
    sessions.erase(second)
    third = sent(tab, "Hello?", second)[1]
    assert third != second and sessions.get(third).continues is None


@pytest.mark.parametrize("how", ["edited", "again"])
def test_what_went_on_on_another_page_is_not_cut_off(service: Service, how: str) -> None:
    """An edit drops what follows: only what its page has shown."""
    tab, sessions = ChatTab(service), service.profile.sessions
    shown, session, *_ = sent(tab, "I have two cats.", None)
    sent(tab, "My son is called Ivo.", session)
    before = sessions.messages(session)
    event, page = SimpleNamespace(index=0, value="I have a dog."), SimpleNamespace(session_hash="p")
    *_, (talk, *_) = getattr(tab.talk, how)(event, shown, session, False, True, page)
    assert sessions.messages(session) == before
    assert [m["content"] for m in talk] == [m.content for m in before]
    *_, (talk, *_) = getattr(tab.talk, how)(event, talk, session, False, True, page)
    assert sessions.messages(session) != before


def test_what_a_kill_left_of_an_upload_is_gone(service: Service) -> None:
    left = service.profile.path / "transfers" / "hash"
    left.mkdir(parents=True)
    (left / "chats.json").write_text("My secret")
    build(service)
    assert not left.exists()


@pytest.mark.parametrize("act", ["erase", "reset", "forget"])
def test_what_was_uploaded_goes_with_what_is_erased(service: Service, act: str) -> None:
    """The folder stays, in which the next upload is received; to forget keeps the text."""
    build(service)
    folder = service.profile.path / "transfers"
    (folder / "hash").mkdir()
    (folder / "hash" / "chats.json").write_text("My secret")
    (folder / "half of an upload").write_text("My secret")
    session = sent(ChatTab(service), "My secret", None)[1]
    if act == "reset":
        service.reset(service.profile.name)
    else:
        service.forget(session, erase=act == "erase")
    assert len([*folder.iterdir()]) == (2 if act == "forget" else 0)


def test_a_session_that_ended_by_itself_is_learnt_when_that_is_asked(service: Service) -> None:
    tab = ChatTab(service)
    session = sent(tab, "I have two cats.", None)[1]
    service.profile.sessions.end_stale(0)
    tab.end(session, False)
    assert service.is_due(session)


def test_a_comparison_ends_when_another_session_is_picked(service: Service) -> None:
    talk, page = ChatTab(service).talk, SimpleNamespace(session_hash="page")
    answers = talk.compare("Who am I?", [], None, page)
    next(answers), next(answers)
    cutting = threading.Thread(target=talk.cut, args=(page,))
    cutting.start()
    time.sleep(0.2)
    assert [*answers] == []
    cutting.join()
