"""One colleague who left last week, whose sites others took over, and one who is about to leave."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker import clock
from tracker.assigning.operations.ruling import RuleDraft, add_rule
from tracker.assigning.operations.sharing import share_lead
from tracker.demo.people import Company
from tracker.events import Event
from tracker.gallery.models import Photo
from tracker.handover.operations import Choice, Plan, hand_over
from tracker.leads.models import OPEN, Lead
from tracker.matrix.models import Record
from tracker.matrix.operations.refreshing import refresh_many
from tracker.projects.models import Project
from tracker.projects.operations import add_member
from tracker.team.models import User
from tracker.team.operations import add_user

GONE_FOR = timedelta(days=6)
SITES = 5  # of the one who left
REASON = "回老家发展"
NOTE = (
    "各项目的决策者与承诺都记在各自的记录里。两家设计院的小样还欠着，物料书要在月底前补齐；"
    "工地门卫认车牌，第一次去请先打电话给项目上的资料员。"
)
OWN_NOTE = "采购经理只认检测报告原件，去之前先让技术部盖章。"


def let_people_go(session: Session, company: Company) -> None:
    """Hand over what the one who left had, and give the one who is about to leave what has to be thought of."""
    left = _former_colleague(session, company)
    sites = _become_his(session, company.users["sales4"], left)
    with clock.frozen(clock.now() - GONE_FOR):
        own = {sites[0].id: OWN_NOTE}
        choices = [
            Choice(site.id, site.version, introduced=number == 1, note=own.get(site.id, ""))
            for number, site in enumerate(sites)
        ]
        plan = Plan(REASON, NOTE, successor_id=company.users["sales2"].id, projects=choices)
        hand_over(session, left, plan, by=company.users["supervisor"])
    refresh_many(session, [site.id for site in sites])
    _about_to_leave(session, company)


def _former_colleague(session: Session, company: Company) -> User:
    """He signed in as everybody does, until his account was switched off."""
    left = add_user(
        session,
        by=None,
        username="former",
        name="梁伟",
        role_id=company.roles["salesperson"].id,
        department="sales",
        team_id=company.teams["north"].id,
        post="项目经理",
    )
    left.password_hash = company.users["sales4"].password_hash
    session.flush()
    session.refresh(left, ["role", "team"])
    return left


def _become_his(session: Session, other: User, left: User) -> list[Project]:
    """Some of the other's sites, with what was done there, were the former colleague's all the time."""
    mine = select(Project).where(Project.owner_id == other.id, Project.state == "active")
    largest = mine.order_by(Project.value.desc(), Project.id).limit(SITES).options(joinedload(Project.team))
    sites = list(session.scalars(largest))
    ids = [site.id for site in sites]
    for site in sites:
        site.owner_id = left.id
    done: Any
    for model, by in ((Record, Record.author_id), (Photo, Photo.uploader_id), (Event, Event.by_id)):
        done = model
        session.execute(update(done).where(done.project_id.in_(ids), by == other.id).values({by.key: left.id}))
    session.flush()
    return sites


def _about_to_leave(session: Session, company: Company) -> None:
    """sales4 is in a team of the south, reads a lead of a colleague's, and gets the leads of one source by rule."""
    users, north = company.users, company.teams["north"]
    whole = (joinedload(Project.team), selectinload(Project.members))
    theirs = select(Project).where(Project.owner_id == users["sales3"].id, Project.state == "active")
    for project in session.scalars(theirs.order_by(Project.id).limit(2).options(*whole)):
        if all(member.user_id != users["sales4"].id for member in project.members):
            add_member(session, project, users["sales4"], by=users["supervisor2"])
    leads = select(Lead).where(Lead.owner_id == users["sales2"].id, Lead.state.in_(OPEN)).order_by(Lead.id).limit(1)
    for lead in session.scalars(leads.options(joinedload(Lead.team))):
        share_lead(session, lead, users["sales4"], by=users["sales2"])
    rule = RuleDraft("person", seq=3, team_id=north.id, source="owner_inquiry", user_id=users["sales4"].id)
    add_rule(session, rule, by=users["supervisor"])
