"""Pages."""
from flask import Blueprint
from flask_login import login_required

blueprint = Blueprint("search", __name__)
BLUEPRINTS = (blueprint,)


@blueprint.get("/search")
@login_required
def page() -> str:
    """Placeholder."""
    return "soon"
