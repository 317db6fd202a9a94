"""Which spellings are one firm, one plot, one phone, and which are not."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.matching.normalise import firm_key, phone_key, plot_key


@pytest.mark.parametrize(
    "spellings",
    [
        ["Linden Builders, Inc.", "LINDEN BUILDERS INC", "Linden  Builders", "linden-builders llc", "Ｌinden Builders"],
        ["Doherty & Healy Builders, LLC", "DOHERTY AND HEALY BUILDERS L.L.C.", "Doherty & Healy Builders L L C"],
        ["Hengyue Land Co., Ltd.", "HENGYUE LAND CO LTD", "Hengyue Land Company Limited", "Hengyue Land"],
        [
            "河南恒岳置业有限公司",
            "河南恒岳置业 有限公司",
            "河南恒岳置业有限责任公司",
            "河南恒岳置业股份有限公司",
            "河南恒岳置业",
        ],
        ["恒岳（上海）建材有限公司", "恒岳(上海)建材有限公司", "恒岳上海建材"],
        ["恒岳建材有限公司（上海）", "恒岳建材(上海)有限公司"],
        ["恒岳集团有限公司", "恒岳集团"],
        ["中建三局有限公司上海分公司", "中建三局上海分公司"],
        ["Oak Stone (Shanghai) Co., Ltd", "OAK STONE SHANGHAI"],
        ["Smith’s Tiles", "SMITHS TILES", "Smith's Tiles Corp."],
    ],
)
def test_spellings_of_one_firm_have_one_key(spellings: list[str]) -> None:
    assert len({firm_key(name) for name in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("恒岳集团有限公司", "恒岳有限公司"),
        ("恒岳（上海）建材有限公司", "恒岳（北京）建材有限公司"),
        ("中建三局上海分公司", "中建三局"),
        ("Company Kitchens", "Kitchens"),
        ("Limited Brands", "Brands"),
        ("Co-op Builders", "Op Builders"),
        ("कि", "का"),
    ],
)
def test_different_firms_keep_different_keys(one: str, other: str) -> None:
    assert firm_key(one) != firm_key(other)


@pytest.mark.parametrize(
    "name", ["Co., Ltd.", "有限公司", "公司", "(公司)", "LLC", "!!!", "🏗️", "...", "'", "\u3000", " "]
)
def test_a_name_of_nothing_but_form_or_marks_still_has_a_key(name: str) -> None:
    assert firm_key(name)


@given(st.text(min_size=1))
def test_no_name_has_an_empty_key_and_case_never_counts(name: str) -> None:
    assert firm_key(name)
    assert plot_key(name) or not name.strip()
    assert firm_key(f" {name} ") == firm_key(name) or not name.strip()


@pytest.mark.parametrize(
    "spellings",
    [
        ["登政出〔2020〕2号（网）", "登政出[2020]002号(网)", "登政出【2020】 2 号（网）", "登政出（2020）02号〔网〕"],
        ["A-12", "A12", "a – 012", "Ａ１２"],
        ["郑政经开出[2017]075号", "郑政经开出〔2017〕75号"],
    ],
)
def test_spellings_of_one_plot_have_one_key(spellings: list[str]) -> None:
    assert len({plot_key(text) for text in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"), [("1-12", "11-2"), ("2020-2", "20202"), ("A-0", "A"), ("10", "1"), ("B1", "A1")]
)
def test_different_plots_keep_different_keys(one: str, other: str) -> None:
    assert plot_key(one) != plot_key(other)


def test_a_number_of_any_length_is_folded() -> None:
    assert plot_key("0" * 5000 + "9" * 5000) == "9" * 5000


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("+86 138 0013 8000", "13800138000"),
        ("0086-13800138000", "13800138000"),
        ("86 13800138000", "13800138000"),
        ("（+86）138-0013-8000", "13800138000"),
        ("013800138000", "13800138000"),
        ("１３８００１３８０００", "13800138000"),
        ("13129868000", "13129868000"),
        ("0371-6555 6666", "37165556666"),
        ("+86 (0)371 65556666", "37165556666"),
        ("+86 10 6555 6666", "1065556666"),
        ("010-65556666", "1065556666"),
        ("(312) 986-8000 x", "3129868000"),
        ("+1 (312) 986-8000", "3129868000"),
        ("1-312-986-8000", "3129868000"),
        ("+13129868000", "3129868000"),
        ("001 312 986 8000", "3129868000"),
        ("12129868000", "2129868000"),
        ("000", "000"),
        ("", ""),
        ("no phone", ""),
    ],
)
def test_a_phone_is_known_without_its_countrys_code(text: str, key: str) -> None:
    assert phone_key(text) == key


def test_land_results_join_their_listings_by_the_folded_number(shared_data: Path) -> None:
    folder = shared_data / "projects_zh" / "zhengzhou_land"
    if not folder.is_dir():
        pytest.skip(f"real input is not at hand: {folder} is missing")
    listed, sold = (
        {row["地块编号"] for row in csv.DictReader((folder / name).open(encoding="utf-8"))}
        for name in ("zhengzhou_listing_guapai.csv", "zhengzhou_result_jieguo.csv")
    )
    assert len(listed & sold) < 170
    keys = {plot_key(number) for number in listed}
    assert sum(1 for number in sold if plot_key(number) in keys) >= 303


def test_folding_takes_no_two_listed_companies_for_one(shared_data: Path) -> None:
    path = shared_data / "matching_zh" / "listed_company_short_full_shanghai.csv"
    if not path.is_file():
        pytest.skip(f"real input is not at hand: {path} is missing")
    with path.open(encoding="utf-8-sig", newline="") as file:
        names = {cell.strip() for row in csv.reader(file) for cell in row if cell.strip().endswith("公司")}
    by_key: dict[str, set[str]] = {}
    for name in names:
        by_key.setdefault(firm_key(name), set()).add(name)
    assert len(names) > 1500
    doubtful = {key: found for key, found in by_key.items() if len(found) > 1}
    assert len(doubtful) <= 5, json.dumps([sorted(found) for found in doubtful.values()], ensure_ascii=False)
