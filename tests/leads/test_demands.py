"""What each source demands at capture: refused with the way out, kept with the proof, owed by rows of a bulk."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from html import unescape

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.documents.making import PDF, make_document
from tests.factories import make_contact, make_party, make_photo
from tests.leads.making import make_lead
from tests.leads.test_pages import form
from tests.rows import count
from tracker import clock
from tracker.duplicates.queries import find_hits, load_thing
from tracker.errors import Invalid
from tracker.gallery.models import Photo
from tracker.leads.models import Lead, LeadContact, LeadParty
from tracker.leads.operations.answering import end_of
from tracker.leads.operations.capturing import LeadDraft, capture_lead, edit_lead
from tracker.leads.operations.firms import Person
from tracker.leads.operations.noting import note_on_lead
from tracker.leads.queries import list_lead_records, load_lead
from tracker.matching.things import Site
from tracker.matrix.queries import load_marks
from tracker.parties.models import Contact
from tracker.storage import FolderStorage

pytestmark = pytest.mark.usefixtures("media")

DESIGNER = Person("Elena", "Qiheng Interiors", "interior_designer", "Lead designer", "15412056701")


@pytest.mark.parametrize(
    ("source", "field"),
    [
        ("street_canvassing", "photos"),
        ("media_land", "documents"),
        ("design_institute", "informant_name"),
        ("owner_inquiry", "note"),
    ],
)
def test_a_lead_without_what_its_source_demands_is_refused_at_that_field(
    session: Session, cast: Cast, source: str, field: str
) -> None:
    with pytest.raises(Invalid) as refusal:
        capture_lead(session, LeadDraft("Plot 7", source), by=cast.sales1)
    assert refusal.value.field == field


def test_a_photo_without_a_place_is_no_proof_of_canvassing_and_one_with_it_is(session: Session, cast: Cast) -> None:
    photo = make_photo(session, cast.sales1)
    draft = LeadDraft("Plot 7", "street_canvassing", photos=(photo.token,))
    with pytest.raises(Invalid, match="does not say where"):
        capture_lead(session, draft, by=cast.sales1)
    lead = capture_lead(
        session,
        LeadDraft("Plot 7", "street_canvassing", photos=(photo.token,), latitude=31.2, longitude=121.5),
        by=cast.sales1,
    )
    assert not lead.owes_evidence
    assert (photo.latitude, photo.place_from) == (31.2, "stated")


@pytest.mark.parametrize("paper", ["pdf", "screenshot"])
def test_a_land_auction_brings_its_document_or_a_picture_of_it(
    session: Session, cast: Cast, media: FolderStorage, paper: str
) -> None:
    if paper == "pdf":
        draft = LeadDraft("Plot 7", "media_land", documents=(make_document(session, media, cast.sales1).token,))
    else:
        draft = LeadDraft("Plot 7", "media_land", photos=(make_photo(session, cast.sales1).token,))
    lead = capture_lead(session, draft, by=cast.sales1)
    session.commit()
    [record] = list_lead_records(session, cast.sales1, lead)
    assert not lead.owes_evidence
    assert record.kind == "note", "nobody visited the site"
    papers = [name for _token, name in load_marks(session, [record]).get(record.id).papers] if paper == "pdf" else []
    assert papers == (["notice.pdf"] if paper == "pdf" else [])


def test_who_told_us_is_kept_with_his_firm_and_is_answered_within_three_days(session: Session, cast: Cast) -> None:
    lead = capture_lead(session, LeadDraft("Binhai", "design_institute", informant=DESIGNER), by=cast.sales1)
    session.commit()
    row = session.scalars(select(LeadContact)).one()
    contact = session.get_one(Contact, row.contact_id)
    assert (contact.name, contact.phone, contact.post) == ("Elena", "15412056701", "Lead designer")
    assert session.execute(select(LeadParty.party_id, LeadParty.role)).one() == (contact.party_id, "interior_designer")
    assert lead.answer_by == end_of(clock.today() + timedelta(days=3))
    assert not lead.owes_evidence


def test_nobody_waits_for_an_answer_where_the_definition_says_nothing(session: Session, cast: Cast) -> None:
    assert make_lead(session, cast.sales1).answer_by is None
    asked = make_lead(session, cast.sales1, source="owner_inquiry", found_on=date(2026, 3, 13))  # a Friday
    assert asked.answer_by == end_of(date(2026, 3, 16))


def test_a_known_person_is_found_again_and_a_dealer_learns_of_nobody(session: Session, cast: Cast) -> None:
    known = make_contact(session, make_party(session, "Qiheng Interiors", kind="interior_designer"), "Elena")
    capture_lead(session, LeadDraft("Binhai", "design_institute", informant=DESIGNER), by=cast.sales1)
    capture_lead(session, LeadDraft("Binhai", "design_institute", informant=DESIGNER), by=cast.dealer1)
    session.flush()
    ours, theirs = session.scalars(select(LeadContact.contact_id).order_by(LeadContact.id)).all()
    assert ours == known.id
    assert session.get_one(Contact, theirs).created_by_id == cast.dealer1.id


def test_the_form_asks_back_names_what_is_missing_and_loses_nothing(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    sent = form(source="street_canvassing", papers=(io.BytesIO(PDF), "permit.pdf"), address="4 Quay", area="5200")
    answer = browser.of(cast.sales1).post("/leads/new", data=sent, content_type="multipart/form-data")
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    for kept in ("a photo of the notice board with its place", "permit.pdf", 'value="4 Quay"', 'value="5200"'):
        assert kept in page, kept
    assert count(session, Lead) == 0
    paper = page.partition('name="documents" value="')[2].partition('"')[0]
    again = form(source="media_land", documents=[paper], address="4 Quay")
    assert browser.of(cast.sales1).post("/leads/new", data=again).status_code == 303
    assert not session.scalars(select(Lead)).one().owes_evidence


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_tip_of_the_source_stands_in_the_form(cast: Cast, browser: Browser, lang: str) -> None:
    page = browser.of(cast.sales1, lang).get("/leads/new").get_data(as_text=True)
    assert ("概况牌照片是硬证据" if lang == "zh" else "The notice-board photo is hard evidence") in page


def test_the_source_used_last_is_preset_and_save_and_next_opens_an_empty_form(cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    answer = client.post("/leads/new", data=form(then="next", source="past_project"))
    assert (answer.status_code, answer.location) == (303, "/leads/new")
    page = client.get("/leads/new").get_data(as_text=True)
    assert '<option selected value="past_project">' in page
    assert "Harbour Gate" not in page


def test_a_picture_in_the_field_for_papers_counts_as_a_picture(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    from tests.gallery.making import photo

    sent = form(source="media_land", papers=(io.BytesIO(photo()), "screen.jpg"))
    answer = browser.of(cast.sales1).post("/leads/new", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 303
    assert session.scalars(select(Photo.lead_id)).all() == [session.scalars(select(Lead.id)).one()]


def test_rows_of_the_grid_owe_what_their_source_demands(session: Session, cast: Cast, browser: Browser) -> None:
    sent = {"source": "media_land", "step": "land", "kind": "", "found_on": "2026-03-16", "token": "once"}
    rows = {"rows-0-name": "Plot 1", "rows-0-value": "128万", "rows-0-developer": "Hengyue Land", "rows-1-name": "",
            "rows-11-name": "Plot 2", "rows-11-plot_number": "ZD-2"}  # fmt: skip
    client = browser.of(cast.sales1)
    assert client.post("/leads/several", data={**sent, **rows}).status_code == 303
    found = session.scalars(select(Lead).order_by(Lead.id)).all()
    assert [(lead.name, lead.owes_evidence, lead.owner_id) for lead in found] == [
        ("Plot 1", True, cast.sales1.id),
        ("Plot 2", True, cast.sales1.id),
    ]
    assert (found[0].value, found[1].plot_number) == (1_280_000, "ZD-2")
    client.post("/leads/several", data={**sent, **rows})
    assert count(session, Lead) == 2, "the same form sent twice enters them once"


GRID = {"step": "land", "kind": "", "found_on": "2026-03-16"}


def test_a_row_alone_brings_its_evidence_as_the_form_for_one_lead_does(
    session: Session, cast: Cast, browser: Browser
) -> None:
    client = browser.of(cast.sales1)
    row = {"rows-0-name": "Plot & yard", "rows-0-address": "4 Quay Street", "rows-0-value": "128万"}
    refused = client.post("/leads/several", data={**GRID, "source": "media_land", **row})
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422 and count(session, Lead) == 0
    assert "Plot &amp; yard: This source demands its document" in page and 'value="4 Quay Street"' in page
    way = unescape(page.split('<a class="btn" href="/leads/new')[1].split('"')[0])
    single = client.get("/leads/new" + way).get_data(as_text=True)
    for kept in ('value="Plot &amp; yard"', 'value="4 Quay Street"', 'selected value="media_land"', 'value="1280000'):
        assert kept in single, kept
    said = {**GRID, "source": "owner_inquiry", "rows-0-name": "Inquiry", "rows-0-note": "Ms Li rang."}
    assert client.post("/leads/several", data={**said, "rows-0-note": ""}).status_code == 422
    assert client.post("/leads/several", data=said).status_code == 303
    assert session.scalars(select(Lead.owes_evidence)).all() == [False]


def test_two_rows_owe_their_evidence_and_the_list_shows_it(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    rows = {"rows-0-name": "Plot 1", "rows-1-name": "Quay 7"}
    assert client.post("/leads/several", data={**GRID, "source": "media_land", **rows}).status_code == 303
    assert session.scalars(select(Lead.owes_evidence)).all() == [True, True]
    assert client.get("/leads?owes=1").get_data(as_text=True).count("owes evidence") >= 2


def test_a_wrong_row_is_named_and_no_row_is_entered(session: Session, cast: Cast, browser: Browser) -> None:
    sent = {"source": "media_land", "step": "land", "kind": "", "found_on": "2026-03-16"}
    client = browser.of(cast.sales1)
    for wrong in ({"rows-1-address": "4 Quay"}, {"rows-1-name": "Plot 2", "rows-1-value": "lots"}, {}):
        rows = {"rows-0-name": "Plot 1" if wrong else "", **wrong}
        answer = client.post("/leads/several", data={**sent, **rows})
        page = answer.get_data(as_text=True)
        assert answer.status_code == 422
        assert all(f'value="{value}"' in page for value in rows.values() if value)
    future = client.post("/leads/several", data={**sent, "found_on": "2026-03-17", "rows-0-name": "Plot 1"})
    assert future.status_code == 422
    assert "Plot 1: This day lies in the future." in future.get_data(as_text=True)
    assert count(session, Lead) == 0


def test_what_is_owed_follows_the_source_and_what_is_brought(
    session: Session, cast: Cast, media: FolderStorage
) -> None:
    lead = make_lead(session, cast.sales1, source="media_land")
    assert lead.owes_evidence
    paper = make_document(session, media, cast.sales1)
    told = {"kind": "meeting", "on": clock.today(), "text": "The notice."}
    note_on_lead(session, lead, by=cast.sales1, documents=(paper.token,), **told)  # type: ignore[arg-type]
    assert not lead.owes_evidence
    edit_lead(session, lead, by=cast.sales1, version=lead.version, developer=None, source="design_institute")
    assert lead.owes_evidence


def test_the_lead_shows_how_whole_its_picture_is_and_where_each_missing_piece_is_written(
    session: Session, cast: Cast, browser: Browser
) -> None:
    lead = make_lead(session, cast.sales1, developer="Hengyue Land", area=5200)
    client = browser.of(cast.sales1)
    page = client.get(f"/leads/{lead.id}").get_data(as_text=True)
    assert "2 of 6 pieces of the picture" in page
    for field in ("designer", "contractor", "categories-0", "starts_on"):
        assert f'href="/leads/{lead.id}/edit#{field}"' in page, field
        assert f'id="{field}"' in client.get(f"/leads/{lead.id}/edit").get_data(as_text=True)
    sent = form(name=lead.name, version=lead.version, developer="Hengyue Land", designer="Qiheng Interiors",
                contractor="Linden Builders", categories=["tiles"], starts_on="2026-06-01", area="5200")  # fmt: skip
    assert client.post(f"/leads/{lead.id}/edit", data=sent).status_code == 303
    assert "6 of 6 pieces of the picture" in client.get(f"/leads/{lead.id}").get_data(as_text=True)
    session.expire_all()
    roles = {row.role: row.party.name for row in load_lead(session, cast.sales1, lead.id).parties}
    assert roles == {
        "owner": "Hengyue Land",
        "design_institute": "Qiheng Interiors",
        "main_contractor": "Linden Builders",
    }
    sent = {**sent, "version": lead.version, "designer": "", "categories": []}
    assert client.post(f"/leads/{lead.id}/edit", data=sent).status_code == 303
    assert "4 of 6 pieces of the picture" in client.get(f"/leads/{lead.id}").get_data(as_text=True)


def test_a_photo_of_the_notice_board_and_a_place_are_enough_and_the_name_is_asked_for(
    session: Session, cast: Cast, browser: Browser
) -> None:
    photo = make_photo(session, cast.sales1)
    session.commit()
    client = browser.of(cast.sales1)
    sent = form(name="", source="street_canvassing", photos=[photo.token], latitude="31.2304", longitude="121.4737")
    assert client.post("/leads/new", data=sent).status_code == 303
    lead = session.scalars(select(Lead)).one()
    assert (lead.name, lead.owes_evidence) == ("31.23040, 121.47370", False)
    assert "what people call the site" in client.get(f"/leads/{lead.id}").get_data(as_text=True)
    page = client.get(f"/leads/{lead.id}/convert").get_data(as_text=True)
    assert 'value="31.23040, 121.47370"' not in page, "a project is called by its name"
    edit_lead(session, lead, by=cast.sales1, version=lead.version, developer=None, name="Quay House")
    session.commit()
    assert "what people call the site" not in client.get(f"/leads/{lead.id}").get_data(as_text=True)


def test_the_place_of_a_picture_names_a_lead_as_well_and_an_address_does_so_better(
    session: Session, cast: Cast
) -> None:
    photo = make_photo(session, cast.sales1)
    photo.latitude, photo.longitude, photo.place_from = 31.5, 121.25, "exif"
    session.flush()
    lead = capture_lead(session, LeadDraft("", "street_canvassing", photos=(photo.token,)), by=cast.sales1)
    assert lead.name == "31.50000, 121.25000"
    other = make_photo(session, cast.sales1)
    told = LeadDraft(" ", "owner_inquiry", address="4 Quay Street", note="?", latitude=31.5, longitude=121.25)
    assert capture_lead(session, replace(told, photos=(other.token,)), by=cast.sales1).name == "4 Quay Street"


def test_a_lead_of_which_neither_name_nor_place_is_known_is_refused(
    session: Session, cast: Cast, browser: Browser
) -> None:
    answer = browser.of(cast.sales1).post("/leads/new", data=form(name="", source="owner_inquiry", note="Rang."))
    assert answer.status_code == 422
    assert "a photo and its place are enough" in answer.get_data(as_text=True)
    assert count(session, Lead) == 0


def test_what_stands_in_for_a_name_is_no_name_to_the_search_for_duplicates(session: Session, cast: Cast) -> None:
    place = {"latitude": 31.2304, "longitude": 121.4737}
    lead = make_lead(session, cast.sales1, name="31.23040, 121.47370", kind="hotel", **place)
    _name, site = load_thing(session, cast.sales1, "lead", lead.id)
    assert isinstance(site, Site)
    assert site.names == ()
    known = make_lead(session, cast.sales1, name="Quay House", kind="hotel", **place)
    [hit] = find_hits(session, cast.sales1, "lead", site, ("lead", lead.id))
    assert (hit.id, {"name", "other_name", "number"} & {one.kind for one in hit.likeness.reasons}) == (known.id, set())
