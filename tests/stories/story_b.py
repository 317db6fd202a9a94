"""Story B: a hospital found by street canvassing; gypsum board leads, flooring and coatings too."""

from __future__ import annotations

from decimal import Decimal

from tests.stories.course import STANDARD, Course, answers, day, money
from tests.stories.script import Script
from workflows.engine import (
    lines_to_split,
    notices,
    tender_running,
)
from workflows.facts import RegistrationFacts
from workflows.wishes import (
    ClaimSite,
    GiveBenefit,
    LogRecord,
    MarkLost,
    MovePhase,
    MoveStep,
    PlaceOrder,
    Revive,
    SendQuote,
    Suspend,
)

STORY = Script()
event = STORY.event
B, COATING = "B", "B-coating"
QUALIFY = ("parties_known", "progress_proved", "scope_estimated", "windows_checked", "route_team_set")
RECHECKED = frozenset({"contacts", "windows", "credit"})
SUPERVISOR = ("supervisor",)


@event("B01", "2025-09-16")
def b01(c: Course) -> None:
    c.capture(B, "street_canvassing", "sales", step="structure", kind="hospital")
    source = STANDARD.picklist("lead_sources").get("street_canvassing")
    assert source.extra["required_evidence"] == "photo"
    photo = next(kind for kind in STANDARD.evidence_kinds if kind.key == "photo")
    assert "定位" in photo.name.zh and "location" in photo.name.en


@event("B02", "2025-09-16")
def b02(c: Course) -> None:
    expired = RegistrationFacts(3, "Yongtai", "expired", protected_to=day("2025-06-30"))
    site = c.fork()
    assert site.open("site", "qualify/structure", "public_tender", ("gypsum_board",), kind="hospital").allowed
    claim = site.ask("site", ClaimSite("likely"))
    assert claim.allowed and "G26" in claim.rules
    assert c.uniqueness(B, expired) == 3


@event("B03", "2025-09-17")
def b03(c: Course) -> None:
    found = c.scored(B, "sales", answers(3, 5, 3, 5, 3, 3, 3, 1, 1, 5, 3, 5))
    assert (found.validity, found.feasibility, found.outcome) == (76, 56, "convert")


@event("B04", "2025-09-18")
def b04(c: Course) -> None:
    opened = c.convert(
        B, "qualify/structure", "public_tender", ("gypsum_board", "flooring", "interior_coating"), kind="hospital",
        value=money(2_400_000), floors=15,
    )  # fmt: skip
    assert opened.allowed and opened.rules == ()
    c.floor(B, 6)
    assert c[B].public_funds
    route = STANDARD.route(c[B].route)
    assert "specify" in route.optional and "specify" not in route.required


@event("B05", "2025-09-30")
def b05(c: Course) -> None:
    c.exits(B, "qualify", *QUALIFY, "credit_screened")
    assert c.move(B, "map").rules == ()
    assert c.owed(B)["T.map.structure.1"] == day("2025-10-14")
    c.on("2025-10-10")
    c.log(B, "office_visit", "sales", "T.map.structure.1", "X.map.decision_maker", "X.map.role_coverage")
    assert c.task(B, "T.map.structure.1").state == "done"


@event("B06", "2025-10-13")
def b06(c: Course) -> None:
    c.exits(B, "map", "buying_path", "decision_dates")
    c.decider(B, "Director Fang", met=True)
    wish = MovePhase("specify", "the interior drawings are unstamped")
    asked = c.refused(B, wish, "G02")
    assert (asked.needs, asked.signers) == ("supervisor", SUPERVISOR)
    c.on("2025-10-14")
    c.do(B, wish, signed=SUPERVISOR)
    assert (c.where(B), c.status(B)) == ("specify/structure", "late_risk")


@event("B07", "2025-10-20")
def b07(c: Course) -> None:
    decision = c.refused(B, GiveBenefit("study_trip", "designer", money(4000)), "G30", "G32", signed=("compliance",))
    assert not decision.overridable


@event("B08", "2025-11-03")
def b08(c: Course) -> None:
    c.log(B, "technical_exchange", "technical", "X.specify.spec_clause")
    assert c.met(B, "X.specify.spec_clause")


@event("B09", "2025-11-20")
def b09(c: Course) -> None:
    decision = c.refused(B, Suspend("funding_stop", day("2026-04-01")), "G35")
    assert "132 days" in decision.fired[0].detail.en
    assert decision.suggestion is not None and "2026-02-18" in decision.suggestion.text.en
    assert c[B].state == "active"


