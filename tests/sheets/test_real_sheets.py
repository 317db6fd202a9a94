"""Files that people really keep: read or refused clearly, mapped sensibly, in time."""

from __future__ import annotations

import time
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from tracker.imports.operations.leads import import_key
from tracker.sheets import columns as mapping
from tracker.sheets.columns import Guess, Problem, swapped
from tracker.sheets.kinds import LEADS
from tracker.sheets.reading import Fault, Sheet, SheetRefused, read_sheet
from tracker.sheets.rows import Rejected, Row, reader_for
from tracker.sheets.writing import csv_bytes, original

TODAY = date(2026, 11, 24)

REFUSED = {
    "frictionless/latin1.csv": Fault.ENCODING,
    "messytables/spanish_chars.csv": Fault.ENCODING,
    "messytables/libreoffice.xlsx": Fault.EMPTY,
    "messytables/multilineods.ods": Fault.OPEN_DOCUMENT,
    "sheetjs/Attendance.numbers": Fault.NUMBERS,
    "sheetjs/password_2002_40_xor.xls": Fault.PASSWORD,
    "sheetjs/xlsx-stream-d-date-cell.xlsx": Fault.DAMAGED,
}


def at(folder: Path, name: str) -> Path:
    path = folder / name
    if not path.exists():
        pytest.skip(f"real input is not at hand: {path} is missing")
    return path


def read(path: Path) -> Sheet:
    return read_sheet(path.read_bytes(), known=LEADS.field_named)


def guess(headers: list[str], samples: list[list[str]]) -> Guess:
    return mapping.guess(LEADS, headers, samples)


def problems_of(columns: dict[str, int], samples: list[list[str]]) -> list[Problem]:
    return mapping.problems_of(LEADS, columns, samples)


def taken(sheet: Sheet, columns: dict[str, int]) -> list[Row | Rejected]:
    reader = reader_for(LEADS, sheet, columns, TODAY)
    return [reader.read(number, cells) for number, cells in sheet.rows]


def reasons(rows: list[Row | Rejected]) -> Counter[str]:
    return Counter(reason.field for row in rows if isinstance(row, Rejected) for reason in row.reasons)


def test_every_spreadsheet_is_read_or_refused_for_what_it_is(shared_data: Path) -> None:
    folder = at(shared_data, "sheets")
    for path in sorted(one for one in folder.rglob("*.*") if one.is_file()):
        name = path.relative_to(folder).as_posix()
        try:
            sheet = read_sheet(path.read_bytes())
        except SheetRefused as refused:
            assert refused.fault is REFUSED.get(name), name
            continue
        assert name not in REFUSED
        assert len(set(sheet.headers)) == len(sheet.headers) > 0, name
        assert all(len(cells) == len(sheet.headers) for _number, cells in sheet.rows), name
        guess(sheet.headers, sheet.samples(50))


def test_naughty_strings_are_read_as_they_are(shared_data: Path) -> None:
    lines = at(shared_data, "strings/blns.txt").read_text(encoding="utf-8").split("\n")
    texts = [line for line in lines if line.strip("\ufeff\u200b\u3000\xa0 \t\r\n\x00")]
    sheet = read_sheet(csv_bytes(["name", "note"], [[text, "x"] for text in texts]))
    unseen = "\ufeff\u200b\u3000\xa0 \t\r\n"
    clean = [harmless_text.replace("\x00", "").replace("\x1f", " ").strip(unseen) for harmless_text in texts]
    assert [original(cells[0]).strip(unseen) for _number, cells in sheet.rows] == clean


def test_a_list_in_gbk_is_read_in_chinese(shared_data: Path) -> None:
    sheet = read_sheet(at(shared_data, "sheets/gbk_real/二手房.csv").read_bytes())
    assert sheet.encoding == "gb18030"
    assert sheet.headless
    assert [cells[0] for _number, cells in sheet.rows[:2]] == ["达城锦园", "永泰花苑"]
    assert [problem.key for problem in guess(sheet.headers, sheet.samples()).problems] == ["name"]


