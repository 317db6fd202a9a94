"""Anhe itself: regions, teams in a tree, everybody who signs in, and the two dealers' firms."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy.orm import Session

from tracker import clock
from tracker.matching.normalise import firm_key
from tracker.parties.models import Party
from tracker.team import operations
from tracker.team.models import Region, Role, Team, User
from tracker.team.passwords import hash_password

SINCE = timedelta(days=900)  # so long ago they came: nobody is new any more
PASSWORD = "tracker-demo"  # noqa: S105 - it opens the demo company alone, and the sign-in page prints it

NORTH, SOUTH = "北方大区 North", "南方大区 South"
TEAMS: tuple[tuple[str, str, str | None, str | None, str], ...] = (  # key, name, above, region, supervisor
    ("company", "安和建材 Anhe", None, None, "director"),
    ("north", "北方大区销售部", "company", NORTH, "supervisor"),
    ("south", "南方大区销售部", "company", SOUTH, "supervisor2"),
    ("key_accounts", "大客户部", "company", None, "director"),
    ("design_promo", "设计推广部", "company", None, "director"),
    ("technical", "技术部", "company", None, "director"),
    ("bidding", "商务投标部", "company", None, "director"),
    ("logistics", "物流供应部", "company", None, "director"),
    ("service", "客户服务部", "company", None, "director"),
    ("finance", "财务部", "company", None, "gm"),
    ("marketing", "市场部", "company", None, "director"),
    ("dealer_mgmt", "渠道管理部", "company", None, "director"),
)


@dataclass(frozen=True, slots=True)
class Employee:
    """One who signs in: role and team by key, department by the matrix definition's key."""

    username: str
    name: str
    role: str
    team: str | None
    department: str | None
    post: str


PEOPLE: tuple[Employee, ...] = (
    Employee("admin", "顾明远", "administrator", "company", None, "系统管理员"),
    Employee("gm", "安致和 Anthony An", "general_manager", "company", None, "总经理"),
    Employee("director", "陆景行", "director", "company", None, "销售总监"),
    Employee("supervisor", "韩立新", "supervisor", "north", "sales", "北方大区经理"),
    Employee("supervisor2", "许佩兰", "supervisor", "south", "sales", "南方大区经理"),
    Employee("sales1", "周建波", "salesperson", "north", "sales", "项目经理"),
    Employee("sales2", "李思琪", "salesperson", "north", "sales", "项目经理"),
    Employee("sales4", "马国栋", "salesperson", "north", "sales", "项目经理"),
    Employee("sales3", "陈雨桐", "salesperson", "south", "sales", "项目经理"),
    Employee("sales5", "吴文杰", "salesperson", "south", "sales", "项目经理"),
    Employee("sales6", "沈嘉怡", "salesperson", "south", "sales", "项目经理"),
    Employee("keyaccount", "郑启航 Kevin Zheng", "key_accounts", "key_accounts", "key_accounts", "大客户经理"),
    Employee("designpromo", "苏婉清", "specialist", "design_promo", "design_promo", "设计推广经理"),
    Employee("technical", "高志远", "specialist", "technical", "technical", "技术工程师"),
    Employee("bidding", "罗静", "specialist", "bidding", "bidding", "商务投标主管"),
    Employee("logistics", "丁勇", "specialist", "logistics", "logistics", "物流计划员"),
    Employee("service", "叶晓红", "specialist", "service", "service", "客服工程师"),
    Employee("finance", "钱慧敏", "specialist", "finance", "finance", "应收会计"),
    Employee("marketing", "林可欣 Coco Lin", "specialist", "marketing", "marketing", "市场专员"),
    Employee("dealermgmt", "唐少伟", "specialist", "dealer_mgmt", "dealer_mgmt", "渠道管理专员"),
    Employee("compliance", "方正平", "compliance", "company", None, "合规专员"),
    Employee("dealer1", "何鑫源", "dealer_admin", None, None, "鑫源建材总经理"),
    Employee("dealer2", "彭宏达", "dealer", None, None, "宏达建材业务经理"),
    Employee("dealer3", "何小鑫", "dealer", None, None, "鑫源建材业务员"),
)
OF_FIRM = {"dealer3": "dealer1"}  # who is of the firm of another one's
DEALERS = {
    "dealer1": ("郑州鑫源建材有限公司（Xinyuan Materials）", "鑫源建材", NORTH),
    "dealer2": ("合肥宏达建材贸易有限公司（Hongda Trading）", "宏达建材", SOUTH),
}


@dataclass(frozen=True, slots=True)
class Company:
    """Everybody and everything of Anhe, by key; `dealers` by the sign-in of their man."""

    regions: dict[str, Region]
    teams: dict[str, Team]
    users: dict[str, User]
    dealers: dict[str, Party]
    roles: dict[str, Role]

    def region_of(self, north: bool) -> Region:
        """The northern or the southern region."""
        return self.regions[NORTH if north else SOUTH]


def add_company(session: Session) -> Company:
    """Add regions, roles, teams, dealers and people. One password, hashed once: hashing is slow by intention."""
    roles = operations.add_builtin_roles(session)
    regions = {name: operations.add_region(session, name, by=None) for name in (NORTH, SOUTH)}
    teams: dict[str, Team] = {}
    for key, name, above, region, _ in TEAMS:
        teams[key] = operations.add_team(
            session,
            name,
            by=None,
            parent=teams[above] if above else None,
            region_id=regions[region].id if region else None,
        )
    dealers = {
        username: Party(
            name=name, short_name=short, name_key=firm_key(name), kind="dealer", region_id=regions[region].id
        )
        for username, (name, short, region) in DEALERS.items()
    }
    session.add_all(dealers.values())
    session.flush()
    users = {one.username: _user(session, one, roles, teams, dealers) for one in PEOPLE}
    hashed = hash_password(PASSWORD)
    for user in users.values():
        user.password_hash = hashed
    for key, _, _, _, supervisor in TEAMS:
        teams[key].supervisor_id = users[supervisor].id
    session.flush()
    return Company(regions, teams, users, dealers, roles)


def _user(
    session: Session, one: Employee, roles: dict[str, Role], teams: dict[str, Team], dealers: dict[str, Party]
) -> User:
    firm = dealers.get(OF_FIRM.get(one.username, one.username))
    user = operations.add_user(
        session,
        by=None,
        username=one.username,
        name=one.name,
        role_id=roles[one.role].id,
        department=one.department,
        team_id=teams[one.team].id if one.team else None,
        party_id=firm.id if firm else None,
        email=f"{one.username}@example.com",
        post=one.post,
    )
    user.created_at = clock.now() - SINCE
    session.flush()
    session.refresh(user, ["role", "team"])  # the rules ask both, and relationships never load by themselves
    return user
