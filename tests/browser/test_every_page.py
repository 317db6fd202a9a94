"""Every kind of page, in both windows, languages and lights: nothing breaks or overflows, axe finds nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from urllib.parse import urlsplit

import pytest

from tests.browser.company import Company
from tests.browser.visitor import CROSSED, Visitor
from tests.dealers.making import months_ago
from tracker import clock

pytestmark = [pytest.mark.browser, pytest.mark.real_time]

Visit = Callable[..., Visitor]
# Looked at on the way of another test, or no page at all.
ELSEWHERE = {
    "team.login",
    "team.logout_page",
    "team.new_password",
    "imports.mapping",
    "imports.run",
    "imports.rejected",
    "imports.upload_before",
    "imports.list_before",
    "imports.run_before",
    "imports.mapping_before",
    "imports.rejected_before",
    "documents.download",
    "duplicates.check",
    "search.suggestions",
    "assigning.points",
    "assigning.within",
    "gallery.picture",
    "gallery.upload_state",
    "gallery.shared",
    "gallery.shared_picture",
    "matrix.task",
    "parties.pick",
    "contacts.pick",
    "contacts.card",
    "definitions.source",
    "operations.healthz",
    "operations.readyz",
    "static",
}


def pages(company: Company) -> dict[str, list[str]]:
    """The addresses to look at, by who looks."""
    yesterday = clock.today() - timedelta(days=1)
    project, lead = f"/projects/{company.riverside}", f"/leads/{company.lead}"
    dealer = f"/dealers/{company.dealer}"
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
            f"/photos?project={company.riverside}&since={yesterday}",
            f"/photos/film?project={company.riverside}",
            f"/photos/compare?project={company.riverside}",
            "/photos/shares",
            f"/records/{company.riverside_record}",
            f"/records/{company.riverside_record}/correct",
            "/leads",
            lead,
            f"{lead}/edit",
            f"{lead}/convert",
            "/leads/new",
            "/leads/several",
            "/documents",
            "/parties",
            f"/parties/{company.party}",
            "/parties/new",
            f"/parties/{company.party}/edit",
            f"/parties/{company.party}/more",
            "/contacts",
            f"/contacts/{company.contact}",
            f"/contacts/{company.contact}/edit",
            "/contacts?show=birthday",
            "/contacts/cards",
            f"{project}/circle",
            f"{project}/circle?view=table",
            f"/contacts/{company.contact}/briefing",
            f"{project}/briefing",
            "/handover/mine",
            "/designers",
            f"/designers/{company.designer}",
            "/rewards",
            f"/rewards/new?contact={company.designer}",
            f"/rewards/{company.reward}",
            f"/rewards/{company.given}",
            "/occasions",
            "/occasions/new",
            f"/occasions/{company.occasion}",
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
            "/photos/questions",
            "/notifications",
            "/radar",
            f"/approvals/{company.request}",
            f"/approvals/{company.answered}",
            lead,
            "/imports/leads",
            "/imports",
            "/merges",
            "/duplicates",
            f"/duplicates/lead/{company.lead}",
            f"{lead}/score",
            f"{lead}/duplicate",
            f"/merge/lead/{company.lead}",
            f"/merge/project/{company.riverside}/{company.harbour}",
            "/leads",
            f"/leads/assign?lead={company.lead}",
            f"/leads/assign?do=share&lead={company.lead}",
            "/leads/pool",
            "/leads/map",
            "/leads/rules",
            "/leads/territories",
            f"/people/{company.users['sales1']}/skills",
            f"/people/{company.users['sales1']}/handover",
            f"/people/{company.users['sales2']}",
            f"/people/{company.users['sales2']}/away",
            f"/people/{company.users['sales1']}/handover?mode=moving",
            "/accounts",
            "/accounts/new",
            f"/accounts/{company.account}",
            f"/accounts/{company.account}/edit",
            f"/accounts/{company.account}/plan",
            f"/accounts/{company.account}/wallet",
            f"/accounts/{company.account}/ladder",
            f"/accounts/{company.account}/markets",
            f"/accounts/{company.account}/agreements/new",
            "/accounts/agreements",
            f"/accounts/agreements/{company.agreement}",
            f"/accounts/agreements/{company.agreement}/edit",
            f"/accounts/agreements/{company.agreement}/renew",
            "/partners",
            f"{project}/partners",
            "/dealers",
            "/dealers/new",
            dealer,
            f"{dealer}/edit",
            f"{dealer}/papers/licence",
            f"{dealer}/contracts/new",
            f"{dealer}/contracts/{company.contract}",
            f"{dealer}/standing",
            f"{dealer}/stock",
            f"{dealer}/stock/{months_ago(1):%Y-%m}",
            f"/dealers/lines/{company.stock_line}",
            f"{dealer}/evaluations",
            f"{dealer}/evaluations/{company.judged}",
            f"{dealer}/evaluations/{company.judging}",
            f"{dealer}/support",
            f"{dealer}/history",
            "/dealers/evaluations",
            "/dealers/quotas",
            "/dealers/quotas/new",
            f"/dealers/quotas/{company.quota}",
            "/imports/stock",
            "/registrations",
            f"/registrations/{company.waiting_claim}",
            f"/registrations/{company.contested_claim}",
            f"/registrations/conflicts/{company.conflict}",
        ],
        "dealer1": [
            "/dealers/mine",
            f"/dealers/mine/stock/{months_ago(1):%Y-%m}",
            f"/dealers/mine/evaluations/{company.judged}",
            "/notifications",
            "/dealers/mine/registrations",
            "/dealers/mine/registrations/new",
            f"/dealers/mine/registrations/{company.draft_claim}/edit",
            f"/dealers/mine/registrations/{company.waiting_claim}",
            f"/dealers/mine/registrations/{company.contested_claim}",
            f"/registrations/{company.waiting_claim}/receipts/{company.receipt}",
        ],
        "admin": [
            "/admin",
            f"/contacts/{company.contact}",
            f"/contacts/{company.contact}/forget",
            f"/purge/photos/{company.photo}",
            f"/purge/records/{company.riverside_record}",
            f"/purge/documents/{company.paper}",
            f"/people/{company.users['sales1']}",
            f"/people/{company.users['sales1']}/edit",
            "/admin/people/new",
            "/admin/teams",
            "/admin/teams/new",
            "/admin/teams/1",
            "/admin/roles",
            "/admin/roles/1",
            "/admin/audit",
            "/leads/pool",
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
@pytest.mark.parametrize("user", ["sales1", "supervisor", "admin", "dealer1"])
def test_every_page_is_sound_and_accessible(visit: Visit, company: Company, user: str, window: str, lang: str) -> None:
    visitor = visit(user, window, lang, color_scheme="light" if window == "phone" else "dark")
    for path in pages(company)[user]:
        visitor.go(path)
        visitor.look()
