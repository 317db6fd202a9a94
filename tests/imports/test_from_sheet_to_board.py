"""The whole way: a city's permits come in, one becomes a project, its site is visited, the board shows it."""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tracker import clock
from tracker.gallery.models import Photo
from tracker.imports.models import ImportRun
from tracker.imports.operations import carrying_out
from tracker.leads.models import Lead
from tracker.matrix.queries import load_portfolio
from tracker.projects.models import Building, Project
from tracker.projects.queries import Filters

WITH_GPS = "exif_samples/DSCN0010.jpg"
HEIC = "exif_samples/IMG_5195.HEIC"


@pytest.fixture
def no_background(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The import is carried out by the test itself."""
    for pages in ("columns", "runs"):
        monkeypatch.setattr(f"tracker.imports.views.{pages}.start_in_background", lambda *_words: None)
    return


def head_of(path: Path, rows: int) -> bytes:
    """The first rows of a file with its header."""
    if not path.is_file():
        pytest.skip(f"real input is not at hand: {path} is missing")
    with path.open("rb") as file:
        return b"".join(line for line, _ in zip(file, range(rows + 1), strict=False))


def imported(app: Flask, session: Session, client: FlaskClient, data: bytes, cast: Cast) -> ImportRun:
    sent = {"file": (io.BytesIO(data), "permits.csv")}
    assert client.post("/imports/leads", data=sent, content_type="multipart/form-data").status_code == 303
    run = session.scalars(select(ImportRun)).one()
    page = client.get(f"/imports/runs/{run.id}/mapping")
    assert page.status_code == 200
    columns = {f"column-{key}": str(place) for key, place in run.mapping.items()}
    options = {
        "source": "planning_permit",
        "step": "ground",
        "kind": "",
        "currency": "USD",
        "team_id": str(cast.north.id),
    }
    said = client.post(f"/imports/runs/{run.id}/mapping", data={**columns, **options, "action": "run"})
    assert said.status_code == 303
    carrying_out.run_import(session, app.extensions["storage"], run, by=cast.supervisor, commit=session.commit)
    return run


def uploaded(client: FlaskClient, path: Path) -> str:
    sent = {"file": (io.BytesIO(path.read_bytes()), path.name)}
    answer = client.post("/photos/staged", data=sent, content_type="multipart/form-data")
    assert answer.status_code == 201, answer.json
    return str(answer.json["token"])


def test_an_imported_permit_becomes_a_project_whose_visited_site_stands_on_the_board(
    app: Flask, session: Session, cast: Cast, browser: Browser, shared_data: Path, no_background: None
) -> None:
    supervisor, sales = browser.of(cast.supervisor), browser.of(cast.sales1)
    permits = head_of(shared_data / "permits/chicago_new_construction_2012_2026.csv", 40)
    run = imported(app, session, supervisor, permits, cast)
    assert run.created == 40 - run.rejected > 0
    lead = session.scalars(select(Lead).where(Lead.latitude.is_not(None))).first()
    assert lead is not None
    assert lead.owes_evidence
    supervisor.post(f"/leads/{lead.id}/assign", data={"owner_id": cast.sales1.id})

    page = sales.get(f"/leads/{lead.id}/convert")
    assert page.status_code == 200
    form = {
        "name": lead.name,
        "kind": "office",
        "route": "contractor_buy",
        "phase": "qualify",
        "step": "ground",
        "since": "2026-03-01",
        "building": "1#",
        "categories": "tiles",
        "value": "1200000",
        "currency": "USD",
        "latitude": str(lead.latitude),
        "longitude": str(lead.longitude),
    }
    assert sales.post(f"/leads/{lead.id}/convert", data=form).status_code == 303
    project = session.scalars(select(Project)).one()

    photos = [uploaded(sales, shared_data / "photos" / name) for name in (WITH_GPS, HEIC)]
    visit = {
        "phase": "qualify",
        "step": "ground",
        "kind": "site_visit",
        "on": clock.today().isoformat(),
        "text": "Pit is open, two pictures.",
        "photos": photos,
        "building_id": session.scalars(select(Building.id)).one(),
        "token": "visit-once",
    }
    assert sales.post(f"/projects/{project.id}/log", data=visit).status_code == 303
    kept = session.scalars(select(Photo).where(Photo.project_id == project.id)).all()
    assert [(photo.taken_from, photo.place_from) for photo in kept] == [("exif", "exif"), ("exif", "exif")]
    assert sales.get(f"/media/{photos[1]}/320.jpg").headers["Content-Type"] == "image/jpeg"

    board = load_portfolio(session, cast.supervisor, Filters(clock.today()))
    assert board.cells["qualify", "ground"].count == 1
    assert "phase=qualify&amp;step=ground" in supervisor.get("/board").text
