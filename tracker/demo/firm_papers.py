"""What Anhe knows of the firms it meets most: groups, other names, papers, what they buy. Written by the operations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.demo.people import Company
from tracker.parties.licences import check_sign
from tracker.parties.models import Party
from tracker.parties.operations import add_estimate, add_licence, add_name, add_role, edit_party
from tracker.projects.models import CategoryLine, Project, ProjectParty
from tracker.team.models import User

MET_MOST = {"owner": 24, "main_contractor": 14, "design_institute": 12}
OWNERSHIPS = ("private", "private", "state", "listed", "joint", "foreign")
GROUPS = (6, 4, 3)  # firms below the head of each group
ENGLISH = ("Harbour", "Golden Bridge", "Evergrand", "Riverside", "Summit", "Jade Lake", "Northern Star", "Lotus")
PAPERS = {
    "owner": ("developer", "建开企 {n}", "一级"),
    "main_contractor": ("construction", "D1{n}", "建筑工程施工总承包壹级"),
    "design_institute": ("design", "A1{n}", "建筑行业（建筑工程）甲级"),
}
GROUNDS = (
    "采购经理口头说的去年总量，未见合同。",
    "按在建面积乘以单方用量推算。",
    "集采招标公告的年度预估量。",
)
FURTHER = {"owner": "property_manager", "main_contractor": "fitout_contractor", "design_institute": "interior_designer"}


def add_papers(session: Session, random: Random, company: Company) -> None:
    """Groups, names, certificates and estimates of the firms that are on most projects."""
    by = company.users["keyaccount"]
    for kind, count in MET_MOST.items():
        firms = _met_most(session, kind, count)
        for number, party in enumerate(firms):
            _describe(session, random, party, by, number)
            if kind == "owner" and number < 10:
                _estimate(session, random, party, by)
        if kind == "owner":
            _group(session, firms, by)


def _met_most(session: Session, kind: str, count: int) -> Sequence[Party]:
    projects = func.count(ProjectParty.project_id)
    query = select(Party).join(ProjectParty, ProjectParty.party_id == Party.id).where(Party.kind == kind)
    return session.scalars(query.group_by(Party.id).order_by(projects.desc(), Party.id).limit(count)).all()


def _describe(session: Session, random: Random, party: Party, by: User, number: int) -> None:
    staff = random.choice((60, 180, 420, 900, 2600, 8000))
    code = f"91{random.randint(110000, 659999)}MA{random.randint(0, 9_999_999):07}"
    values = {
        "ownership": random.choice(OWNERSHIPS),
        "staff": staff,
        "annual_volume": Decimal(staff) * random.randrange(800_000, 2_400_000, 100_000),
        "credit_code": code + check_sign(code),
    }
    edit_party(session, party, by=by, version=party.version, name=party.name, **values)
    kind, form, grade = PAPERS[party.kind]
    until = clock.today() + timedelta(days=random.randint(-60, 1400))
    add_licence(session, party, by=by, kind=kind, number=form.format(n=f"{random.randint(0, 99_999_999):08}"),
                grade=grade, valid_until=until)  # fmt: skip
    if number < len(ENGLISH) and party.kind == "owner":
        add_name(session, party, by=by, kind="english", name=f"{ENGLISH[number]} Land Holdings Ltd")
    if number % 5 == 2:
        add_role(session, party, by=by, role=FURTHER[party.kind])


def _estimate(session: Session, random: Random, party: Party, by: User) -> None:
    """A year's purchases of the categories we sell there, some times what we won of them."""
    won = case((CategoryLine.result == "won", 1), else_=0)
    lines = (
        select(CategoryLine.category, func.count())
        .join(Project, Project.id == CategoryLine.project_id)
        .join(ProjectParty, ProjectParty.project_id == Project.id)
        .where(ProjectParty.party_id == party.id)
        .group_by(CategoryLine.category)
        .order_by(func.sum(won).desc(), func.count().desc(), CategoryLine.category)
        .limit(2)
    )
    for category, count in session.execute(lines):
        for age in sorted(random.sample(range(20, 500), 2), reverse=True):
            volume = Decimal(count) * random.randrange(2_000_000, 9_000_000, 100_000)
            on = clock.today() - timedelta(days=age)
            add_estimate(session, party, by=by, category=category, volume=volume, currency="CNY",
                         grounds=random.choice(GROUNDS), on=on)  # fmt: skip


def _group(session: Session, firms: Sequence[Party], by: User) -> None:
    """The first few become heads of groups, the next ones lie below them, one two levels down."""
    rest = iter(firms[len(GROUPS) :])
    for head, below in zip(firms, GROUPS, strict=False):
        above = head
        for number in range(below):
            party = next(rest, None)
            if party is None:
                return
            edit_party(session, party, by=by, version=party.version, name=party.name, parent=above)
            above = party if number == 0 else head
    add_name(session, firms[0], by=by, kind="former", name=f"{firms[0].name[:2]}城建开发总公司")
