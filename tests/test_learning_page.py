"""Learning as its person watches it: the bar, the reload, the cancelling, and who waits in line.

The questions are written by a real HTTP server that answers when the test says so, which makes
learning last as long as a test needs on any machine. Skipped with a reason without Chromium.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bench.tiny import save_tiny
from tests.answering import Server, completion
from tests.browsing import (
    DESKTOP,
    add_pair,
    expect,
    needs_chromium,
    new_session,
    open_session,
    opened,
    running,
    say,
    tab,
)

pytestmark = needs_chromium
SOON = 60_000  # milliseconds; nothing here is slow


@pytest.fixture(scope="module")
def writer() -> Iterator[Server]:
    """Finds no fact in any session, as soon as `go` is set."""
    writer = Server()
    writer.answers = [completion(json.dumps({"facts": []}))]
    yield writer
    writer.close()


@pytest.fixture(scope="module")
def program(writer: Server, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    home = tmp_path_factory.mktemp("home")
    settings = {
        "INWEIGHT_MAX_DRIFT": "1000",
        "INWEIGHT_MIN_ABSTAIN": "0",
        "INWEIGHT_QA_BASE_URL": writer.url,
        "INWEIGHT_QA_MODEL": "m",
    }
    with running(home, str(save_tiny(home / "tiny")), **settings) as address:
        yield address


@pytest.fixture
def page(program: str, browser: Any) -> Iterator[Any]:
    with opened(browser, program, viewport=DESKTOP) as page:
        yield page


def test_cancelled_learning_loses_nothing(page: Any, writer: Server) -> None:
    """It goes on over a reload, its session waits again, and is learnt when asked for once more."""
    writer.go.clear()
    say(page, "My otter is called Olive.")
    new_session(page)
    open_session(page, "My otter")
    add_pair(page, "What is my otter called?", "Olive.")
    page.locator("#absorb-now").click()
    bar, button = page.locator("#learning [role=progressbar]"), page.locator("#absorb-now")
    expect(row(page, "My otter")).to_contain_text("learning", timeout=SOON)
    expect(button).to_have_text("Learning…", timeout=SOON)
    expect(button).to_be_disabled()
    page.reload()
    tab(page, "Sessions")
    expect(bar).to_be_visible(timeout=SOON)
    expect(row(page, "My otter")).to_contain_text("learning", timeout=SOON)
    open_session(page, "My otter")
    page.locator("#learning-cancel").click()
    expect(page.get_by_text("Learning stops at the next safe point")).to_be_visible(timeout=SOON)
    writer.go.set()
    expect(row(page, "My otter")).to_contain_text("waiting", timeout=SOON)
    expect(bar).to_be_hidden()
    expect(button).to_be_enabled(timeout=SOON)
    expect(page.locator("#session-transcript")).to_contain_text("called Olive")
    button.click()
    expect(row(page, "My otter")).to_contain_text("learnt", timeout=5 * SOON)


def test_a_session_asked_for_meanwhile_waits_in_line(page: Any, writer: Server) -> None:
    """Its button says so, both are dealt with, and then it may be asked for again; what is written
    into its page meanwhile stays."""
    writer.go.clear()
    say(page, "The first small talk.")
    page.locator("#chat-end").click()  # ends it, and learning begins without another word
    expect(page.locator("#chatbot")).to_contain_text("Tell me about yourself", timeout=SOON)
    say(page, "The second small talk.")
    new_session(page)
    tab(page, "Sessions")
    expect(row(page, "The first")).to_contain_text("learning", timeout=SOON)
    open_session(page, "The second")
    button = page.locator("#absorb-now")
    button.click()
    expect(button).to_have_text("Will be learnt soon", timeout=SOON)
    expect(button).to_be_disabled()
    page.locator("#learning-cancel").click()  # takes it out of the line, too
    writer.go.set()
    expect(row(page, "The first")).to_contain_text("waiting", timeout=SOON)
    expect(button).to_have_text("Learn now", timeout=SOON)
    writer.go.clear()
    page.locator("#absorb-all").click()
    expect(row(page, "The first")).to_contain_text("learning", timeout=SOON)
    expect(button).to_have_text("Will be learnt soon", timeout=SOON)
    page.locator("#session-new-title textarea").fill("A title half wri")
    writer.go.set()
    for title in ("The first", "The second"):
        expect(row(page, title)).to_contain_text("nothing new", timeout=SOON)
    expect(button).to_have_text("Learn now", timeout=SOON)
    expect(button).to_be_enabled()
    expect(page.locator("#session-new-title textarea")).to_have_value("A title half wri")


def row(page: Any, title: str) -> Any:
    return page.locator("#sessions-table tr", has_text=title)


def test_the_program_ends_while_its_page_is_open(tmp_path: Path, browser: Any) -> None:
    """Within the time that `running` gives it."""
    page = browser.new_page()
    with running(tmp_path, str(save_tiny(tmp_path / "tiny"))) as address:
        page.goto(address)
        expect(page.locator("#promise")).to_be_visible(timeout=SOON)
    page.close()
