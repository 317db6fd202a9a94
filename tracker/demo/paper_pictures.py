"""Drawn photographs of papers and samples on a desk: what a salesperson photographs when a proof is a document.

They carry strokes instead of words, so need no font. The same arguments always give the same bytes.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from random import Random

from tracker.demo.site_canvas import Canvas, Colour, darker, lighter, mix
from tracker.demo.site_papers import BLUE, INK, SEAL, elevation, plan, stamp, strokes
from tracker.demo.site_pictures import encoded, phone_exif
from tracker.demo.site_scene import site_of

DESKS: tuple[Colour, ...] = ((176, 138, 100), (206, 196, 182), (120, 92, 70), (150, 160, 168))
SHEET: Colour = (251, 250, 245)
TILES: tuple[Colour, ...] = ((222, 212, 196), (178, 172, 164), (206, 216, 214), (146, 120, 98), (236, 230, 220))

Painter = Callable[[Canvas, int, Random], None]


def draw_paper(kind: str, seed: int, taken_at: datetime, place: tuple[float, float] | None) -> bytes:
    """A JPEG of 1600 x 1200 pixels of a paper of one of `PAPERS`, with the EXIF of a phone's photograph.

    Raises KeyError for an unknown kind.
    """
    painter = PAPERS[kind]
    random = Random(f"paper {kind} {seed}")  # noqa: S311 - pictures, not secrets
    desk = random.choice(DESKS)
    canvas = Canvas(lighter(desk, 0.1), darker(desk, 0.12), 1200)
    for index in range(14):
        y = index * 92 + random.uniform(-16, 16)
        canvas.line([(0, y), (1600, y + random.uniform(-8, 8))], darker(desk, 0.06), 3)
    painter(canvas, seed, random)
    _pen(canvas, random)
    return encoded(canvas.finished((255, 246, 226), 0.05), phone_exif(taken_at, place))


def _sheet(canvas: Canvas, x: float, y: float, width: float, height: float) -> None:
    canvas.rect(x + 16, y + 18, x + width + 16, y + height + 18, (60, 46, 36), 70)
    canvas.rect(x, y, x + width, y + height, SHEET)
    canvas.frame(x, y, x + width, y + height, (222, 218, 208), 2)


def _document(canvas: Canvas, seed: int, random: Random) -> None:
    _sheet(canvas, 430, 60, 760, 1080)
    canvas.rect(600, 140, 1020, 164, SEAL if seed % 2 else INK)
    strokes(canvas, 510, 220, 600, 12, 34)
    strokes(canvas, 510, 680, 600, 7, 34)
    strokes(canvas, 850, 980, 240, 2, 34)
    stamp(canvas, 940 + random.uniform(-40, 40), 960, 92)


def _contract(canvas: Canvas, seed: int, random: Random) -> None:
    for shift in (40, 20, 0):
        _sheet(canvas, 420 + shift, 70 + shift, 740, 1040)
    canvas.rect(620, 150, 960, 178, INK)
    strokes(canvas, 500, 250, 590, 13, 34)
    for x in (600, 960):
        strokes(canvas, x - 120, 800, 220, 3, 34)
        stamp(canvas, x + random.uniform(-14, 14), 930, 88)


def _quote(canvas: Canvas, seed: int, random: Random) -> None:
    _sheet(canvas, 300, 120, 1020, 940)
    canvas.rect(380, 190, 760, 214, BLUE)
    for row in range(11):
        y = 280 + row * 56
        canvas.rect(370, y, 1250, y + 2, (176, 182, 190))
        if row % 2 == 0:
            canvas.rect(370, y + 2, 1250, y + 56, (238, 242, 246))
        for left, width in ((390, 190), (660, 110), (840, 90), (1010, 90), (1140, 90 * random.uniform(0.6, 1))):
            canvas.rect(left, y + 24, left + width, y + 32, INK)
    for x in (370, 640, 820, 990, 1120, 1250):
        canvas.rect(x, 280, x + 2, 898, (176, 182, 190))
    stamp(canvas, 1090, 950, 70)


def _drawing(canvas: Canvas, seed: int, random: Random) -> None:
    _sheet(canvas, 150, 120, 1300, 920)
    canvas.frame(190, 160, 1410, 1000, INK, 4)
    plan(canvas, 260, 240, 520, INK)
    elevation(canvas, site_of(seed), (880, 240, 1220, 620), INK)
    strokes(canvas, 260, 720, 560, 7, 32)
    canvas.frame(1120, 820, 1400, 990, INK, 4)
    strokes(canvas, 1140, 850, 230, 4, 32)
    canvas.rect(252, 744, 700, 756, (250, 214, 84), 130)


def _sample(canvas: Canvas, seed: int, random: Random) -> None:
    for index in range(6):
        x, y = 210 + index % 3 * 400, 150 + index // 3 * 470
        tile = TILES[(seed + index) % len(TILES)]
        canvas.rect(x + 12, y + 14, x + 332, y + 374, (50, 40, 34), 80)
        canvas.rect(x, y, x + 320, y + 360, tile)
        for _ in range(5):
            start = random.uniform(0, 300)
            vein = [(x + start, y + 8), (x + min(316, start + 60), y + 180), (x + start * 0.8 + 10, y + 352)]
            canvas.line(vein, mix(tile, (120, 110, 104), 0.3), 3)
        canvas.rect(x + 190, y + 290, x + 310, y + 350, SHEET)
        strokes(canvas, x + 200, y + 302, 96, 3, 15)
        canvas.line([(x, y + 250), (x + 320, y + 110)], SEAL, 12, 190)
    stamp(canvas, 800, 610, 84)


def _receipt(canvas: Canvas, seed: int, random: Random) -> None:
    _sheet(canvas, 360, 260, 900, 640)
    canvas.rect(640, 320, 980, 344, SEAL)
    for row in range(6):
        y = 400 + row * 60
        canvas.rect(420, y, 1200, y + 2, (206, 150, 150))
        strokes(canvas, 440, y + 24, 380, 1)
        canvas.rect(960, y + 24, 960 + random.uniform(60, 150), y + 29, INK)
    canvas.line([(900, 830), (940, 800), (970, 846), (1010, 796), (1060, 836), (1120, 806)], (44, 70, 150), 6)
    stamp(canvas, 560, 820, 70)


def _pen(canvas: Canvas, random: Random) -> None:
    x, y = random.uniform(1330, 1400), random.uniform(700, 800)
    canvas.line([(x, y), (x + 130, y + 330)], (34, 40, 52), 22)
    canvas.line([(x - 8, y - 22), (x, y)], (206, 170, 92), 10)


PAPERS: dict[str, Painter] = {
    "document": _document,
    "contract": _contract,
    "quote": _quote,
    "drawing": _drawing,
    "sample": _sample,
    "receipt": _receipt,
}
