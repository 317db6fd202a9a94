"""A dealer's profile: territory, categories, the checklist of papers, contracts with their targets."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from tracker import clock, events
from tracker.access import Action, require
from tracker.dealers.models import PAPERS, Dealer, DealerContract, DealerPaper, DealerRegion, DealerTarget
from tracker.dealers.queries.evaluations import definition_for_dealers
from tracker.dealers.queries.profiles import grades_of
from tracker.documents.models import Document
from tracker.documents.operations import list_staged
from tracker.errors import Invalid, Stale
from tracker.events import Kind
from tracker.i18n import _l
from tracker.matrix.definitions import current_definition
from tracker.parties.models import Party
from tracker.projects.operations.changing import change
from tracker.team.models import Region, User
from workflows.dealers import bars_new_territory

FIELDS = ("keeper_id", "categories", "note", "since")


def add_dealer(session: Session, party: Party, *, by: User, regions: Iterable[int] = (), **values: Any) -> Dealer:
    """Make a firm a dealer: an applicant until his papers are there. `values`: keeper_id, categories, note, since."""
    require(by, Action.DEALER_MANAGE)
    if party.kind != "dealer":
        raise Invalid("party_id", _l("Only a firm that is a dealer by its kind gets a dealer's profile."))
    if session.scalar(select(Dealer.id).where(Dealer.party_id == party.id)):
        raise Invalid("party_id", _l("This firm is among the dealers already."))
    today = clock.today()
    dealer = Dealer(party_id=party.id, state_since=today, since=values.pop("since", None) or today, created_by_id=by.id)
    _check(session, values)
    for name, value in values.items():
        setattr(dealer, name, value)
    session.add(dealer)
    session.flush()
    _set_regions(session, dealer, set(regions))
    events.record(session, Kind.DEALER_ADDED, dealer, by=by, name=party.name)
    session.flush()
    return dealer


def edit_dealer(
    session: Session, dealer: Dealer, *, by: User, version: int, regions: Iterable[int], **values: Any
) -> None:
    """Change the profile; refuses when somebody changed it since, and new territory where the grade bars it."""
    require(by, Action.DEALER_MANAGE)
    if version != dealer.version:
        raise Stale(_l("Somebody changed this dealer meanwhile."), details=dealer)
    _check(session, values)
    before = change(dealer, values, FIELDS)
    had, wanted = {row.region_id for row in dealer.regions}, set(regions)
    if wanted - had:
        _refuse_new_territory(session, dealer)
    if before:
        events.record(session, Kind.DEALER_EDITED, dealer, by=by, before=before)
    if wanted != had:
        _set_regions(session, dealer, wanted)
        told: dict[str, Any] = {"before": sorted(had), "regions": sorted(wanted)}
        events.record(session, Kind.DEALER_TERRITORY, dealer, by=by, **told)
    session.flush()
    touch(session, dealer)


def _refuse_new_territory(session: Session, dealer: Dealer) -> None:
    grade, _points = grades_of(session, [dealer.id]).get(dealer.id, (None, None))
    if bars_new_territory(definition_for_dealers(session), grade):
        raise Invalid("regions", _l("With grade %(grade)s a dealer gets no new territory.", grade=grade))


def _check(session: Session, values: Mapping[str, Any]) -> None:
    known = {window.category for window in current_definition().windows}
    if not set(values.get("categories") or ()) <= known:
        raise Invalid("categories", _l("Choose the categories from the list."))
    keeper = values.get("keeper_id")
    ours = select(User.id).where(User.id == keeper, User.party_id.is_(None), User.active)
    if keeper and session.scalar(ours) is None:
        raise Invalid("keeper_id", _l("Choose one of us."))


def _set_regions(session: Session, dealer: Dealer, wanted: set[int]) -> None:
    known = set(session.scalars(select(Region.id).where(Region.id.in_(wanted))))
    if known != wanted:
        raise Invalid("regions", _l("Choose the regions from the list."))
    gone = DealerRegion.region_id.not_in(wanted)
    session.execute(delete(DealerRegion).where(DealerRegion.dealer_id == dealer.id, gone))
    has = set(session.scalars(select(DealerRegion.region_id).where(DealerRegion.dealer_id == dealer.id)))
    session.add_all(DealerRegion(dealer_id=dealer.id, region_id=one) for one in sorted(wanted - has))
    session.flush()
    session.expire(dealer, ["regions"])


def touch(session: Session, dealer: Dealer) -> None:
    """Let the worker look at the dealer again: something that clocks go by has changed."""
    table: Any = Dealer.__table__
    session.execute(update(table).where(table.c.id == dealer.id).values(looked_on=None))


def check_paper(
    session: Session,
    dealer: Dealer,
    kind: str,
    *,
    by: User,
    text: str,
    expires_on: date | None = None,
    documents: Iterable[str] = (),
) -> DealerPaper:
    """Say that a paper of the checklist was seen, until when it counts; a file, if one was staged, goes with it."""
    require(by, Action.DEALER_MANAGE)
    if kind not in PAPERS:
        raise Invalid("kind", _l("Choose the paper."))
    if not text.strip():
        raise Invalid("text", _l("Say what the paper shows."))
    paper = session.scalar(select(DealerPaper).where(DealerPaper.dealer_id == dealer.id, DealerPaper.kind == kind))
    before: dict[str, Any] = {}
    if paper is None:
        paper = DealerPaper(dealer_id=dealer.id, kind=kind)
        session.add(paper)
    else:
        before = {"text": paper.text, "until": str(paper.expires_on), "document_id": paper.document_id}
    paper.text, paper.expires_on = text.strip()[:300], expires_on
    paper.checked_at, paper.checked_by_id = clock.now(), by.id
    paper.document_id = file_of(session, dealer, documents, by=by) or paper.document_id
    session.flush()
    told: dict[str, Any] = {"paper": kind, "text": paper.text, "until": str(expires_on or "")}
    events.record(session, Kind.DEALER_PAPER, dealer, by=by, before=before, **told)
    touch(session, dealer)
    return paper


def file_of(session: Session, dealer: Dealer, tokens: Iterable[str], *, by: User) -> int | None:
    """Make the staged documents the dealer's; the id of the newest, None where there is none."""
    staged = list_staged(session, tokens, by=by)
    for document in staged:
        document.dealer_id = dealer.id
    session.flush()
    for document in staged:
        events.record(session, Kind.DOCUMENT_ADDED, document, by=by, file=document.file_name)
    newest: Document | None = staged[-1] if staged else None
    return newest.id if newest else None


