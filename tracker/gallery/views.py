"""Pages."""
from flask import Blueprint
from flask_login import login_required

blueprint = Blueprint("gallery", __name__)
BLUEPRINTS = (blueprint,)


@blueprint.get("/photos")
@login_required
def list_page() -> str:
    """Placeholder."""
    return "soon"
