"""Sessions: the log, its states, search with anything a person types, and import."""

import json
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from storage.database import stamp, verify
from storage.errors import ImportProblem, NotFound, StorageError
from storage.imports import read_jsonl
from storage.profiles import Profile
from storage.sessions import MOVES, STATES, Sessions

on_one_profile = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@pytest.fixture
def profile(tmp_path: Path) -> Profile:
    return Profile(tmp_path, "nora")


@pytest.fixture
def sessions(profile: Profile) -> Sessions:
    return profile.sessions


def talk(sessions: Sessions, *texts: str, **start: str) -> str:
    """An open session in which user and assistant take turns."""
    id = sessions.start(**start)
    for index, text in enumerate(texts):
        sessions.add(id, ("user", "assistant")[index % 2], text)
    return id


def test_a_session_counts_its_messages_and_takes_its_title(sessions: Sessions) -> None:
    id = sessions.start(started_at="2026-03-02T18:00:00+00:00")
    assert sessions.add(id, "assistant", "Hello!") == 0
    assert sessions.add(id, "user", "I  moved to\nGhent " + "x" * 80) == 1
    assert sessions.add(id, "user", "later", "2026-03-02T18:05:00+00:00") == 2
    session = sessions.get(id)
    assert session.title == "I moved to Ghent…"
    assert (session.state, session.messages) == ("open", 3)
    assert session.last_message_at == "2026-03-02T18:05:00+00:00"
    assert [m.content for m in sessions.messages(id)][::2] == ["Hello!", "later"]


@pytest.fixture
def los_angeles(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "America/Los_Angeles")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("los_angeles")
def test_the_day_of_a_message_is_that_of_the_place(sessions: Sessions, tmp_path: Path) -> None:
    """The evening of June 1 is June 2 in UTC already."""
    id = sessions.start()
    sessions.add(id, "user", "My exam is tomorrow.", "2026-06-02T03:00:00+00:00")
    sessions.add(id, "user", "Today I rest.")
    evening, now = sessions.messages(id)
    assert evening.day == "2026-06-01"
    assert now.day == datetime.now().date().isoformat()
    file = tmp_path / "chats.jsonl"
    said = [{"role": "user", "content": "My exam is tomorrow."}]
    for began in ("2026-06-01T20:00:00+05:30", "2026-06-01T20:00:00", "2026-06-01T00:30:00Z"):
        file.write_text(json.dumps({"id": began, "started_at": began, "messages": said}))
        sessions.take(read_jsonl(file))
        assert [m.day for m in sessions.messages(began)] == ["2026-06-01"]  # as it was written


def test_a_given_title_stays(sessions: Sessions) -> None:
    id = talk(sessions, "hi", title="Cacti")
    assert sessions.get(id).title == "Cacti"
    sessions.rename(id, "Succulents")
    assert sessions.get(id).title == "Succulents"


def test_what_is_not_there_is_not_found(sessions: Sessions) -> None:
    for act in (
        lambda: sessions.get("x"),
        lambda: sessions.add("x", "user", "hi"),
        lambda: sessions.end("x"),
        lambda: sessions.rename("x", "title"),
        lambda: sessions.erase("x"),
        lambda: sessions.set_state("x", "ended"),
    ):
        with pytest.raises(NotFound, match="There is no session x."):
            act()


def test_an_id_is_used_once(sessions: Sessions) -> None:
    sessions.start(id="a")
    with pytest.raises(StorageError, match="already a session a"):
        sessions.start(id="a")


def test_drop_after_keeps_the_position_named(sessions: Sessions) -> None:
    id = talk(sessions, "a", "b", "c", "d")
    sessions.drop_after(id, 1)
    assert [m.content for m in sessions.messages(id)] == ["a", "b"]
    assert sessions.add(id, "user", "e") == 2


def test_a_dropped_first_message_does_not_stay_as_title(sessions: Sessions) -> None:
    id = talk(sessions, "my secret", "oh")
    sessions.drop_after(id, -1)
    assert sessions.get(id).title == ""
    named = talk(sessions, "my secret", title="Mine")
    sessions.drop_after(named, -1)
    assert sessions.get(named).title == "Mine"


def test_a_session_not_open_is_not_written(sessions: Sessions) -> None:
    id = talk(sessions, "hi", "Hello!")
    sessions.end(id)
    for act in (
        lambda: sessions.add(id, "user", "more"),
        lambda: sessions.drop_after(id, 0),
    ):
        with pytest.raises(StorageError, match="is ended"):
            act()
    assert [m.content for m in sessions.messages(id)] == ["hi", "Hello!"]