@event("B10", "2025-11-20")
def b10(c: Course) -> None:
    assert c.clocks(B, on="2026-01-15").rules == ("G43", "G44")  # it would be silence
    c.do(B, Suspend("funding_stop", day("2026-02-10")))
    assert (c[B].state, c[B].suspended_since) == ("suspended", day("2025-11-20"))
    assert c.clocks(B, on="2026-01-15").rules == () and c.due(B) == ()


@event("B11", "2026-02-10")
def b11(c: Course) -> None:
    assert c.clocks(B, on="2026-02-09").rules == ()
    reminder = c.clocks(B)
    assert (reminder.rules, reminder.marks) == (("G36",), ("remind",))
    c.do(B, Suspend("funding_stop", day("2026-04-30")))
    assert (c[B].review_on, c[B].suspended_since) == (day("2026-04-30"), day("2025-11-20"))
    assert c.clocks(B).rules == ()


@event("B12", "2026-05-06")
def b12(c: Course) -> None:
    c.pictured(B, "2026-04-28")
    c.refused(B, Revive(day("2026-04-28"), RECHECKED, reason="works resumed"), "G37")
    c.pictured(B, "2026-05-06")
    c.refused(B, Revive(c.today, frozenset({"contacts", "windows"}), reason="works resumed"), "G37")
    revived = c.do(B, Revive(c.today, RECHECKED, reason="works resumed"))
    assert (revived.rules, revived.marks) == (("G37",), ("rescore",))  # a new score is prompted, not forced
    assert "167 days" in revived.fired[0].detail.en
    c.floor(B, 9)
    assert c[B].state == "active"


@event("B13", "2026-05-08")
def b13(c: Course) -> None:
    assert "unmet" not in [notice.key for notice in notices(STANDARD, c[B], c.today)]
    c.decider(B, "Director Ning", met=False)
    assert c.log(B, "call", "sales", cell="map/structure").rules == ()
    warning = next(notice for notice in notices(STANDARD, c[B], c.today) if notice.key == "unmet")
    assert "decision maker" in warning.text.en and "决策者" in warning.text.zh


@event("B14", "2026-08-03")
def b14(c: Course) -> None:
    decision = c.reach(B, "masonry", "2026-07-30")
    assert decision.allowed and decision.rules == ("G47",)
    assert "Past the window to specify: Gypsum board" in decision.fired[0].detail.en
    assert c.window(B, "gypsum_board", "specify") == "closed"


@event("B15", "2026-08-04")
def b15(c: Course) -> None:
    c.exits(B, "specify", "budget_fit", "alternates_known")
    assert c.board(B).missing == ()
    assert c.move(B, "shortlist").rules == ()
    assert c.where(B) == "shortlist/masonry"


@event("B16", "2026-08-25")
def b16(c: Course) -> None:
    c.log(B, "meeting", "bidding", "X.shortlist.on_list")
    c.dated(B, tender_issued="2026-08-25", bid_deadline="2026-09-18")
    assert c.met(B, "X.shortlist.on_list")
    assert tender_running(c[B], c.today) and tender_running(c[B], day("2026-12-31"))  # until the award


@event("B17", "2026-08-26")
def b17(c: Course) -> None:
    wish = MovePhase("bid", "public tenders seal after the award")
    decision = c.refused(B, wish, "G03")
    assert decision.fired[0].missing == ("X.shortlist.sample_sealed", "X.shortlist.sample_code")
    c.do(B, wish, signed=SUPERVISOR, complete_by="2026-11-15")
    assert c.where(B) == "bid/masonry"
    promise = next(item for item in c.due(B) if item.kind == "promise")
    assert (promise.due, promise.late, promise.rule_id) == (day("2026-11-15"), False, "G03")


@event("B18", "2026-08-28")
def b18(c: Course) -> None:
    assert not c.refused(B, SendQuote(), "G20").overridable
    c.refused(B, LogRecord("bid", "masonry", c.today, "quotation", "sales"), "G20")


@event("B19", "2026-08-29")
def b19(c: Course) -> None:
    assert c.owed(B)["T.bid.masonry.1"] == day("2026-08-30")
    c.log(B, "quotation", "bidding", "X.bid.quote_approved", "X.bid.submitted", "T.bid.masonry.1")
    for _ in range(5):
        c.do(B, SendQuote())
    assert c.task(B, "T.bid.masonry.1").state == "done"


