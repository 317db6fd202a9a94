"""Which column is what: by its header, held against its values."""

from __future__ import annotations

import pytest

from tracker.sheets import columns
from tracker.sheets.columns import Guess, Problem, swapped
from tracker.sheets.kinds import LEADS

FIELDS = LEADS.fields


def guess(headers: list[str], samples: list[list[str]]) -> Guess:
    return columns.guess(LEADS, headers, samples)


def problems_of(chosen: dict[str, int], samples: list[list[str]]) -> list[Problem]:
    return columns.problems_of(LEADS, chosen, samples)


def named(headers: list[str], *samples: list[str]) -> dict[str, str]:
    """Field -> header as guessed."""
    return {key: headers[place] for key, place in guess(headers, samples).columns.items()}


def keys_of_problems(headers: list[str], *samples: list[str]) -> list[str]:
    return [problem.key for problem in guess(headers, samples).problems]


@pytest.mark.parametrize("field", FIELDS, ids=lambda field: field.key)
def test_every_field_is_known_by_every_name_it_goes_by(field) -> None:
    for name in field.names:
        assert named([name.upper()]) == {field.key: name.upper()}, name


def test_no_header_names_two_fields() -> None:
    names = [name for field in FIELDS for name in field.names]
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("地块面积（平方米）", "area"),
        ("成交价格（万元）", "value"),
        ("  Project_Name ", "name"),
        ("Plot Area (m²)", "area"),
        ("Floor area sqft", "area"),
        ("Contract value CNY", "value"),
        ("建设单位名称", "developer"),
        ("工程地址", "address"),
        ("总建筑面积", "area"),
        ("地址（省市区）", "address"),
        ("联系人电话", "phone"),
    ],
)
def test_units_remarks_and_longer_headers_are_understood(header: str, field: str) -> None:
    assert named([header]) == {field: header}


@pytest.mark.parametrize(
    "header",
    [
        *(
            "a",
            "c",
            "d",
            "n",
            "x",
            "CONTRACTOR_1_TYPE",
            "Contractor address",
            "项目经理评价",
            "项目类型",
            "建设单位地址",
        ),
        *("成交单价（元/㎡）", "楼面价", "Price per m²", "建设单位电话", "竣工年份"),
    ],
)
def test_headers_that_mean_something_else_are_left_alone(header: str) -> None:
    assert named([header]) == {}


def test_chicagos_short_headers_are_understood_only_together() -> None:
    headers = [*"nstrdaw", "ca", "cn", "st", "wt", "c", "lat", "lon", "gc", "gp", "go", "os", "x"]
    assert named(headers) == {
        **{"number": "n", "address": "a", "found_on": "d", "value": "c", "latitude": "lat", "longitude": "lon"},
        **{"contractors": "gc", "phone": "gp", "note": "x"},
    }


def test_swapped_columns_are_told_and_can_be_taken_the_other_way_round() -> None:
    headers = ["地块编号", "宗地位置", "地块面积（平方米）"]
    samples = [["1", "21463.80（32.20亩）", "告成镇五渡村"], ["2", "60654.76", "玉带路与卢鸿路交叉口"], ["3", "9", "/"]]
    found = guess(headers, samples)
    assert [problem.key for problem in found.problems] == ["address"]
    changed = swapped(found.columns)
    assert (changed["address"], changed["area"]) == (2, 1)
    assert problems_of(changed, samples) == []


@pytest.mark.parametrize(
    ("headers", "samples", "keys"),
    [
        (["phone"], [["1"]], ["name"]),
        (["name", "cost"], [["Oak", "5"], ["Elm", "¥6,000"], ["Ash", ""]], []),
        (["name", "cost"], [["Oak", "much"], ["Elm", "a lot"], ["Ash", "5"]], ["value"]),
        (["address"], [["12"], ["13"]], ["address"]),
        (["address"], [["12 Elm St"], ["310国道以南"]], []),
        (["name", "date"], [["Oak", "2026-03-16"], ["Elm", "16 March"], ["Ash", "soon"]], ["found_on"]),
        (["name", "date"], [["Oak", "3/4/2026"], ["Elm", "16/3/2026"]], []),
        (["name", "date"], [["Oak", "3/4/2026"], ["Elm", "5/6/2026"]], ["dates"]),
        (["name", "date"], [["Oak", "3/16/2026"], ["Elm", "16/3/2026"]], ["found_on"]),
        (["name", "lat", "lon"], [["Oak", "3850012.5", "500012.25"]], ["latitude", "longitude"]),
        (["name", "date"], [["Oak", "3/4/2026"], ["Elm", "3/16/2026"]], []),
        (["name", "lat"], [["Oak", "34.7"]], ["latitude"]),
        (["name", "lat", "lon"], [["Oak", "113.6", "34.7"], ["Elm", "113.7", "34.8"]], ["latitude"]),
        (["name", "lat", "lon"], [["Oak", "34.7", "113.6"], ["Elm", "", ""]], []),
        (["name", "cost"], [], []),
    ],
)
def test_values_that_speak_against_their_column_are_a_problem(
    headers: list[str], samples: list[list[str]], keys: list[str]
) -> None:
    assert keys_of_problems(headers, *samples) == keys


