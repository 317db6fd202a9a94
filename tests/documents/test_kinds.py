"""What a file is is told by its content."""

from __future__ import annotations

import pytest

from tests.documents.making import DWG, DXF, PDF, office
from tests.gallery.making import photo
from tracker.documents.kinds import MIMES, look


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PDF, "pdf"),
        (b"\n\n" + PDF, "pdf"),
        (office(), "docx"),
        (office("xl/workbook.xml"), "xlsx"),
        (office("ppt/presentation.xml"), "pptx"),
        (DWG, "dwg"),
        (DXF, "dxf"),
        (b"999\ndrawn by hand\n" + DXF.replace(b"\r", b""), "dxf"),
        (b"AutoCAD Binary DXF\r\n\x1a\x00more", "dxf"),
    ],
    ids=lambda value: value if isinstance(value, str) else "data",  # an archive bears the time of its making
)
def test_papers_and_drawings_are_known_whatever_they_are_called(data: bytes, kind: str) -> None:
    assert look(data).kind == kind
    assert kind in MIMES


def test_a_picture_is_left_to_the_gallery() -> None:
    assert look(photo()).kind == "picture"


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "empty"),
        (PDF[:40], "cut_off"),
        (office()[:60], "cut_off"),
        (office("word/document.xml", "word/vbaProject.bin"), "macros"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "old_office"),
        (office("payload.exe"), "unknown"),
        (b"<html><script>alert(1)</script></html>", "unknown"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", "unknown"),
        (b"MZ\x90\x00", "unknown"),
        (b"0\nSECTIONS of a letter", "unknown"),
    ],
    ids=lambda value: value if isinstance(value, str) else "data",  # an archive bears the time of its making
)
def test_what_is_none_is_not_taken_and_why_is_known(data: bytes, why: str) -> None:
    looked = look(data)
    assert (looked.kind, looked.why) == ("", why)


def test_an_archive_of_very_many_parts_is_no_office_file() -> None:
    assert look(office("word/document.xml", *(f"x/{number}" for number in range(5100)))).why == "unknown"
