"""What the page does beside the way of a whole life (test_walk.py), in a real browser against the
real program as its own process.

The model is a tiny random one, since no answer matters here; test_browser_default.py asks the real one.
Skipped with a reason where Chromium or Playwright is missing.
"""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.tiny import save_tiny
from tests.browsing import (
    DESKTOP,
    expect,
    needs_chromium,
    new_session,
    open_session,
    opened,
    press,
    replied,
    running,
    say,
    tab,
)

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    with running(home, str(save_tiny(home / "tiny"))) as address:
        yield address


@pytest.fixture
def page(program: str, browser: Any) -> Iterator[Any]:
    with opened(browser, program, viewport=DESKTOP) as page:
        yield page


def test_sessions_are_found_renamed_and_gone_on_with(page: Any) -> None:
    """Search as letters come, another title, and an open session taken up from its page."""
    say(page, "Zanzibar is where I was born.")
    new_session(page)
    say(page, "Something else.")
    found = page.locator("#session-list label")
    expect(found.first).to_contain_text("Something else.", timeout=30_000)
    page.locator("#session-search textarea").fill("zanz")
    expect(found).to_have_count(1, timeout=30_000)
    found.click()
    expect(page.locator("#chat-note")).to_contain_text("You are reading", timeout=30_000)
    page.locator("#session-rename > button").click()
    page.locator("#session-title textarea").fill("My island")
    page.locator("#session-rename-save").click()
    expect(found).to_contain_text("My island", timeout=30_000)

    open_session(page, "Something else.")
    page.locator("#session-go-on").click()
    expect(page.get_by_role("tab", name="Chat")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#chatbot")).to_contain_text("Something else.")
    say(page, "And one thing more.")
    open_session(page, "Something else.")
    expect(page.locator("#session-transcript")).to_contain_text("And one thing more.")


def test_a_session_is_opened_while_the_list_is_read_anew(page: Any) -> None:
    say(page, "Quinces are my favourite fruit.")
    for word in ("quin", "quince", "quinc", "quinces", "qui", "quince"):
        new_session(page)
        expect(page.locator("#session-list input:checked")).to_have_count(0, timeout=30_000)
        page.locator("#session-search textarea").fill(word)
        page.locator("#session-list label", has_text="Quinces").click()
        expect(page.locator("#chat-note")).to_contain_text("You are reading", timeout=10_000)


def test_an_ended_session_goes_on_in_a_new_one(page: Any) -> None:
    """From the list beside the chat and from its own page; its words are there to be read."""
    say(page, "We looked for a canoe.")
    new_session(page)
    page.locator("#session-list label", has_text="a canoe").first.click()
    expect(page.locator("#chat-note")).to_contain_text("You are reading", timeout=30_000)
    expect(page.locator("#write-row")).to_be_hidden()
    page.locator("#chat-go-on").click()
    note = page.locator("#chat-note")
    expect(note).to_contain_text("goes on from “We looked for a canoe.”", timeout=30_000)
    expect(page.locator("#chat-go-on")).to_be_hidden()
    expect(page.locator("#chat-box textarea")).to_be_focused(timeout=30_000)
    say(page, "It was too dear.")
    note.locator("summary").click()
    expect(note.locator(".iw-talk")).to_contain_text("We looked for a canoe.")
    expect(page.locator("#session-list label", has_text="a canoe")).to_have_count(2)
    new_session(page)
    expect(note).to_be_empty()

    open_session(page, "a canoe")
    expect(page.locator("#session-transcript")).not_to_contain_text("We looked")
    page.locator("#session-go-on").click()
    expect(page.get_by_role("tab", name="Chat")).to_have_attribute("aria-selected", "true")
    note.locator("summary").click()
    expect(note.locator(".iw-talk")).to_contain_text("It was too dear.", timeout=30_000)


def test_the_keyboard_is_where_it_is_needed(page: Any) -> None:
    """In the box at the start and in a new session, in a session that is opened, and at the answer
    that destroys nothing."""
    expect(page.locator("#chat-box textarea")).to_be_focused()
    page.keyboard.type("Only keys were used for this.")
    page.keyboard.press("Enter")
    replied(page)
    press(page, "#chat-new")
    expect(page.locator("#chat-box textarea")).to_be_focused(timeout=30_000)
    press(page, "[role=tab]:text-is('Sessions')")
    table = page.locator("#sessions-table")
    expect(table).to_contain_text("Only keys were used", timeout=30_000)  # the list is new by now
    press(page, "#sessions-table [data-act=open]")
    expect(page.locator("#session-about h2")).to_be_focused(timeout=30_000)
    press(page, "#session-erase")
    expect(page.locator("#session-confirm-no")).to_be_focused(timeout=30_000)
    page.keyboard.press("Enter")
    expect(page.locator("#session-confirm")).to_be_hidden()
    expect(page.locator("#sessions-table")).to_contain_text("Only keys were used")


def test_what_is_sent_during_a_reply_is_not_lost(page: Any) -> None:
    """It stays in the box until the reply is there."""
    asked: list[Any] = []  # held back, so that the first reply lasts as long as the test needs
    page.route("**/queue/join*", lambda request: asked.append(request))
    box = page.locator("#chat-box textarea")
    box.fill("The first words.")
    box.press("Enter")
    expect(box).to_have_value("")
    box.fill("The second words.")
    box.press("Enter")
    page.wait_for_timeout(1000)
    for request in asked:
        request.continue_()
    page.unroute("**/queue/join*")
    expect(page.locator("#chatbot")).to_contain_text("The first words.", timeout=30_000)
    replied(page)
    expect(box).to_have_value("The second words.")
    page.wait_for_timeout(1000)
    box.press("Enter")
    expect(page.locator("#chatbot")).to_contain_text("The second words.", timeout=30_000)


def test_a_reply_ends_when_its_person_wants_no_more(browser: Any, tmp_path: Path) -> None:
    """Stop keeps what was said so far; a new session is not overrun by the old one's reply."""
    model = str(save_tiny(tmp_path / "tiny", layers=48))  # slow: a reply of half a minute
    with (
        running(tmp_path, model, INWEIGHT_REPLY_TOKENS="1000") as address,
        opened(browser, address, viewport=DESKTOP) as page,
    ):
        box, chat = page.locator("#chat-box textarea"), page.locator("#chatbot")
        for text, end in (("The first words.", "#chat-stop"), ("The second words.", "#chat-new")):
            box.fill(text)
            box.press("Enter")
            expect(chat).to_contain_text(text, timeout=30_000)
            expect(page.locator("#chat-stop")).to_be_visible()
            page.locator(end).click()
            expect(page.locator("#chat-send")).to_be_visible(timeout=30_000)
            page.wait_for_function("!window.answering")  # until then words stay in the box
        expect(chat).to_contain_text("Tell me about yourself")
        page.wait_for_timeout(2000)
        expect(chat).not_to_contain_text("words.")
        open_session(page, "The first words.")
        expect(page.locator("#session-transcript")).to_contain_text("The second words.")


def test_nothing_is_destroyed_before_the_yes(page: Any) -> None:
    """Erasing asks first; no keeps the session and yes erases it."""
    say(page, "This goes again.")
    new_session(page)
    open_session(page, "This goes again.")
    page.locator("#session-erase").click()
    page.locator("#session-confirm-no").click()
    expect(page.locator("#session-confirm")).to_be_hidden()
    expect(page.locator("#sessions-table")).to_contain_text("This goes again.")
    page.locator("#session-erase").click()
    page.locator("#session-confirm-yes").click()
    expect(page.locator("#sessions-table")).not_to_contain_text("This goes again.")


def test_another_model_is_looked_at_before_it_is_kept(page: Any, tmp_path: Path) -> None:
    """Else the program would not start the next time. The command line's is not what is kept."""
    tab(page, "Settings")
    field = page.locator("#setting-model textarea")
    expect(field).to_have_value("default", timeout=30_000)
    field.fill(str(tmp_path / "nowhere"))
    page.locator("#settings-save").click()
    expect(page.get_by_text("could not be loaded")).to_be_visible(timeout=60_000)
    page.reload()
    tab(page, "Settings")
    expect(field).to_have_value("default", timeout=30_000)
    field.fill(str(save_tiny(tmp_path / "other")))
    page.locator("#settings-save").click()
    expect(page.get_by_text("The settings are saved.")).to_be_visible(timeout=60_000)
    page.reload()
    tab(page, "Settings")
    expect(field).to_have_value(re.compile("other$"), timeout=30_000)
    expect(page.locator("#model-name")).to_contain_text("tiny")


def test_off_the_record_is_not_logged(page: Any) -> None:
    """What is said off the record is in no session, though one that is said after it is."""
    off = page.locator("#off-the-record input")
    off.check()
    expect(page.locator("#chat-note")).to_contain_text("Off the record")
    say(page, "A thing that nobody shall keep.")
    off.uncheck()
    expect(page.locator("#chatbot")).not_to_contain_text("nobody shall keep", timeout=30_000)
    say(page, "A thing to be kept.")
    open_session(page, "A thing to be kept.")
    expect(page.locator("#sessions-table")).not_to_contain_text("nobody shall keep")
    expect(page.locator("#session-transcript")).not_to_contain_text("nobody shall keep")
