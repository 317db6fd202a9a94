"""What one drawn building site looks like (fixed by its seed) and what the day is like (fixed by the moment)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from random import Random

from tracker.demo.site_canvas import Colour, mix

BASE = 930  # height of the ground at the building, in picture units from the top

WALLS: tuple[tuple[Colour, Colour], ...] = (
    ((226, 214, 192), (176, 108, 74)),
    ((232, 229, 222), (90, 118, 140)),
    ((205, 182, 152), (118, 82, 62)),
    ((214, 222, 224), (62, 96, 120)),
    ((196, 122, 92), (236, 224, 204)),
    ((238, 226, 206), (140, 152, 110)),
    ((180, 192, 200), (222, 150, 76)),
    ((242, 236, 226), (186, 70, 58)),
)
HOARDINGS: tuple[Colour, ...] = ((38, 110, 176), (46, 132, 96), (232, 232, 226), (84, 140, 190), (98, 158, 120))
GLASS: tuple[Colour, ...] = ((150, 196, 218), (120, 170, 196), (168, 204, 206), (134, 178, 190))


@dataclass(frozen=True, slots=True)
class Block:
    """One part of the building: `left` and the sizes in picture units; floors count from 0 at the ground."""

    left: float
    bays: int
    floors: int
    bay: float
    height: float  # of one floor

    @property
    def right(self) -> float:
        """The right edge."""
        return self.left + self.bays * self.bay

    def top(self, floors: int | None = None) -> float:
        """The height of the roof, or of the slab above that many floors."""
        return BASE - (self.floors if floors is None else floors) * self.height

    def cells(self, floors: int | None = None) -> Iterator[tuple[int, int, float, float, float, float]]:
        """Every bay of every floor: floor, bay and its rectangle x0, y0, x1, y1."""
        for floor in range(self.floors if floors is None else floors):
            for bay in range(self.bays):
                x = self.left + bay * self.bay
                yield floor, bay, x, self.top(floor + 1), x + self.bay, self.top(floor)


@dataclass(frozen=True, slots=True)
class Site:
    """The unchanging things of one site: the same seed always gives the same building and neighbours."""

    blocks: tuple[Block, ...]  # from the back to the front; the first one is the tower
    wall: Colour
    accent: Colour
    glass: Colour
    hoarding: Colour
    crane_left: bool
    balconies: bool
    horizon: float
    neighbours: tuple[tuple[float, float, float, Colour], ...]  # left, width, height, colour
    mirrored: bool

    @property
    def tower(self) -> Block:
        """The tallest part."""
        return self.blocks[0]

    @property
    def left(self) -> float:
        """The left edge of the whole building."""
        return min(block.left for block in self.blocks)

    @property
    def right(self) -> float:
        """The right edge of the whole building."""
        return max(block.right for block in self.blocks)


@dataclass(frozen=True, slots=True)
class Day:
    """The light and the weather of one moment; `random` draws the things that change from day to day."""

    top: Colour
    bottom: Colour
    tint: Colour
    tint_share: float
    sun: tuple[float, float] | None
    weather: str  # clear, cloudy, haze, rain
    lit: bool  # lamps are on
    random: Random


def site_of(seed: int) -> Site:
    """The site of a seed."""
    random = Random(f"site {seed}")  # noqa: S311 - pictures, not secrets
    wall, accent = random.choice(WALLS)
    floors = random.randint(6, 12)
    bays, bay = random.randint(3, 5), random.uniform(84, 108)
    height = min(random.uniform(62, 78), 690 / floors)
    left = random.uniform(500, 1060 - bays * bay + 40)
    tower = Block(left, bays, floors, bay, height)
    blocks = [tower]
    wing = random.choice((-1, 0, 1, 1, -1))
    if wing:
        wing_bays = random.randint(2, 3)
        start = tower.right if wing > 0 else left - wing_bays * bay
        blocks.append(Block(start, wing_bays, random.randint(2, max(2, floors // 2)), bay, height))
    return Site(
        blocks=tuple(blocks),
        wall=wall,
        accent=accent,
        glass=random.choice(GLASS),
        hoarding=random.choice(HOARDINGS),
        crane_left=wing > 0,
        balconies=random.random() < 0.5,
        horizon=random.uniform(800, 850),
        neighbours=tuple(_neighbours(random)),
        mirrored=random.random() < 0.5,
    )


def _neighbours(random: Random) -> Iterator[tuple[float, float, float, Colour]]:
    x = random.uniform(-60, 20)
    while x < 1600:
        width = random.uniform(70, 190)
        grey = random.randint(150, 205)
        if random.random() < 0.72:
            yield x, width, random.uniform(60, 330), (grey, grey + random.randint(0, 8), grey + random.randint(4, 22))
        x += width + random.uniform(4, 60)


def day_of(seed: int, step: str, taken_at: datetime) -> Day:
    """The day of a moment: the sun stands where the hour puts it, the weather is drawn."""
    random = Random(f"day {seed} {step} {taken_at.isoformat()}")  # noqa: S311 - pictures, not secrets
    hour = taken_at.hour + taken_at.minute / 60
    weather = random.choice(("clear", "clear", "clear", "clear", "cloudy", "cloudy", "cloudy", "haze", "rain"))
    dim = min(1.0, max(0.0, abs(hour - 12.5) - 4.2) / 2.6)  # 0 by day, 1 in the dark
    top, bottom = random.choice((((92, 158, 214), (206, 230, 240)), ((76, 146, 206), (222, 236, 236))))
    tint, share = (255, 250, 238), 0.0
    if weather == "haze":
        top, bottom, tint, share = (176, 190, 196), (226, 222, 208), (222, 216, 204), 0.16
    elif weather == "rain":
        top, bottom, tint, share = (120, 138, 154), (186, 196, 202), (110, 126, 142), 0.12
    elif weather == "cloudy":
        top = mix(top, (150, 170, 188), 0.45)
    if dim > 0:
        warm = (246, 172, 110) if hour > 12 else (248, 200, 150)
        top, bottom = mix(top, (34, 46, 92), dim * 0.9), mix(bottom, mix(warm, (70, 66, 110), max(0, dim - 0.5)), dim)
        tint, share = mix((252, 176, 112), (22, 28, 66), dim), max(share, 0.04 + 0.22 * dim)
    across = (hour - 6) / 13
    sun = (
        (160 + 1280 * across, 640 - 480 * (1 - (2 * across - 1) ** 2)) if 0 < across < 1 and weather != "rain" else None
    )
    return Day(top, bottom, tint, share, sun, weather, dim > 0.35, random)
