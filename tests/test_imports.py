"""Chats of other programs: found by their shape, taken with their dates, named where malformed."""

import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent import imports
from agent.errors import AgentError
from storage.errors import ImportProblem, StorageError
from storage.foreign import chatgpt, open_webui, sharegpt
from storage.imports import read_jsonl, read_sessions, shortened
from storage.profiles import Profile

SPRING = 1772474400.5  # 2026-03-02T18:00:00.5Z
MORNING = "2026-03-02T18:00:00+00:00"


def node(parent: str | None, role: str, *parts: Any, **changes: Any) -> dict[str, Any]:
    content = {"content_type": "text", "parts": list(parts)}
    message = {"author": {"role": role}, "content": content, "create_time": SPRING, **changes}
    return {"parent": parent, "message": message, "children": []}


def gpt_chat(**changes: Any) -> dict[str, Any]:
    """One conversation with all that must not be taken, and an answer that was made again."""
    mapping = {
        "root": {"parent": None, "message": None},
        "sys": node("root", "system", "You are helpful."),
        "about": node("sys", "user", "My profile", metadata={HIDDEN: True}),
        "u1": node("about", "user", "My kayak is called Otter.", {"asset_pointer": "file://x"}),
        "old": node("u1", "assistant", "An answer that was thrown away."),
        "call": node("u1", "assistant", "search()", recipient="browser"),
        "think": node("call", "assistant", content={"content_type": "thoughts", "parts": ["Hm"]}),
        "tool": node("think", "tool", "results"),
        "light": node("tool", "assistant", "Nothing to see", weight=0),
        "new": node("light", "assistant", "A good name", {"text": "for a boat."}, create_time=None),
        "empty": node("new", "assistant", ""),
    }
    told = {"id": "c1", "title": "Otter", "create_time": SPRING, "current_node": "empty"}
    return {**told, "mapping": mapping, **changes}


def web_chat(**changes: Any) -> dict[str, Any]:
    thought = (
        '<details type="reasoning" done="true">\n<summary>Thought</summary>\nHm\n</details>\nOh!'
    )
    tree = {
        "a": {"role": "user", "content": "I play the oboe.", "timestamp": 1772474400},
        "b": {"role": "assistant", "content": "Another answer.", "parentId": "a"},
        "c": {"role": "assistant", "content": thought, "parentId": "a", "timestamp": 1772474405},
    }
    chat = {"title": "Music", "history": {"messages": tree, "currentId": "c"}, "messages": []}
    return {"id": "w1", "created_at": 1772474400, "title": "Music", "chat": chat} | changes


SHARED = [
    {"from": "system", "value": "Be brief."},
    {"from": "human", "value": "My sister is called Ilse."},
    {"from": "gpt", "value": "Noted."},
]
HIDDEN = "is_visually_hidden_from_conversation"


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Profile]:
    profile = Profile(tmp_path, "nora")
    yield profile
    profile.close()


def written(path: Path, value: Any) -> Path:
    path.write_text(json.dumps(value))
    return path


def spoken(row: dict[str, Any] | None) -> list[tuple[str, str]]:
    assert row is not None
    return [(message["role"], message["content"]) for message in row["messages"]]


def test_chatgpt_follows_the_open_branch_and_takes_what_was_seen() -> None:
    row = chatgpt(gpt_chat())
    assert spoken(row) == [
        ("user", "My kayak is called Otter."),
        ("assistant", "A good name\nfor a boat."),
    ]
    assert row and (row["id"], row["title"], row["started_at"]) == ("chatgpt-c1", "Otter", MORNING)
    assert [m["created_at"] for m in row["messages"]] == [MORNING, None]
    assert spoken(chatgpt(gpt_chat(current_node="old")))[1][1].startswith("An answer")
    other = chatgpt(gpt_chat(conversation_id="c9", create_time=None, current_node=None))
    assert other and (other["id"], other["started_at"]) == ("chatgpt-c9", MORNING)


