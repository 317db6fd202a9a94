"""How much each firm's projects are worth, kept beside the firms so that lists by value need not count all projects.

A row of `PartyTally` holds a firm's projects with one team of ours, alone or with the teams below it, or with all of
us, in one currency. A session that writes projects, their firms or their lines counts the firms concerned anew in the
same flush; what is written in bulk, past the session's objects, and whoever moves a team calls `recount`.
`tracker doctor` compares.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from sqlalchemy import (
    case,
    delete,
    event,
    exists,
    false,
    func,
    insert,
    inspect,
    literal,
    select,
    true,
    type_coerce,
    union_all,
)
from sqlalchemy.orm import Session, aliased

from tracker.database import Money
from tracker.parties.models import Party, PartyTally
from tracker.parties.queries.figures import COUNTS, IS_OPEN, IS_WON, OPEN_VALUE, WON_VALUE
from tracker.projects.models import CategoryLine, Project, ProjectParty
from tracker.team.models import Team

ALL = 0  # the team of the row that counts all projects
KEYS = ("party_id", "team_id", "below", "currency")
COUNTED = ("projects", "open", "won", "lost", "open_value", "won_value", "value")
COLUMNS = (*KEYS, *COUNTED)
_WATCHED: dict[Any, tuple[str, ...]] = {
    Project: ("value", "currency", "state", "team_id", "merged_into_id"),
    CategoryLine: ("result", "value", "main", "project_id"),
}
"""What the tally follows from."""
AT_ONCE = 500  # firms


def recount(session: Session) -> None:
    """Count all firms anew."""
    session.execute(delete(PartyTally))
    session.execute(insert(PartyTally).from_select(COLUMNS, _counted()))


def fill(session: Session) -> None:
    """Count where nothing is counted yet: a database of before."""
    if session.scalar(select(PartyTally.party_id).limit(1)) is None:
        recount(session)


def faults(session: Session) -> Iterator[int]:
    """The firms whose tally is not what counting says."""
    kept = {tuple(row) for row in session.execute(select(*(getattr(PartyTally, name) for name in COLUMNS)))}
    true = {tuple(row) for row in session.execute(_counted())}
    yield from sorted({row[0] for row in kept ^ true})


def worth() -> list[Any]:
    """The columns that count a firm's projects; to be asked of firms' projects, joined with the projects."""
    open_value, won_value = func.sum(OPEN_VALUE, type_=Money()), func.sum(WON_VALUE, type_=Money())
    return [
        func.count().label("projects"),
        func.sum(case((IS_OPEN, 1), else_=0)).label("open"),
        func.sum(case((IS_WON, 1), else_=0)).label("won"),
        func.sum(case((Project.state == "lost", 1), else_=0)).label("lost"),
        open_value.label("open_value"),
        won_value.label("won_value"),
        type_coerce(open_value + won_value, Money()).label("value"),
    ]


def firms_projects(*conditions: Any) -> Any:
    """The pairs of firm and project that count and meet the conditions, each once."""
    stands = exists().where(Project.id == ProjectParty.project_id, Project.merged_into_id.is_(None))
    pairs = select(ProjectParty.party_id, ProjectParty.project_id)
    return pairs.where(COUNTS, stands.correlate(ProjectParty), *conditions).distinct().subquery()


def _counted(*conditions: Any) -> Any:
    pairs = firms_projects(*conditions)
    above, own = aliased(Team), aliased(Team)
    grouped = select(pairs.c.party_id, Project.team_id, Project.currency, *worth())
    grouped = grouped.join(Project, Project.id == pairs.c.project_id)
    each: Any = grouped.group_by(pairs.c.party_id, Project.team_id, Project.currency).cte()
    sums = [func.sum(each.c[name], type_=Money() if "value" in name else None).label(name) for name in COUNTED]
    kept = [each.c[name] for name in COUNTED]
    whole = select(each.c.party_id, literal(ALL), true(), each.c.currency, *sums)
    teams = select(each.c.party_id, each.c.team_id, false(), each.c.currency, *kept).where(each.c.team_id.is_not(None))
    below = select(each.c.party_id, above.id, true(), each.c.currency, *sums).select_from(each)
    below = below.join(own, own.id == each.c.team_id).join(above, own.path.startswith(above.path))
    return union_all(
        whole.group_by(each.c.party_id, each.c.currency),
        teams,
        below.group_by(each.c.party_id, above.id, each.c.currency),
    )


@event.listens_for(Session, "after_flush")
def _follow(session: Session, _context: Any) -> None:
    """Count the firms anew whose projects, roles or lines this flush changed."""
    firms, projects = _concerned(session)
    if projects:
        query = select(ProjectParty.party_id).where(ProjectParty.project_id.in_(sorted(projects))).distinct()
        firms |= set(session.scalars(query))
    count_anew(session, firms)


def _concerned(session: Session) -> tuple[set[int], set[int]]:
    """The firms whose roles changed, and the projects whose values did. A new project has no firms before its own."""
    firms: set[int] = set()
    projects: set[int] = set()
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, ProjectParty):
            firms.update(_all_values(row, "party_id"))
        elif type(row) in _WATCHED and not (isinstance(row, Project) and row in session.new):
            fresh = row in session.new or row in session.deleted
            if fresh or any(inspect(row).attrs[name].history.has_changes() for name in _WATCHED[type(row)]):
                projects.update(_all_values(row, "project_id") if isinstance(row, CategoryLine) else (row.id,))
    return firms, projects


def _all_values(row: Any, name: str) -> list[int]:
    history = inspect(row).attrs[name].history
    return [value for value in (*history.sum(), *(history.deleted or ())) if value is not None]


def count_anew(session: Session, firms: Collection[int]) -> None:
    """Count these firms' projects anew; one session after the other, so that none counts without what another wrote."""
    ids = sorted(firms)
    for start in range(0, len(ids), AT_ONCE):
        some = ids[start : start + AT_ONCE]
        if session.get_bind().dialect.name == "postgresql":
            wait = select(Party.id).where(Party.id.in_(some)).order_by(Party.id)
            session.execute(wait.with_for_update(key_share=True))
        session.execute(delete(PartyTally).where(PartyTally.party_id.in_(some)))
        session.execute(insert(PartyTally).from_select(COLUMNS, _counted(ProjectParty.party_id.in_(some))))
