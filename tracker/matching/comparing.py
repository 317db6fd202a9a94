"""Comparing two sites, firms or people: how alike, how sure, and why.

What speaks for and against is added up in points (log odds); no points are even odds. One set of weights for all.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import exp

from tracker.matching.addresses import agreement
from tracker.matching.alike import alike, numbers_differ
from tracker.matching.distance import metres
from tracker.matching.features import Features, firm_features, site_features
from tracker.matching.likeness import Level, Likeness, Reason
from tracker.matching.names import Name
from tracker.matching.people import compare_people
from tracker.matching.things import Firm, Site
from tracker.matching.weights import POINTS

__all__ = ["Level", "Likeness", "Reason", "compare_firms", "compare_people", "compare_sites"]

CERTAIN_RADIUS, LIKELY_RADIUS = 100, 300  # metres; G26
SIMILAR = 0.85  # of names, for a certain duplicate; G26
LIKELY, POSSIBLE = 0.5, 0.2  # scores
RARE_KINDS = frozenset(("hotel", "hospital", "school", "transport", "culture_sport", "senior_care"))


NEAR = ((30, 2.0), (100, 1.6), (300, 0.8), (600, 0.0), (2_000, -1.0), (10_000, -2.5))  # up to metres: points
FAR = -4.0


def compare_sites(a: Site, b: Site) -> Likeness:
    """How alike two sites are, and whether they are one (G26)."""
    ours, theirs = site_features(a), site_features(b)
    name, reasons, only_kind = _name_reasons(ours.names, theirs.names)
    reasons += _plot(ours, theirs, a, b) + _place(ours, theirs) + _address(ours, theirs)
    reasons += _phone(ours, theirs) + _firm(ours, theirs) + _kind(ours, theirs)
    score = _score(name, reasons, named=bool(ours.names and theirs.names), only_kind=only_kind)
    level = _level(score)
    if level is Level.LIKELY and not _supported(name, reasons):
        level, score = Level.POSSIBLE, min(score, LIKELY - 0.01)
    if level is not Level.LIKELY and _neighbours_alike(reasons):
        level, score = Level.LIKELY, max(score, LIKELY + 0.05)
    if _certain(name, reasons, ours, theirs):
        level, score = Level.CERTAIN, max(score, 0.98)
    return _likeness(score, level, reasons)


def compare_firms(a: Firm, b: Firm) -> Likeness:
    """How alike two firms are."""
    ours, theirs = firm_features(a), firm_features(b)
    name, reasons, _only_kind = _name_reasons(ours.names, theirs.names)
    reasons += _address(ours, theirs) + _phone(ours, theirs) + _code(ours, theirs, a, b)
    score = _score(name, reasons, named=bool(ours.names and theirs.names))
    level = _level(score)
    kinds = {one.kind for one in reasons}
    if "code" in kinds:  # one number is one firm, whatever it is called by
        return _likeness(max(score, 0.98), Level.CERTAIN, reasons)
    same = name >= 0.995 or (name >= SIMILAR and "phone" in kinds)
    if level is Level.LIKELY and same and not any(one.strength < 0 for one in reasons):
        level, score = Level.CERTAIN, max(score, 0.98)
    return _likeness(score, level, reasons)


def _name_reasons(
    ours: Sequence[tuple[str, Name]], theirs: Sequence[tuple[str, Name]]
) -> tuple[float, list[Reason], bool]:
    """How alike the names most alike are, an alias when it is not the first name of both; do both say only a kind?"""
    best, at, pair = -1.0, (0, 0), None
    for i, (one, name) in enumerate(ours):
        for j, (other, their) in enumerate(theirs):
            if (found := alike(name, their)) > best:
                best, at, pair = found, (i, j), (one, other)
    if pair is None:
        return 0.0, [], False
    reasons = []
    if best >= 0.4:
        reasons.append(Reason("name" if at == (0, 0) else "alias", best, values=pair))
    elif best < 0.2:
        reasons.append(Reason("other_name", best - 1, values=pair))
    one_name, other_name = ours[at[0]][1], theirs[at[1]][1]
    if numbers_differ(one_name, other_name):
        reasons.append(Reason("number", -1.0, values=pair))
    return best, reasons, one_name.only_kind and other_name.only_kind


def _plot(ours: Features, theirs: Features, a: Site, b: Site) -> list[Reason]:
    if not ours.plot or not theirs.plot:
        return []
    values = (a.plot_number or "", b.plot_number or "")
    return [
        Reason("plot", 1.0, values=values) if ours.plot == theirs.plot else Reason("other_plot", -1.0, values=values)
    ]


def _place(ours: Features, theirs: Features) -> list[Reason]:
    if not ours.place or not theirs.place:
        return []
    apart = metres(*ours.place, *theirs.place)
    points = next((points for limit, points in NEAR if apart <= limit), FAR)
    if points == 0:
        return []
    return [
        Reason("place" if points > 0 else "far", points / (NEAR[0][1] if points > 0 else -FAR), metres=round(apart))
    ]


def _address(ours: Features, theirs: Features) -> list[Reason]:
    if not ours.address or not theirs.address:
        return []
    found = agreement(ours.address, theirs.address)
    if not found:
        return []
    values = (ours.address.text, theirs.address.text)
    return [Reason("address" if found > 0 else "other_address", found, values=values)]


def _phone(ours: Features, theirs: Features) -> list[Reason]:
    if not ours.phones or not theirs.phones:
        return []
    shared = ours.phones.keys() & theirs.phones.keys()
    if not shared:
        return [Reason("other_phone", _other_phone(ours.phones.keys(), theirs.phones.keys()))]
    key = min(shared)
    return [Reason("phone", 1.0, values=(ours.phones[key], theirs.phones[key]))]


def _other_phone(ours: Iterable[str], theirs: Iterable[str]) -> float:
    """How much other phones speak against: a mobile is a person's, a landline a place's, above all in another area."""
    if any(len(key) == 11 and key[0] == "1" for key in (*ours, *theirs)):
        return -0.2
    return -0.3 if {key[:2] for key in ours} & {key[:2] for key in theirs} else -1.0


def _code(ours: Features, theirs: Features, a: Firm, b: Firm) -> list[Reason]:
    """A number that both have; two credit codes that differ are two firms."""
    if ours.code and ours.code == theirs.code:
        return [Reason("code", 1.0, values=(a.code or "", b.code or ""))]
    if ours.code and theirs.code:
        return [Reason("other_code", -1.0, values=(a.code or "", b.code or ""))]
    mine, others = dict(ours.licences), dict(theirs.licences)
    shared = sorted(mine.keys() & others.keys())
    return [Reason("code", 1.0, values=(mine[shared[0]], others[shared[0]]))] if shared else []


def _firm(ours: Features, theirs: Features) -> list[Reason]:
    if not ours.firms or not theirs.firms:
        return []
    best, one, other = max(
        (alike(name, their), one, other) for one, name in ours.firms for other, their in theirs.firms
    )
    if best >= 0.6:
        return [Reason("firm", best, values=(one, other))]
    return [Reason("other_firm", best - 1, values=(one, other))] if best < 0.3 else []


def _kind(ours: Features, theirs: Features) -> list[Reason]:
    if not ours.kind or not theirs.kind:
        return []
    values = (ours.kind, theirs.kind)
    if ours.kind == theirs.kind:
        return [Reason("kind", 1.0 if ours.kind in RARE_KINDS else 0.3, values=values)]
    return [] if ours.kind.split("_")[0] == theirs.kind.split("_")[0] else [Reason("other_kind", -1.0, values=values)]


def _score(name: float, reasons: Sequence[Reason], *, named: bool, only_kind: bool = False) -> float:
    points = max(POINTS.lowest, POINTS.name * (name - POINTS.even)) if named else POINTS.unnamed
    if only_kind:
        points = min(points, POINTS.only_kind)
    for one in reasons:
        points += _worth(one)
    return 1 / (1 + exp(-points))


def _worth(one: Reason) -> float:
    """The points of one reason."""
    if one.kind in ("name", "alias", "other_name"):
        return 0.0
    if one.kind == "place":
        return one.strength * NEAR[0][1]
    if one.kind == "far":
        return one.strength * -FAR
    if one.kind == "other_address":
        return one.strength * POINTS.address
    worth: float = getattr(POINTS, one.kind)
    return worth * abs(one.strength)


def _level(score: float) -> Level:
    return Level.LIKELY if score >= LIKELY else Level.POSSIBLE if score >= POSSIBLE else Level.NONE


def _supported(name: float, reasons: Sequence[Reason]) -> bool:
    """Place, address or phone alone never decide: city blocks are dense, and one desk answers for several sites."""
    return name >= 0.4 or any(one.kind == "plot" for one in reasons)


def _neighbours_alike(reasons: Sequence[Reason]) -> bool:
    """Within 300 m or at one door, of one type, and of one owner or phone; near, also of a type that is rare (G26)."""
    by_kind = {one.kind: one for one in reasons}
    if "kind" not in by_kind or "number" in by_kind or "other_plot" in by_kind:
        return False
    near = "place" in by_kind and (by_kind["place"].metres or 0) <= LIKELY_RADIUS
    door = "far" not in by_kind and "address" in by_kind and by_kind["address"].strength == 1.0
    rare = near and by_kind["kind"].strength == 1.0
    return rare or ((near or door) and ("firm" in by_kind or "phone" in by_kind))


def _certain(name: float, reasons: Sequence[Reason], ours: Features, theirs: Features) -> bool:
    kinds = {one.kind: one for one in reasons}
    if "number" in kinds or "other_kind" in kinds:
        return False
    if "plot" in kinds:
        distinct = sum(sign.isdecimal() for sign in ours.plot) >= 3
        return "far" not in kinds and (distinct or name >= 0.4 or "place" in kinds)
    near = "place" in kinds and (kinds["place"].metres or 0) <= CERTAIN_RADIUS
    return near and name >= SIMILAR and "other_plot" not in kinds


def _likeness(score: float, level: Level, reasons: list[Reason]) -> Likeness:
    return Likeness(score, level, tuple(sorted(reasons, key=lambda one: -one.strength)))
