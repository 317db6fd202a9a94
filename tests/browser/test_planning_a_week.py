"""A week is planned by dragging on a desk and by a form on a phone; a plan becomes a record with one tap."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.company import Company
from tests.browser.visitor import Visitor
from tracker import clock

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]


def test_a_plan_is_dragged_onto_another_day_and_stays_there(visit: Visit, company: Company) -> None:
    visitor = visit("sales1", "desk", "en")
    page = visitor.go(f"/calendar/plans/new?project={company.riverside}&on={clock.today() + timedelta(days=7)}")
    page.locator("[name=text]").fill("See the mock-up")
    visitor.button("Plan it").click()
    plan = page.locator(".cal-desk [data-plan]").filter(has_text="Site visit").first
    monday = page.locator(".cal-desk td[data-day]").first.get_attribute("data-day")
    before = plan.locator("xpath=ancestor::td").get_attribute("data-day")
    target = page.locator(".cal-desk td[data-day]").nth(0 if before != monday else 1)
    wanted = target.get_attribute("data-day")
    with page.expect_navigation():
        plan.drag_to(target)
    moved = page.locator(f'.cal-desk td[data-day="{wanted}"] [data-plan]')
    expect(moved.first).to_contain_text("Site visit")
    expect(page.locator(f'.cal-desk td[data-day="{before}"] [data-plan]')).to_have_count(0)
    visitor.look()


def test_what_waits_is_put_onto_a_day_by_a_form_on_a_phone(visit: Visit, company: Company) -> None:
    visitor = visit("sales1", "phone", "en")
    page = visitor.go(f"/calendar/week?week={clock.today() + timedelta(days=14)}")
    waiting = page.locator("[data-put]")
    expect(waiting.first).to_be_visible()
    name = waiting.first.locator(".site").inner_text()
    count = waiting.count()
    waiting.first.locator("select").select_option(index=2)
    waiting.first.locator("button").click()
    expect(page.locator("[data-put]")).to_have_count(count - 1)
    expect(page.locator(".cal-agenda .cal-plan").first).to_contain_text(name)
    visitor.look()


def test_a_plan_of_today_becomes_a_record_with_one_tap(visit: Visit, company: Company) -> None:
    visitor = visit("sales1", "phone", "en")
    page = visitor.go("/")
    page.locator(f'a[href*="plan={company.plan}"]').first.click()
    expect(page.locator("[name=text]")).to_have_value("Bring the sample board")
    page.locator("[name=text]").fill("Brought the sample board; the buyer likes it.")
    visitor.button("Log it").click()
    expect(page.get_by_text("Brought the sample board; the buyer likes it.").first).to_be_visible()
    visitor.go(f"/calendar/plans/{company.plan}")
    expect(page.get_by_text("kept").first).to_be_visible()