def test_chatgpt_without_a_word_of_the_person_is_passed_over() -> None:
    assert chatgpt(gpt_chat(current_node="sys")) is None
    assert chatgpt(gpt_chat(mapping={}, current_node=None)) is None


def test_open_webui_follows_its_tree() -> None:
    row = open_webui(web_chat())
    assert spoken(row) == [("user", "I play the oboe."), ("assistant", "Oh!")]
    assert row and (row["id"], row["title"]) == ("openwebui-w1", "Music")
    assert row["started_at"] == MORNING
    assert row["messages"][1]["created_at"] == "2026-03-02T18:00:05+00:00"


def test_open_webui_without_wrapper_or_tree() -> None:
    flat = [{"role": "user", "content": [{"type": "text", "text": "I play the oboe."}]}]
    row = open_webui({"title": "M", "history": {}, "messages": flat, "timestamp": 1772474400500})
    assert spoken(row) == [("user", "I play the oboe.")]
    assert row and (row["id"], row["started_at"]) == (None, MORNING)  # milliseconds


def test_sharegpt() -> None:
    row = sharegpt({"id": "0", "conversations": SHARED})
    assert spoken(row) == [("user", "My sister is called Ilse."), ("assistant", "Noted.")]
    assert row and row["id"] is row["started_at"] is None


def test_every_shape_is_found_by_itself(tmp_path: Path) -> None:
    own = {"id": "o1", "messages": [{"role": "user", "content": "Hello"}]}
    mixed = [gpt_chat(), web_chat(), web_chat()["chat"], {"conversations": SHARED}, own]
    found = [row["id"] for row in read_sessions(written(tmp_path / "a.json", mixed))]
    assert found[:2] + found[4:] == ["chatgpt-c1", "openwebui-w1", "o1"]
    assert all(id.startswith("import-") for id in found[2:4]) and found[2] != found[3]
    lines = tmp_path / "a.jsonl"
    lines.write_text("\n".join(map(json.dumps, mixed)))
    assert [row["id"] for row in read_sessions(lines)] == found
    one = tmp_path / "one.json"
    one.write_text(json.dumps({"conversations": SHARED}, indent=2))
    assert [row["id"] for row in read_sessions(one)] == [found[3]]
    same = written(tmp_path / "same.json", [{"conversations": SHARED}] * 2)
    assert [row["id"] for row in read_sessions(same)] == [found[3]]


def zipped(path: Path, **files: Any) -> Path:
    with zipfile.ZipFile(path, "w") as archive:
        for name, value in files.items():
            archive.writestr(name, json.dumps(value))
    return path


def test_chatgpts_zip_whole_or_in_parts(tmp_path: Path, profile: Profile) -> None:
    one = zipped(tmp_path / "1.zip", **{"conversations.json": [gpt_chat()], "user.json": {"a": 1}})
    assert [row["id"] for row in read_sessions(one)] == ["chatgpt-c1"]
    parts = {f"export/conversations-{n}.json": [gpt_chat(id=f"c{n}")] for n in ("001", "000")}
    rows = read_sessions(zipped(tmp_path / "2.zip", **parts))
    assert [row["id"] for row in rows] == ["chatgpt-c000", "chatgpt-c001"]
    assert not imports.is_ours(one)
    other = zipped(tmp_path / "3.zip", **{"shared_conversations.json": []})
    assert imports.is_ours(other)
    with pytest.raises(AgentError, match="holds no chats"):
        imports.preview(profile, other)


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (" My otter\n is called  Olive. ", "My otter is called Olive."),
        ("a" * 29 + " " + "b" * 30, "a" * 29 + " " + "b" * 30),
        ("a" * 29 + " " + "b" * 31, "a" * 29 + "…"),
        ("a" * 59 + " b", "a" * 59 + "…"),
        ("a" * 60 + " b", "a" * 59 + "…"),
        ("", ""),
    ],
)
def test_a_title_is_cut_between_two_words(text: str, title: str) -> None:
    assert shortened(text) == title
    assert shortened(title) == title


