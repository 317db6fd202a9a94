"""Reads about projects. The user comes first; what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from operator import itemgetter
from typing import Any, NamedTuple

from sqlalchemy import ColumnElement, Date, bindparam, exists, func, literal, select, union_all
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker import clock
from tracker.access import is_dealer, sight, visible, ways_to_projects
from tracker.accounts.models import Account, AccountParty
from tracker.errors import NotFound
from tracker.gallery.models import Photo
from tracker.history.outside import OFF_CORRIDOR
from tracker.matrix.models import LifecycleChange
from tracker.paging import Order, Page, Piece, amount, ordered_page
from tracker.parties.models import Contact, Party
from tracker.projects.models import Building, CategoryLine, Project, ProjectContact, ProjectMember, ProjectParty
from tracker.remembering import remembered
from tracker.search.indexing import Wanted, holds_wanted, looks_like, pattern_of
from tracker.search.words import wanted_of
from tracker.team.models import Region, Team, User

ORDERS = {
    "name": Order(Project.id, Project.name, str),
    "value": Order(Project.id, Project.value, amount, descending=True),
    "recent": Order(Project.id, Project.last_record_on, date.fromisoformat, descending=True),
    "due": Order(Project.id, Project.next_due_on, date.fromisoformat),
    "new": Order(Project.id, Project.id, int, descending=True),
    "quiet": Order(Project.id, Project.silent_after, date.fromisoformat),
}
LIVE = ("active", "on_hold_arbitration", "suspended", "won")


@dataclass(frozen=True, slots=True)
class Filters:
    """What lists and the board can be narrowed by; empty values do not count. `today` decides what is stalled."""

    today: date
    q: str = ""
    owner: int | None = None
    team: int | None = None
    region: int | None = None
    category: str = ""
    developer: int | None = None
    developer_name: str = ""
    dealer: int | None = None
    account: int | None = None
    source: str = ""
    stalled: bool = False
    flag: str = ""  # `off_corridor`: the building has outrun our phase
    state: str = ""
    phase: str = ""
    step: str = ""

    @property
    def narrow(self) -> bool:
        """Whether a filter of the form is set."""
        named = (
            self.q,
            self.owner,
            self.team,
            self.region,
            self.category,
            self.developer_name,
            self.dealer,
            self.account,
            self.source,
        )
        return self.stalled or bool(self.flag) or any(named)

    @property
    def order(self) -> str:
        """The order of a list where none is asked for: what was searched for or went quiet has one of its own."""
        return "new" if self.q else "quiet" if self.stalled else "recent"

    @property
    def asked(self) -> tuple[str, ...]:
        """The names of the conditions this makes; by default the lost and closed are left out, `all` brings them in."""
        found = [name for name in EQUAL if getattr(self, name) and self.state_counts(name)]
        found += [] if self.state else ["live"]
        for name in ("q", "developer_name"):
            if text := getattr(self, name):
                found.append(name if wanted_of(text) else f"{name}_signs")
        return (*found, *(["stalled"] if self.stalled else []), *([self.flag] if self.flag in FLAGS else []))

    def state_counts(self, name: str) -> bool:
        """Whether a filter of this name narrows; the state `all` does not."""
        return name != "state" or self.state != "all"

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of the conditions."""
        found = {name: value for name in EQUAL if (value := getattr(self, name))}
        for name in ("q", "developer_name"):
            if text := getattr(self, name):
                found |= {name: wanted_of(text), f"{name}_signs": pattern_of(text)}
        return {**found, "today": self.today}


FLAGS = ("off_corridor",)
OURS = frozenset(("owner", "team", "region", "account", "source", "stalled", *FLAGS))  # no dealer may ask by these
EQUAL = ("owner", "team", "region", "category", "developer", "dealer", "account", "source", "state", "phase", "step")
_OF_CATEGORY = exists().where(CategoryLine.project_id == Project.id, CategoryLine.category == bindparam("category"))
_OF_ACCOUNT = (
    select(ProjectParty.project_id)
    .join(AccountParty, AccountParty.party_id == ProjectParty.party_id)
    .where(AccountParty.account_id == bindparam("account"))
)
_FIRM_WANTED = bindparam("developer_name", type_=Wanted())
CONDITIONS: dict[str, ColumnElement[bool]] = {
    "off_corridor": OFF_CORRIDOR,
    "owner": Project.owner_id == bindparam("owner"),
    "team": Project.team_id == bindparam("team"),
    "region": Project.region_id == bindparam("region"),
    "category": _OF_CATEGORY.correlate(Project),
    "developer": Project.developer_id == bindparam("developer"),
    "dealer": Project.dealer_id == bindparam("dealer"),
    "account": Project.id.in_(_OF_ACCOUNT),
    "source": Project.source == bindparam("source"),
    "state": Project.state == bindparam("state"),
    "phase": Project.phase == bindparam("phase"),
    "step": Project.step == bindparam("step"),
    "live": Project.state.in_(LIVE),
    "q": holds_wanted(Project, bindparam("q", type_=Wanted())),
    "q_signs": looks_like(Project, bindparam("q_signs")),
    "developer_name": Project.developer_id.in_(select(Party.id).where(holds_wanted(Party, _FIRM_WANTED))),
    "developer_name_signs": Project.developer_id.in_(
        select(Party.id).where(looks_like(Party, bindparam("developer_name_signs")))
    ),
    "stalled": Project.silent_after < bindparam("today"),
}
"""What filters ask of projects, with parameters, so that a statement is put together once for all values."""


