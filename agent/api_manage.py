"""/api: what the page can do, for scripts.

Knows the names and shapes of the routes; everything is done by the service.
"""

from dataclasses import asdict
from typing import Any, Literal

from fastapi import APIRouter, Query
from fastapi.responses import FileResponse
from pydantic import BaseModel, Field

from agent.api_errors import Problem
from agent.remaining import Progress
from agent.service import Service
from storage.adapters import Version
from storage.pairs import Pair
from storage.sessions import Message, Session

CAN_BE_ABSORBED = ("ended", "failed")


class Found(BaseModel):
    total: int
    sessions: list[Session]


class Whole(BaseModel):
    session: Session
    messages: list[Message]
    pairs: list[Pair]


class Ended(BaseModel):
    ended: bool


class Forget(BaseModel):
    erase: bool = False


class Absorb(BaseModel):
    sessions: list[str] | None = None


class Activate(BaseModel):
    version: int | None = Field(ge=1, lt=2**63)


class Export(BaseModel):
    kind: Literal["adapter", "base", "gguf", "merged", "ollama", "profile"] = "adapter"
    version: int | None = Field(None, ge=1, lt=2**63)


class Versions(BaseModel):
    active: int | None
    versions: list[dict[str, Any]]


def routes(service: Service) -> APIRouter:
    """The management routes over one service."""
    router = APIRouter(prefix="/api", tags=["Management"])
    _add_sessions(router, service)
    _add_learning(router, service)
    _add_versions(router, service)
    return router


def _add_sessions(router: APIRouter, service: Service) -> None:
    sessions = service.profile.sessions

    @router.get("/sessions")
    def find(
        state: list[str] | None = Query(None),  # noqa: B008
        query: str = "",
        limit: int = Query(50, ge=1, le=1000),
        offset: int = Query(0, ge=0, lt=2**63),
    ) -> Found:
        """The sessions, newest first; `query` is sought in titles and messages."""
        found = sessions.list(states=state, query=query, limit=limit, offset=offset)
        return Found(total=sessions.count(state, query), sessions=found)

    @router.get("/sessions/{id}")
    def look(id: str) -> Whole:
        """One session with its messages and its pairs."""
        session = sessions.get(id)
        pairs = service.profile.pairs.of(id)
        return Whole(session=session, messages=sessions.messages(id), pairs=pairs)

    @router.post("/sessions/{id}/end")
    def end(id: str) -> Ended:
        """End it, so that it can be absorbed. An empty one is dropped; false: nothing to end."""
        return Ended(ended=service.end_session(id))

    @router.post("/sessions/{id}/continue")
    def go_on(id: str) -> Session:
        """The session to go on in: itself when it is open, else a new one that has the last words
        of this one before it."""
        return sessions.get(service.go_on(id, source="api"))

    @router.post("/sessions/{id}/exclude")
    def exclude(id: str) -> Session:
        """Keep its text but never learn from it; what was learnt is forgotten."""
        service.exclude(id)
        return sessions.get(id)

    @router.post("/sessions/{id}/include")
    def include(id: str) -> Session:
        """Let an excluded session be learnt after all."""
        service.include(id)
        return sessions.get(id)

    @router.post("/sessions/{id}/forget", status_code=204)
    def forget(id: str, asked: Forget) -> None:
        """Take it out of the weights; with `erase`, remove its text for good too."""
        service.forget(id, erase=asked.erase)


def _add_learning(router: APIRouter, service: Service) -> None:
    @router.post("/sessions/{id}/absorb", status_code=202)
    def absorb_one(id: str) -> Progress:
        """Learn this session soon; an open one is ended first."""
        return _absorb(service, [id])

    @router.post("/absorb", status_code=202)
    def absorb(asked: Absorb) -> Progress:
        """Learn these sessions soon, or all that wait. Returns at once; see /api/progress."""
        return _absorb(service, asked.sessions)

    @router.get("/progress")
    def progress() -> Progress:
        """Where the newest cycle stands."""
        return service.progress()

    @router.post("/cancel", status_code=202)
    def cancel() -> Progress:
        """Stop learning at its next step; its session and those in line wait again."""
        service.cancel()
        return service.progress()


def _absorb(service: Service, ids: list[str] | None) -> Progress:
    for id in ids or []:  # all of them before any is ended
        session = service.profile.sessions.get(id)
        state = session.state if session.messages else "empty"
        if state not in ("open", *CAN_BE_ABSORBED):
            raise Problem(409, f"Session {id} is {state}, so it cannot be absorbed now.")
    for id in ids or []:
        service.end_session(id)
    service.absorb(ids)
    return service.progress()


def _add_versions(router: APIRouter, service: Service) -> None:
    @router.get("/versions")
    def versions() -> Versions:
        """The adapter versions with their figures, newest first, and which one is in use."""
        return _versions(service)

    @router.post("/activate")
    def activate(asked: Activate) -> Versions:
        """Use another version from now on; null is the bare base."""
        service.activate(asked.version)
        return _versions(service)

    @router.post("/export", response_class=FileResponse)
    def export(asked: Export) -> FileResponse:
        """Download a version (the active one, if none is said) or the whole profile."""
        path = service.export(asked.kind, asked.version)
        return FileResponse(path, filename=path.name)


def _versions(service: Service) -> Versions:
    active: Version | None = service.profile.adapters.active()
    rows = [asdict(version) for version in service.profile.adapters.list()]
    return Versions(active=active.number if active else None, versions=rows)
