"""What several modules of tests share: the one browser, and a tiny model with a cache of its own."""

from collections.abc import Iterator
from typing import Any

import pytest

from agent.model import Model
from bench.tiny import tiny_model


@pytest.fixture(scope="session")
def browser() -> Iterator[Any]:
    from tests.browsing import CHROMIUM, playwright

    arguments = ["--no-sandbox", "--disable-background-networking"]
    with playwright.sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=arguments)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def own_cache(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is made once for each base (unrelated talk) is made anew, and elsewhere."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("INWEIGHT_CACHE", str(tmp_path_factory.mktemp("cache")))
        yield


@pytest.fixture(scope="module")
def model(own_cache: None) -> Model:
    """Random weights; modules that want another model have their own fixture."""
    return tiny_model()
