"""The building cut open: pipes and ducts before the fit-out, painted and furnished rooms after it."""

from __future__ import annotations

from random import Random

from tracker.demo.site_building import slab
from tracker.demo.site_canvas import Canvas, Colour, darker, lighter
from tracker.demo.site_scene import BASE, Site

Box = tuple[float, float, float, float]

PIPES: tuple[Colour, ...] = ((206, 66, 54), (52, 128, 196), (64, 156, 104), (232, 164, 54))
PAPERS: tuple[Colour, ...] = ((246, 236, 218), (222, 234, 236), (238, 224, 226), (230, 236, 218), (250, 226, 190))


def opened(canvas: Canvas, site: Site) -> list[Box]:
    """Take the skin off the left bays of the tower; the open rooms, from the ground up."""
    block = site.tower
    open_bays = max(2, block.bays - 1)
    rooms = []
    for floor, bay, x0, y0, x1, y1 in block.cells():
        if bay < open_bays and floor > 0:
            canvas.rect(x0, y0, x1, y1, (132, 126, 120))
            rooms.append((x0 + 5, y0, x1 - 5, y1 - 12))
    right = block.left + open_bays * block.bay
    roof, foot = block.top() - 12, BASE - block.height
    torn = [(right, roof), (right + 14, roof), (right + 4, block.top(2)), (right + 12, foot), (right, foot)]
    canvas.poly(torn, lighter(site.wall, 0.2))
    for floor in range(1, block.floors + 1):
        slab(canvas, block, floor) if floor == block.floors else _slab_edge(canvas, block.left, right, block.top(floor))
    return rooms


def _slab_edge(canvas: Canvas, left: float, right: float, y: float) -> None:
    canvas.rect(left - 6, y - 12, right, y, (200, 200, 196))
    canvas.rect(left - 6, y - 3, right, y, (150, 150, 146))


def piped(canvas: Canvas, rooms: list[Box], random: Random) -> None:
    """Ducts, trays, risers and hanging cables in raw rooms."""
    for x0, y0, x1, y1 in rooms:
        wide, high = x1 - x0, y1 - y0
        canvas.rect(x0, y0, x1, y1, (168, 160, 150))
        canvas.rect(x0, y1 - high * 0.12, x1, y1, (150, 142, 134))
        canvas.rect(x0, y0 + 5, x1, y0 + high * 0.24, (206, 214, 218))
        for joint in range(1, 4):
            canvas.rect(x0 + wide * joint / 4, y0 + 4, x0 + wide * joint / 4 + 3, y0 + high * 0.26, (152, 162, 170))
        canvas.rect(x0, y0 + high * 0.31, x1, y0 + high * 0.37, PIPES[0])
        for index, colour in enumerate(PIPES[1:]):
            x = x0 + wide * (0.16 + 0.12 * index)
            canvas.rect(x, y0, x + 6, y1, colour)
            canvas.rect(x - 3, y0 + high * 0.62, x + 9, y0 + high * 0.70, darker(colour, 0.25))
        if random.random() < 0.6:
            x = x0 + wide * 0.76
            canvas.line(
                [(x, y0 + high * 0.24), (x + 5, y0 + high * 0.46), (x - 2, y0 + high * 0.58)], (60, 60, 60), 2.5
            )
            canvas.disc(x - 2, y0 + high * 0.64, 6, (255, 232, 160))
        else:
            canvas.rect(x0 + wide * 0.62, y1 - high * 0.42, x0 + wide * 0.84, y1 - high * 0.14, (226, 226, 220))
            canvas.rect(x0 + wide * 0.67, y1 - high * 0.36, x0 + wide * 0.79, y1 - high * 0.22, (90, 100, 108))


