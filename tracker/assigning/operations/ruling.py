"""Rules that give leads without an owner to somebody by themselves, and what they would have done."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session, selectinload

from tracker import clock, events
from tracker.absences.models import Absence
from tracker.absences.queries import Away, load_away
from tracker.access.leading import require_leading
from tracker.assigning.models import AssignmentRule
from tracker.assigning.queries.candidates import Bench, load_bench, wanted_of
from tracker.assigning.queries.chosen import list_rules
from tracker.errors import Invalid
from tracker.events import Event, Kind
from tracker.i18n import _l
from tracker.leads.models import OPEN, Lead
from tracker.leads.operations.answering import answer_limit
from tracker.matrix.definitions import current_definition
from tracker.team.models import Team, User
from workflows.assigning import spread

TARGETS = ("person", "turns", "fittest", "pool")
NOT_YOURS = _l("You set rules for the leads of your own teams. Choose one of them.")


@dataclass(frozen=True, slots=True)
class RuleDraft:
    """A rule as somebody writes it."""

    to: str
    seq: int = 1
    team_id: int | None = None
    region_id: int | None = None
    source: str | None = None
    kind: str | None = None
    least_value: Decimal | None = None
    user_id: int | None = None
    to_team_id: int | None = None


@dataclass(frozen=True, slots=True)
class Routed:
    """What a rule makes of a lead: it goes to `owner`, or into the pool of `team_id`.

    `absence`: of the one whose it would have been, were he here.
    """

    lead: Lead
    rule: AssignmentRule
    owner: User | None = None
    team_id: int | None = None
    absence: Absence | None = None

    @property
    def moves(self) -> bool:
        """Whether the lead is not where it goes already."""
        return self.owner is not None or self.team_id != self.lead.team_id


def add_rule(session: Session, draft: RuleDraft, *, by: User) -> AssignmentRule:
    """Set a rule: a supervisor for the leads of his teams, who sees the whole company for all."""
    team = session.get(Team, draft.team_id) if draft.team_id else None
    require_leading(by, team, NOT_YOURS)
    definition = current_definition()
    if draft.to not in TARGETS:
        raise Invalid("to", _l("Say where the leads go."))
    if draft.source and draft.source not in definition.picklist("lead_sources").keys:
        raise Invalid("source", _l("Say where the lead comes from."))
    if draft.kind and draft.kind not in definition.picklist("project_types").keys:
        raise Invalid("kind", _l("Choose what is being built."))
    person = session.get(User, draft.user_id) if draft.user_id and draft.to == "person" else None
    if draft.to == "person" and (person is None or not person.active or person.party_id is not None):
        raise Invalid("user_id", _l("Choose an active colleague."))
    target = session.get(Team, draft.to_team_id) if draft.to_team_id and draft.to != "person" else None
    if draft.to != "person" and target is None:
        raise Invalid("to_team_id", _l("Choose the team."))
    rule = AssignmentRule(
        seq=max(1, min(draft.seq, 999)),
        team_id=draft.team_id,
        region_id=draft.region_id,
        source=draft.source or None,
        kind=draft.kind or None,
        least_value=draft.least_value,
        to=draft.to,
        user_id=person.id if person else None,
        to_team_id=target.id if target else None,
    )
    session.add(rule)
    session.flush()
    events.record(session, Kind.RULE_SET, rule, by=by, team_id=rule.team_id, source=rule.source, target=rule.to)
    return rule


def drop_rule(session: Session, rule: AssignmentRule, *, by: User) -> None:
    """A rule counts no more; `team` must be loaded."""
    require_leading(by, rule.team, NOT_YOURS)
    events.record(session, Kind.RULE_DROPPED, rule, by=by, team_id=rule.team_id, source=rule.source, target=rule.to)
    session.delete(rule)
    session.flush()


def route_leads(session: Session, lead_ids: Sequence[int], *, by: User | None) -> int:
    """Apply the rules to those of the leads that have no owner; how many a rule moved. Few statements, however many."""
    rules = list_rules(session, None)
    if not rules or not lead_ids:
        return 0
    query = select(Lead).where(Lead.id.in_(lead_ids), Lead.owner_id.is_(None), Lead.state.in_(OPEN)).order_by(Lead.id)
    query = query.options(selectinload(Lead.categories)).with_for_update(of=Lead)
    routed = plan(session, session.scalars(query).all(), rules)
    moved = sum(one.moves for one in routed)
    _carry_out(session, [one for one in routed if one.moves or one.absence], by)
    return moved


def _carry_out(session: Session, routed: Sequence[Routed], by: User | None) -> None:
    """One statement for all that go the same way, and one for the events."""
    if not routed:
        return
    now = clock.now()
    same: dict[tuple[tuple[str, Any], ...], list[int]] = defaultdict(list)
    told: list[dict[str, Any]] = []
    plain = {"kind": Kind.LEAD_ASSIGNED, "subject": Lead.__tablename__, "by_id": by.id if by else None, "at": now}
    for one in routed:
        values: dict[str, Any] = {"team_id": one.team_id}
        if one.owner is not None:
            values = {"owner_id": one.owner.id, "team_id": one.owner.team_id or one.lead.team_id, "assigned_at": now}
            values |= {"answer_by": answer_limit(one.lead.source, now), "answered_at": None}
        if one.moves:
            same[tuple(values.items())].append(one.lead.id)
        told.append({**plain, "subject_id": one.lead.id, "data": _told(one)})
    session.flush()  # whose turn it is next
    for group, ids in same.items():
        change = update(Lead).where(Lead.id.in_(ids)).values(**dict(group), version=Lead.version + 1)
        session.execute(change.execution_options(synchronize_session=False))
    session.execute(insert(Event), told)
    for one in routed:
        session.expire(one.lead)


def _told(one: Routed) -> dict[str, Any]:
    data: dict[str, Any] = {"rule": one.rule.id}
    data |= {"owner_id": one.owner.id, "owner": one.owner.name} if one.owner else {"team_id": one.team_id}
    if one.absence is not None:
        data |= {"away": one.absence.user.name, "away_until": one.absence.ends_on.isoformat()}
    return data


def rehearse(session: Session, leads: Sequence[Lead], rules: Sequence[AssignmentRule]) -> list[Routed]:
    """What the rules would have made of these leads, had they had no owner; nothing changes, no turn is used up."""
    turns = {rule.id: rule.turn for rule in rules}
    with session.no_autoflush:
        found = plan(session, leads, rules)
        for rule in rules:
            rule.turn = turns[rule.id]
    return found


@dataclass(slots=True)
class _Benches:
    """The people of each team, asked once, and who is away."""

    session: Session
    leads: Sequence[Lead]
    away: Away
    known: dict[int | None, Bench] = field(default_factory=dict)

    def of(self, team_id: int | None) -> Bench:
        if team_id not in self.known:
            self.known[team_id] = load_bench(self.session, self.leads, self.away, team_id=team_id)
        return self.known[team_id]

    def takers(self, people: Sequence[User]) -> list[tuple[User, Absence | None]]:
        """Who takes what would be each person's: he himself or, while he is away, who stands in, with the absence.

        Whose stand-in is missing or away too takes nothing.
        """
        found = [(one, self.away.get(one.id)) for one in people]
        return [(taker, absence) for one, absence in found if (taker := self._stand_in(absence) if absence else one)]

    def _stand_in(self, absence: Absence) -> User | None:
        one = absence.stand_in
        here = one is not None and one.active and one.party_id is None and one.id not in self.away
        return one if here else None


def plan(session: Session, leads: Sequence[Lead], rules: Sequence[AssignmentRule]) -> list[Routed]:
    """Which rule takes which lead, and for whom: the first that fits. One that finds nobody leaves it to the next."""
    benches, found = _Benches(session, leads, load_away(session, None)), list[Routed]()
    for lead in leads:
        fitting = (one for rule in rules if _fits(rule, lead) if (one := _target(benches, rule, lead)))
        routed = next(fitting, None)
        if routed:
            found.append(routed)
    return found


def _fits(rule: AssignmentRule, lead: Lead) -> bool:
    wanted = ((rule.team_id, lead.team_id), (rule.region_id, lead.region_id), (rule.source, lead.source))
    same = all(condition is None or condition == value for condition, value in (*wanted, (rule.kind, lead.kind)))
    enough = rule.least_value is None or (lead.value is not None and lead.value >= rule.least_value)
    return rule.active and same and enough


def _target(benches: _Benches, rule: AssignmentRule, lead: Lead) -> Routed | None:
    if rule.to == "pool":
        return Routed(lead, rule, team_id=rule.to_team_id)
    if rule.to == "person":
        people = [rule.user] if rule.user and rule.user.active else []
    elif rule.to == "turns":
        people = list(benches.of(rule.to_team_id).people.values())
    else:
        people = _fittest(benches.of(rule.to_team_id), lead)
    if not people:
        return None
    takers = benches.takers(people)
    if not takers:
        return Routed(lead, rule, team_id=people[0].team_id or lead.team_id, absence=benches.away[people[0].id])
    owner, absence = takers[rule.turn % len(takers) if rule.to == "turns" else 0]
    rule.turn += rule.to == "turns"
    return Routed(lead, rule, owner=owner, absence=absence)


def _fittest(bench: Bench, lead: Lead) -> list[User]:
    """Whoever of those here fits best; where all are away, all of them."""
    best = spread(wanted_of([lead]), bench.candidates)[0]
    return [bench.people[best.id]] if best else list(bench.people.values())
