"""Pages."""
from flask import Blueprint
from flask_login import login_required

blueprint = Blueprint("home", __name__)
BLUEPRINTS = (blueprint,)


@blueprint.get("/")
@login_required
def today() -> str:
    """Placeholder."""
    return "soon"
