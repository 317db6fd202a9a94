"""Posts over time: moving to another firm, leaving for nobody knows where, and posts somebody held before."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.contacts.models import ContactPost
from tracker.contacts.operations.ways import require_edit
from tracker.errors import Invalid, Refused, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project, ProjectContact
from tracker.team.models import User


@dataclass(frozen=True, slots=True)
class Step:
    """A step to another post: where, as what, since when, and what is to be said of it."""

    party: Party
    post: str | None
    on: date
    note: str = ""


def move_contact(session: Session, contact: Contact, step: Step, *, by: User, version: int) -> ContactPost:
    """Let a person hold another post from a day on, at another firm or at the same. The former post stays in his
    history; he stays in the circles of his projects, each of which gets an event that says where he went."""
    require_edit(by, contact)
    if version != contact.version:
        raise Stale(_l("Somebody changed this contact meanwhile."), details=contact)
    former = _present(session, contact)
    _check(former, step)
    firm = session.get_one(Party, former.party_id)
    told: dict[str, Any] = {"firm": firm.name, "former_post": former.post, "party": step.party.name, "post": step.post,
            "on": step.on.isoformat(), "note": step.note.strip() or None}  # fmt: skip
    former.present, former.until = False, former.until or step.on
    row = ContactPost(contact_id=contact.id, party_id=step.party.id, post=step.post, since=step.on, present=True,
                      note=step.note.strip()[:300] or None)  # fmt: skip
    session.add(row)
    contact.party_id, contact.post, contact.left_on = step.party.id, step.post, None
    session.flush()
    _tell(session, contact, Kind.CONTACT_MOVED, by, told)
    return row


def _tell(session: Session, contact: Contact, kind: Kind, by: User, told: dict[str, Any]) -> None:
    """An event on the contact, and one on each project of whose circle he is."""
    events.record(session, kind, contact, by=by, **told)
    circles = select(Project).join(ProjectContact, ProjectContact.project_id == Project.id)
    for project in session.scalars(circles.where(ProjectContact.contact_id == contact.id)):
        whom: dict[str, Any] = {"contact_id": contact.id, "contact": contact.name}
        events.record(session, kind, project, by=by, project_id=project.id, **whom, **told)


def _check(former: ContactPost, step: Step) -> None:
    _check_day(former, step.on)
    if former.until is not None and step.on < former.until:
        raise Invalid("on", _l("He left the firm before only later than that."))
    if former.until is None and (step.party.id, step.post) == (former.party_id, former.post):
        raise Invalid("firm", _l("That is the present post."))


def _check_day(present: ContactPost, on: date) -> None:
    if on > clock.today():
        raise Invalid("on", _l("This day has not come yet."))
    if present.since is not None and on < present.since:
        raise Invalid("on", _l("The present post began later than that."))


def leave_firm(session: Session, contact: Contact, on: date, *, by: User, version: int, note: str = "") -> None:
    """Write down that a person is at his firm no more, while nobody knows where he went. He stays in the circles of his
    projects, marked; `move_contact` says later what he does now."""
    require_edit(by, contact)
    if version != contact.version:
        raise Stale(_l("Somebody changed this contact meanwhile."), details=contact)
    present = _present(session, contact)
    if present.until is not None:
        raise Invalid("on", _l("That he left is written down already."))
    _check_day(present, on)
    firm = session.get_one(Party, present.party_id)
    contact.left_on, present.until = on, on
    present.note = note.strip()[:300] or present.note
    session.flush()
    told: dict[str, Any] = {"firm": firm.name, "former_post": present.post, "on": on.isoformat()}
    _tell(session, contact, Kind.CONTACT_GONE, by, {**told, "note": note.strip() or None})


def take_leaving_back(session: Session, contact: Contact, row: ContactPost, *, by: User) -> None:
    """He is still at the firm that he was said to have left."""
    require_edit(by, contact)
    if not row.present or row.until is None:
        raise Refused(_l("He is there, as far as is known."))
    before = {"left_on": row.until.isoformat()}
    contact.left_on, row.until = None, None
    session.flush()
    events.record(session, Kind.CONTACT_EDITED, contact, by=by, before=before)


def _present(session: Session, contact: Contact) -> ContactPost:
    held = select(ContactPost).where(ContactPost.contact_id == contact.id, ContactPost.present.is_(True))
    return session.scalars(held).one()


def add_past_post(
    session: Session,
    contact: Contact,
    party: Party,
    *,
    by: User,
    post: str | None,
    since: date | None = None,
    until: date | None = None,
) -> ContactPost:
    """Write down a post that somebody held before the present one."""
    require_edit(by, contact)
    if until is not None and until > clock.today():
        raise Invalid("until", _l("This day has not come yet."))
    if since is not None and until is not None and since > until:
        raise Invalid("until", _l("A post ends after it began."))
    row = ContactPost(contact_id=contact.id, party_id=party.id, post=post or None, since=since, until=until)
    session.add(row)
    session.flush()
    events.record(session, Kind.CONTACT_EDITED, contact, by=by, former_post=post, party=party.name)
    return row


def drop_past_post(session: Session, contact: Contact, row: ContactPost, *, by: User) -> None:
    """Take away a former post that never was."""
    require_edit(by, contact)
    if row.present:
        raise Refused(_l("The present post is changed, not taken away."))
    firm = session.get_one(Party, row.party_id)
    before = {"former_post": row.post, "party": firm.name}
    session.delete(row)
    session.flush()
    events.record(session, Kind.CONTACT_EDITED, contact, by=by, before=before)
