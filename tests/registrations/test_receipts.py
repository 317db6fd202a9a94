"""Receipts: a page and a PDF for every line of the register, in the reader's language, for those it concerns."""

from __future__ import annotations

import json
from typing import Any

import pypdfium2
import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser
from tests.registrations.making import handed_in, proof
from tracker.dealers.models import Dealer
from tracker.paper import PaperFault
from tracker.registrations.models import RegisterEntry
from tracker.registrations.operations.answering import Approved, approve
from tracker.registrations.operations.conflicts import Ruling, open_conflict, rule
from tracker.registrations.operations.handing_in import add_progress
from tracker.registrations.operations.registering import BEGINNING
from tracker.team.models import User


def text_of(pdf: bytes) -> str:
    """All that a PDF says, in one line, as lines break where they must."""
    with pypdfium2.PdfDocument(pdf) as document:
        return "".join(page.get_textpage().get_text_range() for page in document).replace("\r\n", "")


def entries(session: Session) -> list[RegisterEntry]:
    return list(session.scalars(select(RegisterEntry).order_by(RegisterEntry.id)))


def address(entry: RegisterEntry) -> str:
    return f"/registrations/{entry.registration_id}/receipts/{entry.id}.pdf"


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_dealer_keeps_a_pdf_of_what_he_handed_in_with_its_hash_and_the_one_before(
    session: Session, cast: Cast, browser: Browser, xinyuan: Dealer, lang: str
) -> None:
    handed_in(session, xinyuan, cast.dealer1, plot_number="BH-2025-08")
    (entry,) = entries(session)
    mine = browser.of(cast.dealer1, lang)
    answer = mine.get(address(entry))
    assert answer.mimetype == "application/pdf" and f"receipt-{entry.id}.pdf" in answer.headers["Content-Disposition"]
    said = text_of(answer.data)
    assert entry.hash in said and BEGINNING in said and "BH-2025-08" in said and "Hailan Bay Resort Hotel" in said
    words = {
        "en": ("handed in", "free", "Materials", "2026-03-16 12:00:00+08:00"),
        "zh": ("已提交", "瓷砖", "2026-03-16 12:00:00+08:00"),
    }[lang]
    assert [word for word in words if word not in said] == []
    page = mine.get(address(entry).removesuffix(".pdf")).text
    assert entry.hash in page and address(entry) in page


def test_a_receipt_names_the_files_that_were_handed_in_by_their_own_hashes(
    session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer
) -> None:
    registration = handed_in(session, xinyuan, cast.dealer1)
    approve(session, registration, Approved(), by=desk)
    note = add_progress(session, registration, proof(session, cast.dealer1), by=cast.dealer1)
    session.commit()
    session.refresh(note, ["photos"])
    (photo,) = note.photos
    entry = entries(session)[-1]
    assert json.loads(entry.content)["files"] == [["site.jpg", photo.sha256]]
    said = text_of(browser.of(cast.dealer1).get(address(entry)).data)
    assert photo.sha256 in said and "Met the purchasing director" in said


def test_each_side_keeps_a_pdf_of_the_ruling_with_its_reasons_and_ours_too(
    session: Session, cast: Cast, browser: Browser, desk: User, xinyuan: Dealer, hongda: Dealer
) -> None:
    first = handed_in(session, xinyuan, cast.dealer1, plot_number="BH-2025-08")
    second = handed_in(session, hongda, cast.dealer2, plot_number="BH-2025-08", name="Sea Hotel")
    conflict = open_conflict(session, second, by=desk, other=first)
    ruling = Ruling("other", "manager_decides", "Both came on one day; the owner knows the first.")
    rule(session, conflict, ruling, by=cast.director)
    session.commit()
    ruled = {entry.registration_id: entry for entry in entries(session) if entry.deed == "ruled"}
    kept = text_of(browser.of(cast.dealer1).get(address(ruled[first.id])).data)
    lost = text_of(browser.of(cast.dealer2).get(address(ruled[second.id])).data)
    assert "it is yours" in kept and "it goes to the other side" in lost
    assert "the owner knows the first" in kept and "the owner knows the first" in lost
    assert "Sea Hotel" not in kept and "Hailan Bay" not in lost
    assert "sales director" in kept
    assert "it is yours" in text_of(browser.of(desk).get(address(ruled[first.id])).data)
    for entry, stranger in ((ruled[first.id], cast.dealer2), (ruled[second.id], cast.dealer1)):
        assert browser.of(stranger).get(address(entry)).status_code == 404


def test_a_paper_that_cannot_be_drawn_leaves_the_page(
    session: Session, cast: Cast, browser: Browser, xinyuan: Dealer, monkeypatch: pytest.MonkeyPatch
) -> None:
    handed_in(session, xinyuan, cast.dealer1)
    (entry,) = entries(session)

    def broken(_paper: Any) -> bytes:
        raise PaperFault("no memory")

    monkeypatch.setattr("tracker.registrations.views.receipts.draw", broken)
    shown = browser.of(cast.dealer1).get(address(entry), follow_redirects=True)
    assert "Print this page instead" in shown.text and entry.hash in shown.text
