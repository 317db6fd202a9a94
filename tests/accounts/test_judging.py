"""Plan, wallet, ladder and markets: what is stated by whom, and what is measured beside it."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.making import make_account
from tests.accounts.test_accounts import won
from tests.cast import Cast
from tests.client import Browser
from tests.factories import make_contact, make_party, make_project
from tracker import clock
from tracker.accounts.models import Account, AccountAction, AccountGoal, AccountRelation, LadderEntry
from tracker.accounts.operations.accounts import add_firm
from tracker.accounts.operations.judging import note_sign, set_step
from tracker.accounts.operations.markets import RelationDraft, add_relation
from tracker.accounts.operations.planning import GoalDraft, set_goal
from tracker.accounts.queries.accounts import get_account
from tracker.accounts.queries.loyalty import load_loyalty
from tracker.accounts.queries.markets import load_markets
from tracker.accounts.queries.plan import load_plan
from tracker.accounts.queries.wallet import load_wallet, points_of
from tracker.errors import Invalid
from tracker.parties.models import Party, PartyEstimate
from tracker.parties.operations import add_estimate
from tracker.projects.models import ProjectContact
from tracker.team.models import User
from workflows.ladder import LoyaltyFacts, Sign, climbed, suggest

TODAY = date(2026, 3, 16)


@pytest.fixture
def group(session: Session) -> Party:
    return make_party(session, "Hengyue Land")


@pytest.fixture
def account(session: Session, cast: Cast, group: Party) -> Account:
    return make_account(session, group, cast.keyaccount)


def ago(days: int) -> date:
    return TODAY - timedelta(days=days)


@pytest.mark.parametrize(
    ("facts", "step"),
    [
        (LoyaltyFacts(), "prospect"),
        (LoyaltyFacts([ago(10)]), "purchaser"),
        (LoyaltyFacts([ago(900)]), "purchaser"),
        (LoyaltyFacts([ago(10), ago(200)]), "client"),
        (LoyaltyFacts([ago(10)], [Sign("reference", ago(5))]), "purchaser"),
        (LoyaltyFacts([ago(10), ago(200)], [Sign("reference", ago(5))]), "supporter"),
        (LoyaltyFacts([ago(10), ago(200)], [Sign("reference", ago(800))]), "client"),
        (LoyaltyFacts([ago(10), ago(200)], [Sign("introduction", ago(day)) for day in (5, 6, 7)]), "advocate"),
        (LoyaltyFacts([ago(10), ago(20)], [Sign("joint_development", ago(9))]), "client"),
        (LoyaltyFacts([ago(10), ago(20)], [Sign("joint_development", ago(9))], agreement=True), "partner"),
        (LoyaltyFacts([ago(10), ago(20)], [Sign("reference", ago(9)), Sign("complaint", ago(2))]), "client"),
        (LoyaltyFacts([ago(10), ago(20)], [Sign("reference", ago(2)), Sign("complaint", ago(9))]), "supporter"),
        (LoyaltyFacts([ago(10), ago(20)], [Sign("reference", ago(2))], open_complaint=True), "client"),
    ],
)
def test_the_facts_suggest_a_step(facts: LoyaltyFacts, step: str) -> None:
    found = suggest(facts, TODAY)
    assert found.step == step
    assert found.reasons


def test_going_up_and_down_is_counted_in_steps() -> None:
    assert [climbed(None, "client"), climbed("prospect", "client"), climbed("client", "purchaser")] == [0, 2, -1]


def test_a_step_is_set_with_a_reason_and_the_history_tells_it(
    session: Session, cast: Cast, browser: Browser, account: Account
) -> None:
    client, address = browser.of(cast.keyaccount), f"/accounts/{account.id}/ladder/step"
    refused = client.post(address, data={"step-step": "client", "step-reason": " ", "step-evidence": "Letter 7"})
    assert refused.status_code == 422 and "Letter 7" in refused.get_data(as_text=True)
    assert client.post(address, data={"step-step": "client", "step-reason": "Second order"}).status_code == 303
    set_step(session, account, by=cast.keyaccount, step="purchaser", reason="No order for a year")
    session.commit()
    entries = session.scalars(select(LadderEntry).order_by(LadderEntry.id)).all()
    assert [(one.before, one.step, one.reason) for one in entries] == [
        (None, "client", "Second order"),
        ("client", "purchaser", "No order for a year"),
    ]
    assert load_loyalty(session, cast.sales1, account, TODAY).step == "purchaser"
    with pytest.raises(Invalid):
        set_step(session, account, by=cast.keyaccount, step="purchaser", reason="again")
    assert client.post(f"/accounts/{account.id}/ladder/signs", data={"sign-kind": "step"}).status_code == 422


def test_wins_and_signs_lead_to_the_suggestion(session: Session, cast: Cast, account: Account, group: Party) -> None:
    for number in range(2):
        won(session, make_project(session, cast.sales1, name=f"T{number}", developer=group), "tiles", 10, 30)
    note_sign(session, account, by=cast.keyaccount, kind="introduction", reason="To Nanjing")
    session.commit()
    assert load_loyalty(session, cast.keyaccount, account, TODAY).suggested.step == "supporter"
    assert load_loyalty(session, cast.sales3, account, TODAY).suggested.step == "prospect"  # he sees neither


def test_our_share_is_measured_against_the_newest_estimate(
    session: Session, cast: Cast, account: Account, group: Party
) -> None:
    project = make_project(session, cast.sales1, developer=group, categories=("tiles", "lighting"))
    won(session, project, "tiles", 300, 10)
    won(session, project, "lighting", 50, 380)
    for on, purchases in ((date(2026, 3, 1), 9000), (date(2026, 3, 2), 1000), (date(2025, 12, 31), 500)):
        _estimate(session, group, cast.keyaccount, purchases, on)
    session.commit()
    wallet = load_wallet(session, cast.keyaccount, account, TODAY)
    shares = {line.category: [slot.share for slot in line.slots] for line in wallet.lines}
    assert shares == {"lighting": [None] * 4, "tiles": [None, None, Decimal(0), Decimal(30)]}
    tiles = wallet.lines[1]
    assert tiles.trend == Decimal(30) and points_of(tiles) == "80.0,34.0 120.0,24.4"
    assert points_of(wallet.lines[0]) == ""
    assert wallet.share(2026) == Decimal(30) and wallet.total(2025) == (Decimal(50), Decimal(0), Decimal(500))
    assert len(wallet.history) == 3


def test_an_estimate_needs_an_amount_and_its_grounds(
    session: Session, cast: Cast, browser: Browser, account: Account
) -> None:
    client, address = browser.of(cast.keyaccount), f"/accounts/{account.id}/wallet"
    form = {"party_id": str(account.party_id), "category": "tiles", "volume": "300万", "currency": "CNY", "grounds": ""}
    refused = client.post(address, data=form)
    assert refused.status_code == 422 and 'value="300万"' in refused.get_data(as_text=True)
    assert client.post(address, data={**form, "grounds": "Annual report"}).status_code == 303
    row = session.scalars(select(PartyEstimate)).one()
    assert (row.party_id, row.volume, row.by_id) == (account.party_id, Decimal(3_000_000), cast.keyaccount.id)
    assert "estimated what a key account buys" in client.get(f"/accounts/{account.id}").get_data(as_text=True)
    stranger = make_party(session, "Quite Another")
    assert client.post(address, data={**form, "party_id": str(stranger.id), "grounds": "x"}).status_code == 422


def _estimate(session: Session, party: Party, by: User, volume: int, on: date, currency: str = "CNY") -> None:
    values: dict[str, Any] = {"category": "tiles", "volume": Decimal(volume), "currency": currency, "on": on}
    add_estimate(session, party, by=by, grounds="Said so", **values)


def test_the_wallet_of_an_account_adds_up_what_is_estimated_of_its_firms(
    session: Session, cast: Cast, account: Account, group: Party
) -> None:
    south, north = make_party(session, "Hengyue South"), make_party(session, "Hengyue North")
    for firm in (south, north):
        add_firm(session, account, firm, by=cast.keyaccount)
    _estimate(session, south, cast.keyaccount, 700, date(2025, 5, 1))
    _estimate(session, north, cast.keyaccount, 300, date(2026, 2, 1))
    _estimate(session, make_party(session, "Not theirs"), cast.keyaccount, 9999, date(2026, 2, 1))
    project = make_project(session, cast.sales1, developer=south)
    won(session, project, "tiles", 250, 10)
    session.expire_all()
    account = get_account(session, cast.keyaccount, account.id)
    (line,) = load_wallet(session, cast.keyaccount, account, TODAY).lines
    assert [slot.volume for slot in line.slots] == [None, None, Decimal(700), Decimal(1000)]
    assert line.slots[-1].share == Decimal(25)
    _estimate(session, group, cast.keyaccount, 2500, date(2026, 3, 1))  # the head speaks for the group
    (line,) = load_wallet(session, cast.keyaccount, account, TODAY).lines
    assert line.slots[-1].share == Decimal(10)


def test_a_wallet_keeps_currencies_apart(session: Session, cast: Cast, account: Account, group: Party) -> None:
    south = make_party(session, "Hengyue South")
    north = make_party(session, "Hengyue Overseas")
    for firm in (south, north):
        add_firm(session, account, firm, by=cast.keyaccount)
    _estimate(session, south, cast.keyaccount, 1000, date(2026, 2, 1))
    _estimate(session, north, cast.keyaccount, 400, date(2026, 2, 1), "USD")
    won(session, make_project(session, cast.sales1, developer=south), "tiles", 300, 10)
    session.expire_all()
    wallet = load_wallet(session, cast.keyaccount, get_account(session, cast.keyaccount, account.id), TODAY)
    assert [(line.currency, line.slots[-1].share) for line in wallet.lines] == [
        ("CNY", Decimal(30)),
        ("USD", Decimal(0)),
    ]
    assert (wallet.share(2026), wallet.share(2026, "USD")) == (Decimal(30), Decimal(0))


def test_goals_are_measured_by_the_figures(session: Session, cast: Cast, account: Account, group: Party) -> None:
    project = make_project(session, cast.sales1, developer=group)
    won(session, project, "tiles", 300, 10)
    contact = make_contact(session, group)
    session.add(ProjectContact(project_id=project.id, contact_id=contact.id, attitude="supportive"))
    set_step(session, account, by=cast.keyaccount, step="client", reason="Orders")
    for draft in (
        GoalDraft("value", 2026, Decimal(600)),
        GoalDraft("category", 2026, Decimal(100), "lighting"),
        GoalDraft("step", 2026, step="advocate"),
        GoalDraft("person", 2026, contact=contact),
        GoalDraft("value", 2027, Decimal(1)),
    ):
        set_goal(session, account, draft, by=cast.keyaccount)
    session.commit()
    plan = load_plan(session, cast.keyaccount, account, 2026, TODAY)
    assert [(line.percent, line.met) for line in plan.goals] == [(50, False), (0, False), (50, False), (100, True)]


@pytest.mark.parametrize(
    "draft",
    [
        GoalDraft("value", 2026),
        GoalDraft("category", 2026, Decimal(5)),
        GoalDraft("step", 2026),
        GoalDraft("person", 2026),
        GoalDraft("luck", 2026),
    ],
)
def test_a_goal_without_measure_is_refused(session: Session, cast: Cast, account: Account, draft: GoalDraft) -> None:
    with pytest.raises(Invalid):
        set_goal(session, account, draft, by=cast.keyaccount)
    assert session.scalars(select(AccountGoal)).all() == []


def test_a_plan_is_filled_in_and_worked_off_on_its_page(
    session: Session, cast: Cast, browser: Browser, account: Account
) -> None:
    client, address = browser.of(cast.keyaccount), f"/accounts/{account.id}"
    goal = {"goal-year": "2026", "goal-kind": "value", "goal-amount": "120万"}
    assert client.post(f"{address}/goals", data=goal).status_code == 303
    row = session.scalars(select(AccountGoal)).one()
    assert client.post(f"{address}/goals/{row.id}/drop", data={"reason": ""}).status_code == 422
    assert client.post(f"{address}/goals/{row.id}/drop", data={"reason": "Sold"}).status_code == 303
    action = {"action-kind": "meeting", "action-text": "Talk", "action-due_on": "", "action-user_id": cast.technical.id}
    refused = client.post(f"{address}/actions", data=action)
    assert refused.status_code == 422 and 'value="Talk"' in refused.get_data(as_text=True)
    assert client.post(f"{address}/actions", data={**action, "action-due_on": "2026-04-01"}).status_code == 303
    planned = session.scalars(select(AccountAction)).one()
    assert (
        browser.of(cast.sales1).post(f"{address}/actions/{planned.id}/done", data={"outcome": "x"}).status_code == 403
    )
    done = browser.of(cast.technical).post(f"{address}/actions/{planned.id}/done", data={"outcome": "Agreed"})
    assert done.status_code == 303
    assert client.post(f"{address}/reviews", data={"review-on": "2026-03-01", "review-text": "Fine"}).status_code == 303
    page = client.get(f"{address}/plan?year=2026").get_data(as_text=True)
    assert all(word in page for word in ("Sold", "Agreed", "Fine", "¥1.2M"))


def test_the_six_markets_show_who_matters_and_what_is_missing(
    session: Session, cast: Cast, browser: Browser, account: Account, group: Party
) -> None:
    contact = make_contact(session, group)
    project = make_project(session, cast.sales1, developer=group)
    session.add(ProjectContact(project_id=project.id, contact_id=contact.id, role="decision_maker"))
    session.commit()
    client, address = browser.of(cast.keyaccount), f"/accounts/{account.id}/markets"
    form = {"relation-market": "customer", "relation-state": "cold", "relation-contact_id": contact.id}
    assert client.post(address, data=form).status_code == 303
    assert client.post(address, data=form).status_code == 422  # nobody stands twice in one market
    found = {market.key: list(market.gaps) for market in load_markets(session, cast.keyaccount, account).markets}
    assert found["customer"] == ["cold", "no_action", "unmet"] and found["recruits"] == ["nobody"]
    row = session.scalars(select(AccountRelation)).one()
    act = {"kind": "action", "text": "Invite her", "due_on": "2026-04-01", "user_id": cast.keyaccount.id}
    assert client.post(f"{address}/{row.id}/action", data=act).status_code == 303
    moved = client.post(f"{address}/{row.id}", data={"state": "strong", "why": "Backs us", "version": row.version})
    assert moved.status_code == 303
    assert client.post(f"{address}/{row.id}", data={"state": "cold", "version": 1}).status_code == 409
    found = {market.key: list(market.gaps) for market in load_markets(session, cast.keyaccount, account).markets}
    assert found["customer"] == ["unmet"]
    page = client.get(address).get_data(as_text=True)
    assert "Invite her" in page and "Backs us" in page and "1 decision maker nobody has met" in page
    assert client.post(f"{address}/{row.id}/remove").status_code == 303
    assert "Invite her" not in client.get(address).get_data(as_text=True)


def test_somebody_must_be_named(session: Session, cast: Cast, account: Account) -> None:
    with pytest.raises(Invalid):
        add_relation(session, account, RelationDraft("customer", "cold"), by=cast.keyaccount)
    assert clock.today() == TODAY
