"""Story A: a residential tower of a strategic developer, with its basement waterproofing beside it (A-W)."""

from __future__ import annotations

from tests.stories.course import STANDARD, Course, answers, day, money
from tests.stories.script import Script
from workflows.engine import complaint_limits
from workflows.wishes import AcceptPayment, Close, LogRecord, MovePhase, MoveStep, PlaceOrder, SendQuote

STORY = Script()
event = STORY.event
A, W = "A", "A-W"
QUALIFY = ("parties_known", "progress_proved", "scope_estimated", "windows_checked", "route_team_set")


@event("A01", "2025-03-12")
def a01(c: Course) -> None:
    source = STANDARD.picklist("lead_sources").get("media_land")
    assert source.extra["required_evidence"] == "document"
    c.capture(A, "media_land", "marketing", step="land", kind="residential_fitted")


@event("A02", "2025-03-13")
def a02(c: Course) -> None:
    c.noted(A, "key_accounts", "internal_review")
    found = c.scored(A, "key_accounts", answers(5, 3, 1, 5, 5, 5, 5, 5, 5, 3, 5, 5))
    assert (found.validity, found.feasibility, found.outcome) == (70, 94, "convert")


@event("A03", "2025-03-14")
def a03(c: Course) -> None:
    converted = c.convert(
        A, "qualify/land", "central_procurement", ("tiles", "sanitary_ware", "waterproofing_basement"),
        kind="residential_fitted", floors=30, value=money(12_600_000), frame_agreement="HY-2024-JC-017",
    )  # fmt: skip
    assert converted.allowed and converted.rules == ()
    c.split(A, W, ("waterproofing_basement",), "contractor_buy")
    assert c.lines(A) == {"tiles": "open", "sanitary_ware": "open"}
    assert c.lines(W) == {"waterproofing_basement": "open"}
    here = c.board(A).cells["qualify", "land"]
    assert (here.records, here.departments) == (2, ("key_accounts", "marketing"))
    assert sorted(record.on for record in c[A].records) == [day("2025-03-12"), day("2025-03-13")]
    for key in (A, W):
        days = ("2025-03-17", "2025-03-21", "2025-03-28")
        assert c.owed(key) == {f"T.qualify.land.{number}": day(on) for number, on in enumerate(days, 1)}


@event("A04", "2025-03-18")
def a04(c: Course) -> None:
    decision = c.refused(W, MovePhase("bid", "a price to begin with"), "G01", "G03", "G04")
    assert "G05" in decision.rules  # and the reason it asks for was given
    assert decision.needs == "refused" and not decision.overridable
    assert decision.suggestion is not None and decision.suggestion.cell == ("map", "land")
    assert set(decision.suggestion.once) == {f"X.qualify.{key}" for key in QUALIFY}
    assert c.where(W) == "qualify/land"


@event("A05", "2025-03-26")
def a05(c: Course) -> None:
    assert c.task(A, "T.qualify.land.3").state == "owed"
    c.log(A, "office_visit", "key_accounts", "T.qualify.land.3")
    task = c.task(A, "T.qualify.land.3")
    assert (task.state, task.due, task.done_on) == ("done", day("2025-03-28"), day("2025-03-26"))


@event("A06", "2025-04-02")
def a06(c: Course) -> None:
    c.exits(A, "qualify", "parties_known", kind="note")  # designer and contractor: not appointed
    c.exits(A, "qualify", "progress_proved", on="2025-04-01")
    c.exits(A, "qualify", "scope_estimated", "windows_checked", "route_team_set")
    missing = c.refused(A, MovePhase("map"), "G03").blocking[0].missing
    assert missing == ("X.qualify.credit_screened",)  # 12.6 million is above the line
    c.exits(A, "qualify", "credit_screened")
    assert c.move(A, "map").rules == ()
    assert (c.where(A), c.status(A)) == ("map/land", "early")
    assert STANDARD.cell("map", "land").time_limit_days == 28
    assert c.clocks(A, on="2025-04-30").rules == ()
    assert c.clocks(A, on="2025-05-01").rules == ("G43",)


@event("A07", "2025-06-10")
def a07(c: Course) -> None:
    for decision in c.reach_all((A, W), "concept", "2025-06-08").values():
        assert decision.rules == ()
    assert (c.where(A), c.where(W)) == ("map/concept", "qualify/concept")


@event("A08", "2025-07-01")
def a08(c: Course) -> None:
    c.refused(A, MovePhase("specify"), "G03")
    c.exits(A, "map", "decision_maker", "role_coverage", "buying_path", "decision_dates")
    c.decider(A, "Gong Liqun", met=True)
    assert c.move(A, "specify").rules == ()
    assert c.owed(A)["T.specify.concept.1"] == day("2025-07-15")


