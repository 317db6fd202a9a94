"""What the people of Anhe set themselves and each other to do."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.demo.people import Company
from tracker.projects.models import Project
from tracker.todos.operations.doing import TodoDraft, add_todo, finish, follow

OWN = (
    ("sales1", "把报价单发给采购总监", 0, "", True),
    ("sales1", "约设计院看样板间", 2, "", True),
    ("sales1", "每周一更新竞品价格表", -1, "weekly", False),
    ("sales2", "补齐上周三份走访照片", -2, "", True),
    ("sales3", "核对南区样品库存", 1, "monthly", False),
    ("keyaccount", "整理集采协议附件", 4, "", False),
    ("supervisor", "下周区域例会议程", 3, "weekly", False),
    ("dealer1", "补交三季度进销存附件", 1, "", False),
)
GIVEN = (
    ("supervisor", "sales1", "本周见到总包项目经理，问清进场时间", 1),
    ("supervisor", "sales2", "说明为何两周没有记录", -4),
    ("sales1", "technical", "出一份防滑检测说明", 2),
    ("director", "supervisor", "交一份北区窗口清单", 5),
)


def set_todos(session: Session, company: Company) -> None:
    """Add them: some late, some repeating, some given to others; one is done."""
    today = clock.today()
    for key, text, days, repeats, on_site in OWN:
        user = company.users[key]
        mine = select(Project.id).where(Project.owner_id == user.id, Project.state == "active").order_by(Project.id)
        site = session.scalars(mine.limit(1)).first() if on_site else None
        with clock.frozen(clock.now() - timedelta(days=5)):
            draft = TodoDraft(text, today + timedelta(days=days), project_id=site, repeats=repeats)
            add_todo(session, draft, by=user)
    for giver, taker, text, days in GIVEN:
        with clock.frozen(clock.now() - timedelta(days=6)):
            draft = TodoDraft(text, today + timedelta(days=days))
            todo = add_todo(session, draft, by=company.users[giver], owner=company.users[taker])
    follow(session, todo, by=company.users["gm"])
    done = add_todo(session, TodoDraft("把展厅照片发给市场部", today), by=company.users["sales1"])
    finish(session, done, by=company.users["sales1"])
    session.flush()
