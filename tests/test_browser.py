"""A person's life with the page in a real browser, against the real program as its own process.

The model is a tiny random one, since no answer matters here; `INWEIGHT_BROWSER_MODEL` names
another. Skipped with a reason where Chromium, Playwright or (for axe) npm is missing.
"""

import os
import re
import shutil
import socket
import subprocess
import sys
import tarfile
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.tiny import save_tiny

playwright = pytest.importorskip("playwright.sync_api", reason="Playwright is not installed")
expect = playwright.expect

ROOT = Path(__file__).resolve().parent.parent
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
START, REPLY, LEARN = 600, 180, 1800  # seconds to wait at most
FACT = "My cat is called Biscuit and I live in Ghent."
TABS = ("Chat", "Sessions", "Memory", "Settings")
DESKTOP, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="Chromium is not installed")


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of `run.py`, serving a fresh data root."""
    home = tmp_path_factory.mktemp("home")
    model = os.environ.get("INWEIGHT_BROWSER_MODEL") or str(save_tiny(home / "tiny"))
    port = _free_port()
    command = [sys.executable, str(ROOT / "run.py"), "--port", str(port), "--model", model]
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


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    arguments = ["--no-sandbox", "--disable-background-networking"]
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def look() -> dict[str, Any]:
    """How the page is looked at; parametrised by tests that want another way."""
    return {"viewport": DESKTOP}


@pytest.fixture
def page(program: str, browser: Any, look: dict[str, Any]) -> Iterator[Any]:
    """A page that fails the test when anything but this machine answers it."""
    context = browser.new_context(**look)
    page = context.new_page()
    outside: list[str] = []
    page.on("response", lambda r: None if _local(r.url, program) else outside.append(r.url))
    page.goto(program)
    expect(page.locator("#chat-box textarea")).to_be_visible(timeout=60_000)
    expect(page.locator("#promise")).to_be_visible(timeout=60_000)
    page.wait_for_timeout(1000)
    _new_session(page)  # an open session is taken up again by a new page
    yield page
    context.close()
    assert outside == []


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe, fetched by npm; it is no part of the project."""
    if not (npm := shutil.which("npm")):
        pytest.skip("npm, which fetches axe, is not installed")
    folder = tmp_path_factory.mktemp("axe")
    fetched = subprocess.run(
        [npm, "pack", "axe-core", "--silent"],
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
    )
    if fetched.returncode:
        pytest.skip(f"npm could not fetch axe: {fetched.stderr.strip()[-200:]}")
    with tarfile.open(next(folder.glob("*.tgz"))) as packed:
        source = packed.extractfile("package/axe.min.js")
        assert source
        return source.read().decode()


def test_the_main_life(page: Any, tmp_path: Path) -> None:
    """Tell, end, mend a pair, learn with a reload in the middle, ask, compare, go back, correct,
    export, reset."""
    _say(page, "My dog is called Biscuit.")
    _edit_last(page, FACT)
    expect(page.locator("#chatbot")).not_to_contain_text("My dog")
    _new_session(page)
    expect(page.locator("#session-list")).to_contain_text("waiting", timeout=30_000)
    _open_session(page, FACT)
    expect(page.locator("#session-transcript")).to_contain_text(FACT)
    expect(page.locator("#session-transcript")).not_to_contain_text("My dog")
    _add_pair(page, "What is my cat called?", "Your cat is called Buiscit.")
    page.locator("#pairs-table [data-act=edit]").first.click()
    expect(page.locator("#pair-answer textarea")).to_have_value("Your cat is called Buiscit.")
    page.locator("#pair-answer textarea").fill("Your cat is called Biscuit.")
    page.locator("#pair-save").click()
    expect(page.locator("#pairs-table")).to_contain_text("called Biscuit.")
    page.locator("#absorb-now").click()
    _see_learning(page)
    page.reload()
    _tab(page, "Sessions")
    _see_learning(page)
    _learnt(page, 1)

    _tab(page, "Chat")
    _say(page, "What is my cat called?")
    page.locator("#chat-end").click()  # ends and learns without another word
    _tab(page, "Sessions")
    ended = page.locator("#sessions-table tr", has_text="What is my cat called?")
    expect(ended).to_contain_text(re.compile("learnt|nothing new"), timeout=LEARN * 1000)

    _tab(page, "Memory")
    _say_and_learn(page, "My sister Nora is a nurse.", "Who is Nora?", "Nora is your sister.")
    _compare_and_go_back(page)
    _correct(page, "Who is Nora?", "Nora is your sister, a nurse.")
    _export(page, tmp_path)
    _reset(page, "somebody")
    expect(page.locator("#versions-table")).to_contain_text("in use)")
    _reset(page, "me")
    expect(page.locator("#versions-table")).not_to_contain_text("in use)", timeout=60_000)


