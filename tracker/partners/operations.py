"""Agreeing with a partner maker what he supplies in a project, and ending it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.documents.models import Document
from tracker.errors import Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.parties.models import Party
from tracker.partners.models import ProjectShare, ShareViewer
from tracker.projects.models import Building, Project
from tracker.team.models import User


@dataclass(frozen=True, slots=True)
class ShareDraft:
    """What was agreed: a category, in a building or (None) all of them, how much, when and how; `viewers`: those who
    alone may know of it, beside who agreed it and who oversees the project; empty: everybody of the project."""

    category: str
    agreed_on: date
    building_id: int | None = None
    quantity: Decimal | None = None
    unit: str | None = None
    terms: str | None = None
    viewers: Sequence[User] = ()
    documents: Sequence[Document] = ()


def agree_share(session: Session, project: Project, party: Party, draft: ShareDraft, *, by: User) -> ProjectShare:
    """Write down what a partner maker supplies. What clashes with another is a warning, no refusal: the makers may
    share a category knowingly."""
    require(by, Action.PROJECT_EDIT, project)
    _check(session, project, party, draft)
    share = ProjectShare(
        project_id=project.id,
        party_id=party.id,
        category=draft.category,
        building_id=draft.building_id,
        quantity=draft.quantity,
        unit=draft.unit,
        agreed_on=draft.agreed_on,
        terms=draft.terms,
        named_only=bool(draft.viewers),
        by_id=by.id,
    )
    session.add(share)
    session.flush()
    session.add_all(ShareViewer(share_id=share.id, user_id=one.id) for one in draft.viewers)
    for document in draft.documents:
        document.share_id = share.id
    session.flush()
    _record(session, Kind.SHARE_AGREED, share, party, by)
    return share


def _check(session: Session, project: Project, party: Party, draft: ShareDraft) -> None:
    if draft.agreed_on > clock.today():
        raise Invalid("agreed_on", _l("This day lies in the future."))
    if draft.quantity is not None and (draft.quantity <= 0 or not draft.unit):
        raise Invalid("quantity", _l("A quantity is above zero and has its unit."))
    if draft.building_id is not None:
        inside = select(Building.id).where(Building.id == draft.building_id, Building.project_id == project.id)
        if session.scalar(inside) is None:
            raise Invalid("building_id", _l("Choose one of the project's buildings."))
    same = select(ProjectShare.id).where(
        ProjectShare.project_id == project.id,
        ProjectShare.party_id == party.id,
        ProjectShare.category == draft.category,
        ProjectShare.building_id == draft.building_id,
        ProjectShare.ended_on.is_(None),
    )
    if session.scalar(same) is not None:
        raise Invalid("party", _l("This maker supplies this here already; end that first."))


def end_share(session: Session, project: Project, share: ProjectShare, *, by: User, reason: str) -> None:
    """What a partner maker supplies here holds no more; it stays in sight with the reason."""
    require(by, Action.PROJECT_EDIT, project)
    if share.ended_on is not None:
        return
    if not reason.strip():
        raise Invalid("reason", _l("Say in a sentence why."))
    share.ended_on, share.ended_why = clock.today(), reason.strip()
    session.flush()
    _record(session, Kind.SHARE_ENDED, share, share.party, by, reason=share.ended_why)


def _record(session: Session, kind: Kind, share: ProjectShare, party: Party, by: User, **told: str) -> None:
    """In the project's trail only where everybody of the project may know of it."""
    project_id = None if share.named_only else share.project_id
    events.record(session, kind, share, by=by, project_id=project_id, party=party.name, category=share.category, **told)
