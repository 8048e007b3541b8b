"""A person's whole life with the page, in a real browser against the real program: from the first
start to the reset, at a desk, on a phone, in the dark and with nothing but the keyboard.

The model is a tiny random one, since no answer matters here; test_browser_default.py asks the real one.
At each place axe looks for what shuts people out, and nothing may be wider than the screen.
Skipped with a reason where Chromium or Playwright is missing; axe is left out where npm is.
"""

import re
import shutil
import subprocess
import tarfile
import warnings
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.rewind import alone
from bench.tiny import save_tiny
from storage.profiles import Profile
from tests.browsing import (
    DESKTOP,
    LEARN,
    PHONE,
    REPLY,
    Keys,
    Mouse,
    expect,
    learnt,
    needs_chromium,
    opened,
    replied,
    running,
    see_learning,
)

FACT = "My cat is called Biscuit and I live in Ghent."
ASKED = "What is my cat called, " + "many" * 40 + "?"
OWN = "Who is Nora?"
TABS = ("Chat", "Sessions", "Memory", "Settings")
LOOKS = {
    "desktop": ({"viewport": DESKTOP}, Mouse),
    "phone": ({"viewport": PHONE, "has_touch": True, "is_mobile": True}, Mouse),
    "dark": ({"viewport": DESKTOP, "color_scheme": "dark"}, Mouse),
    "keyboard": ({"viewport": DESKTOP}, Keys),
}

# Texts that begin or end beside a screen of so many pixels.
CUT_OFF = """(width) => {
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), cut = [];
  while (texts.nextNode()) {
    const text = texts.currentNode, range = document.createRange();
    if (!text.parentElement.checkVisibility() || text.parentElement.closest('[class*=toast]')) continue;
    range.selectNodeContents(text);
    const over = [...range.getClientRects()].some(box => box.left < 0 || box.right > width);
    if (over) cut.push(text.data);
  }
  return cut;
}"""

pytestmark = needs_chromium


@pytest.fixture
def program(tmp_path: Path) -> Iterator[str]:
    """A program at its very first start; its gate lets a small model through."""
    gate = {"INWEIGHT_MAX_DRIFT": "1000", "INWEIGHT_MIN_ABSTAIN": "0"}
    with running(tmp_path, str(save_tiny(tmp_path / "tiny")), **gate) as address:
        yield address


