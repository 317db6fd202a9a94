"""Atoms that lists show by the hundred, made in Python: a macro's call costs more than what it says.

The macros of the same name in `macros/ui.html` hand on to these, so that each atom is defined once.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from flask import Flask, render_template
from markupsafe import Markup
from wtforms import Field
from wtforms.widgets import Input, Select
from wtforms.widgets.core import clean_key

from tracker import clock
from tracker.access import is_dealer
from tracker.addresses import url_for
from tracker.filters import ago, day, money, named, number
from tracker.i18n import _, lang
from tracker.reader import current_user
from tracker.templating import context, shown
from workflows.definition import CellKey, Definition
from workflows.engine import Board

REPEATED = ("icon", "step_icon", "step_badge", "phase_badge", "dept_mark")  # macros that a page calls over and over


def init_app(app: Flask) -> None:
    """Make the atoms known to every template and fragment (a block rendered alone runs no imports)."""
    Input.html_params = staticmethod(attributes)
    environment, known = app.jinja_env, app.jinja_env.globals
    environment.filters.update(site_link=site_link, person_link=person_link, thumb_link=thumb_link, control=control)
    known["drawn_steps"] = drawn_steps(app)
    known.update(
        cell_names=cell_names, picks=picks, strip_cells=strip_cells, board_cells=board_cells, photo_tiles=photo_tiles
    )  # before the macros, which keep a copy
    for name, template in (("ui", "macros/ui.html"), ("mx", "macros/matrix.html"), ("past", "macros/past.html")):
        macros = vars(environment.get_template(template).module)
        repeated = {key: _once(macros[key]) for key in REPEATED if key in macros}
        known[name] = SimpleNamespace(**macros | repeated)
    ui, mx = cast("Any", known["ui"]), cast("Any", known["mx"])
    known["badges_of"] = lambda definition: badges_of(definition, ui)
    known["matrix_cells"] = lambda *row: matrix_cells(mx.cell, *row)


def drawn_steps(app: Flask) -> frozenset[str]:
    """The construction steps of which there is a pictogram; others get a neutral one."""
    drawing = Path(app.static_folder or "static") / "icons" / "steps.svg"
    return frozenset(re.findall(r'id="step-(\w+)"', drawing.read_text(encoding="utf-8"))) - {"other"}


def rendered_part(template: str, **context: Any) -> Markup:
    """A part of a page that a template of ours renders."""
    return Markup(render_template(template, **context))  # noqa: S704  escaped by the template


def site_link(key: int, name: str) -> Markup:
    """A site's name; leads to its matrix."""
    address = url_for("matrix.project", project_id=key)
    return Markup(f'<a class="site" href="{address}" data-user-text>{shown(name)}</a>')  # noqa: S704


def person_link(user: Any) -> Markup:
    """A person's name; leads to the person, where that page exists for the reader."""
    if user is None:
        return Markup(f'<span class="text-secondary">{shown(_("nobody"))}</span>')  # noqa: S704
    if not _is_open(user):
        return Markup(f'<span class="person" data-user-text>{shown(user.name)}</span>')  # noqa: S704
    address = url_for("team.person", user_id=user.id)
    return Markup(f'<a class="person" href="{address}" data-user-text>{shown(user.name)}</a>')  # noqa: S704


def _is_open(person: Any) -> bool:
    """Whether the reader may look at a person's page: ours at everybody's, a dealer's at those of his company."""
    kept = context().g
    try:
        company = kept.company_of_reader
    except AttributeError:
        dealer = current_user.is_authenticated and is_dealer(current_user)
        company = kept.company_of_reader = (current_user.party_id,) if dealer else None
    return company is None or (getattr(person, "party_id", None),) == company


def photo_tiles(tiles: Iterable[Any], definition: Definition, narrowing: str, chosen: Iterable[str]) -> Markup:
    """The gallery's pictures (`gallery.queries.tiles.Tile`), each with site, step, day and a box to choose it.

    What many of them share is made once: addresses but for their token, the words for a day, the name of a site.
    """
    names = {step.key: f"{step.name.get(lang())} · " for step in definition.steps}
    ticked, choose = frozenset(chosen), shown(_("choose"))
    page, ends = _around("gallery.page"), f"?{shown(narrowing)}" if narrowing else ""
    picture, sized = _around("gallery.picture", size="320")
    days, sites, parts = Made(_said_day), Made(lambda site: site_link(*site) if site[1] is not None else ""), []
    for _id, token, caption, at, taken, step, *site in tiles:
        words, ago_that_day = days[clock.local(at).date()]
        words = shown(caption) if caption else words if taken else _("Site photo")
        parts.append(
            f'<li><a class="thumb" href="{page[0]}{token}{page[1]}{ends}"><img src="{picture}{token}{sized}" '
            f'width="160" height="120" loading="lazy" alt="{words}"></a><p class="gallery-under">{sites[tuple(site)]}'
            f'<span class="muted small">{names.get(step, "")}{ago_that_day}</span></p>'
            '<label class="check gallery-pick"><input class="form-check-input" type="checkbox" name="photos" '
            f'value="{token}"{" checked" if token in ticked else ""}><span class="small">{choose}</span></label></li>'
        )
    return Markup("".join(parts))  # noqa: S704  escaped where it was typed


