"""The head of one session: what it is called, where it stands, and whether it can be learnt now.

Knows a session's record. Does not know its text or its pairs.
"""

import gradio as gr

from storage.sessions import Session
from ui import html
from ui.words import many, when


def about(session: Session) -> str:
    """Title, state and dates of a session, and what went wrong with it."""
    version = f" · learnt in version {session.version}" if session.version else ""
    line = f"{when(session.started_at)} · {many(session.messages, 'message')}{version}"
    title = html.text(session.title or "Untitled").html
    trouble = html.banner(f"Learning it failed: {session.error}") if session.error else ""
    pill = html.state(session.state).html
    return f'<h2 tabindex="-1">{title} {pill}</h2>{html.quiet(line)}{trouble}'


def learn_button(session: Session, *, due: bool) -> gr.Button:
    """The button that has it learnt; it says why it cannot be pressed."""
    if session.state == "absorbing":
        return gr.Button("Learning…", interactive=False)
    if session.state == "excluded":
        return gr.Button("Left out, not learnt", interactive=False)
    return gr.Button("Will be learnt soon" if due else learn_word(session), interactive=not due)


def learn_word(session: Session) -> str:
    """What is written on that button when it can be pressed."""
    return "Learn again" if session.state == "absorbed" else "Learn now"
