"""/approvals: what a rule leaves to the supervisor is asked, found, decided with a sentence, and carried out once."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.factories import make_photo, make_project
from tests.matrix.making import as_seen, building_of, draft, log_form, meet_exits, text_of
from tests.rows import count, events_of
from tracker import clock
from tracker.errors import Invalid, Refused
from tracker.events import Kind
from tracker.matrix.models import Approval, Move, Record
from tracker.matrix.operations.approvals import ask_approval, grant_approval
from tracker.matrix.operations.judging import Blocked
from tracker.matrix.operations.moves import move_phase
from tracker.matrix.operations.records import log_record
from tracker.matrix.queries import count_to_decide, get_approval
from tracker.projects.models import Project
from tracker.projects.operations import add_category, reassign_project
from workflows.wishes import MovePhase

BUDGET = 10  # statements, signing in included


def ask(session: Session, cast: Cast, **values: Any) -> tuple[Project, Approval]:
    """sales1 asks to move his project from qualify/drawings to map although proof is missing."""
    made = make_project(session, cast.sales1, phase="qualify", step="drawings", categories=(), **values)
    project = as_seen(session, cast.sales1, made)
    wish = MovePhase("map", "The photo follows")
    day = clock.today() + timedelta(days=4)
    request = ask_approval(
        session, project, wish, by=cast.sales1, reason="The photo follows by Friday.", complete_by=day
    )
    session.commit()
    return project, request


def decide(browser: Browser, user: Any, request: Approval, decision: str, answer: str = "Fine", **how: Any) -> Any:
    return browser.of(user).post(f"/approvals/{request.id}", data={"decision": decision, "answer": answer}, **how)


def test_the_supervisor_finds_the_request_with_the_whole_situation(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project, request = ask(session, cast, name="Riverside <b>Tower</b>")
    client = browser.of(cast.supervisor)
    listed = client.get("/approvals").get_data(as_text=True)
    assert f'href="/approvals/{request.id}"' in listed and "The photo follows by Friday." in listed
    assert "G03" in listed and "<b>Tower</b>" not in listed
    page = client.get(f"/approvals/{request.id}").get_data(as_text=True)
    said = text_of(page)
    for shown in ("The photo follows by Friday.", "20 Mar", "Sales1", "G03", "Still missing"):
        assert shown in said, shown
    assert '<table class="mx-table">' in page and 'value="grant"' in page and 'value="decline"' in page
    assert f"/projects/{project.id}" in page
    assert count_to_decide(session, cast.supervisor) == 1 and count_to_decide(session, cast.sales1) == 0


@pytest.mark.parametrize("headers", [{}, HTMX])
def test_a_grant_is_carried_out_at_once_in_the_asker_s_name(
    session: Session, cast: Cast, browser: Browser, headers: dict[str, str]
) -> None:
    project, request = ask(session, cast)
    answer = decide(browser, cast.supervisor, request, "grant", "Bring it on Friday.", headers=headers)
    assert answer.status_code == (204 if headers else 303)
    session.refresh(project)
    session.refresh(request)
    assert (project.phase, request.state, request.answer) == ("map", "used", "Bring it on Friday.")
    move = session.scalars(select(Move)).one()
    assert (move.by_id, move.approval_id, move.target) == (cast.sales1.id, request.id, "map")
    assert events_of(session, project) == [Kind.APPROVAL_ASKED, Kind.PHASE_MOVED, Kind.APPROVAL_GRANTED]
    mine = browser.of(cast.sales1).get("/approvals?which=mine").get_data(as_text=True)
    assert f"/approvals/{request.id}" in mine and "granted" in mine
    assert "Bring it on Friday." in browser.of(cast.sales1).get(f"/approvals/{request.id}").get_data(as_text=True)


def test_a_refusal_changes_nothing_and_the_asker_reads_why(session: Session, cast: Cast, browser: Browser) -> None:
    project, request = ask(session, cast)
    assert decide(browser, cast.supervisor, request, "decline", "Take the photo first.").status_code == 303
    session.refresh(project)
    session.refresh(request)
    assert (project.phase, request.state, count(session, Move)) == ("qualify", "declined", 0)
    page = text_of(browser.of(cast.sales1).get(f"/approvals/{request.id}").get_data(as_text=True))
    assert "declined" in page and "Take the photo first." in page
    assert f"/approvals/{request.id}" in browser.of(cast.sales1).get("/approvals?which=decided").get_data(as_text=True)
    assert "Nothing waits" in browser.of(cast.sales1).get("/approvals").get_data(as_text=True)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"decision": "grant", "answer": "  "}, "Say a sentence to the one who asked."),
        ({"decision": "grant"}, "Say a sentence to the one who asked."),
        ({"answer": "Fine"}, "Fine"),
        ({"decision": "perhaps", "answer": "Fine"}, "Fine"),
    ],
)
def test_a_decision_without_a_sentence_or_a_word_is_none(
    session: Session, cast: Cast, browser: Browser, sent: dict[str, str], said: str
) -> None:
    project, request = ask(session, cast)
    answer = browser.of(cast.supervisor).post(f"/approvals/{request.id}", data=sent)
    assert answer.status_code == 422 and said in answer.get_data(as_text=True)
    session.refresh(request)
    assert (request.state, project.phase) == ("open", "qualify")


def test_nobody_decides_his_own_request_nor_another_team_s(session: Session, cast: Cast, browser: Browser) -> None:
    made = make_project(session, cast.supervisor, phase="qualify", step="drawings", categories=())
    project = as_seen(session, cast.supervisor, made)
    day = clock.today()
    own = ask_approval(session, project, MovePhase("map"), by=cast.supervisor, reason="Mine", complete_by=day)
    session.commit()
    assert 'value="grant"' not in browser.of(cast.supervisor).get(f"/approvals/{own.id}").get_data(as_text=True)
    refused = decide(browser, cast.supervisor, own, "grant")
    assert refused.status_code == 422 and "Nobody decides his own request" in refused.get_data(as_text=True)
    _, request = ask(session, cast)
    for person, status in (
        (cast.sales1, 403),
        (cast.sales2, 404),
        (cast.supervisor2, 404),
        (cast.compliance, 403),
        (cast.dealer1, 404),
    ):
        assert decide(browser, person, request, "grant").status_code == status, person.username
    session.refresh(request)
    session.refresh(own)
    assert (request.state, own.state) == ("open", "open")
    assert decide(browser, cast.director, own, "grant").status_code == 303


def test_a_decided_request_is_not_decided_again(session: Session, cast: Cast, browser: Browser) -> None:
    _, request = ask(session, cast)
    assert decide(browser, cast.supervisor, request, "grant").status_code == 303
    for decision in ("grant", "decline"):
        again = decide(browser, cast.director, request, decision, "Too late")
        assert again.status_code == 422 and "This request was decided already." in again.get_data(as_text=True)
    session.refresh(request)
    assert (request.state, request.answer, count(session, Move)) == ("used", "Fine", 1)


def test_a_request_lapses_when_the_project_stands_elsewhere_by_then(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project, request = ask(session, cast)
    meet_exits(session, project, "qualify")
    move_phase(session, project, "map", by=cast.sales1)
    session.commit()
    session.refresh(request)
    assert (request.state, count(session, Move)) == ("lapsed", 1)
    answer = decide(browser, cast.supervisor, request, "grant")
    assert answer.status_code == 422 and "This request was decided already." in answer.get_data(as_text=True)
    session.refresh(request)
    assert (request.state, count(session, Move)) == ("lapsed", 1)
    assert "lapsed" in text_of(browser.of(cast.sales1).get(f"/approvals/{request.id}").get_data(as_text=True))


def test_a_request_lapses_when_more_stands_in_the_way_than_was_asked_about(
    session: Session, cast: Cast, browser: Browser
) -> None:
    made = make_project(session, cast.sales1, phase="map", step="ground", categories=())
    project = as_seen(session, cast.sales1, made)
    wish = MovePhase("specify")
    request = ask_approval(session, project, wish, by=cast.sales1, reason="Papers follow", complete_by=clock.today())
    assert request.rules == ["G03"]
    add_category(session, project, by=cast.sales1, category="insulation")  # its window to specify has passed
    session.commit()
    assert "G02" in browser.of(cast.supervisor).get(f"/approvals/{request.id}").get_data(as_text=True)
    assert decide(browser, cast.supervisor, request, "grant").status_code == 303
    session.refresh(request)
    assert (request.state, count(session, Move)) == ("lapsed", 0)


def test_a_request_lapses_when_its_asker_has_no_part_in_the_project_any_more(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project, request = ask(session, cast)
    reassign_project(session, as_seen(session, cast.director, project), cast.sales2, by=cast.director, reason="Leave")
    session.commit()
    assert decide(browser, cast.supervisor, request, "grant").status_code == 303
    session.refresh(request)
    session.refresh(project)
    assert (request.state, project.phase) == ("lapsed", "qualify")


def test_what_is_met_meanwhile_is_simply_carried_out(session: Session, cast: Cast, browser: Browser) -> None:
    project, request = ask(session, cast)
    meet_exits(session, project, "qualify")
    page = browser.of(cast.supervisor).get(f"/approvals/{request.id}").get_data(as_text=True)
    assert "Nothing stands in the way any more." in page
    assert decide(browser, cast.supervisor, request, "grant").status_code == 303
    session.refresh(request)
    assert request.state == "used"


def test_a_stated_progress_is_granted_as_not_verified(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    bare = make_photo(session, cast.sales1)
    session.commit()
    sent = log_form(
        building_of(session, project),
        progress="masonry",
        floor="5",
        photos=[bare.token],
        action="ask",
        ask_reason="The phone strips dates.",
    )
    assert browser.of(cast.sales1).post(f"/projects/{project.id}/log", data=sent).status_code == 303
    request = session.scalars(select(Approval)).one()
    listed = text_of(browser.of(cast.supervisor).get("/approvals").get_data(as_text=True))
    assert "Set the construction progress to" in listed
    assert decide(browser, cast.supervisor, request, "grant").status_code == 303
    building = building_of(session, project)
    session.refresh(building)
    assert (building.step, building.floor, building.unverified) == ("masonry", 5, True)
    page = text_of(browser.of(cast.sales1).get(f"/projects/{project.id}").get_data(as_text=True))
    assert "not verified" in page


def test_a_very_late_record_is_logged_whole_when_granted_with_author_and_picture(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1, since=clock.today() - timedelta(days=200))
    shown = make_photo(session, cast.sales1, taken_on=clock.today() - timedelta(days=70))
    session.commit()
    sent = log_form(
        building_of(session, project),
        on="2026-01-05",
        text="Met the owner",
        photos=[shown.token],
        progress="masonry",
        new_contact_name="Wang Li",
        new_contact_firm="Hengyue Land",
        action="ask",
        ask_reason="My notes were lost",
    )
    assert browser.of(cast.sales1).post(f"/projects/{project.id}/log", data=sent).status_code == 303
    request = session.scalars(select(Approval)).one()
    page = browser.of(cast.supervisor).get(f"/approvals/{request.id}").get_data(as_text=True)
    assert "Met the owner" in page
    assert decide(browser, cast.supervisor, request, "grant").status_code == 303
    record = session.scalars(select(Record)).one()
    assert (record.text, record.author_id, record.late_entry, str(record.happened_on)) == (
        "Met the owner",
        cast.sales1.id,
        True,
        "2026-01-05",
    )
    assert shown.record_id == record.id
    session.refresh(request)
    session.refresh(project)
    assert request.state == "used"
    assert project.step == "structure"  # a photo of January proves nothing of today


def test_the_asker_takes_an_open_request_back(session: Session, cast: Cast, browser: Browser) -> None:
    project, request = ask(session, cast)
    for person, status in ((cast.supervisor, 403), (cast.sales2, 404)):
        assert browser.of(person).post(f"/approvals/{request.id}/withdraw").status_code == status
    answer = browser.of(cast.sales1).post(f"/approvals/{request.id}/withdraw")
    assert (answer.status_code, answer.location) == (303, f"/projects/{project.id}")
    session.refresh(request)
    assert request.state == "withdrawn"
    assert browser.of(cast.sales1).post(f"/approvals/{request.id}/withdraw").status_code == 422
    assert decide(browser, cast.supervisor, request, "grant").status_code == 422
    assert "taken back" in text_of(browser.of(cast.sales1).get("/approvals?which=mine").get_data(as_text=True))


def test_requests_of_others_projects_do_not_exist(session: Session, cast: Cast, browser: Browser) -> None:
    _, request = ask(session, cast, dealer=cast.xinyuan)
    for person in (cast.sales2, cast.sales3, cast.supervisor2):
        assert browser.of(person).get(f"/approvals/{request.id}").status_code == 404
        assert "Nothing waits" in browser.of(person).get("/approvals").get_data(as_text=True)
    for address in ("/approvals", f"/approvals/{request.id}"):
        assert browser.of(cast.dealer1).get(address).status_code == 404
        assert browser.of(cast.supervisor).put(address).status_code == 405
    assert browser.of(cast.supervisor).get("/approvals/999999").status_code == 404


def test_the_list_asks_as_little_for_many_requests_as_for_one(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(20):
        ask(session, cast, name=f"Site {number}")
    client = browser.of(cast.supervisor)
    with counted_queries() as asked:
        page = client.get("/approvals").get_data(as_text=True)
    assert "Site 19" in page and "Site 0" in page
    assert len(asked) <= BUDGET


def test_an_operation_asks_nothing_it_could_not_grant(session: Session, cast: Cast) -> None:
    made = make_project(session, cast.sales1, phase="qualify", step="land", categories=())
    project = as_seen(session, cast.sales1, made)
    with pytest.raises(Blocked):
        ask_approval(session, project, MovePhase("bid"), by=cast.sales1, reason="They asked")
    with pytest.raises(Invalid) as refusal:
        ask_approval(session, project, MovePhase("map"), by=cast.sales1, reason="  ")
    assert refusal.value.field == "reason"
    meet_exits(session, project, "qualify")
    with pytest.raises(Refused, match="needs no approval"):
        ask_approval(session, project, MovePhase("map"), by=cast.sales1, reason="May I?")
    assert count(session, Approval) == 0


def test_a_grant_is_bound_to_exactly_its_wish_and_used_once(session: Session, cast: Cast) -> None:
    project, request = ask(session, cast)
    grant_approval(session, get_approval(session, cast.supervisor, request.id), by=cast.supervisor, answer="Fine")
    session.commit()
    back = as_seen(session, cast.supervisor, project)
    move_phase(session, back, "qualify", by=cast.supervisor, reason="New drawings")
    with pytest.raises(Blocked) as refusal:
        move_phase(session, back, "map", by=cast.sales1, reason="As granted before")
    assert refusal.value.rules == ("G03",)
    log_record(session, back, draft(phase="qualify", step="drawings"), by=cast.sales1)
    assert project.phase == "qualify"
