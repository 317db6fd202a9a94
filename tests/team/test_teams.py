"""The tree of teams with their supervisors, and the regions."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_project, make_user
from tracker.access import visible
from tracker.errors import Invalid
from tracker.events import Event, Kind
from tracker.matrix.queries import list_deciders
from tracker.projects.models import Project
from tracker.projects.queries import get_project
from tracker.team import operations
from tracker.team.models import Region, Team


def form(team: Team | None = None, **values: object) -> dict[str, object]:
    plain: dict[str, object] = {
        "name": team.name if team else "East sales",
        "parent_id": (team.parent_id or "") if team else "",
        "region_id": (team.region_id or "") if team else "",
        "supervisor_id": (team.supervisor_id or "") if team else "",
        "active": "y",
    }
    return {**plain, **values}


def team_named(session: Session, name: str) -> Team:
    return session.scalars(select(Team).where(Team.name == name)).one()


def test_a_team_is_added_under_another(session: Session, cast: Cast, browser: Browser) -> None:
    sent = form(parent_id=cast.north.id, region_id=cast.region_north.id, supervisor_id=cast.supervisor.id)
    answer = browser.of(cast.admin).post("/admin/teams/new", data=sent)
    east = team_named(session, "East sales")
    assert answer.location == "/admin/teams"
    assert east.path == f"{cast.north.path}{east.id}/"
    assert east.supervisor_id == cast.supervisor.id
    page = browser.of(cast.admin).get("/admin/teams").get_data(as_text=True)
    assert page.index("North sales") < page.index("East sales") < page.index("South sales")
    assert "depth-3" in page


def test_a_moved_team_takes_along_what_lies_below_and_who_sees_it(
    session: Session, cast: Cast, browser: Browser
) -> None:
    east = operations.add_team(session, "East sales", by=None, parent=cast.north)
    inner = operations.add_team(session, "Harbour sales", by=None, parent=east)
    seller = make_user(session, "harbour", role=cast.roles["salesperson"], team=inner)
    make_project(session, seller, name="at the harbour")
    assert seen(session, cast, "supervisor") == {"at the harbour"}
    client = browser.of(cast.admin)
    assert client.post(f"/admin/teams/{east.id}", data=form(east, parent_id=cast.south.id)).status_code == 303
    session.expire_all()
    assert team_named(session, "Harbour sales").path == f"{cast.south.path}{east.id}/{inner.id}/"
    assert seen(session, cast, "supervisor") == set()
    assert seen(session, cast, "supervisor2") == {"at the harbour"}
    assert client.post(f"/admin/teams/{east.id}", data=form(east, parent_id="")).status_code == 303
    session.expire_all()
    assert team_named(session, "Harbour sales").path == f"/{east.id}/{inner.id}/"


def seen(session: Session, cast: Cast, name: str) -> set[str]:
    return set(session.scalars(select(Project.name).where(visible(Project, cast.users[name]))))


@pytest.mark.parametrize("under", ["itself", "its own child"])
def test_a_team_cannot_be_moved_below_itself(session: Session, cast: Cast, browser: Browser, under: str) -> None:
    target = cast.company if under == "itself" else cast.north
    answer = browser.of(cast.admin).post(
        f"/admin/teams/{cast.company.id}", data=form(cast.company, parent_id=target.id, name="Renamed")
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert "cannot be moved below itself" in page
    assert 'value="Renamed"' in page
    session.refresh(cast.company)
    assert (cast.company.name, cast.company.parent_id) == ("Anhe", None)


@pytest.mark.parametrize("address", ["/admin/teams/new", "/admin/teams/{north}"])
@pytest.mark.parametrize(
    ("wrong", "said"), [({"name": " "}, "Type the name."), ({"parent_id": "999999"}, "Choose one")]
)
def test_a_refused_team_keeps_what_was_typed(
    cast: Cast, browser: Browser, address: str, wrong: dict[str, str], said: str
) -> None:
    sent = form(region_id=cast.region_south.id, **wrong)
    answer = browser.of(cast.admin).post(address.format(north=cast.north.id), data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert f'<option selected value="{cast.region_south.id}">' in page


def test_only_who_may_decide_there_is_offered_and_taken_as_supervisor(
    session: Session, cast: Cast, browser: Browser
) -> None:
    client = browser.of(cast.admin)
    page = client.get(f"/admin/teams/{cast.north.id}").get_data(as_text=True)
    offered = page[page.index('name="supervisor_id"') :]
    assert f'value="{cast.supervisor.id}"' in offered and f'value="{cast.sales1.id}"' not in offered
    beside = client.post(f"/admin/teams/{cast.north.id}", data=form(cast.north, supervisor_id=cast.supervisor2.id))
    assert beside.status_code == 422
    assert "supervisor of this team or of one above it" in beside.get_data(as_text=True)
    above = client.post(f"/admin/teams/{cast.north.id}", data=form(cast.north, supervisor_id=cast.director.id))
    assert above.status_code == 303
    with pytest.raises(Invalid):
        operations.add_team(session, "West", by=cast.admin, parent=cast.company, supervisor_id=cast.sales1.id)


def test_requests_wait_for_the_teams_supervisor_first_and_then_for_those_above(session: Session, cast: Cast) -> None:
    project = get_project(session, cast.sales1, make_project(session, cast.sales1).id)
    assert [person.username for person in list_deciders(session, project)] == ["supervisor", "director"]
    project.team.supervisor_id = cast.director.id  # type: ignore[union-attr]
    session.flush()
    assert [person.username for person in list_deciders(session, project)] == ["director", "supervisor"]
    cast.director.active = False
    session.flush()
    assert [person.username for person in list_deciders(session, project)] == ["supervisor"]


def test_a_team_is_closed_and_opened_again(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.admin)
    closed = form(cast.north)
    del closed["active"]
    client.post(f"/admin/teams/{cast.north.id}", data=closed)
    session.refresh(cast.north)
    assert not cast.north.active
    assert "tag-warn" in client.get("/admin/teams").get_data(as_text=True)
    client.post(f"/admin/teams/{cast.north.id}", data=form(cast.north))
    session.refresh(cast.north)
    assert cast.north.active
    assert len(session.scalars(select(Event).where(Event.kind == Kind.TEAM_EDITED)).all()) == 2


def test_a_region_is_added_once(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.admin)
    assert client.post("/admin/regions", data={"name": " West "}).status_code == 303
    assert "West" in session.scalars(select(Region.name)).all()
    again = client.post("/admin/regions", data={"name": "West"})
    assert again.status_code == 422
    assert "There is a region of this name already." in again.get_data(as_text=True)
    assert 'value="West"' in again.get_data(as_text=True)
    assert client.post("/admin/regions", data={"name": "  "}).status_code == 422


def test_a_region_is_renamed_to_a_name_that_is_free(session: Session, cast: Cast, browser: Browser) -> None:
    client, north = browser.of(cast.admin), cast.region_north
    address, field = f"/admin/regions/{north.id}", f"region-{north.id}-name"
    assert client.post(address, data={field: " East "}).status_code == 303
    session.refresh(north)
    assert north.name == "East"
    event = session.scalars(select(Event).where(Event.kind == Kind.REGION_EDITED)).one()
    assert event.data == {"before": {"name": "North"}, "name": "East"}
    for taken, said in (("South", "There is a region of this name already."), ("  ", "Type the name.")):
        refused = client.post(address, data={field: taken})
        assert refused.status_code == 422
        assert said in refused.get_data(as_text=True)
        assert f'value="{taken}"' in refused.get_data(as_text=True)
    assert client.post(address, data={field: "East"}).status_code == 303, "its own name is free"
    assert client.post("/admin/regions/999999", data={"region-999999-name": "x"}).status_code == 404


def test_a_company_without_teams_is_told_how_to_begin(session: Session, cast: Cast, browser: Browser) -> None:
    for team in (cast.north, cast.south, cast.company):
        for user in cast.users.values():
            user.team_id = None
        session.flush()
        session.delete(team)
        session.flush()
    session.commit()
    assert "No team yet" in browser.of(cast.admin).get("/admin/teams").get_data(as_text=True)
