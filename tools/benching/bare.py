"""The measure of all pages: a bare Flask page that renders fifty rows of one table, served as the product is.

Run as `python -m benching.bare PORT` with TRACKER_DATABASE_URL. It has no sign-in, no menus, no languages, no styles.
`/` loads the rows as objects, the way such a page is commonly written; `/core` loads the shown columns only.
"""

from __future__ import annotations

import sys

from flask import Flask
from sqlalchemy import select

from config import Config
from tracker.database import prepare_engine
from tracker.extensions import db
from tracker.models import Project
from tracker.serving import serve_app

PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Projects</title></head><body>
<h1>Projects</h1>
<table>
<tr><th>Name</th><th>Phase</th><th>Step</th><th>Value</th><th>Address</th><th>State</th><th>Last</th><th>Due</th></tr>
{% for row in rows %}
<tr><td><a href="{{ url_for('one', key=row.id) }}">{{ row.name }}</a></td>
<td>{{ row.phase }}</td><td>{{ row.step }}</td><td>{{ row.value }}</td><td>{{ row.address }}</td>
<td>{{ row.state }}</td><td>{{ row.last_record_on }}</td><td>{{ row.next_due_on }}</td></tr>
{% endfor %}
</table></body></html>
"""


def make_bare(url: str) -> Flask:
    """The bare application on a database of the product's."""
    app = Flask("bare")
    app.config["SQLALCHEMY_DATABASE_URI"] = url
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    template = app.jinja_env.from_string(PAGE)
    shown = (Project.id, Project.name, Project.phase, Project.step, Project.value, Project.address, Project.state,
             Project.last_record_on, Project.next_due_on)  # fmt: skip

    @app.get("/")
    def objects() -> str:
        return template.render(rows=db.session.scalars(select(Project).order_by(Project.id).limit(50)).all())

    @app.get("/projects/<int:key>")
    def one(key: int) -> str:
        return db.session.get_one(Project, key).name

    @app.get("/core")
    def core() -> str:
        return template.render(rows=db.session.execute(select(*shown).order_by(Project.id).limit(50)).all())

    return app


if __name__ == "__main__":
    app = make_bare(Config.from_env().database_url)
    serve_app(app, "127.0.0.1", int(sys.argv[1]), 2, 4, lambda: None)
