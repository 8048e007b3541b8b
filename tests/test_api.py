"""The HTTP API through the real openai client, a real server and a tiny model."""

import asyncio
import json
import os
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import pytest
import torch
import uvicorn
from fastapi.testclient import TestClient
from openai import (
    APIError,
    AuthenticationError,
    BadRequestError,
    ConflictError,
    NotFoundError,
    OpenAI,
)
from peft import LoraConfig
from pydantic import SecretStr

from agent.api import create_api
from agent.config import Settings
from agent.service import Service
from bench.tiny import tiny_model
from storage.profiles import Profile

TOKENS = 24
HELLO: list[Any] = [{"role": "user", "content": "hello"}]


@dataclass
class Served:
    """A running server, its service, and how slow its model is made to be."""

    service: Service
    url: str
    pace: SimpleNamespace

    def client(self, key: str = "none") -> OpenAI:
        return OpenAI(base_url=f"{self.url}/v1", api_key=key, timeout=20, max_retries=0)

    def chat(self, **asked: Any) -> Any:
        return self.client().chat.completions.create(
            **{"model": "inweight", "messages": HELLO} | asked
        )

    def said(self, session_id: str) -> list[tuple[str, str]]:
        return [(m.role, m.content) for m in self.service.profile.sessions.messages(session_id)]

    def saved(self) -> int:
        return self.service.profile.sessions.count()


@pytest.fixture
def served(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Served]:
    monkeypatch.setenv("INWEIGHT_HOME", str(tmp_path))
    pace = SimpleNamespace(seconds=0.0, fails=False)
    model = tiny_model()
    model.network.lm_head.register_forward_hook(_letters(model.tokenizer, pace))
    service = Service(Profile(tmp_path, "me"), model, Settings(reply_tokens=TOKENS))
    config = uvicorn.Config(create_api(service), host="127.0.0.1", port=0, log_level="error")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    _until(lambda: server.started)
    port = server.servers[0].sockets[0].getsockname()[1]
    yield Served(service, f"http://127.0.0.1:{port}", pace)
    server.should_exit = True
    thread.join()
    service.profile.close()


def _letters(tokenizer: Any, pace: SimpleNamespace) -> Any:
    """A hook that lets the model speak in small letters only, and never end by itself."""
    bias = torch.zeros(len(tokenizer))
    bias[tokenizer.convert_tokens_to_ids([*"abcdefghijklmnopqrstuvwxyz"])] = 1000

    def hook(module: object, inputs: object, logits: torch.Tensor) -> torch.Tensor:
        time.sleep(pace.seconds)
        if pace.fails:
            raise MemoryError("no room")
        return logits + bias

    return hook


def _until(true: Any, seconds: float = 20) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def _keep_version(service: Service) -> int:
    """A kept version that answers otherwise than the base."""
    model, store = service.model, service.profile.adapters
    config = LoraConfig(r=4, target_modules=["q_proj", "down_proj"], init_lora_weights=False)
    model.new_adapter("made", config)
    with torch.no_grad():
        for weight in model.parameters_of("made"):
            weight.mul_(20)
    number = store.next_number()
    store.write(
        number,
        lambda folder: model.save_adapter("made", folder),
        state="kept",
        base=model.fingerprint,
        sessions=[],
        figures={"recall_new": 1.0},
    )
    model.drop_adapter("made")
    return number


# --- chat --------------------------------------------------------------------------------------


def test_chat_counts_its_tokens(served: Served) -> None:
    reply = served.chat()
    choice = reply.choices[0]
    assert choice.message.role == "assistant" and len(choice.message.content) == TOKENS
    assert choice.finish_reason == "length" and reply.model == "inweight"
    assert reply.usage.completion_tokens == TOKENS
    assert reply.usage.total_tokens == reply.usage.prompt_tokens + TOKENS
    assert served.chat(max_tokens=3).usage.completion_tokens == 3
    assert served.saved() == 0  # no session was named: off the record


def test_the_stream_adds_up_to_the_whole(served: Served) -> None:
    whole = served.chat().choices[0].message.content
    chunks = list(served.chat(stream=True, stream_options={"include_usage": True}))
    told = "".join(c.choices[0].delta.content or "" for c in chunks if c.choices)
    assert told == whole and len(chunks) > TOKENS
    assert chunks[-2].choices[0].finish_reason == "length"
    assert chunks[-1].usage.completion_tokens == TOKENS and not chunks[-1].choices


