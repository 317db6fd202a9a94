"""Boards, sheets, seals and keys in front of a drawn site. They carry strokes instead of words, so need no font."""

from __future__ import annotations

from tracker.demo.site_canvas import Canvas, Colour, Point, darker
from tracker.demo.site_scene import Site

WOOD: Colour = (150, 110, 74)
INK: Colour = (70, 84, 104)
SEAL: Colour = (206, 44, 38)
BLUE: Colour = (40, 92, 150)


def elevation(canvas: Canvas, site: Site, box: tuple[float, float, float, float], colour: Colour) -> None:
    """The building's front in thin lines, fitted into a box."""
    x0, y0, x1, y1 = box
    scale = min((x1 - x0) / (site.right - site.left), (y1 - y0) / (site.tower.floors * site.tower.height))
    for block in site.blocks:
        left = x0 + (block.left - site.left) * scale
        right = left + (block.right - block.left) * scale
        canvas.frame(left, y1 - block.floors * block.height * scale, right, y1, colour, 3)
        for floor in range(block.floors):
            for bay in range(block.bays):
                x, y = left + (bay + 0.28) * block.bay * scale, y1 - (floor + 0.76) * block.height * scale
                canvas.rect(x, y, x + block.bay * scale * 0.44, y + block.height * scale * 0.5, colour)
    canvas.line([(x0 - 14, y1), (x1 + 14, y1)], colour, 4)


def plan(canvas: Canvas, x: float, y: float, size: float, colour: Colour) -> None:
    """A floor plan in strokes."""
    canvas.frame(x, y, x + size, y + size * 0.62, colour, 5)
    for start, end in (((0.4, 0), (0.4, 0.36)), ((0.4, 0.36), (0.14, 0.36)), ((0.7, 0.62), (0.7, 0.3)),
                       ((0.7, 0.3), (1, 0.3)), ((0.55, 0.3), (0.7, 0.3))):  # fmt: skip
        canvas.line([(x + start[0] * size, y + start[1] * size), (x + end[0] * size, y + end[1] * size)], colour, 5)
    canvas.dashes((x, y + size * 0.72), (x + size, y + size * 0.72), colour, 2, 12)


def strokes(canvas: Canvas, x: float, y: float, width: float, rows: int, gap: float = 18) -> None:
    """Lines of writing."""
    for row in range(rows):
        share = (1.0, 0.86, 0.94, 0.6)[row % 4]
        canvas.rect(x, y + row * gap, x + width * share, y + row * gap + 5, INK)


def stamp(canvas: Canvas, x: float, y: float, radius: float) -> None:
    """A round red seal with a star."""
    canvas.ring(x, y, radius, SEAL, radius * 0.13)
    star: list[Point] = []
    for index, (dx, dy) in enumerate(((0, -1), (0.95, -0.31), (0.59, 0.81), (-0.59, 0.81), (-0.95, -0.31))):
        nx, ny = ((0, -1), (0.95, -0.31), (0.59, 0.81), (-0.59, 0.81), (-0.95, -0.31))[(index + 1) % 5]
        star += [
            (x + dx * radius * 0.52, y + dy * radius * 0.52),
            (x + (dx + nx) * radius * 0.16, y + (dy + ny) * radius * 0.16),
        ]
    canvas.poly(star, SEAL)


def planning_board(canvas: Canvas, site: Site, x: float, y: float) -> None:
    """The notice of the planning scheme: a picture of the building, its site plan, its figures."""
    _posts(canvas, x, y, 420)
    canvas.rect(x, y - 350, x + 420, y - 70, (250, 250, 246))
    canvas.rect(x, y - 350, x + 420, y - 312, BLUE)
    canvas.rect(x + 18, y - 296, x + 220, y - 90, (206, 228, 240))
    canvas.rect(x + 18, y - 122, x + 220, y - 90, (150, 182, 112))
    elevation(canvas, site, (x + 50, y - 280, x + 190, y - 112), (120, 100, 88))
    canvas.rect(x + 240, y - 296, x + 402, y - 190, (216, 228, 204))
    canvas.frame(x + 262, y - 280, x + 380, y - 206, (88, 128, 84), 4)
    canvas.rect(x + 290, y - 262, x + 340, y - 226, (196, 120, 96))
    strokes(canvas, x + 240, y - 174, 160, 5, 17)


def notice_board(canvas: Canvas, x: float, y: float) -> None:
    """The project notice board at the gate, sealed."""
    _posts(canvas, x, y, 330)
    canvas.rect(x, y - 330, x + 330, y - 76, (252, 250, 242))
    canvas.rect(x, y - 330, x + 330, y - 288, SEAL)
    canvas.rect(x + 60, y - 316, x + 270, y - 303, (255, 236, 196))
    for row in range(6):
        top = y - 268 + row * 29
        canvas.rect(x + 22, top, x + 92, top + 12, BLUE)
        canvas.rect(x + 108, top, x + (286, 250, 300, 230, 270, 214)[row], top + 12, (150, 158, 168))
    canvas.frame(x, y - 330, x + 330, y - 76, (140, 146, 152), 4)
    stamp(canvas, x + 264, y - 126, 38)


def _posts(canvas: Canvas, x: float, y: float, width: float) -> None:
    for left in (x + 34, x + width - 48):
        canvas.rect(left, y - 110, left + 14, y, (124, 130, 136))


