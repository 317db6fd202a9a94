"""The pages about who has a lead: what they do, refuse and keep, who sees what, and how much they ask."""

from __future__ import annotations

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.assigning.making import pool_lead
from tests.cast import Cast
from tests.client import Browser, counted_queries
from tests.leads.making import make_lead
from tracker.assigning.models import AssignmentRule, Skill, Territory
from tracker.leads.models import Lead, LeadMember

BUDGET = 14  # statements for a page, signing in included


def test_the_list_lets_supervisors_choose_and_nobody_else(session: Session, cast: Cast, browser: Browser) -> None:
    make_lead(session, cast.sales1)
    assert 'form="bulk"' in browser.of(cast.supervisor).get("/leads").text
    assert 'form="bulk"' not in browser.of(cast.sales1).get("/leads").text


def test_what_was_chosen_is_looked_at_and_confirmed(session: Session, cast: Cast, browser: Browser) -> None:
    leads = [make_lead(session, cast.sales1, f"Plot {n}") for n in range(3)]
    client = browser.of(cast.supervisor)
    address = "/leads/assign?" + "&".join(f"lead={lead.id}" for lead in leads)
    with counted_queries() as asked:
        page = client.get(address).text
    assert len(asked) <= BUDGET
    assert page.count("Who takes it") == 3 and "open)" not in page
    form = {"thing": [lead.id for lead in leads], "reason": "He is ill"}
    form |= {f"version-{lead.id}": lead.version for lead in leads}  # type: ignore[dict-item]
    form |= {f"owner-{lead.id}": cast.sales2.id for lead in leads[:2]}  # type: ignore[dict-item]
    form[f"version-{leads[1].id}"] = 99  # type: ignore[assignment]
    answer = client.post("/leads/assign", data=form)
    assert "Plot 1" in answer.text and "changed it meanwhile" in answer.text and "Plot 2" not in answer.text
    owners = session.scalars(select(Lead.owner_id).order_by(Lead.id)).all()
    assert owners == [cast.sales2.id, cast.sales1.id, cast.sales1.id]


def test_many_are_shared_with_one_colleague(session: Session, cast: Cast, browser: Browser) -> None:
    leads = [make_lead(session, cast.sales1, f"Plot {n}") for n in range(2)]
    client = browser.of(cast.sales1)
    assert "Plot 1" in client.get(f"/leads/assign?do=share&lead={leads[1].id}").text
    form = {"lead": [lead.id for lead in leads], "user_id": cast.sales3.id}
    assert client.post("/leads/share", data=form).status_code == 303
    assert session.scalars(select(LeadMember.user_id)).all() == [cast.sales3.id] * 2
    assert browser.of(cast.sales3).get(f"/leads/{leads[0].id}").status_code == 200


@pytest.mark.parametrize("address", ["/leads/pool", "/leads/pool?source=street_canvassing", "/leads/map"])
def test_the_pool_and_the_map_ask_as_little_for_many_as_for_one(
    session: Session, cast: Cast, browser: Browser, address: str
) -> None:
    for number in range(30):
        pool_lead(session, cast.supervisor, f"Plot {number}", team=cast.north)
    client = browser.of(cast.sales1)
    with counted_queries() as asked:
        answer = client.get(address)
    assert answer.status_code == 200 and "Plot 29" in answer.text
    assert len(asked) <= BUDGET


def test_claiming_and_putting_back_in_the_browser(session: Session, cast: Cast, browser: Browser) -> None:
    lead = pool_lead(session, cast.supervisor, team=cast.north)
    client = browser.of(cast.sales1)
    assert "Claim it" in client.get(f"/leads/{lead.id}").text
    assert client.post(f"/leads/{lead.id}/claim").status_code == 303
    assert "answer by" in client.get(f"/leads/{lead.id}").text
    refused = client.post(f"/leads/{lead.id}/release", data={"return-reason": ""})
    assert refused.status_code == 422 and "whoever takes it next" in refused.text
    assert client.post(f"/leads/{lead.id}/release", data={"return-reason": "Too far"}).status_code == 303
    session.expire_all()
    assert session.scalars(select(Lead.owner_id)).one() is None


def test_a_refused_claim_says_why_in_both_languages(session: Session, cast: Cast, browser: Browser) -> None:
    leads = [pool_lead(session, cast.supervisor, f"Plot {n}", team=cast.north) for n in range(2)]
    limits = {"role_id": "", "waiting": "1", "a_day": "5", "load": "40"}
    assert browser.of(cast.admin).post("/leads/pool/limits", data=limits).status_code == 303
    client = browser.of(cast.sales1, "zh")
    client.post(f"/leads/{leads[0].id}/claim")
    refused = client.post(f"/leads/{leads[1].id}/claim")
    assert refused.status_code == 422 and "上限 1 个" in refused.text


