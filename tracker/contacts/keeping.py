"""What a contact says of himself and the rows that say more of it, kept equal: THE one writer of both.

`Contact.party_id` and `post` are the post that is `present`, `left_on` the day it ended; `phone` and `email` the `main`
number and address; `last_met_on` the newest record in which he was met. A session that writes a contact, one of these
rows or a meeting has the others follow in the same flush; what is written in bulk, past the session's objects, calls
`fill`. `tracker doctor` compares (`faults`), `mend` writes anew.

A changed column is a correction: another firm takes the place of the one in the present post, another number becomes
the main one beside those that are known. Changing one's post with a history is `operations.posts.move_contact`. What
was merged into another contact has no present post and no main number of its own.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import event, func, insert, inspect, join, select, update
from sqlalchemy.orm import Session
from sqlalchemy.orm.attributes import set_committed_value

from tracker.contacts.models import ContactPost, ContactWay
from tracker.contacts.wording import group_of, kind_of_number, way_key
from tracker.matrix.models import Record, RecordContact
from tracker.parties.models import Contact

CHUNK = 2000  # contacts that are looked at together
COLUMNS = ("party_id", "post", "left_on", "phone", "email", "merged_into_id")
GROUPS = ("phone", "email")
_CONTACT = tuple(getattr(Contact, name) for name in ("id", *COLUMNS))
_ROWS: Any = Contact.__table__  # written past the session's objects: their version is not theirs to change
_POST = (ContactPost.id, ContactPost.contact_id, ContactPost.party_id, ContactPost.post, ContactPost.until,
         ContactPost.present)  # fmt: skip
_WAY = (ContactWay.id, ContactWay.contact_id, ContactWay.kind, ContactWay.value, ContactWay.key, ContactWay.main)


@dataclass(frozen=True, slots=True)
class Change:
    """A row that is to be changed (`row_id`) or added. What is a `mark` only says which of several rows counts."""

    table: Any
    values: dict[str, Any]
    row_id: int | None = None
    mark: bool = False


def changes_of(contact: Any, posts: Sequence[Any], ways: Sequence[Any]) -> Iterator[Change]:
    """What is to be done so that the rows of a contact agree with him; nothing where they do."""
    yield from _posts_of(contact, posts)
    for group in GROUPS:
        yield from _ways_of(contact, group, [way for way in ways if group_of(way.kind) == group])


def _posts_of(contact: Any, posts: Sequence[Any]) -> Iterator[Change]:
    def fits(post: Any) -> bool:
        return (post.party_id, post.post) == (contact.party_id, contact.post)

    present = [post for post in posts if post.present]
    keep = None
    if contact.merged_into_id is None:
        known = present or [post for post in posts if fits(post)]
        keep = max(known, key=lambda post: (fits(post), post.id), default=None)
    for post in present:
        if keep is None or post.id != keep.id:
            yield Change(ContactPost, {"present": False}, post.id, mark=True)
    if keep is None:
        if contact.merged_into_id is None:
            yield Change(ContactPost, {"contact_id": contact.id, **_post_said(contact), "present": True})
        return
    if not keep.present:
        yield Change(ContactPost, {"present": True, "until": contact.left_on}, keep.id, mark=True)
    if not fits(keep) or (keep.present and keep.until != contact.left_on):
        yield Change(ContactPost, _post_said(contact), keep.id)


def _post_said(contact: Any) -> dict[str, Any]:
    return {"party_id": contact.party_id, "post": contact.post, "until": contact.left_on}


def _ways_of(contact: Any, group: str, ways: Sequence[Any]) -> Iterator[Change]:
    value = getattr(contact, group) if contact.merged_into_id is None else None
    kind = ("email" if group == "email" else kind_of_number(value)) if value else ""
    key = way_key(kind, value) if value else None
    keep = max((way for way in ways if way.key == key), key=lambda way: (way.main, -way.id), default=None)
    for way in ways:
        if way.main and (keep is None or way.id != keep.id):
            yield Change(ContactWay, {"main": False}, way.id, mark=True)
    if not value:
        return
    if keep is None:
        yield Change(ContactWay, {"contact_id": contact.id, "kind": kind, "value": value, "key": key, "main": True})
        return
    if not keep.main:
        yield Change(ContactWay, {"main": True}, keep.id, mark=True)
    if keep.value != value:
        yield Change(ContactWay, {"value": value}, keep.id)


@event.listens_for(Session, "after_flush")
def _follow(session: Session, _context: Any) -> None:
    """Let the rows follow what this flush wrote of contacts, and the day they were last met the meetings."""
    whole: set[int] = set()  # contacts whose own columns changed
    touched: set[int] = set()  # contacts that a post or a way points to, or did
    met: set[int] = set()
    for row in (*session.new, *session.dirty, *session.deleted):
        if isinstance(row, Contact) and _changed(row, COLUMNS):
            whole.add(row.id)
        elif isinstance(row, ContactPost | ContactWay):
            touched |= _pointed(row)
        elif isinstance(row, RecordContact):
            met |= _pointed(row)
    for ids in _parts(whole | touched):
        settle(session, ids, whole)
    for ids in _parts(met):
        renew_met(session, ids)


def _changed(row: Any, names: Sequence[str]) -> bool:
    attributes = inspect(row).attrs
    return any(attributes[name].history.has_changes() for name in names)


def _pointed(row: Any) -> set[int]:
    """The contact that a row points to, and whom it pointed to before this flush."""
    history = inspect(row).attrs.contact_id.history
    return {key for key in (*history.sum(), *(history.deleted or ())) if key is not None}


def _parts(ids: Iterable[int]) -> Iterator[list[int]]:
    rest = sorted(ids)
    for start in range(0, len(rest), CHUNK):
        yield rest[start : start + CHUNK]


def settle(session: Session, ids: Sequence[int], whole: set[int]) -> None:
    """Make the rows of these contacts agree with them; of those not in `whole` only which rows count."""
    added: dict[Any, list[dict[str, Any]]] = defaultdict(list)
    for contact, posts, ways in _load(session, ids):
        for change in changes_of(contact, posts, ways):
            if not (change.mark or contact.id in whole):
                continue
            if change.row_id is None:
                added[change.table].append(change.values)
            else:
                _write(session, change)
    for table, rows in added.items():
        session.execute(insert(table), rows)


def _load(session: Session, ids: Sequence[int]) -> Iterator[tuple[Any, list[Any], list[Any]]]:
    """Each of these contacts with the rows of his posts and ways."""
    posts: dict[int, list[Any]] = defaultdict(list)
    ways: dict[int, list[Any]] = defaultdict(list)
    for post in session.execute(select(*_POST).where(ContactPost.contact_id.in_(ids))):
        posts[post.contact_id].append(post)
    for way in session.execute(select(*_WAY).where(ContactWay.contact_id.in_(ids))):
        ways[way.contact_id].append(way)
    for contact in session.execute(select(*_CONTACT).where(Contact.id.in_(ids)).order_by(Contact.id)).all():
        yield contact, posts[contact.id], ways[contact.id]


def _write(session: Session, change: Change) -> None:
    """Change a row, and the session's object of it where there is one."""
    table: Any = change.table
    session.execute(update(table.__table__).where(table.id == change.row_id).values(change.values))
    held = session.identity_map.get(session.identity_key(table, change.row_id))
    if held is not None:
        for name, value in change.values.items():
            set_committed_value(held, name, value)


