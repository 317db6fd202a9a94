"""Reading CSV: encodings, delimiters, headers, and nothing that moves or gets lost unseen."""

from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.sheets import grids, reading
from tracker.sheets.reading import Fault, SheetRefused, is_surplus, read_sheet


def refusal(data: bytes) -> Fault:
    with pytest.raises(SheetRefused) as refused:
        read_sheet(data)
    return refused.value.fault


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_chinese_is_read_in_every_encoding_that_spreadsheets_write(encoding: str) -> None:
    sheet = read_sheet("地块编号,宗地位置\r\n登政出〔2020〕2号,少林大道\r\n".encode(encoding))
    assert sheet.headers == ["地块编号", "宗地位置"]
    assert list(sheet.rows) == [(2, ["登政出〔2020〕2号", "少林大道"])]
    assert sheet.encoding == encoding


@pytest.mark.parametrize("mark", [",", ";", "\t"])
@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
def test_the_delimiter_is_the_one_that_cuts_regularly(mark: str, newline: str) -> None:
    rows = [["name", "cost; net", "note"], ["Oak, Elm", "1,5", 'says "so";\nand more'], ["Tower", "7", "a\tb"]]
    out = io.StringIO()
    csv.writer(out, delimiter=mark, lineterminator=newline).writerows(rows)
    sheet = read_sheet(out.getvalue().encode())
    assert sheet.headers == rows[0]
    assert [cells for _number, cells in sheet.rows] == rows[1:]


def test_excels_own_note_of_the_delimiter_is_heeded_and_counts_as_a_row() -> None:
    assert list(read_sheet(b"sep=;\r\na,1;b\r\n1;2\r\n").rows) == [(3, ["1", "2"])]


def test_row_numbers_are_the_spreadsheets_and_empty_rows_are_skipped() -> None:
    sheet = read_sheet(b'name,note\n\nOak,"two\nlines"\n,,\n  , \nElm,\n')
    assert list(sheet.rows) == [(3, ["Oak", "two\nlines"]), (6, ["Elm", ""])]


def test_titles_and_remarks_above_the_table_are_passed_over() -> None:
    sheet = read_sheet("2020年土地成交公告\n\n单位：万元\n编号,位置,价格\n1,甲,5\n2,乙,6\n".encode())
    assert sheet.headers == ["编号", "位置", "价格"]
    assert [number for number, _cells in sheet.rows] == [5, 6]


def test_a_list_of_one_column_keeps_its_first_row_as_header() -> None:
    sheet = read_sheet(b"address\n4 Elm St\n5 Elm St\n6 Oak Ave, Springfield\n7 Elm St\n")
    assert sheet.headers[0] == "address"
    assert len(sheet.rows) == 4


def test_empty_and_repeated_headers_become_distinct() -> None:
    sheet = read_sheet(b"id,,name,Name,name (2),,\n1,2,3,4,5,6\n")
    assert sheet.headers == ["id", "Column 2", "name", "Name (2)", "name (2) (2)", "Column 6"]
    assert len({header.casefold() for header in sheet.headers}) == len(sheet.headers)


def test_cells_beyond_the_header_are_kept_apart_and_nothing_moves() -> None:
    sheet = read_sheet(b"name,address,cost\nOak,4 Elm St, Springfield,5\nElm,5 Elm St,6\n")
    assert [is_surplus(header) for header in sheet.headers] == [False, False, False, True]
    assert sheet.rows[0] == (2, ["Oak", "4 Elm St", "Springfield", "5"])
    assert sheet.rows[1] == (3, ["Elm", "5 Elm St", "6", ""])


def test_a_quotation_mark_that_never_closes_is_damage_and_swallows_nothing() -> None:
    assert refusal(b'name,note\nOak,"never closed\nElm,1\nAsh,2\n') is Fault.DAMAGED


