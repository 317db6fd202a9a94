"""Importing in the browser: send, map, look, run, and what came of it; and the thread that carries an import out."""

from __future__ import annotations

import io

import pytest
from flask import Flask
from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload
from werkzeug.test import TestResponse

from tests.cast import Cast, make_cast
from tests.client import HTMX, Browser, counted_queries
from tests.leads.making import row, sheet
from tracker import clock
from tracker.extensions import db
from tracker.imports import background
from tracker.imports.models import ImportRun
from tracker.imports.operations import carrying_out, starting
from tracker.imports.operations.leads import LeadTaker
from tracker.imports.operations.options import ImportOptions
from tracker.leads.models import Lead
from tracker.team.models import User

BUDGET = 12  # statements for a page, signing in included


@pytest.fixture
def started(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The runs that would be carried out in the background."""
    runs: list[int] = []
    for pages in ("columns", "runs"):
        monkeypatch.setattr(
            f"tracker.imports.views.{pages}.start_in_background", lambda _app, run, _user: runs.append(run)
        )
    return runs


def send(browser: Browser, user: User, data: bytes, name: str = "permits.csv") -> TestResponse:
    sent = {"file": (io.BytesIO(data), name)}
    return browser.of(user).post("/imports/leads", data=sent, content_type="multipart/form-data")


def uploaded(session: Session, browser: Browser, user: User, data: bytes) -> ImportRun:
    assert send(browser, user, data).status_code == 303
    return session.scalars(select(ImportRun).order_by(ImportRun.id.desc())).first()  # type: ignore[return-value]


def confirmed(run: ImportRun, user: User, **values: object) -> dict[str, object]:
    columns = {f"column-{key}": str(place) for key, place in run.mapping.items()}
    plain = {"source": "planning_permit", "step": "ground", "kind": "", "currency": "USD", "action": "run"}
    return {**columns, **plain, "team_id": str(user.team_id), **values}


def carry_out(session: Session, app: Flask, run: ImportRun, user: User) -> None:
    carrying_out.run_import(session, app.extensions["storage"], run, by=user, commit=session.commit)


def leads(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Lead)) or 0


def test_a_file_is_sent_mapped_looked_at_and_imported(
    app: Flask, session: Session, cast: Cast, browser: Browser, started: list[int]
) -> None:
    run = uploaded(session, browser, cast.supervisor, sheet([row("P-1"), row("P-2", value="a lot")]))
    client = browser.of(cast.supervisor)
    page = client.get(f"/imports/runs/{run.id}/mapping").get_data(as_text=True)
    assert "P-1 Harbour Road" in page
    assert "The value is not a number." in page
    assert '<option value="1" data-user-text selected>address</option>' in page
    looked = client.post(
        f"/imports/runs/{run.id}/mapping",
        data=confirmed(run, cast.supervisor, action="look", **{"column-value": "-1"}),
    )
    assert looked.status_code == 200
    assert "The value is not a number." not in looked.get_data(as_text=True)
    assert started == []
    answer = client.post(f"/imports/runs/{run.id}/mapping", data=confirmed(run, cast.supervisor))
    assert (answer.status_code, answer.location) == (303, f"/imports/runs/{run.id}")
    assert started == [run.id]
    carry_out(session, app, run, cast.supervisor)
    done = client.get(f"/imports/runs/{run.id}").get_data(as_text=True)
    assert f"/leads?run={run.id}" in done
    assert f"/imports/runs/{run.id}/rejected.csv" in done
    rejects = client.get(f"/imports/runs/{run.id}/rejected.csv")
    assert rejects.mimetype == "text/csv"
    assert "a lot" in rejects.get_data().decode("utf-8-sig")
    assert "P-1 Harbour Road" in client.get(f"/leads?run={run.id}").get_data(as_text=True)


def test_the_page_shows_progress_and_asks_again_by_itself(
    session: Session, cast: Cast, browser: Browser, started: list[int]
) -> None:
    run = uploaded(session, browser, cast.supervisor, sheet([row(f"P-{n}") for n in range(5)]))
    client = browser.of(cast.supervisor)
    client.post(f"/imports/runs/{run.id}/mapping", data=confirmed(run, cast.supervisor))
    session.refresh(run)
    run.rows_done = 2
    session.commit()
    with counted_queries() as asked:
        fragment = client.get(f"/imports/runs/{run.id}", headers=HTMX).get_data(as_text=True)
    assert len(asked) <= BUDGET
    assert "<html" not in fragment
    assert "2 of 5 rows" in fragment
    assert 'hx-trigger="every 1s"' in fragment
    whole = client.get(f"/imports/runs/{run.id}").get_data(as_text=True)
    assert "<html" in whole
    assert "Start again" not in whole
    run.state = "done"
    session.commit()
    assert "hx-trigger" not in client.get(f"/imports/runs/{run.id}", headers=HTMX).get_data(as_text=True)


def test_a_confirmed_import_starts_once_however_often_the_button_is_pressed(
    session: Session, cast: Cast, browser: Browser, started: list[int]
) -> None:
    run = uploaded(session, browser, cast.supervisor, sheet([row("P-1")]))
    client = browser.of(cast.supervisor)
    for _press in range(2):
        answer = client.post(f"/imports/runs/{run.id}/mapping", data=confirmed(run, cast.supervisor))
        assert (answer.status_code, answer.location) == (303, f"/imports/runs/{run.id}")
    assert client.post(f"/imports/runs/{run.id}").location == f"/imports/runs/{run.id}"
    assert client.get(f"/imports/runs/{run.id}/mapping").location == f"/imports/runs/{run.id}"
    assert started == [run.id]


def test_an_import_that_broke_off_says_so_and_can_be_started_again(
    app: Flask, session: Session, cast: Cast, browser: Browser, started: list[int]
) -> None:
    run = uploaded(session, browser, cast.supervisor, sheet([row("P-1"), row("P-2")]))
    client = browser.of(cast.supervisor)
    client.post(f"/imports/runs/{run.id}/mapping", data=confirmed(run, cast.supervisor))
    session.refresh(run)
    run.beat_at = clock.now() - 2 * carrying_out.SILENCE
    session.commit()
    assert "Start again where it stopped" in client.get(f"/imports/runs/{run.id}").get_data(as_text=True)
    assert client.post(f"/imports/runs/{run.id}").status_code == 303
    assert started == [run.id, run.id]
    carry_out(session, app, run, cast.supervisor)
    assert leads(session) == 2


@pytest.mark.parametrize("data", [b"", b"%PDF-1.7", b"PK\x03\x04 broken"])
def test_a_file_that_is_no_table_is_refused_with_the_reason(
    session: Session, cast: Cast, browser: Browser, data: bytes
) -> None:
    answer = send(browser, cast.supervisor, data)
    assert answer.status_code == 422
    assert "field-errors" in answer.get_data(as_text=True)
    nothing = browser.of(cast.supervisor).post("/imports/leads", data={})
    assert nothing.status_code == 422
    assert "Choose a file." in nothing.get_data(as_text=True)


def test_swapped_columns_are_refused_until_they_are_taken_the_other_way_round(
    app: Flask, session: Session, cast: Cast, browser: Browser, started: list[int]
) -> None:
    odd = [row(f"P-{n}", address=f"{8000 + n}.5", area=f"Harbour Road {n}, north of the canal") for n in range(4)]
    run = uploaded(session, browser, cast.supervisor, sheet(odd))
    client = browser.of(cast.supervisor)
    page = client.get(f"/imports/runs/{run.id}/mapping").get_data(as_text=True)
    assert "they seem swapped" in page
    assert "column-address=4" in page
    refused = client.post(f"/imports/runs/{run.id}/mapping", data=confirmed(run, cast.supervisor))
    assert refused.status_code == 422
    assert started == []
    right = {"column-address": "4", "column-area": "1"}
    assert "they seem swapped" not in client.get(f"/imports/runs/{run.id}/mapping", query_string={
        **{key: str(value) for key, value in confirmed(run, cast.supervisor).items()}, **right,
    }).get_data(as_text=True)  # fmt: skip
    answer = client.post(f"/imports/runs/{run.id}/mapping", data=confirmed(run, cast.supervisor, **right))
    assert answer.status_code == 303
    session.refresh(run)
    carry_out(session, app, run, cast.supervisor)
    found = session.execute(select(Lead.address, Lead.area).order_by(Lead.id)).first()
    assert found is not None
    assert tuple(found) == ("Harbour Road 0, north of the canal", 8000.5)


@pytest.mark.parametrize(("lang", "words"), [("en", "feet of a US State Plane grid"), ("zh", "美国州平面坐标")])
def test_metres_and_feet_are_refused_by_name_until_no_column_is_chosen(
    session: Session, cast: Cast, browser: Browser, started: list[int], lang: str, words: str
) -> None:
    rows = [[f"{number} Harbour Road", str(1_901_800 + number), str(1_175_330 + number)] for number in range(5)]
    run = uploaded(session, browser, cast.supervisor, sheet(rows, ["address", "latitude", "longitude"]))
    client, address = browser.of(cast.supervisor, lang), f"/imports/runs/{run.id}/mapping"
    assert words in client.get(address).get_data(as_text=True)
    refused = client.post(address, data=confirmed(run, cast.supervisor))
    assert refused.status_code == 422 and words in refused.get_data(as_text=True)
    none = {"column-latitude": "-1", "column-longitude": "-1"}
    assert client.post(address, data=confirmed(run, cast.supervisor, **none)).status_code == 303
    assert started == [run.id]


@pytest.mark.parametrize(("lang", "words"), [("en", "turned into WGS-84"), ("zh", "换算成 WGS-84")])
def test_the_page_says_that_degrees_of_a_chinese_map_are_turned(
    session: Session, cast: Cast, browser: Browser, lang: str, words: str
) -> None:
    data = sheet([["光谷大道5号", "34.7466", "113.6253"]], ["地址", "高德纬度", "高德经度"])
    run = uploaded(session, browser, cast.supervisor, data)
    page = browser.of(cast.supervisor, lang).get(f"/imports/runs/{run.id}/mapping").get_data(as_text=True)
    assert words in page and "34.747787" in page
    plain = uploaded(session, browser, cast.supervisor, sheet([["5", "34.7", "113.6"]], ["地址", "纬度", "经度"]))
    assert words not in browser.of(cast.supervisor, lang).get(f"/imports/runs/{plain.id}/mapping").get_data(
        as_text=True
    )


def test_a_refused_mapping_keeps_what_was_chosen(
    session: Session, cast: Cast, browser: Browser, started: list[int]
) -> None:
    run = uploaded(session, browser, cast.supervisor, sheet([row("P-1")]))
    sent = confirmed(run, cast.supervisor, source="hearsay", currency="EUR", **{"column-note": "5"})
    answer = browser.of(cast.supervisor).post(f"/imports/runs/{run.id}/mapping", data=sent)
    page = answer.get_data(as_text=True)
    assert answer.status_code == 422
    assert '<option selected value="EUR">' in page
    assert '<option value="5" data-user-text selected>contractor</option>' in page
    assert started == []


ADDRESSES = (
    ("GET", "/imports/runs/{id}"),
    ("POST", "/imports/runs/{id}"),
    ("GET", "/imports/runs/{id}/mapping"),
    ("POST", "/imports/runs/{id}/mapping"),
    ("GET", "/imports/runs/{id}/rejected.csv"),
)


@pytest.mark.parametrize(("method", "address"), ADDRESSES)
def test_somebody_elses_import_does_not_exist(
    session: Session, cast: Cast, browser: Browser, method: str, address: str
) -> None:
    run = uploaded(session, browser, cast.supervisor, sheet([row("P-1")]))
    for user in (cast.supervisor2, cast.sales1, cast.dealer1, cast.compliance):
        assert browser.of(user).open(address.format(id=run.id), method=method).status_code == 404


@pytest.mark.parametrize("address", ["/imports/leads", "/imports"])
def test_who_may_not_import_gets_403(session: Session, cast: Cast, browser: Browser, address: str) -> None:
    for user in (cast.sales1, cast.compliance, cast.dealer1):
        assert browser.of(user).get(address).status_code == 403
    assert send(browser, cast.sales1, sheet([row("P-1")])).status_code == 403


def test_the_imports_so_far_are_listed(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.supervisor)
    assert "Nothing imported yet" in client.get("/imports").get_data(as_text=True)
    run = uploaded(session, browser, cast.supervisor, sheet([row("P-1")]))
    for address in ("/imports", "/imports/leads"):
        page = client.get(address).get_data(as_text=True)
        assert f"/imports/runs/{run.id}/mapping" in page
        assert "permits.csv" in page


def claimed(app: Flask, cast: Cast, data: bytes) -> int:
    storage, user = app.extensions["storage"], cast.supervisor
    run = starting.start_run(db.session, storage, data, "permits.csv", by=user)
    table = starting.sheet_of(storage, run)
    options = ImportOptions(source="planning_permit", team_id=cast.north.id)
    carrying_out.confirm_run(db.session, run, table, run.mapping, options, by=user)
    carrying_out.claim_run(db.session, run, by=user)
    db.session.commit()
    return run.id


@pytest.mark.real_time
def test_an_import_is_carried_out_in_its_own_thread_and_session(own_app: Flask) -> None:
    cast = make_cast(db.session)
    data = sheet([*(row(f"P-{number}") for number in range(2500)), row("P-X", value="a lot")])
    run_id, user_id = claimed(own_app, cast, data), cast.supervisor.id
    db.session.remove()
    background.start_in_background(own_app, run_id, user_id).join(60)
    run = db.session.get_one(ImportRun, run_id)
    assert (run.state, run.fault, run.rows_done, run.created, run.rejected) == ("done", None, 2501, 2500, 1)
    assert leads(db.session) == 2500


@pytest.mark.real_time
def test_a_thread_that_fails_says_so_and_the_import_can_be_started_again(
    own_app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    cast = make_cast(db.session)
    run_id, user_id = claimed(own_app, cast, sheet([row(f"P-{n}") for n in range(4)])), cast.supervisor.id
    db.session.remove()
    monkeypatch.setattr(carrying_out, "CHUNK", 2)
    take = LeadTaker.take

    def break_at_the_end(self: LeadTaker, rows: list[tuple[int, list[str]]]) -> None:
        take(self, rows)
        if rows[-1][1][0] == "P-3":
            raise OSError("the cable")

    monkeypatch.setattr(LeadTaker, "take", break_at_the_end)
    background.start_in_background(own_app, run_id, user_id).join(60)
    run = db.session.get_one(ImportRun, run_id)
    assert (run.state, run.rows_done, leads(db.session)) == ("failed", 2, 2)
    assert "cable" not in (run.fault or "")
    monkeypatch.setattr(LeadTaker, "take", take)
    user = db.session.get_one(User, user_id, options=[joinedload(User.role)])
    carrying_out.claim_run(db.session, run, by=user)
    db.session.commit()
    db.session.remove()
    background.start_in_background(own_app, run_id, user_id).join(60)
    run = db.session.get_one(ImportRun, run_id)
    assert (run.state, run.fault, run.created, leads(db.session)) == ("done", None, 4, 4)
