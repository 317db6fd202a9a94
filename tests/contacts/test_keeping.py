"""What a contact says of himself and the rows that say more of it never part, whoever writes which."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_party, make_project
from tests.matrix.making import draft
from tracker import clock
from tracker.contacts import keeping
from tracker.contacts.models import ContactConsent, ContactLink, ContactPost, ContactWay
from tracker.contacts.operations import add_link, add_way, move_contact, state_consent
from tracker.contacts.operations.posts import Step
from tracker.doctor.merges import examine_merges
from tracker.duplicates import indexing as match_keys
from tracker.matrix.models import RecordContact
from tracker.matrix.operations.records import log_record
from tracker.merging.operations import merge, undo_merge
from tracker.merging.queries import get_side
from tracker.parties.models import Contact, Party
from tracker.search import indexing

WHY = "The same card"


def faults(session: Session) -> list[str]:
    """What the doctor finds wrong about contacts, words, keys and mergings."""
    session.flush()
    found = list(keeping.faults(session))
    found += [f"words of {name} {key}" for name, key in indexing.faults(session)]
    found += [f"keys of {name} {key}" for name, key in match_keys.faults(session)]
    return [*found, *map(str, examine_merges(session))]


def ways(session: Session, contact: Contact) -> set[tuple[str, str, bool]]:
    rows = session.execute(select(ContactWay).where(ContactWay.contact_id == contact.id)).scalars()
    return {(way.kind, way.value, way.main) for way in rows}


def posts(session: Session, contact: Contact) -> set[tuple[int, str | None, bool]]:
    rows = session.execute(select(ContactPost).where(ContactPost.contact_id == contact.id)).scalars()
    return {(post.party_id, post.post, post.present) for post in rows}


def side(session: Session, cast: Cast, contact: Contact) -> Contact:
    found = get_side(session, cast.supervisor, "contact", contact.id)
    assert isinstance(found, Contact)
    return found


@pytest.fixture
def party(session: Session, cast: Cast) -> Party:
    return make_party(session)


def person(session: Session, party: Party, name: str = "Wang Li", **values: object) -> Contact:
    contact = Contact(party_id=party.id, name=name, **values)
    session.add(contact)
    session.commit()
    return contact


def test_a_new_contact_has_his_post_and_his_main_number_and_address(session: Session, party: Party) -> None:
    contact = person(session, party, post="Director", phone="138 0000 1234", email="wang@hengyue.example")
    assert posts(session, contact) == {(party.id, "Director", True)}
    assert ways(session, contact) == {("mobile", "138 0000 1234", True), ("email", "wang@hengyue.example", True)}
    assert faults(session) == []


def test_a_post_that_is_corrected_is_corrected_in_the_history(session: Session, party: Party) -> None:
    contact = person(session, party, post="Director")
    contact.post = "Chief"
    session.commit()
    assert posts(session, contact) == {(party.id, "Chief", True)}


def test_a_number_that_something_else_changes_is_kept_beside_the_new_one(session: Session, party: Party) -> None:
    contact = person(session, party, phone="138 0000 1234")
    contact.phone = "010-6655 4433"
    session.commit()
    assert ways(session, contact) == {("mobile", "138 0000 1234", False), ("office", "010-6655 4433", True)}
    contact.phone = "13800001234"
    session.commit()
    assert ways(session, contact) == {("mobile", "13800001234", True), ("office", "010-6655 4433", False)}
    contact.phone = None
    session.commit()
    assert {main for _kind, _value, main in ways(session, contact)} == {False}
    assert faults(session) == []


def test_a_meeting_says_when_somebody_was_last_met(session: Session, cast: Cast, party: Party) -> None:
    contact = person(session, party)
    project = make_project(session, cast.sales1)
    today = clock.today()
    for on in (today - timedelta(days=3), today - timedelta(days=9)):
        log_record(session, project, draft(on=on, met=(contact.id,), text=f"Met on {on}"), by=cast.sales1)
    planned = draft(on=today + timedelta(days=5), met=(contact.id,), is_plan=True, text="To be met")
    log_record(session, project, planned, by=cast.sales1)
    session.refresh(contact)
    assert contact.last_met_on == today - timedelta(days=3)
    assert faults(session) == []
    row = session.scalars(select(RecordContact).order_by(RecordContact.record_id)).first()
    session.delete(row)
    session.commit()
    session.refresh(contact)
    assert contact.last_met_on == today - timedelta(days=9)


def test_merging_takes_everything_along_and_undoing_gives_it_back(session: Session, cast: Cast, party: Party) -> None:
    other = make_party(session, "Linden Builders")
    kept = person(session, party, post="Director", phone="138 0000 1234")
    gone = person(session, other, "王丽", post="Head", phone="139 0000 9999", email="li@linden.example")
    third = person(session, other, "Zhao")
    by = cast.sales1
    add_way(session, gone, by=by, kind="wechat", value="wangli")
    add_link(session, gone, third, by=by)
    add_link(session, cast.sales1, gone, by=by)
    state_consent(session, gone, by=by, what="phone", given=True, on=clock.today(), how="On the phone")
    move_contact(session, gone, Step(party, "Adviser", clock.today()), by=by, version=gone.version)
    session.commit()
    before = (posts(session, gone), ways(session, gone))
    row = merge(session, "contact", side(session, cast, kept), side(session, cast, gone), by=cast.supervisor,
                reason=WHY, take=("phone",))  # fmt: skip
    session.commit()
    assert posts(session, kept) == {
        (party.id, "Director", True),
        (party.id, "Adviser", False),
        (other.id, "Head", False),
    }
    assert ("mobile", "139 0000 9999", True) in ways(session, kept)
    assert ("mobile", "138 0000 1234", False) in ways(session, kept)
    assert ("wechat", "wangli", False) in ways(session, kept)
    for model, column in ((ContactLink, ContactLink.from_contact_id), (ContactConsent, ContactConsent.contact_id)):
        assert session.scalars(select(column).where(column == kept.id)).all(), model
    assert faults(session) == []
    undo_merge(session, row, by=cast.supervisor)
    session.commit()
    assert (posts(session, gone), ways(session, gone)) == before
    assert ways(session, kept) == {("mobile", "138 0000 1234", True)}
    assert posts(session, kept) == {(party.id, "Director", True)}
    assert faults(session) == []


def test_merging_firms_takes_the_posts_there_along(session: Session, cast: Cast, party: Party) -> None:
    other = make_party(session, "Linden Builders")
    contact = person(session, other, post="Head")
    sides = [get_side(session, cast.supervisor, "party", one.id) for one in (party, other)]
    row = merge(session, "party", *sides, by=cast.supervisor, reason=WHY)
    session.commit()
    assert posts(session, contact) == {(party.id, "Head", True)}
    assert faults(session) == []
    undo_merge(session, row, by=cast.supervisor)
    session.commit()
    assert posts(session, contact) == {(other.id, "Head", True)}
    assert faults(session) == []


def test_two_who_were_linked_and_merged_are_not_linked_to_themselves(
    session: Session, cast: Cast, party: Party
) -> None:
    from tracker.contacts.queries import load_person

    kept, gone = person(session, party), person(session, party, "Wang L.")
    add_link(session, gone, kept, by=cast.sales1)
    session.commit()
    merge(session, "contact", side(session, cast, kept), side(session, cast, gone), by=cast.supervisor, reason=WHY)
    session.commit()
    assert load_person(session, kept).links == []


def test_what_was_written_past_the_session_is_named_and_mended(session: Session, party: Party) -> None:
    contact = person(session, party, post="Director", phone="138 0000 1234")
    session.execute(update(ContactPost).values(post="Chief"))
    session.execute(update(ContactWay).values(main=False))
    session.execute(update(Contact).values(last_met_on=clock.today()))
    assert list(keeping.faults(session)) == [
        f"contact {contact.id}: the posts are not what the contact says",
        f"contact {contact.id}: the numbers and addresses are not what the contact says",
        f"contact {contact.id}: last_met_on is {clock.today()}, the records say None",
    ]
    keeping.mend(session)
    assert list(keeping.faults(session)) == []


def test_what_a_bulk_left_without_rows_is_filled(session: Session, party: Party) -> None:
    from sqlalchemy import insert

    values = {"party_id": party.id, "name": "Bulk", "phone": "138 0000 1234", "created_at": clock.now(), "version": 1,
              "withdrawn": False}  # fmt: skip
    session.execute(insert(Contact), [values])
    assert list(keeping.faults(session))
    keeping.fill(session)
    assert list(keeping.faults(session)) == []