def test_end(sessions: Sessions) -> None:
    id = talk(sessions, "hi")
    assert sessions.end(id) is True
    assert sessions.get(id).state == "ended"
    assert sessions.get(id).ended_at is not None
    assert sessions.end(id) is False
    empty = sessions.start()
    assert sessions.end(empty) is False
    assert [s.id for s in sessions.list()] == [id]


def test_end_stale_looks_at_the_last_message(sessions: Sessions) -> None:
    long_ago = stamp(datetime.now(UTC) - timedelta(hours=2))
    stale, fresh = sessions.start(started_at=long_ago), sessions.start(started_at=long_ago)
    sessions.add(stale, "user", "hi", long_ago)
    sessions.add(fresh, "user", "hi")
    sessions.start(id="empty", started_at=long_ago)
    assert sessions.end_stale(60) == [stale]
    assert {s.id: s.state for s in sessions.list()} == {stale: "ended", fresh: "open"}


@pytest.mark.parametrize("before", STATES)
@pytest.mark.parametrize("after", STATES)
def test_only_legal_moves(profile: Profile, before: str, after: str) -> None:
    id = talk(profile.sessions, "hi")
    profile.db.execute("UPDATE sessions SET state = ?", (before,))
    if after in MOVES[before]:
        profile.sessions.set_state(id, after)
        assert profile.sessions.get(id).state == after
        assert profile.sessions.get(id).ended_at is not None
    else:
        with pytest.raises(StorageError, match=f"is {before} and cannot become {after}"):
            profile.sessions.set_state(id, after)
        assert profile.sessions.get(id).state == before


def test_no_state_is_a_dead_end_and_nothing_opens_again() -> None:
    assert all(MOVES[state] <= set(STATES) and MOVES[state] for state in STATES)
    assert not any("open" in moves for moves in MOVES.values())


def test_error_and_version_follow_the_state(profile: Profile) -> None:
    sessions = profile.sessions
    id = talk(sessions, "hi")
    profile.adapters.write(
        1, lambda folder: None, state="kept", base="b", sessions=[id], figures={}
    )
    sessions.set_state(id, "ended")
    sessions.set_state(id, "absorbing")
    sessions.set_state(id, "failed", error="The endpoint was silent.")
    assert sessions.get(id).error == "The endpoint was silent."
    sessions.set_state(id, "absorbing")
    sessions.set_state(id, "absorbed", version=1)
    assert (sessions.get(id).error, sessions.get(id).version) == (None, 1)


def test_list_pages_newest_first(sessions: Sessions) -> None:
    for day in (2, 1, 3, 3):
        talk(sessions, f"day {day}", id=f"{day}-{sessions.count()}", started_at=f"2026-03-0{day}")
    assert [s.id for s in sessions.list()] == ["3-3", "3-2", "2-0", "1-1"]
    assert [s.id for s in sessions.list(limit=2, offset=1)] == ["3-2", "2-0"]
    sessions.end("1-1")
    sessions.end("2-0")
    assert [s.id for s in sessions.waiting()] == ["1-1", "2-0"]
    assert [s.id for s in sessions.list(states=["ended"])] == ["2-0", "1-1"]
    assert (sessions.count(["ended"]), sessions.count([]), sessions.count()) == (2, 0, 4)


def test_search_follows_the_text(sessions: Sessions) -> None:
    cacti = talk(sessions, "I look after the cactus house", "Nice!")
    ghent = talk(sessions, "hi", title="Moving to Ghent")

    def found(query: str) -> list[str]:
        assert sessions.count(query=query) == len(sessions.list(query=query))
        return [s.id for s in sessions.list(query=query)]

    assert found("CACTUS house") == found("cact") == [cacti]
    assert found("ghent") == [ghent]
    assert found("cactus ghent") == found("?!") == []
    assert len(found("  ")) == 2
    assert sessions.list(query="cactus", states=["ended"]) == []
    sessions.drop_after(cacti, 0)
    sessions.add(cacti, "assistant", "Splendid!")
    sessions.rename(ghent, "Bruges")
    assert found("nice") == found("ghent") == []
    assert (found("splendid"), found("bruges")) == ([cacti], [ghent])
    sessions.drop_after(cacti, -1)
    assert found("cactus") == []


@given(st.text() | st.text('"*()^:-+{}ANDORNEAT ', max_size=12))
@example('"')
@example("AND (")
@example('say "hi')
@example("title: NEAR(a b) OR *")
@example("\x00")
@on_one_profile
def test_any_text_can_be_searched_for(profile: Profile, text: str) -> None:
    profile.sessions.list(query=text)


