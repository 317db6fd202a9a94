"""Lists as files: as filtered and sorted, with the viewer's rights, in his words, run by no spreadsheet."""

from __future__ import annotations

import csv
import io
from datetime import datetime
from decimal import Decimal
from urllib.parse import unquote

import pytest
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_contact, make_party, make_photo, make_project
from tests.leads.making import make_lead
from tracker import clock
from tracker.events import Event, Kind
from tracker.matrix.operations.approvals import ask_approval
from tracker.sheets.columns import guess
from tracker.sheets.kinds import LEADS
from tracker.sheets.reading import read_sheet
from tracker.sheets.writing import harmless
from tracker.team.models import User
from workflows.wishes import MovePhase

PAYLOADS = ("=1+1", "+cmd|'/C calc'!A0", "-2+3+cmd", "@SUM(1)", "\t=1", "＝1+1", '=HYPERLINK("http://evil.example")')
LISTS = ("/projects", "/leads", "/parties", "/contacts", "/photos", "/approvals", "/radar", "/admin", "/admin/audit")


def csv_of(browser: Browser, user: User, address: str, lang: str = "en") -> list[dict[str, str]]:
    """The rows of an exported CSV."""
    answer = browser.of(user, lang).get(address)
    assert answer.status_code == 200, address
    assert answer.mimetype == "text/csv"
    assert answer.get_data().startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(answer.get_data().decode("utf-8-sig"), newline="")))


def xlsx_of(browser: Browser, user: User, address: str, lang: str = "en") -> list[list[object]]:
    """The rows of an exported workbook, its head first."""
    answer = browser.of(user, lang).get(address)
    assert answer.status_code == 200, address
    sheet = load_workbook(io.BytesIO(answer.get_data())).active
    assert sheet is not None
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_the_file_holds_what_the_page_lists_in_its_order(session: Session, cast: Cast, browser: Browser) -> None:
    for number, name in enumerate(("Tower", "Hospital", "Hotel"), start=1):
        make_project(
            session, cast.sales1, name=name, value=number * 1_000_000, step="structure" if number < 3 else "land"
        )
    make_project(session, cast.sales1, name="Lost", state="lost")
    make_project(session, cast.sales3, name="Southern")
    names = [row["Name"] for row in csv_of(browser, cast.sales1, "/projects?export=csv&sort=value")]
    assert names == ["Hotel", "Hospital", "Tower"]
    names = [row["Name"] for row in csv_of(browser, cast.sales1, "/projects?export=csv&sort=name&step=structure")]
    assert names == ["Hospital", "Tower"]
    assert [row["Name"] for row in csv_of(browser, cast.sales1, "/projects?export=csv&state=lost")] == ["Lost"]
    assert len(csv_of(browser, cast.sales1, "/projects?export=csv&state=all")) == 4


def test_rows_without_the_value_they_are_ordered_by_come_too(session: Session, cast: Cast, browser: Browser) -> None:
    for name in ("A", "B", "C"):
        make_project(session, cast.sales1, name=name)
    session.commit()
    assert len(csv_of(browser, cast.sales1, "/projects?export=csv&sort=due")) == 3


