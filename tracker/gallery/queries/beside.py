"""What stands beside one picture: the ones before and after it, its tags, pairs, drawn copies, what may be asked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, String, and_, cast, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.gallery.models import Photo, PhotoPair, PhotoSignal, PhotoTag
from tracker.gallery.queries import PhotoFilters
from tracker.team.models import User

NO_NUMBER = cast(null(), Integer)  # PostgreSQL takes a bare NULL of a UNION for text
MOST = 20  # pairs and copies that are named


@dataclass(frozen=True, slots=True)
class Beside:
    """Beside one picture. `newer`, `older`, `origin` and `drawn` are tokens; `pairs` have number and title."""

    newer: str | None
    older: str | None
    origin: str | None
    tags: Sequence[str]
    drawn: Sequence[str]
    pairs: Sequence[tuple[int, str]]
    signals: Sequence[PhotoSignal]


def load_beside(session: Session, by: User, photo: Photo, filters: PhotoFilters, *, asked_about: bool) -> Beside:
    """All of it in two statements. `asked_about`: with what may be asked (for our own people).

    A picture that is in no gallery (staged, of a card) has none before or after it.
    """
    found: dict[str, list[Any]] = {}
    for row in session.execute(union_all(*_parts(by, photo, filters))):
        found.setdefault(row.what, []).append(row)

    def texts(what: str) -> list[str]:
        return [row.text for row in found.get(what, ())]

    newer, older, origin = (next(iter(texts(what)), None) for what in ("newer", "older", "origin"))
    pairs = [(row.number, row.text or "") for row in found.get("pair", ())]
    signals = _signals(session, photo) if asked_about else ()
    return Beside(newer, older, origin, sorted(texts("tag")), texts("drawn"), pairs, signals)


def _parts(by: User, photo: Photo, filters: PhotoFilters) -> Iterator[Any]:
    yield select(literal("tag").label("what"), PhotoTag.tag.label("text"), NO_NUMBER.label("number")).where(
        PhotoTag.photo_id == photo.id
    )
    if photo.project_id is None and photo.lead_id is None:
        return
    seen = (visible(Photo, by), *filters.conditions())
    yield _tokens("newer", *seen, Photo.id > photo.id, order=Photo.id)
    yield _tokens("older", *seen, Photo.id < photo.id, order=Photo.id.desc())
    yield _tokens("drawn", visible(Photo, by), Photo.drawn_from_id == photo.id, order=Photo.id, most=MOST)
    if photo.drawn_from_id is not None:
        yield _tokens("origin", visible(Photo, by), Photo.id == photo.drawn_from_id, order=Photo.id)
    other = select(Photo.id).where(visible(Photo, by))
    mine = or_(
        and_(PhotoPair.before_id == photo.id, PhotoPair.after_id.in_(other.where(Photo.id == PhotoPair.after_id))),
        and_(PhotoPair.after_id == photo.id, PhotoPair.before_id.in_(other.where(Photo.id == PhotoPair.before_id))),
    )
    yield select(literal("pair"), cast(PhotoPair.title, String), PhotoPair.id).where(mine)


def _tokens(what: str, *conditions: Any, order: Any, most: int = 1) -> Any:
    rows = select(Photo.token).where(*conditions).order_by(order).limit(most).subquery()
    return select(literal(what), rows.c.token, NO_NUMBER)


def _signals(session: Session, photo: Photo) -> Sequence[PhotoSignal]:
    query = select(PhotoSignal).where(PhotoSignal.photo_id == photo.id)
    return session.scalars(query.options(joinedload(PhotoSignal.settled_by)).order_by(PhotoSignal.id)).all()
