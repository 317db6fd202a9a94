"""A wheel built from the tree holds all that the running product needs, and runs from wherever it lies."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from config import ROOT

FOLDERS = ("tracker", "workflows", "templates", "static", "translations")
FILES = ("config.py", "pyproject.toml")
LOGIN = """
from pathlib import Path
import config, tracker
app = tracker.create_app()
client = app.test_client()
page = client.get("/login?lang=zh")
style = client.get("/static/app.css")
print(Path(config.ROOT), Path(tracker.__file__).parent.parent, page.status_code, style.status_code)
assert "登录" in page.text, page.text
"""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Unpacked; built from a copy, for building leaves things behind."""
    copy, built = tmp_path_factory.mktemp("tree"), tmp_path_factory.mktemp("wheel")
    for name in FOLDERS:
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy(ROOT / name, copy)
    build = f"from setuptools import build_meta; build_meta.build_wheel({str(built)!r})"
    subprocess.run([sys.executable, "-c", build], cwd=copy, check=True, capture_output=True)
    (file,) = built.glob("*.whl")
    with zipfile.ZipFile(file) as archive:
        archive.extractall(built / "unpacked")
    return built / "unpacked"


def files_of(folder: Path) -> set[str]:
    return {
        str(path.relative_to(folder))
        for name in FOLDERS
        for path in (folder / name).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_every_file_beside_the_code_is_in_the_wheel_and_nothing_else(wheel: Path) -> None:
    assert files_of(wheel) == files_of(ROOT)
    assert (wheel / "config.py").is_file()
    assert {path.name for path in wheel.iterdir() if path.suffix != ".dist-info"} == {*FOLDERS, "config.py"}


def test_the_product_starts_from_the_wheel_alone_and_speaks_chinese(wheel: Path, tmp_path: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TRACKER_")}
    environ = {**kept, "TRACKER_ENV": "demo", "TRACKER_DATA": str(tmp_path / "data"), "PYTHONPATH": str(wheel)}

    def run(*words: str) -> str:
        ran = subprocess.run([sys.executable, *words], cwd=tmp_path, env=environ, capture_output=True, text=True)
        assert ran.returncode == 0, ran.stderr
        return ran.stdout

    run("-c", "from tracker.cli import main; main()", "init", "--company", "Anhe", "--username", "admin", "--name",
        "Gu Mingyuan", "--password", "seven green tiles")  # fmt: skip
    assert run("-c", LOGIN).split() == [str(wheel), str(wheel), "200", "200"]
