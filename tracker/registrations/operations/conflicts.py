"""Two claims on one site: frozen and told together, evidence by a day, the orders one by one, a ruling, one appeal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import or_, select
from sqlalchemy.orm import Session, joinedload

from tracker import clock, events
from tracker.access import Action, can, is_dealer, require, visible
from tracker.access.of_registrations import decides_conflicts_above
from tracker.dealers.models import Dealer
from tracker.errors import AlreadyDone, Forbidden, Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.operations.judging import enforce, facts_of, judge
from tracker.notifications.operations.once import Saying, tell_once
from tracker.projects.models import Project, ProjectMember
from tracker.projects.operations.lifecycle import note_state
from tracker.registrations.models import APPROVED, STANDING, Conflict, Registration, RegistrationNote
from tracker.registrations.operations.answering import join_project, leave_project
from tracker.registrations.operations.handing_in import NoteDraft, add_note, files_of, kept_of
from tracker.registrations.operations.registering import become, write_down
from tracker.registrations.operations.splitting import Part, in_words, outcome_of, put_back, split
from tracker.registrations.operations.telling import tell_dealer
from tracker.registrations.queries.conflicts import load_steps
from tracker.team.models import User
from workflows.guards.channel import FROZEN_STATE, ruling_due
from workflows.registering import DECIDED_ABOVE, STRENGTHS, evidence_due
from workflows.text import Text
from workflows.wishes import ConfirmConflict

WINNERS = ("registration", "other", "split")
OPEN = ("open", "appealed")


def open_conflict(
    session: Session,
    registration: Registration,
    *,
    by: User,
    project_id: int | None = None,
    other: Registration | None = None,
) -> Conflict:
    """Freeze both sides (G27) and tell them together."""
    require(by, Action.DEALER_DECIDE)
    if registration.state not in STANDING or registration.state == "in_conflict":
        raise Refused(_l("Only what waits or protects can be in conflict."))
    if (project_id is None) == (other is None):
        raise Invalid("against", _l("Choose with what it is in conflict."))
    today, before = clock.today(), {"registration": registration.state}
    if project_id is not None:
        project = _project(session, project_id, by)
        if project.state != "active":
            raise Refused(_l("Only an active project can be frozen."))
        definition, facts = facts_of(session, project)
        wish = ConfirmConflict(registration.id)
        enforce(judge(definition, facts, wish), wish)
        if registration.project_id is None:
            registration.project_id = project.id
        note_state(session, project, FROZEN_STATE, by=by, reason=None, rules=["G27"])
    if other is not None:
        if other.state not in STANDING or other.state == "in_conflict" or other.id == registration.id:
            raise Refused(_l("Only what waits or protects can be in conflict."))
        before["other"] = other.state
    conflict = Conflict(
        registration_id=registration.id,
        project_id=project_id,
        other_id=other.id if other else None,
        opened_on=today,
        opened_by_id=by.id,
        evidence_by=evidence_due(today),
        rule_by=ruling_due(today),
        before=before,
    )
    session.add(conflict)
    session.flush()
    for side in (registration, other):
        if side is not None:
            become(session, side, "in_conflict", "in_conflict", by=by)
            tell_dealer(
                session,
                side,
                f"conflict:{conflict.id}",
                f"{side.name}：进入仲裁，请在 {conflict.evidence_by} 前提交证据，{conflict.rule_by} 前裁定。",
                f"{side.name}: it is contested. Hand in evidence by {conflict.evidence_by}; "
                f"the ruling is due by {conflict.rule_by}.",
            )
    if project_id is not None:
        _tell_project(session, conflict, by)
    events.record(
        session, Kind.CONFLICT_OPENED, conflict, by=by, project_id=project_id, until=conflict.rule_by.isoformat()
    )
    return conflict


def _project(session: Session, project_id: int, by: User) -> Project:
    found = session.scalar(
        select(Project).where(Project.id == project_id, visible(Project, by)).options(joinedload(Project.team))
    )
    if found is None:
        raise Invalid("against", _l("Choose a project that you see."))
    return found


def _tell_project(session: Session, conflict: Conflict, by: User) -> None:
    """The direct side hears of it at the same moment."""
    assert conflict.project_id is not None
    project = session.get_one(Project, conflict.project_id)
    members = select(ProjectMember.user_id).where(ProjectMember.project_id == project.id)
    query = select(User).where(
        or_(User.id == project.owner_id, User.id.in_(members)), User.active, User.party_id.is_(None)
    )
    people = session.scalars(query.options(joinedload(User.role), joinedload(User.team)).order_by(User.id)).all()
    saying = Saying(
        key=f"conflict:{conflict.id}",
        kind="conflict",
        level="remind",
        due_on=conflict.evidence_by,
        audience="owner",
        zh=f"与一份经销商报备冲突，已冻结：请在 {conflict.evidence_by} 前提交证据，{conflict.rule_by} 前裁定。",
        en=f"In conflict with a dealer's registration and frozen: hand in evidence by {conflict.evidence_by}; "
        f"the ruling is due by {conflict.rule_by}.",
        phase=project.phase,
        step=project.step,
        rule="G27",
    )
    tell_once(session, project, saying, people)


def give_evidence(session: Session, conflict: Conflict, what: str, draft: NoteDraft, *, by: User) -> RegistrationNote:
    """Hand in evidence for one's own side: a dealer for his registration, ours for the project."""
    if conflict.state not in OPEN:
        raise Refused(_l("It is ruled on already."))
    if what not in STRENGTHS:
        raise Invalid("what", _l("Say what it proves."))
    if not draft.text.strip():
        raise Invalid("text", _l("Say what it is."))
    if draft.on > clock.today():
        raise Invalid("on", _l("This day lies in the future."))
    side = side_of(session, conflict, by)
    files = files_of(session, draft, by)
    note = add_note(
        session,
        side,
        "evidence",
        by=by,
        text=draft.text,
        on=draft.on,
        what=what,
        conflict_id=conflict.id,
        files=files,
        about=conflict,
    )
    if side is not None:
        kept = kept_of((*files.photos, *files.documents))
        write_down(session, side, "evidence", by=by, reason=draft.text, what=what, **kept)
    return note


