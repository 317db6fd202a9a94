"""Everything that is somebody's, as whoever hands it over sees it; what he may not see is counted."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from sqlalchemy import Date, Integer, String, and_, case, cast, exists, func, literal, null, select, union_all
from sqlalchemy.orm import Session, aliased, joinedload

from tracker.access import overseen, visible
from tracker.accounts.models import Account, AccountAction
from tracker.assigning.models import AssignmentRule, Territory
from tracker.assigning.queries.suggestions import Proposal, propose
from tracker.dealers.models import Dealer
from tracker.duplicates.models import SiteRequest
from tracker.handover.holdings import counts_of, handed, his
from tracker.handover.models import Handing
from tracker.leads.models import OPEN, Lead, LeadMember
from tracker.matrix.models import Approval, Record, RecordContact
from tracker.parties.models import Contact, Party
from tracker.projects.models import Project, ProjectMember
from tracker.team.models import Team, User
from workflows.guards.records import FINISHED

MOST = 200  # projects, and leads, of which each has a choice of its own
ENDS = 60  # lines of each kind of what stands open
LATELY = timedelta(days=14)  # how long what was promised and is overdue is still shown
YEAR = timedelta(days=365)


class End(NamedTuple):
    """Something that stands open: what (`kind`), of which row (`id`), where, in whose words, by when.

    Of a person (`met`): `text` is his post, `more` his firm, `times` how often he was met, `on` when last.
    """

    kind: str
    id: int
    name: str
    text: str | None
    on: date | None
    project_id: int | None
    times: int | None
    more: str | None


@dataclass(frozen=True, slots=True)
class Belongings:
    """What is his: projects that go on and open leads, each with a proposal; what stands open, and whom he alone met.

    `counts` are of all he has, whoever sees it, by the names of `handover.holdings`.
    """

    projects: Sequence[Proposal]
    leads: Sequence[Proposal]
    ends: Mapping[str, Sequence[End]]
    counts: Mapping[str, int]

    @property
    def more_projects(self) -> int:
        """Projects beside those shown: further ones, ended ones, those that one does not see."""
        return self.counts.get("project.owner_id", 0) - len(self.projects)

    @property
    def more_leads(self) -> int:
        """The same of leads."""
        return self.counts.get("lead.owner_id", 0) - len(self.leads)

    @property
    def nothing(self) -> bool:
        """Whether there is nothing to hand over."""
        return not self.counts

    def unseen(self, name: str, kind: str) -> int:
        """How many of a kind there are beside those shown."""
        return self.counts.get(name, 0) - len(self.ends.get(kind, ()))


def load_belongings(
    session: Session,
    by: User,
    person: User,
    today: date,
    *,
    among: Sequence[int] = (),
    source: str = "",
) -> Belongings:
    """All that is in this person's hands, as far as `by` sees it; successors are proposed `among` these (else all)."""
    projects, leads = _projects(session, by, person), _leads(session, by, person, source)
    proposals = propose(session, by, [*projects, *leads], among=among, but=person.id) if projects or leads else []
    ends = _open_ends(session, by, person, today)
    counts = {one.name: one.id for one in ends.pop("count", ()) if one.id}
    return Belongings(proposals[: len(projects)], proposals[len(projects) :], ends, counts)


def _projects(session: Session, by: User, person: User) -> Sequence[Project]:
    """Those that go on, the active and then the largest first."""
    mine = select(Project).where(Project.owner_id == person.id, overseen(Project, by), Project.state.not_in(FINISHED))
    order = (case((Project.state == "active", 0), else_=1), Project.value.desc(), Project.id)
    return session.scalars(mine.order_by(*order).limit(MOST).options(*_whole(Project))).unique().all()


def _leads(session: Session, by: User, person: User, source: str) -> Sequence[Lead]:
    """The open ones, of one source where it is said."""
    mine = select(Lead).where(Lead.owner_id == person.id, overseen(Lead, by), Lead.state.in_(OPEN))
    if source:
        mine = mine.where(Lead.source == source)
    return session.scalars(mine.order_by(Lead.name, Lead.id).limit(MOST).options(*_whole(Lead))).unique().all()


def _whole(model: Any) -> tuple[Any, ...]:
    """What a proposal wants of it; its lines come with it, for a question of their own is one too many."""
    return (joinedload(model.team), joinedload(model.categories))


_NO_TEXT, _NO_DAY, _NO_KEY = cast(null(), String), cast(null(), Date), cast(null(), Integer)


def _open_ends(session: Session, by: User, person: User, today: date) -> dict[str, list[End]]:
    """What stands open with him, by kind, in one statement."""
    columns = dict(handed())
    found: dict[str, list[End]] = {}
    for row in session.execute(union_all(*_parts(by, person, today, columns))):
        found.setdefault(row[0], []).append(End(*row))
    return found


