"""The company that the browser visits: the cast with passwords, sites in the north, what was done there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from flask import Flask
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tests.accounts.making import make_agreement
from tests.browser.pictures import Picture, site_picture
from tests.cast import make_cast
from tests.dealers.making import graded, line, make_qualified, months_ago, to
from tests.definitions.making import LIGHT_SOURCE
from tests.factories import make_contact, make_party, make_project, make_user
from tests.registrations.making import drafted, handed_in, make_desk
from tracker import clock, i18n
from tracker.absences.operations import Leave, tell_absence
from tracker.accounts.operations.accounts import open_account
from tracker.accounts.operations.judging import note_sign, set_step
from tracker.accounts.operations.markets import RelationDraft, add_relation
from tracker.accounts.operations.planning import ActionDraft, GoalDraft, plan_action, set_goal
from tracker.accounts.queries.accounts import get_account
from tracker.annotations.operations import Words, annotate
from tracker.annotations.things import get_thing
from tracker.assigning.operations.covering import Skills, set_skills
from tracker.calendar.operations.feeding import make_feed
from tracker.calendar.operations.planning import PlanDraft, plan_on_project
from tracker.contacts.operations import add_link, add_way, keep_card, move_contact, state_consent
from tracker.contacts.operations.posts import Step
from tracker.dealers.operations.evaluating import begin_evaluation
from tracker.dealers.operations.profiles import ContractDraft, keep_contract
from tracker.dealers.operations.stock import report_stock
from tracker.dealers.operations.supplying import propose_quota
from tracker.dealers.operations.supporting import grant_support
from tracker.definitions.operations.drafting import add_hint, edit_text, remove_task, set_limit, start_draft
from tracker.definitions.operations.publishing import publish_source
from tracker.designers.operations import set_level
from tracker.documents.operations import stage_document
from tracker.extensions import db
from tracker.gallery.models import Photo, PhotoPair
from tracker.gallery.operations import claim_staged, stage_photo
from tracker.gallery.operations.parcels import ask_parcel, make_parcel
from tracker.leads.operations.capturing import LeadDraft, capture_lead
from tracker.matrix.operations.approvals import ask_approval, decline_approval
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.matrix.queries import get_approval
from tracker.parties.models import Contact, Party
from tracker.parties.operations import add_estimate
from tracker.partners.operations import ShareDraft, agree_share
from tracker.projects.models import Building, Project, ProjectContact
from tracker.projects.operations import open_project
from tracker.projects.operations.opening import ProjectDraft
from tracker.projects.queries import get_project, load_project
from tracker.registrations.models import RegisterEntry
from tracker.registrations.operations.complaints import ComplaintDraft, complain, decide_complaint
from tracker.registrations.operations.conflicts import open_conflict
from tracker.registrations.operations.handing_in import draw_up
from tracker.reports.models import Report
from tracker.reports.operations.making import make_due
from tracker.rewards.operations.entering import RewardDraft, enter_reward, give_reward
from tracker.rewards.operations.occasions import OccasionDraft, invite, plan_occasion
from tracker.suggestions.operations import suggest
from tracker.team.models import User
from tracker.team.passwords import hash_password
from tracker.todos.operations.doing import TodoDraft, add_todo
from workflows.dealers import next_quarter, quarter_of
from workflows.text import Text
from workflows.wishes import MovePhase

PASSWORD = "tracker-demo"
PLACE = (34.75290, 113.66540)  # degrees WGS-84 of the riverside site


@dataclass
class Company:
    """The application under test and the ids of what is in it."""

    app: Flask
    address: str = ""
    users: dict[str, int] = field(default_factory=dict)
    riverside: int = 0  # a project with everything: two buildings, records, pictures, tasks late and done
    riverside_record: int = 0
    plan: int = 0  # a visit there in an hour or so
    todo: int = 0
    annotation: int = 0  # on it
    suggestion: int = 0
    report: int = 0  # of sales1's last week
    harbour: int = 0  # the dealer Xinyuan's project
    lead: int = 0
    party: int = 0
    contact: int = 0
    photo: str = ""
    paper: str = ""
    parcel: str = ""  # a picture in a file
    pair: int = 0
    request: int = 0  # an open request for approval
    answered: int = 0
    draft: int = 0  # of the light matrix, which is published beside the standard
    publication: int = 0
    designer: int = 0
    reward: int = 0  # waits for consent
    given: int = 0
    occasion: int = 0
    account: int = 0  # a key account of sales1's, with one of everything
    agreement: int = 0
    dealer: int = 0  # Xinyuan, with everything
    draft_claim: int = 0  # his registrations: a draft, one that waits, one that is contested
    waiting_claim: int = 0
    contested_claim: int = 0
    conflict: int = 0
    receipt: int = 0
    complaint: int = 0  # about Xinyuan, upheld
    judged: int = 0  # his evaluation that counts
    judging: int = 0  # the one that is open
    contract: int = 0
    quota: int = 0
    stock_line: int = 0

    @contextmanager
    def session(self) -> Iterator[Session]:
        """A session that commits at its end, as an entry point does."""
        with self.app.app_context():
            try:
                yield db.session
                db.session.commit()
            finally:
                db.session.remove()  # type: ignore[attr-defined]

    def user(self, session: Session, name: str) -> User:
        """One of the cast with role and team, as a request knows him."""
        whole = (joinedload(User.role), joinedload(User.team))
        return session.get_one(User, self.users[name], options=whole, populate_existing=True)

    def project(self, name: str, owner: str = "sales1", **values: Any) -> int:
        """A further project, so that a test changes only what is its own; returns its id."""
        values.setdefault("since", clock.today() - timedelta(days=20))
        with self.session() as session:
            return make_project(session, self.user(session, owner), name=name, **values).id

    def say(self, lang: str, text: str, **values: Any) -> str:
        """A sentence of the product in the reader's language."""
        with self.app.app_context(), i18n.speaking(lang):
            return str(gettext(text, **values))


