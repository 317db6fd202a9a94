"""What is written opens everywhere, runs nowhere, and can be read again."""

from __future__ import annotations

import csv
import io
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from config import ROOT
from tracker.sheets.reading import read_sheet
from tracker.sheets.writing import (
    DAY,
    FIGURE,
    GROUND,
    MOMENT,
    MONEY,
    PLACE,
    Cell,
    csv_bytes,
    harmless,
    original,
    write_csv,
    write_xlsx,
)

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


def test_columns_look_as_they_are_told_to_and_heads_stand_out() -> None:
    out = io.BytesIO()
    rows = [
        [None, None, None, None, 1],
        [date(2026, 3, 16), datetime(2026, 3, 16, 8, 5), Decimal("1234567.89"), 30.5, 2],
    ]
    write_xlsx(
        out, ["日期", "When", "Value", "Latitude", "A head that is wide"], rows, [DAY, MOMENT, MONEY, PLACE, FIGURE]
    )
    sheet = load_workbook(out).worksheets[0]
    assert [cell.number_format for cell in sheet[3]] == [
        "yyyy-mm-dd", "yyyy-mm-dd hh:mm", "#,##0.00", "0.000000", "General",
    ]  # fmt: skip
    assert [cell.value for cell in sheet[3]] == [
        datetime(2026, 3, 16),
        datetime(2026, 3, 16, 8, 5),
        1234567.89,
        30.5,
        2,
    ]
    assert all(cell.font.bold and cell.fill.fgColor.rgb == "FF" + GROUND[1:] for cell in sheet[1])
    assert sheet.freeze_panes == "A2"
    widths = [round(sheet.column_dimensions[letter].width) for letter in "ABCDE"]
    assert widths == [13, 18, 17, 13, 22]


def test_days_of_a_column_that_nothing_is_said_of_are_days_all_the_same() -> None:
    out = io.BytesIO()
    write_xlsx(out, ["a", "b"], [["x", None], [date(2026, 3, 16), datetime(2026, 3, 16, 8, 5)]])
    assert [cell.value for cell in load_workbook(out).worksheets[0][3]] == [
        datetime(2026, 3, 16), datetime(2026, 3, 16, 8, 5),
    ]  # fmt: skip


def test_a_day_that_no_workbook_knows_is_written_as_a_text() -> None:
    out = io.BytesIO()
    write_xlsx(out, ["a", "b"], [[date(1899, 12, 31), datetime(1066, 10, 14, 9, 0)]])
    assert [cell.value for cell in load_workbook(out).worksheets[0][2]] == ["1899-12-31", "1066-10-14 09:00"]


def test_an_empty_list_has_its_heads_and_two_heads_may_be_alike() -> None:
    out = io.BytesIO()
    write_xlsx(out, ["名称", "名称"], [])
    assert list(load_workbook(out).worksheets[0].iter_rows(values_only=True)) == [("名称", "名称")]
    write_xlsx(out := io.BytesIO(), ["名称", "名称"], [["a", "b"]])
    assert list(load_workbook(out).worksheets[0].iter_rows(values_only=True)) == [("名称", "名称"), ("a", "b")]


def test_what_goes_wrong_while_the_rows_come_is_told_as_it_is() -> None:
    def rows() -> Iterator[list[Cell]]:
        yield ["a"]
        raise KeyError("gone")

    with pytest.raises(KeyError, match="gone"):
        write_xlsx(io.BytesIO(), ["a"], rows())


def test_more_rows_than_a_sheet_holds_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tracker.sheets.writing.SHEET_ROWS", 3)
    write_xlsx(io.BytesIO(), ["a"], [["x"]] * 3)
    with pytest.raises(ValueError, match="no more rows"):
        write_xlsx(io.BytesIO(), ["a"], [["x"]] * 4)


FULL_DISK = """
import errno, io, resource, signal, sys
from tracker.sheets.writing import write_xlsx
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]),) * 2)
try:
    write_xlsx(io.BytesIO(), ["a"], ([str(number) * 50] for number in range(20_000)))
except OSError as error:
    print(errno.errorcode[error.errno])
"""


@pytest.mark.skipif(sys.platform != "linux", reason="the limit of a file's size is Linux's")
@pytest.mark.parametrize("most", [20_000, 300_000])
def test_a_disk_without_room_is_an_error_with_its_number(most: int) -> None:
    """The writer's own is a panic, which no `except Exception` sees, or an OSError without a number."""
    command = [sys.executable, "-c", FULL_DISK, str(most)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "EFBIG"


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
