"""What we give dealers: training, discounts, samples, and what came of it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require, visible
from tracker.dealers.models import SHUT_OUT, SUPPORT, Dealer, DealerSupport
from tracker.errors import Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.projects.models import Project
from tracker.team.models import User


def grant_support(
    session: Session,
    dealer: Dealer,
    *,
    by: User,
    kind: str,
    what: str,
    on: date,
    value: Decimal | None = None,
    project_id: int | None = None,
    result: str = "",
) -> DealerSupport:
    """Write down what was given: when, its value, for which of his projects."""
    require(by, Action.DEALER_MANAGE)
    if dealer.state in SHUT_OUT:
        raise Refused(_l("This dealer is none any more; he gets no support."))
    if kind not in SUPPORT:
        raise Invalid("kind", _l("Choose what kind of support it is."))
    if not what.strip():
        raise Invalid("what", _l("Say what he got."))
    if on > clock.today():
        raise Invalid("on", _l("This day lies in the future."))
    if value is not None and value < 0:
        raise Invalid("value", _l("A value cannot be negative."))
    if project_id is not None:
        his = select(Project.id).where(Project.id == project_id, visible(Project, by))
        if session.scalar(his) is None:
            raise Invalid("project_id", _l("Choose a project that you see."))
    support = DealerSupport(dealer_id=dealer.id, kind=kind, what=what.strip()[:200], on=on, value=value,
                            project_id=project_id, result=result.strip() or None, by_id=by.id)  # fmt: skip
    session.add(support)
    session.flush()
    told: dict[str, Any] = {
        "support": kind,
        "text": support.what,
        "on": on.isoformat(),
        "value": str(value) if value is not None else None,
    }
    events.record(session, Kind.DEALER_SUPPORTED, dealer, by=by, project_id=project_id, **told)
    return support


def tell_result(session: Session, dealer: Dealer, support: DealerSupport, *, by: User, result: str) -> None:
    """Say what came of it."""
    require(by, Action.DEALER_MANAGE)
    if not result.strip():
        raise Invalid("result", _l("Say what came of it."))
    before, support.result = support.result, result.strip()
    session.flush()
    told: dict[str, Any] = {"before": before, "text": support.what, "result": support.result}
    events.record(session, Kind.DEALER_SUPPORTED, dealer, by=by, **told)
