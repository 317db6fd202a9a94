"""The one clock. Everything that asks the time asks here, so that tests and the demo can set it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

_frozen: ContextVar[datetime | None] = ContextVar("frozen", default=None)
_zone: ContextVar[str] = ContextVar("zone", default="Asia/Shanghai")
_company = ZoneInfo("Asia/Shanghai")


def now() -> datetime:
    """The present moment in UTC."""
    return _frozen.get() or datetime.now(UTC)


def zone() -> ZoneInfo:
    """The zone in which the present user reads dates."""
    return ZoneInfo(_zone.get())


def use_zone(name: str) -> None:
    """Set the zone of the present user (request, job or command)."""
    _zone.set(name)


def today() -> date:
    """The present day in the user's zone."""
    return now().astimezone(zone()).date()


def local(moment: datetime) -> datetime:
    """A stored moment as the user's wall clock shows it."""
    return moment.astimezone(zone())


def at_noon(day: date) -> datetime:
    """A day whose time nobody stated, as a moment: noon in the user's zone."""
    return datetime.combine(day, time(12), zone()).astimezone(UTC)


def day_ends(day: date) -> datetime:
    """The moment at which a day of the user's is over."""
    return datetime.combine(day + timedelta(days=1), time(), zone()).astimezone(UTC)


def day_begins(day: date) -> datetime:
    """The moment at which a day of the user's begins."""
    return datetime.combine(day, time(), zone()).astimezone(UTC)


def days_ago(days: int) -> datetime:
    """The moment so many days before now."""
    return now() - timedelta(days=days)


def stored_day(text: str) -> date:
    """The user's day of a moment that came from the database as text (UTC)."""
    return _day_in(text, _zone.get())


@lru_cache(maxsize=4096)  # a page asks of each record of a project, and its records are asked again and again
def _day_in(text: str, zone_name: str) -> date:
    return _stored(text).astimezone(ZoneInfo(zone_name)).date()


def _stored(text: str) -> datetime:
    moment = datetime.fromisoformat(text)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment


def keep_days_of(zone_name: str) -> None:
    """Say in which zone the company's own days begin, whoever looks at them from wherever."""
    global _company
    _company = ZoneInfo(zone_name)


def company_day(moment: datetime | str) -> date:
    """The company's day of a moment; as text it came from the database (UTC)."""
    return (_stored(moment) if isinstance(moment, str) else moment).astimezone(_company).date()


@contextmanager
def frozen(moment: datetime) -> Iterator[None]:
    """Inside, the clock stands still at `moment`."""
    token = _frozen.set(moment.astimezone(UTC))
    try:
        yield
    finally:
        _frozen.reset(token)