def found_company(company: Company) -> None:
    """Put the cast and their work into the empty database."""
    with company.session() as session:
        cast = make_cast(session)
        desk = make_desk(session, cast)
        head = make_user(session, "head1", role=cast.roles["dealer_admin"], party=cast.xinyuan)
        secret = hash_password(PASSWORD)
        for name, user in {**cast.users, "dealermgmt": desk, "head1": head}.items():
            user.password_hash = secret
            company.users[name] = user.id
        session.flush()
        dealer = cast.xinyuan
        owner = make_party(session, "Hengyue Land")
        contact = make_contact(session, owner)
        company.party, company.contact = owner.id, contact.id
        _riverside(company, session, developer=owner, dealer=None, members=(cast.technical,))
        _harbour(company, session, dealer)
        _spread(session, cast)
        _acquainted(company, session)
    with company.session() as session:
        _requests(company, session)
    with company.session() as session:
        _away(company, session)
    with company.session() as session:
        _dealer(company, session)
    with company.session() as session:
        _leads(company, session)
    with company.session() as session:
        _matrix(company, session)
    with company.session() as session:
        _account(company, session)
        _designers(company, session)


def _acquainted(company: Company, session: Session) -> None:
    """The contact has moved, has more numbers and a card, agreed to calls, and knows somebody else in the project."""
    by, today = company.user(session, "sales1"), clock.today()
    contact = session.get_one(Contact, company.contact)
    add_way(session, contact, by=by, kind="mobile", value="138 0000 1234")
    add_way(session, contact, by=by, kind="office", value="010-6655 4433")
    step = Step(make_party(session, "Linden Builders"), "President", today - timedelta(days=5))
    move_contact(session, contact, step, by=by, version=contact.version)
    state_consent(session, contact, by=by, what="phone", given=True, on=today, how="On the phone")
    card = stage(company, session, site_picture("card.jpg"), by)
    keep_card(session, contact, claim_staged(session, [card], by=by)[0], by=by)
    other = make_contact(session, session.get_one(Party, company.party), "Zhao Min")
    session.add(
        ProjectContact(project_id=company.riverside, contact_id=other.id, role="influencer", attitude="skeptical")
    )
    add_link(session, other, contact, by=by, kind="influences", strength=3)
    add_link(session, by, other, by=by)
    contact.birth_month, contact.birth_day, contact.cares = today.month, 16, ["price", "risk"]
    session.commit()


def _away(company: Company, session: Session) -> None:
    """A salesperson who is away, with somebody who stands in, and what he is good at."""
    sales2, today = company.user(session, "sales2"), clock.today()
    leave = Leave(today, today + timedelta(days=3), company.users["sales1"], "Harbour office", "Fair")
    tell_absence(session, sales2, leave, by=sales2)
    set_skills(session, sales2, Skills(categories=["tiles"]), by=company.user(session, "supervisor"))


