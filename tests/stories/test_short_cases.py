"""The short cases R01 to R20 on the engine alone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from tests.stories.course import STANDARD
from tests.workflows.facts import TODAY, before, building, day, exits, lines, project, record
from tests.workflows.test_guards_moves import asked
from workflows.engine import outcome
from workflows.wishes import (
    Delete,
    GiveBenefit,
    GiveEvidence,
    HandOver,
    LogRecord,
    MovePhase,
    MoveStep,
    OpenProject,
    PassTime,
    Revive,
)

CASES: dict[str, Callable[[], None]] = {}


def case(number: str) -> Callable[[Callable[[], None]], Callable[[], None]]:
    """Register the case with this number."""

    def add(function: Callable[[], None]) -> Callable[[], None]:
        CASES[number] = function
        return function

    return add


def seen(step: str, **more: object) -> MoveStep:
    return MoveStep(1, step, TODAY, "exif", has_photo=True, **more)  # type: ignore[arg-type]


@case("R01")
def r01() -> None:
    facts = project("map", "structure", route="contractor_buy", evidence=exits("map"))
    decision = asked(facts, MovePhase("bid", "they want a price now"))
    assert "G04" in decision.rules and decision.needs == "refused" and not decision.overridable
    assert "Shortlist and sample sealing" in decision.fired[0].detail.en


@case("R02")
def r02() -> None:
    facts = project("bid", "masonry")
    assert asked(facts, MovePhase("shortlist")).needs == "reason"
    decision = asked(facts, MovePhase("shortlist", "new drawings"))
    assert decision.allowed and decision.rules == ("G06",)


@case("R03")
def r03() -> None:
    decision = asked(project("contract", "masonry", state="won"), MovePhase("bid", "the contract is void"))
    assert decision.rules == ("G07",) and decision.signers == ("supervisor",)


@case("R04")
def r04() -> None:
    decision = asked(project("deliver", "fitout"), MoveStep(1, "structure", reason_key="entry_error"))
    assert decision.rules == ("G10",) and decision.signers == ("supervisor",)
    assert "Attach evidence" in decision.fired[0].detail.en
    assert "Attach evidence" not in asked(project("deliver", "fitout"), seen("structure")).fired[0].detail.en


@case("R05")
def r05() -> None:
    decision = asked(project("shortlist", "ground", before(90), categories=lines("tiles")), seen("envelope"))
    assert decision.allowed and "G11" in decision.rules
    assert "windows of all categories are judged again" in decision.fired[0].detail.en
    there = project("shortlist", "envelope", categories=lines("tiles"))
    assert "G02" in asked(there, OpenProject("specify", "envelope", "design_led")).rules  # too late to specify


@case("R06")
def r06() -> None:
    facts = project("map", "mep", before(60), categories=lines("tiles"))
    decision = asked(facts, seen("fitout"))
    assert decision.allowed and "G09" in decision.rules and "windows_closed" in decision.marks
    there = project("map", "fitout", categories=lines("tiles"), evidence=exits("map"))
    decided = asked(there, MovePhase("bid", "a last try"))
    nine = next(fired for fired in decided.fired if fired.rule_id == "G09")
    assert (nine.action, nine.override) == ("supervisor", "supervisor")
    assert "mark lost, or move to a later block" in nine.sentence.en


@case("R07")
def r07() -> None:
    decision = asked(project("specify", "mep", before(60), categories=lines("interior_coating")), seen("fitout"))
    assert decision.allowed and "G46" in decision.rules and "stranded" in decision.marks
    assert str(TODAY + timedelta(days=7)) in next(f for f in decision.fired if f.rule_id == "G46").detail.en


@case("R08")
def r08() -> None:
    facts = project("bid", "masonry", before(100))
    late = asked(facts, LogRecord("bid", "masonry", before(20), "site_visit", "sales"))
    assert late.allowed and late.marks == ("late_entry",) and late.rules == ("G15",)
    very = asked(facts, LogRecord("bid", "masonry", before(70), "site_visit", "sales"))
    assert very.rules == ("G15", "G16") and very.signers == ("supervisor",)


@case("R09")
def r09() -> None:
    wish = LogRecord("bid", "masonry", TODAY + timedelta(days=7), "site_visit", "sales")
    decision = asked(project("bid", "masonry"), wish)
    assert decision.rules == ("G17",) and decision.needs == "refused"
    assert decision.suggestion is not None and decision.suggestion.wish == replace(wish, is_plan=True)


@case("R10")
def r10() -> None:
    decision = asked(project(), Delete("photo", 3))
    assert decision.rules == ("G18",) and decision.needs == "refused"
    assert decision.suggestion is not None and "trail" in decision.suggestion.text.en


@case("R11")
def r11() -> None:
    task = STANDARD.task("T.qualify.ground.1")
    assert task.evidence == "photo"
    decision = asked(project("qualify", "ground"), GiveEvidence(task.id, "note", TODAY))
    assert decision.allowed and decision.rules == ("G19",) and decision.marks == ("weak",)


@case("R12")
def r12() -> None:
    facts = project("specify", "structure", kind="hotel")
    decision = asked(facts, GiveBenefit("factory_visit", "designer"))
    assert decision.rules == ("G32",) and decision.signers == ("compliance", "supervisor")


@case("R13")
def r13() -> None:
    facts = project("bid", "masonry", state="lost", lost_on=before(400))
    decision = asked(facts, Revive(new_fact="tendered again"))
    assert decision.rules == ("G39",) and not decision.overridable
    assert "refers to this one" in decision.fired[0].detail.en


@case("R14")
def r14() -> None:
    decision = asked(project("bid", "masonry"), HandOver(2, introduced=True, leaver=True))
    assert decision.rules == ("G42",) and decision.needs == "refused"
    assert "a handover note" in decision.fired[0].detail.en


@case("R15")
def r15() -> None:
    facts = project("bid", "masonry", before(40), records=(record("bid", "masonry", day("2026-03-01")),))
    told = {days: asked(facts, PassTime(), day("2026-03-01") + timedelta(days=days)) for days in (7, 8, 14, 15)}
    assert [told[days].rules for days in (7, 8, 14, 15)] == [(), ("G43",), ("G43",), ("G43", "G44")]
    assert told[8].fired[0].action == "warn" and "escalate" in told[15].marks


@case("R16")
def r16() -> None:
    facts = project("shortlist", since=before(10), buildings=(building("structure", before(320)),))
    decision = asked(facts, PassTime())
    assert "G45" in decision.rules and decision.allowed
    assert STANDARD.step("structure").duration_days[1] == 300


@case("R17")
def r17() -> None:
    decision = asked(project("map", "envelope", categories=lines("tiles")), seen("mep"))
    assert decision.allowed and "G13" in decision.rules
    assert STANDARD.window("tiles").bid.last == "envelope"
    assert STANDARD.step("envelope").name.en in next(f for f in decision.fired if f.rule_id == "G13").detail.en


def scored(validity: float, feasibility: float) -> tuple[str, str]:
    key, text = outcome(STANDARD.scorecard, {"validity": validity, "feasibility": feasibility, "value": 3})
    return key, text.zh


@case("R18")
def r18() -> None:
    key, text = scored(55, 70)
    assert key == "verify" and "十日内补证据" in text


@case("R19")
def r19() -> None:
    key, text = scored(65, 45)
    assert key == "supervisor_decides" and "三日内" in text


@case("R20")
def r20() -> None:
    assert scored(35, 50)[0] == "discard"


@pytest.mark.parametrize("number", CASES)
def test_short_case(number: str) -> None:
    CASES[number]()
