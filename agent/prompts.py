"""Every fixed sentence that the model is given. Training and use share them, so they stand here once."""

SYSTEM = "You are the user's friendly assistant. If they never told you something, say so."

DATED = " This chat took place on {day}."

WRITE_FACTS = (
    'What did I tell you about me in my message "{message}"? Write one line for each thing, with '
    "names. If nothing: none"
)
NOTHING = "none"

ASK_FOR = "What may I ask in some weeks so that you answer: {answer}"


def system(day: str | None = None) -> str:
    """The system line; `day` is the long date of a past session ("Friday, March 14, 2025")."""
    return SYSTEM + (DATED.format(day=day) if day else "")
