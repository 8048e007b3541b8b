"""The charts over versions: what stands in them, by hand."""

import re

from ui.plots import charts, figure_text


def test_shares_stand_between_0_and_1_and_others_up_to_their_highest() -> None:
    """240 by 72 with a margin of 6: the floor is at 66, the top at 6."""
    measured = [
        (1, {"recall_new": 1.0, "drift": 0.1}),
        (2, {"recall_new": 0.5, "drift": 0.2}),
        (4, {"recall_new": 0.0, "drift": None}),
    ]
    drawn = charts(measured)
    recall, drift = re.findall(r'<polyline points="([^"]*)"', drawn)  # the others were not measured
    assert recall == "6.0,6.0 120.0,36.0 234.0,66.0"
    assert drift == "6.0,36.0 234.0,6.0"


def test_every_point_is_told_under_the_mouse_and_to_a_reader() -> None:
    drawn = charts([(1, {"seconds": 60}), (3, {"seconds": 240})])
    assert 'aria-label="Time to learn. version 1: 60 s, version 3: 4 min"' in drawn
    assert re.findall(r"<title>(.*?)</title>", drawn) == ["version 1: 60 s", "version 3: 4 min"]


def test_degenerate() -> None:
    assert charts([]) == charts([(1, {})]) == ""
    assert '<polyline points="120.0,66.0"' in charts([(1, {"drift": 0.0})])
    assert figure_text("recall_new", None) == ""
