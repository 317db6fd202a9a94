"""The dealers of Anhe: papers, contracts, figures, evaluations, short supplies, support; one of them is out."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from random import Random

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.dealers.models import PAPERS, Dealer
from tracker.dealers.operations.evaluating import MarkDraft, begin_evaluation, confirm_evaluation, give_marks
from tracker.dealers.operations.profiles import ContractDraft, add_dealer, check_paper, keep_contract
from tracker.dealers.operations.standing import set_standing
from tracker.dealers.operations.stock import FlowDraft, LineDraft, report_stock
from tracker.dealers.operations.supplying import propose_quota, tell_shares
from tracker.dealers.operations.supporting import grant_support
from tracker.demo.people import Company
from tracker.parties.models import Party
from tracker.projects.models import CategoryLine, Project
from tracker.team.models import User
from workflows.calendar import add_days
from workflows.dealers import LIST, month_of, next_month, next_quarter, quarter_of
from workflows.definition import Definition

OTHERS = 8  # dealers' firms besides those whose people sign in
MONTHS = {"dealer1": 12, "dealer2": 12}  # of figures; others report FEW
FEW = 4
CATEGORIES = ("tiles", "sanitary_ware", "gypsum_board", "interior_coating")
UNIT = {"tiles": "m2", "sanitary_ware": "套", "gypsum_board": "m2", "interior_coating": "kg"}
SHOWN = {
    "licence": "营业执照，经营范围含建材销售",
    "capital": "实缴资本 800 万元，验资报告",
    "warehouse": "租用仓库 2,400 平方米",
    "project_team": "专职工程人员 6 人，2 人持施工员证",
    "references": "近三年供货工地 12 个，可回访 5 个",
}
LEANS = (55, 66, 74, 82, 90)
EVIDENCE = "季度对账单、回访记录和现场抽查。"


def open_dealers(session: Session, random: Random, company: Company) -> None:
    """Profiles for the two dealers who sign in, before anything of the stories happens: they register sites there."""
    for number, (key, party) in enumerate(company.dealers.items()):
        _profile(session, random, company, key, party, number)


def add_dealers(session: Session, random: Random, company: Company, definition: Definition) -> None:
    """What belongs to the two dealers who sign in, and some others with profiles of their own."""
    desk = company.users["dealermgmt"]
    firms = [(key, party) for key, party in company.dealers.items()]
    ours = {party.id for party in company.dealers.values()}
    query = select(Party).where(Party.kind == "dealer", Party.id.not_in(ours)).order_by(Party.id).limit(OTHERS)
    firms += [("", party) for party in session.scalars(query)]
    known = {one.party_id: one for one in session.scalars(select(Dealer).where(Dealer.party_id.in_(ours)))}
    dealers = [
        known.get(party.id) or _profile(session, random, company, key, party, number)
        for number, (key, party) in enumerate(firms)
    ]
    for number, ((key, _party), dealer) in enumerate(zip(firms, dealers, strict=True)):
        if dealer.state != "applicant":
            reporter = company.users[key or "director"]
            _figures(session, random, dealer, MONTHS.get(key, FEW), reporter, late=number % 4 == 3)
            _quarters(session, random, dealer, desk, definition, 3 if key else 1, LEANS[(number * 3 + 2) % len(LEANS)])
            _support(session, random, dealer, desk)
    _short_supplies(session, desk)
    _decide(session, dealers, desk)


def _profile(session: Session, random: Random, company: Company, key: str, party: Party, number: int) -> Dealer:
    desk, today = company.users["dealermgmt"], clock.today()
    regions = [party.region_id] if party.region_id else [company.region_of(number % 2 == 0).id]
    categories = list(CATEGORIES[: 2 + number % 3])
    with clock.frozen(clock.now() - timedelta(days=700)):
        dealer = add_dealer(session, party, by=desk, regions=regions, categories=categories, keeper_id=desk.id,
                            since=next_month(month_of(today), -MONTHS.get(key, FEW)))  # fmt: skip
        applies = not key and number % 6 == 5
        for kind in PAPERS[: 3 if applies else len(PAPERS)]:
            expires = add_days(today, random.choice((18, 140, 300, 420))) if kind in ("licence", "warehouse") else None
            check_paper(session, dealer, kind, by=desk, text=SHOWN[kind], expires_on=expires)
        if not applies:
            set_standing(session, dealer, "qualified", by=desk, reason="资质齐全，同意合作。")
    if not applies:
        _contract(session, random, dealer, desk, number)
    return dealer


def _contract(session: Session, random: Random, dealer: Dealer, desk: User, number: int) -> None:
    today, year = clock.today(), clock.today().year
    ends = add_days(today, 45) if number % 5 == 1 else date(year + 1, 12, 31)
    targets = {(each, 0): Decimal(random.randrange(24, 60) * 100_000) for each in (year - 1, year)}
    draft = ContractDraft(f"AH-{year - 1}-{number + 1:02d}", date(year - 1, 1, 1), ends, number % 3 == 0, targets)
    keep_contract(session, dealer, draft, by=desk)


def _figures(session: Session, random: Random, dealer: Dealer, months: int, reporter: User, *, late: bool) -> None:
    """Month after month: what was left opens the next; some of what was sold went to his projects."""
    projects = _supplied(session, dealer)
    left = {key: Decimal(random.randrange(400, 1600)) for key in dealer.categories}
    last = next_month(month_of(clock.today()), -1)
    for back in range(months - 1, 0 if late else -1, -1):
        month = next_month(last, -back)
        lines = []
        for key in dealer.categories:
            bought, sold = Decimal(random.randrange(200, 900)), Decimal(random.randrange(150, 800))
            sold = min(sold, left[key] + bought)
            flows = _flows(random, projects, sold) if key == CATEGORIES[0] else ()
            stock = left[key] + bought - sold
            lines.append(LineDraft(key, UNIT[key], left[key], bought, sold, stock, flows=flows))
            left[key] = stock
        collected = Decimal(random.randrange(18, 52) * 10_000)
        sent = min(clock.now(), clock.at_noon(add_days(next_month(month), random.choice((1, 2, 3, 8)))))
        with clock.frozen(sent):
            report_stock(session, dealer, month, lines, by=reporter, collected=collected)


def _supplied(session: Session, dealer: Dealer) -> list[int]:
    """Three of his projects that want tiles, with the quantity they need."""
    query = (
        select(CategoryLine)
        .join(Project, Project.id == CategoryLine.project_id)
        .where(Project.dealer_id == dealer.party_id, CategoryLine.category == CATEGORIES[0])
        .order_by(Project.id)
        .limit(3)
    )
    lines = session.scalars(query).all()
    for number, line in enumerate(lines):
        if line.quantity is None:
            line.quantity, line.unit = Decimal((220, 2400, 5200)[number]), "㎡"
    session.flush()
    return [line.project_id for line in lines]


def _flows(random: Random, projects: list[int], sold: Decimal) -> tuple[FlowDraft, ...]:
    if not projects or sold < 20:
        return ()
    part = (sold * Decimal(random.choice(("0.2", "0.3", "0.4")))).quantize(Decimal(1))
    return (FlowDraft(part, random.choice(projects)),)


def _quarters(
    session: Session, random: Random, dealer: Dealer, desk: User, definition: Definition, count: int, lean: int
) -> None:
    keys = definition.picklist(LIST).keys
    for back in range(count, 0, -1):
        quarter = next_quarter(quarter_of(clock.today()), -back)
        after = min(clock.now(), clock.at_noon(add_days(next_quarter(quarter), 6)))
        with clock.frozen(after):
            evaluation = begin_evaluation(session, dealer, quarter, by=desk)
            points = {key: max(0, min(100, lean + random.randrange(-15, 16))) for key in keys}
            marks = {key: MarkDraft(value, EVIDENCE) for key, value in points.items()}
            give_marks(session, evaluation, marks, by=desk)
            if back > 1 or random.random() < 0.7:
                confirm_evaluation(session, dealer, evaluation, by=desk, improve_by=add_days(clock.today(), 60))


def _support(session: Session, random: Random, dealer: Dealer, desk: User) -> None:
    for kind, what, value, result in (
        ("training", "大板铺贴与薄贴法培训一天", 6000, "到场 8 人，6 人通过考核。"),
        ("samples", "样板间整套样品", 12_000, ""),
    ):
        if random.random() < 0.7:
            on = add_days(clock.today(), -random.randrange(5, 80))
            grant_support(session, dealer, by=desk, kind=kind, what=what, on=on, value=Decimal(value), result=result)


def _short_supplies(session: Session, desk: User) -> None:
    month = month_of(clock.today())
    reason = "窑炉检修，当月产量减半。"
    told = propose_quota(session, by=desk, category="tiles", month=month, unit="m2", quantity=3000, reason=reason)
    session.refresh(told, ["shares"])
    tell_shares(session, told, by=desk)
    reason = "进口龙头阀芯到港延误。"
    propose_quota(session, by=desk, category="sanitary_ware", month=next_month(month), unit="套", quantity=400,
                  reason=reason)  # fmt: skip


def _decide(session: Session, dealers: list[Dealer], desk: User) -> None:
    """One is warned, one was disqualified; nobody of theirs signs in."""
    for dealer, to, reason in (
        (dealers[-1], "disqualified", "提交的业绩证明系伪造，核实后取消资格。"),
        (dealers[-2], "warned", "连续两个月逾期报送进销存。"),
    ):
        if dealer.state == "qualified":
            until = add_days(clock.today(), 45) if to == "warned" else None
            set_standing(session, dealer, to, by=desk, reason=reason, improve_by=until)
