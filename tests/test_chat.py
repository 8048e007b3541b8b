"""One turn: what fits in the window, and what is on the log however a reply ends."""

import random
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import Event, Thread, Timer
from typing import Any

import pytest

from agent.chat import WORDS_BEFORE, Chat, Order
from agent.config import Settings
from agent.distill import lora_config
from agent.errors import AgentError
from agent.evaluate import system_only
from agent.model import CHAT, Model
from agent.recipe import RECIPES
from agent.sampling import Sampling
from agent.service import Service
from storage.errors import StorageError
from storage.profiles import Profile
from tests.alphabet import alphabet


@pytest.fixture(scope="module")
def model() -> Model:
    return alphabet()


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path, "nora")


@pytest.fixture
def chat(model: Model, profile: Profile) -> Chat:
    return Chat(model, profile.sessions, lambda: Settings(window_tokens=400, reply_tokens=30))


def said(profile: Profile, session_id: str) -> list[tuple[str, str]]:
    return [(m.role, m.content) for m in profile.sessions.messages(session_id)]


def rows(*texts: str) -> list[dict[str, str]]:
    return [{"role": ("user", "assistant")[k % 2], "content": text} for k, text in enumerate(texts)]


@contextmanager
def waiting(growing: Iterator[str], model: Model) -> Iterator[None]:
    """While a reply waits for its turn at the model; afterwards it is made."""
    made: list[str] = []
    reader = Thread(target=lambda: made.extend(growing), daemon=True)
    with model.turnstile.front():
        reader.start()
        while not model.turnstile._front_waiting:
            time.sleep(0.01)
        yield
    reader.join(30)
    assert made


def test_both_sides_are_logged(chat: Chat, profile: Profile) -> None:
    session_id = profile.sessions.start()
    growing = chat.say(session_id, "Hello", memory=True)
    assert said(profile, session_id) == [("user", "Hello")]  # before the first token
    replies = list(growing)
    assert len(replies) > 3
    assert all(
        after.startswith(before) for before, after in zip(replies, replies[1:], strict=False)
    )
    assert said(profile, session_id)[1:] == [("assistant", replies[-1].strip())]


def test_a_stopped_reply_keeps_what_was_shown(chat: Chat, profile: Profile, model: Model) -> None:
    session_id = profile.sessions.start()
    growing = chat.say(session_id, "Hello", memory=True)
    shown = ""
    while not shown.strip():
        shown = next(growing)
    growing.close()
    ((role, kept),) = said(profile, session_id)[1:]
    assert role == "assistant" and kept.startswith(shown.strip())
    with model.turnstile.back():  # the model is free again
        pass


@pytest.fixture
def learnt(profile: Profile) -> Iterator[Chat]:
    """A chat of a model with a memory, whose replies are short: "abcdefghi"."""
    model = alphabet("j")
    model.new_adapter(CHAT, lora_config(model, RECIPES["inweight"]))
    yield Chat(model, profile.sessions, lambda: Settings(window_tokens=400, reply_tokens=30))


def test_before_a_short_reply_is_shown_it_can_be_stopped(learnt: Chat, profile: Profile) -> None:
    session_id = profile.sessions.start()
    growing = learnt.say(session_id, "Hello", memory=True)
    assert [next(growing), next(growing)] == ["", ""]
    growing.close()
    assert said(profile, session_id) == [("user", "Hello")]  # nothing was shown, nothing is kept
    *_, reply = learnt.say(session_id, "Hello", memory=True)
    assert reply == "abcdefghi" and said(profile, session_id)[-1] == ("assistant", reply)


