"""The loyalty ladder of an account: where it stands, how it came there, and what the facts speak for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy import exists, select
from sqlalchemy.orm import Session, joinedload

from tracker.access import visible
from tracker.accounts.models import Account, FrameAgreement, LadderEntry
from tracker.accounts.queries import figures
from tracker.accounts.queries.agreements import agreements_asked
from tracker.matrix.models import Circumstance
from tracker.projects.models import Project
from tracker.team.models import User
from workflows.ladder import LoyaltyFacts, Sign, Suggested, suggest


@dataclass(frozen=True, slots=True)
class Loyalty:
    """The history, the newest first; the step set last; the step that facts suggest."""

    history: Sequence[LadderEntry]
    step: str | None
    suggested: Suggested


def load_loyalty(session: Session, by: User, account: Account, today: date) -> Loyalty:
    """The whole of an account's ladder. The suggestion counts the projects that the user sees."""
    query = select(LadderEntry).where(LadderEntry.account_id == account.id).options(joinedload(LadderEntry.by))
    history = session.scalars(query.order_by(LadderEntry.on.desc(), LadderEntry.id.desc())).all()
    steps = [entry for entry in history if entry.kind == "step"]
    newest = max(steps, key=lambda entry: entry.id, default=None)
    facts = LoyaltyFacts(
        wins=figures.days_of_wins(figures.load_earned(session, by, [account.id])[account.id]),
        signs=[Sign(entry.kind, entry.on) for entry in history if entry.kind != "step"],
        agreement=_has_agreement(session, by, account, today),
        open_complaint=_has_complaint(session, by, account),
    )
    return Loyalty(history, newest.step if newest else None, suggest(facts, today))


def _has_agreement(session: Session, by: User, account: Account, today: date) -> bool:
    one = FrameAgreement
    query = agreements_asked(by, today, account_id=account.id).where(one.valid_from <= today, one.valid_until >= today)
    return session.scalar(select(query.where(one.ended_on.is_(None)).order_by(None).exists())) or False


def _has_complaint(session: Session, by: User, account: Account) -> bool:
    theirs = figures.projects_of([account.id])
    complaint = exists().where(
        Circumstance.project_id == Project.id, Circumstance.key == "complaint", Circumstance.until.is_(None)
    )
    seen = select(Project.id).join(theirs, theirs.c.project_id == Project.id).where(visible(Project, by), complaint)
    return session.scalar(select(seen.exists())) or False
