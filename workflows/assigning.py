"""Who should take a lead: colleagues ranked by territory, skill, history and load, with the reasons in words.

Pure: what a lead is and what each colleague covers, knows and carries comes in as plain values. The points are our
judgement: where a person works counts most, since sites are visited; then what he is good at; a full desk counts
against him.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from math import asin, cos, radians, sin, sqrt

from workflows.text import Text

NEAR, DISTRICT, REGION = 45, 40, 30  # points for a place within one's circle, a district, a region
KIND, SOURCE = 15, 10  # for skills
CATEGORY, CATEGORY_MOST = 8, 16  # for each material category one knows that is wanted there, and at most
WON_KIND, WON_KIND_MOST, WON_DEVELOPER = 3, 9, 12  # for each project won of this kind (at most), for the same developer
FREE = 20  # for an empty desk, less as it fills
FULL = -30  # for a full one
EARTH_KM = 6371.0


@dataclass(frozen=True, slots=True)
class Area:
    """What is covered: a region, a district (a word of the address), or a circle; the narrowest that is said counts."""

    name: str
    region_id: int | None = None
    district: str | None = None
    latitude: float | None = None
    longitude: float | None = None
    radius_km: float | None = None


@dataclass(frozen=True, slots=True)
class Wanted:
    """The lead, as far as it matters who takes it; `kind_name` and `source_name` are its words for the reasons.

    `categories`: the materials that may be wanted there, and their names.
    """

    region_id: int | None = None
    address: str = ""
    latitude: float | None = None
    longitude: float | None = None
    kind: str | None = None
    source: str = ""
    developer_id: int | None = None
    kind_name: Text = Text("", "")
    source_name: Text = Text("", "")
    categories: Mapping[str, Text] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Candidate:
    """A colleague: what he covers and is good at, how many open leads and projects he has, of how many at most."""

    id: int
    areas: tuple[Area, ...] = ()
    kinds: frozenset[str] = frozenset()
    sources: frozenset[str] = frozenset()
    categories: frozenset[str] = frozenset()
    load: int = 0
    limit: int = 40
    won_kinds: Mapping[str, int] | None = None
    won_developers: frozenset[int] = frozenset()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A colleague with his points and why."""

    id: int
    points: int
    reasons: tuple[Text, ...]

    def reason(self, lang: str) -> str:
        """All reasons in one line."""
        return ("；" if lang.startswith("zh") else "; ").join(text.get(lang) for text in self.reasons)


def rank(wanted: Wanted, candidates: Sequence[Candidate]) -> tuple[Suggestion, ...]:
    """The candidates, the fittest first; of equals the one with less to do, then the one with the lower number."""
    rated = [(_rate(wanted, one), one.load) for one in candidates]
    rated.sort(key=lambda pair: (-pair[0].points, pair[1], pair[0].id))
    return tuple(suggestion for suggestion, _load in rated)


def spread(leads: Sequence[Wanted], candidates: Sequence[Candidate]) -> tuple[Suggestion | None, ...]:
    """The best for each lead, one after the other: who got one has one more to do when the next is given."""
    people = {one.id: one for one in candidates}
    found: list[Suggestion | None] = []
    for wanted in leads:
        best = next(iter(rank(wanted, tuple(people.values()))), None)
        found.append(best)
        if best:
            people[best.id] = replace(people[best.id], load=people[best.id].load + 1)
    return tuple(found)


def kilometres(latitude: float, longitude: float, to_latitude: float, to_longitude: float) -> float:
    """The distance between two places (degrees) over the ground."""
    one, other = radians(latitude), radians(to_latitude)
    half = sin((other - one) / 2) ** 2 + cos(one) * cos(other) * sin(radians(to_longitude - longitude) / 2) ** 2
    return 2 * EARTH_KM * asin(min(1.0, sqrt(half)))


def _rate(wanted: Wanted, candidate: Candidate) -> Suggestion:
    parts = [*_territory(wanted, candidate), *_skill(wanted, candidate), *_history(wanted, candidate)]
    parts.append(_load(candidate))
    return Suggestion(candidate.id, sum(points for points, _ in parts), tuple(text for _, text in parts))


def _territory(wanted: Wanted, candidate: Candidate) -> Iterator[tuple[int, Text]]:
    found = [part for area in candidate.areas if (part := _covers(area, wanted))]
    if found:
        yield max(found, key=lambda part: part[0])


def _covers(area: Area, wanted: Wanted) -> tuple[int, Text] | None:
    if area.region_id and area.region_id != wanted.region_id:
        return None
    if area.district and area.district.casefold() not in wanted.address.casefold():
        return None
    if area.latitude is not None and area.longitude is not None and area.radius_km:
        if wanted.latitude is None or wanted.longitude is None:
            return None
        away = kilometres(area.latitude, area.longitude, wanted.latitude, wanted.longitude)
        if away > area.radius_km:
            return None
        return NEAR, Text(f"距{area.name} {away:.0f} 公里，在其片区内", f"{away:.0f} km from {area.name}, within reach")
    if area.district or area.region_id:
        points = DISTRICT if area.district else REGION
        return points, Text(f"负责{area.name}", f"covers {area.name}")
    return None


def _skill(wanted: Wanted, candidate: Candidate) -> Iterator[tuple[int, Text]]:
    if wanted.kind and wanted.kind in candidate.kinds:
        yield KIND, Text(f"擅长{wanted.kind_name.zh}", f"good at: {wanted.kind_name.en}")
    if wanted.source in candidate.sources:
        yield SOURCE, Text(f"熟悉来源：{wanted.source_name.zh}", f"knows the source: {wanted.source_name.en}")
    known = [name for key, name in wanted.categories.items() if key in candidate.categories]
    if known:
        zh, en = "、".join(name.zh for name in known), ", ".join(name.en for name in known)
        yield min(CATEGORY * len(known), CATEGORY_MOST), Text(f"熟悉品类：{zh}", f"knows the materials: {en}")


def _history(wanted: Wanted, candidate: Candidate) -> Iterator[tuple[int, Text]]:
    if wanted.developer_id and wanted.developer_id in candidate.won_developers:
        yield WON_DEVELOPER, Text("赢过这家开发商的项目", "won with this developer before")
    won = (candidate.won_kinds or {}).get(wanted.kind or "", 0)
    if won:
        points = min(won * WON_KIND, WON_KIND_MOST)
        yield points, Text(f"同类项目赢过 {won} 个", f"won {won} of this kind")


def _load(candidate: Candidate) -> tuple[int, Text]:
    load, limit = candidate.load, max(candidate.limit, 1)
    if load >= limit:
        return FULL, Text(f"手上已满（{load}/{limit}）", f"has a full desk ({load} of {limit})")
    return round(FREE * (limit - load) / limit), Text(f"在手 {load}/{limit}", f"has {load} of {limit} open")
