"""Share of wallet: of what an account's firms buy of a category in a year, how much they buy from us.

What they buy is what is estimated of the firms (`parties.models.PartyEstimate`); an account keeps no
figures of its own.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.accounts.models import Account, AccountParty
from tracker.accounts.queries import figures
from tracker.parties.models import PartyEstimate
from tracker.parties.queries.families import Bought, bought
from tracker.parties.queries.figures import Values
from tracker.team.models import User

YEARS = 4  # shown side by side, this one last


@dataclass(frozen=True, slots=True)
class Slot:
    """One category in one year and currency: what is estimated that they buy (None: nothing is), and what is ours."""

    year: int
    ours: Decimal
    volume: Decimal | None

    @property
    def share(self) -> Decimal | None:
        """Our share in per cent; None without an estimate. Above a hundred the estimate is too low."""
        return 100 * self.ours / self.volume if self.volume else None


@dataclass(frozen=True, slots=True)
class WalletLine:
    """A category over the years, in one currency."""

    category: str
    currency: str
    slots: Sequence[Slot]

    @property
    def trend(self) -> Decimal | None:
        """Points won since the year before the last that is known; None where two years are not."""
        known = [slot.share for slot in self.slots if slot.share is not None]
        return known[-1] - known[-2] if len(known) > 1 else None


@dataclass(frozen=True, slots=True)
class Wallet:
    """The wallet of an account. `history`: what was estimated of its firms, the newest first."""

    years: Sequence[int]
    lines: Sequence[WalletLine]
    history: Sequence[PartyEstimate]

    @property
    def currencies(self) -> Sequence[str]:
        """The currencies of the lines, the yuan first."""
        return sorted({line.currency for line in self.lines}, key=lambda code: (code != "CNY", code))

    def total(self, year: int, currency: str = "CNY") -> tuple[Decimal, Decimal, Decimal]:
        """(ours, of it in estimated categories, what they are estimated to buy) in a year."""
        lines = [line for line in self.lines if line.currency == currency]
        slots = [slot for line in lines for slot in line.slots if slot.year == year]
        known = [slot for slot in slots if slot.volume is not None]
        volume = sum((slot.volume for slot in known if slot.volume), Decimal(0))
        return sum((s.ours for s in slots), Decimal(0)), sum((s.ours for s in known), Decimal(0)), volume

    def share(self, year: int, currency: str = "CNY") -> Decimal | None:
        """Our share of what is estimated, in per cent."""
        _ours, known, volume = self.total(year, currency)
        return 100 * known / volume if volume else None


def load_wallet(session: Session, by: User, account: Account, today: date) -> Wallet:
    """All categories of which something is estimated or ours, over the last years. Of a year that estimate counts which
    was the newest at its end: what nobody estimates anew stands."""
    firms = select(AccountParty.party_id).where(AccountParty.account_id == account.id)
    query = select(PartyEstimate).where(PartyEstimate.party_id.in_(firms))
    query = query.options(joinedload(PartyEstimate.by), joinedload(PartyEstimate.party))
    history = session.scalars(query.order_by(PartyEstimate.on.desc(), PartyEstimate.id.desc())).all()
    earned = figures.load_earned(session, by, [account.id])[account.id]
    years = range(today.year - YEARS + 1, today.year + 1)
    ours = {year: figures.by_category(earned, year) for year in years}
    volumes = {year: bought([one for one in history if one.on.year <= year], account.party_id) for year in years}
    return Wallet(list(years), [_line(pair, ours, volumes) for pair in sorted(_pairs(ours, volumes))], history)


Ours = dict[int, dict[str, Values]]


def _pairs(ours: Ours, volumes: dict[int, Bought]) -> set[tuple[str, str]]:
    won = {(category, code) for sums in ours.values() for category, values in sums.items() for code in values}
    return won | {(category, code) for sums in volumes.values() for category, values in sums.items() for code in values}


def _line(pair: tuple[str, str], ours: Ours, volumes: dict[int, Bought]) -> WalletLine:
    category, code = pair
    slots = [
        Slot(year, ours[year].get(category, {}).get(code, Decimal(0)), volumes[year].get(category, {}).get(code))
        for year in ours
    ]
    return WalletLine(category, code, slots)


def points_of(line: WalletLine, width: int = 120, height: int = 36) -> str:
    """The line of the shares for an SVG picture, the known years alone: `0,30 40,22 …`; '' for fewer than two."""
    step = width / max(1, len(line.slots) - 1)
    known = [(number, slot.share) for number, slot in enumerate(line.slots) if slot.share is not None]
    places = [
        f"{number * step:.1f},{height - float(min(share, Decimal(100))) / 100 * (height - 4) - 2:.1f}"
        for number, share in known
    ]
    return " ".join(places) if len(places) > 1 else ""
