"""The two languages. The only module that knows Flask-Babel.

A message id is the English sentence; `translations/zh_Hans_CN` holds the Chinese. `zh` and `en` are the names of
the languages inside the program; bilingual data (the matrix definition) is picked with `lang()`.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache
from typing import Any

from babel import Locale
from babel.support import NullTranslations, Translations
from flask import Flask, current_app, g, has_app_context, has_request_context, request, session
from flask_babel import Babel, force_locale
from flask_babel.speaklater import LazyString
from markupsafe import Markup

from config import ROOT
from tracker.reader import current_user
from tracker.templating import context

FOLDER = ROOT / "translations"
LOCALES = {"zh": "zh_Hans_CN", "en": "en"}
HTML_LANG = {"zh": "zh-CN", "en": "en"}

__all__ = ["HTML_LANG", "LOCALES", "_", "_l", "_n", "init_app", "lang", "speaking"]


def lang() -> str:
    """The language of the present reader: `zh` or `en`."""
    try:
        return str(context().g.lang)
    except (AttributeError, LookupError):  # not chosen yet, or no context to keep it in
        if not has_request_context():
            return _default()
        g.lang = _choose()
        return str(g.lang)


def _(text: str, **variables: Any) -> str:
    """A sentence in the present reader's language."""
    said: str = _sentences(lang()).ugettext(text) if has_app_context() else text
    return said % variables if variables else said


def _n(one: str, many: str, num: int, **variables: Any) -> str:
    """A sentence about `num` things."""
    said: str = _sentences(lang()).ungettext(one, many, num) if has_app_context() else one if num == 1 else many
    return said % {"num": num, **variables}


def _l(text: str, **variables: Any) -> Any:
    """A sentence that is put into a language when it is read."""
    return LazyString(_, text, **variables)


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
    """Set up translations. Templates get our own functions: Flask-Babel's look up everything anew for each word."""
    app.config["BABEL_TRANSLATION_DIRECTORIES"] = str(FOLDER)
    Babel(app, locale_selector=lambda: LOCALES[lang()])
    app.jinja_env.add_extension("jinja2.ext.i18n")
    app.jinja_env.globals.update(_=_marked, gettext=_marked, ngettext=_marked_n)


@cache
def _sentences(language: str) -> NullTranslations:
    """The catalogue of a language, read once."""
    return Translations.load(FOLDER, [LOCALES[language]])


@lru_cache(maxsize=4096)
def _markup(language: str, text: str) -> Markup:
    return Markup(_sentences(language).ugettext(text))  # noqa: S704  our own sentences


def _marked(text: str, **variables: Any) -> Markup:
    """A sentence for a template; what is put into it is escaped."""
    said = _markup(lang(), text)
    return said % variables if "%" in said else said


def _marked_n(one: str, many: str, num: int, **variables: Any) -> Markup:
    said = Markup(_sentences(lang()).ungettext(one, many, num))  # noqa: S704  our own sentences
    return said % {"num": num, **variables}


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """A context in which everything comes out in `language`: sentences, dates, names (for mails, reports, commands)."""
    before = g.get("lang")
    g.lang = language
    try:
        with force_locale(Locale.parse(LOCALES[language])):
            yield
    finally:
        if before is None:
            g.pop("lang", None)
        else:
            g.lang = before
