"""Every kind of page, in both windows, languages and lights: nothing breaks or overflows, axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.browser.company import Company
from tests.browser.visitor import CROSSED, Visitor
from tracker import clock

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]
# Looked at on the way of another test, or no page at all.
ELSEWHERE = {
    "team.login",
    "team.logout_page",
    "team.new_password",
    "leads.mapping",
    "leads.run",
    "leads.rejected",
    "gallery.picture",
    "parties.pick",
    "definitions.source",
    "operations.healthz",
    "operations.readyz",
    "static",
}


def pages(company: Company) -> dict[str, list[str]]:
    """The addresses to look at, by who looks."""
    yesterday = clock.today() - timedelta(days=1)
    project, lead = f"/projects/{company.riverside}", f"/leads/{company.lead}"
    return {
        "sales1": [
            "/",
            project,
            f"{project}?logged={company.riverside_record}",
            f"{project}?on={yesterday}",
            f"{project}?on={yesterday}&cell=map/structure",
            f"{project}/replay",
            f"{project}/replay?guess=stay&ending=1",
            f"{project}/cells/map/structure",
            f"{project}/cells/bid/completion",
            f"{project}/log",
            f"{project}/phase",
            f"{project}/edit",
            f"{project}/people",
            f"{project}/outcome",
            f"{project}/outcome?deed=lose",
            f"{project}/dates",
            "/projects/new",
            "/visit",
            "/photos",
            f"/photos/{company.photo}",
            f"/records/{company.riverside_record}",
            f"/records/{company.riverside_record}/correct",
            "/leads",
            lead,
            f"{lead}/edit",
            f"{lead}/convert",
            "/leads/new",
            "/parties",
            f"/parties/{company.party}",
            "/parties/new",
            f"/parties/{company.party}/edit",
            "/contacts",
            f"/contacts/{company.contact}",
            f"/contacts/{company.contact}/edit",
            "/search?q=river",
            "/profile",
        ],
        "supervisor": [
            "/",
            "/board",
            "/board?by=value&q=canal",
            f"/board?on={yesterday}",
            f"/board?on={yesterday}&cell=map/structure",
            "/projects",
            "/projects?phase=map&step=structure&stalled=1",
            f"{project}/reassign",
            "/approvals",
            "/notifications",
            "/radar",
            f"/approvals/{company.request}",
            f"/approvals/{company.answered}",
            lead,
            "/leads/import",
            "/leads/imports",
        ],
        "admin": [
            "/admin",
            f"/people/{company.users['sales1']}",
            f"/people/{company.users['sales1']}/edit",
            "/admin/people/new",
            "/admin/teams",
            "/admin/teams/new",
            "/admin/teams/1",
            "/admin/roles",
            "/admin/roles/1",
            "/admin/audit",
            "/admin/matrix",
            "/admin/matrix/versions/standard/1",
            "/admin/matrix/versions/light/1/cells/offer/strip",
            f"/admin/matrix/drafts/{company.draft}",
            f"/admin/matrix/drafts/{company.draft}/cells/offer/strip",
            f"/admin/matrix/drafts/{company.draft}/texts/phase",
            f"/admin/matrix/drafts/{company.draft}/settings",
            f"/admin/matrix/drafts/{company.draft}/difference",
            f"/admin/matrix/drafts/{company.draft}/dry-run",
            f"/admin/matrix/drafts/{company.draft}/dry-run/light/1",
            f"/admin/matrix/publications/{company.publication}",
        ],
    }


def test_no_kind_of_page_is_forgotten(company: Company) -> None:
    addresses = company.app.url_map.bind("")
    looked = {addresses.match(urlsplit(path).path)[0] for paths in pages(company).values() for path in paths}
    rules = (rule for rule in company.app.url_map.iter_rules() if "GET" in (rule.methods or ()))
    assert {rule.endpoint for rule in rules} == looked | ELSEWHERE


@pytest.mark.parametrize(("window", "lang"), CROSSED)
@pytest.mark.parametrize("user", ["sales1", "supervisor", "admin"])
def test_every_page_is_sound_and_accessible(visit: Visit, company: Company, user: str, window: str, lang: str) -> None:
    visitor = visit(user, window, lang, color_scheme="light" if window == "phone" else "dark")
    for path in pages(company)[user]:
        visitor.go(path)
        visitor.look()
