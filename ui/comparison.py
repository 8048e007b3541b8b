"""Two versions side by side: their figures, what changed, and the sessions that only one holds.

Knows versions and titles of sessions. Does not know where it stands on the page.
"""

from collections.abc import Collection, Sequence
from html import escape

from storage.adapters import Version
from storage.errors import NotFound
from storage.sessions import Sessions
from ui import html, plots
from ui.words import many, when

_NAMED = 12  # sessions named; of more, the number is told
_BETTER = {"recall_new": 1, "recall_old": 1, "abstain": 1, "drift": -1}


def compared(first: Version, second: Version, sessions: Sessions) -> str:
    """The figures as a table, then the sessions."""
    heads = ("", f"Version {first.number}", f"Version {second.number}", "Change")
    rows = [
        _row("State", html.state(first.state), html.state(second.state)),
        _row("Made", html.text(when(first.created_at)), html.text(when(second.created_at))),
        _counts("Sessions in it", len(first.sessions), len(second.sessions)),
        *(_figure(key, name, first, second) for key, name in plots.FIGURES.items()),
    ]
    both = len(set(first.sessions) & set(second.sessions))
    return (
        html.table("Two versions side by side", heads, rows)
        + _only(first, second, sessions)
        + _only(second, first, sessions)
        + f"<p>{html.quiet(many(both, 'session') + ' in both.')}</p>"
    )


def _only(version: Version, other: Version, sessions: Sessions) -> str:
    known = set(other.sessions)
    alone = [id for id in reversed(version.sessions) if id not in known]
    if not alone:
        return f"<p>{html.quiet(f'No session is in version {version.number} alone.')}</p>"
    items = "".join(f"<li>{escape(title)}</li>" for title in _titles(alone[:_NAMED], sessions))
    more = f"<li>and {len(alone) - _NAMED} more</li>" if len(alone) > _NAMED else ""
    return f"<h3>Only in version {version.number}</h3><ul>{items}{more}</ul>"


def _titles(ids: Collection[str], sessions: Sessions) -> Sequence[str]:
    return [_title(id, sessions) for id in ids]


def _title(id: str, sessions: Sessions) -> str:
    try:
        session = sessions.get(id)
    except NotFound:
        return "A session that was erased"
    return f"{session.title or 'Untitled'} ({when(session.started_at)})"


def _row(name: str, first: html.Cell, second: html.Cell) -> list[html.Cell]:
    return [html.text(name), first, second, html.text("")]


def _counts(name: str, first: int, second: int) -> list[html.Cell]:
    change = f"{second - first:+d}" if first != second else "the same"
    return [html.text(name), html.text(first), html.text(second), html.text(change)]


def _figure(key: str, name: str, first: Version, second: Version) -> list[html.Cell]:
    values = [version.figures.get(key) for version in (first, second)]
    shown = [html.text(plots.figure_text(key, value) or "not measured") for value in values]
    return [html.text(name), *shown, _change(key, values)]


def _change(key: str, values: Sequence[object]) -> html.Cell:
    """The difference in words and as better or worse; never a colour alone."""
    before, after = values
    if not isinstance(before, (int, float)) or not isinstance(after, (int, float)):
        return html.text("")
    told = plots.figure_text(key, abs(after - before))
    if told == plots.figure_text(key, 0):
        return html.text("the same")
    sign = "+" if after > before else "−"
    if key not in _BETTER:
        return html.text(sign + told)
    better = (after > before) == (_BETTER[key] > 0)
    tone, word = ("good", "better") if better else ("bad", "worse")
    return html.Cell(f'<span class="iw-state {tone}">{sign}{told}, {word}</span>')
