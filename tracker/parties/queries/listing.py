"""Lists of firms: by name, by what was won or is open with them, by how long the valuable ones were left alone.

Values come from the tally; what the user sees beyond what his scope covers is counted from its projects.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Date,
    Integer,
    Select,
    String,
    bindparam,
    exists,
    false,
    func,
    or_,
    select,
    union,
    union_all,
)
from sqlalchemy.orm import Session

from tracker import clock
from tracker.access import covered, sight, visible, ways_beyond
from tracker.database import Money
from tracker.paging import FARTHEST, SIZE, Page
from tracker.parties.models import Contact, Party, PartyRole, PartyTally
from tracker.parties.queries.figures import PARTIES, Values, last_contacts
from tracker.parties.tallying import COUNTED, firms_projects, worth
from tracker.projects.models import Project, ProjectContact, ProjectParty
from tracker.remembering import remembered
from tracker.search.indexing import Wanted, holds_wanted, looks_like, pattern_of
from tracker.search.words import wanted_of
from tracker.team.models import User

SORTS = ("name", "won", "open", "neglected")
NEGLECTED_AFTER = timedelta(days=60)
VALUABLE = 500  # the firms of most value among which those left alone are looked for
CURRENCY = "CNY"
RANKS = {"won": "won_value", "open": "open_value", "neglected": "value"}
"""By which column of the tally an order ranks."""
MOST = 1_000_000  # rows of a list that goes out whole


@dataclass(frozen=True, slots=True)
class PartyFilters:
    """What a list of firms is narrowed by, and its order. Values are compared in one currency."""

    q: str = ""
    kind: str = ""
    sort: str = "name"
    currency: str = CURRENCY

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of the conditions that this makes."""
        words = () if not self.q else ("q",) if wanted_of(self.q) else ("q_signs",)
        return (*words, *(("kind",) if self.kind else ()))

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of the conditions, the currency and the day since when a firm counts as met."""
        words = {"q": wanted_of(self.q), "q_signs": pattern_of(self.q)}
        found = {"kind": self.kind, **{key: text for key, text in words.items() if key in self.asked}}
        return {**found, "currency": self.currency, "lately": clock.today() - NEGLECTED_AFTER}


@dataclass(slots=True)
class Worth:
    """What a list shows of a firm's business: how many projects, what is open and what was won by currency."""

    projects: int = 0
    open: int = 0
    won: int = 0
    lost: int = 0
    open_value: Values | Any = None
    won_value: Values | Any = None
    last_contact: date | None = None


def parties_asked(by: User, filters: PartyFilters) -> Select[Any]:
    """The statement for a list of firms, whole and in its order."""
    statement: Select[Any] = _asked(filters.asked, filters.sort, True, by).params(
        **filters.values, reach=VALUABLE if filters.sort == "neglected" else MOST
    )
    return statement


@remembered(sight)
def _asked(asked: tuple[str, ...], sort: str, whole: bool, by: User) -> Any:
    """The same, put together once for all values; of its first rows `reach` are wanted, or the `whole`."""
    conditions = [visible(Party, by), *(CONDITIONS[name] for name in asked)]
    query = select(Party).where(*conditions)
    if sort not in RANKS:
        return query.order_by(Party.name, Party.id)
    rank = RANKS[sort]
    value = _values(rank, conditions, whole and sort != "neglected", by)
    if sort != "neglected":
        query = query.join(value, value.c.party_id == Party.id).where(value.c[rank] > 0)
        return query.order_by(value.c[rank].desc(), Party.id.desc())
    most = select(value.c.party_id, value.c[rank]).order_by(value.c[rank].desc()).limit(VALUABLE).subquery()
    query = query.join(most, most.c.party_id == Party.id).where(most.c[rank] > 0, ~_met_lately(by))
    return query.order_by(most.c[rank].desc(), Party.id.desc())


_STATED = exists().where(PartyRole.party_id == Party.id, PartyRole.role == bindparam("kind"))
_PLAYED = exists().where(ProjectParty.party_id == Party.id, ProjectParty.role == bindparam("kind"))
CONDITIONS: dict[str, ColumnElement[bool]] = {
    "q": holds_wanted(Party, bindparam("q", type_=Wanted())),
    "q_signs": looks_like(Party, bindparam("q_signs")),
    "kind": or_(Party.kind == bindparam("kind"), _STATED.correlate(Party), _PLAYED.correlate(Party)),
}
"""What filters ask of firms, with parameters."""


def _met_lately(by: User) -> ColumnElement[bool]:
    seen = exists().where(Project.id == ProjectContact.project_id, visible(Project, by)).correlate(ProjectContact)
    return (
        exists()
        .where(Contact.party_id == Party.id, ProjectContact.contact_id == Contact.id, visible(Contact, by))
        .where(ProjectContact.last_met_on >= bindparam("lately", type_=Date), seen)
        .correlate(Party)
    )


def values_of(by: User, filters: PartyFilters) -> Any:
    """What firms are worth of the projects that the user sees, in the currency of the list: a subquery by firm. Give
    the statement that it is a part of the parameters of `filters.values`."""
    return _values("value", (), True, by)


