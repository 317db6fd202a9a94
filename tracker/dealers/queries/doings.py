"""What a dealer's own people did in a quarter, as far as it is on record here: what evaluations suggest points from."""

from __future__ import annotations

from datetime import date
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.dealers.models import Dealer
from tracker.gallery.models import Photo
from tracker.i18n import _, _n
from tracker.leads.models import Lead
from tracker.matrix.definitions import current_definition
from tracker.matrix.models import Evidence, LifecycleChange, Record, RecordContact
from tracker.parties.models import Contact, Party
from tracker.parties.queries.fingerprint import fixing_targets
from tracker.projects.models import Project
from tracker.team.models import User
from workflows.dealers import next_quarter

SHOWN = frozenset({"site_visit", "progress_photo"})  # kinds of records that a picture proves
DESIGNERS = ("concept_designer", "design_institute", "interior_designer", "specialist_consultant")
NEWS = "competitor_news"  # the source of leads that are about rivals
EACH_LATE = 10  # points that a late record takes
EACH_DESIGN, EACH_NEWS = 20, 25  # points that a visit or drawing, and that an item of news gives
Found = tuple[int | None, str]
"""Points that what is known speaks for (None: nothing is known), and what that is."""


def conversion(session: Session, dealer: Dealer, quarter: date) -> Found:
    """Of his projects that were decided in the quarter, how many were won."""
    change = LifecycleChange
    query = select(change.target, func.count(func.distinct(change.project_id)))
    query = query.join(Project, Project.id == change.project_id).where(
        Project.dealer_id == dealer.party_id, Project.merged_into_id.is_(None), change.category.is_(None),
        change.target.in_(("won", "lost")), change.on >= quarter, change.on < next_quarter(quarter),
        Project.state == change.target,
    )  # fmt: skip
    rows: Any = session.execute(query.group_by(change.target))
    counts = dict(rows.all())
    decided = sum(counts.values())
    if not decided:
        return None, _("None of his projects was decided in the quarter.")
    won = counts.get("won", 0)
    return 100 * won // decided, _(
        "Of his projects decided in the quarter %(won)s of %(decided)s were won.", won=won, decided=decided
    )


def quality(session: Session, dealer: Dealer, quarter: date) -> Found:
    """Of what his people saw on site and wrote down, how much has its picture, and how much came late."""
    shown = select(Photo.id).where(Photo.record_id == Record.id).exists()
    rows: Any = session.execute(
        select(Record.late_entry, shown).where(Record.kind.in_(SHOWN), *_by_his_people(dealer, quarter))
    )
    found = rows.all()
    if not found:
        return None, _("His people entered no visit to a site in the quarter.")
    pictured, late = sum(1 for row in found if row[1]), sum(1 for row in found if row[0])
    said = _("Of %(n)s visits to sites that his people entered %(pictured)s have a picture, %(late)s came late.",
             n=len(found), pictured=pictured, late=late)  # fmt: skip
    return max(0, 100 * pictured // len(found) - EACH_LATE * late), said


def design(session: Session, dealer: Dealer, quarter: date) -> Found:
    """Visits of his people to designers, and drawings on his projects that carry us since."""
    met = (
        select(RecordContact.record_id)
        .join(Contact, Contact.id == RecordContact.contact_id)
        .join(Party, Party.id == Contact.party_id)
        .where(RecordContact.record_id == Record.id, Party.kind.in_(DESIGNERS))
    )
    visits = session.scalar(select(func.count(Record.id)).where(met.exists(), *_by_his_people(dealer, quarter))) or 0
    targets = [target for target, kind in fixing_targets(current_definition()).items() if kind == "spec_clause"]
    query = select(func.count(Evidence.id)).join(Project, Project.id == Evidence.project_id)
    drawn = session.scalar(query.where(
        Project.dealer_id == dealer.party_id, Evidence.target.in_(targets), Evidence.dated_on >= quarter,
        Evidence.dated_on < next_quarter(quarter),
    )) or 0  # fmt: skip
    if not visits and not drawn:
        return None, _("No visit of his people to a designer and no drawing that carries us is on record.")
    said = _("%(visits)s visits of his people to designers, %(drawn)s drawings of his projects carry us.",
             visits=visits, drawn=drawn)  # fmt: skip
    return min(100, EACH_DESIGN * (visits + drawn)), said


def feedback(session: Session, dealer: Dealer, quarter: date) -> Found:
    """What his people told us of rivals."""
    begins, ends = (clock.at_noon(day).replace(hour=0) for day in (quarter, next_quarter(quarter)))
    told = session.scalar(
        select(func.count(Lead.id)).join(User, User.id == Lead.created_by_id)
        .where(User.party_id == dealer.party_id, Lead.source == NEWS, Lead.created_at >= begins, Lead.created_at < ends)
    ) or 0  # fmt: skip
    if not told:
        return None, _("Nothing that his people told of rivals is on record; what he said otherwise only people know.")
    said = _n("%(num)d lead of his people came from news of rivals.",
              "%(num)d leads of his people came from news of rivals.", told)  # fmt: skip
    return min(100, EACH_NEWS * told), said


def _by_his_people(dealer: Dealer, quarter: date) -> tuple[Any, ...]:
    """The conditions of records that somebody of the dealer wrote about a day of the quarter."""
    people = select(User.id).where(User.party_id == dealer.party_id)
    days = (Record.happened_on >= quarter, Record.happened_on < next_quarter(quarter), Record.is_plan.is_(False))
    return Record.author_id.in_(people), *days
