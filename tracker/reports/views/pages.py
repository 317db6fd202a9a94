"""Reports: the list, one that was sent, one as it would be now, the rows behind a section, PDF and workbook."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

from flask import Response, current_app, flash, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_login import login_required

from tracker import clock
from tracker.accepting import accepted
from tracker.annotations.views import threads_of
from tracker.errors import NotFound, Refused
from tracker.exports.queries import rows_of
from tracker.exports.reports import REPORTS
from tracker.exports.sending import TYPES, format_asked, send_list
from tracker.extensions import db
from tracker.gallery.operations import shown_key
from tracker.gates import staff_only
from tracker.htmx import go_to, respond
from tracker.i18n import LOCALES, _, _l, lang, speaking
from tracker.paper import PaperFault, draw
from tracker.reader import current_user
from tracker.reports import letters as letters  # it writes our mails
from tracker.reports import wording
from tracker.reports.composing import Subject, count_of
from tracker.reports.drawing import paper_of, sent_line, workbook_of
from tracker.reports.forms import RemarkForm
from tracker.reports.models import Report
from tracker.reports.operations.making import live
from tracker.reports.operations.remarking import may_remark, remark
from tracker.reports.periods import KINDS, Period, period_of
from tracker.reports.queries import kept
from tracker.reports.queries.gathering import gather
from tracker.reports.queries.items import in_order
from tracker.reports.reading import Read, read_content
from tracker.reports.sections import HAPPENED, NAMES
from tracker.reports.views.blueprint import blueprint

PDF = "application/pdf"


@blueprint.get("/reports")
@login_required
def list_page() -> ResponseReturnValue:
    """The reports that were sent, the newest first, and the ways to those that are being written."""
    staff_only()
    of, period = request.args.get("of", ""), request.args.get("period", "")
    of = of if of in wording.SUBJECTS else ""
    if format_asked():
        rows = rows_of(db.session, kept.reports_asked(current_user, of, period))
        return send_list(REPORTS, (row.Report for row in rows))
    page = kept.list_reports(db.session, current_user, of, period, page=request.args.get("page", 1, type=int))
    subjects = kept.list_readable(db.session, current_user)
    this_week = period_of("week", clock.today())
    return respond(
        "reports/list.html", page=page, of=of, period=period, subjects=subjects, wording=wording, this=this_week,
        period_class=Period,
    )  # fmt: skip


@blueprint.get("/reports/<int:report_id>")
@login_required
def page(report_id: int) -> ResponseReturnValue:
    """A report as it was sent."""
    report = kept.get_report(db.session, current_user, report_id)
    subject = Subject(report.subject.partition(":")[0], int(report.subject.partition(":")[2]), "")
    period = Period(report.period, report.starts_on)
    return respond(
        "reports/page.html", report=report, subject=subject.key, period=period, form=None,
        **_shown(_read(report.content or {}, period, report.remarks or "")),
        **threads_of("report", report.id, report),
    )  # fmt: skip


@blueprint.get("/reports/of/<subject>/<period>/<on>")
@login_required
def now(subject: str, period: str, on: str) -> ResponseReturnValue:
    """The report of a subject and a period: as it was sent, else as it would be now, with the form for remarks."""
    return _now(subject, _period(period, on))


def _now(key: str, period: Period, form: RemarkForm | None = None, status: int = 200) -> ResponseReturnValue:
    staff_only()
    row = kept.find_report(db.session, current_user, key, period)
    if row is not None and row.state == "sent":
        return go_to(url_for("reports.page", report_id=row.id))
    subject, people = kept.get_subject(db.session, current_user, key)
    content = live(db.session, subject, people, period, clock.today())
    remarks = (row.remarks if row else "") or ""
    if form is None and may_remark(db.session, subject, period, current_user, clock.now()):
        form = RemarkForm(formdata=None, data={"remarks": remarks})
    return respond(
        "reports/page.html", status=status, report=None, subject=key, period=period, form=form, threads=(),
        threads_at="", **_shown(_read(content, period, remarks)),
    )  # fmt: skip


@blueprint.post("/reports/of/<subject>/<period>/<on>")
@login_required
def say(subject: str, period: str, on: str) -> ResponseReturnValue:
    """Add remarks before it goes out."""
    staff_only()
    form, span = RemarkForm(), _period(period, on)
    found, _people = kept.get_subject(db.session, current_user, subject)

    def operate() -> None:
        remark(db.session, found, span, form.remarks.data or "", by=current_user)

    if not form.validate_on_submit() or not accepted(form, operate):
        return _now(subject, span, form, 422)
    db.session.commit()
    flash(_("Saved."))
    return go_to(url_for("reports.now", subject=subject, period=period, on=on))


@blueprint.get("/reports/of/<subject>/<period>/<on>/<section>")
@login_required
def rows(subject: str, period: str, on: str, section: str) -> ResponseReturnValue:
    """All rows behind a section's figure, as they are found now by the same statement."""
    staff_only()
    span = _period(period, on)
    if section not in HAPPENED:
        raise NotFound
    found, people = kept.get_subject(db.session, current_user, subject)
    project_id = found.id if found.of == "project" else None
    gathered = gather(db.session, people, span, clock.today(), project_id)
    items = in_order(gathered.of(found)[section])
    sites = {one.site for one in items if one.site}
    seen = kept.seen_sites(db.session, current_user, sites)
    return respond(
        "reports/rows.html", subject=subject, name=found.name, period=span, section=section, title=NAMES[section],
        n=count_of(section, items), lines=[wording.sentence(one.line(), seen) for one in items], wording=wording,
    )  # fmt: skip


