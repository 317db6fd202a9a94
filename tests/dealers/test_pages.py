"""The pages about dealers: what they do, refuse and keep, how much they ask, and that a dealer sees his own alone."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from openpyxl import load_workbook
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.dealers.making import (
    AUTUMN,
    FEBRUARY,
    KEYS,
    LONG_AGO,
    graded,
    line,
    make_applicant,
    make_qualified,
    months_ago,
    to,
)
from tests.factories import make_contact, make_party, make_project
from tests.matrix.making import text_of
from tests.rows import count
from tracker import clock
from tracker.dealers.models import (
    Dealer,
    DealerContract,
    DealerEvaluation,
    DealerPaper,
    DealerSupport,
    SignalFinding,
    StockLine,
    StockReport,
    SupplyQuota,
)
from tracker.dealers.operations.evaluating import begin_evaluation
from tracker.dealers.operations.profiles import ContractDraft, keep_contract
from tracker.dealers.operations.stock import report_stock
from tracker.dealers.operations.supplying import propose_quota
from tracker.dealers.operations.supporting import grant_support
from tracker.dealers.queries.evaluations import get_evaluation
from tracker.dealers.queries.profiles import get_dealer
from tracker.documents.models import Document
from tracker.registrations.models import Registration
from tracker.storage import FolderStorage
from tracker.team.models import User

BUDGET = 14  # statements for a page, signing in included


@pytest.fixture
def dealer(session: Session, cast: Cast, desk: User) -> Dealer:
    """Xinyuan, qualified, for the north."""
    return make_qualified(session, cast.xinyuan, by=desk, since=LONG_AGO, regions=(cast.region_north,))


def part(number: int, **values: object) -> dict[str, str]:
    """The fields of one product."""
    plain = {"category": "tiles", "product": "", "unit": "m2", "opening": "0", "bought": "0", "sold": "0", "stock": ""}
    return {f"lines-{number}-{name}": str(value) for name, value in {**plain, **values}.items()}


# The list


def test_the_list_is_narrowed_by_state_grade_region_and_late_reports(
    session: Session, cast: Cast, browser: Browser, desk: User, dealer: Dealer
) -> None:
    make_applicant(session, cast.hongda, by=desk, regions=(cast.region_south,))
    graded(session, dealer, AUTUMN, 90, desk)
    session.commit()
    client = browser.of(cast.sales1)

    def names(query: str) -> list[str]:
        page = client.get(f"/dealers{query}").text
        return re.findall(r'class="site" href="/dealers/\d+" data-user-text>([^<]+)<', page)

    assert names("") == ["Hongda Trading", "Xinyuan Materials"]
    assert names("?state=applicant") == ["Hongda Trading"]
    assert names("?grade=A") == names(f"?region={cast.region_north.id}") == names("?late=1") == ["Xinyuan Materials"]
    assert names("?grade=D") == [] and names("?q=hongda") == ["Hongda Trading"]
    report_stock(session, get_dealer(session, desk, dealer.id), FEBRUARY, [line(0, 1, 0)], by=desk)
    session.commit()
    assert names("?late=1") == []


def test_a_dealers_page_counts_his_registrations_and_leads_to_them(
    session: Session, cast: Cast, browser: Browser, desk: User, dealer: Dealer
) -> None:
    for number, state in enumerate(("registered", "registered", "expired", "draft")):
        plain = {"kind": "hotel", "step": "structure", "categories": ["tiles"], "buildings": []}
        handed_in = clock.now() if state != "draft" else None
        session.add(
            Registration(dealer_id=dealer.id, name=f"Site {number}", state=state, submitted_at=handed_in, **plain)
        )
    session.commit()
    page = browser.of(desk).get(f"/dealers/{dealer.id}").text
    assert f"/registrations?dealer={dealer.id}" in page and "state=registered" in page
    assert "state=expired" in page and "state=draft" not in page
    assert browser.of(desk).get(f"/registrations?dealer={dealer.id}&state=registered").text.count("Site ") >= 2
    none = browser.of(cast.sales1).get(f"/dealers/{dealer.id}").text
    assert "state=registered" not in none, "who sees none of them learns of none"


def test_lists_go_out_as_files(session: Session, cast: Cast, browser: Browser, desk: User, dealer: Dealer) -> None:
    report_stock(session, dealer, FEBRUARY, [line(10, 5, 3, flows=(to(None, 2, "Shop"),))], by=desk)
    graded(session, dealer, AUTUMN, 90, desk)
    grant_support(session, dealer, by=desk, kind="training", what="Laying slabs", on=date(2026, 3, 2))
    propose_quota(session, by=desk, category="tiles", month=date(2026, 3, 1), unit="m2", quantity=9, reason="Short")
    session.commit()
    client = browser.of(cast.sales1)
    addresses = {
        "/dealers": "Xinyuan Materials",
        f"/dealers/{dealer.id}/stock": "2026-02",
        "/dealers/evaluations": "2025 Q4",
        f"/dealers/{dealer.id}/support": "Laying slabs",
        "/dealers/quotas": "Xinyuan Materials",
    }
    for address, expected in addresses.items():
        answer = client.get(f"{address}?export=xlsx")
        assert answer.status_code == 200, address
        sheet = load_workbook(io.BytesIO(answer.data)).active
        assert any(expected in [str(cell) for cell in row] for row in sheet.iter_rows(values_only=True)), address
        assert client.get(f"{address}?export=csv").status_code == 200


# The profile


def test_a_firm_becomes_a_dealer_and_the_form_keeps_what_was_typed(
    session: Session, cast: Cast, browser: Browser, desk: User
) -> None:
    client = browser.of(desk)
    assert "Xinyuan Materials" in client.get("/dealers/new").text
    form: dict[str, Any] = {"party_id": cast.xinyuan.id, "since": "2026-01-01", "regions": [cast.region_north.id],
                            "categories": ["tiles"], "note": "Since the fair"}  # fmt: skip
    refused = client.post("/dealers/new", data={**form, "since": "yesterday"})
    assert refused.status_code == 422 and "Since the fair" in refused.text and "year-month-day" in refused.text
    assert client.post("/dealers/new", data={**form, "party_id": ""}).status_code == 422
    assert client.post("/dealers/new", data=form).status_code == 303
    dealer = session.scalars(select(Dealer)).one()
    assert (dealer.state, dealer.categories) == ("applicant", ["tiles"])
    again = client.post("/dealers/new", data=form)
    assert again.status_code == 422


def test_a_stale_profile_comes_back_with_both_versions(
    session: Session, browser: Browser, desk: User, dealer: Dealer, cast: Cast
) -> None:
    client = browser.of(desk)
    page = client.get(f"/dealers/{dealer.id}/edit").text
    assert re.search(rf'value="{cast.region_north.id}"[^>]*checked|checked[^>]*value="{cast.region_north.id}"', page)
    form: dict[str, Any] = {"since": "2024-01-01", "regions": [cast.region_north.id], "note": "Mine",
                            "version": str(dealer.version - 1)}  # fmt: skip
    stale = client.post(f"/dealers/{dealer.id}/edit", data=form)
    assert stale.status_code == 409 and "Mine" in stale.text and "It is now" in stale.text
    assert client.post(f"/dealers/{dealer.id}/edit", data={**form, "version": str(dealer.version)}).status_code == 303


def test_a_paper_is_kept_with_its_file_which_the_dealer_may_read_and_no_other(
    session: Session, cast: Cast, browser: Browser, desk: User, dealer: Dealer, media: FolderStorage
) -> None:
    client, address = browser.of(desk), f"/dealers/{dealer.id}/papers/licence"
    assert client.get(address).status_code == 200
    assert client.get(f"/dealers/{dealer.id}/papers/passport").status_code == 404
    assert client.post(f"/dealers/{dealer.id}/papers/passport", data={"text": "x"}).status_code == 404
    assert client.post(address, data={"text": "", "expires_on": "2027-01-01"}).status_code == 422
    file = (io.BytesIO(b"%PDF-1.4 %%EOF"), "licence.pdf")
    sent = client.post(address, data={"text": "9141", "expires_on": "2027-01-01", "papers": file},
                       content_type="multipart/form-data")  # fmt: skip
    assert sent.status_code == 303
    paper = session.scalars(select(DealerPaper).where(DealerPaper.kind == "licence")).one()
    assert (paper.text, paper.expires_on) == ("9141", date(2027, 1, 1))
    token = session.scalars(select(Document.token)).one()
    assert "licence.pdf" in client.get(f"/dealers/{dealer.id}").text
    got = {name: browser.of(user).get(f"/documents/{token}").status_code for name, user in cast.users.items()}
    assert got["dealer1"] == 200 and got["dealer2"] == 404 and got["sales3"] == 200


def test_a_contract_holds_its_targets_year_by_year(
    session: Session, browser: Browser, desk: User, dealer: Dealer
) -> None:
    client = browser.of(desk)
    form = {"number": "A-1", "starts_on": "2026-01-01", "ends_on": "2027-12-31", "year": "2026", "exclusive": "y"}
    form |= {"whole": "400万", "q1": "50万"}
    wrong = client.post(f"/dealers/{dealer.id}/contracts/new", data={**form, "ends_on": "2025-12-31"})
    assert wrong.status_code == 422 and "cannot end before" in wrong.text and "400万" in wrong.text
    assert client.post(f"/dealers/{dealer.id}/contracts/new", data=form).status_code == 303
    contract = session.scalars(select(DealerContract)).one()
    address = f"/dealers/{dealer.id}/contracts/{contract.id}"
    assert 'value="4000000"' in client.get(address).text
    assert client.post(address, data={**form, "year": "2027", "whole": "500万", "q1": ""}).status_code == 303
    page = text_of(client.get(f"/dealers/{dealer.id}").text)
    assert "2026: year ¥4M · Q1 ¥500k" in page and "2027: year ¥5M" in page
    assert client.get(f"/dealers/{dealer.id}/contracts/{contract.id + 1}").status_code == 404


def test_what_becomes_of_a_dealer_is_decided_with_its_reason(
    session: Session, cast: Cast, browser: Browser, desk: User, dealer: Dealer
) -> None:
    client, address = browser.of(desk), f"/dealers/{dealer.id}/standing"
    assert "is given nothing new" in client.get(address).text
    assert browser.of(cast.sales1).get(address).status_code == 403
    refused = client.post(address, data={"to": "warned", "reason": "Late again"})
    assert refused.status_code == 422 and "Late again" in refused.text and "needs a day" in refused.text
    form = {"to": "warned", "reason": "Late again", "improve_by": "2026-06-01"}
    assert client.post(address, data=form).status_code == 303
    assert "Late again" in client.get(f"/dealers/{dealer.id}").text
    assert "Late again" in browser.of(cast.dealer1).get("/dealers/mine").text
    assert client.post(address, data={"to": "applicant", "reason": "x"}).status_code == 422


# Figures


def test_the_dealer_reports_his_month_on_his_own_page(
    session: Session, cast: Cast, browser: Browser, dealer: Dealer
) -> None:
    project = make_project(session, cast.sales1, dealer=cast.xinyuan, name="Riverside")
    make_project(session, cast.sales1, dealer=cast.hongda, name="Hidden site")
    report_stock(session, dealer, months_ago(2), [line(0, 50, 10, product="Grey")], by=cast.dealer1)
    session.commit()
    client, address = browser.of(cast.dealer1), "/dealers/mine/stock/2026-02"
    page = client.get(address).text
    assert 'value="40"' in page and "Grey" in page, "the month opens with what the last one left"
    assert "Riverside" in page and "Hidden site" not in page
    asked = client.post(address, data={**part(0, sold="5"), "more": "line", "version": "0"})
    assert asked.status_code == 200 and 'name="lines-1-category"' in asked.text and count(session, StockReport) == 1
    asked = client.post(
        address, data={**part(0, sold="5"), "more": "0", "version": "0", "lines-0-flows-0-site": "Shop"}
    )
    assert 'name="lines-0-flows-1-site"' in asked.text and 'value="Shop"' in asked.text
    figures = part(0, opening="40", bought="10", sold="30", stock="25", product="Grey")
    figures |= {"lines-0-flows-0-project_id": str(project.id), "lines-0-flows-0-quantity": "12", "version": "0"}
    refused = client.post(address, data=figures)
    assert refused.status_code == 422 and "40 + 10 - 30 is 20, not 25." in refused.text and 'value="12"' in refused.text
    assert client.post(address, data={**figures, "lines-0-stock": "20", "collected": "8万"}).status_code == 303
    report = session.scalars(select(StockReport).where(StockReport.month == FEBRUARY)).one()
    assert (report.source, report.collected) == ("dealer", Decimal(80000))
    session.expunge_all()  # as in a process that has loaded nothing yet
    assert "Grey" in client.get(address).text
    stale = client.post(address, data={**figures, "lines-0-stock": "20"})
    assert stale.status_code == 409 and "It is now" in stale.text


def test_figures_that_are_no_numbers_come_back_as_typed(browser: Browser, cast: Cast, dealer: Dealer) -> None:
    client = browser.of(cast.dealer1)
    refused = client.post("/dealers/mine/stock/2026-02", data={**part(0, sold="a lot"), "version": "0"})
    assert refused.status_code == 422 and 'value="a lot"' in refused.text and "Write a number" in refused.text
    empty = client.post("/dealers/mine/stock/2026-02", data={"version": "0"})
    assert empty.status_code == 422 and "at least one product" in empty.text


@pytest.mark.parametrize("month", ["2026-03", "2026-04", "2020-01", "soon", "2026-13"])
def test_a_month_that_is_not_over_or_long_past_does_not_exist(
    browser: Browser, cast: Cast, dealer: Dealer, month: str
) -> None:
    assert browser.of(cast.dealer1).get(f"/dealers/mine/stock/{month}").status_code == 404


def test_we_enter_figures_see_signs_and_write_down_what_we_found(
    session: Session, cast: Cast, browser: Browser, desk: User, dealer: Dealer
) -> None:
    client, address = browser.of(desk), f"/dealers/{dealer.id}/stock"
    for back, opening in ((2, 0), (1, 70)):
        month = f"{months_ago(back):%Y-%m}"
        form = {**part(0, opening=opening, bought="100", sold="40"), "version": "0"}
        assert client.post(f"{address}/{month}", data=form).status_code == 303
    page = client.get(address).text
    assert "opens with 70, the month before closed with 60" in page
    (key,) = set(re.findall(r'name="key" value="([^"]+)"', page))
    refused = client.post(f"/dealers/{dealer.id}/signals", data={"key": key, "text": ""})
    assert refused.status_code == 422
    assert client.post(f"/dealers/{dealer.id}/signals", data={"key": "gone", "text": "x"}).status_code == 422
    assert client.post(f"/dealers/{dealer.id}/signals", data={"key": key, "text": "Counted"}).status_code == 303
    assert session.scalars(select(SignalFinding.text)).all() == ["Counted"]
    assert (
        browser.of(cast.sales1).post(f"/dealers/{dealer.id}/signals", data={"key": key, "text": "x"}).status_code == 403
    )
    assert "Counted" in browser.of(cast.sales1).get(address).text


# Evaluations, support, quotas


def test_an_evaluation_is_saved_refused_and_confirmed(
    session: Session, cast: Cast, browser: Browser, desk: User, dealer: Dealer
) -> None:
    client, address = browser.of(desk), f"/dealers/{dealer.id}/evaluations"
    begun = client.post(address, data={"quarter": "2025-10-01"})
    assert begun.status_code == 303
    assert client.post(address, data={"quarter": "2026-01-01"}).status_code == 422
    place = str(begun.location)
    points = {
        f"points-{key}": str(value) for key, value in zip(KEYS, (85, 60, 70, 90, 80, 40, 80, 60, 70, 80), strict=True)
    }
    wrong = client.post(
        place, data={**points, "points-payment": "900", "evidence-payment": "Bank says so", "version": "1"}
    )
    assert wrong.status_code == 422 and 'value="900"' in wrong.text and "Bank says so" in wrong.text
    assert client.post(place, data={**points, "version": "1"}).status_code == 303
    version = str(session.scalars(select(DealerEvaluation.version)).one())
    refused = client.post(place, data={**points, "version": version, "confirm": "1"})
    assert refused.status_code == 422 and "So few points need a sentence" in refused.text
    assert client.post(place, data={**points, "version": "99"}).status_code == 409
    points["evidence-price_discipline"] = "Forty cartons in a shop"
    assert client.post(place, data={**points, "version": version, "confirm": "1"}).status_code == 303
    page = text_of(client.get(place).text)
    assert "Points 73" in page and "Fewest points Price and territory discipline" in page
    his = browser.of(cast.dealer1).get("/dealers/mine").text
    number = re.findall(r"/dealers/mine/evaluations/(\d+)", his)[0]
    assert "Forty cartons in a shop" in browser.of(cast.dealer1).get(f"/dealers/mine/evaluations/{number}").text
    assert browser.of(cast.dealer2).get(f"/dealers/mine/evaluations/{number}").status_code == 404
    assert client.post(f"{place}/reopen", data={"reason": ""}).status_code == 422
    assert client.post(f"{place}/reopen", data={"reason": "Counted twice"}).status_code == 303
    assert browser.of(cast.dealer1).get(f"/dealers/mine/evaluations/{number}").status_code == 404
    assert client.post(f"{place}/reopen", data={"reason": "Again"}).status_code == 422


def test_two_last_grades_in_a_row_propose_the_end(
    session: Session, browser: Browser, desk: User, dealer: Dealer
) -> None:
    graded(session, dealer, date(2025, 7, 1), 30, desk, improve_by=date(2026, 6, 1))
    session.commit()
    client = browser.of(desk)
    assert "asks for a formal warning" in client.get(f"/dealers/{dealer.id}/evaluations").text
    graded(session, get_dealer(session, desk, dealer.id), AUTUMN, 30, desk, improve_by=date(2026, 6, 1))
    session.commit()
    page = client.get(f"/dealers/{dealer.id}/evaluations").text
    assert "it proposes to end the contract" in page and f"/dealers/{dealer.id}/standing?to=ended" in page


def test_support_is_written_down_with_what_came_of_it(
    session: Session, browser: Browser, desk: User, dealer: Dealer
) -> None:
    client, address = browser.of(desk), f"/dealers/{dealer.id}/support"
    form = {"kind": "samples", "what": "A box of slabs", "on": "2026-03-02", "value": "600"}
    refused = client.post(address, data={**form, "on": "2026-04-02"})
    assert refused.status_code == 422 and "A box of slabs" in refused.text
    assert client.post(address, data=form).status_code == 303
    row = session.scalars(select(DealerSupport)).one()
    assert client.post(f"{address}/{row.id}", data={"result": ""}).status_code == 422
    assert client.post(f"{address}/{row.id}", data={"result": "Sealed"}).status_code == 303
    assert client.post(f"{address}/{row.id + 1}", data={"result": "Sealed"}).status_code == 404
    assert "Sealed" in client.get(address).text


def test_a_short_supply_is_proposed_corrected_and_told(
    session: Session, cast: Cast, browser: Browser, desk: User, dealer: Dealer
) -> None:
    client = browser.of(desk)
    form = {"category": "tiles", "month": "2026-03-01", "quantity": "100", "unit": "m2", "reason": "The kiln stands"}
    nothing = client.post("/dealers/quotas/new", data=form)
    assert nothing.status_code == 422 and "nothing to go by" in nothing.text and "The kiln stands" in nothing.text
    report_stock(session, dealer, FEBRUARY, [line(100, 0, 50)], by=cast.dealer1)
    session.commit()
    assert client.post("/dealers/quotas/new", data={**form, "quantity": "0"}).status_code == 422
    made = client.post("/dealers/quotas/new", data=form)
    assert made.status_code == 303
    place, quota = str(made.location), session.scalars(select(SupplyQuota)).one()
    share = re.findall(r'name="granted-(\d+)"', client.get(place).text)[0]
    wrong = client.post(place, data={f"granted-{share}": "x", "version": "1"})
    assert wrong.status_code == 422 and 'value="x"' in wrong.text
    refused = client.post(place, data={f"granted-{share}": "90", "version": "1"})
    assert refused.status_code == 422 and "more or less than proposed" in refused.text
    given = {f"granted-{share}": "90", f"reason-{share}": "Stock is high"}
    assert client.post(place, data={**given, "version": "7"}).status_code == 409
    assert client.post(place, data={**given, "version": "1"}).status_code == 303
    assert "90" not in text_of(browser.of(cast.dealer1).get("/dealers/mine").text)
    assert client.post(f"{place}/tell").status_code == 303
    mine = text_of(browser.of(cast.dealer1).get("/dealers/mine").text)
    assert "90 m2" in mine and "The kiln stands" in mine
    assert client.post(f"{place}/tell").status_code in (303, 409)
    assert quota.id


# What a dealer sees: his own, and nothing of others


@pytest.fixture
def full(session: Session, cast: Cast, desk: User, dealer: Dealer) -> dict[str, Any]:
    """Two dealers with everything of each kind."""
    other = make_qualified(session, cast.hongda, by=desk, since=LONG_AGO, regions=(cast.region_south,))
    for one, by, sold in ((dealer, cast.dealer1, 30), (other, cast.dealer2, 10)):
        report_stock(session, one, FEBRUARY, [line(100, 0, sold)], by=by)
        graded(session, one, AUTUMN, 90, desk)
        grant_support(session, one, by=desk, kind="training", what=f"Course {one.id}", on=date(2026, 3, 2))
        draft = ContractDraft(f"Contract-{one.id}", LONG_AGO, date(2027, 1, 1), targets={(2026, 0): Decimal(100)})
        keep_contract(session, one, draft, by=desk)
    quota = propose_quota(
        session, by=desk, category="tiles", month=date(2026, 3, 1), unit="m2", quantity=90, reason="Short"
    )
    session.commit()
    evaluations = {
        row.dealer_id: row.id for row in session.execute(select(DealerEvaluation.id, DealerEvaluation.dealer_id))
    }
    contracts = {row.dealer_id: row.id for row in session.execute(select(DealerContract.id, DealerContract.dealer_id))}
    lines = {
        row.dealer_id: row.id
        for row in session.execute(select(StockReport.dealer_id, StockLine.id).join(StockReport.lines))
    }
    support = {row.dealer_id: row.id for row in session.execute(select(DealerSupport.id, DealerSupport.dealer_id))}
    return {"own": dealer, "other": other, "quota": quota.id, "evaluations": evaluations, "contracts": contracts,
            "support": support, "lines": lines}  # fmt: skip


def addresses(app: Flask, full: dict[str, Any], whose: Dealer) -> Iterator[tuple[str, str]]:
    """Every address under /dealers, filled in with one dealer's things."""
    values: dict[str, object] = {
        "dealer_id": whose.id, "evaluation_id": full["evaluations"][whose.id], "quota_id": full["quota"],
        "contract_id": full["contracts"][whose.id], "support_id": full["support"][whose.id], "month": "2026-02",
        "kind": "licence", "stock_line_id": full["lines"][whose.id],
    }  # fmt: skip
    for rule in app.url_map.iter_rules():
        if rule.rule.startswith("/dealers") and rule.endpoint.startswith("dealers."):
            address = re.sub(r"<(?:\w+:)?(\w+)>", lambda found: str(values[found.group(1)]), rule.rule)
            yield from ((method, address) for method in (rule.methods or set()) - {"HEAD", "OPTIONS"})


