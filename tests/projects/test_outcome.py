"""GET and POST /projects/<id>/outcome: what becomes of a project, decided or asked for on one page."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser, counted_queries
from tests.factories import make_photo, make_project
from tests.matrix.making import text_of
from tests.rows import count
from tracker import clock
from tracker.matrix.models import Approval, LifecycleChange
from tracker.projects.models import CategoryLine, Project

BUDGET = 20  # statements, signing in included

LOSS = {"reason_key": "price_high", "winner": "Ruian", "gap_percent": "11", "reason": "Too dear"}


def test_the_page_offers_what_may_follow_and_nothing_else(session: Session, cast: Cast, browser: Browser) -> None:
    for state, there, gone in (
        ("active", ("suspend", "lose", "route"), ("revive", "close")),
        ("won", ("suspend", "lose", "close"), ("revive",)),
        ("suspended", ("revive", "suspend", "lose"), ("close",)),
        ("lost", ("revive",), ("suspend", "lose", "close", "route")),
        ("closed", (), ("revive", "suspend", "lose", "close", "route")),
    ):
        project = make_project(session, cast.sales1, name=state, state=state)
        with counted_queries() as asked:
            page = browser.of(cast.sales1).get(f"/projects/{project.id}/outcome").get_data(as_text=True)
        assert len(asked) <= BUDGET
        forms = {deed for deed in (*there, *gone) if f'action="/projects/{project.id}/outcome/{deed}"' in page}
        assert forms == set(there), state


def test_what_a_reason_requires_is_asked_for_as_soon_as_it_is_chosen(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1)
    address = f"/projects/{project.id}/outcome?part=loss&reason_key="
    client = browser.of(cast.sales1)
    part = client.get(f"{address}spec_swapped", headers=HTMX).get_data(as_text=True)
    assert 'name="step"' in part and 'name="gap_percent"' not in part and "<html" not in part
    assert 'name="gap_percent"' in client.get(f"{address}price_high", headers=HTMX).get_data(as_text=True)


def test_a_refused_loss_says_what_is_missing_and_keeps_what_was_typed(
    session: Session, cast: Cast, browser: Browser
) -> None:
    project = make_project(session, cast.sales1)
    answer = browser.of(cast.sales1).post(
        f"/projects/{project.id}/outcome/lose", data={"reason_key": "spec_swapped", "reason": "They <swapped> it"}
    )
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422 and "G33" in page and "They &lt;swapped&gt; it" in page
    assert 'name="step"' in page, "without scripts the fields of the reason come with the answer"
    assert count(session, LifecycleChange) == 0


def test_a_loss_is_told_and_the_page_shows_its_history(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, categories=("tiles", "lighting"))
    client = browser.of(cast.sales1)
    address = f"/projects/{project.id}/outcome/lose"
    assert client.post(address, data={**LOSS, "category": "lighting"}).status_code == 303
    page = text_of(client.get(f"/projects/{project.id}/outcome").get_data(as_text=True))
    assert "Ruian" in page and "gap 11%" in page and "Price above the winner" in page
    assert "lost" in text_of(client.get(f"/projects/{project.id}").get_data(as_text=True))
    assert session.scalars(select(CategoryLine.result).order_by(CategoryLine.id)).all() == ["open", "lost"]


def test_a_loss_that_needs_the_supervisor_is_asked_for_here(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, phase="bid", step="masonry")
    client = browser.of(cast.sales1)
    address = f"/projects/{project.id}/outcome/lose"
    refused = client.post(address, data=LOSS)
    page = refused.get_data(as_text=True)
    assert refused.status_code == 422 and "G34" in page and "Ask the supervisor" in page
    silent = client.post(address, data={**LOSS, "action": "ask", "ask_reason": " "})
    assert silent.status_code == 422 and "Say why" in silent.get_data(as_text=True)
    asked = client.post(address, data={**LOSS, "action": "ask", "ask_reason": "They signed with the rival."})
    assert asked.status_code == 303
    request = session.scalars(select(Approval)).one()
    shown = text_of(browser.of(cast.supervisor).get(f"/approvals/{request.id}").get_data(as_text=True))
    assert "Mark the project as lost" in shown and "Price above the winner" in shown and "Ruian" in shown
    granted = browser.of(cast.supervisor).post(
        f"/approvals/{request.id}", data={"decision": "grant", "answer": "Write the review."}
    )
    assert granted.status_code == 303
    session.refresh(project)
    assert project.state == "lost"


def test_a_rest_and_a_revival_through_the_page(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    client = browser.of(cast.sales1)
    address = f"/projects/{project.id}/outcome"
    far = client.post(f"{address}/suspend", data={"reason_key": "funding_stop", "review_on": "2026-12-31"})
    assert far.status_code == 422 and "G35" in far.get_data(as_text=True)
    assert client.post(
        f"{address}/suspend", data={"reason_key": "funding_stop", "review_on": "2026-04-30"}
    ).status_code == 303  # fmt: skip
    shown = text_of(client.get(f"/projects/{project.id}").get_data(as_text=True))
    assert "suspended" in shown and "2026-04-30" in shown
    boxes = {"contacts": "y", "windows": "y", "credit": "y", "reason": "Cranes turn"}
    bare = client.post(f"{address}/revive", data=boxes)
    assert bare.status_code == 422 and "photo" in text_of(bare.get_data(as_text=True))
    make_photo(session, cast.sales1, taken_on=clock.today(), project=project)
    session.commit()
    assert client.post(f"{address}/revive", data=boxes).status_code == 303
    session.refresh(project)
    assert project.state == "active"


@pytest.mark.parametrize("deed", ["suspend", "lose", "result", "route", "split", "close"])
def test_an_empty_form_is_answered_not_a_crash(session: Session, cast: Cast, browser: Browser, deed: str) -> None:
    project = make_project(session, cast.sales1, phase="map")
    answer = browser.of(cast.sales1).post(f"/projects/{project.id}/outcome/{deed}", data={})
    assert answer.status_code == 422
    assert session.get_one(Project, project.id).state == "active"


def test_an_unknown_deed_is_not_found(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    assert browser.of(cast.sales1).post(f"/projects/{project.id}/outcome/explode").status_code == 404


def test_a_sub_project_is_split_off_and_linked_from_both_pages(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1, categories=("tiles", "lighting"))
    client = browser.of(cast.sales1)
    sent = {"categories": ["lighting"], "name": "Tower 3, lights", "route": "contractor_buy", "reason": "Bought apart"}
    assert client.post(f"/projects/{project.id}/outcome/split", data=sent).status_code == 303
    part = session.scalars(select(Project).where(Project.parent_id == project.id)).one()
    assert "Tower 3, lights" in client.get(f"/projects/{project.id}").get_data(as_text=True)
    assert "Riverside Tower 3" in client.get(f"/projects/{part.id}").get_data(as_text=True)
