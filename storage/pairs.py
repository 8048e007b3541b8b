"""Pairs: the questions and answers that stand for what a session taught.

Knows their text, their role in training, who made them, and the stored teacher distributions
(`targets`, opaque bytes). Does not know how pairs are made, trained on or measured.
"""

import json
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass

from sqlite_utils import Database

from storage.database import now, transaction
from storage.errors import NotFound, StorageError


@dataclass(frozen=True, slots=True)
class Pair:
    """One question and answer. Pairs of one `fact` of a session say the same thing.

    role: train, probe (held out) or negative. state: active, retired (overtaken by the session
    `retired_by`) or removed by the user, both at `retired_at`. origin: model, endpoint or user.
    recall: 0 to 1.
    """

    id: int
    session_id: str
    fact: int
    question: str
    answer: str
    role: str
    state: str
    origin: str
    retired_by: str | None
    retired_at: str | None
    created_at: str
    recall: float | None
    measured_at: str | None


_SELECT = """SELECT p.id, p.session_id, p.fact, p.question, p.answer, p.role, p.state, p.origin,
    p.retired_by, p.retired_at, p.created_at, p.recall, p.measured_at FROM pairs p"""
# Of an absorbed session {0}: the version in use holds it.
_IN_USE = """(NOT EXISTS (SELECT 1 FROM versions) OR {0}.id IN (
    SELECT value FROM json_each((SELECT sessions FROM versions WHERE number = (
        SELECT version FROM pointers WHERE name = 'active')))))"""
# What a session overtook that was not learnt in the end, or in another version, counts as before.
_STANDS = f"""(p.state = 'active' OR p.state = 'retired' AND (
    r.state IN ('failed', 'ended') OR r.state = 'absorbed' AND NOT {_IN_USE.format("r")}))"""
_RETIRER = "LEFT JOIN sessions r ON r.id = p.retired_by"
_IN = "IN (SELECT value FROM json_each(?))"  # one value, however long the list


