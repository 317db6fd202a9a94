"""Telling the successors: once each, and of what the former owner was told and had not read."""

from __future__ import annotations

from collections import defaultdict

from sqlalchemy import insert, or_, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.handover.operations.plans import Going
from tracker.leads.models import Lead
from tracker.notifications.models import Notification
from tracker.notifications.operations.delivering import NAMED
from tracker.notifications.operations.mailing import Mailing
from tracker.notifications.operations.once import Saying, tell_once
from tracker.notifications.operations.telling import LEAD_PHASE
from tracker.projects.models import Project
from tracker.team.models import User

KIND = "handover"


def pass_notifications(session: Session, going: Going) -> None:
    """What he had not read about a project or lead is told to whoever has it now: it was told once, and would not be
    told again."""
    sites = or_(Notification.project_id.in_(going.projects), Notification.lead_id.in_(going.leads))
    unread = select(Notification.project_id, Notification.lead_id, Notification.due_thing_id).where(
        Notification.user_id == going.person.id, Notification.read_at.is_(None), sites
    )
    rows = session.execute(unread).all()
    told = select(Notification.user_id, Notification.due_thing_id)
    told = told.where(Notification.due_thing_id.in_({row.due_thing_id for row in rows}))
    known = {(user_id, thing_id) for user_id, thing_id in session.execute(told)} if rows else set()
    new = []
    for project_id, lead_id, thing_id in rows:
        owner = going.projects.get(project_id or 0) or going.leads[lead_id or 0]
        if (owner.id, thing_id) not in known:
            new.append({"user_id": owner.id, "project_id": project_id, "lead_id": lead_id, "due_thing_id": thing_id})
    if new:
        session.execute(insert(Notification), new)


def tell_successors(session: Session, going: Going, mailing: Mailing | None = None) -> None:
    """One notification for each successor, on the largest of his projects (or a lead); it leads to all he took over."""
    projects, leads = _by_owner(going.projects), _by_owner(going.leads)
    for owner in {one.id: one for one in (*going.projects.values(), *going.leads.values())}.values():
        zh, en = _sentence(going, len(projects[owner.id]), len(leads[owner.id]))
        site = _site(session, projects[owner.id], leads[owner.id])
        saying = Saying(
            key=f"{KIND}:{going.handing.id}:{owner.id}", kind=KIND, level="remind", due_on=clock.today(),
            audience=NAMED, zh=zh, en=en, phase=site.phase if isinstance(site, Project) else LEAD_PHASE, step=site.step,
        )  # fmt: skip
        tell_once(session, site, saying, [owner], mailing)
    session.flush()


def _by_owner(given: dict[int, User]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = defaultdict(list)
    for number, owner in given.items():
        found[owner.id].append(number)
    return found


def _site(session: Session, projects: list[int], leads: list[int]) -> Project | Lead:
    """Where the thing is: the project worth most, else the first lead."""
    if projects:
        query = select(Project).where(Project.id.in_(projects)).order_by(Project.value.desc(), Project.id).limit(1)
        return session.scalars(query).one()
    return session.get_one(Lead, leads[0])


def _sentence(going: Going, projects: int, leads: int) -> tuple[str, str]:
    who, leaves = going.person.name, going.plan.leaves
    zh = f"你接手了{who}{'（已离职）' if leaves else ''}的 {projects} 个项目和 {leads} 个潜在项目：先看交接简报。"
    en = f"You take over {projects} projects and {leads} leads from {who}{', who leaves' if leaves else ''}: "
    return zh, en + "read the briefings first."
