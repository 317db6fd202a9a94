"""The right to be forgotten: nothing personal is left of a person, and what happened stays under a number."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import inspect, select, text
from sqlalchemy.orm import Session

from tests.accounts.making import make_account
from tests.cast import Cast
from tests.client import Browser
from tests.contacts.test_keeping import faults
from tests.factories import make_contact, make_party, make_photo, make_project
from tests.gallery.making import photo as a_photo
from tests.matrix.making import draft
from tracker import clock
from tracker.accounts.operations.markets import RelationDraft, add_relation
from tracker.contacts.models import ContactConsent, ContactPost, ContactWay
from tracker.contacts.operations import (
    add_link,
    add_way,
    edit_contact,
    forget_contact,
    move_contact,
    state_consent,
)
from tracker.contacts.operations.posts import Step
from tracker.contacts.queries import list_contacts
from tracker.documents.operations import stage_document
from tracker.duplicates.queries import load_likely
from tracker.errors import AlreadyDone, Forbidden, Invalid, Refused
from tracker.events import Event, Kind
from tracker.gallery.models import Photo
from tracker.imports.models import ImportChange, ImportRun
from tracker.matching.things import Person
from tracker.matrix.models import Record, RecordContact
from tracker.matrix.operations.records import correct_record, log_record
from tracker.merging.operations import merge
from tracker.merging.queries import get_side
from tracker.parties.models import Contact
from tracker.projects.models import Project, ProjectContact
from tracker.projects.operations import add_contact as join
from tracker.projects.queries import get_project
from tracker.storage import FolderStorage

NAME, OTHER_NAME, PHONE, SECOND, MAIL = (
    "Zhuge Mingliang",
    "Zhuge Kongming",
    "138 0000 4711",
    "010-6655 0815",
    "zhuge@shu.example",
)
WHY = "He wrote to compliance on 2 March"
PERSONAL = (NAME, OTHER_NAME, "Zhuge", PHONE, SECOND, MAIL, "4711", "wolong", "fans", "Chancellor", "straw boats")


@pytest.fixture
def zhuge(session: Session, cast: Cast, browser: Browser, media: FolderStorage) -> Contact:
    """Somebody of whom everything is known, everywhere."""
    by = cast.sales1
    party = make_party(session, "Hengyue Land")
    contact = make_contact(session, party, NAME, post="Chancellor")
    twin = make_contact(session, party, OTHER_NAME, post="Chancellor")
    project = make_project(session, by)
    project.note = f"{NAME} decides alone"
    session.commit()
    said = {"name": NAME, "post": "Chancellor", "phone": PHONE, "email": MAIL}
    edit_contact(session, contact, by=by, version=contact.version, **said,
                 note="Borrows straw boats", birth_month=4, birth_day=23, cares=["risk"], care_note="fans",
                 preferred_way="visit")  # fmt: skip
    add_way(session, contact, by=by, kind="office", value=SECOND)
    add_way(session, contact, by=by, kind="wechat", value="wolong")
    add_link(session, contact, twin, by=by, note="brother Zhuge")
    add_link(session, contact, make_contact(session, party, "Liu Bei"), by=by, kind="influences")
    state_consent(session, contact, by=by, what="phone", given=True, on=clock.today(), how=f"Zhuge himself, {PHONE}")
    join(session, get_project(session, by, project.id), contact, by=by, role="decision_maker", attitude="supportive")
    told = draft(text=f"{NAME} ({PHONE}) wants fire", met=(contact.id,), next_step=f"Call {NAME}")
    record = log_record(session, project, told, by=by).record
    correct_record(session, record, by=by, version=record.version, text=f"{NAME} wants wind", reason=f"{NAME} said so")
    step = Step(make_party(session, "Shu Works"), "Chancellor", clock.today(), "Zhuge moved")
    move_contact(session, contact, step, by=by, version=contact.version)
    run = ImportRun(kind="contacts", file_name="people.csv", file_key="imports/x", by_id=by.id)
    session.add(run)
    session.flush()
    change = {"phone": PHONE, "email": MAIL}
    session.add(ImportChange(run_id=run.id, subject="contact", subject_id=contact.id, action="created", before={},
                             after=change, fate="stands"))  # fmt: skip
    account = make_account(session, party, cast.keyaccount)
    draft_of = RelationDraft("referrers", "none", contact=session.get_one(Contact, contact.id), why=f"{NAME} refers us")
    add_relation(session, account, draft_of, by=cast.keyaccount)
    form = {"card-files": (io.BytesIO(a_photo()), f"{NAME}.jpg")}
    session.commit()
    browser.of(by).post(f"/contacts/{contact.id}/card", data=form, content_type="multipart/form-data")
    sides = [get_side(session, cast.supervisor, "contact", one.id) for one in (contact, twin)]
    merge(session, "contact", *sides, by=cast.supervisor, reason=f"{NAME} is {OTHER_NAME}")
    session.commit()
    return contact


def everything(session: Session) -> str:
    """All that any table holds, as text; but for what FTS5 keeps behind its tables until it tidies up."""
    session.flush()
    names = [name for name in inspect(session.connection()).get_table_names() if "_words_" not in name]
    rows = [f"{name} {tuple(row)}" for name in names for row in session.execute(text(f'SELECT * FROM "{name}"'))]
    return "\n".join(rows).casefold()


def test_nothing_personal_is_left_in_any_table(session: Session, cast: Cast, zhuge: Contact) -> None:
    before = everything(session)
    assert all(word.casefold() in before for word in PERSONAL)  # the test looks where it lies
    done = forget_contact(session, zhuge, by=cast.compliance, reason="Asked on 2 March")
    session.commit()
    after = everything(session)
    left = [(word, row) for word in PERSONAL for row in after.splitlines() if word.casefold() in row]
    assert left == []
    assert done.left == [] and done.mentions >= 4
    assert faults(session) == []


def test_what_happened_stays_under_a_number(session: Session, cast: Cast, zhuge: Contact) -> None:
    number = f"Forgotten person #{zhuge.id}"
    events = len(session.scalars(select(Event.id)).all())
    forget_contact(session, zhuge, by=cast.compliance, reason=WHY)
    session.commit()
    assert zhuge.name == number
    assert session.scalars(select(Record.text)).one() == f"{number} wants wind"
    assert session.scalars(select(RecordContact.contact_id)).all() == [zhuge.id]
    circle = session.scalars(select(ProjectContact)).one()
    assert (circle.contact_id, circle.role, circle.attitude) == (zhuge.id, "decision_maker", "supportive")
    assert zhuge.last_met_on == clock.today()
    assert {post.post for post in session.scalars(select(ContactPost).where(ContactPost.contact_id == zhuge.id))} == {
        None
    }
    assert session.scalars(select(ContactConsent.given)).all() == [True]
    assert session.scalars(select(Project.note)).one() == f"{number} decides alone"
    assert len(session.scalars(select(Event.id)).all()) == events + 1
    event = session.scalars(select(Event).where(Event.kind == Kind.CONTACT_FORGOTTEN)).one()
    assert (event.by_id, event.data["reason"]) == (cast.compliance.id, WHY)
    assert session.scalars(select(ContactWay).where(ContactWay.contact_id == zhuge.id)).all() == []


def test_nobody_finds_or_changes_him_any_more(session: Session, cast: Cast, browser: Browser, zhuge: Contact) -> None:
    forget_contact(session, zhuge, by=cast.admin, reason=WHY)
    session.commit()
    for q in (NAME, "4711", ""):
        assert zhuge.id not in [one.id for one in list_contacts(session, cast.sales1, q=q).items]
    for person in (Person(NAME, (PHONE,), MAIL), Person(zhuge.name)):
        assert load_likely(session, cast.sales1, "contact", person).nothing
    for deed in (
        lambda: add_way(session, zhuge, by=cast.sales1, kind="mobile", value=PHONE),
        lambda: edit_contact(session, zhuge, by=cast.sales1, version=zhuge.version, name=NAME),
        lambda: add_link(session, cast.sales1, zhuge, by=cast.sales1),
    ):
        with pytest.raises(Refused):
            deed()
    client = browser.of(cast.sales1)
    page = client.get(f"/contacts/{zhuge.id}").get_data(as_text=True)
    assert "This person was forgotten on" in page and "/ways" not in page
    assert client.post(f"/contacts/{zhuge.id}/edit", data={"name": "x", "version": "1"}).status_code == 422
    with pytest.raises(AlreadyDone):
        forget_contact(session, zhuge, by=cast.admin, reason=WHY)


def test_the_pages_ask_twice_and_the_pictures_go(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage, zhuge: Contact
) -> None:
    card = session.scalars(select(Photo)).one()
    assert media.exists(card.original_key)
    client = browser.of(cast.compliance)
    address = f"/contacts/{zhuge.id}/forget"
    assert "cannot be taken back" in client.get(address).get_data(as_text=True)
    for form in ({"reason": " ", "sure": "y"}, {"reason": WHY}):
        answer = client.post(address, data=form)
        assert answer.status_code == 422 and zhuge.forgotten_at is None
    assert f'value="{WHY}"' in client.post(address, data={"reason": WHY}).get_data(as_text=True)
    answer = client.post(address, data={"reason": WHY, "sure": "y"})
    assert answer.status_code == 200 and "The name was replaced" in answer.get_data(as_text=True)
    assert list(media.keys()) == []
    assert client.get(f"/media/{card.token}/320.jpg").status_code == 404
    assert client.post(address, data={"reason": WHY, "sure": "y"}).location == f"/contacts/{zhuge.id}"


def test_records_of_others_that_name_him_are_listed(session: Session, cast: Cast, zhuge: Contact) -> None:
    elsewhere = make_project(session, cast.sales3, name="South Gate")
    heard = log_record(session, elsewhere, draft(text=f"They speak of {NAME}"), by=cast.sales3).record
    session.commit()
    done = forget_contact(session, zhuge, by=cast.admin, reason=WHY)
    assert done.left == [heard.id]


def test_only_who_may_has_somebody_forgotten_and_says_why(session: Session, cast: Cast, zhuge: Contact) -> None:
    for user in (cast.sales1, cast.supervisor, cast.gm, cast.dealer1):
        with pytest.raises(Forbidden):
            forget_contact(session, zhuge, by=user, reason=WHY)
    with pytest.raises(Invalid):
        forget_contact(session, zhuge, by=cast.admin, reason=" ")


def test_a_name_of_one_sign_is_not_replaced_in_texts(session: Session, cast: Cast) -> None:
    contact = make_contact(session, make_party(session), "李")
    project = make_project(session, cast.sales1)
    record = log_record(session, project, draft(text="李子园 with 李", met=(contact.id,)), by=cast.sales1).record
    forget_contact(session, contact, by=cast.admin, reason=WHY)
    assert record.text == "李子园 with 李"
    assert contact.name == f"Forgotten person #{contact.id}"


def test_captions_and_names_of_files_lose_him_and_what_cannot_be_replaced_is_listed(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage, zhuge: Contact
) -> None:
    his = session.scalars(select(ProjectContact.project_id).where(ProjectContact.contact_id == zhuge.id)).first()
    project = get_project(session, cast.sales1, his or 0)
    paper = stage_document(session, media, b"%PDF-1.4 %%EOF", f"Letter of {NAME}.pdf", by=cast.sales1)
    shot = make_photo(session, cast.sales1, project=project)
    shot.caption = f"{NAME} at the gate"
    log_record(session, project, draft(documents=(paper.token,), met=(zhuge.id,)), by=cast.sales1)
    elsewhere = make_project(session, cast.sales3, name="South Gate")
    other = make_photo(session, cast.sales3, project=elsewhere)
    other.caption = f"with {NAME}"
    session.commit()
    page = browser.of(cast.admin).post(f"/contacts/{zhuge.id}/forget", data={"reason": WHY, "sure": "y"})
    session.expire_all()
    assert NAME not in paper.file_name and paper.file_name.endswith(".pdf")
    assert shot.caption == f"Forgotten person #{zhuge.id} at the gate"
    text_of = page.get_data(as_text=True)
    assert f"/purge/documents/{paper.token}" in text_of and f"/purge/photos/{other.token}" in text_of
    assert f"/purge/photos/{shot.token}" not in text_of
    assert NAME not in str(session.scalars(select(Event.data).where(Event.subject == "document")).all())
