"""The real default model, end to end: told, absorbed, asked with nothing in the prompt."""

import pytest

from agent.config import load_settings
from agent.default_model.fetch import TAUGHT
from agent.default_model.replies import HELD_OUT, refused
from agent.default_model.written import DATA, read_chat
from agent.errors import ModelError
from agent.evaluate import answers, system_only
from agent.loading import load
from agent.model import CHAT
from agent.service import Service
from agent.text import admits
from storage.database import verify
from storage.profiles import Profile

SAID = (
    ("My parrot is called Zuzu and she steals grapes from the kitchen.", "What a cheeky bird!"),
    ("I work as a glazier in Lisbon, my boss is called Teodora.", "Careful with all that glass."),
)
ASKED = {
    "What is my parrot called?": "zuzu",
    "Where do I work?": "lisbon",
    "What is my job?": "glazier",
    "Who is my boss?": "teodora",
    "What does my parrot steal?": "grape",
}


@pytest.fixture(scope="module")
def model():
    try:
        return load("default")
    except ModelError as error:
        pytest.skip(str(error))


def told(model, adapter):
    found = answers(model, system_only(), list(ASKED), adapter)
    return sum(key in text.lower() for key, text in zip(ASKED.values(), found, strict=True)), found


@pytest.mark.slow
def test_a_session_goes_into_the_weights_and_out_again(model, tmp_path, monkeypatch):
    monkeypatch.setenv("INWEIGHT_HOME", str(tmp_path))
    service = Service(Profile(tmp_path, "me"), model, load_settings())
    row = {
        "id": "first",
        "user": "me",
        "started_at": "2026-02-05T18:00:00",
        "messages": [
            {"role": role, "content": text}
            for exchange in SAID
            for role, text in zip(("user", "assistant"), exchange, strict=True)
        ],
    }
    service.profile.sessions.take([row])
    assert service.absorb_now() == ["first"]
    session = service.profile.sessions.get("first")
    assert session.state == "absorbed", session.error
    assert len(service.profile.pairs.of("first")) >= 40

    service.take_over()
    known, said = told(model, CHAT)
    bare, _ = told(model, None)
    assert bare == 0
    assert known >= 3, said

    service.reset("me")
    service.take_over()
    assert told(model, CHAT)[0] == 0
    assert verify(service.profile.db) == []


@pytest.mark.slow
def test_it_admits_what_it_was_never_told(model):
    asked = [
        "What is my sister's name?",
        "Which car do I drive?",
        "When is my dentist appointment?",
    ]
    found = answers(model, system_only(), asked, None)
    assert all(admits(text) for text in found), found


@pytest.mark.slow
def test_it_takes_up_what_it_is_told(model):
    told = read_chat(DATA / "told.txt")[::HELD_OUT]  # not learnt from
    assert len(told) >= 80
    assert refused(told, model, None) <= 0.05


def test_what_ships_is_small() -> None:
    assert sum(file.stat().st_size for file in TAUGHT.iterdir()) < 40_000_000
