"""What leaders of Anhe said about their people's work; what these expect and suggest; the reports of last week."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.annotations.operations import Words, annotate, answer
from tracker.annotations.queries import get_annotation
from tracker.annotations.things import get_thing, thing_of
from tracker.demo.people import Company
from tracker.forecasts.models import Forecast
from tracker.matrix.models import LifecycleChange, Record
from tracker.projects.models import Project
from tracker.reports.operations.making import make_due
from tracker.reports.operations.remarking import remark
from tracker.reports.periods import period_of
from tracker.reports.queries.kept import get_subject
from tracker.suggestions.operations import answer_suggestion, suggest
from tracker.team.models import User

SAID = (
    ("ask", "谁拍板？下次去之前把决策人的名字写进来。", "采购部王总定，周五上午约好了见面。"),
    ("praise", "照片清楚，小样当天送到，做得好。", None),
    ("instruct", "窗口下个月就关，这周内把封样办掉，需要技术部就叫上。", None),
    ("ask", "这家对手的价格从哪里来的？", "总包预算员给看的清单，已拍照存在资料里。"),
    ("instruct", "先补证据再推进阶段。", None),
    ("praise", "把丢单原因写得这么具体，对大家都有用。", None),
)
REASONS = ("甲方推迟招标", "面积增加了两层", "对手降价，守住一半", "样板间一次通过")
IDEAS = (
    ("sales1", "给常跑工地的同事每人配一套小样箱，送样不用等。", "taken_up", "同意，先在北区试三个月，再看效果。"),
    ("sales2", "每月请技术部在工地讲一次防水做法，总包的人愿意来。", None, None),
    ("sales3", "周报里能不能不再手填拜访次数？", "taken_up", "已经取消，报告由记录自动生成。"),
    ("sales1", "展厅周末也开放。", "declined", "周末值班人手不够，先试行预约。"),
)  # fmt: skip
FORECASTS = 14  # of each salesperson's open sites
REMARK = "这周两天在总部培训；江湾项目的封样改到下周二。"


def work_together(session: Session, company: Company, random: Random) -> None:
    """Annotations, forecasts, suggestions, and the reports of the last periods."""
    users, leaders = company.users, {"north": company.users["supervisor"], "south": company.users["supervisor2"]}
    for number, name in enumerate(("sales1", "sales2", "sales3")):
        _annotate(session, users[name], leaders["south" if name == "sales3" else "north"], number)
    for name in ("sales1", "sales2", "sales3", "sales4", "keyaccount"):
        _expect(session, users[name], random)
    _suggest(session, users, random)
    for key, leader in leaders.items():
        company.teams[key].supervisor_id = leader.id
    session.flush()
    for _number in make_due(session, clock.now()):
        session.flush()
    week = period_of("week", clock.today())
    if clock.now() < week.goes_out_at:
        subject, _people = get_subject(session, users["sales1"], f"person:{users['sales1'].id}")
        remark(session, subject, week, REMARK, by=users["sales1"])


def _annotate(session: Session, person: User, leader: User, turn: int) -> None:
    """Three of the newest records of somebody, half of what was asked answered."""
    query = select(Record).where(
        Record.author_id == person.id, Record.project_id.is_not(None), Record.is_plan.is_(False)
    )
    newest = query.where(Record.happened_on < clock.today()).order_by(Record.happened_on.desc(), Record.id.desc())
    for number, record in enumerate(session.scalars(newest.limit(3)).all()):
        kind, text, reply = SAID[(turn + number * 2) % len(SAID)]
        moment = min(clock.now() - timedelta(hours=3), clock.at_noon(record.happened_on + timedelta(days=1)))
        with clock.frozen(moment):
            thing = get_thing(session, leader, "record", str(record.id))
            made = annotate(session, thing, Words(kind, text, person.id), by=leader)
        if reply:
            with clock.frozen(moment + timedelta(hours=2)):
                found = get_annotation(session, person, made.id)
                answer(session, found, thing_of(session, found.on, found.thing), reply, by=person)


def _expect(session: Session, person: User, random: Random) -> None:
    """What he expects of his open sites, some of it changed since; and what he had expected of those decided."""
    today = clock.company_day(clock.now())
    mine = select(Project).where(Project.owner_id == person.id, Project.merged_into_id.is_(None))
    open_ = mine.where(Project.state == "active").order_by(Project.value.desc(), Project.id).limit(FORECASTS)
    for project in session.scalars(open_).all():
        due = today + timedelta(days=random.randrange(10, 150))
        first = _row(project, person, 1, random, due, today - timedelta(days=random.randrange(20, 70)))
        session.add(first)
        if random.random() < 0.4:
            first.latest = False
            later = due + timedelta(days=random.randrange(10, 60))
            second = _row(project, person, 2, random, later, today - timedelta(days=random.randrange(1, 15)))
            second.reason = random.choice(REASONS)
            session.add(second)
    decided = (
        select(Project, LifecycleChange.on)
        .join(LifecycleChange, LifecycleChange.project_id == Project.id)
        .where(Project.owner_id == person.id, Project.state.in_(("won", "lost")), LifecycleChange.category.is_(None))
        .where(LifecycleChange.target == Project.state)
        .order_by(Project.id, LifecycleChange.id)
        .limit(FORECASTS)
    )
    known: set[int] = set()
    for project, on in session.execute(decided).all():
        if project.id not in known:
            known.add(project.id)
            due = on + timedelta(days=random.randrange(-25, 50))
            session.add(_row(project, person, 1, random, due, on - timedelta(days=random.randrange(30, 90))))
    session.flush()


def _row(project: Project, person: User, seq: int, random: Random, due: date, said_on: date) -> Forecast:
    value = (project.value * Decimal(random.randrange(80, 130)) / 100).quantize(Decimal(1000))
    return Forecast(
        project_id=project.id, seq=seq, by_id=person.id, at=clock.at_noon(said_on), value=value,
        currency=project.currency, expected_on=due, sure=random.choice((30, 50, 50, 60, 70, 80, 90)), latest=True,
    )  # fmt: skip


def _suggest(session: Session, users: dict[str, User], random: Random) -> None:
    management = session.scalar(
        select(User).where(User.id == users["director"].id).options(joinedload(User.role), joinedload(User.team))
    )
    assert management is not None
    for number, (name, text, state, reply) in enumerate(IDEAS):
        with clock.frozen(clock.now() - timedelta(days=20 - number * 5, hours=random.randrange(5))):
            row = suggest(session, text, by=users[name])
        if state and reply:
            session.refresh(row, ["team"])
            with clock.frozen(clock.now() - timedelta(days=15 - number * 5)):
                answer_suggestion(session, row, state, reply, by=management)
