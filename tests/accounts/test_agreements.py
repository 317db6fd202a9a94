"""Frame agreements: state by the day, prices for those who may know, call-offs and what remains, renewal."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.making import make_account, make_agreement
from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_party, make_project
from tracker import clock
from tracker.accounts.models import Account, CallOff, FrameAgreement
from tracker.accounts.operations.agreements import (
    attach_papers,
    edit_agreement,
    end_agreement,
    renew_agreement,
)
from tracker.accounts.operations.call_offs import CallOffDraft, call_off, void_call_off
from tracker.accounts.queries.agreements import get_agreement, load_agreement, state_of
from tracker.documents.operations import stage_document
from tracker.errors import Invalid
from tracker.matrix.facts import load_facts
from tracker.parties.models import Party
from tracker.projects.models import Project, ProjectParty
from tracker.projects.queries import get_project
from workflows.engine import is_met
from workflows.loading import load_standard

BUDGET = 14


@pytest.fixture
def group(session: Session) -> Party:
    return make_party(session, "Hengyue Land")


@pytest.fixture
def account(session: Session, cast: Cast, group: Party) -> Account:
    return make_account(session, group, cast.keyaccount)


@pytest.fixture
def agreement(session: Session, cast: Cast, account: Account) -> FrameAgreement:
    return make_agreement(session, account, cast.keyaccount)


def draw(session: Session, agreement: FrameAgreement, project: Project, cast: Cast, **values: Any) -> Any:
    draft = CallOffDraft("tiles", values.pop("on", clock.today()), **values)
    agreement = get_agreement(session, cast.keyaccount, agreement.id)
    whole = get_project(session, cast.keyaccount, project.id)
    drawn = call_off(session, agreement, whole, draft, by=cast.keyaccount)
    session.commit()
    return drawn


@pytest.mark.parametrize(
    ("begins", "ends", "ended", "state"),
    [
        (1, 300, None, "coming"),
        (-10, 300, None, "valid"),
        (-10, 90, None, "expiring"),
        (-10, 0, None, "expiring"),
        (-10, -1, None, "expired"),
        (-10, 300, -1, "ended"),
        (-10, 300, 0, "expiring"),
    ],
)
def test_the_state_follows_from_the_days(begins: int, ends: int, ended: int | None, state: str) -> None:
    today = date(2026, 3, 16)
    days = [today + timedelta(days=number) if number is not None else None for number in (begins, ends, ended)]
    agreement = FrameAgreement(valid_from=days[0], valid_until=days[1], ended_on=days[2])
    assert state_of(agreement, today) == state


def test_a_number_exists_once_and_dates_have_an_order(cast: Cast, browser: Browser, agreement: FrameAgreement) -> None:
    client, address = browser.of(cast.keyaccount), f"/accounts/{agreement.account_id}/agreements/new"
    form = {"number": agreement.number, "valid_from": "2026-01-01", "valid_until": "2026-12-31", "terms": "sixty days"}
    answer = client.post(address, data=form)
    assert answer.status_code == 422 and "sixty days" in answer.get_data(as_text=True)
    backwards = client.post(address, data={**form, "number": "X-1", "valid_until": "2025-12-31"})
    assert backwards.status_code == 422 and "ends before it begins" in backwards.get_data(as_text=True)
    assert client.post(address, data={**form, "number": "X-1"}).status_code == 303


def test_prices_terms_and_values_are_for_those_who_may_know(
    session: Session, cast: Cast, browser: Browser, agreement: FrameAgreement, group: Party
) -> None:
    price = agreement.prices[0].id
    project = make_project(session, cast.sales1, developer=group)
    draw(session, agreement, project, cast, quantity=Decimal(10), price_id=price)
    address = f"/accounts/agreements/{agreement.id}"
    for user in (cast.keyaccount, cast.director, cast.compliance):
        page = browser.of(user).get(address).get_data(as_text=True)
        assert "Porcelain 600" in page and "¥50.00" in page and "¥500.00" in page
    for user in (cast.sales1, cast.supervisor2, cast.technical):
        page = browser.of(user).get(address).get_data(as_text=True)
        assert "1,000" in page and "10 <span" in page
        assert "¥" not in page
    assert browser.of(cast.dealer1).get(address).status_code == 404


def test_papers_are_read_by_those_who_may_know_the_prices(
    app: Any, session: Session, cast: Cast, browser: Browser, agreement: FrameAgreement, media: Any
) -> None:
    paper = stage_document(session, media, b"%PDF-1.4 %%EOF", "agreement.pdf", by=cast.keyaccount)
    attach_papers(session, agreement, [paper], by=cast.keyaccount)
    session.commit()
    address = f"/documents/{paper.token}"
    answers = {name: browser.of(user).get(address).status_code for name, user in cast.users.items()}
    assert [name for name, status in answers.items() if status == 200] == [
        "admin", "gm", "director", "keyaccount", "compliance",
    ]  # fmt: skip
    assert set(answers.values()) == {200, 404}


def test_a_call_off_counts_against_the_volume_and_names_the_agreement(
    session: Session, cast: Cast, browser: Browser, agreement: FrameAgreement, group: Party
) -> None:
    price = agreement.prices[0].id
    project = make_project(session, cast.keyaccount, developer=group)
    form = {"call-project_id": project.id, "call-category": "tiles", "call-on": clock.today().isoformat(),
            "call-quantity": "400", "call-price_id": price}  # fmt: skip
    answer = browser.of(cast.keyaccount).post(f"/accounts/agreements/{agreement.id}/call-offs", data=form)
    assert answer.status_code == 303
    row = session.scalars(select(CallOff)).one()
    assert (row.value, row.unit, row.product) == (Decimal(20_000), "m²", "Porcelain 600")
    session.refresh(project)
    assert project.frame_agreement == agreement.number
    facts = load_facts(session, load_standard(), get_project(session, cast.keyaccount, project.id))
    assert facts.frame_agreement == agreement.number
    found = load_agreement(session, cast.keyaccount, agreement.id, clock.today())
    assert [(one.category, one.quantity, one.left, one.share) for one in found.called] == [("tiles", 400, 600, 40)]


def test_more_than_agreed_is_told_and_kept(
    session: Session, cast: Cast, agreement: FrameAgreement, group: Party
) -> None:
    project = make_project(session, cast.sales1, developer=group)
    assert not draw(session, agreement, project, cast, quantity=Decimal(900), value=Decimal(1)).exceeded
    over = draw(session, agreement, project, cast, quantity=Decimal(200), value=Decimal(1))
    assert over.exceeded and not over.names_it  # keyaccount may not edit sales1's project
    found = load_agreement(session, cast.keyaccount, agreement.id, clock.today())
    assert found.called[0].left == Decimal(-100)
    agreement = get_agreement(session, cast.keyaccount, agreement.id)
    void_call_off(session, agreement, over.call_off, by=cast.keyaccount, reason="Entered twice")
    session.commit()
    found = load_agreement(session, cast.keyaccount, agreement.id, clock.today())
    assert found.called[0].left == Decimal(100)
    assert [one.void for one in found.call_offs] == ["Entered twice", None]


@pytest.mark.parametrize(
    ("category", "days", "values", "field"),
    [
        ("lighting", 0, {"value": Decimal(5)}, "category"),
        ("tiles", -200, {"value": Decimal(5)}, "on"),
        ("tiles", 0, {}, "value"),
        ("tiles", 0, {"quantity": Decimal(5)}, "value"),
        ("tiles", 0, {"value": Decimal(-5)}, "value"),
    ],
)
def test_a_call_off_fits_the_agreement_or_is_refused(
    session: Session,
    cast: Cast,
    agreement: FrameAgreement,
    group: Party,
    category: str,
    days: int,
    values: dict[str, Decimal],
    field: str,
) -> None:
    project = make_project(session, cast.sales1, developer=group)
    agreement = get_agreement(session, cast.keyaccount, agreement.id)
    whole = get_project(session, cast.keyaccount, project.id)
    draft = CallOffDraft(category, clock.today() + timedelta(days=days), **values)
    with pytest.raises(Invalid) as error:
        call_off(session, agreement, whole, draft, by=cast.keyaccount)
    assert error.value.field == field
    assert session.scalars(select(CallOff)).all() == []


def test_a_line_that_the_project_lacks_cannot_be_drawn_on(
    session: Session, cast: Cast, agreement: FrameAgreement, group: Party
) -> None:
    project = make_project(session, cast.sales1, developer=group, categories=("lighting",))
    with pytest.raises(Invalid):
        draw(session, agreement, project, cast, value=Decimal(5))


def test_what_remains_counts_projects_one_does_not_see(
    session: Session, cast: Cast, browser: Browser, agreement: FrameAgreement, group: Party
) -> None:
    project = make_project(session, cast.sales3, name="South Gate", developer=group)
    draw(session, agreement, project, cast, quantity=Decimal(400), value=Decimal(1))
    found = load_agreement(session, cast.sales1, agreement.id, clock.today())
    assert (found.hidden, list(found.call_offs), found.called[0].left) == (1, [], Decimal(600))
    assert "South Gate" not in browser.of(cast.sales1).get(f"/accounts/agreements/{agreement.id}").get_data(
        as_text=True
    )


def test_a_number_that_projects_name_stays(
    session: Session, cast: Cast, agreement: FrameAgreement, group: Party
) -> None:
    values = {"valid_from": agreement.valid_from, "valid_until": agreement.valid_until, "terms": None}
    edit_agreement(session, agreement, by=cast.keyaccount, version=agreement.version, number="N-2", **values)
    project = make_project(session, cast.sales1, developer=group)
    project.frame_agreement = "N-2"
    session.commit()
    agreement = get_agreement(session, cast.keyaccount, agreement.id)
    with pytest.raises(Invalid):
        edit_agreement(session, agreement, by=cast.keyaccount, version=agreement.version, number="N-3", **values)


def test_a_renewal_takes_over_what_was_agreed_and_is_one(
    session: Session, cast: Cast, agreement: FrameAgreement
) -> None:
    begins = agreement.valid_until + timedelta(days=1)
    days = {"valid_from": begins, "valid_until": begins + timedelta(days=365)}
    renewed = renew_agreement(session, agreement, by=cast.keyaccount, number="HY-2", **days)
    session.commit()
    renewed = get_agreement(session, cast.keyaccount, renewed.id)
    assert [(one.category, one.quantity) for one in renewed.categories] == [("tiles", Decimal(1000))]
    assert [(one.product, one.price) for one in renewed.prices] == [("Porcelain 600", Decimal(50))]
    with pytest.raises(Invalid):
        renew_agreement(session, agreement, by=cast.keyaccount, number="HY-3", **days)


def test_an_agreement_ends_early_on_a_day_of_its_own(session: Session, cast: Cast, agreement: FrameAgreement) -> None:
    with pytest.raises(Invalid):
        end_agreement(session, agreement, by=cast.keyaccount, on=date(2030, 1, 1), reason="Sold")
    end_agreement(session, agreement, by=cast.keyaccount, on=clock.today(), reason="Sold")
    assert state_of(agreement, clock.today() + timedelta(days=1)) == "ended"


def test_the_page_asks_as_little_for_many(
    session: Session, cast: Cast, browser: Browser, agreement: FrameAgreement, group: Party
) -> None:
    for number in range(20):
        project = make_project(session, cast.sales1, name=f"Tower {number}", developer=group)
        draw(session, agreement, project, cast, quantity=Decimal(1), value=Decimal(1))
    client = browser.of(cast.keyaccount)
    with counted_queries() as asked:
        page = client.get(f"/accounts/agreements/{agreement.id}").get_data(as_text=True)
    assert page.count("Tower 7") >= 1
    assert len(asked) <= BUDGET, "\n".join(asked)


@pytest.mark.parametrize(
    ("query", "hits"), [("", 2), ("state=valid", 1), ("state=expired", 1), ("q=jc-017", 1), ("q=%25", 0)]
)
def test_agreements_are_found_by_number_and_state(
    session: Session, cast: Cast, browser: Browser, account: Account, agreement: FrameAgreement, query: str, hits: int
) -> None:
    old = clock.today() - timedelta(days=500)
    make_agreement(session, account, cast.keyaccount, number="OLD-1", valid_from=old, valid_until=old + timedelta(99))
    client = browser.of(cast.sales1)
    assert client.get(f"/accounts/agreements?{query}").get_data(as_text=True).count('class="site"') == hits
    assert client.get("/accounts/agreements?q=OLD-1&exact=1").status_code == 303
    assert client.get(f"/accounts/agreements?export=csv&{query}").get_data(as_text=True).count("Hengyue") == hits


def test_the_project_form_offers_the_agreements_in_force_with_its_firms(
    session: Session, cast: Cast, browser: Browser, account: Account, agreement: FrameAgreement, group: Party
) -> None:
    today = clock.today()
    past = {"valid_from": today - timedelta(days=400), "valid_until": today - timedelta(days=1)}
    make_agreement(session, account, cast.keyaccount, number="HY-OLD", **past)
    stopped = make_agreement(session, account, cast.keyaccount, number="HY-STOPPED")
    stopped.ended_on = today - timedelta(days=1)
    other = make_account(session, make_party(session, "Quite Another"), cast.keyaccount)
    make_agreement(session, other, cast.keyaccount, number="QA-1")
    project = make_project(session, cast.sales1, developer=group)
    session.commit()
    page = browser.of(cast.sales1).get(f"/projects/{project.id}/edit").get_data(as_text=True)
    assert f'<option value="{agreement.number}">' in page
    assert not any(number in page for number in ("HY-OLD", "HY-STOPPED", "QA-1"))


@pytest.mark.parametrize(
    ("number", "said"), [("HY-OLD", "expired"), ("HY-STOPPED", "ended early"), ("HY-NOBODY", "no agreement has this")]
)
def test_an_agreement_that_does_not_hold_is_marked_and_no_approved_quote(
    session: Session, cast: Cast, browser: Browser, account: Account, group: Party, number: str, said: str
) -> None:
    today = clock.today()
    past = {"valid_from": today - timedelta(days=400), "valid_until": today - timedelta(days=1)}
    make_agreement(session, account, cast.keyaccount, number="HY-OLD", **past)
    stopped = make_agreement(session, account, cast.keyaccount, number="HY-STOPPED")
    stopped.ended_on = today - timedelta(days=1)
    good = make_agreement(session, account, cast.keyaccount, number="HY-NEW")
    project = make_project(session, cast.sales1, developer=group, phase="bid")
    project.frame_agreement = number
    session.commit()
    definition, mark = load_standard(), "does not stand for an approved quote"
    facts = load_facts(session, definition, project)
    assert facts.frame_agreement == "" and not is_met(definition, facts, "X.bid.quote_approved", today)
    page = browser.of(cast.sales1).get(f"/projects/{project.id}").get_data(as_text=True)
    assert said in page and mark in page
    project.frame_agreement = good.number
    session.commit()
    facts = load_facts(session, definition, project)
    assert facts.frame_agreement == "HY-NEW" and is_met(definition, facts, "X.bid.quote_approved", today)
    assert mark not in browser.of(cast.sales1).get(f"/projects/{project.id}").get_data(as_text=True)


def test_an_agreement_with_another_customer_stands_for_nothing_until_a_firm_of_his_takes_part(
    session: Session, cast: Cast, browser: Browser, account: Account, group: Party
) -> None:
    agreement = make_agreement(session, account, cast.keyaccount, number="HY-THEIRS")
    project = make_project(session, cast.sales1, developer=make_party(session, "Somebody else"))
    project.frame_agreement = agreement.number
    session.commit()
    definition = load_standard()
    assert load_facts(session, definition, project).frame_agreement == ""
    page = browser.of(cast.sales1).get(f"/projects/{project.id}").get_data(as_text=True)
    assert "of whom no firm takes part here" in page
    session.add(ProjectParty(project_id=project.id, party_id=group.id, role="main_contractor"))
    session.commit()
    assert load_facts(session, definition, project).frame_agreement == agreement.number
