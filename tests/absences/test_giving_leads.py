"""Whoever is away is not suggested, and what a rule would give him goes to who stands in, or to the pool."""

from __future__ import annotations

from sqlalchemy import select
from sqlalchemy.orm import Session

from tests.absences.making import make_away
from tests.assigning.making import pool_lead
from tests.cast import Cast
from tests.client import Browser
from tracker.absences.operations import end_absence
from tracker.assigning.operations.ruling import RuleDraft, add_rule, rehearse, route_leads
from tracker.assigning.queries.chosen import list_chosen, list_newest_leads, list_rules
from tracker.assigning.queries.suggestions import propose
from tracker.events import Event, Kind
from tracker.leads.models import Lead


def rule(session: Session, cast: Cast, to: str, **values: object) -> None:
    target = {"user_id": cast.sales1.id} if to == "person" else {"to_team_id": cast.north.id}
    draft = RuleDraft(to, team_id=cast.north.id, **{**target, **values})  # type: ignore[arg-type]
    add_rule(session, draft, by=cast.supervisor)
    session.commit()


def leads_of(session: Session, cast: Cast, number: int) -> list[Lead]:
    return [pool_lead(session, cast.supervisor, f"Plot {n}", team=cast.north) for n in range(number)]


def routed(session: Session, leads: list[Lead]) -> list[int | None]:
    route_leads(session, [lead.id for lead in leads], by=None)
    session.commit()
    return [lead.owner_id for lead in leads]


def told(session: Session) -> list[dict[str, object]]:
    return list(session.scalars(select(Event.data).where(Event.kind == Kind.LEAD_ASSIGNED).order_by(Event.id)))


def test_whoever_is_away_is_not_suggested_and_is_again_when_he_is_back(session: Session, cast: Cast) -> None:
    (lead,) = leads_of(session, cast, 1)
    absence = make_away(session, cast.sales1)
    (proposal,) = propose(session, cast.supervisor, list_chosen(session, cast.supervisor, [lead.id]))
    assert proposal.owner_id == cast.sales2.id
    assert {person.id for person, _ in proposal.best} == {cast.sales2.id}
    end_absence(session, absence, cast.sales1, by=cast.sales1)
    session.commit()
    (proposal,) = propose(session, cast.supervisor, list_chosen(session, cast.supervisor, [lead.id]))
    assert {person.id for person, _ in proposal.best} == {cast.sales1.id, cast.sales2.id}


def test_a_rule_for_a_person_gives_to_who_stands_in_and_says_so(session: Session, cast: Cast, browser: Browser) -> None:
    rule(session, cast, "person")
    absence = make_away(session, cast.sales1, cast.sales3)
    (lead,) = leads_of(session, cast, 1)
    assert routed(session, [lead]) == [cast.sales3.id]
    assert lead.team_id == cast.south.id and lead.answer_by is not None
    (data,) = told(session)
    assert (data["owner"], data["away"], data["away_until"]) == ("Sales3", "Sales1", absence.ends_on.isoformat())
    page = browser.of(cast.supervisor2).get(f"/leads/{lead.id}").text
    assert "is away until" in page and "Sales1" in page


def test_without_anybody_who_stands_in_the_lead_stays_in_the_pool_and_its_history_says_why(
    session: Session, cast: Cast, browser: Browser
) -> None:
    rule(session, cast, "person")
    rule(session, cast, "person", user_id=cast.sales2.id, seq=2)
    make_away(session, cast.sales1)
    (lead,) = leads_of(session, cast, 1)
    version = lead.version
    assert route_leads(session, [lead.id], by=None) == 0
    session.commit()
    assert (lead.owner_id, lead.team_id, lead.version) == (None, cast.north.id, version)
    assert [data["away"] for data in told(session)] == ["Sales1"]
    assert "is away until" in browser.of(cast.supervisor).get(f"/leads/{lead.id}").text


def test_a_stand_in_who_is_away_himself_takes_nothing(session: Session, cast: Cast) -> None:
    rule(session, cast, "person")
    make_away(session, cast.sales1, cast.sales2)
    make_away(session, cast.sales2, cast.sales1)
    (lead,) = leads_of(session, cast, 1)
    assert routed(session, [lead]) == [None]


def test_turns_go_round_among_those_who_are_here_or_have_a_stand_in(session: Session, cast: Cast) -> None:
    rule(session, cast, "turns")
    absence = make_away(session, cast.sales1)
    assert routed(session, leads_of(session, cast, 2)) == [cast.sales2.id] * 2
    end_absence(session, absence, cast.sales1, by=cast.sales1)
    make_away(session, cast.sales1, cast.sales3)
    owners = routed(session, leads_of(session, cast, 2))
    assert set(owners) == {cast.sales2.id, cast.sales3.id}
    assert [data.get("away") for data in told(session)].count("Sales1") == 1


def test_the_fittest_is_sought_among_those_who_are_here(session: Session, cast: Cast) -> None:
    rule(session, cast, "fittest")
    make_away(session, cast.sales1, cast.sales3)
    assert routed(session, leads_of(session, cast, 2)) == [cast.sales2.id] * 2
    make_away(session, cast.sales2)
    assert routed(session, leads_of(session, cast, 1)) == [cast.sales3.id], "all are away: who stands in"


def test_the_rehearsal_says_for_whom_somebody_else_would_have_got_it(
    session: Session, cast: Cast, browser: Browser
) -> None:
    rule(session, cast, "person")
    make_away(session, cast.sales1, cast.sales2)
    leads_of(session, cast, 1)
    (one,) = rehearse(session, list_newest_leads(session, cast.supervisor), list_rules(session, None))
    assert one.owner is not None and one.owner.id == cast.sales2.id
    page = browser.of(cast.supervisor).get("/leads/rules").text
    assert "is away until" in page, "in the rehearsal"
    assert ">away until" in page.replace("</svg>", ">"), "beside the rule"