def test_stopped_while_whole_replies_are_looked_for(
    learnt: Chat, profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    looking, go = Event(), Event()

    def search(*_: Any) -> list[tuple[str, float]]:
        looking.set()
        go.wait()
        return [("Otters.", -0.1)]

    monkeypatch.setattr(learnt._model, "whole_replies", search)
    session_id = profile.sessions.start()
    growing = learnt.say(session_id, "Hello", memory=True)
    next(growing)
    looking.wait()
    Timer(0.2, go.set).start()
    growing.close()
    assert said(profile, session_id) == [("user", "Hello")]


def test_what_is_counted_is_what_is_said(learnt: Chat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learnt._model, "whole_replies", lambda *_: [("Otters eat crabs.", -0.1)])
    short, cut = Order(Sampling(30)), Order(Sampling(5))
    assert [*learnt.reply(rows("Hello"), memory=True, order=short)][-1] == "Otters eat crabs."
    assert short.reply_tokens == len("Otters eat crabs.")  # spelt byte by byte
    assert [*learnt.reply(rows("Hello"), memory=True, order=cut)][-1] == "abcde"
    assert cut.reply_tokens == 5


def test_a_reply_that_nobody_reads_on_holds_up_nobody(chat: Chat, profile: Profile) -> None:
    """It is made to its end and logged, while its reader still has it in hand."""
    first, second = profile.sessions.start(), profile.sessions.start()
    left = chat.say(first, "Hello", memory=True)
    shown = next(left)
    other = Thread(target=lambda: list(chat.say(second, "Hello", memory=True)), daemon=True)
    other.start()
    other.join(30)
    assert not other.is_alive()
    assert said(profile, first) == said(profile, second)
    assert len(said(profile, first)[1][1]) > len(shown)
    assert len(list(left)) > 3  # what was made meanwhile is still to be read


def test_a_reply_never_begun_leaves_the_message(chat: Chat, profile: Profile) -> None:
    session_id = profile.sessions.start()
    chat.say(session_id, "Hello", memory=True).close()
    assert said(profile, session_id) == [("user", "Hello")]


def test_off_the_record_writes_nothing(chat: Chat, profile: Profile) -> None:
    session_id = profile.sessions.start()
    *_, last = chat.reply(rows("Hello"), memory=False)
    assert last
    assert said(profile, session_id) == []
    assert [s.id for s in profile.sessions.list()] == [session_id]


def test_the_same_reply_twice_and_another_one(chat: Chat) -> None:
    first, second = (list(chat.reply(rows("Hello"), memory=True))[-1] for _ in range(2))
    again = list(chat.reply(rows("Hello"), memory=True, again=True))[-1]
    assert first == second != again


def test_each_new_reply_is_another_one(chat: Chat) -> None:
    asked = (chat.reply(rows("Hello"), memory=True, again=True) for _ in range(4))
    assert len({list(replies)[-1] for replies in asked}) > 1


def test_off_the_record_a_reply_is_written_anew(model: Model, profile: Profile) -> None:
    service = Service(profile, model, Settings(reply_tokens=30))
    first, again = (list(service.say(None, "Hello", again=k)) for k in (False, True))
    assert first[-1] != again[-1]


def test_a_message_longer_than_the_window_is_refused_before_it_is_written(
    model: Model, profile: Profile
) -> None:
    """Read in one piece it would keep the model from everybody."""
    service = Service(profile, model, Settings(window_tokens=400, reply_tokens=30))
    session = profile.sessions.start()
    for told in (lambda: service.say(session, "long " * 90), lambda: service.say(None, "x" * 400),
                 lambda: [*service.compare([], "x" * 400)]):  # fmt: skip
        with pytest.raises(AgentError, match="longer than the 370 tokens"):
            told()
    assert profile.sessions.messages(session) == []


def test_a_reply_to_what_was_changed_meanwhile_is_not_logged(
    chat: Chat, profile: Profile, model: Model
) -> None:
    session_id = profile.sessions.start()
    with waiting(chat.say(session_id, "Hello", memory=True), model):
        profile.sessions.drop_after(session_id, -1)
        profile.sessions.add(session_id, "user", "Other words")
    assert said(profile, session_id) == [("user", "Other words")]


def test_a_reply_goes_into_a_session_that_was_ended_meanwhile(
    chat: Chat, profile: Profile, model: Model
) -> None:
    session_id = profile.sessions.start()
    with waiting(chat.say(session_id, "Hello", memory=True), model):
        profile.sessions.end(session_id)
    assert [role for role, _ in said(profile, session_id)] == ["user", "assistant"]


def test_another_reply_takes_the_place_of_the_last_one(chat: Chat, profile: Profile) -> None:
    """Once it is there: stopped before its first word it leaves the old one."""
    session_id = profile.sessions.start()
    list(chat.say(session_id, "Hello", memory=True))
    before = said(profile, session_id)
    chat.answer(session_id, memory=True, again=True).close()
    assert said(profile, session_id) == before
    made = [*chat.answer(session_id, memory=True, again=True)][-1]
    assert said(profile, session_id) == [*before[:1], ("assistant", made.strip())]
    assert made.strip() != before[1][1]


def test_an_ended_session_takes_no_more(chat: Chat, profile: Profile) -> None:
    session_id = profile.sessions.start()
    list(chat.say(session_id, "Hello", memory=True))
    profile.sessions.end(session_id)
    with pytest.raises(StorageError, match="start a new one"):
        chat.say(session_id, "More", memory=True)


def test_a_session_goes_on_from_another(chat: Chat, profile: Profile, model: Model) -> None:
    """With its last words before its own, but not with those of the one before that one."""
    first = profile.sessions.start()
    profile.sessions.add(first, "user", "Long ago")
    second = profile.sessions.start(continues=first)
    for k in range(WORDS_BEFORE // 2 + 1):  # a reply comes first of those that are taken
        profile.sessions.add(second, "user", f"u{k}")
        profile.sessions.add(second, "assistant", f"a{k}")
    profile.sessions.add(second, "user", "and?")
    third = profile.sessions.start(continues=second)
    assert chat.before(first) == []
    profile.sessions.add(third, "user", "Hello")
    *before, last = chat.history(third)
    assert last["content"] == "Hello" and before == chat.before(third)
    assert [m["content"] for m in before[:2]] == ["u2", "a2"] and before[-1]["content"] == "and?"
    for _ in range(4):  # as many messages leave the prompt as there were before
        profile.sessions.add(third, "user", "x" * 60)
    gone = chat.window(chat.history(third))[1]
    assert gone > 0 and chat.trimmed(third) == max(0, gone - len(before))
    profile.sessions.erase(second)
    assert chat.before(third) == [] and profile.sessions.get(third).continues is None


def test_the_window(chat: Chat, model: Model) -> None:
    assert chat.window([]) == ([], 0)
    short = rows("a", "b", "c")
    assert chat.window(short) == (short, 0)
    long = rows(*(f"{k}" * 60 for k in range(9)))
    fitting, left = chat.window(long)
    assert left > 0 and fitting == long[left:]
    assert fitting[0]["role"] == "user" and fitting[-1] == long[-1]
    room = 400 - 30
    assert len(model.prompt([*system_only(), *fitting])) <= room
    assert len(model.prompt([*system_only(), *long[left - 2 :]])) > room  # no more than needed


def test_the_last_message_always_stays(chat: Chat) -> None:
    giant = rows("a", "b", "c" * 5000)
    assert chat.window(giant) == (giant[2:], 2)


@pytest.mark.parametrize("seed", range(8))
def test_the_window_is_that_of_dropping_turn_by_turn(chat: Chat, model: Model, seed: int) -> None:
    rng = random.Random(seed)
    left = [
        {"role": rng.choice(["user", "assistant"]), "content": "x" * rng.randint(1, 90)}
        for _ in range(rng.randint(2, 30))
    ]
    history, gone = [*left], 0
    while len(left) > 1 and len(model.prompt([*system_only(), *left])) > 400 - 30:
        drop = 2 if len(left) > 2 and left[1]["role"] == "assistant" else 1
        left, gone = left[drop:], gone + drop
    assert chat.window(history) == (left, gone)


def test_a_long_chat_is_not_read_anew_for_each_old_turn(
    chat: Chat, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    prompt, lengths = model.prompt, list[int]()

    def counted(messages: Sequence[dict[str, str]]) -> list[int]:
        lengths.append(len(messages))
        return prompt(messages)

    monkeypatch.setattr(model, "prompt", counted)
    assert chat.window(rows(*["Hello"] * 1001))[1] > 900
    assert len(lengths) < 14


def test_the_log_keeps_what_the_window_drops(chat: Chat, profile: Profile) -> None:
    session_id = profile.sessions.start()
    for k in range(5):
        profile.sessions.add(session_id, "user", f"{k}" * 80)
        profile.sessions.add(session_id, "assistant", "yes")
    list(chat.say(session_id, "And now?", memory=True))
    assert len(said(profile, session_id)) == 12
    assert chat.window(chat.history(session_id))[1] > 0
