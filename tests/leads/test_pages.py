"""The pages of leads: who sees what, what a refused form keeps, and how many questions a page asks the database."""

from __future__ import annotations

import io

import pytest
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.factories import make_photo
from tests.leads.making import make_lead
from tracker import clock
from tracker.gallery.models import Photo
from tracker.leads.models import Lead
from tracker.leads.operations.noting import note_on_lead
from tracker.matrix.models import Record
from tracker.projects.models import Project

BUDGET = 12  # statements for a page, signing in included


def form(**values: object) -> dict[str, object]:
    plain = {
        "name": "Harbour Gate",
        "source": "owner_inquiry",
        "note": "They called the hotline.",
        "step": "ground",
        "found_on": "2026-03-16",
        "kind": "",
        "currency": "CNY",
    }
    return {**plain, **values}


def opening(**values: object) -> dict[str, object]:
    plain = {
        "name": "Harbour Gate Tower",
        "kind": "residential_fitted",
        "route": "design_led",
        "phase": "qualify",
        "step": "land",
        "building": "1#",
        "categories": ["tiles"],
        "currency": "CNY",
        "source": "",
        "region_id": "",
    }
    return {**plain, **values}


def count(session: Session, model: type) -> int:
    return session.scalar(select(func.count()).select_from(model)) or 0


