"""Giving leads away: many at once, shared, handed over, and by rules."""

from __future__ import annotations

from decimal import Decimal

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.assigning.making import pool_lead
from tests.cast import Cast
from tests.client import counted_queries
from tests.factories import make_project
from tests.leads.making import make_lead
from tracker import clock
from tracker.access import Action, can, visible
from tracker.assigning.operations.covering import Ground, Skills, add_territory, set_skills
from tracker.assigning.operations.many import Wish, assign_many, share_many
from tracker.assigning.operations.ruling import RuleDraft, add_rule, rehearse, route_leads
from tracker.assigning.operations.sharing import share_lead, unshare_lead
from tracker.assigning.queries.chosen import list_chosen, list_members, list_rules
from tracker.assigning.queries.suggestions import propose
from tracker.errors import Forbidden, Invalid
from tracker.events import Event, Kind
from tracker.handover.queries.belonging import load_belongings
from tracker.leads.models import Lead
from tracker.leads.operations.assigning import assign_lead
from tracker.leads.operations.noting import note_on_lead
from tracker.leads.queries import get_lead
from tracker.team.models import User


def sees(session: Session, user: User, lead: Lead) -> bool:
    return session.scalar(select(Lead.id).where(Lead.id == lead.id, visible(Lead, user))) is not None


def test_the_suggestion_goes_by_territory_and_skill_and_says_why(session: Session, cast: Cast) -> None:
    add_territory(session, cast.north, cast.sales2, Ground(district="Harbour"), by=cast.supervisor)
    set_skills(session, cast.sales1, Skills(kinds=["hotel"]), by=cast.supervisor)
    make_project(session, cast.sales1, state="won", kind="school")
    harbour = pool_lead(session, cast.supervisor, "A", team=cast.north, address="8 Harbour Road")
    hotel = pool_lead(session, cast.supervisor, "B", team=cast.north, kind="hotel")
    first, second = propose(session, cast.supervisor, list_chosen(session, cast.supervisor, [harbour.id, hotel.id]))
    assert (first.owner_id, second.owner_id) == (cast.sales2.id, cast.sales1.id)
    assert "covers Harbour" in first.best[0][1].reason("en")
    assert "擅长酒店" in second.best[0][1].reason("zh")
    assert {person.id for person, _ in first.best} == {cast.sales1.id, cast.sales2.id}  # nobody of another team


def test_knowing_the_materials_that_are_wanted_counts_for_leads_and_for_projects(session: Session, cast: Cast) -> None:
    set_skills(session, cast.sales2, Skills(categories=["tiles", "lighting"]), by=cast.supervisor)
    lead = pool_lead(session, cast.supervisor, team=cast.north, categories=("lighting",))
    make_project(session, cast.sales3, categories=("tiles",), team=cast.south)
    project = make_project(session, cast.sales1, name="Ours", categories=("tiles",))
    session.commit()
    (first,) = propose(session, cast.supervisor, list_chosen(session, cast.supervisor, [lead.id]))
    assert first.owner_id == cast.sales2.id
    assert "knows the materials: Lighting" in first.best[0][1].reason("en")
    (second,) = load_belongings(session, cast.supervisor, cast.sales1, clock.today()).projects
    assert (second.thing.id, second.owner_id) == (project.id, cast.sales2.id)
    assert "knows the materials: Tiles" in second.best[0][1].reason("en")


def test_what_the_definition_does_not_know_is_no_skill(session: Session, cast: Cast) -> None:
    with pytest.raises(Invalid) as refused:
        set_skills(session, cast.sales1, Skills(categories=["gold"]), by=cast.supervisor)
    assert refused.value.field == "categories"


def test_many_are_proposed_with_as_few_questions_as_one(session: Session, cast: Cast) -> None:
    leads = [pool_lead(session, cast.supervisor, f"Plot {n}", team=cast.north) for n in range(20)]
    chosen = list_chosen(session, cast.supervisor, [lead.id for lead in leads])
    with counted_queries() as asked:
        propose(session, cast.supervisor, chosen)
    assert len(asked) <= 7


def test_territories_are_described_whole_and_by_their_supervisor(session: Session, cast: Cast) -> None:
    with pytest.raises(Forbidden):
        add_territory(session, cast.south, None, Ground(district="Harbour"), by=cast.supervisor)
    with pytest.raises(Invalid):
        add_territory(session, cast.north, None, Ground(), by=cast.supervisor)
    with pytest.raises(Invalid):
        add_territory(session, cast.north, None, Ground(latitude=30.0, longitude=120.0), by=cast.supervisor)
    with pytest.raises(Invalid):
        add_territory(session, cast.north, cast.sales3, Ground(district="Harbour"), by=cast.supervisor)
    with pytest.raises(Forbidden):
        set_skills(session, cast.sales3, Skills(), by=cast.supervisor)