def _parts(by: User, person: User, today: date, columns: Mapping[str, Any]) -> Sequence[Any]:
    def still(name: str) -> Any:
        return his(name, columns[name], person.id)

    claim = aliased(Lead)
    promised = [Record.author_id == person.id, visible(Record, by), Record.project_id.is_not(None)]
    plans = and_(Record.is_plan, Record.happened_on >= today - LATELY)
    parts = [
        _line("promise", Record.id, Project.name, Record.next_step, Record.next_on, Record.project_id)
        .join(Project, Project.id == Record.project_id)
        .where(*promised, Record.next_on >= today - LATELY)
        .order_by(Record.next_on),
        _line("plan", Record.id, Project.name, Record.text, Record.happened_on, Record.project_id)
        .join(Project, Project.id == Record.project_id)
        .where(*promised, plans)
        .order_by(Record.happened_on),
        _line("approval", Approval.id, Project.name, Approval.reason, None, Approval.project_id)
        .outerjoin(Project, Project.id == Approval.project_id)
        .where(still("approval.asked_by_id"), visible(Approval, by)),
        _line("request", SiteRequest.id, claim.name, SiteRequest.reason)
        .outerjoin(claim, claim.id == SiteRequest.claim_id)
        .where(still("site_request.by_id"), visible(SiteRequest, by)),
        _line("member", Project.id, Project.name, ProjectMember.department, None, Project.id)
        .join(ProjectMember, ProjectMember.project_id == Project.id)
        .where(still("project_member.user_id"), visible(Project, by)),
        _line("share", Lead.id, Lead.name)
        .join(LeadMember, LeadMember.lead_id == Lead.id)
        .where(still("lead_member.user_id"), visible(Lead, by)),
        _line("account", Account.id, Party.name)
        .join(Party, Party.id == Account.party_id)
        .where(still("key_account.owner_id"), visible(Account, by)),
        _line("dealer", Dealer.id, Party.name)
        .join(Party, Party.id == Dealer.party_id)
        .where(still("dealer.keeper_id"), visible(Dealer, by)),
        _line("action", AccountAction.account_id, Party.name, AccountAction.text, AccountAction.due_on)
        .join(Account, Account.id == AccountAction.account_id)
        .join(Party, Party.id == Account.party_id)
        .where(still("account_action.user_id"), visible(Account, by))
        .order_by(AccountAction.due_on),
        _line("territory", Territory.id, Territory.name).where(still("territory.user_id")),
        _line("rule", AssignmentRule.id, cast(AssignmentRule.seq, String)).where(still("assignment_rule.user_id")),
        _line("team", Team.id, Team.name).where(still("team.supervisor_id")),
    ]
    counts = [
        _line("count", count.c.number, literal(name))
        for name, count in ((name, one.subquery()) for name, one in counts_of(person.id))
    ]
    return [select(part.limit(ENDS).subquery()) for part in (*parts, _met_alone(by, person, today), *counts)]


def _line(kind: str, key: Any, name: Any, text: Any = None, on: Any = None, project: Any = None, **more: Any) -> Any:
    """One kind of what stands open, in the columns of all of them."""
    return select(
        literal(kind).label("kind"),
        key.label("id"),
        func.coalesce(name, "").label("name"),
        (_NO_TEXT if text is None else text).label("text"),
        (_NO_DAY if on is None else on).label("on"),
        (_NO_KEY if project is None else project).label("project_id"),
        more.get("times", _NO_KEY).label("times"),
        more.get("more", _NO_TEXT).label("more"),
    )


def _met_alone(by: User, person: User, today: date) -> Any:
    """The contacts whom in the last year nobody but this person met, those met most first."""
    since, other = today - YEAR, aliased(Record)
    met_by_others = aliased(RecordContact)
    others = (
        exists()
        .where(met_by_others.contact_id == RecordContact.contact_id, other.id == met_by_others.record_id)
        .where(other.happened_on > since, other.is_plan.is_(False), other.author_id != person.id)
    )
    mine = (
        select(RecordContact.contact_id, func.count().label("times"), func.max(Record.happened_on).label("last_on"))
        .join(Record, Record.id == RecordContact.record_id)
        .where(Record.author_id == person.id, Record.happened_on > since, Record.is_plan.is_(False), ~others)
        .group_by(RecordContact.contact_id)
        .subquery()
    )
    return (
        _line("met", Contact.id, Contact.name, Contact.post, mine.c.last_on, times=mine.c.times, more=Party.name)
        .join(mine, mine.c.contact_id == Contact.id)
        .join(Party, Party.id == Contact.party_id)
        .where(visible(Contact, by))
        .order_by(mine.c.times.desc(), mine.c.last_on.desc(), Contact.id)
    )


def list_handings(session: Session, person: User, most: int = 5) -> Sequence[Handing]:
    """What this person handed over before, the newest first. The caller leads his team."""
    mine = select(Handing).where(Handing.user_id == person.id).order_by(Handing.id.desc()).limit(most)
    return session.scalars(mine.options(joinedload(Handing.by), joinedload(Handing.successor))).all()
