"""What a session's messages state plainly, as question-answer pairs by rule.

Knows the messages' texts and their order; no model.
"""

from collections.abc import Mapping

from agent.filters import plain
from agent.grammar.statements import statements
from agent.reading import TAKES_BACK, points_back


def stated(said: Mapping[int, str]) -> dict[int, list[tuple[str, str]]]:
    """What each message states plainly; where a message takes something back, not what an earlier
    one answered to the same question."""
    found: dict[int, list[tuple[str, str]]] = {}
    before: list[str] = []
    for place, text in said.items():
        own = _statements_behind("\n".join(before), text)
        before = [*before[-1:], text]
        if TAKES_BACK.search(text):
            again = {plain(question) for question, _ in own}
            found = {k: [p for p in old if plain(p[0]) not in again] for k, old in found.items()}
        found[place] = own
    return found


def _statements_behind(before: str, text: str) -> list[tuple[str, str]]:
    """What a message states plainly, "he" and "she" meaning whom the two before it spoke of."""
    if not (before and points_back(text)):
        return statements(text)
    own, known = statements(text), statements(before)
    asked = {question for question, _ in [*own, *known]}
    return [*own, *(pair for pair in statements(f"{before}\n{text}") if pair[0] not in asked)]
