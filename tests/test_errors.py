"""What goes wrong: as a page and as a fragment, in the reader's language. No inside shows, no text is lost."""

from __future__ import annotations

import errno
import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.exc import DataError, IntegrityError, OperationalError
from sqlalchemy.exc import TimeoutError as NoConnection
from sqlalchemy.orm import Session
from sqlalchemy.orm.exc import StaleDataError

from config import Config
from tests.cast import Cast
from tests.client import HTMX, Browser
from tests.factories import make_contact, make_party, make_project
from tests.leads.making import make_lead
from tracker import create_app, sessions
from tracker.errors import Forbidden, Invalid, NotFound, Stale
from tracker.extensions import db
from tracker.home import queries
from tracker.parties.models import Party
from tracker.projects.models import Project
from tracker.storage import StorageFull

INSIDE = "the inside of the machine"


def sql_error(kind: type, said: str = INSIDE) -> Exception:
    return kind("SELECT secret", {}, Exception(said))


FAULTS = [
    (NotFound(INSIDE), 404),
    (Forbidden("Only the owner does this."), 403),
    (Invalid("name", "A project needs a name."), 422),
    (Stale("Somebody changed this project meanwhile."), 409),
    (StaleDataError(INSIDE), 409),
    (sql_error(OperationalError), 503),
    (NoConnection(INSIDE), 503),
    (sql_error(OperationalError, "database or disk is full"), 507),
    (sql_error(DataError), 404),
    (OverflowError(INSIDE), 404),
    (sql_error(IntegrityError), 500),
    (StorageFull(INSIDE), 507),
    (OSError(errno.ENOSPC, INSIDE), 507),
    (RuntimeError(INSIDE), 500),
    (KeyError(INSIDE), 500),
]


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Exception]]:
    """Today breaks with what a test puts here."""
    faults: list[Exception] = []

    def load(*_: object) -> None:
        raise faults[0]

    monkeypatch.setattr(queries, "load_today", load)
    yield faults


@pytest.mark.parametrize(("fault", "status"), FAULTS, ids=lambda value: type(value).__name__)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_fault_is_a_page_and_a_fragment_in_the_readers_language(
    cast: Cast, browser: Browser, broken: list[Exception], fault: Exception, status: int, lang: str
) -> None:
    broken.append(fault)
    client = browser.of(cast.sales1, lang)
    page, fragment = client.get("/"), client.get("/", headers=HTMX)
    assert (page.status_code, fragment.status_code) == (status, status)
    text, part = page.get_data(as_text=True), fragment.get_data(as_text=True)
    assert "<h1>" in text and "</html>" in text
    assert '<div class="notice notice-danger" role="alert">' in part and "<html" not in part
    for answer in (text, part):
        assert INSIDE not in answer and "Traceback" not in answer and "SELECT" not in answer
    assert f'<html lang="{"zh-CN" if lang == "zh" else "en"}">' in text
    if status == 503:
        assert page.headers["Retry-After"]


def test_after_a_fault_the_user_is_still_signed_in(
    cast: Cast, browser: Browser, broken: list[Exception], monkeypatch: pytest.MonkeyPatch
) -> None:
    broken.append(sql_error(OperationalError))
    client = browser.of(cast.sales1)
    assert client.get("/").status_code == 503
    assert client.get("/profile").status_code == 200


def test_a_refusal_says_which_rule_and_why(cast: Cast, browser: Browser, broken: list[Exception]) -> None:
    broken.append(Forbidden("Only the owner does this.", rules=("G05",)))
    for headers in ({}, HTMX):
        text = browser.of(cast.sales1).get("/", headers=headers).get_data(as_text=True)
        assert "Only the owner does this." in text
        assert '<span class="rule-id">G05</span>' in text


def test_an_address_that_is_not_there_is_a_page_for_everybody(cast: Cast, browser: Browser) -> None:
    for client in (browser.nobody(), browser.of(cast.sales1), browser.of(cast.dealer1)):
        for address in ("/nowhere", "/projects/abc", "/static/nowhere.css", "/media/x/320.jpg/more"):
            answer = client.get(address)
            assert answer.status_code == 404, address
            assert "Not found" in answer.get_data(as_text=True)


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "BREW"])
def test_a_method_that_the_address_does_not_take_is_refused_with_those_it_does(
    cast: Cast, browser: Browser, method: str
) -> None:
    answer = browser.of(cast.sales1).open("/board", method=method)
    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}
    assert "does not take that kind of request" in answer.get_data(as_text=True)


