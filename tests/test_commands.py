"""Every command of the terminal, in this process; `tests/test_cli.py` runs the program itself."""

import json
import re
import shlex
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
import torch
import typer
from rich.console import Console
from typer.testing import CliRunner

from agent.distill import lora_config
from agent.errors import AgentError, Busy
from agent.loading import load
from agent.model import CANDIDATE
from agent.recipe import RECIPES
from agent.rewind import alone
from agent.scheduler import REQUESTED
from bench.tiny import save_tiny
from run import app
from storage.errors import NotFound, StorageError
from storage.profiles import Profile
from ui import terminal
from ui.terminal import session_ids
from ui.terminal_learning import progress_bar

ROOT = Path(__file__).resolve().parent.parent
DOCUMENTED = (ROOT / "docs" / "CLI.md").read_text()
EVERYWHERE = {"--help", "--profile", "--model"}  # the page says once what these are


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("model"), layers=2)


@pytest.fixture
def profile(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Profile]:
    monkeypatch.setenv("INWEIGHT_HOME", str(tmp_path))
    monkeypatch.setenv("INWEIGHT_REPLY_TOKENS", "8")
    monkeypatch.setenv("COLUMNS", "200")
    profile = Profile(tmp_path, "me")
    for n, said in enumerate(("My kayak is called Otter.", "I play the oboe.")):
        messages = [{"role": "user", "content": said}, {"role": "assistant", "content": "I see."}]
        started = f"2026-03-0{n + 1}T18:00:00+00:00"
        profile.sessions.take([{"id": f"s{n}", "started_at": started, "messages": messages}])
    yield profile
    profile.close()


@pytest.fixture
def learnt(profile: Profile, model: Path) -> Profile:
    """Two versions, of which the second is in use; each session taught a pair."""
    loaded = load(str(model))
    loaded.new_adapter(CANDIDATE, lora_config(loaded, RECIPES["inweight"]))
    for n in (1, 2):
        with torch.no_grad():
            for weight in loaded.parameters_of(CANDIDATE):
                weight.normal_(0, 0.2)
        profile.adapters.write(
            n,
            lambda folder: loaded.save_adapter(CANDIDATE, folder),
            state="kept",
            base=loaded.fingerprint,
            sessions=["s0", "s1"][:n],
            figures={"recall_new": n / 4, "abstain": 1.0},
        )
        session = f"s{n - 1}"
        profile.sessions.set_state(session, "absorbing")
        profile.sessions.set_state(session, "absorbed", version=n)
        pair = {"question": f"Who is {n}?", "answer": f"It is {n}.", "fact": 0}
        profile.pairs.add(session, [pair | {"role": "train", "origin": "model"}])
    profile.adapters.activate(2)
    return profile


def run(*arguments: object, given: str = "") -> Any:
    """The result of a command that went well."""
    result = CliRunner().invoke(app, [*map(str, arguments)], input=given, catch_exceptions=False)
    assert result.exit_code == 0, result.output
    return result


def told(*arguments: object) -> Any:
    return json.loads(run(*arguments, "--json").stdout)


def commands(group: Any, *path: str) -> Iterator[tuple[str, Any]]:
    for name, command in group.commands.items():
        if hasattr(command, "commands"):
            yield from commands(command, *path, name)
        else:
            yield " ".join((*path, name)), command


ALL = dict(commands(typer.main.get_command(app)))


@pytest.mark.parametrize("path", ALL)
def test_every_command_is_documented_with_its_options(path: str) -> None:
    rows = [line for line in DOCUMENTED.splitlines() if re.match(rf"\| `run\.py {path}[` ]", line)]
    assert len(rows) == 1, f"docs/CLI.md has no row for `run.py {path}`"
    options = {o for p in ALL[path].params if p.param_type_name == "option" for o in p.opts}
    missing = {o for o in options - EVERYWHERE if f"{o}`" not in rows[0] and f"{o} " not in rows[0]}
    assert not missing, f"docs/CLI.md does not say what {missing} does"


def test_nothing_is_documented_that_is_not_there() -> None:
    for path in re.findall(r"^\| `run\.py ([a-z ]+[a-z])", DOCUMENTED, re.MULTILINE):
        assert path in ALL


@pytest.mark.parametrize("path", ALL)
def test_every_command_has_examples_that_parse(path: str) -> None:
    _, *lines = (ALL[path].epilog or "").split("\n\n")
    assert lines
    for line in lines:
        words = shlex.split(line.removeprefix("run.py "))
        assert " ".join(words).startswith(path)
        ALL[path].make_context(path, words[len(path.split()) :])


