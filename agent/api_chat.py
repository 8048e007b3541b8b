"""/v1/chat/completions and /v1/models, in the shapes of openai.types.

Knows what a request may say and which session it goes on with (see agent/api.py). Does not know
keys or hosts, nor how a reply is told.
"""

import re
import secrets
from contextlib import suppress
from datetime import datetime
from typing import Any, Literal

from fastapi import APIRouter, Request
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import Response
from openai.types import Model
from pydantic import BaseModel, ConfigDict, Field

from agent.api_errors import Problem
from agent.api_reply import Events, Run, events, whole
from agent.chat import Order
from agent.model import CHAT, Message
from agent.sampling import Sampling
from agent.service import Service
from agent.text import is_broken
from storage.database import transaction
from storage.errors import NotFound

ACTIVE, BASE = "inweight", "inweight-base"
SESSION_HEADER, USER_HEADER = "x-session-id", "x-user"
SESSION_ID = r"[A-Za-z0-9_.:-]{1,128}"
# Asked for, these change what a reply means; ignoring them would mislead.
UNSUPPORTED = ("tools", "functions", "stop", "logprobs", "audio", "response_format")


class Part(BaseModel):
    """A piece of a message; only text is understood."""

    type: Literal["text"]
    text: str


class Turn(BaseModel):
    """One message of the request."""

    role: Literal["system", "developer", "user", "assistant"]
    content: str | list[Part]

    @property
    def text(self) -> str:
        content = self.content
        return content if isinstance(content, str) else "".join(part.text for part in content)


class StreamOptions(BaseModel):
    include_usage: bool = False


class ChatRequest(BaseModel):
    """OpenAI's request and `session_id`; fields that are not listed are ignored."""

    model_config = ConfigDict(extra="allow")

    model: str = ACTIVE
    messages: list[Turn] = Field(min_length=1)
    stream: bool | None = False
    stream_options: StreamOptions | None = None
    max_tokens: int | None = Field(None, ge=1, description="at most the setting reply_tokens")
    max_completion_tokens: int | None = Field(None, ge=1)
    temperature: float | None = Field(None, ge=0, le=2, description="nothing is drawn if not given")
    top_p: float | None = Field(None, gt=0, le=1)
    seed: int | None = Field(None, ge=-(2**63), lt=2**63)
    n: Literal[1] | None = None
    store: bool | None = Field(None, description="false: off the record")
    session_id: str | None = Field(None, pattern=f"^{SESSION_ID}$")
    user: str | None = Field(None, max_length=128, description="goes on with their open session")
    metadata: dict[str, Any] | None = Field(None, description="may hold session_id")


def routes(service: Service) -> APIRouter:
    """OpenAI's routes over one service."""
    router = APIRouter(prefix="/v1", tags=["OpenAI"])

    @router.post("/chat/completions")
    async def complete(asked: ChatRequest, request: Request) -> Response:
        """A reply, whole or as server-sent events. The headers `x-session-id` and `x-user` stand
        for the fields, for programs that can set nothing else."""
        _take_headers(asked, request)
        run = await run_in_threadpool(_begin, service, asked)
        if asked.stream:
            usage = bool(asked.stream_options and asked.stream_options.include_usage)
            return Events(events(run, usage), run.headers)
        return await whole(run, request)

    @router.get("/models")
    def models() -> dict[str, Any]:
        """The active version, the bare base, and every kept version."""
        return {"object": "list", "data": [m.model_dump() for m in _models(service)]}

    @router.get("/models/{name}")
    def model(name: str) -> Model:
        """One of them."""
        found = next((m for m in _models(service) if m.id == name), None)
        return found or _no_model(name)

    return router


# --- what is asked -----------------------------------------------------------------------------


def _begin(service: Service, asked: ChatRequest) -> Run:
    """Check the request, write down its message if it is to be kept, and get the reply ready."""
    _check(asked)
    _check_length(service, asked.messages[-1].text)
    order = Order(_sampling(asked, service.settings.reply_tokens), _adapter(service, asked.model))
    session_id = _session(service, asked)
    *earlier, last = _messages(asked.messages)
    if not session_id:
        _check_length(service, last["content"])
    reply = service.say(
        session_id,
        asked.messages[-1].text if session_id else last["content"],
        memory=order.adapter is not None,
        history=earlier,
        order=order,
    )
    return Run(asked.model, order, reply, session_id)


