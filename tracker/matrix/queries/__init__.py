"""Reads of the matrix: a project's, a cell's, the portfolio's, and the approvals. The user comes first."""

from tracker.matrix.queries.approvals import (
    Awaited,
    approvals_asked,
    count_to_decide,
    get_approval,
    list_approvals,
    list_awaited,
    list_deciders,
    list_to_decide,
    number_to_decide,
)
from tracker.matrix.queries.circumstances import (
    get_circumstance,
    get_own_task,
    list_circumstances,
    list_dates,
)
from tracker.matrix.queries.matrices import (
    Marks,
    Matrix,
    Way,
    get_record,
    list_known_contacts,
    list_photos,
    list_records,
    list_ways,
    load_marks,
    load_matrix,
)
from tracker.matrix.queries.portfolio import (
    Portfolio,
    PortfolioCell,
    load_portfolio,
)

__all__ = [
    "Awaited",
    "Marks",
    "Matrix",
    "Portfolio",
    "PortfolioCell",
    "Way",
    "approvals_asked",
    "count_to_decide",
    "get_approval",
    "get_circumstance",
    "get_own_task",
    "get_record",
    "list_approvals",
    "list_awaited",
    "list_circumstances",
    "list_dates",
    "list_deciders",
    "list_known_contacts",
    "list_photos",
    "list_records",
    "list_to_decide",
    "list_ways",
    "load_marks",
    "load_matrix",
    "load_portfolio",
    "number_to_decide",
]
