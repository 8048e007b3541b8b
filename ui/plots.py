"""Small charts of the figures over the versions, drawn as SVG so that the page's colours hold.

Knows numbers of versions and figures. Does not know how a figure was measured.
"""

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from ui.words import lasting, percent

FIGURES = {
    "recall_new": "Recall of new sessions",
    "recall_old": "Recall of old sessions",
    "abstain": "Says so when it was not told",
    "drift": "Drift from the bare model",
    "seconds": "Time to learn",
}
_WIDTH, _HEIGHT, _MARGIN = 240, 72, 6


def figure_text(key: str, value: object) -> str:
    """One figure as a person reads it; nothing when it was not measured."""
    if not isinstance(value, (int, float)):
        return ""
    if key == "seconds":
        return lasting(value)
    return f"{value:.3f}" if key == "drift" else percent(value)


def charts(measured: Sequence[tuple[int, Mapping[str, Any]]]) -> str:
    """One chart for each figure over versions, given as number and figures, oldest first."""
    drawn = [_chart(key, title, measured) for key, title in FIGURES.items()]
    return f'<div class="iw-charts">{"".join(drawn)}</div>' if any(drawn) else ""


def _chart(key: str, title: str, measured: Sequence[tuple[int, Mapping[str, Any]]]) -> str:
    found = [(n, figures.get(key)) for n, figures in measured]
    points = [(n, float(value)) for n, value in found if isinstance(value, (int, float))]
    if not points:
        return ""
    last = figure_text(key, points[-1][1])
    spoken = ", ".join(_spoken(key, *point) for point in points)
    return (
        f"<figure><figcaption><span>{escape(title)}</span><b>{escape(last)}</b></figcaption>"
        f'<svg viewBox="0 0 {_WIDTH} {_HEIGHT}" preserveAspectRatio="none" role="img"'
        f' aria-label="{escape(f"{title}. {spoken}")}">{_line(key, points)}</svg></figure>'
    )


def _spoken(key: str, number: int, value: float) -> str:
    return f"version {number}: {figure_text(key, value)}"


def _line(key: str, points: Sequence[tuple[int, float]]) -> str:
    """Shares stand on a scale from 0 to 1, other figures on one up to their highest."""
    shares = key not in ("drift", "seconds")
    top = 1.0 if shares else max(value for _, value in points) or 1.0
    step = (_WIDTH - 2 * _MARGIN) / max(1, len(points) - 1)
    first = _MARGIN if len(points) > 1 else _WIDTH / 2
    places = [
        (first + i * step, _HEIGHT - _MARGIN - value / top * (_HEIGHT - 2 * _MARGIN))
        for i, (_, value) in enumerate(points)
    ]
    dots = "".join(
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5"><title>{_spoken(key, *point)}</title></circle>'
        for (x, y), point in zip(places, points, strict=True)
    )
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    floor = _HEIGHT - _MARGIN
    axis = f'<line class="axis" x1="0" y1="{floor}" x2="{_WIDTH}" y2="{floor}"/>'
    return f'{axis}<polyline points="{path}"/>{dots}'
