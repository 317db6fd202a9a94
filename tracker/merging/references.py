"""What points to a lead, project, party or contact, and whether it goes along when one is merged.

`POLICY` names every foreign key: `move` (the row goes along, unless the kept one has the like already: then it stays
where it is), `stay` (it tells of the gone one, or follows from facts).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Column, ColumnElement, PrimaryKeyConstraint, UniqueConstraint, select

from tracker.database import Base

POLICY: dict[str, dict[str, str]] = {
    "lead": {
        "approval.lead_id": "stay",
        "lead.merged_into_id": "stay",
        "lead.duplicate_of_id": "move",
        "site_name.lead_id": "move",
        "lead_contact.lead_id": "move",
        "lead_member.lead_id": "move",
        "lead_party.lead_id": "move",
        "record.lead_id": "move",
        "photo.lead_id": "move",
        "photo_signal.lead_id": "move",
        "document.lead_id": "move",
        "lead_category.lead_id": "move",
        "lead_scoring.lead_id": "stay",
        "lead_claim.lead_id": "stay",
        "due_thing.lead_id": "stay",
        "notification.lead_id": "stay",
        "site_request.lead_id": "move",
        "site_request.claim_id": "stay",
        "takeover.lead_id": "stay",
        "todo.lead_id": "move",
        "annotation.lead_id": "move",
    },
    "project": {
        "project.parent_id": "move",
        "project.merged_into_id": "stay",
        "approval.project_id": "stay",
        "building.project_id": "stay",
        "category_line.project_id": "stay",
        "circumstance.project_id": "move",
        "due_thing.project_id": "stay",
        "lead.duplicate_project_id": "move",
        "lead.project_id": "move",
        "off_corridor.project_id": "stay",
        "own_task.project_id": "move",
        "project_clock.project_id": "stay",
        "project_contact.project_id": "move",
        "project_desk.project_id": "stay",
        "project_member.project_id": "move",
        "project_party.project_id": "move",
        "site_name.project_id": "move",
        "standing.project_id": "stay",
        "window_clock.project_id": "stay",
        "won_stop.project_id": "stay",
        "lifecycle_change.project_id": "stay",
        "move.project_id": "stay",
        "notification.project_id": "stay",
        "record.project_id": "move",
        "evidence.project_id": "move",
        "photo.project_id": "move",
        "photo_signal.project_id": "move",
        "document.project_id": "move",
        "site_request.project_id": "move",
        "call_off.project_id": "move",
        "project_share.project_id": "move",
        "dealer_release.project_id": "stay",
        "dealer_support.project_id": "move",
        "reward.project_id": "move",
        "stock_flow.project_id": "move",
        "registration.project_id": "move",
        "claim_conflict.project_id": "move",
        "takeover.project_id": "stay",
        "todo.project_id": "move",
        "annotation.project_id": "move",
        "forecast.project_id": "stay",
        "report.project_id": "stay",
    },
    "party": {
        "user_account.party_id": "move",
        "party.merged_into_id": "stay",
        "party.parent_id": "move",
        "party_estimate.party_id": "move",
        "party_licence.party_id": "move",
        "party_name.party_id": "move",
        "party_role.party_id": "move",
        "party_tally.party_id": "stay",
        "contact.party_id": "move",
        "project.developer_id": "move",
        "project.dealer_id": "move",
        "lead.dealer_id": "move",
        "lead.developer_id": "move",
        "project_party.party_id": "move",
        "lead_party.party_id": "move",
        "key_account.party_id": "move",
        "account_party.party_id": "move",
        "account_relation.party_id": "move",
        "project_share.party_id": "move",
        "dealer.party_id": "move",
        "diversion_complaint.by_party_id": "move",
        "contact_post.party_id": "move",
    },
    "contact": {
        "contact.merged_into_id": "stay",
        "project_contact.contact_id": "move",
        "lead_contact.contact_id": "move",
        "record_contact.contact_id": "move",
        "account_goal.contact_id": "move",
        "account_relation.contact_id": "move",
        "contact_post.contact_id": "move",
        "contact_way.contact_id": "move",
        "contact_link.contact_id": "move",
        "contact_link.from_contact_id": "move",
        "contact_consent.contact_id": "move",
        "advocacy_entry.contact_id": "move",
        "reward.contact_id": "move",
        "photo.contact_id": "move",
    },
}


def references(kind: str) -> Iterator[tuple[str, Column[Any]]]:
    """`table.column` and the column of every foreign key to a table."""
    for table in Base.metadata.sorted_tables:
        for key in table.foreign_keys:
            if key.column.table.name == kind:
                yield f"{table.name}.{key.parent.name}", key.parent


def unique_with(column: Column[Any]) -> Iterator[list[Column[Any]]]:
    """What must be unique together with the column: the other columns of each such constraint."""
    for constraint in column.table.constraints:
        if isinstance(constraint, (UniqueConstraint, PrimaryKeyConstraint)) and column in list(constraint.columns):
            yield [other for other in constraint.columns if other is not column]


def likes(column: Column[Any], kept: int) -> Iterator[ColumnElement[bool]]:
    """For a row that points elsewhere: that the kept one has the like already, by each constraint. It stays then."""
    for others in unique_with(column):
        like = column.table.alias()
        same = [like.c[other.name] == other for other in others]
        yield select(like.c[column.name]).where(like.c[column.name] == kept, *same).exists()
