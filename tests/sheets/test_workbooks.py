"""Reading XLSX: what people keep in workbooks, and what somebody built to hurt."""

from __future__ import annotations

import io
import time
import zipfile
from datetime import date, datetime
from types import SimpleNamespace

import pytest
import xlsxwriter
from xlrd import XL_CELL_NUMBER
from xlrd.sheet import Cell

from tests.sheets.making import sheet_xml, with_part, workbook, workbook_of_excel
from tracker.sheets import old_workbook_child, workbooks
from tracker.sheets.reading import Fault, SheetRefused, read_sheet

SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
PLAIN = workbook([["name", "cost"], ["Oak", 1]])
EXCELS = workbook_of_excel([["name", "cost"], ["Oak", 1]])


def refusal(data: bytes) -> Fault:
    with pytest.raises(SheetRefused) as refused:
        read_sheet(data)
    return refused.value.fault


def test_cells_come_as_people_would_type_them() -> None:
    values = [
        "Oak",
        12,
        12.0,
        0.1,
        1e22,
        True,
        date(2026, 3, 16),
        datetime(2026, 3, 16, 8, 5),
        None,
        "007",
        "a_x000D_b",
    ]
    sheet = read_sheet(workbook([[f"h{n}" for n in range(len(values))], values]))
    assert sheet.encoding == "xlsx"
    assert sheet.rows[0][1] == [
        *("Oak", "12", "12", "0.1", "10000000000000000000000", "1", "2026-03-16", "2026-03-16 08:05:00"),
        *("", "007", "a\rb"),
    ]


def test_the_first_visible_sheet_with_anything_in_it_is_read() -> None:
    data = workbook([["secret", "x"], ["1", "2"]], [], [["name", "cost"], ["Oak", 1]], [["other", "x"]], hidden=[0])
    assert read_sheet(data).headers == ["name", "cost"]


def test_row_numbers_count_the_gaps_and_columns_without_a_header_keep_their_place() -> None:
    sheet = read_sheet(
        workbook([["Title"], [], ["name", None, "cost"], ["Oak", "x", 1, "beside"], [], ["Elm", None, 2]])
    )
    assert sheet.headers == ["name", "Column 2", "cost", "Column 4"]
    assert list(sheet.rows) == [(4, ["Oak", "x", "1", "beside"]), (6, ["Elm", "", "2", ""])]


def test_a_workbook_that_claims_to_be_smaller_than_it_is_loses_nothing() -> None:
    with zipfile.ZipFile(io.BytesIO(PLAIN)) as archive:
        xml = archive.read(SHEET).decode()
    assert 'ref="A1:B2"' in xml
    assert read_sheet(with_part(PLAIN, SHEET, xml.replace('ref="A1:B2"', 'ref="A1"'))).rows[0] == (2, ["Oak", "1"])


def test_entities_are_not_expanded() -> None:
    laughs = "<!DOCTYPE a [<!ENTITY a 'ha'>" + "".join(
        f"<!ENTITY {chr(98 + n)} '{f'&{chr(97 + n)};' * 10}'>" for n in range(9)
    )
    row = '<row r="1"><c r="A1" t="inlineStr"><is><t>&j;</t></is></c></row>'
    assert refusal(with_part(PLAIN, SHEET, sheet_xml(row, laughs + "]>"))) is Fault.DAMAGED
    outside = "<!DOCTYPE a [<!ENTITY j SYSTEM 'file:///etc/passwd'>]>"
    assert refusal(with_part(PLAIN, SHEET, sheet_xml(row, outside))) is Fault.DAMAGED
    assert refusal(with_part(EXCELS, STRINGS, laughs + "]><sst>&j;</sst>")) is Fault.DAMAGED


def test_a_bomb_is_refused_before_it_is_unpacked() -> None:
    began = time.monotonic()
    assert refusal(with_part(PLAIN, SHEET, sheet_xml(" " * 20_000_000))) is Fault.TOO_BIG
    assert time.monotonic() - began < 5


def test_more_than_may_be_unpacked_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert read_sheet(EXCELS).rows[0] == (2, ["Oak", "1"])
    for limit in ("MOST_UNZIPPED", "MOST_STRINGS", "MOST_OTHERS"):
        with monkeypatch.context() as lowered:
            lowered.setattr(workbooks, limit, 100)
            assert refusal(EXCELS) is Fault.TOO_BIG


@pytest.mark.parametrize("number", [3_000_000, 10**15])
def test_a_row_far_below_the_last_that_excel_knows_is_damage_and_takes_no_time(number: int) -> None:
    rows = (
        '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>1</v></c></row>'
        f'<row r="{number}"><c r="A{number}"><v>1</v></c></row>'
    )
    began = time.monotonic()
    assert refusal(with_part(PLAIN, SHEET, sheet_xml(rows))) is Fault.DAMAGED
    assert time.monotonic() - began < 20


def test_broken_parts_are_damage() -> None:
    assert refusal(with_part(PLAIN, SHEET, "<worksheet><sheetData><row")) is Fault.DAMAGED
    assert refusal(with_part(PLAIN, "xl/workbook.xml", "nothing")) is Fault.DAMAGED
    assert refusal(PLAIN[: len(PLAIN) // 2]) is Fault.DAMAGED


def test_other_archives_are_no_tables() -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert refusal(out.getvalue()) is Fault.NOT_A_TABLE


def test_a_workbook_without_a_cell_is_empty() -> None:
    assert refusal(workbook([])) is Fault.EMPTY


def test_a_figure_shown_as_a_percentage_is_read_as_one() -> None:
    """In the file it is 0.15, which would be taken for an amount."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        sheet, shares = book.add_worksheet(), [book.add_format({"num_format": one}) for one in ("0%", "0.00%", "0.0 %")]
        sheet.write_row(0, 0, ["name", "share", "share of wallet", "rate", "cost"])
        sheet.write_row(1, 0, ["Oak"])
        for place, (share, look) in enumerate(zip((0.15, 0.0725, 1), shares, strict=True), start=1):
            sheet.write_number(1, place, share, look)
        sheet.write_number(1, 4, 0.15)
    assert [cells for _number, cells in read_sheet(out.getvalue()).rows] == [["Oak", "15%", "7.25%", "100%", "0.15"]]


def test_a_figure_shown_as_a_percentage_in_an_old_workbook_is_read_as_one() -> None:
    shown = {0: "General", 9: "0%"}
    book = SimpleNamespace(
        format_map={key: SimpleNamespace(format_str=text) for key, text in shown.items()},
        xf_list=[SimpleNamespace(format_key=0), SimpleNamespace(format_key=9)],
        datemode=0,
    )
    cells = [Cell(XL_CELL_NUMBER, 0.07, 1), Cell(XL_CELL_NUMBER, 0.07, 0), Cell(XL_CELL_NUMBER, 0.07, None)]
    assert [old_workbook_child._said(cell, book) for cell in cells] == ["7%", "0.07", "0.07"]
