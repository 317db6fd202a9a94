"""The one building of a site in its states: pit, frame, walls, skin, opened to its pipes or rooms, finished."""

from __future__ import annotations

from random import Random

from tracker.demo.site_canvas import Canvas, Colour, darker, lighter, mix
from tracker.demo.site_scene import BASE, Block, Day, Site

CONCRETE: Colour = (178, 178, 174)
BLOCKWORK: Colour = (196, 124, 92)
INSIDE: Colour = (112, 106, 102)
DEEP, RISE = 46, 18  # how far the side face goes to the right and up


def ghost(canvas: Canvas, site: Site) -> None:
    """The building as it is imagined: dashed lines on a breath of white."""
    for block in reversed(site.blocks):
        canvas.rect(block.left, block.top(), block.right, BASE, (255, 255, 255), 92)
        for floor in range(1, block.floors):
            canvas.dashes((block.left, block.top(floor)), (block.right, block.top(floor)), (255, 255, 255), 3)
        for x in (block.left, block.right):
            canvas.dashes((x, BASE), (x, block.top()), (36, 92, 150), 6)
        canvas.dashes((block.left, block.top()), (block.right, block.top()), (36, 92, 150), 6)


def frame(canvas: Canvas, site: Site, share: float) -> None:
    """Columns and slabs up to `share` of the floors of each block, rebar standing above."""
    for block in site.blocks:
        up = max(1, round(block.floors * share))
        _skeleton(canvas, block, up)
        if up < block.floors:
            _rebar(canvas, block, up)


def _skeleton(canvas: Canvas, block: Block, up: int) -> None:
    side = darker(CONCRETE, 0.34)
    canvas.rect(block.left, block.top(up), block.right, BASE, INSIDE)
    for floor in range(up):
        y = block.top(floor)
        canvas.poly(
            [(block.right, y), (block.right + DEEP, y - RISE), (block.right + DEEP, y - RISE - block.height),
             (block.right, y - block.height)], darker(INSIDE, 0.35),
        )  # fmt: skip
        canvas.rect(block.left, y - block.height * 0.62, block.right, y - 10, lighter(INSIDE, 0.10))
        canvas.rect(block.right + DEEP - 9, y - RISE - block.height, block.right + DEEP, y - RISE, side)
    for bay in range(block.bays + 1):
        x = block.left + bay * block.bay
        canvas.rect(x - 9, block.top(up), x + 9, BASE, CONCRETE)
        canvas.rect(x + 3, block.top(up), x + 9, BASE, darker(CONCRETE, 0.14))
    for floor in range(up + 1):
        slab(canvas, block, floor)


def slab(canvas: Canvas, block: Block, floor: int, colour: Colour = CONCRETE) -> None:
    """The edge of the slab above that many floors, with its depth."""
    y = block.top(floor)
    right, top = block.right + 8, y - 12
    canvas.poly([(right, top), (right + DEEP, top - RISE), (right + DEEP, y - RISE), (right, y)], darker(colour, 0.3))
    canvas.rect(block.left - 8, top, right, y, lighter(colour, 0.12))
    canvas.rect(block.left - 8, y - 3, right, y, darker(colour, 0.16))


def _rebar(canvas: Canvas, block: Block, up: int) -> None:
    top = block.top(up) - 12
    for bay in range(block.bays + 1):
        for offset in (-7, 0, 7):
            x = block.left + bay * block.bay + offset
            canvas.line([(x, top), (x, top - block.height * 0.55)], (142, 84, 56), 2.5)
    for bay in range(block.bays):
        if bay % 2 == 0:
            x = block.left + bay * block.bay
            canvas.rect(x + 9, top - block.height * 0.5, x + block.bay - 9, top, (206, 158, 92))
            canvas.line([(x + 9, top - 18), (x + block.bay - 9, top - 18)], (160, 116, 62), 3)


