"""The pages of imports: sending a file, its columns, the run and its undoing; and the addresses they had before."""

from tracker.imports.views import columns, former, runs, sending
from tracker.imports.views.blueprint import blueprint

__all__ = ["columns", "former", "runs", "sending"]

BLUEPRINTS = (blueprint,)
