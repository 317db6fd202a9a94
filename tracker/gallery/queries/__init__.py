"""Reads about pictures. The user comes first; a picture of what he may not see does not exist."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, exists, false, func, or_, select
from sqlalchemy.orm import Session, contains_eager, joinedload, selectinload

from tracker import clock
from tracker.access import Action, may, overseen, sight, visible
from tracker.errors import NotFound
from tracker.gallery.models import Photo, PhotoShare, PhotoShareItem, PhotoSignal, PhotoTag
from tracker.gallery.queries.narrowing import PhotoFilters
from tracker.paging import Page, page_of
from tracker.parties.models import Contact
from tracker.projects.models import Project
from tracker.remembering import remembered
from tracker.team.models import User


def get_photo(session: Session, by: User, token: str) -> Photo:
    """One picture by its token: of a project, lead or person the user sees, or staged by himself; or NotFound."""
    found: Photo | None = session.scalar(_one_photo(by), {"token": token})
    if found is None:
        raise NotFound
    return found


def load_picture(session: Session, by: User, token: str) -> tuple[Photo, Project | None]:
    """One picture like `get_photo` with its sender, and its project with its team, where the user sees that: a picture
    that was taken on a lead may be his while the project is not."""
    found = session.execute(_one_picture(by), {"token": token}).first()
    if found is None:
        raise NotFound
    photo: Photo = found[0]
    return photo, photo.project if found.site_seen else None


@remembered(sight)
def _one_photo(by: User) -> Any:
    return select(Photo).where(Photo.token == bindparam("token"), _is_his(by))


@remembered(sight)
def _one_picture(by: User) -> Any:
    query = select(Photo, visible(Project, by).label("site_seen")).outerjoin(Photo.project)
    shown = (Project.id, Project.name, Project.team_id, Project.definition_key, Project.definition_version)
    whole = contains_eager(Photo.project).load_only(*shown).joinedload(Project.team)
    return query.where(Photo.token == bindparam("token"), _is_his(by)).options(whole, joinedload(Photo.uploader))


def _is_his(by: User) -> ColumnElement[bool]:
    free = (Photo.project_id.is_(None), Photo.lead_id.is_(None), Photo.registration_note_id.is_(None))
    loose = and_(*free, Photo.purged_at.is_(None))
    staged = and_(loose, Photo.uploader_id == by.id, Photo.contact_id.is_(None))
    card = and_(loose, exists().where(Contact.id == Photo.contact_id, visible(Contact, by)).correlate(Photo))
    return or_(visible(Photo, by), staged, card)


NOTHING = PhotoFilters()
WHOLE = (joinedload(Photo.project), joinedload(Photo.uploader))


def photos_asked(by: User, filters: PhotoFilters = NOTHING) -> Select[Photo]:
    """The statement for a list of pictures, whole and in its order."""
    query = select(Photo).where(visible(Photo, by), *filters.conditions()).order_by(Photo.id.desc())
    return query.params(filters.values)


def list_chosen(session: Session, by: User, tokens: Iterable[str]) -> Sequence[Photo]:
    """Those of the pictures with these tokens that the user sees, the newest first; NotFound where one is not his."""
    wanted = set(tokens)
    query = select(Photo).where(visible(Photo, by), Photo.token.in_(wanted)).options(*WHOLE).order_by(Photo.id.desc())
    found = session.scalars(query).all()
    if len(found) != len(wanted):
        raise NotFound
    return found


def with_teams(session: Session, photos: Sequence[Photo]) -> Sequence[Photo]:
    """The same pictures, their projects with what `access.can` asks of."""
    project = joinedload(Photo.project)
    whole = project.options(joinedload(Project.team), selectinload(Project.members))
    query = select(Photo).where(Photo.id.in_([photo.id for photo in photos])).options(whole)
    found = {photo.id: photo for photo in session.scalars(query.execution_options(populate_existing=True))}
    return [found[photo.id] for photo in photos]


def list_narrowed(session: Session, by: User, filters: PhotoFilters, most: int) -> Sequence[Photo]:
    """All pictures of the gallery as it is narrowed, the newest first; one more than `most` where there are more."""
    return session.scalars(photos_asked(by, filters).options(*WHOLE).limit(most + 1)).all()


def _asked_of(by: User) -> ColumnElement[bool]:
    """Of the projects whose people the user leads, all but new cameras; of his own, which step a picture shows."""
    owned = and_(Project.owner_id == by.id, PhotoSignal.kind == "step")
    led = and_(overseen(Project, by), PhotoSignal.kind != "camera") if may(by, Action.APPROVAL_DECIDE) else false()
    return or_(owned, led)


def list_questions(session: Session, by: User, *, page: int = 1) -> Page[PhotoSignal]:
    """What the user may ask about, the newest first, with picture, project and who sent it."""
    query = select(PhotoSignal).join(Project, Project.id == PhotoSignal.project_id).where(_asked_of(by))
    query = query.join(Photo, Photo.id == PhotoSignal.photo_id).where(Photo.purged_at.is_(None), visible(Project, by))
    whole = (joinedload(PhotoSignal.photo).joinedload(Photo.uploader), joinedload(PhotoSignal.project))
    openly = query.where(PhotoSignal.settled_at.is_(None)).options(*whole).order_by(PhotoSignal.id.desc())
    return page_of(session, openly, page, 30)


def list_tags(session: Session, photo: Photo) -> Sequence[str]:
    """What a picture that the user sees is tagged with."""
    return session.scalars(select(PhotoTag.tag).where(PhotoTag.photo_id == photo.id).order_by(PhotoTag.tag)).all()


def get_signal(session: Session, by: User, signal_id: int) -> PhotoSignal:
    """One signal about a picture that the user sees, with picture and project; or NotFound."""
    whole = (joinedload(PhotoSignal.photo), joinedload(PhotoSignal.project).joinedload(Project.team))
    query = select(PhotoSignal).join(Photo, Photo.id == PhotoSignal.photo_id).where(visible(Photo, by))
    found = session.scalars(query.where(PhotoSignal.id == signal_id).options(*whole)).first()
    if found is None:
        raise NotFound
    return found


def load_film(session: Session, by: User, project_id: int) -> Sequence[Photo]:
    """The pictures of a site in the order of the days they were taken, the first of each step and day."""
    own = (Photo.project_id == project_id, Photo.drawn_from_id.is_(None))
    query = select(Photo).where(visible(Photo, by), *own)
    rows = session.scalars(query.order_by(func.coalesce(Photo.taken_at, Photo.uploaded_at), Photo.id).limit(2000))
    first: dict[tuple[str, date], Photo] = {}
    for photo in rows:
        first.setdefault((photo.step, clock.local(photo.taken_at or photo.uploaded_at).date()), photo)
    return list(first.values())


def list_shares(session: Session, by: User) -> Sequence[PhotoShare]:
    """The links to pictures that the user gave out, the newest first, with their pictures."""
    query = select(PhotoShare).where(PhotoShare.by_id == by.id).order_by(PhotoShare.id.desc()).limit(100)
    return session.scalars(query.options(selectinload(PhotoShare.items))).all()


def get_share(session: Session, token: str) -> PhotoShare:
    """What a link shows while it holds, with its pictures in their order; NotFound when it is over or taken back.

    A picture that was purged is not shown any more, whatever was given out.
    """
    query = select(PhotoShare).where(PhotoShare.token == token, PhotoShare.revoked_at.is_(None))
    whole = selectinload(PhotoShare.items).joinedload(PhotoShareItem.photo)
    found = session.scalars(query.where(PhotoShare.expires_at > clock.now()).options(whole)).first()
    if found is None:
        raise NotFound
    return found


def get_own_share(session: Session, by: User, share_id: int) -> PhotoShare:
    """One of the links that the user gave out, or NotFound."""
    found = session.scalar(select(PhotoShare).where(PhotoShare.id == share_id, PhotoShare.by_id == by.id))
    if found is None:
        raise NotFound
    return found


def list_of_cell(
    session: Session, by: User, project_id: int, phase: str, step: str, limit: int = 60
) -> Sequence[Photo]:
    """The newest pictures of one cell."""
    return session.scalars(
        select(Photo)
        .where(visible(Photo, by), Photo.project_id == project_id, Photo.phase == phase, Photo.step == step)
        .order_by(Photo.id.desc())
        .limit(limit)
    ).all()


def find_same(session: Session, by: User, photo: Photo) -> Photo | None:
    """Another picture of the very same bytes on a project that the user sees, with that project."""
    there = exists().where(Project.id == Photo.project_id, visible(Project, by)).correlate(Photo)
    same = (Photo.sha256 == photo.sha256, Photo.id != photo.id, there)
    query = select(Photo).where(visible(Photo, by), *same).options(joinedload(Photo.project)).order_by(Photo.id)
    return session.scalars(query.limit(1)).first()
