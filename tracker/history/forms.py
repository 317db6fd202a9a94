"""The day that an address asks for, and the slider that asks for one."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

NAMES = ("on", "at", "was")  # what the slider's form sends
MOST_DAYS = 400_000  # more make no day


@dataclass(frozen=True, slots=True)
class Slider:
    """Days to choose from: `first` to `today`, `day` chosen. `kept`: what the form must send along."""

    address: str
    first: date
    today: date
    day: date
    kept: Sequence[tuple[str, str]] = ()
    moved: str = ""  # `early` or `late`: another day was asked for, which there is not; `unclear`: no day at all

    @property
    def is_past(self) -> bool:
        """Whether another day than today is shown."""
        return self.day < self.today

    @property
    def days(self) -> int:
        """How many days lie between the first and today."""
        return (self.today - self.first).days

    @property
    def at(self) -> int:
        """How many days after the first the chosen one is."""
        return (self.day - self.first).days

    @property
    def month_before(self) -> date | None:
        """A month earlier, but not before the first day; None there."""
        return max(self.first, months_on(self.day, -1)) if self.day > self.first else None

    @property
    def month_after(self) -> date | None:
        """A month later, but not after today; None there."""
        return min(self.today, months_on(self.day, 1)) if self.day < self.today else None


def months_on(day: date, months: int) -> date:
    """The same day so many months on, or the last of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def read_slider(
    args: Mapping[str, str], address: str, first: date | None, today: date, kept: Sequence[tuple[str, str]] = ()
) -> Slider:
    """The slider as an address sets it.

    `on` is the day. A form without scripts sends the knob's place as well (`at`, days after the first) and the day the
    page had shown (`was`): the knob counts where the day was left as it was. Days outside are moved to the nearest.
    """
    first = min(first or today, today)
    asked = _asked(args, first)
    if asked is None:
        moved = "unclear" if args.get("on") or args.get("at") else ""
        return Slider(address, first, today, today, kept, moved)
    moved = "early" if asked < first else "late" if asked > today else ""
    return Slider(address, first, today, min(max(asked, first), today), kept, moved)


def _asked(args: Mapping[str, str], first: date) -> date | None:
    on, at = args.get("on", ""), args.get("at", "")
    if at and on in ("", args.get("was", "")):
        days = int(at) if at.isascii() and at.isdigit() and len(at) < 7 else MOST_DAYS
        return first + timedelta(days) if days < MOST_DAYS else None
    try:
        return date.fromisoformat(on) if len(on) == 10 else None
    except ValueError:
        return None