def furnished(canvas: Canvas, rooms: list[Box], random: Random) -> None:
    """Papered walls, floors, lamps; here furniture, there the painter still on his ladder."""
    for x0, y0, x1, y1 in rooms:
        wide, high = x1 - x0, y1 - y0
        canvas.rect(x0, y0, x1, y1, random.choice(PAPERS))
        canvas.rect(x0, y1 - high * 0.11, x1, y1, (186, 138, 92))
        canvas.rect(x0, y0, x1, y0 + high * 0.08, (255, 255, 252))
        x = x0 + wide * 0.5
        canvas.line([(x, y0), (x, y0 + high * 0.24)], (90, 84, 80), 2)
        canvas.poly([(x - 12, y0 + high * 0.36), (x + 12, y0 + high * 0.36), (x + 6, y0 + high * 0.22),
                     (x - 6, y0 + high * 0.22)], (240, 176, 72))  # fmt: skip
        random.choice((_sofa, _bed, _painter, _bath, _table))(canvas, (x0, y0, x1, y1), random)


def _sofa(canvas: Canvas, box: Box, random: Random) -> None:
    x0, _, x1, y1 = box
    colour = random.choice(((86, 130, 160), (170, 96, 84), (116, 146, 100)))
    canvas.soft_rect(x0 + 14, y1 - 30, x1 - 14, y1 - 9, colour, 6)
    canvas.soft_rect(x0 + 10, y1 - 22, x1 - 10, y1 - 5, darker(colour, 0.15), 5)


def _bed(canvas: Canvas, box: Box, random: Random) -> None:
    x0, _, x1, y1 = box
    colour = random.choice(((196, 206, 222), (226, 204, 190), (206, 220, 200)))
    canvas.rect(x0 + 10, y1 - 30, x0 + 16, y1 - 5, (126, 88, 60))
    canvas.soft_rect(x0 + 12, y1 - 20, x1 - 12, y1 - 6, colour, 4)
    canvas.soft_rect(x0 + 16, y1 - 25, x0 + 34, y1 - 16, (255, 255, 255), 4)


def _painter(canvas: Canvas, box: Box, random: Random) -> None:
    x0, y0, x1, y1 = box
    canvas.rect(x0, y0 + 6, x0 + (x1 - x0) * random.uniform(0.3, 0.6), y1 - 7, (176, 208, 204))
    x = x0 + (x1 - x0) * 0.62
    for dx in (-9, 9):
        canvas.line([(x, y0 + (y1 - y0) * 0.34), (x + dx, y1 - 6)], (198, 148, 70), 3.5)
    canvas.rect(x - 5, y0 + (y1 - y0) * 0.38, x + 5, y1 - 20, (62, 92, 130))
    canvas.disc(x, y0 + (y1 - y0) * 0.33, 6, (244, 196, 48))


def _bath(canvas: Canvas, box: Box, random: Random) -> None:
    x0, y0, x1, y1 = box
    tile = random.choice(((186, 214, 220), (206, 214, 206)))
    canvas.rect(x0, y1 - (y1 - y0) * 0.6, x1, y1 - 7, tile)
    for column in range(int((x1 - x0) // 12)):
        canvas.rect(x0 + column * 12, y1 - (y1 - y0) * 0.6, x0 + column * 12 + 1.5, y1 - 7, lighter(tile, 0.5))
    canvas.soft_rect(x0 + 12, y1 - 22, x1 - 22, y1 - 6, (255, 255, 255), 7)
    canvas.rect(x1 - 18, y1 - 40, x1 - 15, y1 - 22, (120, 130, 138))


def _table(canvas: Canvas, box: Box, random: Random) -> None:
    x0, y0, x1, y1 = box
    canvas.rect(x0 + 14, y1 - 24, x1 - 14, y1 - 19, (142, 98, 64))
    for x in (x0 + 20, x1 - 24):
        canvas.rect(x, y1 - 22, x + 4, y1 - 5, (142, 98, 64))
    canvas.disc(x0 + (x1 - x0) * random.uniform(0.4, 0.6), y1 - 29, 6, (104, 156, 92))
    canvas.rect(x0 + 12, y0 + (y1 - y0) * 0.3, x0 + 28, y0 + (y1 - y0) * 0.5, random.choice(PIPES))
