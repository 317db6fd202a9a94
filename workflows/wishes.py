"""What somebody wants to do: plain frozen values the engine decides about."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal

from workflows.definition import Definition
from workflows.facts import ProjectFacts

ProofSource = Literal["exif", "browser", "notice", "stated"]


@dataclass(frozen=True, slots=True)
class OpenProject:
    """Open a project in this cell (also on conversion of a lead). Facts may be those of the new project."""

    phase: str
    step: str
    route: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class MovePhase:
    """Move the project, or (`category`) one of its lines alone, to another phase at the present step."""

    to: str
    reason: str | None = None
    category: str | None = None


@dataclass(frozen=True, slots=True)
class MoveStep:
    """Report construction progress of a building.

    `has_photo`: a photo or public notice is attached. `proof_source` tells where its date comes from: the
    picture ('exif'), the phone at capture ('browser'), a dated public notice ('notice') or only the user
    ('stated'). `reason_key` is of the pick-list backward_step_reasons.
    """

    building_id: int | str
    to: str
    proof_on: date | None = None
    proof_source: ProofSource | None = None
    has_photo: bool = False
    reason_key: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class LogRecord:
    """Enter a record in a cell; `closes` holds the tasks and criteria it proves.

    `small_lot`: it is the order of a small lot before the contract, of `amount` (CNY) for a `lot_purpose` (show_area,
    sample_room).
    """

    phase: str
    step: str
    on: date
    kind: str
    department: str
    is_plan: bool = False
    small_lot: bool = False
    reason: str | None = None
    closes: tuple[str, ...] = ()
    lot_purpose: str = ""
    amount: Decimal | None = None


@dataclass(frozen=True, slots=True)
class GiveEvidence:
    """Close a task (T.…) or meet an exit criterion (X.…) with evidence of this kind and date."""

    target: str
    kind: str
    on: date


@dataclass(frozen=True, slots=True)
class Delete:
    """Delete a record, photo, contact or quote."""

    what: Literal["record", "photo", "contact", "quote"]
    id: int | str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Suspend:
    """Suspend the project; `reason_key` is of the pick-list suspended_reasons."""

    reason_key: str | None
    review_on: date | None


@dataclass(frozen=True, slots=True)
class Revive:
    """Revive a suspended or lost project, or (`category`) one of its lost lines.

    `checked` holds what was looked at again: contacts, windows, credit. `new_fact` is why a lost one is open again:
    the winner is out, it is tendered again, a later block.
    """

    photo_on: date | None = None
    checked: frozenset[str] = frozenset()
    rescored: bool = False
    reason: str | None = None
    category: str | None = None
    new_fact: str | None = None


@dataclass(frozen=True, slots=True)
class MarkLost:
    """Give up the project, or (`category`) one of its lines.

    `reason_key` and `other_reasons` are of the pick-list lost_reasons. `winner` is the brand that won, '' when nobody
    did, None when nobody said. `gap_percent`: how far we were above the winner. `told` names what else was told of
    what the reason requires, such as terms or step.
    """

    category: str | None = None
    reason_key: str | None = None
    other_reasons: tuple[str, ...] = ()
    winner: str | None = None
    gap_percent: Decimal | None = None
    winning_price: Decimal | None = None
    told: frozenset[str] = frozenset()
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class Close:
    """Close a won project: everything delivered, paid and answered."""

    reason: str | None = None


@dataclass(frozen=True, slots=True)
class HandOver:
    """Give the project to another owner. `note`: a handover note was written; `introduced`: both owners met or called
    the decision maker together; `leaver`: the owner leaves the company and a director moves all he has."""

    to: int | str
    note: bool = False
    introduced: bool = False
    leaver: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ChangeRoute:
    """Let the project take another route."""

    to: str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class SendQuote:
    """Send a quote or hand in a bid. `approved`: this version was approved; None: as the project's facts say.

    `discount_percent` below the list price; `authority_percent` of the seller. `to_dealer`: the dealer it goes to.
    """

    approved: bool | None = None
    discount_percent: Decimal = Decimal(0)
    authority_percent: Decimal = Decimal(0)
    to_dealer: str | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class PlaceOrder:
    """Order production or dispatch. `purpose`: show_area or sample_room lots may go before the contract, up to a
    limit (`amount` in CNY). `sealed`: the item has a sealed sample; None: as the project's facts say. `promise_on`:
    the day by which the customer promised to pay what is overdue."""

    kind: Literal["production", "dispatch"]
    amount: Decimal | None = None
    purpose: str = ""
    sealed: bool | None = None
    customer_consent: bool = False
    promise_on: date | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class AcceptPayment:
    """Accept a payment: cash, flats, goods or bill (a commercial bill); `amount` in CNY."""

    kind: Literal["cash", "flats", "goods", "bill"]
    amount: Decimal | None = None
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ClaimSite:
    """Enter a site as a lead, project or registration although something like it is known.

    `likeness`: what the matcher said, certain or likely; `imported`: it comes by a file and is only marked.
    """

    likeness: Literal["certain", "likely"] | None = None
    imported: bool = False
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class ConfirmConflict:
    """Confirm that a dealer's registration and this project claim the same site."""

    registration_id: int | str
    reason: str | None = None