def test_one_column_for_two_fields_is_a_problem() -> None:
    assert [problem.key for problem in problems_of({"name": 0, "address": 0}, [["4 Elm St"]])] == ["columns"]


GRIDS = {
    "feet of a US State Plane grid": [("1901800.25", "1175330.78"), ("1,901,800", "1,175,330"), ("210000", "985000")],
    "metres of a UTM or Gauss-Krüger grid": [("4637000.5", "447600.1"), ("3847000", "465000"),
                                             ("4637000 m", "447600 m")],
    "metres of a web map (Mercator)": [("5142800", "-9754700"), ("4130000.12", "12648600.34"),
                                       ("4.13e+06", "1.26486E+7")],
    "metres of a Gauss-Krüger grid with the zone's number before them (CGCS2000, Xi'an 80, Beijing 54)": [
        ("3847000.123", "38465000.456"), ("2500000", "19500000"),
    ],
    "degrees times a million, without their decimal point": [("34746600", "113625300"), ("41908333", "-87657083"),
                                                             ("347466000", "1136253000")],
}  # fmt: skip


@pytest.mark.parametrize(("what", "place"), [(what, place) for what, places in GRIDS.items() for place in places])
@pytest.mark.parametrize("exchanged", [False, True])
def test_coordinates_of_a_grid_are_refused_by_what_they_seem_to_be(
    what: str, place: tuple[str, str], exchanged: bool
) -> None:
    one, other = place[::-1] if exchanged else place
    problems = guess(["name", "lat", "lon"], [["Oak", one, other], ["Elm", "", ""], ["Ash", one, other]]).problems
    assert [problem.key for problem in problems] == ["latitude", "longitude"]
    for problem in problems:
        assert str(problem.message) == (
            f"These are no degrees: they seem to be {what}. Turn them into degrees (WGS-84), or choose no column here."
        )


def test_both_coordinates_of_a_grid_in_one_cell_are_refused_too() -> None:
    for text in ("1901800.25, 1175330.78", "(1175330.78; 1901800.25)", "POINT (1175330.78 1901800.25)"):
        [problem] = guess(["name", "coordinates"], [["Oak", text], ["Elm", text]]).problems
        assert problem.key == "place" and "State Plane" in str(problem.message)


def test_one_column_of_metres_says_no_more_than_that() -> None:
    problems = guess(["name", "lat", "lon"], [["Oak", "1901800.25", "-87.65"], ["Elm", "1901801", "-87.66"]]).problems
    assert [problem.key for problem in problems] == ["latitude"]
    assert "metres or feet of a projected grid" in str(problems[0].message)


@pytest.mark.parametrize(
    ("latitude", "longitude"), [("34.7466", "113.6253"), ("41°54'30\"N", "87°39'25\"W"), ("0", "0")]
)
def test_degrees_are_no_grid(latitude: str, longitude: str) -> None:
    assert guess(["name", "lat", "lon"], [["Oak", latitude, longitude]] * 3).problems == ()


@pytest.mark.parametrize("text", ["15%", "15 %", "１５％", "12.5 per cent", "百分之十五", "3‰"])
@pytest.mark.parametrize("header", ["cost", "area"])
def test_a_column_of_percentages_is_no_column_of_amounts(header: str, text: str) -> None:
    [problem] = guess(["name", header], [["Oak", text], ["Elm", text], ["Ash", "5000"]]).problems
    assert problem.key == {"cost": "value"}.get(header, header)
    assert str(problem.message) == ("This column holds percentages, which are no amounts. Choose another or none.")


def test_a_few_percentages_among_amounts_are_left_to_their_rows() -> None:
    assert guess(["name", "cost"], [["Oak", "15%"], ["Elm", "5000"], ["Ash", "7000"]]).problems == ()
