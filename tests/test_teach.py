"""Teaching: lessons as padded rows, and which message a fact is credited to."""

import random

import torch
from torch.nn.functional import cross_entropy

from agent.default_model.lessons import Exercise, Lesson
from agent.default_model.rows import collate_rows, lesson_losses, lesson_row
from agent.default_model.written import Talk, _said_in
from agent.tree import collate, target_logits
from bench.tiny import tiny_model

CONTEXT = [{"role": "system", "content": "Be kind."}, {"role": "user", "content": "I sing."}]
LESSONS = (
    Lesson(
        CONTEXT, [Exercise("Do I sing?", "You sing."), Exercise("Why?", "No idea.", weight=0.5)]
    ),
    Lesson(CONTEXT[:1], [Exercise("Who am I?", "You never said.", after=("Hi", "Hello!"))]),
    Lesson(CONTEXT, [Exercise("What next?", "", options=("A song", "A nap", "A run", "A bath"))]),
)


def test_padded_rows_give_the_loss_of_each_tree_alone() -> None:
    model = tiny_model()
    rows = [lesson_row(model, lesson, random.Random(0)) for lesson in LESSONS]
    with torch.no_grad():
        answer, choice = lesson_losses(model, collate_rows(rows))
        total = weight = 0.0
        for row in rows[:2]:
            batch = collate([row.tree])
            losses = cross_entropy(
                target_logits(model.backbone, model.head, batch).float(),
                batch.labels_N,
                reduction="none",
            )
            total += float((losses * torch.tensor(row.weights_N)).sum())
            weight += sum(row.weights_N)
    assert abs(float(answer) - total / weight) < 1e-3
    assert 0 < float(choice) < 20


def test_a_fact_is_credited_to_the_message_that_tells_all_of_it() -> None:
    told = ("My brother sold the piano.", "Darnell lives in Hull now.")
    talk = Talk([{"role": "user", "content": text} for text in told], None)
    assert _said_in(talk, "What did my brother sell?", "Your brother sold the piano.") == 0
    assert _said_in(talk, "Where does Darnell live?", "Darnell lives in Hull.") == 1
    assert _said_in(talk, "Who is Darnell?", "Darnell is your brother.") == -1  # in both together
