"""Pages about people: signing in, one's own profile, and administration."""

from tracker.team.views import administration, audit, links, people, profile, sign_in
from tracker.team.views.blueprint import blueprint

__all__ = ["administration", "audit", "links", "people", "profile", "sign_in"]

BLUEPRINTS = (blueprint,)
