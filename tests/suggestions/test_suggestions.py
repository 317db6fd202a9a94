"""Anybody of ours suggests; management of his part of the company answers."""

from __future__ import annotations

import pytest
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tracker.errors import Forbidden, Invalid, Refused
from tracker.suggestions.operations import answer_suggestion, suggest
from tracker.suggestions.queries import get_suggestion

BUDGET = 8


def test_management_takes_it_up_or_declines_once_with_a_sentence(session: Session, cast: Cast) -> None:
    row = suggest(session, "  A van for samples ", by=cast.sales1)
    session.commit()
    found = get_suggestion(session, cast.supervisor, row.id)
    assert found.text == "A van for samples" and found.state == "open"
    for nobody in (cast.sales2, cast.supervisor2, cast.compliance, cast.sales1):
        with pytest.raises(Forbidden):
            answer_suggestion(session, found, "taken_up", "Yes", by=nobody)
    with pytest.raises(Invalid):
        answer_suggestion(session, found, "taken_up", " ", by=cast.supervisor)
    answer_suggestion(session, found, "declined", "No money this year", by=cast.director)
    assert (found.state, found.answer, found.answered_by_id) == ("declined", "No money this year", cast.director.id)
    with pytest.raises(Refused):
        answer_suggestion(session, found, "taken_up", "Yes", by=cast.supervisor)


def test_nobody_answers_his_own_and_dealers_suggest_nothing(session: Session, cast: Cast) -> None:
    row = suggest(session, "More leads", by=cast.supervisor)
    session.refresh(row, ["team"])
    with pytest.raises(Forbidden):
        answer_suggestion(session, row, "taken_up", "Yes", by=cast.supervisor)
    with pytest.raises(Forbidden):
        suggest(session, "Lower prices", by=cast.dealer1)


def test_the_pages_take_it_and_show_the_answer_to_whom_it_concerns(
    session: Session, cast: Cast, browser: Browser
) -> None:
    mine, boss = browser.of(cast.sales1), browser.of(cast.director)
    assert mine.post("/suggestions", data={"text": ""}).status_code == 422
    assert mine.post("/suggestions", data={"text": "A van for samples"}).status_code == 303
    assert "A van for samples" in boss.get("/suggestions").get_data(as_text=True)
    assert "A van for samples" not in browser.of(cast.sales2).get("/suggestions").get_data(as_text=True)
    page = boss.get("/suggestions?which=all").get_data(as_text=True)
    (address,) = {part.split('"')[0] for part in page.split('href="')[1:] if part.startswith("/suggestions/")}
    assert boss.post(address, data={"state": "taken_up", "text": ""}).status_code == 422
    assert boss.post(address, data={"state": "taken_up", "text": "From May on"}).status_code == 303
    assert "From May on" in mine.get(address).get_data(as_text=True)
    assert "From May on" in mine.get(f"/people/{cast.sales1.id}/work").get_data(as_text=True)
    assert browser.of(cast.sales2).get(address).status_code == 404
    assert "A van for samples" in mine.get("/suggestions?which=all&export=csv").get_data(as_text=True)
    with counted_queries() as asked:
        assert boss.get("/suggestions?which=all").status_code == 200
    assert len(asked) <= BUDGET
