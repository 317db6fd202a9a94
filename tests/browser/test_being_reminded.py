"""The bell leads to what is due and falls silent; the radar leads to the visit that a window asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.company import Company
from tests.browser.visitor import CROSSED, Visitor
from tests.factories import make_notification
from tracker import clock
from tracker.matrix.operations.refreshing import refresh
from tracker.projects.models import Project

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_the_bell_leads_to_what_is_due_and_falls_silent(visit: Visit, company: Company, window: str, lang: str) -> None:
    name = f"Silent Court {window} {lang}"
    number = company.project(name)
    with company.session() as session:
        project = session.get_one(Project, number)
        for _each in range(2):
            make_notification(session, company.user(session, "sales2"), project)
        project.owner_id = company.users["sales2"]
    seller = visit("sales2", window, lang)
    page = seller.go("/")
    bell = page.locator(".bell")
    expect(bell.locator(".bell-count")).to_have_text("2")
    bell.click()
    group = page.locator(".note-group", has_text=name)
    seller.look()
    group.locator(".note-open").first.click()
    expect(page).to_have_url(re.compile(rf"/projects/{number}/cells/map/structure$"))
    expect(page.locator(".bell-count")).to_have_text("1")
    page.locator(".bell").click()
    page.locator(".note-check").click()
    expect(page.locator(".bell-count")).to_have_count(0)
    seller.look()


def test_the_bell_counts_on_while_a_page_stays_open(visit: Visit, company: Company) -> None:
    number = company.project("Ringing Court")
    reader = visit("technical", "desk", "en")
    page = reader.go("/")
    before = page.locator(".bell-count").all_text_contents()
    with company.session() as session:
        make_notification(session, company.user(session, "technical"), session.get_one(Project, number))
    wanted = str(int(before[0]) + 1) if before else "1"
    expect(page.locator(".bell-count")).to_have_text(wanted, timeout=25_000)
    expect(page.locator(".bell .visually-hidden")).to_contain_text("unread")


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_the_radar_leads_to_the_log_of_the_visit(visit: Visit, company: Company, window: str, lang: str) -> None:
    name = f"Closing House {window} {lang}"
    since = clock.today() - timedelta(days=131)
    number = company.project(name, owner="sales3", phase="bid", step="envelope", since=since)
    with company.session() as session:
        refresh(session, session.get_one(Project, number))
    seller = visit("sales3", window, lang)
    page = seller.go("/radar")
    row = page.locator(".radar-week .radar-row", has_text=name)
    expect(row.locator(".radar-when b")).to_have_text("4")
    seller.look()
    row.locator(".radar-log").click()
    expect(page).to_have_url(re.compile(rf"/projects/{number}/log\?phase=bid&step=envelope$"))