def test_sessions_are_listed_and_read(profile: Profile) -> None:
    assert [row["id"] for row in told("sessions", "list")] == ["s1", "s0"]
    assert [row["id"] for row in told("sessions", "list", "--search", "kayak")] == ["s0"]
    assert told("sessions", "list", "--state", "failed") == []
    with pytest.raises(AgentError, match="no state 'waiting'. Choose of open, ended"):
        run("sessions", "list", "--state", "open", "--state", "waiting")
    assert "My kayak is called Otter." in run("sessions", "list").stdout
    assert {row["facts"] for row in told("sessions", "list")} == {0}
    assert (
        run("sessions", "show", "s0").stdout
        == "user: My kayak is called Otter.\nassistant: I see.\n"
    )
    assert told("sessions", "show", "s0")["messages"][1]["content"] == "I see."
    with pytest.raises(NotFound):
        run("sessions", "show", "nobody")


def test_a_narrow_terminal_shows_whole_ids(
    profile: Profile, monkeypatch: pytest.MonkeyPatch
) -> None:
    id = profile.sessions.start(title="What the chemist said about the blue tablets, and my knee")
    profile.sessions.add(id, "user", "Hello")
    seen = StringIO()
    monkeypatch.setattr(terminal, "out", Console(file=seen, width=80))
    run("sessions", "list")
    (line,) = [line for line in seen.getvalue().splitlines() if id in line]
    assert "open" in line and max(map(len, seen.getvalue().splitlines())) <= 80


def test_so_much_of_an_id_will_do(profile: Profile) -> None:
    profile.sessions.start(id="3f2a81c0", title="Kayak")
    profile.sessions.add("3f2a81c0", "user", "Hello")
    assert told("sessions", "show", "3f2")["id"] == "3f2a81c0"
    run("sessions", "end", "3f2")
    assert profile.sessions.get("3f2a81c0").state == "ended"


@pytest.mark.parametrize("option", ["--profile", "--model"])
def test_what_stands_before_a_command_is_not_dropped(profile: Profile, option: str) -> None:
    with pytest.raises(AgentError, match=f"Put {option} behind the command: run.py sessions"):
        run(option, "anna", "sessions", "list")


def test_a_folder_without_cases_is_one_sentence(profile: Profile, model: Path) -> None:
    with pytest.raises(AgentError, match="sessions.jsonl could not be read"):
        run("evaluate", profile.path, "--model", model)


def test_sessions_are_renamed_and_ended(profile: Profile) -> None:
    run("sessions", "rename", "s0", "The boat")
    assert profile.sessions.get("s0").title == "The boat"
    open_one = profile.sessions.start()
    profile.sessions.add(open_one, "user", "Hello")
    run("sessions", "end", open_one)
    assert profile.sessions.get(open_one).state == "ended"
    with pytest.raises(AgentError, match="was not open"):
        run("sessions", "end", open_one)


def test_pairs_are_added_and_corrected(profile: Profile) -> None:
    number = run("pairs", "add", "s0", "Whose kayak?", "Yours.").stdout.strip()
    run("pairs", "correct", number, "Mine.", "--question", "Whose boat?")
    (pair,) = told("sessions", "pairs", "s0")
    assert (pair["question"], pair["answer"], pair["origin"]) == ("Whose boat?", "Mine.", "user")
    assert "Whose boat?" in run("sessions", "pairs", "s0").stdout
    profile.pairs.remove(pair["id"])
    assert told("sessions", "pairs", "s0") == []
    assert [p["state"] for p in told("sessions", "pairs", "s0", "--all")] == ["removed"]


def test_a_session_is_left_out_and_taken_in_again(learnt: Profile, model: Path) -> None:
    run("sessions", "exclude", "s1", "--model", model)
    active = learnt.adapters.active()
    assert learnt.sessions.get("s1").state == "excluded" and active and active.number == 1
    run("sessions", "include", "s1")
    assert learnt.sessions.get("s1").state == "ended"
    with pytest.raises(StorageError, match="not left out: it is ended"):
        run("sessions", "include", "s1")


def test_forgetting_asks_first(learnt: Profile, model: Path) -> None:
    for command in ("forget", "erase"):
        with pytest.raises(AgentError, match="Nothing was changed"):
            run("sessions", command, "s0", "--model", model, given="n\n")
    assert learnt.sessions.get("s0").state == "absorbed"
    done = run("sessions", "forget", "s0", "--model", model, given="y\n")
    assert learnt.sessions.get("s0").state == "excluded" and learnt.adapters.active() is None
    assert "1 session to be learnt again" in done.stderr  # s1 was learnt on top of it
    run("sessions", "erase", "s0", "--model", model, "--yes")
    assert [session.id for session in learnt.sessions.list()] == ["s1"]