def test_taken_once_with_titles_and_dates(tmp_path: Path, profile: Profile) -> None:
    file = written(tmp_path / "a.json", [gpt_chat(), web_chat(), {"conversations": SHARED}])
    before = imports.preview(profile, file)
    assert [(i.title, i.messages, i.known) for i in before] == [
        ("Otter", 2, False),
        ("Music", 2, False),
        ("My sister is called Ilse.", 2, False),
    ]
    assert imports.take(profile, file) == "3 sessions were taken."
    assert imports.take(profile, file) == "0 sessions were taken, 3 were there already."
    assert all(incoming.known for incoming in imports.preview(profile, file))
    session = profile.sessions.get("openwebui-w1")
    assert (session.title, session.state, session.started_at) == ("Music", "ended", MORNING)
    assert session.last_message_at == "2026-03-02T18:00:05+00:00"
    assert profile.sessions.messages("chatgpt-c1")[1].created_at == MORNING


def test_only_what_was_chosen_is_taken(tmp_path: Path, profile: Profile) -> None:
    file = written(tmp_path / "a.json", [gpt_chat(), web_chat()])
    with pytest.raises(AgentError, match="holds no session nowhere. Nothing was taken"):
        imports.take(profile, file, ["chatgpt-c1", "nowhere"])
    assert profile.sessions.count() == 0
    assert imports.take(profile, file, []) == "0 sessions were taken."
    several = written(tmp_path / "b.json", [gpt_chat(), gpt_chat() | {"id": "c12"}])
    with pytest.raises(AgentError, match="holds several sessions chatgpt"):
        imports.take(profile, several, ["chatgpt"])
    assert imports.take(profile, file, ["openw"]) == "1 session was taken."
    assert [session.id for session in profile.sessions.list()] == ["openwebui-w1"]


CIRCLE = {"a": node("b", "user", "hi"), "b": node("a", "assistant", "hi")}


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        (gpt_chat(mapping=CIRCLE, current_node="a"), "round in a circle"),
        (gpt_chat(create_time=1e300), "out of range"),
        (gpt_chat(create_time=float("nan")), "out of range"),
        (
            gpt_chat(create_time=-62135596800),
            "out of range",
        ),  # Go's and .NET's zero, no date in Lima
        (
            {
                "id": "y",
                "started_at": "0001-01-01T00:00:00Z",
                "messages": [{"role": "user", "content": "hi"}],
            },
            "out of range",
        ),
        (gpt_chat(mapping=[]), "mapping: "),
        (gpt_chat(mapping={"u": node(None, "bishop", "hi")}, current_node="u"), "called 'bishop'"),
        (gpt_chat(), "the id chatgpt-c1 was there before"),
        (web_chat(chat=7), "chat: "),
        ({"conversations": [{"from": "human"}]}, "conversations.0.value: "),
        ({"conversations": [{"from": "bishop", "value": "x"}]}, "called 'bishop'"),
        (["x"], "not a JSON object"),
        ({"title": "nothing known"}, "id: "),
    ],
)
def test_a_malformed_conversation_is_named_and_nothing_taken(
    tmp_path: Path, profile: Profile, bad: Any, reason: str
) -> None:
    file = written(tmp_path / "a.json", [gpt_chat(), bad])
    with pytest.raises(ImportProblem, match=reason) as caught:
        imports.take(profile, file)
    assert str(caught.value).startswith("Conversation 2 cannot be imported: ")
    lines = tmp_path / "a.jsonl"
    lines.write_text(json.dumps(gpt_chat()) + "\n\n" + json.dumps(bad))
    with pytest.raises(ImportProblem, match="Line 3 cannot be imported"):
        imports.take(profile, lines)
    assert profile.sessions.count() == 0


