"""Which names are alike, and which are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tracker.matching.alike import alike, numbers_differ
from tracker.matching.names import name_of

NAMES = st.text(st.sampled_from("万科城市花园二三期保利发展集团有限公司上海AbcTower of St.,()-12 楼"), max_size=24)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("保利发展", "保利发展控股集团股份有限公司"),
        ("中建八局", "中国建筑第八工程局有限公司"),
        ("中国一重", "中国第一重型机械股份公司"),
        ("福能", "福建福能股份有限公司"),
        ("*ST华业", "北京华业资本控股股份有限公司"),
        ("恒岳（上海）建材有限公司", "恒岳建材"),
        ("翠湖天地", "翠湖天地花园"),
        ("芷岭度假酒店", "Zhiling Hotel"),
        ("Hackensack Hospital", "Hackensack Medical Center"),
        ("Museum of Aviation (Belgrade)", "Museum of Aviation, Belgrade"),
        ("Lexington Veterans Affairs Medical Center", "Lexington VA Medical Center"),
        ("Big Swan Stadium", "Bigswan Stadion"),
        ("Kingsway Tower II", "Kingsway Tower 2"),
        ("The Harbour Centre", "Harbour Center"),
        ("城建", "郑州城建投资股份有限公司"),
        ("中商", "中商平价超市连锁有限责任公司"),
    ],
)
def test_names_of_one_thing_are_alike(one: str, other: str) -> None:
    assert alike(name_of(one), name_of(other)) >= 0.65


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("海澜湾度假酒店", "云栖谷度假酒店"),
        ("万科城市花园", "保利城市花园"),
        ("城市花园二期", "城市花园三期"),
        ("上海第一医院", "上海第六医院"),
        ("St. John's Hospital", "St. Mary's Hospital"),
        ("Riverside Tower 2", "Riverside Tower 3"),
        ("National Museum", "National Stadium"),
        ("北京城建", "上海城建"),
        ("万科城市花园", "绿地城市花园"),
        ("Airplane Museum of Szolnok", "Amos Anderson Art Museum"),
        ("Thai", "Khan Toke Thai House"),
    ],
)
def test_names_that_share_only_common_words_or_differ_in_a_number_are_not_alike(one: str, other: str) -> None:
    assert alike(name_of(one), name_of(other)) < 0.6


def test_phases_towers_and_lots_differ_by_their_number() -> None:
    assert numbers_differ(name_of("城市花园二期"), name_of("城市花园三期"))
    assert numbers_differ(name_of("Harbor Tower 2"), name_of("Harbor Tower III"))
    assert not numbers_differ(name_of("城市花园第二期"), name_of("城市花园2期"))
    assert not numbers_differ(name_of("城市花园二期"), name_of("城市花园3号楼"))


@given(NAMES, NAMES)
def test_likeness_is_symmetric_and_between_nothing_and_all(one: str, other: str) -> None:
    a, b = name_of(one), name_of(other)
    assert alike(a, b) == pytest.approx(alike(b, a))
    assert 0 <= alike(a, b) <= 1


@given(NAMES)
def test_every_name_is_itself(text: str) -> None:
    assert alike(name_of(text), name_of(text)) == 1