def test_sessions_are_found_renamed_and_gone_on_with(page: Any) -> None:
    """Search as letters come, another title, and an open session taken up from its page."""
    _say(page, "Zanzibar is where I was born.")
    _new_session(page)
    _say(page, "Something else.")
    page.locator("#session-search textarea").fill("zanz")
    found = page.locator("#session-list label")
    expect(found).to_have_count(1, timeout=30_000)
    found.click()
    expect(page.locator("#chat-note")).to_contain_text("You are reading", timeout=30_000)
    page.locator("#session-rename > button").click()
    page.locator("#session-title textarea").fill("My island")
    page.locator("#session-rename-save").click()
    expect(found).to_contain_text("My island", timeout=30_000)

    _open_session(page, "Something else.")
    page.locator("#session-go-on").click()
    expect(page.get_by_role("tab", name="Chat")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#chatbot")).to_contain_text("Something else.")
    _say(page, "And one thing more.")
    _open_session(page, "Something else.")
    expect(page.locator("#session-transcript")).to_contain_text("And one thing more.")


@pytest.mark.parametrize("look", [{"viewport": PHONE, "has_touch": True}])
def test_a_phone_shows_all_without_scrolling_sideways(page: Any) -> None:
    """The promise comes first, the box is on the first screen, and no tab is too wide."""
    promise, box = (page.locator(id).bounding_box() for id in ("#promise", "#chat-box"))
    assert promise["y"] < box["y"] and box["y"] + box["height"] <= PHONE["height"]
    _say(page, "A word of " + "many" * 40 + " letters.")
    _new_session(page)
    for name in TABS:
        _tab(page, name)
        page.wait_for_timeout(700)
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], name


@pytest.mark.parametrize("look", [{"viewport": DESKTOP, "color_scheme": "dark"}])
def test_dark_mode_is_dark(page: Any) -> None:
    """Behind the text and in the boxes alike."""
    for place in ("body", "#chatbot", "#chat-box textarea"):
        colour = page.locator(place).first.evaluate("e => getComputedStyle(e).backgroundColor")
        assert max(map(int, re.findall(r"\d+", colour)[:3])) < 80, (place, colour)


def test_the_keyboard_is_enough(page: Any) -> None:
    """Write, begin anew, look into a session and ask to erase it, and not do it: no mouse."""
    expect(page.locator("#chat-box textarea")).to_be_focused()
    page.keyboard.type("Only keys were used for this.")
    page.keyboard.press("Enter")
    _replied(page)
    _press(page, "#chat-new")
    expect(page.locator("#chat-box textarea")).to_be_focused(timeout=30_000)
    _press(page, "[role=tab]:text-is('Sessions')", back=True)
    expect(page.locator("#sessions-table [data-act=open]").first).to_be_visible()
    _press(page, "#sessions-table [data-act=open]")
    expect(page.locator("#session-about h2")).to_be_focused(timeout=30_000)
    _press(page, "#session-erase")
    expect(page.locator("#session-confirm-no")).to_be_focused(timeout=30_000)
    page.keyboard.press("Enter")
    expect(page.locator("#session-confirm")).to_be_hidden()
    expect(page.locator("#sessions-table")).to_contain_text("Only keys were used")


