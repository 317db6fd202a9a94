"""The slider under the thumb, under the keys and without scripts; the replay on a phone."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.company import Company
from tests.browser.visitor import CROSSED, Visitor
from tests.history.making import OPENED, live
from tracker import clock

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]


@pytest.fixture(scope="module")
def lived(company: Company) -> tuple[int, timedelta]:
    """A project of sales1 that was won two weeks ago, and how much later than in the story everything was."""
    later = clock.today() - date(2026, 3, 16)
    with company.session() as session:
        return live(
            session, company.user(session, "sales1"), later=later, picture=False, name="Willow Terrace"
        ).id, later


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_the_board_follows_the_knob_and_the_keys(
    visit: Visit, company: Company, lived: object, window: str, lang: str
) -> None:
    visitor = visit("sales1", window, lang)
    page = visitor.go("/board?q=willow")
    knob = page.locator("input[type=range]")
    knob.focus()
    page.keyboard.press("PageDown")
    expect(page.locator(".past-banner")).to_be_visible()
    expect(page).to_have_url(re.compile(r"/board\?q=willow&on=\d{4}-\d\d-\d\d$"))
    expect(knob).to_be_focused()
    expect(page.locator(".pf-link")).to_have_count(1)
    day = page.locator("input[type=date]").input_value()
    visitor.link("a month earlier").click()
    expect(page.locator("input[type=date]")).not_to_have_value(day)
    visitor.look()
    assert visitor.low_targets(".past a, .past button, .past input") == [] or window == "desk"
    knob.focus()
    page.keyboard.press("End")
    expect(page.locator(".past-banner")).to_have_count(0)


def test_play_walks_through_the_months_and_stops_when_told(visit: Visit, lived: object) -> None:
    visitor = visit("sales1", "desk", "en", reduced_motion="no-preference")
    page = visitor.go("/board")
    visitor.button("Play").click()
    stop = visitor.button("Stop")
    expect(stop).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile(r"on="))
    stop.click()
    expect(visitor.button("Play")).to_have_attribute("aria-pressed", "false")


def test_whoever_wants_little_motion_is_offered_none(visit: Visit, lived: object) -> None:
    visitor = visit("sales1", "desk", "en")
    visitor.go("/board")
    expect(visitor.button("Play")).to_have_count(0)


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_a_project_goes_back_in_time_and_returns(
    visit: Visit, company: Company, lived: tuple[int, timedelta], window: str, lang: str
) -> None:
    project, later = lived
    visitor = visit("sales1", window, lang)
    page = visitor.go(f"/projects/{project}")
    page.locator("input[type=date]").fill(str(OPENED + later + timedelta(3)))
    page.locator("input[type=date]").blur()
    expect(page.locator("[data-matrix]")).to_have_attribute("data-here", "qualify/ground")
    page.locator("input[type=range]").focus()
    for _each in range(5):
        page.keyboard.press("PageUp")
    expect(page.locator("[data-matrix]")).to_have_attribute("data-here", "map/structure")
    visitor.look()
    page.locator(".past-banner a").click()
    expect(page).to_have_url(f"{company.address}/projects/{project}")


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_the_days_and_the_replay_work_without_scripts(
    visit: Visit, company: Company, lived: tuple[int, timedelta], window: str, lang: str
) -> None:
    project, later = lived
    visitor = visit("sales1", window, lang, java_script_enabled=False)
    page = visitor.go("/board?q=willow")
    page.locator("input[type=date]").fill(str(OPENED + later))
    visitor.button("Show").click()
    expect(page.locator(".pf-link")).to_have_count(1)
    page.locator("input[type=range]").focus()
    page.keyboard.press("End")
    visitor.button("Show").click()
    expect(page.locator(".past-banner")).to_have_count(0)
    page = visitor.go(f"/projects/{project}/replay")
    page.locator("input[value=map]").check()
    visitor.button("Show what the team did").click()
    expect(page.locator("#guess")).to_contain_text(visitor.say("The team did the same:"))
    visitor.link("Go on").click()
    expect(page.locator("[data-matrix]")).to_have_attribute("data-here", "map/ground")
    visitor.link("Tell me the ending").click()
    expect(page.locator("#ending")).to_contain_text(visitor.say("won"))
    assert window == "desk" or visitor.low_targets(".replay-guess label, .replay-ways a") == []