@event("B20", "2026-09-01")
def b20(c: Course) -> None:
    c.refused(B, GiveBenefit("hospitality", "owner", money(600)), "G31")
    assert not c.refused(B, LogRecord("bid", "masonry", c.today, "hospitality", "sales"), "G31").overridable


@event("B21", "2026-09-11")
def b21(c: Course) -> None:
    assert c.owed(B)["T.bid.masonry.2"] == day("2026-09-11")
    c.log(B, "internal_review", "sales", "T.bid.masonry.2")
    assert c.task(B, "T.bid.masonry.2").state == "done"


@event("B22", "2026-09-25")
def b22(c: Course) -> None:
    assert tender_running(c[B], day("2026-09-24"))
    c.dated(B, award_notice="2026-09-25")
    assert not tender_running(c[B], c.today)
    assert c.ask(B, GiveBenefit("hospitality", "owner", money(600))).rules == ()
    c.joins(B, "fitout_contractor", "Ruicheng Decoration")


@event("B23", "2026-10-09")
def b23(c: Course) -> None:
    assert c.reach(B, "envelope").rules == ()
    assert (c.where(B), c.status(B)) == ("bid/envelope", "normal")


@event("B24", "2026-10-12")
def b24(c: Course) -> None:
    second = SendQuote(discount_percent=Decimal(3), authority_percent=Decimal(2))
    decision = c.refused(B, second, "G21", signed=SUPERVISOR)
    assert decision.signers == ("regional_director",)
    c.do(B, second, signed=("regional_director",))
    assert c.met(B, "X.bid.quote_approved")  # the first version stays


@event("B25", "2026-10-14")
def b25(c: Course) -> None:
    bare = MarkLost("flooring", "price_high", winner="Bolin")
    assert not c.refused(B, bare, "G33", "G34").overridable
    told = MarkLost("flooring", "price_high", winner="Bolin", gap_percent=Decimal(11))
    assert c.refused(B, told, "G34").needs == "supervisor"
    assert "review" in c.do(B, told, signed=SUPERVISOR).marks
    assert c.lines(B) == {"gypsum_board": "open", "flooring": "lost", "interior_coating": "open"}
    assert c[B].state == "active"


@event("B26", "2026-10-16")
def b26(c: Course) -> None:
    c.exits(B, "bid", "result_known")
    assert c.move(B, "contract").rules == ()
    assert c.owed(B)["T.contract.envelope.1"] == day("2026-10-23")
    c.on("2026-10-19")
    sixty = [hint.id for hint in STANDARD.cell("contract", "ground").hints if "within sixty days" in hint.text.en]
    assert sixty == ["H.contract.ground.3"]
    assert c.log(B, "negotiation", "bidding", cell="contract/ground").rules == ()  # a cell it has passed by


@event("B27", "2026-10-28")
def b27(c: Course) -> None:
    c.log(B, "contract_signing", "bidding", "T.contract.envelope.1", "X.contract.signed", wins=["gypsum_board"])
    task = c.task(B, "T.contract.envelope.1")
    assert task.state == "done_late" and task.done_on is not None and task.due is not None
    assert (task.done_on - task.due).days == 5
    assert c[B].state == "won"
    assert c.lines(B) == {"gypsum_board": "won", "flooring": "lost", "interior_coating": "open"}


@event("B28", "2026-11-05")
def b28(c: Course) -> None:
    production = PlaceOrder("production")
    assert c.refused(B, production, "G23").marks == ("consent_missing",)
    c.log(B, "sample_sealing", "sales", "X.shortlist.sample_sealed", "X.shortlist.sample_code",
          cell="shortlist/envelope")  # fmt: skip
    assert not [item for item in c.due(B) if item.kind == "promise"]
    assert c.today < day("2026-11-15")
    assert c.ask(B, production).rules == ()


@event("B29", "2026-11-20")
def b29(c: Course) -> None:
    told = MarkLost("interior_coating", "price_high", winner="Ruian", gap_percent=Decimal(6))
    c.refused(B, MarkLost("interior_coating", "price_high", gap_percent=Decimal(6)), "G33", "G34")
    c.do(B, told, signed=SUPERVISOR)
    line = next(line for line in c[B].categories if line.key == "interior_coating")
    assert (line.result, line.decided_on, c[B].state) == ("lost", day("2026-11-20"), "won")


