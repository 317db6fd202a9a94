"""What people say of pictures: caption, tags, building, floor, category, the step it shows, consent to publish."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, can, require
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.gallery.models import Photo, PhotoTag
from tracker.gallery.operations.asking import say_step
from tracker.gallery.tags import MOST
from tracker.i18n import _l
from tracker.projects.models import Building, Project
from tracker.team.models import User


@dataclass(frozen=True, slots=True)
class Words:
    """What is said of one picture."""

    caption: str = ""
    tags: tuple[str, ...] = ()
    building_id: int | None = None
    floor: int | None = None
    category: str | None = None
    seen_step: str | None = None
    publish_note: str = ""
    publish_until: date | None = None


CONSENT = ("publish_note", "publish_until")
NAMES = ("caption", "building_id", "floor", "category", "seen_step", *CONSENT)


def describe_photo(session: Session, photo: Photo, project: Project, words: Words, *, by: User) -> None:
    """Write down what is said of a picture of a project that `by` may log on."""
    require(by, Action.RECORD_LOG, project)
    before = {name: getattr(photo, name) for name in NAMES}
    photo.caption = words.caption.strip()[:300] or None
    photo.building_id = _building(session, project, words.building_id)
    photo.floor, photo.category = words.floor, words.category or None
    if _agreed(words) != (photo.publish_note, photo.publish_until):
        require(by, Action.PROJECT_EDIT, project)  # only who works on the project writes a consent down
    _consent(photo, words, by)
    say_step(session, photo, project, words.seen_step or None)
    old = set(session.scalars(select(PhotoTag.tag).where(PhotoTag.photo_id == photo.id)))
    session.execute(delete(PhotoTag).where(PhotoTag.photo_id == photo.id))
    _tag(session, [photo], words.tags)
    session.flush()
    changed = {name: [_plain(value), _plain(now)] for name, value in before.items()
               if (now := getattr(photo, name)) != value}  # fmt: skip
    if old != set(words.tags):
        changed["tags"] = [sorted(old), sorted(words.tags)]
    if changed:
        events.record(session, Kind.PHOTO_DESCRIBED, photo, by=by, project_id=photo.project_id, **changed)


def may_publish(photo: Photo) -> bool:
    """Whether somebody agreed that the picture is published, and still does today."""
    return bool(photo.publish_note) and (photo.publish_until is None or photo.publish_until >= clock.today())


def agree_to_publish(
    session: Session, photos: Sequence[Photo], note: str, until: date | None, *, by: User, withdrawn: bool = False
) -> None:
    """Write down on many pictures at once (with their projects, team and members) who agreed that they are published,
    how and until when; or that he does not agree any more (`withdrawn`). All of them or none."""
    note = "" if withdrawn else note.strip()
    if not photos:
        raise Invalid("photos", _l("Choose at least one picture."))
    if not note and not withdrawn:
        raise Invalid("publish_note", _l("Say who agreed, and how."))
    others = [photo for photo in photos if photo.project is None or not can(by, Action.PROJECT_EDIT, photo.project)]
    if others:
        raise Invalid("do", _l("%(n)s of these pictures are of projects on which you do not work; consent to publish"
                               " them is written down by who does.", n=len(others)))  # fmt: skip
    words = Words(publish_note=note, publish_until=until)
    for photo in photos:
        before = (photo.publish_note, photo.publish_until)
        _consent(photo, words, by)
        now = (photo.publish_note, photo.publish_until)
        if now != before:
            changed = {name: [_plain(old), _plain(new)] for name, old, new in zip(CONSENT, before, now, strict=True)}
            events.record(session, Kind.PHOTO_DESCRIBED, photo, by=by, project_id=photo.project_id, **changed)
    session.flush()


def _consent(photo: Photo, words: Words, by: User) -> None:
    """Who agreed that it is published, how and until when; emptied, the consent is withdrawn. Who wrote it down, and
    on which day, is kept."""
    note, until = _agreed(words)
    if (note, until) == (photo.publish_note, photo.publish_until):
        return
    if until is not None and until < clock.today():
        raise Invalid("publish_until", _l("This day is past. Empty the consent to withdraw it."))
    photo.publish_note, photo.publish_until = note, until
    photo.publish_by_id, photo.publish_on = (by.id, clock.today()) if note else (None, None)


def _agreed(words: Words) -> tuple[str | None, date | None]:
    note = words.publish_note.strip()[:300] or None
    return note, words.publish_until if note else None


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, date) else value


def tag_photos(session: Session, photos: Sequence[Photo], tags: Iterable[str], *, by: User) -> None:
    """Put tags on many pictures at once; those that a picture has already stay."""
    require(by, Action.RECORD_LOG)
    wanted = tuple(tags)
    if not wanted:
        raise Invalid("tags", _l("Choose a tag or write one."))
    _tag(session, photos, wanted)
    session.flush()
    for photo in photos:
        told = {"tags": list(wanted)}
        events.record(session, Kind.PHOTO_DESCRIBED, photo, by=by, project_id=photo.project_id, **told)


def _building(session: Session, project: Project, building_id: int | None) -> int | None:
    if building_id is None:
        return None
    own = select(Building.id).where(Building.id == building_id, Building.project_id == project.id)
    if session.scalar(own) is None:
        raise Invalid("building_id", _l("Choose a building of this project."))
    return building_id


def _tag(session: Session, photos: Sequence[Photo], tags: Sequence[str]) -> None:
    ids = [photo.id for photo in photos]
    there: dict[int, set[str]] = {number: set() for number in ids}
    for number, tag in session.execute(select(PhotoTag.photo_id, PhotoTag.tag).where(PhotoTag.photo_id.in_(ids))):
        there[number].add(tag)
    for number, known in there.items():
        new = [tag for tag in dict.fromkeys(tags) if tag not in known][: max(0, MOST - len(known))]
        session.add_all(PhotoTag(photo_id=number, tag=tag) for tag in new)
