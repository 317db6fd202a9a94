"""Which column is what: by its header, held against its values."""

from __future__ import annotations

import pytest

from tracker.sheets.lead_columns import FIELDS, guess, problems_of, swapped


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
        (["name", "date"], [["Oak", "3/4/2026"], ["Elm", "16/3/2026"]], ["found_on"]),
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
