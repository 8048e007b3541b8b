"""What the page does when something goes wrong or goes on behind its back, in a real browser.

Its service is the test's own, over a tiny model, and learns nothing by itself: sessions and versions
are put where a test needs them. Skipped with a reason where Chromium or Playwright is missing.
"""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.config import load_settings
from agent.distill import lora_config
from agent.model import CANDIDATE, Model
from agent.recipe import RECIPES
from agent.service import Service
from storage.profiles import Profile
from tests.browsing import (
    DESKTOP,
    expect,
    needs_chromium,
    new_session,
    open_session,
    opened,
    replied,
    reset,
    say,
    served,
    tab,
)

pytestmark = needs_chromium
SOON = 15_000  # milliseconds; nothing here is slow


@pytest.fixture
def service(model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Service]:
    monkeypatch.setenv("INWEIGHT_HOME", str(tmp_path))
    profile = Profile(tmp_path, "me")
    yield Service(profile, model, load_settings())
    profile.close()


@pytest.fixture
def page(service: Service, browser: Any) -> Iterator[Any]:
    with served(service) as address, opened(browser, address, viewport=DESKTOP) as page:
        yield page


def learn(service: Service, *titles: str, base: str | None = None) -> None:
    """A session for each title, learnt one after another; each taught a pair."""
    profile, model = service.profile, service.model
    model.new_adapter(CANDIDATE, lora_config(model, RECIPES["inweight"]))
    for title in titles:
        profile.sessions.take([{"id": title, "messages": [{"role": "user", "content": title}]}])
        profile.sessions.set_state(title, "absorbing")
        pair = {"question": f"What is {title}?", "answer": f"It is {title}.", "fact": 0}
        profile.pairs.add(title, [pair | {"role": "train", "origin": "model"}])
        number, before = profile.adapters.next_number(), profile.adapters.active()
        profile.adapters.write(
            number,
            lambda folder: model.save_adapter(CANDIDATE, folder),
            state="kept",
            base=base or model.fingerprint,
            sessions=[*(before.sessions if before else []), title],
            figures={"session": title, "facts": {f"{title}:0": 1.0}},
        )
        profile.adapters.activate(number)
        profile.sessions.set_state(title, "absorbed", version=number)


def test_a_message_that_cannot_be_sent_comes_back(page: Any, service: Service) -> None:
    """With a sentence; no session begins, and it can be sent when what was wrong is mended."""
    learn(service, "Otter", base="another model")
    box = page.locator("#chat-box textarea")
    box.fill("Is anybody there?")
    box.press("Enter")
    expect(page.get_by_text("was made for another base model")).to_be_visible(timeout=SOON)
    expect(box).to_have_value("Is anybody there?", timeout=SOON)
    assert service.profile.sessions.count(("open",)) == 0
    service.profile.adapters.activate(None)
    page.wait_for_function("!window.answering")
    box.press("Enter")
    expect(page.locator("#chatbot")).to_contain_text("Is anybody there?", timeout=SOON)
    replied(page)
    expect(box).to_have_value("")


