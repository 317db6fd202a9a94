"""Papers as PDF, read back by another library."""

from __future__ import annotations

import io

import pypdfium2
import pytest
from PIL import Image

from tests.naughty import OWN
from tracker.paper import (
    Facts,
    Heading,
    NewPage,
    Paper,
    PaperFault,
    Part,
    Picture,
    Pictures,
    Signatures,
    Table,
    Text,
    draw,
    draw_all,
)


def texts_of(pdf: bytes) -> list[str]:
    with pypdfium2.PdfDocument(pdf) as document:
        return [page.get_textpage().get_text_range() for page in document]


def paper(*parts: Part, language: str = "zh", title: str = "照片报告") -> Paper:
    return Paper(title, parts, language, footer="安和建材", page_of="第 {page} 页，共 {pages} 页")


def picture(width: int, height: int) -> bytes:
    target = io.BytesIO()
    Image.new("RGB", (width, height), "grey").save(target, "JPEG")
    return target.getvalue()


def test_what_is_said_can_be_read_in_both_scripts_and_each_page_tells_its_number() -> None:
    first, second = texts_of(
        draw(paper(Heading("本周动了什么"), Text("城东广场 moved to tender"), NewPage(), Facts([("项目", "城东广场")])))
    )
    assert "照片报告" in first and "本周动了什么" in first and "城东广场 moved to tender" in first
    assert "第 1 页，共 2 页" in first and "第 2 页，共 2 页" in second and "安和建材" in second
    assert "项目" in second and "城东广场" in second


def test_what_users_typed_means_nothing_to_the_paper() -> None:
    (text,) = texts_of(draw(paper(Text("<b>5 < 6 & 7</b> <para>"), Text("三倍 😀 end"))))
    assert "<b>5 < 6 & 7</b> <para>" in text
    assert "三倍 □ end" in text


@pytest.mark.parametrize("language", ["zh", "en"])
def test_no_naughty_string_breaks_a_paper(language: str) -> None:
    parts = [part for text in OWN for part in (Text(text), Heading(text), Facts([(text, text)]))]
    table = Table(["a", "b"], [[text, text] for text in OWN])
    assert draw(paper(*parts, table, language=language)).startswith(b"%PDF")


def test_a_long_table_repeats_its_head_on_each_page_and_its_rows_lead_to_things() -> None:
    rows = [[f"项目 {number}", "1,200"] for number in range(90)]
    links = [f"https://tracker.example/projects/{number}" for number in range(90)]
    pdf = draw(paper(Table(["名称", "金额"], rows, figures=[1], widths=[3, 1], links=links)))
    pages = texts_of(pdf)
    assert len(pages) > 2 and all("名称" in page for page in pages)
    assert b"https://tracker.example/projects/89" in pdf


@pytest.mark.parametrize(("each_page", "pages"), [(2, 6), (3, 4), (4, 3), (6, 2)])
def test_pictures_come_as_many_to_a_page_as_was_wished(each_page: int, pages: int) -> None:
    pictures = [Picture(picture(*((800, 600) if n % 2 else (600, 800))), [f"图{n}", "2026-11-27"]) for n in range(12)]
    found = texts_of(draw(paper(NewPage(), Pictures(pictures, each_page))))[1:]
    assert len(found) == pages
    assert [f"图{n}" in "".join(found) for n in range(12)] == [True] * 12


def test_each_signer_has_a_line() -> None:
    (text,) = texts_of(draw(paper(Signatures(["销售", "主管", "客户"]))))
    assert all(name in text for name in ("销售", "主管", "客户"))


def test_several_papers_are_drawn_by_one_process() -> None:
    first, second = draw_all([paper(Text("一")), paper(Text("two"), language="en", title="Second")])
    assert "照片报告" in texts_of(first)[0] and "Second" in texts_of(second)[0]
    assert draw_all([]) == []


def test_a_paper_longer_than_anybody_reads_is_refused() -> None:
    with pytest.raises(PaperFault, match="400 pages"):
        draw(paper(*[NewPage(), Text("x")] * 401))


def test_what_is_no_picture_is_refused() -> None:
    with pytest.raises(PaperFault):
        draw(paper(Pictures([Picture(b"no picture")])))