@pytest.mark.parametrize(
    "look",
    [
        {"viewport": DESKTOP},
        {"viewport": DESKTOP, "color_scheme": "dark"},
        {"viewport": PHONE},
    ],
    ids=["light", "dark", "phone"],
)
def test_axe_finds_nothing_serious(page: Any, axe: str) -> None:
    """On every tab, with a conversation, an open session and the versions in view."""
    _say(page, "Something to look at.")
    page.evaluate(axe)
    for name in TABS:
        _tab(page, name)
        if name == "Sessions":
            _open_session(page, "Something to look at.")
        page.wait_for_timeout(1000)
        # Gradio's own passing notices are not ours to mend.
        look_at = "{exclude: [['[class*=toast]']]}"
        found = page.evaluate(f"async () => (await axe.run({look_at})).violations")
        grave = [v for v in found if v["impact"] in ("serious", "critical")]
        assert not grave, (name, [(v["id"], v["nodes"][0]["html"][:200]) for v in grave])


def test_what_is_sent_during_a_reply_is_not_lost(page: Any) -> None:
    """It stays in the box until the reply is there."""
    box = page.locator("#chat-box textarea")
    box.fill("The first words.")
    box.press("Enter")
    expect(box).to_have_value("")
    box.fill("The second words.")
    box.press("Enter")
    expect(page.locator("#chatbot")).to_contain_text("The first words.", timeout=30_000)
    _replied(page)
    expect(box).to_have_value("The second words.")
    page.wait_for_timeout(1000)
    box.press("Enter")
    expect(page.locator("#chatbot")).to_contain_text("The second words.", timeout=30_000)


def test_nothing_is_destroyed_before_the_yes(page: Any) -> None:
    """Erasing asks first; no keeps the session and yes erases it."""
    _say(page, "This goes again.")
    _new_session(page)
    _open_session(page, "This goes again.")
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
    return _replied(page)


def _replied(page: Any) -> str:
    """Wait for the end of the reply, and return it. Random weights may answer with nothing."""
    page.wait_for_timeout(500)
    expect(page.locator("#chat-send")).to_be_visible(timeout=REPLY * 1000)
    return str(page.locator("#chatbot .bot.message").last.inner_text())


def _edit_last(page: Any, text: str) -> None:
    """Put other words in place of the last message that was sent."""
    page.locator("#chatbot button[aria-label=Edit]").last.click()
    page.locator("#chatbot textarea").fill(text)
    page.locator("#chatbot button[aria-label=Submit]").click()
    expect(page.locator("#chatbot")).to_contain_text(text, timeout=30_000)
    _replied(page)


def _new_session(page: Any) -> None:
    page.locator("#chat-new").click()
    expect(page.locator("#chatbot")).to_contain_text("Tell me about yourself", timeout=30_000)
    page.wait_for_timeout(500)


def _open_session(page: Any, title: str) -> None:
    _tab(page, "Sessions")
    page.locator("#sessions-table [data-act=open]", has_text=title).first.click()
    expect(page.locator("#session-about")).to_contain_text(title, timeout=30_000)


def _add_pair(page: Any, question: str, answer: str) -> None:
    page.locator("#pair-question textarea").fill(question)
    page.locator("#pair-answer textarea").fill(answer)
    page.locator("#pair-save").click()
    expect(page.locator("#pairs-table")).to_contain_text(answer)


def _see_learning(page: Any) -> None:
    """The bar shows, unless learning was quicker than the eye."""
    moving = page.locator("#learning [role=progressbar], #sessions-table .iw-state.good")
    expect(moving.first).to_be_visible(timeout=60_000)