def test_the_chat_goes_on_after_a_reply_that_broke(
    page: Any, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Written anew or sent: Send is there again, and what was said stays said."""
    say(page, "The first words.")

    def broken(*_: Any, **__: Any) -> Iterator[str]:
        raise RuntimeError("out of memory")

    box = page.locator("#chat-box textarea")
    with monkeypatch.context() as patch:
        patch.setattr(service.model, "stream", broken)
        box.fill("The second words.")
        box.press("Enter")
        expect(page.get_by_text("Error").first).to_be_visible(timeout=SOON)
        expect(page.locator("#chat-send")).to_be_visible(timeout=SOON)
        expect(page.locator("#chat-stop")).to_be_hidden()
        page.wait_for_function("!window.answering", timeout=SOON)
        expect(box).to_have_value("")  # it is logged
    say(page, "The third words.")
    expect(page.locator("#chatbot")).to_contain_text("The second words.")


def test_an_edit_that_cannot_be_sent_is_not_shown_as_said(page: Any, service: Service) -> None:
    say(page, "The first words.")
    learn(service, "Otter", base="another model")
    page.locator("#chatbot button[aria-label=Edit]").first.click()
    page.locator("#chatbot textarea").first.fill("Other words.")
    page.locator("#chatbot button[aria-label=Submit]").first.click()
    expect(page.get_by_text("was made for another base model")).to_be_visible(timeout=SOON)
    expect(page.locator("#chatbot")).to_contain_text("The first words.", timeout=SOON)
    service.profile.adapters.activate(None)
    say(page, "The second words.")


def test_one_of_two_messages_that_stand_together_is_edited(page: Any, service: Service) -> None:
    sessions = service.profile.sessions
    ours = sessions.start()
    for role, text in (("user", "First."), ("user", "Second."), ("assistant", "Well.")):
        sessions.add(ours, role, text)
    page.reload()
    expect(page.locator("#chatbot")).to_contain_text("Second.", timeout=SOON)
    page.locator("#chatbot button[aria-label=Edit]").last.click()
    page.locator("#chatbot textarea").last.fill("Second, mended.")
    page.locator("#chatbot button[aria-label=Submit]").last.click()
    expect(page.locator("#chatbot")).to_contain_text("mended", timeout=SOON)
    replied(page)
    said = [m.content for m in sessions.messages(ours) if m.role == "user"]
    assert said == ["First.", "Second, mended."]


def test_what_a_title_holds_is_shown_as_it_is(page: Any, service: Service) -> None:
    service.profile.sessions.take(
        [{"id": "a", "messages": [{"role": "user", "content": "<img src=x> is no picture"}]}]
    )
    tab(page, "Sessions")
    page.locator("#sessions-table [data-act=open]").first.click()
    page.locator("#session-erase").click()
    expect(page.locator("#session-confirm")).to_contain_text("<img src=x>", timeout=SOON)
    assert not page.locator("#session-confirm img").count()


def test_what_was_compared_in_one_session_is_not_shown_in_another(page: Any) -> None:
    say(page, "The first words.")
    new_session(page)
    say(page, "The second words.")
    page.locator("#chat-compare").click()
    expect(page.locator("#without-memory")).to_be_visible(timeout=SOON)
    page.locator("#session-list label", has_text="The first").click()
    expect(page.locator("#chat-note")).to_contain_text("You are reading", timeout=SOON)
    expect(page.locator("#without-memory")).to_be_hidden()


def test_learning_again_asks_first_when_others_are_learnt_with_it(
    page: Any, service: Service
) -> None:
    """And what is asked or half written about one session is gone in another."""
    learn(service, "Otter", "Heron")
    page.reload()
    open_session(page, "Otter")
    button, question = page.locator("#absorb-now"), page.locator("#session-confirm")
    expect(button).to_have_text("Learn again", timeout=SOON)
    button.click()
    expect(question).to_contain_text("2 sessions are learnt again", timeout=SOON)
    page.locator("#pair-question textarea").fill("What is half wri")
    page.locator("#pairs-table [data-act=remove]").first.click()
    expect(page.locator("#pairs-confirm")).to_contain_text("Forget “It is Otter.”", timeout=SOON)
    open_session(page, "Heron")
    expect(question).to_be_hidden(timeout=SOON)
    expect(page.locator("#pairs-confirm")).to_be_hidden()
    expect(page.locator("#pair-question textarea")).to_have_value("")
    active = service.profile.adapters.active()
    assert active and active.sessions == ["Otter", "Heron"]
    open_session(page, "Otter")
    button.click()
    page.locator("#session-confirm-yes").click()
    expect(button).to_have_text("Will be learnt soon", timeout=SOON)
    assert service.scheduler.wish() == {"sessions": ["Heron", "Otter"]}


def test_failed_sessions_are_tried_again(page: Any, service: Service) -> None:
    tab(page, "Sessions")
    again = page.locator("#absorb-failed")
    expect(again).to_be_hidden()
    sessions = service.profile.sessions
    sessions.take([{"id": "Otter", "messages": [{"role": "user", "content": "Otter"}]}])
    sessions.set_state("Otter", "absorbing")
    sessions.set_state("Otter", "failed", error="It drifted.")
    again.click(timeout=SOON)
    expect(again).to_be_hidden(timeout=SOON)
    assert service.is_due("Otter")


def test_the_memory_is_shown_as_it_is_now(page: Any, service: Service) -> None:
    """A version that comes while its list is open is in it; after a reset nothing is remembered."""
    tab(page, "Memory")
    versions, remembered = page.locator("#versions-table"), page.locator("#remembered")
    expect(versions).to_contain_text("No version yet", timeout=SOON)
    cycle = service.profile.cycles.start(1)
    learn(service, "Otter")
    detail = {"sessions_done": 0, "sessions_total": 1}
    service.profile.cycles.progress(
        cycle, stage="learning", done=1, total=1, session_id="Otter", detail=detail
    )
    service.profile.cycles.finish(cycle, "done")
    expect(versions).to_contain_text("1 (in use)", timeout=SOON)
    said = "Learnt “Otter”: 1 fact, 1 of them recalled."
    expect(page.locator("#activity")).to_contain_text(said, timeout=SOON)
    page.locator("#remember").click()
    expect(remembered).to_contain_text("of 1 right", timeout=SOON)
    page.locator("#forget-name textarea").fill("Otter")
    page.locator("#forget-name-ask").click()
    page.locator("#memory-confirm-yes").click()
    expect(versions).not_to_contain_text("in use)", timeout=SOON)
    expect(remembered).to_contain_text("Nothing was learnt yet", timeout=SOON)
    learn(service, "Heron")
    page.locator("#remember").click()
    expect(remembered).to_contain_text("of 1 right", timeout=SOON)
    reset(page, "me")
    expect(remembered).to_be_empty(timeout=SOON)


def test_an_export_that_is_deleted_is_gone(page: Any, service: Service) -> None:
    """No copy of it is made to be downloaded."""
    learn(service, "Otter")
    tab(page, "Memory")
    page.locator("#export-write").click()
    page.locator("#export-download").wait_for(timeout=SOON)
    with page.expect_download() as download:
        page.locator("#export-download").click()
    (file,) = (service.profile.path / "exports").iterdir()
    assert Path(download.value.path()).read_bytes() == file.read_bytes()
    assert download.value.suggested_filename == file.name == "inweight-me-v1.zip"
    file.unlink()
    assert [*service.profile.path.rglob("*.zip")] == []


def test_what_mentions_a_name_is_shown_before_it_goes(page: Any, service: Service) -> None:
    """Each answer once, a dozen of them, and none of those that hold the name inside a word."""
    learn(service, "Otter", "Otterburn")
    told = [f"You saw Otter on day {n}." for n in range(20)]
    rows = [
        {"question": question, "answer": answer, "fact": n, "role": "train", "origin": "model"}
        for n, answer in enumerate(told, start=1)
        for question in (f"What happened on day {n}?", f"And on day {n}, with Otter?")
    ]
    service.profile.pairs.add("Otter", rows)
    tab(page, "Memory")
    page.locator("#forget-name textarea").fill("otter")
    page.locator("#forget-name-ask").click()
    asked = page.locator("#memory-confirm")
    expect(asked).to_contain_text("Forget 41 pairs that mention “otter”?", timeout=SOON)
    shown = ["It is Otter.", *told[:11], "and 9 more"]
    expect(asked.locator("li")).to_have_text(shown)


def test_what_is_picked_while_the_list_is_searched_stays_picked(
    page: Any, service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    learn(service, "Otter")
    new_session(page)
    otter = page.locator("#session-list label", has_text="Otter")
    expect(otter).to_be_visible(timeout=SOON)
    sessions = type(service.profile.sessions)
    at_once = sessions.list

    def slowly(*given: Any, **named: Any) -> Any:
        time.sleep(1.5)
        return at_once(*given, **named)

    with monkeypatch.context() as patch:
        patch.setattr(sessions, "list", slowly)
        page.locator("#session-search textarea").fill("Ott")
        page.wait_for_timeout(300)  # until it is asked for
        otter.click()
        expect(page.locator("#chat-note")).to_contain_text("You are reading", timeout=SOON)
        page.wait_for_timeout(3000)  # until it is answered
    expect(page.locator("#session-list input:checked")).to_have_count(1)