def _newest() -> Any:
    """The day of the newest record in which a contact was met, as a subquery of a statement about contacts."""
    met = select(func.max(Record.happened_on)).join(RecordContact, RecordContact.record_id == Record.id)
    return met.where(RecordContact.contact_id == Contact.id, Record.is_plan.is_(False)).scalar_subquery()


def renew_met(session: Session, ids: Sequence[int]) -> None:
    """Write when these contacts were last met."""
    session.execute(update(_ROWS).where(Contact.id.in_(ids)).values(last_met_on=_newest()))
    for key in ids:
        held = session.identity_map.get(session.identity_key(Contact, key))
        if held is not None:
            session.expire(held, ["last_met_on"])


def fill(session: Session) -> None:
    """Make what is missing beside contacts that were written in bulk."""
    lacking = select(Contact.id).where(Contact.merged_into_id.is_(None))
    lacking = lacking.where(~select(ContactPost.id).where(ContactPost.contact_id == Contact.id).exists())
    for ids in _parts(session.scalars(lacking)):
        settle(session, ids, set(ids))
    _renew_everybody(session)


def mend(session: Session) -> None:
    """Write everything anew from the contacts and the records."""
    for ids in _parts(session.scalars(select(Contact.id))):
        settle(session, ids, set(ids))
    _renew_everybody(session)


def _renew_everybody(session: Session) -> None:
    """Write when each contact was last met: grouped once, for a subquery at each row may be planned as a scan each."""
    met = join(RecordContact, Record, (Record.id == RecordContact.record_id) & Record.is_plan.is_(False))
    days = select(Contact.id, func.max(Record.happened_on).label("on"))
    newest = days.outerjoin_from(Contact, met, RecordContact.contact_id == Contact.id).group_by(Contact.id).subquery()
    wrong = _ROWS.c.last_met_on.is_distinct_from(newest.c.on)
    session.execute(update(_ROWS).where(_ROWS.c.id == newest.c.id, wrong).values(last_met_on=newest.c.on))


def faults(session: Session) -> Iterator[str]:
    """What does not agree, in the words of the doctor."""
    for ids in _parts(session.scalars(select(Contact.id))):
        for contact, posts, ways in _load(session, ids):
            tables = {change.table for change in changes_of(contact, posts, ways)}
            for table, what in ((ContactPost, "posts"), (ContactWay, "numbers and addresses")):
                if table in tables:
                    yield f"contact {contact.id}: the {what} are not what the contact says"
        wrong = select(Contact.id, Contact.last_met_on, _newest().label("said")).where(Contact.id.in_(ids))
        for key, stored, said in session.execute(wrong.order_by(Contact.id)):
            if stored != said:
                yield f"contact {key}: last_met_on is {stored}, the records say {said}"
