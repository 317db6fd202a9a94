"""What is written opens everywhere, runs nowhere, and can be read again."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from tracker.sheets.reading import read_sheet
from tracker.sheets.writing import csv_bytes, harmless, original, write_csv, write_xlsx

DANGEROUS = [
    "=1+1",
    "+cmd|'/C calc'!A0",
    "-2+3",
    "@SUM(1)",
    "\t=1",
    "\r=1",
    "＝1+1",
    "-",
    "=",
    "+86 138",
]


@pytest.mark.parametrize("text", DANGEROUS)
def test_what_would_be_run_gets_an_apostrophe_and_loses_it_again(text: str) -> None:
    assert harmless(text) == "'" + text
    assert original(harmless(text)) == text
    assert harmless(harmless(text)) == harmless(text)


@pytest.mark.parametrize("text", ["-5", "+5", "-1.5", "Oak", "'s-Gravenhage", "", "'", "O'Hare", "1=1"])
def test_plain_texts_and_figures_stay_as_they_are(text: str) -> None:
    assert harmless(text) == text
    assert original(text) == text


@given(st.text())
def test_every_text_comes_back_and_nothing_dangerous_goes_out(text: str) -> None:
    out = harmless(text)
    assert original(out) == original(text)
    assert not out.startswith(("=", "@", "\t", "\r")) and harmless(out) == out


def test_a_csv_file_opens_in_excel_with_every_kind_of_cell() -> None:
    out = io.BytesIO()
    row = ['地块, "甲"\n', 5, 0.5, Decimal("1E+3"), date(2026, 3, 16), datetime(2026, 3, 16, 8, 5), True, None, "=1"]
    write_csv(out, [f"h{n}" for n in range(len(row))], [row])
    assert out.getvalue().startswith(b"\xef\xbb\xbf")
    [_headers, cells] = csv.reader(io.StringIO(out.getvalue().decode("utf-8-sig"), newline=""))
    assert cells == ['地块, "甲"\n', "5", "0.5", "1000", "2026-03-16", "2026-03-16 08:05", "True", "", "'=1"]


def test_a_workbook_holds_figures_days_and_texts_as_such_and_no_formula_and_no_link() -> None:
    out = io.BytesIO()
    texts = [*DANGEROUS[:4], "http://example.org", "007", "x" * 40_000, "\ud800", 10**16]
    rows = [[Decimal("1.50"), 7, date(2026, 3, 16), datetime(2026, 3, 16, 8, 5), None, "", True, *texts]]
    write_xlsx(out, ["=header", *("h" * (len(rows[0]) - 1))], rows)
    sheet = load_workbook(out).worksheets[0]
    head, cells = list(sheet.iter_rows())
    assert (head[0].value, head[0].data_type) == ("=header", "s")
    assert [cell.value for cell in cells[:7]] == [
        1.5,
        7,
        datetime(2026, 3, 16),
        datetime(2026, 3, 16, 8, 5),
        None,
        None,
        True,
    ]
    said = [cell.value for cell in cells[7:]]
    assert said[:6] == texts[:6]
    assert (len(said[6]), said[6][-1], said[7], said[8]) == (32_767, "…", "?", str(10**16))
    assert {cell.data_type for cell in cells[7:]} == {"s"}
    with zipfile.ZipFile(out) as archive:
        assert b"<f>" not in archive.read("xl/worksheets/sheet1.xml")


def test_what_is_written_is_read_again() -> None:
    rows = [["登政出〔2020〕2号", '1,5; "x"\ny'], ["007", "Ünïcode 🏗️"]]
    book = io.BytesIO()
    write_xlsx(book, ["a", "b"], rows)
    for data in (csv_bytes(["a", "b"], rows), book.getvalue()):
        assert [cells for _number, cells in read_sheet(data).rows] == rows


def test_real_payloads_are_harmless_in_a_csv_file(shared_data: Path) -> None:
    path = shared_data / "strings" / "csv_injection_payloads.txt"
    if not path.is_file():
        pytest.skip(f"real input is not at hand: {path} is missing")
    payloads = [line for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]
    text = csv_bytes(["payload"], [[one] for one in payloads]).decode("utf-8-sig")
    written = [row[0] for row in csv.reader(io.StringIO(text, newline=""))][1:]
    assert [original(cell) for cell in written] == payloads
    assert not any(cell.startswith(("=", "+", "-", "@", "\t", "\r")) for cell in written)
