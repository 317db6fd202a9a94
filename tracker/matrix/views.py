"""Pages."""
from flask import Blueprint
from flask_login import login_required

blueprint = Blueprint("matrix", __name__)
BLUEPRINTS = (blueprint,)


@blueprint.get("/board")
@login_required
def portfolio() -> str:
    """Placeholder."""
    return "soon"


@blueprint.get("/approvals")
@login_required
def approvals_page() -> str:
    """Placeholder."""
    return "soon"


@blueprint.get("/visit")
@login_required
def visit() -> str:
    """Placeholder."""
    return "soon"
