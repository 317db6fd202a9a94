"""What protects people and data: forged forms, headers of every answer, cookies, caches, compression."""

from __future__ import annotations

import dataclasses
import gzip
import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path

import pytest
from flask import Flask, request
from flask.testing import FlaskClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from config import ROOT
from tests.cast import Cast
from tests.client import HTMX, Browser
from tests.factories import make_photo, make_project
from tests.leads.making import row, sheet
from tracker import create_app
from tracker.events import Event
from tracker.gallery.operations import derived_key
from tracker.imports.operations.starting import start_run
from tracker.parties.models import Party
from tracker.team import operations
from tracker.team.models import User
from tracker.team.queries import find_by_username

PASSWORD = "a short sentence"
TOKEN = re.compile(r'name="csrf_token" value="([^"]+)"')


@pytest.fixture
def guarded(app: Flask) -> Iterator[None]:
    """Forms are checked for their token, as outside of tests."""
    app.config["WTF_CSRF_ENABLED"] = True
    yield
    app.config["WTF_CSRF_ENABLED"] = False


def token_of(client: FlaskClient, address: str = "/profile") -> str:
    found = TOKEN.search(client.get(address).get_data(as_text=True))
    assert found is not None
    return found.group(1)


# Forged forms


def test_no_address_takes_a_form_without_its_token(
    app: Flask, session: Session, cast: Cast, browser: Browser, guarded: None
) -> None:
    client = browser.of(cast.admin)
    before = session.scalar(select(func.count(Event.id)))
    for rule in app.url_map.iter_rules():
        if "POST" in (rule.methods or ()):
            address = rule.build(dict.fromkeys(rule.arguments, "1"))
            assert address is not None
            answer = client.post(address[1], data={"name": "forged"})
            assert answer.status_code == 400, rule.rule
    assert session.scalar(select(func.count(Event.id))) == before


def test_with_its_token_a_form_is_taken(session: Session, cast: Cast, browser: Browser, guarded: None) -> None:
    client = browser.of(cast.sales1)
    sent = {"name": "Hengyue Land", "kind": "owner", "csrf_token": token_of(client, "/parties/new")}
    assert client.post("/parties/new", data=sent).status_code == 303
    sent = {"name": "Linden Builders", "kind": "owner"}
    header = {**HTMX, "X-CSRFToken": token_of(client)}
    assert client.post("/parties/new", data=sent, headers=header).headers["HX-Redirect"]


def test_a_token_of_somebody_else_is_worth_nothing(
    session: Session, cast: Cast, browser: Browser, guarded: None
) -> None:
    theirs = token_of(browser.of(cast.sales2))
    sent = {"name": "Hengyue Land", "kind": "owner", "csrf_token": theirs}
    assert browser.of(cast.sales1).post("/parties/new", data=sent).status_code == 400
    assert session.scalars(select(Party).where(Party.name == "Hengyue Land")).all() == []


def test_a_refused_form_says_what_to_do_and_leaves_its_texts(cast: Cast, browser: Browser, guarded: None) -> None:
    client = browser.of(cast.sales1)
    sent = {"name": "恒悦置地", "kind": "owner", "note": "Pays late, says Wang.", "csrf_token": "old"}
    page = client.post("/parties/new", data=sent)
    text = page.get_data(as_text=True)
    assert page.status_code == 400
    assert "older than your sign-in" in text
    assert ">Pays late, says Wang.</textarea>" in text and ">恒悦置地</textarea>" in text
    fragment = client.post("/parties/new", data=sent, headers=HTMX)
    assert fragment.status_code == 400
    assert "<html" not in fragment.get_data(as_text=True)
    assert "notice-danger" in fragment.get_data(as_text=True)


def test_a_form_left_open_is_taken_after_its_user_signed_in_again(
    session: Session, cast: Cast, browser: Browser, guarded: None
) -> None:
    operations.set_password(session, cast.sales1, PASSWORD, by=None)
    client = browser.of(cast.sales1)
    sent = {"name": "Hengyue Land", "kind": "owner", "csrf_token": token_of(client, "/parties/new")}
    operations.revoke_sessions(session, cast.sales1, by=cast.sales1)
    session.commit()
    assert client.post("/parties/new", data=sent).status_code == 403
    signing_in = {"username": "sales1", "password": PASSWORD, "csrf_token": token_of(client, "/login")}
    assert client.post("/login", data=signing_in).status_code == 303
    assert client.post("/parties/new", data=sent).status_code == 303


def test_a_form_left_open_by_somebody_else_is_not(
    session: Session, cast: Cast, browser: Browser, guarded: None
) -> None:
    operations.set_password(session, cast.sales2, PASSWORD, by=None)
    client = browser.of(cast.sales1)
    sent = {"name": "Hengyue Land", "kind": "owner", "csrf_token": token_of(client, "/parties/new")}
    operations.revoke_sessions(session, cast.sales1, by=cast.sales1)
    session.commit()
    signing_in = {"username": "sales2", "password": PASSWORD, "csrf_token": token_of(client, "/login")}
    assert client.post("/login", data=signing_in).status_code == 303
    assert client.post("/parties/new", data=sent).status_code == 400


