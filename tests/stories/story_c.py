"""Story C: a hotel, a dealer's registration against a direct project."""

from __future__ import annotations

import pytest

from tests.stories.course import STANDARD, Course, answers, day, money
from tests.stories.script import Script
from workflows.facts import RegistrationFacts
from workflows.protection import may_be_renewed, progressed, put
from workflows.wishes import (
    ChangeRoute,
    ClaimSite,
    Close,
    ConfirmConflict,
    LogRecord,
    MarkLost,
    MovePhase,
    PassTime,
    SendQuote,
)

STORY = Script()
event = STORY.event
C, CLAIM, DEALER, OTHER = "C", 7, "Xinyuan", "Hongda"
SUPERVISOR = ("supervisor",)
QUALIFY = ("parties_known", "progress_proved", "scope_estimated", "windows_checked", "route_team_set")


def claim_of(c: Course) -> RegistrationFacts:
    return next(row for row in c[C].registrations if row.id == CLAIM)


@event("C01", "2025-11-03")
def c01(c: Course) -> None:
    c.capture(C, "design_institute", "design_promo", step="drawings", kind="hotel")
    assert c.answer_by(C) == day("2025-11-06")
    source = STANDARD.picklist("lead_sources").get("design_institute")
    assert "respond to the designer within three days" in source.extra["tip_en"]
    assert "三天内" in source.extra["tip_zh"]


@event("C02", "2025-11-06")
def c02(c: Course) -> None:
    found = c.scored(C, "design_promo", answers(5, 3, 3, 5, 5, 5, 5, 3, 3, 3, 5, 5))
    assert (found.validity, found.feasibility, found.outcome) == (80, 82, "key_project")
    assert "supervisor co-owns" in found.text.en and "共同负责人" in found.text.zh
    opened = c.convert(
        C, "qualify/drawings", "design_led", ("tiles", "sanitary_ware", "lighting"), kind="hotel",
        value=money(9_800_000), key_project=found.outcome == "key_project",
    )  # fmt: skip
    assert opened.allowed and opened.rules == ()


@event("C03", "2025-11-12")
def c03(c: Course) -> None:
    c.exits(C, "qualify", *QUALIFY, "credit_screened")
    assert c.board(C).missing == ()
    assert c.move(C, "map").rules == ()


@event("C04", "2025-11-14")
def c04(c: Course) -> None:
    decision = c.do(C, ClaimSite("likely"))
    assert (decision.rules, decision.marks) == (("G26",), ("for_check",))
    assert "without automatic protection" in decision.fired[0].detail.en
    c.claim(C, RegistrationFacts(CLAIM, DEALER, "in_check"))
    assert claim_of(c).protected_to is None
    assert "G28" in c.ask(C, SendQuote(to_dealer=DEALER)).rules
    assert c[C].state == "active"


@event("C05", "2025-11-17")
def c05(c: Course) -> None:
    decision = c.do(C, ConfirmConflict(CLAIM))
    assert decision.rules == ("G27",) and "2025-11-20" in decision.fired[0].detail.en
    assert (c[C].state, claim_of(c).state) == ("on_hold_arbitration", "in_conflict")


@event("C06", "2025-11-18")
def c06(c: Course) -> None:
    for wish in (
        SendQuote(approved=True),
        MovePhase("specify"),
        LogRecord("map", "drawings", c.today, "sample_delivery", "sales"),
    ):
        assert "G27" in c.ask(C, wish).rules and not c.ask(C, wish).allowed
    c.refused(C, SendQuote(approved=True), "G27")
    assert c.log(C, "note", "sales").rules == ()


@event("C07", "2025-11-18")
def c07(c: Course) -> None:
    old = c.log(C, "office_visit", "", on="2025-10-28")
    assert (old.rules, old.marks) == (("G15",), ("late_entry",))
    assert c.log(C, "meeting", "design_promo").rules == ()
    assert c.board(C).cells["map", "drawings"].records == 3


@event("C08", "2025-11-19")
def c08(c: Course) -> None:
    c.log(C, "meeting", "", "X.map.buying_path")
    assert c.met(C, "X.map.buying_path")


@event("C09", "2025-11-20")
def c09(c: Course) -> None:
    orders = [order["key"] for order in STANDARD.picklist("dealer_registration").extra["arbitration_order"]]
    assert orders[:2] == ["strategic_frame", "customer_wish"] and not c[C].frame_agreement
    c.state(C, "active")
    route = ChangeRoute("dealer_led", "the owner wants Xinyuan to contract")
    assert c.refused(C, route, "G48").signers == SUPERVISOR
    c.do(C, route, signed=SUPERVISOR)
    c.claim(C, put(STANDARD, claim_of(c), "pre_registered", c.today))
    assert (c[C].state, c[C].route) == ("active", "dealer_led")
    assert (claim_of(c).state, claim_of(c).protected_to) == ("pre_registered", day("2026-02-18"))
    assert len(c.projects) == 1


@event("C10", "2025-12-05")
def c10(c: Course) -> None:
    c.exits(C, "map", "decision_maker", "role_coverage", "decision_dates")
    assert "specify" in STANDARD.route(c[C].route).optional
    assert c.move(C, "specify").rules == ()
    c.claim(C, progressed(claim_of(c), c.today))


