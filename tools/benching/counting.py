"""How many statements each page sends at most: asked inside this process, once for each of its addresses."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from flask import Flask
from sqlalchemy import event

from benching.pages import Row
from benching.visitor import TOKEN
from tracker.extensions import db

NOT_COUNTED = ("BEGIN", "COMMIT", "ROLLBACK", "SAVEPOINT", "RELEASE")


def count_queries(app: Flask, rows: Sequence[Row], names: dict[str, str], password: str) -> list[int]:
    """The number of statements of each row's request, the most of all its addresses."""
    clients = {who: _signed_in(app, username, password) for who, username in names.items()}
    found = []
    for row in rows:
        client = clients[row.who]
        token = {"csrf_token": _token(client, row.path(0))} if row.form else {}
        counts = []
        for turn in range(len(row.paths)):
            with _counted(app) as statements:
                _ask(client, row, turn, token)
            counts.append(len(statements))
        found.append(max(counts))
    return found


def _signed_in(app: Flask, username: str, password: str) -> Any:
    client = app.test_client()
    form = {"username": username, "password": password, "csrf_token": _token(client, "/login")}
    answer = client.post("/login", data=form)
    if answer.status_code != 303:
        raise RuntimeError(f"{username} cannot sign in: {answer.status_code}")
    return client


def _token(client: Any, path: str) -> str:
    found = TOKEN.search(client.get(path).get_data(as_text=True))
    if found is None:
        raise RuntimeError(f"{path} has no form")
    return found[1]


@contextmanager
def _counted(app: Flask) -> Iterator[list[str]]:
    statements: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        if not statement.startswith(NOT_COUNTED):
            statements.append(statement)

    with app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield statements
    finally:
        event.remove(engine, "before_cursor_execute", note)


def _ask(client: Any, row: Row, turn: int, token: dict[str, str]) -> None:
    path = row.path(turn)
    if row.form is None:
        answer = client.get(path, headers=row.headers)
    else:
        answer = client.post(path, data=row.form() | token, headers=row.headers)
    if answer.status_code != row.expected:
        raise RuntimeError(f"{path} answers {answer.status_code}")
