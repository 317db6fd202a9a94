"""Who plays in the stories: one person for each part, and the two dealers."""

from __future__ import annotations

from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from tests.factories import make_party, make_user
from tracker.parties.models import Party
from tracker.team import operations
from tracker.team.models import User

DESKS = ("design_promo", "technical", "bidding", "logistics", "finance", "service", "marketing", "dealer_mgmt")
DEALERS = ("Xinyuan", "Hongda")
SIGNERS = {
    "supervisor": "supervisor", "regional_director": "director", "general_manager": "gm", "finance": "finance",
    "compliance": "compliance", "dealer_mgmt": "dealer_mgmt",
}  # fmt: skip
"""Who signs in whose name."""


@dataclass
class Company:
    """Everybody by part: the departments by their keys, and supervisor, director, gm, compliance, Xinyuan, Hongda."""

    people: dict[str, User] = field(default_factory=dict)
    dealers: dict[str, Party] = field(default_factory=dict)

    def signer(self, part: str) -> User:
        """Who signs in the name of a part that a rule asks for."""
        return self.people[SIGNERS[part]]


def make_company(session: Session) -> Company:
    """Add the company: sales and key accounts under one supervisor, the other departments beside them."""
    roles = operations.add_builtin_roles(session)
    region = operations.add_region(session, "North", by=None)
    whole = operations.add_team(session, "Anhe", by=None)
    north = operations.add_team(session, "North sales", by=None, parent=whole, region_id=region.id)
    made = Company()
    for part, role, team, department in (
        ("sales", "salesperson", north, "sales"),
        ("key_accounts", "key_accounts", north, "key_accounts"),
        ("supervisor", "supervisor", north, "sales"),
        ("director", "director", whole, None),
        ("gm", "general_manager", whole, None),
        ("compliance", "compliance", whole, None),
        *((desk, "specialist", whole, desk) for desk in DESKS),
    ):
        made.people[part] = make_user(session, part, role=roles[role], team=team, department=department)
    for name in DEALERS:
        made.dealers[name] = make_party(session, f"{name} Materials", kind="dealer")
        made.people[name] = make_user(session, name.lower(), role=roles["dealer"], party=made.dealers[name])
    return made
