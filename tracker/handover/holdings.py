"""What points to a person, and what becomes of it when he leaves.

`POLICY` names every foreign key to `user_account`: what he has in hand goes to his successors, what he once did stays
his for ever, what is about himself goes quiet with him, and what follows from another column is written by its own
function. A column that nobody named fails a test, so that no later table can leave something with a leaver.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Column, ColumnElement, Select, Table, and_, func, literal, select, union_all
from sqlalchemy.orm import Session

from tracker import clock
from tracker.database import Base


class Fate(StrEnum):
    """What becomes of what points to somebody who leaves."""

    HANDED = "handed"
    HISTORY = "history"
    OWN = "own"
    FOLLOWS = "follows"


@dataclass(frozen=True, slots=True)
class Holding:
    """What becomes of one column; of what is handed on, only the rows in the states of `while_` are in his hands.

    `while_` maps a column of the same table to the values in which a row still counts; `until` names the column with
    the last day on which it does. `own_way`: an operation of its own hands it on; everything else is passed on as it
    is, to the successor of all the rest.
    """

    fate: Fate
    while_: Mapping[str, tuple[Any, ...]] | None = None
    own_way: bool = False
    until: str = ""


HISTORY, OWN, FOLLOWS = Holding(Fate.HISTORY), Holding(Fate.OWN), Holding(Fate.FOLLOWS)
HANDED, OWN_WAY = Holding(Fate.HANDED), Holding(Fate.HANDED, own_way=True)


def _handed_while(own_way: bool = False, **while_: tuple[Any, ...]) -> Holding:
    return Holding(Fate.HANDED, while_, own_way)


POLICY: dict[str, Holding] = {
    # in his hands
    "project.owner_id": OWN_WAY,
    "lead.owner_id": OWN_WAY,
    "project_member.user_id": OWN_WAY,
    "lead_member.user_id": OWN_WAY,
    "team.supervisor_id": OWN_WAY,
    "territory.user_id": OWN_WAY,
    "absence.stand_in_id": Holding(Fate.HANDED, {"ended_at": (None,)}, own_way=True, until="ends_on"),
    "account_relation.user_id": _handed_while(True, gone_on=(None,)),
    "key_account.owner_id": OWN_WAY,
    "lead_claim.user_id": _handed_while(True, ended_at=(None,)),
    "approval.asked_by_id": _handed_while(True, state=("open",)),
    "site_request.by_id": _handed_while(state=("open",)),
    "account_action.user_id": _handed_while(done_on=(None,)),
    "todo.owner_id": _handed_while(done_at=(None,), dropped_at=(None,)),
    "assignment_rule.user_id": HANDED,
    "dealer.keeper_id": HANDED,
    "share_viewer.user_id": HANDED,
    "annotation.to_id": _handed_while(state=("open",)),
    # written by `matrix.operations.refreshing` from the owner
    "window_clock.owner_id": FOLLOWS,
    # about himself
    "absence.user_id": OWN,
    "calendar_feed.user_id": OWN,
    "newcomer_tick.user_id": OWN,
    "practice_project.user_id": OWN,
    "plan_person.user_id": OWN,
    "todo_follower.user_id": OWN,
    "last_look.user_id": OWN,
    "annotation_person.user_id": OWN,
    "report_delivery.user_id": OWN,
    "report_subscription.user_id": OWN,
    "mail_wish.user_id": OWN,
    "notification.user_id": OWN,
    "outbox.user_id": OWN,
    "password_link.user_id": OWN,
    "skill.user_id": OWN,
    "submission.user_id": OWN,
    "user_session.user_id": OWN,
    # what he did, and whom he knew
    "absence.by_id": HISTORY,
    "annotation.by_id": HISTORY,
    "annotation_answer.by_id": HISTORY,
    "forecast.by_id": HISTORY,
    "report.remarked_by_id": HISTORY,
    "report.user_id": HISTORY,
    "report_form.by_id": HISTORY,
    "report_subscription.by_id": HISTORY,
    "suggestion.answered_by_id": HISTORY,
    "suggestion.by_id": HISTORY,
    "advocacy_entry.by_id": HISTORY,
    "account_action.by_id": HISTORY,
    "account_goal.by_id": HISTORY,
    "account_party.by_id": HISTORY,
    "account_relation.by_id": HISTORY,
    "account_review.by_id": HISTORY,
    "approval.decided_by_id": HISTORY,
    "call_off.by_id": HISTORY,
    "claim_conflict.appealed_by_id": HISTORY,
    "claim_conflict.opened_by_id": HISTORY,
    "claim_conflict.ruled_by_id": HISTORY,
    "circumstance.by_id": HISTORY,
    "circumstance.lifted_by_id": HISTORY,
    "contact.created_by_id": HISTORY,
    "contact_consent.by_id": HISTORY,
    "contact_link.by_id": HISTORY,
    "contact_link.from_user_id": HISTORY,
    "correction.by_id": HISTORY,
    "dealer.created_by_id": HISTORY,
    "dealer_contract.by_id": HISTORY,
    "dealer_evaluation.confirmed_by_id": HISTORY,
    "dealer_paper.checked_by_id": HISTORY,
    "dealer_standing.by_id": HISTORY,
    "dealer_support.by_id": HISTORY,
    "definition_choice.by_id": HISTORY,
    "definition_draft.started_by_id": HISTORY,
    "definition_publication.by_id": HISTORY,
    "definition_version.published_by_id": HISTORY,
    "difference.by_id": HISTORY,
    "diversion_complaint.by_id": HISTORY,
    "diversion_complaint.decided_by_id": HISTORY,
    "document.uploader_id": HISTORY,
    "event.by_id": HISTORY,
    "evidence.by_id": HISTORY,
    "frame_agreement.created_by_id": HISTORY,
    "handing.by_id": HISTORY,
    "handing.successor_id": HISTORY,
    "handing.user_id": HISTORY,
    "import_mapping.by_id": HISTORY,
    "import_run.by_id": HISTORY,
    "import_run.undone_by_id": HISTORY,
    "key_account.created_by_id": HISTORY,
    "ladder_entry.by_id": HISTORY,
    "lead.created_by_id": HISTORY,
    "lead_scoring.by_id": HISTORY,
    "lifecycle_change.by_id": HISTORY,
    "merge.by_id": HISTORY,
    "merge.undone_by_id": HISTORY,
    "move.by_id": HISTORY,
    "own_task.by_id": HISTORY,
    "party.created_by_id": HISTORY,
    "plan.called_off_by_id": HISTORY,
    "party_estimate.by_id": HISTORY,
    "party_licence.by_id": HISTORY,
    "party_name.by_id": HISTORY,
    "party_role.by_id": HISTORY,
    "password_link.created_by_id": HISTORY,
    "photo.publish_by_id": HISTORY,
    "photo.uploader_id": HISTORY,
    "photo_pair.by_id": HISTORY,
    "photo_parcel.by_id": OWN,
    "photo_share.by_id": HISTORY,
    "photo_signal.settled_by_id": HISTORY,
    "project.created_by_id": HISTORY,
    "project_share.by_id": HISTORY,
    "occasion.by_id": HISTORY,
    "reward.by_id": HISTORY,
    "record.author_id": HISTORY,
    "register_entry.by_id": HISTORY,
    "registration.created_by_id": HISTORY,
    "registration.held_by_id": FOLLOWS,
    "registration_note.by_id": HISTORY,
    "signal_finding.by_id": HISTORY,
    "signature.by_id": HISTORY,
    "upload.user_id": HISTORY,
    "site_name.by_id": HISTORY,
    "site_request.answered_by_id": HISTORY,
    "stock_report.sent_by_id": HISTORY,
    "supply_quota.made_by_id": HISTORY,
    "supply_quota.told_by_id": HISTORY,
    "takeover.by_id": HISTORY,
    "todo.by_id": HISTORY,
    "takeover.from_id": HISTORY,
    "takeover.to_id": HISTORY,
}


def references() -> Iterator[tuple[str, Column[Any]]]:
    """`table.column` and the column of every foreign key to a person."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == "user_account":
                yield f"{table.name}.{key.parent.name}", key.parent