@pytest.mark.parametrize("cell", ["x" * 32_768, "x" * 200_000])
def test_a_cell_that_no_spreadsheet_could_hold_is_damage(cell: str) -> None:
    assert refusal(f"name,note\nOak,{cell}\n".encode()) is Fault.DAMAGED


def test_a_cell_as_long_as_a_spreadsheet_allows_comes_in_whole() -> None:
    assert read_sheet(f"name,note\nOak,{'x' * 32_767}\n".encode()).rows[0][1][1] == "x" * 32_767


@pytest.mark.parametrize(
    ("data", "fault"),
    [
        (b"", Fault.EMPTY),
        (b" \r\n\t\n", Fault.EMPTY),
        (b",,,\n,,\n", Fault.EMPTY),
        (b"\xef\xbb\xbf\r\n", Fault.EMPTY),
        (b"%PDF-1.7", Fault.NOT_A_TABLE),
        (b"\x89PNG\r\n\x1a\n", Fault.NOT_A_TABLE),
        (b"\xff\xd8\xff\xe1 jpeg", Fault.NOT_A_TABLE),
        (b"<!DOCTYPE html><table>", Fault.NOT_A_TABLE),
        (b"PK\x05\x06" + b"\0" * 18, Fault.NOT_A_TABLE),
        (b"PK\x03\x04 broken", Fault.DAMAGED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600, Fault.DAMAGED),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 90_000 + "EncryptedPackage".encode("utf-16-le"), Fault.PASSWORD),
        (b"name,caf\xe9\nb,\xff\xff\n", Fault.ENCODING),
        (b"\xff\xfe\x00\xd8", Fault.ENCODING),
        (",".join(f"h{n}" for n in range(201)).encode(), Fault.NOT_A_TABLE),
        (b"a,b\n" + b"1," * 300 + b"1\n", Fault.NOT_A_TABLE),
    ],
)
def test_what_is_no_table_is_refused_with_its_reason(data: bytes, fault: Fault) -> None:
    assert refusal(data) is fault


def test_more_rows_and_bytes_than_allowed_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grids, "MOST_ROWS", 100)
    assert len(read_sheet(b"name,cost\n" + b"a,1\n" * 100).rows) == 100
    assert refusal(b"name,cost\n" + b"a,1\n" * 101) is Fault.TOO_MANY_ROWS
    monkeypatch.setattr(reading, "MOST_BYTES", 50)
    assert refusal(b"name,cost\n" + b"a,1\n" * 100) is Fault.TOO_BIG


def test_rows_are_a_sequence() -> None:
    rows = read_sheet(b"name,cost\na,1\nb,\nc,3\n").rows
    assert rows[-1] == (4, ["c", "3"])
    assert rows[1:] == [(3, ["b", ""]), (4, ["c", "3"])]
    assert dict(rows)[2] == ["a", "1"]
    with pytest.raises(IndexError):
        rows[3]


@given(st.binary(max_size=400))
def test_no_bytes_at_all_break_the_reader(data: bytes) -> None:
    try:
        sheet = read_sheet(data)
    except SheetRefused:
        return
    assert len(set(sheet.headers)) == len(sheet.headers)
    assert all(len(cells) == len(sheet.headers) for _number, cells in sheet.rows)


CELLS = st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\x00\x1f"), max_size=12).map(str.strip)


@given(st.lists(st.lists(CELLS, min_size=3, max_size=3), min_size=1, max_size=8))
def test_what_a_spreadsheet_writes_is_read_as_it_was(rows: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, quoting=csv.QUOTE_ALL).writerows([["one", "two", "three"], *rows])
    sheet = read_sheet(out.getvalue().encode("utf-8-sig"))
    said = [[cell.strip("\ufeff\u200b\u3000\xa0 \t\r\n") for cell in row] for row in rows]
    read, wanted = [cells for _number, cells in sheet.rows], [row for row in said if any(row)]
    assert len(read) + len(sheet.skipped) == len(wanted)
    left = iter(wanted)
    assert all(row in left for row in read)  # in the order in which they stand
