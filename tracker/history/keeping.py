"""Keeping where projects stood when, so that a past day is looked up and not replayed.

`Standing` holds a project's validity intervals: what `workflows.replaying.standings` makes of its moves, changes of
state and edits. `StandingSum` adds them up by team, cell and state for the board. A session in which a project's
place, state or value changes brings both up to date in the same flush; what is written in bulk, past the session's
objects, calls `rebuild`. `tracker doctor` compares.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby
from operator import itemgetter
from typing import Any

from sqlalchemy import (
    BigInteger,
    Connection,
    Date,
    Integer,
    and_,
    bindparam,
    delete,
    event,
    func,
    insert,
    inspect,
    literal,
    select,
    text,
    tuple_,
    type_coerce,
    union_all,
    update,
)
from sqlalchemy.orm import Session

from tracker.database import Money
from tracker.events import Event, Kind
from tracker.history import corridors, outside
from tracker.history.loading import Interval, Past, load_pasts
from tracker.history.models import Standing, StandingPlace, StandingSum
from tracker.matrix.definitions import get_definition
from tracker.matrix.models import LifecycleChange, Move
from tracker.projects.models import CategoryLine, Project
from workflows.errors import WorkflowError
from workflows.replaying import standings

CHUNK = 1000  # projects replayed together
FOLLOWED = ("phase", "step", "state", "value", "team_id", "route", "definition_key", "definition_version")
KEYS = ("team_id", "phase", "step", "state")
COLUMNS = Interval._fields
Place = tuple[int, str, str, str]

_standing: Any = Standing.__table__
_place: Any = StandingPlace.__table__
_sum: Any = StandingSum.__table__
_ROWS = select(*(_standing.c[name] for name in COLUMNS))
_ADD_PLACE = text(
    "INSERT INTO standing_place (team_id, phase, step, state) VALUES (:team_id, :phase, :step, :state) "
    "ON CONFLICT (team_id, phase, step, state) DO NOTHING"
)


@event.listens_for(Session, "after_flush")
def _follow(session: Session, _context: Any) -> None:
    ids = {project_id for row in (*session.new, *session.dirty) if (project_id := _concerned(session, row))}
    if ids:
        keep(session, sorted(ids))


def _concerned(session: Session, row: Any) -> int | None:
    """The project whose standing may follow from what this flush wrote."""
    fresh = row in session.new
    match row:
        case Project():
            attributes = inspect(row).attrs
            return row.id if fresh or any(attributes[name].history.has_changes() for name in FOLLOWED) else None
        case Move() | LifecycleChange():
            return row.project_id if fresh else None
        case CategoryLine():
            return row.project_id
        case Event(kind=Kind.PROJECT_EDITED) if fresh and {"value", "state"} & set(row.data.get("before") or ()):
            return row.project_id
    return None


def keep(session: Session, ids: Sequence[int]) -> None:
    """Bring the intervals of these projects, and what is summed up of them, up to date."""
    connection = session.connection()
    stored = _stored(connection, ids)
    pasts = load_pasts(connection, ids)
    rows = replayed(session, pasts)
    gone: list[Interval] = []
    come: list[Interval] = []
    for project_id, now in rows.items():
        before = stored.get(project_id, [])
        gone += [row for row in before if row not in now]
        come += [row for row in now if row not in before]
    if gone:
        keys = [{"project": row.project_id, "day": row.from_day} for row in gone]
        which = (_standing.c.project_id == bindparam("project")) & (_standing.c.from_day == bindparam("day"))
        connection.execute(delete(_standing).where(which), keys)
    if come:
        connection.execute(insert(_standing), [row._asdict() for row in come])
    _add_up(connection, _differences(gone, come))
    corridors.keep(connection, pasts, rows, session)
    outside.keep(connection, ids)


def replayed(session: Session, pasts: Iterable[Past]) -> dict[int, list[Interval]]:
    """The intervals of these projects as replaying gives them; those whose definition cannot be read are left out."""
    found = {}
    for past in pasts:
        try:
            definition = get_definition(session, *past.definition)
            held = standings(definition, past.history, past.present)
        except (LookupError, WorkflowError):
            continue  # `tracker doctor` names it
        key, team = past.project_id, past.team_id
        found[key] = [Interval(key, s.from_day, s.to_day, s.phase, s.step, s.state, s.value, team) for s in held]
    return found


def _stored(connection: Connection, ids: Sequence[int]) -> Mapping[int, list[Interval]]:
    rows = connection.execute(
        _ROWS.where(_standing.c.project_id.in_(ids)).order_by(_standing.c.project_id, _standing.c.from_day)
    )
    found: dict[int, list[Interval]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(Interval(*row))
    return found


def _differences(gone: Iterable[Interval], come: Iterable[Interval]) -> dict[tuple[Place, date], tuple[int, Decimal]]:
    """What changes from which day on in which place. Projects without a team are summed up nowhere."""
    changes: dict[tuple[Place, date], tuple[int, Decimal]] = {}
    for sign, rows in ((-1, gone), (1, come)):
        for _project, from_day, to_day, phase, step, state, value, team_id in rows:
            if team_id is None:
                continue
            for day, number in ((from_day, sign), (to_day, -sign)):
                if day is not None:
                    key = ((team_id, phase, step, state), day)
                    count, amount = changes.get(key, (0, Decimal(0)))
                    changes[key] = (count + number, amount + number * value)
    return {key: change for key, change in changes.items() if change[0] or change[1]}


def _add_up(connection: Connection, changes: Mapping[tuple[Place, date], tuple[int, Decimal]]) -> None:
    """Write differences into the sums. The places' rows are locked first, in one order for all writers."""
    if not changes:
        return
    places = sorted({place for place, _day in changes})
    connection.execute(_ADD_PLACE, [dict(zip(KEYS, place, strict=True)) for place in places])
    known = select(_place).where(tuple_(*(_place.c[name] for name in KEYS)).in_(places)).order_by(_place.c.id)
    numbers = {
        (row.team_id, row.phase, row.step, row.state): row.id for row in connection.execute(known.with_for_update())
    }
    values = [
        {"place": numbers[place], "day": day, "number": number, "amount": amount}
        for (place, day), (number, amount) in sorted(changes.items())
    ]
    connection.execute(_BEGIN_DAY, values)
    connection.execute(_FROM_DAY_ON, values)


