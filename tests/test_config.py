"""Settings that somebody edited by hand."""

from pathlib import Path

import pytest

from agent.config import load_settings, save_settings
from agent.errors import AgentError


@pytest.mark.parametrize("text", ["{", "[]", "3"])
def test_a_file_that_holds_no_settings_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str
) -> None:
    monkeypatch.setenv("INWEIGHT_HOME", str(tmp_path))
    (tmp_path / "settings.json").write_text(text)
    with pytest.raises(AgentError, match="settings.json holds no settings"):
        load_settings()


def test_an_idle_time_that_no_clock_holds_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INWEIGHT_IDLE_MINUTES", "9999999999")
    with pytest.raises(AgentError, match="idle_minutes"):
        load_settings()


def test_what_is_saved_is_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INWEIGHT_HOME", str(tmp_path))
    save_settings({"nightly_at": "04:30", "keep_versions": 7})
    save_settings({"keep_versions": None})
    found = load_settings()
    assert (found.nightly_at, found.keep_versions) == ("04:30", 20)


def test_a_reply_leaves_room_for_what_it_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("INWEIGHT_WINDOW_TOKENS", "600")
    monkeypatch.setenv("INWEIGHT_REPLY_TOKENS", "300")
    assert load_settings().reply_tokens == 300
    monkeypatch.setenv("INWEIGHT_REPLY_TOKENS", "301")
    with pytest.raises(
        AgentError, match="'reply_tokens' does not fit: .*half of window_tokens, 300"
    ):
        load_settings()
