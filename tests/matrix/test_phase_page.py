"""GET and POST /projects/<id>/phase: every way on from here with the rules' answer, moved or asked for."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.factories import make_project
from tests.matrix.making import STANDARD, meet_exits, text_of
from tests.rows import count, events_of
from tracker.events import Kind
from tracker.matrix.models import Approval, Move

BUDGET = 8  # statements, signing in included


def way_to(page: str, phase: str) -> str:
    """The part of the page about moving to one phase."""
    name = re.escape(STANDARD.phase(phase).name.en)
    parts = re.findall(r'<li class="card way .*?</li>\s*(?=<li class="card way|</ol>)', page, re.DOTALL)
    return next(part for part in parts if re.search(rf'<span class="way-name">.*?{name}</span>', part, re.DOTALL))


def test_every_other_phase_is_shown_with_what_the_rules_say(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, phase="map", step="structure", categories=())
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        page = client.get(f"/projects/{project.id}/phase").get_data(as_text=True)
    assert page.count('class="card way ') == 7
    assert len(asked) <= BUDGET
    missing = way_to(page, "specify")
    assert "G02" in missing and "G03" in missing and "supervisor decides" in text_of(missing)
    assert 'value="ask"' in missing and 'value="move"' not in missing and 'name="complete_by"' in missing
    required = way_to(page, "bid")
    assert "G04" in required and "not possible" in text_of(required) and "<form" not in required
    back = way_to(page, "qualify")
    assert "G06" in back and "with a reason" in text_of(back) and 'value="move"' in back


def test_a_blocked_way_names_its_rule_and_leads_elsewhere(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, phase="qualify", step="land")
    client = browser.of(cast.sales1)
    way = way_to(client.get(f"/projects/{project.id}/phase").get_data(as_text=True), "bid")
    assert "G01" in way and "<form" not in way
    assert "You can go to" in text_of(way)
    forced = client.post(f"/projects/{project.id}/phase", data={"to": "bid", "action": "move", "reason": "They asked"})
    page = forced.get_data(as_text=True)
    assert forced.status_code == 422
    assert "G01" in way_to(page, "bid") and "The rules of the matrix stand in the way." in text_of(page)
    assert (count(session, Move), count(session, Approval)) == (0, 0)


def test_a_move_that_nothing_stands_against_is_carried_out(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, phase="qualify", step="drawings", categories=())
    meet_exits(session, project, "qualify")
    client = browser.of(cast.sales1)
    assert "possible" in text_of(way_to(client.get(f"/projects/{project.id}/phase").get_data(as_text=True), "map"))
    answer = client.post(f"/projects/{project.id}/phase", data={"to": "map", "action": "move"}, follow_redirects=True)
    page = text_of(answer.get_data(as_text=True))
    assert f"The project is now in {STANDARD.phase('map').name.en}." in page
    session.refresh(project)
    assert project.phase == "map"
    assert events_of(session, project) == [Kind.PHASE_MOVED]


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_the_second_press_moves_nothing_and_leads_to_the_project(
    session: Session, cast: Cast, browser: Browser, headers: dict[str, str]
) -> None:
    project = make_project(session, cast.sales1, phase="qualify", step="drawings", categories=())
    meet_exits(session, project, "qualify")
    client = browser.of(cast.sales1)
    for _ in range(2):
        answer = client.post(f"/projects/{project.id}/phase", data={"to": "map"}, headers=headers)
        target = answer.headers.get("HX-Redirect") if headers else answer.location
        assert (answer.status_code, target) == (204 if headers else 303, f"/projects/{project.id}")
    assert count(session, Move) == 1


def test_an_optional_phase_is_skipped_with_a_sentence_and_not_without(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(
        session, cast.sales1, phase="shortlist", step="masonry", route="central_procurement", categories=()
    )
    meet_exits(session, project, "shortlist")
    client = browser.of(cast.sales1)
    silent = client.post(f"/projects/{project.id}/phase", data={"to": "contract", "action": "move", "reason": " "})
    assert silent.status_code == 422 and "G05" in way_to(silent.get_data(as_text=True), "contract")
    said = client.post(f"/projects/{project.id}/phase", data={"to": "contract", "reason": "Frame price"})
    assert said.status_code == 303
    assert session.scalars(select(Move.reason)).all() == ["Frame price"]


def test_missing_proof_is_asked_for_with_a_reason_and_a_day(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, phase="qualify", step="drawings", categories=())
    client = browser.of(cast.sales1)
    address, sent = f"/projects/{project.id}/phase", {"to": "map", "action": "ask", "reason": "The photo follows"}
    for wrong, said in (
        ({"reason": ""}, "Say why: the request is decided by this sentence."),
        ({}, "Say by when what is missing will be there."),
        ({"complete_by": "2026-03-15"}, "This day has passed."),
        ({"complete_by": "soon"}, "Write the date as year-month-day"),
    ):
        refused = client.post(address, data={**sent, **wrong})
        page = refused.get_data(as_text=True)
        assert refused.status_code == 422
        assert said in page and ("The photo follows" in page or "reason" in wrong)
    assert count(session, Approval) == 0
    asked = client.post(address, data={**sent, "complete_by": "2026-03-20"}, follow_redirects=True)
    page = text_of(asked.get_data(as_text=True))
    assert "The request waits under Approvals" in page and "A request waits for a decision." in page
    request = session.scalars(select(Approval)).one()
    assert (request.state, request.rules, str(request.complete_by)) == ("open", ["G03"], "2026-03-20")
    again = client.post(address, data={**sent, "complete_by": "2026-03-20"})
    assert again.status_code == 422 and "This has been asked already" in again.get_data(as_text=True)
    session.refresh(project)
    assert project.phase == "qualify"


def test_what_needs_no_approval_is_not_asked_for(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, phase="qualify", step="drawings", categories=())
    meet_exits(session, project, "qualify")
    answer = browser.of(cast.sales1).post(
        f"/projects/{project.id}/phase", data={"to": "map", "action": "ask", "reason": "May I?"}
    )
    assert answer.status_code == 422 and "This needs no approval" in answer.get_data(as_text=True)
    assert count(session, Approval) == 0


def test_a_supervisor_moves_himself_with_reason_and_day(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, phase="qualify", step="drawings", categories=())
    client = browser.of(cast.supervisor)
    way = way_to(client.get(f"/projects/{project.id}/phase").get_data(as_text=True), "map")
    assert 'value="move"' in way and 'value="ask"' not in way and 'name="complete_by"' in way
    sent = {"to": "map", "action": "move", "reason": "The photo follows"}
    assert client.post(f"/projects/{project.id}/phase", data=sent).status_code == 422
    assert client.post(f"/projects/{project.id}/phase", data={**sent, "complete_by": "2026-03-20"}).status_code == 303
    session.refresh(project)
    assert project.phase == "map"


@pytest.mark.parametrize("to", ["", "lead", "attic", "map"])
def test_a_phase_that_is_none_moves_nothing(session: Session, cast: Cast, browser: Browser, to: str) -> None:
    project = make_project(session, cast.sales1)
    answer = browser.of(cast.sales1).post(f"/projects/{project.id}/phase", data={"to": to, "reason": "x"})
    assert answer.status_code == (303 if to == "map" else 422)
    assert count(session, Move) == 0


def test_outsiders_and_viewers_move_nothing(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, dealer=cast.xinyuan)
    meet_exits(session, project, "map")
    address = f"/projects/{project.id}/phase"
    people = ((cast.sales2, 404), (cast.supervisor2, 404), (cast.dealer2, 404), (cast.dealer1, 403))
    for person, status in (*people, (cast.compliance, 403)):
        assert browser.of(person).get(address).status_code == status
        assert browser.of(person).post(address, data={"to": "qualify", "reason": "x"}).status_code == status
    assert browser.of(cast.sales1).put(address).status_code == 405
    assert count(session, Move) == 0