def test_earlier_turns_system_lines_and_parts_are_read(served: Served) -> None:
    parts = [{"type": "text", "text": "hel"}, {"type": "text", "text": "lo"}]
    plain = served.chat()
    assert served.chat(messages=[{"role": "user", "content": parts}]).usage == plain.usage
    longer = [{"role": "system", "content": "Be brief."}, *HELLO]
    longer += [{"role": "assistant", "content": "hi"}, *HELLO]
    assert served.chat(messages=longer).usage.prompt_tokens > plain.usage.prompt_tokens


def test_system_lines_stay_when_what_is_older_leaves_the_window(served: Served) -> None:
    """They stand with what is said last; with a session, whose prompt is its own, they count nothing."""
    room = served.service.settings.window_tokens - served.service.settings.reply_tokens
    old = [{"role": "user", "content": "x" * (room // 2)}, {"role": "assistant", "content": "y"}]
    brief = {"role": "system", "content": "Be brief. " * 5}
    plain, told = served.chat(messages=[*old * 3, *HELLO]), [brief, *old * 3, *HELLO]
    assert served.chat(messages=told).usage.prompt_tokens > plain.usage.prompt_tokens
    long = {"role": "system", "content": "z" * room}
    assert served.chat(messages=[long, *HELLO], extra_body={"session_id": "s"})


def test_temperature_and_seed(served: Served) -> None:
    def told(seed: int | None) -> str:
        text = served.chat(temperature=1.5, seed=seed).choices[0].message.content
        return str(text)

    assert told(1) == told(1) != told(2)
    assert len({told(None) for _ in range(3)}) > 1


# --- what is remembered ------------------------------------------------------------------------


@pytest.mark.parametrize("where", ["session_id", "metadata"])
def test_a_session_is_kept_across_calls(served: Served, where: str) -> None:
    named: Any = (
        {"session_id": "s.1"} if where == "session_id" else {"metadata": {"session_id": "s.1"}}
    )
    first = served.chat(extra_body=named).choices[0].message.content
    again = [*HELLO, {"role": "assistant", "content": "not what was said"}]
    again += [{"role": "user", "content": "and now?"}]
    stream = served.chat(messages=again, stream=True, extra_body=named)
    second = "".join(c.choices[0].delta.content or "" for c in stream)
    assert served.said("s.1") == [
        ("user", "hello"),
        ("assistant", first),
        ("user", "and now?"),
        ("assistant", second),
    ]
    assert served.service.profile.sessions.get("s.1").source == "api"


def test_an_ended_session_cannot_go_on(served: Served) -> None:
    served.chat(extra_body={"session_id": "old"})
    served.service.end_session("old")
    with pytest.raises(ConflictError, match="start a new one"):
        served.chat(extra_body={"session_id": "old"})
    assert len(served.said("old")) == 2


def test_a_user_goes_on_until_the_session_ends(served: Served) -> None:
    def session_of(user: str) -> str:
        raw = served.client().chat.completions.with_raw_response
        answer = raw.create(model="inweight", messages=HELLO, user=user)
        return str(answer.headers["x-session-id"])

    first = session_of("ann")
    assert session_of("ann") == first != session_of("bob")
    served.service.end_session(first)
    assert session_of("ann") != first


@pytest.mark.parametrize("named", [{"user": "ana"}, {"extra_body": {"session_id": "one"}}])
def test_two_first_requests_at_once_share_a_session(
    served: Served, monkeypatch: pytest.MonkeyPatch, named: dict[str, Any]
) -> None:
    sessions = served.service.profile.sessions
    start = sessions.start

    def slow(**of: Any) -> str:
        time.sleep(0.3)  # both have looked by now, unless one waits for the other
        return start(**of)

    monkeypatch.setattr(sessions, "start", slow)
    threads = [threading.Thread(target=lambda: served.chat(**named)) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    (session,) = sessions.list()
    assert [m.role for m in sessions.messages(session.id)].count("user") == 2


def test_store_false_writes_nothing(served: Served) -> None:
    served.chat(store=False, user="ann", extra_body={"session_id": "s1"})
    assert served.saved() == 0
    with pytest.raises(BadRequestError, match="needs a 'session_id'"):
        served.chat(store=True)


def test_what_was_shown_is_kept_when_the_client_hangs_up(served: Served) -> None:
    served.pace.seconds = 0.1
    stream = served.chat(stream=True, extra_body={"session_id": "cut"})
    shown = ""
    for chunk in stream:
        shown += chunk.choices[0].delta.content or ""
        if len(shown) >= 3:
            break
    stream.close()
    _until(lambda: len(served.said("cut")) == 2)
    kept = served.said("cut")[1][1]
    assert kept.startswith(shown) and len(kept) < TOKENS
    served.pace.seconds = 0
    assert served.chat().choices[0].message.content  # the model is free again


def test_many_at_once_are_all_answered(served: Served) -> None:
    """More than the server has threads for waiting."""
    served.pace.seconds = 0.002
    lengths: list[int] = []

    def ask() -> None:
        lengths.append(served.chat(max_tokens=2).usage.completion_tokens)

    threads = [threading.Thread(target=ask) for _ in range(60)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert lengths == [2] * 60


# --- another program ---------------------------------------------------------------------------


def _llm(folder: Path, *words: str) -> str:
    """What the command `llm` prints; its models stand in `folder`."""
    llm = Path(sys.executable).with_name("llm")
    env = os.environ | {"LLM_USER_PATH": str(folder)}
    done = subprocess.run([llm, *words], env=env, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_the_program_llm_chats_streams_and_is_remembered(served: Served, tmp_path: Path) -> None:
    at = {"model_name": "inweight", "api_base": f"{served.url}/v1"}
    known = {"model_id": "known", "headers": {"x-user": "ann"}} | at
    models = tmp_path / "extra-openai-models.yaml"
    models.write_text(json.dumps([known, {"model_id": "fleeting"} | at]))  # JSON is YAML
    whole = _llm(tmp_path, "-m", "fleeting", "--no-stream", "hello")
    assert len(whole) == TOKENS and _llm(tmp_path, "-m", "fleeting", "hello") == whole
    assert served.saved() == 0

    first = _llm(tmp_path, "-m", "known", "hello")
    second = _llm(tmp_path, "-m", "known", "--no-stream", "and now?")
    (session,) = served.service.profile.sessions.list()
    assert (session.source, session.state) == ("api:ann", "open")
    assert served.said(session.id) == [
        ("user", "hello"),
        ("assistant", first),
        ("user", "and now?"),
        ("assistant", second),
    ]
    listed = _llm(tmp_path, "openai", "endpoint", f"{served.url}/v1", "--models")
    assert {"inweight", "inweight-base"} <= set(listed.split())


def test_the_body_goes_before_the_headers(served: Served) -> None:
    served.chat(extra_headers={"x-session-id": "header"})
    served.chat(extra_headers={"x-session-id": "header"}, extra_body={"session_id": "body"})
    assert len(served.said("header")) == len(served.said("body")) == 2
    served.chat(extra_headers={"x-user": "ann"}, store=False)
    assert served.saved() == 2
    with pytest.raises(BadRequestError, match="letters, digits"):
        served.chat(extra_headers={"x-session-id": "../etc"})


def test_a_client_that_stops_reading_holds_up_nobody(served: Served) -> None:
    """Its connection is full after one piece and stays so; the reply is made and kept all the
    same, and others are answered."""
    asked = {"messages": HELLO, "stream": True, "session_id": "stuck"}
    bodies = [json.dumps(asked).encode()]

    async def ask() -> None:
        async def receive() -> dict[str, Any]:
            if not bodies:
                await asyncio.Event().wait()
            return {"type": "http.request", "body": bodies.pop()}

        async def send(message: Any) -> None:
            if b'"content":"' in message.get("body", b"") and b'"role"' not in message["body"]:
                await asyncio.Event().wait()

        stuck = asyncio.create_task(create_api(served.service)(_scope(), receive, send))
        for _ in range(400):
            await asyncio.sleep(0.05)
            if len(served.said("stuck")) == 2:
                break
        reply = await asyncio.to_thread(served.chat)
        assert reply.choices[0].message.content == served.said("stuck")[1][1]
        assert not stuck.done()
        stuck.cancel()

    asyncio.run(ask())


def _scope() -> dict[str, Any]:
    headers = [(b"host", b"localhost"), (b"content-type", b"application/json")]
    return {
        "type": "http",
        "method": "POST",
        "path": "/v1/chat/completions",
        "query_string": b"",
        "headers": headers,
    }


# --- models ------------------------------------------------------------------------------------


def test_models_name_the_memory_the_base_and_the_versions(served: Served) -> None:
    number = _keep_version(served.service)
    names = [m.id for m in served.client().models.list()]
    assert names == ["inweight", "inweight-base", f"inweight-v{number}"]
    assert served.client().models.retrieve("inweight-base").owned_by == "inweight"

    def told(model: str) -> str:
        return str(served.chat(model=model).choices[0].message.content)

    assert told("inweight") == told("inweight-base") != told(f"inweight-v{number}")
    served.service.activate(number)
    assert told("inweight") == told(f"inweight-v{number}") != told("inweight-base")


@pytest.mark.parametrize("name", ["gpt-4o", "inweight-v9", "inweight-v0"])
def test_an_unknown_model_is_404(served: Served, name: str) -> None:
    with pytest.raises(NotFoundError) as failure:
        served.chat(model=name, extra_body={"session_id": "s1"})
    assert failure.value.code == "model_not_found" and failure.value.param == "model"
    assert served.saved() == 0
    with pytest.raises(NotFoundError):
        served.client().models.retrieve(name)


# --- refusals ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("asked", "param"),
    [
        ({"messages": []}, "messages"),
        ({"messages": [{"role": "assistant", "content": "hi"}]}, "messages"),
        ({"messages": [{"role": "user", "content": " "}]}, "messages"),
        ({"messages": [{"role": "user", "content": "long " * 2000}]}, "messages"),
        ({"temperature": 9}, "temperature"),
        ({"n": 2}, "n"),
        ({"stop": ["."]}, "stop"),
        ({"extra_body": {"session_id": "../etc"}}, "session_id"),
    ],
)
def test_a_bad_request_is_400_and_names_its_cause(
    served: Served, asked: dict[str, Any], param: str
) -> None:
    with pytest.raises(BadRequestError) as failure:
        served.chat(**asked)
    assert failure.value.param == param and failure.value.type == "invalid_request_error"
    assert served.saved() == 0


def test_what_is_beyond_all_bounds_is_refused(served: Served, manage: httpx.Client) -> None:
    assert manage.get("/sessions", params={"offset": 10**20}).status_code == 400
    assert manage.post("/activate", json={"version": 10**20}).status_code == 400
    assert manage.post("/export", json={"version": 10**20}).status_code == 400
    half = b'{"messages": [{"role": "user", "content": "hi \\ud800"}]}'
    is_json = {"content-type": "application/json"}
    told = httpx.post(f"{served.url}/v1/chat/completions", content=half, headers=is_json)
    assert told.status_code == 400 and told.json()["error"]["param"] == "messages"
    hardly = served.chat(temperature=1e-40).choices[0].message.content
    assert hardly == served.chat(temperature=0).choices[0].message.content


def test_what_is_no_json_and_what_is_no_route(served: Served) -> None:
    broken = httpx.post(
        f"{served.url}/v1/chat/completions",
        content="{",
        headers={"content-type": "application/json"},
    )
    assert broken.status_code == 400
    assert set(broken.json()["error"]) == {"message", "type", "param", "code"}
    for path in ("/v1/embeddings", "/api/nothing"):
        assert httpx.post(served.url + path).json()["error"]["type"] == "invalid_request_error"


def test_a_failure_in_mid_stream_is_told(served: Served) -> None:
    served.pace.fails = True
    with pytest.raises(APIError, match="not foreseen"):
        list(served.chat(stream=True))


def test_the_key_is_asked_for(served: Served) -> None:
    served.service.settings.api_key = SecretStr("schlüssel")
    for path in ("/v1/models", "/api/sessions", "/v1/nothing"):
        bare = httpx.get(served.url + path)
        assert bare.status_code == 401 and bare.json()["error"]["code"] == "invalid_api_key"
    with pytest.raises(AuthenticationError):
        served.client("wrong").models.list()
    served.service.settings.api_key = SecretStr("right")
    assert list(served.client("right").models.list())


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"host": "localhost:1"}, 200),
        ({"host": "[::1]:7860"}, 200),
        ({"host": "evil.example"}, 403),
        ({"host": "127.0.0.1.evil.example"}, 403),
        ({"host": "[::1"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"host": "localhost:1", "origin": "http://localhost:1"}, 200),
    ],
)
def test_foreign_pages_are_refused(served: Served, headers: dict[str, str], status: int) -> None:
    assert httpx.get(f"{served.url}/v1/models", headers=headers).status_code == status


def test_no_other_site_can_frame_it(served: Served) -> None:
    policy = httpx.get(f"{served.url}/v1/models").headers["content-security-policy"]
    assert policy == "frame-ancestors 'self'"


def test_a_key_opens_its_routes_to_other_names_but_not_the_page(served: Served) -> None:
    served.service.settings.api_key = SecretStr("k")
    headers = {"host": "box.lan", "authorization": "Bearer k"}
    assert httpx.get(f"{served.url}/v1/models", headers=headers).status_code == 200
    assert httpx.get(f"{served.url}/", headers=headers).status_code == 403


def test_the_page_stands_beside_the_routes(served: Served) -> None:
    from ui.app import mount

    app = mount(create_api(served.service), served.service)
    with TestClient(app, base_url="http://localhost:7860") as browser:
        assert "gradio" in browser.get("/").text
        assert browser.get("/v1/models").json()["object"] == "list"
        assert browser.get("/v1/nothing").json()["error"]["type"] == "invalid_request_error"
        ours = {"origin": "http://localhost:7860"}
        foreign = {"origin": "https://evil.example"}
        assert browser.get("/gradio_api/info", headers=ours).status_code == 200
        assert browser.get("/gradio_api/info", headers=foreign).status_code == 403


# --- management --------------------------------------------------------------------------------


@pytest.fixture
def manage(served: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=f"{served.url}/api", timeout=20) as client:
        yield client


def test_the_life_of_a_session(served: Served, manage: httpx.Client) -> None:
    served.chat(extra_body={"session_id": "s1"})
    served.chat(extra_body={"session_id": "s2"})
    found = manage.get("/sessions", params={"state": "open", "limit": 1}).json()
    assert found["total"] == 2 and len(found["sessions"]) == 1
    whole = manage.get("/sessions/s1").json()
    assert [m["role"] for m in whole["messages"]] == ["user", "assistant"]
    assert whole["session"]["title"] == "hello" and whole["pairs"] == []
    assert manage.post("/sessions/s1/end").json() == {"ended": True}
    new = manage.post("/sessions/s1/continue").json()
    assert (new["state"], new["source"], new["continues"]) == ("open", "api", "s1")
    assert manage.post(f"/sessions/{new['id']}/continue").json()["id"] == new["id"]
    assert manage.post("/sessions/s1/exclude").json()["state"] == "excluded"
    refused = manage.post("/sessions/s1/absorb")
    assert refused.status_code == 409 and "excluded" in refused.json()["error"]["message"]
    both = manage.post("/absorb", json={"sessions": ["s2", "s1"]})
    assert both.status_code == 409 and "s1" in both.json()["error"]["message"]
    assert manage.get("/sessions/s2").json()["session"]["state"] == "open"  # not ended for nothing
    assert manage.post(f"/sessions/{new['id']}/absorb").status_code == 409  # empty
    assert manage.post("/sessions/s1/include").json()["state"] == "ended"
    assert manage.post("/sessions/s1/forget", json={"erase": True}).status_code == 204
    assert manage.get("/sessions/s1").status_code == 404


def test_absorbing_is_asked_of_the_scheduler(served: Served, manage: httpx.Client) -> None:
    asked: list[list[str] | None] = []
    served.service.scheduler.request = asked.append  # type: ignore[method-assign]
    served.chat(extra_body={"session_id": "s1"})
    assert manage.post("/sessions/s1/absorb").status_code == 202
    assert served.service.profile.sessions.get("s1").state == "ended"
    assert manage.post("/absorb", json={}).json()["running"] is False
    assert asked == [["s1"], None]
    assert manage.post("/sessions/none/absorb").status_code == 404
    assert manage.get("/progress").json()["running"] is False
    assert manage.post("/cancel").status_code == 202


def test_versions_and_export(served: Served, manage: httpx.Client) -> None:
    assert manage.get("/versions").json() == {"active": None, "versions": []}
    assert manage.post("/export", json={}).status_code == 400
    number = _keep_version(served.service)
    told = manage.post("/activate", json={"version": number}).json()
    assert told["active"] == number and told["versions"][0]["figures"] == {"recall_new": 1.0}
    artefact = manage.post("/export", json={"kind": "adapter"})
    assert artefact.content.startswith(b"PK") and ".zip" in artefact.headers["content-disposition"]
    assert manage.post("/activate", json={"version": None}).json()["active"] is None
    assert manage.post("/activate", json={"version": 99}).status_code == 404


def test_the_page_lists_every_route_and_loads_nothing(served: Served, manage: httpx.Client) -> None:
    page = manage.get("/docs").text
    paths = json.loads(manage.get("/openapi.json").text)["paths"]
    assert {"/v1/chat/completions", "/api/export"} <= set(paths)
    assert all(path in page for path in paths)
    assert "://" not in page and "<script" not in page