def test_of_all_addresses_a_dealer_has_his_own_corner_alone(
    app: Flask, cast: Cast, browser: Browser, full: dict[str, Any]
) -> None:
    his = {("GET", "/dealers/mine"), ("GET", "/dealers/mine/stock/2026-02"), ("POST", "/dealers/mine/stock/2026-02"),
           ("GET", f"/dealers/mine/evaluations/{full['evaluations'][full['own'].id]}")}  # fmt: skip
    client = browser.of(cast.dealer1)
    reached = set()
    for whose in (full["own"], full["other"]):
        for method, address in addresses(app, full, whose):
            answer = client.open(address, method=method, data={} if method == "POST" else None)
            if answer.status_code != 404:
                reached.add((method, address))
                text = answer.get_data(as_text=True)
                for theirs in ("Hongda", f"Contract-{full['other'].id}", f"Course {full['other'].id}", "signal"):
                    assert theirs not in text, (address, theirs)
    assert reached == his


def test_of_ours_nobody_has_a_corner(app: Flask, cast: Cast, browser: Browser, full: dict[str, Any]) -> None:
    client = browser.of(cast.supervisor)
    for method, address in addresses(app, full, full["own"]):
        if address.startswith("/dealers/mine"):
            assert client.open(address, method=method).status_code == 404, address


