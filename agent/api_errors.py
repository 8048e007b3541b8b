"""What the HTTP API says when it says no, always in OpenAI's own shape.

Knows which of the agent's failures is which status. Does not know the routes.
"""

import logging
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from agent.errors import AdapterError, AgentError, Busy
from storage.errors import NotFound, StorageError

log = logging.getLogger(__name__)


class Problem(Exception):
    """A refusal with its HTTP status, and the parameter and code that name its cause."""

    def __init__(
        self, status: int, message: str, *, param: str | None = None, code: str | None = None
    ) -> None:
        super().__init__(message)
        self.status = status
        self.param = param
        self.code = code


def body(problem: Problem) -> dict[str, Any]:
    """{"error": {message, type, param, code}}"""
    kind = "server_error" if problem.status >= 500 else "invalid_request_error"
    told = {"message": str(problem), "type": kind, "param": problem.param, "code": problem.code}
    return {"error": told}


def response(problem: Problem) -> JSONResponse:
    # No refusal made here goes away by itself, so clients need not try again.
    headers = {"x-should-retry": "false"}
    if problem.status == 401:
        headers["www-authenticate"] = "Bearer"
    return JSONResponse(body(problem), problem.status, headers)


def as_problem(error: Exception) -> Problem:
    """Any failure as a Problem; what nobody foresaw is logged and not shown."""
    match error:
        case Problem():
            return error
        case RequestValidationError():
            return _of_body(error)
        case HTTPException():
            return Problem(error.status_code, str(error.detail))
        case NotFound():
            return Problem(404, str(error), code="not_found")
        case StorageError() | AdapterError() | Busy():
            return Problem(409, str(error), code="conflict")
        case AgentError():
            return Problem(400, str(error))
    log.error("the API failed", exc_info=error)
    return Problem(500, "Something failed that was not foreseen; the program's log says what.")


def _of_body(error: RequestValidationError) -> Problem:
    first = error.errors()[0]
    where = ".".join(str(part) for part in first["loc"][1:])
    named = f"'{where}' does not fit" if where else "The request does not fit"
    return Problem(400, f"{named}: {first['msg']}.", param=where or None, code="invalid_value")


def install(app: FastAPI) -> None:
    """Answer every failure of `app` in this shape."""

    async def answer(_: Request, error: Exception) -> JSONResponse:
        return response(as_problem(error))

    for kind in (Problem, RequestValidationError, HTTPException, AgentError, StorageError):
        app.add_exception_handler(kind, answer)
    app.add_exception_handler(Exception, answer)
