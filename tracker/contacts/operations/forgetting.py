"""The right to be forgotten: nothing personal is left of a contact, and what happened stays.

His name becomes a number, in his own row, in the rows of contacts that were merged into him, in the trail, in what
imports brought, and in the words of the records in which he was met. Days, roles, attitudes and firms stay.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import false, func, or_, select, union
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.accounts.models import Account, AccountAction, AccountGoal, AccountRelation
from tracker.annotations.models import Annotation, AnnotationAnswer
from tracker.contacts.models import ContactConsent, ContactLink, ContactPost, ContactWay
from tracker.documents.models import Document
from tracker.errors import AlreadyDone, Invalid
from tracker.events import Event, Kind
from tracker.gallery.models import Photo
from tracker.gallery.operations import purge
from tracker.i18n import _, _l
from tracker.imports.models import ImportChange
from tracker.leads.models import Lead, LeadContact
from tracker.matrix.models import Approval, Correction, Record, RecordContact
from tracker.merging.models import Merge
from tracker.notifications.models import DueThing
from tracker.parties.models import Contact
from tracker.projects.models import Project, ProjectContact
from tracker.reports.models import Report
from tracker.search.indexing import holds
from tracker.team.models import User

PLAIN = frozenset({"attitude", "consent", "contact_id", "gone_id", "given", "kept_id", "link", "merge_id", "on",
                   "party", "firm", "role", "rules", "run", "strength", "undone", "way", "forgotten"})  # fmt: skip
"""The keys of an event about a contact whose values say nothing personal of him."""
OF_OTHERS = (Kind.CONTACT_JOINED, Kind.CONTACT_LEFT, Kind.CONTACT_EDITED, Kind.CONTACT_MOVED,
             Kind.CONTACT_GONE)  # fmt: skip
SHORTEST = 2  # characters of a name that is replaced in texts; one alone stands in too many words
MOST_LEFT = 50  # records that are named as holding the name still


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was done. `files`: keys of storage, to be deleted once it is committed; `mentions`: texts in which the name
    was replaced; `left`: ids of records that are not his and may still name him; `papers` and `pictures`: (token,
    name or caption) of documents of the records in which he was met, whose words nobody replaces, and of documents and
    pictures elsewhere that still name him: an administrator purges them."""

    files: Sequence[str]
    mentions: int
    left: Sequence[int]
    papers: Sequence[tuple[str, str]] = ()
    pictures: Sequence[tuple[str, str]] = ()


def forget_contact(session: Session, contact: Contact, *, by: User, reason: str) -> Forgotten:
    """Make a person a number, for good. Raises AlreadyDone where he is one."""
    require(by, Action.CONTACT_FORGET)
    if contact.forgotten_at is not None:
        raise AlreadyDone(details=f"/contacts/{contact.id}")
    if not reason.strip():
        raise Invalid("reason", _l("Say who asked for it and when."))
    people = _all_of_him(session, contact)
    ids = [one.id for one in people]
    words = _words_for(session, people)
    instead = _("Forgotten person #%(n)s", n=contact.id)
    mentions = _in_texts(session, ids, words, instead)
    for one in people:
        _empty(one, instead)
    session.flush()
    files = _belongings(session, ids)
    _trail(session, ids, instead)
    session.flush()
    left, papers, pictures = _left(session, words), _papers_left(session, ids, words), _pictures_left(session, words)
    told: dict[str, Any] = {"reason": reason.strip()[:300], "mentions": mentions, "left": list(left)}
    told |= {"papers": len(papers), "pictures": len(pictures)}
    events.record(session, Kind.CONTACT_FORGOTTEN, contact, by=by, **told)
    return Forgotten(files, mentions, left, papers, pictures)


def _all_of_him(session: Session, contact: Contact) -> list[Contact]:
    """The contact, and all that were merged into him."""
    found, fresh = [contact], [contact.id]
    while fresh:
        more = list(session.scalars(select(Contact).where(Contact.merged_into_id.in_(fresh))))
        found += more
        fresh = [one.id for one in more]
    return found


def _words_for(session: Session, people: Sequence[Contact]) -> list[str]:
    """What he was ever called and reached by, the longest first."""
    ids = [one.id for one in people]
    words = {value for one in people for value in (one.name, one.phone, one.email)}
    words |= set(session.scalars(select(ContactWay.value).where(ContactWay.contact_id.in_(ids))))
    told = select(Event.data).where(Event.subject == Contact.__tablename__, Event.subject_id.in_(ids))
    for data in session.scalars(told):
        before = data.get("before") if isinstance(data.get("before"), dict) else {}
        words |= {said.get(key) for said in (data, before) for key in ("name", "phone", "email", "added", "main_way")}
    return sorted((one for one in words if isinstance(one, str) and len(one) >= SHORTEST), key=len, reverse=True)


