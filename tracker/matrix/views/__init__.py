"""The matrix's pages: a project's, a cell's, logging, moving, correcting, approvals, and the portfolio board."""

from tracker.matrix.views import approvals, circumstances, logging, phase, portfolio, project, records, tasks
from tracker.matrix.views.blueprint import blueprint

__all__ = ["approvals", "circumstances", "logging", "phase", "portfolio", "project", "records", "tasks"]

BLUEPRINTS = (blueprint,)