def test_odd_text_is_found_as_it_was_said(sessions: Sessions) -> None:
    id = talk(sessions, 'She said "yes AND (no) to col:umn"')
    for query in ('"yes AND (', "AND", "col:umn", 'said "yes'):
        assert [s.id for s in sessions.list(query=query)] == [id], query


def test_erase_leaves_nothing_behind(profile: Profile) -> None:
    sessions, word = profile.sessions, "xylothrenody"
    for index in range(30):  # enough that the index has more than one segment
        talk(sessions, f"other words {index}")
    id = talk(sessions, f"my {word} is a secret", "I see")
    row = {"question": word, "answer": word, "fact": 0, "role": "train", "origin": "model"}
    profile.pairs.set_targets([(pair, b"x") for pair in profile.pairs.add(id, [row])])
    assert word.encode() in on_disk(profile)
    sessions.erase(id)
    assert word.encode() not in on_disk(profile)
    assert b"xylo" not in on_disk(profile)
    assert sessions.list(query=word) == []
    assert profile.pairs.mentioning(word) == []
    counts = [profile.db.table(t).count for t in ("pairs", "pair_targets")]
    assert counts == [0, 0]
    assert verify(profile.db) == []


def test_erase_takes_the_title_from_who_went_on(profile: Profile) -> None:
    sessions = profile.sessions
    first = talk(sessions, "my xylothrenody")
    title = sessions.get(first).title
    on = sessions.start(title=title, continues=first)
    other = sessions.start(title="a title of its own", continues=first)
    sessions.erase(first)
    assert [sessions.get(id).title for id in (on, other)] == ["", "a title of its own"]
    assert b"xylo" not in on_disk(profile)


def test_erase_takes_the_first_words_of_who_was_renamed(profile: Profile) -> None:
    sessions = profile.sessions
    first = talk(sessions, "my xylothrenody")
    before = sessions.start(title=sessions.get(first).title, continues=first)
    sessions.rename(first, "Health")
    after = sessions.start(title="Health", continues=first)
    own = talk(sessions, "Health")
    sessions.erase(first)
    assert [sessions.get(id).title for id in (before, after, own)] == ["", "", "Health"]
    assert b"xylo" not in on_disk(profile)


@pytest.mark.parametrize("between_first", [True, False])
def test_erase_takes_the_title_from_all_who_went_on(profile: Profile, between_first: bool) -> None:
    sessions = profile.sessions
    first = talk(sessions, "my xylothrenody")
    title = sessions.get(first).title
    between = sessions.start(title=title, continues=first)
    last = sessions.start(title=title, continues=between)
    sessions.add(last, "user", "another thing")
    own = talk(sessions, "my xylothrenody")  # said there too
    if between_first:
        sessions.erase(between)
        assert sessions.get(first).title == title
    sessions.erase(first)
    assert sessions.get(last).title == ""
    assert [s.id for s in sessions.list(query="xylothrenody")] == [own]


def test_no_id_names_no_session(sessions: Sessions) -> None:
    sessions.start(id="the-only-one")
    with pytest.raises(NotFound):
        sessions.whole_id("")


def test_so_much_of_an_id_as_tells_it_apart(sessions: Sessions) -> None:
    for id in ("3f2a", "3f2b", "3f", "9%"):
        sessions.start(id=id)
    assert [sessions.whole_id(id) for id in ("3f2a", "3f", "9")] == ["3f2a", "3f", "9%"]
    with pytest.raises(StorageError, match="2 sessions begin with 3f2"):
        sessions.whole_id("3f2")
    for gone in ("4", "%"):
        with pytest.raises(NotFound):
            sessions.whole_id(gone)


def on_disk(profile: Profile) -> bytes:
    return b"".join(path.read_bytes() for path in profile.path.glob("memory.db*"))


def line(**changes: object) -> dict[str, object]:
    messages = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "Hello!"}]
    return {"id": "a", "user": "nora", "messages": messages, **changes}


def test_import_takes_sessions_with_their_dates(tmp_path: Path, sessions: Sessions) -> None:
    file = tmp_path / "in.jsonl"
    rows = [line(started_at="2026-03-02T18:00:00"), line(id="b", started_at="2026-03-02T18:00Z")]
    file.write_text("\n\n".join(map(json.dumps, rows)) + "\n")
    assert sessions.take(read_jsonl(file)) == ["a", "b"]
    assert sessions.take([*read_jsonl(file), line(id="c")]) == ["c"]
    session = sessions.get("a")
    assert (session.state, session.source, session.title) == ("ended", "import", "hi")
    time = "2026-03-02T18:00:00+00:00"
    assert session.started_at == session.ended_at == session.last_message_at == time
    assert [(m.role, m.content) for m in sessions.messages("a")] == [
        ("user", "hi"),
        ("assistant", "Hello!"),
    ]


