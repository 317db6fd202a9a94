"""Rules about quotes, orders, dispatch and payment. What a later module owns comes as facts of the project."""

from __future__ import annotations

from decimal import Decimal

from workflows.calendar import days_between, days_en, exceeds
from workflows.guards.registry import Fired, Situation, guard
from workflows.wishes import AcceptPayment, LogRecord, PlaceOrder, SendQuote
from workflows.work import is_met

SENDING = frozenset({"quotation", "bid_submission"})
"""Kinds of records by which a quote leaves the house, from the phase on in which it has to be approved."""
SMALL_LOTS = {"show_area": ("示范区", "a show area"), "sample_room": ("样板间", "a sample room")}
NO_CASH = {"flats": ("房产", "flats"), "goods": ("货物", "goods"), "bill": ("商票", "a commercial bill")}
LEVELS = {"sales_manager": "supervisor", "regional_director": "regional_director", "general_manager": "general_manager"}
"""The levels of discount authority, the lowest first, and whose consent each is."""


def quote_approved(s: Situation) -> bool:
    """True when a quote was approved, or the number of a frame agreement stands for it."""
    return is_met(s.definition, s.facts, s.definition.proving("quote_approved"), s.today)


@guard("G20", SendQuote, LogRecord)
def quote_not_approved(s: Situation) -> Fired | None:
    """A bid submitted or a quote sent without an approved version."""
    wish = s.wish
    if isinstance(wish, LogRecord):
        asks = wish.kind in SENDING and not wish.is_plan and _past_quoting(s, wish.phase)
        approved = not asks or s.definition.proving("quote_approved") in wish.closes or quote_approved(s)
    else:
        assert isinstance(wish, SendQuote)
        approved = quote_approved(s) if wish.approved is None else wish.approved
    if approved:
        return None
    return s.fire(
        "G20",
        "报价还没有批准的版本；请先送批，批准后再发出。",
        "There is no approved version of the quote; have it approved before it goes out.",
    )


def _past_quoting(s: Situation, phase: str) -> bool:
    """True from the phase on that an approved quote leads out of; never in a definition without that criterion."""
    approving, index = s.definition.proving("quote_approved"), s.definition.phase_index
    return bool(approving) and index[phase] >= index[s.definition.exit(approving).phase]


@guard("G21", SendQuote)
def below_authority(s: Situation) -> Fired | None:
    """A quote below the seller's authority goes to the lowest level that may give such a discount."""
    wish = s.wish
    assert isinstance(wish, SendQuote)
    if wish.discount_percent <= wish.authority_percent:
        return None
    powers = s.definition.settings.get("discount_authority_percent", {})
    level = next((key for key in LEVELS if wish.discount_percent <= Decimal(str(powers.get(key, -1)))), None)
    if level is None:
        return s.fire(
            "G21",
            f"让利 {wish.discount_percent}%，超过任何人的授权。",
            f"A discount of {wish.discount_percent}% is beyond anybody's authority.",
            action="refuse",
        )
    zh, en = {"sales_manager": ("销售经理", "sales manager"), "regional_director": ("大区总监", "regional director"),
              "general_manager": ("总经理", "general manager")}[level]  # fmt: skip
    return s.fire(
        "G21",
        f"让利 {wish.discount_percent}%，须{zh}批准（授权 {powers[level]}%）。",
        f"A discount of {wish.discount_percent}% needs the {en} (up to {powers[level]}%).",
        override=LEVELS[level],
    )