def test_territories_skills_and_rules_are_set_and_taken_away(session: Session, cast: Cast, browser: Browser) -> None:
    client = browser.of(cast.supervisor)
    ground = {"team_id": cast.north.id, "user_id": cast.sales1.id, "region_id": "", "district": "Harbour"}
    assert client.post("/leads/territories", data={**ground, "district": ""}).status_code == 422
    assert client.post("/leads/territories", data=ground).status_code == 303
    row = session.scalars(select(Territory)).one()
    assert (row.name, row.user_id) == ("Harbour", cast.sales1.id)
    skills = {"kinds": ["hotel"], "sources": ["media_land"], "categories": ["tiles"]}
    assert client.post(f"/people/{cast.sales1.id}/skills", data=skills).location == f"/people/{cast.sales1.id}"
    assert set(session.scalars(select(Skill.key))) == {"hotel", "media_land", "tiles"}
    assert client.get(f"/people/{cast.sales1.id}/skills").text.count("checked") == 3
    refused = client.post(f"/people/{cast.sales1.id}/skills", data={**skills, "categories": ["tiles", "gold"]})
    assert refused.status_code == 422 and refused.text.count("checked") == 3
    card = browser.of(cast.technical).get(f"/people/{cast.sales1.id}").text
    assert "Tiles" in card and "Hotel" in card and f"/people/{cast.sales1.id}/skills" not in card
    pool_lead(session, cast.supervisor, "Harbour plot", team=cast.north, address="Harbour Road 1")
    rule = {"team_id": cast.north.id, "source": "street_canvassing", "to": "fittest", "to_team_id": cast.north.id}
    assert client.post("/leads/rules", data=rule).status_code == 303
    page = client.get("/leads/rules").text
    assert "would have taken 1" in page and "Sales1" in page
    assert client.post("/leads/rules/apply").status_code == 303
    session.expire_all()
    assert session.scalars(select(Lead.owner_id)).one() == cast.sales1.id
    rule_id = session.scalars(select(AssignmentRule.id)).one()
    client.post(f"/leads/rules/{rule_id}/drop")
    client.post(f"/leads/territories/{row.id}/drop")
    assert session.scalars(select(AssignmentRule)).all() == session.scalars(select(Territory)).all() == []


def test_the_map_shows_single_leads_and_gathers_those_that_lie_together(
    session: Session, cast: Cast, browser: Browser
) -> None:
    for number in range(20):
        make_lead(session, cast.sales1, f"Plot {number}", latitude=31.2 + number / 1e4, longitude=121.5)
    alone = make_lead(session, cast.sales1, "Alone", latitude=39.9, longitude=116.4)
    make_lead(session, cast.sales3, "Of the south", latitude=25.0, longitude=110.0)
    client = browser.of(cast.supervisor)
    with counted_queries() as asked:
        found = client.get("/leads/map/points?bbox=70,10,140,55&zoom=5").json
    assert len(asked) <= 6
    assert [(one["count"], one.get("name")) for one in found] == [(20, None), (1, "Alone")]
    assert found[1]["url"] == f"/leads/{alone.id}"
    near = client.get("/leads/map/points?bbox=121,31,122,32&zoom=16").json
    assert len(near) == 20 and {one["count"] for one in near} == {1}
    assert client.get("/leads/map/points?bbox=nonsense").status_code == 200


def test_tiles_are_let_in_by_the_policy_and_places_shifted_only_where_they_are_set(
    app: Flask, session: Session, cast: Cast, browser: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    make_lead(session, cast.sales1, "Palace", latitude=39.915, longitude=116.404)
    client = browser.of(cast.sales1)
    page = client.get("/leads/map")
    assert "img-src 'self' data: blob:;" in page.headers["Content-Security-Policy"]
    assert client.get("/leads/map/points").json[0]["at"] == [39.915, 116.404]
    tiles = "https://{s}.tiles.example.com/{z}/{x}/{y}.png"
    monkeypatch.setitem(app.config, "TRACKER", replace(app.config["TRACKER"], tile_url=tiles, tile_gcj02=True))
    page = client.get("/leads/map")
    assert "blob: https://*.tiles.example.com;" in page.headers["Content-Security-Policy"]
    assert f'data-tiles="{tiles}"' in page.text
    assert client.get("/leads/map/points").json[0]["at"] == [39.916404, 116.410244]