def test_head_answers_like_get_without_the_body(cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    for address in ("/", "/projects", "/healthz", "/nowhere"):
        head = client.head(address)
        assert head.status_code == client.get(address).status_code
        assert head.data == b""


# Somebody else's and impossible numbers


NUMBERS = ("0", "-1", "999999", "2147483648", "9223372036854775808", "9" * 40, "1.5", "²", "٣x", "%00", "1%00", "null")


@pytest.mark.parametrize("number", NUMBERS)
def test_a_number_that_nothing_has_is_not_found(cast: Cast, browser: Browser, number: str) -> None:
    client = browser.of(cast.admin)
    pages = ("projects", "leads", "parties", "contacts", "people", "records", "approvals", "admin/teams", "admin/roles")
    for page in pages:
        assert client.get(f"/{page}/{number}").status_code == 404, page
    assert client.post(f"/projects/{number}/edit", data={"name": "x"}).status_code == 404
    assert client.get(f"/imports/runs/{number}/rejected.csv").status_code == 404


@pytest.mark.parametrize("token", ["%00", "a%00b", "../../etc/passwd", "..%2f..%2fetc%2fpasswd", "x" * 300, "'--"])
def test_a_token_that_nobody_made_is_not_found(cast: Cast, browser: Browser, token: str) -> None:
    client = browser.of(cast.admin)
    for address in (f"/media/{token}/320.jpg", f"/photos/{token}", f"/password/{token}", f"/static/{token}"):
        assert client.get(address).status_code == 404, address


LISTS = (
    "/",
    "/board",
    "/projects",
    "/leads",
    "/parties",
    "/contacts",
    "/photos",
    "/approvals",
    "/visit",
    "/search",
    "/radar",
)
WORDS = ("q", "sort", "state", "source", "category", "phase", "step", "which", "by", "developer_name")
FILTERS = ("owner", "team", "region", "developer", "dealer", "run", "person", "project", "page", "logged", "lat", "lon")


@pytest.mark.parametrize("value", [*NUMBERS, "", "nan", "inf", "1e400", "%F0%9F%9A%A7", "%FF%FE", "%27%20OR%201=1--"])
def test_filters_that_make_no_sense_show_an_ordinary_page(cast: Cast, browser: Browser, value: str) -> None:
    client = browser.of(cast.supervisor)
    query = "&".join(f"{name}={value}" for name in FILTERS if name != "project")
    words = "&".join(f"{name}={value}" for name in WORDS)
    for page in LISTS:
        answer = client.get(f"{page}?{query}&{words}")
        assert answer.status_code in (200, 404), page
        assert answer.status_code == 200 or value in NUMBERS, page
    assert client.get(f"/photos?project={value}").status_code in (200, 404)


# Forms


def test_a_text_with_nul_is_taken_without_it(session: Session, cast: Cast, browser: Browser) -> None:
    project = make_project(session, cast.sales1)
    form = {"phase": "map", "step": "structure", "kind": "site_visit", "on": "2026-03-16", "text": "Met\0 him.\0"}
    assert browser.of(cast.sales1).post(f"/projects/{project.id}/log", data=form).status_code == 303
    assert "Met him." in browser.of(cast.sales1).get(f"/projects/{project.id}").get_data(as_text=True)
    assert browser.of(cast.sales1).get("/search?q=Tower%00").status_code == 200
    assert browser.nobody().post("/login", data={"username": "a\0b", "password": "x\0y"}).status_code == 422


def test_a_form_that_fails_leaves_its_texts_to_be_copied(
    session: Session, cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object, **__: object) -> None:
        raise sql_error(OperationalError)

    monkeypatch.setattr("tracker.parties.operations.add_party", fail)
    sent = {"name": "恒悦置地", "kind": "owner", "note": "Pays late, says <b>Wang</b>.", "password": "my secret words"}
    answer = browser.of(cast.sales1).post("/parties/new", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 503
    assert ">恒悦置地</textarea>" in page
    assert ">Pays late, says &lt;b&gt;Wang&lt;/b&gt;.</textarea>" in page
    assert "my secret words" not in page and ">owner</textarea>" not in page


def test_who_was_signed_out_meanwhile_is_told_so_and_loses_no_text(cast: Cast, browser: Browser) -> None:
    sent = {"name": "Hengyue Land", "kind": "owner"}
    for headers in ({}, HTMX):
        answer = browser.nobody().post("/parties/new", data=sent, headers=headers)
        assert answer.status_code == 403
        assert "You were signed out" in answer.get_data(as_text=True)
    page = browser.nobody().post("/parties/new", data=sent).get_data(as_text=True)
    assert ">Hengyue Land</textarea>" in page


def test_a_request_that_is_too_large_is_refused(app: Flask, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    allowed = app.config["MAX_CONTENT_LENGTH"]
    app.config["MAX_CONTENT_LENGTH"] = 10_000
    try:
        for headers in ({}, HTMX):
            file = {"file": (io.BytesIO(b"x" * 20_000), "site.jpg")}
            answer = client.post("/photos/staged", data=file, content_type="multipart/form-data", headers=headers)
            assert answer.status_code == 413
            assert "too large to send at once" in answer.get_data(as_text=True)
    finally:
        app.config["MAX_CONTENT_LENGTH"] = allowed
    text = client.post("/parties/new", data={"name": "x" * 3_000_000})
    assert text.status_code == 413


def test_what_is_too_large_is_read_to_its_end_so_that_the_browser_hears_the_answer(browser: Browser) -> None:
    body = io.BytesIO(b"name=" + b"x" * 3_000_000)
    answer = browser.nobody().post(
        "/login", input_stream=body, content_type="application/x-www-form-urlencoded", content_length=3_000_005
    )
    assert answer.status_code == 413
    assert body.tell() == 3_000_005


def test_a_form_with_too_many_fields_is_refused(cast: Cast, browser: Browser) -> None:
    data = {f"field{number}": "x" for number in range(3000)}
    answer = browser.of(cast.sales1).post("/parties/new", data=data, content_type="multipart/form-data")
    assert answer.status_code == 413


@pytest.mark.parametrize("body", [b"", b"\xff\xfe\x00", b"--x\r\n", b"name=%ff%fe&kind=%00"])
@pytest.mark.parametrize("kind", ["multipart/form-data; boundary=x", "application/json", "text/plain", ""])
def test_a_body_that_is_no_form_is_answered_as_an_empty_one(
    cast: Cast, browser: Browser, body: bytes, kind: str
) -> None:
    answer = browser.of(cast.sales1).post("/parties/new", data=body, content_type=kind)
    assert answer.status_code in (400, 422)


# The machine


def test_alive_and_ready(browser: Browser) -> None:
    assert (browser.nobody().get("/healthz").data, browser.nobody().get("/readyz").data) == (b"ok\n", b"ready\n")


def test_not_ready_where_the_pictures_are_not_there(
    app: Flask, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_key: str) -> bool:
        raise PermissionError(INSIDE)

    monkeypatch.setattr(app.extensions["storage"], "exists", fail)
    answer = browser.nobody().get("/readyz")
    assert answer.status_code == 503
    assert INSIDE not in answer.get_data(as_text=True)


@pytest.fixture
def orphan(tmp_path: Path) -> FlaskClient:
    """A browser, signed in, of an application whose database does not answer."""
    config = Config(
        environment="development",
        data=tmp_path,
        database_url="postgresql+psycopg://nobody@127.0.0.1:1/nowhere?connect_timeout=2",
        media=tmp_path / "media",
        secret_key="only-for-tests-only-for-tests",
        locale="en",
        testing=True,
    )
    client = create_app(config).test_client()
    with client.session_transaction() as cookie:
        cookie[sessions.COOKIE_KEY] = "of somebody"
    return client


def test_a_database_that_is_away_is_said_and_asked_again(orphan: FlaskClient) -> None:
    for address, headers in (("/", {}), ("/projects/1", {}), ("/search?q=x", HTMX), ("/login", {})):
        answer = orphan.get(address, headers=headers)
        assert answer.status_code == 503, address
        assert answer.headers["Retry-After"] == "30"
        assert "The database does not answer" in answer.get_data(as_text=True)
        assert "psycopg" not in answer.get_data(as_text=True)
    assert orphan.get("/nowhere").status_code == 404
    assert orphan.get("/healthz").status_code == 200
    assert orphan.get("/readyz").status_code == 503
    assert orphan.get("/static/app.css").status_code == 200


def test_a_visitor_without_a_session_gets_the_sign_in_page_even_then(orphan: FlaskClient) -> None:
    with orphan.session_transaction() as cookie:
        cookie.clear()
    assert orphan.get("/login").status_code == 200
    answer = orphan.post("/login", data={"username": "sales1", "password": "a short sentence"})
    assert answer.status_code in (400, 503)


def test_nothing_is_half_saved(session: Session, cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """A project is opened with a new firm; the last step fails, and neither of them is there."""

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError(INSIDE)

    form = {
        "name": "Half a tower",
        "kind": "residential_fitted",
        "route": "design_led",
        "phase": "qualify",
        "step": "land",
        "building": "1#",
        "categories": ["tiles"],
        "currency": "CNY",
        "developer": "Half a firm",
    }
    client = browser.of(cast.sales1)
    with monkeypatch.context() as patched:
        patched.setattr(db.session, "commit", fail)
        assert client.post("/projects/new", data=form).status_code == 500
    assert session.scalars(select(Project.id)).all() == []
    assert session.scalars(select(Party.id).where(Party.name == "Half a firm")).all() == []
    assert client.post("/projects/new", data=form).status_code == 303


def test_the_addresses_asked_for_above_answer_where_the_number_is_right(
    session: Session, cast: Cast, browser: Browser
) -> None:
    party = make_party(session)
    there = {
        "projects": make_project(session, cast.sales1).id,
        "leads": make_lead(session, cast.sales1).id,
        "parties": party.id,
        "contacts": make_contact(session, party).id,
        "people": cast.sales1.id,
        "admin/teams": cast.north.id,
        "admin/roles": cast.sales1.role_id,
    }
    client = browser.of(cast.admin)
    assert {page: client.get(f"/{page}/{number}").status_code for page, number in there.items()} == dict.fromkeys(
        there, 200
    )
