"""Two claims on one site: frozen and told together, evidence by a day, the orders one by one, a ruling, one appeal."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session, joinedload

from tracker import clock, events
from tracker.access import Action, can, is_dealer, require, visible
from tracker.access.of_registrations import decides_conflicts_above
from tracker.dealers.models import Dealer
from tracker.errors import AlreadyDone, Forbidden, Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.operations.judging import enforce, facts_of, judge
from tracker.notifications.operations.mailing import Mailing
from tracker.projects.models import Project
from tracker.projects.operations.lifecycle import note_state
from tracker.projects.operations.people import take_in
from tracker.registrations.models import APPROVED, STANDING, Conflict, Registration, RegistrationNote
from tracker.registrations.operations.handing_in import NoteDraft, add_note, files_of, kept_of
from tracker.registrations.operations.lines import FROZEN, freeze_own, settle_own_lines, settle_with_ours, thaw
from tracker.registrations.operations.registering import become, write_down
from tracker.registrations.operations.splitting import Part, in_words, outcome_of, put_back, sides_of, split
from tracker.registrations.operations.telling import tell_dealer, tell_directors, tell_ours
from tracker.registrations.queries.checking import check
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
    mailing: Mailing | None = None,
) -> Conflict:
    """Freeze both sides (G27) and tell them together."""
    require(by, Action.DEALER_DECIDE)
    if registration.state not in STANDING or registration.state == "in_conflict":
        raise Refused(_l("Only what waits or protects can be in conflict."))
    if (project_id is None) == (other is None):
        raise Invalid("against", _l("Choose with what it is in conflict."))
    today = clock.today()
    before: dict[str, Any] = {"registration": registration.state}
    if project_id is not None:
        project, stranger = _project(session, project_id, registration, by)
        if project.state != "active":
            raise Refused(_l("Only an active project can be frozen."))
        definition, facts = facts_of(session, project)
        wish = ConfirmConflict(registration.id)
        enforce(judge(definition, facts, wish), wish)
        if registration.project_id is None:
            registration.project_id = project.id
        note_state(session, project, FROZEN_STATE, by=by, reason=None, rules=["G27"])
        if stranger:
            take_in(session, project, by, by=by)
    if other is not None:
        if other.state not in STANDING or other.state == "in_conflict" or other.id == registration.id:
            raise Refused(_l("Only what waits or protects can be in conflict."))
        before["other"] = other.state
    both = [side for side in (registration, other) if side is not None]
    before[FROZEN] = freeze_own(session, both, by=by, besides=project_id)
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
    for side in both:
        become(session, side, "in_conflict", "in_conflict", by=by)
        tell_dealer(
            session,
            side,
            f"conflict:{conflict.id}",
            f"{side.name}：进入仲裁，请在 {conflict.evidence_by} 前提交证据，{conflict.rule_by} 前裁定。",
            f"{side.name}: it is contested. Hand in evidence by {conflict.evidence_by}; "
            f"the ruling is due by {conflict.rule_by}.",
            mailing,
        )
    if project_id is not None:
        tell_ours(
            session,
            conflict,
            f"conflict:{conflict.id}",
            f"与一份经销商报备冲突，已冻结：请在 {conflict.evidence_by} 前提交证据，{conflict.rule_by} 前裁定。",
            f"In conflict with a dealer's registration and frozen: hand in evidence by {conflict.evidence_by}; "
            f"the ruling is due by {conflict.rule_by}.",
            mailing,
        )
    events.record(
        session, Kind.CONFLICT_OPENED, conflict, by=by, project_id=project_id, until=conflict.rule_by.isoformat()
    )
    return conflict


def _project(session: Session, project_id: int, registration: Registration, by: User) -> tuple[Project, bool]:
    """The project that is contested, and whether who decides does not see it yet: then the matcher has to name it, and
    he belongs to it from now on, so that he can weigh what is on record there."""
    query = select(Project).where(Project.id == project_id).options(joinedload(Project.team))
    found = session.scalar(query.where(visible(Project, by)))
    if found is not None:
        return found, False
    likes = check(session, by, registration, session.get_one(Dealer, registration.dealer_id)).likes
    if not any((like.hit.kind, like.hit.id) == ("project", project_id) for like in likes):
        raise Invalid("against", _l("Choose a project that you see."))
    return session.scalars(query).one(), True


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


def rule(session: Session, conflict: Conflict, ruling: Ruling, *, by: User, mailing: Mailing | None = None) -> None:
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
    _carry_out(session, conflict, by, mailing)
    told = {"winner": ruling.winner, "reason": conflict.reason, "order": ruling.order_key, "shares": conflict.shares}
    events.record(session, Kind.CONFLICT_RULED, conflict, by=by, project_id=conflict.project_id, **told)


def _shares(ruling: Ruling) -> dict[str, Any]:
    shares: dict[str, Any] = {}
    if ruling.share is not None:
        shares |= {"registration": ruling.share, "other": 100 - ruling.share}
    parts = {"registration_part": ruling.registration_part.strip(), "other_part": ruling.other_part.strip()}
    return shares | {key: text for key, text in parts.items() if text}


def _carry_out(session: Session, conflict: Conflict, by: User, mailing: Mailing | None) -> None:
    """Let projects and their lines, then the registrations follow the ruling, and tell both sides."""
    thaw(session, conflict, by=by)
    settle_own_lines(session, conflict, by=by)
    registration = session.get_one(Registration, conflict.registration_id)
    if conflict.project_id is not None:
        settle_with_ours(session, conflict, registration, by=by)
        tell_ours(
            session,
            conflict,
            f"ruled:{conflict.id}:{conflict.state}",
            f"与经销商报备的冲突已裁定：{conflict.reason}",
            f"The conflict with a dealer's registration is ruled on: {conflict.reason}",
            mailing,
        )
    for side, claim in sides_of(session, conflict).items():
        stood, as_it_stood = _after(conflict, claim, side)
        _ruled(session, conflict, claim, stood, by, mailing, as_it_stood=as_it_stood)


def _after(conflict: Conflict, registration: Registration, side: str) -> tuple[str, bool]:
    """The state of a side's registration after the ruling, and whether its protection goes on as it stood.

    A dealer who keeps it goes on where he was. What was not approved yet protects from the ruling on where it met a
    project of ours, else it waits for the desk again.
    """
    before = conflict.before[side]
    if registration.state in APPROVED:  # it was approved after a first ruling
        before = registration.state
    if conflict.winner not in (side, "split"):
        return "rejected", False
    if before in APPROVED:
        return before, True
    if conflict.project_id is not None:
        return "pre_registered", False
    registration.word = "free"
    return "submitted", False


def _ruled(
    session: Session,
    conflict: Conflict,
    registration: Registration,
    state: str,
    by: User,
    mailing: Mailing | None,
    *,
    as_it_stood: bool,
) -> None:
    registration.answer = conflict.reason
    outcome = outcome_of(conflict, registration)
    entry = become(session, registration, state, "ruled", by=by, reason=conflict.reason or "", kept=outcome,
                   as_it_stood=as_it_stood)  # fmt: skip
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
        mailing,
    )


def appeal(session: Session, conflict: Conflict, *, by: User, reason: str, mailing: Mailing | None = None) -> None:
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
    _tell_of_appeal(session, conflict, side, mailing)


def _tell_of_appeal(session: Session, conflict: Conflict, side: Registration | None, mailing: Mailing | None) -> None:
    """The other side may hand in evidence again, and the director has to rule."""
    key, by, until = f"appealed:{conflict.id}", conflict.evidence_by, conflict.rule_by
    zh = f"对方已申诉：请在 {by} 前补充证据，总监将在 {until} 前裁定。"
    en = f"There is an appeal: more evidence may come by {by}; the director rules by {until}."
    for other in sides_of(session, conflict).values():
        if other is not side:
            tell_dealer(session, other, key, f"{other.name}：{zh}", f"{other.name}: {en}", mailing)
    if side is not None and conflict.project_id is not None:
        tell_ours(session, conflict, key, zh, en, mailing)
    registration = session.get_one(Registration, conflict.registration_id)
    tell_directors(
        session,
        registration,
        key,
        f"{registration.name}：对裁定的申诉待您裁定，截至 {until}。",
        f"{registration.name}: an appeal against the ruling is yours to decide by {until}.",
        due_on=until,
        mailing=mailing,
    )


def may_rule(by: User, conflict: Conflict) -> bool:
    """Whether it is his to rule on now."""
    if not can(by, Action.DEALER_DECIDE) or conflict.state not in OPEN:
        return False
    return conflict.state == "open" or decides_conflicts_above(by)
