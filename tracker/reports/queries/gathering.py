"""All sentences about many people, or about a project, and a period: some twenty statements, however many people."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker.access import Action, may
from tracker.forecasts.queries import load_worth
from tracker.reports.composing import Gathered, Subject, figures
from tracker.reports.periods import Period
from tracker.reports.queries.happening import Happening, Whose
from tracker.reports.queries.items import Item, people_of
from tracker.reports.queries.promising import Promising
from tracker.reports.queries.standing import Standings, load_absences, silence
from tracker.team.models import Region, Team, User


def gather(
    session: Session, people: Sequence[User], period: Period, today: date, project_id: int | None = None
) -> Gathered:
    """Load everything about these people (role loaded) and a period, or about one project."""
    whose = Whose((one.id for one in people), project_id)
    happening, standings = Happening(session, whose, period), Standings(session, whose, period, today)
    promising = Promising(session, whose, period)
    evidence, done = happening.proven()
    late, quiet = standings.late_and_quiet()
    items: dict[str, list[Item]] = {
        "moves": happening.moves(), "visits": happening.visits(), "work": happening.work(), "evidence": evidence,
        "photos": happening.photos(), "leads": happening.leads(), "registrations": happening.registrations(),
        "outcomes": happening.outcomes(), "done": done, "late": late, "quiet": quiet, "windows": standings.windows(),
        "todos": happening.todos(), "promises": promising.promises(), "plan": promising.plan(),
        "forecast": standings.forecast(),
    }  # fmt: skip
    if project_id is None:
        active: dict[int, set[date]] = defaultdict(set)
        for row in happening.records():
            active[row.author_id].add(row.happened_on)
        logging = [one for one in people if may(one, Action.RECORD_LOG) and one.team_id is not None]
        away = load_absences(session, whose.people, period)
        items["silence"] = silence(logging, period, active, away, today)
        items["forecast"] = [*items["forecast"], *_worth(session, people, items["forecast"], period)]
    return Gathered(items, _names(session, items))


def _worth(session: Session, people: Sequence[User], expected: Iterable[Item], period: Period) -> list[Item]:
    """Beside what somebody expects: what his past forecasts were worth."""
    ids = {one for item in expected for one in item.people}
    found, worth = [], load_worth(session, ids)
    for person in people:
        known = worth.get(person.id)
        if known is None or not known.n:
            continue
        percents = known.percents
        args: dict[str, Any] = {"name": person.name, "n": {"n": known.n}, "won": {"n": known.won}}
        if percents:
            args["percent"] = {"n": next(iter(percents.values()))}
        more = {"value": 0, "supported": 0, "currency": ""}
        found.append(Item("forecast", "worth", args, ("person", person.id), period.ends_on, people_of(person.id),
                          more=more))  # fmt: skip
    return found


def _names(session: Session, items: dict[str, list[Item]]) -> dict[int, str]:
    ids = {one for found in items.values() for item in found for one in (*item.people, item.doer) if one}
    return dict(session.execute(select(User.id, User.name).where(User.id.in_(ids))).tuples().all())


def with_people(subject: Subject, gathered: Gathered, people: Sequence[User], period: Period) -> Gathered:
    """For a team or region: also a sentence for each of its people."""
    if subject.of not in ("team", "region"):
        return gathered
    lines = []
    for person in sorted((one for one in people if one.id in subject.people), key=lambda one: one.name):
        if not may(person, Action.RECORD_LOG):
            continue
        own = gathered.of(Subject("person", person.id, person.name, people_of(person.id)))
        numbers = {one["key"]: one["n"] for one in figures(own)}
        args: dict[str, Any] = {"name": person.name}
        args |= {key: {"n": numbers[key]} for key in ("visits", "met", "moves", "leads", "done", "late")}
        address = f"person:{person.id}/{period.kind}/{period.starts_on.isoformat()}"
        lines.append(Item("people", "person", args, ("report", address), period.ends_on, people_of(person.id)))
    return gathered.plus("people", lines)


def list_people(session: Session) -> Sequence[User]:
    """All of ours who are active, with role and team."""
    query = select(User).where(User.active, User.party_id.is_(None)).order_by(User.id)
    return session.scalars(query.options(joinedload(User.role), joinedload(User.team))).all()


def list_subjects(session: Session, people: Sequence[User]) -> list[Subject]:
    """Everybody who logs work, every team that has people, and every region that has teams."""
    teams = session.scalars(select(Team).where(Team.active).order_by(Team.id)).all()
    regions = session.scalars(select(Region).order_by(Region.id)).all()
    found = [
        Subject("person", one.id, one.name, people_of(one.id), one.team_id)
        for one in people
        if one.team_id is not None and may(one, Action.RECORD_LOG)
    ]
    paths = {team.id: team.path for team in teams}
    for team in teams:
        inside = frozenset(one.id for one in people if paths.get(one.team_id or 0, "").startswith(team.path))
        if inside:
            found.append(Subject("team", team.id, team.name, inside, team.id))
    for region in regions:
        own = {team.id for team in teams if team.region_id == region.id}
        inside = frozenset(one.id for one in people if one.team_id in own)
        if inside:
            found.append(Subject("region", region.id, region.name, inside))
    return found
