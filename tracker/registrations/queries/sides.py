"""Two claims laid beside each other: what each says of the site, what both claim of it and what one of them alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access import visible
from tracker.projects.models import Project
from tracker.registrations.models import Conflict, Registration
from tracker.registrations.queries.checking import Like, building_key
from tracker.team.models import User


@dataclass(frozen=True, slots=True)
class Beside:
    """What one side says of a site; `since`: from when it is on record. No categories: nothing is said."""

    name: str
    since: datetime
    address: str | None
    plot_number: str | None
    place: tuple[float, float] | None
    developer: str | None
    kind: str | None
    step: str
    categories: tuple[str, ...]
    buildings: tuple[str, ...]

    def common(self, other: Beside) -> tuple[Sequence[str], Sequence[str]] | None:
        """The categories and buildings that both claim; None: nothing. Who names none of them claims all."""
        categories: Sequence[str] = self.categories or other.categories
        if self.categories and other.categories:
            categories = [key for key in self.categories if key in other.categories]
        buildings: Sequence[str] = self.buildings or other.buildings
        if self.buildings and other.buildings:
            theirs = {building_key(name) for name in other.buildings}
            buildings = [name for name in self.buildings if building_key(name) in theirs]
        apart = (self.categories and other.categories and not categories) or (self.buildings and not buildings)
        return None if apart else (categories, buildings)

    def alone(self, other: Beside) -> Sequence[str]:
        """The categories that this side alone claims: by them it can be split."""
        return [key for key in self.categories if other.categories and key not in other.categories]


def beside(row: Any, categories: Sequence[str] = ()) -> Beside:
    """What a registration, lead or project says. A project comes with lines, buildings and developer; of a lead its
    `categories` are given."""
    place = (row.latitude, row.longitude) if row.latitude is not None and row.longitude is not None else None
    buildings: tuple[str, ...] = ()
    developer, since = None, row.created_at
    if isinstance(row, Registration):
        categories, buildings, developer = row.categories, tuple(row.buildings), row.developer
        since = row.submitted_at or since
    elif isinstance(row, Project):
        categories = [line.category for line in row.categories if line.result in ("open", "won")]
        buildings = tuple(one.name for one in row.buildings)
        developer = row.developer.name if row.developer else None
    return Beside(row.name, since, row.address, row.plot_number, place, developer, row.kind, row.step,
                  tuple(categories), buildings)  # fmt: skip


SITE = (selectinload(Project.categories), selectinload(Project.buildings), joinedload(Project.developer))
"""What of a project is read to lay it beside another."""


def sides_beside(session: Session, by: User, conflict: Conflict) -> tuple[Beside, Beside] | None:
    """Both sides of a conflict, for who sees both."""
    one = session.scalar(
        select(Registration).where(Registration.id == conflict.registration_id, visible(Registration, by))
    )
    query: Any
    if conflict.project_id is not None:
        query = select(Project).where(Project.id == conflict.project_id, visible(Project, by)).options(*SITE)
    else:
        query = select(Registration).where(Registration.id == conflict.other_id, visible(Registration, by))
    other = session.scalars(query).unique().one_or_none()
    return (beside(one), beside(other)) if one is not None and other is not None else None


def besides(likes: Sequence[Like]) -> dict[tuple[str, int], Beside]:
    """What each of the likes says of its site, by kind and id: for who decides, who has to compare them also where
    the rest is not his to see."""
    return {(like.hit.kind, like.hit.id): beside(like.row, like.categories) for like in likes}
