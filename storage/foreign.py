"""Conversations as other programs export them, one at a time: ChatGPT, Open WebUI, ShareGPT.

Each reader takes one decoded object and gives the row that `Sessions.take` takes, or None when the
person said nothing in it. ValueError says what is wrong with it. What was hidden, said by tools or
thought aloud is left out, and of a tree only the branch that was open last is kept. Knows shapes;
does not know files.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from pydantic import BaseModel, Field

from storage.database import stamp

_SHOWN = ("text", "multimodal_text")  # ChatGPT's other kinds are code, thoughts and tool results
_SPEAKERS = {"user": "user", "human": "user"} | dict.fromkeys(
    ("assistant", "gpt", "chatgpt"), "assistant"
)
_UNSPOKEN = {"system", "tool", "function_call", "observation"}
_THOUGHTS = re.compile(
    r'<details type="(?:reasoning|tool_calls|code_interpreter)".*?</details>', re.DOTALL
)
_MILLISECONDS = 1e11  # as seconds this would be the year 5138


class _Author(BaseModel):
    role: str


class _GptMessage(BaseModel):
    author: _Author
    content: dict[str, Any] = {}
    create_time: float | None = None
    recipient: str | None = None
    weight: float | None = None
    metadata: dict[str, Any] | None = None


class _GptNode(BaseModel):
    parent: str | None = None
    message: _GptMessage | None = None


class _GptConversation(BaseModel):
    conversation_id: str | None = None
    id: str | None = None
    title: str | None = None
    create_time: float | None = None
    current_node: str | None = None
    mapping: dict[str, _GptNode]


class _WebMessage(BaseModel):
    role: str
    content: str | list[Any] | None = None
    parentId: str | None = None
    timestamp: float | None = None


class _WebHistory(BaseModel):
    messages: dict[str, _WebMessage] = {}
    currentId: str | None = None


class _WebChat(BaseModel):
    title: str | None = None
    history: _WebHistory = _WebHistory()
    messages: list[_WebMessage] = []
    timestamp: float | None = None


class _WebExport(BaseModel):
    id: str | None = None
    title: str | None = None
    created_at: float | None = None
    chat: _WebChat


class _ShareTurn(BaseModel):
    speaker: str = Field(alias="from")
    value: str


class _ShareConversation(BaseModel):
    conversations: list[_ShareTurn]


def chatgpt(item: Mapping[str, Any]) -> dict[str, Any] | None:
    """A conversation of ChatGPT's `conversations.json`."""
    found = _GptConversation.model_validate(item)
    parents = {id: node.parent for id, node in found.mapping.items()}
    last = found.current_node if found.current_node in parents else next(reversed(parents), None)
    nodes = [found.mapping[id].message for id in _branch(parents, last)]
    said = [
        _said(m.author.role, _words(m.content.get("parts")), m.create_time)
        for m in nodes
        if m and _shown(m)
    ]
    id = found.conversation_id or found.id
    return _row(id and f"chatgpt-{id}", found.title, found.create_time, said)


def open_webui(item: Mapping[str, Any]) -> dict[str, Any] | None:
    """A chat of Open WebUI's export; older ones come without the wrapper that has the id."""
    found = _WebExport.model_validate(item if "chat" in item else {"chat": item})
    chat, tree = found.chat, found.chat.history.messages
    parents = {id: message.parentId for id, message in tree.items()}
    current = chat.history.currentId
    last = current if current in parents else next(reversed(parents), None)
    messages = [tree[id] for id in _branch(parents, last)] or chat.messages
    said = [
        _said(m.role, (text if m.role == "user" else _THOUGHTS.sub("", text)).strip(), m.timestamp)
        for m in messages
        for text in (_words(m.content),)
        if m.role not in _UNSPOKEN
    ]
    started = found.created_at or chat.timestamp
    return _row(found.id and f"openwebui-{found.id}", found.title or chat.title, started, said)


def sharegpt(item: Mapping[str, Any]) -> dict[str, Any] | None:
    """A ShareGPT conversation. Its id, if any, only counts within its file, so it is not kept."""
    found = _ShareConversation.model_validate(item)
    said = [
        _said(turn.speaker, turn.value.strip(), None)
        for turn in found.conversations
        if turn.speaker not in _UNSPOKEN
    ]
    return _row(None, None, None, said)


def _shown(message: _GptMessage) -> bool:
    """Whether the person saw it, or wrote it, as a message of the chat."""
    hidden = (message.metadata or {}).get("is_visually_hidden_from_conversation")
    return not (
        hidden
        or message.author.role in _UNSPOKEN
        or message.weight == 0
        or message.recipient not in (None, "all")
        or message.content.get("content_type", "text") not in _SHOWN
    )


def _branch(parents: Mapping[str, str | None], last: str | None) -> list[str]:
    """The ids from the root to `last`. A root may name a parent that was never exported."""
    branch: list[str] = []
    while last is not None and last in parents:
        branch.append(last)
        last = parents[last]
        if len(branch) > len(parents):
            raise ValueError("its messages go round in a circle")
    return branch[::-1]


def _words(parts: object) -> str:
    """The text of a message: a string, or a list of strings and of objects that may have some."""
    if not isinstance(parts, list):
        return parts.strip() if isinstance(parts, str) else ""
    texts = [part.get("text") if isinstance(part, dict) else part for part in parts]
    return "\n".join(text.strip() for text in texts if isinstance(text, str) and text.strip())


def _said(role: str, content: str, time: float | None) -> dict[str, Any]:
    if role not in _SPEAKERS:
        raise ValueError(f"nobody here is called '{role}'")
    return {"role": _SPEAKERS[role], "content": content, "created_at": _time(time)}


def _time(at: float | None) -> str | None:
    """Seconds since 1970, or milliseconds where they can be nothing else, as time is stored."""
    if at is None:
        return None
    seconds = at / 1000 if at > _MILLISECONDS else at
    try:
        return stamp(datetime.fromtimestamp(seconds, UTC))
    except (OverflowError, OSError, ValueError) as problem:
        raise ValueError(f"the time {at} is out of range") from problem


def _row(
    id: str | None, title: str | None, started: float | None, said: Iterable[dict[str, Any]]
) -> dict[str, Any] | None:
    messages = [message for message in said if message["content"]]
    if all(message["role"] != "user" for message in messages):
        return None
    started_at = _time(started) or messages[0]["created_at"]
    return {"id": id, "title": title, "started_at": started_at, "messages": messages}
