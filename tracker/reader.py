"""Who reads: Flask-Login's `current_user`, asked in a fraction of its time. A page asks dozens of times."""

from __future__ import annotations

from typing import Any

from flask_login.utils import _get_user
from werkzeug.local import LocalProxy

from tracker.templating import context


def _present() -> Any:
    try:
        return context().g._login_user  # noqa: SLF001  where Flask-Login keeps him once he is known
    except (AttributeError, LookupError):
        return _get_user()


current_user: Any = LocalProxy(_present)