def test_every_page_with_htmx_sends_the_token_by_itself(cast: Cast, browser: Browser, guarded: None) -> None:
    page = browser.of(cast.sales1).get("/search").get_data(as_text=True)
    header = re.search(r"""hx-headers='(\{"X-CSRFToken": "[^"]+"\})'""", page)
    assert header is not None and unescape(header.group(1))


# Headers


def kinds_of_answers(session: Session, cast: Cast, browser: Browser) -> dict[str, TestResponse]:
    """One answer of each kind that the application gives."""
    storage = browser.app.extensions["storage"]
    project = make_project(session, cast.supervisor)
    photo = make_photo(session, cast.supervisor, project=project)
    storage.put(derived_key(photo.token, "320"), b"a picture")
    run = start_run(session, storage, sheet([row("P-1")]), "permits.csv", by=cast.supervisor)
    run.rejected_key = "imports/refused.csv"
    storage.put(run.rejected_key, b"number,reason")
    session.commit()
    client, nobody = browser.of(cast.supervisor), browser.nobody()
    return {
        "page": client.get("/"),
        "matrix": client.get(f"/projects/{project.id}"),
        "fragment": client.get("/search?q=tower", headers=HTMX),
        "form to mend": client.post("/parties/new", data={}),
        "redirect": nobody.get("/projects"),
        "htmx redirect": nobody.get("/search", headers=HTMX),
        "sign-in": nobody.get("/login"),
        "password link": nobody.get("/password/unknown"),
        "picture": client.get(f"/media/{photo.token}/320.jpg"),
        "file": client.get(f"/imports/runs/{run.id}/rejected.csv"),
        "json": client.post("/photos/staged"),
        "static": nobody.get("/static/app.css"),
        "alive": nobody.get("/healthz"),
        "not found": client.get("/nowhere"),
        "not found, static": nobody.get("/static/nowhere.js"),
        "not allowed": client.post("/board"),
        "not found, fragment": client.get("/projects/999999", headers=HTMX),
        "options": client.options("/board"),
    }


def test_every_answer_carries_the_headers_that_protect(session: Session, cast: Cast, browser: Browser) -> None:
    for kind, answer in kinds_of_answers(session, cast, browser).items():
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "style-src 'self';" in policy, kind
        assert "unsafe" not in policy and "*" not in policy and "http" not in policy, kind
        assert "object-src 'none'" in policy and "frame-ancestors 'none'" in policy, kind
        assert "form-action 'self'" in policy and "base-uri 'self'" in policy, kind
        assert answer.headers["X-Content-Type-Options"] == "nosniff", kind
        assert answer.headers["X-Frame-Options"] == "DENY", kind
        assert answer.headers["Referrer-Policy"] == "same-origin", kind