class Named(NamedTuple):
    """A person or firm as a list shows it."""

    id: int
    name: str


class Listed(NamedTuple):
    """A project as a list shows it."""

    owner: Named | None
    developer: Named | None
    id: int
    name: str
    address: str | None
    phase: str
    step: str
    state: str
    value: Decimal
    currency: str
    last_record_on: date | None
    next_due_on: date | None
    silent_after: date | None
    open_tasks: int


_LISTED = tuple(getattr(Project, name) for name in Listed._fields if name not in ("owner", "developer"))
_SHOWN = (
    select(User.id.label("owner"), User.name.label("owner_name"))
    .add_columns(Party.id.label("developer"), Party.name.label("developer_name"), *_LISTED)
    .select_from(Project)
    .outerjoin(User, User.id == Project.owner_id)
    .outerjoin(Party, Party.id == Project.developer_id)
)


def list_projects(
    session: Session, by: User, filters: Filters, sort: str = "", page: int = 1, mark: str = ""
) -> Page[Listed]:
    """A page of projects; it begins after the row that `mark` names, if given."""
    order = ORDERS.get(sort) or ORDERS[filters.order]
    asked = filters.asked

    def ask(piece: Piece) -> Any:
        return _list(piece, asked, by)

    return ordered_page(session, ask, filters.values, _listed, order, number=page, mark=mark)


@remembered(sight)
def _list(piece: Piece, asked: tuple[str, ...], by: User) -> Any:
    return piece.of(_SHOWN, narrowed(asked, by))


def narrowed(asked: tuple[str, ...], by: User) -> list[ColumnElement[bool]]:
    """What the rows of a list must meet: the user sees them, and the conditions of these names hold."""
    names = [name for name in asked if name not in OURS] if is_dealer(by) else asked
    return [visible(Project, by), *(CONDITIONS[name] for name in names)]


def list_pressing(session: Session, by: User, day: Any, until: date, most: int) -> Sequence[Listed]:
    """The active projects whose `day` (a column) lies furthest back, none later than `until`.

    Each way in which the user sees projects gives its first ones, in the order of an index; these are few.
    """
    return [_listed(row) for row in session.execute(_pressing(day, most, by), {"until": until})]


@remembered(sight)
def _pressing(day: Any, most: int, by: User) -> Any:
    pressing = [Project.state == "active", day <= bindparam("until", type_=Date)]
    ways = [
        select(Project.id).where(way, *pressing).order_by(day, Project.id).limit(most).subquery()
        for way in ways_to_projects(by)
    ]
    first = union_all(*(select(way.c.id) for way in ways))
    return _SHOWN.add_columns(day).where(Project.id.in_(first)).order_by(day, Project.id).limit(most)


def _listed(row: Any) -> Listed:
    owner, owner_name, developer, developer_name, *plain, _place = row
    return Listed(
        Named(owner, owner_name) if owner else None, Named(developer, developer_name) if developer else None, *plain
    )


def get_project(session: Session, by: User, project_id: int) -> Project:
    """One project with what `access.can` needs (team, members) and the people who answer for it, or NotFound."""
    found: Project | None = session.scalar(_one_project(by), {"project": project_id})
    if found is None:
        raise NotFound
    return found


@remembered(sight)
def _one_project(by: User) -> Any:
    members = joinedload(Project.members).joinedload(ProjectMember.user)
    query = select(Project).where(Project.id == bindparam("project"), visible(Project, by))
    return query.options(joinedload(Project.team), joinedload(Project.owner), members)


def load_project(session: Session, by: User, project_id: int) -> Project:
    """One project with everything its page shows: buildings, categories, parties, contacts, team; or NotFound."""
    found = session.scalar(
        select(Project)
        .where(Project.id == project_id, visible(Project, by))
        .options(
            joinedload(Project.team),
            joinedload(Project.owner),
            joinedload(Project.region),
            joinedload(Project.developer),
            joinedload(Project.dealer),
            selectinload(Project.buildings),
            selectinload(Project.categories),
            selectinload(Project.parties).joinedload(ProjectParty.party),
            selectinload(Project.contacts).joinedload(ProjectContact.contact).joinedload(Contact.party),
            selectinload(Project.members).joinedload(ProjectMember.user),
            selectinload(Project.names),
        )
    )
    if found is None:
        raise NotFound
    return found