def test_more_rows_than_a_page_shows_are_there(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(60):
        make_lead(session, cast.sales1, f"Plot {number}")
    rows = csv_of(browser, cast.sales1, "/leads?export=csv&page=2")
    assert [row["Name"] for row in rows] == [f"Plot {number}" for number in reversed(range(60))]


def test_figures_days_and_texts_are_such_in_a_workbook(session: Session, cast: Cast, browser: Browser) -> None:
    developer = make_party(session, "恒岳置业")
    lead = make_lead(
        session, cast.sales1, "光谷地块", value=Decimal("1234567.89"), area=Decimal("820.5"), plot_number="0012",
        latitude=30.5, longitude=114.3,
    )  # fmt: skip
    lead.developer_id, lead.phone = developer.id, "13800138000"
    session.commit()
    head, row = xlsx_of(browser, cast.sales1, "/leads?export=xlsx", "zh")
    cells = dict(zip(head, row, strict=True))
    assert cells["名称"] == "光谷地块"
    assert cells["金额"] == 1234567.89
    assert cells["币种"] == "CNY"
    assert cells["面积"] == 820.5
    assert isinstance(cells["日期"], datetime)
    assert (cells["地块编号"], cells["电话"]) == ("0012", "13800138000")
    assert (cells["建设单位"], cells["来源"]) == ("恒岳置业", "扫街巡工地")
    assert csv_of(browser, cast.sales1, "/leads?export=csv")[0]["Source"] == "Street canvassing"


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_is_taken_out_is_understood_when_it_is_imported(
    session: Session, cast: Cast, browser: Browser, lang: str
) -> None:
    make_lead(session, cast.sales1, "光谷地块", address="光谷大道5号", plot_number="P-12", value=Decimal(5_000_000))
    for kind in ("csv", "xlsx"):
        sheet = read_sheet(browser.of(cast.sales1, lang).get(f"/leads?export={kind}").get_data())
        columns = guess(LEADS, sheet.headers, [cells for _number, cells in sheet.rows]).columns
        wanted = {"name", "address", "number", "found_on", "value", "area", "latitude", "longitude"}
        assert wanted | {"developer", "phone", "note"} <= set(columns)
        _number, row = next(iter(sheet.rows))
        assert row[columns["name"]] == "光谷地块"
        assert row[columns["number"]] == "P-12"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_no_spreadsheet_runs_what_people_typed(session: Session, cast: Cast, browser: Browser, payload: str) -> None:
    party = make_party(session, payload)
    make_contact(session, party, payload, post=payload)
    session.commit()
    [row] = [row for row in csv_of(browser, cast.sales1, "/contacts?export=csv") if row["Firm"] == harmless(payload)]
    assert row["Full name"] == row["Post"] == "'" + payload
    answer = browser.of(cast.sales1).get("/contacts?export=xlsx").get_data()
    sheet = load_workbook(io.BytesIO(answer)).active
    assert sheet is not None
    cells = [cell for row in sheet.iter_rows() for cell in row if cell.value == payload]
    assert len(cells) == 3
    assert {cell.data_type for cell in cells} == {"s"}


def test_negative_figures_stay_figures(session: Session, cast: Cast, browser: Browser) -> None:
    make_lead(session, cast.sales1, "Cape", latitude=-33.9, longitude=18.4)
    [row] = csv_of(browser, cast.sales1, "/leads?export=csv")
    assert row["Latitude"] == "-33.9"


@pytest.mark.parametrize("address", LISTS)
@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_list_has_its_file_and_its_button(
    session: Session, cast: Cast, browser: Browser, address: str, lang: str
) -> None:
    project = make_project(session, cast.sales1, developer=make_party(session, "Hengyue"))
    make_contact(session, make_party(session, "Kangda"))
    make_photo(session, cast.sales1, project=project)
    make_lead(session, cast.sales1)
    ask_approval(
        session, project, MovePhase("specify"), by=cast.sales1, reason="It is time.", complete_by=clock.today()
    )
    session.commit()
    client = browser.of(cast.admin, lang)
    for kind in ("csv", "xlsx"):
        answer = client.get(f"{address}?export={kind}")
        assert answer.status_code == 200
        name = unquote(answer.headers["Content-Disposition"])
        assert name.endswith(f"-2026-03-16.{kind}")
        assert answer.headers["Cache-Control"] == "private, no-store"
        assert len(read_sheet(answer.get_data()).rows) > 0 or address == "/radar"
    if address != "/radar":
        assert "export=xlsx" in client.get(address).get_data(as_text=True)


def test_an_unknown_format_is_the_page(session: Session, cast: Cast, browser: Browser) -> None:
    assert browser.of(cast.sales1).get("/projects?export=exe").mimetype == "text/html"


def test_a_dealer_takes_out_his_own_without_our_columns(session: Session, cast: Cast, browser: Browser) -> None:
    mine = make_project(session, cast.sales1, name="His", dealer=cast.xinyuan)
    mine.note = "Our floor price"
    make_project(session, cast.sales1, name="Ours")
    session.commit()
    [row] = csv_of(browser, cast.dealer1, "/projects?export=csv")
    assert row["Name"] == "His"
    assert not {"Note", "Dealer", "Team", "Region", "How they buy", "Open tasks"} & set(row)
    assert csv_of(browser, cast.dealer2, "/projects?export=csv") == []
    for address in ("/parties", "/contacts", "/approvals", "/radar", "/admin", "/admin/audit"):
        assert browser.of(cast.dealer1).get(f"{address}?export=csv").status_code == 404


def test_a_photo_of_a_lead_does_not_name_a_project_one_does_not_see(
    session: Session, cast: Cast, browser: Browser
) -> None:
    hidden = make_project(session, cast.sales3, name="Southern secret")
    lead = make_lead(session, cast.sales1)
    photo = make_photo(session, cast.sales1, project=hidden)
    photo.lead_id = lead.id
    session.commit()
    [row] = csv_of(browser, cast.sales1, "/photos?export=csv")
    assert row["Project"] == ""


def test_who_took_what_out_is_in_the_audit_trail(session: Session, cast: Cast, browser: Browser) -> None:
    make_project(session, cast.sales1, name="Tower")
    browser.of(cast.sales1).get("/projects?export=csv&q=tower&page=3&lang=en")
    event = session.scalars(select(Event).where(Event.kind == Kind.LIST_EXPORTED)).one()
    assert event.by_id == cast.sales1.id
    assert event.data == {"list": "projects", "format": "csv", "rows": 1, "filters": {"q": "tower"}}
    trail = browser.of(cast.admin).get(f"/admin/audit?kind={Kind.LIST_EXPORTED}").get_data(as_text=True)
    assert "took a list out as a file" in trail


def test_the_number_of_statements_does_not_grow_with_the_rows(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(30):
        make_project(session, cast.sales1, name=f"Tower {number}", developer=make_party(session, f"Firm {number}"))
    client = browser.of(cast.sales1)
    with counted_queries() as statements:
        assert client.get("/projects?export=csv").status_code == 200
    assert len(statements) <= 8, "\n".join(statements)
