"""Settings: what counts where nothing is said, and what is refused before anything starts."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

import config
from config import ROOT, Config, ConfigError

SECRET = "a long and random string of characters"


def read(**values: str) -> Config:
    return Config.from_env({"TRACKER_SECRET_KEY": SECRET, **values})


def test_production_without_a_secret_fails_loudly() -> None:
    with pytest.raises(ConfigError, match="TRACKER_SECRET_KEY is not set"):
        Config.from_env({})
    with pytest.raises(ConfigError, match="shorter than 16"):
        Config.from_env({"TRACKER_SECRET_KEY": "short"})


@pytest.mark.parametrize("environment", ["demo", "development"])
def test_demo_and_development_run_without_a_secret(environment: str) -> None:
    assert Config.from_env({"TRACKER_ENV": environment}).secret_key


def test_database_and_pictures_lie_beside_the_program_or_both_in_the_data_folder(tmp_path: Path) -> None:
    assert read().database_url == f"sqlite:///{ROOT / 'var' / 'tracker.sqlite3'}"
    assert read().media == ROOT / "media"
    moved = read(TRACKER_DATA=str(tmp_path))
    assert moved.database_url == f"sqlite:///{tmp_path / 'tracker.sqlite3'}"
    assert moved.media == tmp_path / "media"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TRACKER_ENV", "staging"),
        ("TRACKER_LOCALE", "de"),
        ("TRACKER_TIMEZONE", "Mars/Olympus"),
        ("TRACKER_TIMEZONE", "../etc/passwd"),
        ("TRACKER_TRUST_PROXY", "yes"),
        ("TRACKER_TRUST_PROXY", "-1"),
        ("TRACKER_DATABASE_URL", "mysql://localhost/tracker"),
        ("TRACKER_DATABASE_URL", "postgresql://localhost/tracker"),
        ("TRACKER_SMTP_URL", "mail.anhe.example"),
    ],
)
def test_a_setting_that_makes_no_sense_is_named(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        read(**{name: value})


def test_what_is_set_counts() -> None:
    found = read(
        TRACKER_BASE_URL="https://tracker.anhe.example/",
        TRACKER_TRUST_PROXY="2",
        TRACKER_SECURE_COOKIES="1",
        TRACKER_TIMEZONE="Europe/Berlin",
        TRACKER_LOCALE="en",
        TRACKER_SMTP_URL="smtps://me:x@mail.anhe.example",
    )
    assert found.base_url == "https://tracker.anhe.example"
    assert (found.trust_proxy, found.secure_cookies) == (2, True)
    assert (found.timezone, found.locale) == ("Europe/Berlin", "en")


def test_every_setting_is_documented_and_no_other() -> None:
    source = Path(config.__file__).read_text(encoding="utf-8")
    documented = set(re.findall(r"^\| (TRACKER_\w+)", config.__doc__ or "", re.MULTILINE))
    assert set(re.findall(r'"(TRACKER_\w+)"', source)) == documented
