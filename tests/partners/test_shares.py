"""Partner makers: what they supply in a project, who may know, and where two supply the same."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.factories import make_party, make_project
from tracker import clock
from tracker.documents.operations import stage_document
from tracker.errors import Forbidden, Invalid
from tracker.matrix.definitions import current_definition
from tracker.parties.models import Party
from tracker.partners.models import ProjectShare
from tracker.partners.operations import ShareDraft, agree_share, end_share
from tracker.partners.queries import clashes_of, list_shares
from tracker.projects.models import Building, Project
from tracker.projects.queries import load_project

BUDGET = 14


@pytest.fixture
def project(session: Session, cast: Cast) -> Project:
    return make_project(session, cast.sales1, members=(cast.designpromo, cast.technical), dealer=cast.xinyuan)


def agree(session: Session, project: Project, maker: Party, by: Any, category: str = "lighting", **values: Any) -> Any:
    whole = load_project(session, by, project.id)
    share = agree_share(session, whole, maker, ShareDraft(category, clock.today(), **values), by=by)
    session.commit()
    return share


def maker(session: Session, name: str = "Linden Lighting") -> Party:
    return make_party(session, name, kind="partner_maker")


def test_a_maker_is_put_in_with_what_he_supplies(
    session: Session, cast: Cast, browser: Browser, project: Project
) -> None:
    client, address = browser.of(cast.sales1), f"/projects/{project.id}/partners"
    what = {"party": "Linden Lighting", "category": "lighting", "agreed_on": "2026-03-01"}
    form = {**what, "quantity": "300", "unit": "", "terms": "Each services his own."}
    refused = client.post(address, data=form)
    assert refused.status_code == 422 and "Each services his own." in refused.get_data(as_text=True)
    assert client.post(address, data={**form, "unit": "pc"}).location == address
    share = session.scalars(select(ProjectShare)).one()
    party = session.get_one(Party, share.party_id)
    assert (party.kind, share.quantity, share.named_only) == ("partner_maker", Decimal(300), False)
    page = client.get(address).get_data(as_text=True)
    assert "Linden Lighting" in page and "known to everybody of the project" in page
    assert f'href="{address}"' in client.get(f"/projects/{project.id}").get_data(as_text=True)


def test_partner_maker_is_a_kind_of_party_in_both_languages(session: Session, cast: Cast, browser: Browser) -> None:
    party = maker(session)
    session.commit()
    assert current_definition().picklist("participant_kinds").get("partner_maker").name.zh == "合作厂家"
    for lang, word in (("en", "Partner maker"), ("zh", "合作厂家")):
        assert word in browser.of(cast.sales1, lang).get(f"/parties/{party.id}").get_data(as_text=True)
        assert word in browser.of(cast.sales1, lang).get("/parties/new").get_data(as_text=True)


def test_what_only_some_may_know_is_hidden_from_others(
    session: Session, cast: Cast, browser: Browser, project: Project, media: Any
) -> None:
    paper = stage_document(session, media, b"%PDF-1.4 %%EOF", "deal.pdf", by=cast.sales1)
    agree(session, project, maker(session), cast.sales1, viewers=[cast.technical], documents=[paper])
    seen = {
        name: bool(list_shares(session, user, project))
        for name, user in cast.users.items()
        if name not in ("dealer1", "dealer2")
    }
    knowing = [name for name, sees in seen.items() if sees]
    assert knowing == ["admin", "gm", "director", "supervisor", "sales1", "technical", "compliance"]
    answers = {name: browser.of(user).get(f"/documents/{paper.token}").status_code for name, user in cast.users.items()}
    assert [name for name, status in answers.items() if status == 200] == knowing
    page = browser.of(cast.designpromo).get(f"/projects/{project.id}/partners").get_data(as_text=True)
    assert "Linden" not in page and "Nobody shares this project" in page
    assert "Linden" not in browser.of(cast.designpromo).get("/partners").get_data(as_text=True)


def test_no_dealer_and_no_outsider_sees_partner_makers(
    session: Session, cast: Cast, browser: Browser, project: Project
) -> None:
    agree(session, project, maker(session), cast.sales1)
    for user in (cast.dealer1, cast.dealer2, cast.sales3):
        assert browser.of(user).get(f"/projects/{project.id}/partners").status_code == 404
    assert "partners" not in browser.of(cast.dealer1).get(f"/projects/{project.id}").get_data(as_text=True)


def test_two_makers_of_one_category_in_one_building_clash(
    session: Session, cast: Cast, browser: Browser, project: Project
) -> None:
    session.add(Building(project_id=project.id, name="2#", step=project.step, step_since=project.step_since))
    session.commit()
    first, second = (one.id for one in load_project(session, cast.sales1, project.id).buildings)
    one = agree(session, project, maker(session), cast.sales1, building_id=first)
    agree(session, project, maker(session, "Oak Lights"), cast.sales1, building_id=second)
    agree(session, project, maker(session, "Elm Doors"), cast.sales1, category="interior_doors")
    assert clashes_of(list_shares(session, cast.sales1, project)) == []
    form = {"party": "Ash Lights", "category": "lighting", "agreed_on": "2026-03-01"}
    client, address = browser.of(cast.sales1), f"/projects/{project.id}/partners"
    answer = client.post(address, data=form, follow_redirects=True).get_data(as_text=True)
    assert "Another maker supplies this category here too" in answer
    assert answer.count("Two makers supply the same") == 2  # in all buildings: with both
    end_share(session, project, one, by=cast.sales1, reason="Withdrew")
    session.commit()
    assert client.get(address).get_data(as_text=True).count("Two makers supply the same") == 1


def test_what_ended_stays_with_the_reason_and_may_be_agreed_again(
    session: Session, cast: Cast, browser: Browser, project: Project
) -> None:
    party = maker(session)
    share = agree(session, project, party, cast.sales1)
    with pytest.raises(Invalid):
        agree(session, project, party, cast.sales1)
    session.rollback()
    client, address = browser.of(cast.sales1), f"/projects/{project.id}/partners/{share.id}/end"
    assert client.post(address, data={"reason": ""}).status_code == 422
    assert client.post(address, data={"reason": "They withdrew"}).status_code == 303
    assert "They withdrew" in client.get(f"/projects/{project.id}/partners").get_data(as_text=True)
    agree(session, project, party, cast.sales1)
    assert len(session.scalars(select(ProjectShare)).all()) == 2


@pytest.mark.parametrize(
    "values", [{"quantity": Decimal(5)}, {"quantity": Decimal(-1), "unit": "m²"}, {"building_id": 999_999}]
)
def test_what_cannot_be_is_refused(session: Session, cast: Cast, project: Project, values: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        agree(session, project, maker(session), cast.sales1, **values)


def test_nobody_agrees_tomorrow_or_without_a_part_in_it(session: Session, cast: Cast, project: Project) -> None:
    whole = load_project(session, cast.admin, project.id)
    late = ShareDraft("lighting", clock.today() + timedelta(days=1))
    with pytest.raises(Invalid):
        agree_share(session, whole, maker(session), late, by=cast.sales1)
    with pytest.raises(Forbidden):
        agree_share(session, whole, maker(session, "B"), ShareDraft("lighting", clock.today()), by=cast.compliance)


def test_the_pages_ask_as_little_for_many(session: Session, cast: Cast, browser: Browser, project: Project) -> None:
    for number in range(12):
        agree(session, project, maker(session, f"Maker {number}"), cast.sales1, viewers=[cast.technical])
    client = browser.of(cast.sales1)
    for address in ("/partners", f"/projects/{project.id}/partners"):
        with counted_queries() as asked:
            assert "Maker 7" in client.get(address).get_data(as_text=True)
        assert len(asked) <= BUDGET + (4 if "projects" in address else 0), "\n".join(asked)
    assert client.get("/partners?export=csv").get_data(as_text=True).count("Maker ") == 12
