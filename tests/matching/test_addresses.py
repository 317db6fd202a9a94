"""Addresses taken apart, and how well two agree."""

from __future__ import annotations

import pytest

from tracker.matching.addresses import address_of, agreement


def test_a_chinese_address_is_split_into_its_parts() -> None:
    address = address_of("浙江省杭州市拱墅区星桥街道石祥路105号3号楼")
    assert (address.province, address.city, address.district, address.town) == ("浙江", "杭州", "拱墅", "星桥街道")
    assert (address.roads, address.house) == ({"石祥路"}, "105")


def test_a_municipality_is_province_and_city() -> None:
    address = address_of("上海市浦东新区世纪大道８号")
    assert (address.province, address.city, address.district, address.house) == ("上海", "上海", "浦东", "8")


def test_a_crossing_has_two_roads() -> None:
    assert address_of("登封市洧河路与菜园路交叉口西北").roads == {"洧河路", "菜园路"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("浙江省杭州市拱墅区石祥路105号", "杭州拱墅区石祥路一百零五号"),
        ("河南省郑州市金水区龙湖外环路105号", "金水区龙湖外环路105号"),
        ("3610 N CLARK ST", "3610 North Clark Street"),
        ("102 5th ave. between 15th and 16th sts.", "102 Fifth Ave."),
        ("登封市洧河路与菜园路交叉口西北", "洧河路、菜园路交汇处"),
    ],
)
def test_spellings_of_one_door_agree(one: str, other: str) -> None:
    assert agreement(address_of(one), address_of(other)) >= 0.8


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("杭州市拱墅区石祥路105号", "杭州市萧山区石祥路105号"),
        ("郑州市金水区人民路5号", "武汉市人民路5号"),
        ("杭州市拱墅区石祥路105号", "杭州市拱墅区莫干山路105号"),
        ("3610 N CLARK ST", "2200 N CLARK ST"),
        ("3610 N CLARK ST", "3610 N LEAVITT ST"),
    ],
)
def test_other_districts_roads_and_numbers_speak_against(one: str, other: str) -> None:
    assert agreement(address_of(one), address_of(other)) < 0


def test_naughty_addresses_are_taken_apart_all_the_same(naughty: list[str]) -> None:
    for text in naughty:
        assert agreement(address_of(text), address_of(text)) == 1