def _empty(contact: Contact, instead: str) -> None:
    contact.name, contact.post, contact.phone, contact.email, contact.note = instead, None, None, None, None
    contact.birth_year = contact.birth_month = contact.birth_day = None
    contact.preferred_way, contact.cares, contact.care_note = None, [], None
    contact.forgotten_at = clock.now()


def _belongings(session: Session, ids: Sequence[int]) -> list[str]:
    """Empty or delete what hangs on him; the keys of the pictures of his cards."""
    for way in session.scalars(select(ContactWay).where(ContactWay.contact_id.in_(ids))):
        session.delete(way)
    for post in session.scalars(select(ContactPost).where(ContactPost.contact_id.in_(ids))):
        post.post = post.note = None
    ends = or_(ContactLink.contact_id.in_(ids), ContactLink.from_contact_id.in_(ids))
    for link in session.scalars(select(ContactLink).where(ends)):
        link.note = None
    for consent in session.scalars(select(ContactConsent).where(ContactConsent.contact_id.in_(ids))):
        consent.how = ""
    cards = session.scalars(select(Photo).where(Photo.contact_id.in_(ids), Photo.purged_at.is_(None)))
    return [key for card in cards for key in purge(card)]


def _trail(session: Session, ids: Sequence[int], instead: str) -> None:
    """Take him out of events, of what imports did, and of what merging took over."""
    mine = (Event.subject == Contact.__tablename__, Event.subject_id.in_(ids))
    for event in session.scalars(select(Event).where(*mine)):
        event.data = {**{key: value for key, value in event.data.items() if key in PLAIN}, "forgotten": True}
    others = select(Event).where(Event.kind.in_(OF_OTHERS), Event.subject != Contact.__tablename__)
    named = Event.data["contact_id"].as_integer().in_(ids)
    for event in session.scalars(others.where(named)):
        bare = {key: value for key, value in event.data.items() if key in PLAIN or key == "before"}
        event.data = {**bare, "contact": instead}
    linked = select(Event).where(Event.kind == Kind.CONTACT_LINKED, Event.subject == Contact.__tablename__)
    ends = select(ContactLink.contact_id).where(ContactLink.from_contact_id.in_(ids))
    for event in session.scalars(linked.where(Event.subject_id.in_(ends))):
        event.data = {key: value for key, value in event.data.items() if key in PLAIN}
    brought = (ImportChange.subject == Contact.__tablename__, ImportChange.subject_id.in_(ids))
    for change in session.scalars(select(ImportChange).where(*brought)):
        change.before, change.after = {}, {}
    sides = or_(Merge.kept_id.in_(ids), Merge.gone_id.in_(ids))
    for merge in session.scalars(select(Merge).where(Merge.kind == Contact.__tablename__, sides)):
        merge.taken, merge.reason = {}, ""


def _in_texts(session: Session, ids: Sequence[int], words: Sequence[str], instead: str) -> int:
    """Replace his name and numbers in the records in which he was met with their corrections, in the notes of his
    projects and leads, in the captions of pictures and the names of documents there, in requests there, and in plans of
    accounts for which he matters, in annotations there and in reports since; how many texts it was."""
    met = select(RecordContact.record_id).where(RecordContact.contact_id.in_(ids))
    projects = select(ProjectContact.project_id).where(ProjectContact.contact_id.in_(ids))
    wanted = (select(one.account_id).where(one.contact_id.in_(ids)) for one in (AccountGoal, AccountRelation))
    accounts = union(*wanted)
    leads = select(LeadContact.lead_id).where(LeadContact.contact_id.in_(ids))
    papers = select(Document.id).where(_hanging_on(Document, met, projects, leads))
    corrected = (Event.kind == Kind.RECORD_CORRECTED, Event.subject == Record.__tablename__, Event.subject_id.in_(met))
    asked: tuple[tuple[Any, tuple[str, ...], Any], ...] = (
        (Record, ("text", "next_step"), Record.id.in_(met)),
        (Correction, ("before", "reason"), Correction.record_id.in_(met)),
        (Event, ("data",), corrected),
        (Photo, ("caption", "file_name"), _hanging_on(Photo, met, projects, leads)),
        (Document, ("file_name",), _hanging_on(Document, met, projects, leads)),
        (Event, ("data",), (Event.subject == Document.__tablename__, Event.subject_id.in_(papers))),
        (Project, ("note",), Project.id.in_(projects)),
        (Lead, ("note",), Lead.id.in_(leads)),
        (Approval, ("wish", "reason", "answer"), Approval.project_id.in_(projects)),
        (AccountGoal, ("note", "dropped"), AccountGoal.contact_id.in_(ids)),
        (AccountRelation, ("why",), AccountRelation.contact_id.in_(ids)),
        (AccountAction, ("text", "with_whom", "outcome"), AccountAction.account_id.in_(accounts)),
        (Event, ("data",), (Event.subject == Account.__tablename__, Event.subject_id.in_(accounts))),
        *_said_since(met, projects, leads),
    )
    count = 0
    for model, names, where in asked:
        conditions = where if isinstance(where, tuple) else (where,)
        for row in session.scalars(select(model).where(*conditions)):
            count += sum(_replace(row, name, words, instead) for name in names)
    return count


