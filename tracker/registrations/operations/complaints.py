"""Complaints about diverted prices and goods and about faked sites: entered with evidence, decided with a reason.

Nobody but who decides learns who complained. A dealer does not know whom he complains about; the desk finds out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, is_dealer, require
from tracker.dealers.models import Dealer
from tracker.dealers.operations.profiles import touch
from tracker.dealers.operations.telling import managers_of, people_of, tell_about_dealer
from tracker.errors import AlreadyDone, Invalid
from tracker.events import Kind
from tracker.i18n import _l
from tracker.notifications.operations.mailing import Mailing
from tracker.registrations.models import DiversionComplaint
from tracker.registrations.operations.handing_in import add_note, files_of
from tracker.team.models import User

ABOUT = ("price", "goods", "site")
"""A project's price used elsewhere; a project's goods sold elsewhere; a site that is not there."""
VERDICTS = ("upheld", "dismissed")
KIND, DECIDED = "complaint_news", "annotate"
"""Of what is told; a verdict goes by mail unless its reader wants none of these."""


@dataclass(frozen=True, slots=True)
class ComplaintDraft:
    """A complaint as it is typed; `photos` and `documents` are tokens of staged files."""

    about: str
    site: str
    text: str
    on: date
    suspect: str = ""
    dealer_id: int | None = None
    photos: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


def complain(
    session: Session, draft: ComplaintDraft, *, by: User, mailing: Mailing | None = None
) -> DiversionComplaint:
    """Enter a complaint with its evidence; dealer management decides. One of ours may name the dealer."""
    require(by, Action.REGISTRATION_FILE if is_dealer(by) else Action.RECORD_LOG)
    if draft.about not in ABOUT:
        raise Invalid("about", _l("Choose from the list."))
    if not draft.text.strip():
        raise Invalid("text", _l("Say what it is."))
    if draft.on > clock.today():
        raise Invalid("on", _l("This day lies in the future."))
    files = files_of(session, draft, by)
    if not files.any:
        raise Invalid("text", _l("A complaint needs proof: a picture or a paper."))
    named = None if is_dealer(by) else draft.dealer_id
    complaint = DiversionComplaint(
        about=draft.about,
        site=draft.site.strip(),
        text=draft.text.strip(),
        on=draft.on,
        suspect=draft.suspect.strip() or None,
        dealer_id=named,
        by_id=by.id,
        by_party_id=by.party_id,
    )
    session.add(complaint)
    session.flush()
    add_note(
        session, None, "complaint", by=by, text=draft.text, on=draft.on, complaint_id=complaint.id, files=files,
        about=complaint,
    )  # fmt: skip
    events.record(session, Kind.COMPLAINT_ENTERED, complaint, by=by, what=draft.about)
    told = session.get_one(Dealer, named) if named is not None else _complaining(session, complaint)
    if told is not None:
        tell_about_dealer(
            session, told, key=f"complaint:{complaint.id}", audience="management", people=managers_of(session, told),
            zh=f"收到一条串货或造假投诉，编号 {complaint.id}，待裁定。",
            en=f"A complaint about diversion or a faked site, number {complaint.id}, waits for a decision.",
            kind=KIND, mailing=mailing,
        )  # fmt: skip
    _tell_complainer(
        session, complaint, "remind", "entered", f"已收到贵公司的投诉，编号 {complaint.id}，渠道管理部将核查。",
        f"Your complaint number {complaint.id} is here; dealer management looks into it.", mailing,
    )  # fmt: skip
    return complaint


def _complaining(session: Session, complaint: DiversionComplaint) -> Dealer | None:
    """The dealer who complained, where it was one."""
    if complaint.by_party_id is None:
        return None
    return session.scalar(select(Dealer).where(Dealer.party_id == complaint.by_party_id))


def _tell_complainer(
    session: Session, complaint: DiversionComplaint, level: str, what: str, zh: str, en: str, mailing: Mailing | None
) -> None:
    """Tell the people of the dealer who complained; whom it turned out to be about they do not learn."""
    dealer = _complaining(session, complaint)
    if dealer is not None:
        tell_about_dealer(
            session, dealer, key=f"complaint:{complaint.id}:{what}", audience="dealer",
            people=people_of(session, dealer), zh=zh, en=en, kind=KIND, level=level, mailing=mailing,
        )  # fmt: skip


def decide_complaint(
    session: Session,
    complaint: DiversionComplaint,
    verdict: str,
    *,
    by: User,
    reason: str,
    dealer: Dealer | None = None,
    deliberate: bool = False,
    mailing: Mailing | None = None,
) -> None:
    """Uphold or dismiss it with a reason, both read it; an upheld one counts in the dealer's quarter."""
    require(by, Action.DEALER_DECIDE)
    if complaint.state != "open":
        raise AlreadyDone(details=f"/registrations/complaints/{complaint.id}")
    if verdict not in VERDICTS:
        raise Invalid("verdict", _l("Choose from the list."))
    if not reason.strip():
        raise Invalid("reason", _l("Write the reasons: both sides read them."))
    if verdict == "upheld" and dealer is None:
        raise Invalid("dealer_id", _l("Say which dealer it is about."))
    if dealer is not None and complaint.by_party_id == dealer.party_id:
        raise Invalid("dealer_id", _l("Nobody complains about himself."))
    complaint.dealer_id = dealer.id if dealer else complaint.dealer_id
    complaint.state, complaint.reason = verdict, reason.strip()
    complaint.deliberate = deliberate and verdict == "upheld"
    complaint.decided_at, complaint.decided_by_id = clock.now(), by.id
    session.flush()
    events.record(session, Kind.COMPLAINT_DECIDED, complaint, by=by, state=verdict, reason=complaint.reason)
    if verdict == "upheld" and dealer is not None:
        touch(session, dealer)
        tell_about_dealer(
            session, dealer, key=f"complaint:{complaint.id}:upheld", audience="dealer",
            people=people_of(session, dealer), zh=f"一条关于贵公司的投诉成立：{complaint.reason}",
            en=f"A complaint about your company was upheld: {complaint.reason}", kind=KIND, level=DECIDED,
            mailing=mailing,
        )  # fmt: skip
    zh, en = ("成立", "upheld") if verdict == "upheld" else ("不成立", "dismissed")
    _tell_complainer(
        session, complaint, DECIDED, verdict, f"贵公司的投诉（编号 {complaint.id}）{zh}：{complaint.reason}",
        f"Your complaint number {complaint.id} was {en}: {complaint.reason}", mailing,
    )  # fmt: skip
