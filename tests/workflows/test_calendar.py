"""Working days: weekends, public holidays, and the weekend days worked in exchange."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.workflows.facts import day
from workflows.calendar import add_working_days, first_day_past, is_working, working_days_between
from workflows.errors import DefinitionError
from workflows.holidays import load_china, load_holidays

CHINA = load_china()
DAYS = st.dates(date(2024, 1, 1), date(2030, 12, 31))

LIMITS = [
    # from, working days, kept through
    ("2025-11-17", 3, "2025-11-20"),  # story C: the ruling of a conflict
    ("2025-11-20", 3, "2025-11-25"),  # over a weekend
    ("2025-09-29", 3, "2025-10-10"),  # over the Golden Week
    ("2025-10-10", 1, "2025-10-11"),  # a Saturday that is worked
    ("2026-02-13", 2, "2026-02-24"),  # a worked Saturday, then the Spring Festival
    ("2026-05-08", 1, "2026-05-09"),
    ("2026-09-30", 1, "2026-10-08"),
    ("2024-02-09", 1, "2024-02-18"),
    ("2025-11-17", 0, "2025-11-17"),
]


@pytest.mark.parametrize(("start", "number", "last"), LIMITS)
def test_working_days_are_counted_over_weekends_holidays_and_worked_weekends(
    start: str, number: int, last: str
) -> None:
    assert add_working_days(day(start), number, CHINA) == day(last)
    assert working_days_between(day(start), day(last), CHINA) == number


def test_a_limit_is_kept_through_its_last_day_and_fires_the_day_after() -> None:
    assert first_day_past(day("2026-03-01"), 7) == day("2026-03-09")


def test_without_holidays_only_weekends_are_off() -> None:
    assert add_working_days(day("2025-09-30"), 3) == day("2025-10-03")
    assert not is_working(day("2025-10-04"))


def test_the_published_year_2026_holds_what_the_state_council_published() -> None:
    free = [one for one in CHINA.free if one.year == 2026]
    assert len(free) == 33
    assert sorted(one for one in CHINA.worked if one.year == 2026) == [
        day(text) for text in ("2026-01-04", "2026-02-14", "2026-02-28", "2026-05-09", "2026-09-20", "2026-10-10")
    ]
    assert CHINA.basis(2026) == "published"


def test_a_year_that_is_not_published_says_that_it_is_an_estimate_and_works_no_weekend() -> None:
    assert CHINA.basis(2028) == "estimate"
    assert [one for one in CHINA.worked if one.year > 2026] == []
    assert not is_working(day("2028-01-26"), CHINA)
    assert CHINA.basis(2044) == "weekends"


@given(DAYS, st.integers(0, 60))
def test_adding_working_days_ends_on_one_and_counts_back_to_their_number(start: date, number: int) -> None:
    last = add_working_days(start, number, CHINA)
    assert working_days_between(start, last, CHINA) == number
    assert working_days_between(last, start, CHINA) == -number
    assert number == 0 or is_working(last, CHINA)


@given(DAYS, st.integers(0, 400), st.integers(0, 400))
def test_working_days_of_two_stretches_add_up(start: date, first: int, second: int) -> None:
    middle, end = start + timedelta(days=first), start + timedelta(days=first + second)
    together = working_days_between(start, middle, CHINA) + working_days_between(middle, end, CHINA)
    assert together == working_days_between(start, end, CHINA)


def test_a_negative_number_of_working_days_is_refused() -> None:
    with pytest.raises(ValueError, match="-1 working days"):
        add_working_days(day("2026-03-16"), -1)


BROKEN = """
country: CN
note_zh: "说明"
note_en: "Note"
years:
  - year: 2031
    basis: guessed
    source: nobody
    holidays:
      - {key: new_year, zh: "元旦", en: "", from: 2031-01-03, to: 2031-01-01, worked: [2031-01-06, soon]}
      - {key: spring, zh: "春节", en: "Spring", from: 2030-12-31, till: 2031-01-02}
  - year: 2031
    basis: estimate
    source: ours
    holidays: []
  - year: 2031
    basis: estimate
    source: ours
    holidays:
      - {key: labour, zh: "劳动节", en: "Labour Day", from: 2031-05-03, to: 2031-05-03, worked: [2031-05-03]}
"""


def test_a_broken_file_of_holidays_is_refused_with_all_its_faults_at_once() -> None:
    with pytest.raises(DefinitionError) as refused:
        load_holidays(BROKEN)
    told = "\n".join(str(fault) for fault in refused.value.faults)
    for what in (
        "basis: must be one of published, estimate, not 'guessed'",
        "en: the sentence is missing in this language",
        "runs backwards: 2031-01-03 to 2031-01-01",
        "2031-01-06 is no Saturday or Sunday",
        "must be a day such as 2031-10-01, not 'soon'",
        "2030-12-31 is not in 2031",
        "holidays[spring].to: is missing",
        "till: unknown key",
        "years[2031].year: comes twice",
        "2031-05-03 is both off and worked",
    ):
        assert what in told


def test_what_is_no_yaml_is_refused_with_its_place() -> None:
    with pytest.raises(DefinitionError, match="is not YAML"):
        load_holidays("country: [\n")
