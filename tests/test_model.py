"""Many replies at once, and which adapter the network runs with, on a tiny model."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from jinja2 import TemplateError
from torch import Tensor
from transformers import (
    CohereConfig,
    CohereForCausalLM,
    Gemma2Config,
    Gemma2ForCausalLM,
    GraniteConfig,
    GraniteForCausalLM,
)

from agent.distill import lora_config
from agent.errors import ModelError
from agent.model import CANDIDATE, CHAT, Model
from agent.recipe import RECIPES
from agent.sampling import Sampling
from agent.turnstile import Turnstile
from bench.tiny import tiny_model

PREFIX = [1, 50, 51, 52]
WHOLE = replace(RECIPES["inweight"], upper_half=False)


def bent(model: Model, name: str, seed: int) -> None:
    """An adapter that changes what the network gives."""
    upper = WHOLE if name == CANDIDATE else RECIPES["inweight"]
    model.new_adapter(name, lora_config(model, upper), seed)
    torch.manual_seed(seed)
    with torch.no_grad():
        for weight in model.parameters_of(name):
            weight.copy_(torch.randn(weight.shape) * 0.2)


def test_each_row_is_as_if_it_stood_alone() -> None:
    """Of different lengths, and one of them three times."""
    model, greedy = tiny_model(), Sampling(max_tokens=8)
    bent(model, CHAT, 1)  # the tiny base hardly looks at what came before
    prompts = [[60, 61], [62], [60, 61], [63, 64, 65, 66], [60, 61]]
    alone = [model.continue_all([], [PREFIX + p], greedy, CHAT)[0] for p in prompts]
    assert model.continue_all(PREFIX, prompts, greedy, CHAT) == alone
    assert len(set(alone)) == 3


def test_a_prompt_that_is_read_once_is_continued_in_many_ways() -> None:
    drawn = tiny_model().continue_all(PREFIX, [[60, 61]] * 8, Sampling(8, temperature=1.0))
    assert len(drawn) == 8 and len(set(drawn)) > 4


def test_no_prompts() -> None:
    assert tiny_model().continue_all(PREFIX, [], Sampling()) == []


@torch.no_grad()
def given(model: Model, adapter: str | None) -> Tensor:
    with model.using(adapter):
        found: Tensor = model.network(torch.tensor([PREFIX])).logits
    return found


def test_it_runs_with_whom_it_is_told(tmp_path: Path) -> None:
    """Adapters come and go, on layers that had none before too; the base stays what it was."""
    model = tiny_model()
    base = given(model, None)
    bent(model, CHAT, 1)
    chat = given(model, CHAT)
    assert torch.equal(given(model, None), base) and not torch.equal(chat, base)
    bent(model, CANDIDATE, 2)  # comes while the bare base is in use
    assert torch.equal(given(model, None), base)
    candidate = given(model, CANDIDATE)
    assert torch.equal(given(model, CHAT), chat) and not torch.equal(candidate, chat)
    given(model, CANDIDATE)
    bent(model, CANDIDATE, 2)  # the same anew, while it is in use
    assert torch.equal(given(model, CANDIDATE), candidate)
    given(model, CHAT)
    model.save_adapter(CHAT, tmp_path)
    model.load_adapter(CHAT, tmp_path)  # while it is the one in use
    assert torch.equal(given(model, CHAT), chat)
    model.drop_adapter(CANDIDATE)
    assert torch.equal(given(model, CANDIDATE), base)  # a name that is not attached
    assert torch.equal(given(model, CHAT), chat)
    model.drop_adapter(CHAT)
    assert torch.equal(given(model, CHAT), base)


class Counting(Turnstile):
    calls = 0

    def let_pass(self) -> bool:
        self.calls += 1
        return super().let_pass()


def test_replies_may_pass_forward_and_backward() -> None:
    model = tiny_model()
    bent(model, CANDIDATE, 1)
    model.turnstile = counting = Counting()
    layers = len(model.backbone.layers)
    with model.turnstile.back(), model.using(CANDIDATE):
        loss = model.network(torch.tensor([PREFIX])).logits.sum()
        assert counting.calls == layers
        loss.backward()
    assert counting.calls >= 2 * layers - 1  # what comes into the first layer needs no gradient


class Arriving(Turnstile):
    """Once, between two layers of the background's work, an adapter comes into use."""

    def __init__(self, model: Model, *, used: bool) -> None:
        super().__init__()
        self._model, self._used, self.came = model, used, False

    def let_pass(self) -> bool:
        if self.came or self._at_work is None:
            return False
        self.came, self._at_work = True, None
        self._leave()
        with self.front():
            bent(self._model, CHAT, 1)
        if self._used:
            self._model.reply([{"role": "user", "content": "Hello"}], Sampling(max_tokens=2))
        with self._condition:
            self._come_in()
        return True


@pytest.mark.parametrize("used", [False, True])
def test_the_bare_base_goes_on_bare_when_an_adapter_comes(used: bool) -> None:
    model, drawn = tiny_model(), Sampling(max_tokens=6)
    before = model.continue_all(PREFIX, [[60, 61], [62]], drawn)
    model.turnstile = arriving = Arriving(model, used=used)
    assert model.continue_all(PREFIX, [[60, 61], [62]], drawn) == before
    assert arriving.came and model.has_adapter(CHAT)
    bent_now = model.continue_all(PREFIX, [[60, 61], [62]], drawn, CHAT)
    assert bent_now != before


def test_loading_draws_nothing_from_what_training_draws(tmp_path: Path) -> None:
    model = tiny_model()
    bent(model, CHAT, 1)
    model.save_adapter(CHAT, tmp_path)
    torch.manual_seed(3)
    expected = torch.rand(2)
    torch.manual_seed(3)
    model.load_adapter(CANDIDATE, tmp_path)
    assert torch.equal(torch.rand(2), expected)


