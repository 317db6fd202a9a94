"""One's own profile: name, language, zone, and where one is signed in."""

from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tracker.events import Event, Kind
from tracker.team.models import UserSession

BUDGET = 6  # statements for a page, signing in included


def form(**values: str) -> dict[str, str]:
    return {"name": "Sales1", "phone": "", "email": "", "locale": "", "timezone": "", **values}


def test_everybody_changes_his_own_name_and_how_to_reach_him(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.dealer1)
    sent = form(name=" Chen Wei ", phone="139 0000 0000", email="chen@xinyuan.example")
    assert client.post("/profile", data=sent).status_code == 303
    session.refresh(cast.dealer1)
    assert (cast.dealer1.name, cast.dealer1.phone, cast.dealer1.email) == (
        "Chen Wei",
        "139 0000 0000",
        "chen@xinyuan.example",
    )
    page = client.get("/profile").get_data(as_text=True)
    assert 'value="Chen Wei"' in page and "Saved." in page
    assert session.scalars(select(Event.data).where(Event.kind == Kind.USER_EDITED)).all() == [{"profile": True}]


def test_the_language_chosen_here_counts_from_now_on(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1, "en")
    client.post("/profile", data=form(locale="zh"))
    assert '<html lang="zh-CN">' in client.get("/profile").get_data(as_text=True)
    client.post("/profile", data=form(locale="en"))
    assert '<html lang="en">' in client.get("/profile").get_data(as_text=True)


def test_moments_are_shown_in_ones_own_zone(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    assert "16 Mar 12:00" in client.get("/profile").get_data(as_text=True)
    client.post("/profile", data=form(timezone="Europe/Berlin"))
    assert "16 Mar 05:00" in client.get("/profile").get_data(as_text=True)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": " "}, "Type the person"),
        ({"timezone": "Mars/Olympus"}, "Write a time zone such as"),
        ({"timezone": "../../etc/passwd"}, "Write a time zone such as"),
        ({"locale": "xx"}, "Choose one of the values"),
        ({"email": "nowhere"}, "e-mail address"),
    ],
)
def test_a_refused_profile_keeps_what_was_typed(
    session: Session, cast: Cast, browser: Browser, wrong: dict[str, str], said: str
) -> None:
    answer = browser.of(cast.sales1).post("/profile", data=form(phone="139 0000 0000", **wrong))
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert said in page
    assert 'value="139 0000 0000"' in page
    session.refresh(cast.sales1)
    assert (cast.sales1.phone, cast.sales1.timezone) == (None, None)


def test_one_ends_a_session_of_ones_own_elsewhere(session: Session, cast: Cast, browser: Browser) -> None:
    phone, desk = browser.of(cast.sales1), browser.of(cast.sales1)
    page = desk.get("/profile").get_data(as_text=True)
    ids = session.scalars(select(UserSession.id).order_by(UserSession.id)).all()
    assert page.count("/profile/sessions/") == 1, "this browser's own session has no button"
    assert f"/profile/sessions/{ids[0]}" in page
    assert desk.post(f"/profile/sessions/{ids[0]}").status_code == 303
    assert phone.get("/").status_code == 303
    assert desk.get("/").status_code == 200
    assert desk.post(f"/profile/sessions/{ids[0]}").status_code == 404, "it is over already"


def test_one_cannot_end_somebody_elses_session(session: Session, cast: Cast, browser: Browser) -> None:
    theirs = browser.of(cast.sales2)
    found = session.scalars(select(UserSession.id)).one()
    assert browser.of(cast.sales1).post(f"/profile/sessions/{found}").status_code == 404
    assert theirs.get("/").status_code == 200


def test_the_profile_asks_little(cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        assert client.get("/profile").status_code == 200
    assert len(asked) <= BUDGET
