"""The pair-writing endpoint: a real HTTP server that behaves well, badly, or not at all."""

import json
import socket
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from agent.config import Settings
from agent.endpoint import TRIES, EndpointWriter
from agent.errors import EndpointError

CONTEXT = [
    {"role": "user", "content": "My cat is called Pickle."},
    {"role": "assistant", "content": "Nice."},
]
FACT = {"questions": ["What is my cat called?", "My cat's name?"], "answer": "Pickle."}
PAIRS = [(question, "Pickle.") for question in FACT["questions"]]
GOOD = json.dumps({"facts": [FACT]})
Answer = tuple[int, str, str]  # status, content type, body


def completion(content: str | None, **more: Any) -> Answer:
    message = {"role": "assistant", "content": content}
    choice = {"index": 0, "finish_reason": "stop", "message": message} | more
    body = {"id": "x", "object": "chat.completion", "created": 0, "model": "m", "choices": [choice]}
    return 200, "application/json", json.dumps(body)


class Server:
    """Gives `answers` one after another, the last one for ever, and keeps what it was asked."""

    def __init__(self) -> None:
        self.answers: list[Answer] = []
        self.asked: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["Content-Length"])
                outer.asked.append(json.loads(self.rfile.read(length)))
                outer.keys.append(self.headers["Authorization"])
                answers = outer.answers
                status, kind, body = answers.pop(0) if len(answers) > 1 else answers[0]
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: Any) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}/v1"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def server() -> Iterator[Server]:
    server = Server()
    yield server
    server.close()


@pytest.fixture
def writer(server: Server) -> EndpointWriter:
    return writer_at(server.url)


def writer_at(url: str) -> EndpointWriter:
    return EndpointWriter(Settings(qa_base_url=url, qa_model="writer-1", qa_api_key="secret"))


def test_it_answers_well(server: Server, writer: EndpointWriter) -> None:
    server.answers = [completion(GOOD)]
    assert writer.facts(CONTEXT, None) == PAIRS
    (asked,) = server.asked
    assert asked["model"] == "writer-1"
    assert "user: My cat is called Pickle.\nassistant: Nice." in asked["messages"][0]["content"]
    assert asked["response_format"]["type"] == "json_schema"
    assert server.keys == ["Bearer secret"]


@pytest.mark.parametrize("bad", ["no JSON", '{"facts": [{"questions": 1}]}', "", None])
def test_bad_then_well(server: Server, writer: EndpointWriter, bad: str | None) -> None:
    server.answers = [completion(bad), completion(GOOD)]
    assert writer.facts(CONTEXT, None) == PAIRS
    assert len(server.asked) == 2


def test_cut_off_then_well(server: Server, writer: EndpointWriter) -> None:
    server.answers = [completion(GOOD[:9], finish_reason="length"), completion(GOOD)]
    assert writer.facts(CONTEXT, None) == PAIRS


@pytest.mark.parametrize(
    "answer",
    [
        completion("no JSON"),
        completion(None),
        completion("", finish_reason="content_filter"),
        (200, "application/json", '{"choices": []}'),
        (200, "application/json", "{}"),
        (200, "application/json", "[]"),
        (200, "application/json", "{half"),
        (200, "text/html", "<h1>It works!</h1>"),
    ],
)
def test_always_bad(server: Server, writer: EndpointWriter, answer: Answer) -> None:
    server.answers = [answer]
    with pytest.raises(EndpointError, match="gave no usable pairs"):
        writer.facts(CONTEXT, None)
    assert len(server.asked) == TRIES


@pytest.mark.parametrize("status", [400, 401, 404, 500])
def test_it_refuses(server: Server, writer: EndpointWriter, status: int) -> None:
    server.answers = [(status, "application/json", '{"error": {"message": "no such model"}}')]
    with pytest.raises(EndpointError, match="refused.*no such model"):
        writer.facts(CONTEXT, None)


def test_a_closed_port() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with pytest.raises(EndpointError, match=f"{port}.*cannot be reached.*clear qa_base_url"):
        writer_at(f"http://127.0.0.1:{port}/v1").facts(CONTEXT, None)


@pytest.mark.parametrize("lacking", ["qa_base_url", "qa_model"])
def test_both_settings_are_needed(lacking: str) -> None:
    given: dict[str, Any] = {"qa_base_url": "http://x", "qa_model": "m"} | {lacking: None}
    with pytest.raises(EndpointError, match="qa_base_url.*qa_model"):
        EndpointWriter(Settings(**given))