@event("A09", "2025-07-14")
def a09(c: Course) -> None:
    c.log(A, "sample_delivery", "design_promo", "T.specify.concept.1")
    task = c.task(A, "T.specify.concept.1")
    assert (task.state, task.due) == ("done", day("2025-07-15"))


@event("A10", "2025-08-20")
def a10(c: Course) -> None:
    c.reach_all((A, W), "drawings")
    assert (c.where(A), c.where(W)) == ("specify/drawings", "qualify/drawings")


@event("A10b", "2025-08-22")
def a10b(c: Course) -> None:
    c.exits(W, "qualify", *QUALIFY)
    assert c.move(W, "map").rules == ()
    assert c.where(W) == "map/drawings"


@event("A11", "2025-08-25")
def a11(c: Course) -> None:
    c.exits(W, "map", "decision_maker", "role_coverage", "buying_path", "decision_dates")
    assert c.move(W, "specify").allowed
    c.log(W, "technical_exchange", "technical", "T.specify.drawings.1")
    assert "H.specify.drawings.4" in c.hints(W)
    assert "maker" in STANDARD.hint("H.specify.drawings.4").text.en.lower()


@event("A12", "2025-09-22")
def a12(c: Course) -> None:
    c.log(W, "office_visit", "design_promo", "X.specify.spec_clause")
    assert c.met(W, "X.specify.spec_clause")


@event("A13", "2025-11-03")
def a13(c: Course) -> None:
    for key, decision in c.reach_all((A, W), "tender").items():
        assert decision.rules == ("G47",) and decision.allowed and decision.fired[0].action == "warn"
        assert (c.where(key), c.status(key)) == ("specify/tender", "late_risk")


@event("A14", "2025-11-04")
def a14(c: Course) -> None:
    c.exits(W, "specify", "budget_fit", "alternates_known")
    assert c.move(W, "shortlist").allowed
    assert c.owed(W)["T.shortlist.tender.2"] == day("2025-11-07")
    c.on("2025-11-06")
    c.log(W, "office_visit", "bidding", "T.shortlist.tender.2", "X.shortlist.on_list")
    assert c.task(W, "T.shortlist.tender.2").state == "done"


LOT = PlaceOrder("dispatch", money(28_800), "show_area")


@event("A15", "2025-11-20")
def a15(c: Course) -> None:
    assert c.refused(A, LOT, "G22").needs == "refused"


@event("A16", "2025-11-21")
def a16(c: Course) -> None:
    both = ("supervisor", "finance")
    c.refused(A, LOT, "G22", signed=("supervisor",))  # one of the two is not enough
    c.do(A, LOT, signed=both)
    sent = LogRecord("deliver", "tender", c.today, "delivery_check", "logistics", small_lot=True,
                     lot_purpose="show_area", amount=money(28_800))  # fmt: skip
    assert "G14" in c.ask(A, LogRecord("deliver", "tender", c.today, "delivery_check", "logistics")).rules
    assert "G14" not in c.do(A, sent, signed=both).rules
    assert c.board(A).cells["deliver", "tender"].records == 1
    assert c.where(A) == "specify/tender"


@event("A17", "2026-01-08")
def a17(c: Course) -> None:
    c.exits(W, "shortlist", "sample_sealed", "sample_code", on="2026-01-06")
    assert all(decision.allowed for decision in c.reach_all((A, W), "ground").values())
    assert (c.where(A), c.where(W)) == ("specify/ground", "shortlist/ground")


@event("A18", "2026-01-09")
def a18(c: Course) -> None:
    assert c.move(W, "bid").allowed
    assert c.owed(W)["T.bid.ground.1"] == day("2026-01-14")
    assert c.refused(W, SendQuote(), "G20").overridable is False
    c.on("2026-01-13")
    c.log(W, "quotation", "bidding", "X.bid.quote_approved", "T.bid.ground.1")
    c.do(W, SendQuote())
    assert c.task(W, "T.bid.ground.1").state == "done"


@event("A19", "2026-02-02")
def a19(c: Course) -> None:
    c.exits(W, "bid", "submitted", "result_known")
    assert c.move(W, "contract").allowed
    assert c.owed(W)["T.contract.ground.1"] == day("2026-02-07")
    c.on("2026-02-06")
    c.log(W, "internal_review", "finance", "T.contract.ground.1", "X.contract.payer_checked")
    assert c.task(W, "T.contract.ground.1").state == "done"


