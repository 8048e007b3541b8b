"""What the browser tests share: the program as its own process, and a person's moves on its page."""

import os
import re
import shutil
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import pytest
import uvicorn

from agent.api import create_api
from agent.service import Service
from ui.app import mount

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = playwright.expect

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
START, REPLY, LEARN = 600, 180, 1800  # seconds to wait at most
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@contextmanager
def running(home: Path, model: str, **settings: str) -> Iterator[str]:
    """The address of `run.py`, serving a data root; learning begins when the test asks for it."""
    port = _free_port()
    command = [sys.executable, str(ROOT / "run.py"), "--port", str(port), "--model", model]
    own = {"INWEIGHT_HOME": str(home), "INWEIGHT_ABSORB_AFTER_SESSIONS": "99"}
    own["OMP_NUM_THREADS"] = str(max(1, (os.cpu_count() or 1) - 1))  # a core for the browser
    log = home / "program.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, env=os.environ | own | settings, cwd=home, stdout=output, stderr=output
        )
        try:
            _wait_for(f"http://127.0.0.1:{port}/", process, log)
            yield f"http://127.0.0.1:{port}/"
        finally:
            process.terminate()
            process.wait(60)


@contextmanager
def served(service: Service) -> Iterator[str]:
    """The address of the page over a service of the test's own, which learns nothing by itself."""
    config = uvicorn.Config(mount(create_api(service), service), port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}/"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def opened(browser: Any, address: str, **look: Any) -> Iterator[Any]:
    """A page that fails the test when anything but this machine answers it."""
    outside: list[str] = []
    with closing(browser.new_context(**look)) as context:
        page = context.new_page()
        page.on("response", lambda r: None if _local(r.url, address) else outside.append(r.url))
        page.goto(address)
        expect(page.locator("#chat-box textarea")).to_be_visible(timeout=60_000)
        expect(page.locator("#promise")).to_be_visible(timeout=60_000)
        page.wait_for_timeout(1000)
        new_session(page)  # an open session is taken up again by a new page
        yield page
    assert outside == []


def say(page: Any, text: str) -> str:
    """Send a message and return the whole reply."""
    page.locator("#chat-box textarea").fill(text)
    page.locator("#chat-box textarea").press("Enter")
    expect(page.locator("#chatbot")).to_contain_text(text, timeout=30_000)
    return replied(page)


def replied(page: Any) -> str:
    """Wait for the end of the reply, and return it. Random weights may answer with nothing."""
    page.wait_for_timeout(500)
    page.wait_for_function("!window.answering", timeout=REPLY * 1000)
    expect(page.locator("#chat-send")).to_be_visible(timeout=REPLY * 1000)
    made = page.locator("#chatbot .bot.message")
    return str(made.last.inner_text()) if made.count() else ""


def new_session(page: Any) -> None:
    page.locator("#chat-new").click()
    expect(page.locator("#chatbot")).to_contain_text("Tell me about yourself", timeout=30_000)
    page.wait_for_timeout(500)


def open_session(page: Any, title: str) -> None:
    tab(page, "Sessions")
    page.locator("#sessions-table [data-act=open]", has_text=title).first.click()
    expect(page.locator("#session-about")).to_contain_text(title, timeout=30_000)


def add_pair(page: Any, question: str, answer: str) -> None:
    page.locator("#pair-question textarea").fill(question)
    page.locator("#pair-answer textarea").fill(answer)
    page.locator("#pair-save").click()
    expect(page.locator("#pairs-table")).to_contain_text(answer)


def see_learning(page: Any) -> None:
    """The bar shows, unless learning was quicker than the eye."""
    moving = page.locator("#learning [role=progressbar], #sessions-table .iw-state.good")
    expect(moving.first).to_be_visible(timeout=60_000)


def learnt(page: Any, count: int) -> None:
    learnt = page.locator("#sessions-table .iw-state", has_text=re.compile("^learnt$"))
    expect(learnt).to_have_count(count, timeout=LEARN * 1000)


def reset(page: Any, name: str) -> None:
    if not page.locator("#reset-do").is_visible():
        page.locator("#reset > button").click()
        page.wait_for_timeout(500)  # until the form is unfolded
    page.locator("#reset-name").locator("input, textarea").fill(name)
    page.locator("#reset-do").click()
    page.wait_for_timeout(1000)


def press(page: Any, selector: str) -> None:
    """Go to a control by Tab alone, and press Enter on it."""
    reach(page, selector)
    page.keyboard.press("Enter")


def reach(page: Any, selector: str) -> None:
    """Go to a control by Tab alone; the page begins again behind its end."""
    wanted = page.locator(selector).first
    expect(wanted).to_be_visible(timeout=30_000)
    for _ in range(200):
        if wanted.evaluate("e => e === document.activeElement"):
            return
        page.keyboard.press("Tab")
    pytest.fail(f"The keyboard does not reach {selector}.")


class Mouse:
    """A person who points, or taps."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def do(self, selector: str) -> None:
        self.page.locator(selector).first.click()

    def write(self, selector: str, text: str) -> None:
        self.page.locator(selector).fill(text)


class Keys:
    """A person who has a keyboard and nothing else."""

    def __init__(self, page: Any) -> None:
        self.page = page

    def do(self, selector: str) -> None:
        press(self.page, selector)

    def write(self, selector: str, text: str) -> None:
        reach(self.page, selector)
        self.page.keyboard.press("Control+A")
        self.page.keyboard.type(text)


def tab(page: Any, name: str) -> None:
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
            with urllib.request.urlopen(address, timeout=60):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    pytest.fail(f"The program did not answer in {START} s:\n{log.read_text(errors='replace')}")
