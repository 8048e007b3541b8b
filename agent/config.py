"""Settings: one data root, one model, few dials; what can be derived is derived elsewhere.

Order of precedence: command line, environment (`INWEIGHT_*`), `settings.json` in the data root,
the defaults below. Knows no torch and no database.
"""

import json
import os
from pathlib import Path
from typing import Any

from platformdirs import user_cache_path, user_data_path
from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from agent.errors import AgentError

DEFAULT_MODEL = "default"
SAVED = {
    "qa_base_url",
    "qa_model",
    "nightly_at",
    "idle_minutes",
    "absorb_after_sessions",
    "keep_versions",
    "max_drift",
    "min_abstain",
    "model",
}


def data_root() -> Path:
    """The folder that holds every profile and `settings.json`; `INWEIGHT_HOME` overrides it."""
    home = os.environ.get("INWEIGHT_HOME")
    return Path(home).expanduser() if home else user_data_path("inweight")


def cache_root() -> Path:
    """The folder of things that can be made again, such as the converted default model."""
    cache = os.environ.get("INWEIGHT_CACHE")
    return Path(cache).expanduser() if cache else user_cache_path("inweight")


class Settings(BaseSettings):
    """Every dial there is. Names carry their units."""

    model_config = SettingsConfigDict(env_prefix="INWEIGHT_", extra="ignore")

    model: str = Field(DEFAULT_MODEL, description="'default', a hub id, or a local folder")
    window_tokens: int = Field(2048, ge=256, description="prompt tokens a chat turn may use")
    reply_tokens: int = Field(200, ge=8, le=4096)

    idle_minutes: float = Field(
        15, gt=0, le=525_600, description="an open session this idle is ended; a year at most"
    )
    nightly_at: str = Field(
        "03:00", pattern=r"^([01]\d|2[0-3]):[0-5]\d$", description="write a time like 03:00"
    )
    absorb_after_sessions: int = Field(3, ge=1, description="ended chats that start a cycle")
    keep_versions: int = Field(20, ge=1, description="the newest ones; older ones are thinned out")

    qa_base_url: str | None = Field(None, description="OpenAI-compatible endpoint for pairs")
    qa_model: str | None = None
    qa_api_key: SecretStr = Field(SecretStr("none"), description="only from the environment")

    recipe: str = Field(
        "inweight",
        pattern=r"^(inweight|self-param|sft)$",
        description="choose inweight, self-param or sft",
    )
    max_drift: float = Field(0.30, gt=0, description="KL from the base, nats per token")
    min_abstain: float = Field(0.5, ge=0, le=1, description="share of never-told questions")

    api_key: SecretStr | None = Field(None, description="bearer key asked by /v1, if set")

    @field_validator("reply_tokens")
    @classmethod
    def _leaves_room(cls, value: int, info: ValidationInfo) -> int:
        window = info.data.get("window_tokens", value * 2)
        if 2 * value > window:
            raise ValueError(f"at most half of window_tokens, {window // 2}")
        return value


def load_settings(**overrides: Any) -> Settings:
    """Settings of this data root. Raises AgentError naming the first value that does not fit."""
    saved = _read_saved()
    given = {k: v for k, v in overrides.items() if v is not None}
    unsaid = {k: v for k, v in saved.items() if f"INWEIGHT_{k.upper()}" not in os.environ}
    try:
        return Settings(**(unsaid | given))
    except ValidationError as error:
        first = error.errors()[0]
        name = ".".join(str(part) for part in first["loc"])
        told: str | None = first["msg"]
        if first["type"] == "string_pattern_mismatch":  # a pattern is no word to a person
            told = Settings.model_fields[name].description
        raise AgentError(f"The setting '{name}' does not fit: {told}.") from error


def save_settings(values: dict[str, Any]) -> None:
    """Keep `values` for the next start; None puts a setting back to its default. Secrets and
    unknown names are refused."""
    unknown = set(values) - SAVED
    if unknown:
        raise AgentError(f"Not a setting that can be saved: {', '.join(sorted(unknown))}.")
    merged = {k: v for k, v in (_read_saved() | values).items() if v is not None}
    load_settings(**merged)
    path = data_root() / "settings.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_text(json.dumps(merged, indent=1, sort_keys=True))
    partial.replace(path)


def _read_saved() -> dict[str, Any]:
    path = data_root() / "settings.json"
    try:
        saved = json.loads(path.read_text())
        return {k: v for k, v in saved.items() if k in SAVED}
    except FileNotFoundError:
        return {}
    except (ValueError, AttributeError) as error:  # no JSON, or no object
        raise AgentError(f"{path} holds no settings ({error}). Mend it or delete it.") from error
