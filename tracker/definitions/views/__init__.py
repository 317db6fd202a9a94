"""Pages about definitions: versions, the draft editor, the difference, the dry run."""

from tracker.definitions.views import cells, drafts, publishing, texts, versions
from tracker.definitions.views.blueprint import blueprint

__all__ = ["cells", "drafts", "publishing", "texts", "versions"]

BLUEPRINTS = (blueprint,)
