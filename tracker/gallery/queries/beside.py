"""What stands beside one picture: the ones before and after it, its tags, pairs, drawn copies, what may be asked."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Integer, String, and_, bindparam, cast, func, literal, null, or_, select, union_all
from sqlalchemy.orm import Session, joinedload

from tracker.access import sight, visible
from tracker.access.of_pictures import sees_most_pictures
from tracker.annotations.models import Annotation
from tracker.gallery.models import Photo, PhotoPair, PhotoSignal, PhotoTag
from tracker.gallery.queries import tiles
from tracker.gallery.queries.narrowing import CONDITIONS, PhotoFilters
from tracker.gallery.queries.tiles import seen_way_by_way
from tracker.remembering import remembered
from tracker.team.models import User

NO_NUMBER = cast(null(), Integer)  # PostgreSQL takes a bare NULL of a UNION for text
MOST = 20  # pairs and copies that are named


@dataclass(frozen=True, slots=True)
class Beside:
    """Beside one picture. `newer`, `older`, `origin` and `drawn` are tokens; `pairs` have number and title; `talked`:
    somebody said something about it."""

    newer: str | None
    older: str | None
    origin: str | None
    tags: Sequence[str]
    drawn: Sequence[str]
    pairs: Sequence[tuple[int, str]]
    signals: Sequence[PhotoSignal]
    talked: bool


def load_beside(session: Session, by: User, photo: Photo, filters: PhotoFilters, *, asked_about: bool) -> Beside:
    """All of it in one statement; in another what was made of the picture, and what may be asked about it, where there
    is such a thing. `asked_about`: with what may be asked and whether people talk about it (for our own people).

    A picture that is in no gallery (staged, of a card) has none before or after it.
    """
    at_home = any(home is not None for home in (photo.project_id, photo.lead_id, photo.registration_note_id))
    asked = {**filters.values, "photo": photo.id, "origin": photo.drawn_from_id, "reach": tiles.NEXT}
    found: dict[str, list[Any]] = {}

    def read(query: Any) -> None:
        for row in session.execute(query, asked):
            found.setdefault(row.what, []).append(row)

    def texts(what: str) -> list[str]:
        return [row.text for row in found.get(what, ())]

    read(_beside(filters.asked, at_home, asked_about, by))
    for side in _sides_beyond(photo, found):
        read(_neighbour(filters.asked, side, by))
    if at_home and ("made" in found or photo.drawn_from_id is not None):
        read(_made_of_it(photo.drawn_from_id is not None, by))
    newer, older, origin = (next(iter(texts(what)), None) for what in ("newer", "older", "origin"))
    pairs = [(row.number, row.text or "") for row in found.get("pair", ())]
    signals = _signals(session, photo) if "signal" in found else ()
    return Beside(newer, older, origin, sorted(texts("tag")), texts("drawn"), pairs, signals, "thread" in found)


_PHOTO, _REACH = (bindparam(name, type_=Integer) for name in ("photo", "reach"))


@remembered(sight)
def _beside(asked: tuple[str, ...], at_home: bool, asked_about: bool, by: User) -> Any:
    parts = [_rows("tag", PhotoTag.tag, NO_NUMBER, PhotoTag.photo_id == _PHOTO)]
    if asked_about:
        parts += [_first(what, model.photo_id == _PHOTO, model.id)
                  for what, model in (("signal", PhotoSignal), ("thread", Annotation))]  # fmt: skip
    if at_home:
        seen = [visible(Photo, by), *(CONDITIONS[name] for name in asked)]
        if not sees_most_pictures(by):
            seen.append(Photo.id.between(_PHOTO - _REACH, _PHOTO + _REACH))
            last = select(func.max(Photo.id).label("number")).subquery()
            parts.append(select(literal("last"), cast(null(), String), last.c.number))
        parts += [_tokens("newer", *seen, Photo.id > _PHOTO, order=Photo.id)]
        parts += [_tokens("older", *seen, Photo.id < _PHOTO, order=Photo.id.desc())]
        parts += [_first("made", Photo.drawn_from_id == _PHOTO, Photo.id)]
        parts += [_first("made", side == _PHOTO, PhotoPair.id) for side in (PhotoPair.before_id, PhotoPair.after_id)]
    return union_all(*parts)


def _sides_beyond(photo: Photo, found: dict[str, list[Any]]) -> list[str]:
    """On which sides none was near although there are pictures farther on; where all were looked at, on none."""
    if "last" not in found:
        return []
    farther = {"newer": photo.id + tiles.NEXT < found["last"][0].number, "older": photo.id > tiles.NEXT}
    return [side for side, more in farther.items() if more and side not in found]


@remembered(sight)
def _neighbour(asked: tuple[str, ...], side: str, by: User) -> Any:
    """The one before or after it, looked for along each way in which the user sees any."""
    seen = (seen_way_by_way(by), *(CONDITIONS[name] for name in asked))
    if side == "newer":
        return _tokens("newer", *seen, Photo.id > _PHOTO, order=Photo.id)
    return _tokens("older", *seen, Photo.id < _PHOTO, order=Photo.id.desc())


@remembered(sight)
def _made_of_it(drawn: bool, by: User) -> Any:
    """The copies that were drawn, the picture of which this is one, and the pairs; those that the user sees."""
    parts = [_tokens("drawn", visible(Photo, by), Photo.drawn_from_id == _PHOTO, order=Photo.id, most=MOST)]
    if drawn:
        origin = Photo.id == bindparam("origin", type_=Integer)
        parts.append(_tokens("origin", visible(Photo, by), origin, order=Photo.id))
    other = select(Photo.id).where(visible(Photo, by))
    mine = or_(
        and_(PhotoPair.before_id == _PHOTO, PhotoPair.after_id.in_(other.where(Photo.id == PhotoPair.after_id))),
        and_(PhotoPair.after_id == _PHOTO, PhotoPair.before_id.in_(other.where(Photo.id == PhotoPair.before_id))),
    )
    return union_all(*parts, _rows("pair", cast(PhotoPair.title, String), PhotoPair.id, mine))


def _rows(what: str, text: Any, number: Any, condition: Any) -> Any:
    return select(literal(what).label("what"), text.label("text"), number.label("number")).where(condition)


def _first(what: str, condition: Any, key: Any) -> Any:
    rows = select(key.label("number")).where(condition).limit(1).subquery()
    return select(literal(what).label("what"), cast(null(), String).label("text"), rows.c.number)


def _tokens(what: str, *conditions: Any, order: Any, most: int = 1) -> Any:
    rows = select(Photo.token).where(*conditions).order_by(order).limit(most).subquery()
    return select(literal(what).label("what"), rows.c.token.label("text"), NO_NUMBER.label("number"))


def _signals(session: Session, photo: Photo) -> Sequence[PhotoSignal]:
    query = select(PhotoSignal).where(PhotoSignal.photo_id == photo.id)
    return session.scalars(query.options(joinedload(PhotoSignal.settled_by)).order_by(PhotoSignal.id)).all()