class Pairs:
    """The pairs of one profile."""

    def __init__(self, db: Callable[[], Database]) -> None:
        self._db = db

    def add(self, session_id: str, rows: Iterable[Mapping[str, object]]) -> list[int]:
        """Store rows of question, answer, fact, role and origin, all or none; return their ids."""
        db, at, ids = self._db(), now(), []
        with transaction(db):
            if not db.execute("SELECT 1 FROM sessions WHERE id = ?", (session_id,)).fetchone():
                raise NotFound(f"There is no session {session_id}.")
            for row in rows:
                added = db.execute(
                    "INSERT INTO pairs (session_id, fact, question, answer, role, origin,"
                    " created_at) VALUES (:session_id, :fact, :question, :answer, :role, :origin,"
                    " :created_at)",
                    {**row, "session_id": session_id, "created_at": at},
                )
                ids.append(int(added.lastrowid or 0))
        return ids

    def add_own(self, session_id: str, question: str, answer: str) -> int:
        """Store a fact in the user's own words; return the pair's id."""
        known = self.of(session_id, states=("active", "retired", "removed"))
        fact = max((pair.fact for pair in known), default=-1) + 1
        told = {"question": question, "answer": answer, "fact": fact}
        self._refuse_while_learning(session_id)
        return self.add(session_id, [told | {"role": "train", "origin": "user"}])[0]

    def of(self, session_id: str, *, states: Collection[str] = ("active",)) -> list[Pair]:
        """The pairs of one session."""
        where = f"WHERE session_id = ? AND state {_IN} ORDER BY id"
        return self._select(where, session_id, json.dumps(list(states)))

    def standing(self, session_id: str) -> list[Pair]:
        """The pairs of one session that no learnt session overtook."""
        return self._select(
            f"{_RETIRER} WHERE {_STANDS} AND p.session_id = ? ORDER BY p.id", session_id
        )

    def active(self, *, role: str | None = None) -> list[Pair]:
        """What the weights in use should know, and what is being learnt: oldest session first. A
        session of a version that is not in use counts for nothing."""
        return self._select(
            f"""JOIN sessions s ON s.id = p.session_id {_RETIRER}
            WHERE {_STANDS}
            AND p.role = coalesce(?, p.role)
            AND (s.state = 'absorbing' OR s.state = 'absorbed' AND {_IN_USE.format("s")})
            ORDER BY s.started_at, s.number, p.id""",
            role,
        )

    def newest_facts(self, limit: int) -> list[Pair]:
        """One pair for each of the facts that the version in use learnt last, its first: the question in
        its plainest words. Newest session first, and in it the newest fact."""
        known = f"{_STANDS} AND p.role != 'negative'"
        pairs = self._select(
            # As many sessions as facts are enough: each of them holds at least one.
            f"""JOIN sessions s ON s.id = p.session_id {_RETIRER} WHERE {known} AND s.number IN (
                SELECT number FROM sessions s
                WHERE (state = 'absorbing' OR state = 'absorbed' AND {_IN_USE.format("s")})
                AND EXISTS (SELECT 1 FROM pairs p {_RETIRER} WHERE p.session_id = s.id AND {known})
                ORDER BY started_at DESC, number DESC LIMIT ?)
            ORDER BY s.started_at DESC, s.number DESC, p.fact DESC, p.id""",
            limit,
        )
        facts: dict[tuple[str, int], Pair] = {}
        for pair in pairs:
            facts.setdefault((pair.session_id, pair.fact), pair)
        return list(facts.values())[:limit]

    def get(self, id: int) -> Pair:
        """The pair, or NotFound."""
        found = self._select("WHERE id = ?", id)
        if not found:
            raise NotFound(f"There is no pair {id}.")
        return found[0]

    def edit(self, id: int, question: str | None = None, answer: str | None = None) -> None:
        """Correct a pair: it is the user's from now on; its targets and recall are void.

        A new answer is that of the whole fact, in all its wordings. What was never told becomes a
        fact of its own.
        """
        db = self._db()
        with transaction(db):
            old = self.get(id)
            self._refuse_while_learning(old.session_id)
            if old.role == "negative":
                told = self.of(old.session_id, states=("active", "retired", "removed"))
                fact = max(pair.fact for pair in told) + 1
                db.execute("UPDATE pairs SET role = 'train', fact = ? WHERE id = ?", (fact, id))
            changed = [old] if answer in (None, old.answer) else self.fact_of(old)
            ids = json.dumps([pair.id for pair in changed])
            db.execute(
                "UPDATE pairs SET answer = coalesce(?, answer), origin = 'user', recall = NULL,"
                f" measured_at = NULL WHERE id {_IN}",
                (answer, ids),
            )
            db.execute(
                "UPDATE pairs SET question = coalesce(?, question) WHERE id = ?", (question, id)
            )
            db.execute(f"DELETE FROM pair_targets WHERE pair_id {_IN}", (ids,))

    def _refuse_while_learning(self, session_id: str) -> None:
        """What is learnt just now would be learnt as it was, and stand here as it is."""
        sql = "SELECT 1 FROM sessions WHERE id = ? AND state = 'absorbing'"
        if self._db().execute(sql, (session_id,)).fetchone():
            raise StorageError(
                "This session is being learnt. Wait for its end, or cancel the learning, then try again."
            )

    def fact_of(self, pair: Pair) -> list[Pair]:
        """The pair and all other active wordings of its fact."""
        same = [p for p in self.of(pair.session_id) if p.fact == pair.fact != -1]
        return same if pair in same else [pair]

    def remove(self, id: int) -> None:
        """Take a pair out of the memory, keeping its row."""
        sql = "UPDATE pairs SET state = 'removed', retired_at = ? WHERE id = ?"
        if not self._db().execute(sql, (now(), id)).rowcount:
            raise NotFound(f"There is no pair {id}.")

    def removed(self, session_id: str) -> list[Pair]:
        """What the user removed of a session, or of any since this one ended: what it says of that was
        said before."""
        return self._select(
            """JOIN sessions s ON s.id = ? WHERE p.state = 'removed'
            AND (p.session_id = s.id OR p.retired_at >= s.ended_at) ORDER BY p.id""",
            session_id,
        )

    def outdated(self) -> list[str]:
        """The sessions that were learnt before something was removed of them."""
        rows = self._db().execute(
            """SELECT DISTINCT s.id FROM pairs p JOIN sessions s ON s.id = p.session_id
            JOIN versions v ON v.number = s.version WHERE s.state = 'absorbed'
            AND p.state = 'removed' AND p.retired_at >= v.created_at ORDER BY s.number"""
        )
        return [session_id for (session_id,) in rows]

    def retire(self, ids: Iterable[int], by_session: str, at: str) -> None:
        """Mark pairs that stand as overtaken by what a later session says."""
        self._db().execute(
            "UPDATE pairs SET state = 'retired', retired_by = ?, retired_at = ? WHERE id IN ("
            f"SELECT p.id FROM pairs p {_RETIRER} WHERE {_STANDS} AND p.id {_IN})",
            (by_session, at, json.dumps(list(ids))),
        )

    def restore(self, by_session: str) -> None:
        """Take back every retirement by a session, as if it had never been said."""
        self._db().execute(
            "UPDATE pairs SET state = 'active', retired_by = NULL, retired_at = NULL"
            " WHERE state = 'retired' AND retired_by = ?",
            (by_session,),
        )

    def clear(self, session_id: str) -> None:
        """Delete what was made from a session, but not what the user wrote or removed."""
        self._db().execute(
            "DELETE FROM pairs WHERE session_id = ? AND origin != 'user' AND state != 'removed'",
            (session_id,),
        )

    def set_targets(self, rows: Iterable[tuple[int, bytes]]) -> None:
        """Store the teacher's distributions of pairs, in place of earlier ones."""
        db = self._db()
        with transaction(db):
            db.conn.executemany("INSERT OR REPLACE INTO pair_targets VALUES (?, ?)", rows)

    def targets(self, ids: Iterable[int]) -> dict[int, bytes]:
        """The stored distributions of those pairs that have them."""
        rows = self._db().execute(
            f"SELECT pair_id, data FROM pair_targets WHERE pair_id {_IN}", (json.dumps(list(ids)),)
        )
        return dict(rows.fetchall())

    def mark_recall(self, rows: Iterable[tuple[int, float]]) -> None:
        """Note how well pairs were recalled just now, from 0 to 1."""
        db, at = self._db(), now()
        with transaction(db):
            db.conn.executemany(
                "UPDATE pairs SET recall = ?, measured_at = ? WHERE id = ?",
                [(recall, at, id) for id, recall in rows],
            )

    def mentioning(self, text: str) -> list[Pair]:
        """The pairs, removed ones aside, that contain `text` as words of its own, in any case of
        letters."""
        sought = text.strip().casefold()
        if not sought:
            return []
        return self._select(
            "WHERE state != 'removed' AND mentions(question, answer, ?) ORDER BY id", sought
        )

    def _select(self, rest: str, *values: object) -> list[Pair]:
        return [Pair(**row) for row in self._db().query(f"{_SELECT} {rest}", values)]
