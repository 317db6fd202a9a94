"""What belongs together: the firms of a group, and what a firm is called, is and holds."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from sqlalchemy import Date, String, cast, literal, null, select, union_all
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.parties.models import Party, PartyEstimate, PartyLicence, PartyName, PartyRole
from tracker.parties.queries.figures import Figures, Values
from tracker.team.models import User

DEEP = 20  # firms from the head of a group down; a circle would end here


class Member(NamedTuple):
    """A firm of a group; `depth`: how far below the firm asked for, 0 for itself, -1 for the one above."""

    id: int
    name: str
    kind: str
    depth: int


class Held(NamedTuple):
    """Another name (`name`), a further role (`role`) or a certificate (`licence`) of a firm."""

    what: str
    id: int
    kind: str
    text: str | None
    grade: str | None
    until: date | None


@dataclass(frozen=True, slots=True)
class Wallet:
    """Our share of what a firm buys of one category in a year: ours are the lines won in the last 365 days."""

    category: str
    volume: Decimal
    currency: str
    ours: Decimal
    estimates: Sequence[PartyEstimate]

    @property
    def share(self) -> float:
        """From 0; above 1 the estimate is too low."""
        return float(self.ours / self.volume)


def _below(party_id: int) -> Any:
    down = select(Party.id.label("id"), literal(0).label("depth")).where(Party.id == party_id).cte(recursive=True)
    standing = (Party.merged_into_id.is_(None), Party.withdrawn.is_(False), down.c.depth < DEEP)
    return down.union(select(Party.id, down.c.depth + 1).join(down, Party.parent_id == down.c.id).where(*standing))


def ids_below(session: Session, party_id: int) -> set[int]:
    """A firm and all firms below it in its group."""
    return set(session.scalars(select(_below(party_id).c.id)))


def load_family(session: Session, by: User, party: Party) -> Sequence[Member]:
    """The firm, what is below it in its group, and the one right above it."""
    below = _below(party.id)
    query = select(Party.id, Party.name, Party.kind, below.c.depth).join(below, below.c.id == Party.id)
    above = select(Party.id, Party.name, Party.kind, literal(-1)).where(Party.id == (party.parent_id or 0))
    rows = session.execute(union_all(query.where(visible(Party, by)), above.where(visible(Party, by))))
    best: dict[int, Member] = {}
    for row in sorted((Member(*row) for row in rows), key=lambda one: (one.depth, one.name)):
        best.setdefault(row.id, row)
    return list(best.values())


def load_held(session: Session, party: Party) -> Sequence[Held]:
    """What a firm is also called, also is, and what certificates it has, in one statement."""
    none, no_day = cast(null(), String), cast(null(), Date)
    name, role, licence = PartyName, PartyRole, PartyLicence
    rows: Any = session.execute(
        union_all(
            select(literal("name"), name.id, name.kind, name.name, none, no_day).where(name.party_id == party.id),
            select(literal("role"), role.id, role.role, none, none, no_day).where(role.party_id == party.id),
            select(literal("licence"), licence.id, licence.kind, licence.number, licence.grade, licence.valid_until)
            .where(licence.party_id == party.id),
        )
    )  # fmt: skip
    return sorted((Held(*row) for row in rows), key=lambda one: (one.what, one.id))


def list_estimates(session: Session, party: Party) -> Sequence[PartyEstimate]:
    """All that was ever estimated of a firm, the newest first."""
    query = select(PartyEstimate).where(PartyEstimate.party_id == party.id).options(joinedload(PartyEstimate.by))
    return session.scalars(query.order_by(PartyEstimate.on.desc(), PartyEstimate.id.desc())).all()


Bought = dict[str, Values]
"""What is bought in a year, by category and currency."""


def newest_of(estimates: Sequence[PartyEstimate], head_id: int) -> dict[str, list[PartyEstimate]]:
    """By category the estimates that count, of such as come the newest first: of the head of a group, since that speaks
    for the whole group, else the newest of each of its firms."""
    by_category: dict[str, dict[int, PartyEstimate]] = {}
    for one in estimates:
        by_category.setdefault(one.category, {}).setdefault(one.party_id, one)
    return {
        category: [by_firm[head_id]] if head_id in by_firm else list(by_firm.values())
        for category, by_firm in by_category.items()
    }


def bought(estimates: Sequence[PartyEstimate], head_id: int) -> Bought:
    """What the firms of a group buy, of estimates that come the newest first: the one place where it is added up."""
    found: Bought = {}
    for category, counting in newest_of(estimates, head_id).items():
        values = found.setdefault(category, {})
        for one in counting:
            values[one.currency] = values.get(one.currency, Decimal(0)) + one.volume
    return found


def load_wallet(session: Session, party: Party, ids: Sequence[int], figures: Figures) -> Sequence[Wallet]:
    """Our share by category, as estimated. A group's own estimate counts before the sum of its firms'."""
    query = select(PartyEstimate).where(PartyEstimate.party_id.in_(ids)).options(joinedload(PartyEstimate.by))
    rows = session.scalars(query.order_by(PartyEstimate.on.desc(), PartyEstimate.id.desc())).all()
    counting, found = newest_of(rows, party.id), []
    for category, values in bought(rows, party.id).items():
        own = [row for row in rows if row.category == category and row.party_id == party.id]
        for currency, volume in values.items():
            told = own or [one for one in counting[category] if one.currency == currency]
            found.append(Wallet(category, volume, currency, _ours(figures, category).get(currency, Decimal(0)), told))
    return sorted(found, key=lambda one: -one.volume)


def _ours(figures: Figures, category: str) -> Values:
    known = figures.categories.get(category)
    return known.recent_value if known else {}
