"""On which day something that repeats comes next."""

from __future__ import annotations

from datetime import date

import pytest

from tracker.todos.repeating import following


@pytest.mark.parametrize(
    ("rule", "day", "after", "month_day", "expected"),
    [
        ("daily", date(2026, 3, 16), date(2026, 3, 15), None, date(2026, 3, 17)),
        ("daily", date(2026, 3, 1), date(2026, 3, 15), None, date(2026, 3, 16)),
        ("weekly", date(2026, 3, 2), date(2026, 3, 15), None, date(2026, 3, 16)),
        ("weekly", date(2026, 3, 20), date(2026, 3, 15), None, date(2026, 3, 27)),
        ("twoweeks", date(2026, 3, 2), date(2026, 3, 15), None, date(2026, 3, 16)),
        ("monthly", date(2026, 1, 31), date(2026, 2, 1), 31, date(2026, 2, 28)),
        ("monthly", date(2026, 2, 28), date(2026, 2, 28), 31, date(2026, 3, 31)),
        ("monthly", date(2025, 11, 30), date(2026, 3, 15), 30, date(2026, 3, 30)),
        ("yearly", date(2024, 2, 29), date(2024, 3, 1), 29, date(2025, 2, 28)),
        ("yearly", date(2027, 2, 28), date(2027, 2, 28), 29, date(2028, 2, 29)),
    ],
)
def test_the_next_day_of_a_rule(rule: str, day: date, after: date, month_day: int | None, expected: date) -> None:
    assert following(rule, day, after, month_day) == expected


def test_a_rule_that_nobody_knows_is_an_error() -> None:
    with pytest.raises(ValueError, match="no rule"):
        following("hourly", date(2026, 3, 16), date(2026, 3, 16))