@blueprint.get("/reports/of/<subject>/<period>/<on>/file.<kind>")
@login_required
def file(subject: str, period: str, on: str, kind: str) -> ResponseReturnValue:
    """The report as PDF or workbook, in the language that is asked for (`in`)."""
    staff_only()
    if kind not in ("pdf", "xlsx"):
        raise NotFound
    span, base = _period(period, on), current_app.config["TRACKER"].base_url
    row = kept.find_report(db.session, current_user, subject, span)
    sent = row if row is not None and row.state == "sent" else None
    if sent is None:
        found, people = kept.get_subject(db.session, current_user, subject)
        content, remarks = live(db.session, found, people, span, clock.today()), (row.remarks if row else "") or ""
    else:
        content, remarks = sent.content or {}, sent.remarks or ""
    asked = request.args.get("in", "")
    with speaking(asked if asked in LOCALES else lang()):
        seen = _read(content, span, remarks)
        data = workbook_of(seen, base) if kind == "xlsx" else _drawn(seen, base, sent)
        name = f"{seen.title} {seen.name} {span.starts_on.isoformat()}.{kind}".replace(" ", "-").replace("/", "-")
    return _sent(data, TYPES["xlsx"] if kind == "xlsx" else PDF, name)


def _sent(data: bytes, mimetype: str, name: str) -> Response:
    answer = send_file(io.BytesIO(data), mimetype=mimetype, as_attachment=True, download_name=name)
    answer.headers["Cache-Control"] = "private, no-store"
    return answer


def _drawn(seen: Read, base: str, sent: Report | None) -> bytes:
    storage: Any = current_app.extensions["storage"]
    photos = kept.list_pictures(db.session, current_user, [token for token, _caption in seen.pictures])
    pictures = {}
    for token, photo in photos.items():
        key = shown_key(photo, "800")
        if storage.exists(key):
            with storage.open(key) as opened:
                pictures[token] = opened.read()
    try:
        return draw(paper_of(seen, base, pictures, sent_line(sent.sent_at) if sent else ""))
    except PaperFault as fault:
        current_app.logger.error("a report could not be drawn: %s", fault)
        raise Refused(_l("The paper could not be drawn. Take the workbook, or try again later.")) from fault


def _read(content: dict[str, Any], period: Period, remarks: str) -> Read:
    seen = kept.seen_sites(db.session, current_user, wording.sites_in(content))
    return read_content(content, period, seen, remarks)


def _shown(seen: Read) -> dict[str, Any]:
    photos = kept.list_pictures(db.session, current_user, [token for token, _caption in seen.pictures])
    pictures = [(token, caption) for token, caption in seen.pictures if token in photos]
    return {"read": seen, "pictures": pictures, "kinds": KINDS, "wording": wording}


def _period(kind: str, on: str) -> Period:
    try:
        day = date.fromisoformat(on)
    except ValueError:
        raise NotFound from None
    if not 2000 <= day.year <= 2100:
        raise NotFound
    return period_of(kind, day)