def _dealer(company: Company, session: Session) -> None:
    """Xinyuan as our dealer: figures that do not fit, evaluations that count and that are open, a short supply."""
    director, today = company.user(session, "director"), clock.today()
    party = session.get_one(Party, company.user(session, "dealer1").party_id)
    dealer = make_qualified(session, party, by=director, since=today - timedelta(days=500))
    for back, opening in ((2, 100), (1, 90)):
        flows = (to(company.harbour, 10), to(None, 5, "Shop in the west", outside=True))
        report = report_stock(session, dealer, months_ago(back), [line(opening, 0, 30, flows=flows)], by=director)
        company.stock_line = report.lines[0].id
    quarters = [next_quarter(quarter_of(today), -back) for back in (2, 1)]
    company.judged = graded(session, dealer, quarters[0], 90, director).id
    company.judging = begin_evaluation(session, dealer, quarters[1], by=director).id
    grant_support(session, dealer, by=director, kind="training", what="Laying slabs", on=today, value=Decimal(6000))
    draft = ContractDraft("A-1", quarters[0], today + timedelta(days=300), targets={(today.year, 0): Decimal(900_000)})
    company.contract = keep_contract(session, dealer, draft, by=director).id
    asked: dict[str, Any] = {"category": "tiles", "month": today, "unit": "m2", "quantity": 90, "reason": "Kiln stands"}
    company.quota = propose_quota(session, by=director, **asked).id
    company.dealer = dealer.id
    _registrations(company, session, dealer, director)


def _matrix(company: Company, session: Session) -> None:
    """A second matrix, a project in it, and a draft of its next version in which something differs."""
    admin = company.user(session, "admin")
    company.publication = publish_source(session, LIGHT_SOURCE, by=admin, reason="For the small shops.").id
    form = {"kind": "shop", "route": "owner_direct", "phase": "offer", "step": "strip", "categories": ("tiles",)}
    values: Any = {"name": "Shop 12", "definition": "light", **form}
    open_project(session, ProjectDraft(**values), by=company.user(session, "sales1"))
    draft = start_draft(session, "light", by=admin)
    company.draft = draft.id
    words = Text("今天就约选材人看样。", "Show the samples to whoever chooses today.")
    add_hint(session, draft, "offer/strip", "tip", "sales", words, by=admin, version=draft.version)
    set_limit(session, draft, "offer/strip", 3, by=admin, version=draft.version)
    remove_task(session, draft, "T.offer.strip.2", by=admin, version=draft.version)
    edit_text(session, draft, "phase", "find", Text("先找人", "People first"), by=admin, version=draft.version)


def stage(company: Company, session: Session, picture: Picture, by: User) -> str:
    """Send a picture in; returns its token."""
    storage = company.app.extensions["storage"]
    return stage_photo(session, storage, picture.data, picture.name, by=by, captured_place=PLACE).token


def _riverside(company: Company, session: Session, **values: Any) -> None:
    today = clock.today()
    sales1 = company.user(session, "sales1")
    made = make_project(
        session,
        sales1,
        since=today - timedelta(days=40),
        categories=("tiles", "sanitary_ware"),
        latitude=PLACE[0],
        longitude=PLACE[1],
        **values,
    )
    company.riverside = made.id
    session.add(Building(project_id=made.id, name="2#", step="ground", step_since=today - timedelta(days=60)))
    session.add(ProjectContact(project_id=made.id, contact_id=company.contact, role="decision_maker"))
    session.flush()
    company.photo = stage(company, session, site_picture("tower.jpg"), sales1)
    first = RecordDraft(
        "map",
        "structure",
        "site_visit",
        today - timedelta(days=3),
        "Met the buyer beside the hoist; six floors are cast.\nHe wants samples before the frame tops out.",
        hints=("H.map.structure.1",),
        closes=("T.map.structure.2", "X.map.buying_path"),
        met=(company.contact,),
        photos=(company.photo,),
        next_step="Bring the sample board",
        next_on=today + timedelta(days=2),
    )
    company.riverside_record = _log(session, company, "sales1", first)
    _team_work(company, session)
    _made_of_pictures(company, session, sales1)
    _log(session, company, "technical", RecordDraft("map", "ground", "call", today, "Slip resistance agreed."))
    site = get_project(session, sales1, company.riverside)
    visit = PlanDraft(today, "site_visit", "Bring the sample board", at="15:30")
    company.plan = plan_on_project(session, site, visit, by=sales1).id
    company.todo = add_todo(session, TodoDraft("Send the price list", today, repeats="weekly"), by=sales1).id
    make_feed(session, by=sales1)


