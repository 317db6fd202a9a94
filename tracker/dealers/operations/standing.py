"""What becomes of a dealer: qualified, warned, suspended, disqualified, ended, and back, each with its reason.

Whoever is disqualified or whose contract ended signs in no more (`sessions`), is given nothing (`fitness`), and his
running projects and leads go back to who owns them, or to the pool, each project with a task that says so.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker import clock, events
from tracker.access import Action, require
from tracker.dealers.models import PAPERS, SHUT_OUT, WORKING, Dealer, DealerPaper, DealerRelease, DealerStanding
from tracker.dealers.operations.profiles import end_contracts, touch
from tracker.dealers.operations.telling import people_of, tell_about_dealer
from tracker.dealers.wording import PAPER_NAMES
from tracker.errors import Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _, _l
from tracker.leads.models import OPEN, Lead
from tracker.matrix.operations.refreshing import refresh
from tracker.matrix.operations.tasks import add_own_task
from tracker.parties.models import Party
from tracker.projects.models import Project, ProjectMember, ProjectParty
from tracker.team.models import User

MAY_BECOME: dict[str, tuple[str, ...]] = {
    "applicant": ("qualified", "ended"),
    "qualified": ("warned", "suspended", "disqualified", "ended"),
    "warned": ("qualified", "suspended", "disqualified", "ended"),
    "suspended": ("qualified", "warned", "disqualified", "ended"),
    "disqualified": ("qualified", "ended"),
    "ended": ("applicant",),
}
OVER = ("lost", "closed")


def set_standing(
    session: Session,
    dealer: Dealer,
    to: str,
    *,
    by: User,
    reason: str,
    improve_by: date | None = None,
    return_projects: bool = False,
) -> DealerStanding:
    """Change a dealer's state; `improve_by` belongs to a warning, `return_projects` to lifting what took them."""
    require(by, Action.DEALER_DECIDE)
    if to not in MAY_BECOME[dealer.state]:
        raise Invalid("to", _l("From where he stands a dealer cannot become this."))
    if not reason.strip():
        raise Invalid("reason", _l("Say why: the dealer reads it."))
    if to == "warned" and (improve_by is None or improve_by <= clock.today()):
        raise Invalid("improve_by", _l("A warning needs a day, not passed, by which things are better."))
    if to == "qualified" and dealer.state == "applicant":
        _refuse_incomplete(session, dealer)
    standing = DealerStanding(
        dealer_id=dealer.id, before=dealer.state, after=to, reason=reason.strip(), by_id=by.id,
        improve_by=improve_by if to == "warned" else None,
    )  # fmt: skip
    session.add(standing)
    was, dealer.state, dealer.state_since = dealer.state, to, clock.today()
    session.flush()
    told: dict[str, Any] = {"before": {"state": was}, "state": to, "reason": standing.reason}
    events.record(session, Kind.DEALER_STATE, dealer, by=by, **told, due_on=str(improve_by) if improve_by else None)
    if to == "ended":
        end_contracts(session, dealer, by=by, reason=standing.reason)
    if to in SHUT_OUT and was not in SHUT_OUT:
        _take_back(session, dealer, standing, by=by)
    elif was in SHUT_OUT and to in WORKING and return_projects:
        _give_back(session, dealer, by=by)
    _tell(session, dealer, standing)
    touch(session, dealer)
    return standing


def _refuse_incomplete(session: Session, dealer: Dealer) -> None:
    today = clock.today()
    papers = session.execute(
        select(DealerPaper.kind, DealerPaper.expires_on).where(DealerPaper.dealer_id == dealer.id)
    ).all()
    valid = {kind for kind, expires in papers if expires is None or expires >= today}
    missing = [str(PAPER_NAMES[kind]) for kind in PAPERS if kind not in valid]
    if missing:
        names = _(", ").join(missing)
        raise Refused(_l("The checklist is not complete: %(names)s is missing or expired.", names=names))


