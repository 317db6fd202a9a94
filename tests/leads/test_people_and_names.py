"""People and other names on a lead, and that a site is found by any of its names."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_project
from tests.leads.making import kinds_of, make_lead
from tests.rows import count, events_of
from tracker.errors import Invalid, Refused
from tracker.events import Kind
from tracker.leads.models import Lead, LeadContact
from tracker.leads.operations.firms import Person
from tracker.leads.operations.naming import add_lead_name, drop_lead_name
from tracker.leads.operations.people import add_person, remove_person
from tracker.leads.queries import LeadFilters, list_leads
from tracker.parties.models import Contact
from tracker.projects.models import Project, SiteName
from tracker.projects.operations import add_site_name, drop_site_name
from tracker.search.indexing import faults, holds, rebuild


def test_a_person_joins_a_lead_once_and_leaves_it_with_a_trail(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1, source="design_institute")
    person = Person("Wang", "Hengyue Land", "owner", role="decision_maker")
    row = add_person(session, lead, person, by=cast.sales1)
    assert (row.role, lead.owes_evidence, lead.developer_id is not None) == ("decision_maker", False, True)
    with pytest.raises(Refused):
        add_person(session, lead, person, by=cast.sales1)
    for wrong in (Person("", "Firm"), Person("Li", ""), Person("Li", "Firm", role="king"), Person("Li", "F", "castle")):
        with pytest.raises(Invalid):
            add_person(session, lead, wrong, by=cast.sales1)
    remove_person(session, lead, row, by=cast.sales1)
    assert kinds_of(session, lead) == [Kind.LEAD_ADDED, Kind.CONTACT_JOINED, Kind.CONTACT_LEFT]
    assert (count(session, LeadContact), lead.owes_evidence) == (0, True)
    assert session.scalars(select(Contact.name)).all() == ["Wang"], "the person stays"


def test_people_are_added_on_the_leads_page_and_a_refused_form_keeps_its_input(
    session: Session, cast: Cast, browser: Browser
) -> None:
    lead = make_lead(session, cast.sales1)
    client, address = browser.of(cast.sales1), f"/leads/{lead.id}/people"
    refused = client.post(address, data={"person-name": "Wang", "person-firm": ""})
    assert refused.status_code == 422
    assert 'value="Wang"' in refused.get_data(as_text=True)
    sent = {"person-name": "Wang", "person-firm": "Hengyue Land", "person-phone": "139 0000"}
    assert client.post(address, data=sent).status_code == 303
    assert "tel:139 0000" in client.get(f"/leads/{lead.id}").get_data(as_text=True)
    assert client.post(address, data=sent).status_code == 422, "he is on the lead already"
    row = session.scalars(select(LeadContact.id)).one()
    assert client.post(f"{address}/{row}/remove").status_code == 303
    assert client.post(f"{address}/{row}/remove").status_code == 404


def test_a_lead_is_found_by_its_other_names_until_they_are_taken_away(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1, name="Plot 7")
    other = make_lead(session, cast.sales1, name="Plot 8")
    row = add_lead_name(session, lead, "promotion", "云栖江湾", by=cast.sales1)
    session.commit()

    def found(q: str) -> list[str]:
        return [one.name for one in list_leads(session, cast.sales1, LeadFilters(q=q)).items]

    assert (found("江湾"), found("Plot 7")) == (["Plot 7"], ["Plot 7"])
    lead.name = "Harbour Gate"
    session.commit()
    assert (found("江湾"), found("Harbour")) == (["Harbour Gate"], ["Harbour Gate"])
    assert list(faults(session)) == []
    rebuild(session)
    assert found("江湾") == ["Harbour Gate"] and list(faults(session)) == []
    for wrong in (("promotion", "云栖江湾"), ("site", "Harbour Gate"), ("nickname", "x"), ("site", " ")):
        with pytest.raises(Invalid):
            add_lead_name(session, lead, *wrong, by=cast.sales1)
    drop_lead_name(session, lead, row, by=cast.sales1)
    session.commit()
    assert (found("江湾"), found("Plot 8")) == ([], [other.name])
    assert kinds_of(session, lead)[-2:] == [Kind.SITE_NAMED, Kind.SITE_NAME_DROPPED]


def test_a_project_is_found_by_its_other_names(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    client, address = browser.of(cast.sales1), f"/projects/{project.id}"
    sent = {"name-name": "云栖江湾", "name-kind": "registered"}
    assert client.post(f"{address}/names", data=sent).status_code == 303
    assert client.post(f"{address}/names", data=sent).status_code == 422
    assert session.scalars(select(Project.id).where(holds(Project, "云栖"))).all() == [project.id]
    for page in (address, f"{address}/people"):
        assert "云栖江湾" in client.get(page).get_data(as_text=True)
    row = session.scalars(select(SiteName.id)).one()
    assert client.post(f"{address}/remove/name/{row}").status_code == 303
    assert session.scalars(select(Project.id).where(holds(Project, "云栖"))).all() == []
    assert events_of(session, project)[-2:] == [Kind.SITE_NAMED, Kind.SITE_NAME_DROPPED]


def test_names_are_added_and_taken_away_on_the_leads_page(session: Session, cast: Cast, browser: Browser) -> None:
    lead = make_lead(session, cast.sales1)
    client, address = browser.of(cast.sales1), f"/leads/{lead.id}/names"
    sent = {"name-name": "云栖江湾", "name-kind": "promotion"}
    assert client.post(address, data=sent).status_code == 303
    again = client.post(address, data=sent)
    assert again.status_code == 422 and "The site is called so already." in again.get_data(as_text=True)
    row = session.scalars(select(SiteName.id)).one()
    assert client.post(f"{address}/{row}/remove").status_code == 303
    assert client.post(f"{address}/{row}/remove").status_code == 404
    assert session.scalars(select(Lead.id).where(holds(Lead, "云栖"))).all() == []


def test_one_name_on_two_things_stays_where_it_was_not_taken_away(session: Session, cast: Cast) -> None:
    lead, project = make_lead(session, cast.sales1), make_project(session, cast.sales1)
    session.refresh(project, ["team", "members"])
    add_lead_name(session, lead, "site", "Old Mill", by=cast.sales1)
    row = add_site_name(session, project, "site", "Old Mill", by=cast.sales1)
    drop_site_name(session, project, row, by=cast.sales1)
    assert session.scalars(select(Lead.id).where(holds(Lead, "mill"))).all() == [lead.id]
    assert session.scalars(select(Project.id).where(holds(Project, "mill"))).all() == []