@event("B30", "2026-12-16", begins="2026-11-24")
def b30(c: Course) -> None:
    c.exits(B, "contract", "payer_checked", "effective", "annexes")
    assert c.move(B, "deliver").allowed
    c.on("2026-12-01")
    c.reach(B, "mep")
    c.on("2026-12-16")
    assert "H.deliver.mep.4" in c.hints(B)
    assert "floor" in STANDARD.hint("H.deliver.mep.4").text.en
    assert c.log(B, "delivery_check", "logistics", on="2026-12-22", plan=True).rules == ()
    assert [record.on for record in c[B].records if record.is_plan] == [day("2026-12-22")]


@event("B31", "2027-03-20", begins="2027-03-01")
def b31(c: Course) -> None:
    c.reach(B, "fitout")
    c.on("2027-03-20")
    bare = MoveStep(1, "mep", c.today, "exif", has_photo=False, reason_key="rebuild")
    c.refused(B, bare, "G08")
    c.refused(B, MoveStep(1, "mep", c.today, "exif", has_photo=True), "G08")
    back = c.do(B, MoveStep(1, "mep", c.today, "exif", has_photo=True, reason_key="rebuild"))
    assert back.rules == ("G08",) and back.fired[0].satisfied
    assert c.where(B) == "deliver/mep"


@event("B32", "2027-04-12")
def b32(c: Course) -> None:
    assert c.reach(B, "fitout").rules == ()
    assert c.where(B) == "deliver/fitout"


@event("B33", "2027-04-20")
def b33(c: Course) -> None:
    wish = Revive(category="interior_coating", new_fact="the rival's coating failed its re-test")
    c.refused(B, Revive(category="interior_coating"), "G38", signed=SUPERVISOR)
    decision = c.refused(B, wish, "G38")
    assert "151 days" in decision.fired[0].detail.en and decision.signers == SUPERVISOR
    c.do(B, wish, signed=SUPERVISOR)
    back = MovePhase("bid", "their coating failed its re-test", "interior_coating")
    late = c.refused(B, back, "G02", "G07")
    assert "Bid and quotation / Fit-out" in late.fired[0].detail.en and late.signers == SUPERVISOR
    c.do(B, back, signed=SUPERVISOR)
    assert [line.key for line in lines_to_split(STANDARD, c[B])] == ["interior_coating"]
    c.split(B, COATING, ("interior_coating",), "public_tender")
    assert (c.where(COATING), c.status(COATING), c[B].state) == ("bid/fitout", "late_risk", "won")


@event("B34", "2027-04-22")
def b34(c: Course) -> None:
    c.exits(COATING, "bid", "quote_approved", "submitted", "result_known")
    c.refused(COATING, MovePhase("contract", "cash"), "G02")
    c.move(COATING, "contract", "a supplement, paid in cash", signed=SUPERVISOR)
    assert c.owed(COATING)["T.contract.fitout.1"] == day("2027-04-25")  # in three days
    c.log(COATING, "contract_signing", "finance", "T.contract.fitout.1", "X.contract.signed",
          wins=["interior_coating"])  # fmt: skip
    assert c.lines(COATING) == {"interior_coating": "won"}
    assert (c[COATING].state, c.task(COATING, "T.contract.fitout.1").state) == ("won", "done")


@event("B35", "2027-09-28")
def b35(c: Course) -> None:
    c.exits(B, "deliver", "all_delivered", "accepted", "no_open_batch_issue")
    c.move(B, "settle")
    c.reach(B, "completion")
    c.dated(B, acceptance_date="2027-09-28")
    assert c.where(B) == "settle/completion"
    assert c.owed(B)["T.settle.completion.1"] == day("2027-10-28")
    ahead = c.fork()
    ahead.reach(B, "handover")
    assert ahead.owed(B)["T.settle.handover.2"] == day("2028-03-26")  # the call-back after six months


@event("B36", "2027-10-20")
def b36(c: Course) -> None:
    c.log(B, "reconciliation", "finance", "T.settle.completion.1", "X.settle.final_account")
    assert c.task(B, "T.settle.completion.1").state == "done"


@event("B37", "2028-01-10", begins="2027-12-15")
def b37(c: Course) -> None:
    c.reach(B, "handover")
    c.on("2028-01-10")
    assert c.owed(B)["T.settle.handover.4"] == day("2028-01-29")
    c.log(B, "internal_review", "sales", "T.settle.handover.4", "X.settle.review_written")
    assert c.task(B, "T.settle.handover.4").state == "done"
    assert c.owed(B)["T.settle.handover.2"] == day("2028-03-26")
