"""Every kind of page, in both windows and both languages: nothing breaks, nothing overflows, axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.browser.company import Company
from tests.browser.visitor import ALL, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]


def pages(company: Company) -> dict[str, list[str]]:
    """The addresses to look at, by who looks."""
    project, lead = f"/projects/{company.riverside}", f"/leads/{company.lead}"
    return {
        "sales1": [
            "/",
            project,
            f"{project}?logged={company.riverside_record}",
            f"{project}/cells/map/structure",
            f"{project}/cells/bid/completion",
            f"{project}/log",
            f"{project}/phase",
            f"{project}/edit",
            f"{project}/people",
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
            "/projects",
            "/projects?phase=map&step=structure&stalled=1",
            f"{project}/reassign",
            "/approvals",
            f"/approvals/{company.request}",
            f"/approvals/{company.answered}",
            lead,
            "/leads/import",
            "/leads/imports",
        ],
        "admin": ["/admin", f"/people/{company.users['sales1']}", "/admin/people/new", "/admin/teams", "/admin/roles"],
    }


@pytest.mark.parametrize(("window", "lang"), ALL)
@pytest.mark.parametrize("user", ["sales1", "supervisor", "admin"])
def test_every_page_is_sound_and_accessible(visit: Visit, company: Company, user: str, window: str, lang: str) -> None:
    visitor = visit(user, window, lang, color_scheme="dark" if (window, lang) in ALL[1:3] else "light")
    for path in pages(company)[user]:
        visitor.go(path)
        visitor.look()
