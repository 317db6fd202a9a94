"""A served company and real browsers that visit it. Without Chromium these tests skip; where CI=true they fail.

TRACKER_CHROMIUM names another browser's program; TRACKER_SHOTS=FOLDER keeps a picture of every page looked at.
"""

from __future__ import annotations

import logging
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask_migrate import upgrade
from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Playwright, expect, sync_playwright
from werkzeug.serving import WSGIRequestHandler, make_server

from config import Config
from tests.browser.company import Company, found_company
from tests.browser.visitor import LOCALES, WINDOWS, Visitor
from tests.databases import empty_database
from tracker import create_app, sessions
from tracker.extensions import db
from tracker.team.models import UserSession
from tracker.team.passwords import token_hash

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PATIENCE = 15_000  # milliseconds; a machine that does other things as well is slow, not wrong


class QuietHandler(WSGIRequestHandler):
    """Connections are kept open as a real server keeps them, and nothing is printed."""

    protocol_version = "HTTP/1.1"

    def log_request(self, *args: Any, **kwargs: Any) -> None:
        """Say nothing."""


def find_chromium(playwright: Playwright) -> str | None:
    """The browser's program: the one named in TRACKER_CHROMIUM, the system's (the light one first), or Playwright's."""
    names = (os.environ.get("TRACKER_CHROMIUM"), "chromium-headless-shell", "chromium", "google-chrome")
    own = playwright.chromium.executable_path
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    return found or (own if Path(own).exists() else None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Chromium]:
    """One browser for all tests of this process."""
    with sync_playwright() as playwright:
        path = find_chromium(playwright)
        if path is None:
            missing = "browser tests need Chromium and a CJK font: apt-get install chromium fonts-noto-cjk"
            if os.environ.get("CI") == "true":
                pytest.fail(missing)
            pytest.skip(missing)
        expect.set_options(timeout=PATIENCE)
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def live_database(database_url: str, work_folder: Path) -> Iterator[str]:
    """The address of an empty database for the served company."""
    with empty_database(database_url, work_folder, "browser") as url:
        yield url


@pytest.fixture(scope="session")
def company(live_database: str, work_folder: Path) -> Iterator[Company]:
    """The company, served as it is in the office: with CSRF, content policy and attempt limits on."""
    folder = work_folder / "served"
    app = create_app(Config("development", folder, live_database, folder / "media", "only-for-tests-only-for-tests"))
    with app.app_context():
        upgrade()
    company = Company(app)
    found_company(company)
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=QuietHandler)
    company.address = f"http://127.0.0.1:{server.server_port}"
    thread = threading.Thread(target=server.serve_forever, daemon=True, name="served company")
    thread.start()
    yield company
    server.shutdown()
    thread.join()
    with app.app_context():
        db.engine.dispose()


@pytest.fixture
def visit(company: Company, chromium: Chromium) -> Iterator[Callable[..., Visitor]]:
    """Opens windows: `visit("sales1", "phone", "zh")`; None is somebody not signed in. They close after the test,
    which fails for anything they noted."""
    visitors: list[Visitor] = []

    def come(user: str | None, window: str = "desk", lang: str = "en", **options: Any) -> Visitor:
        plain = {**WINDOWS[window], "locale": LOCALES[lang], "timezone_id": "Asia/Shanghai", "reduced_motion": "reduce"}
        context = chromium.new_context(**{**plain, **options})
        context.set_default_timeout(PATIENCE)
        if user:
            context.add_cookies([_signed_in(company, user)])
        visitor = Visitor(company, context, context.new_page(), window, lang)
        visitor.watch()
        visitors.append(visitor)
        return visitor

    yield come
    for visitor in visitors:
        visitor.context.close()
    faults = [fault for visitor in visitors for fault in visitor.faults]
    assert not faults, "\n".join(faults)


def _signed_in(company: Company, user: str) -> dict[str, Any]:
    """The cookie of somebody who signed in before, so that only one test pays for the password."""
    token = secrets.token_urlsafe(16)
    with company.session() as session:
        session.add(UserSession(token_hash=token_hash(token), user_id=company.users[user]))
    return {"name": "session", "value": _sealed(company.app, {sessions.COOKIE_KEY: token}), "url": company.address}


def _sealed(app: Flask, values: dict[str, str]) -> str:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return str(serializer.dumps(values))
