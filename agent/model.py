"""A chat model behind one interface: prompts as token ids, replies as a stream or in batches.

Knows torch and transformers; not profiles, sessions or what the texts mean.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import cached_property
from itertools import takewhile
from typing import Any

import torch
from jinja2 import TemplateError
from torch import Tensor
from torch.nn.functional import pad
from torch.nn.utils.rnn import pad_sequence
from transformers import DynamicCache

from agent.adapted import Adapted
from agent.beams import likeliest
from agent.errors import ModelError
from agent.last_prompt import LastPrompt
from agent.sampling import Picker, Sampling

Message = dict[str, str]

CHAT = "chat"
CANDIDATE = "candidate"


class Model(Adapted):
    """A base model with its tokenizer and the adapters attached to it."""

    def __init__(self, network: Any, tokenizer: Any, name: str, fingerprint: str) -> None:
        super().__init__(network, name)
        self.tokenizer = tokenizer
        self.fingerprint = fingerprint
        self.chat_with = ""  # which version of which profile is attached as CHAT
        self._last = LastPrompt(network)
        eos = network.generation_config.eos_token_id
        self.stops = {*(eos if isinstance(eos, list) else [eos]), tokenizer.eos_token_id} - {None}
        if not tokenizer.chat_template:
            raise ModelError(
                f"{name} has no chat template, so it cannot chat. Choose an instruct model."
            )

    # --- text to ids -------------------------------------------------------------------------

    def prompt(self, messages: Sequence[Message], *, reply: bool = True) -> list[int]:
        """Token ids of `messages` in the model's own template; with `reply`, opened for one.

        Control tokens that somebody typed are neutralised.
        """
        rows = [dict(message) for message in messages]
        try:
            return self._render(rows, reply)
        except TemplateError:  # some know no system role, some want both to speak in turns
            if (plainer := _in_turns(rows)) == rows:
                raise
            return self._render(plainer, reply)

    def _render(self, rows: list[Message], reply: bool) -> list[int]:
        found = self.tokenizer.apply_chat_template(
            rows,
            add_generation_prompt=reply,
            tokenize=True,
            return_dict=True,
            sanitize_control_tokens=True,
            enable_thinking=False,
        )
        return list(found["input_ids"])

    def split(self, context: Sequence[Message], turns: Sequence[Message]) -> tuple[int, list[int]]:
        """How many ids of context + turns (opened for a reply) belong to the context, and all ids.

        Raises ModelError when the template shows the context otherwise behind each turn, since then
        no cache of it can be shared.
        """
        whole = self.prompt([*context, *turns])
        try:
            prefix = self.prompt(context, reply=False)
        except TemplateError:  # a system line alone, where it has no place of its own
            prefix = []
        if not prefix or whole[: len(prefix)] != prefix:
            prefix = self._before_a_turn(context)
        if not prefix or whole[: len(prefix)] != prefix:
            raise ModelError(
                f"The chat template of {self.name} rewrites earlier turns, so a session cannot be "
                "shared by its pairs. Choose another instruct model."
            )
        return len(prefix), whole

    def _before_a_turn(self, context: Sequence[Message]) -> list[int]:
        """The context as it stands before the user goes on: some templates show the last reply
        otherwise as long as it is the last, some put a system line into the user's first message."""
        behind = ([*context, {"role": "user", "content": text}] for text in ("A", "B"))
        one, other = (self.prompt(messages) for messages in behind)
        pairs = zip(one, other, strict=False)
        shared = [token for token, _ in takewhile(lambda pair: pair[0] == pair[1], pairs)]
        ends = [place for place, token in enumerate(shared, start=1) if token in self.stops]
        return shared[: ends[-1]] if ends else shared[:-1]  # what is last may melt into the turn

    def answer_ids(self, text: str) -> list[int]:
        """Ids of a reply and the token that ends it."""
        ids: list[int] = self.tokenizer(text, add_special_tokens=False)["input_ids"]
        return [*ids, self.end_id]

    def text_ids(self, text: str) -> list[int]:
        """Ids of a text outside any chat."""
        ids: list[int] = self.tokenizer(text)["input_ids"]
        return ids

    @cached_property
    def end_id(self) -> int:
        """What ends a reply in the model's own template."""
        turns = [{"role": "user", "content": "Who?"}, {"role": "assistant", "content": "Nobody."}]
        behind = self.prompt(turns, reply=False)[len(self.prompt(turns[:1], reply=False)) :]
        eos: int = self.tokenizer.eos_token_id
        return next((token for token in behind if token in self.stops), eos)

    # --- replies -----------------------------------------------------------------------------

    def stream(
        self,
        messages: Sequence[Message],
        sampling: Sampling,
        *,
        adapter: str | None = CHAT,
        stopped: Callable[[], bool] = lambda: False,
    ) -> Iterator[str]:
        """The growing reply. The keys and values of the last prompt are kept for the next turn."""
        ids = self.prompt(messages)
        pick = Picker(sampling, self.device)
        with self.turnstile.front(), self.using(adapter):
            feed = self._last.rewind(ids, adapter)
            made: list[int] = []
            for _ in range(sampling.max_tokens):
                logits_V = self._last.advance(feed)
                token = int(pick(logits_V[None])[0])
                if token in self.stops or stopped():
                    break
                made.append(token)
                feed = [token]
                text = self.tokenizer.decode(made, skip_special_tokens=True)
                if not text.endswith("\ufffd"):  # half of a character: wait for the rest
                    yield text

    def reply(self, messages: Sequence[Message], sampling: Sampling, **options: Any) -> str:
        """The whole reply at once."""
        grown = list(self.stream(messages, sampling, **options))
        return grown[-1].strip() if grown else ""

    @torch.inference_mode()
    def whole_replies(
        self,
        messages: Sequence[Message],
        width: int,
        most: int,
        adapter: str | None = CHAT,
        *,
        aside: bool = False,
    ) -> list[tuple[str, float]]:
        """The likeliest replies that end within `most` tokens and their log-probabilities, likeliest
        first. `aside` from the chat, whose last prompt stays, and as background work."""
        if not aside:
            with self.turnstile.front():
                return self._whole(messages, width, most, adapter, self._last, nullcontext)
        own = LastPrompt(self.network)
        return self._whole(messages, width, most, adapter, own, self.turnstile.back)

    def _whole(
        self,
        messages: Sequence[Message],
        width: int,
        most: int,
        adapter: str | None,
        last: LastPrompt,
        door: Callable[[], AbstractContextManager[None]],
    ) -> list[tuple[str, float]]:
        with door(), self.using(adapter):
            first_V = last.advance(last.rewind(self.prompt(messages), adapter))
            cache = last.copy()

        def step(rows_B: Tensor, ids_B: Tensor) -> Tensor:
            cache.batch_select_indices(rows_B)
            with door(), self.using(adapter):
                hidden_B1D = self.backbone(
                    input_ids=ids_B[:, None], past_key_values=cache, use_cache=True
                ).last_hidden_state
                return self.head(hidden_B1D[:, -1])

        found = likeliest(first_V, step, sorted(self.stops), width, most)
        texts = ((self.tokenizer.decode(row, skip_special_tokens=True), p) for row, p in found)
        return [(text.strip(), p) for text, p in texts if text.strip()]

    @torch.inference_mode()
    def continue_all(
        self,
        prefix: Sequence[int],
        prompts: Sequence[Sequence[int]],
        sampling: Sampling,
        adapter: str | None = None,
    ) -> list[str]:
        """One reply per prompt, all behind the same prefix, which is read once, as is a prompt that
        stands there several times.

        Background work: a person's reply passes between any two tokens. Rows leave the batch as
        they end.
        """
        if not prompts:
            return []
        pick = Picker(sampling, self.device)
        texts: list[list[int]] = [[] for _ in prompts]
        numbers = {prompt: k for k, prompt in enumerate(dict.fromkeys(map(tuple, prompts)))}
        with self.turnstile.back(), self.using(adapter):
            cache = self._spread(prefix, len(numbers))
        alive = torch.arange(len(prompts), device=self.device)
        rows = [torch.tensor(prompt, device=self.device) for prompt in numbers]
        ids = _padded(rows)
        own = _padded([torch.ones_like(row) for row in rows])
        seen = pad(own, (len(prefix), 0), value=1)
        positions = len(prefix) + (own.cumsum(1) - 1).clamp(min=0)
        for _ in range(sampling.max_tokens):
            with self.turnstile.back(), self.using(adapter):
                hidden_BLD = self.backbone(
                    input_ids=ids,
                    attention_mask=seen,
                    position_ids=positions,
                    past_key_values=cache,
                    use_cache=True,
                ).last_hidden_state
                # Two dimensions: of (B, 1, D) out of (B, L, D) torch copies the matrix for each row.
                logits_BV = self.head(hidden_BLD[:, -1])
            if len(logits_BV) < len(alive):  # read once, from here on each goes its own way
                copies = torch.tensor([numbers[tuple(p)] for p in prompts], device=self.device)
                cache.batch_select_indices(copies)
                logits_BV, seen, positions = logits_BV[copies], seen[copies], positions[copies]
            tokens = pick(logits_BV)
            going = torch.tensor([int(t) not in self.stops for t in tokens], device=self.device)
            for row, token in zip(alive[going].tolist(), tokens[going].tolist(), strict=True):
                texts[row].append(token)
            if not going.any():
                break
            if not going.all():
                cache.batch_select_indices(torch.nonzero(going)[:, 0])
                alive, seen, tokens = alive[going], seen[going], tokens[going]
                positions = positions[going]
            ids = tokens[:, None]
            seen = torch.cat([seen, torch.ones_like(ids)], dim=1)
            positions = positions[:, -1:] + 1
        return [self.tokenizer.decode(t, skip_special_tokens=True).strip() for t in texts]

    def _spread(self, prefix: Sequence[int], rows: int) -> DynamicCache:
        """The prefix's cache, repeated for `rows`."""
        cache = DynamicCache(config=self.network.config)
        if prefix:
            self.backbone(
                input_ids=torch.tensor([list(prefix)], device=self.device),
                past_key_values=cache,
                use_cache=True,
            )
            cache.batch_repeat_interleave(rows)
        return cache

    def drop_adapter(self, name: str) -> None:
        super().drop_adapter(name)
        self._last.forget(name)


def _in_turns(messages: Sequence[Message]) -> list[Message]:
    """The messages with system lines put into what the user says next, and with what one says in
    several messages in one."""
    turns: list[Message] = []
    lines: list[str] = []
    for message in messages:
        if message["role"] == "system":
            lines.append(message["content"])
            continue
        parts = [*(lines if message["role"] == "user" else []), message["content"]]
        lines = [] if message["role"] == "user" else lines
        if turns and turns[-1]["role"] == message["role"]:
            parts.insert(0, turns.pop()["content"])
        turns.append({"role": message["role"], "content": "\n\n".join(parts)})
    return [*turns, *({"role": "system", "content": line} for line in lines)]


def _padded(rows: Sequence[Tensor]) -> Tensor:
    """(B, L), filled up with zeros on the left: every row's next token stands in the last column."""
    return pad_sequence([*rows], batch_first=True, padding_side="left")