def _said_since(met: Any, projects: Any, leads: Any) -> tuple[tuple[Any, tuple[str, ...], Any], ...]:
    """What was said about these records, projects and leads in annotations, and all reports since he was first met."""
    on = (Annotation.record_id.in_(met), Annotation.project_id.in_(projects), Annotation.lead_id.in_(leads))
    said = select(Annotation.id).where(or_(*on))
    first = select(func.min(Record.happened_on)).where(Record.id.in_(met)).scalar_subquery()
    return (
        (Annotation, ("text",), Annotation.id.in_(said)),
        (AnnotationAnswer, ("text",), AnnotationAnswer.annotation_id.in_(said)),
        (DueThing, ("zh", "en"), DueThing.annotation_id.in_(said)),
        (Event, ("data",), (Event.subject == Annotation.__tablename__, Event.subject_id.in_(said))),
        (Report, ("content", "remarks"), Report.ends_on >= first),
    )


def _hanging_on(model: Any, met: Any, projects: Any, leads: Any) -> Any:
    """The condition that a picture or document belongs to one of these records, projects or leads."""
    return or_(model.record_id.in_(met), model.project_id.in_(projects), model.lead_id.in_(leads))


def _replace(row: Any, name: str, words: Sequence[str], instead: str) -> bool:
    old = getattr(row, name)
    new = _without(old, words, instead)
    longest = getattr(row.__table__.c[name].type, "length", None)
    if longest and isinstance(new, str):
        new = new[:longest]
    if new == old:
        return False
    setattr(row, name, new)
    return True


def _without(value: Any, words: Iterable[str], instead: str) -> Any:
    """A text, or the texts of a JSON value, without these words."""
    if isinstance(value, str):
        for word in words:
            value = value.replace(word, instead)
        return value
    if isinstance(value, dict):
        return {key: _without(inner, words, instead) for key, inner in value.items()}
    if isinstance(value, list):
        return [_without(inner, words, instead) for inner in value]
    return value


def _papers_left(session: Session, ids: Sequence[int], words: Sequence[str]) -> list[tuple[str, str]]:
    """Documents of records in which he was met, and those elsewhere whose name still names him."""
    met = select(RecordContact.record_id).where(RecordContact.contact_id.in_(ids))
    asked = or_(Document.record_id.in_(met), _naming(Document.file_name, words))
    query = select(Document.token, Document.file_name).where(asked, Document.purged_at.is_(None))
    return [(token, name) for token, name in session.execute(query.order_by(Document.id.desc()).limit(MOST_LEFT))]


def _pictures_left(session: Session, words: Sequence[str]) -> list[tuple[str, str]]:
    """Pictures elsewhere whose caption still names him."""
    query = select(Photo.token, Photo.caption).where(_naming(Photo.caption, words), Photo.purged_at.is_(None))
    return [(token, said or "") for token, said in session.execute(query.order_by(Photo.id.desc()).limit(MOST_LEFT))]


def _naming(column: Any, words: Sequence[str]) -> Any:
    """The condition that one of these words stands in a text, however it is written."""
    return or_(false(), *(func.lower(column).contains(word.lower(), autoescape=True) for word in words))


def _left(session: Session, words: Sequence[str]) -> list[int]:
    """Records of others in which one of these words still stands, for an administrator to look at."""
    found: dict[int, None] = {}
    for word in words:
        for record_id, text in session.execute(
            select(Record.id, Record.text).where(holds(Record, word)).order_by(Record.id.desc()).limit(MOST_LEFT)
        ):
            if word.casefold() in text.casefold():
                found[record_id] = None
    return list(found)[:MOST_LEFT]