def _team_work(company: Company, session: Session) -> None:
    """What the supervisor asked about the record, sales1's report and suggestion."""
    supervisor, sales1 = company.user(session, "supervisor"), company.user(session, "sales1")
    thing = get_thing(session, supervisor, "record", str(company.riverside_record))
    company.annotation = annotate(session, thing, Words("ask", "Who decides?", sales1.id), by=supervisor).id
    company.suggestion = suggest(session, "A van for samples", by=sales1).id
    for _number in make_due(session, clock.now()):
        session.flush()
    his = select(Report.id).where(Report.user_id == sales1.id).order_by(Report.id)
    company.report = session.scalars(his).first() or 0


def _made_of_pictures(company: Company, session: Session, by: User) -> None:
    """A file of the picture, and a pair: of it with itself, so that the project has one picture as before."""
    photo = session.scalars(select(Photo).where(Photo.token == company.photo)).one()
    parcel = ask_parcel(session, [photo], "zip", by=by)
    make_parcel(session, company.app.extensions["storage"], parcel.id, session.flush)
    pair = PhotoPair(before_id=photo.id, after_id=photo.id, by_id=by.id)
    session.add(pair)
    session.flush()
    company.parcel, company.pair = parcel.token, pair.id


def _log(session: Session, company: Company, name: str, draft: RecordDraft) -> int:
    by = company.user(session, name)
    return log_record(session, get_project(session, by, company.riverside), draft, by=by).record.id


def _registrations(company: Company, session: Session, dealer: Any, director: User) -> None:
    """What Xinyuan registered: a draft, one that waits, one that another dealer contests."""
    his = company.user(session, "dealer1")
    company.draft_claim = draw_up(session, dealer, drafted(name="Lagoon school"), by=his).id
    waiting = handed_in(session, dealer, his, name="Hill clinic", kind="hospital", latitude=34.2, plot_number="H-7")
    company.waiting_claim = waiting.id
    company.receipt = session.scalars(select(RegisterEntry.id).order_by(RegisterEntry.id)).first() or 0
    site = {"name": "Hill office", "kind": "office", "latitude": 34.9, "plot_number": "R-9"}
    contested = handed_in(session, dealer, his, **site)
    company.contested_claim = contested.id
    other = company.user(session, "dealer2")
    rival = make_qualified(session, session.get_one(Party, other.party_id), by=director)
    second = handed_in(session, rival, other, **site)
    company.conflict = open_conflict(session, second, by=director, other=contested).id
    proof = stage(company, session, site_picture("cartons.jpg", floors=0), other)
    found = ComplaintDraft("goods", "Shop in Gold Street", "Forty cartons", clock.today(), "Xinyuan", photos=(proof,))
    complaint = complain(session, found, by=other)
    decide_complaint(session, complaint, "upheld", by=director, reason="A surplus was sold.", dealer=dealer)
    company.complaint = complaint.id
    session.commit()


def _harbour(company: Company, session: Session, dealer: Any) -> None:
    sales1 = company.user(session, "sales1")
    since = clock.today() - timedelta(days=30)
    made = make_project(session, sales1, name="Harbour Gate", dealer=dealer, since=since)
    company.harbour = made.id


def _spread(session: Session, cast: Any) -> None:
    """More sites on the board: some quiet for long, some of the south."""
    long_ago = clock.today() - timedelta(days=90)
    cells = (("qualify", "land"), ("specify", "drawings"), ("bid", "masonry"), ("contract", "envelope"))
    for number, (phase, step) in enumerate(cells):
        name = f"Canal House {number + 1}"
        make_project(session, cast.sales2, name=name, phase=phase, step=step, since=long_ago, value=2_400_000)
    make_project(session, cast.sales3, name="Lotus Court", phase="deliver", step="mep", since=long_ago)