def test_import_is_all_or_nothing(sessions: Sessions) -> None:
    with pytest.raises(KeyError):
        sessions.take([line(), {"id": "broken"}])
    assert sessions.count() == 0


@pytest.mark.parametrize(
    ("bad", "reason"),
    [
        ("{", "Invalid JSON"),
        ("[]", "object"),
        (json.dumps(line(id="")), "id"),
        (json.dumps(line(id=7)), "id"),
        (json.dumps(line(messages=[])), "messages"),
        (json.dumps(line(messages=[{"role": "tool", "content": "x"}])), "messages.0.role"),
        (json.dumps(line(messages=[{"role": "user"}])), "messages.0.content"),
        (json.dumps(line(started_at="yesterday")), "started_at"),
        (json.dumps(line(started_at="0001-01-01T00:00:00+14:00")), "started_at"),
        (json.dumps(line(id="good")), "good was there before"),
    ],
)
def test_a_bad_line_is_named(tmp_path: Path, bad: str, reason: str) -> None:
    file = tmp_path / "in.jsonl"
    file.write_text(json.dumps(line(id="good")) + "\n\n" + bad + "\n")
    with pytest.raises(ImportProblem, match=reason) as caught:
        read_jsonl(file)
    assert caught.value.line == 3


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
messages = st.fixed_dictionaries(
    {"role": st.sampled_from(["user", "assistant", "system", "tool"]), "content": st.text()}
)
lines = (
    st.builds(line, id=st.text(), messages=st.lists(messages, max_size=3), started_at=json_values)
    | st.builds(line, id=st.text(), started_at=st.datetimes().map(str))
    | json_values
).map(lambda value: json.dumps(value).encode()) | st.binary()


@given(st.lists(lines, max_size=4))
@on_one_profile
def test_any_file_is_taken_or_refused(
    tmp_path: Path, profile: Profile, raw_lines: list[bytes]
) -> None:
    file = tmp_path / "in.jsonl"
    file.write_bytes(b"\n".join(raw_lines))
    before = profile.sessions.count()
    try:
        rows = read_jsonl(file)
    except ImportProblem as problem:
        assert 1 <= problem.line <= file.read_bytes().count(b"\n") + 1
        return
    taken = profile.sessions.take(rows)
    assert profile.sessions.count() == before + len(taken)
    for row in rows:
        if row["id"] in taken:
            said = profile.sessions.messages(row["id"])
            assert [{"role": m.role, "content": m.content} for m in said] == row["messages"]


def test_a_page_tells_how_many_there_are(sessions: Sessions) -> None:
    for day in (1, 2, 3):
        talk(sessions, "the cactus", id=str(day), started_at=f"2026-03-0{day}")
    found, count = sessions.page(states=None, query="cact", limit=2, offset=1)
    assert ([s.id for s in found], found[0].messages, count) == (["2", "1"], 1, 3)
    assert sessions.page(states=["ended"], query="cact", limit=2, offset=0) == ([], 0)


def test_a_reply_stands_behind_what_it_answers(sessions: Sessions, profile: Profile) -> None:
    """Two tabs say something, and the replies come when both are said."""
    id = talk(sessions, "Hello", "Hi!")
    for text in ("I have two cats.", "I live in Ghent."):
        sessions.add(id, "user", text)
    *_, cats, ghent = sessions.messages(id)
    sessions.answer(id, cats, "Two cats!")
    sessions.answer(id, ghent, "Ghent!")
    sessions.answer(id, cats, "Cats, then.")  # another reply in its place
    said = [m.content for m in sessions.messages(id)]
    assert said == ["Hello", "Hi!", cats.content, "Cats, then.", ghent.content, "Ghent!"]
    kept = sessions.messages(id)[4]
    assert (kept.created_at, kept.day) == (ghent.created_at, ghent.day)
    assert verify(profile.db) == []
    again = [replace(ghent, position=n) for n in (4, 6)]  # said twice within a second
    sessions.add(id, "user", ghent.content, ghent.created_at, ghent.day)
    sessions.answer(id, again[1], "Ghent again!")
    sessions.answer(id, again[0], "In Ghent.")
    assert [m.content for m in sessions.messages(id)[5:]] == [
        "In Ghent.",
        ghent.content,
        "Ghent again!",
    ]
    sessions.drop_after(id, 1)
    sessions.answer(id, ghent, "Ghent.")  # what it answers is gone
    assert len(sessions.messages(id)) == 2
