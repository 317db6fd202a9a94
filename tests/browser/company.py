"""The company that the browser visits: the cast with passwords, sites in the north, what was done there."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from flask import Flask
from flask_babel import gettext
from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tests.browser.pictures import Picture, site_picture
from tests.cast import make_cast
from tests.definitions.making import LIGHT_SOURCE
from tests.factories import make_contact, make_party, make_project
from tracker import clock, i18n
from tracker.definitions.operations.drafting import add_hint, edit_text, remove_task, set_limit, start_draft
from tracker.definitions.operations.publishing import publish_source
from tracker.extensions import db
from tracker.gallery.operations import stage_photo
from tracker.leads.operations.capturing import LeadDraft, capture_lead
from tracker.matrix.operations.approvals import ask_approval, decline_approval
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.matrix.queries import get_approval
from tracker.projects.models import Building, Project, ProjectContact
from tracker.projects.operations import open_project
from tracker.projects.operations.opening import ProjectDraft
from tracker.projects.queries import get_project
from tracker.team.models import User
from tracker.team.passwords import hash_password
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
    harbour: int = 0  # the dealer Xinyuan's project
    lead: int = 0
    party: int = 0
    contact: int = 0
    photo: str = ""
    request: int = 0  # an open request for approval
    answered: int = 0
    draft: int = 0  # of the light matrix, which is published beside the standard
    publication: int = 0

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
        secret = hash_password(PASSWORD)
        for name, user in cast.users.items():
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
    with company.session() as session:
        _requests(company, session)
    with company.session() as session:
        _leads(company, session)
    with company.session() as session:
        _matrix(company, session)


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
    _log(session, company, "technical", RecordDraft("map", "ground", "call", today, "Slip resistance agreed."))


def _log(session: Session, company: Company, name: str, draft: RecordDraft) -> int:
    by = company.user(session, name)
    return log_record(session, get_project(session, by, company.riverside), draft, by=by).record.id


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


def _leads(company: Company, session: Session) -> None:
    sales1 = company.user(session, "sales1")
    token = stage(company, session, site_picture("notice-board.jpg", floors=1), sales1)
    draft = LeadDraft(
        "Willow Lane plot 7", "street_canvassing", address="7 Willow Lane", developer="Hengyue Land", photos=(token,)
    )
    company.lead = capture_lead(session, draft, by=sales1).id
    capture_lead(session, LeadDraft("Canal plot 12", "media_land"), by=sales1)


def project_of(session: Session, project_id: int) -> Project:
    """A project as it stands, whoever asks."""
    return session.scalars(select(Project).where(Project.id == project_id)).one()