@pytest.mark.real_time
def test_chicagos_permits_are_all_taken_in_time(shared_data: Path) -> None:
    data = at(shared_data, "permits/chicago_new_construction_2012_2026.csv").read_bytes()
    began = time.monotonic()
    sheet = read_sheet(data)
    found = guess(sheet.headers, sheet.samples(50))
    rows = taken(sheet, found.columns)
    assert time.monotonic() - began < 8
    assert found.problems == ()
    leads = [row for row in rows if isinstance(row, Row)]
    assert len(leads) == len({import_key(row) for row in leads}) == 21_881
    assert all(
        row.get("found_on") and row.get("value") is not None and row.get("latitude") and 41 < row.get("latitude") < 43
        for row in leads
    )
    assert sum(1 for row in leads if row.get("contractors")) == 16_843
    without = {key: place for key, place in found.columns.items() if key != "number"}
    keys = {import_key(row) for row in taken(sheet, without) if isinstance(row, Row)}
    assert len(keys) >= 21_881 - 2  # buildings on one lot stay apart


def test_a_permit_list_of_137_columns_is_mapped_to_the_right_ones(shared_data: Path) -> None:
    sheet = read_sheet(at(shared_data, "permits/chicago_tower_crane_permits_with_roles.csv").read_bytes())
    found = guess(sheet.headers, sheet.samples(50))
    assert {key: sheet.headers[place] for key, place in found.columns.items()} == {
        **{"address": "ADDRESS", "number": "PERMIT#", "found_on": "ISSUE_DATE", "value": "ESTIMATED_COST"},
        **{"latitude": "LATITUDE", "longitude": "LONGITUDE", "note": "WORK_DESCRIPTION"},
    }
    assert reasons(taken(sheet, found.columns)) == {}


@pytest.mark.parametrize(
    ("name", "rejected"),
    [
        ("zhengzhou_listing_guapai.csv", {"value": 12}),  # prices of two things in one cell
        ("zhengzhou_result_jieguo.csv", {}),
        ("zhongmu_result.csv", {"found_on": 2}),
        ("dengfeng_listing.csv", {}),
    ],
)
def test_land_lists_come_in_with_plot_place_area_and_price(
    shared_data: Path, name: str, rejected: dict[str, int]
) -> None:
    sheet = read_sheet(at(shared_data, f"projects_zh/zhengzhou_land/{name}").read_bytes())
    found = guess(sheet.headers, sheet.samples(50))
    assert found.problems == ()
    said = {key: sheet.headers[place] for key, place in found.columns.items()}
    assert (said["number"], said["address"], said["area"]) == ("地块编号", "宗地位置", "地块面积（平方米）")
    assert said["value"].endswith("价格（万元）")
    rows = taken(sheet, found.columns)
    assert reasons(rows) == rejected
    for row in rows:
        if isinstance(row, Row):
            assert row.get("area") is not None
            assert 10 < row.get("area") < 10_000_000
            assert row.get("value") is None or row.get("value") > 100_000


@pytest.mark.parametrize("name", ["dengfeng_result_columns_swapped.csv"])
def test_swapped_columns_are_seen_and_come_in_right_once_confirmed(shared_data: Path, name: str) -> None:
    sheet = read_sheet(at(shared_data, f"projects_zh/zhengzhou_land/{name}").read_bytes())
    samples = sheet.samples(50)
    found = guess(sheet.headers, samples)
    assert [problem.key for problem in found.problems] == ["address"]
    columns = swapped(found.columns)
    assert problems_of(columns, samples) == []
    rows = taken(sheet, columns)
    assert set(reasons(rows)) <= {"value", "name"}  # rows whose price column holds the use are told, not taken
    leads = [row for row in rows if isinstance(row, Row)]
    assert leads
    assert all(row.get("area") and row.get("address") and not row.get("address")[0].isdigit() for row in leads)


def test_rejected_rows_can_be_mended_and_read_again() -> None:
    headers = ["name", "cost", "row", "reasons"]
    rows = [["=Oak", "5", "2", "The value is not a number."], ["-Elm", "6", "3", "…"]]
    sheet = read_sheet(csv_bytes(headers, rows))
    columns = guess(sheet.headers, sheet.samples()).columns
    assert columns == {"name": 0, "value": 1}
    again = [[original(cell) for cell in cells] for _number, cells in sheet.rows]
    assert [cells[0] for cells in again] == ["=Oak", "-Elm"]
