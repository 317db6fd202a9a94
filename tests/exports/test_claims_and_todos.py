"""The files of the lists that dealers, the desk and people's own work have."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_project
from tests.registrations.making import handed_in, make_dealer, make_desk
from tracker import clock
from tracker.registrations.models import Conflict, DiversionComplaint, Registration
from tracker.rewards.models import Occasion
from tracker.team.models import User
from tracker.todos.operations.doing import TodoDraft, add_todo

FILTERS = "/registrations?q=Hailan&state=submitted&export=csv"


@pytest.fixture
def desk(session: Session, cast: Cast) -> User:
    return make_desk(session, cast)


@pytest.fixture
def claim(session: Session, cast: Cast, desk: User) -> Registration:
    return handed_in(session, make_dealer(session, cast.xinyuan, desk), cast.dealer1)


def rows(browser: Browser, user: User, address: str) -> list[dict[str, str]]:
    answer = browser.of(user).get(address)
    assert answer.status_code == 200
    assert answer.mimetype == "text/csv"
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"))))


def test_the_desk_takes_out_its_registrations_as_they_are_filtered(
    session: Session, cast: Cast, browser: Browser, desk: User, claim: Registration
) -> None:
    [row] = rows(browser, desk, FILTERS)
    said = (row["Site"], row["State"], row["Dealer"], row["Developer"])
    assert said == ("Hailan Bay Resort Hotel", "Submitted", cast.xinyuan.name, "Binhai Tourism")
    assert rows(browser, desk, "/registrations?q=Nowhere&export=csv") == []
    assert "export=xlsx" in browser.of(desk).get("/registrations").get_data(as_text=True)
    assert browser.of(cast.dealer1).get("/registrations?export=csv").status_code == 404
    assert rows(browser, cast.sales1, "/registrations?export=csv") == [], "none is about his projects"


def test_a_dealer_takes_out_his_own_without_what_is_ours(
    session: Session, cast: Cast, browser: Browser, desk: User, claim: Registration
) -> None:
    make_dealer(session, cast.hongda, desk)
    session.commit()
    [row] = rows(browser, cast.dealer1, "/dealers/mine/registrations?export=csv")
    assert row["Site"] == "Hailan Bay Resort Hotel"
    assert not {"Dealer", "He read", "Project"} & set(row)
    assert rows(browser, cast.dealer2, "/dealers/mine/registrations?export=csv") == []


def test_conflicts_are_a_file_of_their_own_that_names_no_dealer_to_others(
    session: Session, cast: Cast, browser: Browser, desk: User, claim: Registration
) -> None:
    project = make_project(session, cast.sales1, name="Quay Hotel")
    days = {"opened_on": clock.today(), "evidence_by": clock.today(), "rule_by": clock.today()}
    session.add(Conflict(registration_id=claim.id, project_id=project.id, **days))
    session.commit()
    address = "/registrations?part=conflicts&export=csv"
    [row] = rows(browser, desk, address)
    assert (row["Registration"], row["The other side"]) == ("Hailan Bay Resort Hotel", "Quay Hotel")
    [row] = rows(browser, cast.sales1, address)
    assert row["The other side"] == "Quay Hotel"
    assert not {"Registration", "Dealer"} & set(row)
    assert rows(browser, cast.sales3, address) == []


def test_complaints_go_out_without_who_complained(
    session: Session, cast: Cast, browser: Browser, desk: User, claim: Registration
) -> None:
    told = {"about": "goods", "site": "Hailan Bay", "text": "Seen in a shop.", "on": clock.today()}
    session.add(DiversionComplaint(**told, by_id=cast.dealer2.id, by_party_id=cast.hongda.id))
    session.commit()
    [row] = rows(browser, desk, "/registrations/complaints?export=csv")
    assert (row["Site"], row["State"]) == ("Hailan Bay", "waits")
    assert not {cast.dealer2.name, cast.hongda.name} & set(row.values())
    assert rows(browser, cast.sales1, "/registrations/complaints?export=csv") == []


def test_to_dos_go_out_as_they_are_shown_and_nobody_elses(session: Session, cast: Cast, browser: Browser) -> None:
    due = clock.today() + timedelta(days=2)
    add_todo(session, TodoDraft("Send the samples", due), by=cast.sales1)
    session.commit()
    [row] = rows(browser, cast.sales1, "/todos?export=csv")
    assert (row["What is to be done"], row["By when"], row["Whose it is"]) == (
        *("Send the samples", due.isoformat(), cast.sales1.name),
    )
    assert rows(browser, cast.sales1, "/todos?q=bricks&export=csv") == []
    assert rows(browser, cast.sales1, "/todos?which=done&export=csv") == []
    assert rows(browser, cast.sales3, "/todos?export=csv") == []


def test_occasions_say_how_many_were_invited_and_came(session: Session, cast: Cast, browser: Browser) -> None:
    plain = {"kind": "training", "title": "Tiles in wet rooms", "on": clock.today(), "programme": "A morning."}
    session.add(Occasion(**plain, per_head=Decimal(80), by_id=cast.supervisor.id, team_id=cast.north.id))
    session.commit()
    [row] = rows(browser, cast.supervisor, "/occasions?export=csv")
    assert (row["What"], row["invited"], row["came"]) == ("Tiles in wet rooms", "0", "0")
    assert "export=csv" in browser.of(cast.supervisor).get("/occasions").get_data(as_text=True)
