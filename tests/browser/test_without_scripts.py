"""Every form that matters works where scripts do not run."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import expect
from sqlalchemy import func, select

from tests.browser.company import Company
from tests.browser.pictures import broken_picture, site_picture
from tests.browser.test_signing_in import sign_in
from tests.browser.visitor import CROSSED, Visitor
from tracker.gallery.models import Photo
from tracker.matrix.models import Record
from workflows.loading import load_standard

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]


@pytest.mark.parametrize(("window", "lang"), CROSSED)
def test_signing_in_filtering_reading_a_cell_and_logging_with_pictures(
    visit: Visit, company: Company, window: str, lang: str
) -> None:
    project = company.project(f"Plain Court {lang}")
    visitor = visit(None, window, lang, java_script_enabled=False)
    page = visitor.go("/projects")
    sign_in(visitor, "sales1")
    page.locator("summary", has_text=visitor.say("Filters")).click()
    page.locator("main [name=q]").fill(f"Plain Court {lang}")
    visitor.button("Filter").click()
    page.get_by_role("link", name=f"Plain Court {lang}").click()
    page.locator("table [data-cell='map/structure']").click()
    expect(page).to_have_url(f"{company.address}/projects/{project}/cells/map/structure")
    expect(page.locator("main")).to_contain_text(load_standard().cell("map", "structure").hints[0].text.get(lang))
    page.locator("summary", has_text=visitor.say("Add a record here")).click()
    page.locator("[name=text]").fill("Written without scripts.")
    files = [site_picture("good.jpg"), broken_picture("bad.jpg")]
    page.locator("[name=files]").set_input_files([file.payload() for file in files])
    with visitor.expecting(422):
        visitor.button("Log it").click()
        expect(page.get_by_role("alert").first).to_contain_text("bad.jpg")
    expect(page.locator("[name=text]")).to_have_value("Written without scripts.")
    expect(page.locator("[name=photos]")).to_have_count(1)
    visitor.button("Log it").dblclick()
    expect(page).to_have_url(re.compile(rf"/projects/{project}\?logged="))
    expect(page.locator("[role=status][data-focus]")).to_be_visible()
    with company.session() as session:
        (record,) = session.scalars(select(Record).where(Record.project_id == project)).all()
        assert session.scalar(select(func.count(Photo.id)).where(Photo.record_id == record.id)) == 1


def test_nearest_and_search_are_plain_forms(visit: Visit) -> None:
    visitor = visit("sales1", "phone", "zh", java_script_enabled=False)
    page = visitor.go("/search")
    page.locator("#search-q").fill("Harbour")
    page.locator("#search-q").press("Enter")
    expect(page.get_by_role("link", name="Harbour Gate")).to_be_visible()
    page = visitor.go("/visit")
    page.locator("#visit-q").fill("Harbour")
    page.locator("#visit-q").press("Enter")
    expect(page.locator("#sites").get_by_role("link")).to_have_count(1)
