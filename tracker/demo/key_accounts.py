"""The groups that Anhe looks after as a whole: agreements, call-offs, plans, wallets, loyalty, and partner makers.

Everything goes through the real operations, each on the day on which it would have happened.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from decimal import Decimal

from sqlalchemy import func, select
from sqlalchemy.orm import Session, joinedload, selectinload

from tracker import clock
from tracker.accounts.models import Account, AccountParty, FrameAgreement
from tracker.accounts.operations import judging, planning
from tracker.accounts.operations.accounts import add_firm, open_account
from tracker.accounts.operations.agreements import (
    Covered,
    PriceDraft,
    add_agreement,
    add_price,
    cover_category,
    renew_agreement,
)
from tracker.accounts.operations.call_offs import CallOffDraft, call_off
from tracker.accounts.operations.markets import RelationDraft, add_relation
from tracker.accounts.queries.accounts import get_account
from tracker.accounts.queries.agreements import get_agreement
from tracker.demo.account_words import DONE, GROUNDS, PRODUCTS, RELATIONS, REVIEWS, SIGNS, TO_DO
from tracker.demo.people import Company
from tracker.parties import operations as firms
from tracker.parties.models import Contact, Party
from tracker.parties.operations import edit_party
from tracker.partners.operations import ShareDraft, agree_share
from tracker.projects.models import CategoryLine, Project, ProjectMember, ProjectParty
from tracker.projects.operations.facts import edit_project
from tracker.team.models import User
from workflows.naming import PARTNER_MAKER

STORY_NUMBER = "HY-2024-JC-017"
NUMBERS = ("AH-JC-2025-006", "AH-JC-2026-011", "AH-JC-2026-014")
DEVELOPERS, SHARED = 3, 2
Named = tuple[Account, Sequence[Project]]


def look_after_accounts(session: Session, company: Company) -> None:
    """Four accounts: the strategic developer of the story, and the developers with the most projects."""
    owner = company.users["keyaccount"]
    hengyue = session.scalars(select(Party).where(Party.short_name == "恒岳置地")).first()
    others = _largest(session, "owner", hengyue.id if hengyue else 0)
    heads: list[Party] = []
    for party in (hengyue, *others):
        if party is None or _taken(session, party):  # a group's firms join with its head
            continue
        if len(heads) > DEVELOPERS:
            account = session.scalars(select(Account).where(Account.party_id == heads[1].id)).one()
            add_firm(session, get_account(session, owner, account.id), party, by=owner)
            break
        _look_after(session, company, owner, party, len(heads))
        heads.append(party)
    _share(session, company)
    session.flush()


def _taken(session: Session, party: Party) -> bool:
    return session.scalar(select(AccountParty.id).where(AccountParty.party_id == party.id).limit(1)) is not None


def _largest(session: Session, role: str, but: int) -> Sequence[Party]:
    """The firms with the most projects in a role."""
    counted = (
        select(ProjectParty.party_id)
        .where(ProjectParty.role == role, ProjectParty.party_id != but)
        .group_by(ProjectParty.party_id)
        .order_by(func.count().desc(), ProjectParty.party_id)
        .limit(4 * DEVELOPERS)
    )
    ids = list(session.scalars(counted))
    found = {party.id: party for party in session.scalars(select(Party).where(Party.id.in_(ids)))}
    return [found[key] for key in ids]


@contextmanager
def _then(session: Session, day: date) -> Iterator[None]:
    """Inside, it is noon of that day; what happened is written before the clock goes on."""
    with clock.frozen(clock.at_noon(day)):
        yield
        session.flush()


def _on(days_ago: int) -> date:
    return clock.today() - timedelta(days=days_ago)


def _look_after(session: Session, company: Company, owner: User, party: Party, number: int) -> None:
    opened = 900 - 120 * number
    with _then(session, _on(opened)):
        account = open_account(session, party, owner, by=company.users["director"])
    account = get_account(session, owner, account.id)
    projects = _projects(session, party)
    agreement = _agree(session, account, owner, number)
    _draw(session, company, agreement, projects, owner)
    _plan(session, account, company, number)
    _judge(session, account, owner, agreement, number)
    _relate(session, account, company, number)


def _projects(session: Session, party: Party) -> Sequence[Project]:
    query = select(Project).join(ProjectParty, ProjectParty.project_id == Project.id)
    members = selectinload(Project.members).joinedload(ProjectMember.user)
    return session.scalars(
        query.where(ProjectParty.party_id == party.id, Project.merged_into_id.is_(None))
        .order_by(Project.id)
        .options(selectinload(Project.categories), members, joinedload(Project.team))
    ).all()


def _agree(session: Session, account: Account, owner: User, number: int) -> FrameAgreement:
    """One that holds, one that ends soon, one that was renewed, and one that has run out."""
    begins, length = (_on(500), 860) if number == 0 else (_on(340 - 10 * number), 365 if number < 3 else 330)
    name = STORY_NUMBER if number == 0 else NUMBERS[number - 1]
    with _then(session, begins):
        agreement = add_agreement(
            session,
            account,
            by=owner,
            number=name,
            valid_from=begins,
            valid_until=begins + timedelta(days=length),
            terms="价格表见附件；年返利 2%，按回款计；供货半径 300 公里；月结 60 天。\n"
            "Prices as listed; 2 % yearly rebate on payments; 300 km; sixty days.",
        )
        agreement = get_agreement(session, owner, agreement.id)
        for category, (_product, unit, _price) in list(PRODUCTS.items())[: 2 + number % 3]:
            basis = "fixed" if category != "lighting" else "discount"
            covered = Covered(category, basis, Decimal(60_000), unit, Decimal(9_000_000))
            cover_category(session, agreement, covered, by=owner)
    session.expire(agreement)
    agreement = get_agreement(session, owner, agreement.id)
    for one in agreement.categories:
        product, unit, price = PRODUCTS[one.category]
        add_price(session, agreement, PriceDraft(one.category, product, unit, Decimal(price)), by=owner)
    session.expire(agreement)
    agreement = get_agreement(session, owner, agreement.id)
    if number == 2:
        after = agreement.valid_until + timedelta(days=1)
        until = after + timedelta(days=364)
        renew_agreement(session, agreement, by=owner, number=NUMBERS[2] + "-R", valid_from=after, valid_until=until)
    return agreement


def _draw(
    session: Session, company: Company, agreement: FrameAgreement, projects: Sequence[Project], owner: User
) -> None:
    """Call-offs for the first won lines that the agreement covers; their projects name it."""
    covered = {one.category for one in agreement.categories}
    prices = {line.category: line.id for line in agreement.prices}
    wins = [(project, line) for project in projects for line in project.categories if _is_won(line, covered)][:6]
    for number, (project, line) in enumerate(wins):
        if not project.frame_agreement:
            by, version = company.users["director"], project.version
            edit_project(session, project, by=by, version=version, frame_agreement=agreement.number)
        day = min(agreement.valid_from + timedelta(days=40 + 45 * number), agreement.last_day, clock.today())
        with _then(session, day):
            draft = CallOffDraft(line.category, day, Decimal(1200 + 700 * number), None, prices[line.category])
            call_off(session, agreement, project, draft, by=owner)


def _is_won(line: CategoryLine, covered: set[str]) -> bool:
    return line.result == "won" and line.category in covered


def _plan(session: Session, account: Account, company: Company, number: int) -> None:
    owner, year = company.users["keyaccount"], clock.today().year
    contact = session.scalars(select(Contact).where(Contact.party_id == account.party_id).order_by(Contact.id)).first()
    with _then(session, _on(200)):
        for draft in (
            planning.GoalDraft("value", year, Decimal(4_000_000 + 1_500_000 * number)),
            planning.GoalDraft("category", year, Decimal(1_200_000), "tiles"),
            planning.GoalDraft("step", year, step="supporter" if number else "partner"),
            *((planning.GoalDraft("person", year, contact=contact),) if contact else ()),
        ):
            planning.set_goal(session, account, draft, by=owner)
        for kind, text, days, who in TO_DO[number % len(TO_DO)]:
            due = clock.today() + timedelta(days=200 + days)
            draft_action = planning.ActionDraft(kind, text, due, company.users[who], account.party.short_name)
            action = planning.plan_action(session, account, draft_action, by=owner)
            if days < -10:
                with _then(session, due):
                    planning.finish_action(
                        session,
                        account,
                        action,
                        by=company.users[who],
                        outcome=DONE,
                    )
    with _then(session, _on(60)):
        planning.review_account(session, account, by=owner, text=REVIEWS[number % len(REVIEWS)])


def _judge(session: Session, account: Account, owner: User, agreement: FrameAgreement, number: int) -> None:
    year = clock.today().year
    for back, factor in ((2, 9), (1, 10), (0, 11)):
        with _then(session, _on(330 * back + 20)):
            for one in agreement.categories:
                firms.add_estimate(
                    session,
                    account.party,
                    by=owner,
                    category=one.category,
                    volume=Decimal(factor * (400_000 + 90_000 * number)),
                    currency="CNY",
                    grounds=GROUNDS[back],
                    on=min(clock.today(), date(year - back, 12, 31)),
                )
    for days, step, reason in (
        (880 - 120 * number, "prospect", "首次拜访，还没有买过。 First call, nothing bought yet."),
        (700 - 120 * number, "purchaser", "第一单签约。 First contract."),
        *(((420 - 60 * number, "client", "连续第二年下单。 Ordered in a second year."),) if number < 3 else ()),
        *(((150, "supporter", "同意带其他客户看样板楼。 Shows our reference building."),) if number == 0 else ()),
    ):
        with _then(session, _on(days)):
            judging.set_step(session, account, by=owner, step=step, reason=reason)
    for kind, days, reason, evidence in SIGNS[number % len(SIGNS)]:
        with _then(session, _on(days)):
            judging.note_sign(session, account, by=owner, kind=kind, reason=reason, evidence=evidence)


def _relate(session: Session, account: Account, company: Company, number: int) -> None:
    owner = company.users["keyaccount"]
    people = session.scalars(
        select(Contact).where(Contact.party_id == account.party_id).order_by(Contact.id).limit(2)
    ).all()
    firms = _firms_around(session, account)
    drafts = [RelationDraft("customer", "growing", contact=one, why="招采决策 Procurement") for one in people]
    for market, role, state, why in RELATIONS:
        if role in firms and (number + len(market)) % 4:
            drafts.append(RelationDraft(market, state, party=firms[role], why=why))
    drafts.append(RelationDraft("internal", "strong", user=company.users["technical"], why="深化与样板 Detailing"))
    if number == 0:
        drafts.append(RelationDraft("internal", "cold", user=company.users["finance"], why="授信额度 Credit line"))
    for draft in drafts:
        add_relation(session, account, draft, by=owner)


def _firms_around(session: Session, account: Account) -> dict[str, Party]:
    """Another firm of each role in the account's projects."""
    theirs = select(ProjectParty.project_id).where(ProjectParty.party_id == account.party_id)
    query = select(ProjectParty.role, Party).join(Party, Party.id == ProjectParty.party_id)
    rows = session.execute(query.where(ProjectParty.project_id.in_(theirs)).order_by(ProjectParty.id)).all()
    return {role: party for role, party in reversed(rows) if party.id != account.party_id}


def _share(session: Session, company: Company) -> None:
    """Two makers who were rivals so far supply what we do not make, in the largest projects of key accounts."""
    rivals = select(Party).where(Party.kind == "competitor").order_by(Party.id).limit(SHARED)
    makers, supervisor = session.scalars(rivals).all(), company.users["director"]
    for maker in makers:
        values = {"name": maker.name, "kind": PARTNER_MAKER}
        edit_party(session, maker, by=supervisor, version=maker.version, **values)
    members = selectinload(Project.members).joinedload(ProjectMember.user)
    query = select(Project).where(Project.state.in_(("active", "won"))).order_by(Project.value.desc(), Project.id)
    for number, project in enumerate(session.scalars(query.limit(3).options(members, joinedload(Project.team)))):
        for place, maker in enumerate(makers[: 1 if number == 1 else SHARED]):
            category = "windows_doors" if number == 0 else ("interior_doors", "exterior_coating")[place]
            terms = "各供各的，样板分开封，售后各自负责。 Each supplies and services his own."
            viewers = [company.users["keyaccount"]] if number == 2 else []
            draft = ShareDraft(category, _on(40 + number), None, Decimal(3000), "m²", terms, viewers)
            agree_share(session, project, maker, draft, by=supervisor)
