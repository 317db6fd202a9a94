"""Complaints about diversion and faked sites: entered with proof, decided with a reason, counted; nobody is named."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.conftest import NOON
from tests.factories import make_photo
from tracker import clock
from tracker.access import visible
from tracker.dealers.models import Dealer
from tracker.dealers.queries.evaluations import suggest_marks
from tracker.documents.models import Document
from tracker.errors import AlreadyDone, Forbidden, Invalid
from tracker.events import Event, Kind
from tracker.notifications.models import DueThing, Notification, OutboxMail
from tracker.notifications.operations.mailing import Mailing, hand_over
from tracker.registrations.models import DiversionComplaint
from tracker.registrations.operations.complaints import ComplaintDraft, complain, decide_complaint
from tracker.storage import FolderStorage
from tracker.team.models import User
from workflows.dealers import quarter_of
from workflows.loading import load_standard

PDF = b"%PDF-1.4\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"
MINE, OURS = "/dealers/mine/complaints", "/registrations/complaints"
BUDGET = 18


def complained(session: Session, by: User, text: str = "Forty cartons with our labels") -> DiversionComplaint:
    photo = make_photo(session, by, taken_on=clock.today())
    draft = ComplaintDraft("goods", "Shop in Gold Street", text, clock.today(), "Xinyuan", photos=(photo.token,))
    complaint = complain(session, draft, by=by)
    session.commit()
    return complaint


def discipline(session: Session, dealer: Dealer, days: int = 0) -> int | None:
    quarter = quarter_of(clock.today() + timedelta(days=days))
    return suggest_marks(session, dealer, quarter, ["price_discipline"])["price_discipline"].points


def test_the_category_is_one_of_the_definition_that_the_channel_answers_for() -> None:
    known = load_standard().picklist("complaint_categories").get("fake_diversion")
    assert known.extra["usual_party"] == "channel"


def test_a_dealer_complains_the_desk_upholds_it_and_the_other_reads_why_but_not_from_whom(
    session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer, hongda: Dealer, media: FolderStorage
) -> None:
    his, other, office = browser.of(cast.dealer2), browser.of(cast.dealer1), browser.of(desk)
    form = {
        "about": "goods",
        "site": "Shop in Gold Street",
        "suspect": "Maybe Xinyuan",
        "on": clock.today().isoformat(),
    }
    bare = his.post(MINE, data={**form, "text": "Forty cartons"})
    assert bare.status_code == 422 and "needs proof" in bare.text and "Forty cartons" in bare.text
    sent = his.post(MINE, data={**form, "text": "Forty cartons", "papers": (io.BytesIO(PDF), "shop.pdf")})
    assert sent.status_code == 303 and "Forty cartons" in his.get(MINE).text
    complaint = session.scalars(select(DiversionComplaint)).one()
    page = f"{OURS}/{complaint.id}"
    shown = office.get(page).text
    assert "shop.pdf" in shown and "Hongda Trading" in shown and "Maybe Xinyuan" in shown
    assert "Gold Street" in office.get(OURS).text and "Forty" not in other.get(MINE).text
    verdict = {"verdict": "upheld", "dealer_id": xinyuan.id, "reason": "Surplus was sold by the store manager."}
    assert office.post(page, data={**verdict, "reason": ""}).status_code == 422
    assert office.post(page, data={**verdict, "dealer_id": ""}).status_code == 422
    assert office.post(page, data={**verdict, "dealer_id": hongda.id}).status_code == 422
    assert office.post(page, data=verdict).status_code == 303
    read = other.get(MINE).text
    assert "Surplus was sold" in read
    assert [word for word in ("Hongda", "Dealer2", "Gold Street", "Forty", "shop.pdf") if word in read] == []
    assert "Surplus was sold" in his.get(MINE).text and "Xinyuan Materials" not in his.get(MINE).text
    told = select(DueThing.en).join(Notification, Notification.due_thing_id == DueThing.id)
    heard = session.scalars(told.where(Notification.user_id == cast.dealer1.id)).all()
    assert sum("upheld" in text for text in heard) == 1
    paper = session.scalars(select(Document.token)).one()
    assert his.get(f"/documents/{paper}").status_code == 200
    assert other.get(f"/documents/{paper}").status_code == 404
    kinds = session.scalars(select(Event.kind).where(Event.subject == "diversion_complaint").order_by(Event.id)).all()
    assert [kind for kind in kinds if kind != Kind.REGISTRATION_NOTED] == [
        Kind.COMPLAINT_ENTERED, Kind.COMPLAINT_DECIDED
    ]  # fmt: skip


def test_an_upheld_complaint_counts_in_its_quarter_and_a_dismissed_one_never(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer, hongda: Dealer
) -> None:
    assert discipline(session, xinyuan) == 100
    dismissed, upheld = complained(session, cast.dealer2), complained(session, cast.sales1)
    decide_complaint(session, dismissed, "dismissed", by=desk, reason="Another maker's labels.", dealer=xinyuan)
    assert discipline(session, xinyuan) == 100
    decide_complaint(session, upheld, "upheld", by=desk, reason="The labels are his.", dealer=xinyuan, deliberate=True)
    session.commit()
    assert discipline(session, xinyuan) == 70
    assert "veto" in suggest_marks(session, xinyuan, quarter_of(clock.today()), ["price_discipline"])[
        "price_discipline"].grounds  # fmt: skip
    assert discipline(session, xinyuan, -100) == discipline(session, hongda) == 100
    with pytest.raises(AlreadyDone):
        decide_complaint(session, upheld, "dismissed", by=desk, reason="No", dealer=xinyuan)


def test_only_who_looks_after_dealers_decides_and_one_of_ours_sees_but_his_own(
    session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer
) -> None:
    complaint = complained(session, cast.sales1)
    for by in (cast.sales1, cast.technical, cast.dealer1):
        with pytest.raises(Forbidden):
            decide_complaint(session, complaint, "upheld", by=by, reason="So", dealer=xinyuan)
    with pytest.raises(Forbidden):
        complain(session, ComplaintDraft("goods", "x", "x", clock.today()), by=cast.compliance)
    with pytest.raises(Invalid):
        complain(session, ComplaintDraft("taste", "x", "x", clock.today()), by=cast.sales1)
    with clock.frozen(NOON - timedelta(days=1)), pytest.raises(Invalid, match="future"):
        complain(session, ComplaintDraft("goods", "x", "x", NOON.date()), by=cast.sales1)
    seen = {user.username: session.scalars(select(DiversionComplaint.id).where(visible(DiversionComplaint, user))).all()
            for user in (cast.sales1, cast.sales2, desk, cast.dealer1)}  # fmt: skip
    assert seen == {"sales1": [complaint.id], "sales2": [], "dealermgmt": [complaint.id], "dealer1": []}
    assert browser.of(cast.sales1).get(f"{OURS}/{complaint.id}").status_code == 200
    assert browser.of(cast.sales2).get(f"{OURS}/{complaint.id}").status_code == 404


def test_one_of_ours_names_the_dealer_and_his_desk_is_told(
    session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer, media: FolderStorage
) -> None:
    form = {"about": "site", "site": "Field 9", "text": "There is no site", "on": clock.today().isoformat(),
            "dealer_id": xinyuan.id, "papers": (io.BytesIO(PDF), "field.pdf")}  # fmt: skip
    assert browser.of(cast.sales1).post(OURS, data=form).status_code == 303
    assert session.scalars(select(DiversionComplaint.dealer_id)).one() == xinyuan.id
    told = select(DueThing.en).join(Notification, Notification.due_thing_id == DueThing.id)
    assert any("waits for a decision" in text for text in session.scalars(told.where(Notification.user_id == desk.id)))


def test_the_list_of_complaints_asks_little(
    session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer
) -> None:
    for number in range(4):
        complained(session, cast.sales1, f"Carton {number}")
    for user, address in ((desk, OURS), (cast.dealer1, MINE)):
        client = browser.of(user)
        client.get(address)
        with counted_queries() as asked:
            assert client.get(address).status_code == 200
        assert len(asked) <= BUDGET


def test_the_dealer_who_complained_is_told_that_it_is_here_and_how_it_was_decided_also_by_mail(
    session: Session, cast: Cast, desk: User, xinyuan: Dealer, hongda: Dealer
) -> None:
    mailing = Mailing("smtp://mail.example.com", "https://tracker.example.com", "en")
    for user in (cast.dealer1, cast.dealer2):
        user.email = f"{user.username}@example.com"
    cast.dealer2.locale = "zh"
    photo = make_photo(session, cast.dealer2, taken_on=clock.today())
    draft = ComplaintDraft("goods", "Shop in Gold Street", "Forty cartons", clock.today(), photos=(photo.token,))
    complaint = complain(session, draft, by=cast.dealer2, mailing=mailing)
    decide_complaint(session, complaint, "upheld", by=desk, reason="Surplus was sold.", dealer=xinyuan, mailing=mailing)
    session.commit()
    told = select(DueThing.en).join(Notification, Notification.due_thing_id == DueThing.id).order_by(DueThing.id)
    number = complaint.id
    assert session.scalars(told.where(Notification.user_id == cast.dealer2.id)).all()[-2:] == [
        f"Your complaint number {number} is here; dealer management looks into it.",
        f"Your complaint number {number} was upheld: Surplus was sold.",
    ]
    assert any("waits for a decision" in text for text in session.scalars(told.where(Notification.user_id == desk.id)))
    mails = {mail.to: mail for mail in session.scalars(select(OutboxMail))}
    assert f"贵公司的投诉（编号 {number}）成立：Surplus was sold." in mails["dealer2@example.com"].body
    assert "A complaint about your company was upheld: Surplus was sold." in mails["dealer1@example.com"].body
    assert "Xinyuan" not in mails["dealer2@example.com"].body and "Hongda" not in mails["dealer1@example.com"].body
    assert hand_over(session, mails["dealer2@example.com"], sending(mailing), today=clock.today(), now=clock.now()) == (
        "sent"
    )


def sending(mailing: Mailing) -> Mailing:
    """The same, into nothing."""
    return replace(mailing, send=lambda *_where, **_what: None)


def test_a_dismissed_complaint_is_told_to_nobody_but_who_complained(
    session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer, hongda: Dealer
) -> None:
    complaint = complained(session, cast.dealer2)
    decide_complaint(session, complaint, "dismissed", by=desk, reason="Another maker's labels.", dealer=xinyuan)
    session.commit()
    his, other = (browser.of(user).get("/notifications").text for user in (cast.dealer2, cast.dealer1))
    assert "was dismissed" in his and "labels" in his and MINE not in other and "labels" not in other
