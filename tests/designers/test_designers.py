"""Designers: who they are, what of their projects we know, how far they stand up for us."""

from __future__ import annotations

from datetime import date

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_contact, make_party, make_project
from tests.matrix.making import STANDARD
from tracker import clock
from tracker.designers.models import AdvocacyEntry
from tracker.designers.operations import set_lead, set_level
from tracker.designers.queries import list_designers, load_designer
from tracker.errors import Invalid
from tracker.matrix.models import Evidence
from tracker.parties.models import Contact
from tracker.parties.queries.fingerprint import fixing_targets
from tracker.projects.models import Project, ProjectContact
from workflows.advocacy import AdvocacyFacts, suggest_level

TODAY = date(2026, 3, 16)
DRAWN = next(target for target, kind in fixing_targets(STANDARD).items() if kind == "spec_clause")


def designer(session: Session, name: str = "Lin Mo", kind: str = "design_institute") -> Contact:
    """Somebody of a firm of this kind."""
    return make_contact(session, make_party(session, f"Studio {name}", kind=kind), name)


def takes_part(session: Session, project: Project, contact: Contact, attitude: str = "unknown") -> ProjectContact:
    """He is in a project's circle."""
    row = ProjectContact(project_id=project.id, contact_id=contact.id, attitude=attitude)
    session.add(row)
    session.commit()
    return row


def drawn(session: Session, project: Project) -> None:
    """A proof that the project's drawing carries us."""
    day = clock.today()
    session.add(Evidence(project_id=project.id, target=DRAWN, kind="document", dated_on=day, recorded_on=day))
    session.commit()


def test_people_of_design_firms_are_designers_and_whoever_leads_a_design(session: Session, cast: Cast) -> None:
    designer(session, "Lin Mo")
    other = designer(session, "Wang Li", kind="owner")
    designer(session, "Nobody", kind="owner")
    project = make_project(session, cast.sales1)
    set_lead(session, project, takes_part(session, project, other), by=cast.sales1, leads=True)
    session.commit()
    found = list_designers(session, cast.sales1, STANDARD).items
    assert [line.name for line in found] == ["Lin Mo", "Wang Li"]


def test_the_list_is_narrowed_to_those_in_projects_those_who_draw_us_and_those_of_a_level(
    session: Session, cast: Cast
) -> None:
    draws, joins, idle, unseen = (designer(session, name) for name in ("Lin Mo", "Wang Li", "Zhou Yu", "Xu Da"))
    project, other = make_project(session, cast.sales1), make_project(session, cast.sales1, name="Other")
    takes_part(session, project, draws)
    takes_part(session, other, joins)
    takes_part(session, make_project(session, cast.sales3, name="Far away"), unseen)
    drawn(session, project)
    set_level(session, idle, by=cast.sales1, level="tried", reason="Once")
    set_level(session, idle, by=cast.sales1, level="aware", reason="Not since")
    set_level(session, draws, by=cast.sales1, level="tried", reason="One drawing")
    session.commit()

    def names(**asked: str) -> list[str]:
        found = list_designers(session, cast.sales1, STANDARD, **asked)  # type: ignore[arg-type]
        return [line.name for line in found.items]

    assert names(show="projects") == ["Lin Mo", "Wang Li"]
    assert names(show="drawn") == ["Lin Mo"]
    assert names(level="tried") == ["Lin Mo"]
    assert names(level="aware") == ["Zhou Yu"]
    assert names() == ["Lin Mo", "Wang Li", "Xu Da", "Zhou Yu"]


def test_the_list_counts_led_and_joined_projects_that_one_sees_in_few_statements(session: Session, cast: Cast) -> None:
    contact = designer(session)
    led, joined = make_project(session, cast.sales1, state="won"), make_project(session, cast.sales1)
    hidden = make_project(session, cast.sales3, team=cast.south)
    for project in (led, joined, hidden):
        row = takes_part(session, project, contact)
        row.leads_design = project is led
    drawn(session, led)
    list_designers(session, cast.sales1, STANDARD)  # by then he and his role are loaded
    with counted_queries() as queries:
        (line,) = list_designers(session, cast.sales1, STANDARD).items
    assert (line.leads, line.joins, line.drawn, line.won, line.level) == (1, 1, 1, 1, None)
    assert len(queries) <= 5


def test_a_level_is_set_with_its_reason_and_what_stood_before_stays(session: Session, cast: Cast) -> None:
    contact = designer(session)
    with pytest.raises(Invalid):
        set_level(session, contact, by=cast.designpromo, level="aware", reason=" ")
    set_level(session, contact, by=cast.designpromo, level="aware", reason="Met at the fair")
    set_level(session, contact, by=cast.designpromo, level="tried", reason="Drew us in the lobby")
    session.commit()
    page = load_designer(session, cast.designpromo, contact, STANDARD, TODAY)
    assert [(entry.before, entry.level) for entry in page.history] == [("aware", "tried"), (None, "aware")]
    assert page.level == "tried"
    assert [one.name for one in list_designers(session, cast.sales1, STANDARD, level="tried").items] == ["Lin Mo"]
    assert list_designers(session, cast.sales1, STANDARD, level="aware").items == []


def test_the_facts_suggest_a_level(session: Session, cast: Cast) -> None:
    contact = designer(session)
    for _number in range(2):
        project = make_project(session, cast.sales1)
        takes_part(session, project, contact, attitude="champion")
        drawn(session, project)
    page = load_designer(session, cast.sales1, contact, STANDARD, clock.today())
    assert page.suggested.level == "advocate"
    assert load_designer(session, cast.sales3, contact, STANDARD, clock.today()).suggested.level == "unknown"


@pytest.mark.parametrize(
    ("facts", "level"),
    [
        (AdvocacyFacts(), "unknown"),
        (AdvocacyFacts(met=True), "aware"),
        (AdvocacyFacts(met=True, carried=[TODAY]), "tried"),
        (AdvocacyFacts(carried=[date(2020, 1, 1), date(2020, 1, 2)]), "tried"),
        (AdvocacyFacts(carried=[TODAY, TODAY]), "regular"),
        (AdvocacyFacts(carried=[TODAY, TODAY], leads=1), "advocate"),
        (AdvocacyFacts(carried=[TODAY, TODAY], champions=1), "advocate"),
        (AdvocacyFacts(carried=[TODAY, TODAY], champions=1, opposed=1), "regular"),
    ],
)
def test_what_speaks_for_which_level(facts: AdvocacyFacts, level: str) -> None:
    suggested = suggest_level(facts, TODAY)
    assert suggested.level == level and suggested.reasons


def test_a_designer_s_page_sets_level_and_lead(session: Session, cast: Cast, browser: Browser) -> None:
    contact = designer(session)
    project = make_project(session, cast.sales1)
    row = takes_part(session, project, contact)
    client, address = browser.of(cast.sales1), f"/designers/{contact.id}"
    assert client.post(f"{address}/level", data={"level": "aware", "reason": ""}).status_code == 422
    assert client.post(f"{address}/level", data={"level": "aware", "reason": "Met"}).status_code == 303
    assert client.post(f"{address}/projects/{project.id}", data={"leads": "1"}).status_code == 303
    session.expire_all()
    assert session.get_one(ProjectContact, row.id).leads_design
    assert session.scalars(select(AdvocacyEntry.level)).all() == ["aware"]
    assert browser.of(cast.sales3).post(f"{address}/projects/{project.id}", data={"leads": "0"}).status_code == 404
    page = client.get(address).text
    assert project.name in page and client.get("/designers?export=csv").status_code == 200