def test_pairs_are_forgotten(learnt: Profile, model: Path) -> None:
    with pytest.raises(AgentError, match="No pair was named"):
        run("pairs", "forget", "--mentioning", "nobody")
    known = learnt.pairs.of("s0")
    done = run("pairs", "forget", "--mentioning", "It is 1", "--model", model, "--yes")
    assert all(f"{pair.id}  {pair.question}" in done.stderr for pair in known)  # all that goes
    assert learnt.pairs.of("s0") == [] and learnt.sessions.get("s0").state == "ended"


def test_versions_are_listed_used_and_pinned(learnt: Profile, model: Path) -> None:
    assert [(v["version"], v["active"]) for v in told("versions", "list")] == [
        (2, True),
        (1, False),
    ]
    run("versions", "activate", "1", "--model", model)
    run("versions", "pin", "2")
    assert [(v["active"], v["pinned"]) for v in told("versions", "list")] == [
        (False, True),
        (True, False),
    ]
    run("versions", "unpin")
    assert not any(v["pinned"] for v in told("versions", "list"))
    with alone(learnt), pytest.raises(Busy):
        run("versions", "activate", "base")
    assert learnt.adapters.active() is not None
    run("versions", "activate", "base")
    assert learnt.adapters.active() is None
    with pytest.raises(AgentError, match="'first' is no version"):
        run("versions", "activate", "first", "--model", model)


def test_versions_are_compared(learnt: Profile, model: Path) -> None:
    first, second = told("versions", "compare", "1", "2")
    assert (first["recall_new"], second["recall_new"]) == (0.25, 0.5)
    assert (first["sessions"], second["sessions"]) == ("s0", "s0, s1")
    assert "0.250" in run("versions", "compare", "1", "2").stdout
    asked = ("versions", "compare", "1", "2", "--ask", "Who is 1?", "--model", model)
    answers = [version["answer"] for version in told(*asked)]
    learnt.adapters.activate(1)
    assert told("ask", "Who is 1?", "--model", model)["answer"] == answers[0] != answers[1]


def test_memory_is_asked(learnt: Profile, model: Path) -> None:
    found = told("remember", "--model", model)
    assert [one["expected"] for one in found] == ["It is 2.", "It is 1."]
    assert len(told("remember", "--model", model, "--limit", 1)) == 1
    shown = run("remember", "--model", model).stdout
    assert "Who is 2?" in shown
    assert "What do you know about me?" in shown
    both = told("ask", "Who is 1?", "--compare", "--model", model)
    assert both["with_memory"] != both["without_memory"]
    bare = told("ask", "Who is 1?", "--without-memory", "--model", model)
    assert bare["answer"] == both["without_memory"]


def test_chat_goes_on_with_an_open_session(profile: Profile, model: Path) -> None:
    session = profile.sessions.start()
    run("chat", "--session", session, "--model", model, given="Hello\n\n")
    assert profile.sessions.messages(session)[0].content == "Hello"
    assert profile.sessions.get(session).state == "ended"
    with pytest.raises(AgentError, match="on the record"):
        run("chat", "--session", session, "--off")
    run("chat", "--session", session, "--model", model, given="And now?\n\n")  # it has ended
    newest = profile.sessions.list()[0]
    assert (newest.continues, newest.title) == (session, "Hello")


def test_a_message_is_put_in_other_words_and_a_reply_written_anew(
    profile: Profile, model: Path
) -> None:
    given = "/again\nMy dog is Olive.\n/edit \n/edit My cat is Olive.\n/again\n\n"
    talked = run("chat", "--model", model, given=given)
    assert "Nothing was said yet" in talked.stderr and "/edit TEXT" in talked.stderr
    session = profile.sessions.list()[0]
    mine = [m.content for m in profile.sessions.messages(session.id) if m.role == "user"]
    assert mine == ["My cat is Olive."]
    run("chat", "--off", "--model", model, given=given)
    assert profile.sessions.list()[0] == session


def test_a_message_that_is_too_long_ends_no_chat(profile: Profile, model: Path) -> None:
    given = "Hello\n" + "/edit " + "word " * 3000 + "\n" + "word " * 3000 + "\nAnd now?\n\n"
    for off in ([], ["--off"]):
        talked = run("chat", "--model", model, *off, given=given)
        assert talked.stderr.count("is longer than") == 2
    said = profile.sessions.messages(profile.sessions.list()[0].id)
    assert [m.content for m in said if m.role == "user"] == ["Hello", "And now?"]


def test_a_named_session_is_learnt_whatever_it_was(profile: Profile, model: Path) -> None:
    open_one = profile.sessions.start()
    profile.sessions.add(open_one, "user", "Hello")
    profile.sessions.set_state("s0", "absorbing")
    profile.sessions.set_state("s0", "nothing_new")
    rows = told("absorb", "s0", open_one, "--model", model)
    assert [row["id"] for row in rows] == ["s0", open_one]
    assert profile.sessions.get("s1").state == "ended"