def _take_back(session: Session, dealer: Dealer, standing: DealerStanding, *, by: User) -> None:
    name = session.scalar(select(Party.name).where(Party.id == dealer.party_id)) or ""
    for project in _running(session, dealer):
        _without(session, project, dealer, name, by=by)
        session.add(DealerRelease(standing_id=standing.id, project_id=project.id))
        _task(session, project, name, by=by)
    theirs = select(User.id).where(User.party_id == dealer.party_id)
    mine = set(session.scalars(theirs))
    leads = select(Lead).where(Lead.dealer_id == dealer.party_id, Lead.state.in_(OPEN)).order_by(Lead.id)
    for lead in session.scalars(leads):
        before = {"dealer_id": lead.dealer_id, "owner_id": lead.owner_id}
        lead.dealer_id = None
        lead.owner_id = None if lead.owner_id in mine else lead.owner_id
        session.flush()
        events.record(session, Kind.LEAD_EDITED, lead, by=by, before=before, reason=standing.reason)


def _running(session: Session, dealer: Dealer) -> list[Project]:
    members = selectinload(Project.members).joinedload(ProjectMember.user)
    query = select(Project).where(Project.dealer_id == dealer.party_id, Project.state.not_in(OVER))
    return list(session.scalars(query.order_by(Project.id).options(joinedload(Project.owner), members)))


def _without(session: Session, project: Project, dealer: Dealer, name: str, *, by: User) -> None:
    """Take the dealer out of the project; whoever decides about him may, wherever the project lies."""
    rows = select(ProjectParty).where(
        ProjectParty.project_id == project.id, ProjectParty.party_id == dealer.party_id, ProjectParty.role == "dealer"
    )
    for row in session.scalars(rows):
        session.delete(row)
    refresh(session, project)
    told: dict[str, Any] = {"party_id": dealer.party_id, "party": name, "role": "dealer"}
    events.record(session, Kind.PARTY_LEFT, project, by=by, project_id=project.id, **told)


def _task(session: Session, project: Project, name: str, *, by: User) -> None:
    """What there is to do now, for the owner's department; of a project without owner for sales."""
    text = (
        _("The dealer %(name)s is out: tell the customer, take over what he did here.", name=name)
        if project.owner_id
        else _("The dealer %(name)s is out and nobody owns this project: say who takes it.", name=name)
    )
    department = (project.owner.department if project.owner else None) or "sales"
    add_own_task(session, project, by=by, phase=project.phase, step=project.step, department=department, text=text)


def _give_back(session: Session, dealer: Dealer, *, by: User) -> None:
    """His former projects that run and that no other dealer has."""
    query = (
        select(DealerRelease, Project)
        .join(DealerStanding, DealerStanding.id == DealerRelease.standing_id)
        .join(Project, Project.id == DealerRelease.project_id)
        .where(DealerStanding.dealer_id == dealer.id, DealerRelease.returned.is_(False))
        .where(Project.dealer_id.is_(None), Project.state.not_in(OVER))
        .order_by(Project.id)
    )
    for release, project in session.execute(query).all():
        session.add(ProjectParty(project_id=project.id, party_id=dealer.party_id, role="dealer"))
        release.returned = True
        refresh(session, project)
        told: dict[str, Any] = {"party_id": dealer.party_id, "role": "dealer"}
        events.record(session, Kind.PARTY_JOINED, project, by=by, project_id=project.id, **told)


_SAID = {
    "qualified": ("经销商资格正常。", "You are a qualified dealer."),
    "warned": ("收到警告：", "You are warned: "),
    "suspended": ("暂停新项目和新区域：", "No new projects for now: "),
    "applicant": ("资格申请已受理。", "Your application is taken up."),
}


def _tell(session: Session, dealer: Dealer, standing: DealerStanding) -> None:
    """His people hear of it; who signs in no more reads it when he tries."""
    if standing.after in SHUT_OUT:
        return
    zh, en = _SAID[standing.after]
    reason = standing.reason if standing.after in ("warned", "suspended") else ""
    tell_about_dealer(
        session, dealer, key=f"standing:{standing.id}", audience="dealer", people=people_of(session, dealer),
        zh=zh + reason, en=en + reason,
    )  # fmt: skip
