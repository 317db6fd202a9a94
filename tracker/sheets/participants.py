"""Who takes part, where a sheet tells it in numbered columns: kind, name and address of the first, of the second …

Permits are published so: `CONTRACTOR_1_TYPE, CONTRACTOR_1_NAME, CONTRACTOR_1_PHONE, CONTRACTOR_2_TYPE …`.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from tracker.matching import vocabulary
from tracker.matching.normalise import folded
from tracker.sheets.cells import MISSING
from tracker.sheets.fields import folded_header

_NUMBERED = re.compile(
    r"^(?P<what>.*?)\s*(?P<number>\d{1,3})\s*(?P<part>type|role|name|address|city|phone|类型|角色|名称|单位|地址|电话)$"
)
_PARTS = {"role": "type", "类型": "type", "角色": "type", "名称": "name", "单位": "name", "地址": "address",
          "电话": "phone"}  # fmt: skip
LONGEST = 200  # characters of a name
_ROLES: tuple[tuple[str, tuple[str, ...]], ...] = (
    (r"owner as general contractor", ("owner", "main_contractor")),
    (r"owner as architect", ("owner", "design_institute")),
    (r"\bowner|developer|建设单位|开发|业主", ("owner",)),
    (r"general contractor|main contractor|总包|施工总承包", ("main_contractor",)),
    (r"structural|engineer\b|consultant|expeditor|顾问", ("specialist_consultant",)),
    (r"architect|design|设计", ("design_institute",)),
    (r"electric|ventilat|plumb|refrigerat|elevator|mechanical|机电", ("electrical_sub",)),
    (r"mason|facade|curtain|幕墙", ("facade_sub",)),
    (r"waterproof|roof|防水", ("waterproofing_sub",)),
    (r"paint|涂料", ("painting_sub",)),
    (r"supervis|监理", ("supervisor_firm",)),
    (r"contractor|施工|装修", ("fitout_contractor",)),
)
"""What such a sheet calls a role, and what it is to us (keys of the pick-list participant_kinds); the first counts."""
_PERSONAL = frozenset(("owner", "design_institute", "specialist_consultant"))
"""Roles in which permits name a person where there is no firm."""
_FIRM_WORDS = frozenset(
    """
agency assoc associates authority bank board builders building buildings center centre chicago church city college
companies company concrete condominium construction consulting corp county department developement developers
development district estate estates foundation fund group holdings homes hospital hotel hsp industries investments
investors management museum nationwide office owner parcel park partners partnership permit place plaza properties
property realty residences residential school schools services solutions state street systems tower trust
university us usa venture ventures
""".split()  # noqa: SIM905  a list of words
)


@dataclass(frozen=True, slots=True)
class Participant:
    """Somebody who takes part, in these roles; a `person` is named where there is no firm."""

    name: str
    roles: tuple[str, ...]
    address: str | None = None
    phone: str | None = None
    person: bool = False


Group = dict[str, int]
"""Part (type, name, address, city, phone) -> the column of one participant."""


def groups_in(headers: Sequence[str]) -> tuple[Group, ...]:
    """The columns of each numbered participant that has at least a kind and a name."""
    found: dict[tuple[str, int], Group] = {}
    for place, header in enumerate(headers):
        matched = _NUMBERED.match(folded_header(header))
        if matched:
            part = _PARTS.get(matched["part"], matched["part"])
            found.setdefault((matched["what"], int(matched["number"])), {}).setdefault(part, place)
    return tuple(group for _key, group in sorted(found.items()) if {"type", "name"} <= group.keys())


def participants_in(groups: Sequence[Group], cells: Sequence[str]) -> tuple[Participant, ...]:
    """Who takes part by a row's cells; whose role nobody knows is left out."""
    found = []
    for group in groups:
        said = {part: " ".join(cells[place].split()) for part, place in group.items() if place < len(cells)}
        said = {part: text for part, text in said.items() if text.casefold() not in MISSING}
        roles, name = roles_of(said.get("type", "")), said.get("name", "").strip(" ,;-")[:LONGEST]
        if roles and name:
            address = ", ".join(text for part in ("address", "city") if (text := said.get(part)))
            phone = (said.get("phone") or "").rstrip(" x")
            has_phone = sum(sign.isdigit() for sign in phone) >= 7
            person = _PERSONAL.issuperset(roles) and is_person(name)
            found.append(Participant(name, roles, address or None, phone[:60] if has_phone else None, person))
    return tuple(found)


def roles_of(word: str) -> tuple[str, ...]:
    """What a role that a sheet names is to us; nothing where nobody knows."""
    plain = folded(word)
    return next((roles for pattern, roles in _ROLES if plain and re.search(pattern, plain)), ())


def is_person(name: str) -> bool:
    """Whether this is hardly a firm but somebody's name, in Latin letters: two to four words, none of a firm's."""
    words = [word for word in re.split(r"[\s,.]+", folded(name)) if word]
    known = _FIRM_WORDS | vocabulary.LEGAL | vocabulary.TRADES | vocabulary.KINDS.keys()
    plain = all(re.fullmatch(r"[a-z][a-z'\-]*", word) for word in words)
    return plain and 2 <= len([word for word in words if len(word) > 1]) <= 4 and not known.intersection(words)


def person_key(name: str) -> str:
    """One key for a person's name whichever comes first, without initials."""
    return " ".join(sorted(word for word in re.split(r"[\s,.]+", folded(name)) if len(word) > 1))
