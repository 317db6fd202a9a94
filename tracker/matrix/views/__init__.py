"""The matrix's pages: a project's, a cell's, logging, moving, correcting, approvals, and the portfolio board."""

from tracker.matrix.views import approvals, logging, phase, portfolio, project, records
from tracker.matrix.views.blueprint import blueprint

__all__ = ["approvals", "logging", "phase", "portfolio", "project", "records"]

BLUEPRINTS = (blueprint,)
