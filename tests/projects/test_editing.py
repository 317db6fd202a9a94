"""GET and POST /projects/<id>/edit and /reassign."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.factories import make_project
from tests.projects.making import data_of, facts_form
from tests.rows import events_of
from tracker import clock
from tracker.errors import Forbidden, Stale
from tracker.events import Event, Kind
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.projects.models import Project
from tracker.projects.operations import edit_project, reassign_project
from tracker.projects.queries import get_project
from tracker.team.models import User

BUDGET = 8  # statements of the form's page, signing in included


def made(session: Session, cast: Cast, by: User | None = None) -> Project:
    """A project as its editor's page loads it."""
    return get_project(session, by or cast.sales1, make_project(session, cast.sales1).id)


def test_facts_are_changed_and_the_event_keeps_what_they_were(session: Session, cast: Cast, browser: Browser) -> None:
    project = made(session, cast)
    client = browser.of(cast.sales1)
    sent = facts_form(project, name="Riverside Tower 4", value="2,500,000", address="Quay Road 7", note="North gate")
    answer = client.post(f"/projects/{project.id}/edit", data=sent)
    assert (answer.status_code, answer.location) == (303, f"/projects/{project.id}")
    session.refresh(project)
    assert (project.name, project.value, project.address, project.note) == (
        "Riverside Tower 4",
        2_500_000,
        "Quay Road 7",
        "North gate",
    )
    told = data_of(session, Kind.PROJECT_EDITED)
    assert told["before"] == {"name": "Riverside Tower 3", "value": "1000000", "address": None, "note": None}
    assert "Riverside Tower 4" in client.get(f"/projects/{project.id}").get_data(as_text=True)


def test_the_form_holds_the_facts_and_asks_little(session: Session, cast: Cast, browser: Browser) -> None:
    project = made(session, cast)
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        page = client.get(f"/projects/{project.id}/edit").get_data(as_text=True)
    assert 'value="Riverside Tower 3"' in page and 'value="1000000"' in page
    assert f'name="version" type="hidden" value="{project.version}"' in page
    assert len(asked) <= BUDGET


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_stale_form_is_answered_with_what_the_project_is_now_beside_what_was_typed(
    session: Session, cast: Cast, browser: Browser, headers: dict[str, str]
) -> None:
    project = made(session, cast)
    sent = facts_form(project, name="My name for it", note="my note")
    edit_project(session, project, by=cast.sales1, version=project.version, name="Their name", address="Quay Road 7")
    session.commit()
    client = browser.of(cast.sales1)
    answer = client.post(f"/projects/{project.id}/edit", data=sent, headers=headers)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 409
    for shown in ("Their name", "My name for it", "my note", "Quay Road 7"):
        assert shown in page
    session.refresh(project)
    assert project.name == "Their name"
    again = client.post(f"/projects/{project.id}/edit", data={**sent, "version": str(project.version)})
    assert again.status_code == 303
    session.refresh(project)
    assert project.name == "My name for it"


def test_a_visit_logged_meanwhile_makes_no_form_stale(session: Session, cast: Cast, browser: Browser) -> None:
    project = made(session, cast)
    sent = facts_form(project, name="Riverside Tower 4")
    log_record(session, project, RecordDraft("map", "structure", "call", clock.today(), "Called"), by=cast.sales1)
    session.commit()
    assert int(sent["version"]) < project.version
    assert browser.of(cast.sales1).post(f"/projects/{project.id}/edit", data=sent).status_code == 303
    session.refresh(project)
    assert project.name == "Riverside Tower 4"


def test_the_second_press_of_the_same_form_finds_nothing_to_do(session: Session, cast: Cast, browser: Browser) -> None:
    project = made(session, cast)
    client = browser.of(cast.sales1)
    sent = facts_form(project, name="Riverside Tower 4")
    answers = [client.post(f"/projects/{project.id}/edit", data=sent).status_code for _ in range(2)]
    assert answers == [303, 303]
    assert events_of(session, project) == [Kind.PROJECT_EDITED]