@pytest.fixture(scope="module")
def axe(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The source of axe, fetched by npm, which is no part of the project; empty without it."""
    folder = tmp_path_factory.mktemp("axe")
    npm = shutil.which("npm")
    fetch = [npm or "npm", "pack", "axe-core", "--silent"]
    if not npm or subprocess.run(fetch, cwd=folder, timeout=120, check=False).returncode:
        warnings.warn("npm could not fetch axe: it did not look at the page", stacklevel=1)
        return ""
    with tarfile.open(next(folder.glob("*.tgz"))) as packed:
        source = packed.extractfile("package/axe.min.js")
        assert source
        return source.read().decode()


@pytest.mark.parametrize("look", LOOKS)
def test_the_whole_life(program: str, browser: Any, axe: str, tmp_path: Path, look: str) -> None:
    how, hand = LOOKS[look]
    with opened(browser, program, **how) as page:
        walk = Walk(page, hand(page), axe)
        walk.first_start(dark=look == "dark")
        walk.chat_and_end()
        walk.mend_a_pair()
        with alone(Profile(tmp_path, "me")):  # or it could be learnt before the button is seen
            walk.learn_once()
        walk.see_it_learnt()
        walk.ask_in_a_new_session()
        walk.correct_a_memory()
        walk.go_back()
        walk.export(tmp_path)
        walk.settings()
        walk.reset()


class Walk:
    """The steps of one life; each begins where the one before it ended."""

    def __init__(self, page: Any, hand: Mouse | Keys, axe: str) -> None:
        self.page, self.hand, self.axe = page, hand, axe
        self.sessions = 1

    def first_start(self, *, dark: bool) -> None:
        """The promise above the box, both on the first screen, the right colours, and a word on
        what to do on every tab that has nothing yet."""
        promise, box = (self.page.locator(id).bounding_box() for id in ("#promise", "#chat-box"))
        assert promise["y"] < box["y"]
        assert box["y"] + box["height"] <= self.page.viewport_size["height"]
        for place in ("body", "#chatbot", "#chat-box textarea"):
            ground = self.page.locator(place).first
            colour = ground.evaluate("e => getComputedStyle(e).backgroundColor")
            assert (max(map(int, re.findall(r"\d+", colour)[:3])) < 80) == dark, (place, colour)
        for name, empty in (("Sessions", "No sessions yet"), ("Memory", "No version yet")):
            self.tab(name)
            expect(self.page.get_by_text(empty)).to_be_visible(timeout=30_000)
            self.looks_right(name)
        for offer in ("#compare-versions", "#use-bare"):
            expect(self.page.locator(offer)).to_be_hidden()
        self.tab("Chat")

    def chat_and_end(self) -> None:
        """A message is sent, put in other words, and its session ended."""
        chat = self.page.locator("#chatbot")
        self.say("My dog is called Biscuit.")
        self.hand.do("#chatbot button[aria-label=Edit]")
        self.hand.write("#chatbot textarea", FACT)
        self.hand.do("#chatbot button[aria-label=Submit]")
        expect(chat).to_contain_text(FACT, timeout=30_000)
        expect(chat).not_to_contain_text("My dog")
        replied(self.page)
        self.looks_right("Chat")
        self.hand.do("#chat-new")
        expect(self.page.locator("#session-list")).to_contain_text("waiting", timeout=30_000)

    def mend_a_pair(self) -> None:
        """A pair of one's own, with a slip that is mended."""
        self.open(FACT)
        said = self.page.locator("#session-transcript")
        expect(said).to_contain_text(FACT)
        expect(said).not_to_contain_text("My dog")
        answer, pairs = (
            self.page.locator("#pair-answer textarea"),
            self.page.locator("#pairs-table"),
        )
        self.hand.write("#pair-question textarea", OWN)
        self.hand.write("#pair-answer textarea", "Nora is your brother.")
        self.hand.do("#pair-save")
        expect(pairs).to_contain_text("your brother")
        self.hand.do("#pairs-table [data-act=edit]")
        expect(answer).to_have_value("Nora is your brother.")
        expect(answer).to_be_focused(timeout=30_000)
        self.hand.write("#pair-answer textarea", "Nora is your sister.")
        self.hand.do("#pair-save")
        expect(pairs).to_contain_text("your sister")
        self.looks_right("Sessions")

    def learn_once(self) -> None:
        """The session cannot be asked for twice."""
        self.hand.do("#absorb-now")
        expect(self.page.locator("#absorb-now")).to_be_disabled(timeout=30_000)

    def see_it_learnt(self) -> None:
        """The bar is still there after a reload."""
        see_learning(self.page)
        self.page.reload()
        self.tab("Sessions")
        see_learning(self.page)
        learnt(self.page, 1)
        self.open(FACT)
        expect(self.page.locator("#pairs-table")).to_contain_text("other wordings", timeout=30_000)
        expect(self.page.locator("#absorb-now")).to_be_enabled()
        self.looks_right("Sessions")

    def ask_in_a_new_session(self) -> None:
        """What was learnt is asked for with nothing in the chat; both answers side by side."""
        self.tab("Chat")
        self.hand.do("#chat-new")
        expect(self.page.locator("#chatbot")).to_contain_text("Tell me", timeout=30_000)
        self.say(ASKED)
        self.sessions = 2
        self.hand.do("#chat-compare")
        expect(self.page.locator("#without-memory")).to_be_visible(timeout=REPLY * 1000)
        self.looks_right("Chat")

    def correct_a_memory(self) -> None:
        """Ask the weights, mend one answer, and see the session learnt again with it."""
        self.tab("Memory")
        expect(self.page.locator("#versions-table tbody tr")).to_have_count(1, timeout=30_000)
        expect(self.page.locator("[data-act=compare]")).to_have_count(0)
        expect(self.page.locator("#compare-versions")).to_be_hidden()
        self.hand.do("#remember")
        said = self.page.locator("#remembered")
        expect(said).to_contain_text(OWN, timeout=REPLY * 1000)
        expect(said).to_contain_text("What do you know about me?")
        expect(said).not_to_contain_text("still asking", timeout=REPLY * 1000)
        self.hand.do(f"#remembered tr:has-text('{OWN}') [data-act=correct]")
        expect(self.page.locator("#correct-answer textarea")).to_be_focused(timeout=30_000)
        self.hand.write("#correct-answer textarea", "Nora is your sister, a nurse.")
        self.hand.do("#correct-save")
        expect(self.page.locator("#correct-form")).to_be_hidden(timeout=30_000)
        self.open(FACT)
        about = self.page.locator("#session-about")
        expect(about).to_contain_text("learnt in version 2", timeout=LEARN * 1000)
        expect(self.page.locator("#pairs-table")).to_contain_text("a nurse")

    def go_back(self) -> None:
        """The two versions side by side, then the first one in use."""
        self.tab("Memory")
        self.hand.do("#versions-table [data-act=compare]")
        compared = self.page.locator("#comparison")
        expect(compared).to_contain_text("1 session in both", timeout=30_000)
        self.looks_right("Memory")
        self.hand.do("#versions-table [data-act=use][data-id='1']")
        used = self.page.locator("#versions-table [aria-current=true]")
        expect(used).to_contain_text("1 (in use)", timeout=30_000)

    def export(self, folder: Path) -> None:
        """The weights as a file."""
        self.hand.do("#export-write")
        self.page.locator("#export-download").wait_for(timeout=60_000)
        with self.page.expect_download() as download:
            self.hand.do("#export-download")
        download.value.save_as(folder / "adapter.zip")
        with zipfile.ZipFile(folder / "adapter.zip") as packed:
            assert any(name.endswith("adapter_model.safetensors") for name in packed.namelist())

    def settings(self) -> None:
        """What does not fit is told in plain words; what was changed is so after a reload."""
        self.tab("Settings")
        self.looks_right("Settings")
        self.hand.write("#setting-nightly_at textarea", "25 o'clock")
        self.hand.do("#settings-save")
        problem = self.page.get_by_text("“Every night at” does not fit: write a time like 03:00.")
        expect(problem).to_be_visible(timeout=30_000)
        self.hand.write("#setting-nightly_at textarea", "04:30")
        self.hand.do("#settings-save")
        expect(self.page.get_by_text("The settings are saved.")).to_be_visible(timeout=30_000)
        self.page.reload()
        self.tab("Settings")
        expect(self.page.locator("#setting-nightly_at textarea")).to_have_value("04:30")

    def reset(self) -> None:
        """Another name changes nothing; the profile's own name ends in bare weights."""
        self.tab("Memory")
        self.hand.do("#reset > button")
        self.hand.write("#reset-name textarea", "somebody")
        self.hand.do("#reset-do")
        expect(self.page.get_by_text("Nothing was changed")).to_be_visible(timeout=30_000)
        expect(self.page.locator("#versions-table")).to_contain_text("in use)")
        self.hand.write("#reset-name textarea", "me")
        self.hand.do("#reset-do")
        table = self.page.locator("#versions-table")
        expect(table).to_contain_text("bare model is in use", timeout=60_000)

    def say(self, text: str) -> None:
        self.hand.write("#chat-box textarea", text)
        self.hand.do("#chat-send")
        expect(self.page.locator("#chatbot")).to_contain_text(text, timeout=30_000)
        replied(self.page)

    def tab(self, name: str) -> None:
        self.hand.do(f"[role=tab]:text-is('{name}')")

    def open(self, title: str) -> None:
        self.tab("Sessions")
        rows = self.page.locator("#sessions-table tbody tr")
        expect(rows).to_have_count(self.sessions, timeout=30_000)  # a new row moves the others
        self.hand.do(f"#sessions-table [data-act=open]:has-text('{title}')")
        expect(self.page.locator("#session-about")).to_contain_text(title, timeout=30_000)

    def looks_right(self, place: str) -> None:
        """Nothing is wider than the screen or cut off, and axe finds nothing serious."""
        self.page.wait_for_timeout(700)
        width = self.page.viewport_size["width"]
        assert self.page.evaluate("document.documentElement.scrollWidth") <= width, place
        assert not self.page.evaluate(CUT_OFF, width), place
        if not self.axe:
            return
        self.page.evaluate(self.axe)
        # Gradio's own passing notices are not ours to mend.
        look_at = "{exclude: [['[class*=toast]']]}"
        found = self.page.evaluate(f"async () => (await axe.run({look_at})).violations")
        grave = [v for v in found if v["impact"] in ("serious", "critical")]
        assert not grave, (place, [(v["id"], v["nodes"][0]["html"][:200]) for v in grave])