def handed(own_way: bool | None = None) -> Iterator[tuple[str, Column[Any]]]:
    """The columns of what is in somebody's hands; of those with, or without, an operation of their own."""
    for name, column in references():
        holding = POLICY.get(name, HISTORY)
        if holding.fate is Fate.HANDED and own_way in (None, holding.own_way):
            yield name, column


def his(name: str, column: Column[Any], user_id: int) -> ColumnElement[bool]:
    """The condition under which a row is in his hands by this column."""
    table: Any = column.table
    assert isinstance(table, Table)
    conditions = [column == user_id]
    for key, values in (POLICY[name].while_ or {}).items():
        conditions.append(table.c[key].is_(None) if values == (None,) else table.c[key].in_(values))
    if POLICY[name].until:
        conditions.append(table.c[POLICY[name].until] >= clock.company_day(clock.now()))
    return and_(*conditions)


def counts_of(user_id: int) -> Iterator[tuple[str, Select[Any]]]:
    """For each column of what can be in somebody's hands how much is in his, whoever may see it."""
    for name, column in handed():
        yield name, select(func.count().label("number")).select_from(column.table).where(his(name, column, user_id))


def count_held(session: Session, user_id: int) -> dict[str, int]:
    """How much he has in his hands, by the columns' names; what is none is left out."""
    counts = [select(literal(name), count.scalar_subquery()) for name, count in counts_of(user_id)]
    rows: Any = session.execute(union_all(*counts))
    return {name: number for name, number in rows if number}
