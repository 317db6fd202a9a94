"""Papers as PDF: a feature says what stands on one (`parts`), a process of its own draws it (`drawing_child`).

Drawing wants two fonts of 10 MB, which no server process should hold, and a memory and a time of its own.
"""

from __future__ import annotations

import base64
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from tracker.paper.parts import Facts, Gap, Heading, NewPage, Paper, Part, Picture, Pictures, Signatures, Table, Text

__all__ = ["Facts", "Gap", "Heading", "NewPage", "Paper", "PaperFault", "Part", "Picture", "Pictures", "Signatures",
           "Table", "Text", "draw", "draw_all"]  # fmt: skip

CHILD = Path(__file__).with_name("drawing_child.py")
FONTS = Path(__file__).resolve().parents[2] / "static" / "vendor" / "noto-sans-sc"
SECONDS = 120


class PaperFault(Exception):
    """A paper could not be drawn: it is too long, or the child died of it. The log says more."""


def draw(paper: Paper) -> bytes:
    """One paper as PDF; raises PaperFault."""
    (pdf,) = draw_all([paper])
    return pdf


def draw_all(papers: Sequence[Paper]) -> list[bytes]:
    """Several papers as PDF, in one process, which reads the fonts once; raises PaperFault."""
    if not papers:
        return []
    said = json.dumps({"fonts": str(FONTS), "papers": [_plain(paper) for paper in papers]})
    try:
        done = subprocess.run(  # noqa: S603  our own interpreter and file
            [sys.executable, "-I", str(CHILD)], input=said.encode(), capture_output=True, timeout=SECONDS, check=False
        )
        drawn = json.loads(done.stdout)
    except subprocess.TimeoutExpired as error:
        raise PaperFault(str(error)) from error
    except ValueError:
        raise PaperFault(done.stderr.decode(errors="replace")[-600:]) from None
    if "fault" in drawn:
        raise PaperFault(drawn["fault"])
    return [base64.b64decode(pdf) for pdf in drawn["papers"]]


def _plain(paper: Paper) -> dict[str, Any]:
    """A paper as JSON takes it, each part with the name of its kind."""
    return {**asdict(paper), "parts": [{"is": type(part).__name__, **_encoded(part)} for part in paper.parts]}


def _encoded(part: Part) -> dict[str, Any]:
    said = asdict(part)
    for picture in said.get("pictures", ()):
        picture["data"] = base64.b64encode(picture["data"]).decode()
    return said