# --- other bases ----------------------------------------------------------------------------------

THINKS = (  # as Qwen3: what opened the last reply is not shown once the user goes on
    "{% if add_generation_prompt %}<|im_start|>assistant\n",
    "{% if messages[-1]['role'] == 'assistant' %}<think>{% endif %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n\n</think>\n\n",
)
NO_SYSTEM = (  # as Gemma: it stands in the user's first message
    "{% for message in messages %}",
    "{% if messages[0]['role'] == 'system' %}{{ raise_exception('none') }}{% endif %}"
    "{% for message in messages %}",
)
SYSTEM = [{"role": "system", "content": "You help."}]
TALK = [*SYSTEM, {"role": "user", "content": "I am Bo."}, {"role": "assistant", "content": "Hi."}]
TURN = [{"role": "user", "content": "Who am I?"}]


def with_template(*change: str) -> Model:
    model = tiny_model()
    told = model.tokenizer.chat_template
    model.tokenizer.chat_template = told.replace(*change)
    assert model.tokenizer.chat_template != told
    return model


@pytest.mark.parametrize("change", [THINKS, NO_SYSTEM])
@pytest.mark.parametrize("context", [SYSTEM, TALK])
def test_a_context_is_shared_whatever_the_template(
    change: tuple[str, str], context: list[dict[str, str]]
) -> None:
    model = with_template(*change)
    size, whole = model.split(context, TURN)
    assert whole == model.prompt([*context, *TURN])
    other = [{"role": "user", "content": "1. Where?"}]
    assert model.split(context, other)[1][:size] == whole[:size]
    shared, rest = model.tokenizer.decode(whole[:size]), model.tokenizer.decode(whole[size:])
    assert context[-1]["content"] in shared and "Who am I?" in rest


IN_TURNS = (  # as Gemma and Mistral
    "{% for message in messages %}",
    "{% for message in messages %}{% if message['role'] not in ('user', 'assistant') or "
    "(message['role'] == 'user') != (loop.index0 % 2 == 0) %}"
    "{{ raise_exception('in turns') }}{% endif %}",
)


@pytest.mark.parametrize(
    ("roles", "spoken"),
    [
        ("su", ["s0 u1"]),
        ("suu", ["s0 u1 u2"]),  # the reply was stopped before a word
        ("suauu", ["s0 u1", "a2", "u3 u4"]),
        ("suasu", ["s0 u1", "a2", "s3 u4"]),  # a line of its own, from a file of chats
        ("ssuaau", ["s0 s1 u2", "a3 a4", "u5"]),
    ],
)
def test_where_both_must_speak_in_turns_they_do(roles: str, spoken: list[str]) -> None:
    named = {"s": "system", "u": "user", "a": "assistant"}
    messages = [{"role": named[r], "content": f"{r}{n}"} for n, r in enumerate(roles)]
    model = with_template(*IN_TURNS)
    text = model.tokenizer.decode(model.prompt(messages))
    starts = [f"<|im_start|>{('user', 'assistant')[k % 2]}\n" for k in range(len(spoken))]
    turns = [
        s + t.replace(" ", "\n\n") + "<|im_end|>\n" for s, t in zip(starts, spoken, strict=True)
    ]
    assert text == "".join(turns) + "<|im_start|>assistant\n"
    assert model.split(messages[:-1], messages[-1:])[1] == model.prompt(messages)


def test_what_no_turns_can_mend_is_the_template_s_to_say() -> None:
    with pytest.raises(TemplateError):
        with_template(*IN_TURNS).prompt([{"role": "assistant", "content": "Hello."}])


def test_a_template_that_shows_earlier_turns_by_the_last_is_refused() -> None:
    model = with_template("{% for message", "{{ messages[-1]['content'] }}{% for message")
    with pytest.raises(ModelError, match="another instruct model"):
        model.split(TALK, TURN)


def test_a_reply_ends_as_the_template_ends_it() -> None:
    """Gemma's turns end otherwise than its texts."""
    model = with_template("<|im_end|>", "<pad>")
    assert model.answer_ids("Hi.")[-1] == tiny_model().end_id  # nothing stops there
    model = with_template("<|im_end|>", "<pad>")
    model.stops |= {model.tokenizer.pad_token_id}
    assert model.answer_ids("Hi.")[-1] == model.tokenizer.pad_token_id


@pytest.mark.parametrize(
    ("config", "network", "scaled"),
    [
        (GraniteConfig, GraniteForCausalLM, {"logits_scaling": 8.0}),
        (CohereConfig, CohereForCausalLM, {"logit_scale": 0.25}),
        (Gemma2Config, Gemma2ForCausalLM, {"final_logit_softcapping": 0.5, "head_dim": 8}),
    ],
)
def test_the_head_gives_the_network_s_own_logits(
    config: Any, network: Any, scaled: dict[str, float]
) -> None:
    torch.manual_seed(0)
    built = network(config(
        vocab_size=300, hidden_size=32, intermediate_size=64, num_hidden_layers=2,
        num_attention_heads=4, num_key_value_heads=2, bos_token_id=1, eos_token_id=2,
        pad_token_id=3, **scaled,
    )).float().eval()  # fmt: skip
    model = Model(built, tiny_model().tokenizer, "other", "other")
    ids = torch.tensor([PREFIX])
    with torch.no_grad():
        wanted = model.network(input_ids=ids).logits
        found = model.head(model.backbone(input_ids=ids).last_hidden_state)
        assert not torch.allclose(wanted, model.network.lm_head(
            model.backbone(input_ids=ids).last_hidden_state))  # fmt: skip
    torch.testing.assert_close(found, wanted)
