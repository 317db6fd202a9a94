"""What a rule stops: asked of the supervisor and granted; and records corrected with a trail."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import expect
from sqlalchemy import select

from tests.browser.company import Company
from tests.browser.pictures import site_picture
from tests.browser.visitor import CROSSED, OTHERS, Visitor
from tracker.matrix.models import Approval
from tracker.projects.models import Building

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]
DAYS_OLD = 2 * 24 * 3600  # seconds; too old for the browser to say that it was taken just now


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_progress_with_an_undated_picture_is_asked_of_the_supervisor_and_granted(
    visit: Visit, company: Company, tmp_path: Path, window: str, lang: str
) -> None:
    project = company.project(f"Undated Court {lang}")
    picture = tmp_path / "forwarded.jpg"
    picture.write_bytes(site_picture(dated=False).data)
    os.utime(picture, (time.time() - DAYS_OLD,) * 2)
    seller = visit("sales1", window, lang)
    page = seller.go(f"/projects/{project}/log")
    page.locator("[name=text]").fill("Topped out, says the foreman.")
    page.locator("[name=progress]").select_option("masonry")
    page.locator("[data-files][name=files]").set_input_files(picture)
    expect(page.locator("[data-uploads] input[name=photos]")).to_have_count(1)
    with seller.expecting(422):
        seller.button("Log it").click()
        expect(page.get_by_role("alert")).to_contain_text("G12")
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.locator("[name=text]")).to_have_value("Topped out, says the foreman.")
    expect(page.locator("[data-uploads] input[name=photos]")).to_have_count(1)
    seller.look()
    page.locator("[name=ask_reason]").fill("The picture came by chat, which takes its date away.")
    seller.button("Ask the supervisor").click()
    expect(page.locator("main")).to_contain_text(seller.say("A request waits for a decision."))
    expect(page.locator("main")).to_contain_text("Topped out, says the foreman.")
    grant(visit, company, project, window, lang)
    with company.session() as session:
        building = session.scalars(select(Building).where(Building.project_id == project)).one()
        assert (building.step, building.unverified) == ("masonry", True)


def grant(visit: Visit, company: Company, project: int, window: str, lang: str) -> None:
    """The supervisor finds the request from Today and grants it with a sentence."""
    with company.session() as session:
        asked = session.scalars(select(Approval.id).where(Approval.project_id == project)).one()
    visitor = visit("supervisor", window, lang)
    page = visitor.go("/")
    page.locator(f"a[href='/approvals/{asked}']").click()
    with visitor.expecting(422):
        page.locator("[name=answer]").fill("  ")
        visitor.button("Grant").click()
        expect(page.locator("[name=answer]")).to_have_attribute("aria-invalid", "true")
    visitor.look()
    page.locator("[name=answer]").fill("I saw it myself yesterday.")
    visitor.button("Grant").click()
    expect(page.locator("#notices")).to_contain_text(visitor.say("Granted, and carried out."))


@pytest.mark.parametrize(("window", "lang"), OTHERS)
def test_a_record_is_corrected_and_its_old_text_stays(visit: Visit, company: Company, window: str, lang: str) -> None:
    project = company.project(f"Amended Court {lang}")
    visitor = visit("sales1", window, lang)
    page = visitor.go(f"/projects/{project}/log")
    page.locator("[name=text]").fill("Eight floors are cast.")
    visitor.button("Log it").click()
    visitor.link("Correct").click()
    address = visitor.path
    page.locator("[name=text]").fill("Six floors are cast.")
    with visitor.expecting(422):
        page.locator("[name=reason]").fill("  ")
        visitor.button("Correct it").click()
        expect(page.locator("[name=reason]")).to_have_attribute("aria-invalid", "true")
    page.locator("[name=reason]").fill("Counted again.")
    other = visit("sales1", window, lang)
    late = other.go(address)
    visitor.button("Correct it").click()
    expect(page.locator("main")).to_contain_text("Six floors are cast.")
    expect(page.locator("main")).to_contain_text("Eight floors are cast.")
    visitor.look()
    late.locator("[name=text]").fill("Seven floors are cast.")
    late.locator("[name=reason]").fill("From the other phone.")
    with other.expecting(409):
        other.button("Correct it").click()
        expect(late.get_by_role("alert").first).to_contain_text("Six floors are cast.")
    expect(late.locator("[name=text]")).to_have_value("Seven floors are cast.")
    other.look()
    other.button("Correct it").click()
    expect(late.locator("main ol").first).to_contain_text("Seven floors are cast.")
