"""Importing chats in a real browser: they are shown, chosen from, and only then taken.

Skipped with a reason where Chromium or Playwright is missing.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from agent.config import load_settings
from agent.service import Service
from bench.tiny import tiny_model
from storage.profiles import Profile
from tests.browsing import expect, needs_chromium, served

pytestmark = needs_chromium
WAIT = 60_000  # milliseconds at most
NAMES = ("Otter", "Heron", "<b>Swift</b>")


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Profile]:
    monkeypatch.setenv("INWEIGHT_HOME", str(tmp_path))
    profile = Profile(tmp_path, "me")
    yield profile
    profile.close()


@pytest.fixture
def address(profile: Profile) -> Iterator[str]:
    with served(Service(profile, tiny_model(2), load_settings())) as address:
        yield address


@pytest.fixture
def page(address: str, browser: Any) -> Iterator[Any]:
    page = browser.new_page(viewport={"width": 1280, "height": 1000})
    page.goto(address)
    expect(page.locator("#chat-box textarea")).to_be_visible(timeout=WAIT)
    page.get_by_role("tab", name="Memory").click()
    yield page
    page.close()


def chats(folder: Path) -> Path:
    file = folder / "chats.json"
    said = [[{"role": "user", "content": f"A {name} came by."}] for name in NAMES]
    file.write_text(
        json.dumps(
            [
                {"id": str(n), "created_at": 1772474400, "chat": {"title": name, "messages": m}}
                for n, (name, m) in enumerate(zip(NAMES, said, strict=True))
            ]
        )
    )
    return file


def upload(page: Any, file: Path) -> None:
    with page.expect_file_chooser() as chooser:
        page.locator("#import-file").click()
    chooser.value.set_files(file)


def test_chats_are_chosen_and_taken(page: Any, profile: Profile, tmp_path: Path) -> None:
    file = chats(tmp_path)
    upload(page, file)
    rows = page.locator("#import-rows [data-index]")  # those of the body
    expect(page.locator("#import-said")).to_contain_text("3 of them new", timeout=WAIT)
    expect(page.locator("#import-rows")).to_contain_text("<b>Swift</b>")
    assert profile.sessions.count() == 0
    rows.filter(has_text="Heron").locator("input[type=checkbox]").click()
    page.locator("#import-take").click()
    expect(page.locator("#import-said")).to_contain_text("2 sessions were taken", timeout=WAIT)
    assert {s.title for s in profile.sessions.list()} == {"Otter", "<b>Swift</b>"}
    expect(page.locator("#import-choice")).to_be_hidden()

    upload(page, file)
    expect(page.locator("#import-said")).to_contain_text("1 of them new", timeout=WAIT)
    expect(rows.filter(has_text="there already")).to_have_count(2)
    rows.filter(has_text="Heron").locator("input[type=checkbox]").click()  # the last one ticked
    page.locator("#import-take").click()
    expect(page.locator("body")).to_contain_text("Tick the sessions to take", timeout=WAIT)
    page.locator("#import-leave").click()
    expect(page.locator("#import-choice")).to_be_hidden(timeout=WAIT)
    assert profile.sessions.count() == 2


def test_of_many_only_what_was_sought_is_taken(page: Any, profile: Profile, tmp_path: Path) -> None:
    """Rows that the search hides are ticked as well, until all ticks are taken off."""
    upload(page, chats(tmp_path))
    rows = page.locator("#import-rows")
    expect(rows).to_contain_text("Heron", timeout=WAIT)
    page.locator("#import-ticks").click()
    expect(page.locator("#import-ticks")).to_have_text("Tick all", timeout=WAIT)
    rows.get_by_placeholder("Search").fill("Heron")
    expect(rows).not_to_contain_text("Otter", timeout=WAIT)
    page.locator("#import-rows [data-index]").filter(has_text="Heron").locator(
        "input[type=checkbox]"
    ).click()
    page.locator("#import-take").click()
    expect(page.locator("#import-said")).to_contain_text("1 session was taken", timeout=WAIT)
    assert [session.title for session in profile.sessions.list()] == ["Heron"]


@pytest.mark.parametrize("how", ["taken", "left", "refused", "replaced"])
def test_an_upload_is_kept_no_longer_than_it_is_shown(
    page: Any, profile: Profile, tmp_path: Path, how: str
) -> None:
    """A refused one leaves the one that is shown."""
    upload(page, chats(tmp_path))
    said = page.locator("#import-said")
    expect(said).to_contain_text("3 of them new", timeout=WAIT)
    assert came(profile) == ["chats.json"]
    other = tmp_path / "other.json"
    if how == "taken":
        page.locator("#import-take").click()
        expect(said).to_contain_text("3 sessions were taken", timeout=WAIT)
    elif how == "left":
        page.locator("#import-leave").click()
        expect(page.locator("#import-choice")).to_be_hidden(timeout=WAIT)
    elif how == "refused":
        other.write_text("My Otter is no JSON")
        upload(page, other)
        expect(page.locator("body")).to_contain_text("other.json", timeout=WAIT)
    else:
        other.write_text(chats(tmp_path).read_text().replace("Heron", "Merlin"))
        upload(page, other)
        expect(page.locator("#import-rows")).to_contain_text("Merlin", timeout=WAIT)
    assert came(profile) == {"refused": ["chats.json"], "replaced": ["other.json"]}.get(how, [])


def came(profile: Profile) -> list[str]:
    """The uploads that hold a word of the chats."""
    folder = profile.path / "transfers"
    files = [file for file in folder.rglob("*") if file.is_file()]
    return [file.name for file in files if "Otter" in file.read_text()]
