"""Posts, numbers, links and consents: added on the person's page, refused without losing a word, taken out again."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_contact, make_party, make_project
from tracker import clock
from tracker.contacts.models import ContactConsent, ContactLink, ContactPost, ContactWay
from tracker.contacts.operations import add_link, add_way, edit_contact, move_contact, state_consent
from tracker.contacts.operations.posts import Step
from tracker.contacts.queries import list_contacts, load_person
from tracker.duplicates.queries import load_likely
from tracker.errors import Forbidden, Invalid, Stale
from tracker.events import Event, Kind
from tracker.matching.likeness import Level
from tracker.matching.things import Person
from tracker.parties.models import Contact
from tracker.projects.models import ProjectContact

BUDGET = 14
TODAY = date(2026, 3, 16)


@pytest.fixture
def contact(session: Session, cast: Cast) -> Contact:
    made = make_contact(session, make_party(session, "Hengyue Land"), "Wang Li")
    session.commit()
    return made


def one(session: Session, model: Any) -> Any:
    return session.scalars(select(model).order_by(model.id.desc())).first()


def last_event(session: Session, kind: Kind) -> Event:
    found = session.scalars(select(Event).where(Event.kind == kind).order_by(Event.id.desc())).first()
    assert found is not None
    return found


def test_a_further_number_is_found_as_the_first_one_is(
    session: Session, cast: Cast, browser: Browser, contact: Contact
) -> None:
    client = browser.of(cast.sales1)
    for kind, value in (("mobile", "138 0000 1234"), ("office", "010-6655 4433"), ("wechat", "wangli88")):
        answer = client.post(f"/contacts/{contact.id}/ways", data={"way-kind": kind, "way-value": value})
        assert answer.location == f"/contacts/{contact.id}#way"
    session.refresh(contact)
    assert contact.phone == "138 0000 1234"
    for q in ("6655 4433", "66554433", "wangli88", "4433"):
        assert f"/contacts/{contact.id}" in client.get("/contacts", query_string={"q": q}).get_data(as_text=True), q
    likely = load_likely(session, cast.sales2, "contact", Person("Wang Li", ("+86 10 6655 4433",)))
    assert [(hit.id, hit.level) for hit in likely.seen] == [(contact.id, Level.CERTAIN)]


@pytest.mark.parametrize(("kind", "value"), [("mobile", ""), ("mobile", "no digits"), ("email", "nobody"),
                                             ("mobile", "1" * 61), ("pigeon", "1")])  # fmt: skip
def test_a_number_that_is_none_is_refused_and_stays_typed(
    session: Session, cast: Cast, browser: Browser, contact: Contact, kind: str, value: str
) -> None:
    form = {"way-kind": kind, "way-value": value}
    answer = browser.of(cast.sales1).post(f"/contacts/{contact.id}/ways", data=form)
    assert answer.status_code == 422
    assert f'value="{value}"' in answer.get_data(as_text=True)
    assert session.scalars(select(ContactWay)).all() == []


def test_the_main_number_is_chosen_and_a_wrong_one_goes(
    session: Session, cast: Cast, browser: Browser, contact: Contact
) -> None:
    first = add_way(session, contact, by=cast.sales1, kind="mobile", value="138 0000 1234")
    second = add_way(session, contact, by=cast.sales1, kind="office", value="010-6655 4433")
    fax = add_way(session, contact, by=cast.sales1, kind="fax", value="010-6655 4400")
    session.commit()
    client = browser.of(cast.sales1)
    assert client.post(f"/contacts/{contact.id}/ways/{fax.id}").status_code == 422
    assert client.post(f"/contacts/{contact.id}/ways/{second.id}").status_code == 303
    session.refresh(contact)
    assert contact.phone == "010-6655 4433"
    assert client.post(f"/contacts/{contact.id}/remove/way/{second.id}").status_code == 303
    session.refresh(contact)
    assert contact.phone == "138 0000 1234"
    assert session.get(ContactWay, first.id).main  # type: ignore[union-attr]
    assert last_event(session, Kind.CONTACT_WAYS_CHANGED).data["before"]["value"] == "010-6655 4433"
    assert client.post(f"/contacts/{contact.id}/remove/way/999999").status_code == 404
    assert client.post(f"/contacts/{contact.id}/remove/name/{first.id}").status_code == 404


def test_correcting_the_phone_leaves_no_wrong_number_behind(session: Session, cast: Cast, contact: Contact) -> None:
    add_way(session, contact, by=cast.sales1, kind="mobile", value="138 0000 1234")
    edit_contact(session, contact, by=cast.sales1, version=contact.version, name="Wang Li", phone="138 0000 1235")
    session.commit()
    assert [way.value for way in session.scalars(select(ContactWay))] == ["138 0000 1235"]


def test_moving_to_another_firm_keeps_the_history_and_tells_the_projects(
    session: Session, cast: Cast, browser: Browser, contact: Contact
) -> None:
    project = make_project(session, cast.sales1)
    session.add(ProjectContact(project_id=project.id, contact_id=contact.id, role="decision_maker"))
    session.commit()
    form = {"move-firm": "Linden Builders", "move-post": "President", "move-on": "2026-03-02",
            "move-version": str(contact.version), "move-note": "Called himself"}  # fmt: skip
    answer = browser.of(cast.sales2).post(f"/contacts/{contact.id}/move", data=form)
    assert answer.location == f"/contacts/{contact.id}#move"
    now, before = load_person(session, contact).posts
    assert (now.firm, now.post, now.since, now.present) == ("Linden Builders", "President", date(2026, 3, 2), True)
    assert (before.firm, before.until, before.present) == ("Hengyue Land", date(2026, 3, 2), False)
    session.refresh(contact)
    assert (contact.party_id, contact.post) == (now.party_id, "President")
    assert session.scalars(select(ProjectContact.contact_id)).all() == [contact.id]
    told = session.scalars(select(Event).where(Event.kind == Kind.CONTACT_MOVED, Event.project_id == project.id)).one()
    assert (told.data["firm"], told.data["party"]) == ("Hengyue Land", "Linden Builders")
    page = browser.of(cast.sales1).get(f"/projects/{project.id}/circle?view=table").get_data(as_text=True)
    assert "moved on" in page and "Hengyue Land" in page


def test_a_move_that_cannot_be_is_refused(session: Session, cast: Cast, contact: Contact) -> None:
    other, today = make_party(session, "Linden Builders"), clock.today()
    here = session.get_one(type(other), contact.party_id)

    def move(step: Step, version: int | None = None) -> None:
        move_contact(session, contact, step, by=cast.sales1, version=contact.version if version is None else version)

    with pytest.raises(Stale):
        move(Step(other, None, today), version=99)
    with pytest.raises(Invalid):
        move(Step(other, None, today + timedelta(days=1)))
    with pytest.raises(Invalid):
        move(Step(here, contact.post, today))
    move(Step(other, None, today))
    with pytest.raises(Invalid):
        move(Step(here, None, today - timedelta(days=1)))


def test_two_who_move_him_at_once_do_not_overtake_each_other(
    session: Session, cast: Cast, browser: Browser, contact: Contact
) -> None:
    form = {"move-firm": "Linden Builders", "move-on": "2026-03-02", "move-version": str(contact.version)}
    client = browser.of(cast.sales1)
    assert client.post(f"/contacts/{contact.id}/move", data=form).status_code == 303
    again = client.post(f"/contacts/{contact.id}/move", data={**form, "move-firm": "Qiheng"})
    assert again.status_code == 409
    assert "Somebody changed this contact meanwhile." in again.get_data(as_text=True)
    assert 'value="Qiheng"' in again.get_data(as_text=True)


def test_former_posts_are_added_and_those_that_never_were_taken_out(
    session: Session, cast: Cast, browser: Browser, contact: Contact
) -> None:
    client = browser.of(cast.sales1)
    form = {
        "past-firm": "Linden Builders",
        "past-post": "Engineer",
        "past-since": "2019-01-01",
        "past-until": "2022-06-30",
    }
    wrong = client.post(f"/contacts/{contact.id}/posts", data={**form, "past-until": "2018-01-01"})
    assert wrong.status_code == 422 and 'value="Engineer"' in wrong.get_data(as_text=True)
    assert client.post(f"/contacts/{contact.id}/posts", data=form).status_code == 303
    post = one(session, ContactPost)
    assert (post.post, post.present, post.since) == ("Engineer", False, date(2019, 1, 1))
    present = session.scalars(select(ContactPost).where(ContactPost.present)).one()
    assert client.post(f"/contacts/{contact.id}/remove/post/{present.id}").status_code == 422
    assert client.post(f"/contacts/{contact.id}/remove/post/{post.id}").status_code == 303
    assert session.scalars(select(ContactPost.id)).all() == [present.id]


def test_who_knows_whom_is_written_down_from_both_ends(
    session: Session, cast: Cast, browser: Browser, contact: Contact
) -> None:
    other = make_contact(session, make_party(session, "Linden Builders"), "Zhao")
    session.commit()
    client = browser.of(cast.sales1)
    form = {"link-other": f"Zhao · Linden Builders #{other.id}", "link-way": "reported_to", "link-strength": "3"}
    assert client.post(f"/contacts/{contact.id}/links", data=form).status_code == 303
    link = one(session, ContactLink)
    assert (link.from_contact_id, link.contact_id, link.kind, link.strength) == (other.id, contact.id, "reports_to", 3)
    assert client.post(f"/contacts/{contact.id}/links", data={**form, "link-strength": "1"}).status_code == 303
    assert [link.strength for link in session.scalars(select(ContactLink))] == [1]
    ours = {"ours-user_id": str(cast.sales1.id), "ours-kind": "knows", "ours-strength": "2"}
    assert client.post(f"/contacts/{contact.id}/ours", data=ours).status_code == 303
    links = load_person(session, contact).links
    assert {(one.other, one.ours, one.outward) for one in links} == {("Zhao", False, False), ("Sales1", True, False)}
    assert [one.outward for one in load_person(session, other).links] == [True]
    assert client.post(f"/contacts/{other.id}/remove/link/{link.id}").status_code == 303
    assert last_event(session, Kind.CONTACT_UNLINKED).subject_id == other.id


@pytest.mark.parametrize("other", ["", "Zhao", "Zhao #999999", "himself"])
def test_a_link_to_nobody_is_refused_and_stays_typed(
    session: Session, cast: Cast, browser: Browser, contact: Contact, other: str
) -> None:
    typed = f"Wang Li #{contact.id}" if other == "himself" else other
    form = {"link-other": typed, "link-way": "knows", "link-strength": "2"}
    answer = browser.of(cast.sales1).post(f"/contacts/{contact.id}/links", data=form)
    assert answer.status_code == 422
    assert f'value="{typed}"' in answer.get_data(as_text=True)
    assert session.scalars(select(ContactLink)).all() == []


def test_none_of_ours_reports_to_a_contact_and_dealers_are_none_of_ours(
    session: Session, cast: Cast, contact: Contact
) -> None:
    with pytest.raises(Invalid):
        add_link(session, cast.sales1, contact, by=cast.sales1, kind="reports_to")
    with pytest.raises(Invalid):
        add_link(session, cast.dealer1, contact, by=cast.sales1)
    with pytest.raises(Invalid):
        add_link(session, cast.sales1, contact, by=cast.sales1, strength=9)
    with pytest.raises(Forbidden):
        add_link(session, cast.sales1, contact, by=cast.compliance)


def test_of_consents_the_latest_of_each_way_counts_and_none_is_lost(
    session: Session, cast: Cast, browser: Browser, contact: Contact
) -> None:
    client = browser.of(cast.sales1)
    form = {"consent-what": "phone", "consent-given": "1", "consent-on": "2026-03-01", "consent-how": "On the phone"}
    for wrong in ({"consent-how": " "}, {"consent-on": "2026-03-17"}, {"consent-on": "soon"}):
        answer = client.post(f"/contacts/{contact.id}/consents", data={**form, **wrong})
        assert answer.status_code == 422
    assert client.post(f"/contacts/{contact.id}/consents", data=form).status_code == 303
    assert contact not in list_contacts(session, cast.sales1, show="consent").items
    back = {**form, "consent-given": "0", "consent-on": "2026-03-10", "consent-how": "By mail"}
    assert client.post(f"/contacts/{contact.id}/consents", data=back).status_code == 303
    told = load_person(session, contact).consents
    assert [(one.given, one.counts) for one in told] == [(False, True), (True, False)]
    assert contact in list_contacts(session, cast.sales1, show="consent").items
    assert session.scalars(select(ContactConsent.by_id).distinct()).all() == [cast.sales1.id]


def test_people_are_listed_by_when_they_were_met_and_by_birthday(
    session: Session, cast: Cast, browser: Browser
) -> None:
    party = make_party(session)
    for name, met, month, day in (("Ann", 3, 3, 20), ("Bo", 30, 3, 2), ("Cy", None, 4, 1)):
        made = make_contact(session, party, name)
        made.birth_month, made.birth_day = month, day
        session.flush()
        made.last_met_on = TODAY - timedelta(days=met) if met else None
    session.commit()

    def names(show: str) -> list[str]:
        return [one.name for one in list_contacts(session, cast.sales1, show=show).items]

    assert names("met") == ["Ann", "Bo"]
    assert names("away") == ["Bo", "Ann"]
    assert names("never") == ["Cy"]
    assert names("birthday") == ["Bo", "Ann"]
    client = browser.of(cast.sales1)
    page = client.get("/contacts?show=birthday").get_data(as_text=True)
    assert page.index("03-02") < page.index("03-20")
    sheet = client.get("/contacts?show=birthday&export=csv").get_data(as_text=True)
    assert "Bo" in sheet and "03-02" in sheet and "Cy" not in sheet
    assert client.get("/contacts?show=nonsense").status_code == 200


@pytest.mark.parametrize(("typed", "kept"), [
    ("1980-03-16", (1980, 3, 16)), ("3月16日", (None, 3, 16)), ("2/29", (None, 2, 29)), ("", (None, None, None)),
])  # fmt: skip
def test_a_birthday_is_read_as_people_write_it(
    session: Session, cast: Cast, browser: Browser, contact: Contact, typed: str, kept: tuple[int | None, ...]
) -> None:
    form = {"name": "Wang Li", "birthday": typed, "cares": ["price", "nonsense", "risk"], "preferred_way": "wechat",
            "care_note": "His tower leaked once", "version": str(contact.version)}  # fmt: skip
    assert browser.of(cast.sales1).post(f"/contacts/{contact.id}/edit", data=form).status_code == 303
    session.refresh(contact)
    assert (contact.birth_year, contact.birth_month, contact.birth_day) == kept
    assert (contact.cares, contact.preferred_way) == (["price", "risk"], "wechat")
    page = browser.of(cast.sales1).get(f"/contacts/{contact.id}").get_data(as_text=True)
    assert "His tower leaked once" in page and "Price" in page


@pytest.mark.parametrize("typed", ["2-30", "13-01", "tomorrow", "1850-01-01", "9999-01-01"])
def test_a_birthday_that_is_none_is_refused(cast: Cast, browser: Browser, contact: Contact, typed: str) -> None:
    form = {"name": "Wang Li", "birthday": typed, "version": str(contact.version)}
    answer = browser.of(cast.sales1).post(f"/contacts/{contact.id}/edit", data=form)
    assert answer.status_code == 422 and f'value="{typed}"' in answer.get_data(as_text=True)


def test_a_person_with_much_costs_no_more(session: Session, cast: Cast, browser: Browser, contact: Contact) -> None:
    party = make_party(session, "Linden Builders")
    for number in range(20):
        add_way(session, contact, by=cast.sales1, kind="mobile", value=f"138 0000 {1000 + number}")
        add_link(session, make_contact(session, party, f"Friend {number}"), contact, by=cast.sales1)
        state_consent(session, contact, by=cast.sales1, what="phone", given=True, on=TODAY, how=f"Call {number}")
    session.commit()
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        page = client.get(f"/contacts/{contact.id}").get_data(as_text=True)
    assert len(asked) <= BUDGET
    assert "Friend 19" in page and "Call 19" in page


def test_a_viewer_sees_the_page_without_its_forms(cast: Cast, browser: Browser, contact: Contact) -> None:
    page = browser.of(cast.compliance).get(f"/contacts/{contact.id}").get_data(as_text=True)
    assert "/ways" not in page and "/move" not in page
    assert f"/contacts/{contact.id}/forget" in page


def test_contacts_are_offered_with_their_firm_and_number(cast: Cast, browser: Browser, contact: Contact) -> None:
    options = browser.of(cast.sales1).get("/contacts/pick?q=wang").get_data(as_text=True)
    assert f'value="Wang Li · Hengyue Land #{contact.id}"' in options
    assert "<option" not in browser.of(cast.sales1).get("/contacts/pick?q=w").get_data(as_text=True)
