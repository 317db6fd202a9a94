"""Chinese names in words: what tells, and what many names share."""

from __future__ import annotations

import pytest

from tracker.matching.segmenting import segments


def telling(run: str) -> list[str]:
    return [segment.text for segment in segments(run) if not segment.known]


@pytest.mark.parametrize(
    ("name", "tells"),
    [
        ("万科城市花园", ["万科"]),
        ("碧桂园城市花园", ["碧桂园"]),
        ("幸福小区商业中心", ["幸福"]),
        ("大润发超市门店", ["大润发"]),
        ("锦溪水乡酒店", ["锦溪水乡"]),
    ],
)
def test_a_city_a_market_or_an_estate_at_the_end_of_a_word_is_no_title_of_a_place(name: str, tells: list[str]) -> None:
    assert telling(name) == tells


@pytest.mark.parametrize("name", ["翁源县人民医院", "宛城区大剧院", "祁各庄镇中心小学"])
def test_a_place_that_no_list_names_is_known_by_its_title(name: str) -> None:
    assert telling(name) == []


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("新风光电子科技", ["新风光", "电子", "科技"]),
        ("粤通信息科技", ["粤通", "信息", "科技"]),
        ("中石化工程建设", ["中", "石化", "工程建设"]),
        ("武汉中科通达", ["武汉", "中科通达"]),
    ],
)
def test_no_word_takes_the_first_character_of_the_next_and_regions_come_first(name: str, words: list[str]) -> None:
    assert [segment.text for segment in segments(name)] == words
