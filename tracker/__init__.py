"""Project Tracker: the application factory.

Whatever takes time to import is imported inside, so that a command which needs no application answers at once.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from config import ROOT, UPLOAD_LIMIT, Config

if TYPE_CHECKING:
    from flask import Flask


def create_app(config: Config | None = None) -> Flask:
    """Make the application for `config` (default: from the environment)."""
    from flask import Flask

    from tracker import atoms, clock, incoming, logs, templating

    logs.log_to_stderr()
    config = config or Config.from_env()
    clock.keep_days_of(config.timezone)
    app = Flask("tracker", root_path=str(ROOT), static_folder="static", template_folder="templates")
    app.jinja_environment = templating.Environment
    app.config.from_mapping(
        TRACKER=config,
        ROOT=ROOT,
        TESTING=config.testing,
        SECRET_KEY=config.secret_key,
        SQLALCHEMY_DATABASE_URI=config.database_url,
        SQLALCHEMY_ENGINE_OPTIONS={"pool_pre_ping": config.database_url.startswith("postgresql")},
        MAX_CONTENT_LENGTH=UPLOAD_LIMIT,
        MAX_FORM_PARTS=2000,
        WTF_CSRF_TIME_LIMIT=None,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_REFRESH_EACH_REQUEST=False,  # the row behind it ends by itself, however often the cookie is sent
        SESSION_COOKIE_SECURE=config.secure_cookies,
        SEND_FILE_MAX_AGE_DEFAULT=31536000,
        RATELIMIT_STORAGE_URI=config.redis_url or "memory://",
        COMPRESS_MIMETYPES=["text/html", "text/css", "application/javascript", "text/javascript", "image/svg+xml"],
        COMPRESS_ALGORITHM=["gzip"],
        COMPRESS_LEVEL=1,  # half the time of the next better ones, for a tenth more bytes
    )
    if config.trust_proxy:
        from werkzeug.middleware.proxy_fix import ProxyFix

        count = config.trust_proxy
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=count)  # type: ignore[method-assign]
    incoming.init_app(app)
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    _bind_extensions(app, config)
    _register_features(app)
    atoms.init_app(app)
    return app


def _bind_extensions(app: Flask, config: Config) -> None:
    from tracker import addresses, extensions, filters, i18n, migrating, navigation, pages, sessions
    from tracker.database import prepare_engine
    from tracker.extensions import db
    from tracker.storage import open_storage

    if config.database_url.startswith("sqlite:///"):
        Path(config.database_url.removeprefix("sqlite:///")).parent.mkdir(parents=True, exist_ok=True)
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    migrating.init_app(app)
    pages.init_app(app)  # first of those that look at a request: a forged or refused one gets its page like any other
    extensions.csrf.init_app(app)
    extensions.limiter.init_app(app)
    # limits are on views, and each view looks for its own: nothing is to be looked for before every request
    app.before_request_funcs[None].remove(extensions.limiter._check_request_limit)  # noqa: SLF001
    extensions.compress.init_app(app)
    i18n.init_app(app)
    sessions.init_app(app)
    filters.init_app(app)
    navigation.init_app(app)
    addresses.init_app(app)
    app.extensions["storage"] = open_storage(config.media)


def _register_features(app: Flask) -> None:
    from tracker import health
    from tracker.absences import views as absences
    from tracker.accounts import views as accounts
    from tracker.annotations import views as annotations
    from tracker.assigning import views as assigning
    from tracker.calendar import views as calendar
    from tracker.contacts import keeping as contact_rows  # noqa: F401  it listens to what sessions write
    from tracker.contacts import views as contacts
    from tracker.dealers import views as dealers
    from tracker.definitions import views as definitions
    from tracker.designers import views as designers
    from tracker.documents import views as documents
    from tracker.duplicates import indexing as match_keys  # noqa: F401  it listens to what sessions write
    from tracker.duplicates import views as duplicates
    from tracker.forecasts import views as forecasts
    from tracker.gallery import views as gallery
    from tracker.handover import views as handover
    from tracker.history import keeping  # noqa: F401  it listens to what sessions write
    from tracker.history import views as history
    from tracker.home import views as home
    from tracker.imports import views as imports
    from tracker.leads import views as leads
    from tracker.matrix import views as matrix
    from tracker.merging import views as merging
    from tracker.newcomers import views as newcomers
    from tracker.notifications import views as notifications
    from tracker.parties import tallying as parties_tallying  # noqa: F401  it listens to what sessions write
    from tracker.parties import views as parties
    from tracker.partners import views as partners
    from tracker.projects import tallying  # noqa: F401  so does this
    from tracker.projects import views as projects
    from tracker.purging import views as purging
    from tracker.radar import views as radar
    from tracker.registrations import views as registrations
    from tracker.reports import views as reports
    from tracker.rewards import views as rewards
    from tracker.search import indexing  # noqa: F401  and this
    from tracker.search import views as search
    from tracker.suggestions import views as suggestions
    from tracker.team import views as team
    from tracker.todos import views as todos

    features = (health, home, team, projects, matrix, parties, leads, gallery, documents, search, history, definitions,
                notifications, radar, imports, duplicates, merging, assigning, absences, accounts, partners,
                dealers, contacts, purging, handover, designers, rewards, registrations, calendar, todos, annotations,
                reports, forecasts, suggestions, newcomers)  # fmt: skip
    for feature in features:
        for blueprint in feature.BLUEPRINTS:
            app.register_blueprint(blueprint)
