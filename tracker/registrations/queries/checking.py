"""What a site is held against: registrations, leads, projects and frame agreements, by the one matcher.

All of it is compared, whoever may see it; a dealer reads one word, and the desk what it may see anyway.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker import clock
from tracker.accounts.models import AccountParty, AgreementCategory, FrameAgreement
from tracker.dealers.models import Dealer
from tracker.duplicates.queries import Hit, find_hits
from tracker.leads.models import OPEN, Lead, LeadCategory
from tracker.matching.likeness import Level
from tracker.matching.things import Firm, Site
from tracker.projects.models import Project
from tracker.registrations.models import STANDING, Registration
from tracker.team.models import User
from workflows.registering import Rival, Scope, word

KIND = Registration.__tablename__
OVER = ("lost", "closed")
Ref = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Like:
    """Something on record that is like a registration: how sure, what of the site it holds, whether it stands in the
    way, and whether it is the dealer's own; `row` and `categories`: what is on record, for whoever sees it."""

    hit: Hit
    scope: Scope
    standing: bool
    own: bool
    framed: bool = False
    registration: Registration | None = None
    row: Any = None
    categories: Sequence[str] = ()

    @property
    def certain(self) -> bool:
        """Whether it is the same site for certain."""
        return self.hit.level is Level.CERTAIN

    def meets(self, scope: Scope) -> bool:
        """Whether it stands in the way of somebody else who claims this."""
        return self.standing and not self.own and self.scope.overlaps(scope)


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found; `agreement`: the number of a frame agreement with the owner that covers what is claimed."""

    likes: Sequence[Like]
    agreement: str
    word: str


def scope_of(categories: Iterable[str], buildings: Iterable[str]) -> Scope:
    """What is claimed; a building's name counts by its number, however it is written."""
    return Scope(frozenset(categories), frozenset(building_key(name) for name in buildings))


def building_key(name: str) -> str:
    """What tells one building of a site from another: 3#, 3号楼 and Tower 3 are one."""
    return "-".join(str(int(number)) for number in re.findall(r"\d+", name)) or name.strip().casefold()


def site_of(registration: Registration) -> Site:
    """The site as the matcher wants it."""
    place = None
    if registration.latitude is not None and registration.longitude is not None:
        place = (registration.latitude, registration.longitude)
    firms = (registration.developer,) if registration.developer else ()
    return Site(
        (registration.name,), registration.address, registration.plot_number, place, (), firms, registration.kind
    )


def check(session: Session, by: User, registration: Registration, dealer: Dealer) -> Checked:
    """What is like a registration's site, the surest first, and the word for its dealer."""
    exclude = (KIND, registration.id) if registration.id is not None else None
    hits = [
        hit for hit in find_hits(session, by, KIND, site_of(registration), exclude) if hit.level is not Level.POSSIBLE
    ]
    likes = _with_scope(session, hits, dealer)
    scope = scope_of(registration.categories, registration.buildings)
    agreement = _agreement_of(session, by, registration)
    rivals = [Rival(like.certain, like.scope, like.standing) for like in likes if not like.own]
    framed = bool(agreement) or any(like.framed and like.meets(scope) for like in likes)
    return Checked(likes, agreement, word(scope, rivals, framed))


def _with_scope(session: Session, hits: Sequence[Hit], dealer: Dealer) -> Sequence[Like]:
    ids = {kind: [hit.id for hit in hits if hit.kind == kind] for kind in ("lead", "project", KIND)}
    projects = _by_id(
        session, Project, ids["project"], selectinload(Project.categories), selectinload(Project.buildings),
        joinedload(Project.developer),
    )  # fmt: skip
    leads = _by_id(session, Lead, ids["lead"])
    claims = _by_id(session, Registration, ids[KIND], joinedload(Registration.dealer).joinedload(Dealer.party))
    wanted = _categories_of(session, ids["lead"])
    found = []
    for hit in hits:
        if hit.kind == "project":
            row = projects[hit.id]
            lines = [line.category for line in row.categories if line.result in ("open", "won")]
            scope = scope_of(lines, [building.name for building in row.buildings])
            own = row.dealer_id == dealer.party_id
            found.append(Like(hit, scope, row.state not in OVER, own, bool(row.frame_agreement), row=row))
        elif hit.kind == "lead":
            lead = leads[hit.id]
            keys = wanted.get(hit.id, ())
            own = lead.dealer_id == dealer.party_id
            found.append(Like(hit, scope_of(keys, ()), lead.state in OPEN, own, row=lead, categories=keys))
        else:
            claim = claims[hit.id]
            scope = scope_of(claim.categories, claim.buildings)
            own = claim.dealer_id == dealer.id
            found.append(Like(hit, scope, claim.state in STANDING, own, registration=claim, row=claim))
    return found


def _by_id(session: Session, model: Any, ids: Sequence[int], *options: Any) -> dict[int, Any]:
    if not ids:
        return {}
    query: Any = select(model).where(model.id.in_(ids)).options(*options)
    return {row.id: row for row in session.scalars(query).unique()}


def _categories_of(session: Session, ids: Sequence[int]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    if ids:
        query = select(LeadCategory.lead_id, LeadCategory.category).where(LeadCategory.lead_id.in_(ids))
        for lead_id, category in session.execute(query):
            found.setdefault(lead_id, []).append(category)
    return found


def _agreement_of(session: Session, by: User, registration: Registration) -> str:
    """The number of a running frame agreement with the developer's group over any of the categories, or ''."""
    if not registration.developer:
        return ""
    hits = find_hits(session, by, "party", Firm((registration.developer,), None, (), None, None, ()))
    firms = [hit.id for hit in hits if hit.level in (Level.CERTAIN, Level.LIKELY)]
    return running_agreement(session, firms, registration.categories, clock.today())


def running_agreement(session: Session, firms: Sequence[int], categories: Sequence[str], today: date) -> str:
    """The number of an agreement of these firms' accounts that holds today over any of these categories, or ''."""
    if not firms:
        return ""
    holds = (FrameAgreement.valid_from <= today, FrameAgreement.valid_until >= today)
    running = FrameAgreement.ended_on.is_(None) | (FrameAgreement.ended_on >= today)
    query = (
        select(FrameAgreement.number)
        .join(AccountParty, AccountParty.account_id == FrameAgreement.account_id)
        .join(AgreementCategory, AgreementCategory.agreement_id == FrameAgreement.id)
        .where(AccountParty.party_id.in_(firms), AgreementCategory.category.in_(categories), *holds, running)
        .order_by(FrameAgreement.id)
        .limit(1)
    )
    return session.scalar(query) or ""


def load_claims(session: Session, ids: Sequence[int]) -> Sequence[Registration]:
    """Registrations that the matcher found, whoever may see them: for the rules, never for a page."""
    return list(_by_id(session, Registration, ids).values())
