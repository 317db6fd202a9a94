"""A photo report: a cover, pictures with caption, day, cell, building and place, lines to sign on."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from tracker import clock
from tracker.access import is_dealer
from tracker.errors import Invalid
from tracker.gallery.models import Photo
from tracker.gallery.operations.files import shown_key
from tracker.i18n import _, _l, lang
from tracker.matrix.definitions import current_definition
from tracker.paper import Facts, NewPage, Paper, Part, Picture, Pictures, Signatures
from tracker.projects.models import Building, Project
from tracker.team.models import Team, User

EACH_PAGE = (2, 3, 4, 6)
LANGUAGES = ("zh", "en")
MOST_SIGNERS = 6
FEW = 40  # pictures, up to which large ones are set large; more of them would make a file that no mail takes
NAMED = 3  # projects on the cover by name


@dataclass(frozen=True, slots=True)
class ReportWishes:
    """What a report shall be. `places`: whether degrees stand below the pictures; `signers`: who signs, as a word."""

    title: str
    language: str = "zh"
    each_page: int = 4
    company: str = ""
    places: bool = False
    signers: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """Plain values, to be kept until the report is made."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> ReportWishes:
        """The wishes that `to_json` kept."""
        return cls(**{**values, "signers": tuple(values["signers"])})


def checked(wishes: ReportWishes, by: User) -> ReportWishes:
    """The wishes, each within what a report can be. Only our own people print places."""
    if not wishes.title.strip():
        raise Invalid("title", _l("Give the report a title."))
    if wishes.each_page not in EACH_PAGE or wishes.language not in LANGUAGES:
        raise Invalid("each_page", _l("Choose one of the values in the list."))
    signers = tuple(name.strip()[:60] for name in wishes.signers if name.strip())
    if len(signers) > MOST_SIGNERS:
        raise Invalid("signers", _l("At most %(max)s lines to sign on, please.", max=MOST_SIGNERS))
    return ReportWishes(
        wishes.title.strip()[:120], wishes.language, wishes.each_page, wishes.company.strip()[:80],
        wishes.places and not is_dealer(by), signers,
    )  # fmt: skip


def company_of(session: Session, user: User) -> str:
    """The name of the user's company: the root of his team's tree, for a dealer nothing that is ours."""
    if is_dealer(user):
        return ""
    root = select(Team.name).where(Team.parent_id.is_(None)).order_by(Team.id).limit(1)
    return session.scalar(root) or ""


def size_of(wishes: ReportWishes, number: int) -> str:
    """Which shown size goes into the report: never the original."""
    return "1600" if wishes.each_page <= 3 and number <= FEW else "800"


@dataclass(frozen=True, slots=True)
class Outline:
    """A report before its pictures are read: plain values, the pictures by the keys under which they lie."""

    wishes: ReportWishes
    author: str
    cover: Sequence[tuple[str, str]]
    pictures: Sequence[tuple[str, Sequence[str]]]

    def paper(self, read: Callable[[str], bytes | None]) -> Paper:
        """The report in the present language. A picture of which `read` finds nothing is left out."""
        wishes = self.wishes
        shown = [Picture(data, lines) for key, lines in self.pictures if (data := read(key)) is not None]
        parts: list[Part] = [Facts([*self.cover, (_("Pictures"), str(len(shown)))]), NewPage()]
        parts.append(Pictures(shown, wishes.each_page))
        parts += [Signatures([*wishes.signers])] if wishes.signers else []
        footer = " · ".join(text for text in (wishes.company, wishes.title) if text)
        return Paper(
            wishes.title, parts, wishes.language, wishes.company, footer, self.author, _("Page {page} of {pages}")
        )


def outline_report(session: Session, photos: Sequence[Photo], wishes: ReportWishes, *, by: User) -> Outline:
    """The report of these pictures (with project), the oldest first, in the present language."""
    ordered = sorted(photos, key=lambda photo: (photo.taken_at or photo.uploaded_at, photo.id))
    buildings = _names_of_buildings(session, ordered)
    many, size = len({photo.project_id for photo in ordered}) > 1, size_of(wishes, len(ordered))
    pictures = [(shown_key(photo, size), _lines(photo, buildings, wishes, many)) for photo in ordered]
    return Outline(wishes, by.name, _cover(ordered, wishes, by), pictures)


def _names_of_buildings(session: Session, photos: Sequence[Photo]) -> dict[int, str]:
    ids = {photo.building_id for photo in photos if photo.building_id is not None}
    rows = session.execute(select(Building.id, Building.name).where(Building.id.in_(ids))) if ids else ()
    return {row.id: row.name for row in rows}


def _cover(photos: Sequence[Photo], wishes: ReportWishes, by: User) -> Sequence[tuple[str, str]]:
    projects = list({photo.project.id: photo.project for photo in photos if photo.project is not None}.values())
    days = [clock.local(photo.taken_at or photo.uploaded_at).date() for photo in photos]
    rows = [(_("Project"), _projects(projects))] if projects else []
    if len(projects) == 1:
        rows += [(_("Place"), text) for text in _place(projects[0], wishes)]
    if days:
        first, last = min(days).isoformat(), max(days).isoformat()
        rows.append((_("Period"), first if first == last else _("%(first)s to %(last)s", first=first, last=last)))
    rows += [(_("Company"), wishes.company)] if wishes.company else []
    rows += [(_("Made by"), by.name), (_("Made on"), clock.today().isoformat())]
    return rows


def _projects(projects: Sequence[Project]) -> str:
    names = "\n".join(project.name for project in projects[:NAMED])
    return names if len(projects) <= NAMED else f"{names}\n" + _("and %(n)s more", n=len(projects) - NAMED)


def _place(project: Project, wishes: ReportWishes) -> Iterator[str]:
    if project.address:
        yield project.address
    elif wishes.places and project.latitude is not None and project.longitude is not None:
        yield f"{project.latitude:.5f}, {project.longitude:.5f}"


def _lines(photo: Photo, buildings: Mapping[int, str], wishes: ReportWishes, many: bool) -> list[str]:
    definition, language = current_definition(), lang()
    step = definition.step(photo.step).name.get(language) if photo.step in definition.step_index else ""
    when = f"{clock.local(photo.taken_at or photo.uploaded_at):%Y-%m-%d}"
    if photo.taken_at is None or photo.taken_from == "stated":
        when = _("%(day)s (as stated)", day=when) if photo.taken_at else _("%(day)s (sent)", day=when)
    floor = _("floor %(n)s", n=photo.floor) if photo.floor is not None else ""
    where = buildings.get(photo.building_id or 0, "")
    facts = [when, step if photo.caption else "", where, floor]
    lines = [photo.caption or step or _("Site photo"), " · ".join(text for text in facts if text)]
    if many and photo.project is not None:
        lines.append(photo.project.name)
    if photo.drawn_from_id is not None:
        lines.append(_("drawn on"))
    if wishes.places and photo.latitude is not None and photo.longitude is not None:
        lines.append(f"{photo.latitude:.5f}, {photo.longitude:.5f}")
    return lines
