"""Addresses for templates are those that Flask makes, whatever is filled in."""

from __future__ import annotations

import flask
import pytest
from flask import Flask

from tracker.addresses import url_for

ASKED = [
    ("home.today", {}),
    ("matrix.project", {"project_id": 7}),
    ("matrix.project", {"project_id": 123456}),
    ("matrix.cell", {"project_id": 7, "phase": "map", "step": "structure"}),
    ("matrix.cell", {"project_id": 8, "phase": "bid", "step": "ground"}),
    ("gallery.picture", {"token": "a-B_9", "size": "320"}),
    ("projects.list_page", {"developer": 5, "stalled": 1}),
    ("projects.list_page", {"q": "花园 & 50%/2"}),
    ("projects.list_page", {"q": "..", "sort": None}),
    ("projects.list_page", {"sort": "name"}),
    ("static", {"filename": "app.css"}),
    ("static", {"filename": "app.css", "v": "old"}),
    ("home.today", {"_anchor": "due"}),
    ("home.today", {"_external": True}),
]


@pytest.mark.parametrize(("endpoint", "values"), ASKED)
def test_an_address_is_the_one_flask_makes(app: Flask, endpoint: str, values: dict[str, object]) -> None:
    with app.test_request_context("/"):
        for _again in range(2):
            assert url_for(endpoint, **values) == flask.url_for(endpoint, **values)  # type: ignore[arg-type]


def test_an_address_follows_where_the_application_is_mounted(app: Flask) -> None:
    with app.test_request_context("/"):
        assert url_for("matrix.project", project_id=1) == "/projects/1"
    with app.test_request_context("/", base_url="http://localhost/tracker"):
        assert url_for("matrix.project", project_id=1) == "/tracker/projects/1"