def side_of(session: Session, conflict: Conflict, by: User) -> Registration | None:
    """The registration for which somebody speaks in a conflict; None: for the project. Forbidden for nobody's."""
    if not is_dealer(by):
        if conflict.project_id is None:
            raise Forbidden(_l("Only the two dealers hand in evidence here."))
        require(by, Action.RECORD_LOG)
        return None
    for registration_id in (conflict.registration_id, conflict.other_id):
        registration = session.get(Registration, registration_id) if registration_id else None
        if registration and session.get_one(Dealer, registration.dealer_id).party_id == by.party_id:
            return registration
    raise Forbidden(_l("Only the two dealers hand in evidence here."))


@dataclass(frozen=True, slots=True)
class Ruling:
    """A ruling as it is written: who gets the site (`winner`), by which order, with which reasons; of a split what
    each side gets: percentages that make a hundred, words, and `keeps`: what of its claim, by side."""

    winner: str
    order_key: str
    reason: str
    share: int | None = None
    registration_part: str = ""
    other_part: str = ""
    keeps: dict[str, Part] = field(default_factory=dict)


def rule(session: Session, conflict: Conflict, ruling: Ruling, *, by: User) -> None:
    """Rule on a conflict. What the first four orders leave open, and every appeal, is the director's."""
    require(by, Action.DEALER_DECIDE)
    if conflict.state not in OPEN:
        raise AlreadyDone(details=f"/registrations/conflicts/{conflict.id}")
    if ruling.winner not in WINNERS:
        raise Invalid("winner", _l("Say who gets the site."))
    if not ruling.reason.strip():
        raise Invalid("reason", _l("Write the reasons: both sides read them."))
    if ruling.share is not None and not 0 <= ruling.share <= 100:
        raise Invalid("share", _l("A share is between 0 and 100 percent."))
    steps = load_steps(session, conflict)
    if conflict.state == "appealed" or ruling.order_key == DECIDED_ABOVE:
        if not decides_conflicts_above(by):
            raise Forbidden(_l("This is the director's to decide."))
    elif ruling.order_key not in [step.key for step in steps]:
        raise Invalid("order_key", _l("An order before this one decides already."))
    conflict.winner, conflict.order_key, conflict.reason = ruling.winner, ruling.order_key, ruling.reason.strip()
    conflict.steps = [{"key": one.key, "winner": one.winner, "zh": one.why.zh, "en": one.why.en} for one in steps]
    conflict.shares = shares = _shares(ruling)
    if ruling.winner == "split":
        kept = split(session, conflict, ruling.keeps, by_words=bool(shares))
        conflict.shares = {**shares, "kept": kept} if kept else shares
    else:
        put_back(session, conflict)
    conflict.state = "final" if conflict.state == "appealed" else "ruled"
    conflict.ruled_at, conflict.ruled_by_id = clock.now(), by.id
    session.flush()
    _carry_out(session, conflict, by)
    told = {"winner": ruling.winner, "reason": conflict.reason, "order": ruling.order_key, "shares": conflict.shares}
    events.record(session, Kind.CONFLICT_RULED, conflict, by=by, project_id=conflict.project_id, **told)


