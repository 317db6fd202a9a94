"""How values read in each language: money, areas, days, moments, names from the definition."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any

from flask import Flask
from markupsafe import Markup, escape

from tracker import clock
from tracker.i18n import _, _n, lang
from tracker.templating import context, shown

SYMBOLS = {"CNY": "¥", "USD": "$", "EUR": "€", "GBP": "£"}
NOTHING = "–"
_LETTERS_ZH = {
    "sales": "销", "key_accounts": "客", "design_promo": "设", "technical": "技", "bidding": "标",
    "logistics": "运", "service": "服", "finance": "财", "marketing": "市", "dealer_mgmt": "商",
}  # fmt: skip
_LETTERS_EN = {
    "sales": "S", "key_accounts": "K", "design_promo": "D", "technical": "T", "bidding": "B",
    "logistics": "L", "service": "A", "finance": "F", "marketing": "M", "dealer_mgmt": "R",
}  # fmt: skip


def _units(*sizes: tuple[int, str]) -> list[tuple[Decimal, Decimal, str]]:
    """From what on a unit is used (what the unit below would round up to a whole one of it), its size and its word."""
    below = [10**power for power, _word in sizes[1:]] + [1]
    return [(Decimal(10**power) - Decimal(less) / 2, Decimal(10**power), word)
            for (power, word), less in zip(sizes, below, strict=True)]  # fmt: skip


_UNITS = {"zh": _units((8, "亿"), (4, "万")), "en": _units((9, "B"), (6, "M"), (3, "k"))}


def money(amount: Decimal | int | float | None, currency: str = "CNY") -> str:
    """`¥1,280万` in Chinese, `¥12.8M` in English; small amounts in full."""
    if amount is None:
        return NOTHING
    value, symbol = Decimal(amount), SYMBOLS.get(currency, currency + " ")
    for least, size, word in _UNITS[lang()]:
        if abs(value) >= least:
            return f"{symbol}{_short(value / size)}{word}"
    return f"{symbol}{value:,.0f}"


def _short(value: Decimal) -> str:
    text = f"{value:,.0f}" if abs(value) >= 100 else f"{value:,.1f}"
    return text.removesuffix(".0")


def money_exact(amount: Decimal | None, currency: str = "CNY") -> str:
    """The amount with thousands separators and two decimals."""
    return NOTHING if amount is None else f"{SYMBOLS.get(currency, currency + ' ')}{amount:,.2f}"


def area(square_metres: Decimal | float | None) -> str:
    """`21,464 m²`."""
    return NOTHING if square_metres is None else f"{square_metres:,.0f} m²"


def points(value: Decimal | float, signed: bool = False) -> str:
    """Points of a hundred: `76`, `73.5`; `+3` or `-3` as a difference."""
    return f"{value:+.1f}".removesuffix(".0") if signed else f"{value:.1f}".removesuffix(".0")


def number(value: float | int | None) -> str:
    """A figure with thousands separators."""
    return NOTHING if value is None else f"{value:,}"


def quantity(value: Decimal | str | None) -> str:
    """A quantity with thousands separators and as many decimals as it has."""
    return NOTHING if value is None else f"{Decimal(value).normalize():,f}"


def day(value: date | datetime | None) -> str:
    """`2026年3月5日` or `5 Mar 2026`; the year is left out within this year."""
    if value is None:
        return NOTHING
    if isinstance(value, datetime):
        value = clock.local(value).date()
    same_year = value.year == clock.today().year
    if lang() == "zh":
        return f"{value.month}月{value.day}日" if same_year else f"{value.year}年{value.month}月{value.day}日"
    months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    text = f"{value.day} {months[value.month - 1]}"
    return text if same_year else f"{text} {value.year}"


def moment(value: datetime | None) -> str:
    """Day and wall-clock time in the user's zone."""
    return NOTHING if value is None else f"{day(value)} {clock.local(value):%H:%M}"


def ago(value: date | datetime | None) -> Markup | str:
    """`today`, `yesterday`, `3 days ago`, `in 5 days`; farther off, the day. The exact date is in the title."""
    if value is None:
        return NOTHING
    on = clock.local(value).date() if isinstance(value, datetime) else value
    return _ago(on, _today(), lang())


def _today() -> date:
    """The present day: in a request the day on which it began."""
    try:
        return context().g.today
    except (AttributeError, LookupError):
        return clock.today()


@lru_cache(maxsize=4096)
def _ago(on: date, today: date, _language: str) -> Markup:
    exact, near = on.isoformat(), escape(_near((today - on).days, on))
    return Markup(f'<time datetime="{exact}" title="{exact}">{near}</time>')  # noqa: S704  escaped above


def _near(days: int, on: date) -> str:
    if days == 0:
        return _("today")
    if days == 1:
        return _("yesterday")
    if days == -1:
        return _("tomorrow")
    if 1 < days <= 30:
        return _n("%(num)d day ago", "%(num)d days ago", days)
    if -30 <= days < -1:
        return _n("in %(num)d day", "in %(num)d days", -days)
    return day(on)


def said(text: Any) -> str:
    """A bilingual text of the definition (`workflows.definition.Text`) in the reader's language."""
    return "" if text is None else str(text.get(lang()))


def named(things: Iterable[Any], key: str = "key") -> list[tuple[str, str]]:
    """Things of the definition as (key, name) pairs."""
    language = lang()
    return [(getattr(thing, key), str(thing.name.get(language))) for thing in things]


def as_options(pairs: Iterable[tuple[Any, Any]], chosen: Any = None, user_text: bool = False) -> Markup:
    """The options of a select, from (value, text) pairs: long lists take the template's time otherwise."""
    return Markup(_options(tuple(pairs), chosen, user_text))  # noqa: S704  escaped there


@lru_cache(maxsize=256)
def _options(pairs: tuple[tuple[Any, Any], ...], chosen: Any, user_text: bool) -> str:
    mark = " data-user-text" if user_text else ""
    return "".join(
        f'<option value="{shown(key)}"{mark}{" selected" if key == chosen else ""}>{shown(text)}</option>'
        for key, text in pairs
    )


def dept_letter(key: str) -> str:
    """The one letter or character by which the matrix marks a department."""
    return (_LETTERS_ZH if lang() == "zh" else _LETTERS_EN).get(key, "·")


def init_app(app: Flask) -> None:
    """Make the filters known to templates."""
    for filter_ in (
        money,
        money_exact,
        points,
        area,
        number,
        quantity,
        day,
        moment,
        ago,
        said,
        named,
        as_options,
        dept_letter,
    ):
        app.jinja_env.filters[filter_.__name__] = filter_