@dataclass(frozen=True, slots=True)
class GiveBenefit:
    """Enter a reward, gift or hospitality. `kind` is of the pick-list designer_reward_kinds or `hospitality`;
    `to` is the recipient's part: owner, agent, designer, other; `whom` is he: what is granted counts for him."""

    kind: str
    to: str
    value: Decimal = Decimal(0)
    reason: str | None = None
    whom: int | str | None = None


@dataclass(frozen=True, slots=True)
class PassTime:
    """Nobody wishes anything: what do the rules about time say today? With `registration_id` about that claim."""

    registration_id: int | str | None = None


Wish = (
    OpenProject | MovePhase | MoveStep | LogRecord | GiveEvidence | Delete | Suspend | Revive | MarkLost | Close
    | HandOver | ChangeRoute | SendQuote | PlaceOrder | AcceptPayment | ClaimSite | ConfirmConflict | GiveBenefit
    | PassTime
)  # fmt: skip


def reason_of(wish: Wish) -> str:
    """The reason given with a wish, '' when none."""
    return (getattr(wish, "reason", None) or "").strip()


def facts_for(facts: ProjectFacts, wish: Wish) -> ProjectFacts:
    """The facts by which a wish is judged: those of one line alone where the wish moves only that."""
    return facts.for_line(wish.category) if isinstance(wish, MovePhase) and wish.category else facts


def fingerprint(definition: Definition, facts: ProjectFacts, wish: Wish) -> str:
    """What an approval is bound to: this wish, from where the project stands now.

    The wording of a reason is no part of it; the place is, so an approval dies when the project moves.
    """
    facts = facts_for(facts, wish)
    here = "/".join(facts.cell(definition))
    match wish:
        case OpenProject():
            parts: tuple[object, ...] = (wish.phase, wish.step, wish.route)
        case MovePhase():
            parts = (here, wish.to, *([wish.category] if wish.category else []))
        case MoveStep():
            source = next((b.step for b in facts.buildings if b.id == wish.building_id), "")
            parts = (here, wish.building_id, source, wish.to, wish.proof_on, wish.proof_source)
        case LogRecord():
            parts = (wish.phase, wish.step, wish.on, wish.kind, wish.department)
            parts += ("small_lot", wish.amount) if wish.small_lot else ()
        case GiveEvidence():
            parts = (wish.target, wish.kind, wish.on)
        case Delete():
            parts = (wish.what, wish.id)
        case Suspend():
            parts = (here, wish.reason_key, wish.review_on)
        case Revive():
            parts = (here, wish.photo_on, *([wish.category] if wish.category else []))
        case MarkLost():
            parts = (here, wish.category or "", wish.reason_key, wish.winner)
        case HandOver() | ChangeRoute():
            parts = (here, wish.to)
        case SendQuote():
            parts = (here, wish.discount_percent, wish.to_dealer)
        case PlaceOrder():
            parts = (here, wish.kind, wish.amount, wish.purpose, wish.promise_on)
        case AcceptPayment():
            parts = (here, wish.kind, wish.amount)
        case ClaimSite():
            parts = (here, wish.likeness)
        case ConfirmConflict():
            parts = (here, wish.registration_id)
        case GiveBenefit():
            parts = (here, wish.kind, wish.to, wish.value, wish.whom)
        case Close() | PassTime():
            parts = (here,)
    return ":".join([type(wish).__name__, *(str(part) for part in parts)])