def _said_day(on: date) -> tuple[str, str]:
    """What a picture of a day is called, and how long ago that is."""
    return shown(_("Site photo of %(day)s", day=day(on))), str(ago(on))


def _around(endpoint: str, **values: str) -> tuple[str, str]:
    """What stands before and after a picture's token in an address."""
    mark = "token-of-it"
    before, _mark, after = url_for(endpoint, **{"token": mark, **values}).partition(mark)
    return before, after


def thumb_link(photo: Any, narrowing: str = "") -> Markup:
    """A picture as a thumbnail that opens the large one; `narrowing` is the query by which the gallery is narrowed."""
    page = url_for("gallery.page", token=photo.token) + (f"?{shown(narrowing)}" if narrowing else "")
    picture = url_for("gallery.picture", token=photo.token, size="320")
    words = photo.caption or (
        _("Site photo of %(day)s", day=day(photo.taken_at)) if photo.taken_at else _("Site photo")
    )
    image = f'<img src="{picture}" width="160" height="120" loading="lazy" alt="{shown(words)}">'
    return Markup(f'<a class="thumb" href="{page}">{image}</a>')  # noqa: S704


def attributes(**values: Any) -> str:
    """The attributes of a form control, as WTForms writes them but without a detour for each."""
    parts = []
    for key, value in sorted(values.items()):
        if value is not False:
            name = clean_key(key)
            parts.append(name if value is True else f'{name}="{shown(value).replace(chr(34), "&quot;")}"')
    return " ".join(parts)


class PlainSelect(Select):
    """A select without groups; its options are mostly dozens."""

    def __call__(self, field: Any, **values: Any) -> Markup:
        """The control."""
        values.setdefault("id", field.id)
        for name in ("required", "disabled"):
            values.setdefault(name, bool(getattr(field.flags, name)))
        options = (
            f'<option{" selected" if chosen else ""} value="{shown(str(value))}">{shown(label or value)}</option>'
            for value, label, chosen, _more in field.iter_choices()
        )
        body = "".join(options)
        return Markup(f"<select {attributes(name=field.name, **values)}>{body}</select>")  # noqa: S704  escaped above


def control(field: Field, **values: Any) -> Markup:
    """The control of a form field."""
    if type(field.widget) is Select and not field.widget.multiple and not field.has_groups():
        field.widget = PlainSelect()
    return Markup(field(**values))  # noqa: S704  the field's own markup


def picks(definition: Definition, name: str) -> dict[str, str]:
    """The words of a pick-list in the reader's language, by key."""
    known: dict[Any, dict[str, str]] = definition.kept("words of pick-lists")
    key = (name, lang())
    if key not in known:
        items = definition.record_kinds if name == "activity_kinds" else definition.picklist(name).items
        known[key] = dict(named(items))
    return known[key]


def cell_names(definition: Definition) -> dict[CellKey, str]:
    """The names of all cells in the reader's language."""
    known: dict[str, dict[CellKey, str]] = definition.kept("names of cells")
    language = lang()
    if language not in known:
        cells = definition.cells
        known[language] = {(c.phase, c.step): definition.cell_name(c.phase, c.step).get(language) for c in cells}
    return known[language]


def badges_of(definition: Definition, atoms: Any) -> Badges:
    """The badges of a definition in the reader's language, made once; their icons' address follows the icons."""
    known: dict[Any, Badges] = definition.kept("badges")
    key = (lang(), url_for("static", filename="icons/steps.svg"))
    if key not in known:
        known[key] = Badges(definition, atoms)
    return known[key]


class Badges:
    """The badges of a definition's phases, steps and departments by key, each made when it is first shown."""

    def __init__(self, definition: Definition, atoms: Any) -> None:
        self.phase = Made(lambda key: atoms.phase_badge(definition.phase(key)))
        self.step = Made(lambda key: atoms.step_badge(definition.step(key)))
        self.department = Made(lambda key: atoms.dept_mark(definition.department(key)))


