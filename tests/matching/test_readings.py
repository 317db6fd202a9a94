"""How characters are read: as the package's table has it, kept small."""

from __future__ import annotations

import sys

import pytest

from tracker.matching import readings as module
from tracker.matching.readings import FIRST, LAST, MOST, readings, spoken


@pytest.mark.parametrize(
    ("character", "said"),
    [("行", ("xing", "hang", "heng")), ("女", ("nv", "ru")), ("〇", ("ling", "yuan", "xing")), ("a", ("a",)),
     ("，", ("，",)), ("\U00020000", ("he",)), ("\U0010ffff", ("\U0010ffff",))],
)  # fmt: skip
def test_a_character_is_read_in_its_commonest_ways(character: str, said: tuple[str, ...]) -> None:
    assert readings(character) == said


def test_a_name_is_spoken_character_by_character() -> None:
    assert spoken("重庆A座") == ["zhong", "qing", "A", "zuo"]


def test_every_character_of_the_package_is_read_as_it_says() -> None:
    from pypinyin.pinyin_dict import pinyin_dict

    assert min(pinyin_dict) >= FIRST and max(pinyin_dict) <= LAST
    for code, said in pinyin_dict.items():
        plain = dict.fromkeys(module._plain(reading) for reading in said.split(","))
        assert readings.__wrapped__(chr(code)) == tuple(plain)[:MOST], chr(code)


def test_the_table_is_small() -> None:
    places, known = module._table()
    assert sys.getsizeof(places) < 500_000 and len(known) < 10_000