@event("C11", "2025-12-19")
def c11(c: Course) -> None:
    c.log(C, "office_visit", "design_promo", "X.specify.spec_clause")
    assert c.met(C, "X.specify.spec_clause")
    c.claim(C, progressed(claim_of(c), c.today))


@event("C12", "2026-01-08", begins="2025-12-22")
def c12(c: Course) -> None:
    assert c.reach(C, "tender").allowed
    c.on("2026-01-08")
    decision = c.ask(C, SendQuote(to_dealer=DEALER))
    assert "G28" not in decision.rules and decision.rules == ("G20",)  # it still needs approval
    assert c.do(C, SendQuote(approved=True, to_dealer=DEALER)).rules == ()
    c.claim(C, progressed(claim_of(c), c.today))


@event("C13", "2026-01-20")
def c13(c: Course) -> None:
    c.exits(C, "specify", "budget_fit", "alternates_known")
    assert c.move(C, "shortlist").allowed
    assert c.where(C) == "shortlist/tender"
    c.claim(C, put(STANDARD, claim_of(c), "registered", c.today))
    assert (claim_of(c).state, claim_of(c).protected_to) == ("registered", day("2026-07-19"))


@event("C14", "2026-04-10", begins="2026-02-26")
def c14(c: Course) -> None:
    c.reach(C, "ground")  # by the dealer's own picture of the pit
    c.claim(C, progressed(claim_of(c), c.today))
    c.on("2026-04-10")
    c.log(C, "mockup", "technical")
    c.needs("samples")  # that the old seals are void
    c.claim(C, progressed(claim_of(c), c.today))
    assert c.where(C) == "shortlist/ground"
    assert not c.met(C, "X.shortlist.sample_sealed")


@event("C15", "2026-04-24")
def c15(c: Course) -> None:
    c.log(C, "sample_sealing", "sales", "X.shortlist.sample_sealed", "X.shortlist.sample_code")
    c.claim(C, progressed(claim_of(c), c.today))
    assert c.met(C, "X.shortlist.sample_sealed")
    assert claim_of(c).progress_on == day("2026-04-24")


@event("C16", "2026-06-17", begins="2026-05-30")
def c16(c: Course) -> None:
    c.reach(C, "structure")  # seen by our own people: no progress of the dealer's
    c.on("2026-06-17")
    assert "G29" not in c.clocks(C, CLAIM, on="2026-06-16").rules
    reminder = c.clocks(C, CLAIM)
    assert "G29" in reminder.rules and "remind" in reminder.marks
    assert claim_of(c).state == "registered"


@event("C17", "2026-06-24")
def c17(c: Course) -> None:
    assert "expired" not in c.clocks(C, CLAIM, on="2026-06-23").marks
    lapsed = c.do(C, PassTime(CLAIM))
    assert "expired" in lapsed.marks and "pool" not in lapsed.marks
    c.claim(C, put(STANDARD, claim_of(c), "expired", c.today))
    assert (claim_of(c).state, c[C].state, c[C].owned) == ("expired", "active", True)


@event("C18", "2026-06-25")
def c18(c: Course) -> None:
    assert not c.refused(C, SendQuote(approved=True, to_dealer=OTHER), "G28").overridable


@event("C19", "2026-06-26")
def c19(c: Course) -> None:
    assert may_be_renewed(claim_of(c))
    c.claim(C, put(STANDARD, claim_of(c), "renewed", c.today))
    assert (claim_of(c).state, claim_of(c).protected_to) == ("renewed", day("2026-09-24"))
    assert not may_be_renewed(claim_of(c))
    with pytest.raises(ValueError, match="once"):
        put(STANDARD, claim_of(c), "renewed", c.today)
    assert c.do(C, SendQuote(approved=True, to_dealer=DEALER)).rules == ()


@event("C20", "2026-07-06")
def c20(c: Course) -> None:
    c.exits(C, "shortlist", "on_list")
    c.dated(C, tender_issued="2026-07-06", bid_deadline="2026-07-24")
    assert c.move(C, "bid").rules == ()
    assert c.where(C) == "bid/structure"
    assert c.owed(C)["T.bid.structure.1"] == day("2026-07-11")
    assert c.window(C, "tiles", "bid") == c.window(C, "sanitary_ware", "bid") == "open"
    c.refused(C, SendQuote(to_dealer=DEALER), "G20")
    c.on("2026-07-10")
    c.log(C, "quotation", "bidding", "X.bid.quote_approved", "X.bid.submitted", "T.bid.structure.1")
    c.claim(C, progressed(claim_of(c), c.today))
    assert c.task(C, "T.bid.structure.1").state == "done"
    assert c.do(C, SendQuote(to_dealer=DEALER)).rules == ()