def nets(canvas: Canvas, site: Site, share: float, low: float = 0.0) -> None:
    """Scaffold with green nets over the upper of the floors standing, from `low` to `share` of the height."""
    for block in site.blocks:
        up = max(1, round(block.floors * share))
        bottom = block.top(round(block.floors * low)) if low else block.top(max(0, up - 3))
        top = block.top(up) - block.height * 0.75
        canvas.rect(block.left - 22, top, block.right + 22, bottom, (62, 138, 98), 168)
        for bay in range(block.bays * 2 + 1):
            x = block.left - 20 + bay * (block.right - block.left + 40) / (block.bays * 2)
            canvas.line([(x, top - 14), (x, bottom)], (96, 104, 106), 3)
        for step in range(int((bottom - top) // 34) + 1):
            canvas.line([(block.left - 22, top + step * 34), (block.right + 22, top + step * 34)], (178, 184, 182), 3)


def brickwork(canvas: Canvas, site: Site, share: float, random: Random) -> None:
    """Block walls filling the frame from below up to `share` of the floors."""
    for block in site.blocks:
        full = block.floors * share
        for floor, _, x0, y0, x1, y1 in block.cells():
            level = full - floor + random.uniform(-0.5, 0.3)
            if level > 0.15:
                _brick_bay(canvas, (x0 + 9, y1 - (y1 - y0 - 12) * min(1.0, level), x1 - 9, y1 - 12), level >= 1)
        for floor in range(block.floors + 1):
            slab(canvas, block, floor)


def _brick_bay(canvas: Canvas, box: tuple[float, float, float, float], whole: bool) -> None:
    x0, y0, x1, y1 = box
    if y0 >= y1:
        return
    canvas.rect(x0, y0, x1, y1, BLOCKWORK)
    joint = lighter(BLOCKWORK, 0.3)
    rows = int((y1 - y0) // 11)
    for row in range(1, rows + 1):
        y = y1 - row * 11
        canvas.rect(x0, y, x1, y + 1.5, joint)
        for column in range(int((x1 - x0) // 24) + 1):
            x = x0 + column * 24 + (12 if row % 2 else 0)
            if x0 < x < x1:
                canvas.rect(x, y, x + 1.5, y + 11, joint)
    if whole and y1 - y0 > 26:
        middle, half = (x0 + x1) / 2, (x1 - x0) * 0.22
        canvas.rect(middle - half, y0 + 8, middle + half, y1 - 12, darker(INSIDE, 0.3))
        canvas.frame(middle - half, y0 + 8, middle + half, y1 - 12, (214, 210, 200), 3)


def skin(canvas: Canvas, site: Site, day: Day, share: float, lit: bool = False) -> None:
    """Finished walls and windows from the ground up to `share` of the floors."""
    for block in site.blocks:
        up = round(block.floors * share)
        if up < 1:
            continue
        top = block.top(up) - (12 if up == block.floors else 0)
        deep = darker(site.wall, 0.30)
        canvas.poly(
            [(block.right, top), (block.right + DEEP, top - RISE), (block.right + DEEP, BASE - RISE),
             (block.right, BASE)], deep,
        )  # fmt: skip
        canvas.rect(block.left, top, block.right, BASE, site.wall)
        for floor, bay, x0, y0, x1, y1 in block.cells(up):
            _window(canvas, site, day, (x0, y0, x1, y1), floor, bay, lit)
        for floor in range(up):
            y = block.top(floor)
            canvas.poly([(block.right + 14, y - 20), (block.right + 34, y - 28), (block.right + 34, y - 52),
                         (block.right + 14, y - 44)], darker(site.glass, 0.4))  # fmt: skip
        if up == block.floors:
            _roof(canvas, site, block)
    if share > 0.2:
        _entrance(canvas, site)


def _window(
    canvas: Canvas, site: Site, day: Day, box: tuple[float, float, float, float], floor: int, bay: int, lit: bool
) -> None:
    x0, y0, x1, y1 = box
    wide, high = x1 - x0, y1 - y0
    canvas.rect(x0, y1 - 5, x1, y1, site.accent if floor == 0 else darker(site.wall, 0.10))
    left, top, right, bottom = x0 + wide * 0.17, y0 + high * 0.2, x1 - wide * 0.17, y1 - high * 0.2
    glows = lit and day.random.random() < (0.75 if day.lit else 0.25)
    glass = (255, 222, 148) if glows else mix(site.glass, day.bottom, 0.25)
    canvas.rect(left - 3, top - 3, right + 3, bottom + 3, darker(site.wall, 0.32))
    canvas.rect(left, top, right, bottom, glass)
    if not glows:
        canvas.poly([(left, bottom), (left, bottom - high * 0.3), (left + wide * 0.34, top), (right, top)],
                    lighter(glass, 0.35))  # fmt: skip
    middle = (left + right) / 2
    canvas.rect(middle - 1.5, top, middle + 1.5, bottom, darker(site.wall, 0.4))
    if site.balconies and bay % 2 == 0 and floor > 0:
        canvas.rect(left - 9, bottom - high * 0.16, right + 9, y1 - 4, site.accent)
        canvas.rect(left - 9, bottom - high * 0.16, right + 9, bottom - high * 0.1, lighter(site.accent, 0.4))


def _roof(canvas: Canvas, site: Site, block: Block) -> None:
    y = block.top() - 12
    canvas.poly([(block.right + 8, y), (block.right + DEEP + 8, y - RISE), (block.right + DEEP + 8, y - RISE - 18),
                 (block.right + 8, y - 18)], darker(site.accent, 0.3))  # fmt: skip
    canvas.rect(block.left - 8, y - 18, block.right + 8, y, site.accent)
    if block is site.tower:
        x = block.left + block.bay * 0.8
        canvas.rect(x, y - 62, x + block.bay * 1.1, y - 18, darker(site.wall, 0.08))
        canvas.rect(x - 5, y - 70, x + block.bay * 1.1 + 5, y - 60, darker(site.accent, 0.1))


def _entrance(canvas: Canvas, site: Site) -> None:
    block = site.tower
    x = block.left + (block.bays // 2) * block.bay
    canvas.rect(x + 8, BASE - block.height * 0.74, x + block.bay - 8, BASE, darker(site.accent, 0.35))
    canvas.rect(x + 14, BASE - block.height * 0.66, x + block.bay / 2 - 2, BASE, lighter(site.glass, 0.2))
    canvas.rect(x + block.bay / 2 + 2, BASE - block.height * 0.66, x + block.bay - 14, BASE, lighter(site.glass, 0.1))
    canvas.poly([(x - 16, BASE - block.height * 0.74), (x + block.bay + 16, BASE - block.height * 0.74),
                 (x + block.bay + 4, BASE - block.height * 0.74 - 15), (x - 4, BASE - block.height * 0.74 - 15)],
                lighter(site.accent, 0.15))  # fmt: skip
