"""Pages."""
from flask import Blueprint
from flask_login import login_required

blueprint = Blueprint("parties", __name__)
BLUEPRINTS = (blueprint,)


@blueprint.get("/parties")
@login_required
def list_page() -> str:
    """Placeholder."""
    return "soon"


@blueprint.get("/contacts")
@login_required
def contacts_page() -> str:
    """Placeholder."""
    return "soon"