def list_lifecycle(session: Session, by: User, project: Project) -> Sequence[LifecycleChange]:
    """What became of a project and of its lines, the newest first, with who decided; nothing of it for a dealer."""
    if is_dealer(by):
        return ()
    query = select(LifecycleChange).where(LifecycleChange.project_id == project.id)
    return session.scalars(query.order_by(LifecycleChange.id.desc()).options(joinedload(LifecycleChange.by))).all()


def newest_proof_on(session: Session, project: Project) -> date | None:
    """The user's day of the project's newest picture whose date is its own, not only stated."""
    query = select(func.max(Photo.taken_at)).where(
        Photo.project_id == project.id, Photo.taken_from.in_(("exif", "browser"))
    )
    taken = session.scalar(query)
    return clock.local(taken).date() if taken else None


def list_nearest(
    session: Session, by: User, latitude: float, longitude: float, limit: int = 10
) -> Sequence[tuple[Project, float]]:
    """The live projects nearest to a place (WGS-84 degrees) with their distance in metres, within some 20 km."""
    from tracker.matching.distance import metres

    box = 0.2
    rows = session.scalars(
        select(Project)
        .where(
            visible(Project, by),
            Project.state.in_(LIVE),
            Project.latitude.between(latitude - box, latitude + box),
            Project.longitude.between(longitude - box, longitude + box),
        )
        .order_by(func.abs(Project.latitude - latitude) + func.abs(Project.longitude - longitude))
        .limit(limit * 3)
    ).all()
    far = [(row, metres(latitude, longitude, row.latitude or 0, row.longitude or 0)) for row in rows]
    return sorted(far, key=lambda pair: pair[1])[:limit]


def list_recent(session: Session, by: User, limit: int = 10) -> Sequence[Project]:
    """The live projects on which the user logged last, then the newest that he sees."""
    from tracker.matrix.models import Record

    mine = (
        select(Record.project_id, func.max(Record.id).label("newest"))
        .where(Record.author_id == by.id, Record.project_id.is_not(None))
        .group_by(Record.project_id)
        .order_by(func.max(Record.id).desc())
        .limit(limit)
        .subquery()
    )
    recent = session.scalars(
        select(Project)
        .join(mine, mine.c.project_id == Project.id)
        .where(visible(Project, by), Project.state.in_(LIVE))
        .order_by(mine.c.newest.desc())
    ).all()
    if len(recent) >= limit:
        return recent
    known = [project.id for project in recent]
    others = session.scalars(
        select(Project)
        .where(visible(Project, by), Project.state.in_(LIVE), Project.id.not_in(known))
        .order_by(Project.id.desc())
        .limit(limit - len(recent))
    ).all()
    return [*recent, *others]


def list_buildings(session: Session, project: Project) -> Sequence[Building]:
    """The buildings of a project that the user sees."""
    return session.scalars(_BUILDINGS, {"project": project.id}).all()


_BUILDINGS = select(Building).where(Building.project_id == bindparam("project")).order_by(Building.id)


def get_building(session: Session, project: Project, building_id: int) -> Building:
    """A building of this project, or NotFound."""
    found = session.scalar(select(Building).where(Building.id == building_id, Building.project_id == project.id))
    if found is None:
        raise NotFound
    return found


@dataclass(frozen=True, slots=True)
class FilterOptions:
    """What the filters of lists and board offer: (id, name) pairs; of developer and account the chosen one's name."""

    owners: Sequence[tuple[int, str]]
    teams: Sequence[tuple[int, str]]
    regions: Sequence[tuple[int, str]]
    dealers: Sequence[tuple[int, str]]
    developer: str | None
    account: str | None = None


_OPTIONS = union_all(
    select(literal("o").label("mark"), User.id, User.name).where(User.active, User.party_id.is_(None)),
    select(literal("t"), Team.id, Team.name).where(Team.active),
    select(literal("r"), Region.id, Region.name),
    select(
        select(literal("d"), Party.id, Party.name)
        .where(Party.kind == "dealer")
        .order_by(Party.name)
        .limit(200)
        .subquery()
    ),
    select(literal("c"), Party.id, Party.name).where(Party.id == bindparam("developer")),
    select(literal("k"), Account.id, Party.name)
    .join(Party, Party.id == Account.party_id)
    .where(Account.id == bindparam("account")),
)
"""Put together once; our own people see all of these."""


def load_filter_options(session: Session, by: User, filters: Filters) -> FilterOptions:
    """The choices of the filters, in one round trip. A dealer filters by nothing of ours."""
    if is_dealer(by):
        return FilterOptions((), (), (), (), None)
    found: dict[str, list[tuple[int, str]]] = {mark: [] for mark in "otrdck"}
    for mark, key, name in session.execute(_OPTIONS, _chosen(filters)).all():
        found[mark].append((key, name))
    for pairs in found.values():
        pairs.sort(key=itemgetter(1))
    chosen = [found[mark][0][1] if found[mark] else None for mark in "ck"]
    return FilterOptions(found["o"], found["t"], found["r"], found["d"], *chosen)


def _chosen(filters: Filters) -> dict[str, int]:
    return {"developer": filters.developer or 0, "account": filters.account or 0}
