"""Pages."""
from flask import Blueprint
from flask_login import login_required

blueprint = Blueprint("leads", __name__)
BLUEPRINTS = (blueprint,)


@blueprint.get("/leads")
@login_required
def list_page() -> str:
    """Placeholder."""
    return "soon"
