"""The signs in a dealer's figures, read from the tables; for ours alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.dealers.models import Dealer, DealerRegion, SignalFinding, StockFlow, StockLine, StockReport
from tracker.dealers.signals import Flow, Held, Signal, signals
from tracker.matrix.models import LifecycleChange
from tracker.projects.models import CategoryLine, Project
from tracker.team.models import Team, User

BACK = 24  # months of reports that are looked at


@dataclass(frozen=True, slots=True)
class Sign:
    """A signal with its project where the user sees it, else whom to ask about it, and what somebody found out."""

    signal: Signal
    project: Project | None
    finding: SignalFinding | None
    ask: User | None = None


def all_signals(session: Session, dealer: Dealer) -> list[Signal]:
    """All signs, looked into or not."""
    newest = select(StockReport.id).where(StockReport.dealer_id == dealer.id)
    ids = list(session.scalars(newest.order_by(StockReport.month.desc()).limit(BACK)))
    if not ids:
        return []
    return signals(_flows(session, dealer, ids), _held(session, ids))


def _held(session: Session, reports: Sequence[int]) -> list[Held]:
    lines = (StockLine.category, StockLine.product, StockLine.unit, StockLine.opening, StockLine.stock)
    query = select(StockReport.month, *lines).join(StockReport, StockReport.id == StockLine.report_id)
    return [Held(*row) for row in session.execute(query.where(*_counting(reports)))]


def _counting(reports: Sequence[int]) -> tuple[Any, ...]:
    return StockLine.report_id.in_(reports), StockLine.withdrawn.is_(False)


def _flows(session: Session, dealer: Dealer, reports: Sequence[int]) -> list[Flow]:
    line = and_(CategoryLine.project_id == StockFlow.project_id, CategoryLine.category == StockLine.category)
    query = (
        select(StockReport.month, StockLine.category, StockLine.unit, StockFlow, Project.region_id, Project.dealer_id)
        .add_columns(CategoryLine.quantity, CategoryLine.unit, CategoryLine.result)
        .select_from(StockFlow)
        .join(StockLine, StockLine.id == StockFlow.line_id)
        .join(StockReport, StockReport.id == StockLine.report_id)
        .outerjoin(Project, Project.id == StockFlow.project_id)
        .outerjoin(CategoryLine, line)
        .where(*_counting(reports))
        .order_by(StockReport.month, StockFlow.id)
    )
    rows = session.execute(query).all()
    regions = set(session.scalars(select(DealerRegion.region_id).where(DealerRegion.dealer_id == dealer.id)))
    decided = _decided(session, [row[3].project_id for row in rows if row[3].project_id])
    found = []
    for month, category, unit, flow, region_id, dealer_id, needed, needed_unit, result in rows:
        his = dealer_id == dealer.party_id
        away = flow.outside or bool(regions and region_id is not None and region_id not in regions)
        otherwise = result == "lost" or (result == "won" and dealer_id is not None and not his)
        day = decided.get((flow.project_id, category)) if otherwise else None
        found.append(Flow(month, category, unit, flow.quantity, flow.project_id, flow.site or "", needed,
                          needed_unit or "", day, away))  # fmt: skip
    return found


def _decided(session: Session, projects: Sequence[int]) -> dict[tuple[int, str], date]:
    """The newest day on which each line of these projects was decided."""
    if not projects:
        return {}
    query = (
        select(LifecycleChange.project_id, LifecycleChange.category, func.max(LifecycleChange.on))
        .where(LifecycleChange.project_id.in_(set(projects)), LifecycleChange.category.is_not(None))
        .group_by(LifecycleChange.project_id, LifecycleChange.category)
    )
    return {(project_id, category or ""): day for project_id, category, day in session.execute(query)}


def open_signals(session: Session, dealer: Dealer) -> list[Signal]:
    """Those that nobody has looked into."""
    looked_into = set(session.scalars(select(SignalFinding.key).where(SignalFinding.dealer_id == dealer.id)))
    return [one for one in all_signals(session, dealer) if one.key not in looked_into]


def list_signs(session: Session, by: User, dealer: Dealer) -> list[Sign]:
    """All signs, those that nobody has looked into first."""
    found = all_signals(session, dealer)
    if not found:
        return []
    query = select(SignalFinding).where(SignalFinding.dealer_id == dealer.id).options(joinedload(SignalFinding.by))
    findings = {one.key: one for one in session.scalars(query)}
    ids = {one.project_id for one in found if one.project_id}
    seen = select(Project).where(Project.id.in_(ids), visible(Project, by))
    projects = {project.id: project for project in session.scalars(seen)} if ids else {}
    whom = _whom_to_ask(session, ids - projects.keys())
    signs = [
        Sign(one, projects.get(one.project_id or 0), findings.get(one.key), whom.get(one.project_id or 0))
        for one in found
    ]
    return sorted(signs, key=lambda sign: sign.finding is not None)


def _whom_to_ask(session: Session, ids: set[int]) -> dict[int, User]:
    """Who knows about these projects, which the user does not see: the owner, else who leads their team."""
    if not ids:
        return {}
    query = select(Project.id, User).outerjoin(Team, Team.id == Project.team_id)
    query = query.join(User, User.id == func.coalesce(Project.owner_id, Team.supervisor_id)).where(Project.id.in_(ids))
    rows: Any = session.execute(query)
    return dict(rows.all())
