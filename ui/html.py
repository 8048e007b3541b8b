"""Pieces of HTML that gradio has no component for: tables with buttons, transcripts, progress.

Everything that a person or a model wrote is escaped here. Does not know where a piece stands.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

import gradio as gr

from agent.remaining import Progress
from storage.sessions import Message
from ui.words import LEAVES, PROMISE, STATES, STAYS, lasting

# One listener for the whole table: it outlives every new content.
_CLICKS = """element.addEventListener('click', (e) => {
  const b = e.target.closest('[data-act]');
  if (b) trigger('click', {act: b.dataset.act, id: b.dataset.id});
});"""

_STAGES = {"": "starting", "learning": "teaching the weights"}
_UNKNOWN = "usually some minutes a session"
_UNNAMED = '<span class="iw-unseen">Actions or marks</span>'  # for screen readers
_TONES = {"absorbed": "good", "kept": "good", "failed": "bad", "rejected": "bad"}
_SPEAKERS = {"user": "You", "assistant": "Inweight", "system": "Note"}


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: `html` is already escaped. `kind` is a class of the style sheet."""

    html: str
    kind: str = ""


def clickable(elem_id: str) -> gr.HTML:
    """A component for `table`; its click event has `act` and `id`."""
    return gr.HTML(elem_id=elem_id, js_on_load=_CLICKS, apply_default_css=False)


def focus(*selectors: str) -> str:
    """Script that brings eyes and keyboard to the first of these that is there."""
    found = " ?? ".join(f"document.querySelector('{selector}')" for selector in selectors)
    return f"() => setTimeout(() => ({found})?.focus(), 100)"


def text(value: object, kind: str = "") -> Cell:
    """A cell of plain text."""
    return Cell(escape(str(value)), kind)


def folded(value: str, summary: str, more: Iterable[str]) -> Cell:
    """A cell of plain text with lines that unfold below it."""
    lines = "".join(f"<li>{escape(line)}</li>" for line in more)
    rest = f"<details><summary>{escape(summary)}</summary><ul>{lines}</ul></details>"
    return Cell(escape(value) + (rest if lines else ""))


def unfold(summary: str, inside: str) -> str:
    """Something long that is shown when it is asked for."""
    return f'<details class="iw-more"><summary>{escape(summary)}</summary>{inside}</details>'


def link(label: str, act: str, id: object) -> Cell:
    """A cell that is one button looking like a link."""
    return Cell(_button("iw-link", label, act, id, label))


def acts(id: object, about: str, *named: tuple[str, str]) -> Cell:
    """A cell of buttons, each (label, act); `about` tells a screen reader which row."""
    made = [_button("iw-act", label, act, id, f"{label}: {about}") for label, act in named]
    return Cell("".join(made), "acts")


def state(name: str) -> Cell:
    """A state as a word in a pill."""
    word = escape(STATES.get(name, name).replace("_", " "))
    return Cell(f'<span class="iw-state {_TONES.get(name, "")}">{word}</span>', "nowrap")


def table(
    caption: str,
    heads: Sequence[str],
    rows: Iterable[Sequence[Cell]],
    *,
    current: int | None = None,
) -> str:
    """A table; row number `current` is marked as the one shown below."""
    rows = list(rows)
    kinds = [cell.kind for cell in rows[0]] if rows else [""] * len(heads)
    head = "".join(
        f'<th scope="col" class="{kind}">{escape(name) or _UNNAMED}</th>'
        for name, kind in zip(heads, kinds, strict=True)
    )
    body = "".join(_row(heads, row, marked=n == current) for n, row in enumerate(rows))
    return (
        f'<table class="iw-table"><caption>{escape(caption)}</caption>'
        f"<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>"
    )


def empty(title: str, hint: str) -> str:
    """What stands where there is nothing yet: what to do."""
    return f'<div class="iw-empty"><strong>{escape(title)}</strong>{escape(hint)}</div>'


def promise(endpoint: str | None) -> str:
    """What happens with a person's words; `endpoint` is where sessions are sent, if anywhere."""
    last = LEAVES.format(endpoint) if endpoint else STAYS
    return (
        '<p id="promise"><strong>What this does with your words</strong>'
        f" {escape(PROMISE)} <b>{escape(last)}</b></p>"
    )


def banner(sentence: str) -> str:
    """A sentence that stands out a little; nothing for no sentence."""
    return f'<div class="iw-banner" role="status">{escape(sentence)}</div>' if sentence else ""


def quiet(sentence: str) -> str:
    """A sentence that does not stand out."""
    return f'<span class="iw-quiet">{escape(sentence)}</span>'


def quote(question: str, answer: str) -> str:
    """A question and what was answered, in its own words."""
    return f'<p class="iw-quote">{escape(question)} <q>{escape(answer)}</q></p>'


def transcript(messages: Iterable[Message]) -> str:
    """What was said, as plain text."""
    items = [
        f'<li class="{escape(m.role)}"><b>{_SPEAKERS.get(m.role, escape(m.role))}</b>'
        f"{escape(m.content)}</li>"
        for m in messages
    ]
    return f'<ol class="iw-talk" tabindex="0" aria-label="What was said">{"".join(items)}</ol>'


def two_answers(question: str, with_memory: str, without: str) -> str:
    """The same message answered with and without memory."""
    return (
        f'<p class="iw-quiet">Both answers to: {escape(question)}</p>'
        '<div class="iw-two" aria-live="polite">'
        f'<section id="with-memory"><h3>With memory</h3><p>{escape(with_memory.strip())}</p>'
        '</section><section id="without-memory"><h3>Without memory</h3>'
        f"<p>{escape(without.strip())}</p></section>"
        "</div>"
    )


def doing(progress: Progress) -> str:
    """What the learning is at, in one line; empty when nothing happens."""
    if not progress.running:
        return ""
    several = progress.sessions_total > 1
    which = f" session {progress.sessions_done + 1} of {progress.sessions_total}" if several else ""
    counted = f" {100 * progress.done // progress.total} %" if progress.total else ""
    left = f"about {lasting(progress.seconds_left)} left" if progress.seconds_left else _UNKNOWN
    stage = _STAGES.get(progress.stage, progress.stage)
    return f"Learning{which}: {stage}{counted}, {left}"


def progress_bar(progress: Progress) -> str:
    """The same with a bar."""
    if not progress.running:
        return ""
    share = round(100 * progress.done / progress.total) if progress.total else 0
    return (
        f'<div class="iw-progress"><span>{escape(doing(progress))}</span>'
        f'<div class="iw-bar" role="progressbar" aria-label="Learning" aria-valuemin="0"'
        f' aria-valuemax="100" aria-valuenow="{share}"><i style="width:{share}%"></i></div></div>'
    )


def _row(heads: Sequence[str], row: Sequence[Cell], *, marked: bool) -> str:
    cells = "".join(
        f'<td class="{cell.kind}"{_label(head)}>{cell.html}</td>'
        for head, cell in zip(heads, row, strict=True)
    )
    mark = ' aria-current="true"' if marked else ""
    return f"<tr{mark}>{cells}</tr>"


def _label(head: str) -> str:
    return f' data-label="{escape(head)}"' if head else ""


def _button(kind: str, label: str, act: str, id: object, spoken: str) -> str:
    return (
        f'<button type="button" class="{kind}" data-act="{act}" data-id="{escape(str(id))}"'
        f' aria-label="{escape(spoken)}">{escape(label)}</button>'
    )
