"""One function per section of a definition file: plain data -> frozen parts."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, cast

from workflows.definition import (
    ACTIVITIES,
    CELL_ENTRY,
    STATUSES,
    Cell,
    CellKey,
    Choice,
    Criterion,
    Department,
    Hint,
    Phase,
    Picklist,
    PrePhase,
    Route,
    Span,
    Status,
    Step,
    Task,
    Window,
)
from workflows.reading import Node
from workflows.text import Kind, Text

_EXPLAINING = ("basis", "sources", "note")


def read_conventions(node: Node) -> tuple[Mapping[str, Text], Mapping[str, Any], Mapping[str, Text]]:
    """(anchors, settings, all other conventions as sentences)."""
    anchors_node = node.child("anchors")
    anchors = {str(key): anchors_node.child(str(key)).text() for key in anchors_node.data}
    settings_node = node.child("settings")
    settings = settings_node.raw("values", {})
    if not isinstance(settings, Mapping):
        node.faults.add(settings_node.at("values"), "must be a mapping")
        settings = {}
    others = [str(key) for key in node.data if key not in ("anchors", "settings")]
    sentences = {key: node.child(key).text() for key in others}
    return MappingProxyType(anchors), MappingProxyType(dict(settings)), MappingProxyType(sentences)


def read_departments(root: Node) -> tuple[Department, ...]:
    """The section `departments`."""
    found = []
    for node in root.children("departments"):
        found.append(Department(node.string("key"), node.text(), node.text("duty")))
        node.close()
    return tuple(found)


def read_kinds(root: Node, section: str) -> tuple[Kind, ...]:
    """A list of key, name and perhaps a meaning."""
    found = []
    for node in root.children(section):
        found.append(Kind(node.string("key"), node.text(), node.text("meaning", optional=True)))
        node.close()
    return tuple(found)


def read_routes(section: Node) -> tuple[Route, ...]:
    """The section `routes`."""
    found = []
    for node in section.children("items"):
        route = Route(
            key=node.string("key"),
            name=node.text(),
            required=node.strings("required"),
            optional=node.strings("optional", ()),
            note=node.text("note", optional=True),
        )
        found.append(route)
        node.close()
    finish(section)
    return tuple(found)


def read_phases(section: Node) -> tuple[tuple[Phase, ...], PrePhase]:
    """The section `phases`: the rows, and the lead before them."""
    before = section.child("pre_phase")
    pre_phase = PrePhase(
        before.string("key"),
        before.text(),
        before.text("purpose"),
        before.span("duration_days"),
        before.text("exit"),
    )
    before.close()
    phases = tuple(_phase(node) for node in section.children("items"))
    finish(section)
    return phases, pre_phase


def _phase(node: Node) -> Phase:
    key = node.string("key")
    responsible = node.child("responsible")
    phase = Phase(
        key=key,
        seq=node.integer("seq"),
        name=node.text(),
        purpose=node.text("purpose"),
        owner=responsible.string("owner"),
        supports=responsible.strings("support", ()),
        win_probability=node.span("win_probability"),
        duration_days=node.span("duration_days"),
        entry=tuple(_criterion(child, key, "E") for child in node.children("entry")),
        exit=tuple(_criterion(child, key, "X") for child in node.children("exit")),
        window=node.string("window", ""),
        signed=node.flag("signed", False),
    )
    responsible.close()
    node.close()
    return phase


def _criterion(node: Node, phase: str, letter: str) -> Criterion:
    key = node.string("key")
    criterion = Criterion(
        id=f"{letter}.{phase}.{key}",
        key=key,
        phase=phase,
        text=node.text(),
        evidence=node.string("evidence"),
        mandatory=node.flag("mandatory", True),
        max_age_days=node.optional_integer("max_age_days"),
        mandatory_above=node.string("mandatory_above", "") or None,
        waivable=node.flag("waivable", True),
        proves=node.string("proves", ""),
    )
    node.close()
    return criterion


def read_steps(section: Node) -> tuple[Step, ...]:
    """The section `construction_steps`: the columns."""
    found = []
    for node in section.children("items"):
        step = Step(
            key=node.string("key"),
            seq=node.integer("seq"),
            name=node.text(),
            signs=node.texts("signs"),
            proof=node.text("proof"),
            duration_days=node.span("duration_days"),
            riba=node.string("riba", ""),
            aia=node.string("aia", ""),
            china=node.text("china", optional=True),
        )
        found.append(step)
        node.close()
    finish(section)
    return tuple(found)


def read_matrix(
    section: Node, phases: tuple[Phase, ...], steps: tuple[Step, ...]
) -> tuple[tuple[Cell, ...], Mapping[str, tuple[str, ...]]]:
    """The section `matrix`: cells in the order of rows and columns, and the overview grid."""
    grid_node = section.child("status_grid")
    grid = {str(key): grid_node.strings(str(key)) for key in grid_node.data}
    cells = [_cell(node) for node in section.children("cells", "cell")]
    rows = {phase.key: number for number, phase in enumerate(phases)}
    columns = {step.key: number for number, step in enumerate(steps)}
    cells.sort(key=lambda cell: (rows.get(cell.phase, 99), columns.get(cell.step, 99)))
    finish(section)
    return tuple(cells), MappingProxyType(grid)


def _cell(node: Node) -> Cell:
    phase, step, status = node.string("phase"), node.string("step"), node.string("status")
    if node.string("cell") != f"{phase}/{step}":
        node.faults.add(node.at("cell"), f"does not fit phase {phase!r} and step {step!r}")
    if status not in STATUSES:
        node.faults.add(node.at("status"), f"unknown status {status!r}")
        status = "normal" if node.has("time_limit_days") else "blocked"  # so that one fault does not bring others
    cell = Cell(
        phase=phase,
        step=step,
        status=cast(Status, status),
        time_limit_days=node.optional_integer("time_limit_days"),
        hints=tuple(_hint(child) for child in node.children("hints", "id")),
        tasks=tuple(_task(child, phase, step) for child in node.children("tasks", "id")),
        instead=_cell_key(node),
        exception_routes=node.strings("exception_routes", ()),
    )
    node.close()
    return cell


def _cell_key(node: Node) -> CellKey | None:
    value = node.string("instead", "")
    if not value:
        return None
    phase, slash, step = value.partition("/")
    if not slash:
        node.faults.add(node.at("instead"), f"must be phase/step, not {value!r}")
        return None
    return (phase, step)


def _hint(node: Node) -> Hint:
    hint = Hint(
        id=node.string("id"),
        kind=node.string("kind"),
        department=node.string("department"),
        text=node.text(),
        sources=node.strings("source", ()),
    )
    node.close()
    return hint


def _task(node: Node, phase: str, step: str) -> Task:
    task = Task(
        id=node.string("id"),
        phase=phase,
        step=step,
        department=node.string("department"),
        evidence=node.string("evidence"),
        due_days=node.integer("due_days"),
        anchor=node.string("from", CELL_ENTRY),
        text=node.text(),
    )
    node.close()
    return task


def read_windows(section: Node) -> tuple[Window, ...]:
    """The section `entry_windows`."""
    found = []
    for node in section.children("items"):
        lost = node.child("lost_after")
        spans = {activity: _span(node.child(activity)) for activity in ACTIVITIES}
        window = Window(
            category=node.string("key"),
            name=node.text(),
            buyer=node.strings("buyer"),
            lost_step=lost.string("step"),
            lost_at=lost.string("at"),
            lead_time_days=node.span("lead_time_days"),
            note=node.text("note", optional=True),
            masterformat=node.string("masterformat", ""),
            **spans,
        )
        found.append(window)
        lost.close()
        node.close()
    finish(section)
    return tuple(found)


def _span(node: Node) -> Span:
    span = Span(node.string("from"), node.string("best"), node.string("to"))
    node.close()
    return span


# A list that is no list of `items` but of these is a pick-list under that name.
_SIDE_LISTS = ("items", "states", "criteria")


def read_picklists(section: Node) -> tuple[Picklist, ...]:
    """The section `picklists`; what is particular to one list stays in `extra`."""
    found = []
    for key in section.data:
        node = section.child(str(key))
        main = next((name for name in _SIDE_LISTS if node.has(name)), "items")
        items = tuple(_choice(child) for child in node.children(main))
        extra = {name: value for name, value in node.data.items() if name != main}
        found.append(Picklist(str(key), items, MappingProxyType(extra)))
    return tuple(found)


def _choice(node: Node) -> Choice:
    key, name = node.string("key"), node.text()
    extra = {name: value for name, value in node.data.items() if name not in ("key", "zh", "en")}
    return Choice(key, name, MappingProxyType(extra))


def finish(section: Node) -> None:
    """Report unknown keys of a section; its remarks to people are none."""
    section.ignore(*_EXPLAINING)
    section.close()