def test_a_forged_form_and_a_fault_carry_them_too(
    cast: Cast, browser: Browser, guarded: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = browser.of(cast.sales1)
    forged = client.post("/parties/new", data={})
    monkeypatch.setattr("tracker.home.queries.load_today", lambda *_: 1 / 0)
    broken = client.get("/")
    assert (forged.status_code, broken.status_code) == (400, 500)
    for answer in (forged, broken):
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert "'nonce-'" not in answer.headers["Content-Security-Policy"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"


def test_each_answer_has_a_nonce_of_its_own(cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    policies = {client.get("/").headers["Content-Security-Policy"] for _ in range(5)}
    assert len(policies) == 5


def test_no_page_holds_inline_scripts_styles_or_handlers(session: Session, cast: Cast, browser: Browser) -> None:
    inline = re.compile(r"<script(?![^>]*\ssrc=)|<style|\sstyle=|\son\w+=|javascript:", re.IGNORECASE)
    for kind, answer in kinds_of_answers(session, cast, browser).items():
        if answer.mimetype == "text/html":
            assert inline.search(answer.get_data(as_text=True)) is None, kind


def test_pages_fetch_nothing_from_elsewhere(session: Session, cast: Cast, browser: Browser) -> None:
    for kind, answer in kinds_of_answers(session, cast, browser).items():
        if answer.mimetype == "text/html":
            sources = re.findall(r'(?:src|href|action)="(?!/|#|\?|mailto:|tel:)([^"]+)"', answer.get_data(as_text=True))
            assert sources == [], kind


def test_only_static_files_and_pictures_may_be_kept(session: Session, cast: Cast, browser: Browser) -> None:
    for kind, answer in kinds_of_answers(session, cast, browser).items():
        kept = answer.headers.get("Cache-Control", "")
        if kind == "static":
            assert "max-age=31536000" in kept
        elif kind == "picture":
            assert kept.startswith("private, max-age=")
        elif kind != "not found, static":
            assert kept == "private, no-cache" or "no-store" in kept or kept == "no-cache", kind


def test_static_addresses_carry_the_mark_of_their_content(browser: Browser) -> None:
    page = browser.nobody().get("/login").get_data(as_text=True)
    marked = re.findall(r'(?:src|href)="(/static/[^"#]+)', page)
    assert marked and all(re.search(r"\?v=[0-9a-f]{10}$", address) for address in marked)
    assert all(browser.nobody().get(address).status_code == 200 for address in marked)


def test_a_file_of_refused_rows_is_saved_and_never_shown(session: Session, cast: Cast, browser: Browser) -> None:
    answer = kinds_of_answers(session, cast, browser)["file"]
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert answer.mimetype == "text/csv"


def test_pages_are_sent_compressed_and_pictures_as_they_are(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.sales1)
    packed = client.get("/projects", headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert b"</html>" in gzip.decompress(packed.data)
    assert "Accept-Encoding" in packed.headers["Vary"]
    assert "Content-Encoding" not in client.get("/projects").headers
    picture = kinds_of_answers(session, cast, browser)["picture"]
    assert "Content-Encoding" not in picture.headers


# Cookies


def cookie_of(app: Flask, session: Session, user: User) -> str:
    operations.set_password(session, user, PASSWORD, by=None)
    session.commit()
    answer = app.test_client().post("/login", data={"username": user.username, "password": PASSWORD})
    assert answer.status_code == 303
    return answer.headers["Set-Cookie"]


def test_the_cookie_is_kept_from_scripts_and_other_sites(app: Flask, session: Session, cast: Cast) -> None:
    cookie = cookie_of(app, session, cast.sales1)
    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie
    assert "Secure" not in cookie, "only where the settings say that TLS is in front"
    assert "Strict-Transport-Security" not in app.test_client().get("/healthz").headers
    app.config["SESSION_COOKIE_SECURE"] = True
    try:
        assert "Secure" in cookie_of(app, session, cast.sales2)
        assert app.test_client().get("/healthz").headers["Strict-Transport-Security"] == "max-age=31536000"
    finally:
        app.config["SESSION_COOKIE_SECURE"] = False


def test_the_setting_for_tls_makes_cookies_secure(app: Flask, tmp_path: Path) -> None:
    config = app.config["TRACKER"]
    secured = dataclasses.replace(
        config, secure_cookies=True, database_url=f"sqlite:///{tmp_path / 'x.sqlite3'}", media=tmp_path
    )
    assert create_app(secured).config["SESSION_COOKIE_SECURE"]


def test_a_cookie_that_was_changed_is_nobodys(cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.admin)
    cookie = client.get_cookie("session")
    assert cookie is not None
    body, _, signature = cookie.value.rpartition(".")
    client.set_cookie("session", f"{body}x.{signature}")
    assert client.get("/").status_code == 303


def test_forwarded_addresses_count_only_behind_a_proxy_that_is_trusted(app: Flask, tmp_path: Path) -> None:
    config = dataclasses.replace(
        app.config["TRACKER"], database_url=f"sqlite:///{tmp_path / 'x.sqlite3'}", media=tmp_path
    )
    headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "tracker.example"}
    for trusted, address in ((0, "http://localhost/"), (1, "https://tracker.example/")):
        behind = create_app(dataclasses.replace(config, trust_proxy=trusted))
        behind.add_url_rule("/where", "where", lambda: request.url_root)
        assert behind.test_client().get("/where", headers=headers).get_data(as_text=True) == address


# Signing in by trickery


def test_no_trick_of_the_lists_finds_a_user(session: Session, cast: Cast, shared_data: Path) -> None:
    files = ("sqli_auth_bypass.txt", "sqli_generic_fuzz.txt")
    tricks = [line for name in files for line in (shared_data / "strings" / name).read_text().splitlines()]
    assert len(tricks) > 80
    for trick in tricks:
        assert find_by_username(session, trick) is None, trick
        assert find_by_username(session, f"admin{trick}") is None, trick


def test_no_trick_signs_in(session: Session, cast: Cast, browser: Browser) -> None:
    operations.set_password(session, cast.admin, PASSWORD, by=None)
    session.commit()
    for name, password in (("admin' --", "x"), ("' or ''='", "' or ''='"), ("admin", "' or '1'='1"), ("%", "%")):
        answer = browser.nobody().post("/login", data={"username": name, "password": password})
        assert answer.status_code == 422


def test_the_program_reads_no_file_outside_its_folders(cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.admin)
    for path in ("../config.py", "..%2fconfig.py", "....//config.py", "/etc/passwd", "vendor/../../config.py"):
        answer = client.get(f"/static/{path}")
        assert answer.status_code in (301, 308, 404), path
        assert b"TRACKER_SECRET_KEY" not in answer.data
    assert (ROOT / "config.py").is_file()