def _learnt(page: Any, count: int) -> None:
    learnt = page.locator("#sessions-table .iw-state", has_text=re.compile("^learnt$"))
    expect(learnt).to_have_count(count, timeout=LEARN * 1000)


def _say_and_learn(page: Any, text: str, question: str, answer: str) -> None:
    """A second session with a pair of its own, so that there are two versions."""
    _tab(page, "Chat")
    _say(page, text)
    _new_session(page)
    _open_session(page, text)
    _add_pair(page, question, answer)
    page.locator("#absorb-now").click()
    row = page.locator("#sessions-table tr", has_text=text)
    expect(row).to_contain_text("learnt", timeout=LEARN * 1000)


def _compare_and_go_back(page: Any) -> None:
    """The newest version beside the one it was made from, then that one in use."""
    _tab(page, "Memory")
    rows = page.locator("#versions-table tbody tr")
    expect(rows).not_to_have_count(1, timeout=30_000)
    expect(rows.first).to_contain_text("(in use)")
    newest = rows.first.locator("td").first.inner_text().split()[0]
    rows.first.locator("[data-act=compare]").click()
    expect(page.locator("#comparison")).to_contain_text(f"Only in version {newest}")
    expect(page.locator("#comparison")).to_contain_text("My sister Nora is a nurse.")
    use = page.locator("#versions-table [data-act=use]").first
    earlier = use.get_attribute("data-id")
    use.click()
    expect(page.locator("#versions-table [aria-current=true]")).to_contain_text(
        f"{earlier} (in use)"
    )
    page.locator(f"#versions-table [data-act=use][data-id='{newest}']").click()
    expect(page.locator("#versions-table [aria-current=true]")).to_contain_text(
        f"{newest} (in use)"
    )


def _correct(page: Any, question: str, answer: str) -> None:
    """Ask the weights, mend one answer, and see the session learnt again with it."""
    page.locator("#remember").click()
    row = page.locator("#remembered tr", has_text=question)
    expect(row).to_be_visible(timeout=REPLY * 1000)
    expect(page.locator("#remembered")).not_to_contain_text("still asking", timeout=REPLY * 1000)
    row.locator("[data-act=correct]").click()
    page.locator("#correct-answer textarea").fill(answer)
    page.locator("#correct-save").click()
    expect(page.locator("#correct-form")).to_be_hidden(timeout=30_000)
    page.wait_for_timeout(1000)
    _open_session(page, "My sister Nora is a nurse.")
    expect(page.locator("#session-about")).to_contain_text("learnt in", timeout=LEARN * 1000)
    expect(page.locator("#pairs-table")).to_contain_text(answer)


def _export(page: Any, folder: Path) -> None:
    _tab(page, "Memory")
    page.locator("#export-write").click()
    page.locator("#export-download").wait_for(timeout=60_000)
    with page.expect_download() as download:
        page.locator("#export-download").click()
    download.value.save_as(folder / "adapter.zip")
    with zipfile.ZipFile(folder / "adapter.zip") as packed:
        assert any(name.endswith("adapter_model.safetensors") for name in packed.namelist())


def _reset(page: Any, name: str) -> None:
    if not page.locator("#reset-do").is_visible():
        page.locator("#reset > button").click()
    page.locator("#reset-name").locator("input, textarea").fill(name)
    page.locator("#reset-do").click()
    page.wait_for_timeout(1000)


def _press(page: Any, selector: str, *, back: bool = False) -> None:
    """Go to a control by Tab alone, and press Enter on it."""
    wanted = page.locator(selector).first
    for _ in range(120):
        if wanted.evaluate("e => e === document.activeElement"):
            page.keyboard.press("Enter")
            return
        page.keyboard.press("Shift+Tab" if back else "Tab")
    pytest.fail(f"The keyboard does not reach {selector}.")


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
            with urllib.request.urlopen(address, timeout=60):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.5)
    pytest.fail(f"The program did not answer in {START} s:\n{log.read_text(errors='replace')}")
