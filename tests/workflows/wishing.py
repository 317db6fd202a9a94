"""Hypothesis strategies: a project in any circumstances, and a wish of any kind about it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from tests.workflows.facts import STANDARD, TODAY, building, exits
from workflows.facts import CategoryFacts, Circumstance, OwnTask, ProjectFacts, RegistrationFacts
from workflows.guards.lifecycle import OPEN_MATTERS
from workflows.wishes import (
    AcceptPayment,
    ChangeRoute,
    ClaimSite,
    Close,
    ConfirmConflict,
    Delete,
    GiveBenefit,
    GiveEvidence,
    HandOver,
    LogRecord,
    MarkLost,
    MovePhase,
    MoveStep,
    OpenProject,
    PassTime,
    PlaceOrder,
    Revive,
    SendQuote,
    Suspend,
    Wish,
)

PHASES = [phase.key for phase in STANDARD.phases]
STEPS = [step.key for step in STANDARD.steps]
ROUTES = [route.key for route in STANDARD.routes]
CATEGORIES = [window.category for window in STANDARD.windows]
STATES = [kind.key for kind in STANDARD.lifecycle.project_states]
ALL_EXITS = tuple(item for phase in PHASES for item in exits(phase, date(2020, 1, 1)))
TARGETS = [task.id for cell in STANDARD.cells for task in cell.tasks] + [
    criterion.id for phase in STANDARD.phases for criterion in phase.exit
]
OWN = OwnTask("U.1", "map", "structure", "sales", "photo", "Count the pallets", TODAY - timedelta(days=9), TODAY)

_phase, _step, _route, _category = (st.sampled_from(keys) for keys in (PHASES, STEPS, ROUTES, CATEGORIES))
_words = st.sampled_from([None, "", "because"])
_amount = st.one_of(st.none(), st.integers(0, 10_000_000).map(Decimal))
_percent = st.integers(0, 120).map(Decimal)


def _keys(name: str) -> st.SearchStrategy[str]:
    return st.sampled_from([*STANDARD.picklist(name).keys, "unheard_of"])


def around(today: date) -> st.SearchStrategy[date]:
    """A day of the weeks and months around a day."""
    return st.integers(-500, 120).map(lambda days: today + timedelta(days=days))


def wishes(today: date = TODAY) -> st.SearchStrategy[Wish]:
    """A wish of any kind, sensible or not."""
    days = around(today)
    day = st.one_of(st.none(), days)
    category = st.one_of(st.none(), _category)
    evidence = st.sampled_from([kind.key for kind in STANDARD.evidence_kinds])
    source = st.sampled_from([None, "exif", "browser", "notice", "stated"])
    told = st.frozensets(st.sampled_from(["terms", "step", "competitor", "document"]))
    return st.one_of(
        st.builds(OpenProject, _phase, _step, _route),
        st.builds(MovePhase, _phase, _words, category),
        st.builds(MoveStep, st.just(1), _step, day, source, st.booleans(),
                  st.one_of(st.none(), _keys("backward_step_reasons")), _words),
        st.builds(LogRecord, _phase, _step, days, _keys("activity_kinds"), st.just("sales"), st.booleans(),
                  st.booleans(), lot_purpose=st.sampled_from(["", "show_area", "villa"]), amount=_amount),
        st.builds(GiveEvidence, st.sampled_from([*TARGETS, "U.1"]), evidence, days),
        st.builds(Delete, st.sampled_from(["record", "photo", "contact", "quote"]), st.integers(1, 3)),
        st.builds(Suspend, st.one_of(st.none(), _keys("suspended_reasons")), day),
        st.builds(Revive, day, st.frozensets(st.sampled_from(["contacts", "windows", "credit"])), st.booleans(),
                  _words, category, _words),
        st.builds(MarkLost, category, st.one_of(st.none(), _keys("lost_reasons")), st.just(()),
                  st.sampled_from([None, "", "Ruian"]), st.one_of(st.none(), _percent), _amount, told),
        st.builds(Close),
        st.builds(HandOver, st.just(2), st.booleans(), st.booleans(), st.booleans()),
        st.builds(ChangeRoute, _route, _words),
        st.builds(SendQuote, st.sampled_from([None, True, False]), _percent, _percent,
                  st.sampled_from([None, "Xinyuan", "Hongda"])),
        st.builds(PlaceOrder, st.sampled_from(["production", "dispatch"]), _amount,
                  st.sampled_from(["", "show_area", "villa"]), st.sampled_from([None, True, False]), st.booleans(),
                  day),
        st.builds(AcceptPayment, st.sampled_from(["cash", "flats", "goods", "bill"]), _amount),
        st.builds(ClaimSite, st.sampled_from([None, "certain", "likely"]), st.booleans()),
        st.builds(ConfirmConflict, st.just(7)),
        st.builds(GiveBenefit, _keys("designer_reward_kinds"), st.sampled_from(["owner", "agent", "designer", "other"]),
                  st.integers(0, 5000).map(Decimal)),
        st.builds(PassTime, st.sampled_from([None, 7])),
    )  # fmt: skip


def fitting(facts: ProjectFacts, wish: Wish) -> Wish:
    """The wish, about the whole project where it names a line that the project does not have."""
    keys = {line.key for line in facts.categories}
    if isinstance(wish, MovePhase | MarkLost | Revive) and wish.category not in keys:
        return replace(wish, category=None)
    return wish


def _line(result: str, decided_on: date | None, phase: str | None, key: str) -> CategoryFacts:
    return CategoryFacts(key, phase, result, decided_on=decided_on or TODAY)  # type: ignore[arg-type]


@st.composite
def projects(draw: st.DrawFn, today: date = TODAY) -> ProjectFacts:
    """A project that may be anywhere, in any state, with anything around it."""
    past = st.integers(0, 500).map(lambda days: today - timedelta(days=days))
    results = st.sampled_from(["open", "open", "won", "lost", "dropped"])
    keys = draw(st.lists(_category, max_size=3, unique=True))
    lines = tuple(_line(draw(results), draw(past), draw(st.one_of(st.none(), _phase)), key) for key in keys)
    anchors = draw(st.dictionaries(st.sampled_from(list(STANDARD.anchors)), around(today), max_size=4))
    matters = draw(st.lists(st.sampled_from([*OPEN_MATTERS, "overdue", "credit_exceeded"]), max_size=2))
    claims = draw(st.lists(st.sampled_from(STANDARD.picklist("dealer_registration").keys), max_size=1))
    return ProjectFacts(
        route=draw(_route),
        phase=draw(_phase),
        phase_since=draw(past),
        buildings=(building(draw(_step), draw(past)),),
        state=draw(st.sampled_from(STATES)),
        public_funds=draw(st.booleans()),
        categories=lines,
        evidence=draw(st.sampled_from([(), ALL_EXITS, exits("shortlist", date(2020, 1, 1))])),
        anchors=anchors,
        suspended_since=draw(past),
        review_on=draw(around(today)),
        lost_on=draw(past),
        value=draw(st.sampled_from([None, 900_000, 2_000_000])),
        key_project=draw(st.booleans()),
        frame_agreement=draw(st.sampled_from(["", "HY-2024-JC-017"])),
        owned=draw(st.booleans()),
        circumstances=tuple(Circumstance(key, draw(past)) for key in matters),
        registrations=tuple(RegistrationFacts(7, "Xinyuan", state, draw(around(today))) for state in claims),
        own_tasks=(OWN,),
    )
