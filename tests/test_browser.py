"""A person's life with the page in a real browser, against the real program as its own process.

The model is a tiny random one, since no answer matters here; test_browser_default.py asks the real one.
Skipped with a reason where Chromium, Playwright or (for axe) npm is missing.
"""

import re
import shutil
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.browsing import (
    DESKTOP,
    LEARN,
    PHONE,
    REPLY,
    add_pair,
    edit_last,
    expect,
    learnt,
    needs_chromium,
    new_session,
    open_session,
    opened,
    press,
    replied,
    reset,
    running,
    say,
    see_learning,
    tab,
)
from tests.tiny import save_tiny

FACT = "My cat is called Biscuit and I live in Ghent."
NAMES = "Abena Bohdan Chiara Duarte Eivind Fumiko Gita Hamza Ingrid Joris Kofi Leila".split()
TABS = ("Chat", "Sessions", "Memory", "Settings")

pytestmark = needs_chromium


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the program; its gate lets a small model through."""
    home = tmp_path_factory.mktemp("home")
    gate = {"INWEIGHT_MAX_DRIFT": "1000", "INWEIGHT_MIN_ABSTAIN": "0"}
    with running(home, str(save_tiny(home / "tiny")), **gate) as address:
        yield address


@pytest.fixture
def look() -> dict[str, Any]:
    """How the page is looked at; parametrised by tests that want another way."""
    return {"viewport": DESKTOP}


@pytest.fixture
def page(program: str, browser: Any, look: dict[str, Any]) -> Iterator[Any]:
    with opened(browser, program, **look) as page:
        yield page


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
    say(page, "My dog is called Biscuit.")
    edit_last(page, FACT)
    expect(page.locator("#chatbot")).not_to_contain_text("My dog")
    new_session(page)
    expect(page.locator("#session-list")).to_contain_text("waiting", timeout=30_000)
    open_session(page, FACT)
    expect(page.locator("#session-transcript")).to_contain_text(FACT)
    expect(page.locator("#session-transcript")).not_to_contain_text("My dog")
    add_pair(page, "What is my cat called?", "Your cat is called Buiscit.")
    page.locator("#pairs-table [data-act=edit]").first.click()
    expect(page.locator("#pair-answer textarea")).to_have_value("Your cat is called Buiscit.")
    page.locator("#pair-answer textarea").fill("Your cat is called Biscuit.")
    page.locator("#pair-save").click()
    expect(page.locator("#pairs-table")).to_contain_text("called Biscuit.")
    page.locator("#absorb-now").click()
    see_learning(page)
    page.reload()
    tab(page, "Sessions")
    see_learning(page)
    learnt(page, 1)
    open_session(page, FACT)
    expect(page.locator("#pairs-table")).to_contain_text("other wordings", timeout=30_000)

    tab(page, "Chat")
    say(page, "What is my cat called?")
    page.locator("#chat-end").click()  # ends and learns without another word
    tab(page, "Sessions")
    ended = page.locator("#sessions-table tr", has_text="What is my cat called?")
    expect(ended).to_contain_text(re.compile("learnt|nothing new"), timeout=LEARN * 1000)

    tab(page, "Memory")
    _say_and_learn(page, "My sister Nora is a nurse.", "Who is Nora?", "Nora is your sister.")
    _compare_and_go_back(page)
    _correct(page, "Who is Nora?", "Nora is your sister, a nurse.")
    _export(page, tmp_path)
    reset(page, "somebody")
    expect(page.locator("#versions-table")).to_contain_text("in use)")
    reset(page, "me")
    expect(page.locator("#versions-table")).not_to_contain_text("in use)", timeout=60_000)


def test_cancelled_learning_loses_nothing(page: Any) -> None:
    """The session waits again, says so, and is learnt when it is asked for once more."""
    said = " ".join(f"My friend {name} lives in {name}ville." for name in NAMES)
    say(page, said)
    new_session(page)
    open_session(page, NAMES[0])
    page.locator("#absorb-now").click()
    page.locator("#learning-cancel").click(timeout=60_000)
    row = page.locator("#sessions-table tr", has_text=NAMES[0])
    expect(row).to_contain_text("waiting", timeout=LEARN * 1000)
    expect(page.locator("#session-transcript")).to_contain_text(NAMES[-1])
    page.locator("#absorb-now").click()
    expect(row).to_contain_text("learnt", timeout=LEARN * 1000)


def test_sessions_are_found_renamed_and_gone_on_with(page: Any) -> None:
    """Search as letters come, another title, and an open session taken up from its page."""
    say(page, "Zanzibar is where I was born.")
    new_session(page)
    say(page, "Something else.")
    page.locator("#session-search textarea").fill("zanz")
    found = page.locator("#session-list label")
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


@pytest.mark.parametrize("look", [{"viewport": PHONE, "has_touch": True}])
def test_a_phone_shows_all_without_scrolling_sideways(page: Any) -> None:
    """The promise comes first, the box is on the first screen, and no tab is too wide."""
    promise, box = (page.locator(id).bounding_box() for id in ("#promise", "#chat-box"))
    assert promise["y"] < box["y"] and box["y"] + box["height"] <= PHONE["height"]
    say(page, "A word of " + "many" * 40 + " letters.")
    new_session(page)
    for name in TABS:
        tab(page, name)
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
    replied(page)
    press(page, "#chat-new")
    expect(page.locator("#chat-box textarea")).to_be_focused(timeout=30_000)
    press(page, "[role=tab]:text-is('Sessions')", back=True)
    expect(page.locator("#sessions-table [data-act=open]").first).to_be_visible()
    press(page, "#sessions-table [data-act=open]")
    expect(page.locator("#session-about h2")).to_be_focused(timeout=30_000)
    press(page, "#session-erase")
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
    say(page, "Something to look at.")
    page.evaluate(axe)
    for name in TABS:
        tab(page, name)
        if name == "Sessions":
            open_session(page, "Something to look at.")
        page.wait_for_timeout(1000)
        # Gradio's own passing notices are not ours to mend.
        look_at = "{exclude: [['[class*=toast]']]}"
        found = page.evaluate(f"async () => (await axe.run({look_at})).violations")
        grave = [v for v in found if v["impact"] in ("serious", "critical")]
        assert not grave, (name, [(v["id"], v["nodes"][0]["html"][:200]) for v in grave])


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


def test_off_the_record_is_not_logged(page: Any) -> None:
    """What is said off the record does not appear among the sessions."""
    page.locator("#off-the-record input").check()
    expect(page.locator("#chat-note")).to_contain_text("Off the record")
    say(page, "A thing that nobody shall keep.")
    tab(page, "Sessions")
    expect(page.locator("#sessions-table")).not_to_be_empty()
    expect(page.locator("#sessions-table")).not_to_contain_text("nobody shall keep")


def _say_and_learn(page: Any, text: str, question: str, answer: str) -> None:
    """A second session with a pair of its own, so that there are two versions."""
    tab(page, "Chat")
    say(page, text)
    new_session(page)
    open_session(page, text)
    add_pair(page, question, answer)
    page.locator("#absorb-now").click()
    row = page.locator("#sessions-table tr", has_text=text)
    expect(row).to_contain_text("learnt", timeout=LEARN * 1000)


def _compare_and_go_back(page: Any) -> None:
    """The newest version beside the one it was made from, then that one in use."""
    tab(page, "Memory")
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
    open_session(page, "My sister Nora is a nurse.")
    expect(page.locator("#session-about")).to_contain_text("learnt in", timeout=LEARN * 1000)
    expect(page.locator("#pairs-table")).to_contain_text(answer)


def _export(page: Any, folder: Path) -> None:
    tab(page, "Memory")
    page.locator("#export-write").click()
    page.locator("#export-download").wait_for(timeout=60_000)
    with page.expect_download() as download:
        page.locator("#export-download").click()
    download.value.save_as(folder / "adapter.zip")
    with zipfile.ZipFile(folder / "adapter.zip") as packed:
        assert any(name.endswith("adapter_model.safetensors") for name in packed.namelist())