def drawing_table(canvas: Canvas, site: Site, x: float, y: float) -> None:
    """A blueprint spread on a trestle table, with a helmet on its corner."""
    for left in (x + 60, x + 520):
        canvas.line([(left, y), (left + 34, y - 70), (left + 68, y)], darker(WOOD, 0.3), 12)
    canvas.poly([(x, y - 66), (x + 650, y - 66), (x + 596, y - 360), (x + 54, y - 360)], WOOD)
    canvas.rect(x, y - 66, x + 650, y - 50, darker(WOOD, 0.25))
    canvas.poly([(x + 34, y - 84), (x + 606, y - 84), (x + 560, y - 344), (x + 80, y - 344)], BLUE)
    pale = (222, 236, 248)
    canvas.line([(x + 58, y - 98), (x + 582, y - 98), (x + 544, y - 330), (x + 96, y - 330), (x + 58, y - 98)], pale, 3)
    elevation(canvas, site, (x + 120, y - 310, x + 290, y - 122), pale)
    plan(canvas, x + 330, y - 300, 190, pale)
    canvas.oval(x + 86, y - 344, 14, 9, (232, 240, 246))
    canvas.oval(x + 566, y - 96, 58, 16, (214, 160, 30))
    canvas.poly(
        [(x + 518, y - 98), (x + 526, y - 138), (x + 566, y - 158), (x + 606, y - 138), (x + 614, y - 98)],
        (246, 196, 52),
    )
    canvas.line([(x + 552, y - 154), (x + 556, y - 100)], (224, 168, 36), 6)
    canvas.line([(x + 250, y - 76), (x + 380, y - 92)], (240, 190, 70), 8)


def certificate(canvas: Canvas, x: float, y: float) -> None:
    """The completion plate on its stand, with rosette and seal."""
    _posts(canvas, x, y, 300)
    canvas.rect(x, y - 300, x + 300, y - 84, (186, 136, 52))
    canvas.rect(x + 12, y - 288, x + 288, y - 96, (254, 250, 236))
    canvas.frame(x + 22, y - 278, x + 278, y - 106, (206, 160, 78), 3)
    canvas.rect(x + 84, y - 262, x + 216, y - 244, SEAL)
    strokes(canvas, x + 52, y - 226, 196, 4, 20)
    stamp(canvas, x + 222, y - 146, 32)
    for dx in (-12, 12):
        canvas.poly([(x + 66 + dx - 10, y - 132), (x + 66 + dx + 10, y - 132), (x + 66 + dx * 1.6, y - 92)], SEAL)
    canvas.disc(x + 66, y - 140, 26, (228, 176, 56))
    canvas.disc(x + 66, y - 140, 16, (250, 222, 134))


def key(canvas: Canvas, x: float, y: float, size: float) -> None:
    """A large key on a red ribbon."""
    gold, dark = (236, 186, 64), (176, 128, 34)
    canvas.poly([(x - 40 * size, y - 96 * size), (x + 4 * size, y - 70 * size), (x - 6 * size, y - 20 * size)], SEAL)
    canvas.poly([(x + 48 * size, y - 92 * size), (x + 4 * size, y - 70 * size), (x + 14 * size, y - 20 * size)], SEAL)
    canvas.ring(x, y, 44 * size, dark, 21 * size)
    canvas.ring(x, y, 42 * size, gold, 16 * size)
    canvas.rect(x - 9 * size, y + 36 * size, x + 9 * size, y + 176 * size, gold)
    canvas.rect(x + 3 * size, y + 42 * size, x + 9 * size, y + 176 * size, dark)
    for dy, reach in ((110, 34), (150, 44)):
        canvas.rect(x + 8 * size, y + dy * size, x + reach * size, y + (dy + 18) * size, gold)


def arch(canvas: Canvas, x: float, y: float, width: float) -> None:
    """A red arch of the opening day with lanterns."""
    for left in (x, x + width - 46):
        canvas.rect(left, y - 260, left + 46, y, SEAL)
        canvas.rect(left + 8, y - 240, left + 38, y - 30, darker(SEAL, 0.16))
    canvas.rect(x - 16, y - 318, x + width + 16, y - 250, SEAL)
    canvas.frame(x, y - 306, x + width, y - 262, (250, 212, 104), 3)
    for index in range(6):
        left = x + 40 + index * (width - 80) / 5
        canvas.rect(left - 13, y - 297, left + 13, y - 271, (250, 212, 104))
    for left in (x + 80, x + width - 80):
        canvas.line([(left, y - 250), (left, y - 228)], (250, 212, 104), 3)
        canvas.oval(left, y - 204, 24, 25, (226, 60, 44))
        canvas.rect(left - 10, y - 232, left + 10, y - 225, (250, 212, 104))
        canvas.line([(left, y - 180), (left, y - 156)], (250, 212, 104), 4)


def balloons(canvas: Canvas, x: float, y: float, colours: tuple[Colour, ...]) -> None:
    """A bunch of balloons on strings held at (x, y)."""
    for index, colour in enumerate(colours):
        bx, by = x + (index - (len(colours) - 1) / 2) * 40, y - 190 - (index % 2) * 42
        canvas.line([(x, y), (bx, by)], (120, 120, 124), 2)
        canvas.oval(bx, by - 28, 24, 30, colour)
        canvas.oval(bx - 8, by - 38, 6, 9, (255, 255, 255), 150)
