"""Key accounts: who looks after them, which firms belong to them, what they bring, who reads and changes what."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.accounts.making import make_account, make_agreement
from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_party, make_project, make_user
from tracker import clock
from tracker.access import Action, can
from tracker.accounts.models import Account, CallOff
from tracker.accounts.operations.accounts import add_firm, open_account, remove_firm
from tracker.accounts.queries.accounts import get_account
from tracker.accounts.queries.agreements import load_agreement
from tracker.accounts.queries.figures import by_category, by_year, load_earned, load_standings
from tracker.errors import Forbidden, Invalid
from tracker.matrix.models import LifecycleChange
from tracker.parties.models import Party
from tracker.projects.models import CategoryLine, Project, ProjectParty
from tracker.projects.queries import Filters, list_projects

BUDGET = 14  # statements for a page, signing in included


@pytest.fixture
def group(session: Session) -> Party:
    return make_party(session, "Hengyue Land")


@pytest.fixture
def account(session: Session, cast: Cast, group: Party) -> Account:
    return make_account(session, group, cast.keyaccount)


def won(session: Session, project: Project, category: str, value: int | None, days_ago: int) -> None:
    """Let a line be won so many days ago."""
    line = session.scalars(
        select(CategoryLine).where(CategoryLine.project_id == project.id, CategoryLine.category == category)
    ).one()
    line.result, line.value = "won", None if value is None else Decimal(value)
    day = clock.today() - timedelta(days=days_ago)
    session.add(LifecycleChange(project_id=project.id, category=category, source="open", target="won", on=day))
    session.commit()


def test_a_firm_becomes_a_key_account_with_owner_and_team(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.keyaccount)
    form = {"party": "Hengyue Land", "owner_id": cast.keyaccount.id, "since": "2026-01-05"}
    answer = client.post("/accounts/new", data=form)
    account = session.scalars(select(Account)).one()
    assert answer.location == f"/accounts/{account.id}"
    assert (account.owner_id, account.team_id) == (cast.keyaccount.id, cast.keyaccount.team_id)
    again = client.post("/accounts/new", data={**form, "note": "kept"})
    assert again.status_code == 422
    assert "belongs to a key account already" in again.get_data(as_text=True) and "kept" in again.get_data(as_text=True)


def test_the_portfolio_is_that_of_all_firms_of_the_group(session: Session, cast: Cast, account: Account) -> None:
    other = make_party(session, "Hengyue South")
    own = make_project(session, cast.sales3, name="South Gate", developer=other)
    make_project(session, cast.sales3, name="Foreign Tower")
    filters = Filters(clock.today(), account=account.id)
    assert [one.name for one in list_projects(session, cast.keyaccount, filters).items] == []
    add_firm(session, account, other, by=cast.keyaccount)
    session.commit()
    assert [one.id for one in list_projects(session, cast.keyaccount, filters).items] == [own.id]
    remove_firm(session, account, other, by=cast.keyaccount)
    session.commit()
    assert [one.name for one in list_projects(session, cast.keyaccount, filters).items] == []
    with pytest.raises(Invalid):
        remove_firm(session, account, account.party, by=cast.keyaccount)


def test_the_firms_below_it_in_its_group_come_along_and_later_ones_are_offered(
    session: Session, cast: Cast, browser: Browser, group: Party
) -> None:
    below = make_party(session, "Hengyue South")
    below.parent_id = group.id
    session.commit()
    account = make_account(session, group, cast.keyaccount)
    assert [firm.party.name for firm in account.firms] == ["Hengyue Land", "Hengyue South"]
    later = make_party(session, "Hengyue West")
    later.parent_id = below.id
    session.commit()
    client = browser.of(cast.keyaccount)
    assert "Of the group, not in this account" in client.get(f"/accounts/{account.id}").get_data(as_text=True)
    assert client.post(f"/accounts/{account.id}/firms", data={"party": "Hengyue West"}).status_code == 303
    assert "Of the group, not in this account" not in client.get(f"/accounts/{account.id}").get_data(as_text=True)


def test_a_firm_belongs_to_one_account_at_most(session: Session, cast: Cast, account: Account) -> None:
    with pytest.raises(Invalid):
        add_firm(session, account, account.party, by=cast.keyaccount)
    with pytest.raises(Invalid):
        open_account(session, account.party, cast.keyaccount, by=cast.keyaccount)


def test_the_owner_sees_the_whole_portfolio_and_edits_only_what_is_his(
    session: Session, cast: Cast, browser: Browser, account: Account, group: Party
) -> None:
    project = make_project(session, cast.sales3, name="South Gate", developer=group)
    client = browser.of(cast.keyaccount)
    assert client.get(f"/projects/{project.id}").status_code == 200
    assert client.get(f"/projects/{project.id}/edit").status_code == 403
    assert browser.of(cast.sales1).get(f"/projects/{project.id}").status_code == 404
    colleague = make_user(session, "kam2", role=cast.roles["key_accounts"], department="key_accounts")
    assert browser.of(colleague).get(f"/projects/{project.id}").status_code == 404


def test_who_looks_after_it_changes_it_and_others_read(session: Session, cast: Cast, group: Party) -> None:
    owner = make_user(session, "kam", role=cast.roles["key_accounts"], team=cast.north)
    account = make_account(session, group, owner)
    may = {name: can(user, Action.ACCOUNT_EDIT, account) for name, user in cast.users.items()}
    assert [name for name, yes in may.items() if yes] == ["admin", "gm", "director", "supervisor", "keyaccount"]
    knows = {name: can(user, Action.ACCOUNT_PRICES, account) for name, user in cast.users.items()}
    allowed = ["admin", "gm", "director", "supervisor", "keyaccount", "compliance"]
    assert [name for name, yes in knows.items() if yes] == allowed
    with pytest.raises(Forbidden):
        add_firm(session, account, make_party(session, "Other"), by=cast.supervisor2)


def test_a_supervisor_opens_accounts_for_his_own_people_only(session: Session, cast: Cast, group: Party) -> None:
    with pytest.raises(Forbidden):
        open_account(session, group, cast.sales3, by=cast.supervisor)
    assert open_account(session, group, cast.sales1, by=cast.supervisor).owner_id == cast.sales1.id


def test_what_was_won_counts_on_its_day_and_what_was_called_off_on_its(
    session: Session, cast: Cast, account: Account, group: Party
) -> None:
    project = make_project(session, cast.sales1, developer=group, categories=("tiles", "lighting"), value=700)
    won(session, project, "tiles", 500, days_ago=20)
    won(session, project, "lighting", 90, days_ago=400)
    earned = load_earned(session, cast.admin, [account.id])[account.id]
    assert by_year(earned) == {2026: {"CNY": Decimal(500)}, 2025: {"CNY": Decimal(90)}}
    agreement = make_agreement(session, account, cast.keyaccount)
    for days, value in ((10, 200), (80, 40)):
        day = clock.today() - timedelta(days=days)
        session.add(CallOff(agreement_id=agreement.id, project_id=project.id, category="tiles", value=value, on=day))
    session.commit()
    earned = load_earned(session, cast.admin, [account.id])[account.id]
    assert by_category(earned, 2026) == {"tiles": {"CNY": Decimal(200)}}
    assert by_category(earned, 2025) == {"tiles": {"CNY": Decimal(40)}, "lighting": {"CNY": Decimal(90)}}


def test_amounts_of_different_currencies_are_never_added_up(
    session: Session, cast: Cast, browser: Browser, account: Account, group: Party
) -> None:
    yuan = make_project(session, cast.sales1, developer=group, value=700)
    dollars = make_project(session, cast.sales1, name="Marina Gate", developer=group, value=600)
    running = make_project(session, cast.sales1, name="Marina Court", developer=group, value=50)
    dollars.currency = running.currency = "USD"
    won(session, yuan, "tiles", 500, days_ago=3)
    won(session, dollars, "tiles", 90, days_ago=3)
    agreement = make_agreement(session, account, cast.keyaccount)
    day, drawn = clock.today(), {"project_id": running.id, "category": "tiles", "agreement_id": agreement.id}
    session.add_all(CallOff(value=7, currency=code, on=day, **drawn) for code in ("USD", "EUR"))
    session.commit()
    earned = load_earned(session, cast.admin, [account.id])[account.id]
    assert by_year(earned) == {2026: {"CNY": Decimal(500), "USD": Decimal(97), "EUR": Decimal(7)}}
    running_value = load_standings(session, cast.admin, [account.id])[account.id].running_value
    assert running_value["USD"] == Decimal(650) and running_value["CNY"] == Decimal(700)
    (called,) = load_agreement(session, cast.keyaccount, agreement.id, day).called
    assert called.values == {"USD": Decimal(7), "EUR": Decimal(7)}
    pages = [browser.of(cast.supervisor).get(address) for address in ("/accounts", f"/accounts/{account.id}")]
    assert all("$97" in page.get_data(as_text=True) and "597" not in page.get_data(as_text=True) for page in pages)
    sheet = browser.of(cast.supervisor).get("/accounts?export=csv").get_data(as_text=True)
    assert "won this year 97.00 USD" in sheet


def test_what_one_group_called_off_leaves_what_another_won_in_the_same_project(
    session: Session, cast: Cast, account: Account, group: Party
) -> None:
    builder = make_party(session, "Zhongding Build", kind="main_contractor")
    other = make_account(session, builder, cast.keyaccount)
    project = make_project(session, cast.sales1, developer=group, value=800)
    session.add(ProjectParty(project_id=project.id, party_id=builder.id, role="main_contractor"))
    won(session, project, "tiles", 300, days_ago=3)
    agreement, day = make_agreement(session, account, cast.keyaccount), clock.today()
    session.add(CallOff(agreement_id=agreement.id, project_id=project.id, category="tiles", value=40, on=day))
    session.commit()
    both = load_earned(session, cast.admin, [account.id, other.id])
    assert by_year(both[account.id]) == {2026: {"CNY": Decimal(40)}}
    assert by_year(both[other.id]) == {2026: {"CNY": Decimal(300)}}


def test_a_main_line_without_a_value_counts_the_projects(
    session: Session, cast: Cast, account: Account, group: Party
) -> None:
    project = make_project(session, cast.sales1, developer=group, value=800)
    won(session, project, "tiles", None, days_ago=3)
    assert by_year(load_earned(session, cast.admin, [account.id])[account.id]) == {2026: {"CNY": Decimal(800)}}


def test_figures_count_each_project_once_and_only_those_one_sees(
    session: Session, cast: Cast, account: Account, group: Party
) -> None:
    builder = make_party(session, "Hengyue Build", kind="main_contractor")
    add_firm(session, account, builder, by=cast.keyaccount)
    project = make_project(session, cast.sales1, developer=group, value=800)
    session.add(ProjectParty(project_id=project.id, party_id=builder.id, role="main_contractor"))
    won(session, project, "tiles", 300, days_ago=3)
    assert by_year(load_earned(session, cast.keyaccount, [account.id])[account.id]) == {2026: {"CNY": Decimal(300)}}
    assert load_earned(session, cast.sales3, [account.id])[account.id] == []


@pytest.mark.parametrize("part", ["", "/plan", "/wallet", "/ladder", "/markets"])
def test_each_page_asks_as_little_for_many_projects(
    session: Session, cast: Cast, browser: Browser, account: Account, group: Party, part: str
) -> None:
    for number in range(30):
        won(session, make_project(session, cast.sales1, name=f"Tower {number}", developer=group), "tiles", 10, number)
    make_agreement(session, account, cast.keyaccount)
    client = browser.of(cast.keyaccount)
    with counted_queries() as asked:
        answer = client.get(f"/accounts/{account.id}{part}")
    assert answer.status_code == 200
    assert len(asked) <= BUDGET, "\n".join(asked)


def test_the_list_asks_as_little_for_many_and_is_taken_out(session: Session, cast: Cast, browser: Browser) -> None:
    for number in range(12):
        make_account(session, make_party(session, f"Group {number:02}"), cast.keyaccount)
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        page = client.get("/accounts").get_data(as_text=True)
    assert page.count('class="site"') == 12
    assert len(asked) <= BUDGET, "\n".join(asked)
    rows = client.get("/accounts?export=csv").get_data(as_text=True)
    assert rows.count("Group ") == 12
    assert "No key account here" in client.get("/accounts?q=nowhere").get_data(as_text=True)


def test_a_stale_page_comes_back_with_both_versions(cast: Cast, browser: Browser, account: Account) -> None:
    client = browser.of(cast.keyaccount)
    form = {"owner_id": cast.keyaccount.id, "since": "2026-01-05", "version": 1}
    first = client.post(f"/accounts/{account.id}/edit", data={**form, "note": "first"})
    assert first.location == f"/accounts/{account.id}"
    late = client.post(f"/accounts/{account.id}/edit", data={**form, "note": "second"})
    assert late.status_code == 409
    assert "first" in late.get_data(as_text=True) and "second" in late.get_data(as_text=True)


def test_an_account_nobody_has_is_404(session: Session, cast: Cast, browser: Browser, account: Account) -> None:
    assert browser.of(cast.keyaccount).get("/accounts/99999").status_code == 404
    assert browser.of(cast.dealer1).get(f"/accounts/{account.id}").status_code == 404
    assert get_account(session, cast.sales3, account.id).id == account.id
