"""Which column of a sheet fills which field of a lead: guessed from headers, held against the values."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from tracker.i18n import _l
from tracker.sheets.cells import MISSING, is_day, is_day_before_month, is_measure


@dataclass(frozen=True, slots=True)
class Field:
    """A field of a lead that a sheet may fill; `names` are headers (folded) it goes by, the likeliest first."""

    key: str
    label: Any
    names: tuple[str, ...]
    numeric: bool = False


FIELDS: tuple[Field, ...] = (
    Field("name", _l("Name"), ("name", "project", "project name", "site name", "building", "title", "项目名称",
          "工程名称", "楼盘名称", "案名", "项目", "名称")),
    Field("address", _l("Address"), ("address", "site address", "project address", "street address", "location",
          "site", "宗地位置", "项目地址", "建设地点", "地块位置", "地址", "位置", "坐落", "地点")),
    Field("number", _l("Plot or permit number"), ("number", "permit number", "permit#", "permit #", "permit no",
          "permit", "plot number", "plot no", "plot", "external id", "reference", "id", "地块编号", "宗地编号",
          "地块号", "宗地号", "许可证号", "施工许可证号", "项目编号", "项目代码", "编号")),
    Field("found_on", _l("Date"), ("date", "issue date", "issued", "date issued", "found on", "permit date",
          "deal date", "成交时间", "成交日期", "发布日期", "发布时间", "发证日期", "公告时间", "日期")),
    Field("value", _l("Value"), ("value", "cost", "reported cost", "estimated cost", "project value",
          "contract value", "budget", "price", "amount", "成交价格", "成交价", "成交总价", "成交金额", "起始价格",
          "起始价", "起拍价", "合同金额", "合同价格", "总投资", "投资额", "工程造价", "造价", "价格", "金额",
          "投资"), True),
    Field("area", _l("Area"), ("area", "size", "floor area", "site area", "plot area", "land area",
          "gross floor area", "gfa", "地块面积", "宗地面积", "出让面积", "土地面积", "建筑面积", "用地面积",
          "面积"), True),
    Field("latitude", _l("Latitude"), ("latitude", "lat", "纬度"), True),
    Field("longitude", _l("Longitude"), ("longitude", "lon", "lng", "long", "经度"), True),
    Field("developer", _l("Developer"), ("developer", "developer name", "owner", "owner name", "buyer", "client",
          "受让单位", "受让人", "建设单位", "竞得单位", "竞得人", "开发商", "开发单位", "业主", "买受人", "甲方")),
    Field("contractors", _l("Contractors"), ("contractor", "contractors", "general contractor", "general contractors",
          "main contractor", "gc", "builder", "总包", "总包单位", "施工总承包", "施工单位", "承建单位", "承包商")),
    Field("designer", _l("Designer"), ("designer", "architect", "design institute", "设计单位", "设计院", "设计师")),
    Field("contact", _l("Contact person"), ("contact", "contact name", "contact person", "联系人", "负责人")),
    Field("phone", _l("Phone"), ("phone", "phone number", "contact phone", "telephone", "tel", "mobile", "联系电话",
          "联系人电话", "联系方式", "手机", "手机号", "电话")),
    Field("use", _l("Use"), ("use", "land use", "type of use", "用途", "土地用途", "规划用途")),
    Field("note", _l("Note"), ("note", "notes", "description", "work description", "remarks", "remark", "comment",
          "备注", "说明", "描述", "工程内容")),
)  # fmt: skip
KEYS = {field.key: field for field in FIELDS}

PROFILES: tuple[dict[str, str], ...] = (
    # Chicago's building permits as published in short: the letters mean nothing outside this set of headers
    {"n": "number", "a": "address", "d": "found_on", "c": "value", "lat": "latitude", "lon": "longitude",
     "gc": "contractors", "gp": "phone", "x": "note"},
)  # fmt: skip
"""Headers -> fields of lists whose headers are understood only together."""

Columns = Mapping[str, int]
"""Field key -> column index from 0."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Something about the mapping that a person must settle before anything is imported."""

    key: str
    message: Any


@dataclass(frozen=True, slots=True)
class Guess:
    """The proposed columns, and what is wrong with them."""

    columns: dict[str, int]
    problems: tuple[Problem, ...] = ()


def guess(headers: Sequence[str], samples: Sequence[Sequence[str]]) -> Guess:
    """Propose columns for a sheet. Where values contradict their headers, nothing is settled silently."""
    columns = _of_profile(headers)
    if not columns:
        folded = [_folded(header) for header in headers]
        for field in FIELDS:
            place = _place_of(field, folded, set(columns.values()))
            if place is not None and not (field.key == "value" and _is_unit_price(headers[place])):
                columns[field.key] = place
    return Guess(columns, tuple(problems_of(columns, samples)))


