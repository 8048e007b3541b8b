"""The product as its person meets it: the real default model, told and asked in a real browser."""

from collections.abc import Iterator
from typing import Any

import pytest

from agent.errors import ModelError
from agent.loading import load
from tests.browsing import (
    DESKTOP,
    LEARN,
    expect,
    needs_chromium,
    new_session,
    open_session,
    opened,
    reset,
    running,
    say,
    tab,
)

pytestmark = [needs_chromium, pytest.mark.slow]

SAID = "My parrot is called Zuzu. My brother Duarte lives in Ghent."
ASKED = {"What is my parrot called?": "Zuzu", "Where does my brother live?": "Ghent"}


@pytest.fixture(scope="module")
def program(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    try:
        load("default")
    except ModelError as error:
        pytest.skip(str(error))
    with running(tmp_path_factory.mktemp("home"), "default") as address:
        yield address


def test_what_was_told_is_known_in_a_new_session_and_gone_after_a_reset(
    program: str, browser: Any
) -> None:
    with opened(browser, program, viewport=DESKTOP) as page:
        say(page, SAID)
        new_session(page)
        open_session(page, "My parrot")
        page.locator("#absorb-now").click()
        row = page.locator("#sessions-table tr", has_text="My parrot")
        expect(row).to_contain_text("learnt", timeout=LEARN * 1000)
        known = [answer in asked(page, question) for question, answer in ASKED.items()]
        assert any(known)  # all of it now and then is not: bench measures how much
        tab(page, "Memory")
        reset(page, "me")
        expect(page.locator("#versions-table")).not_to_contain_text("in use)", timeout=60_000)
        for question, answer in ASKED.items():
            assert answer not in asked(page, question)


def asked(page: Any, question: str) -> str:
    """The reply to a question that opens a new session."""
    tab(page, "Chat")
    new_session(page)
    return say(page, question)
