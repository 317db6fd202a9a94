"""What was merged: nothing that goes along points to the gone one any more."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker.doctor.findings import Finding
from tracker.merging.models import Merge
from tracker.merging.operations.moving import movable
from tracker.merging.references import POLICY, references


def examine_merges(session: Session) -> Iterator[Finding]:
    """Rows that hang on something merged away although the kept one has nothing like them."""
    standing = select(Merge).where(Merge.undone_at.is_(None)).order_by(Merge.id)
    for row in session.scalars(standing):
        for name, column in references(row.kind):
            if POLICY[row.kind][name] == "move":
                left = len(movable(session, column, row.gone_id, row.kept_id))
                if left:
                    yield Finding(f"merge {row.id}: {left} of {name} still point to {row.kind} {row.gone_id}")