def _requests(company: Company, session: Session) -> None:
    """One request that waits and one that was declined."""
    company.answered = _ask(company, session, company.harbour, "The buyer signs this week.")
    supervisor = company.user(session, "supervisor")
    answered = get_approval(session, supervisor, company.answered)
    decline_approval(session, answered, by=supervisor, answer="Bring the letter of intent first.")
    company.request = _ask(company, session, company.riverside, "They call for samples next week.")


def _ask(company: Company, session: Session, project_id: int, reason: str) -> int:
    sales1 = company.user(session, "sales1")
    project = get_project(session, sales1, project_id)
    soon = clock.today() + timedelta(days=5)
    wish = MovePhase("specify", reason)
    return ask_approval(session, project, wish, by=sales1, reason=reason, complete_by=soon).id


def _account(company: Company, session: Session) -> None:
    supervisor, sales1 = (company.user(session, name) for name in ("supervisor", "sales1"))
    account = open_account(session, session.get_one(Party, company.party), sales1, by=supervisor)
    session.flush()
    account = get_account(session, supervisor, account.id)
    company.account, today = account.id, clock.today()
    company.agreement = make_agreement(session, account, supervisor).id
    supervisor, sales1 = (company.user(session, name) for name in ("supervisor", "sales1"))
    account = get_account(session, supervisor, company.account)
    plan_action(session, account, ActionDraft("meeting", "Talk about next year", today, sales1), by=supervisor)
    contact = session.get_one(Contact, company.contact)
    for goal in (GoalDraft("value", today.year, Decimal(5_000_000)), GoalDraft("person", today.year, contact=contact)):
        set_goal(session, account, goal, by=supervisor)
    for year in (today.year - 1, today.year):
        on = min(today, date(year, 12, 31))
        values: dict[str, Any] = {"category": "tiles", "volume": Decimal(900_000), "currency": "CNY", "on": on}
        add_estimate(session, account.party, by=supervisor, grounds="Annual report", **values)
    set_step(session, account, by=supervisor, step="client", reason="Ordered again")
    note_sign(session, account, by=supervisor, kind="complaint", reason="Mixed shades")
    add_relation(session, account, RelationDraft("customer", "cold", contact=contact), by=supervisor)
    project = load_project(session, supervisor, company.riverside)
    maker = make_party(session, "Linden Lighting", kind="partner_maker")
    agree_share(session, project, maker, ShareDraft("lighting", today), by=supervisor)


def _designers(company: Company, session: Session) -> None:
    """A designer with a level, a training he came to, and a visit that waits for consent."""
    sales1, today = company.user(session, "sales1"), clock.today()
    studio = make_party(session, "Lines and Light", kind="interior_designer")
    lin = make_contact(session, studio, "Lin Mo", "Lead designer")
    session.add(ProjectContact(project_id=company.riverside, contact_id=lin.id, role="influencer", leads_design=True))
    session.flush()
    set_level(session, lin, by=sales1, level="tried", reason="Drew us in the lobby")
    training = plan_occasion(session, OccasionDraft("training_cpd", "Edges of slabs", today, "Half a day"), by=sales1)
    given = invite(session, training, lin, by=sales1)
    give_reward(session, given, by=sales1, on=today)
    visit = RewardDraft(lin, "factory_visit", "Visit to the kilns", today, "To see the glaze", Decimal(280))
    company.reward = enter_reward(session, visit, by=sales1).id
    company.given, company.occasion, company.designer = given.id, training.id, lin.id


def _leads(company: Company, session: Session) -> None:
    sales1 = company.user(session, "sales1")
    token = stage(company, session, site_picture("notice-board.jpg", floors=1), sales1)
    storage = company.app.extensions["storage"]
    company.paper = stage_document(session, storage, b"%PDF-1.4 %%EOF", "notice.pdf", by=sales1).token
    draft = LeadDraft(
        "Willow Lane plot 7",
        "street_canvassing",
        address="7 Willow Lane",
        developer="Hengyue Land",
        photos=(token,),
        documents=(company.paper,),
        latitude=31.2,
        longitude=121.5,
    )
    company.lead = capture_lead(session, draft, by=sales1).id
    capture_lead(session, LeadDraft("Canal plot 12", "media_land", later=True), by=sales1)


def project_of(session: Session, project_id: int) -> Project:
    """A project as it stands, whoever asks."""
    return session.scalars(select(Project).where(Project.id == project_id)).one()