def test_the_list_shows_leads_and_teaches_where_there_are_none(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    assert b"No lead here" in client.get("/leads").data
    lead = make_lead(session, cast.sales1, name="Canal House", developer="Hengyue Land")
    page = client.get("/leads").get_data(as_text=True)
    assert f"/leads/{lead.id}" in page
    assert "Canal House" in page
    assert "owes evidence" in page
    assert "Canal House" not in client.get("/leads?q=harbour").get_data(as_text=True)


@pytest.mark.parametrize("address", ["/leads", "/leads?q=Plot&sort=value&owes=1&state=all", "/leads?page=2"])
def test_the_list_asks_as_little_for_many_leads_as_for_one(
    session: Session, cast: Cast, browser: Browser, address: str
) -> None:
    client = browser.of(cast.supervisor)
    for number in range(60):
        make_lead(session, cast.sales1, name=f"Plot {number}", developer=f"Firm {number}")
    with counted_queries() as asked:
        answer = client.get(address)
    assert answer.status_code == 200
    assert len(asked) <= BUDGET


def test_a_lead_with_many_records_asks_as_little(session: Session, cast: Cast, browser: Browser) -> None:
    lead = make_lead(session, cast.sales1, developer="Hengyue Land")
    for number in range(20):
        photo = make_photo(session, cast.sales1)
        note_on_lead(
            session,
            lead,
            by=cast.sales1,
            kind="site_visit",
            on=clock.today(),
            text=f"Visit {number}",
            photos=(photo.token,),
        )
    session.commit()
    client = browser.of(cast.supervisor)
    with counted_queries() as asked:
        page = client.get(f"/leads/{lead.id}").get_data(as_text=True)
    assert "Visit 19" in page
    assert len(asked) <= BUDGET


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("page", ["", "/new", "/{id}", "/{id}/edit", "/{id}/convert"])
def test_every_page_is_there_in_both_languages(
    session: Session, cast: Cast, browser: Browser, page: str, lang: str
) -> None:
    lead = make_lead(session, cast.sales1, name="工地 <b>A</b>", latitude=31.2, longitude=121.5, developer="恒悦置地")
    answer = browser.of(cast.supervisor, lang).get("/leads" + page.format(id=lead.id))
    assert answer.status_code == 200
    assert "<b>A</b>" not in answer.get_data(as_text=True)


def test_a_lead_is_captured_with_its_staged_picture(session: Session, cast: Cast, browser: Browser) -> None:
    photo = make_photo(session, cast.sales1, taken_on=clock.today())
    session.commit()
    sent = form(photos=[photo.token], developer="Hengyue Land", note="Sign at the gate", value="128万", area="5200")
    answer = browser.of(cast.sales1).post("/leads/new", data=sent)
    lead = session.scalars(select(Lead)).one()
    assert answer.status_code == 303
    assert answer.location == f"/leads/{lead.id}"
    assert (lead.name, lead.value, lead.area, lead.owner_id) == ("Harbour Gate", 1_280_000, 5200, cast.sales1.id)
    assert not lead.owes_evidence
    assert session.scalars(select(Photo.lead_id)).all() == [lead.id]


def test_a_form_sent_twice_captures_one_lead_and_leads_to_it(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    sent = form(token="the-same-form")
    first, second = client.post("/leads/new", data=sent), client.post("/leads/new", data=sent)
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.location == second.location
    assert count(session, Lead) == 1


@pytest.mark.parametrize(
    "wrong",
    [{"name": ""}, {"found_on": "yesterday"}, {"found_on": "2026-03-17"}, {"value": "lots"}, {"latitude": "31.2"}],
)
def test_a_refused_lead_keeps_what_was_typed_and_its_pictures(
    session: Session, cast: Cast, browser: Browser, wrong: dict[str, str]
) -> None:
    photo = make_photo(session, cast.sales1)
    session.commit()
    sent = {**form(photos=[photo.token], note="Crane seen", address="4 Quay Street"), **wrong}
    answer = browser.of(cast.sales1).post("/leads/new", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "Crane seen" in page
    assert 'value="4 Quay Street"' in page
    assert f'value="{photo.token}"' in page
    assert count(session, Lead) == 0


def test_a_picture_sent_with_the_form_that_is_none_is_named_and_the_rest_kept(
    session: Session, cast: Cast, browser: Browser
) -> None:
    sent = form(files=(io.BytesIO(b"not a picture"), "sign.jpg"), note="Crane seen")
    answer = browser.of(cast.sales1).post("/leads/new", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 422
    assert "sign.jpg" in answer.get_data(as_text=True)
    assert "Crane seen" in answer.get_data(as_text=True)


def test_an_edit_is_saved_and_a_stale_one_answered_with_409(session: Session, cast: Cast, browser: Browser) -> None:
    lead = make_lead(session, cast.sales1)
    client, version = browser.of(cast.sales1), lead.version
    sent = form(name="Renamed", version=version)
    assert client.post(f"/leads/{lead.id}/edit", data=sent).status_code == 303
    session.refresh(lead)
    assert lead.name == "Renamed"
    assert client.post(f"/leads/{lead.id}/edit", data=form(name="Again", version=version)).status_code == 409
    wrong = client.post(f"/leads/{lead.id}/edit", data=form(name="", address="4 Quay Street", version=lead.version))
    assert wrong.status_code == 422
    assert "4 Quay Street" in wrong.get_data(as_text=True)


def test_a_stale_lead_comes_back_with_both_versions(session: Session, cast: Cast, browser: Browser) -> None:
    lead = make_lead(session, cast.sales1, developer="Hengyue Land", value=1_000_000)
    version = lead.version
    client, address = browser.of(cast.sales1), f"/leads/{lead.id}/edit"
    assert client.post(address, data=form(name="Canal House", value="128万", version=version)).status_code == 303
    stale = client.post(address, data=form(name="Canal Court", developer="Linden", note="Crane seen", version=version))
    page = stale.get_data(as_text=True)
    assert stale.status_code == 409
    assert "<td data-user-text>Canal House</td><td data-user-text>Canal Court</td>" in page
    session.refresh(lead)
    assert "Crane seen" in page and f'name="version" type="hidden" value="{lead.version}"' in page
    again = client.post(address, data=form(name="Canal Court", version=lead.version))
    assert again.status_code == 303


def test_a_record_is_logged_and_a_refused_one_keeps_its_text(session: Session, cast: Cast, browser: Browser) -> None:
    lead = make_lead(session, cast.sales1)
    client = browser.of(cast.sales1)
    sent = {"kind": "site_visit", "on": "2026-03-16", "text": "Fence is up."}
    refused = client.post(f"/leads/{lead.id}/records", data={**sent, "on": "2026-03-20"})
    assert refused.status_code == 422
    assert "Fence is up." in refused.get_data(as_text=True)
    assert client.post(f"/leads/{lead.id}/records", data=sent).status_code == 303
    assert session.scalars(select(Record.text)).all() == ["Fence is up."]


def test_a_lead_is_assigned_by_the_supervisor_only(session: Session, cast: Cast, browser: Browser) -> None:
    lead = make_lead(session, cast.sales1)
    sent = {"owner_id": str(cast.sales2.id)}
    assert browser.of(cast.sales1).post(f"/leads/{lead.id}/assign", data=sent).status_code == 403
    assert browser.of(cast.supervisor).post(f"/leads/{lead.id}/assign", data=sent).status_code == 303
    session.refresh(lead)
    assert lead.owner_id == cast.sales2.id


def test_giving_up_wants_a_reason(session: Session, cast: Cast, browser: Browser) -> None:
    lead = make_lead(session, cast.sales1)
    client = browser.of(cast.sales1)
    refused = client.post(f"/leads/{lead.id}/state", data={"state": "invalid", "reason": ""})
    assert refused.status_code == 422
    assert "Say why" in refused.get_data(as_text=True)
    odd = client.post(f"/leads/{lead.id}/state", data={"state": "sold", "reason": "It was fun"})
    assert odd.status_code == 422
    assert "It was fun" in odd.get_data(as_text=True)
    sent = {"state": "invalid", "reason": "Cancelled"}
    assert client.post(f"/leads/{lead.id}/state", data=sent).status_code == 303
    session.refresh(lead)
    assert lead.state == "invalid"


def test_the_form_to_convert_holds_what_the_lead_knows(session: Session, cast: Cast, browser: Browser) -> None:
    lead = make_lead(
        session, cast.sales1, name="Canal House", step="ground", developer="Hengyue Land", address="4 Quay"
    )
    page = browser.of(cast.sales1).get(f"/leads/{lead.id}/convert").get_data(as_text=True)
    for text in ('value="Canal House"', 'value="Hengyue Land"', 'value="4 Quay"', '<option selected value="ground">'):
        assert text in page, text


def test_a_lead_is_converted_and_its_project_shows_its_records(session: Session, cast: Cast, browser: Browser) -> None:
    lead = make_lead(session, cast.sales1, developer="Hengyue Land")
    photo = make_photo(session, cast.sales1, taken_on=clock.today())
    note_on_lead(
        session, lead, by=cast.sales1, kind="site_visit", on=clock.today(), text="Fence is up.", photos=(photo.token,)
    )
    session.commit()
    client = browser.of(cast.sales1)
    answer = client.post(f"/leads/{lead.id}/convert", data=opening(developer="Hengyue Land"))
    project = session.scalars(select(Project)).one()
    assert answer.status_code == 303
    assert answer.location == f"/projects/{project.id}"
    assert client.get(answer.location).status_code == 200
    assert client.get(f"/projects/{project.id}/cells/qualify/land").status_code == 200
    assert "To the project" in client.get(f"/leads/{lead.id}").get_data(as_text=True)
    again = client.post(f"/leads/{lead.id}/convert", data=opening())
    assert (again.status_code, again.location) == (303, f"/projects/{project.id}")
    assert count(session, Project) == 1


def test_what_the_matrix_refuses_is_shown_with_its_rules_and_the_form_keeps_its_input(
    session: Session, cast: Cast, browser: Browser
) -> None:
    lead = make_lead(session, cast.sales1)
    sent = opening(phase="settle", name="Kept Name", developer="Brand New Firm")
    answer = browser.of(cast.sales1).post(f"/leads/{lead.id}/convert", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert 'class="rule-id">G' in page
    assert 'value="Kept Name"' in page
    assert 'value="Brand New Firm"' in page
    assert count(session, Project) == 0
    nothing = browser.of(cast.sales1).post(f"/leads/{lead.id}/convert", data=opening(categories=[], name="Kept Name"))
    assert nothing.status_code == 422
    assert 'value="Kept Name"' in nothing.get_data(as_text=True)


ADDRESSES = (
    ("GET", "/leads/{id}"),
    ("GET", "/leads/{id}/edit"),
    ("POST", "/leads/{id}/edit"),
    ("POST", "/leads/{id}/records"),
    ("POST", "/leads/{id}/assign"),
    ("POST", "/leads/{id}/state"),
    ("GET", "/leads/{id}/convert"),
    ("POST", "/leads/{id}/convert"),
)


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_outsiders_get_404_and_strangers_are_asked_to_sign_in(
    session: Session, cast: Cast, browser: Browser, method: str, address: str
) -> None:
    lead = make_lead(session, cast.sales1)
    for user in (cast.sales3, cast.supervisor2, cast.dealer1):
        assert browser.of(user).open(address.format(id=lead.id), method=method).status_code == 404
    stranger = browser.nobody().open(address.format(id=lead.id), method=method)
    if method == "GET":
        assert stranger.status_code == 303
        assert stranger.location.startswith("/login?")
    else:
        assert stranger.status_code == 403


@pytest.mark.parametrize(("method", "address"), ADDRESSES[1:])
def test_who_may_only_look_gets_403(session: Session, cast: Cast, browser: Browser, method: str, address: str) -> None:
    lead = make_lead(session, cast.sales1)
    client = browser.of(cast.compliance)
    assert client.get(f"/leads/{lead.id}").status_code == 200
    assert client.open(address.format(id=lead.id), method=method, data=form()).status_code == 403
    assert client.get("/leads/new").status_code == 403
    assert client.post("/leads/new", data=form()).status_code == 403


def test_a_dealer_captures_his_own_lead_and_sees_no_trail_of_ours(
    session: Session, cast: Cast, browser: Browser
) -> None:
    client = browser.of(cast.dealer1)
    answer = client.post("/leads/new", data=form(developer="Hengyue Land"))
    assert answer.status_code == 303
    page = client.get(answer.location).get_data(as_text=True)
    assert "Hengyue Land" in page
    assert "/parties/" not in page
    assert "History" not in page
    assert session.scalars(select(Lead.dealer_id)).all() == [cast.xinyuan.id]


def test_htmx_gets_sent_on_by_a_header(session: Session, cast: Cast, browser: Browser) -> None:
    answer = browser.of(cast.sales1).post("/leads/new", data=form(), headers=HTMX)
    lead = session.scalars(select(Lead)).one()
    assert answer.headers["HX-Redirect"] == f"/leads/{lead.id}"