@event("A20", "2026-02-12")
def a20(c: Course) -> None:
    c.log(W, "contract_signing", "bidding", "T.contract.ground.2", "X.contract.signed",
          wins=["waterproofing_basement"])  # fmt: skip
    assert c.lines(W) == {"waterproofing_basement": "won"}
    assert (c[W].state, c[A].state) == ("won", "active")


@event("A21", "2026-03-16")
def a21(c: Course) -> None:
    c.exits(W, "contract", "effective", "annexes")
    assert c.move(W, "deliver").allowed
    c.dated(W, arrival="2026-03-16")
    owed = [c.owed(W)[f"T.deliver.ground.{number}"] for number in (1, 2, 3)]
    assert owed == [day("2026-03-17"), day("2026-03-19"), day("2026-03-19")]
    c.log(W, "delivery_check", "logistics", "T.deliver.ground.1", "T.deliver.ground.2")
    assert c.task(W, "T.deliver.ground.1").state == c.task(W, "T.deliver.ground.2").state == "done"


@event("A22", "2026-05-06")
def a22(c: Course) -> None:
    c.refused(A, MovePhase("shortlist"), "G03")
    c.exits(A, "specify", "spec_clause", on="2026-04-22")
    c.exits(A, "specify", "budget_fit", "alternates_known")  # the frame price; the alternates
    assert c.board(A).missing == ()
    assert c.move(A, "shortlist").allowed
    assert c.where(A) == "shortlist/ground"


@event("A23", "2026-06-18")
def a23(c: Course) -> None:
    assert c.reach(A, "structure", floor=3).rules == ()
    assert c.where(A) == "shortlist/structure"


@event("A24", "2026-06-25")
def a24(c: Course) -> None:
    old = MoveStep(1, "masonry", day("2026-06-05"), "exif", has_photo=True)
    decision = c.refused(A, old, "G12")
    assert "20 days old" in decision.fired[0].detail.en and not decision.overridable
    assert c.where(A) == "shortlist/structure"


@event("A25", "2026-08-20")
def a25(c: Course) -> None:
    assert not c.met(A, "X.shortlist.sample_sealed")
    c.log(A, "sample_sealing", "sales", "X.shortlist.sample_sealed", "X.shortlist.sample_code")
    assert c.met(A, "X.shortlist.sample_sealed") and c.met(A, "X.shortlist.sample_code")


@event("A26", "2026-12-05")
def a26(c: Course) -> None:
    assert c.reach(A, "masonry").allowed
    assert c.where(A) == "shortlist/masonry"


@event("A27", "2026-12-15")
def a27(c: Course) -> None:
    assert c.log(A, "call", "sales", cell="specify/masonry").rules == ()
    assert c.board(A).cells["specify", "masonry"].records == 1
    c.needs("market feedback")
    assert STANDARD.picklist("competitor_feedback_kinds").get("price").name.en == "Deal or quoted price"


@event("A28", "2027-01-18")
def a28(c: Course) -> None:
    c.exits(A, "shortlist", "on_list")
    bare = c.refused(A, MovePhase("contract"), "G05")
    assert (bare.needs, bare.fired[0].override) == ("reason", "self")
    accepted = c.move(A, "contract", "the frame price holds")
    assert accepted.rules == ("G05",) and c.where(A) == "contract/masonry"
    assert c.ask(A, SendQuote()).rules == ()  # the agreement's number stands for an approved quote
    assert c.met(A, "X.bid.quote_approved")


@event("A29", "2027-02-03")
def a29(c: Course) -> None:
    assert c.task(A, "T.contract.masonry.1").state == "late"
    c.log(A, "contract_signing", "key_accounts", "T.contract.masonry.1", "X.contract.signed",
          wins=["tiles", "sanitary_ware"])  # fmt: skip
    task = c.task(A, "T.contract.masonry.1")
    assert (task.due, task.done_on, task.state) == (day("2027-02-01"), day("2027-02-03"), "done_late")
    assert c[A].state == "won"


@event("A30", "2027-02-04")
def a30(c: Course) -> None:
    c.exits(A, "contract", "payer_checked", "effective")
    decision = c.refused(A, MovePhase("deliver"), "G03")
    assert decision.fired[0].missing == ("X.contract.annexes",)
    assert "receiving authority" in decision.fired[0].detail.en


@event("A31", "2027-02-05")
def a31(c: Course) -> None:
    c.exits(A, "contract", "annexes")
    assert c.move(A, "deliver").rules == ()
    c.log(A, "internal_review", "logistics", "T.deliver.masonry.1")
    assert c.where(A) == "deliver/masonry"


