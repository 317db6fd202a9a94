"""Fetch the pinned browser libraries with `npm pack`, check their hashes and keep the few files that are used.

`make vendor` runs it; the files are committed, the running product fetches nothing from elsewhere. For a new version
write the version here and run it: the refusal tells the new tarball's hash.
"""

from __future__ import annotations

import hashlib
import re
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENDOR = ROOT / "static" / "vendor"
FOR_TESTS = ROOT / "tests" / "browser" / "vendor"

SOURCE_MAP = re.compile(rb"(/\*|//)[#@]\s*sourceMappingURL=[^\s*]*\s*(\*/)?\n?")
OUTSIDE = re.compile(rb"""@import|url\((?!\s*["']?(?:data:|#))[^)]{0,80}""")


@dataclass(frozen=True)
class Library:
    """One npm package: its tarball's sha256 and which of its files go where."""

    name: str
    version: str
    sha256: str
    folder: Path
    files: dict[str, str]
    drop: re.Pattern[bytes] | None = None  # rules of a stylesheet that want pictures which nobody uses


LIBRARIES = (
    Library(
        "@tabler/core",
        "1.6.1",
        "d02d679e51f6c179b21f035e154c13cdcb2ae8b18579e56ea606408ba7fc7a87",
        VENDOR / "tabler",
        # The package carries no licence file; LICENSE beside it is written from its declaration.
        {"dist/css/tabler.min.css": "tabler.min.css"},
    ),
    Library(
        "htmx.org",
        "2.0.11",
        "165a2655073e9e6e55e307a7c74e8ebcdb76afb7701f9c16cfd106a13add408e",
        VENDOR / "htmx",
        {"dist/htmx.min.js": "htmx.min.js", "LICENSE": "LICENSE"},
    ),
    Library(
        "htmx-ext-response-targets",
        "2.0.4",
        "aa029970469c475d5769fa5ae9cd392244205dda67b936d8aa686af8ebb0dd43",
        VENDOR / "htmx-response-targets",
        {"dist/response-targets.min.js": "response-targets.js", "LICENSE": "LICENSE"},
    ),
    Library(
        "leaflet",
        "1.9.4",
        "84c65a256e50657896f54c33bd857b6849ebe94c817803be818bf32a3dde0b77",
        VENDOR / "leaflet",
        {"dist/leaflet.js": "leaflet.js", "dist/leaflet.css": "leaflet.css", "LICENSE": "LICENSE"},
        drop=re.compile(rb"\n\.leaflet-[a-z. -]+ \{[^}]*url\(images[^}]*\}"),
    ),
    Library(
        "world-atlas",
        "2.0.2",
        "032e7765f2ce00edaeafec23ff22bc3b77e42987c257da944cc585b452c05b97",
        VENDOR / "world-atlas",
        # The coasts alone: of borders everybody has his own opinion.
        {"land-50m.json": "land-50m.json", "LICENSE": "LICENSE"},
    ),
    Library(
        "@expo-google-fonts/noto-sans-sc",
        "0.4.3",
        "0d69d0f4971d2ff574e3d93cbc218dc950bf3f3f8f8e2c008d97687ed53aee59",
        VENDOR / "noto-sans-sc",
        # For PDF alone; pages use the system's fonts.
        {
            "400Regular/NotoSansSC_400Regular.ttf": "NotoSansSC-Regular.ttf",
            "700Bold/NotoSansSC_700Bold.ttf": "NotoSansSC-Bold.ttf",
            "LICENSE_FONT": "LICENSE",
        },
    ),
    Library(
        "axe-core",
        "4.14.1",
        "e6b0ce02b84d892e2e33e403485e7f3d6c29e2be6df65daf44d89ba564139745",
        FOR_TESTS / "axe-core",
        {"axe.min.js": "axe.min.js", "LICENSE": "LICENSE"},
    ),
)


def fetch(library: Library) -> None:
    """Download one package, check its hash and lay its files into the tree; leaves the program on any surprise."""
    wanted = f"{library.name}@{library.version}"
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["npm", "pack", "--silent", wanted], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (tarball,) = Path(folder).glob("*.tgz")
        digest = hashlib.sha256(tarball.read_bytes()).hexdigest()
        if digest != library.sha256:
            sys.exit(f"{wanted}: sha256 is {digest}, not {library.sha256}")
        library.folder.mkdir(parents=True, exist_ok=True)
        with tarfile.open(tarball) as archive:
            for source, target in library.files.items():
                (library.folder / target).write_bytes(_wanted_file(archive, wanted, source, library.drop))
    (library.folder / "VERSION").write_text(f"{library.name} {library.version}\n", encoding="utf-8")
    print(f"{wanted}: {', '.join(library.files.values())}")


def _wanted_file(archive: tarfile.TarFile, wanted: str, source: str, drop: re.Pattern[bytes] | None = None) -> bytes:
    """One file's content without its source map comment, which would make browsers ask for a missing file."""
    member = archive.extractfile(f"package/{source}")
    if member is None:
        sys.exit(f"{wanted}: no file {source}")
    content = member.read()
    if source.endswith((".js", ".css")):
        content = SOURCE_MAP.sub(b"", content)
    content = drop.sub(b"", content) if drop and source.endswith(".css") else content
    if source.endswith(".css") and (found := OUTSIDE.search(content)):
        sys.exit(f"{wanted}: {source} reaches outside: {found.group().decode(errors='replace')}")
    return content


if __name__ == "__main__":
    for each in LIBRARIES:
        fetch(each)
