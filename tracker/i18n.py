"""The two languages. The only module that knows Flask-Babel.

A message id is the English sentence; `translations/zh_Hans_CN` holds the Chinese. `zh` and `en` are the names of
the languages inside the program; bilingual data (the matrix definition) is picked with `lang()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from babel import Locale
from flask import Flask, current_app, g, has_app_context, has_request_context, request, session
from flask_babel import Babel, force_locale, gettext, lazy_gettext, ngettext
from flask_login import current_user

LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
HTML_LANG = {"zh": "zh-CN", "en": "en"}

_ = gettext
_l = lazy_gettext
_n = ngettext

__all__ = ["HTML_LANG", "LOCALES", "_", "_l", "_n", "init_app", "lang", "speaking"]


def lang() -> str:
    """The language of the present reader: `zh` or `en`."""
    if has_app_context() and "spoken" in g:
        return str(g.spoken)
    if not has_request_context():
        return _default()
    if "lang" not in g:
        g.lang = _choose()
    return str(g.lang)


def _choose() -> str:
    asked = request.args.get("lang")
    if asked in LOCALES:
        session["lang"] = asked
        return str(asked)
    if session.get("lang") in LOCALES:
        return str(session["lang"])
    if current_user and current_user.is_authenticated and current_user.locale in LOCALES:
        return str(current_user.locale)
    for accepted in request.accept_languages.values():
        if accepted[:2].lower() in LOCALES:
            return str(accepted[:2].lower())
    return _default()


def _default() -> str:
    """What counts where neither session, user nor browser says: the installation's language."""
    return str(current_app.config["TRACKER"].locale) if has_app_context() else "zh"


def init_app(app: Flask) -> None:
    """Set up translations."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(app.config["ROOT"] / "translations")
    Babel(app, locale_selector=lambda: LOCALES[lang()])
    app.jinja_env.add_extension("jinja2.ext.i18n")


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """A context in which everything comes out in `language`: sentences, dates, names (for mails, reports, commands)."""
    before = g.get("spoken")
    g.spoken = language
    try:
        with force_locale(Locale.parse(LOCALES[language])):
            yield
    finally:
        if before is None:
            g.pop("spoken", None)
        else:
            g.spoken = before