@pytest.mark.parametrize("version", [0, -1, 99])
def test_a_version_that_never_was_is_stale(session: Session, cast: Cast, version: int) -> None:
    project = made(session, cast)
    with pytest.raises(Stale):
        edit_project(session, project, by=cast.sales1, version=version, name="Other")


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "A project needs a name."),
        ({"value": "-1"}, "A value cannot be negative."),
        ({"latitude": "31"}, "A place needs both latitude and longitude."),
        ({"kind": "castle"}, "Choose one of the values in the list."),
    ],
)
def test_a_refused_form_keeps_what_was_typed(
    session: Session, cast: Cast, browser: Browser, wrong: dict[str, str], said: str
) -> None:
    project = made(session, cast)
    answer = browser.of(cast.sales1).post(
        f"/projects/{project.id}/edit", data=facts_form(project, **{"note": "as typed", **wrong})
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page and "as typed" in page
    session.refresh(project)
    assert (project.name, project.value, project.note) == ("Riverside Tower 3", 1_000_000, None)


@pytest.mark.parametrize("page", ["edit", "reassign", "people"])
def test_outsiders_find_nothing_and_viewers_are_told_why_not(
    session: Session, cast: Cast, browser: Browser, page: str
) -> None:
    project = made(session, cast)
    address = f"/projects/{project.id}/{page}"
    for outsider in (cast.sales2, cast.supervisor2, cast.dealer1):
        assert browser.of(outsider).get(address).status_code == 404
    viewer = browser.of(cast.compliance).get(address)
    assert viewer.status_code == 403
    assert "Only " in viewer.get_data(as_text=True)
    if page != "people":
        for outsider, status in ((cast.sales2, 404), (cast.compliance, 403)):
            assert browser.of(outsider).post(address, data=facts_form(project, name="No")).status_code == status
        assert browser.of(cast.supervisor).delete(address).status_code == 405
    session.refresh(project)
    assert project.name == "Riverside Tower 3"


def test_a_supervisor_reassigns_and_the_team_follows_the_new_owner(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = made(session, cast)
    client = browser.of(cast.director)
    sent = {"owner_id": str(cast.sales3.id), "reason": "The site lies in the south."}
    assert "Sales3" in client.get(f"/projects/{project.id}/reassign").get_data(as_text=True)
    answer = client.post(f"/projects/{project.id}/reassign", data=sent)
    assert answer.status_code == 303
    session.refresh(project)
    assert (project.owner_id, project.team_id) == (cast.sales3.id, cast.south.id)
    told = data_of(session, Kind.PROJECT_REASSIGNED)
    assert told["before"] == {"owner_id": cast.sales1.id, "team_id": cast.north.id}
    assert told["reason"] == "The site lies in the south."
    assert browser.of(cast.sales1).get(f"/projects/{project.id}").status_code == 404
    assert browser.of(cast.sales3).get(f"/projects/{project.id}").status_code == 200


def test_the_owner_himself_does_not_reassign(session: Session, cast: Cast, browser: Browser) -> None:
    project = made(session, cast)
    sent = {"owner_id": str(cast.sales2.id), "reason": "Holiday"}
    answer = browser.of(cast.sales1).post(f"/projects/{project.id}/reassign", data=sent)
    assert answer.status_code == 403
    assert "Only a supervisor" in answer.get_data(as_text=True)
    with pytest.raises(Forbidden):
        reassign_project(session, project, cast.sales2, by=cast.sales1, reason="Holiday")


@pytest.mark.parametrize(
    ("owner", "reason", "said"),
    [
        ("sales2", "  ", "Say why: both owners read this sentence."),
        ("sales1", "Again", "The project belongs to this colleague already."),
        ("dealer1", "Theirs", "Choose one of the values in the list."),
        ("", "Whose", "Choose one of the values in the list."),
    ],
)
def test_a_reassignment_that_makes_no_sense_keeps_its_reason(
    session: Session, cast: Cast, browser: Browser, owner: str, reason: str, said: str
) -> None:
    project = made(session, cast)
    person = cast.users.get(owner)
    sent = {"owner_id": str(person.id) if person else "", "reason": reason}
    answer = browser.of(cast.supervisor).post(f"/projects/{project.id}/reassign", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page and reason in page
    assert session.scalars(select(Event).where(Event.kind == Kind.PROJECT_REASSIGNED)).all() == []
    assert (project.owner_id, project.team_id) == (cast.sales1.id, cast.north.id)


def test_somebody_switched_off_gets_no_project(session: Session, cast: Cast, browser: Browser) -> None:
    project = made(session, cast)
    cast.sales2.active = False
    session.commit()
    sent = {"owner_id": str(cast.sales2.id), "reason": "Holiday"}
    assert browser.of(cast.supervisor).post(f"/projects/{project.id}/reassign", data=sent).status_code == 422
