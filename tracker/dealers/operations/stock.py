"""Taking in a dealer's month of purchase, sale and stock, whoever sends it; figures that do not add up are refused."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session, selectinload

from tracker import clock, events
from tracker.access import Action, is_dealer, require, visible
from tracker.dealers.models import SHUT_OUT, Dealer, SignalFinding, StockFlow, StockLine, StockReport
from tracker.dealers.operations.profiles import touch
from tracker.dealers.queries.signals import all_signals
from tracker.errors import Invalid, Refused, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import current_definition
from tracker.projects.models import Project
from tracker.team.models import User
from workflows.dealers import month_of

FIGURES = ("opening", "bought", "sold", "stock")


@dataclass(frozen=True, slots=True)
class FlowDraft:
    """How much went to one project, or to a site by its name."""

    quantity: Decimal
    project_id: int | None = None
    site: str = ""
    outside: bool = False


@dataclass(frozen=True, slots=True)
class LineDraft:
    """A product's month."""

    category: str
    unit: str
    opening: Decimal
    bought: Decimal
    sold: Decimal
    stock: Decimal
    product: str = ""
    flows: tuple[FlowDraft, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        """By what a line is found again in its month."""
        return self.category, self.product.strip()[:80], self.unit.strip()[:16]


class Askew(Refused):
    """Figures that cannot be; `details` says why by place: (number of the line, field) -> sentence."""

    details: Mapping[tuple[int, str], Any]


def report_stock(
    session: Session,
    dealer: Dealer,
    month: date,
    lines: Sequence[LineDraft],
    *,
    by: User,
    collected: Decimal | None = None,
    version: int | None = None,
) -> StockReport:
    """Keep a month's figures, in place of those that were there; the event holds what they were.

    Raises Askew where figures do not add up, Stale where somebody else reported meanwhile (`version`: the report's as
    the form was opened, 0 where there was none, None: whatever there is).
    """
    require(by, Action.STOCK_REPORT, dealer)
    check_reportable(dealer, month)
    if not lines:
        raise Invalid("lines", _l("Report at least one product; one that did not move has its stock, too."))
    check_lines(session, lines, by=by)
    if collected is not None and collected < 0:
        raise Invalid("collected", _l("Money collected cannot be negative."))
    report = session.scalar(
        select(StockReport).where(StockReport.dealer_id == dealer.id, StockReport.month == month).options(_LINES)
    )
    if version is not None and version != (report.version if report and not report.withdrawn else 0):
        raise Stale(_l("Somebody reported this month meanwhile."), details=report)
    before = plain_figures(report)
    if report is not None and report.withdrawn:
        take_up(report, by)
    if report is None:
        report = StockReport(dealer_id=dealer.id, month=month, source=source_of(by), sent_by_id=by.id)
        session.add(report)
        session.flush()
        session.refresh(report, ["lines"])
    report.collected = collected
    _write(session, report, lines)
    after = plain_figures(report)
    kind = Kind.STOCK_CORRECTED if before else Kind.STOCK_REPORTED
    if before != after:
        told: dict[str, Any] = {"before": before} if before else {}
        events.record(session, kind, report, by=by, month=month.isoformat(), figures=after, **told)
        touch(session, dealer)
    session.flush()
    return report


def take_up(report: StockReport, by: User) -> None:
    """Let a report that was withdrawn count again, as sent now."""
    report.withdrawn, report.sent_at = False, clock.now()
    report.source, report.sent_by_id = source_of(by), by.id


def withdraw_line(session: Session, line: StockLine) -> None:
    """Let a line count no more; where it was the last of its month nothing was reported."""
    line.withdrawn = True
    session.flush()
    rest = select(StockLine.id).where(StockLine.report_id == line.report_id, StockLine.withdrawn.is_(False)).limit(1)
    if session.scalar(rest) is None:
        report = session.get_one(StockReport, line.report_id)
        report.withdrawn = True
        session.flush()


_LINES = selectinload(StockReport.lines).selectinload(StockLine.flows)


def source_of(by: User) -> str:
    """Who tells the figures: the dealer himself, or we for him."""
    return "dealer" if is_dealer(by) else "office"


def check_reportable(dealer: Dealer, month: date) -> None:
    """Raise where this dealer does not report this month."""
    if dealer.state in SHUT_OUT:
        raise Refused(_l("This dealer is none any more; nothing is reported for him."))
    if month != month_of(month) or month >= month_of(clock.today()):
        raise Invalid("month", _l("A month is reported when it is over."))


def check_lines(session: Session, lines: Sequence[LineDraft], *, by: User) -> None:
    """Raise Askew with every figure that cannot be, each with its reason."""
    found: dict[tuple[int, str], Any] = {}
    known = {window.category for window in current_definition().windows}
    named = {flow.project_id for line in lines for flow in line.flows if flow.project_id}
    seen = set(session.scalars(select(Project.id).where(Project.id.in_(named), visible(Project, by)))) if named else ()
    keys: dict[tuple[str, str, str], int] = {}
    for number, line in enumerate(lines):
        for field, why in _faults(line, known, seen):
            found.setdefault((number, field), why)
        first = keys.setdefault(line.key, number)
        if first != number:
            found[number, "product"] = _l("The same as line %(n)s.", n=first + 1)
    if found:
        raise Askew(_l("These figures do not add up; nothing is lost, mend them below."), details=found)


def _faults(line: LineDraft, categories: Iterable[str], seen: Iterable[int]) -> Iterable[tuple[str, Any]]:
    if line.category not in categories:
        yield "category", _l("Choose the category.")
    if not line.unit.strip():
        yield "unit", _l("Say in which unit it is counted.")
    for field in FIGURES:
        if getattr(line, field) < 0:
            yield field, _l("It cannot be negative.")
    due = line.opening + line.bought - line.sold
    if due != line.stock:
        told: dict[str, Any] = {"opening": _said(line.opening), "bought": _said(line.bought), "sold": _said(line.sold)}
        yield "stock", _l("%(opening)s + %(bought)s - %(sold)s is %(due)s, not %(stock)s.", due=_said(due),
                          stock=_said(line.stock), **told)  # fmt: skip
    if sum(flow.quantity for flow in line.flows) > line.sold:
        yield "sold", _l("More went to projects than was sold.")
    for flow in line.flows:
        if flow.quantity <= 0:
            yield "flows", _l("Say how much went there.")
        if not flow.project_id and not flow.site.strip():
            yield "flows", _l("Say where it went.")
        if flow.project_id and flow.project_id not in seen:
            yield "flows", _l("Choose a project that you see.")


def _said(value: Decimal) -> str:
    return f"{value.normalize():,f}"


def _write(session: Session, report: StockReport, lines: Sequence[LineDraft]) -> None:
    """Bring the report's lines to these; one that is left out counts no more, but stays."""
    known = {(line.category, line.product, line.unit): line for line in report.lines}
    wanted = {draft.key: draft for draft in lines}
    for key, line in known.items():
        line.withdrawn = key not in wanted
    for key, draft in wanted.items():
        row = known.get(key)
        if row is None:
            category, product, unit = key
            row = StockLine(report_id=report.id, category=category, product=product, unit=unit)
            session.add(row)
        for field in FIGURES:
            setattr(row, field, getattr(draft, field))
        session.flush()
        write_flows(session, row, draft.flows)
    session.flush()
    session.expire(report, ["lines"])
    session.refresh(report, ["lines"])
    for line in report.lines:
        session.refresh(line, ["flows"])


def write_flows(session: Session, line: StockLine, flows: Iterable[FlowDraft]) -> None:
    """Say where a line's goods went, in place of what was said before."""
    session.execute(delete(StockFlow).where(StockFlow.line_id == line.id))
    for flow in flows:
        site = None if flow.project_id else flow.site.strip()[:120]
        session.add(StockFlow(line_id=line.id, project_id=flow.project_id, site=site, quantity=flow.quantity,
                              outside=flow.outside))  # fmt: skip
    session.flush()
    session.expire(line, ["flows"])


PlainFlow = tuple[int | None, str | None, str, bool]
"""Where goods went, as a change keeps it: project, site, quantity, outside."""


def plain_flows(session: Session, line: StockLine) -> list[PlainFlow]:
    """Where a line's goods went."""
    query = select(StockFlow).where(StockFlow.line_id == line.id).order_by(StockFlow.id)
    return [(one.project_id, one.site, _said(one.quantity), one.outside) for one in session.scalars(query)]


def flows_of(plain: Iterable[Sequence[Any]]) -> list[FlowDraft]:
    """The same as drafts."""
    return [
        FlowDraft(Decimal(quantity.replace(",", "")), project_id, site or "", outside)
        for project_id, site, quantity, outside in plain
    ]


def plain_figures(report: StockReport | None) -> list[str]:
    """A report's figures as an event keeps them: a line a product, what went where behind it."""
    if report is None:
        return []
    return [_plain_line(line) for line in report.lines if not line.withdrawn]


def _plain_line(line: StockLine) -> str:
    figures = " ".join(_said(getattr(line, field)) for field in FIGURES)
    flows = "; ".join(f"{flow.project_id or flow.site}: {_said(flow.quantity)}" for flow in line.flows)
    return f"{line.category} {line.product} {figures} {line.unit}" + (f" ({flows})" if flows else "")


def answer_signal(session: Session, dealer: Dealer, key: str, *, by: User, text: str) -> SignalFinding:
    """Write down what somebody found out about a signal: it asks no more."""
    require(by, Action.DEALER_MANAGE)
    if not text.strip():
        raise Invalid("text", _l("Say what you found out."))
    if key not in {one.key for one in all_signals(session, dealer)}:
        raise Refused(_l("This signal is not there any more: the figures have changed."))
    finding = session.scalar(
        select(SignalFinding).where(SignalFinding.dealer_id == dealer.id, SignalFinding.key == key)
    )
    before = finding.text if finding else None
    if finding is None:
        finding = SignalFinding(dealer_id=dealer.id, key=key)
        session.add(finding)
    finding.text, finding.by_id, finding.at = text.strip(), by.id, clock.now()
    session.flush()
    events.record(session, Kind.DEALER_SIGNAL, dealer, by=by, before=before, what=key, text=finding.text)
    return finding
