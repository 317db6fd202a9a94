"""What stands about on a drawn building site: cranes, diggers, cabins, people, papers, trees."""

from __future__ import annotations

from random import Random

from tracker.demo.site_canvas import Canvas, Colour, darker, lighter
from tracker.demo.site_scene import BASE, Site

YELLOW: Colour = (240, 178, 40)
STEEL: Colour = (74, 82, 92)
RED: Colour = (200, 48, 42)
HELMETS: tuple[Colour, ...] = ((244, 196, 40), (214, 60, 48), (60, 120, 200), (246, 246, 242))


def crane(canvas: Canvas, x: float, top: float, reach: float, load: Colour | None = None) -> None:
    """A tower crane; its arm goes `reach` to the right, or to the left where negative."""
    for step in range(int((BASE - top) // 36)):
        y = BASE - step * 36
        canvas.line([(x - 11, y), (x + 11, y - 36), (x - 11, y - 36)], darker(YELLOW, 0.15), 3.5)
    for dx in (-11, 11):
        canvas.line([(x + dx, BASE), (x + dx, top)], YELLOW, 6)
    direction = 1 if reach > 0 else -1
    canvas.poly([(x, top - 64), (x - 13, top), (x + 13, top)], YELLOW)
    canvas.line([(x - direction * 130, top), (x + reach, top)], YELLOW, 9)
    canvas.line([(x, top - 62), (x + reach * 0.72, top)], STEEL, 3)
    canvas.line([(x, top - 62), (x - direction * 120, top)], STEEL, 3)
    for step in range(int(abs(reach) // 30)):
        start = x + direction * step * 30
        canvas.line([(start, top), (start + direction * 15, top - 16), (start + direction * 30, top)], YELLOW, 3.5)
    canvas.rect(x - direction * 132, top - 2, x - direction * 92, top + 34, (130, 132, 134))
    canvas.rect(x - 12, top + 4, x + 14, top + 34, (226, 232, 234))
    hook = x + reach * 0.66
    canvas.line([(hook, top), (hook, top + 120)], STEEL, 2.5)
    if load:
        canvas.rect(hook - 34, top + 134, hook + 34, top + 156, load)
        canvas.line([(hook - 32, top + 136), (hook, top + 116), (hook + 32, top + 136)], STEEL, 2.5)


def excavator(canvas: Canvas, x: float, y: float, size: float = 1.0, way: int = 1) -> None:
    """A digger standing at (x, y); `way` is 1 for right and -1 for left."""

    def at(dx: float, dy: float) -> tuple[float, float]:
        return (x + dx * size * way, y + dy * size)

    canvas.line([at(-58, -14), at(58, -14)], (52, 54, 58), 28 * size)
    canvas.disc(*at(-58, -14), 14 * size, (52, 54, 58))
    canvas.disc(*at(58, -14), 14 * size, (52, 54, 58))
    for dx in (-50, -25, 0, 25, 50):
        canvas.disc(*at(dx, -13), 7 * size, (122, 124, 126))
    canvas.poly([at(-72, -34), at(52, -34), at(52, -62), at(-20, -62), at(-28, -76), at(-72, -76)], YELLOW)
    canvas.poly([at(4, -62), at(52, -62), at(44, -122), at(4, -122)], YELLOW)
    canvas.poly([at(13, -68), at(44, -68), at(38, -114), at(13, -114)], (176, 214, 228))
    canvas.line([at(46, -56), at(110, -150), at(186, -96)], darker(YELLOW, 0.1), 19 * size)
    canvas.line([at(186, -96), at(176, -14)], darker(YELLOW, 0.16), 14 * size)
    canvas.line([at(84, -108), at(150, -124)], STEEL, 6 * size)
    canvas.poly([at(160, -24), at(196, -20), at(188, 22), at(150, 14)], STEEL)


def truck(canvas: Canvas, x: float, y: float, colour: Colour, load: Colour) -> None:
    """A tipper with its load."""
    canvas.poly([(x, y - 84), (x + 150, y - 84), (x + 138, y - 24), (x + 10, y - 24)], colour)
    canvas.poly([(x + 8, y - 84), (x + 62, y - 112), (x + 108, y - 104), (x + 144, y - 84)], load)
    canvas.poly([(x + 154, y - 24), (x + 154, y - 92), (x + 192, y - 92), (x + 212, y - 56), (x + 212, y - 24)],
                lighter(colour, 0.15))  # fmt: skip
    canvas.poly([(x + 166, y - 84), (x + 188, y - 84), (x + 202, y - 56), (x + 166, y - 56)], (176, 210, 224))
    canvas.rect(x, y - 26, x + 212, y - 16, (58, 60, 64))
    for dx in (34, 74, 182):
        canvas.disc(x + dx, y - 14, 17, (40, 42, 46))
        canvas.disc(x + dx, y - 14, 7, (170, 172, 174))


def cabins(canvas: Canvas, x: float, y: float, columns: int) -> None:
    """Two storeys of white site cabins with blue bands."""
    for row in range(2):
        for column in range(columns):
            left, top = x + column * 108, y - 82 * (row + 1)
            canvas.rect(left, top, left + 106, top + 80, (240, 242, 242))
            canvas.rect(left, top, left + 106, top + 12, (44, 108, 176))
            canvas.rect(left, top + 68, left + 106, top + 80, (206, 212, 216))
            canvas.rect(left + 14, top + 26, left + 50, top + 54, (150, 196, 216))
            canvas.rect(left + 64, top + 22, left + 92, top + 80, (106, 142, 178))
    canvas.rect(x - 8, y - 82, x + columns * 108 + 8, y - 76, (176, 60, 50))
    canvas.line([(x - 70, y), (x, y - 82)], STEEL, 7)


def worker(canvas: Canvas, x: float, y: float, random: Random, size: float = 1.0) -> None:
    """One person in a helmet and a vest."""
    vest = random.choice(((250, 130, 40), (180, 210, 60), (52, 100, 160)))
    for dx in (-6, 6):
        canvas.rect(x + (dx - 4) * size, y - 32 * size, x + (dx + 4) * size, y, (58, 66, 92))
    canvas.soft_rect(x - 14 * size, y - 68 * size, x + 14 * size, y - 28 * size, vest, 5 * size)
    canvas.rect(x - 14 * size, y - 50 * size, x + 14 * size, y - 45 * size, (240, 240, 220))
    canvas.disc(x, y - 78 * size, 10 * size, (234, 190, 154))
    helmet = random.choice(HELMETS)
    canvas.oval(x, y - 83 * size, 12 * size, 9 * size, helmet)
    canvas.rect(x - 14 * size, y - 83 * size, x + 14 * size, y - 79 * size, helmet)


def person(canvas: Canvas, x: float, y: float, random: Random, size: float = 1.0) -> None:
    """One person without a helmet."""
    coat = random.choice(((196, 78, 82), (74, 110, 160), (92, 140, 106), (222, 164, 74), (132, 98, 150)))
    for dx in (-6, 6):
        canvas.rect(x + (dx - 4) * size, y - 32 * size, x + (dx + 4) * size, y, (64, 66, 78))
    canvas.soft_rect(x - 14 * size, y - 70 * size, x + 14 * size, y - 28 * size, coat, 8 * size)
    canvas.disc(x, y - 80 * size, 11 * size, (234, 190, 154))
    canvas.oval(x, y - 86 * size, 12 * size, 7 * size, (52, 42, 40))


def tree(canvas: Canvas, x: float, y: float, size: float, random: Random) -> None:
    """A round tree."""
    green = random.choice(((92, 148, 84), (116, 162, 82), (78, 134, 92)))
    canvas.rect(x - 5 * size, y - 58 * size, x + 5 * size, y, (122, 88, 62))
    for dx, dy, radius in ((-22, -76, 28), (22, -78, 28), (0, -104, 33), (0, -72, 30)):
        canvas.disc(x + dx * size, y + dy * size, radius * size, green)
    canvas.disc(x - 9 * size, y - 108 * size, 16 * size, lighter(green, 0.18))


def car(canvas: Canvas, x: float, y: float, colour: Colour) -> None:
    """A small car."""
    canvas.poly([(x + 26, y - 36), (x + 48, y - 66), (x + 104, y - 66), (x + 130, y - 36)], darker(colour, 0.1))
    canvas.poly([(x + 36, y - 38), (x + 53, y - 60), (x + 74, y - 60), (x + 74, y - 38)], (190, 218, 228))
    canvas.poly([(x + 80, y - 38), (x + 80, y - 60), (x + 100, y - 60), (x + 118, y - 38)], (190, 218, 228))
    canvas.soft_rect(x, y - 40, x + 160, y - 12, colour, 10)
    for dx in (36, 124):
        canvas.disc(x + dx, y - 12, 15, (40, 42, 46))
        canvas.disc(x + dx, y - 12, 6, (190, 192, 194))


def stakes(canvas: Canvas, left: float, right: float, y: float) -> None:
    """Boundary stakes with a line of red and white tape."""
    for index in range(4):
        x = left + (right - left) * index / 3
        canvas.rect(x - 6, y - 84, x + 6, y, (206, 170, 116))
        canvas.rect(x - 6, y - 84, x + 6, y - 66, RED)
    for index in range(36):
        a, z = left + (right - left) * index / 36, left + (right - left) * (index + 1) / 36
        sag = [y - 62 + 16 * (1 - (2 * ((x - left) / (right - left) * 3 % 1) - 1) ** 2) for x in (a, z - 0.01)]
        canvas.line([(a, sag[0]), (z, sag[1])], RED if index % 2 else (250, 250, 248), 6)


def surveyor(canvas: Canvas, x: float, y: float, random: Random) -> None:
    """A surveyor at the level on its tripod."""
    for dx in (-30, 0, 30):
        canvas.line([(x, y - 84), (x + dx, y)], (214, 164, 60), 5)
    canvas.rect(x - 16, y - 106, x + 18, y - 84, (60, 70, 84))
    canvas.disc(x + 20, y - 95, 8, (130, 180, 210))
    worker(canvas, x - 52, y + 6, random, 1.35)


def drill_rig(canvas: Canvas, x: float, y: float) -> None:
    """The rig of the soil investigation."""
    canvas.line([(x - 46, y), (x, y - 250)], STEEL, 8)
    canvas.line([(x + 46, y), (x, y - 250)], STEEL, 8)
    canvas.line([(x, y - 246), (x, y)], (196, 70, 52), 9)
    for share in (0.3, 0.55, 0.8):
        canvas.line([(x - 46 * (1 - share), y - 250 * share), (x + 46 * (1 - share), y - 250 * share)], STEEL, 5)
    canvas.rect(x + 22, y - 52, x + 96, y - 8, (64, 120, 90))
    canvas.oval(x, y, 48, 9, (120, 84, 56))


def pile(canvas: Canvas, x: float, y: float, colour: Colour, rows: int = 3) -> None:
    """A stack of boxes or bricks on a pallet."""
    for row in range(rows):
        for column in range(4 - row % 2):
            left = x + column * 40 + (20 if row % 2 else 0)
            canvas.rect(
                left,
                y - 28 * (row + 1),
                left + 37,
                y - 28 * row - 3,
                colour if (row + column) % 2 else darker(colour, 0.1),
            )
    canvas.rect(x - 6, y - 2, x + 164, y + 6, (140, 104, 70))


def banner(canvas: Canvas, site: Site, y: float) -> None:
    """A red banner with a yellow edge across the tower."""
    block = site.tower
    canvas.rect(block.left + 6, y, block.right - 6, y + 40, RED)
    canvas.frame(block.left + 12, y + 6, block.right - 12, y + 34, (248, 206, 92), 2)
    for index in range(7):
        x = block.left + (block.right - block.left) * (index + 1) / 8
        canvas.rect(x - 9, y + 12, x + 9, y + 28, (248, 206, 92))