def _take_headers(asked: ChatRequest, request: Request) -> None:
    """Which conversation it is, as a header says it; what the body says goes first."""
    asked.session_id = asked.session_id or request.headers.get(SESSION_HEADER)
    asked.user = asked.user or request.headers.get(USER_HEADER)


def _check(asked: ChatRequest) -> None:
    given = asked.model_extra or {}
    for name in UNSUPPORTED:
        if given.get(name) and given[name] != {"type": "text"}:
            message = f"'{name}' is not supported here; leave it out."
            raise Problem(400, message, param=name, code="unsupported_parameter")
    if any(
        map(is_broken, (asked.model, asked.user or "", *(turn.text for turn in asked.messages)))
    ):
        message = "A message or a name holds half of a character."
        raise Problem(400, message, param="messages", code="invalid_value")
    if asked.messages[-1].role != "user" or not asked.messages[-1].text.strip():
        message = "The last message must be the user's, and not empty."
        raise Problem(400, message, param="messages", code="invalid_value")


def _messages(turns: list[Turn]) -> list[Message]:
    """The request's messages. Its system lines go before the last thing the user says: the agent has
    a system line of its own, and what is older may have no room in the window."""
    lines = [t.text for t in turns if t.role in ("system", "developer")]
    rows = [{"role": t.role, "content": t.text} for t in turns if t.role in ("user", "assistant")]
    rows[-1]["content"] = "\n\n".join([*lines, rows[-1]["content"]])
    return rows


def _check_length(service: Service, last: str) -> None:
    room = service.settings.window_tokens - service.settings.reply_tokens
    if len(service.model.prompt([{"role": "user", "content": last}])) > room:
        message = f"The last message is longer than the {room} tokens that can be read at once."
        raise Problem(400, message, param="messages", code="context_length_exceeded")


def _sampling(asked: ChatRequest, most: int) -> Sampling:
    wanted = asked.max_completion_tokens or asked.max_tokens or most
    return Sampling(
        max_tokens=min(wanted, most),
        temperature=asked.temperature or 0.0,
        top_p=asked.top_p or Sampling().top_p,
        seed=secrets.randbits(63) if asked.seed is None else asked.seed,
    )


def _adapter(service: Service, name: str) -> str | None:
    """The adapter that `model` names; None is the bare base."""
    if name in (ACTIVE, BASE):
        return CHAT if name == ACTIVE else None
    if numbered := re.fullmatch(r"inweight-v([1-9]\d{0,8})", name):
        with suppress(NotFound):
            return service.attach(int(numbered[1]))
    return _no_model(name)


def _session(service: Service, asked: ChatRequest) -> str | None:
    """The session that this request goes on with; None is off the record."""
    if asked.store is False:
        return None
    named = asked.session_id or (asked.metadata or {}).get("session_id")
    if named:
        if not re.fullmatch(SESSION_ID, str(named)):
            message = "A session_id has 1 to 128 letters, digits or any of _ . : -"
            raise Problem(400, message, param="session_id", code="invalid_value")
        with transaction(service.profile.db):  # of two first requests at once one begins it
            return _named(service, str(named))
    if asked.user:
        with transaction(service.profile.db):
            return _of_user(service, asked.user)
    if asked.store:
        message = "To be remembered, a chat needs a 'session_id' or a 'user' beside 'store'."
        raise Problem(400, message, param="session_id", code="missing_required_parameter")
    return None


def _named(service: Service, session_id: str) -> str:
    try:
        return service.profile.sessions.get(session_id).id
    except NotFound:
        return service.profile.sessions.start(id=session_id, source="api")


def _of_user(service: Service, user: str) -> str:
    source = f"api:{user}"
    open_ones = service.profile.sessions.list(states=["open"], limit=-1)
    found = next((s.id for s in open_ones if s.source == source), None)
    return found or service.profile.sessions.start(source=source)


def _models(service: Service) -> list[Model]:
    kept = [v for v in service.profile.adapters.list() if service.profile.adapters.usable(v)]
    made = {f"{ACTIVE}-v{v.number}": _seconds(v.created_at) for v in kept}
    active = service.profile.adapters.active()
    newest = _seconds(active.created_at) if active else 0
    return [
        Model(id=id, created=created, object="model", owned_by="inweight")
        for id, created in ({ACTIVE: newest, BASE: 0} | made).items()
    ]


def _seconds(at: str) -> int:
    return int(datetime.fromisoformat(at).timestamp())


def _no_model(name: str) -> Any:
    message = f"There is no model '{name}'; /v1/models lists them."
    raise Problem(404, message, param="model", code="model_not_found")
