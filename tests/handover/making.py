"""Somebody about to leave, with something of every kind in his hands."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.factories import make_contact, make_notification, make_party, make_photo, make_project
from tests.leads.making import make_lead
from tracker import clock
from tracker.absences.models import Absence
from tracker.accounts.models import Account, AccountAction, AccountRelation
from tracker.annotations.models import Annotation
from tracker.assigning.models import LeadClaim
from tracker.assigning.operations.covering import Ground, add_territory
from tracker.assigning.operations.ruling import RuleDraft, add_rule
from tracker.assigning.operations.sharing import share_lead
from tracker.dealers.models import Dealer
from tracker.duplicates.models import SiteRequest
from tracker.leads.models import Lead
from tracker.matrix.models import Approval, Record
from tracker.matrix.operations.approvals import ask_approval
from tracker.matrix.operations.records import RecordDraft, log_record
from tracker.parties.models import Contact
from tracker.partners.models import ProjectShare, ShareViewer
from tracker.projects.models import Project, ProjectContact
from tracker.todos.models import Todo
from workflows.wishes import MovePhase

NOTE = "Ms Wang decides; two samples are owed to the design institute."


@dataclass
class Desk:
    """What sales1 has: his sites going on and ended, the team he joined, what he asked for, whom he met."""

    open: list[Project] = field(default_factory=list)
    ended: list[Project] = field(default_factory=list)
    joined: list[Project] = field(default_factory=list)
    leads: list[Lead] = field(default_factory=list)
    closed_leads: list[Lead] = field(default_factory=list)
    request: Approval | None = None
    record: Record | None = None
    contact: Contact | None = None


def full_desk(session: Session, cast: Cast) -> Desk:
    """Give sales1 something of every kind; the supervisor of the south owns the project he joined."""
    desk, him = Desk(), cast.sales1
    developer = make_party(session, "Hengyue Land")
    desk.open = [
        make_project(session, him, name="Riverside Tower", value=9_000_000, developer=developer),
        make_project(session, him, name="Resting Mall", state="suspended"),
        make_project(session, him, name="Won Hotel", state="won", phase="contract"),
    ]
    desk.ended = [
        make_project(session, him, name="Lost School", state="lost"),
        make_project(session, him, name="Closed Office", state="closed", phase="settle"),
    ]
    desk.joined = [make_project(session, cast.sales3, name="Southern Clinic", members=(him,))]
    desk.contact = make_contact(session, developer)
    first = desk.open[0]
    session.add(
        ProjectContact(project_id=first.id, contact_id=desk.contact.id, role="decision_maker", attitude="green")
    )
    session.flush()
    photo = make_photo(session, him, taken_on=clock.today())
    draft = RecordDraft("map", "structure", "site_visit", clock.today(), "She wants the test report by May.",
                        met=(desk.contact.id,), photos=(photo.token,), next_step="Bring the test report",
                        next_on=clock.today() + timedelta(days=2))  # fmt: skip
    desk.record = log_record(session, first, draft, by=him).record
    desk.request = ask_approval(
        session, first, MovePhase("specify"), by=him, reason="The designer waits.", complete_by=clock.today()
    )
    make_notification(session, him, first)
    desk.leads = [make_lead(session, him, f"Plot {number}") for number in range(2)]
    desk.closed_leads = [make_lead(session, him, "Discarded plot"), make_lead(session, him, "Became the tower")]
    desk.closed_leads[0].state = "invalid"
    desk.closed_leads[1].state, desk.closed_leads[1].project_id = "converted", first.id
    _accounts_and_dealers(session, cast, first)
    session.add(LeadClaim(lead_id=desk.leads[0].id, user_id=him.id))
    theirs = make_lead(session, cast.sales3, "Shared in the south")
    share_lead(session, theirs, him, by=cast.sales3)
    session.add(SiteRequest(what="arbitration", lead_id=theirs.id, claim_id=desk.leads[1].id, by_id=him.id,
                            typed={"name": "Plot 1"}))  # fmt: skip
    session.add(Absence(user_id=cast.sales3.id, stand_in_id=him.id, by_id=cast.sales3.id, starts_on=clock.today(),
                        ends_on=clock.today() + timedelta(days=9)))  # fmt: skip
    session.add(Absence(user_id=cast.sales2.id, stand_in_id=him.id, by_id=cast.sales2.id, starts_on=clock.today(),
                        ends_on=clock.today()))  # fmt: skip
    add_territory(session, cast.north, him, Ground(district="Harbour"), by=cast.supervisor)
    add_rule(session, RuleDraft("person", team_id=cast.north.id, user_id=him.id), by=cast.supervisor)
    session.commit()
    said = {"kind": "ask", "text": "Who decides?", "project_id": desk.open[0].id, "by_id": cast.supervisor.id}
    session.add(Annotation(to_id=him.id, **said))
    session.commit()
    return desk


def _accounts_and_dealers(session: Session, cast: Cast, project: Project) -> None:
    """A key account of his, what he does for it, as whom he matters to it, a dealer he keeps, a share he may see."""
    day, him = clock.today(), cast.sales1
    group = make_party(session, "Hengyue Group")
    account = Account(party_id=group.id, owner_id=him.id, team_id=him.team_id, since=day)
    session.add(account)
    session.flush()
    action = AccountAction(account_id=account.id, kind="meeting", text="Yearly talk", due_on=day, user_id=him.id)
    relation = AccountRelation(account_id=account.id, market="internal", user_id=him.id, state="good")
    dealer = Dealer(party_id=cast.xinyuan.id, keeper_id=him.id, state_since=day, since=day)
    maker = make_party(session, "Rui Tiles", kind="supplier")
    share = ProjectShare(project_id=project.id, party_id=maker.id, category="tiles", agreed_on=day)
    session.add_all([action, relation, dealer, share])
    session.flush()
    session.add(ShareViewer(share_id=share.id, user_id=him.id))
    session.add(Todo(owner_id=him.id, by_id=him.id, text="Send the price list", due_on=day, repeats=""))
