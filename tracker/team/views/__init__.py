"""Pages about people: signing in, one's own profile, administration."""

from tracker.team.views.sign_in import blueprint

BLUEPRINTS = (blueprint,)
