"""YAML -> Definition. Every fault names file, key and reason, and all of them come at once."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import yaml

from workflows import policy_sections, sections
from workflows.definition import Definition
from workflows.errors import DefinitionError, Fault
from workflows.reading import Faults, Node

DEFINITIONS = Path(__file__).parent / "definitions"
STANDARD = DEFINITIONS / "standard.yaml"
_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def load(source: Path | str) -> Definition:
    """The definition in a file (Path, or a one-line name) or in YAML text.

    Raises `DefinitionError` with every fault of shape and of soundness found.
    """
    from workflows.checking import check_definition

    definition, faults = parse(*read(source))
    if definition is not None:
        faults = [*faults, *check_definition(definition, name_of(source))]
    if definition is None or faults:
        raise DefinitionError(tuple(faults))
    return definition


@cache
def load_standard() -> Definition:
    """The standard matrix; read once per process."""
    return load(STANDARD)


def name_of(source: Path | str) -> str:
    """What to call the file in messages."""
    if isinstance(source, Path):
        return source.name
    return "text" if "\n" in source else Path(source).name


def read(source: Path | str) -> tuple[Any, str, list[Fault]]:
    """(plain data, file name, faults) of a file or text; data is None when it is no YAML."""
    name = name_of(source)
    try:
        if isinstance(source, Path) or "\n" not in source:
            source = Path(source).read_text(encoding="utf-8")
        return yaml.load(source, Loader=_Loader), name, []  # noqa: S506 - a safe loader, see _Loader
    except OSError as error:
        return None, name, [Fault(name, "-", f"cannot be read: {error.strerror}")]
    except UnicodeDecodeError:
        return None, name, [Fault(name, "-", "is not UTF-8")]
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + 1}" if mark else "-"
        reason = getattr(error, "problem", None) or error
        return None, name, [Fault(name, place, f"is not YAML: {reason}")]


def parse(data: Any, name: str, faults: list[Fault]) -> tuple[Definition | None, list[Fault]]:
    """Plain data -> (definition or None when it is too broken to build, faults of shape)."""
    if faults:
        return None, faults
    notes = Faults(name)
    root = Node(data, "", notes)
    if not root.data:
        return None, [Fault(name, "-", "is not a mapping of sections")]
    definition = _build(root)
    return definition, notes.found


def _build(root: Node) -> Definition:
    meta = root.child("meta")
    conventions = meta.child("conventions")
    anchors, settings, sentences = sections.read_conventions(conventions)
    phases, pre_phase = sections.read_phases(root.child("phases"))
    steps = sections.read_steps(root.child("construction_steps"))
    cells, grid = sections.read_matrix(root.child("matrix"), phases, steps)
    actions, rules = policy_sections.read_rules(root.child("guard_rules"))
    definition = Definition(
        key=meta.string("key"),
        version=meta.integer("version"),
        name=meta.child("name").text(),
        departments=sections.read_departments(root),
        evidence_kinds=sections.read_kinds(root, "evidence_kinds"),
        hint_kinds=sections.read_kinds(root, "hint_kinds"),
        cell_statuses=sections.read_kinds(root, "cell_statuses"),
        routes=sections.read_routes(root.child("routes")),
        pre_phase=pre_phase,
        phases=phases,
        steps=steps,
        cells=cells,
        windows=sections.read_windows(root.child("entry_windows")),
        picklists=sections.read_picklists(root.child("picklists")),
        scorecard=policy_sections.read_scorecard(root.child("scorecard")),
        lifecycle=policy_sections.read_lifecycle(root.child("lifecycle")),
        actions=actions,
        rules=rules,
        sources=policy_sections.read_sources(root.child("sources")),
        conventions=sentences,
        anchors=anchors,
        settings=settings,
        counts=meta.child("counts").data if meta.has("counts") else {},
        grid=grid,
    )
    meta.ignore("languages", "axes")
    meta.close()
    root.close()
    return definition