def test_of_many_those_that_cannot_go_are_told_and_the_others_go(session: Session, cast: Cast) -> None:
    good, stale, gone = (make_lead(session, cast.sales1, name) for name in ("Good", "Stale", "Gone"))
    hidden = make_lead(session, cast.sales3, "Of the south")
    gone.state = "converted"
    session.commit()
    wishes = [Wish(lead.id, lead.version, cast.sales2.id) for lead in (good, gone, hidden)]
    outcome = assign_many(session, [*wishes, Wish(stale.id, 99, cast.sales2.id)], by=cast.supervisor)
    session.commit()
    assert outcome.done == 1
    assert good.owner_id == cast.sales2.id
    assert [name for name, _ in outcome.refused] == ["Gone", f"#{hidden.id}", "Stale"]
    assert (stale.owner_id, hidden.owner_id) == (cast.sales1.id, cast.sales3.id)
    assert "changed it meanwhile" in str(outcome.refused[2][1])


def test_the_former_owner_keeps_reading_where_the_supervisor_says_so(session: Session, cast: Cast) -> None:
    kept, lost = (make_lead(session, cast.sales1, name) for name in ("Kept", "Lost"))
    for lead in (kept, lost):
        lead.created_by_id = cast.supervisor.id
        assign_lead(session, lead, cast.sales2, by=cast.supervisor, keeps_reading=lead is kept)
    session.commit()
    assert sees(session, cast.sales1, kept) and not sees(session, cast.sales1, lost)


def test_sharing_gives_sight_and_logging_but_neither_editing_nor_assigning(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1)
    with pytest.raises(Forbidden):
        share_lead(session, lead, cast.sales3, by=cast.sales2)
    assert share_lead(session, lead, cast.sales3, by=cast.sales1)
    assert not share_lead(session, lead, cast.sales3, by=cast.sales1)
    session.commit()
    theirs = get_lead(session, cast.sales3, lead.id)
    note_on_lead(session, theirs, by=cast.sales3, kind="site_visit", on=clock.today(), text="Seen from the south.")
    assert not can(cast.sales3, Action.LEAD_EDIT, theirs) and not can(cast.sales3, Action.LEAD_ASSIGN, theirs)
    (member,) = list_members(session, lead)
    unshare_lead(session, lead, member, by=cast.sales3)
    session.commit()
    assert not sees(session, cast.sales3, lead)
    kinds = session.scalars(select(Event.kind).where(Event.subject == "lead").order_by(Event.id)).all()
    assert kinds[-2:] == [Kind.LEAD_SHARED, Kind.LEAD_UNSHARED]


def test_a_lead_is_shared_with_colleagues_only(session: Session, cast: Cast) -> None:
    lead = make_lead(session, cast.sales1)
    for person in (cast.dealer1, cast.sales1):
        with pytest.raises(Invalid):
            share_lead(session, lead, person, by=cast.sales1)
    outcome = share_many(session, [lead.id], cast.dealer1, by=cast.sales1)
    assert (outcome.done, len(outcome.refused)) == (0, 1)
    assert share_many(session, [lead.id], cast.sales2, by=cast.sales1).done == 1


def test_the_first_rule_that_fits_gives_a_lead_away_and_turns_go_round(session: Session, cast: Cast) -> None:
    draft = {"to": "turns", "to_team_id": cast.north.id, "team_id": cast.north.id}
    add_rule(session, RuleDraft(seq=2, **draft), by=cast.supervisor)
    big = {"to": "person", "user_id": cast.sales2.id, "team_id": cast.north.id, "least_value": Decimal(1_000_000)}
    add_rule(session, RuleDraft(seq=1, **big), by=cast.supervisor)
    leads = [pool_lead(session, cast.supervisor, f"Plot {n}", team=cast.north) for n in range(3)]
    large = pool_lead(session, cast.supervisor, "Large", team=cast.north, value=Decimal(2_000_000))
    south = pool_lead(session, cast.supervisor2, "South", team=cast.south)
    rules = list_rules(session, None)
    rehearsed = rehearse(session, [*leads, large, south], rules)
    assert len(rehearsed) == 4 and not any(session.is_modified(rule) for rule in rules)
    with counted_queries() as asked:
        taken = route_leads(session, [lead.id for lead in (*leads, large, south)], by=None)
    assert (taken, len(asked) <= 15) == (4, True)
    session.commit()
    assert [lead.owner_id for lead in leads] == [cast.sales1.id, cast.sales2.id, cast.sales1.id]
    assert (large.owner_id, south.owner_id) == (cast.sales2.id, None)
    assert large.answer_by is not None
    assert route_leads(session, [large.id], by=None) == 0


def test_a_supervisor_sets_rules_for_his_own_teams_only(session: Session, cast: Cast) -> None:
    draft = {"to": "pool", "to_team_id": cast.south.id}
    for team in (cast.south.id, None):
        with pytest.raises(Forbidden):
            add_rule(session, RuleDraft(team_id=team, **draft), by=cast.supervisor)
    with pytest.raises(Invalid):
        add_rule(session, RuleDraft(team_id=cast.north.id, to="person"), by=cast.supervisor)
    add_rule(session, RuleDraft(source="media_land", **draft), by=cast.admin)
    lead = pool_lead(session, cast.admin, team=cast.north)
    lead.source = "media_land"
    session.commit()
    assert route_leads(session, [lead.id], by=None) == 1
    session.commit()
    assert (lead.team_id, lead.owner_id) == (cast.south.id, None)
