"""What the salespeople of Anhe planned for last week, this week and the next: most of it kept, some called off."""

from __future__ import annotations

from datetime import timedelta
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.calendar.models import Plan, PlanPerson
from tracker.demo.people import Company
from tracker.events import Kind
from tracker.matrix.models import Record
from tracker.projects.models import Project
from tracker.team.models import User
from workflows.calendar import is_working
from workflows.holidays import load_china

PLANNERS = ("sales1", "sales2", "sales3", "sales4", "sales5", "keyaccount")
EACH = 9  # plans of each of them
PLANNED = len(PLANNERS) * (EACH + 3)  # records altogether: three of each were kept, by a record more
DAYS = (-6, -4, -2, -1, 0, 0, 1, 2, 5, 7, 8)  # from today; those on which nobody works are put off
WORDS = {
    "site_visit": ("看样板间封样进度", "去工地核对楼层与砌筑进度", "与项目经理对进场时间"),
    "office_visit": ("拜访采购总监，谈品牌表", "送新的检测报告原件"),
    "call": ("确认图纸会审时间", "问招标公告何时发布"),
    "meeting": ("材料协调会", "设计院样板评审会"),
    "sample_delivery": ("送小样与色卡", "补送防滑测试小样"),
    "delivery_check": ("首批到货开箱验收",),
}
TIMES = ("08:30", "09:30", "10:00", "11:00", "13:30", "14:30", "16:00", None)
CALLED_OFF = "工地临时停工，约到下周"


def plan_weeks(session: Session, random: Random, company: Company) -> None:
    """Add the plans as rows; what was planned for a past day is kept by what its maker logged, one is still open."""
    for key in PLANNERS:
        user = company.users[key]
        mine = select(Project).where(Project.owner_id == user.id, Project.state == "active").order_by(Project.id)
        projects = list(session.scalars(mine.limit(40)))
        for number in range(EACH):
            _add(session, random, user, random.choice(projects), DAYS[number], company)
    session.flush()


def _add(session: Session, random: Random, user: User, project: Project, days: int, company: Company) -> None:
    on, kind = clock.today() + timedelta(days=days), random.choice(tuple(WORDS))
    while not is_working(on, load_china()):
        on += timedelta(days=-1 if days < 0 else 1)
    made = clock.at_noon(min(on, clock.today()) - timedelta(days=3)) + timedelta(minutes=random.randrange(300))
    record = Record(
        project_id=project.id, phase=project.phase, step=project.step, kind=kind, department=user.department,
        author_id=user.id, happened_on=on, entered_at=made, text=random.choice(WORDS[kind]), is_plan=True,
    )  # fmt: skip
    session.add(record)
    session.flush()
    plan = Plan(record_id=record.id, at=random.choice(TIMES), minutes=60, zone=str(clock.zone()), changed_at=made)
    session.add(plan)
    events.record(session, Kind.RECORD_LOGGED, record, by=user, project_id=project.id, record_kind=kind).at = made
    told = {"on": on.isoformat(), "at": plan.at or ""}
    events.record(session, Kind.PLAN_MADE, record, by=user, project_id=project.id, **told).at = made
    if days < -1:
        plan.kept_by_id = _kept_by(session, user, project, record, random)
    elif days == 2:
        plan.called_off_at, plan.called_off_by_id, plan.called_off_why = made, user.id, CALLED_OFF
    elif days == 1 and user.id != company.users["supervisor"].id and project.team_id == company.teams["north"].id:
        session.add(PlanPerson(record_id=record.id, user_id=company.users["supervisor"].id))


def _kept_by(session: Session, user: User, project: Project, planned: Record, random: Random) -> int:
    """What was done instead of the plan: a record of that day."""
    done = Record(
        project_id=project.id, phase=project.phase, step=project.step, kind=planned.kind, department=user.department,
        author_id=user.id, happened_on=planned.happened_on, entered_at=clock.at_noon(planned.happened_on),
        text=f"{planned.text}：已办，{random.choice(('对方约下周再谈', '已拍照留底', '资料已交接'))}。",
    )  # fmt: skip
    session.add(done)
    session.flush()
    made = events.record(session, Kind.RECORD_LOGGED, done, by=user, project_id=project.id, record_kind=done.kind)
    made.at = done.entered_at
    return done.id
