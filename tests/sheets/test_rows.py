"""One row as a lead: what its cells say, and why it is not taken."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.imports.operations.leads import import_key, note_of
from tracker.matching.distance import metres
from tracker.sheets.columns import guess
from tracker.sheets.days import Order
from tracker.sheets.kinds import LEADS
from tracker.sheets.reading import read_sheet
from tracker.sheets.rows import Reader, Rejected, Row, factors_of, reader_for
from tracker.sheets.writing import csv_bytes

TODAY = date(2026, 3, 16)
FIELDS = LEADS.fields
COLUMNS = {field.key: place for place, field in enumerate(FIELDS)}
Units = dict[str, Decimal]


def read(units: Units | None = None, **said: str) -> Row | Rejected:
    cells = [{"address": "4 Elm St", **said}.get(field.key, "") for field in FIELDS]
    return Reader(LEADS, COLUMNS, TODAY, factors=units or {}).read(7, cells)


def lead(units: Units | None = None, **said: str) -> Row:
    row = read(units, **said)
    assert isinstance(row, Row), row
    return row


def faults(**said: str) -> list[str]:
    row = read(**said)
    assert isinstance(row, Rejected), row
    assert row.number == 7
    return [reason.field for reason in row.reasons]


def unit(key: str, header: str) -> Units:
    return factors_of([header], {key: 0})


def test_a_full_row_becomes_typed_values() -> None:
    row = lead(
        name="Riverside", number="P-100421", found_on="2026-01-15", value="1,250,000.50", area="820",
        latitude="31.2304", longitude="121.4737", developer="Hengyue Land",
        contractors="Linden Inc | Oak & Sons LLC;Linden Inc | ", designer="Studio",
        contact="Zhang San", phone="138 0013 8000", use="housing", note="Sign at the gate",
    )  # fmt: skip
    assert row.number == 7
    assert {key: row.get(key) for key in ("name", "address", "number", "found_on", "value", "area")} == {
        **{"name": "Riverside", "address": "4 Elm St", "number": "P-100421", "found_on": date(2026, 1, 15)},
        **{"value": Decimal("1250000.50"), "area": Decimal(820)},
    }
    assert (row.get("latitude"), row.get("longitude")) == (31.2304, 121.4737)
    assert row.get("contractors") == ("Linden Inc", "Oak & Sons LLC")
    assert note_of(row) == "housing\nZhang San 138 0013 8000\nSign at the gate"


def test_a_lead_without_a_name_is_called_by_its_address() -> None:
    assert lead().get("name") == "4 Elm St"
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
    assert lead(unit("value", header), value=text).get("value") == Decimal(value)


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
    assert lead(unit("area", header), area=text).get("area") == Decimal(area)


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
    assert lead(found_on=text).get("found_on") == day


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
        ("41°74'N", "1"),
        ("41°54'E", "1"),
        ("41", ""),
        ("", "9"),
    ],
)
def test_places_that_cannot_be_are_a_reason(latitude: str, longitude: str) -> None:
    assert faults(latitude=latitude, longitude=longitude) == ["latitude"]


@pytest.mark.parametrize(
    ("latitude", "longitude"),
    [("41°54'30\"N", "87°39'25.5\"W"), ("北纬41.908333", "西经87.657083"), ("41度54分30秒", "-87.657083"),
     ("N 41.908333", "W 87.657083"), ("+41.908333°", "-87.657083°")],
)  # fmt: skip
def test_degrees_are_understood_in_every_spelling(latitude: str, longitude: str) -> None:
    row = lead(latitude=latitude, longitude=longitude)
    assert (row.get("latitude"), row.get("longitude")) == pytest.approx((41.908333, -87.657083), abs=2e-6)


@pytest.mark.parametrize(
    "text",
    ["(41.908333, -87.657083)", "41°54'30\"N 87°39'25.5\"W", "POINT (-87.657083 41.908333)",
     "W 87.657083, N 41.908333", "41.908333;-87.657083"],
)  # fmt: skip
def test_a_place_in_one_cell_is_understood(text: str) -> None:
    row = lead(place=text)
    assert (row.get("latitude"), row.get("longitude")) == pytest.approx((41.908333, -87.657083), abs=2e-6)


def test_metres_and_feet_of_a_grid_are_no_degrees() -> None:
    row = read(latitude="3850012.5", longitude="500012.25")
    assert isinstance(row, Rejected)
    assert {str(reason) for reason in row.reasons} == {"These are no degrees but metres or feet of a projected grid."}


@pytest.mark.parametrize("text", ["15%", "15 ％", "百分之十五", "12.5 per cent"])
@pytest.mark.parametrize("field", ["value", "area"])
def test_a_percentage_is_no_amount(field: str, text: str) -> None:
    row = read(**{field: text})
    assert isinstance(row, Rejected)
    assert [(one.field, str(one)) for one in row.reasons] == [(field, "This is a percentage, not an amount.")]


@pytest.mark.parametrize(
    ("header", "north", "east"),
    [("高德经度", 34.747787, 113.619258), ("百度经度", 34.741647, 113.612808), ("经度(GCJ-02)", 34.747787, 113.619258),
     ("经度", 34.7466, 113.6253)],
)  # fmt: skip
def test_degrees_of_a_chinese_map_become_those_of_phones_where_the_header_names_it(
    header: str, north: float, east: float
) -> None:
    sheet = read_sheet(csv_bytes(["项目名称", "纬度", header], [["云栖学府", "34.7466", "113.6253"]]))
    columns = guess(LEADS, sheet.headers, sheet.samples(5)).columns
    row = reader_for(LEADS, sheet, columns, TODAY).read(*sheet.rows[0])
    assert isinstance(row, Row)
    assert (row.get("latitude"), row.get("longitude")) == pytest.approx((north, east), abs=2e-6)
    assert (metres(row.get("latitude"), row.get("longitude"), 34.7466, 113.6253) > 300) == (header != "经度")


@pytest.mark.parametrize(
    ("text", "day"),
    [("5 Mar 2024", date(2024, 3, 5)), ("Mar 5, 2024", date(2024, 3, 5)), ("March 5th 2024", date(2024, 3, 5)),
     ("Tuesday, 5 March 2024", date(2024, 3, 5)), ("24-Oct-2011", date(2011, 10, 24))],
)  # fmt: skip
def test_days_with_the_month_in_words_are_read(text: str, day: date) -> None:
    assert lead(found_on=text).get("found_on") == day


def test_the_order_of_day_and_month_is_that_of_the_file() -> None:
    def day(order: Order) -> date:
        row = Reader(LEADS, {"name": 0, "found_on": 1}, TODAY, order=order).read(2, ["Oak", "3/5/2024"])
        assert isinstance(row, Row)
        return row.get("found_on")

    assert (day(Order.MONTH_FIRST), day(Order.DAY_FIRST)) == (date(2024, 3, 5), date(2024, 5, 3))


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [("$20,000.00", 20000, "USD"), ("1.5亿元", 150_000_000, None), ("￥300万", 3_000_000, "CNY"),
     ("2.5M USD", 2_500_000, "USD"), ("750K", 750_000, None), ("€1,200", 1200, "EUR"), ("300万美元", 3_000_000, "USD")],
)  # fmt: skip
def test_a_sum_may_name_its_currency(text: str, value: int, currency: str | None) -> None:
    row = lead(value=text)
    assert (row.get("value"), row.get("currency")) == (value, currency)


def test_a_cell_that_is_a_number_where_all_others_are_words_is_askew() -> None:
    rows = [[f"Oak House {n}", f"{n} Elm St", "2024-03-05"] for n in range(30)]
    rows[25] = ["2024-03-05", "Oak House 25", "25 Elm St"]
    rows[26] = ["Oak House 26", "26.5", "2024-03-05"]
    sheet = read_sheet(csv_bytes(["name", "address", "date"], rows), known=LEADS.field_named)
    reader = reader_for(LEADS, sheet, {"name": 0, "address": 1, "found_on": 2}, TODAY)
    read = [reader.read(number, cells) for number, cells in sheet.rows]
    assert [row.number for row in read if isinstance(row, Rejected)] == [27, 28]


def test_a_place_swapped_in_one_row_is_seen_by_the_others() -> None:
    rows = [[f"Oak {n}", f"34.{n:02}", f"113.{n:02}"] for n in range(30)]
    rows[7] = ["Oak 7", "83.07", "34.07"]
    rows[8] = ["Oak 8", "60.08", "34.08"]
    rows = [[name, lat, lon.replace("113", "60")] for name, lat, lon in rows]
    sheet = read_sheet(csv_bytes(["name", "lat", "lon"], rows), known=LEADS.field_named)
    reader = reader_for(LEADS, sheet, {"name": 0, "latitude": 1, "longitude": 2}, TODAY)
    assert [n for n, cells in sheet.rows if isinstance(reader.read(n, cells), Rejected)] == [10]


@pytest.mark.parametrize(
    ("key", "most"),
    [("name", 200), ("address", 300), ("number", 80), ("developer", 200), ("contractors", 200), ("note", 5000)],
)
def test_texts_are_never_cut_but_refused(key: str, most: int) -> None:
    base = {} if key == "name" else {"name": "Oak"}
    assert isinstance(read(**{**base, key: "x" * most}), Row)
    assert faults(**{**base, key: "x" * (most + 1)}) == [key]


def test_an_address_too_long_to_be_the_name_is_a_reason() -> None:
    assert faults(address="x" * 201) == ["address"]


def test_every_fault_of_a_row_is_named() -> None:
    assert faults(address="", value="much", found_on="soon", latitude="0", longitude="0") == [
        *("found_on", "value", "name", "latitude"),
    ]


def test_a_row_with_cells_beyond_the_table_is_askew() -> None:
    reader = Reader(LEADS, {"address": 0, "value": 1}, TODAY, surplus=(2,))
    row = reader.read(2, ["4 Elm St", "5", "6"])
    assert isinstance(row, Rejected)
    assert [reason.field for reason in row.reasons] == ["row"]
    assert isinstance(reader.read(3, ["4 Elm St", "5", ""]), Row)


def test_a_telling_number_is_the_same_row_however_it_is_spelt() -> None:
    one = lead(number="郑政出〔2018〕075号（网）", address="农业路北", value="5")
    other = lead(number="郑政出[2018]75号", address="农业路以北")
    assert import_key(one) == import_key(other)


def test_a_short_number_counts_only_together_with_the_name() -> None:
    assert import_key(lead(number="1")) != import_key(lead(number="1", address="9 Oak Ave"))
    assert import_key(lead(number="1", value="5")) == import_key(lead(number="01", value="6"))


def test_without_a_number_several_buildings_on_one_lot_stay_several() -> None:
    said = {"found_on": "2026-01-15", "value": "250000.0"}
    keys = {import_key(lead(**said, note=note)) for note in ("house", "garage")}
    assert len(keys) == 2
    same = lead(**{**said, "value": "250,000"}, note=" House ")
    assert import_key(lead(**said, note="house")) == import_key(same)


CELLS = st.one_of(st.text(max_size=30), st.from_regex(r"[+-]?[\d,.]{1,12}(e\d)?( ?万元|㎡)?", fullmatch=True))


@given(st.dictionaries(st.sampled_from(sorted(COLUMNS)), CELLS))
def test_no_cell_breaks_the_reader_and_what_is_taken_is_sound(said: dict[str, str]) -> None:
    row = read(**said)
    if isinstance(row, Rejected):
        assert row.reasons
        assert all(str(reason.field) for reason in row.reasons)
        return
    assert row.get("name")
    assert row.get("value") is None or 0 <= row.get("value") < 10**13
    assert row.get("area") is None or 0 <= row.get("area") < 10**13
    assert row.get("found_on") is None or date(1990, 1, 1) <= row.get("found_on") <= TODAY
    assert (row.get("latitude") is None) == (row.get("longitude") is None)
    assert len(import_key(row)) <= 80
