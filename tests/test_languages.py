"""Which language a page speaks: as asked in the address, else the user's own, else the browser's, else the house's."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Iterator

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import HTMX, Browser
from tests.factories import make_project
from tests.reading import HAN
from tracker import sessions
from tracker.i18n import _, lang, speaking
from tracker.team.models import User


def signed_in(browser: Browser, user: User) -> FlaskClient:
    """A browser that has chosen no language."""
    client = browser.of(user)
    with client.session_transaction() as cookie:
        del cookie["lang"]
        assert sessions.COOKIE_KEY in cookie
    return client


def language_of(client: FlaskClient, address: str = "/profile", accepts: str = "") -> str:
    page = client.get(address, headers={"Accept-Language": accepts}).get_data(as_text=True)
    found = re.search(r'<html lang="([^"]+)">', page)
    assert found is not None
    return found.group(1)


@pytest.mark.parametrize(
    ("own", "accepts", "spoken"),
    [
        ("zh", "en", "zh-CN"),
        ("en", "zh-CN", "en"),
        (None, "zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"),
        (None, "de,en-GB;q=0.7,zh;q=0.3", "en"),
        (None, "de,fr;q=0.7", "en"),
        (None, "", "en"),
        (None, "*", "en"),
        ("fr", "zh", "zh-CN"),
    ],
)
def test_the_users_own_language_counts_before_the_browsers(
    session: Session, cast: Cast, browser: Browser, own: str | None, accepts: str, spoken: str
) -> None:
    cast.sales1.locale = own
    session.commit()
    assert language_of(signed_in(browser, cast.sales1), accepts=accepts) == spoken


def test_an_address_switches_the_language_of_the_session(session: Session, cast: Cast, browser: Browser) -> None:
    cast.sales1.locale = "en"
    session.commit()
    client = signed_in(browser, cast.sales1)
    assert language_of(client, "/profile?lang=zh") == "zh-CN"
    assert language_of(client) == "zh-CN", "it stays"
    assert language_of(client, "/profile?lang=en") == "en"
    assert language_of(client, "/profile?lang=xx") == "en", "a language that is none changes nothing"


def test_it_counts_for_whoever_is_not_signed_in_and_on_the_way_to_signing_in(browser: Browser) -> None:
    client = browser.nobody()
    assert client.get("/projects?lang=zh").status_code == 303
    assert language_of(client, "/login") == "zh-CN"
    assert language_of(client, "/nowhere") == "zh-CN"


@pytest.fixture
def chinese_house(app: Flask) -> Iterator[None]:
    config = app.config["TRACKER"]
    app.config["TRACKER"] = dataclasses.replace(config, locale="zh")
    yield
    app.config["TRACKER"] = config


def test_where_nobody_says_it_is_the_language_of_the_house(browser: Browser, chinese_house: None) -> None:
    assert language_of(browser.nobody(), "/login") == "zh-CN"
    assert language_of(browser.nobody(), "/login", accepts="en") == "en"


def test_outside_of_requests_the_house_speaks_and_a_mail_speaks_its_readers_language(
    session: Session, chinese_house: None
) -> None:
    assert (lang(), bool(HAN.search(_("Sign in")))) == ("zh", True)
    with speaking("en"):
        assert (lang(), _("Sign in")) == ("en", "Sign in")
    assert lang() == "zh"


def test_page_and_fragment_speak_the_same_language(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    client = browser.of(cast.sales1, "zh")
    address = f"/projects/{project.id}/cells/map/structure"
    page, drawer = client.get(address), client.get(address, headers=HTMX)
    headings = re.findall(r"<h3[^>]*>([^<]+)</h3>", drawer.get_data(as_text=True))
    assert headings and all(HAN.search(words) for words in headings)
    assert all(words in page.get_data(as_text=True) for words in headings)
    assert "Accept-Language" in page.headers["Vary"] and "HX-Request" in page.headers["Vary"]


def test_the_switch_on_a_page_keeps_its_filters(cast: Cast, browser: Browser) -> None:
    page = browser.of(cast.sales1).get("/projects?q=tower&sort=name&lang=en").get_data(as_text=True)
    form = re.search(r'<form method="get" action="/projects">(.*?name="lang" value="zh".*?)</form>', page, re.DOTALL)
    assert form is not None
    kept = re.findall(r'<input type="hidden" name="(\w+)" value="(\w+)">', form.group(1))
    assert kept == [("q", "tower"), ("sort", "name")]
