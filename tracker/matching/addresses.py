"""Splitting addresses, Chinese and Western, and saying how well two agree."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz import fuzz

from tracker.matching import vocabulary
from tracker.matching.folding import figure, fold
from tracker.matching.vocabulary import CITIES, COUNTIES, MUNICIPALITIES, PROVINCES

_NO_ROAD = r"(?![东南西北中]?[一二三四五六七八九]?(?:路|街|大道|公路|高速))"
_PROVINCE = re.compile(rf"({'|'.join(PROVINCES)})(?:省|市|特别行政区|自治区)?{_NO_ROAD}")
_CITY = re.compile(rf"({'|'.join(sorted(CITIES, key=len, reverse=True))})(?:市|地区|自治州|盟|州)?{_NO_ROAD}")
_DISTRICT = re.compile(
    rf"({'|'.join(sorted(COUNTIES, key=len, reverse=True))})(?:市|县|区|新区)"
    r"|([\u4e00-\u9fff]{1,5}?(?:自治县|新区|区|县|旗|市))(?!域)"
)
_TOWN = re.compile(r"[\u4e00-\u9fff]{1,6}?(?:街道办事处|街道|镇|乡|苏木)")
_ROAD = re.compile(
    r"[\u4e00-\u9fff0-9]{1,9}?(?:大道|大街|公路|高速|快速路|胡同|[路街巷弄道](?!道|口))(?:[东南西北中]段)?"
)
_HOUSE = re.compile(r"(\d+(?:[-~至之]\d+)?[a-z]?)(?:号(?!楼|地块|线|院)|弄)")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_JOINS = re.compile(r"[与和跟、,，/]|以[东南西北]|交叉口?|交汇处?|路口")
_LATIN_NUMBER = re.compile(r"^\W*(?:no\W+)?(\d+)(?:\s*-\s*\d+)?[a-z]?\b")
_ASIDE = re.compile(r"\b(?:between|near|at|off|btwn|bet|opposite|behind|cnr|corner)\b.*|\s\.\s.*|\(.*")
_STREETS = {
    "street": "st", "avenue": "ave", "av": "ave", "road": "rd", "boulevard": "blvd", "drive": "dr", "lane": "ln",
    "la": "ln", "court": "ct", "place": "pl", "square": "sq", "highway": "hwy", "parkway": "pkwy", "terrace": "ter",
    "plaza": "plz", "circle": "cir", "trail": "trl", "way": "way",
}  # fmt: skip
_STREET_KINDS = frozenset(_STREETS) | frozenset(_STREETS.values())


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart; what is not told is empty."""

    text: str
    province: str = ""
    city: str = ""
    district: str = ""
    town: str = ""
    roads: frozenset[str] = frozenset()
    house: str = ""
    number: int = 0  # of the house, without letters and spans
    rest: str = ""
    chinese: bool = False


@lru_cache(maxsize=50_000)
def address_of(text: str) -> Address:
    """An address taken apart, once."""
    folded = fold(text)
    return _chinese(folded) if _CHINESE.search(folded) else _western(folded)


def _chinese(folded: str) -> Address:
    rest = re.sub(r"[\s()（）【】\[\]〔〕]+", "", folded)
    province, rest = _taken(_PROVINCE, rest)
    city, rest = (province, rest) if province in MUNICIPALITIES else _taken(_CITY, rest)
    if province in MUNICIPALITIES:
        rest = re.sub(rf"^{province}市?(?:市辖区)?", "", rest)
    district, rest = _taken(_DISTRICT, rest)
    town, rest = _taken(_TOWN, rest)
    house = found[1] if (found := _HOUSE.search(rest)) else ""
    before = rest[: found.start()] if found else rest
    roads = [road[0] for part in _JOINS.split(before) for road in _ROAD.finditer(part)]
    number = _first_number(house)
    return Address(folded, province, city, district, town, frozenset(roads), house, number, rest, chinese=True)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    """What the text begins with, without its title, and the rest; a part written twice counts once."""
    found = pattern.match(text)
    if not found or len(found[0]) >= len(text) and pattern is not _PROVINCE:
        return "", text
    name = next(filter(None, found.groups()), found[0])
    rest = text[found.end() :]
    return name.removesuffix("区") if len(name) > 2 else name, rest.removeprefix(found[0])


def _western(folded: str) -> Address:
    street, _comma, behind = folded.partition(",")
    number = _LATIN_NUMBER.match(street)
    plain = _ASIDE.sub("", street[number.end() :] if number else street) or street
    words = [figure(word) for word in re.findall(r"[a-z0-9]+", plain)]
    core = [
        w for w in words if w not in _STREET_KINDS and w not in vocabulary.DIRECTIONS and len(w) > 1 or w.isdecimal()
    ]
    house = number[1].lstrip("0") if number else ""
    return Address(
        folded, city=behind.strip(), roads=frozenset(core), house=house, number=_first_number(house), rest=plain
    )


def _first_number(house: str) -> int:
    return int(found[0]) if (found := re.match(r"\d{1,9}", house)) else 0


def agreement(a: Address, b: Address) -> float:
    """From -1 (elsewhere) over 0 (nothing said) to 1 (the same door)."""
    if a.text == b.text:
        return 1.0
    if _elsewhere(a, b):
        return -1.0
    if a.roads and b.roads:
        shared = a.roads & b.roads
        if not shared and not _roads_alike(a, b):
            return -0.6
        return _on_one_road(a, b, len(shared))
    if a.rest and b.rest:
        same = fuzz.ratio(a.rest, b.rest) / 100
        return same * 0.8 if same >= 0.75 else 0.0
    return 0.0


def _elsewhere(a: Address, b: Address) -> bool:
    return (a.chinese and b.chinese) and any(
        one and other and one != other
        for one, other in ((a.province, b.province), (a.city, b.city), (a.district, b.district))
    )


def _roads_alike(a: Address, b: Address) -> bool:
    """A road written with a mistake, or with the name of its town in front."""
    return any(
        (one.endswith(other) or other.endswith(one) or fuzz.ratio(one, other) >= 85) and min(len(one), len(other)) > 2
        for one in a.roads
        for other in b.roads
    )


def _on_one_road(a: Address, b: Address, shared: int) -> float:
    if a.house and b.house:
        if a.house == b.house:
            return 1.0
        return 0.1 if abs(a.number - b.number) <= 8 else -0.4
    if shared >= 2:
        return 0.8
    return 0.4 if not (a.house or b.house) else 0.3
