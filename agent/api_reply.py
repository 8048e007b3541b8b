"""How a reply is told as it grows: whole, or as server-sent events, in the shapes of openai.types.

Knows the thread in which a reply is made and what happens when the client hangs up. Does not know
what was asked.
"""

import asyncio
import secrets
import threading
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import aclosing, suppress
from dataclasses import dataclass, field
from typing import Literal

from fastapi import Request
from fastapi.responses import Response, StreamingResponse
from openai.types import CompletionUsage
from openai.types.chat import ChatCompletion, ChatCompletionChunk
from starlette.types import Receive, Scope, Send

from agent import api_errors
from agent.chat import Order


@dataclass(slots=True)
class Run:
    """A reply on its way."""

    model: str
    order: Order
    reply: Iterator[str]
    session_id: str | None
    id: str = field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    created: int = field(default_factory=lambda: int(time.time()))

    @property
    def usage(self) -> CompletionUsage:
        asked, made = self.order.prompt_tokens, self.order.reply_tokens
        return CompletionUsage(
            prompt_tokens=asked, completion_tokens=made, total_tokens=asked + made
        )

    @property
    def finish_reason(self) -> Literal["stop", "length"]:
        full = self.order.reply_tokens >= self.order.sampling.max_tokens
        return "length" if full else "stop"

    @property
    def headers(self) -> dict[str, str]:
        return {"x-session-id": self.session_id} if self.session_id else {}


async def _grow(run: Run) -> AsyncGenerator[str, None]:
    """The growing text, fetched in a thread of its own, since a server that waits for it in one of
    its few would soon have none left. When this generator is closed the reply ends and what was
    made is kept."""
    loop = asyncio.get_running_loop()
    grown: asyncio.Queue[str | Exception | None] = asyncio.Queue()

    def put(item: str | Exception | None) -> None:
        with suppress(RuntimeError):  # the server is gone; the log is still written
            loop.call_soon_threadsafe(grown.put_nowait, item)

    def work() -> None:
        try:
            for text in run.reply:
                put(text)
            put(None)
        except Exception as error:
            put(error)

    threading.Thread(target=work, name=run.id).start()
    try:
        while (item := await grown.get()) is not None:
            if isinstance(item, Exception):
                raise item
            yield item
    finally:
        run.order.stopped = True


async def whole(run: Run, request: Request) -> Response:
    text = ""
    async with aclosing(_grow(run)) as texts:
        async for grown in texts:
            text = grown
            if await request.is_disconnected():
                break
    message = {"role": "assistant", "content": text.strip()}
    choice = {"index": 0, "message": message, "finish_reason": run.finish_reason, "logprobs": None}
    reply = ChatCompletion.model_validate(
        {
            "id": run.id,
            "object": "chat.completion",
            "created": run.created,
            "model": run.model,
            "choices": [choice],
            "usage": run.usage,
        }
    )
    told = reply.model_dump_json(exclude_unset=True)
    return Response(told, media_type="application/json", headers=run.headers)


async def events(run: Run, usage: bool) -> AsyncGenerator[str, None]:
    """The server-sent events of a reply, the last of them [DONE]."""
    yield _chunk(run, {"role": "assistant", "content": ""})
    sent = 0
    try:
        async with aclosing(_grow(run)) as texts:
            async for text in texts:
                if text[sent:]:
                    yield _chunk(run, {"content": text[sent:]})
                sent = len(text)
    except Exception as error:
        yield _event(api_errors.response(api_errors.as_problem(error)).body)
        return
    yield _chunk(run, {}, run.finish_reason)
    if usage:
        yield _chunk(run, None)
    yield _event(b"[DONE]")


def _chunk(run: Run, delta: dict[str, str] | None, finish: str | None = None) -> str:
    """One piece of the reply; with no delta, what it took."""
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    row = {
        "id": run.id,
        "object": "chat.completion.chunk",
        "created": run.created,
        "model": run.model,
        "choices": [] if delta is None else [choice],
    }
    if delta is None:
        row["usage"] = run.usage
    chunk = ChatCompletionChunk.model_validate(row)
    return _event(chunk.model_dump_json(exclude_unset=True).encode())


def _event(data: bytes | memoryview) -> str:
    return f"data: {bytes(data).decode()}\n\n"


class Events(StreamingResponse):
    """Closes its source also when the client hangs up."""

    media_type = "text/event-stream"

    def __init__(self, source: AsyncGenerator[str, None], headers: dict[str, str]) -> None:
        super().__init__(source, headers={"cache-control": "no-cache", **headers})
        self._source = source

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            await super().__call__(scope, receive, send)
        finally:
            await self._source.aclose()
