"""Points suggested for the score card of a lead, from what is known; each with its reason. Nobody need follow them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflows.calendar import days_between
from workflows.definition import Definition
from workflows.facts import RegistrationFacts
from workflows.scoring import propose_uniqueness_score, propose_window_score
from workflows.text import Text

PIECES = {
    "owner": Text("业主", "owner"),
    "designer": Text("设计", "designer"),
    "contractor": Text("总包", "contractor"),
    "area": Text("面积", "area"),
    "materials": Text("用材", "materials"),
    "dates": Text("时间", "dates"),
}
"""What the picture of a project is put together from."""
PUZZLE = (0, 0, 1, 2, 3, 4, 5)  # points by the number of pieces known
FRESH = ((7, 5), (30, 3), (90, 1))  # days within which it was verified, and the points
SIZES = ((2.0, 5), (0.75, 3), (0.25, 1))  # from this part of a usual project's value on, and the points
DECIDER = "decision_maker"
INFLUENTIAL = frozenset({"influencer", "coach", "gatekeeper"})


@dataclass(frozen=True, slots=True)
class KnownLead:
    """What is known of a lead. `pieces`: keys of PIECES; `roles`: one for each contact; `categories`: the main first.

    `verified_on`: the newest record or photo; `usual_value`: of our projects; both values in one currency.
    """

    source: str
    step: str
    kind: str | None = None
    pieces: frozenset[str] = frozenset()
    verified_on: date | None = None
    numbered: bool = False
    located_photo: bool = False
    document: bool = False
    noted: bool = False
    likely_duplicate: bool = False
    claims: tuple[RegistrationFacts, ...] = ()
    categories: tuple[str, ...] = ()
    roles: tuple[str | None, ...] = ()
    frame_agreement: bool = False
    value: Decimal | None = None
    usual_value: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Points for a criterion, 0 … 5, and why."""

    points: int
    reason: Text


def suggest(definition: Definition, known: KnownLead, today: date) -> dict[str, Suggestion]:
    """Suggested points by criterion; a criterion that nothing known speaks about is left out."""
    card = definition.scorecard
    asked = {criterion.key for criterion in (*card.validity, *card.feasibility)}
    return {key: found for key, found in _all(definition, known, today) if key in asked}


def _all(d: Definition, known: KnownLead, today: date) -> Iterator[tuple[str, Suggestion]]:
    sources = d.picklist("lead_sources")
    if known.source in sources.keys:
        source = sources.get(known.source)
        said = Text(f"来源：{source.name.zh}", f"Source: {source.name.en}")
        yield "source", Suggestion(int(source.extra.get("default_validity", 0)), said)
    yield "reality", _reality(known)
    yield "puzzle", _puzzle(known)
    yield "freshness", _freshness(known, today)
    yield "uniqueness", _uniqueness(known, today)
    if known.categories and known.step in d.step_index:
        yield "window", _window(d, known)
    yield "access", _access(known)
    if _public(d, known.kind):
        yield "funding", Suggestion(5, Text("财政资金项目", "Paid from public funds"))
    if known.value is not None and known.usual_value:
        yield "value", _size(known.value, known.usual_value)


def _reality(known: KnownLead) -> Suggestion:
    if known.numbered:
        return Suggestion(5, Text("有地块号或许可号", "It has a plot or permit number"))
    if known.located_photo:
        return Suggestion(5, Text("有带定位的现场照片", "There is a site photo with its place"))
    if known.document:
        return Suggestion(3, Text("有文件", "There is a document"))
    if known.noted:
        return Suggestion(1, Text("只有记录，没有照片或文件", "There are records, but neither photo nor document"))
    return Suggestion(0, Text("还没有任何证据", "There is no evidence yet"))


def _puzzle(known: KnownLead) -> Suggestion:
    there = [name for key, name in PIECES.items() if key in known.pieces]
    zh, en = "、".join(name.zh for name in there) or "无", ", ".join(name.en for name in there) or "none"
    reason = Text(f"已知{len(there)}块：{zh}", f"{len(there)} of 6 known: {en}")
    return Suggestion(PUZZLE[len(there)], reason)


def _freshness(known: KnownLead, today: date) -> Suggestion:
    if known.verified_on is None:
        return Suggestion(0, Text("还没有核实过", "Nobody has verified it yet"))
    age = max(0, days_between(known.verified_on, today))
    points = next((points for days, points in FRESH if age <= days), 0)
    return Suggestion(points, Text(f"{age}天前核实", f"Verified {age} days ago"))


def _uniqueness(known: KnownLead, today: date) -> Suggestion:
    points = propose_uniqueness_score(known.claims, today, likely_duplicate=known.likely_duplicate)
    reasons = {
        0: Text("他人有有效报备", "Somebody's registration holds"),
        1: Text("有相同编号或名称的登记", "The same number or name is on record already"),
        3: Text("他人的报备已过期", "Somebody's registration has ended"),
        5: Text("没有发现重复", "No duplicate was found"),
    }
    return Suggestion(points, reasons[points])


def _window(d: Definition, known: KnownLead) -> Suggestion:
    points = propose_window_score(d, known.categories, known.step)
    name, step = d.window(known.categories[0]).name, d.step(known.step).name
    return Suggestion(points, Text(f"{name.zh}，进度{step.zh}", f"{name.en} at {step.en}"))


def _access(known: KnownLead) -> Suggestion:
    if known.frame_agreement:
        return Suggestion(5, Text("与甲方有集采协议", "There is a frame agreement with the owner"))
    if DECIDER in known.roles:
        return Suggestion(5, Text("认识决策者", "A decision maker is known"))
    if INFLUENTIAL.intersection(known.roles):
        return Suggestion(3, Text("认识影响者", "An influencer is known"))
    if known.roles:
        return Suggestion(1, Text("有联系人，角色不明", "There are contacts, their roles unknown"))
    return Suggestion(0, Text("没有联系人", "There is no contact"))


def _public(d: Definition, kind: str | None) -> bool:
    kinds = d.picklist("project_types")
    return kind in kinds.keys and bool(kinds.get(kind or "").extra.get("public_funds"))


def _size(value: Decimal, usual: Decimal) -> Suggestion:
    part = float(value / usual)
    points = next((points for least, points in SIZES if part >= least), 0)
    percent = round(part * 100)
    return Suggestion(points, Text(f"约为平均单的 {percent}%", f"About {percent} percent of a usual project"))
