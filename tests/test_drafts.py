"""Facts in other wordings."""

from agent.drafts import PAIRS_MOST, WORDINGS, with_wordings

TOLD = [{"role": "user", "content": "anything"}]


def test_each_fact_is_asked_in_small_letters_and_as_the_users_own() -> None:
    facts = [
        [("How old is our girl?", "Saimi is six."), ("How old is Saimi?", "Saimi is six.")],
        [("What is the choir called?", "The choir is called Kaamos.")],
    ]
    drafts = with_wordings(facts, TOLD)
    asked = {d.question for d in drafts if d.role == "train"}
    assert {"how old is saimi", "whats the choir called", "What is my choir called?"} <= asked


def test_one_wording_is_held_out_and_no_question_asked_twice() -> None:
    facts = [[("Where does Olli work?", "Olli works in Oulu.")], [("Who is Olli?", "A friend.")]]
    drafts = with_wordings(facts, TOLD)
    held = [d.fact for d in drafts if d.role == "probe"]
    assert held == [0, 1]
    assert len({d.question for d in drafts}) == len(drafts) > 2 * WORDINGS


def test_a_fact_of_which_much_is_asked_has_wordings_too() -> None:
    fact = [
        (f"Where is my {thing}?", "At Olli's.")
        for thing in "bag cup hat key pen saw tie van".split()
    ]
    drafts = with_wordings([fact], TOLD)
    assert len(fact) == PAIRS_MOST and len(drafts) >= PAIRS_MOST + 3