def problems_of(columns: Columns, samples: Sequence[Sequence[str]]) -> list[Problem]:
    """What a person must settle: swapped columns, numbers that are texts, nothing to call a lead by."""
    found = []
    if "name" not in columns and "address" not in columns:
        found.append(Problem("name", _l("A lead needs a name or an address. Say which column holds it.")))
    if len(set(columns.values())) < len(columns):
        found.append(Problem("columns", _l("One column is chosen for two fields.")))
    values = {key: _values(samples, place) for key, place in columns.items()}
    if _are_swapped(values):
        message = _l("The address column holds areas and the area column addresses: they seem swapped.")
        found.append(Problem("address", message))
        return found
    found += [problem for key in columns if (problem := _doubt(key, values[key]))]
    return found + _place_problems(values)


def swapped(columns: Columns) -> dict[str, int]:
    """The same columns with address and area exchanged."""
    changed = dict(columns)
    changed["address"], changed["area"] = columns["area"], columns["address"]
    return changed


def _of_profile(headers: Sequence[str]) -> dict[str, int]:
    places = {header.strip().casefold(): place for place, header in enumerate(headers)}
    for profile in PROFILES:
        if profile.keys() <= places.keys():
            return {key: places[header] for header, key in profile.items()}
    return {}


_BRACKETS = re.compile(r"[(\[【〔].*?[)\]】〕]")
_UNITS = re.compile(
    r"[\s/,:]*(sq ?m|m2|sq\.? ?ft|sqft|ft2|square (feet|metres|meters)|rmb|cny|usd|yuan|万元|亿元|元|平方米|亩)$"
)
_MERGED = re.compile(r" y$")  # what a join of two lists makes of the second one's header


def _folded(header: str) -> str:
    plain = unicodedata.normalize("NFKC", header).casefold().replace("_", " ")
    plain = " ".join(_BRACKETS.sub("", plain).split())
    return _MERGED.sub("", _UNITS.sub("", plain) or plain)


def _place_of(field: Field, folded: Sequence[str], taken: set[int]) -> int | None:
    for name in field.names:
        for place, header in enumerate(folded):
            if place not in taken and header == name:
                return place
    for name in field.names:
        if name.isascii() or len(name) < 3:
            continue  # English headers go on with other things: CONTRACTOR_1_TYPE names no contractor
        for place, header in enumerate(folded):
            if place not in taken and header.startswith(name) and not header.endswith(_OTHER_THINGS):
                return place
    return _place_by_ending(field, folded, taken)


_OTHER_THINGS = ("类型", "类别", "性质", "状态", "阶段", "代码", "编码", "电话", "地址", "人", "日期", "时间")
_OF_FIRMS = ("单位", "公司", "联系", "企业")


def _place_by_ending(field: Field, folded: Sequence[str], taken: set[int]) -> int | None:
    """A measure or address is known by its last word (工程地址), unless it is a firm's."""
    if not field.numeric and field.key != "address":
        return None
    endings = tuple(name for name in field.names if not name.isascii())
    for place, header in enumerate(folded):
        if place not in taken and header.endswith(endings) and not any(word in header for word in _OF_FIRMS):
            return place
    return None


def _is_unit_price(header: str) -> bool:
    """A price for each square metre is not the value of a project."""
    plain = unicodedata.normalize("NFKC", header).casefold()
    return any(sign in plain for sign in ("单价", "楼面价", "/m2", "/平", "/亩", "per m", "per sq"))


def _values(samples: Sequence[Sequence[str]], place: int) -> list[str]:
    return [row[place] for row in samples if place < len(row) and row[place].casefold() not in MISSING]


def _share(values: Sequence[str], holds: Callable[[str], bool]) -> float:
    return sum(1 for value in values if holds(value)) / len(values)


def _are_swapped(values: Mapping[str, list[str]]) -> bool:
    address, area = values.get("address"), values.get("area")
    return bool(address and area) and _share(address or [], is_measure) > 0.6 and _share(area or [], is_measure) < 0.4


def _doubt(key: str, values: Sequence[str]) -> Problem | None:
    """What the values of one column say against its field."""
    if not values:
        return None
    if KEYS[key].numeric and _share(values, is_measure) < 0.4:
        return Problem(key, _l("This column should hold numbers, but most of its values are texts."))
    if key in ("name", "address") and _share(values, is_measure) > 0.8:
        return Problem(key, _l("This column should hold words, but its values are numbers."))
    if key == "found_on" and any(is_day_before_month(value) for value in values):
        return Problem(key, _l("The dates of this column name the day first. Write them as 2026-03-16."))
    if key == "found_on" and _share(values, is_day) < 0.4:
        return Problem(key, _l("This column should hold dates, but most of its values are none."))
    return None


def _place_problems(values: Mapping[str, list[str]]) -> list[Problem]:
    if ("latitude" in values) != ("longitude" in values):
        return [Problem("latitude", _l("A place needs latitude and longitude. Choose both columns or neither."))]
    latitudes = values.get("latitude", [])
    if latitudes and _share(latitudes, lambda value: bool(_PLAIN.fullmatch(value)) and abs(float(value)) > 90) > 0.5:
        return [Problem("latitude", _l("These latitudes lie beyond the poles: latitude and longitude seem swapped."))]
    return []


_PLAIN = re.compile(r"[+-]?\d{1,9}(\.\d+)?")
