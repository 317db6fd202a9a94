"""What people cover and are good at, as their supervisors say it."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete
from sqlalchemy.orm import Session

from tracker import events
from tracker.access.leading import require_leading
from tracker.assigning.models import Skill, Territory
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import current_definition
from tracker.team.models import Region, Team, User

WIDEST = 2000  # kilometres of a circle
NOT_YOURS = _l("Only a supervisor of the team says what its people cover.")


@dataclass(frozen=True, slots=True)
class Ground:
    """A territory as somebody describes it: a region, a district or a circle."""

    name: str = ""
    region_id: int | None = None
    district: str = ""
    latitude: float | None = None
    longitude: float | None = None
    radius_km: int | None = None


@dataclass(frozen=True, slots=True)
class Skills:
    """What somebody is good at: kinds of projects, sources of leads, material categories; keys of the definition."""

    kinds: Collection[str] = ()
    sources: Collection[str] = ()
    categories: Collection[str] = ()


WHAT = {"kinds": "kind", "sources": "source", "categories": "category"}
"""The field of `Skills` that each `Skill.what` is said in."""


def add_territory(session: Session, team: Team, person: User | None, ground: Ground, *, by: User) -> Territory:
    """Say what a team, or one person of it, covers."""
    require_leading(by, team, NOT_YOURS)
    if person is not None and person.team_id != team.id:
        raise Invalid("user_id", _l("This colleague is of another team."))
    district, circle = ground.district.strip(), (ground.latitude, ground.longitude, ground.radius_km)
    if not ground.region_id and not district and circle == (None, None, None):
        raise Invalid("region_id", _l("Say what is covered: a region, a district, or a place and a distance."))
    if circle != (None, None, None) and None in circle:
        raise Invalid("radius_km", _l("A circle needs latitude, longitude and a distance."))
    if ground.radius_km is not None and not 1 <= ground.radius_km <= WIDEST:
        raise Invalid("radius_km", _l("From 1 to %(most)s kilometres, please.", most=WIDEST))
    region = session.get(Region, ground.region_id) if ground.region_id else None
    name = ground.name.strip() or district or (region.name if region else team.name)
    row = Territory(
        team_id=team.id,
        user_id=person.id if person else None,
        name=name[:80],
        region_id=region.id if region else None,
        district=district or None,
        latitude=ground.latitude,
        longitude=ground.longitude,
        radius_km=ground.radius_km,
    )
    session.add(row)
    session.flush()
    events.record(session, Kind.TERRITORY_SET, row, by=by, name=name, team_id=team.id, user_id=row.user_id)
    return row


def drop_territory(session: Session, row: Territory, *, by: User) -> None:
    """A territory is covered no more; `team` must be loaded."""
    require_leading(by, row.team, NOT_YOURS)
    events.record(session, Kind.TERRITORY_DROPPED, row, by=by, name=row.name, team_id=row.team_id, user_id=row.user_id)
    session.delete(row)
    session.flush()


def set_skills(session: Session, person: User, skills: Skills, *, by: User) -> None:
    """Say what a person is good at, instead of what was said before; `team` must be loaded."""
    require_leading(by, person.team, NOT_YOURS)
    definition = current_definition()
    known = {
        "kinds": definition.picklist("project_types").keys,
        "sources": definition.picklist("lead_sources").keys,
        "categories": {window.category for window in definition.windows},
    }
    said: dict[str, Any] = {name: list(dict.fromkeys(getattr(skills, name))) for name in known}
    for name, keys in said.items():
        if not set(keys) <= set(known[name]):
            raise Invalid(name, _l("Choose from the list."))
    session.execute(delete(Skill).where(Skill.user_id == person.id))
    session.add_all(Skill(user_id=person.id, what=WHAT[name], key=key) for name, keys in said.items() for key in keys)
    session.flush()
    events.record(session, Kind.SKILLS_SET, person, by=by, **said)