@event("C21", "2026-08-20", begins="2026-08-08")
def c21(c: Course) -> None:
    c.dated(C, award_notice="2026-08-08")
    c.exits(C, "bid", "result_known")
    c.claim(C, progressed(claim_of(c), c.today))
    c.on("2026-08-20")
    assert "expired" not in c.clocks(C, CLAIM).marks and c.today < day("2026-09-24")
    assert c.move(C, "contract").rules == ()
    c.log(C, "contract_signing", "dealer_mgmt", "X.contract.signed", wins=["tiles", "sanitary_ware", "lighting"])
    c.claim(C, put(STANDARD, claim_of(c), "converted", c.today))
    assert (c[C].state, claim_of(c).state) == ("won", "converted")
    assert "G29" not in c.clocks(C, CLAIM, on="2027-01-01").rules


@event("C22", "2026-10-12", begins="2026-09-20")
def c22(c: Course) -> None:
    c.reach(C, "masonry")
    c.exits(C, "contract", "payer_checked", "effective", "annexes")
    c.move(C, "deliver")
    c.on("2026-10-12")
    told = frozenset({"step"})
    c.refused(C, MarkLost("lighting", "spec_swapped", winner="", told=told), "G33", "G34")  # which brand?
    c.refused(C, MarkLost("lighting", "spec_swapped", winner="Lumina"), "G33", "G34")  # at which step?
    lost = MarkLost("lighting", "spec_swapped", winner="Lumina", told=told)
    assert c.refused(C, lost, "G34").marks == ("review",)
    c.do(C, lost, signed=SUPERVISOR)
    assert c.lines(C) == {"tiles": "won", "sanitary_ware": "won", "lighting": "lost"}
    assert c[C].state == "won"


@event("C23", "2027-01-28", begins="2026-12-01")
def c23(c: Course) -> None:
    c.reach(C, "envelope")
    c.on("2027-01-15")
    c.reach(C, "mep")
    c.on("2027-01-28")
    c.dated(C, arrival="2027-01-28")
    assert c.owed(C)["T.deliver.mep.2"] == day("2027-01-29")
    c.log(C, "delivery_check", "logistics", "T.deliver.mep.2")
    assert c.task(C, "T.deliver.mep.2").state == "done"


@event("C24", "2027-03-10", begins="2027-03-02")
def c24(c: Course) -> None:
    c.reach(C, "fitout")
    c.on("2027-03-10")
    kind = STANDARD.picklist("complaint_categories").get("fake_diversion")
    assert kind.extra["usual_party"] == "channel"
    c.begins(C, "complaint", "2027-03-10")
    assert c[C].lasts("complaint", c.today)
    vetoes = {veto["key"]: veto["en"] for veto in STANDARD.picklist("dealer_evaluation").extra["veto"]}
    assert vetoes["diversion"].startswith("Deliberate")  # a store manager's surplus is not
    found = "40 cartons with our project labels in a shop"
    assert c.diverted(C, DEALER, found, "The store manager sold surplus.", deliberate=False) == ()


@event("C25", "2027-04-05")
def c25(c: Course) -> None:
    keys = STANDARD.picklist("dealer_evaluation").keys
    marks = dict(zip(keys, (85, 60, 70, 90, 80, 40, 80, 60, 70, 80), strict=True))
    found, reason = c.judged(DEALER, "2027-01-01", marks, "price_discipline", "40 project cartons in a shop, not meant")
    assert (found.points, found.grade, found.text.zh) == (73.0, "B", "维持政策")
    assert reason == ("price_discipline", 40)


@event("C26", "2027-07-30", begins="2027-07-20")
def c26(c: Course) -> None:
    c.exits(C, "deliver", "all_delivered", "accepted", "no_open_batch_issue")
    c.move(C, "settle")
    c.reach(C, "completion")
    c.on("2027-07-30")
    c.begins(C, "account_unpaid", "2027-07-30")
    c.begins(C, "retention_unpaid", "2027-07-30")
    c.dated(C, acceptance_date="2027-07-30", retention_due="2029-07-30")
    owed = c.owed(C)
    assert owed["T.settle.completion.1"] == owed["T.settle.completion.3"] == day("2027-08-29")


@event("C27", "2027-08-20")
def c27(c: Course) -> None:
    c.needs("rebates")
    assert "rebate on money collected" in STANDARD.hint("H.settle.fitout.5").text.en
    assert c.log(C, "reconciliation", "dealer_mgmt", cell="settle/fitout").rules == ()  # where the hint is read
    assert c[C].lasts("account_unpaid", c.today)
    c.on("2027-10-15")
    c.ends(C, "account_unpaid")
    c.exits(C, "settle", "final_account", "paid")
    assert not c[C].lasts("account_unpaid", c.today)


@event("C28", "2028-02-01", begins="2028-01-10")
def c28(c: Course) -> None:
    c.reach(C, "handover")
    c.on("2028-02-01")
    c.exits(C, "settle", "review_written")
    decision = c.refused(C, Close(), "G41")
    assert "open complaints" in decision.fired[0].detail.en
    c.on("2029-08-10")
    c.ends(C, "complaint")
    c.exits(C, "settle", "complaints_closed")
    assert "retention outstanding" in c.refused(C, Close(), "G41").fired[0].detail.en
    c.ends(C, "retention_unpaid")
    c.exits(C, "settle", "retention_back")
    c.do(C, Close())
    assert c[C].state == "closed"
