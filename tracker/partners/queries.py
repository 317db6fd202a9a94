"""What partner makers supply in the projects one sees, and where two would supply the same."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import Select, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker.access import visible
from tracker.errors import NotFound
from tracker.paging import Page, page_of
from tracker.parties.models import Party
from tracker.partners.models import ProjectShare, ShareViewer
from tracker.projects.models import Project
from tracker.search.indexing import holds
from tracker.team.models import User


@dataclass(frozen=True, slots=True)
class Clash:
    """Two partner makers supply the same category in the same building (None: at least one of them in all)."""

    one: ProjectShare
    other: ProjectShare


def list_shares(session: Session, by: User, project: Project) -> Sequence[ProjectShare]:
    """What is shared in a project, as far as the user may know: what holds first, then what has ended."""
    query = select(ProjectShare).where(ProjectShare.project_id == project.id, visible(ProjectShare, by))
    return session.scalars(
        query.order_by(ProjectShare.ended_on.is_not(None), ProjectShare.id).options(
            joinedload(ProjectShare.party),
            joinedload(ProjectShare.building),
            joinedload(ProjectShare.by),
            selectinload(ProjectShare.documents),
            selectinload(ProjectShare.viewers).joinedload(ShareViewer.user),
        )
    ).all()


def get_share(session: Session, by: User, project: Project, share_id: int) -> ProjectShare:
    """One share of this project, or NotFound."""
    query = select(ProjectShare).where(ProjectShare.id == share_id, ProjectShare.project_id == project.id)
    found = session.scalar(query.where(visible(ProjectShare, by)).options(joinedload(ProjectShare.party)))
    if found is None:
        raise NotFound
    return found


def clashes_of(shares: Iterable[ProjectShare]) -> list[Clash]:
    """Where different makers supply one category in one building."""
    holding = [share for share in shares if share.ended_on is None]
    return [
        Clash(one, other)
        for number, one in enumerate(holding)
        for other in holding[number + 1 :]
        if one.category == other.category and one.party_id != other.party_id and _meet(one, other)
    ]


def _meet(one: ProjectShare, other: ProjectShare) -> bool:
    return None in (one.building_id, other.building_id) or one.building_id == other.building_id


def shares_asked(by: User, *, q: str = "", ended: bool = False) -> Select[ProjectShare]:
    """The statement for the list of what partner makers supply, by maker, whole and in its order."""
    query = select(ProjectShare).join(Party, Party.id == ProjectShare.party_id).where(visible(ProjectShare, by))
    if q:
        query = query.where(holds(Party, q))
    if not ended:
        query = query.where(ProjectShare.ended_on.is_(None))
    return query.order_by(Party.name, ProjectShare.id)


_LISTED = (joinedload(ProjectShare.party), joinedload(ProjectShare.project), joinedload(ProjectShare.building))


def list_all_shares(
    session: Session, by: User, *, q: str = "", ended: bool = False, page: int = 1
) -> Page[ProjectShare]:
    """A page of what partner makers supply in the projects one sees."""
    return page_of(session, shares_asked(by, q=q, ended=ended).options(*_LISTED), page)


def stream_shares(session: Session, by: User, *, q: str = "", ended: bool = False) -> Sequence[ProjectShare]:
    """All rows of the list."""
    return session.scalars(shares_asked(by, q=q, ended=ended).options(*_LISTED)).all()
