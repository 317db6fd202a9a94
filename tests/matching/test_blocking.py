"""Which rows are offered as candidates of each other: those that share a key."""

from __future__ import annotations

from math import cos, pi, radians, sin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.matching.blocking import LONGEST, firm_keys, person_keys, place_keys, site_keys
from tracker.matching.folding import fold
from tracker.matching.things import Firm, Person, Site

DEGREE = 111_195


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("万科城市花园二期", "萬科・城市花園"),
        ("Lankenau Medical Center", "LANKENAU HOSPITAL"),
        ("Krylatskoye Stadium", "Krylatskoe Sport Palace"),
        ("Museum of the Image", "MOTI"),
        ("Shatin Hospital", "Sha Tin Hospital"),
        ("芷岭度假酒店", "Zhiling Hotel"),
        ("人民医院", "人民医院"),
    ],
)
def test_names_of_one_site_share_a_key(one: str, other: str) -> None:
    assert site_keys(Site((one,))) & site_keys(Site((other,)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("保利发展", "保利发展控股集团股份有限公司"),
        ("中建八局", "中国建筑第八工程局有限公司"),
        ("城建", "郑州城建投资股份有限公司"),
        ("佳润", "惠州小金九龙佳润汽车配件公司"),
    ],
)
def test_short_and_full_name_of_a_firm_share_a_key(one: str, other: str) -> None:
    assert firm_keys(Firm((one,))) & firm_keys(Firm((other,)))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("海澜湾度假酒店", "云栖谷度假酒店"),
        ("锦绣华庭二期", "翡翠云台二期"),
        ("Lankenau Hospital", "Bellevue Hospital"),
    ],
)
def test_common_words_alone_make_no_candidates(one: str, other: str) -> None:
    assert not site_keys(Site((one,))) & site_keys(Site((other,)))


def test_plots_phones_doors_and_firms_make_candidates_whatever_the_name() -> None:
    one = Site(("甲",), "杭州市拱墅区石祥路105号", "登政出〔2020〕02号（网）", None, ("138 0013 8000",), ("保利发展",))
    for other in (
        Site(("乙",), address="石祥路一百零五号"),
        Site(("乙",), plot_number="登政出[2020]2号"),
        Site(("乙",), phones=("+86 13800138000",)),
        Site(("乙",), firms=("保利发展控股集团股份有限公司",)),
    ):
        assert site_keys(one) & site_keys(other)


@given(
    st.floats(-85, 85), st.floats(-179, 179), st.floats(0, 299.5), st.floats(0, 2 * pi, exclude_max=True)
)  # sites on the date line or at a pole are not met
def test_a_neighbour_within_300_m_is_among_the_cells_of_a_place(
    latitude: float, longitude: float, apart: float, bearing: float
) -> None:
    north, east = apart * cos(bearing) / DEGREE, apart * sin(bearing) / DEGREE
    there = latitude + north, longitude + east / cos(radians(latitude))
    cell = {key for key in site_keys(Site((), place=there)) if key.startswith("cell:")}
    assert cell
    assert cell <= place_keys((latitude, longitude))


def test_a_place_asks_for_a_few_dozen_cells() -> None:
    assert len(place_keys((39.0851, 117.2008))) <= 42


def test_a_person_is_found_by_name_as_said_phone_and_mail_address() -> None:
    wang = person_keys(Person("王海涛", ("13800138000",), "wang@example.com"))
    assert wang & person_keys(Person("Haitao Wang"))
    assert wang & person_keys(Person("某人", ("+86 138-0013-8000",)))
    assert wang & person_keys(Person("W.", email="WANG@example.com"))
    assert not wang & person_keys(Person("李建国"))


@given(st.text(min_size=1, max_size=80))
def test_keys_are_short_and_those_of_equal_names_meet(text: str) -> None:
    for keys in (site_keys(Site((text,), text, text, None, (text,), (text,))), firm_keys(Firm((text,)))):
        assert all(len(key) <= LONGEST and ":" in key for key in keys)
    if any(sign.isalnum() for sign in fold(text)):
        assert site_keys(Site((text,))) & site_keys(Site((fold(text),)))
        assert firm_keys(Firm((text,))) & firm_keys(Firm((fold(text),)))


def test_naughty_strings_make_keys(naughty: list[str]) -> None:
    for text in naughty:
        assert all(len(key) <= LONGEST for key in site_keys(Site((text,), text, text, None, (text,), (text,))))
        assert all(len(key) <= LONGEST for key in person_keys(Person(text, (text,), text, text)))