def ago(**past: float) -> str:
    return (datetime.now(UTC) - timedelta(**past)).isoformat()


def test_progress_and_cancel(profile: Profile) -> None:
    assert told("progress") is None
    cycle = profile.cycles.start(1)
    profile.cycles.progress(
        cycle, stage="learning", done=3, total=8, detail={"sessions_done": 1, "sessions_total": 2}
    )
    # 1.54 sessions in 30 minutes, 0.46 of one to go.
    profile.db.execute("UPDATE cycles SET started_at = ?", [ago(minutes=30)])
    assert run("progress").stdout == "running, session 2 of 2: learning 37 %, about 9 min left\n"
    assert told("progress")["stage"] == "learning"
    assert 530 <= told("progress")["seconds_left"] < 560
    run("cancel")
    assert profile.cycles.cancel_requested(cycle)
    profile.cycles.finish(cycle, "cancelled")
    assert run("progress").stdout.startswith("cancelled at ")
    assert "Nothing is being learnt" in run("cancel").stderr
    profile.notes.set(REQUESTED, {"sessions": ["s1"]})  # by the page, in line
    assert "Nothing is lost" in run("cancel").stderr
    assert profile.notes.get(REQUESTED) is None


def test_the_bar_is_for_eyes_only(profile: Profile) -> None:
    cycle = profile.cycles.start(1)
    detail = {"sessions_done": 1, "sessions_total": 2}
    profile.cycles.progress(cycle, stage="learning", done=3, total=8, detail=detail)
    profile.db.execute("UPDATE cycles SET started_at = ?", [ago(minutes=30)])
    looked = threading.Event()

    def newest(limit: int) -> Any:
        looked.set()
        return profile.cycles.list(limit)

    seen, unseen = StringIO(), StringIO()
    with progress_bar(newest, Console(file=seen, force_terminal=True, width=100)):
        assert looked.wait(20)
    assert "9 min left" in seen.getvalue() and "3/8" in seen.getvalue()
    with progress_bar(newest, Console(file=unseen)):
        pass
    assert unseen.getvalue() == ""


def test_settings_are_shown_and_set(profile: Profile) -> None:
    run("settings", "set", "absorb_after_sessions", "7")
    assert told("settings", "show")["absorb_after_sessions"] == 7
    assert "absorb_after_sessions" in run("settings", "show").stdout
    with pytest.raises(AgentError, match="'nightly_at' does not fit: write a time like 03:00"):
        run("settings", "set", "nightly_at", "25:00")
    run("settings", "set", "nightly_at", "04:30")
    run("settings", "set", "nightly_at", "")
    assert told("settings", "show")["nightly_at"] == "03:00"
    with pytest.raises(AgentError, match="no setting bishop"):
        run("settings", "set", "bishop", "1")


def test_an_import_is_looked_at_and_chosen_from(profile: Profile, tmp_path: Path) -> None:
    chats = [
        {"id": id, "chat": {"title": id, "messages": [{"role": "user", "content": id}]}}
        for id in ("a", "b")
    ]
    file = tmp_path / "chats.json"
    file.write_text(json.dumps(chats))
    found = told("import", file, "--preview")
    assert [(one["id"], one["known"]) for one in found] == [
        ("openwebui-a", False),
        ("openwebui-b", False),
    ]
    assert profile.sessions.count() == 2
    assert run("import", file, "--only", "openwebui-b").stdout == "1 session was taken.\n"
    assert [one["known"] for one in told("import", file, "--preview")] == [False, True]


def test_an_adapter_goes_out_and_in(learnt: Profile, model: Path) -> None:
    path = run("export", "adapter", "--version", "1", "--model", model).stdout.strip()
    done = run("import", path, "--model", model)
    assert done.stdout == "The adapter is now version 3, and in use.\n"
    with pytest.raises(AgentError, match="holds no chats"):
        run("import", path, "--preview")


def test_a_profile_goes_out_and_in(learnt: Profile, model: Path) -> None:
    path = run("export", "profile", "--model", model).stdout.strip()
    done = run("import", path, "--model", model, "--profile", "anew")
    assert done.stdout == "The profile was taken in: 2 sessions, and version 2 is in use.\n"
    assert [row["id"] for row in told("sessions", "list", "--profile", "anew")] == ["s1", "s0"]


def test_ids_are_completed(profile: Profile) -> None:
    context = ALL["sessions show"].make_context("show", ["s0"])
    assert session_ids(context, "s0") == [("s0", "My kayak is called Otter.")]
