"""One row as a lead: what its cells say, and why it is not taken."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.sheets.lead_columns import FIELDS
from tracker.sheets.lead_rows import LeadRow, Rejected, Units, read_row, units_of

TODAY = date(2026, 3, 16)
COLUMNS = {field.key: place for place, field in enumerate(FIELDS)}


def read(units: Units | None = None, **said: str) -> LeadRow | Rejected:
    cells = [{"address": "4 Elm St", **said}.get(field.key, "") for field in FIELDS]
    return read_row(7, cells, COLUMNS, units or Units(), TODAY)


def lead(units: Units | None = None, **said: str) -> LeadRow:
    row = read(units, **said)
    assert isinstance(row, LeadRow), row
    return row


def faults(**said: str) -> list[str]:
    row = read(**said)
    assert isinstance(row, Rejected), row
    assert row.number == 7
    return [reason.field for reason in row.reasons]


def unit(key: str, header: str) -> Units:
    return units_of([header], {key: 0})


def test_a_full_row_becomes_typed_values() -> None:
    row = lead(
        name="Riverside", number="P-100421", found_on="2026-01-15", value="1,250,000.50", area="820",
        latitude="31.2304", longitude="121.4737", developer="Hengyue Land",
        contractors="Linden Inc | Oak & Sons LLC;Linden Inc | ", designer="Studio",
        contact="Zhang San", phone="138 0013 8000", use="housing", note="Sign at the gate",
    )  # fmt: skip
    assert (row.number, row.name, row.address, row.plot_number) == (7, "Riverside", "4 Elm St", "P-100421")
    assert (row.found_on, row.value, row.area) == (date(2026, 1, 15), Decimal("1250000.50"), Decimal(820))
    assert (row.latitude, row.longitude) == (31.2304, 121.4737)
    assert row.contractors == ("Linden Inc", "Oak & Sons LLC")
    assert row.note == "housing\nZhang San 138 0013 8000\nSign at the gate"


def test_a_lead_without_a_name_is_called_by_its_address() -> None:
    assert lead().name == "4 Elm St"
    assert faults(address="") == ["name"]
    assert faults(address="/", name="#REF!") == ["name"]


@pytest.mark.parametrize(
    ("header", "text", "value"),
    [
        ("cost", "250000.0", "250000.00"),
        ("cost", "$1,234,567", "1234567.00"),
        ("cost", "１２３４", "1234.00"),
        ("cost", "1.2e7", "12000000.00"),
        ("cost", "0", "0.00"),
        ("价格（万元）", "16237.44", "162374400.00"),
        ("价格（亿元）", "1.5", "150000000.00"),
        ("cost (million)", "3", "3000000.00"),
        ("价格（万元）", "5亿元", "500000000.00"),
        ("价格", "5万", "50000.00"),
        ("万科项目造价（元）", "5", "5.00"),
        ("价格", "约300万元人民币", "3000000.00"),
        ("cost", "0.005", "0.01"),
    ],
)
def test_money_counts_in_the_unit_of_its_header_or_of_its_cell(header: str, text: str, value: str) -> None:
    assert lead(unit("value", header), value=text).value == Decimal(value)


@pytest.mark.parametrize(
    "text",
    [
        "-5",
        "a lot",
        "12-15",
        "3 or 4",
        "1,5",
        "5 and 6",
        "nan",
        "inf",
        "1e99",
        "9" * 50,
        "88（地下12）",
        "商服2100年",
        "1e",
    ],
)
def test_a_sum_that_is_not_clear_is_a_reason(text: str) -> None:
    assert faults(value=text) == ["value"]


@pytest.mark.parametrize(
    ("header", "text", "area"),
    [
        ("area", "820", "820.00"),
        ("地块面积（平方米）", "37589.26（56.38亩）", "37589.26"),
        ("地块面积（平方米）", "37589.26\xa0（56.38亩）", "37589.26"),
        ("地块面积（平方米）", "地上：19252.56地下空间：19166.93", "19252.56"),
        ("地块面积（平方米）", "地上面积：68655.03；地下空间面积：68655.03；", "68655.03"),
        ("地块面积（平方米）", "地上100㎡、地下50㎡", "100.00"),
        ("面积", "90㎡", "90.00"),
        ("面积", "3亩", "2000.00"),
        ("面积（亩）", "3", "2000.00"),
        ("面积（公顷）", "2", "20000.00"),
        ("Area (sq ft)", "1,000", "92.90"),
        ("area_sqft", "1000", "92.90"),
        ("万达面积", "5", "5.00"),
    ],
)
def test_areas_come_in_square_metres(header: str, text: str, area: str) -> None:
    assert lead(unit("area", header), area=text).area == Decimal(area)


@pytest.mark.parametrize("text", ["告成镇五渡村", "12 x 30", "-3", "地下：100", "three"])
def test_an_area_that_is_not_clear_is_a_reason(text: str) -> None:
    assert faults(area=text) == ["area"]


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-03-16", date(2026, 3, 16)),
        ("2026-01-05 00:00:00", date(2026, 1, 5)),
        ("2026年3月2日", date(2026, 3, 2)),
        ("2026/3/2", date(2026, 3, 2)),
        ("２０２６．３．２", date(2026, 3, 2)),
        ("03/02/2026", date(2026, 3, 2)),
        ("20260302", date(2026, 3, 2)),
        ("46083", date(2026, 3, 2)),
        ("46083.5", date(2026, 3, 2)),
        ("于2019年11月26日至2019年12月5日挂牌出让", date(2019, 12, 5)),
    ],
)
def test_days_are_read_as_people_write_them(text: str, day: date) -> None:
    assert lead(found_on=text).found_on == day


@pytest.mark.parametrize(
    "text",
    [
        "2026-02-31",
        "2026-02-29",
        "2099-01-01",
        "2026-03-17",
        "1889-01-01",
        "13/13/2025",
        "soon",
        "3/26",
        "2026年3月",
        "79999",
    ],
)
def test_days_that_cannot_be_are_a_reason(text: str) -> None:
    assert faults(found_on=text) == ["found_on"]


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [
        ("0", "0"),
        ("0.0000001", "0"),
        ("90.1", "0"),
        ("10", "180.5"),
        ("nan", "1"),
        ("41°54'N", "1"),
        ("41", ""),
        ("", "9"),
    ],
)
def test_places_that_cannot_be_are_a_reason(latitude: str, longitude: str) -> None:
    assert faults(latitude=latitude, longitude=longitude) == ["latitude"]


@pytest.mark.parametrize(
    ("key", "most"),
    [("name", 200), ("address", 300), ("number", 80), ("developer", 200), ("contractors", 200), ("note", 5000)],
)
def test_texts_are_never_cut_but_refused(key: str, most: int) -> None:
    base = {} if key == "name" else {"name": "Oak"}
    assert isinstance(read(**{**base, key: "x" * most}), LeadRow)
    assert faults(**{**base, key: "x" * (most + 1)}) == [key]


def test_an_address_too_long_to_be_the_name_is_a_reason() -> None:
    assert faults(address="x" * 201) == ["address"]


def test_every_fault_of_a_row_is_named() -> None:
    assert faults(address="", value="much", found_on="soon", latitude="0", longitude="0") == [
        *("name", "value", "found_on", "latitude"),
    ]


def test_a_row_with_cells_beyond_the_table_is_askew() -> None:
    units = units_of(["address", "cost", "Surplus cell 1"], {"address": 0, "value": 1})
    row = read_row(2, ["4 Elm St", "5", "6"], {"address": 0, "value": 1}, units, TODAY)
    assert isinstance(row, Rejected)
    assert [reason.field for reason in row.reasons] == ["row"]
    assert isinstance(read_row(3, ["4 Elm St", "5", ""], {"address": 0, "value": 1}, units, TODAY), LeadRow)


def test_a_telling_number_is_the_same_row_however_it_is_spelt() -> None:
    one = lead(number="郑政出〔2018〕075号（网）", address="农业路北", value="5")
    other = lead(number="郑政出[2018]75号", address="农业路以北")
    assert one.import_key == other.import_key


def test_a_short_number_counts_only_together_with_the_name() -> None:
    assert lead(number="1").import_key != lead(number="1", address="9 Oak Ave").import_key
    assert lead(number="1", value="5").import_key == lead(number="01", value="6").import_key


def test_without_a_number_several_buildings_on_one_lot_stay_several() -> None:
    said = {"found_on": "2026-01-15", "value": "250000.0"}
    keys = {lead(**said, note=note).import_key for note in ("house", "garage")}
    assert len(keys) == 2
    same = lead(**{**said, "value": "250,000"}, note=" House ")
    assert lead(**said, note="house").import_key == same.import_key


CELLS = st.one_of(st.text(max_size=30), st.from_regex(r"[+-]?[\d,.]{1,12}(e\d)?( ?万元|㎡)?", fullmatch=True))


@given(st.dictionaries(st.sampled_from(sorted(COLUMNS)), CELLS))
def test_no_cell_breaks_the_reader_and_what_is_taken_is_sound(said: dict[str, str]) -> None:
    row = read(**said)
    if isinstance(row, Rejected):
        assert row.reasons
        assert all(str(reason.field) for reason in row.reasons)
        return
    assert row.name
    assert row.value is None or 0 <= row.value < 10**13
    assert row.area is None or 0 <= row.area < 10**13
    assert row.found_on is None or date(1990, 1, 1) <= row.found_on <= TODAY
    assert (row.latitude is None) == (row.longitude is None)
    assert len(row.import_key) <= 80