def test_a_dealer_without_a_profile_reads_what_comes(cast: Cast, browser: Browser) -> None:
    answer = browser.of(cast.dealer1).get("/dealers/mine")
    assert answer.status_code == 200 and "Nothing here yet" in answer.text
    assert browser.of(cast.dealer1).get("/dealers/mine/stock/2026-02").status_code == 404


# Budgets


def test_no_page_asks_more_than_its_budget_or_more_for_many(
    app: Flask, session: Session, cast: Cast, browser: Browser, desk: User, full: dict[str, Any]
) -> None:
    own = full["own"]
    for number in range(8):
        firm = make_party(session, f"Dealer number {number}", kind="dealer")
        make_applicant(session, firm, by=desk, regions=(cast.region_north, cast.region_south))
        make_project(session, cast.sales1, dealer=cast.xinyuan, name=f"Site {number}")
        make_contact(session, cast.xinyuan, f"Person {number}")
    session.commit()
    open_one = begin_evaluation(session, get_dealer(session, desk, own.id), date(2025, 7, 1), by=desk)
    session.commit()
    assert get_evaluation(session, desk, own.id, open_one.id).marks
    asked: dict[str, int] = {}
    for user in (cast.supervisor, cast.dealer1):
        client = browser.of(user)
        for method, address in {*addresses(app, full, own), ("GET", f"/dealers/{own.id}/evaluations/{open_one.id}")}:
            if method == "GET":
                with counted_queries() as queries:
                    answer = client.get(address)
                if answer.status_code == 200:
                    asked[address] = max(asked.get(address, 0), len(queries))
    assert len(asked) >= 18
    assert {address: number for address, number in asked.items() if number > BUDGET} == {}
