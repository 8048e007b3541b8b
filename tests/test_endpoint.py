"""The pair-writing endpoint: a real HTTP server that behaves well, badly, or not at all."""

import json
import socket
from collections.abc import Iterator
from typing import Any

import pytest

from agent.config import Settings
from agent.endpoint import TRIES, EndpointWriter
from agent.errors import EndpointError
from tests.answering import Answer, Server, completion

CONTEXT = [
    {"role": "user", "content": "My cat is called Pickle."},
    {"role": "assistant", "content": "Nice."},
]
FACT = {"questions": ["What is my cat called?", "My cat's name?"], "answer": "Pickle."}
PAIRS = [(question, "Pickle.") for question in FACT["questions"]]
GOOD = json.dumps({"facts": [FACT]})


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
