"""The main life in a real browser, against the real program as its own process.

Skipped with a reason where Chromium or Playwright is missing. `INWEIGHT_BROWSER_MODEL` names a
model folder to use in place of the default model.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = playwright.expect

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
START, REPLY, LEARN = 600, 180, 1800  # seconds to wait at most
FACT = "My cat is called Biscuit and I live in Ghent."

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `run.py`, serving a fresh data root."""
    home = tmp_path_factory.mktemp("home")
    port = _free_port()
    command = [sys.executable, str(ROOT / "run.py"), "--port", str(port)]
    if model := os.environ.get("INWEIGHT_BROWSER_MODEL"):
        command += ["--model", model]
    # Learning begins when the test asks for it, and the gate lets a small model through.
    gate = {"INWEIGHT_MAX_DRIFT": "1000", "INWEIGHT_MIN_ABSTAIN": "0"}
    env = os.environ | gate | {"INWEIGHT_HOME": str(home), "INWEIGHT_ABSORB_AFTER_SESSIONS": "99"}
    log = home / "program.log"
    with log.open("wb") as output:
        process = subprocess.Popen(command, env=env, cwd=home, stdout=output, stderr=output)
        try:
            _wait_for(f"http://127.0.0.1:{port}/", process, log)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(60)


@pytest.fixture
def page(program: str) -> Iterator[Any]:
    """A page that fails the test when anything but this machine answers it."""
    arguments = ["--no-sandbox", "--disable-background-networking"]
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=arguments)
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        outside: list[str] = []
        page.on("response", lambda r: None if _local(r.url, program) else outside.append(r.url))
        page.goto(program)
        expect(page.locator("#chat-box textarea")).to_be_visible(timeout=60_000)
        page.wait_for_timeout(2000)
        page.locator("#chat-new").click()  # an open session is taken up again by a new page
        expect(page.locator("#chatbot")).to_contain_text("Tell me about yourself")
        yield page
        browser.close()
    assert outside == []


def test_the_main_life(page: Any) -> None:
    """Tell, end, absorb with a reload in the middle, ask in a new session, look, reset."""
    expect(page.locator("#promise")).to_contain_text("a small file of weights on this machine")
    _say(page, FACT)
    page.locator("#chat-end").click()
    expect(page.locator("#session-list")).to_contain_text("waiting", timeout=30_000)

    _open_first_session(page)
    expect(page.locator("#session-transcript")).to_contain_text(FACT)
    _add_pair(page, "What is my cat called?", "Your cat is called Biscuit.")
    page.locator("#absorb-now").click()
    _see_learning(page)
    page.reload()
    _tab(page, "Sessions")
    _see_learning(page)
    learnt = page.locator("#sessions-table .iw-state", has_text=re.compile("^learnt$"))
    expect(learnt).to_have_count(1, timeout=LEARN * 1000)

    _tab(page, "Chat")
    page.locator("#chat-new").click()
    assert _say(page, "What is my cat called?")

    _tab(page, "Memory")
    expect(page.locator("#versions-table")).to_contain_text("1 (in use)")
    _reset(page, "somebody")
    expect(page.locator("#versions-table")).to_contain_text("1 (in use)")
    _reset(page, "me")
    expect(page.locator("#versions-table")).not_to_contain_text("in use)", timeout=60_000)


def test_nothing_is_destroyed_before_the_yes(page: Any) -> None:
    """Erasing asks first; no keeps the session and yes erases it."""
    _say(page, "This goes again.")
    page.locator("#chat-end").click()
    _open_first_session(page)
    page.locator("#session-erase").click()
    page.locator("#session-confirm-no").click()
    expect(page.locator("#session-confirm")).to_be_hidden()
    expect(page.locator("#sessions-table")).to_contain_text("This goes again.")
    page.locator("#session-erase").click()
    page.locator("#session-confirm-yes").click()
    expect(page.locator("#sessions-table")).not_to_contain_text("This goes again.")


def test_off_the_record_is_not_logged(page: Any) -> None:
    """What is said off the record does not appear among the sessions."""
    page.locator("#off-the-record input").check()
    expect(page.locator("#chat-note")).to_contain_text("Off the record")
    _say(page, "A thing that nobody shall keep.")
    _tab(page, "Sessions")
    expect(page.locator("#sessions-table")).not_to_be_empty()
    expect(page.locator("#sessions-table")).not_to_contain_text("nobody shall keep")


def _say(page: Any, text: str) -> str:
    """Send a message and return the whole reply."""
    page.locator("#chat-box textarea").fill(text)
    page.locator("#chat-box textarea").press("Enter")
    expect(page.locator("#chatbot")).to_contain_text(text, timeout=30_000)
    reply = page.locator("#chatbot .bot.message").last
    expect(reply).not_to_have_text(re.compile(r"^\s*(…)?\s*$"), timeout=REPLY * 1000)
    expect(page.locator("#chat-send")).to_be_visible(timeout=REPLY * 1000)
    return str(reply.inner_text())


def _open_first_session(page: Any) -> None:
    _tab(page, "Sessions")
    page.locator("#sessions-table [data-act=open]").first.click()
    expect(page.locator("#session-detail")).to_be_visible()


def _add_pair(page: Any, question: str, answer: str) -> None:
    page.locator("#pair-question textarea").fill(question)
    page.locator("#pair-answer textarea").fill(answer)
    page.locator("#pair-save").click()
    expect(page.locator("#pairs-table")).to_contain_text(answer)


def _see_learning(page: Any) -> None:
    """The bar shows, unless learning was quicker than the eye."""
    moving = page.locator("#learning [role=progressbar], #sessions-table .iw-state.good")
    expect(moving.first).to_be_visible(timeout=60_000)


def _reset(page: Any, name: str) -> None:
    if not page.locator("#reset-do").is_visible():
        page.locator("#reset > button").click()
    page.locator("#reset-name").locator("input, textarea").fill(name)
    page.locator("#reset-do").click()
    page.wait_for_timeout(1000)


def _tab(page: Any, name: str) -> None:
    page.get_by_role("tab", name=name).click()


def _local(url: str, program: str) -> bool:
    return url.startswith((program, "data:", "blob:"))


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(address: str, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + START
    while time.monotonic() < deadline:
        if process.poll() is not None:
            pytest.fail(f"The program ended at its start:\n{log.read_text(errors='replace')}")
        try:
            with urllib.request.urlopen(address, timeout=5):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    pytest.fail(f"The program did not answer in {START} s:\n{log.read_text(errors='replace')}")
