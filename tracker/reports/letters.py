"""The mail that brings a report: HTML with its pictures within bounds, and the same as plain text."""

from __future__ import annotations

import secrets

from flask import current_app
from sqlalchemy.orm import Session

from tracker.errors import NotFound
from tracker.gallery.operations import shown_key
from tracker.i18n import _, lang
from tracker.notifications.operations.letters import Letter, Mailing, writes
from tracker.reports import wording
from tracker.reports.operations.subscribing import LETTER
from tracker.reports.queries.kept import get_report, list_pictures, seen_sites
from tracker.reports.reading import Read, read
from tracker.team.models import User

MOST_BYTES = 600 * 1024  # of all pictures of a mail
SIZE = "320"
MOST = 15  # sentences of a section; the rest stand on the page


@writes(LETTER)
def letter_to(session: Session, user: User, report_id: int, mailing: Mailing) -> Letter | None:
    """A report as it was sent, for somebody who still reads it; of sites that he does not see no name."""
    try:
        report = get_report(session, user, report_id)
    except NotFound:
        return None
    content = report.content or {}
    seen = read(report, seen_sites(session, user, wording.sites_in(content)))
    address = f"{mailing.base_url}/reports/{report.id}"
    shown = _pictures(session, user, seen)
    context = {"report": report, "read": seen, "base": mailing.base_url, "address": address}
    template = current_app.jinja_env.get_template("reports/mail.html")  # by itself: there is no request here
    html = template.render(pictures=[(cid, one[1]) for cid, one, _data in shown], lang=lang(), most=MOST, **context)
    return Letter(
        f"{_('%(title)s: %(name)s', title=seen.title, name=seen.name)}, {seen.span}",
        as_text(seen, mailing.base_url, address),
        html,
        [(cid, data) for cid, _one, data in shown],
    )


def as_text(seen: Read, base: str, address: str) -> str:
    """The whole report as lines of plain text, with the addresses of what they lead to."""
    parts = [f"{seen.title}: {seen.name}\n{seen.span}", address]
    if seen.remarks:
        parts.append(f"{_('Remarks')}: {seen.remarks}")
    parts.append("\n".join(f"{label}: {value}" for _key, label, value in seen.figures))
    for section in seen.sections:
        shown = section.lines[:MOST]
        lines = [f"- {one.text}" + (f"\n  {base}{one.path}" if one.path else "") for one in shown]
        parts.append("\n".join([f"{section.name} ({section.n})", *lines]))
    parts.append(_("What is mailed to you you choose at %(address)s.", address=f"{base}/reports/subscriptions"))
    return "\n\n".join(parts)


def _pictures(session: Session, user: User, seen: Read) -> list[tuple[str, tuple[str, str], bytes]]:
    """(cid, (token, caption), bytes) of those pictures that he sees, as far as they go."""
    storage = current_app.extensions["storage"]
    photos = list_pictures(session, user, [token for token, _caption in seen.pictures])
    found, room = [], MOST_BYTES
    for token, caption in seen.pictures:
        photo = photos.get(token)
        key = shown_key(photo, SIZE) if photo is not None else ""
        if not key or not storage.exists(key):
            continue
        with storage.open(key) as file:
            data = file.read(room + 1)
        if len(data) <= room:
            room -= len(data)
            found.append((f"{secrets.token_hex(8)}@tracker", (token, caption), data))
    return found
