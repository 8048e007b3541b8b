"""Choices: what was told decides which option is to be likelier, and nothing else does."""

import random
from collections import Counter

import torch

from agent.default_model.choices import choices_loss, dilemma_row, fitting, request_row
from agent.default_model.lessons import Course
from agent.default_model.written import DATA, Dilemma, read_chat, read_dilemmas
from agent.distill import lora_config
from agent.evaluate import option_scores, system_only
from agent.model import CANDIDATE
from agent.recipe import RECIPES
from bench.tiny import tiny_model

DILEMMAS = read_dilemmas(DATA / "choices.txt")
OTHERS = read_chat(DATA / "told.txt")
PIZZA = Dilemma(
    "Which pizza?",
    ("with ham", "with figs", "with tuna", "with eggs"),
    ((1, "No meat."), (0, "Pork!")),
)


def test_every_option_but_one_may_fit() -> None:
    assert len(DILEMMAS) >= 300
    assert len({d.request for d in DILEMMAS}) >= 0.98 * len(DILEMMAS)
    for dilemma in DILEMMAS:
        fits = [fit for fit, _ in dilemma.told]
        assert len(set(dilemma.options)) == 4 and len(set(fits)) >= 3 and set(fits) <= {0, 1, 2, 3}
    # the place in the list tells nothing
    places = Counter(fit for d in DILEMMAS for fit, _ in d.told)
    assert max(places.values()) < 1.4 * min(places.values())


def test_a_row_holds_the_request_behind_what_was_told_and_the_fitting_option_first() -> None:
    model = tiny_model()
    for seed in range(8):
        row = dilemma_row(model, PIZZA, OTHERS, random.Random(seed))
        owner, start, end = row.tree.spans[0]
        text = model.tokenizer.decode(row.tree.ids_T[:start])
        first = model.tokenizer.decode(row.tree.ids_T[start:end])
        assert owner == 0 and ("with figs" if "no meat" in text.lower() else "with ham") in first
        assert row.groups == [[0, 1, 2, 3]]


def test_a_row_gives_the_options_the_scores_that_are_evaluated() -> None:
    model = tiny_model()
    row = request_row(model, system_only(), PIZZA.request, PIZZA.options)
    slow = option_scores(model, system_only(), PIZZA.request, PIZZA.options, None)
    for option, (owner, start, end) in zip(PIZZA.options, row.tree.spans, strict=True):
        asked = model.prompt([*system_only(), {"role": "user", "content": PIZZA.request}])
        target = model.answer_ids(option)
        assert row.tree.ids_T[: row.tree.prefix_length] == asked[:-1]
        assert row.tree.ids_T[start:end] == [asked[-1], *target]
        with torch.no_grad():
            ids = torch.tensor([[*asked, *target]])
            logps = model.network(input_ids=ids).logits[0].float().log_softmax(-1)
        own = [float(logps[len(asked) - 1 + k, id]) for k, id in enumerate(target)]
        assert abs(sum(own) / len(own) - slow[owner]) < 1e-3


def test_teaching_makes_the_fitting_option_likelier_and_changes_the_candidate_alone() -> None:
    model = tiny_model()
    model.new_adapter(CANDIDATE, lora_config(model, RECIPES["sft"]))
    frozen = {k: v.clone() for k, v in model.network.state_dict().items() if "lora" not in k}
    talks = [talk for talk in Course().written if talk.choices][:3]
    optimizer = torch.optim.Adam(model.parameters_of(CANDIDATE), lr=2e-2)
    losses = []
    for step in range(40):
        loss = choices_loss([PIZZA], talks, OTHERS, model, random.Random(step % 4))
        losses.append(loss.item())
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert losses[-4] < losses[0] - 0.05  # the same requests
    after = model.network.state_dict()
    assert all(torch.equal(value, after[name]) for name, value in frozen.items())


def test_the_share_that_fits_by_hand() -> None:
    """Nothing that was told is read by a random model: the same option scores best each time."""
    told = tuple((fit, "It is so.") for fit in (0, 1, 2, 3, 3))
    even = Dilemma(PIZZA.request, PIZZA.options, told)
    assert fitting([even], tiny_model(), "none attached") in (0.2, 0.4)