@dataclass(frozen=True, slots=True)
class ContractDraft:
    """A contract as it is written down; `targets`: (year, quarter or 0 for the year) -> what is to be collected."""

    number: str
    starts_on: date
    ends_on: date
    exclusive: bool = False
    targets: Mapping[tuple[int, int], Decimal] | None = None
    documents: tuple[str, ...] = ()


def keep_contract(
    session: Session, dealer: Dealer, draft: ContractDraft, *, by: User, contract: DealerContract | None = None
) -> DealerContract:
    """Write a contract down, or correct one that is written down."""
    require(by, Action.DEALER_MANAGE)
    if not draft.number.strip():
        raise Invalid("number", _l("A contract needs its number."))
    if draft.ends_on < draft.starts_on:
        raise Invalid("ends_on", _l("It cannot end before it begins."))
    targets = dict(draft.targets or {})
    if any(amount < 0 for amount in targets.values()):
        raise Invalid("number", _l("A target cannot be negative."))
    if contract is None:
        contract = DealerContract(dealer_id=dealer.id, by_id=by.id)
        session.add(contract)
    before = {"number": contract.number, "until": str(contract.ends_on)} if contract.id else {}
    contract.number, contract.exclusive = draft.number.strip()[:60], draft.exclusive
    contract.starts_on, contract.ends_on = draft.starts_on, draft.ends_on
    contract.document_id = file_of(session, dealer, draft.documents, by=by) or contract.document_id
    session.flush()
    _set_targets(session, contract, targets)
    told: dict[str, Any] = {"number": contract.number, "since": str(draft.starts_on), "until": str(draft.ends_on)}
    events.record(session, Kind.DEALER_CONTRACT, dealer, by=by, before=before, **told)
    touch(session, dealer)
    return contract


def _set_targets(session: Session, contract: DealerContract, targets: Mapping[tuple[int, int], Decimal]) -> None:
    known = {
        (one.year, one.quarter): one
        for one in session.scalars(select(DealerTarget).where(DealerTarget.contract_id == contract.id))
    }
    for key in known.keys() - targets.keys():
        session.delete(known[key])
    for (year, quarter), amount in targets.items():
        row = known.get((year, quarter))
        if row is None:
            session.add(DealerTarget(contract_id=contract.id, year=year, quarter=quarter, amount=amount))
        else:
            row.amount = amount
    session.flush()
    session.expire(contract, ["targets"])


def end_contracts(session: Session, dealer: Dealer, *, by: User, reason: str) -> None:
    """End what still holds of his contracts today."""
    today = clock.today()
    holding = (DealerContract.ended_on.is_(None), DealerContract.ends_on > today)
    for contract in session.scalars(select(DealerContract).where(DealerContract.dealer_id == dealer.id, *holding)):
        contract.ended_on = today
        told: dict[str, Any] = {"number": contract.number, "reason": reason}
        events.record(session, Kind.DEALER_CONTRACT, dealer, by=by, before={"until": str(contract.ends_on)}, **told)
    session.flush()
