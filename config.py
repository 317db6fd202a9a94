"""Settings, read once from the environment. Every variable is documented here and nowhere else.

| variable               | meaning                                                                             |
| ---------------------- | ----------------------------------------------------------------------------------- |
| TRACKER_DATA           | folder of database and media; unset: `var/` and `media/` beside this file            |
| TRACKER_DATABASE_URL   | `sqlite:///…` (default, in TRACKER_DATA) or `postgresql+psycopg://…`                 |
| TRACKER_MEDIA_URL      | where pictures live; a folder path (object storage comes later)                      |
| TRACKER_SECRET_KEY     | signs cookies and links; required outside demo and development                       |
| TRACKER_ENV            | `production` (default), `development` or `demo` (the last two may run without a key) |
| TRACKER_BASE_URL       | address people use, for links in mails                                               |
| TRACKER_SMTP_URL       | `smtp(s)://user:password@host:port?from=address`; unset: links are shown, not mailed  |
| TRACKER_INBOX_URL      | `imap(s)://user:password@host:port/FOLDER?address=replies@example.com`: answers to        |
|                        | annotations by mail are read there; mails to replies+anything@… must arrive in it     |
| TRACKER_TRUST_PROXY    | number of proxies in front (nginx, Caddy) whose X-Forwarded-* headers count           |
| TRACKER_TILE_URL       | map tiles; unset: the drawn offline map                                              |
| TRACKER_TILE_GCJ02     | `1`: the tiles are drawn in GCJ-02 (Chinese makers' maps); places are shifted to fit     |
| TRACKER_TIMEZONE       | zone of people who chose none; default Asia/Shanghai                                 |
| TRACKER_LOCALE         | `zh` (default) or `en`, where neither user nor browser says                          |
| TRACKER_PHOTOS_A_DAY   | pictures that one person may send on a day; default 2000                             |
| TRACKER_MB_A_DAY       | megabytes of pictures and papers that one person may send on a day; default 10000    |
| TRACKER_REDIS_URL      | shared rate-limit counters when several machines serve; unset: per process           |
| TRACKER_SECURE_COOKIES | `1`: cookies only over TLS; set it in production behind TLS                          |
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ROOT = Path(__file__).resolve().parent
UPLOAD_LIMIT = 200 * 1024 * 1024  # bytes of one request: twelve phone pictures and room to spare


class ConfigError(Exception):
    """A setting is missing or makes no sense; the message says which and what to do."""


@dataclass(frozen=True)
class Config:
    """The settings of one running process."""

    environment: str
    data: Path
    database_url: str
    media: Path
    secret_key: str
    base_url: str = "http://127.0.0.1:8000"
    smtp_url: str | None = None
    inbox_url: str | None = None
    redis_url: str | None = None
    tile_url: str | None = None
    tile_gcj02: bool = False
    timezone: str = "Asia/Shanghai"
    locale: str = "zh"
    photos_a_day: int = 2000
    mb_a_day: int = 10_000
    trust_proxy: int = 0
    secure_cookies: bool = False
    testing: bool = False

    @property
    def inbox_address(self) -> str:
        """The address at which answers by mail arrive; empty where nobody reads any."""
        return parse_qs(urlsplit(self.inbox_url or "").query).get("address", [""])[0]

    @classmethod
    def from_env(cls, environ: dict[str, str] | None = None) -> Config:
        """Read the environment. Raises ConfigError where production lacks its secret."""
        env = dict(os.environ if environ is None else environ)
        environment = env.get("TRACKER_ENV", "production")
        if environment not in {"production", "development", "demo"}:
            raise ConfigError(f"TRACKER_ENV is {environment!r}; use production, development or demo.")
        folder = env.get("TRACKER_DATA")
        data = Path(folder).expanduser().resolve() if folder else ROOT / "var"
        media = data / "media" if folder else ROOT / "media"
        return cls(
            environment=environment,
            data=data,
            database_url=_database(env, data),
            media=Path(env["TRACKER_MEDIA_URL"]) if env.get("TRACKER_MEDIA_URL") else media,
            secret_key=_secret(env, environment),
            base_url=env.get("TRACKER_BASE_URL", cls.base_url).rstrip("/"),
            smtp_url=_mail_server(env.get("TRACKER_SMTP_URL")),
            inbox_url=_inbox(env.get("TRACKER_INBOX_URL")),
            redis_url=env.get("TRACKER_REDIS_URL") or None,
            tile_url=env.get("TRACKER_TILE_URL") or None,
            tile_gcj02=env.get("TRACKER_TILE_GCJ02") == "1",
            timezone=_zone(env.get("TRACKER_TIMEZONE") or cls.timezone),
            locale=_locale(env.get("TRACKER_LOCALE", cls.locale)),
            photos_a_day=_whole(env, "TRACKER_PHOTOS_A_DAY", cls.photos_a_day),
            mb_a_day=_whole(env, "TRACKER_MB_A_DAY", cls.mb_a_day),
            trust_proxy=_whole(env, "TRACKER_TRUST_PROXY"),
            secure_cookies=env.get("TRACKER_SECURE_COOKIES") == "1",
        )


def _secret(env: dict[str, str], environment: str) -> str:
    key = env.get("TRACKER_SECRET_KEY", "")
    if key and len(key) < 16:
        raise ConfigError("TRACKER_SECRET_KEY is shorter than 16 characters; use a long random string.")
    if not key and environment == "production":
        raise ConfigError("TRACKER_SECRET_KEY is not set. Production needs one: a long random string, kept secret.")
    return key or "only-for-demo-and-development"


def _database(env: dict[str, str], data: Path) -> str:
    url = env.get("TRACKER_DATABASE_URL") or f"sqlite:///{data / 'tracker.sqlite3'}"
    if not url.startswith(("sqlite:///", "postgresql+psycopg://")):
        raise ConfigError("TRACKER_DATABASE_URL begins with sqlite:/// or postgresql+psycopg://; this one does not.")
    return url


def _mail_server(url: str | None) -> str | None:
    if url and not url.startswith(("smtp://", "smtps://")):
        raise ConfigError("TRACKER_SMTP_URL begins with smtp:// or smtps://; this one does not.")
    return url or None


def _inbox(url: str | None) -> str | None:
    if not url:
        return None
    parts = urlsplit(url)
    address = parse_qs(parts.query).get("address", [""])[0]
    if parts.scheme not in ("imap", "imaps") or not parts.hostname or not parts.username:
        raise ConfigError("TRACKER_INBOX_URL is imap(s)://user:password@host/FOLDER?address=…; this one is not.")
    if address.count("@") != 1 or address.startswith("@") or address.endswith("@"):
        raise ConfigError("TRACKER_INBOX_URL names no address: end it with ?address=replies@example.com.")
    return url


def _zone(name: str) -> str:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(f"TRACKER_TIMEZONE is {name!r}; use a name such as Asia/Shanghai.") from None
    return name


def _locale(text: str) -> str:
    if text not in {"zh", "en"}:
        raise ConfigError(f"TRACKER_LOCALE is {text!r}; use zh or en.")
    return text


def _whole(env: dict[str, str], name: str, default: int = 0) -> int:
    text = env.get(name) or str(default)
    if not (text.isascii() and text.isdecimal()):
        raise ConfigError(f"{name} is {text!r}; it takes a whole number.")
    return int(text)
