"""`tracker matrix check` and `publish`: all faults a line each, the dry run as a table, pin or map."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, text, update

from tests.cli.conftest import Place, one_line
from tests.cli.test_doctor import admin_of, faults_of
from tests.definitions.making import LIGHT_FILE, LIGHT_SOURCE, changed, renamed
from tests.leads.making import opening
from tracker.definitions.models import Publication
from tracker.matrix.models import DefinitionVersion
from tracker.projects.models import Building, CategoryLine, Project
from tracker.projects.operations import open_project

WHY = ("--reason", "A new year.")
MAP = "phases: {find: seek}\n"


@pytest.fixture
def light(company: Place) -> int:
    """The light matrix is published and has one project, in find/survey; its number."""
    company.done("matrix", "publish", str(LIGHT_FILE), *WHY)
    with company.session() as session:
        values = {"kind": "shop", "route": "owner_direct", "phase": "find", "step": "survey", "categories": ("tiles",)}
        project = open_project(session, opening(**values, definition="light"), by=admin_of(session))
        session.commit()
        return project.id


def file_of(tmp_path: Path, change: Callable[[Any], object] = lambda data: None) -> str:
    path = tmp_path / "new.yaml"
    path.write_text(changed(LIGHT_SOURCE, change), encoding="utf-8")
    return str(path)


def version_of(place: Place, project: int) -> tuple[int, str]:
    with place.session() as session:
        found = session.get_one(Project, project)
        return found.definition_version, found.phase


def seek(data: Any) -> None:
    """The phase `find` is called `seek` from now on."""
    renamed(data)
    source = changed(LIGHT_SOURCE, lambda _data: None)
    from workflows.loading import read

    source = source.replace(".find.", ".seek.").replace("find/", "seek/").replace(" find\n", " seek\n")
    data.clear()
    data.update(read(source.replace(" find:\n", " seek:\n"))[0])


def test_a_sound_file_is_said_to_be_sound(nowhere: Place) -> None:
    assert nowhere.done("matrix", "check", str(LIGHT_FILE)) == "light.yaml: sound\n"


def test_every_fault_is_a_line_and_the_exit_is_1(nowhere: Place, tmp_path: Path) -> None:
    def breaks(data: Any) -> None:
        data["phases"]["items"][0].pop("en")
        data["matrix"]["cells"][0]["status"] = "pink"
        data["picklists"].pop("activity_kinds")

    result = nowhere.run("matrix", "check", file_of(tmp_path, breaks))
    assert result.exit_code == 1
    lines = result.stdout.splitlines()
    assert len(lines) == 3
    assert all(line.startswith("new.yaml: ") for line in lines)


def test_a_broken_file_is_not_published(company: Place, tmp_path: Path) -> None:
    result = company.run("matrix", "publish", file_of(tmp_path, lambda data: data.pop("phases")), *WHY)
    assert result.exit_code == 1
    assert result.stdout.startswith("new.yaml: ")
    with company.session() as session:
        assert session.scalars(select(DefinitionVersion.key)).all() == ["standard"]


@pytest.mark.parametrize(
    "words",
    [
        ("no-such-file.yaml", *WHY),
        (str(LIGHT_FILE),),
        (str(LIGHT_FILE), *WHY, "--pin", "--map", str(LIGHT_FILE)),
        (str(LIGHT_FILE), *WHY, "--from", "light/1"),
    ],
)
def test_wrong_arguments_exit_2(company: Place, words: tuple[str, ...]) -> None:
    result = company.run("matrix", "publish", *words)
    assert result.exit_code == 2
    assert one_line(result)


def test_the_dry_run_changes_nothing(company: Place, light: int, tmp_path: Path) -> None:
    def limit(data: Any) -> None:
        data["matrix"]["cells"][0]["tasks"].pop()

    told = company.done("matrix", "publish", file_of(tmp_path, limit), "--dry-run")
    assert told.startswith("light 2 for the open projects of light 1:\n")
    assert "        1  lose tasks" in told and "        1  task goes: T.find.survey.2" in told
    with company.session() as session:
        assert session.scalars(select(DefinitionVersion.version).where(DefinitionVersion.key == "light")).all() == [1]
    assert version_of(company, light) == (1, "find")


def test_pinned_projects_keep_their_version(company: Place, light: int, tmp_path: Path) -> None:
    told = company.done("matrix", "publish", file_of(tmp_path), *WHY, "--pin")
    assert "published light 2: 0 projects have followed" in told
    assert version_of(company, light) == (1, "find")


def test_mapped_projects_follow_and_the_doctor_finds_nothing(company: Place, light: int, tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text(MAP)
    told = company.done("matrix", "publish", file_of(tmp_path, seek), *WHY, "--map", str(mapping))
    assert "published light 2: 1 projects have followed, 0 of those asked" in told
    assert version_of(company, light) == (2, "seek")
    assert not [line for line in faults_of(company, code=0) if line.startswith(("project", "tally", "building"))]


def test_without_a_mapping_of_gone_keys_projects_stay(company: Place, light: int, tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text("")
    told = company.done("matrix", "publish", file_of(tmp_path, seek), *WHY, "--map", str(mapping))
    assert "        1  keep their version for phase find" in told
    assert "0 projects have followed, 1 of those asked" in told
    assert version_of(company, light) == (1, "find")


def test_a_mapping_to_nowhere_is_one_line_and_exit_1(company: Place, light: int, tmp_path: Path) -> None:
    mapping = tmp_path / "map.yaml"
    mapping.write_text("phases: {find: nowhere}\n")
    result = company.run("matrix", "publish", file_of(tmp_path), *WHY, "--map", str(mapping))
    assert result.exit_code == 1
    assert "nowhere" in one_line(result)


def test_the_doctor_names_a_project_whose_version_or_place_is_not_there(company: Place, light: int) -> None:
    for values, said in (
        ({"definition_version": 7}, f"project {light}: its definition light 7 cannot be read"),
        ({"phase": "nowhere"}, f"project {light}: its phase nowhere is not in light 1"),
        ({"route": "by_air"}, f"project {light}: its route by_air is not in light 1"),
    ):
        with company.session() as session:
            old = {name: getattr(session.get_one(Project, light), name) for name in values}
            session.execute(update(Project).where(Project.id == light).values(**values))
            session.commit()
        assert said in faults_of(company)
        with company.session() as session:
            session.execute(update(Project).where(Project.id == light).values(**old))
            session.commit()
    with company.session() as session:
        session.execute(update(Building).where(Building.project_id == light).values(step="nowhere"))
        session.commit()
    assert any(line.startswith(f"project {light}: ") for line in faults_of(company))


def test_a_restored_backup_brings_its_versions_though_they_never_change(
    company: Place, light: int, new_place: Callable[[str], Place], tmp_path: Path
) -> None:
    out = str(tmp_path / "backup.tar")
    company.done("backup", out)
    company.done("restore", out, "--replace")
    with company.session() as session:
        assert session.scalar(select(Publication.key)) == "light"
        assert session.scalar(select(CategoryLine.category)) == "tiles"
        with pytest.raises(Exception, match="never changes"):
            session.execute(text("UPDATE definition_version SET source = ''"))
