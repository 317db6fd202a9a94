"""Who of Anhe covers what and who is away, the rules for new leads, and some leads claimed and shared."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import clock
from tracker.absences.operations import Leave, tell_absence
from tracker.assigning.operations.covering import Ground, Skills, add_territory, set_skills
from tracker.assigning.operations.pool import claim_lead, set_pool_limit
from tracker.assigning.operations.ruling import RuleDraft, add_rule
from tracker.assigning.operations.sharing import share_lead
from tracker.demo.people import Company
from tracker.leads.models import OPEN, Lead

GROUNDS = (
    ("north", "sales1", Ground(name="郑州", district="郑州")),
    ("north", "sales2", Ground(name="北京及周边", latitude=39.904, longitude=116.407, radius_km=150)),
    ("south", "sales3", Ground(name="上海", district="上海")),
    ("south", "sales5", Ground(name="合肥及周边", latitude=31.820, longitude=117.227, radius_km=120)),
)
SKILLS = {
    "sales1": Skills(("hospital", "school"), ("planning_permit",), ("gypsum_board", "interior_coating")),
    "sales2": Skills(("hotel", "office"), ("media_land",), ("tiles", "sanitary_ware")),
    "sales3": Skills(("hotel", "retail_mall"), ("design_institute",), ("tiles", "lighting")),
    "sales5": Skills(("residential_fitted",), ("key_account",), ("windows_doors", "insulation")),
}
AWAY = (  # from and until, in days from today; who stands in, where, why
    ("sales4", -1, 3, "sales1", "石家庄", "工地回访"),
    ("sales5", -3, 4, "sales3", "", "年假"),
    ("sales2", 9, 13, None, "北京", "产品培训"),
)
LIMITS = (5, 5, 40)  # claims unanswered, claims a day, a full desk


def allot(session: Session, company: Company) -> None:
    """What the two supervisors would have set up in their first week, and what came of it."""
    users, teams = company.users, company.teams
    leaders = {"north": users["supervisor"], "south": users["supervisor2"]}
    for team, leader in leaders.items():
        ground = Ground(region_id=teams[team].region_id)
        add_territory(session, teams[team], None, ground, by=leader)
        rule = RuleDraft("fittest", seq=2, team_id=teams[team].id, source="owner_inquiry", to_team_id=teams[team].id)
        add_rule(session, rule, by=leader)
    turns = RuleDraft("turns", seq=1, team_id=teams["north"].id, source="media_land", to_team_id=teams["north"].id)
    add_rule(session, turns, by=leaders["north"])
    for team, person, ground in GROUNDS:
        add_territory(session, teams[team], users[person], ground, by=leaders[team])
    for person, skills in SKILLS.items():
        leader = next(one for team, one in leaders.items() if users[person].team_id == teams[team].id)
        set_skills(session, users[person], skills, by=leader)
    _be_away(session, company)
    waiting, a_day, load = LIMITS
    set_pool_limit(session, None, by=users["admin"], waiting=waiting, a_day=a_day, load=load)
    _claim_and_share(session, company)


def _be_away(session: Session, company: Company) -> None:
    today = clock.company_day(clock.now())
    for person, first, last, stand_in, place, reason in AWAY:
        days = (today + timedelta(days=first), today + timedelta(days=last))
        leave = Leave(*days, company.users[stand_in].id if stand_in else None, place, reason)
        tell_absence(session, company.users[person], leave, by=company.users[person])


def _claim_and_share(session: Session, company: Company) -> None:
    users, north = company.users, company.teams["north"]
    found = select(Lead).where(Lead.team_id == north.id, Lead.state.in_(OPEN)).options(joinedload(Lead.team))
    in_pool = session.scalars(found.where(Lead.owner_id.is_(None)).order_by(Lead.id.desc())).all()
    if len(in_pool) > 1:
        claim_lead(session, in_pool[0], by=users["sales1"])
    theirs = session.scalars(found.where(Lead.owner_id == users["sales1"].id).order_by(Lead.id.desc()).limit(3)).all()
    for lead in theirs:
        share_lead(session, lead, users["sales2"], by=users["sales1"])
