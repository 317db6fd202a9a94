"""A lead becomes a project: what comes along, and what stands in the way."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.documents.making import make_document
from tests.factories import make_photo
from tests.leads.making import kinds_of, make_lead, opening
from tracker import clock
from tracker.errors import AlreadyDone, Forbidden, Refused
from tracker.events import Kind
from tracker.leads.models import LeadMember
from tracker.leads.operations.becoming import set_lead_state
from tracker.leads.operations.converting import convert_lead
from tracker.leads.operations.firms import Person
from tracker.leads.operations.naming import add_lead_name
from tracker.leads.operations.noting import note_on_lead
from tracker.leads.operations.people import add_person
from tracker.matrix.models import Record
from tracker.matrix.operations.judging import Blocked
from tracker.matrix.queries import list_records, load_matrix
from tracker.parties.models import Contact
from tracker.projects.models import Project, ProjectContact, ProjectMember, ProjectParty, SiteName
from tracker.search.indexing import holds
from tracker.storage import FolderStorage


def test_the_project_takes_the_leads_parties_records_and_pictures_with_dates_and_authors(
    session: Session, cast: Cast
) -> None:
    week_ago = clock.today() - timedelta(days=7)
    lead = make_lead(session, cast.sales1, developer="Hengyue Land")
    photo = make_photo(session, cast.sales2, taken_on=week_ago)
    record = note_on_lead(
        session, lead, by=cast.sales2, kind="site_visit", on=week_ago, text="Fence is up.", photos=(photo.token,)
    )
    taken_at, entered_at = photo.taken_at, record.entered_at
    project = convert_lead(session, lead, opening(), by=cast.supervisor)
    session.commit()
    session.refresh(record)
    session.refresh(photo)
    assert (lead.project_id, lead.state) == (project.id, "converted")
    assert (project.owner_id, project.source) == (cast.sales1.id, "street_canvassing")
    assert project.developer_id == lead.developer_id
    assert (record.project_id, record.author_id, record.happened_on) == (project.id, cast.sales2.id, week_ago)
    assert (record.entered_at, record.phase, record.step) == (entered_at, "qualify", "land")
    assert (photo.project_id, photo.uploader_id, photo.taken_at) == (project.id, cast.sales2.id, taken_at)
    assert (photo.phase, photo.step) == ("qualify", "land")
    assert [one.id for one in list_records(session, cast.sales1, project)] == [record.id]
    cell = load_matrix(session, cast.sales1, project).board.cells["qualify", "land"]
    assert (cell.records, cell.photos, cell.departments) == (1, 1, ("sales",))
    assert kinds_of(session, lead)[-1] == Kind.LEAD_CONVERTED
    assert kinds_of(session, project) == [Kind.PROJECT_OPENED]


def test_a_dealers_lead_becomes_ours_and_keeps_the_dealer(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.dealer1, name="Dealer's site")
    project = convert_lead(session, lead, opening(), by=cast.gm)
    assert project.owner_id == cast.gm.id
    assert project.dealer_id == cast.xinyuan.id


def test_the_project_of_somebody_who_left_goes_to_the_one_who_converts(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1)
    cast.sales1.active = False
    session.commit()
    assert convert_lead(session, lead, opening(), by=cast.gm).owner_id == cast.gm.id


def test_a_firm_named_again_in_the_form_joins_once(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1, developer="Hengyue Land")
    assert lead.developer_id
    project = convert_lead(session, lead, opening(parties=((lead.developer_id, "owner"),)), by=cast.sales1)
    rows = session.scalars(select(ProjectParty.role).where(ProjectParty.project_id == project.id)).all()
    assert rows == ["owner"]


def test_a_lead_is_converted_once(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1)
    project = convert_lead(session, lead, opening(), by=cast.sales1)
    with pytest.raises(AlreadyDone) as again:
        convert_lead(session, lead, opening(), by=cast.sales1)
    assert again.value.details == f"/projects/{project.id}"
    assert session.scalars(select(Project.id)).all() == [project.id]


def test_a_cell_that_the_matrix_blocks_is_refused_with_its_rule_and_nothing_changes(
    session: Session, cast: Cast
) -> None:
    lead = make_lead(session, cast.sales1)
    note_on_lead(session, lead, by=cast.sales1, kind="site_visit", on=clock.today(), text="Seen.")
    session.commit()
    with pytest.raises(Blocked) as refusal:
        convert_lead(session, lead, opening(phase="settle", step="land"), by=cast.sales1)
    session.rollback()
    assert refusal.value.rules
    assert (lead.state, lead.project_id) == ("following", None)
    assert session.scalars(select(Record.project_id)).all() == [None]


def test_a_lead_given_up_is_taken_up_again_before_it_is_converted(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1)
    set_lead_state(session, lead, "invalid", by=cast.sales1, reason="Cancelled")
    with pytest.raises(Refused):
        convert_lead(session, lead, opening(), by=cast.sales1)


def test_who_may_not_convert_is_told_so(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1)
    for user in (cast.compliance, cast.dealer1):
        with pytest.raises(Forbidden):
            convert_lead(session, lead, opening(), by=user)


def test_people_names_papers_materials_and_colleagues_come_along(
    session: Session, cast: Cast, browser: Browser, media: FolderStorage
) -> None:
    week_ago = clock.today() - timedelta(days=7)
    paper = make_document(session, media, cast.sales2)
    lead = make_lead(session, cast.sales1, name="Plot 7", categories=("tiles", "lighting"), designer="Qiheng")
    note_on_lead(
        session, lead, by=cast.sales2, kind="meeting", on=week_ago, text="The notice.", documents=(paper.token,)
    )
    add_person(session, lead, Person("Wang", "Hengyue Land", role="decision_maker"), by=cast.sales1)
    add_lead_name(session, lead, "promotion", "云栖江湾", by=cast.sales1)
    session.add(LeadMember(lead_id=lead.id, user_id=cast.technical.id))
    session.commit()
    form = browser.of(cast.sales1).get(f"/leads/{lead.id}/convert").get_data(as_text=True)
    for category in ("tiles", "lighting"):
        assert re.search(rf'<input checked [^>]*value="{category}"', form), category
    assert 'value="Qiheng"' in form
    project = convert_lead(session, lead, opening(name="Riverside Tower"), by=cast.sales1)
    session.commit()
    session.refresh(paper)
    assert (paper.project_id, paper.lead_id, paper.uploader_id) == (project.id, lead.id, cast.sales2.id)
    contact, role = session.execute(select(Contact.name, ProjectContact.role).join(ProjectContact.contact)).one()
    assert (contact, role) == ("Wang", "decision_maker")
    names = session.execute(select(SiteName.kind, SiteName.name).where(SiteName.project_id == project.id)).all()
    assert [tuple(row) for row in names] == [("promotion", "云栖江湾"), ("site", "Plot 7")]
    assert session.scalars(select(Project.id).where(holds(Project, "云栖"))).all() == [project.id]
    assert session.scalars(select(ProjectMember.user_id)).all() == [cast.technical.id]
    assert not project.key_project
    client = browser.of(cast.technical)
    assert client.get(f"/documents/{paper.token}").status_code == 200
    assert "notice.pdf" in client.get(f"/projects/{project.id}").get_data(as_text=True)


def test_a_key_project_is_marked_so_and_the_supervisor_joins_its_team(session: Session, cast: Cast) -> None:
    cast.north.supervisor_id = cast.supervisor.id
    lead = make_lead(session, cast.sales1)
    lead.outcome = "key_project"
    project = convert_lead(session, lead, opening(), by=cast.sales1)
    assert project.key_project
    assert session.scalars(select(ProjectMember.user_id)).all() == [cast.supervisor.id]
    assert kinds_of(session, project) == [Kind.PROJECT_OPENED, Kind.MEMBER_JOINED]


def test_design_promotion_converts_the_lead_that_a_designer_brought_it(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.users["designpromo"])
    project = convert_lead(session, lead, opening(), by=cast.users["designpromo"])
    assert project.owner_id == cast.users["designpromo"].id
