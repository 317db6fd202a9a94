"""Entering what somebody is to be given, giving it, calling it off, filing its papers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.documents.operations import list_staged
from tracker.errors import Invalid, Refused
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.models import Approval
from tracker.matrix.operations.approvals import check_askable, enter_request
from tracker.matrix.operations.judging import wish_to_json
from tracker.matrix.operations.refreshing import refresh
from tracker.parties.models import Contact
from tracker.projects.models import Project
from tracker.rewards.models import Occasion, Reward
from tracker.rewards.operations.judging import Verdict, judge_reward
from tracker.team.models import User
from workflows.wishes import fingerprint


@dataclass(frozen=True, slots=True)
class RewardDraft:
    """What is to be given to whom, worth how many CNY, when and why; for which project, at which occasion."""

    contact: Contact
    kind: str
    what: str
    on: date
    reason: str
    value: Decimal = Decimal(0)
    project: Project | None = None
    occasion: Occasion | None = None


def enter_reward(session: Session, draft: RewardDraft, *, by: User) -> Reward:
    """Enter what somebody is to be given, before it is given; raises Blocked or Refused where the rules forbid it.

    What the rules leave to compliance and supervisor is asked of them at once, by the draft's reason.
    """
    require(by, Action.REWARD_ENTER)
    _check(draft)
    verdict = judge_reward(
        session, draft.contact, draft.project, kind=draft.kind, value=draft.value, on=clock.today(), by=by
    )
    reward = Reward(
        contact=draft.contact,
        occasion=draft.occasion,
        project=draft.project,
        kind=draft.kind,
        what=draft.what.strip(),
        value=draft.value,
        on=draft.on,
        reason=draft.reason.strip(),
        needs_papers="file_papers" in {mark for fired in verdict.decision.fired for mark in fired.marks},
        team_id=by.team_id,
        by=by,
    )
    session.add(reward)
    session.flush()
    told: dict[str, Any] = {"contact_id": reward.contact_id, "contact": draft.contact.name, "what": reward.what}
    events.record(session, Kind.REWARD_ENTERED, reward, by=by, project_id=reward.project_id, **told)
    if not verdict.decision.allowed:
        reward.approval = _ask(session, reward, verdict, by)
        session.flush()
    return reward


def _check(draft: RewardDraft) -> None:
    if not draft.what.strip():
        raise Invalid("what", _l("Say what he is given."))
    if not draft.reason.strip():
        raise Invalid("reason", _l("Say in a sentence what it is for."))
    if draft.value < 0:
        raise Invalid("value", _l("An amount is not below zero."))
    if draft.contact.forgotten_at is not None:
        raise Invalid("who", _l("This person asked to be forgotten."))


def _ask(session: Session, reward: Reward, verdict: Verdict, by: User) -> Approval:
    """Ask those whom the rules name."""
    definition, facts, wish = verdict.definition, verdict.facts, verdict.wish
    decision = check_askable(definition, facts, wish, reward.reason)
    kept = {**wish_to_json(wish), "reward": reward.id, "what": reward.what, "who": reward.contact.name}
    approval = Approval(
        project_id=reward.project_id,
        team_id=None if reward.project_id else reward.team_id,
        wish={**kept, "in_phase": facts.phase},
        fingerprint=fingerprint(definition, facts, wish),
    )
    enter_request(session, approval, decision, by=by, reason=reward.reason)
    if reward.project is not None:
        refresh(session, reward.project)
    return approval


def carry_out(session: Session, approval: Approval, asker: User) -> None:
    """With the last signature it may be given, unless the rules have come to forbid it; then raises Refused."""
    reward = session.get_one(Reward, approval.wish["reward"])
    if reward.called_off is not None:
        raise Refused(_l("This was called off."))
    _judge_again(session, reward, clock.today(), asker)


def _judge_again(session: Session, reward: Reward, on: date, by: User) -> None:
    value = reward.value if reward.given_value is None else reward.given_value
    contact = session.get_one(Contact, reward.contact_id)
    project = session.get_one(Project, reward.project_id) if reward.project_id else None
    judge_reward(session, contact, project, kind=reward.kind, value=value, on=on, by=by)


def give_reward(session: Session, reward: Reward, *, by: User, on: date, value: Decimal | None = None) -> None:
    """Write down that it was given. What costs more than was agreed is another matter and entered anew."""
    _require_open(reward, by)
    if reward.state != "agreed":
        raise Refused(_l("This waits for consent; it is not given before."))
    if on > clock.today():
        raise Invalid("given_on", _l("This day lies in the future."))
    if value is not None and value > reward.value:
        raise Invalid("value", _l("More than was agreed: enter it anew, with its reason."))
    if value is not None and value < 0:
        raise Invalid("value", _l("An amount is not below zero."))
    _judge_again(session, reward, on, by)
    reward.given_on, reward.given_value = on, reward.value if value is None else value
    session.flush()
    told: dict[str, Any] = {"on": on.isoformat(), "what": reward.what, "contact_id": reward.contact_id}
    events.record(session, Kind.REWARD_GIVEN, reward, by=by, project_id=reward.project_id, **told)


def call_off(session: Session, reward: Reward, *, by: User, reason: str) -> None:
    """Call it off; a request that waits for it is taken back."""
    _require_open(reward, by)
    if not reason.strip():
        raise Invalid("reason", _l("Say in a sentence why."))
    if reward.given_on is not None:
        raise Refused(_l("It was given already."))
    reward.called_off = reason.strip()
    if reward.approval is not None and reward.approval.state == "open":
        reward.approval.state, reward.approval.decided_at = "withdrawn", clock.now()
    session.flush()
    events.record(
        session, Kind.REWARD_CALLED_OFF, reward, by=by, project_id=reward.project_id, reason=reward.called_off
    )


def answer_invitation(session: Session, reward: Reward, *, by: User, answer: str) -> None:
    """Note what he said to the invitation."""
    _require_open(reward, by)
    if answer not in ("accepted", "declined"):
        raise Invalid("answer", _l("Choose one of the values in the list."))
    before, reward.answer = reward.answer, answer
    session.flush()
    events.record(session, Kind.REWARD_ANSWERED, reward, by=by, before=before, answer=answer)


def file_papers(
    session: Session, reward: Reward, *, by: User, note: str, documents: Iterable[str] = (), also: Sequence[Any] = ()
) -> None:
    """File the papers of what was given: a document at least, of it or of its occasion (`also`), or where they lie."""
    require(by, Action.REWARD_ENTER)
    if reward.given_on is None:
        raise Refused(_l("Papers are filed after it was given."))
    staged = list_staged(session, documents, by=by)
    if not staged and not also and not reward.documents and not note.strip():
        raise Invalid("note", _l("Attach a paper, or say where it lies: contract, invoice, list of who came."))
    for document in staged:
        document.reward_id = reward.id
    reward.papers_on, reward.papers_note = reward.papers_on or clock.today(), note.strip() or reward.papers_note
    session.flush()
    for document in staged:
        events.record(session, Kind.DOCUMENT_ADDED, document, by=by, file=document.file_name)
    session.expire(reward, ["documents"])
    told: dict[str, Any] = {"note": reward.papers_note, "count": len(staged)}
    events.record(session, Kind.REWARD_PAPERS_FILED, reward, by=by, project_id=reward.project_id, **told)


def _require_open(reward: Reward, by: User) -> None:
    require(by, Action.REWARD_ENTER)
    if reward.called_off is not None:
        raise Refused(_l("This was called off."))