def _values(rank: str, conditions: Sequence[ColumnElement[bool]], whole: bool, by: User) -> Any:
    """The worth by firm: of all, or at least of those that come first by a rank and meet the conditions: the first ones
    of what the user's scope covers, and all of whom he sees more beyond that."""
    here, ways, currency = _tallied(by), ways_beyond(by), bindparam("currency", type_=String)
    kept = here.where(PartyTally.currency == currency) if here is not None else None
    if kept is not None and not whole:
        first = kept.join(Party, Party.id == PartyTally.party_id).where(*conditions)
        first = first.order_by(getattr(PartyTally, rank).desc(), PartyTally.party_id.desc())
        kept = first.limit(bindparam("reach", type_=Integer))
    if not ways:
        return (_nothing() if kept is None else kept).subquery()
    seen = union(*(select(Project.id).where(way) for way in ways)).subquery()
    beyond = _counted(ProjectParty.project_id.in_(select(seen.c.id))).where(Project.currency == currency)
    if here is None or kept is None:
        return beyond.subquery()
    more, first = beyond.cte(), kept.subquery()
    names = ("party_id", "currency", *COUNTED)
    of_more = here.where(PartyTally.currency == currency, PartyTally.party_id.in_(select(more.c.party_id)))
    rows = union_all(
        select(*(first.c[name] for name in names)).where(first.c.party_id.not_in(select(more.c.party_id))),
        select(*(more.c[name] for name in names)),
        of_more,
    ).subquery()
    return _summed(rows, rows.c.party_id).subquery()


def _tallied(by: User) -> Any | None:
    """The tallies of what the user's scope covers; None where it covers no team."""
    here = covered(by)
    if here is None:
        return None
    kept = select(PartyTally.party_id, PartyTally.currency, *(getattr(PartyTally, name) for name in COUNTED))
    return kept.where(PartyTally.team_id == here[0], PartyTally.below.is_(here[1]))


def _counted(*conditions: Any) -> Any:
    """Firms' projects that meet the conditions, counted."""
    pairs = firms_projects(*conditions)
    counted = select(pairs.c.party_id, Project.currency, *worth()).join(Project, Project.id == pairs.c.project_id)
    return counted.group_by(pairs.c.party_id, Project.currency)


def _nothing() -> Any:
    return select(PartyTally.party_id, *(getattr(PartyTally, name) for name in COUNTED)).where(false())


def _summed(rows: Any, *keys: Any) -> Select[Any]:
    sums = [func.sum(rows.c[name], type_=Money() if "value" in name else None).label(name) for name in COUNTED]
    return select(*keys, *sums).group_by(*keys)


def list_parties(session: Session, by: User, filters: PartyFilters, page: int = 1) -> Page[Party]:
    """A page of firms: ids first and rows by key after them, in the order of the list."""
    number = max(1, min(page, FARTHEST))
    reach = VALUABLE if filters.sort == "neglected" else number * SIZE + 1
    values = {**filters.values, "reach": reach, "skipped": (number - 1) * SIZE}
    ids = session.scalars(_page(filters.asked, filters.sort, by), values).all()
    shown = ids[:SIZE]
    rows = {row.id: row for row in session.scalars(_BY_ID, {"ids": list(shown)})} if shown else {}
    return Page([rows[key] for key in shown], number, len(ids) > SIZE)


@remembered(sight)
def _page(asked: tuple[str, ...], sort: str, by: User) -> Any:
    query = _asked(asked, sort, False, by).with_only_columns(Party.id, maintain_column_froms=True)
    return query.offset(bindparam("skipped", type_=Integer)).limit(SIZE + 1)


_BY_ID = select(Party).where(Party.id.in_(bindparam("ids", expanding=True)))


def load_worth(session: Session, by: User, parties: Sequence[Party]) -> dict[int, Worth]:
    """What a list shows of these firms' business, by firm."""
    ids = [party.id for party in parties]
    found = {key: Worth(open_value={}, won_value={}) for key in ids}
    if not ids:
        return found
    for party_id, currency, *counts, open_value, won_value, _value in session.execute(_worth_of(by), {"parties": ids}):
        one = found[party_id]
        for name, count in zip(COUNTED, counts, strict=False):
            setattr(one, name, getattr(one, name) + count)
        for values, value in ((one.open_value, open_value), (one.won_value, won_value)):
            if value:
                values[currency] = values.get(currency, Decimal(0)) + value
    for party_id, on in last_contacts(session, by, ids).items():
        found[party_id].last_contact = on
    return found


@remembered(sight)
def _worth_of(by: User) -> Any:
    """Firm, currency and counts of the firms `parties`: one row each of what is covered and of what lies beyond."""
    here, ways = _tallied(by), ways_beyond(by)
    parts = [] if here is None else [here.where(PartyTally.party_id.in_(PARTIES))]
    if ways:
        seen = exists().where(Project.id == ProjectParty.project_id, or_(*ways)).correlate(ProjectParty)
        parts.append(_counted(ProjectParty.party_id.in_(PARTIES), seen))
    return union_all(*parts) if parts else _nothing()
