"""The HTTP API: OpenAI's chat routes under /v1, management under /api, and who may call them.

Which chats are remembered: a request that names its conversation. `session_id` (a field, or in
`metadata`) is one session: it is started when unknown and can be continued until it ends. `user`
goes on with that user's open session, or begins their next one. The headers `x-session-id` and
`x-user` say the same, for programs that send fixed fields. Into a session only the request's last
message is said; what came before it is the session's own. A request that names none, or says
`store: false`, is off the record: its messages are the context and nothing is written.

`model` is "inweight" (the active version), "inweight-base" (no memory) or "inweight-vN".

Knows the guard at the door; not chat or stores.
"""

import hmac
from collections.abc import Callable
from urllib.parse import urlsplit

from fastapi import APIRouter, Depends, FastAPI
from fastapi.responses import HTMLResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from agent import api_chat, api_errors, api_manage, api_page
from agent.api_errors import Problem
from agent.service import Service

LOCAL = {"localhost", "127.0.0.1", "::1"}
KEYED = ("/v1/", "/api/")
METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def create_api(service: Service) -> FastAPI:
    """The routes over one service; the page may be mounted on it afterwards."""
    app = FastAPI(
        title="Inweight",
        summary="An agent whose memory of you lives in its weights.",
        openapi_url="/api/openapi.json",
        docs_url=None,  # FastAPI's page loads scripts from another host; ours loads nothing
        redoc_url=None,
    )
    api_errors.install(app)
    app.add_middleware(Guard, service=service)

    @app.get("/api/docs", include_in_schema=False)
    def docs() -> HTMLResponse:
        return HTMLResponse(api_page.page(app.openapi()))

    for router in (api_chat.routes(service), api_manage.routes(service), _unknown()):
        app.include_router(router, dependencies=[Depends(_key_check(service))])
    return app


def _unknown() -> APIRouter:
    """Anything else under /v1 and /api, which would fall through to the page otherwise."""
    router = APIRouter(include_in_schema=False)

    @router.api_route("/v1/{rest:path}", methods=METHODS)
    @router.api_route("/api/{rest:path}", methods=METHODS)
    def unknown(rest: str) -> None:
        raise Problem(404, f"There is no route '{rest}' here; /api/docs lists them.")

    return router


def _key(service: Service) -> str:
    """The bearer key to ask for; empty if none is set."""
    key = service.settings.api_key
    return key.get_secret_value() if key else ""


def _key_check(service: Service) -> Callable[..., None]:
    def check(
        given: HTTPAuthorizationCredentials | None = Depends(HTTPBearer(auto_error=False)),  # noqa: B008
    ) -> None:
        key, told = _key(service), given.credentials if given else ""
        if key and not hmac.compare_digest(told.encode(), key.encode()):
            message = "The API key is missing or wrong. Send 'Authorization: Bearer KEY'."
            raise Problem(401, message, code="invalid_api_key")

    return check


class Guard:
    """Refuses what a foreign web page could make this person's browser send: requests under
    another host's name (DNS rebinding) or from another origin. Routes that ask for a key are
    protected by it and may be reached under any name."""

    def __init__(self, app: ASGIApp, service: Service) -> None:
        self._app = app
        self._service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] in ("http", "websocket") and not self._allows(scope):
            message = "Only this machine may ask, as localhost, and no other site's page."
            refusal = Problem(403, message, code="host_not_allowed")
            await api_errors.response(refusal)(scope, receive, send)
            return

        async def unframed(message: Message) -> None:
            """In another site's frame a person would click on what they do not see."""
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)["content-security-policy"] = "frame-ancestors 'self'"
            await send(message)

        await self._app(scope, receive, unframed)

    def _allows(self, scope: Scope) -> bool:
        if _key(self._service) and scope["path"].startswith(KEYED):
            return True
        headers = Headers(scope=scope)
        host, origin = headers.get("host", ""), headers.get("origin")
        try:
            local = urlsplit(f"//{host}").hostname in LOCAL
            return local and (origin is None or urlsplit(origin).netloc == host)
        except ValueError:  # brackets that do not close
            return False
