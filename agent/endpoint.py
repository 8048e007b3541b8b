"""Pairs written by an OpenAI-compatible endpoint instead of the model itself.

The one place from which a session's text can leave the machine, and only when `qa_base_url` is set.
Knows HTTP through the openai client; nothing of training.
"""

from collections.abc import Sequence
from datetime import date
from typing import TypeVar

import openai
from pydantic import BaseModel

from agent.config import Settings
from agent.errors import EndpointError
from agent.model import Message
from agent.reading import teacher_context

TRIES = 3
TIMEOUT_SECONDS = 120.0
# Not the shape, cut off, or no completion at all (the client trips over a page of HTML).
UNUSABLE = (
    ValueError,
    TypeError,
    AttributeError,
    openai.LengthFinishReasonError,
    openai.ContentFilterFinishReasonError,
)
Answer = TypeVar("Answer", bound=BaseModel)

FACTS = (
    "Below is a chat. List everything that the user told about themselves, their people, plans, "
    "tastes and things, one entry for each fact, leaving out what only the assistant said. "
    "'questions' are six that the user may ask in some weeks to hear it, in the first person, in "
    "really different words, with names instead of pronouns, understandable with nothing else at "
    "hand and not giving the answer away. 'answer' is one short sentence to the user in the second "
    "person, with the user's own names, numbers and dates. Answer as JSON: "
    '{{"facts": [{{"questions": ["...", ...], "answer": "..."}}]}}\n\n{chat}'
)


class _Fact(BaseModel):
    questions: list[str]
    answer: str


class _Facts(BaseModel):
    facts: list[_Fact]


class EndpointWriter:
    """Writes pairs through chat completions."""

    origin = "endpoint"

    def __init__(self, settings: Settings) -> None:
        if not settings.qa_base_url or not settings.qa_model:
            raise EndpointError(
                "To write pairs by an endpoint, both its address (qa_base_url) and the name of "
                "its model (qa_model) are needed."
            )
        self._url = settings.qa_base_url
        self._name = settings.qa_model
        self._client = openai.OpenAI(
            base_url=self._url,
            api_key=settings.qa_api_key.get_secret_value() or "none",
            timeout=TIMEOUT_SECONDS,
            max_retries=1,
        )

    def facts(self, messages: Sequence[Message], day: date | None) -> list[tuple[str, str]]:
        chat = "\n".join(f"{m['role']}: {m['content']}" for m in teacher_context(messages, day))
        found = self._ask(FACTS.format(chat=chat), _Facts)
        return [(question, fact.answer) for fact in found.facts for question in fact.questions]

    def _ask(self, text: str, shape: type[Answer]) -> Answer:
        """A validated answer. Servers that ignore the schema are asked again."""
        problem = ""
        for _ in range(TRIES):
            try:
                found = self._client.chat.completions.parse(
                    model=self._name,
                    messages=[{"role": "user", "content": text}],
                    response_format=shape,
                )
            except UNUSABLE as error:
                problem = str(error).split("\n")[0]
                continue
            except openai.APIConnectionError as error:
                raise EndpointError(
                    f"The pair-writing endpoint {self._url} cannot be reached ({error}). Start "
                    "it, or clear qa_base_url to let the chat model write the pairs."
                ) from error
            except openai.APIError as error:
                raise EndpointError(
                    f"The pair-writing endpoint {self._url} refused: {error}"
                ) from error
            if found.choices and (parsed := found.choices[0].message.parsed):
                return parsed
            problem = "the answer was empty"
        raise EndpointError(
            f"The endpoint {self._url} gave no usable pairs in {TRIES} tries ({problem}). Choose "
            "another model there, or clear qa_base_url to let the chat model write them."
        )
