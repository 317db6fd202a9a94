"""Forecasts: of each project's the newest, and it alone, counts as the latest."""

from __future__ import annotations

from collections.abc import Iterator

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker.doctor.findings import Finding
from tracker.forecasts.models import Forecast


def examine_forecasts(session: Session) -> Iterator[Finding]:
    """Projects of which another forecast than the newest counts, or several, or none."""
    newest = select(Forecast.project_id, func.max(Forecast.seq)).group_by(Forecast.project_id)
    wanted = {(project_id, seq) for project_id, seq in session.execute(newest)}
    latest = select(Forecast.project_id, Forecast.seq).where(Forecast.latest)
    counted = {(project_id, seq) for project_id, seq in session.execute(latest)}
    for project_id in sorted({project_id for project_id, _seq in wanted ^ counted}):
        yield Finding(f"project {project_id}: its newest forecast is not the one that counts")
