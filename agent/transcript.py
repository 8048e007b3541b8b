"""A logged session as the model reads it. Knows the profile and the model's window."""

from datetime import date

from agent.asking import cut, fitting
from agent.dates import day_of
from agent.model import Message, Model
from agent.reading import teacher_context
from storage.profiles import Profile


def messages_of(profile: Profile, session_id: str) -> list[Message]:
    """Its messages, with the `day` of those that have one."""
    found = profile.sessions.messages(session_id)
    return [
        {"role": m.role, "content": m.content} | ({"day": m.day} if m.day else {}) for m in found
    ]


def messages_as_read(profile: Profile, model: Model, session_id: str) -> list[Message]:
    """What was said, of a very long message its beginning: pairs are made of no more."""
    return [cut(model, message) for message in messages_of(profile, session_id)]


def session_as_read(profile: Profile, model: Model, session_id: str) -> list[Message]:
    """The session as the teacher has it in its prompt."""
    return teacher_context(
        fitting(model, messages_of(profile, session_id)), day_of_session(profile, session_id)
    )


def day_of_session(profile: Profile, session_id: str) -> date | None:
    """The day on which it began, for messages that have none of their own."""
    return day_of(profile.sessions.get(session_id).started_at)