def _shares(ruling: Ruling) -> dict[str, Any]:
    shares: dict[str, Any] = {}
    if ruling.share is not None:
        shares |= {"registration": ruling.share, "other": 100 - ruling.share}
    parts = {"registration_part": ruling.registration_part.strip(), "other_part": ruling.other_part.strip()}
    return shares | {key: text for key, text in parts.items() if text}


def _carry_out(session: Session, conflict: Conflict, by: User) -> None:
    registration = session.get_one(Registration, conflict.registration_id)
    wins = conflict.winner in ("registration", "split")
    if conflict.project_id is not None:
        _settle_with_project(session, conflict, registration, wins, by)
    else:
        assert conflict.other_id is not None
        other = session.get_one(Registration, conflict.other_id)
        _settle(session, conflict, registration, conflict.before["registration"], wins, by)
        _settle(session, conflict, other, conflict.before["other"], conflict.winner in ("other", "split"), by)


def _settle_with_project(
    session: Session, conflict: Conflict, registration: Registration, wins: bool, by: User
) -> None:
    project = session.get_one(Project, conflict.project_id, options=[joinedload(Project.team)])
    if project.state == FROZEN_STATE:
        note_state(session, project, "active", by=by, reason=conflict.reason)
    party_id = session.get_one(Dealer, registration.dealer_id).party_id
    if wins:
        join_project(session, project, party_id, by=by)
        _ruled(session, conflict, registration, "pre_registered", by)
    else:
        if project.dealer_id == party_id and registration.project_id == project.id:
            leave_project(session, project, party_id, by=by)
        _ruled(session, conflict, registration, "rejected", by)


def _settle(
    session: Session, conflict: Conflict, registration: Registration, before: str, wins: bool, by: User
) -> None:
    """A dealer who keeps it goes on where he stood; what was not approved yet waits for the desk again."""
    if not wins:
        return _ruled(session, conflict, registration, "rejected", by)
    if before in APPROVED:
        until, progress, days = registration.protected_to, registration.progress_on, registration.progress_days
        if before == "renewed":  # it is the same renewal
            registration.renewals = 0
        _ruled(session, conflict, registration, before, by)
        registration.protected_to, registration.progress_on, registration.progress_days = until, progress, days
        session.flush()
    else:
        registration.word = "free"
        _ruled(session, conflict, registration, "submitted", by)
    return None


def _ruled(session: Session, conflict: Conflict, registration: Registration, state: str, by: User) -> None:
    registration.answer = conflict.reason
    outcome = outcome_of(conflict, registration)
    entry = become(session, registration, state, "ruled", by=by, reason=conflict.reason or "", kept=outcome)
    keeps = Text("", "")
    if conflict.winner == "split":
        part = in_words(registration.categories, registration.buildings)
        share = f"{outcome['share']}%" if "share" in outcome else ""
        keeps = Text(
            f"拆分：您保留{part.zh}{share and f'，占{share}'}。",
            f"It is split: you keep {part.en}{share and f', {share}'}. ",
        )
    tell_dealer(
        session,
        registration,
        f"ruled:{entry.id}",
        f"{registration.name}：已裁定。{keeps.zh}{conflict.reason}",
        f"{registration.name}: the ruling is there. {keeps.en}{conflict.reason}",
    )


def appeal(session: Session, conflict: Conflict, *, by: User, reason: str) -> None:
    """Appeal against a ruling, once; what was ruled holds until the director has decided."""
    if conflict.state != "ruled":
        raise Refused(_l("An appeal is possible once, after the ruling."))
    if not reason.strip():
        raise Invalid("text", _l("Say why the ruling should be changed."))
    side = side_of(session, conflict, by)
    conflict.state, conflict.appeal = "appealed", reason.strip()
    conflict.appealed_at, conflict.appealed_by_id = clock.now(), by.id
    conflict.evidence_by, conflict.rule_by = evidence_due(clock.today()), ruling_due(clock.today())
    session.flush()
    if side is not None:
        write_down(session, side, "appealed", by=by, reason=conflict.appeal)
    events.record(
        session, Kind.CONFLICT_APPEALED, conflict, by=by, project_id=conflict.project_id, reason=conflict.appeal
    )


def may_rule(by: User, conflict: Conflict) -> bool:
    """Whether it is his to rule on now."""
    if not can(by, Action.DEALER_DECIDE) or conflict.state not in OPEN:
        return False
    return conflict.state == "open" or decides_conflicts_above(by)
