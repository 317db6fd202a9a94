"""A test's browser: signs people in without the password's cost and counts queries."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from flask import Flask, g
from flask.testing import FlaskClient
from sqlalchemy import event
from sqlalchemy.orm import Session

from tracker import sessions
from tracker.extensions import db
from tracker.team.models import User, UserSession
from tracker.team.passwords import token_hash

HTMX = {"HX-Request": "true"}


class Client(FlaskClient):
    """A client that takes nothing over from the request before: all requests of a test share one app context."""

    def open(self, *args: Any, **kwargs: Any) -> Any:
        """Send a request with an empty `g`, so that it finds its own user and language."""
        for name in list(g):
            g.pop(name)
        return super().open(*args, **kwargs)


class Browser:
    """Makes signed-in test clients."""

    def __init__(self, app: Flask, session: Session) -> None:
        self.app = app
        self.session = session

    def of(self, user: User, lang: str = "en") -> FlaskClient:
        """A client signed in as `user`, reading `lang`."""
        token = secrets.token_urlsafe(16)
        self.session.add(UserSession(token_hash=token_hash(token), user_id=user.id))
        self.session.commit()
        client = self.nobody()
        with client.session_transaction() as cookie:
            cookie[sessions.COOKIE_KEY] = token
            cookie["lang"] = lang
        return client

    def nobody(self) -> FlaskClient:
        """A client that is not signed in."""
        return Client(self.app, self.app.response_class, use_cookies=True)


@contextmanager
def counted_queries() -> Iterator[list[str]]:
    """The statements sent inside, without savepoints and transaction control."""
    statements: list[str] = []

    def note(_conn: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(("SAVEPOINT", "RELEASE", "ROLLBACK", "BEGIN", "COMMIT")):
            statements.append(statement)

    bind = db.session.get_bind()
    engine = getattr(bind, "engine", bind)
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)