@guard("G22", PlaceOrder, LogRecord)
def no_contract(s: Situation) -> Fired | None:
    """Production or dispatch without a signed contract, but for small lots of a show area or a sample room."""
    wish = s.wish
    if isinstance(wish, LogRecord):
        if not wish.small_lot or wish.is_plan:
            return None
        purpose = wish.lot_purpose
    else:
        assert isinstance(wish, PlaceOrder)
        purpose = wish.purpose
    signing = s.definition.proving("signed")
    if not signing or is_met(s.definition, s.facts, signing, s.today):
        return None
    limit = Decimal(str(s.definition.settings.get("small_lot_limit_cny", 0)))
    if purpose not in SMALL_LOTS:
        return s.fire(
            "G22", "合同尚未签订，不能排产或发货。", "The contract is not signed: no production, no dispatch."
        )
    (zh, en), amount = SMALL_LOTS[purpose], wish.amount
    if amount is None or amount > limit:
        return s.fire(
            "G22",
            f"{zh}小批量须填金额，且不超过 {limit:,} 元。",
            f"A small lot for {en} needs its amount, at most {limit:,} CNY.",
        )
    return s.fire(
        "G22",
        f"合同未签；{zh}小批量 {amount:,} 元，主管与财务双批后可先发。",
        f"No contract yet; a small lot of {amount:,} CNY for {en} may go once supervisor and finance agree.",
        override="supervisor+finance",
    )


@guard("G23", PlaceOrder)
def not_sealed(s: Situation) -> Fired | None:
    """A production order for an item without a sealed sample."""
    wish = s.wish
    assert isinstance(wish, PlaceOrder)
    if wish.kind != "production":
        return None
    sealed = (
        is_met(s.definition, s.facts, s.definition.proving("sealed"), s.today) if wish.sealed is None else wish.sealed
    )
    if sealed:
        return None
    zh, en = "样品未封，排产须主管批准。", "The sample is not sealed; production needs a supervisor."
    if not wish.customer_consent:
        zh, en = zh + "并附客户书面确认。", en + " Attach the customer's written consent."
    marks = () if wish.customer_consent else ("consent_missing",)
    return s.fire("G23", zh, en, override="supervisor", marks=marks)


@guard("G24", PlaceOrder)
def dispatch_stopped(s: Situation) -> Fired | None:
    """Dispatch while the receivable is more than 30 days overdue or the credit limit is exceeded."""
    wish = s.wish
    assert isinstance(wish, PlaceOrder)
    if wish.kind != "dispatch":
        return None
    limit = int(s.definition.settings.get("overdue_days", 30))
    since = [c.since for c in s.facts.circumstances if c.key == "overdue" and c.lasts(s.today)]
    late = bool(since) and exceeds(min(since), limit, s.today)
    zh, en = [], []
    if late:
        days = days_between(min(since), s.today)
        zh.append(f"应收已逾期{days}天")
        en.append(f"money is overdue for {days_en(days)}")
    if s.facts.lasts("credit_exceeded", s.today):
        zh.append("信用额度已超")
        en.append("the credit limit is exceeded")
    if not zh:
        return None
    zh_text, en_text = "，".join(zh), " and ".join(en)
    promise = wish.promise_on is not None
    return s.fire(
        "G24",
        f"{zh_text}，停发。" + ("" if promise else "财务与主管可凭有日期的付款承诺放行。"),
        f"{en_text[0].upper()}{en_text[1:]}: dispatch stops."
        + ("" if promise else " Finance and a supervisor may let it go on a dated promise of payment."),
        override="finance+supervisor",
        marks=() if promise else ("promise_missing",),
    )


@guard("G25", AcceptPayment)
def no_cash(s: Situation) -> Fired | None:
    """Accepting flats, goods or commercial bills as payment."""
    wish = s.wish
    assert isinstance(wish, AcceptPayment)
    if wish.kind not in NO_CASH:
        return None
    zh, en = NO_CASH[wish.kind]
    amount = (f" {wish.amount:,} 元", f" of {wish.amount:,} CNY") if wish.amount is not None else ("", "")
    return s.fire(
        "G25",
        f"以{zh}{amount[0]}抵款，须总经理与财务批准。",
        f"Taking {en}{amount[1]} as payment needs the general manager and finance.",
        override="general_manager+finance",
    )