def test_files_that_cannot_be_read(tmp_path: Path, profile: Profile) -> None:
    for raw in (b"", b"[{]", b'["\\ud800]', b'{"id": "a"', b"[" * 200_000 + b'"\\ud83d"'):
        (tmp_path / "a.json").write_bytes(raw)
        with pytest.raises(StorageError, match="a.json is not valid JSON.*Nothing was taken"):
            imports.take(profile, tmp_path / "a.json")
    with pytest.raises(AgentError, match="cannot be read"):
        imports.take(profile, tmp_path)
    with pytest.raises(AgentError, match="There is no file"):
        imports.take(profile, tmp_path / "nowhere")
    cut = zipped(tmp_path / "cut.zip", **{"conversations.json": [gpt_chat()]})
    raw = bytearray(cut.read_bytes())
    raw[60:90] = bytes(30)
    cut.write_bytes(raw)
    with pytest.raises(StorageError, match="cut.zip is damaged"):
        imports.take(profile, cut)


words = st.sampled_from(["a", "b", "user", "human", "text"]) | st.none() | st.integers()
keys = st.sampled_from(
    ["mapping", "chat", "history", "messages", "conversations", "from", "value", "role", "author",
     "content", "parts", "message", "parent", "parentId", "currentId", "current_node", "a", "b"]
)  # fmt: skip
shapes = st.recursive(
    words, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5)
)


@given(st.lists(shapes, max_size=3))
def test_any_file_is_read_or_refused(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    lines = tmp_path_factory.mktemp("any") / "a.jsonl"
    lines.write_text("\n".join(map(json.dumps, value)))
    for read in (read_sessions, read_jsonl):
        try:
            rows = read(lines)
        except StorageError:
            continue
        assert all(row["id"] and row["messages"] for row in rows)


def test_where_it_stood_is_not_there(tmp_path: Path) -> None:
    """Then the last message counts."""
    (gpt,) = read_sessions(written(tmp_path / "a.json", [gpt_chat(current_node="gone")]))
    assert gpt["messages"][0]["content"] == "My kayak is called Otter."
    chat = web_chat()
    chat["chat"]["history"]["currentId"] = "gone"
    (web,) = read_sessions(written(tmp_path / "b.json", [chat]))
    assert [m["content"] for m in web["messages"]] == ["I play the oboe.", "Oh!"]


def test_what_a_tool_gave_is_nobody_s_word_and_what_a_person_typed_is_theirs(
    tmp_path: Path,
) -> None:
    chat = web_chat()
    tree = chat["chat"]["history"]["messages"]
    kept = '<details type="reasoning">is how it begins</details>'
    tree["a"]["content"] = kept
    tools = ("tool_calls", "code_interpreter", "reasoning")
    tree["c"]["content"] = (
        "".join(f'<details type="{t}" id="x">no</details>\n' for t in tools) + "Yes."
    )
    (row,) = read_sessions(written(tmp_path / "a.json", [chat]))
    assert [m["content"] for m in row["messages"]] == [kept, "Yes."]


def test_a_byte_order_mark_and_half_an_emoji_are_no_obstacle(tmp_path: Path) -> None:
    whole = json.dumps([gpt_chat(title="Otter \ud83d")]).encode()
    line = json.dumps({"id": "a", "messages": [{"role": "user", "content": "Hi \ud83d"}]}).encode()
    for name, raw in (("a.json", whole), ("b.jsonl", line + b"\n")):
        (tmp_path / name).write_bytes(b"\xef\xbb\xbf" + raw)
        (row,) = read_sessions(tmp_path / name)
        assert json.dumps(row).isascii() and "\ud83d" not in row["messages"][0]["content"]
    assert read_sessions(tmp_path / "b.jsonl")[0]["messages"][0]["content"] == "Hi ?"


def test_half_a_download_is_called_damaged(tmp_path: Path) -> None:
    path = tmp_path / "chats.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("conversations.json", json.dumps([gpt_chat()] * 9))
    whole = path.read_bytes()
    for broken in (whole[: len(whole) // 2], whole[:60] + bytes(40) + whole[100:]):
        path.write_bytes(broken)
        with pytest.raises(StorageError, match="damaged or locked"):
            read_sessions(path)
