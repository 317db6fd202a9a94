"""Rows that become lines of dealers' purchase, sale and stock, or correct those that are known."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import null, or_, select

from tracker.access import Action, can, visible
from tracker.dealers.models import Dealer, StockLine, StockReport
from tracker.dealers.operations.profiles import touch
from tracker.dealers.operations.stock import (
    FIGURES,
    FlowDraft,
    check_reportable,
    flows_of,
    plain_flows,
    take_up,
    write_flows,
)
from tracker.errors import Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.imports.operations.firms import key_of
from tracker.imports.operations.parties import CommonTaker
from tracker.imports.operations.taking import Fate, Key, Verdict, changed_fields
from tracker.matching.normalise import folded
from tracker.projects.models import Project, SiteName
from tracker.sheets.rows import Reason, Row

_TOLD = re.compile(r"(?P<name>.+?)\s*[:：=]\s*(?P<quantity>[\d,]+(?:\.\d+)?)[^\d]*")
"""A name and how much went there, its unit perhaps behind."""


class StockTaker(CommonTaker):
    """Lines of a month: dealer, month, category, product and unit name one. Figures that do not add up are refused."""

    model, kind, edited = StockLine, "stock", Kind.STOCK_CORRECTED
    changeable = FIGURES
    _dealers: dict[int, Dealer] | None = None
    _projects: dict[str, set[tuple[int, int | None]]] | None = None

    def identities(self, row: Row) -> list[Key]:
        """Whose line it is, of which month and product."""
        month: date = row.get("month")
        product, unit = row.get("product") or "", row.get("unit")
        return [("line", key_of(row.get("dealer")), month.isoformat(), row.get("category"), product, unit)]

    def lookup(self, rows: Mapping[int, list[Key]]) -> dict[int, list[int]]:
        """Among the lines that count."""
        self.firms.find_keys(keys[0][1] for keys in rows.values())
        counts = (StockLine.withdrawn.is_(False), StockReport.withdrawn.is_(False))
        months = {date.fromisoformat(keys[0][2]) for keys in rows.values()}
        query = (
            select(StockLine.id, Dealer.party_id, StockReport.month, StockLine.category, StockLine.product)
            .add_columns(StockLine.unit)
            .join(StockReport, StockReport.id == StockLine.report_id)
            .join(Dealer, Dealer.id == StockReport.dealer_id)
            .where(StockReport.month.in_(months), *counts)
        )
        known = {
            (party_id, month.isoformat(), category, product, unit): line_id
            for line_id, party_id, month, category, product, unit in self.session.execute(query)
        }
        found = {}
        for number, keys in rows.items():
            _line, firm, *rest = keys[0]
            line_id = known.get((self.firms.ids.get(firm, 0), *rest))  # type: ignore[arg-type]
            found[number] = [line_id] if line_id else []
        return found

    def may_edit(self, thing: Any) -> bool:
        """Whoever looks after dealers."""
        return can(self.by, Action.DEALER_MANAGE)

    def differences(self, thing: Any, row: Row) -> dict[str, tuple[Any, Any]]:
        """Other figures, or that the goods went elsewhere."""
        found = changed_fields(thing, row, {name: name for name in FIGURES})
        if row.get("projects"):
            were = [list(one) for one in plain_flows(self.session, thing)]
            drafts, _why = self._went_to(row)
            becomes = [[one.project_id, one.site or None, f"{one.quantity.normalize():,f}", False] for one in drafts]
            if sorted(map(str, were)) != sorted(map(str, becomes)):
                found["flows"] = (were, becomes)
        return found

    def put(self, thing: Any, name: str, value: Any) -> None:
        """A figure, or where the goods went."""
        if name == "flows":
            write_flows(self.session, thing, flows_of(value))
        else:
            super().put(thing, name, value)

    def _went_to(self, row: Row) -> tuple[list[FlowDraft], Reason | None]:
        """Where a row says that its goods went: `Riverside Tower: 30; P-2026-7: 20`, a name alone for all of them."""
        parts = [part.strip() for part in re.split(r"[;；\n]", row.get("projects") or "") if part.strip()]
        drafts: list[FlowDraft] = []
        for part in parts:
            told = _TOLD.fullmatch(part)
            if told is None and len(parts) > 1:
                return [], Reason("projects", _l("Say how much went to each: name: quantity; name: quantity"))
            name = told["name"].strip() if told else part
            quantity = Decimal(told["quantity"].replace(",", "")) if told else row.get("sold")
            ids = self._named(row, name)
            if len(ids) > 1:
                return [], Reason("projects", _l("Several projects go by %(name)s: give the number.", name=name))
            drafts.append(FlowDraft(quantity, ids[0] if ids else None, "" if ids else name[:120]))
        if any(one.quantity <= 0 for one in drafts):
            return [], Reason("projects", _l("Say how much went there."))
        if sum(one.quantity for one in drafts) > row.get("sold"):
            return [], Reason("projects", _l("More went to projects than was sold."))
        return drafts, None

    def _named(self, row: Row, name: str) -> list[int]:
        """The projects of this number or name: of those sold through the dealer, else of those that the user sees."""
        if self._projects is None:
            dealers = select(Dealer.party_id).where(visible(Dealer, self.by))
            mine = or_(visible(Project, self.by), Project.dealer_id.in_(dealers))
            query = select(Project.id, Project.dealer_id, Project.name, Project.plot_number)
            names = select(Project.id, Project.dealer_id, SiteName.name, null()).join(
                SiteName, SiteName.project_id == Project.id
            )
            self._projects = defaultdict(set)
            for one in (query, names):
                for key, dealer_id, *called in self.session.execute(one.where(mine, Project.merged_into_id.is_(None))):
                    for text in called:
                        if text:
                            self._projects[folded(text)].add((key, dealer_id))
        dealer, found = self._dealer(row), self._projects.get(folded(name), set())
        own = {key for key, dealer_id in found if dealer and dealer_id == dealer.party_id}
        return sorted(own or {key for key, _dealer in found})

    def _judged(self, rows: Mapping[int, Row], keys: Mapping[int, list[Key]]) -> dict[int, Verdict]:
        """Rows that do not add up are told first, new ones or known ones."""
        askew = {number: why for number, row in rows.items() if (why := _askew(row) or self._went_to(row)[1])}
        good = {number: row for number, row in rows.items() if number not in askew}
        found = super()._judged(good, {number: keys[number] for number in good})
        for number, why in askew.items():
            found[number] = Verdict(number, Fate.REJECT, rows[number], reasons=(why,))
        return found

    def why_not_create(self, row: Row) -> list[Reason]:
        """There must be such a dealer, and the month over."""
        dealer = self._dealer(row)
        if dealer is None:
            return [Reason("dealer", _l("There is no dealer of this name."))]
        try:
            check_reportable(dealer, row.get("month"))
        except Refused as error:
            return [Reason("month", error.message)]
        return []

    def _dealer(self, row: Row) -> Dealer | None:
        if self._dealers is None:
            seen = self.session.scalars(select(Dealer).where(visible(Dealer, self.by)))
            self._dealers = {dealer.party_id: dealer for dealer in seen}
        key = key_of(row.get("dealer"))
        self.firms.find_keys([key])
        return self._dealers.get(self.firms.ids.get(key, 0))

    def create(self, rows: Sequence[Row]) -> None:
        """Lines in the reports of their months; one that was withdrawn counts again."""
        told: list[tuple[int, dict[str, Any]]] = []
        for row in rows:
            dealer = self._dealer(row)
            assert dealer is not None
            line = self._line(self._report(dealer, row.get("month")), row)
            for name in FIGURES:
                setattr(line, name, row.get(name))
            line.withdrawn = False
            self.session.flush()
            if row.get("projects"):
                write_flows(self.session, line, self._went_to(row)[0])
            told.append((line.id, {"name": dealer.party_id, "month": row.get("month").isoformat()}))
            touch(self.session, dealer)
        self.trail.created(StockLine, Kind.STOCK_REPORTED, told)

    def _report(self, dealer: Dealer, month: date) -> StockReport:
        same = select(StockReport).where(StockReport.dealer_id == dealer.id, StockReport.month == month)
        report = self.session.scalar(same)
        if report is None:
            report = StockReport(dealer_id=dealer.id, month=month, source="import", sent_by_id=self.by.id)
            self.session.add(report)
            self.session.flush()
        elif report.withdrawn:
            take_up(report, self.by)
            report.source = "import"
        return report

    def _line(self, report: StockReport, row: Row) -> StockLine:
        product = row.get("product") or ""
        values = {"category": row.get("category"), "product": product, "unit": row.get("unit")}
        line = self.session.scalar(select(StockLine).filter_by(report_id=report.id, **values))
        if line is None:
            line = StockLine(report_id=report.id, **values)
            self.session.add(line)
        return line

    def things(self, ids: Iterable[int]) -> dict[int, Any]:
        """Those whose dealers the user sees."""
        found = self.session.scalars(select(StockLine).where(StockLine.id.in_(ids), visible(StockLine, self.by)))
        return {line.id: line for line in found}


def _askew(row: Row) -> Reason | None:
    """Why these figures cannot be."""
    figures: dict[str, Decimal] = {name: row.get(name) for name in FIGURES}
    for name, value in figures.items():
        if value < 0:
            return Reason(name, _l("It cannot be negative."))
    due = figures["opening"] + figures["bought"] - figures["sold"]
    if due == figures["stock"]:
        return None
    said = {name: f"{value.normalize():,f}" for name, value in figures.items()}
    message = _l("%(opening)s + %(bought)s - %(sold)s is %(due)s, not %(stock)s.", due=f"{due.normalize():,f}", **said)
    return Reason("stock", message)
