"""How values read in each language: money, areas, days, moments, names from the definition."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask, g

from tests.client import Browser
from tracker import clock, filters
from workflows.loading import load_standard

TODAY = date(2026, 3, 16)


@pytest.fixture
def say(app: Flask) -> Callable[..., str]:
    """Calls a filter as a page in `lang` does."""

    def said(lang: str, filter_: Callable[..., Any], *values: Any) -> str:
        with app.test_request_context(f"/?lang={lang}"):
            for name in list(g):
                g.pop(name)
            return str(filter_(*values))

    return said


@pytest.mark.parametrize(
    ("amount", "zh", "en"),
    [
        (None, "–", "–"),
        (0, "¥0", "¥0"),
        (950, "¥950", "¥950"),
        (Decimal("1234.56"), "¥1,235", "¥1.2k"),
        (9_999, "¥9,999", "¥10k"),
        (10_000, "¥1万", "¥10k"),
        (128_000, "¥12.8万", "¥128k"),
        (12_800_000, "¥1,280万", "¥12.8M"),
        (128_000_000, "¥1.3亿", "¥128M"),
        (2_500_000_000, "¥25亿", "¥2.5B"),
        (-50_000, "¥-5万", "¥-50k"),
    ],
)
def test_money_is_short_in_the_units_of_each_language(say: Any, amount: Any, zh: str, en: str) -> None:
    assert (say("zh", filters.money, amount), say("en", filters.money, amount)) == (zh, en)


@pytest.mark.parametrize(
    ("amount", "zh", "en"), [(999_999, "¥100万", "¥1M"), (99_999_999, "¥1亿", "¥100M"), (999_950_000, "¥10亿", "¥1B")]
)
def test_money_is_rounded_into_the_next_unit_where_it_reaches_it(say: Any, amount: int, zh: str, en: str) -> None:
    assert (say("zh", filters.money, amount), say("en", filters.money, amount)) == (zh, en)


def test_money_names_its_currency(say: Any) -> None:
    assert say("en", filters.money, 2_000_000, "USD") == "$2M"
    assert say("zh", filters.money, 2_000_000, "EUR") == "€200万"
    assert say("en", filters.money, 5, "CHF") == "CHF 5"
    assert say("en", filters.money_exact, Decimal("1234567.8"), "GBP") == "£1,234,567.80"
    assert say("en", filters.money_exact, None) == "–"


def test_figures_have_separators(say: Any) -> None:
    assert say("en", filters.number, 21_881) == "21,881"
    assert say("en", filters.number, None) == "–"
    assert say("en", filters.area, Decimal("21464.4")) == "21,464 m²"
    assert say("en", filters.area, None) == "–"


@pytest.mark.parametrize(
    ("on", "zh", "en"),
    [
        (date(2026, 3, 5), "3月5日", "5 Mar"),
        (date(2025, 12, 31), "2025年12月31日", "31 Dec 2025"),
        (None, "–", "–"),
    ],
)
def test_a_day_leaves_this_year_out(say: Any, on: date | None, zh: str, en: str) -> None:
    assert (say("zh", filters.day, on), say("en", filters.day, on)) == (zh, en)


def test_a_moment_is_shown_as_the_reader_s_wall_clock_shows_it(say: Any) -> None:
    late = datetime(2026, 3, 15, 17, 30, tzinfo=UTC)  # after midnight in Shanghai
    assert say("en", filters.moment, late) == "16 Mar 01:30"
    assert say("zh", filters.moment, late) == "3月16日 01:30"
    assert say("en", filters.day, late) == "16 Mar"
    assert say("en", filters.moment, None) == "–"
    with clock.frozen(datetime(2026, 3, 16, 4, 0, tzinfo=UTC)):
        clock.use_zone("America/Chicago")
        try:
            assert say("en", filters.moment, late) == "15 Mar 12:30"
        finally:
            clock.use_zone("Asia/Shanghai")


@pytest.mark.parametrize(
    ("days", "en"),
    [
        (0, "today"),
        (1, "yesterday"),
        (-1, "tomorrow"),
        (2, "2 days ago"),
        (30, "30 days ago"),
        (31, "13 Feb"),
        (-2, "in 2 days"),
        (-30, "in 30 days"),
        (-31, "16 Apr"),
        (400, "9 Feb 2025"),
    ],
)
def test_near_days_are_told_by_distance_and_the_exact_day_is_in_the_title(say: Any, days: int, en: str) -> None:
    on = TODAY - timedelta(days=days)
    shown = say("en", filters.ago, on)
    assert shown == f'<time datetime="{on.isoformat()}" title="{on.isoformat()}">{en}</time>'
    chinese = say("zh", filters.ago, on)
    assert chinese.startswith(f'<time datetime="{on.isoformat()}"') and en not in chinese


def test_a_moment_near_midnight_is_of_the_reader_s_day(say: Any) -> None:
    assert ">today<" in say("en", filters.ago, datetime(2026, 3, 15, 16, 0, tzinfo=UTC))
    assert ">yesterday<" in say("en", filters.ago, datetime(2026, 3, 15, 15, 59, tzinfo=UTC))
    assert say("en", filters.ago, None) == "–"


def test_bilingual_names_are_said_in_the_reader_s_language(say: Any) -> None:
    phase = load_standard().phase("map").name
    assert (say("zh", filters.said, phase), say("en", filters.said, phase)) == (phase.zh, phase.en)
    assert say("en", filters.said, None) == ""


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_department_has_a_letter_of_its_own(say: Any, lang: str) -> None:
    departments = load_standard().departments
    letters = {say(lang, filters.dept_letter, department.key) for department in departments}
    assert len(letters) == len(departments) and "·" not in letters
    assert say(lang, filters.dept_letter, "kitchen") == "·"


def test_the_filters_are_known_to_templates(app: Flask, browser: Browser) -> None:
    for name in ("money", "money_exact", "area", "number", "day", "moment", "ago", "said", "dept_letter"):
        assert app.jinja_env.filters[name] is getattr(filters, name)
