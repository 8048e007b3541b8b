"""`run.py` as its own process, with a tiny model folder."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from filelock import FileLock

from bench.tiny import save_tiny
from storage.profiles import Profile

ROOT = Path(__file__).resolve().parent.parent
SESSION = {
    "id": "s1",
    "user": "nora",
    "started_at": "2026-03-02T18:00:00",
    "messages": [{"role": "user", "content": "My cat is called Pickle."}],
}


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny(tmp_path_factory.mktemp("model"), layers=2)


@pytest.fixture
def sessions(tmp_path: Path) -> Path:
    path = tmp_path / "sessions.jsonl"
    path.write_text(json.dumps(SESSION) + "\n" + json.dumps(SESSION | {"id": "s2"}) + "\n")
    return path


def run(
    home: Path, *arguments: str | Path, given: str = "", **env: str
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, str(ROOT / "run.py"), *map(str, arguments)],
        input=given,
        capture_output=True,
        text=True,
        timeout=300,  # a slow machine, with others at work on it
        cwd=home,
        env=environment(home, **env),
    )


def environment(home: Path, **env: str) -> dict[str, str]:
    return (
        os.environ
        | {"INWEIGHT_HOME": str(home / "home"), "INWEIGHT_CACHE": str(home / "cache")}
        | {"OMP_NUM_THREADS": "1", "COLUMNS": "200", "HF_HUB_OFFLINE": "1"}
        | env
    )


class talking:
    """`run.py chat`, a line at a time."""

    def __init__(self, home: Path, model: Path) -> None:
        self._log = home / "chat.log"
        with self._log.open("w") as log:
            self._program = subprocess.Popen(
                [sys.executable, str(ROOT / "run.py"), "chat", "--model", str(model)],
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=log,
                text=True,
                env=environment(home, INWEIGHT_REPLY_TOKENS="8"),
            )

    def __enter__(self) -> "talking":
        return self

    def say(self, line: str) -> None:
        assert self._program.stdin
        self._program.stdin.write(f"{line}\n")
        self._program.stdin.flush()

    def told(self) -> str:
        """What came on standard error."""
        return self._log.read_text()

    def end(self) -> int:
        self._program.communicate(timeout=300)
        return self._program.returncode

    def __exit__(self, *_: object) -> None:
        self._program.kill()
        self._program.wait()


def until(true: Callable[[], Any], seconds: float = 300) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.02)


def states(home: Path) -> dict[str, str]:
    profile = Profile(home / "home", "me")
    found = {s.id: s.state for s in profile.sessions.list()}
    profile.close()
    return found


def test_import_and_list(tmp_path: Path, sessions: Path) -> None:
    done = run(tmp_path, "import", sessions)
    assert (done.returncode, done.stdout) == (0, "2 sessions were taken.\n")
    again = run(tmp_path, "import", sessions).stdout
    assert again == "0 sessions were taken, 2 were there already.\n"
    titled = SESSION | {"id": "s0", "messages": [{"role": "user", "content": "a [/b] [red]c"}]}
    sessions.write_text(json.dumps(titled | {"started_at": None}))
    run(tmp_path, "import", sessions)
    assert "a [/b] [red]c" in run(tmp_path, "sessions", "list", "--limit", "1").stdout  # no markup
    _, *rows = json.loads(run(tmp_path, "sessions", "list", "--json").stdout)
    assert {row["id"]: row["state"] for row in rows} == {"s1": "ended", "s2": "ended"}
    assert rows[0]["title"] == "My cat is called Pickle." and rows[0]["messages"] == 1
    assert rows[0]["started"] == "2026-03-02T18:00:00+00:00"
    found = json.loads(run(tmp_path, "sessions", "list", "--json", "--search", "nothing so").stdout)
    assert found == []


def test_a_malformed_line_takes_nothing(tmp_path: Path, sessions: Path) -> None:
    with sessions.open("a") as file:
        file.write('{"id": "s3", "messages": "none"}\n')
    done = run(tmp_path, "import", sessions)
    assert done.returncode == 1
    assert "3" in done.stderr and "messages" in done.stderr
    assert "Traceback" not in done.stderr
    assert states(tmp_path) == {}


def test_a_missing_file(tmp_path: Path) -> None:
    done = run(tmp_path, "import", "nowhere.jsonl")
    assert done.returncode == 1
    assert "There is no file nowhere.jsonl." in done.stderr


def test_what_the_disk_refuses_is_told_in_a_sentence(tmp_path: Path) -> None:
    no_folder = tmp_path / "no-folder"
    no_folder.write_text("")
    done = run(tmp_path, "sessions", "list", INWEIGHT_HOME=str(no_folder))
    assert done.returncode == 1 and "Traceback" not in done.stderr
    assert "The disk or the database refused" in done.stderr


def test_an_unknown_model(tmp_path: Path) -> None:
    done = run(tmp_path, "ask", "Hello?", "--model", str(tmp_path / "[no] model"))
    assert done.returncode == 1
    assert "[no] model' could not be loaded" in " ".join(done.stderr.split())
    assert "Traceback" not in done.stderr


def test_a_setting_that_does_not_fit(tmp_path: Path) -> None:
    done = run(tmp_path, "absorb", INWEIGHT_NIGHTLY_AT="25:00")
    assert done.returncode == 1
    assert "The setting 'nightly_at' does not fit" in done.stderr


def test_an_endpoint_out_of_reach(tmp_path: Path, sessions: Path, model: Path) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    run(tmp_path, "import", sessions)
    asked = ("--model", model, "--qa-base-url", url, "--qa-model", "m")
    done = run(tmp_path, "absorb", "s1", *asked)
    assert done.returncode == 1
    rows = {
        row["id"]: row for row in json.loads(run(tmp_path, "sessions", "list", "--json").stdout)
    }
    assert rows["s1"]["state"] == "failed" and rows["s2"]["state"] == "ended"
    assert "cannot be reached" in rows["s1"]["error"] and url in rows["s1"]["error"]
    assert "failed" in done.stdout and "Traceback" not in done.stderr


def test_a_port_that_is_taken_is_told_before_anything_is_changed(
    tmp_path: Path, model: Path
) -> None:
    passing = tmp_path / "home" / "profiles" / "me" / "transfers" / "chats.json"
    passing.parent.mkdir(parents=True)
    passing.write_text("[]")  # on its way through the program that has the port
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        done = run(tmp_path, "--model", model, "--port", port)
    assert done.returncode == 1 and f"Port {port} cannot be used" in done.stderr
    assert "Inweight is at" not in done.stderr and passing.exists()


def test_a_profile_is_served_once(tmp_path: Path, model: Path) -> None:
    folder = tmp_path / "home" / "profiles" / "me"
    folder.mkdir(parents=True)
    with FileLock(folder / "serving"):
        done = run(tmp_path, "--model", model, "--port", "0")
    assert done.returncode == 1 and "serves the profile 'me' already" in done.stderr


def test_a_port_that_there_is_not(tmp_path: Path, model: Path) -> None:
    done = run(tmp_path, "--model", model, "--port", "99999")
    assert (done.returncode, done.stderr) == (
        1,
        "There is no port 99999: choose one from 1 to 65535.\n",
    )


def test_reset_asks(tmp_path: Path, sessions: Path) -> None:
    run(tmp_path, "import", sessions)
    profile = Profile(tmp_path / "home", "me")
    profile.sessions.set_state("s1", "absorbing")
    profile.sessions.set_state("s1", "absorbed")
    profile.close()
    refused = run(tmp_path, "reset", given="you\n")
    assert refused.returncode == 1 and "Type 'me'" in refused.stdout
    assert "Nothing was changed" in refused.stderr
    assert states(tmp_path)["s1"] == "absorbed"
    assert run(tmp_path, "reset", given="me\n").returncode == 0
    assert states(tmp_path) == {"s1": "excluded", "s2": "ended"}


def test_chat_is_kept_and_off_the_record_is_not(tmp_path: Path, model: Path) -> None:
    done = run(
        tmp_path, "chat", "--off", "--model", model, given="Hello\n", INWEIGHT_REPLY_TOKENS="8"
    )
    assert done.returncode == 0
    assert states(tmp_path) == {}
    done = run(tmp_path, "chat", "--model", model, given="Hello\n\n", INWEIGHT_REPLY_TOKENS="8")
    assert "The session is kept" in done.stderr
    assert list(states(tmp_path).values()) == ["ended"]


def test_bytes_that_are_no_text_are_refused_with_a_sentence(tmp_path: Path, model: Path) -> None:
    done = run(tmp_path, "ask", os.fsdecode(b"caf\xe9"), "--model", model)
    assert done.returncode == 1 and "Write it in UTF-8" in done.stderr
    assert "Traceback" not in done.stderr


def test_chat_goes_on_after_a_pause_and_a_message_that_is_too_long(
    tmp_path: Path, model: Path
) -> None:
    """The test has the part of a page that is open: it ends what is idle."""
    page = Profile(tmp_path / "home", "me").sessions
    with talking(tmp_path, model) as chat:
        until(lambda: page.count(["open"]))
        page.end_stale(0)  # nothing was said yet: it is dropped
        chat.say("Hello")
        chat.say("word " * 3000)
        until(lambda: chat.told().count("is longer than") == 1)  # and the reply before it is made
        (first,) = page.end_stale(0)
        chat.say("And now?")
        chat.say("word " * 3000)
        chat.say("Still there?")
        assert chat.end() == 0
    second, _ = page.list()
    assert (second.state, second.continues) == ("ended", first)
    assert "ended meanwhile" in chat.told() and "The session is kept" in chat.told()
    said = [[m.content for m in page.messages(id) if m.role == "user"] for id in (first, second.id)]
    assert said == [["Hello"], ["And now?", "Still there?"]]


def test_chat_may_be_left_when_the_page_has_dropped_its_session(
    tmp_path: Path, model: Path
) -> None:
    page = Profile(tmp_path / "home", "me").sessions
    with talking(tmp_path, model) as chat:
        until(lambda: page.count(["open"]))
        page.end_stale(0)
        assert chat.end() == 0
    assert page.list() == []
