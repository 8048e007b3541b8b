"""Relative dates by hand, and for any text and day: nothing raises, nothing is lost."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.dates import annotate, day_of, full_date, long_date

FRIDAY = date(2025, 3, 14)


@pytest.mark.parametrize(
    ("day", "phrase", "meant"),
    [
        (FRIDAY, "today", "March 14, 2025"),
        (FRIDAY, "Tonight", "March 14, 2025"),
        (FRIDAY, "this morning", "March 14, 2025"),
        (FRIDAY, "tomorrow", "March 15, 2025"),
        (FRIDAY, "tomorrow evening", "March 15, 2025"),
        (FRIDAY, "the day after tomorrow", "March 16, 2025"),
        (FRIDAY, "yesterday", "March 13, 2025"),
        (FRIDAY, "last night", "March 13, 2025"),
        (FRIDAY, "the day before yesterday", "March 12, 2025"),
        (FRIDAY, "in 3 days", "March 17, 2025"),
        (FRIDAY, "in a week", "March 21, 2025"),
        (FRIDAY, "in two weeks", "March 28, 2025"),
        (FRIDAY, "ten days ago", "March 4, 2025"),
        (FRIDAY, "a week ago", "March 7, 2025"),
        (FRIDAY, "next Friday", "March 21, 2025"),  # never today itself
        (FRIDAY, "last Friday", "March 7, 2025"),
        (FRIDAY, "next monday", "March 17, 2025"),
        (FRIDAY, "last Saturday", "March 8, 2025"),
        (FRIDAY, "this coming Thursday", "March 20, 2025"),
        (FRIDAY, "next week", "the week of March 17, 2025"),
        (FRIDAY, "last week", "the week of March 3, 2025"),
        (FRIDAY, "next month", "April 2025"),
        (FRIDAY, "next year", "2026"),
        (date(2025, 1, 31), "tomorrow", "February 1, 2025"),
        (date(2025, 1, 31), "next month", "February 2025"),
        (date(2025, 12, 31), "tomorrow", "January 1, 2026"),
        (date(2025, 12, 31), "next month", "January 2026"),
        (date(2026, 1, 1), "yesterday", "December 31, 2025"),
        (date(2026, 1, 15), "last month", "December 2025"),
        (date(2024, 2, 28), "tomorrow", "February 29, 2024"),
        (date(2025, 2, 28), "tomorrow", "March 1, 2025"),
        (date(2024, 3, 1), "yesterday", "February 29, 2024"),
        (date(2025, 12, 29), "next Sunday", "January 4, 2026"),
        (date(2025, 1, 1), "last Monday", "December 30, 2024"),
    ],
)
def test_meanings(day: date, phrase: str, meant: str) -> None:
    assert annotate(f"We met {phrase}, I think.", day) == f"We met {phrase} ({meant}), I think."


def test_each_phrase_of_a_text() -> None:
    assert annotate("Yesterday Ida came; she leaves in 2 days.", FRIDAY) == (
        "Yesterday (March 13, 2025) Ida came; she leaves in 2 days (March 16, 2025)."
    )


@pytest.mark.parametrize(
    "text",
    ["The yesterdays of todayish men", "in 100 days", "begin 3 days", "3.5 days ago", "weekend"],
)
def test_what_is_no_relative_date_is_left_alone(text: str) -> None:
    assert annotate(text, FRIDAY) == text


@pytest.mark.parametrize(
    ("day", "phrase"),
    [
        (date.max, "tomorrow"),
        (date.max, "next month"),
        (date.max, "next week"),
        (date.min, "yesterday"),
        (date.min, "last month"),
        (date.min, "last Monday"),
    ],
)
def test_past_the_calendar_the_text_stays(day: date, phrase: str) -> None:
    assert annotate(phrase, day) == phrase


PHRASES = st.sampled_from(
    "tomorrow,Last night,in 99 weeks,a week ago,next month,last month,next year,last Monday,"
    "this coming sunday,next week,last week,ten days ago,the day after tomorrow".split(",")
)


@given(
    st.lists(st.one_of(st.text(), PHRASES)).map(" ".join),
    st.one_of(st.dates(), st.sampled_from([date.min, date.max])),
)
def test_never_raises_and_keeps_the_text(text: str, day: date) -> None:
    found = annotate(text, day)
    rest = iter(found)
    assert all(letter in rest for letter in text)  # a subsequence
    if "(" not in text:
        assert re.sub(r" \([^()]*\)", "", found) == text


def test_days_in_words() -> None:
    assert long_date(date(2025, 3, 5)) == "March 5, 2025"
    assert full_date(FRIDAY) == "Friday, March 14, 2025"
    assert day_of("2025-03-14T23:30:00+00:00") == FRIDAY
    assert day_of(None) is None is day_of("")


@pytest.mark.parametrize(
    ("phrase", "meant"),
    [
        ("Wednesday of next week", "March 19, 2025"),
        ("next week on Monday", "March 17, 2025"),
        ("Friday last week", "March 7, 2025"),
        ("in a fortnight", "March 28, 2025"),
    ],
)
def test_a_day_of_another_week(phrase: str, meant: str) -> None:
    assert annotate(phrase, FRIDAY) == f"{phrase} ({meant})"