def _before(column: Any) -> Any:
    """What a sum held before a day began."""
    earlier = _sum.alias()
    last = (
        select(earlier.c[column])
        .where(earlier.c.place_id == bindparam("place"), earlier.c.from_day < bindparam("day", type_=Date))
        .order_by(earlier.c.from_day.desc())
        .limit(1)
        .scalar_subquery()
    )
    return func.coalesce(type_coerce(last, BigInteger), 0)


_BEGIN_DAY = insert(_sum).from_select(
    ["place_id", "from_day", "projects", "value"],
    select(
        bindparam("place", type_=Integer),
        bindparam("day", type_=Date),
        _before("projects"),
        _before("value"),
    ).where(
        ~select(literal(1))
        .where(_sum.c.place_id == bindparam("place"), _sum.c.from_day == bindparam("day", type_=Date))
        .exists()
    ),
)
_FROM_DAY_ON = (
    update(_sum)
    .where(_sum.c.place_id == bindparam("place"), _sum.c.from_day >= bindparam("day", type_=Date))
    .values(
        projects=_sum.c.projects + bindparam("number", type_=Integer),
        value=type_coerce(_sum.c.value, BigInteger) + bindparam("amount", type_=Money()),
    )
)


def rebuild(session: Session) -> None:
    """Replay all projects anew; a second or two for ten thousand."""
    session.flush()
    connection = session.connection()
    for table in (_sum, _place, _standing):
        connection.execute(delete(table))
    corridors.clear(connection)
    for pasts in _chunks(connection):
        rows = replayed(session, pasts)
        connection.execute(insert(_standing), [row._asdict() for found in rows.values() for row in found])
        corridors.add(connection, pasts, rows, session)
    places = select(*(_standing.c[name] for name in KEYS)).where(_standing.c.team_id.is_not(None)).distinct()
    connection.execute(insert(_place).from_select(list(KEYS), places))
    connection.execute(insert(_sum).from_select(["place_id", "from_day", "projects", "value"], _sums()))
    corridors.add_up(connection, session)


def _chunks(connection: Connection) -> Iterator[Sequence[Past]]:
    last = 0
    while ids := connection.scalars(
        select(Project.id).where(Project.id > last).order_by(Project.id).limit(CHUNK)
    ).all():
        yield load_pasts(connection, ids)
        last = ids[-1]


def _sums() -> Any:
    """All sums as the intervals make them."""
    amount = type_coerce(_standing.c.value, BigInteger)
    columns = [_standing.c[name] for name in KEYS]
    starts = select(*columns, _standing.c.from_day.label("day"), literal(1).label("n"), amount.label("v"))
    ends = select(*columns, _standing.c.to_day, literal(-1), -amount).where(_standing.c.to_day.is_not(None))
    each = union_all(starts.where(_standing.c.team_id.is_not(None)), ends.where(_standing.c.team_id.is_not(None)))
    change = each.subquery()
    daily = (
        select(_place.c.id, change.c.day, func.sum(change.c.n).label("n"), func.sum(change.c.v).label("v"))
        .join(_place, and_(*(_place.c[name] == change.c[name] for name in KEYS)))
        .group_by(_place.c.id, change.c.day)
        .subquery()
    )
    number, value = (
        func.sum(column).over(partition_by=daily.c.id, order_by=daily.c.day) for column in (daily.c.n, daily.c.v)
    )
    return select(daily.c.id, daily.c.day, number, value)


def faults(session: Session) -> Iterator[str]:
    """A line for each project whose intervals, and each place whose sums, are not what replaying says."""
    connection = session.connection()
    for pasts in _chunks(connection):
        stored = _stored(connection, [past.project_id for past in pasts])
        rows = replayed(session, pasts)
        for project_id, true in rows.items():
            if stored.get(project_id, []) != true:
                yield f"project {project_id}: its past days are not what replaying its moves says"
        yield from corridors.faults(session, connection, pasts, rows)
    kept = select(_sum.c.place_id, _sum.c.from_day, _sum.c.projects, type_coerce(_sum.c.value, BigInteger))
    told, summed = _courses(connection.execute(kept)), _courses(connection.execute(_sums()))
    names = {row.id: (row.team_id, row.phase, row.step, row.state) for row in connection.execute(select(_place))}
    for place in sorted(told.keys() | summed.keys()):
        if told.get(place, []) != summed.get(place, []):
            team_id, *cell = names.get(place, (None, "?"))
            yield f"past days of team {team_id} at {'/'.join(cell)} are not what adding up says"
    yield from corridors.miscounts(connection, session)


def _courses(rows: Iterable[Any]) -> dict[int, list[tuple[Any, ...]]]:
    """The sums of each place by day, without days on which nothing changed."""
    found = {}
    for place, own in groupby(sorted((tuple(row) for row in rows), key=itemgetter(0, 1)), key=itemgetter(0)):
        course: list[tuple[Any, ...]] = []
        for _place_id, day, number, amount in own:
            held = (int(number), int(amount))
            if held != (course[-1][1:] if course else (0, 0)):
                course.append((day, *held))
        if course:
            found[place] = course
    return found
