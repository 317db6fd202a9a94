"""Signs in a dealer's figures that somebody should look into: plain facts in, signals with their figures out.

A signal says what was reported beside what is known. It accuses nobody: the reason is often a slip of the pen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workflows.dealers import next_month


@dataclass(frozen=True, slots=True)
class Flow:
    """What went to one project or site in a month, and what is known of its line there.

    `needed`: the line's quantity, in `needed_unit`; `decided`: the day on which the line was lost, or won through
    another; `away`: the project lies in no region of the territory, or the reporter says so.
    """

    month: date
    category: str
    unit: str
    quantity: Decimal
    project_id: int | None = None
    site: str = ""
    needed: Decimal | None = None
    needed_unit: str = ""
    decided: date | None = None
    away: bool = False


@dataclass(frozen=True, slots=True)
class Held:
    """A product's opening and closing stock of a month."""

    month: date
    category: str
    product: str
    unit: str
    opening: Decimal
    stock: Decimal


@dataclass(frozen=True, slots=True)
class Signal:
    """One sign: `quantity` was reported, `against` (or `day`) is what it does not fit to. The key holds the figures."""

    kind: str
    category: str
    unit: str
    quantity: Decimal
    month: date | None = None
    against: Decimal | None = None
    day: date | None = None
    project_id: int | None = None
    site: str = ""
    product: str = ""

    @property
    def key(self) -> str:
        """What names this sign: other figures are another sign."""
        where = self.project_id or self.site or self.product
        when = self.month.isoformat() if self.month else ""
        return f"{self.kind}:{self.category}:{where}:{when}:{self.quantity.normalize():f}"[:160]


def signals(flows: Iterable[Flow], held: Iterable[Held]) -> list[Signal]:
    """All signs in a dealer's figures, by kind and in the order of months."""
    known = sorted(flows, key=lambda flow: flow.month)
    return [*_more_than_needed(known), *_after_decision(known), *_outside(known), *_opening_differs(held)]


def _more_than_needed(flows: Iterable[Flow]) -> Iterator[Signal]:
    sums: dict[tuple[int, str, str], Decimal] = {}
    needs: dict[tuple[int, str, str], Decimal] = {}
    for flow in flows:
        if flow.project_id is None or flow.needed is None or not _same_unit(flow.unit, flow.needed_unit):
            continue
        key = (flow.project_id, flow.category, flow.needed_unit)
        sums[key] = sums.get(key, Decimal(0)) + flow.quantity
        needs[key] = flow.needed
    for key, total in sums.items():
        if total > needs[key]:
            project_id, category, unit = key
            yield Signal("more_than_needed", category, unit, total, against=needs[key], project_id=project_id)


def _same_unit(one: str, other: str) -> bool:
    return _plain(one) == _plain(other)


_UNITS: Mapping[str, str] = {"㎡": "m2", "m²": "m2", "平方米": "m2", "平米": "m2", "sqm": "m2", "套": "set", "件": "pc"}


def _plain(unit: str) -> str:
    folded = unit.strip().casefold()
    return _UNITS.get(folded, folded)


def _after_decision(flows: Iterable[Flow]) -> Iterator[Signal]:
    """What went to a line in a month that began after it was decided otherwise."""
    for flow in flows:
        if flow.decided is not None and flow.month > flow.decided:
            yield Signal("not_his", flow.category, flow.unit, flow.quantity, flow.month, day=flow.decided,
                         project_id=flow.project_id)  # fmt: skip


def _outside(flows: Iterable[Flow]) -> Iterator[Signal]:
    for flow in flows:
        if flow.away:
            yield Signal("outside", flow.category, flow.unit, flow.quantity, flow.month, project_id=flow.project_id,
                         site=flow.site)  # fmt: skip


def _opening_differs(held: Iterable[Held]) -> Iterator[Signal]:
    rows = sorted(held, key=lambda one: (one.month, one.category, one.product))
    closed = {(one.month, one.category, one.product, one.unit): one.stock for one in rows}
    for one in rows:
        before = closed.get((next_month(one.month, -1), one.category, one.product, one.unit))
        if before is not None and before != one.opening:
            yield Signal("opening_differs", one.category, one.unit, one.opening, one.month, against=before,
                         product=one.product)  # fmt: skip
