"""How events of the page run, and what the browser does by itself before and after them.

Knows gradio's switches and the page's elements. Does not know what an event is about.
"""

from typing import Any

# Nothing flickers while it runs, and gradio's own API does not list it.
QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
# What asks the model: side by side, since a turn at it is taken word by word. The lowest limit of
# the events with one id holds for all of them, so all have this one.
MODEL: dict[str, Any] = {"concurrency_id": "model", "concurrency_limit": 4, **QUIET}
# First of all that shows another chat: what still grows would come back into it.
CUT: dict[str, Any] = {"inputs": None, "outputs": None, "concurrency_limit": None, **QUIET}
# Where a mouse is, the next thing to do is to write; on a phone this would raise the keyboard.
WRITE = """() => {
  if (matchMedia('(pointer: fine)').matches) document.querySelector('#chat-box textarea').focus();
}"""
# What is sent during a reply would be dropped without a word: it stays in the box instead.
_ALONE = "if (window.answering) throw new Error('not sent'); window.answering = true;"
SEND = f"(text) => {{ if (!text.trim()) throw new Error('not sent'); {_ALONE} return text; }}"
ANEW = f"(...given) => {{ window.refused = window.answering; {_ALONE} return given; }}"
ANSWERED = "() => { window.answering = false; }"
# After an error, to which gradio's `then` is deaf; what was refused left the reply before it alone.
FAILED = """(...given) => {
  const refused = window.refused;
  window.refused = false;
  if (refused) throw new Error('not sent');
  return given;
}"""
# gradio names each message for screen readers, but on an element that needs a role for it.
NAMED = """() => requestAnimationFrame(() => document
  .querySelectorAll('#chatbot [data-testid][aria-label]:not([role])')
  .forEach(message => message.setAttribute('role', 'group')))"""