class Made(dict[Any, Any]):
    """A mapping that makes what it does not hold."""

    def __init__(self, make: Callable[[Any], Any]) -> None:
        self.make = make

    def __missing__(self, key: Any) -> Any:
        made = self[key] = self.make(key)
        return made


def _once(macro: Any) -> Any:
    """The macro, rendered once in a request for the same words and the same things of the definition."""

    def render(thing: Any, *more: str) -> Any:
        kept = context().g
        try:
            rendered = kept.rendered
        except AttributeError:
            rendered = kept.rendered = {}
        key = (macro, thing if isinstance(thing, str) else id(thing), more)
        if key not in rendered:
            rendered[key] = macro(thing, *more)
        return rendered[key]

    return render


def matrix_cells(cell: Callable[..., str], matrix: Any, phase: str, flags: dict[CellKey, list[str]]) -> Markup:
    """One row of a project's matrix, each cell by the macro `cell`.

    Most cells of a project are quiet: nothing happened there. Such a cell says the same in every project but for its
    address, so the rest of it is made once.
    """
    definition, language = matrix.definition, lang()
    known: dict[Any, tuple[str, str]] = definition.kept("quiet cells in HTML")
    begins, ends = _address_around(matrix)
    parts = []
    for step in definition.step_index:
        view, flagged = matrix.board.cells[phase, step], flags.get((phase, step), ())
        address = f"{begins}{phase}/{step}{ends}"
        if view.since or view.current or view.records or view.photos or flagged:
            parts.append(cell(view, matrix, address, flagged))
            continue
        key = (language, phase, step, view.status)
        if key not in known:
            before, _between, after = cell(view, matrix, _ADDRESS).partition(_ADDRESS)
            known[key] = (before, after)
        parts += (known[key][0], shown(address), known[key][1])
    return Markup("".join(parts))  # noqa: S704  parts of templates


_ADDRESS = "address-of-the-cell"


def _address_around(matrix: Any) -> tuple[str, str]:
    """What stands before and after a cell in its address: of its page, or of what it was on the matrix's day."""
    if matrix.cells_at:
        return matrix.cells_at, "#opened"
    address = url_for("matrix.cell", project_id=matrix.project.id, phase="phase", step="step")
    return address.removesuffix("phase/step"), ""


def board_cells(
    portfolio: Any, levels: dict[CellKey, int], phase: str, definition: Definition, at: str, past: bool
) -> Markup:
    """One row of the portfolio board. `at`: how the address of what stands in a cell begins; on a `past` day it opens
    below the board. Markup, as are the words of the catalogue and the names of the definition."""
    names, stalled_words = cell_names(definition), _("%(n)s stalled")
    parts = []
    for step in definition.step_index:
        place = (phase, step)
        if place not in levels:
            blocked = " mx-blocked" if definition.cell(*place).status == "blocked" else ""
            parts.append(f'<td class="pf-cell heat-0{blocked}"></td>')
            continue
        cell = portfolio.cells[place]
        address = f"{at}cell={phase}/{step}#opened" if past else f"{at}phase={phase}&amp;step={step}"
        bar, told = "", shown(names[place])
        if cell.stalled:
            width = round(100 * cell.stalled / cell.count, 1)
            bar = f'{_STALLED}<rect width="{width}" height="6" class="pf-stalled-part"/></svg>'
            told = f"{told}, {stalled_words % {'n': cell.stalled}}"
        parts.append(
            f'<td class="pf-cell heat-{levels[place]}"><a class="pf-link" href="{address}">'
            f'<b class="num">{number(cell.count)}</b><span class="pf-value num">{money(cell.value)}</span>'
            f'{bar}<span class="visually-hidden">{told}</span></a></td>'
        )
    return Markup("".join(parts))  # noqa: S704  numbers, keys, and what is escaped above


_STALLED = (
    '<svg class="pf-stalled" viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
    '<rect width="100" height="6" class="pf-stalled-ground"/>'
)


def strip_cells(board: Board, definition: Definition) -> Markup:
    """The cells of the tiny heat map, 30 by 12 each."""
    parts = []
    for (phase, step), view in board.cells.items():
        x, y = definition.step_index[step] * 30 + 1, definition.phase_index[phase] * 12 + 1
        worked, late = " st-worked" if view.records else "", " st-late" if view.late_tasks else ""
        name = f"st-{view.status}{worked}{late}{' st-here' if view.current else ''}"
        place = f'x="{x}" y="{y}" width="28" height="10" rx="2"'
        parts.append(f'<rect {place} class="{name}" data-cell="{phase}/{step}"/>')
    return Markup("".join(parts))  # noqa: S704  keys of the definition
