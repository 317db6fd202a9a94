"""The company that tests play with: two regions, a tree of teams, one person for each part."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy.orm import Session

from tests.factories import make_party, make_user
from tracker.parties.models import Party
from tracker.team import operations
from tracker.team.models import Region, Role, Team, User


@dataclass
class Cast:
    """Everybody, by part. `sales1` and `sales2` are of the north (under `supervisor`), `sales3` of the south."""

    roles: dict[str, Role]
    north: Team
    south: Team
    company: Team
    region_north: Region
    region_south: Region
    admin: User
    gm: User
    director: User
    supervisor: User
    supervisor2: User
    sales1: User
    sales2: User
    sales3: User
    keyaccount: User
    designpromo: User
    technical: User
    bidding: User
    logistics: User
    compliance: User
    dealer1: User
    dealer2: User
    xinyuan: Party
    hongda: Party

    @property
    def users(self) -> dict[str, User]:
        """All users by name."""
        return {name: value for name, value in vars(self).items() if isinstance(value, User)}


def make_cast(session: Session) -> Cast:
    """Add the whole cast."""
    roles = operations.add_builtin_roles(session)
    region_north = operations.add_region(session, "North", by=None)
    region_south = operations.add_region(session, "South", by=None)
    company = operations.add_team(session, "Anhe", by=None)
    north = operations.add_team(session, "North sales", by=None, parent=company, region_id=region_north.id)
    south = operations.add_team(session, "South sales", by=None, parent=company, region_id=region_south.id)
    xinyuan = make_party(session, "Xinyuan Materials", kind="dealer")
    hongda = make_party(session, "Hongda Trading", kind="dealer")

    def person(
        name: str, role: str, team: Team | None, department: str | None = None, party: Party | None = None
    ) -> User:
        return make_user(session, name, role=roles[role], team=team, department=department, party=party)

    return Cast(
        roles=roles,
        north=north,
        south=south,
        company=company,
        region_north=region_north,
        region_south=region_south,
        admin=person("admin", "administrator", company),
        gm=person("gm", "general_manager", company),
        director=person("director", "director", company),
        supervisor=person("supervisor", "supervisor", north, "sales"),
        supervisor2=person("supervisor2", "supervisor", south, "sales"),
        sales1=person("sales1", "salesperson", north, "sales"),
        sales2=person("sales2", "salesperson", north, "sales"),
        sales3=person("sales3", "salesperson", south, "sales"),
        keyaccount=person("keyaccount", "key_accounts", company, "key_accounts"),
        designpromo=person("designpromo", "specialist", company, "design_promo"),
        technical=person("technical", "specialist", company, "technical"),
        bidding=person("bidding", "specialist", company, "bidding"),
        logistics=person("logistics", "specialist", company, "logistics"),
        compliance=person("compliance", "compliance", company),
        dealer1=person("dealer1", "dealer", None, party=xinyuan),
        dealer2=person("dealer2", "dealer", None, party=hongda),
        xinyuan=xinyuan,
        hongda=hongda,
    )