@event("A32", "2027-05-20", begins="2027-03-25")
def a32(c: Course) -> None:
    c.reach(A, "envelope")
    c.on("2027-05-12")
    c.reach(A, "mep")
    c.on("2027-05-20")
    c.dated(A, arrival="2027-05-20")
    assert c.owed(A)["T.deliver.mep.1"] == day("2027-05-23")
    c.on("2027-05-22")
    c.log(A, "site_visit", "technical", "T.deliver.mep.1")
    assert c.task(A, "T.deliver.mep.1").state == "done"


@event("A33", "2027-08-11", begins="2027-07-20")
def a33(c: Course) -> None:
    c.reach(A, "fitout")
    c.on("2027-08-11")
    kind = STANDARD.picklist("complaint_categories").get("shortage_wrong")
    assert kind.extra["usual_party"] == "logistics"
    c.needs("complaints")
    c.begins(A, "complaint", "2027-08-11")
    limits = complaint_limits(STANDARD, "s2", c.today)
    assert (limits.answer_by, limits.close_by) == (day("2027-08-12"), day("2027-08-26"))
    c.on("2027-08-24")
    c.ends(A, "complaint")
    assert c.today <= limits.close_by and not c[A].lasts("complaint", c.today)


@event("A34", "2027-09-30")
def a34(c: Course) -> None:
    c.begins(A, "overdue", "2027-08-28")
    dispatch = PlaceOrder("dispatch", money(400_000))
    decision = c.refused(A, dispatch, "G24")
    assert "33 days" in decision.fired[0].detail.en and decision.signers == ("finance", "supervisor")
    assert "promise_missing" in decision.marks
    promised = PlaceOrder("dispatch", money(400_000), promise_on=day("2027-10-09"))
    assert c.fork().do(A, promised, signed=("finance", "supervisor")).allowed
    c.on("2027-10-09")
    c.ends(A, "overdue")
    assert c.do(A, dispatch).rules == ()


@event("A35", "2027-10-11")
def a35(c: Course) -> None:
    decision = c.refused(A, AcceptPayment("bill", money(1_200_000)), "G25", signed=("finance",))
    assert decision.signers == ("general_manager", "finance")


@event("A36", "2027-11-16")
def a36(c: Course) -> None:
    c.exits(A, "deliver", "all_delivered", "accepted", "no_open_batch_issue")
    assert c.board(A).missing == ()
    assert c.move(A, "settle").rules == ()


@event("A37", "2027-12-22", begins="2027-12-10")
def a37(c: Course) -> None:
    c.reach(A, "completion")
    c.on("2027-12-22")
    c.begins(A, "retention_unpaid", "2027-12-22")
    c.dated(A, acceptance_date="2027-12-22", retention_due="2029-12-22")
    owed = c.owed(A)
    assert owed["T.settle.completion.2"] == day("2028-01-05")
    assert owed["T.settle.completion.1"] == owed["T.settle.completion.3"] == day("2028-01-21")
    assert "T.settle.handover.2" not in owed and c.task(A, "T.settle.handover.2").state == "not_started"


@event("A38", "2028-01-15")
def a38(c: Course) -> None:
    c.log(A, "reconciliation", "finance", "T.settle.completion.1", "X.settle.final_account")
    assert c.task(A, "T.settle.completion.1").state == "done"


@event("A39", "2028-03-01", begins="2028-01-20")
def a39(c: Course) -> None:
    c.reach(A, "handover")
    c.on("2028-03-01")
    calls = [(item.task.id, item.due) for item in c.due(A) if item.task and "handover" in item.task.id]
    assert ("T.settle.handover.2", day("2028-06-19")) in calls and ("T.settle.handover.3", day("2028-12-21")) in calls
    assert len(calls) == len({id for id, _ in calls})  # each of them once
    c.exits(A, "settle", "paid", "complaints_closed", "review_written")
    decision = c.refused(A, Close(), "G41")
    assert "retention outstanding" in decision.fired[0].detail.en and not decision.overridable
    assert c[A].state == "won"


@event("A40", "2029-12-30", begins="2029-11-22")
def a40(c: Course) -> None:
    assert c.task(A, "T.settle.handover.1").due == day("2029-11-22")  # 30 days before 12-22
    c.log(A, "reconciliation", "finance", "T.settle.handover.1")
    assert c.task(A, "T.settle.handover.1").state == "done"
    c.on("2029-12-28")
    c.ends(A, "retention_unpaid")
    c.exits(A, "settle", "retention_back")
    c.on("2029-12-30")
    assert c.do(A, Close()).rules == ()
    assert c[A].state == "closed"
    c.refused(A, LogRecord("settle", "handover", c.today, "call", "sales"), "G40")
    assert c.log(A, "note", "sales").allowed
